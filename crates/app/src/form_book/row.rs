//! One row of a workbook: which row of the form it is, and what was typed into its cells.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use youju_domain::Problem;
use youju_domain::report::{Cells, Value};
use youju_programme::{CellDef, Form, Indicator, Kind, List};
use youju_sheet::CellOut;

/// Digits of a number that Excel keeps.
const EXCEL_DIGITS: usize = 15;

/// Row of a form.
#[derive(Clone, Copy)]
pub(super) enum Row<'f> {
    /// Of the fixed part.
    Fixed(&'f Indicator),
    /// Of a list.
    Listed(&'f List, u32),
}

impl<'f> Row<'f> {
    /// Its cell in a column.
    pub(super) fn cell(&self, form: &Form, column: &str) -> Option<CellDef> {
        match self {
            Row::Listed(list, number) => list.cell(*number, column),
            Row::Fixed(indicator) => {
                form.cell_at(indicator, form.columns.iter().find(|own| own.id == column)?).cloned()
            }
        }
    }

    /// What it is called in lists of mistakes.
    pub(super) fn name(&self) -> String {
        match self {
            Row::Fixed(indicator) => format!("{} {}", indicator.code, indicator.label),
            Row::Listed(list, number) => format!("{}第 {number} 行", list.heading),
        }
    }

    /// The number of the row that an added row became when it was brought home before: a row of the report that is not yet
    /// spoken for, with the same key, or in a list without keys with the same values.
    pub(super) fn known(
        list: &'f List,
        now: &Cells,
        taken: &BTreeSet<u32>,
        values: &BTreeMap<&str, Value>,
    ) -> Option<u32> {
        let value = |column: &str| values.get(column).unwrap_or(&Value::Blank);
        let part = |column: &String| match value(column) {
            Value::Blank | Value::NotApplicable => None,
            value => Some(value.print()),
        };
        let key: Option<Vec<String>> = list.key.iter().map(part).collect();
        let key = key.filter(|key| !key.is_empty());
        let is_same = |number: u32| match &key {
            Some(key) => list.key_of(now, number).as_ref() == Some(key),
            None => list.columns.iter().all(|column| list.value(now, number, &column.id) == value(&column.id)),
        };
        list.rows(now).difference(taken).copied().find(|number| is_same(*number))
    }
}

/// Reads what was typed by the parser of its cell, as on the page. Only what a spreadsheet does to text by itself is refused here.
pub(super) fn parse(cell: &CellDef, typed: &CellOut) -> Result<Value, Problem> {
    let refuse = |reason: String| Problem::BadValue { cell: cell.label.clone(), reason };
    let is_words = !matches!(cell.kind, Kind::Number | Kind::Date { .. });
    match typed {
        CellOut::Empty => Ok(Value::Blank),
        CellOut::Text(text) => cell.parse_value(text),
        CellOut::Number(number) if is_words && number.abs().trunc().to_string().len() > EXCEL_DIGITS => Err(refuse(
            format!("现为数字“{number}”,Excel 只保留数字的前 {EXCEL_DIGITS} 位。请把单元格格式设为“文本”,再重新填写。"),
        )),
        CellOut::Number(number) => cell.parse_value(&number.to_string()),
        CellOut::Date(moment) if is_words => {
            Err(refuse(format!("已被 Excel 变成日期“{}”。请把单元格格式设为“文本”,再重新填写。", moment.date())))
        }
        // Excel makes a day of a month that is typed as `2026-3`.
        CellOut::Date(moment) if matches!(cell.kind, Kind::Date { .. }) => {
            cell.parse_value(&moment.format("%Y%m").to_string())
        }
        CellOut::Date(moment) if moment.time() == NaiveTime::MIN => cell.parse_value(&moment.date().to_string()),
        CellOut::Date(moment) => cell.parse_value(&moment.to_string()),
    }
}

/// What is told of a cell that somebody else has changed.
pub(super) fn conflict(cell: &CellDef, base: &Value, stands: &Value, value: &Value) -> String {
    let print = |value: &Value| match cell.print(value) {
        text if text.is_empty() => "空".to_owned(),
        text => text,
    };
    format!(
        "“{}”在导出以后已经改过:导出时是 {},现在是 {},文件里是 {}。请核对,以文件为准的,请在网页上改这一格,或重新导出后再填。",
        cell.label,
        print(base),
        print(stands),
        print(value)
    )
}
