//! The marks by which a book comes home: a hidden row above the table names its columns, a hidden column before the table
//! names its rows, and where the two cross stand the table and the stamp of the book.
//!
//! They stand beside the cells because then they go where the cells go: a column that is moved, a row that is sorted, a
//! sheet that is copied into another workbook or saved as CSV takes its mark along. Defined names do not follow a sort, and
//! a list in a hidden sheet follows nothing. The very hidden sheet [`HIDDEN_SHEET`] repeats the stamp only so that a lost
//! mark can be told from a foreign file. The one thing that parts rows from their marks is to lift the protection and to
//! sort the visible columns alone; then the locked names of the rows no longer fit, and the rows are refused by name.

use crate::table::{Cell, Sheet};

/// The very hidden sheet of a book: its stamp, and the code lists of drop-downs.
pub(crate) const HIDDEN_SHEET: &str = "_youju";

/// The sheet of a returned copy that lists its errors.
pub(crate) const SUMMARY_SHEET: &str = "审核结果";

/// The first word of a corner. The number is that of this notation.
const CORNER: &str = "youju1";
const COLUMN: &str = "c:";
const ROW: &str = "r:";
const NEW_ROW: &str = "r+";

/// What is printed around the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Print {
    Title,
    Head,
    Heading,
    Group,
    Name,
    Code,
    Line,
    Foot,
}

const PRINTS: [(Print, &str); 8] = [
    (Print::Title, "t:title"),
    (Print::Head, "t:head"),
    (Print::Heading, "t:heading"),
    (Print::Group, "t:group"),
    (Print::Name, "t:name"),
    (Print::Code, "t:code"),
    (Print::Line, "t:line"),
    (Print::Foot, "t:foot"),
];

impl Print {
    /// Whether it belongs to the head of the columns.
    pub(crate) fn is_column_head(self) -> bool {
        matches!(self, Print::Group | Print::Name | Print::Code)
    }
}

/// What the hidden column says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowMark<'a> {
    Row(&'a str),
    New,
    Print(Print),
    None,
}

impl<'a> RowMark<'a> {
    pub(crate) fn parse(text: &'a str) -> RowMark<'a> {
        if let Some(key) = text.strip_prefix(ROW) {
            return RowMark::Row(key);
        }
        let print = PRINTS.iter().find(|(_, mark)| *mark == text).map(|(print, _)| RowMark::Print(*print));
        print.unwrap_or(if text == NEW_ROW { RowMark::New } else { RowMark::None })
    }

    pub(crate) fn text(self) -> String {
        match self {
            RowMark::Row(key) => format!("{ROW}{key}"),
            RowMark::New => NEW_ROW.to_owned(),
            RowMark::Print(print) => {
                PRINTS.iter().find(|(one, _)| *one == print).map_or("", |(_, mark)| mark).to_owned()
            }
            RowMark::None => String::new(),
        }
    }
}

pub(crate) fn column_mark(key: &str) -> String {
    format!("{COLUMN}{key}")
}

pub(crate) fn corner_mark(section: &str, stamp: &str) -> String {
    format!("{CORNER} {section} {stamp}")
}

/// Whether a key survives its way through a cell.
pub(crate) fn is_key(key: &str) -> bool {
    !key.is_empty() && key.trim() == key && !key.chars().any(char::is_control)
}

/// The marks of a sheet.
pub(crate) struct Marks<'a> {
    pub(crate) section: &'a str,
    pub(crate) stamp: &'a str,
    /// The zero-based row that names the columns, and the column that names the rows.
    pub(crate) corner: (usize, usize),
    /// Key and zero-based place of every column, from left to right.
    pub(crate) columns: Vec<(&'a str, usize)>,
    sheet: &'a Sheet,
}

impl<'a> Marks<'a> {
    /// The marks of a sheet, wherever they have been moved; of several tables in one sheet the first.
    pub(crate) fn find(sheet: &'a Sheet) -> Option<Marks<'a>> {
        let mut cells = sheet.rows.iter().enumerate().flat_map(|(row, cells)| {
            cells.iter().enumerate().filter_map(move |(column, cell)| match cell {
                Cell::Text(text) => parse_corner(text).map(|corner| ((row, column), corner)),
                _ => None,
            })
        });
        let (corner, (section, stamp)) = cells.next()?;
        let head = sheet.rows.get(corner.0).map(Vec::as_slice).unwrap_or_default();
        let columns = head.iter().enumerate().filter_map(|(at, cell)| match cell {
            Cell::Text(text) => text.strip_prefix(COLUMN).map(|key| (key, at)),
            _ => None,
        });
        Some(Marks { section, stamp, corner, columns: columns.collect(), sheet })
    }

    /// What the mark of a zero-based row says.
    pub(crate) fn row(&self, row: usize) -> RowMark<'a> {
        match self.sheet.cell(row, self.corner.1) {
            Cell::Text(text) if row != self.corner.0 => RowMark::parse(text),
            _ => RowMark::None,
        }
    }
}

/// Table and stamp.
fn parse_corner(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(CORNER)?.strip_prefix(' ')?;
    Some(rest.split_once(' ').unwrap_or((rest, "")))
}
