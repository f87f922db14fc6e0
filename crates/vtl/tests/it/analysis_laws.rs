//! What the analysis claims holds for random rules on random records, judged by the engine.

use crate::case::batch;
use proptest::prelude::*;
use youju_vtl::{Note, NoteKind, Program, Range, Ranges, Record, Scalar, Schema, Type, Verdict, Verdicts, analyse};

const NUMBERS: [&str; 4] = ["a", "b", "c", "d"];
/// Smallest and largest value in halves, and whether all values are whole.
const HALVES: [(i64, i64, bool); 4] = [(0, 24, false), (2, 20, true), (-12, 12, false), (-16, 16, true)];

fn schema() -> Schema {
    Schema::new(
        NUMBERS.map(|name| (name, Type::Number)).into_iter().chain([("s", Type::String), ("ok", Type::Boolean)]),
    )
}

fn ranges() -> Ranges {
    let half = |halves: i64| Some(Scalar::Number { unscaled: i128::from(halves) * 5, scale: 1 });
    let numbers = NUMBERS
        .iter()
        .zip(HALVES)
        .map(|(name, (min, max, is_whole))| (*name, Range { min: half(min), max: half(max), is_whole, codes: None }));
    let codes = Range { codes: Some(["1", "2", "3"].map(str::to_owned).into()), ..Range::default() };
    Ranges::new(numbers.chain([("s", codes)]))
}

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => prop::sample::select(NUMBERS.to_vec()).prop_map(str::to_owned),
        2 => (0_i32..13).prop_map(|n| n.to_string()),
        1 => prop::sample::select(vec!["0.5", "1.5"]).prop_map(str::to_owned),
        1 => prop::sample::select(NUMBERS.to_vec()).prop_map(|name| format!("nvl({name}, 0)")),
    ];
    leaf.prop_recursive(2, 5, 2, |inner| {
        prop_oneof![
            4 => (inner.clone(), prop::sample::select(vec!["+", "-", "-"]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            1 => (inner.clone(), 1..4).prop_map(|(a, factor)| format!("{a} * {factor}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} / {b})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} * {b})")),
            1 => inner.clone().prop_map(|a| format!("abs({a})")),
            1 => prop::sample::select(vec!["round", "trunc", "floor", "ceil"]).prop_flat_map(move |call| {
                inner.clone().prop_map(move |a| format!("{call}({a})"))
            }),
            1 => prop::sample::select(NUMBERS.to_vec()).prop_map(|a| format!("mod({a}, 3)")),
        ]
    })
}

fn truth() -> impl Strategy<Value = String> {
    let op = || prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let name = || prop::sample::select(NUMBERS.to_vec());
    let leaf = prop_oneof![
        6 => (name(), op(), name()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        4 => (name(), op(), -3..12).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        6 => (number(), op(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        2 => (number(), number(), 0..4).prop_map(|(a, b, k)| format!("abs({a} - {b}) <= {k}")),
        2 => (number(), -3..5, 2..9).prop_map(|(a, low, width)| format!("between({a}, {low}, {})", low + width)),
        1 => (name(), prop::collection::vec(0_i32..6, 1..4)).prop_map(|(a, set)| {
            format!("{a} in {{{}}}", set.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }),
        1 => name().prop_map(|a| format!("isnull({a})")),
        1 => name().prop_map(|a| format!("not isnull({a})")),
        2 => (op(), 1..5).prop_map(|(op, code)| format!("s {op} \"{code}\"")),
        1 => Just("nvl(s, \"1\") in {\"1\", \"2\"}".to_owned()),
        1 => Just("s not_in {\"2\"}".to_owned()),
        1 => Just("ok".to_owned()),
    ];
    leaf.prop_recursive(2, 4, 3, |inner| {
        prop_oneof![
            3 => (inner.clone(), prop::sample::select(vec!["and", "or", "xor", "="]), inner.clone())
                .prop_map(|(a, op, b)| format!("(({a}) {op} ({b}))")),
            1 => inner.clone().prop_map(|a| format!("not ({a})")),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

fn ruleset() -> impl Strategy<Value = String> {
    let rule = (prop::option::weighted(0.3, truth()), truth());
    prop::collection::vec(rule, 2..7).prop_map(|rules| {
        let rules = rules.iter().enumerate().map(|(at, (when, then))| match when {
            Some(when) => format!("R{at}: when {when} then {then}"),
            None => format!("R{at}: {then}"),
        });
        let rules = rules.collect::<Vec<_>>().join(";\n");
        format!("define datapoint ruleset r (variable a, b, c, d, s, ok) is\n{rules}\nend datapoint ruleset;")
    })
}

/// Values within the ranges: corners and what lies between, some of them null.
fn record() -> impl Strategy<Value = Record> {
    let cells = HALVES.map(|(min, max, is_whole)| {
        let halves = move |halves: i64| if is_whole { halves / 2 * 2 } else { halves };
        prop_oneof![1 => Just(None), 6 => (min..=max).prop_map(move |at| Some(halves(at))), 2 => Just(Some(min))]
    });
    let text = prop::option::weighted(0.9, prop::sample::select(vec!["1", "2", "3"]));
    (cells, text, prop::option::weighted(0.9, any::<bool>())).prop_map(|(cells, text, ok)| {
        let number = |halves: i64| Scalar::Number { unscaled: i128::from(halves) * 5, scale: 1 };
        let numbers = NUMBERS.iter().zip(cells).map(|(name, cell)| (*name, cell.map_or(Scalar::Null, number)));
        let others = [("s", text.map_or(Scalar::Null, Scalar::text)), ("ok", ok.map_or(Scalar::Null, Scalar::Boolean))];
        numbers.chain(others).map(|(name, value)| (name.to_owned(), value)).collect()
    })
}

/// Does the claim hold on this row?
fn holds(note: &Note, program: &Program, verdicts: &Verdicts, record: &Record, row: usize) -> bool {
    let fails = |rule: &usize| verdicts.verdict(*rule, row) == Some(Verdict::Fail);
    let passes = |rule: &usize| verdicts.verdict(*rule, row) == Some(Verdict::Pass) && verdicts.applies(*rule, row);
    let (first, others) = note.rules.split_first().unwrap_or((&0, &[]));
    let filled = |rule: &usize| program.rules()[*rule].inputs.iter().all(|name| record[name] != Scalar::Null);
    match note.kind {
        NoteKind::NeverFails => !fails(first),
        NoteKind::NeverPasses => !passes(first),
        NoteKind::NeverApplies | NoteKind::NeverDecided => !fails(first) && !passes(first),
        NoteKind::Contradiction => !note.rules.iter().all(passes),
        NoteKind::SameRule => verdicts.verdict(*first, row) == verdicts.verdict(others[0], row),
        NoteKind::Redundant => !fails(first) || others.iter().any(fails),
        NoteKind::RedundantIfFilled => !fails(first) || others.iter().any(fails) || !others.iter().all(filled),
        _ => true,
    }
}

proptest! {
    // A quarter of what the environment asks for: one case is a whole ruleset with all its records.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn no_record_within_the_ranges_refutes_a_note(
        source in ruleset(),
        records in prop::collection::vec(record(), 200),
    ) {
        let script = youju_vtl::parse(&source).unwrap();
        let ruleset = script.rulesets().next().unwrap();
        let notes = analyse(ruleset, &schema(), &ranges()).unwrap();
        let program = Program::compile(ruleset, &schema()).unwrap();
        let verdicts = program.evaluate(&batch(&schema(), &records, 1)).unwrap();
        for note in &notes {
            for (row, record) in records.iter().enumerate() {
                prop_assert!(holds(note, &program, &verdicts, record, row), "{note:?}\n{source}\n{record:?}");
            }
        }
    }
}

#[test]
fn the_random_rules_do_give_notes_of_every_kind() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut found = std::collections::BTreeMap::new();
    for _ in 0..200 {
        let source = ruleset().new_tree(&mut runner).unwrap().current();
        let script = youju_vtl::parse(&source).unwrap();
        for note in analyse(script.rulesets().next().unwrap(), &schema(), &ranges()).unwrap() {
            *found.entry(note.kind).or_insert(0) += 1;
        }
    }
    let kinds = [
        NoteKind::NeverApplies,
        NoteKind::NeverFails,
        NoteKind::NeverPasses,
        NoteKind::Contradiction,
        NoteKind::Redundant,
        NoteKind::RedundantIfFilled,
        NoteKind::DeadBranch,
    ];
    for kind in kinds {
        assert!(found.get(&kind).is_some_and(|count| *count >= 3), "{found:?}");
    }
}
