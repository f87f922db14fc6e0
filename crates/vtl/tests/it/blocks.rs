//! Nothing happens at the edges of words, blocks and batches.

use crate::case::batch;
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use proptest::prelude::*;
use std::num::NonZeroUsize;
use std::sync::Arc;
use youju_vtl::{
    Counts, EvalError, Expression, Program, Record, Scalar, Schema, Type, Verdict, Why, parse, parse_expression,
};

fn schema() -> Schema {
    Schema::new([("total", Type::Number), ("part", Type::Number), ("kind", Type::String), ("open", Type::Boolean)])
}

fn program() -> Program {
    let source = "define datapoint ruleset edges (variable total, part, kind, open) is
        total: when open then total >= part;
        text: kind in {\"1\", \"3\"};
        ratio: part / total < 0.5 end datapoint ruleset;";
    Program::compile(parse(source).unwrap().rulesets().next().unwrap(), &schema()).unwrap()
}

/// Row `i` of an endless table whose verdicts are easy to tell.
fn record(i: usize) -> Record {
    let number = |n: usize| Scalar::Integer(i64::try_from(n).unwrap());
    let total = if i % 7 == 3 { Scalar::Null } else { number(i % 5) };
    let open = if i % 11 == 5 { Scalar::Null } else { Scalar::Boolean(!i.is_multiple_of(3)) };
    Record::from([
        ("total".into(), total),
        ("part".into(), number(i % 4)),
        ("kind".into(), Scalar::Text((i % 4).to_string())),
        ("open".into(), open),
    ])
}

fn expected(i: usize) -> [Verdict; 3] {
    let (total, part) = ((i % 7 != 3).then_some(i % 5), i % 4);
    let pass = |holds: bool| if holds { Verdict::Pass } else { Verdict::Fail };
    let null = Verdict::Undecided(Why::Null);
    let sum = match (i % 11 == 5, i.is_multiple_of(3), total) {
        (true, _, _) => null,
        (_, true, _) => Verdict::Pass,
        (_, _, None) => null,
        (_, _, Some(total)) => pass(total >= part),
    };
    let ratio = match total {
        None => null,
        Some(0) => Verdict::Undecided(Why::Arithmetic),
        Some(total) => pass(2 * part < total),
    };
    [sum, pass(part % 2 == 1), ratio]
}

fn rows(range: std::ops::Range<usize>) -> RecordBatch {
    batch(&schema(), &range.map(record).collect::<Vec<_>>(), 2)
}

#[test]
fn every_length_around_the_edges_of_words_and_blocks_is_judged_to_the_last_row() {
    let program = program();
    for length in [0, 1, 2, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2047, 2048, 2049, 4100] {
        let verdicts = program.evaluate(&rows(0..length)).unwrap();
        assert_eq!(verdicts.rows(), length);
        for i in 0..length {
            for (rule, expected) in expected(i).into_iter().enumerate() {
                assert_eq!(verdicts.verdict(rule, i), Some(expected), "rule {rule}, row {i} of {length}");
            }
        }
        assert_eq!(verdicts.verdict(0, length), None);
        for rule in 0..3 {
            let failing: Vec<usize> = (0..length).filter(|i| expected(*i)[rule] == Verdict::Fail).collect();
            assert_eq!(verdicts.failing_rows(rule).collect::<Vec<_>>(), failing);
            let Counts { tested, passed, failed, undecided, broken, not_applicable } = verdicts.counts(rule);
            assert_eq!(failed, failing.len());
            assert_eq!(passed + failed, tested);
            assert_eq!(tested + undecided + not_applicable, length);
            assert_eq!(verdicts.undecided_rows(rule).count(), undecided);
            assert!(broken <= undecided);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn batches_of_any_cut_and_slices_of_arrays_give_the_same_verdicts(
        cuts in prop::collection::vec(0_usize..400, 1..8),
        offset in 0_usize..130,
    ) {
        let program = program();
        let length: usize = cuts.iter().sum();
        let whole = program.evaluate(&rows(0..length)).unwrap();
        let padded = rows(0..length + offset);
        let mut joined = program.evaluate(&rows(0..0)).unwrap();
        let mut start = 0;
        for cut in cuts {
            joined.append(&program.evaluate(&padded.slice(start, cut)).unwrap()).unwrap();
            start += cut;
        }
        prop_assert_eq!(&joined, &whole);
        let shifted = program.evaluate(&padded.slice(offset, length)).unwrap();
        for row in 0..length {
            for (rule, expected) in expected(row + offset).into_iter().enumerate() {
                prop_assert_eq!(shifted.verdict(rule, row), Some(expected));
            }
        }
    }

    #[test]
    fn any_number_of_threads_and_any_cut_of_a_stream_give_the_same_verdicts(
        cuts in prop::collection::vec(0_usize..6000, 1..5),
        threads in 1_usize..5,
    ) {
        let program = program();
        let threads = NonZeroUsize::new(threads).unwrap();
        let length: usize = cuts.iter().sum();
        let table = rows(0..length);
        let whole = program.evaluate(&table).unwrap();
        prop_assert_eq!(&program.evaluate_on(&table, &[2, 0, 1], threads).unwrap(), &whole);
        let mut stream = program.stream(threads);
        let mut taken = program.evaluate(&rows(0..0)).unwrap();
        let mut start = 0;
        for (at, cut) in cuts.into_iter().enumerate() {
            stream.push(&table.slice(start, cut)).unwrap();
            start += cut;
            if at % 2 == 1 {
                taken.append(&stream.take()).unwrap();
            }
        }
        taken.append(&stream.take()).unwrap();
        prop_assert_eq!(&taken, &whole);
        prop_assert_eq!(stream.rows(), length);
        for rule in 0..3 {
            prop_assert_eq!(stream.counts(rule), whole.counts(rule));
        }
    }
}

#[test]
fn a_stream_and_threads_name_the_row_of_the_first_value_that_cannot_be_taken() {
    let floats = |values: Vec<f64>| {
        let table = rows(0..values.len());
        let column: ArrayRef = Arc::new(Float64Array::from(values));
        RecordBatch::try_from_iter_with_nullable(table.schema().fields().iter().zip(table.columns()).map(
            |(field, old)| {
                (
                    field.name().clone(),
                    if field.name() == "total" { Arc::clone(&column) } else { Arc::clone(old) },
                    true,
                )
            },
        ))
        .unwrap()
    };
    let row_of = |error: EvalError| if let EvalError::Float { row, .. } = error { row } else { panic!("{error}") };
    let program = program();
    let mut values = vec![2.5; 9000];
    values[8000] = f64::NAN;
    values[5000] = 0.1 + 0.2;
    let three = NonZeroUsize::new(3).unwrap();
    assert_eq!(row_of(program.evaluate(&floats(values.clone())).unwrap_err()), 5000);
    assert_eq!(row_of(program.evaluate_on(&floats(values.clone()), &[0, 1, 2], three).unwrap_err()), 5000);
    let mut stream = program.stream(three);
    stream.push(&floats(vec![1.0; 1500])).unwrap();
    assert_eq!(row_of(stream.push(&floats(values)).unwrap_err()), 6500);
    assert_eq!((stream.rows(), stream.take().rows()), (1500, 1500), "a refused batch leaves nothing behind");
}

/// More and more decimal places turn up, in one column after the other; what was judged before stays.
#[test]
fn decimal_places_that_turn_up_late_change_nothing() {
    let value = |row: usize| match row / 1500 {
        0 => Scalar::Integer(i64::try_from(row % 5).unwrap()),
        step => {
            let scale = u8::try_from(step).unwrap();
            Scalar::Number { unscaled: i128::try_from(row % 5).unwrap() * 10_i128.pow(u32::from(scale)) + 1, scale }
        }
    };
    let records: Vec<Record> = (0..9000)
        .map(|row| {
            let mut record = record(row);
            record.insert("total".into(), value(row));
            record
        })
        .collect();
    let exact = batch(&schema(), &records, 2);
    let floats: Float64Array = (0..9000).map(|row| value(row).to_string().parse::<f64>().ok()).collect();
    let layout = exact.schema();
    let columns = layout.fields().iter().zip(exact.columns()).map(|(field, old)| {
        let floats: ArrayRef = Arc::new(floats.clone());
        (field.name().clone(), if field.name() == "total" { floats } else { Arc::clone(old) }, true)
    });
    let table = RecordBatch::try_from_iter_with_nullable(columns.collect::<Vec<_>>()).unwrap();
    let program = program();
    let verdicts = program.evaluate(&table).unwrap();
    assert_eq!(verdicts, program.evaluate(&exact).unwrap());
    assert_eq!(verdicts, program.evaluate_on(&table, &[0, 1, 2], NonZeroUsize::new(4).unwrap()).unwrap());
    let sum = Expression::compile(&parse_expression("total + part").unwrap(), &schema()).unwrap();
    let digits = |batch: &RecordBatch| {
        let values = sum.evaluate(batch).unwrap();
        values.array.as_primitive::<Decimal128Type>().values().iter().copied().collect::<Vec<_>>()
    };
    assert_eq!(digits(&table), digits(&exact));
}
