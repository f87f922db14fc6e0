use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;
use youju_codes::{AreaCode, Industry, Period};
use youju_domain::id::Id;
use youju_domain::report::{CellId, Level};
use youju_domain::total::{Accepted, FrameKey, Grouping, Summed, TotalsRequest};
use youju_frames::{Frames, FramesError};

fn key(period: &str) -> FrameKey {
    FrameKey { form: "B203".into(), period: Period::parse(period).unwrap() }
}

fn accepted(number: u128, area: &str, industry: &str, level: Level, cells: &[(&str, &str)]) -> Accepted {
    Accepted {
        report: Id::new(Uuid::from_u128(number)),
        unit: Id::new(Uuid::from_u128(number + 1_000)),
        area: AreaCode::parse(area).unwrap(),
        industry: Industry::parse(industry).unwrap(),
        level,
        cells: cells.iter().map(|(cell, value)| (CellId::new(*cell), value.parse().unwrap())).collect(),
    }
}

fn request(by: Grouping) -> TotalsRequest {
    TotalsRequest {
        key: key("2026-03"),
        area: AreaCode::parse("330781").unwrap(),
        level: Level::County,
        cells: vec![
            Summed { cell: CellId::new("c301"), last_year: Some(CellId::new("c301_ly")) },
            Summed { cell: CellId::new("c327"), last_year: None },
        ],
        by,
    }
}

fn frames() -> (tempfile::TempDir, Frames) {
    let folder = tempfile::tempdir().unwrap();
    let frames = Frames::open(folder.path()).unwrap();
    (folder, frames)
}

#[test]
fn a_county_adds_up_its_townships_and_compares_like_with_like() {
    let (_folder, frames) = frames();
    let rows = [
        accepted(1, "330781001000", "1311", Level::City, &[("c301", "1200"), ("c301_ly", "1000"), ("c327", "-5")]),
        // A new unit without last year: in the sum, not in the growth.
        accepted(2, "330781001000", "1311", Level::County, &[("c301", "0.5")]),
        accepted(3, "330781100000", "2611", Level::County, &[("c301", "300"), ("c301_ly", "400")]),
        // Only last year: it says nothing about growth either.
        accepted(4, "330781100000", "2611", Level::County, &[("c301_ly", "77")]),
        accepted(5, "330782001000", "2611", Level::County, &[("c301", "999")]),
    ];
    frames.put(&key("2026-03"), 9, &rows).unwrap();
    let rows = frames.totals(&request(Grouping::Township)).unwrap();
    let print = |value: Option<Decimal>| value.map_or_else(|| "-".to_owned(), |v| v.to_string());
    let seen: Vec<(&str, u64, [String; 4])> = rows
        .iter()
        .map(|row| {
            let sum = &row.sums[0];
            let growth = print(sum.growth());
            (row.group.as_str(), row.units, [print(sum.this), print(sum.comparable), print(sum.last_year), growth])
        })
        .collect();
    let texts = |list: [&str; 4]| list.map(str::to_owned);
    assert_eq!(
        seen,
        [
            ("", 4, texts(["1500.5", "1500", "1400", "7.1"])),
            ("330781001", 2, texts(["1200.5", "1200", "1000", "20.0"])),
            ("330781100", 2, texts(["300", "300", "400", "-25.0"])),
        ]
    );
    // Nobody else reported a profit: the sum is that of one, not zero for the others.
    assert_eq!(rows[2].sums[1].this, None);
    assert_eq!(rows[0].sums[1].this, Some(Decimal::from(-5)));
    assert_eq!(rows[0].sums[1].growth(), None);
}

#[test]
fn the_city_counts_only_what_it_has_accepted_itself() {
    let (_folder, frames) = frames();
    let rows = [
        accepted(1, "330781001000", "1311", Level::City, &[("c301", "7")]),
        accepted(2, "330781001000", "1311", Level::County, &[("c301", "8")]),
    ];
    frames.put(&key("2026-03"), 1, &rows).unwrap();
    let totals = frames.totals(&TotalsRequest { level: Level::City, ..request(Grouping::Section) }).unwrap();
    assert_eq!(totals[0].sums[0].this, Some(Decimal::from(7)));
    assert_eq!(totals[1].group, "C");
}

#[test]
fn without_a_file_there_are_no_rows_and_nothing_is_fresh() {
    let (_folder, frames) = frames();
    assert!(frames.totals(&request(Grouping::Division)).unwrap().is_empty());
    assert!(!frames.is_fresh(&key("2026-03"), 0));
    frames.put(&key("2026-03"), 5, &[]).unwrap();
    assert!(frames.is_fresh(&key("2026-03"), 5));
    assert!(!frames.is_fresh(&key("2026-03"), 6));
    // An older data base was restored beside newer columns.
    assert!(!frames.is_fresh(&key("2026-03"), 4));
    assert!(frames.totals(&request(Grouping::Division)).unwrap().is_empty());
}

#[test]
fn a_half_written_file_of_a_crash_is_not_seen() {
    let (folder, frames) = frames();
    frames.put(&key("2026-03"), 5, &[accepted(1, "330781001000", "1311", Level::City, &[("c301", "7")])]).unwrap();
    std::fs::write(folder.path().join("B203/2026-03.1-1.tmp"), b"PAR1 half").unwrap();
    assert_eq!(frames.totals(&request(Grouping::Section)).unwrap()[0].units, 1);
    // A damaged file counts as stale, so that it is written anew.
    std::fs::write(folder.path().join("B203/2026-03.parquet"), b"PAR1 half").unwrap();
    assert!(!frames.is_fresh(&key("2026-03"), 5));
}

#[test]
fn a_figure_with_too_many_digits_is_refused_with_its_place() {
    let (_folder, frames) = frames();
    for figure in ["0.00001", "1000000000000000000"] {
        let rows = [accepted(1, "330781001000", "1311", Level::City, &[("c301", figure)])];
        let refused = frames.put(&key("2026-03"), 1, &rows).unwrap_err();
        assert!(matches!(&refused, FramesError::Figure { cell, .. } if cell == "c301"), "{refused}");
    }
}

#[test]
fn it_can_be_called_from_inside_a_server() {
    let (_folder, frames) = frames();
    frames.put(&key("2026-03"), 1, &[accepted(1, "330781001000", "1311", Level::City, &[("c301", "7")])]).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let units = runtime.block_on(async move {
        tokio::task::spawn_blocking(move || frames.totals(&request(Grouping::Section)).unwrap()[0].units).await.unwrap()
    });
    assert_eq!(units, 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Sums equal a plain recount, and every partition of the units gives the same grand total.
    #[test]
    fn totals_equal_a_plain_recount(figures in prop::collection::vec((0..4_usize, 0..3_usize, prop::option::of(-10_i64.pow(14)..10_i64.pow(14)), 0..5_u32), 1..60)) {
        let areas = ["330781001000", "330781002000", "330781100000", "330781200000"];
        let industries = ["1311", "2611", "4411"];
        let mut recount: BTreeMap<String, Decimal> = BTreeMap::new();
        let mut rows = Vec::new();
        for (number, (area, industry, figure, scale)) in figures.iter().enumerate() {
            let mut row = accepted(number as u128, areas[*area], industries[*industry], Level::County, &[]);
            if let Some(figure) = figure {
                let value = Decimal::new(*figure, *scale);
                row.cells.insert(CellId::new("c301"), value);
                *recount.entry(areas[*area][..9].to_owned()).or_default() += value;
            }
            rows.push(row);
        }
        let (_folder, frames) = frames();
        frames.put(&key("2026-03"), 1, &rows).unwrap();
        let townships = frames.totals(&request(Grouping::Township)).unwrap();
        for row in &townships[1..] {
            prop_assert_eq!(row.sums[0].this, recount.get(&row.group).copied());
        }
        let grand = townships[0].sums[0].this;
        prop_assert_eq!(grand.unwrap_or_default(), recount.values().sum::<Decimal>());
        for by in [Grouping::County, Grouping::Division, Grouping::Section] {
            prop_assert_eq!(frames.totals(&request(by)).unwrap()[0].sums[0].this, grand);
        }
    }
}
