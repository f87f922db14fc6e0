//! What a unit was on a day, as it was known at an instant; what it owes, and why.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use youju_codes::Period;
use youju_domain::id::{Id, UnitId};
use youju_domain::register::{
    Audience, Change, Fact, Facts, Listing, NewChange, Origin, Owes, Source, Unit, beginning, decide, held_since,
    read_day, settle, state, why,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T02:00:00Z").parse().unwrap()
}

fn facts(pairs: &[(Fact, &str)]) -> Facts {
    pairs.iter().fold(Facts::default(), |facts, (fact, value)| facts.with(*fact, *value))
}

fn change(number: i64, since: &str, recorded: &str, pairs: &[(Fact, &str)]) -> Change {
    Change {
        number,
        since: day(since),
        recorded_at: at(recorded),
        by: None,
        by_name: "县级统计员".into(),
        source: Source::of(Origin::Office),
        facts: facts(pairs),
    }
}

const MILL: [(Fact, &str); 5] = [
    (Fact::Usci, "91330100799655058B"),
    (Fact::Name, "兰溪市虚构纺织有限公司"),
    (Fact::Area, "330781001000"),
    (Fact::Industry, "1711"),
    (Fact::Listing, "outside"),
];

/// Entered in 2024, moved and listed in 2025; in 2026 it turns out that it has been spinning something else since mid-2025.
fn mill() -> Vec<Change> {
    vec![
        change(0, "2024-03-01", "2024-03-05", &MILL),
        change(1, "2025-01-01", "2024-11-20", &[(Fact::Listing, "above")]),
        change(2, "2025-04-01", "2025-04-10", &[(Fact::Area, "330781002000"), (Fact::Phone, "0579-88880001")]),
        change(3, "2025-07-01", "2026-02-03", &[(Fact::Industry, "1721")]),
        change(4, "2025-10-01", "2025-10-09", &[(Fact::Phone, "")]),
    ]
}

#[test]
fn any_day_is_told_as_it_was_known_at_any_instant() {
    let mill = mill();
    let told = |on: &str, known: Option<&str>, fact: Fact| {
        let then = state(&mill, day(on), known.map(at));
        then.map(|facts| facts.get(fact).unwrap_or("—").to_owned())
    };
    for (on, known, fact, expected) in [
        ("2024-02-29", None, Fact::Name, None),
        ("2024-03-01", None, Fact::Listing, Some("outside")),
        ("2024-12-31", None, Fact::Listing, Some("outside")),
        ("2025-01-01", None, Fact::Listing, Some("above")),
        // In October 2024 nobody knew of the listing to come; in December it stood in the book for January.
        ("2025-01-01", Some("2024-10-31"), Fact::Listing, Some("outside")),
        ("2025-01-01", Some("2024-12-01"), Fact::Listing, Some("above")),
        // The industry was corrected afterwards, from the middle of the year before.
        ("2025-08-01", Some("2025-12-31"), Fact::Industry, Some("1711")),
        ("2025-08-01", None, Fact::Industry, Some("1721")),
        ("2025-06-30", None, Fact::Industry, Some("1711")),
        ("2025-09-30", None, Fact::Phone, Some("0579-88880001")),
        ("2025-10-01", None, Fact::Phone, Some("—")),
    ] {
        assert_eq!(told(on, known, fact).as_deref(), expected, "{on} known {known:?}: {fact:?}");
    }
    assert_eq!(held_since(&mill, Fact::Listing, day("2026-01-01")), Some(day("2025-01-01")));
    assert_eq!(held_since(&mill, Fact::Listing, day("2024-06-01")), Some(day("2024-03-01")));
    assert_eq!(held_since(&mill, Fact::Revenue, day("2026-01-01")), None);
}

#[test]
fn what_was_written_wrongly_for_a_day_is_written_again_for_that_day() {
    let mut mill = mill();
    mill.push(change(5, "2025-01-01", "2026-03-01", &[(Fact::Listing, "sample")]));
    assert_eq!(state(&mill, day("2025-02-01"), None).unwrap().get(Fact::Listing), Some("sample"));
    assert_eq!(state(&mill, day("2025-02-01"), Some(at("2026-02-28"))).unwrap().get(Fact::Listing), Some("above"));
    assert_eq!(held_since(&mill, Fact::Listing, day("2025-02-01")), Some(day("2025-01-01")));
}

#[test]
fn a_change_says_something_new_within_reason_and_leaves_a_whole_unit() {
    let today = day("2026-04-01");
    let refused = |since: &str, pairs: &[(Fact, &str)]| {
        let new = NewChange { since: day(since), facts: facts(pairs) };
        decide(&mill(), &new, today).unwrap_err().to_string()
    };
    assert!(refused("2026-04-01", &[(Fact::Listing, "above")]).contains("没有要变更的"));
    assert!(refused("2028-01-01", &[(Fact::Listing, "outside")]).contains("应在 1900-01-01 至 2027-05-06 之间"));
    assert!(refused("2026-04-01", &[(Fact::Name, "")]).contains("“单位详细名称”不能为空"));
    let new =
        NewChange { since: day("2027-01-01"), facts: facts(&[(Fact::Listing, "outside"), (Fact::Industry, "1721")]) };
    let decided = decide(&mill(), &new, today).unwrap();
    assert_eq!(decided.facts.iter().collect::<Vec<_>>(), [(Fact::Listing, "outside")], "only what is new");
    let empty = decide(&[], &NewChange { since: today, facts: facts(&[(Fact::Name, "甲")]) }, today);
    assert!(empty.unwrap_err().to_string().contains("“统一社会信用代码”不能为空"));
}

#[test]
fn the_row_is_what_the_unit_is_today_and_names_the_next_day_of_change() {
    let id: UnitId = Id::new(uuid::Uuid::from_u128(7));
    let entered = Unit::of(id, facts(&MILL), day("2024-03-01")).unwrap();
    let mut changes = mill();
    changes.push(change(5, "2027-01-01", "2026-11-21", &[(Fact::Listing, "outside")]));
    let (row, next) = settle(&entered, &changes, day("2026-11-22")).unwrap();
    assert_eq!((row.listing, row.area.as_str(), next), (Listing::Above, "330781002000", Some(day("2027-01-01"))));
    let (row, next) = settle(&row, &changes, day("2027-01-01")).unwrap();
    assert_eq!((row.listing, next), (Listing::Outside, None));
    assert_eq!(Unit::of(id, row.facts(), row.changed_on).unwrap().facts(), row.facts());
}

#[test]
fn what_a_unit_owes_is_told_with_its_reason() {
    let id: UnitId = Id::new(uuid::Uuid::from_u128(7));
    let industries = ["C".to_owned()];
    let audience = |listings| Audience { industries: &industries, listings };
    let both: &[Listing] = &[Listing::Above, Listing::Sample];
    let changes = mill();
    let told = |period: &str, listings| {
        let period = Period::parse(period).unwrap();
        let last = period.last_day();
        let then = state(&changes, last, None).map(|facts| Unit::of(id, facts, last).unwrap());
        why(then.as_ref(), held_since(&changes, Fact::Listing, last), audience(listings), period)
    };
    for (period, listings, owes, said) in [
        ("2024-02", both, Owes::NotKnown, "2024-02-29 还不在名录库中。先进库、后有数。"),
        (
            "2024-12",
            both,
            Owes::NotListed,
            "2024-12-31 的纳入情况为“未纳入”(自 2024-03-01 起),本表由一套表调查单位、样本单位填报。",
        ),
        (
            "2025-01",
            both,
            Owes::Owed,
            "2025-01-31 是一套表调查单位(自 2025-01-01 起),行业 1711 棉纺纱加工属于本表填报范围。",
        ),
        (
            "2025-07",
            both,
            Owes::Owed,
            "2025-07-31 是一套表调查单位(自 2025-01-01 起),行业 1721 毛条和毛纱线加工属于本表填报范围。",
        ),
        (
            "2025-07",
            &[Listing::Sample],
            Owes::NotListed,
            "2025-07-31 的纳入情况为“一套表调查单位”(自 2025-01-01 起),本表由样本单位填报。",
        ),
    ] {
        assert_eq!(told(period, listings), (owes, said.to_owned()), "{period}");
    }
    let trade = ["F".to_owned()];
    let period = Period::parse("2025-07").unwrap();
    let then = Unit::of(id, state(&changes, period.last_day(), None).unwrap(), beginning()).unwrap();
    let (owes, said) = why(Some(&then), None, Audience { industries: &trade, listings: both }, period);
    assert_eq!((owes, said.as_str()), (Owes::OtherIndustry, "行业 1721 毛条和毛纱线加工不在本表填报范围(F)。"));
}

#[test]
fn facts_are_read_as_they_are_kept_or_refused_with_the_way_out() {
    for (fact, typed, kept) in [
        (Fact::Usci, " 91330100799655058b", Ok("91330100799655058B")),
        (Fact::Usci, "91330100799655058C", Err("校验码应为 B")),
        (Fact::FoundedOn, "2001年8月10日", Ok("2001-08-10")),
        (Fact::FoundedOn, "200108", Ok("2001-08-01")),
        (Fact::FoundedOn, "2001/8/10", Ok("2001-08-10")),
        (Fact::FoundedOn, "昨天", Err("应写成 2026-04-01 或 2026-04 的样子")),
        (Fact::Revenue, "12,345.60", Ok("12345.6")),
        (Fact::Revenue, "-1", Err("应为不小于 0 的数字")),
        (Fact::Listing, "样本单位", Ok("sample")),
        (Fact::Listing, "四上", Err("应从 未纳入、一套表调查单位、样本单位 中选择")),
        (Fact::Address, "开元北街\t12号", Ok("开元北街 12号")),
        (Fact::Parent, "x", Err("应为名录库中的单位")),
    ] {
        let read = fact.read(typed);
        match kept {
            Ok(kept) => assert_eq!(read.as_deref(), Ok(kept), "{fact:?} {typed}"),
            Err(words) => assert!(read.unwrap_err().to_string().contains(words), "{fact:?} {typed}"),
        }
    }
    assert_eq!(read_day("2024-2-30"), None);
    let keys: std::collections::BTreeSet<&str> = Fact::ALL.iter().map(|fact| fact.key()).collect();
    assert_eq!(keys.len(), Fact::ALL.len());
    for fact in Fact::ALL {
        let text = serde_json::to_string(fact).unwrap();
        assert_eq!(text, format!("{:?}", fact.key()), "storage and files call it the same");
    }
}

fn any_history() -> impl Strategy<Value = Vec<Change>> {
    let one = (0..60_i64, 0..60_i64, 0..4_usize, "[a-c]{0,1}");
    proptest::collection::vec(one, 1..12).prop_map(|rows| {
        let mut recorded = 0;
        rows.into_iter()
            .zip(0..)
            .map(|((since, wait, which, value), number)| {
                recorded += wait;
                let fact = [Fact::Phone, Fact::Address, Fact::Activity, Fact::Holding][which];
                Change {
                    number,
                    since: day("2026-01-01") + chrono::TimeDelta::days(since),
                    recorded_at: at("2026-01-01") + chrono::TimeDelta::days(recorded),
                    facts: Facts::default().with(fact, value),
                    ..change(0, "2026-01-01", "2026-01-01", &[])
                }
            })
            .collect()
    })
}

proptest! {
    /// What was known then never changes by what is written down later; and the order in which rows come does not matter.
    #[test]
    fn the_past_is_not_rewritten(history in any_history(), on in 0..70_i64, cut in 0..12_usize) {
        let on = day("2026-01-01") + chrono::TimeDelta::days(on);
        let cut = cut.min(history.len() - 1);
        let instant = history[cut].recorded_at;
        let until: Vec<Change> = history.iter().filter(|change| change.recorded_at <= instant).cloned().collect();
        prop_assert_eq!(state(&history, on, Some(instant)), state(&until, on, None));
        let mut shuffled = history.clone();
        shuffled.reverse();
        prop_assert_eq!(state(&shuffled, on, None), state(&history, on, None));
    }

    /// Since the day that is named, the fact was what it is; the day before it was not.
    #[test]
    fn since_when_is_told_truly(history in any_history(), on in 0..70_i64) {
        let on = day("2026-01-01") + chrono::TimeDelta::days(on);
        let value = |day: NaiveDate| state(&history, day, None).and_then(|facts| facts.get(Fact::Phone).map(str::to_owned));
        if let Some(since) = held_since(&history, Fact::Phone, on) {
            for day in since.iter_days().take_while(|day| *day <= on) {
                prop_assert_eq!(value(day), value(on));
            }
            let before = since.pred_opt().unwrap();
            let was_said = history.iter().any(|change| change.since <= before && change.facts.says(Fact::Phone));
            prop_assert!(!was_said || value(before) != value(on));
        }
    }
}
