//! Every verdict and every value agrees with arithmetic on fractions of any size; what does not fit is broken, never wrong.

use crate::case::batch;
use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use std::sync::Arc;
use youju_vtl::{EvalError, Expression, Program, Record, Scalar, Schema, Type, Verdict, Why, parse_expression};

/// A numeric expression as text, and what it means.
#[derive(Debug, Clone)]
enum Term {
    Column(usize),
    Constant(i64, u8),
    Two(&'static str, Box<Term>, Box<Term>),
    Call(&'static str, Box<Term>),
    Choose(Box<Term>, Box<Term>, Box<Term>),
}

const COLUMNS: [&str; 4] = ["a", "b", "c", "d"];

impl Term {
    fn text(&self) -> String {
        match self {
            Term::Column(at) => COLUMNS[*at].to_owned(),
            Term::Constant(digits, scale) => {
                Scalar::Number { unscaled: i128::from(*digits), scale: *scale }.to_string()
            }
            Term::Two(op, a, b) if *op == "nvl" || *op == "mod" => format!("{op}({}, {})", a.text(), b.text()),
            Term::Two(op, a, b) => format!("({} {op} {})", a.text(), b.text()),
            Term::Call(call, a) => call.replace('x', &a.text()),
            Term::Choose(c, a, b) => format!("(if {} > 0 then {} else {})", c.text(), a.text(), b.text()),
        }
    }

    /// `Err` is broken, `Ok(None)` null.
    fn value(&self, row: &[Option<BigRational>]) -> Result<Option<BigRational>, ()> {
        let zero = BigRational::from_integer(BigInt::from(0));
        Ok(match self {
            Term::Column(at) => row[*at].clone(),
            Term::Constant(digits, scale) => {
                Some(BigRational::new(BigInt::from(*digits), BigInt::from(10).pow(u32::from(*scale))))
            }
            Term::Two("nvl", a, b) => match a.value(row)? {
                Some(value) => Some(value),
                None => b.value(row)?,
            },
            Term::Two(op, a, b) => {
                let (a, b) = (a.value(row), b.value(row));
                let (Some(a), Some(b)) = (a?, b?) else { return Ok(None) };
                Some(match *op {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    "mod" if b == zero => a,
                    "mod" => a.clone() - b.clone() * (a / b).floor(),
                    _ if b == zero => return Err(()),
                    _ => a / b,
                })
            }
            Term::Call(call, a) => {
                let Some(a) = a.value(row)? else { return Ok(None) };
                let half = BigRational::new(BigInt::from(1), BigInt::from(2));
                let away = |a: BigRational| {
                    if a < zero { (a - half.clone()).ceil() } else { (a + half.clone()).floor() }
                };
                let hundred = BigRational::from_integer(BigInt::from(100));
                Some(match *call {
                    "-x" => -a,
                    "abs(x)" => {
                        if a < zero {
                            -a
                        } else {
                            a
                        }
                    }
                    "ceil(x)" => a.ceil(),
                    "floor(x)" => a.floor(),
                    "trunc(x)" => a.trunc(),
                    "round(x)" => away(a),
                    "round(x, 2)" => away(a * hundred.clone()) / hundred,
                    "round(x, -2)" => away(a / hundred.clone()) * hundred,
                    "power(x, 2)" => a.clone() * a,
                    other => panic!("{other}"),
                })
            }
            Term::Choose(c, a, b) => match c.value(row)? {
                Some(c) if c > zero => a.value(row)?,
                _ => b.value(row)?,
            },
        })
    }
}

fn term() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        (0..COLUMNS.len()).prop_map(Term::Column),
        (0_i64..2000, 0_u8..5).prop_map(|(digits, scale)| Term::Constant(digits, scale)),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let op = prop::sample::select(vec!["+", "-", "*", "/", "/", "mod", "nvl"]);
        let call = prop::sample::select(vec![
            "-x",
            "abs(x)",
            "ceil(x)",
            "floor(x)",
            "trunc(x)",
            "round(x)",
            "round(x, 2)",
            "round(x, -2)",
            "power(x, 2)",
        ]);
        prop_oneof![
            4 => (op, inner.clone(), inner.clone()).prop_map(|(op, a, b)| Term::Two(op, Box::new(a), Box::new(b))),
            2 => (call, inner.clone()).prop_map(|(call, a)| Term::Call(call, Box::new(a))),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(c, a, b)| Term::Choose(Box::new(c), Box::new(a), Box::new(b))),
        ]
    })
}

/// Whole numbers, numbers with four places, zeros, nulls, and now and then very large ones, or such as lie where one kind
/// of arithmetic takes over from the other.
fn cell() -> impl Strategy<Value = Option<i128>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(0)),
        4 => (-50_i128..50).prop_map(|n| Some(n * 10_000)),
        4 => (-20_000_000_i128..20_000_000).prop_map(Some),
        1 => (prop::sample::select(vec![49, 51, 52, 53, 63, 100]), -2_i128..3, prop::bool::ANY).prop_map(|(power, by, up)| {
            let digits = (1_i128 << power) + by;
            Some(if up { digits } else { -digits })
        }),
        2 => (-(10_i128.pow(16))..10_i128.pow(16)).prop_map(Some),
        1 => (-(10_i128.pow(30))..10_i128.pow(30)).prop_map(Some),
    ]
}

fn schema() -> Schema {
    Schema::new(COLUMNS.map(|name| (name, Type::Number)))
}

fn records(rows: &[[Option<i128>; 4]]) -> Vec<Record> {
    let number = |digits: Option<i128>| digits.map_or(Scalar::Null, |unscaled| Scalar::Number { unscaled, scale: 4 });
    rows.iter()
        .map(|row| COLUMNS.iter().zip(row).map(|(name, digits)| ((*name).to_owned(), number(*digits))).collect())
        .collect()
}

fn big(row: &[Option<i128>; 4]) -> Vec<Option<BigRational>> {
    row.iter().map(|digits| digits.map(|digits| BigRational::new(BigInt::from(digits), BigInt::from(10_000)))).collect()
}

fn holds(op: &str, a: &BigRational, b: &BigRational) -> bool {
    match op {
        "=" => a == b,
        "<>" => a != b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a >= b,
    }
}

fn program(rule: &str) -> Program {
    let source = format!("define datapoint ruleset r (variable a, b, c, d) is A: {rule} end datapoint ruleset;");
    Program::compile(youju_vtl::parse(&source).unwrap().rulesets().next().unwrap(), &schema()).unwrap()
}

/// No verdict on a row contradicts the truth, `Err` for broken and `None` for null.
fn judged_exactly(
    rule: &str,
    rows: &[[Option<i128>; 4]],
    short: bool,
    truth: impl Fn(&[Option<BigRational>]) -> Result<Option<bool>, ()>,
) -> Result<(), TestCaseError> {
    let verdicts = program(rule).evaluate(&batch(&schema(), &records(rows), 4)).unwrap();
    for (at, row) in rows.iter().enumerate() {
        let truth = truth(&big(row));
        let verdict = verdicts.verdict(0, at).unwrap();
        match truth {
            Ok(Some(true)) => prop_assert_ne!(verdict, Verdict::Fail, "{} {:?}", rule, row),
            Ok(Some(false)) => prop_assert_ne!(verdict, Verdict::Pass, "{} {:?}", rule, row),
            // A null beside something that does not fit may show as broken: both mean "cannot be tested".
            Ok(None) | Err(()) => prop_assert!(matches!(verdict, Verdict::Undecided(_)), "{} {:?}", rule, row),
        }
        // Broken without a reason would make every other line of this test true.
        let small = row.iter().all(|digits| digits.is_none_or(|digits| digits.abs() < 10_i128.pow(6)));
        if small && short && truth.is_ok() {
            prop_assert_ne!(verdict, Verdict::Undecided(Why::Arithmetic), "{} {:?}", rule, row);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_verdict_is_ever_wrong_by_rounding(
        left in term(),
        right in term(),
        op in prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]),
        rows in prop::collection::vec([cell(), cell(), cell(), cell()], 1..20),
    ) {
        let rule = format!("{} {op} {}", left.text(), right.text());
        let short = left.text().len() < 12 && right.text().len() < 12;
        judged_exactly(&rule, &rows, short, |row| {
            let (a, b) = (left.value(row)?, right.value(row)?);
            Ok(a.zip(b).map(|(a, b)| holds(op, &a, &b)))
        })?;
    }

    #[test]
    fn ranges_tolerances_and_ratios_are_no_less_exact_for_being_fast(
        term in term(),
        shape in 0..4,
        (low, high) in (-3_i64..2_000, 0_i64..20_000),
        places in 0_u8..5,
        rows in prop::collection::vec([cell(), cell(), cell(), cell()], 1..20),
    ) {
        let constant = |digits: i64| Term::Constant(digits, places);
        let (from, to) = (constant(low), constant(high));
        let rule = match shape {
            0 => format!("between({}, {}, {})", term.text(), from.text(), to.text()),
            1 => format!("abs({}) <= {}", term.text(), to.text()),
            2 => format!("abs({}) < {}", term.text(), to.text()),
            _ => format!("{} <= {}", from.text(), term.text()),
        };
        judged_exactly(&rule, &rows, false, |row| {
            let Some(value) = term.value(row)? else { return Ok(None) };
            let limit = |term: &Term| Ok::<_, ()>(term.value(row)?.unwrap());
            let (from, to) = (limit(&from)?, limit(&to)?);
            Ok(Some(match shape {
                0 => from <= value && value <= to,
                1 => -to.clone() <= value && value <= to,
                2 => -to.clone() < value && value < to,
                _ => from <= value,
            }))
        })?;
    }

    #[test]
    fn floating_point_columns_and_records_give_the_verdicts_of_decimals(
        left in term(),
        right in term(),
        op in prop::sample::select(vec!["=", "<", ">="]),
        rows in prop::collection::vec(prop::array::uniform4(prop_oneof![
            1 => Just(None),
            3 => (-50_i128..50).prop_map(|n| Some(n * 10_000)),
            3 => (-20_000_000_i128..20_000_000).prop_map(Some),
            1 => (-(10_i128.pow(14))..10_i128.pow(14)).prop_map(Some),
        ]), 1..20),
    ) {
        let program = program(&format!("{} {op} {}", left.text(), right.text()));
        let verdicts = program.evaluate(&batch(&schema(), &records(&rows), 4)).unwrap();
        let columns = COLUMNS.iter().enumerate().map(|(at, name)| {
            // The nearest value to the decimal, as a reader of numbers would give it.
            let floats = rows.iter().map(|row| row[at].map(|digits| {
                Scalar::Number { unscaled: digits, scale: 4 }.to_string().parse::<f64>().unwrap()
            }));
            (*name, Arc::new(floats.collect::<Float64Array>()) as ArrayRef, true)
        });
        let floats = program.evaluate(&RecordBatch::try_from_iter_with_nullable(columns).unwrap()).unwrap();
        for (at, record) in records(&rows).iter().enumerate() {
            let alone = program.evaluate_record(record).unwrap();
            let expected = verdicts.verdict(0, at);
            prop_assert_eq!(alone.verdict(0, 0), expected, "{} {:?}", program.rules()[0].text(), rows[at]);
            prop_assert_eq!(floats.verdict(0, at), expected, "{} {:?}", program.rules()[0].text(), rows[at]);
        }
    }

    #[test]
    fn values_are_exact_or_rounded_once(term in term(), row in [cell(), cell(), cell(), cell()]) {
        let compiled = Expression::compile(&parse_expression(&term.text()).unwrap(), &schema()).unwrap();
        let record = &records(&[row])[0];
        match (compiled.value(record), term.value(&big(&row))) {
            (Err(EvalError::Arithmetic { .. }), _) | (Ok(Scalar::Null), Ok(None)) => {}
            (Ok(scalar), Ok(Some(exact))) => {
                let (digits, scale) = scalar.decimal().unwrap();
                let found = BigRational::new(BigInt::from(digits), BigInt::from(10).pow(u32::from(scale)));
                let half = BigRational::new(BigInt::from(1), BigInt::from(2) * BigInt::from(10).pow(10));
                let gap = if found > exact { found - exact } else { exact - found };
                prop_assert!(gap <= half, "{} of {:?}", term.text(), row);
            }
            (found, expected) => prop_assert!(false, "{}: {:?} but {:?}", term.text(), found, expected),
        }
    }
}

#[test]
fn a_division_by_zero_stays_broken_beside_a_null() {
    let huge = Some(10_i128.pow(30)); // in the same block, so that the same rule also runs in 128 bits
    for rows in [vec![[Some(0), None, Some(0), Some(0)]], vec![[Some(0), None, Some(0), Some(0)], [huge; 4]]] {
        for rule in ["(if c / d + b > 0 then a else a) = c", "b = a / d", "c / d * 100 - 100 >= b", "b < abs(a / d)"] {
            let verdicts = program(rule).evaluate(&batch(&schema(), &records(&rows), 4)).unwrap();
            assert_eq!(verdicts.verdict(0, 0), Some(Verdict::Undecided(Why::Arithmetic)), "{rule}");
        }
    }
}
