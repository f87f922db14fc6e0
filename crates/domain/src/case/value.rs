//! Values of a case's fields: typed, verified, kept as text, shown.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::{Usci, format_number, parse_number};

use super::kind::{CaseType, Demand, Field, FieldKind};
use super::onsite::checked;
use crate::problem::Problem;

/// Values by the key of their field.
pub type Values = BTreeMap<String, String>;

/// Most characters of one line.
pub const TEXT_CHARS_MAX: usize = 200;
/// Most characters of a long text: two printed pages.
pub const LONG_TEXT_CHARS_MAX: usize = 3_000;

/// How the keys of a check list begin among the values; keys of fields hold no dot.
const CHECK: &str = "check.";

fn bad<T>(reason: String) -> Result<T, Problem> {
    Err(Problem::BadInput { reason })
}

/// A value as it is kept; empty where nothing was typed.
pub fn read(field: &Field, typed: &str) -> Result<String, Problem> {
    let typed = typed.trim().replace("\r\n", "\n");
    if typed.is_empty() {
        return Ok(typed);
    }
    let label = &field.label;
    let within = |max: usize| {
        let count = typed.chars().count();
        if count <= max { Ok(()) } else { bad(format!("“{label}”最多 {max} 个字,现为 {count} 个字。")) }
    };
    match field.kind {
        FieldKind::Text => {
            within(TEXT_CHARS_MAX)?;
            Ok(typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
        }
        FieldKind::LongText => {
            within(LONG_TEXT_CHARS_MAX)?;
            Ok(typed.chars().filter(|c| !c.is_control() || *c == '\n').collect())
        }
        FieldKind::Date => match typed.parse::<NaiveDate>() {
            Ok(date) => Ok(date.to_string()),
            Err(_) => bad(format!("“{label}”应写成 2026-04-01 的样子,现为“{typed}”。")),
        },
        FieldKind::Number => match parse_number(&typed) {
            Ok(number) => Ok(number.normalize().to_string()),
            Err(_) => bad(format!("“{label}”应为数字,现为“{typed}”。")),
        },
        FieldKind::Choice if field.choices.contains(&typed) => Ok(typed),
        FieldKind::Choice => bad(format!("“{label}”应从 {} 中选择,现为“{typed}”。", field.choices.join("、"))),
        FieldKind::YesNo if typed == "yes" || typed == "no" => Ok(typed),
        FieldKind::YesNo => bad(format!("“{label}”应选“是”或“否”。")),
        FieldKind::Unit => {
            let code = Usci::parse(&typed).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
            Ok(code.as_str().to_owned())
        }
    }
}

/// A value that says a fact of the register: whatever the register could not hold is refused when it is typed.
fn as_fact(field: &Field, value: String) -> Result<String, Problem> {
    match field.fact {
        Some(fact) if !value.is_empty() => {
            let kept = fact.read(&value)?;
            // A choice is kept as it is chosen from.
            Ok(if field.kind == FieldKind::Choice { value } else { kept })
        }
        _ => Ok(value),
    }
}

/// A value as a page shows it.
pub fn show(field: &Field, value: &str) -> String {
    match field.kind {
        FieldKind::YesNo => match value {
            "yes" => "是".to_owned(),
            "no" => "否".to_owned(),
            _ => String::new(),
        },
        FieldKind::Number => parse_number(value).map_or_else(|_| value.to_owned(), |number| format_number(&number)),
        FieldKind::Text => field.fact.map_or_else(|| value.to_owned(), |fact| fact.show(value)),
        _ => value.to_owned(),
    }
}

/// What an act writes: only the fields of its form, and only what differs from what stands there. What it owes must be there after it.
pub(super) fn written(kind: &CaseType, demand: &Demand, typed: &Values, stands: &Values) -> Result<Values, Problem> {
    let fields = demand.fields(kind);
    let (checks, typed): (Values, Values) =
        typed.clone().into_iter().partition(|(key, _)| demand.checks && key.starts_with(CHECK));
    if let Some(stranger) = typed.keys().find(|key| !fields.iter().any(|(field, _)| field.key == **key)) {
        return bad(format!(
            "这一步不填写“{}”。",
            kind.field(stranger).map_or(stranger.as_str(), |field| &field.label)
        ));
    }
    let mut written = Values::new();
    let mut missing = Vec::new();
    for (field, is_owed) in fields {
        let before = stands.get(&field.key).map(String::as_str).unwrap_or_default();
        let value = match typed.get(&field.key) {
            Some(typed) => as_fact(field, read(field, typed)?)?,
            None => before.to_owned(),
        };
        if is_owed && value.is_empty() {
            missing.push(format!("“{}”", field.label));
        }
        if value != before {
            written.insert(field.key.clone(), value);
        }
    }
    if !missing.is_empty() {
        return bad(format!("请填写{}。", missing.join("、")));
    }
    one_of(kind, demand, &written, stands)?;
    if demand.checks {
        let mut after = stands.clone();
        after.extend(written.clone());
        written.extend(checked(kind, &checks, &after)?);
    }
    Ok(written)
}

/// Refuses a form of which nothing is filled in where something has to be.
fn one_of(kind: &CaseType, demand: &Demand, written: &Values, stands: &Values) -> Result<(), Problem> {
    let said = |key: &String| written.get(key).or_else(|| stands.get(key)).is_some_and(|value| !value.is_empty());
    if demand.one_of.is_empty() || demand.one_of.iter().any(said) {
        return Ok(());
    }
    let labels: Vec<&str> =
        demand.one_of.iter().filter_map(|key| kind.field(key)).map(|one| one.label.as_str()).collect();
    bad(format!("请至少填写一项:{}。", labels.join("、")))
}
