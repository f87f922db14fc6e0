//! Kleene's logic over all truth values, and laws that hold whatever is unknown or broken.

use proptest::prelude::*;
use youju_vtl::{EvalError, Expression, Record, Scalar, Schema, Type, parse_expression};

/// True, false, null, or broken by a division by zero.
fn state(source: &str, record: &Record) -> char {
    let schema = Schema::new([("a", Type::Boolean), ("b", Type::Boolean), ("x", Type::Integer), ("y", Type::Integer)]);
    let compiled = Expression::compile(&parse_expression(source).unwrap(), &schema).unwrap();
    match compiled.value(record) {
        Ok(Scalar::Boolean(true)) => 't',
        Ok(Scalar::Boolean(false)) => 'f',
        Ok(_) => '?',
        Err(EvalError::Arithmetic { .. }) => '!',
        Err(other) => panic!("{other}"),
    }
}

fn record(a: Option<bool>, b: Option<bool>) -> Record {
    let scalar = |value: Option<bool>| value.map_or(Scalar::Null, Scalar::Boolean);
    Record::from([("a".to_owned(), scalar(a)), ("b".to_owned(), scalar(b))])
}

#[test]
fn the_tables_are_kleenes() {
    const STATES: [Option<bool>; 3] = [Some(true), Some(false), None];
    for (op, table) in
        [("and", "tf?fff?f?"), ("or", "tttt f?t??"), ("xor", "ft?tf????"), ("=", "tf?ft????"), ("<>", "ft?tf????")]
    {
        let mut found = String::new();
        for a in STATES {
            for b in STATES {
                found.push(state(&format!("a {op} b"), &record(a, b)));
            }
        }
        assert_eq!(found, table.replace(' ', ""), "{op}");
    }
}

#[test]
fn broken_is_forgotten_only_where_the_other_side_decides() {
    let row = Record::new();
    for (source, expected) in [
        ("1 / 0 > 1 and false", 'f'),
        ("1 / 0 > 1 or true", 't'),
        ("1 / 0 > 1 and true", '!'),
        ("1 / 0 > 1 or false", '!'),
        ("1 / 0 > 1 and a", '!'),
        ("1 / 0 > 1 xor true", '!'),
        ("not (1 / 0 > 1)", '!'),
        ("isnull(1 / 0 > 1)", '!'),
        ("nvl(1 / 0 > 1, true)", '!'),
        ("nvl(a, 1 / 0 > 1)", '!'),
        ("if true then true else 1 / 0 > 1", 't'),
        ("if 1 / 0 > 1 then true else true", '!'),
        ("1 / 0 in {1}", '!'),
        ("a = (1 / 0 > 1)", '!'),
    ] {
        assert_eq!(state(source, &row), expected, "{source}");
    }
}

/// Conditions over a, b, x, y, with unknown and broken parts.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["a", "b", "true", "false", "x > y", "x / y >= 1", "isnull(x)", "isnull(a)"]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 12, 2, |inner| {
        let two = (inner.clone(), prop::sample::select(vec!["and", "or", "xor", "="]), inner.clone());
        prop_oneof![two.prop_map(|(a, op, b)| format!("({a}) {op} ({b})")), inner.prop_map(|a| format!("not ({a})")),]
    })
}

fn row() -> impl Strategy<Value = Record> {
    let truth = || prop::option::of(any::<bool>());
    let whole = || prop::option::of(-2_i64..3);
    (truth(), truth(), whole(), whole()).prop_map(|(a, b, x, y)| {
        let mut record = record(a, b);
        record.insert("x".into(), x.map_or(Scalar::Null, Scalar::Integer));
        record.insert("y".into(), y.map_or(Scalar::Null, Scalar::Integer));
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn laws_of_logic_hold_for_every_row(p in condition(), q in condition(), row in row()) {
        for (one, other) in [
            (format!("not (({p}) and ({q}))"), format!("(not ({p})) or (not ({q}))")),
            (format!("not (({p}) or ({q}))"), format!("(not ({p})) and (not ({q}))")),
            (format!("({p}) and ({q})"), format!("({q}) and ({p})")),
            (format!("({p}) or ({q})"), format!("({q}) or ({p})")),
            (format!("not (not ({p}))"), format!("({p})")),
            (format!("({p}) xor ({q})"), format!("not (({p}) = ({q}))")),
        ] {
            prop_assert_eq!(state(&one, &row), state(&other, &row), "{} and {}", one, other);
        }
    }
}
