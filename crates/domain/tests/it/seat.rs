//! Seats in grids: one lead, nobody twice, and only seats that the tier has.

use youju_domain::grid;
use youju_domain::organisation::Kind;
use youju_domain::seat::{Place, Role, Seat, Tier};

use crate::make::id;

fn cell() -> Tier {
    Tier {
        key: "cell".into(),
        name: "三级".into(),
        kinds: Vec::new(),
        only: Vec::new(),
        cells: vec![grid::Kind::Units],
        seats: vec![
            (Role::Lead, "经济发展办公室主任".into()),
            (Role::Deputy, "企业优秀统计员".into()),
            (Role::Guide, "乡镇统计员".into()),
            (Role::Member, "其他企业负责人".into()),
        ],
    }
}

fn begin(who: u128, role: Role, others: &[Seat]) -> Result<Seat, youju_domain::Problem> {
    let since = "2026-04-02".parse().unwrap();
    Seat::begin(id(who + 100), (id(who), Place::Grid(id(1))), (&cell(), role), others, (since, "兰统〔2026〕1号"))
}

#[test]
fn a_cell_has_one_lead_and_as_many_deputies_as_it_wants() {
    let lead = begin(1, Role::Lead, &[]).unwrap();
    let deputy = begin(2, Role::Deputy, std::slice::from_ref(&lead)).unwrap();
    let both = [lead, deputy];
    assert!(begin(3, Role::Lead, &both).is_err());
    assert!(begin(2, Role::Guide, &both).is_err(), "nobody sits twice in one place");
    assert!(begin(3, Role::Deputy, &both).is_ok());
}

#[test]
fn empty_seats_are_told_and_members_are_never_missing() {
    assert_eq!(cell().vacant(&[]), [Role::Lead, Role::Deputy, Role::Guide]);
    assert_eq!(cell().vacant(&[Role::Lead, Role::Guide]), [Role::Deputy]);
    let city = Tier { kinds: vec![Kind::Government], seats: vec![(Role::Lead, "市领导".into())], ..cell() };
    assert_eq!(city.vacant(&[Role::Lead]), [] as [Role; 0]);
    let since = "2026-04-02".parse().unwrap();
    let guide = Seat::begin(id(9), (id(1), Place::Grid(id(1))), (&city, Role::Guide), &[], (since, ""));
    assert!(guide.is_err(), "this tier has no guide");
}

#[test]
fn a_tier_may_be_for_named_organisations_alone() {
    let flat = Tier { kinds: vec![Kind::Department], only: vec!["lanxi/fagai".into()], ..cell() };
    assert!(flat.has_organisation(Kind::Department, Some("lanxi/fagai")));
    assert!(!flat.has_organisation(Kind::Department, Some("lanxi/caizheng")));
    assert!(!flat.has_organisation(Kind::Department, None));
    assert!(!flat.has_organisation(Kind::Street, Some("lanxi/fagai")));
}

#[test]
fn a_seat_is_called_by_the_word_of_the_jurisdiction() {
    assert_eq!(Role::ALL.map(|role| role.label("单元")), ["单元长", "副单元长", "单元指导员", "单元员"]);
}
