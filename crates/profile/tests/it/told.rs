//! What the shipped types of the register tell before a decision: contradictions of a project, thresholds, rounds; whose steps differ.

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::case::{CaseType, Values, contradictions, rounds};
use youju_domain::register::{Fact, Facts};
use youju_profile::{CaseTypes, Files, load, load_cases};

const EFFECTS: [&str; 7] = [
    "staff.appoint",
    "enumerator.engage",
    "register.list",
    "register.amend",
    "register.withdraw",
    "register.replace_sample",
    "project.enter",
];

fn types() -> CaseTypes {
    let files = Files::shipped();
    load_cases(&Files::shipped_cases(), &files, &load(&files).unwrap(), &EFFECTS).unwrap()
}

fn kind<'t>(types: &'t CaseTypes, area: &str, key: &str) -> &'t CaseType {
    types.get(&AreaCode::parse(area).unwrap(), key).unwrap()
}

fn said(kind: &CaseType, values: &[(&str, &str)], facts: &Facts) -> Vec<String> {
    let values: Values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    contradictions(kind, &values, facts)
}

/// A project of which everything agrees.
const GOOD: &[(&str, &str)] = &[
    ("planned", "6000"),
    ("place", "虚构路 1 号"),
    ("started_on", "2026-03-10"),
    ("approval_unit", "虚构食品厂"),
    ("approval_on", "2026-03-01"),
    ("approval_planned", "6,000"),
    ("contract_party", "虚构食品厂"),
    ("contract_on", "2026-03-05"),
    ("contract_amount", "5500"),
    ("eia_unit", "虚构食品厂"),
    ("eia_place", "虚构路1号"),
];

#[test]
fn every_contradiction_of_a_project_is_told_by_what_differs() {
    let types = types();
    let entry = kind(&types, "330781", "project_entry");
    let facts = Facts::default().with(Fact::Name, "虚构食品厂");
    assert_eq!(said(entry, GOOD, &facts), [""; 0]);
    assert_eq!(said(entry, &[], &facts), [""; 0], "what is not filled in contradicts nothing");
    for (key, value, expected) in [
        (
            "approval_unit",
            "虚构印刷厂",
            "批文单位与上报单位不一致:“批文(备案)单位”为 虚构印刷厂,“名录库中的单位详细名称”为 虚构食品厂。",
        ),
        (
            "contract_party",
            "虚构集团",
            "批文单位与合同甲方不一致:“批文(备案)单位”为 虚构食品厂,“合同甲方”为 虚构集团。",
        ),
        (
            "contract_on",
            "2026-02-28",
            "批文时间晚于合同时间:“批文(备案)日期”为 2026-03-01,“合同签订日期”为 2026-02-28。",
        ),
        ("started_on", "2026-02-28", "批文时间晚于开工时间:“批文(备案)日期”为 2026-03-01,“开工日期”为 2026-02-28。"),
        (
            "approval_planned",
            "5000",
            "批文计划总投资与申请表不一致:“批文计划总投资(万元)”为 5,000,“计划总投资(万元)”为 6,000。",
        ),
        (
            "eia_unit",
            "虚构集团",
            "环评单位与上报单位不一致:“环评单位名称”为 虚构集团,“名录库中的单位详细名称”为 虚构食品厂。",
        ),
        ("eia_place", "虚构路2号", "环评地址与建设地址不一致:“环评建设地址”为 虚构路2号,“建设地址”为 虚构路 1 号。"),
        ("contract_amount", "7000", "计划总投资小于合同金额:“计划总投资(万元)”为 6,000,“合同金额(万元)”为 7,000。"),
    ] {
        let changed: Vec<(&str, &str)> =
            GOOD.iter().map(|one| if one.0 == key { (key, value) } else { *one }).collect();
        assert!(
            said(entry, &changed, &facts).contains(&expected.to_owned()),
            "{key}: {:?}",
            said(entry, &changed, &facts)
        );
    }
    let levels = |planned: &str| said(entry, &[("planned", planned)], &facts).len();
    assert_eq!(["499", "4999.99", "5000", "9999", "10000", "100000"].map(levels), [2, 1, 0, 0, 1, 1]);
}

#[test]
fn a_figure_below_the_line_and_an_industry_without_one_are_told() {
    let types = types();
    let enrolment = kind(&types, "330781", "enrolment");
    let of = |industry: &str, revenue: &str| {
        said(enrolment, &[("revenue", revenue)], &Facts::default().with(Fact::Industry, industry))
    };
    assert!(of("5211", "499")[0].contains("没有达到纳统标准(限额以上零售业:年主营业务收入不低于 500 万元)"));
    assert_eq!(of("5211", "500"), [""; 0]);
    assert_eq!(of("4710", "1"), [""; 0], "a qualification decides");
    assert!(of("6621", "9000")[0].ends_with("没有按规模确定的纳统标准。"));
}

#[test]
fn whoever_comes_late_belongs_to_the_next_round_and_november_has_none() {
    let types = types();
    let enrolment = kind(&types, "330781", "enrolment");
    for (today, expected) in [
        ("2026-04-15", ["2026-04-15", "2026-04-20", "2026-11-20"]),
        ("2026-04-16", ["2026-05-15", "2026-04-20", "2026-11-20"]),
        ("2026-10-16", ["2027-01-15", "2026-10-20", "2026-11-20"]),
        ("2026-11-21", ["2027-01-15", "2027-01-20", "2027-01-05"]),
    ] {
        let today: NaiveDate = today.parse().unwrap();
        let until: Vec<String> = rounds(enrolment, None, today).iter().map(|round| round.until.to_string()).collect();
        assert_eq!(until, expected, "{today}");
    }
}

#[test]
fn wuwei_and_bozhou_go_their_own_way() {
    let types = types();
    let order = |area: &str| {
        let states = &kind(&types, area, "enrolment").states;
        states.iter().filter(|state| !state.is_end && !state.is_bad).map(|state| state.key.as_str()).collect::<Vec<_>>()
    };
    let own = ["lead", "due", "register", "onsite", "confirming", "profession", "city", "province", "nation"];
    assert_eq!(order("620602"), own);
    assert!(order("330781").contains(&"township"));
    let sponsor = |area: &str| kind(&types, area, "project_entry").field("sponsor").is_some();
    assert_eq!([sponsor("341602"), sponsor("330781")], [true, false]);
}
