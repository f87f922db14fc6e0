//! Tables become files. One table, one file; what does not fit into the file is an error, never cut.

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

mod csv;
mod packed;
pub(crate) mod xlsx;
mod zip;

pub use csv::{csv_line, csv_row, write_csv};
pub use packed::{PackedText, in_gb18030, zip_packed};
pub use xlsx::write_xlsx;
pub use zip::{FileOut, write_zip};

/// Table to be written 导出表. The rows are taken one at a time, so that a large export needs little memory.
#[derive(Debug, Clone)]
pub struct Table<I> {
    /// The title: the name of the sheet and the first row of a workbook. CSV has no title, so that programs can read it.
    pub title: String,
    /// The columns from left to right.
    pub columns: Vec<ColumnOut>,
    /// The rows; each must have as many cells as there are columns.
    pub rows: I,
}

/// Column of a table to be written 导出栏目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnOut {
    /// Its name in the header.
    pub name: String,
    /// Its width, counted in Latin characters; a Chinese character takes two. The header always fits.
    pub width: u16,
}

impl ColumnOut {
    /// A column just wide enough for its header and for amounts.
    pub fn new(name: &str) -> ColumnOut {
        ColumnOut { name: name.to_owned(), width: 12 }
    }
}

/// Cell to be written 导出单元格.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CellOut {
    /// Nothing. Not zero.
    #[default]
    Empty,
    /// Text, never a formula.
    Text(String),
    /// A number with its decimal places.
    Number(Decimal),
    /// A date, or a date with a time of day.
    Date(NaiveDateTime),
}

impl From<&str> for CellOut {
    fn from(text: &str) -> CellOut {
        if text.is_empty() { CellOut::Empty } else { CellOut::Text(text.to_owned()) }
    }
}

impl From<Decimal> for CellOut {
    fn from(number: Decimal) -> CellOut {
        CellOut::Number(number)
    }
}

impl From<Option<Decimal>> for CellOut {
    fn from(number: Option<Decimal>) -> CellOut {
        number.map_or(CellOut::Empty, CellOut::Number)
    }
}
