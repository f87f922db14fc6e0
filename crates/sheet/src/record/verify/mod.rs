//! What records of each kind must fulfil. Errors refuse the file; warnings are told.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use youju_codes::Period;

use crate::error::CellError;
use crate::record::kind::{RecordKind, ValueKind};
use crate::record::records::{Record, RecordColumn, Sides, sides};
use crate::record::value::Value;

mod bank;
mod chart;
mod line;
mod payroll;
mod voucher;

/// What is verified.
pub(super) struct Table<'a> {
    pub kind: RecordKind,
    pub sheet: &'a str,
    pub columns: &'a [RecordColumn],
    pub rows: &'a [Record],
    /// The period that the records should belong to.
    pub period: Option<Period>,
    /// Whether somebody asked for it, rather than the file printing it.
    pub is_period_asked: bool,
    /// How far a sum of rounded amounts may be off, for each term.
    pub per_term: Decimal,
}

/// What was found.
#[derive(Default)]
pub(super) struct Findings {
    pub errors: Vec<CellError>,
    pub warnings: Vec<CellError>,
    /// How many vouchers there are, in a journal of vouchers.
    pub vouchers: Option<usize>,
}

/// Verifies the records.
pub(super) fn verify(table: &Table<'_>) -> Findings {
    let mut findings = Findings::default();
    verify_days(table, &mut findings);
    match table.kind {
        RecordKind::VoucherJournal => voucher::verify(table, &mut findings),
        RecordKind::Payroll => payroll::verify(table, &mut findings),
        RecordKind::BankStatement => bank::verify(table, &mut findings),
        RecordKind::ChartOfAccounts => chart::verify(table, &mut findings),
        RecordKind::SalesList | RecordKind::StockList | RecordKind::EnergySlips => line::verify(table, &mut findings),
        RecordKind::Generic => {}
    }
    findings
}

impl Table<'_> {
    /// The index of a field among the values.
    fn at(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    fn value<'r>(&self, record: &'r Record, key: &str) -> Option<&'r Value> {
        record.values.get(self.at(key)?).filter(|value| !value.is_empty())
    }

    fn number(&self, record: &Record, key: &str) -> Option<Decimal> {
        self.value(record, key).and_then(Value::number)
    }

    fn sides(&self, record: &Record) -> Sides {
        sides(self.columns, record)
    }

    /// A finding in the column of a field; none of its fields there, about the row.
    fn finding(&self, row: usize, key: &str, message: String) -> CellError {
        let column = self.at(key).and_then(|at| self.columns.get(at)).map(|column| column.name.clone());
        CellError { sheet: self.sheet.to_owned(), row: Some(row), column, message }
    }

    /// Whether nothing says which period the records belong to. Accounts belong to none.
    pub fn lacks_period(&self) -> bool {
        self.period.is_none() && self.days().is_none() && self.kind != RecordKind::ChartOfAccounts
    }

    /// Whether there are amounts, and so a unit of them.
    pub fn has_amounts(&self) -> bool {
        self.columns.iter().any(|column| column.kind == ValueKind::Amount)
    }

    /// The first and the last day.
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days = || self.rows.iter().filter_map(|record| self.value(record, "date").and_then(Value::date));
        Some((days().min()?, days().max()?))
    }
}

/// Days outside the period. Vouchers belong to it, and so does whatever was asked for; a printed period of other lists may
/// be that of the print.
fn verify_days(table: &Table<'_>, findings: &mut Findings) {
    let (Some(period), Some(_)) = (table.period, table.at("date")) else { return };
    let (first, last) = (period.first_day(), period.last_day());
    for record in table.rows {
        let Some(day) = table.value(record, "date").and_then(Value::date) else { continue };
        if day < first || day > last {
            let message = format!("{day} 不在{}之内。请检查是否选错了文件或报告期。", period.label());
            let finding = table.finding(record.row, "date", message);
            if table.is_period_asked || table.kind == RecordKind::VoucherJournal {
                findings.errors.push(finding);
            } else {
                findings.warnings.push(finding);
            }
        }
    }
}
