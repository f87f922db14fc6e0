//! The cells of a report in their column: what goes in comes out, and what was written before is still read.

use chrono::TimeDelta;
use rust_decimal::Decimal;
use youju_domain::report::{Cell, CellId, Cells, Derivation, Report, State, Value, ValueState};
use youju_store::{Db, StoreError, report, sql};

use crate::chain::{filled, id, report_of, run};
use crate::engines::now;

fn cell(value: Value, state: ValueState, by: u128, minutes: i64) -> Cell {
    let at = now() + TimeDelta::minutes(minutes);
    Cell { value, state, by: id(by), at, derivation: None, generated: None, reason: None }
}

/// Cells of two people at three times, of every value and state, one with all that a cell can hold.
fn cells() -> Cells {
    let number = |text: &str| Value::Number(text.parse::<Decimal>().unwrap());
    let derivation = Derivation {
        import: Some(id(7)),
        report: None,
        books: vec![id(8)],
        record: None,
        formula: "ytd_credit_6001".into(),
        sentence: "6001 本年累计贷方 12.50 元".into(),
        exact: Some("12.50".parse().unwrap()),
        inputs: Vec::new(),
    };
    let edited = Cell {
        derivation: Some(Box::new(derivation)),
        generated: Some(number("13")),
        reason: Some("按“合同”更正".into()),
        ..cell(number("-0.50"), ValueState::Edited, 501, 2)
    };
    [
        ("c301", cell(number("1234567890123456789012.3456"), ValueState::Collected, 500, 0)),
        ("c302", cell(Value::Blank, ValueState::Prefilled, 501, 1)),
        ("c303", cell(Value::NotApplicable, ValueState::Forced, 500, 1)),
        ("p.3.10", cell(Value::Text("#12 \"号\"\\厂房".into()), ValueState::Computed, 500, 2)),
        ("c304", edited),
    ]
    .into_iter()
    .map(|(id, cell)| (CellId::new(id), cell))
    .collect()
}

async fn keep(db: &Db, report: &Report) -> Report {
    let mut tx = db.write().await.unwrap();
    report::put(&mut tx, report).await.unwrap();
    let read = report::get(&mut tx, report.id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    read
}

#[test]
fn cells_come_out_of_their_column_as_they_went_in() {
    run(async |db| {
        let units = filled(&db).await;
        let mut report = report_of(&units[0], 10, State::Draft);
        for kept in [cells(), cells().into_iter().take(1).collect(), Cells::new()] {
            report.cells = kept;
            let read = keep(&db, &report).await;
            assert_eq!(read.cells, report.cells);
            report.revision = read.revision;
        }
    });
}

#[test]
fn cells_that_were_written_with_person_and_instant_in_each_are_still_read() {
    run(async |db| {
        filled(&db).await;
        let before = serde_json::to_value(cells()).unwrap();
        assert!(before["c301"]["at"].is_string(), "{before}");
        let mut tx = db.write().await.unwrap();
        tx.run(sql("update report set cells = $1 where form = 'B203'").bind(before)).await.unwrap().any();
        let read = report::get(&mut tx, id(10)).await.unwrap().unwrap();
        assert_eq!(read.cells, cells());
    });
}

#[test]
fn a_cell_of_nobody_is_an_accident_and_no_guess() {
    run(async |db| {
        filled(&db).await;
        for document in [
            r##"{"#": {"by": [], "at": []}, "c301": {"value": {"number": "1"}, "by": 0, "at": 0}}"##,
            r#"{"c301": {"value": {"number": "1"}, "by": 0, "at": 0}}"#,
            r#"{"c301": {"value": {"number": "1"}, "by": "王敏", "at": "2026-03-05T08:30:00Z"}}"#,
            r#"{"c301": {"value": {"number": "1"}, "by": -1, "at": 0}}"#,
        ] {
            let document: serde_json::Value = serde_json::from_str(document).unwrap();
            let mut tx = db.write().await.unwrap();
            tx.run(sql("update report set cells = $1 where form = 'B203'").bind(document.clone())).await.unwrap().any();
            let refused = report::get(&mut tx, id(10)).await.unwrap_err();
            assert!(matches!(refused, StoreError::Fault { .. }), "{document}: {refused:?}");
        }
    });
}
