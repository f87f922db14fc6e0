//! A ledger of a discipline, as its file declares it.

use std::collections::BTreeMap;

use youju_codes::Measure;
use youju_vtl::{Expression, Schema, Type};

use super::error::{Log, Source};
use super::form::{Defaults, References, read_decimals, read_measure, read_period};
use super::raw::{self, Text};
use super::{lists, read_provenance, read_sources, required};
use crate::files::Files;
use crate::form::Provenance;
use crate::gather::Gather;
use crate::ledger::{Ledger, ROWS, RowFormula};
use crate::list::List;
use crate::names;

/// Where the file of a ledger stands.
pub(super) fn path_of(id: &str) -> String {
    format!("ledgers/{id}.toml")
}

pub(super) fn read(files: &Files, id: &str, known: &References, log: &mut Log) -> Option<Ledger> {
    let path = path_of(id);
    let mut source = Source::open(files, &path, log)?;
    let raw: raw::Ledger = source.toml()?;
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase()) {
        source.error(&(0..0), format!("台账代号“{id}”只能用小写字母。"));
    }
    let name = required(&mut source, raw.name, &(0..0), "台账名称(name)");
    let row = required(&mut source, raw.row, &(0..0), "每行登记什么(row)");
    let period = read_period(&mut source, raw.period.as_ref());
    let provenance = read_provenance(&mut source, raw.provenance.as_ref(), Provenance::Inferred);
    let sources = read_sources(&mut source, &raw.sources, known);
    let defaults = Defaults {
        measure: read_measure(&mut source, raw.measure.as_ref(), Measure::None),
        decimals: read_decimals(&mut source, raw.decimals.as_ref(), 0),
        name_provenance: provenance,
        code_provenance: provenance,
        sources: sources.clone(),
    };
    let list = raw::List {
        id: toml::Spanned::new(0..0, ROWS.to_owned()),
        heading: name.clone(),
        rows_max: raw.rows_max,
        key: raw.key,
        columns: raw.columns,
    };
    let rows = lists::read_list(&mut source, &list, &defaults, known);
    verify_columns(&mut source, &list, &rows);
    let formulas = read_formulas(&mut source, &raw.formula, &rows);
    for column in raw.not_added.iter().filter(|column| rows.column(column.get_ref()).is_none()) {
        source.error(&column.span(), format!("台账没有栏目“{}”。", column.get_ref()));
    }
    let not_added = raw.not_added.iter().map(|column| column.get_ref().clone()).collect();
    let measures = read_measures(&mut source, &raw.measures, &rows);
    let gathers = raw.gather.iter().map(|raw| read_gather(&mut source, raw, &rows)).collect();
    let (id, originals) = (id.to_owned(), raw.originals);
    Some(Ledger {
        id,
        name,
        row,
        period,
        rows,
        originals,
        provenance,
        sources,
        note: raw.note,
        measures,
        not_added,
        formulas,
        gathers,
    })
}

/// Columns are names of formulas, and figures are named `energy__sum__purchased`.
fn verify_columns(source: &mut Source, raw: &raw::List, list: &List) {
    for (raw, column) in raw.columns.iter().zip(&list.columns) {
        let begins = column.id.starts_with(|c: char| c.is_ascii_lowercase());
        if !begins || column.id.contains("__") {
            let message = format!("台账栏目“{}”的 id 应以小写字母开头,不能有连续的下划线。", column.id);
            source.error(&raw.id.as_ref().unwrap_or(&raw.code).span(), message);
        }
    }
}

/// Formulas are computed in their order; one reads the numbers of its row.
fn read_formulas(source: &mut Source, raw: &[raw::RowFormula], list: &List) -> Vec<RowFormula> {
    let mut formulas: Vec<RowFormula> = Vec::new();
    for (at, formula) in raw.iter().enumerate() {
        let column = formula.column.get_ref();
        if !list.column(column).is_some_and(|column| column.cell.is_number()) {
            source.error(&formula.column.span(), format!("台账没有数值栏目“{column}”,不能计算。"));
            continue;
        }
        let later: Vec<&String> = raw.iter().skip(at).map(|raw| raw.column.get_ref()).collect();
        if let Some(formula) = read_formula(source, column, &formula.formula, list, &later) {
            formulas.push(formula);
        }
    }
    formulas
}

fn read_formula(source: &mut Source, column: &str, text: &Text, list: &List, later: &[&String]) -> Option<RowFormula> {
    let mut error = |message: String| source.error(&text.span(), message);
    let expr = match youju_vtl::parse_expression(text.get_ref()) {
        Ok(expr) => expr,
        Err(errors) => {
            error(format!("公式有误:{errors}"));
            return None;
        }
    };
    let inputs = names::all(&expr);
    if let Some(name) = inputs.iter().find(|name| later.contains(name)) {
        error(format!("公式用到的“{name}”要在它之后才计算。请调整顺序。"));
        return None;
    }
    let numbers = list.columns.iter().filter(|column| column.cell.is_number());
    let schema = Schema::new(numbers.map(|column| (column.id.clone(), Type::Number)));
    match Expression::compile(&expr, &schema) {
        Ok(expression) if expression.kind().is_some_and(Type::is_numeric) => {
            Some(RowFormula { column: column.to_owned(), text: text.get_ref().clone(), expression, inputs })
        }
        Ok(_) => {
            error("公式的结果应为数值。".to_owned());
            None
        }
        Err(errors) => {
            error(format!("公式有误:{errors}"));
            None
        }
    }
}

/// The unit of measure of each row, where rows count different things: coal in tons, electricity in 万千瓦时.
fn read_measures(source: &mut Source, raw: &BTreeMap<String, Text>, list: &List) -> BTreeMap<String, Measure> {
    let key = list.key.first().and_then(|key| list.cell(1, key)).filter(|_| list.key.len() == 1);
    let mut measures = BTreeMap::new();
    for (row, text) in raw {
        if let Some(problem) = key.as_ref().and_then(|key| key.parse_value(row).err()) {
            source.error(&text.span(), problem.says());
        }
        measures.insert(row.clone(), read_measure(source, Some(text), Measure::None));
    }
    measures
}

fn read_gather(source: &mut Source, raw: &raw::Gather, list: &List) -> Gather {
    for (column, text) in raw.columns.iter().chain(&raw.constants) {
        if list.column(column).is_none() {
            source.error(&text.span(), format!("台账没有栏目“{column}”。"));
        }
    }
    for key in &list.key {
        if !raw.columns.contains_key(key) && !raw.constants.contains_key(key) {
            source.error(&raw.records.span(), format!("归集没有说明“{key}”取自哪里,分不出各行。"));
        }
    }
    for (column, text) in &raw.constants {
        let refused = list.cell(1, column).and_then(|cell| cell.parse_value(text.get_ref()).err());
        if let Some(problem) = refused {
            source.error(&text.span(), problem.says());
        }
    }
    for column in raw.last.iter().chain(&raw.proposed).filter(|column| !raw.columns.contains_key(column.get_ref())) {
        source.error(&column.span(), format!("columns 中没有“{}”。", column.get_ref()));
    }
    let texts = |texts: &BTreeMap<String, Text>| -> BTreeMap<String, String> {
        texts.iter().map(|(column, text)| (column.clone(), text.get_ref().clone())).collect()
    };
    Gather {
        records: raw.records.get_ref().clone(),
        measure: raw.measure.as_ref().map(|field| field.get_ref().clone()),
        columns: texts(&raw.columns),
        last: raw.last.iter().map(|column| column.get_ref().clone()).collect(),
        proposed: raw.proposed.iter().map(|column| column.get_ref().clone()).collect(),
        constants: texts(&raw.constants),
        note: raw.note.clone(),
    }
}
