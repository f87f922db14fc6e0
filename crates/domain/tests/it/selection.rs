//! Which report to look at first.

use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_domain::selection::{Basis, Figure, REMAINDER_MAX, rank};

fn figure(now: i64, previous: Option<i64>, last_year: Option<i64>) -> Figure {
    Figure { now: Some(now.into()), previous: previous.map(Decimal::from), last_year: last_year.map(Decimal::from) }
}

/// Six factories that grew by a tenth like everybody.
fn steady() -> Vec<Vec<Figure>> {
    [1_000, 2_000, 3_000, 4_000, 5_000, 6_000].map(|past| vec![figure(past * 11 / 10, Some(past), None)]).to_vec()
}

#[test]
fn what_moves_the_total_most_stands_first_and_says_why() {
    let mut reports = steady();
    reports.push(vec![figure(22_000, Some(2_000), None)]); // ten times too much
    reports.push(vec![figure(40, Some(400), None)]); // ten times too little, of a small unit
    reports.push(vec![figure(900, None, Some(500))]); // last year is all that is known
    reports.push(vec![figure(700, None, None)]); // new in the register
    let ranked = rank(&reports);
    let order: Vec<usize> = ranked.iter().map(|one| one.place).collect();
    assert_eq!(order, [6, 9, 7, 8, 0, 1, 2, 3, 4, 5]);
    let first = ranked[0].most.unwrap();
    assert_eq!((first.now, first.expected, first.basis), (22_000.into(), 2_200.into(), Basis::Previous));
    let bases: Vec<Basis> = ranked.iter().take(4).map(|one| one.most.unwrap().basis).collect();
    assert_eq!(bases, [Basis::Previous, Basis::None, Basis::Previous, Basis::LastYear]);
    // The steady ones together move nothing; the first four each move too much or are needed to stay below a hundredth.
    let small: Vec<usize> = ranked.iter().filter(|one| one.is_small).map(|one| one.place).collect();
    assert_eq!(small, [7, 8, 0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_figure_that_has_gone_missing_weighs_what_it_should_have_been() {
    let mut reports = steady();
    reports.push(vec![Figure { now: None, previous: Some(5_000.into()), last_year: None }]);
    let first = rank(&reports)[0];
    assert_eq!((first.place, first.most.unwrap().now, first.most.unwrap().expected), (6, 0.into(), 5_500.into()));
}

#[test]
fn without_reports_or_figures_nothing_is_weighed() {
    assert_eq!(rank(&[]), []);
    let blank = rank(&[vec![Figure::default()], vec![]]);
    assert!(blank.iter().all(|one| one.most.is_none() && one.is_small));
}

fn any_reports() -> impl Strategy<Value = Vec<Vec<Figure>>> {
    // Also the largest and the finest that can be typed.
    let usual = || (-1_000_000_i64..1_000_000_000).prop_map(Decimal::from);
    let extreme = || prop_oneof![Just(Decimal::MAX), Just(Decimal::MIN), Just(Decimal::from_parts(1, 0, 0, false, 28))];
    let amount = || proptest::option::of(prop_oneof![9 => usual(), 1 => extreme()]);
    let one = (amount(), amount(), amount()).prop_map(|(now, previous, last_year)| Figure { now, previous, last_year });
    proptest::collection::vec(proptest::collection::vec(one, 2), 0..40)
}

proptest! {
    #[test]
    fn every_report_has_a_place_and_the_small_ones_together_stay_small(reports in any_reports()) {
        let ranked = rank(&reports);
        let mut places: Vec<usize> = ranked.iter().map(|one| one.place).collect();
        prop_assert!(ranked.windows(2).all(|pair| pair[0].effect() >= pair[1].effect()));
        prop_assert!(ranked.windows(2).all(|pair| pair[1].is_small || !pair[0].is_small), "they stand at the end");
        places.sort_unstable();
        prop_assert_eq!(places, (0..reports.len()).collect::<Vec<_>>());
        for one in ranked.iter().filter(|one| one.is_small) {
            prop_assert!(one.effect() <= REMAINDER_MAX);
        }
    }
}
