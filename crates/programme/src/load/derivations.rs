//! The derivations of a form: formulas over balances of accounts and figures of ledgers, and the reasons where there is none.

use youju_codes::Measure;
use youju_domain::register::AccountingStandard;
use youju_domain::report::CellId;
use youju_vtl::{Expression, Schema, Type};

use super::error::{Log, Source};
use super::form::read_measure;
use super::raw::{self, Text};
use super::{read_provenance, unique};
use crate::cell::CellDef;
use crate::derive::{Derivation, Derivations, Formula, Outcome, RowsFrom, parts};
use crate::figures::{Name, Take};
use crate::files::Files;
use crate::form::Provenance;
use crate::ledger::Ledger;
use crate::list::List;
use crate::names;

/// What is taken from: the form's cells and lists.
type Table<'a> = (&'a str, &'a [CellDef], &'a [List]);

/// A form without such a file derives nothing.
pub(super) fn load(
    files: &Files,
    (code, cells, lists): Table,
    path: &str,
    ledgers: &[Ledger],
    log: &mut Log,
) -> Option<Derivations> {
    files.get(path)?;
    let mut source = Source::open(files, path, log)?;
    let raw: raw::Derivations = source.toml()?;
    if raw.form.get_ref() != code {
        source.error(&raw.form.span(), format!("表号“{}”与文件名“{code}”不一致。请改成相同。", raw.form.get_ref()));
    }
    let measure = read_measure(&mut source, raw.measure.as_ref(), Measure::None);
    let provenance = read_provenance(&mut source, Some(&raw.provenance), Provenance::Inferred);
    let read = |raw| read_derivation(&mut source, raw, (measure, ledgers), cells);
    let list: Vec<Derivation> = raw.derivation.iter().filter_map(read).collect();
    refuse_unreachable(&mut source, &raw.derivation);
    let rows = raw.rows.iter().filter_map(|raw| read_rows(&mut source, raw, lists, ledgers)).collect();
    Some(Derivations { provenance, note: raw.note, list, rows })
}

fn read_rows(source: &mut Source, raw: &raw::Rows, lists: &[List], ledgers: &[Ledger]) -> Option<RowsFrom> {
    let (list, ledger) = (raw.list.get_ref(), raw.ledger.get_ref());
    let Some(known_list) = lists.iter().find(|known| known.id == *list) else {
        source.error(&raw.list.span(), format!("本表没有清单“{list}”。"));
        return None;
    };
    let Some(known_ledger) = ledgers.iter().find(|known| known.id == *ledger) else {
        source.error(&raw.ledger.span(), format!("本制度没有台账“{ledger}”。请在 programme.toml 的 ledgers 中列出。"));
        return None;
    };
    let mut columns = std::collections::BTreeMap::new();
    for (column, text) in &raw.columns {
        if known_list.column(column).is_none() {
            source.error(&text.span(), format!("清单“{list}”没有栏目“{column}”。"));
        }
        let parts = text.get_ref().split_once('.');
        let parts = parts.and_then(|(take, of)| Some((Take::from_key(take)?, of)));
        if let Some((take, of)) = parts.filter(|(_, of)| known_ledger.rows.column(of).is_some()) {
            columns.insert(column.clone(), (take, of.to_owned()));
        } else {
            let message =
                format!("“{}”应写成 sum.栏目(也可用 ytd、closing、opening、average),栏目是台账的 id。", text.get_ref());
            source.error(&text.span(), message);
        }
    }
    if known_list.key.is_empty() {
        source.error(&raw.list.span(), format!("清单“{list}”没有 key,分不出各行,不能由台账取数。"));
    }
    let mut at_least = std::collections::BTreeMap::new();
    for (column, number) in &raw.at_least {
        if !known_ledger.rows.column(column).is_some_and(|column| column.cell.is_number()) {
            source.error(&number.span(), format!("台账“{ledger}”没有数值栏目“{column}”。"));
        }
        at_least.insert(column.clone(), rust_decimal::Decimal::from(*number.get_ref()));
    }
    for key in known_list.key.iter().filter(|key| !columns.contains_key(*key)) {
        source.error(&raw.list.span(), format!("没有说明清单的“{key}”取自哪里,分不出各行。"));
    }
    Some(RowsFrom { list: list.clone(), ledger: ledger.clone(), columns, at_least, note: raw.note.clone() })
}

fn read_derivation(
    source: &mut Source,
    raw: &raw::Derivation,
    (inherited, ledgers): (Measure, &[Ledger]),
    cells: &[CellDef],
) -> Option<Derivation> {
    let cell = CellId::new(raw.cell.get_ref().clone());
    let measure = read_measure(source, raw.measure.as_ref(), inherited);
    match cells.iter().find(|known| known.id == cell) {
        Some(known) if known.is_number() => {
            let is_value = raw.formula.is_some() && measure != Measure::None;
            if is_value && measure.factor(known.measure).is_none() {
                let message = format!("“{}”的计量单位是{},不能由{measure}换算。", known.label, known.measure);
                source.error(&raw.cell.span(), message);
            }
        }
        Some(_) => source.error(&raw.cell.span(), format!("单元格“{cell}”不是数值,不能取数。")),
        None => source.error(&raw.cell.span(), format!("本表没有单元格“{cell}”。请核对写法,例如 c301。")),
    }
    let standards = unique(source, &raw.acct, "会计准则");
    for code in &raw.acct {
        if AccountingStandard::from_code(code.get_ref()).is_none() {
            source.error(&code.span(), format!("没有会计准则“{}”。可用:1、2、3、9。", code.get_ref()));
        }
    }
    let when = raw.when.as_ref().and_then(|when| read_formula(source, when, Type::Boolean, ledgers));
    let outcome = match (&raw.formula, &raw.missing) {
        (Some(formula), None) => {
            read_formula(source, formula, Type::Number, ledgers).map(|formula| Outcome::Formula(Box::new(formula)))?
        }
        (None, Some(reason)) => Outcome::Missing(reason.get_ref().clone()),
        _ => {
            source.error(&raw.cell.span(), format!("“{cell}”应有取数公式(formula)或不能取数的原因(missing)中的一个。"));
            return None;
        }
    };
    Some(Derivation { cell, standards, measure, when, outcome, note: raw.note.clone() })
}

/// Formulas read balances and ledgers only, never other cells: so no derivation can depend on itself.
fn read_formula(source: &mut Source, text: &Text, kind: Type, ledgers: &[Ledger]) -> Option<Formula> {
    let expr = match youju_vtl::parse_expression(text.get_ref()) {
        Ok(expr) => expr,
        Err(errors) => {
            source.error(&text.span(), format!("公式有误:{errors}"));
            return None;
        }
    };
    let inputs = names::all(&expr);
    let strangers: Vec<String> = inputs.iter().filter_map(|name| stranger(name, ledgers)).collect();
    for message in &strangers {
        source.error(&text.span(), message.clone());
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

/// Why a name is neither a balance nor a figure of a ledger.
fn stranger(name: &str, ledgers: &[Ledger]) -> Option<String> {
    if parts(name).is_some() {
        return None;
    }
    let Some(figure) = Name::parse(name) else {
        return Some(format!(
            "公式中的“{name}”不是余额,也不是台账数。余额写成 ytd_credit_6001(本年累计贷方)、closing_debit_1122(期末借方)等,台账数写成 energy__sum__purchased。"
        ));
    };
    let Some(ledger) = figure.ledger_in(ledgers) else {
        return Some(format!("公式中的“{name}”:本制度没有台账“{}”。", figure.ledger));
    };
    let column = ledger.rows.column(&figure.column);
    if !column.is_some_and(|column| column.cell.is_number()) {
        return Some(format!("公式中的“{name}”:{}没有数值栏目“{}”。", ledger.name, figure.column));
    }
    if figure.row.is_some() && ledger.rows.key.len() != 1 {
        return Some(format!("公式中的“{name}”:{}不是由一个栏目区分各行的,不能取某一行。", ledger.name));
    }
    let key = figure.row.as_ref().and_then(|row| Some((row, ledger.rows.cell(1, ledger.rows.key.first()?)?)));
    let refused = key.and_then(|(row, cell)| cell.parse_value(row).err());
    refused.map(|problem| format!("公式中的“{name}”:{}", problem.says()))
}

fn fits(expression: &Expression, kind: Type) -> bool {
    expression.kind() == Some(kind) || (kind.is_numeric() && expression.kind().is_some_and(Type::is_numeric))
}

/// After a derivation without condition nothing else of the same cell and standard can ever count.
fn refuse_unreachable(source: &mut Source, derivations: &[raw::Derivation]) {
    let mut settled: Vec<(&str, &str)> = Vec::new();
    for derivation in derivations {
        let codes: Vec<&str> = if derivation.acct.is_empty() {
            AccountingStandard::ALL.iter().map(|standard| standard.code()).collect()
        } else {
            derivation.acct.iter().map(|code| code.get_ref().as_str()).collect()
        };
        for code in codes {
            let key = (derivation.cell.get_ref().as_str(), code);
            if settled.contains(&key) {
                let message = format!("“{}”的取数公式重复:前面已有不带条件的公式(会计准则 {})。", key.0, key.1);
                source.error(&derivation.cell.span(), message);
            } else if derivation.when.is_none() {
                settled.push(key);
            }
        }
    }
}
