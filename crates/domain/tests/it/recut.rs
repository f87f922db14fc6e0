//! What an area code of one day is on another: stories, and laws over random histories.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use youju_codes::AreaCode;
use youju_domain::organisation::{Cut, Recut, is_reversible, recut};

use crate::make::area;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn cut(on: &str, from: &[&str], into: &[&str]) -> Cut {
    let codes = |codes: &[&str]| codes.iter().map(|code| area(code)).collect();
    Cut { on: day(on), from: codes(from), into: codes(into) }
}

fn codes(of: &Recut) -> Vec<&str> {
    of.codes.iter().map(AreaCode::prefix).collect()
}

/// 香溪镇 (108) and 马涧镇 (109) become 香溪镇 (108); later 兰江街道 (001) is split into itself and 金角街道 (008).
fn history() -> Vec<Cut> {
    vec![
        cut("2024-01-01", &["330781108", "330781109"], &["330781108"]),
        cut("2025-07-01", &["330781001"], &["330781001", "330781008"]),
    ]
}

#[test]
fn a_township_that_was_merged_lies_wholly_in_the_other_from_that_day_on() {
    let history = history();
    let ask = |code, from, to| recut(&history, area(code), day(from), day(to));
    assert_eq!(codes(&ask("330781109", "2023-12-31", "2024-01-01")), ["330781108"]);
    assert_eq!(codes(&ask("330781109", "2023-12-31", "2023-06-01")), ["330781109"]);
    assert_eq!(codes(&ask("330781102", "2023-12-31", "2026-01-01")), ["330781102"]);
    // What is one today was two before: which of them cannot be told from the code.
    assert_eq!(codes(&ask("330781108", "2024-01-01", "2023-12-31")), ["330781108", "330781109"]);
    assert_eq!(ask("330781109", "2023-12-31", "2024-01-01").only(), Some(area("330781108")));
    assert_eq!(ask("330781001", "2025-06-30", "2025-07-01").only(), None);
}

#[test]
fn a_merger_and_the_split_that_takes_it_back_are_told_as_not_reversible() {
    let history = vec![
        cut("2024-01-01", &["330781108", "330781109"], &["330781108"]),
        cut("2026-01-01", &["330781108"], &["330781108", "330781109"]),
    ];
    let (before, after) = (day("2023-01-01"), day("2026-06-01"));
    for code in ["330781108", "330781109"] {
        assert_eq!(codes(&recut(&history, area(code), before, after)), ["330781108", "330781109"]);
        assert!(!is_reversible(&history, area(code), before, after), "{code}");
    }
    assert!(is_reversible(&history, area("330781001"), before, after));
    assert!(!is_reversible(&history, area("330781109"), before, day("2024-06-01")), "two towns lie in the one");
}

#[test]
fn a_new_name_keeps_the_code_and_a_new_code_is_followed() {
    // 灵洞乡 becomes a town: a new code, and its villages with it on the same day, whatever was entered first.
    let town = cut("2025-01-01", &["330781200"], &["330781113"]);
    let village = cut("2025-01-01", &["330781200201"], &["330781113201"]);
    for history in [vec![town.clone(), village.clone()], vec![village, town]] {
        let ask = |code, from, to| recut(&history, area(code), day(from), day(to));
        assert_eq!(codes(&ask("330781200", "2024-12-31", "2025-01-01")), ["330781113"]);
        assert_eq!(codes(&ask("330781200201", "2024-12-31", "2025-01-01")), ["330781113201"]);
        assert_eq!(codes(&ask("330781113201", "2025-01-01", "2024-12-31")), ["330781200201"]);
        assert!(is_reversible(&history, area("330781200201"), day("2024-12-31"), day("2025-01-01")));
        // What became of another village was not entered: only the township is known.
        let other = ask("330781200202", "2024-12-31", "2025-01-01");
        assert!(other.is_coarse && codes(&other) == ["330781113"], "{other:?}");
        assert!(!is_reversible(&history, area("330781200202"), day("2024-12-31"), day("2025-01-01")));
    }
}

#[test]
fn what_ended_without_a_successor_is_nowhere() {
    let history = vec![cut("2025-01-01", &["330781209"], &[])];
    assert!(recut(&history, area("330781209"), day("2024-01-01"), day("2025-01-01")).codes.is_empty());
    assert!(!is_reversible(&history, area("330781209"), day("2024-01-01"), day("2025-01-01")));
}

/// A step of a random history: which of the codes that are there, and into how many.
#[derive(Debug, Clone)]
enum Step {
    Merge(usize, usize),
    Split(usize, bool),
    Recode(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        (0..20_usize, 0..20_usize).prop_map(|(a, b)| Step::Merge(a, b)),
        (0..20_usize, any::<bool>()).prop_map(|(a, stays)| Step::Split(a, stays)),
        (0..20_usize).prop_map(Step::Recode),
    ];
    prop::collection::vec(one, 1..12)
}

/// A history in which no code is used twice, with the codes that are there after each of its days.
fn told(steps: &[Step]) -> (Vec<Cut>, Vec<(NaiveDate, BTreeSet<AreaCode>)>) {
    let mut next = 10_u32;
    let mut fresh = || {
        next += 1;
        area(&format!("330781{next:03}"))
    };
    let mut now: BTreeSet<AreaCode> = (1..=4).map(|number| area(&format!("33078100{number}"))).collect();
    let mut on = day("2020-01-01");
    let (mut cuts, mut days) = (Vec::new(), vec![(on, now.clone())]);
    for step in steps {
        on = on + Days::new(30);
        let pick = |index: usize| now.iter().nth(index % now.len()).copied().unwrap();
        let (from, into) = match *step {
            Step::Merge(a, b) if now.len() > 1 && pick(a) != pick(b) => (vec![pick(a), pick(b)], vec![pick(a)]),
            Step::Merge(a, _) | Step::Recode(a) => (vec![pick(a)], vec![fresh()]),
            Step::Split(a, true) => (vec![pick(a)], vec![pick(a), fresh()]),
            Step::Split(a, false) => (vec![pick(a)], vec![fresh(), fresh()]),
        };
        now.retain(|code| !from.contains(code));
        now.extend(&into);
        cuts.push(Cut { on, from, into });
        days.push((on, now.clone()));
    }
    (cuts, days)
}

fn image(cuts: &[Cut], codes: &BTreeSet<AreaCode>, from: NaiveDate, to: NaiveDate) -> BTreeSet<AreaCode> {
    codes.iter().flat_map(|code| recut(cuts, *code, from, to).codes).collect()
}

proptest! {
    #[test]
    fn a_chain_of_events_composes(steps in steps(), pick in any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>()) {
        let (cuts, days) = told(&steps);
        let mut at = [pick.0.index(days.len()), pick.1.index(days.len()), pick.2.index(days.len())];
        at.sort_unstable();
        let [first, middle, last] = at.map(|index| days[index].0);
        for code in &days[at[0]].1 {
            let direct = recut(&cuts, *code, first, last).codes;
            let by_way = image(&cuts, &recut(&cuts, *code, first, middle).codes, middle, last);
            prop_assert_eq!(direct, by_way);
        }
        for code in &days[at[2]].1 {
            let direct = recut(&cuts, *code, last, first).codes;
            let by_way = image(&cuts, &recut(&cuts, *code, last, middle).codes, middle, first);
            prop_assert_eq!(direct, by_way);
        }
    }

    #[test]
    fn all_codes_of_a_day_together_are_all_codes_of_another(steps in steps()) {
        let (cuts, days) = told(&steps);
        for (from, codes) in &days {
            for (to, others) in &days {
                prop_assert_eq!(&image(&cuts, codes, *from, *to), others);
            }
        }
    }

    #[test]
    fn there_and_back_holds_the_code_and_is_only_the_code_where_told_reversible(steps in steps()) {
        let (cuts, days) = told(&steps);
        for (from, codes) in &days {
            for (to, _) in &days {
                for code in codes {
                    let there = recut(&cuts, *code, *from, *to);
                    let back = image(&cuts, &there.codes, *to, *from);
                    prop_assert!(back.contains(code));
                    let only = there.only().is_some() && back.len() == 1;
                    prop_assert_eq!(is_reversible(&cuts, *code, *from, *to), only);
                }
            }
        }
    }
}
