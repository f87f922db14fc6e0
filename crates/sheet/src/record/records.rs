//! Records 原始记录 as they were read: exact values, the row of each in the file, what was left out and why.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use youju_codes::{Measure, Period};

use super::kind::{RecordKind, ValueKind};
use super::value::Value;
use crate::error::CellError;

/// Records 原始记录 of one sheet, verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    /// What the rows are.
    pub kind: RecordKind,
    /// The name of the sheet.
    pub sheet: String,
    /// The company, when it is printed above the table.
    pub unit_name: Option<String>,
    /// The period as printed.
    pub period_text: Option<String>,
    /// The period: the one that was asked for, else the printed one.
    pub period: Option<Period>,
    /// The first and the last day of the records, where they have days.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The unit of the amounts, as printed or as the mapping says.
    pub measure: Option<Measure>,
    /// What each value of a record is.
    pub columns: Vec<RecordColumn>,
    /// The records in the order of the file; none where only sums are kept.
    pub rows: Vec<Record>,
    /// How many records were read, also when they are not kept.
    pub count: usize,
    /// How many persons, in a list of persons.
    pub persons: Option<usize>,
    /// How many vouchers, in a journal of vouchers.
    pub vouchers: Option<usize>,
    /// The sum of each column that may be added up, by key.
    pub sums: BTreeMap<String, Decimal>,
    /// Rows that are no records, with the reason.
    pub skipped: Vec<Skipped>,
    /// What the reader should know although the file is accepted.
    pub warnings: Vec<CellError>,
}

/// A column of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordColumn {
    /// The field, or else the printed name.
    pub key: String,
    /// The printed name.
    pub name: String,
    /// 1-based column of the file.
    pub column: usize,
    /// What stands in it.
    pub kind: ValueKind,
}

/// Record 记录 — one row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// 1-based row of the sheet, for lineage.
    pub row: usize,
    /// The row on which the values stand that are printed once for a whole document; its own row when they stand here.
    pub head_row: usize,
    /// The values, one for each column.
    pub values: Vec<Value>,
}

/// Skipped row 未作为记录导入的行.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// 1-based row of the sheet.
    pub row: usize,
    /// What stands there, shortened; nothing where it could tell who a person is.
    pub text: String,
    /// Why it is no record, in Chinese.
    pub reason: &'static str,
}

/// A debit and a credit side.
pub type Sides = (Option<Decimal>, Option<Decimal>);

impl Records {
    /// The value of a field or column in a record.
    pub fn value<'a>(&self, record: &'a Record, key: &str) -> Option<&'a Value> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        record.values.get(at)
    }

    /// Debit and credit of a record, however the file gives them: in two columns, or as an amount with its direction.
    pub fn sides(&self, record: &Record) -> Sides {
        sides(&self.columns, record)
    }
}

pub(super) fn sides(columns: &[RecordColumn], record: &Record) -> Sides {
    let value = |key: &str| {
        let at = columns.iter().position(|column| column.key == key)?;
        record.values.get(at)
    };
    let number = |key| value(key).and_then(Value::number);
    if columns.iter().any(|column| column.key == "debit" || column.key == "credit") {
        return (number("debit"), number("credit"));
    }
    match value("direction").map(Value::text) {
        Some("借") => (number("amount"), None),
        Some("贷") => (None, number("amount")),
        _ => (None, None),
    }
}
