//! Bulk check 批量审核: a whole file of reports through the same compiled checks, column by column.
//!
//! A row is one report of one unit. The unit's previous report and its report of last year are looked for in the file
//! itself, only within one series (来源), so that figures of different origin are never compared.

mod checked;
mod header;
mod table;

use std::fmt;

use youju_codes::{Period, PeriodKind};

pub use checked::{Checked, Explained, RowId, Summary};
use header::Header;
use table::Table;

use crate::form::Form;

/// A bulk check keeps so many rows at most: they are held in memory.
pub const ROWS_MAX: usize = 20_000_000;
/// So many errors are kept in full; the rest is only counted.
pub const ERRORS_KEPT_MAX: usize = 10_000;

/// Bulk check 批量审核 of one form: give it the header, push the rows, check.
#[derive(Debug)]
pub struct Bulk<'f> {
    form: &'f Form,
    header: Header,
    table: Table,
    errors: Errors,
    rows_read: usize,
}

/// Table error 表格错误 — a cell or a row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// Row of the file, as the caller counts; 0 for the header.
    pub row: usize,
    /// Head of the column; empty when the whole row is meant.
    pub column: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column.as_str()) {
            (0, _) => write!(f, "表头{}", self.message),
            (row, "") => write!(f, "第 {row} 行{}", self.message),
            (row, column) => write!(f, "第 {row} 行“{column}”{}", self.message),
        }
    }
}

impl std::error::Error for TableError {}

/// Errors kept, and how many there were in all.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    pub kept: Vec<TableError>,
    pub total: usize,
}

impl Errors {
    fn push(&mut self, row: usize, column: &str, message: String) {
        self.total += 1;
        if self.kept.len() < ERRORS_KEPT_MAX {
            self.kept.push(TableError { row, column: column.to_owned(), message });
        }
    }
}

impl<'f> Bulk<'f> {
    /// Finds the columns. Heads may be indicator codes (`301`, `301_ly`), cell ids (`c301`, `c301__py`) or names; unknown ones
    /// are ignored and told. A file without a column for the period needs `period`.
    pub fn new<S: AsRef<str>>(form: &'f Form, heads: &[S], period: Option<Period>) -> Result<Bulk<'f>, TableError> {
        let period = period.map(|period| fit(form, period)).transpose();
        let period = period.map_err(|reason| TableError {
            row: 0,
            column: String::new(),
            message: format!("之外指定的报告期{reason}"),
        })?;
        let header = Header::find(form, heads, period)?;
        let table = Table::new(form, &header);
        Ok(Bulk { form, header, table, errors: Errors::default(), rows_read: 0 })
    }

    /// Takes a row. `row` is its number in the file, for messages. Cells that cannot be read are told and count as blank;
    /// a row without unit or period, or one that repeats another, is told and left out.
    pub fn push<S: AsRef<str>>(&mut self, row: usize, cells: &[S]) {
        self.rows_read += 1;
        let text = |at: usize| cells.get(at).map_or("", |cell| cell.as_ref().trim());
        let Some(period) = self.period(row, &text) else { return };
        let unit = self.header.unit.map_or("", text);
        if let Some(head) = self.header.unit.filter(|_| unit.is_empty()).and_then(|at| self.header.heads.get(at)) {
            return self.errors.push(row, head, "是空的,不知道是哪个单位。请补上单位代码。本行没有审核。".into());
        }
        let series = self.header.series.map_or("", text);
        if self.table.len() >= ROWS_MAX {
            return self.errors.push(row, "", format!("没有审核:一次最多 {ROWS_MAX} 行。请分成几个文件。"));
        }
        let key = self.table.key(unit, series, period);
        if let Err(first) = self.table.claim(key, row, self.header.unit.is_some()) {
            let message =
                format!("与第 {first} 行重复:同一单位、同一报告期、同一来源只能有一行。本行没有审核,请删去一行。");
            return self.errors.push(row, "", message);
        }
        let errors = &mut self.errors;
        self.table.push(self.form, &self.header, text, |column, message| errors.push(row, column, message));
    }

    /// Runs every check over every row.
    pub fn check(self) -> Result<Checked<'f>, TableError> {
        Checked::run(self.form, self.header, self.table, self.errors, self.rows_read)
    }

    fn period<'t>(&mut self, row: usize, text: &impl Fn(usize) -> &'t str) -> Option<Period> {
        let Some(at) = self.header.period else { return self.header.fixed_period };
        let read = self.table.read_period(text(at), |text| read_period(self.form, text));
        match read {
            Ok(period) => Some(period),
            Err(reason) => {
                let head = self.header.heads.get(at).cloned().unwrap_or_default();
                self.errors.push(row, &head, reason);
                None
            }
        }
    }
}

/// The period of a row. A quarter on a cumulative monthly form is its last month, counted from January;
/// the fourth quarter on an annual form is the year.
pub(crate) fn read_period(form: &Form, text: &str) -> Result<Period, String> {
    let period = Period::parse(text).map_err(|error| format!("不能用:{error}"))?;
    fit(form, period).map_err(|reason| format!("{reason}本行没有审核。"))
}

/// The period as the form counts it; the refusal is the second half of a sentence that begins with the place.
fn fit(form: &Form, period: Period) -> Result<Period, String> {
    if form.is_reported_in(period) {
        return Ok(period);
    }
    let is_monthly = matches!(form.period_kind(), PeriodKind::Month | PeriodKind::MonthCombined);
    match period.kind() {
        PeriodKind::Quarter if is_monthly => Ok(period),
        PeriodKind::Quarter if form.period_kind() == PeriodKind::Year && period.last_month() == 12 => {
            Period::of_year(period.year()).map_err(|error| error.to_string())
        }
        _ => Err(format!("是“{}”,{}不按这个报告期报送。", period.label(), form.title())),
    }
}

/// The period whose report a check calls the previous one.
pub(crate) fn before(form: &Form, period: Period) -> Period {
    if form.is_reported_in(period) { period.previous_in(form.period_kind()) } else { period.previous() }
}
