//! Sponsorship: who may answer for what, when it ends, and that nothing of it goes away.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use youju_codes::AreaCode;
use youju_domain::id::Id;
use youju_domain::report::Level;
use youju_domain::sponsorship::{Sponsorship, Subject, Tier, What, read_visit};

fn id<Kind>(last: u32) -> Id<Kind> {
    format!("018f6b3e-7b1a-7c33-9a53-0000{last:08}").parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn tier(what: What, level: Level, least: Option<i64>, below: Option<i64>) -> Tier {
    Tier {
        key: "one".into(),
        name: "县级包保项目".into(),
        what,
        level,
        industries: vec!["C".into()],
        least,
        below,
        duties: "对项目入库、数据填报质量负责".into(),
        document: "方案".into(),
        paragraph: "(三)1".into(),
    }
}

fn subject(planned: Option<i64>) -> Subject {
    let area = AreaCode::parse("341602001000").unwrap();
    Subject { unit: None, name: " 智能制造 产业园 ".into(), area, planned: planned.map(Decimal::from) }
}

fn begin(tier: &Tier, works_at: &str, subject: Subject, since: &str) -> Result<Sponsorship, String> {
    let works_at = AreaCode::parse(works_at).unwrap();
    let (since, today) = (day(since), day("2026-04-02"));
    Sponsorship::begin(id(1), (id(2), &works_at), (tier, subject), (since, "责任清单"), today).map_err(|one| one.says())
}

#[test]
fn projects_are_answered_for_by_the_level_that_their_investment_orders() {
    let county = tier(What::Project, Level::County, Some(5_000), Some(200_000));
    assert_eq!(county.bounds().unwrap(), "计划总投资 5,000 至 200,000 万元");
    let good = begin(&county, "341602", subject(Some(5_000)), "2026-04-01").unwrap();
    assert_eq!(good.subject.name, "智能制造 产业园");
    for (works_at, planned, since, says) in [
        ("341602", Some(200_000), "2026-04-01", "所填的不在其中"),
        ("341602", Some(4_999), "2026-04-01", "所填的不在其中"),
        ("341602", None, "2026-04-01", "计划总投资"),
        ("3416", Some(5_000), "2026-04-01", "不在这一级任职"),
        ("341602001", Some(5_000), "2026-04-01", "不在这一级任职"),
        ("341621", Some(5_000), "2026-04-01", "不管辖"),
        ("341602", Some(5_000), "2026-04-03", "不能晚于今天"),
    ] {
        let told = begin(&county, works_at, subject(planned), since).unwrap_err();
        assert!(told.contains(says), "{works_at} {planned:?} {since}: {told}");
    }
    assert!(county.has_industry("C") && !county.has_industry("E"));
}

#[test]
fn it_ends_once_with_a_reason_and_visits_lie_within() {
    let samples = tier(What::Sample, Level::Township, None, None);
    let one = begin(&samples, "341602001", subject(None), "2026-03-01").unwrap();
    let today = day("2026-04-02");
    assert!(read_visit(&one, day("2026-02-28"), "账本齐全", today).is_err());
    assert!(read_visit(&one, day("2026-04-03"), "账本齐全", today).is_err());
    assert!(read_visit(&one, day("2026-04-01"), "好", today).is_err());
    assert_eq!(read_visit(&one, day("2026-04-01"), " 账本齐全 ", today).unwrap(), "账本齐全");
    for (on, reason) in [("2026-02-28", "本人调离"), ("2026-04-03", "本人调离"), ("2026-04-01", "走")] {
        assert!(one.end(day(on), reason, today).is_err(), "{on} {reason}");
    }
    let ended = one.end(day("2026-04-01"), "本人调离", today).unwrap();
    assert_eq!((ended.staff, ended.since, ended.until), (one.staff, one.since, Some(day("2026-04-01"))));
    assert!(ended.end(day("2026-04-02"), "本人调离", today).is_err());
}
