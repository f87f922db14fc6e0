//! How fast a whole population is judged. Not part of the everyday run:
//! `cargo test --release -p youju-vtl speed -- --ignored --nocapture`.

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, RecordBatch};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;
use youju_vtl::{Program, Record, Scalar, Schema, Type, parse};

const COLUMNS: usize = 60;
const ROWS: usize = 1_000_000;

/// 40 ranges, 20 sums, 20 implications and 20 ratios to another column, as official forms have them, and as there
/// with few rows that fail.
fn source() -> String {
    let names: Vec<String> = (0..COLUMNS).map(|at| format!("v{at}")).collect();
    let rules = (0..100).map(|at| {
        let v = |k: usize| format!("v{}", (at * 7 + k * 11) % COLUMNS);
        match at % 10 {
            0..4 => format!("between({}, 100, 1650000{at})", v(0)),
            4 => format!("{} <= {} + {} + 10000000", v(0), v(1), v(2)),
            5 => format!("abs({} - ({} + {} - {})) <= 25000000", v(0), v(1), v(2), v(3)),
            6 | 7 => format!("when {} > 0 then {} > 0", v(0), v(1)),
            8 => format!("between({} / {}, 0.01, 100)", v(0), v(1)),
            _ => format!("when {} > 0 then {} / {} <= 100", v(1), v(0), v(1)),
        }
    });
    let rules: Vec<String> = rules.enumerate().map(|(at, rule)| format!("Z{at}: {rule}")).collect();
    format!(
        "define datapoint ruleset speed (variable {}) is {} end datapoint ruleset;",
        names.join(", "),
        rules.join("; ")
    )
}

fn program() -> Program {
    let schema = Schema::new((0..COLUMNS).map(|at| (format!("v{at}"), Type::Number)));
    Program::compile(parse(&source()).unwrap().rulesets().next().unwrap(), &schema).unwrap()
}

/// 24 bits, of which two in a hundred are missing.
fn figure(row: usize, column: usize) -> Option<u32> {
    let mixed = (row as u64 * 60 + column as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    (!mixed.is_multiple_of(50)).then(|| u32::try_from(mixed).unwrap())
}

fn batch(column: impl Fn(usize) -> ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable((0..COLUMNS).map(|at| (format!("v{at}"), column(at), true))).unwrap()
}

/// Seconds that this thread has really computed: on a busy machine the clock on the wall says little. Zero where the
/// system does not tell.
fn computed() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn measure(name: &str, program: &Program, batch: &RecordBatch) {
    let rules: Vec<usize> = (0..program.rules().len()).collect();
    for threads in [1, 2] {
        let threads = NonZeroUsize::new(threads).unwrap();
        let (mut times, mut cpu) = (Vec::new(), f64::INFINITY);
        let mut failed = 0;
        for _ in 0..5 {
            let (start, before) = (Instant::now(), computed());
            let verdicts = program.evaluate_on(batch, &rules, threads).unwrap();
            failed = rules.iter().map(|rule| verdicts.failing_rows(*rule).count()).sum();
            times.push(start.elapsed().as_secs_f64());
            cpu = cpu.min(computed() - before);
            assert_eq!(verdicts.rows(), batch.num_rows());
        }
        times.sort_by(f64::total_cmp);
        println!(
            "{name}, {threads} thread(s): best {:.3} s, median {:.3} s, best of the first thread {cpu:.3} s CPU; {failed} failures",
            times[0], times[2]
        );
    }
}

#[test]
#[ignore = "a measurement, not a test of behaviour"]
fn a_million_rows_of_sixty_columns_under_a_hundred_rules() {
    let program = program();
    let values = |places: f64| {
        batch(|at| Arc::new((0..ROWS).map(|row| Some(f64::from(figure(row, at)?) / places)).collect::<Float64Array>()))
    };
    measure("Float64, whole", &program, &values(1.0));
    measure("Float64, two places", &program, &values(100.0));
    let decimals = |factor: i128| {
        batch(|at| {
            let digits = (0..ROWS).map(|row| Some(i128::from(figure(row, at)?) * factor));
            Arc::new(digits.collect::<Decimal128Array>().with_precision_and_scale(38, 4).unwrap())
        })
    };
    measure("Decimal128(38, 4)", &program, &decimals(100));
    measure("Decimal128(38, 4) beyond 53 bits", &program, &decimals(10_i128.pow(12)));
}

#[test]
#[ignore = "a measurement, not a test of behaviour"]
fn one_record_and_one_keystroke() {
    let program = program();
    let mut record: Record =
        (0..COLUMNS).map(|at| (format!("v{at}"), Scalar::Number { unscaled: 12_340, scale: 4 })).collect();
    record.insert("v7".to_owned(), Scalar::Null);
    let time = |name: &str, act: &dyn Fn()| {
        act();
        let (start, before) = (Instant::now(), computed());
        (0..2000).for_each(|_| act());
        let (wall, cpu) = (start.elapsed().as_secs_f64(), computed() - before);
        println!("{name}: {:.1} µs ({:.1} µs CPU)", wall * 500.0, cpu * 500.0);
    };
    time("one record × 100 rules", &|| assert_eq!(program.evaluate_record(&record).unwrap().rows(), 1));
    let touched = program.rules_reading("v14");
    time(&format!("one keystroke, {} rules", touched.len()), &|| {
        assert_eq!(program.evaluate_record_rules(&record, &touched).unwrap().rows(), 1);
    });
    time("which rules a keystroke touches", &|| assert_eq!(program.rules_reading("v14"), touched));
}
