//! Lists 清单 of a form: one row per project, product or fuel, as many as the unit has.
//!
//! A row has no life of its own: it is there as soon as one of its cells is filled, and gone when all of them are blank.
//! Its number only tells rows apart. What a row *is* next month is told by its key: the project's name, the product's code.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_domain::report::{Cell, CellId, Cells, Value, value_of};
use youju_vtl::Scalar;

use crate::cell::CellDef;
use crate::facts::number_scalar;
use crate::form::{Form, Indicator};

/// A list longer than this is not filled in by hand any more.
pub const LIST_ROWS_MAX: u32 = 9999;

/// List 清单.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its id: the first part of its cells' ids.
    pub id: String,
    /// What stands above it, e.g. `四、主要工业产品产量`.
    pub heading: String,
    /// Most rows.
    pub rows_max: u32,
    /// The columns by which a row is the same thing in the next period. Empty where rows cannot be told apart.
    pub key: Vec<String>,
    /// Its columns.
    pub columns: Vec<ListColumn>,
}

/// Column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListColumn {
    /// The last part of its cells' ids.
    pub id: String,
    /// What is asked.
    pub indicator: Indicator,
    /// The cell of a row, still without the row.
    pub(crate) cell: CellDef,
}

/// A cell of a row, told by its id `p.3.10`: list, number of the row, column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCell<'a> {
    /// Id of the list.
    pub list: &'a str,
    /// Number of the row, from 1.
    pub number: u32,
    /// Id of the column.
    pub column: &'a str,
}

impl<'a> RowCell<'a> {
    /// The parts of an id; nothing for the id of a fixed cell.
    pub fn parse(id: &'a CellId) -> Option<RowCell<'a>> {
        let mut parts = id.as_str().split('.');
        let (list, number, column) = (parts.next()?, parts.next()?, parts.next()?);
        // One row has one spelling.
        let is_plain = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| is_plain)?;
        parts.next().is_none().then_some(RowCell { list, number, column })
    }
}

/// `p.3.10`.
pub(crate) fn row_cell_id(list: &str, number: u32, column: &str) -> CellId {
    CellId::new(format!("{list}.{number}.{column}"))
}

impl List {
    /// A column by its id.
    pub fn column(&self, id: &str) -> Option<&ListColumn> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// The cell of a row.
    pub fn cell(&self, number: u32, column: &str) -> Option<CellDef> {
        let column = self.column(column)?;
        let (id, label) = (row_cell_id(&self.id, number, &column.id), &column.indicator.label);
        Some(CellDef { id, label: format!("{}第 {number} 行的{label}", self.heading), ..column.cell.clone() })
    }

    /// The value of a cell of a row.
    pub fn value<'c>(&self, cells: &'c Cells, number: u32, column: &str) -> &'c Value {
        value_of(cells, &row_cell_id(&self.id, number, column))
    }

    /// The numbers of the rows in which something is filled.
    pub fn rows(&self, cells: &Cells) -> BTreeSet<u32> {
        rows(cells, &self.id)
    }

    /// The highest number that a row ever had, also one that has been cleared: new rows go behind it.
    pub fn last_number(&self, cells: &Cells) -> u32 {
        of_list(cells, &self.id).map(|(at, _)| at.number).max().unwrap_or(0)
    }

    /// What tells a row apart; nothing where a part of the key is not filled, or the list has none.
    pub fn key_of(&self, cells: &Cells, number: u32) -> Option<Vec<String>> {
        let part = |column: &String| match self.value(cells, number, column) {
            Value::Blank | Value::NotApplicable => None,
            value => Some(value.print()),
        };
        let parts: Option<Vec<String>> = self.key.iter().map(part).collect();
        parts.filter(|parts| !parts.is_empty())
    }

    /// The first row with each key.
    pub(crate) fn by_key(&self, cells: &Cells) -> BTreeMap<Vec<String>, u32> {
        let rows = self.rows(cells).into_iter().rev();
        rows.filter_map(|number| Some((self.key_of(cells, number)?, number))).collect()
    }
}

/// Sum of a list's column; null without a number.
pub(crate) fn sum(cells: &Cells, list: &str, column: &str) -> Scalar {
    let cells = of_list(cells, list).filter(|(at, _)| at.column == column);
    let mut numbers = cells.filter_map(|(_, cell)| cell.value.number()).peekable();
    if numbers.peek().is_none() {
        return Scalar::Null;
    }
    // Beyond what a decimal holds there is no exact sum, and nothing else is given.
    numbers.try_fold(Decimal::ZERO, Decimal::checked_add).map_or(Scalar::Null, number_scalar)
}

/// How many rows of a list are filled.
pub(crate) fn count(cells: &Cells, list: &str) -> Scalar {
    Scalar::Integer(i64::try_from(rows(cells, list).len()).unwrap_or(i64::MAX))
}

fn rows(cells: &Cells, list: &str) -> BTreeSet<u32> {
    let filled = of_list(cells, list).filter(|(_, cell)| cell.value != Value::Blank);
    filled.map(|(at, _)| at.number).collect()
}

/// `sum_p_10`.
pub(crate) fn sum_id(list: &str, column: &str) -> CellId {
    CellId::new(format!("sum_{list}_{column}"))
}

/// The figures of a report for totals: those of fixed cells as they are, those of rows added up as `sum_p_10`. A sum always fits:
/// 9,999 rows of 18 digits and 4 decimals are 26 digits, and a decimal holds 28.
pub fn added_up(figures: BTreeMap<CellId, Decimal>) -> BTreeMap<CellId, Decimal> {
    let mut sums: BTreeMap<CellId, Option<Decimal>> = BTreeMap::new();
    for (id, figure) in figures {
        let into = match RowCell::parse(&id) {
            None => id,
            Some(cell) => sum_id(cell.list, cell.column),
        };
        let sum = sums.entry(into).or_insert(Some(Decimal::ZERO));
        *sum = sum.and_then(|sum| sum.checked_add(figure));
    }
    sums.into_iter().filter_map(|(id, sum)| Some((id, sum?))).collect()
}

/// Every cell of a list that was ever filled.
fn of_list<'c>(cells: &'c Cells, list: &str) -> impl Iterator<Item = (RowCell<'c>, &'c Cell)> {
    // `/` follows `.` in the alphabet.
    let (from, to) = (CellId::new(format!("{list}.")), CellId::new(format!("{list}/")));
    cells.range(from..to).filter_map(|(id, cell)| Some((RowCell::parse(id)?, cell)))
}

impl Form {
    /// Every fixed cell, and every cell of the rows that are filled in any of these reports, list by list.
    pub fn all_cells(&self, reports: &[&Cells]) -> Vec<CellDef> {
        let rows = self.lists.iter().flat_map(|list| {
            let numbers: BTreeSet<u32> = reports.iter().flat_map(|cells| list.rows(cells)).collect();
            let cells = move |number| list.columns.iter().filter_map(move |column| list.cell(number, &column.id));
            numbers.into_iter().flat_map(cells)
        });
        self.cells().iter().cloned().chain(rows).collect()
    }

    /// The sums of its lists' columns, as totals know them.
    pub fn sum_cells(&self) -> impl Iterator<Item = CellDef> {
        self.lists.iter().flat_map(|list| {
            let numbers = list.columns.iter().filter(|column| column.cell.is_number());
            numbers.map(|column| CellDef {
                id: sum_id(&list.id, &column.id),
                label: format!("{}:{}", list.heading, column.indicator.label),
                ..column.cell.clone()
            })
        })
    }

    /// The figures that totals add up: numbers of this period that every unit must report (all, where none is a must), and the
    /// sums of the lists.
    pub fn totalled(&self) -> Vec<CellDef> {
        let numbers = || self.cells().iter().filter(|cell| cell.is_number() && cell.column.is_empty());
        let required: Vec<CellDef> = numbers().filter(|cell| cell.is_required).cloned().collect();
        let fixed = if required.is_empty() { numbers().cloned().collect() } else { required };
        fixed.into_iter().chain(self.sum_cells()).collect()
    }

    /// True when a cell is added up: by itself, or in the sum of its list's column.
    pub fn is_totalled(&self, cell: &CellId) -> bool {
        let wanted = RowCell::parse(cell).map_or_else(|| cell.clone(), |row| sum_id(row.list, row.column));
        self.totalled().iter().any(|totalled| totalled.id == wanted)
    }

    /// The list with this id.
    pub fn list(&self, id: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.id == id)
    }
}
