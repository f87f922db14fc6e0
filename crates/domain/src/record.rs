//! Source records 原始记录 as they are kept: what a unit's vouchers, sales, stock, wages and energy say about a period, and on
//! which row of which file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};

use crate::Instant;
use crate::id::{PersonId, RecordImportId, TemplateId, UnitId, UploadId};

/// A value of a record; nothing is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordValue {
    /// Words.
    #[serde(rename = "t")]
    Text(String),
    /// An exact number.
    #[serde(rename = "n")]
    Number(Decimal),
    /// A day.
    #[serde(rename = "d")]
    Date(NaiveDate),
    /// The code of an account: as printed, and its digits.
    #[serde(rename = "a")]
    Account(String, String),
}

impl RecordValue {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            RecordValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// As a page prints it.
    pub fn print(&self) -> String {
        match self {
            RecordValue::Text(text) | RecordValue::Account(text, _) => text.clone(),
            RecordValue::Number(number) => youju_codes::format_number(number),
            RecordValue::Date(day) => day.to_string(),
        }
    }
}

/// A column of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordColumn {
    /// The field that it fills, or else its printed name.
    pub key: String,
    /// The printed name.
    pub name: String,
    /// True where numbers stand.
    pub is_number: bool,
}

/// One record, a row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// 1-based row of the sheet.
    pub row: u32,
    /// The values, one for each column.
    pub values: Vec<Option<RecordValue>>,
}

/// The records of one file. Amounts are in 元, whatever the file counts in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTable {
    /// The columns that are kept.
    pub columns: Vec<RecordColumn>,
    /// The records; none where only sums are kept, because the rows are persons.
    pub rows: Vec<RecordRow>,
    /// The sum of each column that may be added up, by key.
    pub sums: BTreeMap<String, Decimal>,
    /// How many persons, in a list of persons.
    pub persons: Option<u64>,
    /// How many vouchers, in a journal of vouchers.
    pub vouchers: Option<u64>,
    /// The first and the last day.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The unit of the amounts as printed 金额单位, when it was not 元.
    pub measure: Option<String>,
}

impl RecordTable {
    /// The value of a field in a record.
    pub fn value<'a>(&self, row: &'a RecordRow, key: &str) -> Option<&'a RecordValue> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        row.values.get(at)?.as_ref()
    }

    /// The entries of a journal of vouchers, however the file gives debit and credit.
    pub fn postings(&self) -> Vec<Posting> {
        let number = |row: &RecordRow, key: &str| self.value(row, key).and_then(RecordValue::number);
        let has_sides = self.columns.iter().any(|column| column.key == "debit" || column.key == "credit");
        let posting = |row: &RecordRow| {
            let Some(RecordValue::Account(_, account)) = self.value(row, "account") else { return None };
            let (debit, credit) = if has_sides {
                (number(row, "debit"), number(row, "credit"))
            } else {
                let amount = number(row, "amount");
                match self.value(row, "direction").map(RecordValue::print).as_deref() {
                    Some("借") => (amount, None),
                    Some("贷") => (None, amount),
                    _ => (None, None),
                }
            };
            let zero = |side: Option<Decimal>| side.unwrap_or_default();
            Some(Posting { account: account.clone(), debit: zero(debit), credit: zero(credit) })
        };
        self.rows.iter().filter_map(posting).collect()
    }
}

/// An entry of a voucher 分录.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Account code, digits only.
    pub account: String,
    /// 借方, in 元.
    pub debit: Decimal,
    /// 贷方, in 元.
    pub credit: Decimal,
}

/// Import of source records 原始记录导入 — one sheet of one unit and period. Earlier ones stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordImport {
    /// Its id.
    pub id: RecordImportId,
    /// Whose.
    pub unit: UnitId,
    /// Of which period.
    pub period: Period,
    /// What the rows are, e.g. `voucher_journal`.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_hash: String,
    /// Name of the sheet.
    pub sheet: String,
    /// How many records were read, also when they are not kept.
    pub count: u64,
    /// Who imported it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The mapping that was used.
    pub mapping: Json,
    /// The records.
    pub table: RecordTable,
    /// What looked odd but did not refuse the file.
    pub warnings: Vec<String>,
    /// Rows that are no records, each with its reason.
    pub skipped: Vec<String>,
}

/// Upload 待确认文件 — a file between its choice and its import. It belongs to one person and is gone after a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// For whose books.
    pub unit: UnitId,
    /// For which period.
    pub period: Period,
    /// Name of the file.
    pub file_name: String,
    /// The file.
    pub content: Vec<u8>,
    /// Who chose it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Template 对应关系模板 — a mapping that an office shares with the units of its area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// For which area.
    pub area: AreaCode,
    /// What the rows are.
    pub kind: String,
    /// What the units know it by, e.g. the accounting program.
    pub name: String,
    /// The mapping: names of columns, never a value.
    pub mapping: Json,
    /// Who shared it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}
