//! The functions of a plan as bytes, for those who compute it elsewhere: rules and expressions travel as VTL text with the
//! types of what they read, and are compiled again on arrival.

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use serde_json::{Value, json};
use youju_vtl::{Aggregate, Expression, Program, Schema, Type, parse, parse_expression};

use super::compute::Computed;
use super::error::RunError;
use super::exact::ExactFunction;
use super::json::{type_name, type_named};
use super::rules::Judged;

/// The aggregates that [`ExactFunction`] computes.
const AGGREGATES: [Aggregate; 7] = [
    Aggregate::Sum,
    Aggregate::Avg,
    Aggregate::Median,
    Aggregate::StddevPop,
    Aggregate::StddevSamp,
    Aggregate::VarPop,
    Aggregate::VarSamp,
];

/// A function of rows as bytes; nothing if it is none of ours.
pub(crate) fn packed(function: &ScalarUDF) -> Result<Vec<u8>, RunError> {
    let inner = function.inner().as_ref();
    let value = if let Some(computed) = inner.downcast_ref::<Computed>() {
        json!({
            "expression": computed.expression.text(),
            "kind": type_name(computed.kind),
            "schema": schema_value(computed.expression.schema(), computed.expression.inputs()),
            "today": computed.expression.schema().today(),
        })
    } else if let Some(judged) = inner.downcast_ref::<Judged>() {
        json!({
            "rules": judged.program.text(),
            "is_invalid": judged.is_invalid,
            "codes": judged.codes.map(type_name),
            "schema": schema_value(judged.program.schema(), &[]),
            "today": judged.program.schema().today(),
        })
    } else {
        return Ok(Vec::new());
    };
    let bytes = value.to_string().into_bytes();
    refuse_changed(function.name(), &value, &bytes)?;
    Ok(bytes)
}

/// What cannot be written as text would be computed as something else over there.
fn refuse_changed(name: &str, value: &Value, bytes: &[u8]) -> Result<(), RunError> {
    let arrived = unpacked(name, bytes)?;
    let inner = arrived.inner().as_ref();
    let text = match (inner.downcast_ref::<Computed>(), inner.downcast_ref::<Judged>()) {
        (Some(computed), _) => computed.expression.text(),
        (_, Some(judged)) => judged.program.text(),
        _ => String::new(),
    };
    let sent = value.get("expression").or_else(|| value.get("rules")).and_then(Value::as_str);
    if sent == Some(text.as_str()) {
        return Ok(());
    }
    Err(RunError::runtime(format!(
        "“{}”不能交给集群计算,请在本机执行。",
        super::compute::shown(sent.unwrap_or_default())
    )))
}

/// The function again.
pub(crate) fn unpacked(name: &str, bytes: &[u8]) -> Result<ScalarUDF, RunError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| RunError::runtime(error.to_string()))?;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let schema = schema_of(&value)?;
    if let Some(text) = text("rules") {
        let script = parse(text).map_err(RunError::Syntax)?;
        let ruleset = script.rulesets().next().ok_or_else(|| unknown(name))?;
        let program = Program::compile(ruleset, &schema).map_err(RunError::Semantic)?;
        let is_invalid = value.get("is_invalid").and_then(Value::as_bool).ok_or_else(|| unknown(name))?;
        let code = |at: usize| kind(value.get("codes").and_then(|codes| codes.get(at)), name);
        let judged = Judged::with(name.to_owned(), program, is_invalid, [code(0)?, code(1)?]);
        return Ok(ScalarUDF::new_from_impl(judged));
    }
    let expression = text("expression").ok_or_else(|| unknown(name))?;
    let expression = parse_expression(expression).map_err(RunError::Syntax)?;
    let expression = Expression::compile(&expression, &schema).map_err(RunError::Semantic)?;
    let kind = kind(value.get("kind"), name)?;
    Ok(ScalarUDF::new_from_impl(Computed::new(name.to_owned(), expression, kind)))
}

/// An aggregate as bytes; nothing if it is none of ours.
pub(crate) fn packed_aggregate(function: &AggregateUDF) -> Vec<u8> {
    let own = function.inner().as_ref().downcast_ref::<ExactFunction>();
    own.map_or_else(Vec::new, |exact| {
        json!({ "aggregate": exact.function.name(), "of": type_name(exact.of) }).to_string().into_bytes()
    })
}

/// The aggregate again.
pub(crate) fn unpacked_aggregate(name: &str, bytes: &[u8]) -> Result<AggregateUDF, RunError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| RunError::runtime(error.to_string()))?;
    let word = value.get("aggregate").and_then(Value::as_str);
    let function = AGGREGATES.into_iter().find(|function| Some(function.name()) == word);
    let function = function.ok_or_else(|| unknown(name))?;
    let of = kind(value.get("of"), name)?;
    Ok(AggregateUDF::new_from_impl(ExactFunction::new(name.to_owned(), function, of)))
}

/// Names and types, of all components or only of those that are used.
fn schema_value(schema: &Schema, used: &[String]) -> Value {
    let is_used = |name: &String| used.is_empty() || used.contains(name);
    let components = schema.components().iter().filter(|(name, _)| is_used(name));
    components.map(|(name, kind)| json!([name, type_name(*kind)])).collect()
}

fn schema_of(value: &Value) -> Result<Schema, RunError> {
    let mut components = Vec::new();
    for component in value.get("schema").and_then(Value::as_array).into_iter().flatten() {
        let name = component.get(0).and_then(Value::as_str).ok_or_else(|| unknown("schema"))?;
        components.push((name.to_owned(), kind(component.get(1), name)?));
    }
    let schema = Schema::new(components);
    let today = value.get("today").and_then(Value::as_i64).and_then(|day| i32::try_from(day).ok());
    Ok(today.map_or(schema.clone(), |day| schema.on(day)))
}

fn kind(word: Option<&Value>, name: &str) -> Result<Type, RunError> {
    word.and_then(Value::as_str).and_then(type_named).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> RunError {
    RunError::runtime(format!("集群成员不认识函数“{name}”。请让所有成员使用同一版本的程序。"))
}
