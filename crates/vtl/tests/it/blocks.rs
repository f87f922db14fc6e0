//! Nothing happens at the edges of words, blocks and batches.

use crate::case::batch;
use arrow_array::RecordBatch;
use proptest::prelude::*;
use youju_vtl::{Counts, Program, Record, Scalar, Schema, Type, Verdict, Why, parse};

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
}
