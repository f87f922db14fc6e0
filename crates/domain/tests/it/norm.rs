//! Who is owed where, by the number of units.

use youju_domain::norm::{Minimum, Norm, Post, owed};
use youju_domain::organisation::Kind;

fn norm(id: &str, (from, below): (u64, Option<u64>), only: &[&str], least: u32) -> Norm {
    let minimum = Minimum { post: Post::FullTime, least, term_years: None, words: "原文".into() };
    Norm {
        id: id.into(),
        kinds: vec![Kind::Township],
        only: only.iter().map(|key| (*key).to_owned()).collect(),
        units_from: from,
        units_below: below,
        minima: vec![minimum],
        source: "方案".into(),
        paragraph: "一".into(),
    }
}

#[test]
fn a_norm_begins_with_its_first_number_and_ends_before_its_last() {
    let norms = [norm("small", (0, Some(1000)), &[], 3), norm("large", (1000, None), &[], 6)];
    let least = |kind, units| owed(&norms, kind, None, units).iter().map(|(_, one)| one.least).collect::<Vec<_>>();
    assert_eq!(least(Kind::Township, 0), [3]);
    assert_eq!(least(Kind::Township, 999), [3]);
    assert_eq!(least(Kind::Township, 1000), [6]);
    assert_eq!(least(Kind::Street, 1000), [0_u32; 0]);
}

#[test]
fn a_norm_for_named_organisations_is_for_nobody_else() {
    let norms = [norm("one", (0, None), &["lanxi/youbu"], 4)];
    let count = |key| owed(&norms, Kind::Township, key, 10).len();
    assert_eq!([count(Some("lanxi/youbu")), count(Some("lanxi/zhuge")), count(None)], [1, 0, 0]);
}
