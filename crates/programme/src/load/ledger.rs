//! The ledger file of a form: formulas over balances, and the reasons where there is none.

use youju_codes::Measure;
use youju_domain::register::AccountingStandard;
use youju_domain::report::CellId;
use youju_vtl::{Expression, Schema, Type};

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::{read_provenance, unique};
use crate::cell::CellDef;
use crate::derive::{Derivation, Derivations, Formula, Outcome, parts};
use crate::files::Files;
use crate::form::Provenance;
use crate::names;

/// A form without a ledger file derives nothing.
pub(super) fn load(files: &Files, code: &str, path: &str, cells: &[CellDef], log: &mut Log) -> Option<Derivations> {
    files.get(path)?;
    let mut source = Source::open(files, path, log)?;
    let raw: raw::Ledger = source.toml()?;
    if raw.form.get_ref() != code {
        source.error(&raw.form.span(), format!("表号“{}”与文件名“{code}”不一致。请改成相同。", raw.form.get_ref()));
    }
    let measure = Measure::parse(raw.measure.get_ref()).unwrap_or_else(|error| {
        source.error(&raw.measure.span(), error.to_string());
        Measure::Yuan
    });
    let provenance = read_provenance(&mut source, Some(&raw.provenance), Provenance::Inferred);
    let list: Vec<Derivation> =
        raw.derivation.iter().filter_map(|raw| read_derivation(&mut source, raw, measure, cells)).collect();
    refuse_unreachable(&mut source, &raw.derivation);
    Some(Derivations { measure, provenance, note: raw.note, list })
}

fn read_derivation(
    source: &mut Source,
    raw: &raw::Derivation,
    measure: Measure,
    cells: &[CellDef],
) -> Option<Derivation> {
    let cell = CellId::new(raw.cell.get_ref().clone());
    match cells.iter().find(|known| known.id == cell) {
        Some(known) if known.is_number() && known.column.is_empty() => {
            let is_value = raw.formula.is_some();
            if is_value && measure.factor(known.measure).is_none() {
                let message = format!("“{}”的计量单位是{},不能由{measure}换算。", known.label, known.measure);
                source.error(&raw.cell.span(), message);
            }
        }
        Some(_) => source.error(&raw.cell.span(), format!("单元格“{cell}”不是主栏的数值,不能取数。")),
        None => source.error(&raw.cell.span(), format!("本表没有单元格“{cell}”。请核对写法,例如 c301。")),
    }
    let standards = unique(source, &raw.acct, "会计准则");
    for code in &raw.acct {
        if AccountingStandard::from_code(code.get_ref()).is_none() {
            source.error(&code.span(), format!("没有会计准则“{}”。可用:1、2、3、9。", code.get_ref()));
        }
    }
    let when = raw.when.as_ref().and_then(|when| read_formula(source, when, Type::Boolean));
    let outcome = match (&raw.formula, &raw.missing) {
        (Some(formula), None) => {
            read_formula(source, formula, Type::Number).map(|formula| Outcome::Formula(Box::new(formula)))?
        }
        (None, Some(reason)) => Outcome::Missing(reason.get_ref().clone()),
        _ => {
            source.error(&raw.cell.span(), format!("“{cell}”应有取数公式(formula)或不能取数的原因(missing)中的一个。"));
            return None;
        }
    };
    Some(Derivation { cell, standards, when, outcome, note: raw.note.clone() })
}

/// Formulas read balances only, never other cells: so no derivation can depend on itself.
fn read_formula(source: &mut Source, text: &Text, kind: Type) -> Option<Formula> {
    let expr = match youju_vtl::parse_expression(text.get_ref()) {
        Ok(expr) => expr,
        Err(errors) => {
            source.error(&text.span(), format!("公式有误:{errors}"));
            return None;
        }
    };
    let inputs = names::all(&expr);
    let strangers: Vec<&String> = inputs.iter().filter(|name| parts(name).is_none()).collect();
    for name in &strangers {
        let message = format!(
            "公式中的“{name}”不是余额。余额写成 ytd_credit_6001(本年累计贷方)、closing_debit_1122(期末借方)等。"
        );
        source.error(&text.span(), message);
    }
    if !strangers.is_empty() {
        return None;
    }
    let schema = Schema::new(inputs.iter().map(|name| (name.clone(), Type::Number)));
    match Expression::compile(&expr, &schema) {
        Ok(expression) if fits(&expression, kind) => {
            Some(Formula { text: text.get_ref().clone(), expression, inputs, strict: names::strict(&expr) })
        }
        Ok(_) => {
            source.error(&text.span(), format!("公式的结果应为{}。", kind.chinese()));
            None
        }
        Err(errors) => {
            source.error(&text.span(), format!("公式有误:{errors}"));
            None
        }
    }
}

fn fits(expression: &Expression, kind: Type) -> bool {
    expression.kind() == Some(kind) || (kind.is_numeric() && expression.kind().is_some_and(Type::is_numeric))
}

/// After a derivation without condition nothing else of the same cell and standard can ever count.
fn refuse_unreachable(source: &mut Source, derivations: &[raw::Derivation]) {
    let mut settled: Vec<(&str, &str)> = Vec::new();
    for derivation in derivations {
        for code in &derivation.acct {
            let key = (derivation.cell.get_ref().as_str(), code.get_ref().as_str());
            if settled.contains(&key) {
                let message = format!("“{}”的取数公式重复:前面已有不带条件的公式(会计准则 {})。", key.0, key.1);
                source.error(&derivation.cell.span(), message);
            } else if derivation.when.is_none() {
                settled.push(key);
            }
        }
    }
}
