//! How fast a whole population is judged. Not part of the everyday run:
//! `cargo test --release -p youju-vtl speed -- --ignored --nocapture`.

use arrow_array::{ArrayRef, Decimal128Array, RecordBatch};
use std::sync::Arc;
use std::time::Instant;
use youju_vtl::{Program, Record, Scalar, Schema, Type, parse};

const COLUMNS: usize = 60;

/// Ranges, sums with tolerance, implications and ratios, as official forms have them.
fn source() -> String {
    let names: Vec<String> = (0..COLUMNS).map(|at| format!("v{at}")).collect();
    let rules = (0..50).map(|at| {
        let v = |k: usize| format!("v{}", (at * 7 + k * 11) % COLUMNS);
        match at % 5 {
            0 => format!("{} >= {}", v(0), v(1)),
            1 => format!("abs({} - ({} + {} - {})) <= 2", v(0), v(1), v(2), v(3)),
            2 => format!("when {} > 0 then {} > 0", v(0), v(1)),
            3 => format!("when {} > 0 then not between({} / {}, 950, 1050)", v(1), v(0), v(1)),
            _ => format!("between({}, 0, 1000000)", v(0)),
        }
    });
    let rules: Vec<String> = rules.enumerate().map(|(at, rule)| format!("Z{at}: {rule}")).collect();
    format!(
        "define datapoint ruleset speed (variable {}) is {} end datapoint ruleset;",
        names.join(", "),
        rules.join("; ")
    )
}

#[test]
#[ignore = "a measurement, not a test of behaviour"]
fn a_million_rows_of_sixty_columns_under_fifty_rules() {
    let schema = Schema::new((0..COLUMNS).map(|at| (format!("v{at}"), Type::Number)));
    let program = Program::compile(parse(&source()).unwrap().rulesets().next().unwrap(), &schema).unwrap();
    let rows = 1_000_000_usize;
    let columns = (0..COLUMNS).map(|at| {
        let values = (0..rows).map(|row| {
            let mixed = (row as u64 * 60 + at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            (!mixed.is_multiple_of(50)).then(|| i128::from(mixed) * 10)
        });
        let array: Decimal128Array = values.collect();
        (format!("v{at}"), Arc::new(array.with_precision_and_scale(38, 4).unwrap()) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap();
    let start = Instant::now();
    let verdicts = program.evaluate(&batch).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let failed: usize = verdicts.rules().map(|rule| verdicts.counts(rule).failed).sum();
    assert_eq!(verdicts.rows(), rows);
    println!("{rows} rows × 50 rules: {seconds:.3} s, {:.0} M rule-rows/s, {failed} failures", 50.0 / seconds);

    let record: Record =
        (0..COLUMNS).map(|at| (format!("v{at}"), Scalar::Number { unscaled: 12_340, scale: 4 })).collect();
    let start = Instant::now();
    for _ in 0..1000 {
        assert_eq!(program.evaluate_record(&record).unwrap().rows(), 1);
    }
    println!("one record × 50 rules: {:.0} µs", start.elapsed().as_secs_f64() * 1000.0);
}
