//! 四个一: where an item stands on a day, who may say what, and that coverage adds up.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use youju_codes::{AreaCode, Period};
use youju_domain::id::Id;
use youju_domain::onboarding::{
    Act, Coverage, Entry, First, Handed, Item, Kind, Month, Onboarding, Standing, Typed, Verdict, coverage,
};
use youju_domain::report::{Level, State};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id<K>(last: u32) -> Id<K> {
    format!("018f6b3e-7b1a-7c33-9a53-0000{last:08}").parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T04:00:00Z").parse().unwrap()
}

fn item(key: &str, kind: Kind, days: u32) -> Item {
    let (name, shows) = (format!("一次{key}"), "写明情况".to_owned());
    Item { key: key.into(), name, shows, days, level: Level::Township, kind, needs_file: false }
}

/// Entered on Thursday 2 April 2026; Saturday to Monday are 清明.
fn new_unit() -> Onboarding {
    let items = vec![item("visit", Kind::Act, 1), item("pack", Kind::Pack, 10)];
    Onboarding { id: id(1), unit: id(2), listed_on: day("2026-04-02"), items, acts: Vec::new() }
}

fn does(one: &Onboarding, key: &str, done_on: &str, is_by_unit: bool, file: bool) -> Result<Act, String> {
    let file = file.then(|| ("回执.pdf".to_owned(), "ab".repeat(32)));
    let typed = Typed { done_on: Some(day(done_on)), note: "当面说明".into(), file, ..Typed::default() };
    one.does(key, typed, (id(9), id(8), "郑梅", is_by_unit), (at("2026-04-20"), day("2026-04-20")))
        .map_err(|problem| problem.says())
}

#[test]
fn an_item_is_due_until_its_last_working_day_and_overdue_after_it() {
    let mut one = new_unit();
    assert_eq!(one.due_on(&one.items[0]), day("2026-04-03"));
    let visit = one.items[0].clone();
    let stands = |one: &Onboarding, on: &str| one.standing(&visit, day(on));
    assert_eq!([stands(&one, "2026-04-03"), stands(&one, "2026-04-04")], [Standing::Due, Standing::Overdue]);
    one.acts.push(does(&one, "visit", "2026-04-08", false, false).unwrap());
    // What was done later does not count on an earlier day.
    assert_eq!([stands(&one, "2026-04-07"), stands(&one, "2026-04-08")], [Standing::Overdue, Standing::DoneLate]);
    assert!(does(&one, "visit", "2026-04-09", false, false).unwrap_err().contains("已经登记完成"));
    let (struck, reason) = one.strike("visit", "登错了单位").unwrap();
    assert_eq!(struck, one.acts[0].id);
    one.acts[0].struck = Some((reason, "县级".into(), at("2026-04-20")));
    assert_eq!(stands(&one, "2026-04-08"), Standing::Overdue);
    assert!(one.strike("visit", "再来一次").unwrap_err().says().contains("不用撤销"));
}

#[test]
fn the_pack_needs_the_units_own_word_or_a_signed_receipt() {
    let one = new_unit();
    assert!(does(&one, "pack", "2026-04-03", false, false).unwrap_err().contains("回执"));
    assert!(!does(&one, "pack", "2026-04-03", false, true).unwrap().is_by_unit);
    let own = does(&one, "pack", "2026-04-03", true, false).unwrap();
    assert!(own.is_by_unit);
    // Nobody confirms for themselves what an officer has to do, nor before they entered.
    assert!(does(&one, "visit", "2026-04-03", true, false).is_err());
    assert!(does(&one, "pack", "2026-04-01", true, false).unwrap_err().contains("2026-04-02"));
    assert!(does(&one, "pack", "2026-04-21", true, false).is_err());
    let link = |link: &str| {
        let typed = Typed { note: "走访".into(), link: link.into(), ..Typed::default() };
        one.does("visit", typed, (id(9), id(8), "郑梅", false), (at("2026-04-20"), day("2026-04-20")))
    };
    assert!(link("/sponsorships/1").is_ok());
    for elsewhere in ["https://example.org/", "//example.org", "javascript:alert(1)", "/a b"] {
        assert!(link(elsewhere).is_err(), "{elsewhere}");
    }
}

fn handed(form: &str, due: &str, state: State, versions: u32) -> Handed {
    Handed {
        unit: id(2),
        report: id(versions + 20),
        form: form.into(),
        period: Period::parse("2026-04").unwrap(),
        state,
        due_at: at(due),
        submitted_at: (versions > 0).then(|| at("2026-05-08")),
        is_late: false,
        versions,
        changed: 0,
        corrections: 0,
    }
}

#[test]
fn a_first_report_is_clean_only_when_nothing_had_to_be_mended() {
    let now = at("2026-05-09");
    let accepted = State::Accepted(Level::County);
    let cases = [
        (handed("B203", "2026-05-10", State::Empty, 0), Verdict::Waiting),
        (handed("B203", "2026-05-08", State::Draft, 0), Verdict::Overdue),
        (handed("B203", "2026-05-10", State::Submitted, 1), Verdict::Handed),
        (handed("B203", "2026-05-10", State::Returned, 1), Verdict::Returned),
        (handed("B203", "2026-05-10", accepted, 1), Verdict::Clean),
        (handed("B203", "2026-05-10", State::Locked, 2), Verdict::Mended),
        (Handed { is_late: true, ..handed("B203", "2026-05-01", accepted, 1) }, Verdict::Mended),
        (Handed { corrections: 1, ..handed("B203", "2026-05-10", accepted, 1) }, Verdict::Mended),
    ];
    for (report, expected) in cases {
        assert_eq!(report.verdict(now), expected, "{report:?}");
    }
    let first = First::of(vec![
        handed("B204-1", "2026-05-10", accepted, 1),
        handed("B203", "2026-06-10", accepted, 2),
        handed("B203", "2026-05-10", accepted, 3),
    ]);
    let found: Vec<(&str, u32)> = first.reports.iter().map(|one| (one.form.as_str(), one.versions)).collect();
    assert_eq!(found, [("B203", 3), ("B204-1", 1)]);
}

#[test]
fn a_month_counts_until_its_last_day_or_today() {
    let april = Month::parse("2026-04").unwrap();
    assert_eq!((april.last_day(), april.year_begins()), (day("2026-04-30"), day("2026-01-01")));
    assert_eq!(april.counts_on(day("2026-04-12")), day("2026-04-12"));
    assert_eq!(april.counts_on(day("2026-06-12")), day("2026-04-30"));
    assert!(["2026-4", "2026-13", "26-04", "x", ""].iter().all(|text| Month::parse(text).is_none()));
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (0u32..4, 0u64..60, prop::collection::vec((0usize..2, 0u64..40), 0..2), any::<bool>());
    prop::collection::vec(one, 0..20).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(number, (town, entered, done, is_listed))| {
                let number = u32::try_from(number).unwrap();
                let listed_on = day("2026-03-01") + chrono::Days::new(entered);
                let mut one = Onboarding { id: id(number), unit: id(number), listed_on, ..new_unit() };
                for (item, after) in done {
                    let key = one.items[item].key.clone();
                    let act = does(&new_unit(), &key, "2026-04-03", false, true).unwrap();
                    one.acts.push(Act { done_on: listed_on + chrono::Days::new(after), ..act });
                }
                let area = AreaCode::parse(&format!("33078100{}", town + 1)).unwrap();
                Entry { one, usci: String::new(), name: format!("{number}"), area, is_listed }
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn every_unit_is_counted_once_and_the_parts_add_up(entries in entries(), to in 0u64..90) {
        let (from, to) = (day("2026-03-05"), day("2026-03-05") + chrono::Days::new(to));
        let county = AreaCode::parse("330781").unwrap();
        let all: BTreeMap<String, Coverage> = coverage(&county, &entries, (from, to), to);
        let whole = &all[""];
        let inside = entries.iter().filter(|entry| (from..=to).contains(&entry.one.listed_on));
        let (listed, left): (Vec<&Entry>, Vec<&Entry>) = inside.partition(|entry| entry.is_listed);
        prop_assert_eq!((whole.owed, whole.left), (listed.len() as u64, left.len() as u64));
        for part in all.values() {
            prop_assert_eq!(part.complete + part.overdue + part.running, part.owed);
            prop_assert!(part.items.values().all(|count| count.owed() == part.owed));
        }
        let sum = |of: fn(&Coverage) -> u64| all.iter().filter(|(key, _)| !key.is_empty()).map(|(_, one)| of(one)).sum::<u64>();
        prop_assert_eq!(sum(|one| one.owed), whole.owed);
        prop_assert_eq!(sum(|one| one.complete), whole.complete);
        let complete = listed.iter().filter(|entry| entry.one.is_complete(to)).count() as u64;
        prop_assert_eq!(complete, whole.complete);
    }
}
