//! Witness 例证: a report that shows a contradiction, found by trying and judged by the engine itself.

use youju_vtl::{DatapointRuleset, Expr, ExprKind, Program, Record, Scalar, Schema, Type, Verdict};

use crate::facts::{Component, plain};

/// So many reports are tried before the search is given up: a contradiction is proved without an example.
const TRIES_MAX: u64 = 4096;

/// A report without blanks to which all the rules apply and of which it fails exactly one, in words:
/// `例如营业收入 = 1、营业成本 = 0 时,Z2 通过而 Z1 不通过。`
pub(crate) fn witness(ruleset: &DatapointRuleset, schema: &Schema, components: &[Component]) -> Option<String> {
    let program = Program::compile(ruleset, schema).ok()?;
    let mut constants = Vec::new();
    for item in &ruleset.rules {
        item.when.iter().chain([&item.then]).for_each(|expr| collect(expr, &mut constants));
    }
    let inputs: Vec<&Component> =
        components.iter().filter(|component| program.inputs().contains(&component.name)).collect();
    let values: Vec<Vec<Scalar>> = inputs.iter().map(|component| values(component, &constants)).collect();
    let names: Vec<&str> = ruleset.rules.iter().filter_map(|item| item.name.as_deref()).collect();
    (0..TRIES_MAX).find_map(|attempt| {
        let chosen = (0..).zip(&values).map(|(at, values)| pick(values, attempt, at));
        let chosen: Vec<&Scalar> = chosen.collect::<Option<_>>()?;
        let record: Record =
            inputs.iter().zip(&chosen).map(|(component, value)| (component.name.clone(), (*value).clone())).collect();
        let fails = only_failure(&program, &record, names.len())?;
        let figures = inputs.iter().zip(&chosen).map(|(c, value)| format!("{} = {}", c.label, plain(value)));
        let figures = figures.collect::<Vec<_>>().join("、");
        let passing: Vec<&str> =
            names.iter().enumerate().filter(|(at, _)| *at != fails).map(|(_, name)| *name).collect();
        Some(format!("例如{figures} 时,{} 通过而 {} 不通过。", passing.join("、"), names.get(fails)?))
    })
}

/// The rule that the record fails, if it passes all the others and all apply.
fn only_failure(program: &Program, record: &Record, rules: usize) -> Option<usize> {
    let verdicts = program.evaluate_record(record).ok()?;
    let mut failed = None;
    for rule in (0..rules).filter(|rule| verdicts.verdict(*rule, 0) != Some(Verdict::Pass)) {
        if failed.replace(rule).is_some() || verdicts.verdict(rule, 0) != Some(Verdict::Fail) {
            return None;
        }
    }
    failed.filter(|_| (0..rules).all(|rule| verdicts.applies(rule, 0)))
}

/// One of the values, another one at every attempt; the same in every run.
fn pick(values: &[Scalar], attempt: u64, at: u64) -> Option<&Scalar> {
    let mixed = (attempt ^ (at << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33;
    let length = u64::try_from(values.len()).ok().filter(|length| *length > 0)?;
    values.get(usize::try_from(mixed % length).ok()?)
}

/// What a respondent could fill in, near what the rules speak of.
fn values(component: &Component, constants: &[Scalar]) -> Vec<Scalar> {
    match (component.kind, &component.range.codes) {
        (Type::Boolean, _) => [true, false].map(Scalar::Boolean).to_vec(),
        (Type::String, Some(codes)) => codes.iter().cloned().map(Scalar::Text).collect(),
        (Type::String, None) => {
            let texts = constants.iter().filter(|constant| matches!(constant, Scalar::Text(_))).cloned();
            texts.chain([Scalar::text("1")]).collect()
        }
        _ => {
            let whole = constants.iter().filter_map(Scalar::decimal).filter_map(whole);
            let near = whole.flat_map(|value| [value - 1, value, value + 1]);
            [0, 1, 2].into_iter().chain(near).map(Scalar::Integer).collect()
        }
    }
}

/// The whole part of a number of ordinary size.
fn whole((digits, scale): (i128, u8)) -> Option<i64> {
    let value = i64::try_from(digits.checked_div(10_i128.checked_pow(u32::from(scale))?)?).ok()?;
    (value.unsigned_abs() < 1_000_000_000_000).then_some(value)
}

fn collect(expr: &Expr, into: &mut Vec<Scalar>) {
    if let ExprKind::Constant(value) = &expr.kind
        && !into.contains(value)
    {
        into.push(value.clone());
    }
    expr.kind.children().into_iter().for_each(|child| collect(child, into));
}
