//! The workbook of a form 报表工作簿: written to be filled in Excel or WPS, read when it comes home, and returned with
//! every mistake in its cell.
//!
//! A book is one table or several, each on a sheet of its own: rows of indicators, of projects or of units, and columns.
//! Every row and every column bears a hidden mark (see `marks`), so that both may be moved, sorted, inserted and taken away.
//! What is typed is judged against the [`Rule`] of its cell, row by row: correct rows can be taken and wrong ones left.
//! Forms, checks between figures and units are not known here; who knows them adds their errors before the copy is written.
//!
//! ```
//! use youju_sheet::form_book::*;
//! use youju_sheet::{CellOut, read};
//! let name = BookColumn::new("name", "指标名称", Rule::Locked);
//! let month = BookColumn::new("1", "本月", Rule::Number { decimals: 0 });
//! let row = BookRow::new("301", vec![BookCell::from(CellOut::from("营业收入")), BookCell::default()]);
//! let mut table = Section::new("main", vec![name, month]);
//! table.lines.push(Line::Row(row));
//! let book = FormBook { title: "财务状况".into(), stamp: "报表 17".into(), sections: vec![table], ..FormBook::default() };
//! let mut file = Vec::new();
//! write_form_book(&mut file, &book)?;
//! // Filled in and sent back, it is read again.
//! let sheets = read("财务状况.xlsx", &file)?;
//! let returned = read_form_book(&sheets).map_err(|refusals| refusals[0].to_string())?;
//! assert_eq!(returned.stamp, "报表 17");
//! let judged = judge(&book, &returned);
//! assert_eq!((judged.errors.len(), &judged.rows[0].values[0]), (0, &(1, CellOut::Empty)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod annotate;
mod judge;
mod layout;
mod look;
mod marks;
mod paper;
mod place;
mod read;
mod rule;
mod summary;
mod unit_table;
mod validation;
mod write;

pub use annotate::{Annotation, write_annotated};
pub use judge::{Judge, Judged, JudgedRow, judge};
pub use place::{BookError, Place};
pub use read::{Returned, ReturnedColumn, ReturnedRow, ReturnedTable, RowId, read_form_book};
pub use unit_table::{UnitTable, Wanted, read_unit_table};
pub use write::{write_form_book, write_unit_book};

use crate::write::CellOut;

/// Workbook of a form 报表工作簿.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormBook {
    /// The name of the form, above every table.
    pub title: String,
    /// The lines between title and table: 表号, 制定机关, 文号, 有效期, 单位, 报告期, 计量单位.
    pub head: Vec<HeadLine>,
    /// The tables, one sheet each.
    pub sections: Vec<Section>,
    /// The lines below the last table.
    pub foot: Vec<String>,
    /// The code lists that rules name.
    pub lists: Vec<CodeList>,
    /// What the sender must know to take the book back: report, version of the form, revision. Nobody reads it here.
    pub stamp: String,
    /// Who took this copy, at the head of every printed page; empty where it is nobody's copy.
    pub mark: String,
}

/// Line of the head 表头项.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeadLine {
    /// At the left edge.
    pub left: String,
    /// At the right edge.
    pub right: String,
}

/// Table of a book 表.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Its name in code, unique in the book, without blanks.
    pub key: String,
    /// Printed above the table, and the name of its sheet; without it, the sheet bears the title of the book.
    pub heading: String,
    /// From left to right; those that name the row come first and are locked.
    pub columns: Vec<BookColumn>,
    /// From top to bottom.
    pub lines: Vec<Line>,
    /// Blank rows at the end for what is added (projects, products). With none, rows can neither be added nor left out.
    pub spare_rows: u32,
}

/// Column of a table 栏目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookColumn {
    /// Its name in code, unique in the table.
    pub key: String,
    /// A name above the names of neighbouring columns; may be blank.
    pub group: String,
    /// Its printed name.
    pub name: String,
    /// Printed below the name: 甲, 1; may be blank.
    pub code: String,
    /// Counted in Latin characters; a Chinese character takes two.
    pub width: u16,
    /// How to fill it in, as a comment on the name; may be blank.
    pub note: String,
    /// What its cells may hold, unless they say otherwise.
    pub rule: Rule,
}

/// Line of a table 表中一行.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Words above a group of rows.
    Heading(String),
    /// A row of cells.
    Row(BookRow),
}

/// Row of a table 行.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BookRow {
    /// Its name in code, unique in the table.
    pub key: String,
    /// How to fill it in, as a comment on its first cell; may be blank.
    pub note: String,
    /// One for each column.
    pub cells: Vec<BookCell>,
}

/// Cell of a row 单元格.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BookCell {
    /// What stands there already.
    pub value: CellOut,
    /// What may stand there, if it is not what the column says.
    pub rule: Option<Rule>,
}

/// What may stand in a cell 填报规则.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rule {
    /// What was printed: prefilled or computed.
    Locked,
    /// Nothing, ever: the form has no such cell. Printed grey.
    Absent,
    /// A number with at most so many decimals; none for whole numbers.
    Number {
        /// How many digits may stand behind the point.
        decimals: u32,
    },
    /// Text of at most so many characters.
    Text {
        /// How many.
        chars_max: u32,
    },
    /// A code of a list of the book, chosen from a drop-down.
    Code {
        /// The name of the list.
        list: String,
    },
    /// A month, as `202603`.
    Month,
    /// Anything: what was typed is handed on as it stands, to whoever knows better what it may be.
    Free,
}

/// Codes to choose from 代码表.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeList {
    /// Its name in rules.
    pub name: String,
    /// Code and meaning. Shown as `11 农业`; the code alone and the meaning alone are understood as well.
    pub codes: Vec<(String, String)>,
}

impl Section {
    /// A table without rows yet.
    pub fn new(key: &str, columns: Vec<BookColumn>) -> Section {
        Section { key: key.to_owned(), columns, ..Section::default() }
    }

    /// The rows, without the words between them.
    pub fn rows(&self) -> impl Iterator<Item = &BookRow> {
        self.lines.iter().filter_map(|line| match line {
            Line::Row(row) => Some(row),
            Line::Heading(_) => None,
        })
    }

    /// The rule of a cell in a row, or in a row that was added.
    pub(crate) fn rule<'a>(&'a self, row: Option<&'a BookRow>, column: usize) -> &'a Rule {
        let own = row.and_then(|row| row.cells.get(column)).and_then(|cell| cell.rule.as_ref());
        own.or_else(|| self.columns.get(column).map(|column| &column.rule)).unwrap_or(&Rule::Absent)
    }
}

impl BookColumn {
    /// A column without group, code or note, wide enough for amounts and for its name.
    pub fn new(key: &str, name: &str, rule: Rule) -> BookColumn {
        BookColumn {
            key: key.to_owned(),
            group: String::new(),
            name: name.to_owned(),
            code: String::new(),
            width: 14,
            note: String::new(),
            rule,
        }
    }

    /// The name with its group before it.
    pub fn label(&self) -> String {
        format!("{}{}", self.group, self.name)
    }
}

impl BookRow {
    /// A row without note.
    pub fn new(key: &str, cells: Vec<BookCell>) -> BookRow {
        BookRow { key: key.to_owned(), note: String::new(), cells }
    }
}

impl From<CellOut> for BookCell {
    fn from(value: CellOut) -> BookCell {
        BookCell { value, rule: None }
    }
}

impl Rule {
    /// Whether somebody may type here.
    pub fn is_open(&self) -> bool {
        !matches!(self, Rule::Locked | Rule::Absent)
    }
}

impl CodeList {
    /// What the drop-down shows for a code.
    pub(crate) fn shown(code: &str, meaning: &str) -> String {
        if meaning.is_empty() { code.to_owned() } else { format!("{code} {meaning}") }
    }
}
