//! The profiles that come with the program say what their documents say.

use std::collections::BTreeMap;

use youju_codes::{AreaCode, area};
use youju_domain::norm::{Post, owed};
use youju_domain::onboarding::Kind as Kind4;
use youju_domain::organisation::Kind;
use youju_profile::{Files, Profile, for_area, load, onboarding_for};

fn shipped() -> Vec<Profile> {
    match load(&Files::shipped()) {
        Ok(profiles) => profiles,
        Err(errors) => panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}

fn of(profiles: &[Profile], id: &str) -> Profile {
    profiles.iter().find(|profile| profile.id == id).cloned().unwrap()
}

#[test]
fn lanxi_is_one_city_with_everybody_whom_the_notice_names() {
    let lanxi = of(&shipped(), "lanxi");
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for one in &lanxi.organisations {
        *counts.entry(one.planned.kind).or_default() += 1;
    }
    let expected = [
        (Kind::Government, 1),
        (Kind::Office, 1),
        (Kind::Bureau, 1),
        (Kind::Department, 11),
        (Kind::Street, 6),
        (Kind::Township, 10),
        (Kind::Zone, 2),
        (Kind::Platform, 4),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    assert!(lanxi.organisations.iter().all(|one| !one.duties.is_empty()));
    assert_eq!(lanxi.leading().unwrap().title, "兰溪市基层统计网格智治专项改革工作方案");
}

#[test]
fn every_listed_township_of_lanxi_is_set_up_and_no_other() {
    let lanxi = of(&shipped(), "lanxi");
    let mut set_up: Vec<AreaCode> = lanxi.organisations.iter().filter_map(|one| one.planned.code).collect();
    set_up.sort_unstable();
    let mut listed: Vec<AreaCode> = area::children(&code("330781")).iter().map(|area| area.code).collect();
    listed.push(code("330781"));
    listed.sort_unstable();
    assert_eq!(set_up, listed);
}

/// Profile, kind, units, and who with how many.
type Owed<'a> = (&'a str, Kind, u64, &'a [(Post, u32)]);

/// What is owed: profile, kind, units, and who with how many.
const OWED: &[Owed<'_>] = &[
    ("bozhou", Kind::Township, 1000, &[(Post::FullTime, 6), (Post::Chief, 1)]),
    ("bozhou", Kind::Street, 999, &[(Post::FullTime, 3), (Post::Chief, 1)]),
    ("bozhou", Kind::Zone, 5, &[(Post::Chief, 1)]),
    ("bozhou", Kind::Village, 0, &[(Post::Lead, 1), (Post::Auxiliary, 1)]),
    ("bozhou", Kind::Bureau, 0, &[(Post::Enforcement, 2)]),
    ("anhui", Kind::Township, 499, &[(Post::Statistician, 2), (Post::Chief, 1)]),
    ("anhui", Kind::Township, 500, &[(Post::Statistician, 3), (Post::Chief, 1)]),
    ("anhui", Kind::Bureau, 0, &[(Post::Enforcement, 2)]),
    (
        "lanxi",
        Kind::Street,
        3000,
        &[
            (Post::Established, 3),
            (Post::EstablishedAgriculture, 1),
            (Post::EstablishedIndustry, 1),
            (Post::EstablishedServices, 1),
        ],
    ),
    ("lanxi", Kind::Department, 3000, &[]),
];

#[test]
fn the_norms_ask_for_as_many_people_as_the_documents() {
    let profiles = shipped();
    for (id, kind, units, expected) in OWED {
        let profile = of(&profiles, id);
        let mut owed: Vec<(Post, u32)> = owed(&profile.norms, *kind, None, *units)
            .iter()
            .map(|(_, minimum)| (minimum.post, minimum.least))
            .collect();
        owed.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(owed, expected, "{id} {kind:?} {units}");
    }
}

#[test]
fn the_lists_hold_what_the_documents_count() {
    let profiles = shipped();
    let number = |id: &str, list: &str| {
        let profile = of(&profiles, id);
        profile.standard(list).unwrap_or_else(|| panic!("{id} has no {list}")).requirements.len()
    };
    assert_eq!(number("lanxi", "five_haves"), 5);
    assert_eq!(number("lanxi", "four_systems"), 4);
    assert_eq!(number("lanxi", "township_rules"), 7);
    assert_eq!(number("lanxi", "enterprise_rules"), 4);
    assert_eq!(number("anhui", "office_rules"), 7);
    assert_eq!(number("anhui", "unit_rules"), 4);
    assert_eq!(number("bozhou", "village_basics"), 2);
    let renewed = |id: &str| {
        let profile = of(&profiles, id);
        let rules = profile.standards.iter().filter(|list| list.id.ends_with("_rules"));
        rules.map(|list| list.renew_months).collect::<Vec<_>>()
    };
    assert!(["lanxi", "anhui", "bozhou"].iter().all(|id| renewed(id).iter().all(|months| *months == Some(12))));
}

#[test]
fn an_area_goes_by_the_narrowest_profile() {
    let profiles = shipped();
    let id = |area: &str| for_area(&profiles, &code(area)).map(|profile| profile.id.clone());
    assert_eq!(id("330781001").as_deref(), Some("lanxi"));
    assert_eq!(id("341602").as_deref(), Some("bozhou"));
    assert_eq!(id("3401").as_deref(), Some("anhui"));
    assert_eq!(id("620602").as_deref(), Some("wuwei"));
    assert_eq!(id("330782"), None);
}

#[test]
fn new_units_are_given_four_things_everywhere_and_nobody_claims_that_a_document_names_them() {
    let profiles = shipped();
    for profile in &profiles {
        let order = &profile.onboarding;
        let kinds: Vec<Kind4> = order.items.iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [Kind4::Act, Kind4::Act, Kind4::Pack, Kind4::FirstReport], "{}", profile.id);
        assert!(order.is_inferred && !order.letter.is_empty() && order.notice.len() > 5, "{}", profile.id);
    }
    let bozhou = of(&profiles, "bozhou").onboarding;
    assert_eq!(bozhou.document, "亳州市统计基层基础巩固年活动实施方案");
    assert!(bozhou.paragraph.contains("服务包") && bozhou.more.iter().any(|one| one.contains("劳动工资")));
    assert!(of(&profiles, "anhui").onboarding.paragraph.contains("“四个一”辅导服务机制"));
    // An area without a profile gets what all of them share.
    let elsewhere = onboarding_for(&profiles, &code("620600"));
    assert_eq!((elsewhere.items.len(), elsewhere.document.as_str()), (4, ""));
}
