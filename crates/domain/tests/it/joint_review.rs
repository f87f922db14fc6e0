//! 联审联评: what a redacted sheet tells and what it cannot tell, and the laws of a meeting over random acts by everybody.

use chrono::TimeDelta;
use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_codes::Period;
use youju_domain::access::{Actor, Role};
use youju_domain::id::PersonId;
use youju_domain::joint_review::{
    Band, JointReview, LINES_MAX, LINES_MIN, MEMBER_DAYS, MEMBERS_MAX, Member, Office, Sight, Size, Source, Stage,
    Subject, draw,
};
use youju_domain::selection::Figure;

use crate::make::{actor, area, at, id};

const WORDS: &str = "连续两期大幅上升,与行业走势不符";
const MINUTES: &str = "逐行看过,第 2 行请单位说明,其余没有疑问。";

#[test]
fn a_change_is_told_by_its_band_and_a_bound_belongs_to_the_calmer_one() {
    let cases: &[(Option<i64>, Option<i64>, &str)] = &[
        (Some(100), Some(100), "±5%以内"),
        (Some(105), Some(100), "±5%以内"),
        (Some(95), Some(100), "±5%以内"),
        (Some(106), Some(100), "上升5%–20%"),
        (Some(120), Some(100), "上升5%–20%"),
        (Some(121), Some(100), "上升20%–50%"),
        (Some(150), Some(100), "上升20%–50%"),
        (Some(151), Some(100), "上升50%以上"),
        (Some(94), Some(100), "下降5%–20%"),
        (Some(80), Some(100), "下降5%–20%"),
        (Some(79), Some(100), "下降20%–50%"),
        (Some(50), Some(100), "下降20%–50%"),
        (Some(49), Some(100), "下降50%以上"),
        (Some(0), Some(100), "下降50%以上"),
        (Some(-7), Some(100), "下降50%以上"),
        (Some(100), Some(0), "无可比"),
        (Some(100), Some(-5), "无可比"),
        (Some(100), None, "无可比"),
        (None, Some(100), "无可比"),
    ];
    for (now, past, words) in cases {
        let band = Band::of(now.map(Decimal::from), past.map(Decimal::from));
        assert_eq!(band.label(), *words, "{now:?} {past:?}");
    }
    assert_eq!(Band::of(Some(Decimal::MAX), Some(Decimal::MAX)), Band::Incomparable, "too long to be exact");
}

fn source(lot: usize, now: Option<i64>) -> Source {
    let figure = Figure { now: now.map(Decimal::from), previous: None, last_year: None };
    Source {
        lot: format!("{lot:03}"),
        figures: vec![figure],
        explained: 0,
        open: 0,
        has_open_query: false,
        is_late: false,
    }
}

/// The sizes of a sheet, by line.
fn sizes(figures: &[Option<i64>]) -> Vec<&'static str> {
    let sources: Vec<Source> = figures.iter().enumerate().map(|(lot, now)| source(lot, *now)).collect();
    let drawn = draw(vec!["营业收入".into()], &sources).unwrap();
    drawn.sheet.lines.iter().map(|line| line.size.map_or("—", Size::label)).collect()
}

#[test]
fn sizes_are_thirds_of_the_group_and_nobody_is_alone_in_a_class() {
    let all = |figures: &[i64]| sizes(&figures.iter().map(|figure| Some(*figure)).collect::<Vec<_>>());
    assert_eq!(all(&[6, 5, 4, 3, 2, 1]), ["大", "大", "中", "中", "小", "小"]);
    assert_eq!(all(&[1, 2, 3, 4, 5, 6]), ["小", "小", "中", "中", "大", "大"]);
    assert_eq!(all(&[7, 6, 5, 4, 3, 2, 1]), ["大", "大", "大", "中", "中", "小", "小"]);
    // Five lines, one giant beside equals, equals only: some class would have fewer than two, so there are none.
    assert_eq!(all(&[5, 4, 3, 2, 1]), ["—"; 5]);
    assert_eq!(all(&[900, 1, 1, 1, 1, 1]), ["—"; 6]);
    assert_eq!(all(&[3; 9]), ["—"; 9]);
    // Who has no figure has no size, and takes no part in the thirds.
    let some = [Some(6), None, Some(5), Some(4), Some(3), Some(2), Some(1)];
    assert_eq!(sizes(&some), ["大", "—", "大", "中", "中", "小", "小"]);
}

#[test]
fn there_is_no_sheet_of_too_few_or_too_many() {
    let many = |count: usize| (0..count).map(|lot| source(lot, Some(1))).collect::<Vec<_>>();
    for (count, words) in [(0, "只有 0 份"), (LINES_MIN - 1, "不足 5 份"), (LINES_MAX + 1, "最多 500 份")] {
        let refused = draw(Vec::new(), &many(count)).unwrap_err();
        assert!(refused.says().contains(words), "{}", refused.says());
    }
    assert_eq!(draw(Vec::new(), &many(LINES_MIN)).unwrap().sheet.lines.len(), LINES_MIN);
    assert_eq!(draw(Vec::new(), &many(LINES_MAX)).unwrap().sheet.lines.len(), LINES_MAX);
}

#[test]
fn the_numbers_of_the_lines_follow_the_lots_alone() {
    let sources: Vec<Source> = [4, 1, 3, 0, 2].iter().map(|lot| source(*lot, Some(1))).collect();
    let drawn = draw(vec!["营业收入".into()], &sources).unwrap();
    assert_eq!(drawn.places, [3, 1, 4, 2, 0]);
    let numbers: Vec<u32> = drawn.sheet.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

/// A report with figures of six digits and more, which no word of a sheet has by itself.
fn figures() -> impl Strategy<Value = Source> {
    let number = 100_000_i64..900_000_000;
    let past = || prop::option::weighted(0.8, 100_000_i64..900_000_000);
    let counts = (0_u64..4, 0_u64..4, any::<bool>(), any::<bool>());
    ((number, past(), past()), counts, "[0-9a-f]{16}").prop_map(|((now, previous, last_year), counts, lot)| Source {
        lot,
        figures: vec![Figure {
            now: Some(now.into()),
            previous: previous.map(Decimal::from),
            last_year: last_year.map(Decimal::from),
        }],
        explained: counts.0,
        open: counts.1,
        has_open_query: counts.2,
        is_late: counts.3,
    })
}

/// The same report in another unit of measure and with another past, as far as the bands stay.
fn another(source: &Source, scale: i64, past: [i64; 2]) -> Source {
    let scale = Decimal::from(scale);
    let within = |now: Option<Decimal>, was: Option<Decimal>, wanted: i64| {
        let wanted = was.map(|was| was * scale + Decimal::from(wanted));
        let same = Band::of(now.map(|now| now * scale), wanted) == Band::of(now, was);
        if same { wanted } else { was.map(|was| was * scale) }
    };
    let figure = |figure: &Figure| Figure {
        now: figure.now.map(|now| now * scale),
        previous: within(figure.now, figure.previous, past[0]),
        last_year: within(figure.now, figure.last_year, past[1]),
    };
    Source { figures: source.figures.iter().map(figure).collect(), ..source.clone() }
}

proptest! {
    #[test]
    fn reports_that_differ_only_within_the_bands_give_the_same_sheet(
        sources in prop::collection::vec(figures(), 5..30),
        scale in 1_i64..50,
        pasts in prop::collection::vec([-200_000_i64..200_000, -200_000_i64..200_000], 30),
    ) {
        let labels = || vec!["营业收入".to_owned()];
        let others: Vec<Source> =
            sources.iter().zip(&pasts).map(|(source, past)| another(source, scale, *past)).collect();
        let drawn = draw(labels(), &sources).unwrap();
        prop_assert_eq!(&drawn.sheet, &draw(labels(), &others).unwrap().sheet);
        // Every report is on exactly one line, and no figure of any of them can be read anywhere.
        let mut places = drawn.places.clone();
        places.sort_unstable();
        prop_assert_eq!(places, (0..sources.len()).collect::<Vec<_>>());
        let text = serde_json::to_string(&drawn.sheet).unwrap();
        for figure in sources.iter().flat_map(|source| &source.figures) {
            for number in [figure.now, figure.previous, figure.last_year].into_iter().flatten() {
                prop_assert!(!text.contains(&number.to_string()), "{number} in {text}");
            }
        }
        prop_assert!(sources.iter().all(|source| !text.contains(&source.lot)), "a lot would tell the order");
    }
}

fn office() -> Office {
    Office::of(&actor(Role::CountyOfficer), &area("330781"), "industry").unwrap()
}

fn person(number: u128) -> PersonId {
    id(500 + number)
}

fn member(number: u32) -> Member {
    let name = format!("网格员{number}");
    Member { number, person: person(number.into()), name, unit: Some(id(700 + u128::from(number))) }
}

fn subject() -> Subject {
    let period = Period::parse("2026-03").unwrap();
    Subject { window: id(1), form: "B203".into(), period, area: area("330781"), topic: "一季度数据".into() }
}

fn called() -> JointReview {
    let sources: Vec<Source> = (0..6).map(|lot| source(lot, Some(1))).collect();
    let sheet = draw(vec!["营业收入".into()], &sources).unwrap().sheet;
    JointReview::call(id(9), &office(), subject(), (vec![member(1), member(2)], sheet), at(20)).unwrap()
}

fn looking(person: PersonId) -> Actor {
    Actor { person, ..actor(Role::Statistician) }
}

#[test]
fn only_the_office_of_the_area_and_the_members_find_a_meeting() {
    let cases = [
        (actor(Role::CountyOfficer), "office"),
        (actor(Role::CityOfficer), "office"),
        (actor(Role::ProvinceOfficer), "office"),
        (actor(Role::TownshipOfficer), "nothing"),
        (actor(Role::UnitHead), "nothing"),
        (actor(Role::Administrator), "nothing"),
        (Actor { area: area("330783"), ..actor(Role::CountyOfficer) }, "nothing"),
        (looking(person(1)), "member"),
        (Actor { person: person(1), ..actor(Role::TownshipOfficer) }, "member"),
        (looking(person(3)), "nothing"),
    ];
    let meeting = called();
    for (actor, expected) in cases {
        let seen = match meeting.sight(&actor, "industry", at(21)) {
            Some(Sight::Office(_)) => "office",
            Some(Sight::Member(_)) => "member",
            None => "nothing",
        };
        assert_eq!(seen, expected, "{:?} {}", actor.role, actor.area);
        assert_eq!(Office::of(&actor, &area("330781"), "industry").is_ok(), expected == "office", "{:?}", actor.role);
    }
}

#[test]
fn members_look_back_for_a_month_and_the_office_for_ever() {
    let last = at(21) + TimeDelta::days(MEMBER_DAYS);
    let member = looking(person(1));
    for (meeting, shows) in [
        (called().close(&office(), MINUTES, at(21)).unwrap(), true),
        (called().cancel(&office(), WORDS, at(21)).unwrap(), false),
    ] {
        let sight = meeting.sight(&member, "industry", last).unwrap();
        assert_eq!(meeting.sheet_for(sight).is_some(), shows, "{:?}", meeting.stage);
        assert!(meeting.sight(&member, "industry", last + TimeDelta::seconds(1)).is_none());
        let office = meeting.sight(&actor(Role::CountyOfficer), "industry", last + TimeDelta::days(3_000)).unwrap();
        assert!(meeting.sheet_for(office).is_some());
    }
    assert!(
        called().sight(&member, "industry", last + TimeDelta::days(3_000)).is_some(),
        "what is not over does not run out"
    );
}

#[test]
fn authors_are_numbers_to_members_and_names_to_the_office() {
    let meeting = called().remark(&member(2), (3, Some(1)), WORDS, at(21)).unwrap();
    let remark = &meeting.remarks[0];
    let by = |actor: &Actor| meeting.author(remark, meeting.sight(actor, "industry", at(21)).unwrap());
    assert_eq!(by(&looking(person(1))), "成员2");
    assert_eq!(by(&looking(person(2))), "成员2(本人)");
    assert_eq!(by(&actor(Role::CountyOfficer)), "网格员2");
}

#[test]
fn what_cannot_be_done_is_refused_with_the_way_out() {
    let remarked = || called().remark(&member(1), (3, None), WORDS, at(21)).unwrap();
    let settled = || remarked().dismiss(&office(), 1, WORDS, at(21)).unwrap();
    let elsewhere = Office::of(&actor(Role::CountyOfficer), &area("330781001000"), "industry").unwrap();
    let crowd: Vec<Member> = (0..=MEMBERS_MAX).map(|number| member(u32::try_from(number).unwrap())).collect();
    let call = |members| JointReview::call(id(9), &office(), subject(), (members, called().sheet), at(20));
    let cases: Vec<(Result<JointReview, _>, &str)> = vec![
        (call(Vec::new()), "现选了 0 名"),
        (call(crowd), "现选了 51 名"),
        (called().remark(&member(1), (3, Some(3)), WORDS, at(21)), "本单位的一行"),
        (called().remark(&member(1), (7, None), WORDS, at(21)), "没有第 7 行"),
        (called().remark(&member(3), (1, None), WORDS, at(21)), "没有找到"),
        (called().remark(&member(1), (1, None), "核实无误", at(21)), "现为 4 个字"),
        (remarked().close(&office(), MINUTES, at(21)), "还有 1 条意见没有处理"),
        (settled().close(&office(), "看过了", at(21)), "现为 3 个字"),
        (settled().dismiss(&office(), 1, WORDS, at(21)), "已经处理过"),
        (settled().ask(&office(), 1, id(5), at(21)), "已经处理过"),
        (settled().dismiss(&office(), 2, WORDS, at(21)), "没有找到"),
        (remarked().dismiss(&elsewhere, 1, WORDS, at(21)), "没有找到"),
        (settled().close(&elsewhere, MINUTES, at(21)), "没有找到"),
        (settled().cancel(&elsewhere, WORDS, at(21)), "没有找到"),
    ];
    for (refused, words) in cases {
        let says = refused.unwrap_err().says();
        assert!(says.contains(words), "{says} should say {words}");
    }
    assert!(Office::may_call(&actor(Role::CountyOfficer), &somebody(Role::Statistician, "330781001000")));
    for (role, code) in
        [(Role::Administrator, "330781001000"), (Role::Statistician, "330783001000"), (Role::CityOfficer, "3307")]
    {
        assert!(!Office::may_call(&actor(Role::CountyOfficer), &somebody(role, code)), "{role:?} {code}");
    }
}

fn somebody(role: Role, code: &str) -> youju_domain::person::Person {
    youju_domain::person::Person {
        id: person(40),
        login: "x".into(),
        name: "x".into(),
        role,
        area: area(code),
        unit: None,
        domains: youju_domain::access::Domains::Every,
        failures: 0,
        failed_at: None,
    }
}

#[derive(Debug, Clone)]
enum Deed {
    Remark { by: u32, line: u32, own: Option<u32> },
    Ask(u32),
    Dismiss(u32),
    Close,
    Cancel,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (1_u32..4, 0_u32..8, prop::option::of(1_u32..7)).prop_map(|(by, line, own)| Deed::Remark { by, line, own }),
        2 => (0_u32..6).prop_map(Deed::Ask),
        2 => (0_u32..6).prop_map(Deed::Dismiss),
        1 => Just(Deed::Close),
        1 => Just(Deed::Cancel),
    ]
}

fn step(now: JointReview, deed: &Deed) -> Option<JointReview> {
    let office = office();
    match deed {
        Deed::Remark { by, line, own } => now.remark(&member(*by), (*line, *own), WORDS, at(21)),
        Deed::Ask(number) => now.ask(&office, *number, id(5), at(21)),
        Deed::Dismiss(number) => now.dismiss(&office, *number, WORDS, at(21)),
        Deed::Close => now.close(&office, MINUTES, at(22)),
        Deed::Cancel => now.cancel(&office, WORDS, at(22)),
    }
    .ok()
}

proptest! {
    #[test]
    fn no_sequence_of_deeds_breaks_the_laws_of_a_meeting(deeds in prop::collection::vec(deed(), 0..60)) {
        let mut now = called();
        for deed in &deeds {
            let Some(after) = step(now.clone(), deed) else { continue };
            // What is over stays as it is; the sheet, the members and what it is about never change.
            prop_assert_eq!(now.stage, Stage::Called);
            prop_assert_eq!(&after.sheet, &now.sheet);
            prop_assert_eq!((&after.members, &after.subject), (&now.members, &now.subject));
            // Nobody remarks who is no member, nowhere, or on their own line; a remark is settled once.
            if let Deed::Remark { by, line, own } = deed {
                prop_assert!(*by < 3 && (1..=6).contains(line) && *own != Some(*line));
            }
            for (was, is) in now.remarks.iter().zip(&after.remarks) {
                prop_assert_eq!((was.number, was.line, was.by, &was.text), (is.number, is.line, is.by, &is.text));
                prop_assert!(was.settled.is_none() || was.settled == is.settled);
            }
            prop_assert!(after.stage != Stage::Closed || after.open_remarks() == 0);
            prop_assert_eq!(after.ending.is_some(), after.stage != Stage::Called);
            now = after;
        }
        // No dead end: the office can always bring it to an end.
        if now.stage == Stage::Called {
            for number in 1..=u32::try_from(now.remarks.len()).unwrap() {
                now = step(now.clone(), &Deed::Dismiss(number)).unwrap_or(now);
            }
            prop_assert_eq!(step(now, &Deed::Close).map(|closed| closed.stage), Some(Stage::Closed));
        }
    }
}

#[test]
fn the_words_of_storage_read_back() {
    assert!(Stage::ALL.iter().all(|one| Stage::from_key(one.key()) == Some(*one)));
}
