//! Reads a book that came back: which row and which column of which sheet is which of the form. What was typed stays where
//! it was read.

use std::collections::HashMap;

use crate::error::CellError;
use crate::form_book::marks::{HIDDEN_SHEET, Marks, Print, RowMark, SUMMARY_SHEET};
use crate::form_book::place::letters;
use crate::form_book::{BookError, Place};
use crate::table::{Cell, Sheet};

/// Book that came back 回收的报表工作簿.
#[derive(Debug, Clone)]
pub struct Returned<'a> {
    /// What was written into it.
    pub stamp: String,
    /// Its tables, in the order of their sheets.
    pub tables: Vec<ReturnedTable<'a>>,
    /// What was not read, and why.
    pub told: Vec<CellError>,
}

/// Table that came back 回收的表.
#[derive(Debug, Clone)]
pub struct ReturnedTable<'a> {
    /// The key of its section; empty for a table that is read by its header.
    pub section: String,
    /// Where the cells stand.
    pub sheet: &'a Sheet,
    /// The columns that were recognised, from left to right.
    pub columns: Vec<ReturnedColumn>,
    /// The row that names the columns, zero-based.
    pub head_at: usize,
    /// The rows in which something stands, from top to bottom.
    pub rows: Vec<ReturnedRow>,
    /// The printed name of the column that names the rows, for a table that is read by its header.
    pub key_name: Option<String>,
}

/// Column that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedColumn {
    /// Its key.
    pub key: String,
    /// Where it stands now, zero-based.
    pub at: usize,
    /// The zero-based column that has the same key too, if there is one: then neither is read.
    pub repeats: Option<usize>,
}

/// Row that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedRow {
    /// Which row it is.
    pub id: RowId,
    /// Where it stands now, zero-based.
    pub at: usize,
    /// The first column of cells that somebody has merged, zero-based.
    pub merged_at: Option<usize>,
}

/// Which row a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowId {
    /// The row with this key.
    Key(String),
    /// The row with this key, which stands somewhere else too.
    Repeated {
        /// The key.
        key: String,
        /// The other place, zero-based.
        other: usize,
    },
    /// A spare row that was filled.
    New,
    /// A row that somebody inserted, or whose key is missing.
    Unmarked,
}

impl RowId {
    /// The key; empty for a row that has none.
    pub fn key(&self) -> &str {
        match self {
            RowId::Key(key) | RowId::Repeated { key, .. } => key,
            RowId::New | RowId::Unmarked => "",
        }
    }
}

impl ReturnedTable<'_> {
    /// The place of a cell, by zero-based row and column.
    pub fn place(&self, row: usize, column: usize) -> Place {
        Place { sheet: self.sheet.name.clone(), cell: Some((row, column)) }
    }

    /// The row with a key; each time all rows are looked through.
    pub fn row(&self, key: &str) -> Option<&ReturnedRow> {
        self.rows.iter().find(|row| matches!(&row.id, RowId::Key(own) if own == key))
    }

    /// An error that somebody else has found in a row: in the cell of a column, by its key, or in the first cell if the
    /// column is not there. What row and column are called is left to who knows it.
    pub fn error(&self, row: &ReturnedRow, column: &str, message: String) -> BookError {
        let own = self.columns.iter().find(|own| own.key == column).or_else(|| self.columns.first());
        let at = own.map_or(0, |own| own.at);
        let place = self.place(row.at, at);
        let found = self.sheet.cell(row.at, at).to_string();
        BookError { place, row: row.id.key().to_owned(), column: column.to_owned(), found, message }
    }
}

/// Reads a book by its marks. A file without marks, sheets of two books and a table that stands in two sheets are refused
/// with the way out; everything else is read as far as it can be.
pub fn read_form_book(sheets: &[Sheet]) -> Result<Returned<'_>, Vec<CellError>> {
    let mut told = Vec::new();
    let mut found: Vec<(&Sheet, Marks<'_>)> = Vec::new();
    for sheet in sheets.iter().filter(|sheet| sheet.name != HIDDEN_SHEET && sheet.name != SUMMARY_SHEET) {
        match Marks::find(sheet) {
            Some(_) if sheet.is_hidden => told
                .push(whole(sheet, "已被隐藏,没有读取。如果要导入其中的数据,请在 Excel 或 WPS 中取消隐藏后重新导入。")),
            Some(marks) => found.push((sheet, marks)),
            None if sheet.rows.is_empty() => {}
            None => told.push(whole(sheet, "没有报表标识,没有读取。报表的数据请填在导出的工作表里。")),
        }
    }
    let hidden = sheets.iter().find(|sheet| sheet.name == HIDDEN_SHEET).map(|sheet| sheet.cell(0, 0).to_string());
    let stamp = one_stamp(&found, hidden.as_deref(), &told)?;
    let mut by_section = HashMap::<&str, &str>::new();
    for (sheet, marks) in &found {
        if let Some(other) = by_section.insert(marks.section, &sheet.name) {
            let message = format!("与工作表“{other}”是同一张表的两份,无法判断以哪份为准。请删去其中一份后重新导入。");
            return Err(vec![whole(sheet, &message)]);
        }
    }
    let mut tables = Vec::new();
    for (sheet, marks) in &found {
        tables.push(read_table(sheet, marks, &mut told));
    }
    Ok(Returned { stamp, tables, told })
}

fn whole(sheet: &Sheet, message: &str) -> CellError {
    CellError { sheet: sheet.name.clone(), row: None, column: None, message: message.to_owned() }
}

/// The stamp that all sheets bear.
fn one_stamp(
    found: &[(&Sheet, Marks<'_>)],
    hidden: Option<&str>,
    told: &[CellError],
) -> Result<String, Vec<CellError>> {
    let refuse =
        |message: &str| CellError { sheet: String::new(), row: None, column: None, message: message.to_owned() };
    let Some((first, marks)) = found.first() else {
        let refusal = match hidden {
            Some(_) => {
                "这是本系统导出的报表,但隐藏的标识行或标识列已被删除,无法判断各个数字属于哪个指标。请重新导出报表,把数字复制进去再导入。"
            }
            None => {
                "没有找到报表标识:文件不是本系统导出的报表,或标识已被删除。请重新导出报表,填好后导入导出的那个文件。"
            }
        };
        return Err(told.iter().cloned().chain([refuse(refusal)]).collect());
    };
    for (sheet, other) in found {
        if other.stamp != marks.stamp {
            let message = format!("与工作表“{}”来自不同的报表,不能一起导入。请分别导入各自导出的文件。", first.name);
            return Err(vec![whole(sheet, &message)]);
        }
    }
    if hidden.is_some_and(|stamp| stamp != marks.stamp) {
        let message = "是从另一份报表复制过来的,与本文件的标识不符。请导入它原来所在的文件,或重新导出报表后填写。";
        return Err(vec![whole(first, message)]);
    }
    Ok(marks.stamp.to_owned())
}

fn read_table<'a>(sheet: &'a Sheet, marks: &Marks<'a>, told: &mut Vec<CellError>) -> ReturnedTable<'a> {
    let columns = read_columns(marks.columns.iter().map(|(key, at)| ((*key).to_owned(), *at)).collect());
    let rows = read_rows(sheet, marks, &columns, told);
    let is_head = |row: &usize| marks.row(*row) == RowMark::Print(Print::Name);
    let head_at = (0..sheet.rows.len()).find(is_head).unwrap_or(marks.corner.0);
    let section = marks.section.to_owned();
    let mut table = ReturnedTable { section, sheet, columns, head_at, rows, key_name: None };
    tell_strays(&table, marks.corner.1, told);
    settle(&mut table);
    table
}

/// Marks columns that have the same key.
pub(crate) fn read_columns(columns: Vec<(String, usize)>) -> Vec<ReturnedColumn> {
    let mut first = HashMap::<String, usize>::new();
    let mut read: Vec<ReturnedColumn> = Vec::with_capacity(columns.len());
    for (index, (key, at)) in columns.into_iter().enumerate() {
        let other = *first.entry(key.clone()).or_insert(index);
        let other = read.get_mut(other).filter(|_| other != index);
        let repeats = other.map(|other| {
            other.repeats = Some(at);
            other.at
        });
        read.push(ReturnedColumn { key, at, repeats });
    }
    read
}

fn read_rows(
    sheet: &Sheet,
    marks: &Marks<'_>,
    columns: &[ReturnedColumn],
    told: &mut Vec<CellError>,
) -> Vec<ReturnedRow> {
    let mut rows = Vec::new();
    let mut outside = Vec::new();
    // A row that nobody marked belongs to the table if it stands between its head and its foot.
    let mut is_inside = false;
    for (at, cells) in sheet.rows.iter().enumerate().filter(|(at, _)| *at != marks.corner.0) {
        let is_blank = || columns.iter().all(|column| sheet.cell(at, column.at).is_empty());
        let id = match marks.row(at) {
            RowMark::Print(print) => {
                is_inside = match print {
                    Print::Foot | Print::Title | Print::Head | Print::Heading => false,
                    Print::Group | Print::Name | Print::Code | Print::Line => true,
                };
                continue;
            }
            RowMark::Row(key) => RowId::Key(key.to_owned()),
            RowMark::New if is_blank() => continue,
            RowMark::New => RowId::New,
            RowMark::None if cells.iter().all(Cell::is_empty) => continue,
            RowMark::None if is_inside && !is_blank() => RowId::Unmarked,
            RowMark::None => {
                outside.push(at);
                continue;
            }
        };
        rows.push(ReturnedRow { id, at, merged_at: None });
    }
    if let Some(first) = outside.first() {
        let message = format!("起共 {} 行在表格之外,没有读取。", outside.len());
        told.push(CellError { sheet: sheet.name.clone(), row: Some(first + 1), column: None, message });
    }
    rows
}

/// Tells the columns in which something stands that belongs to no column of the form.
fn tell_strays(table: &ReturnedTable<'_>, mark_column: usize, told: &mut Vec<CellError>) {
    let mut is_ours = vec![false; table.sheet.width()];
    for at in table.columns.iter().map(|column| column.at).chain([mark_column]) {
        if let Some(ours) = is_ours.get_mut(at) {
            *ours = true;
        }
    }
    for row in &table.rows {
        let cells = table.sheet.rows.get(row.at).map(Vec::as_slice).unwrap_or_default();
        for (at, (cell, ours)) in cells.iter().zip(&mut is_ours).enumerate() {
            if !*ours && !cell.is_empty() {
                *ours = true;
                let message = format!("{} 列是后来插入的,没有读取。报表的数据请填在原有的栏目里。", letters(at));
                told.push(whole(table.sheet, &message));
            }
        }
    }
}

/// Marks rows that have the same key, and rows in which cells are merged.
pub(crate) fn settle(table: &mut ReturnedTable<'_>) {
    let mut places = HashMap::<&str, Vec<usize>>::new();
    for (index, row) in table.rows.iter().enumerate() {
        if let RowId::Key(key) = &row.id {
            places.entry(key).or_default().push(index);
        }
    }
    let repeated: Vec<Vec<usize>> = places.into_values().filter(|places| places.len() > 1).collect();
    for indexes in repeated {
        let at = |index: &usize| table.rows.get(*index).map_or(0, |row| row.at);
        let (first, second) = (indexes.first().map_or(0, at), indexes.get(1).map_or(0, at));
        for index in indexes {
            let Some(row) = table.rows.get_mut(index) else { continue };
            if let RowId::Key(key) = &mut row.id {
                let other = if row.at == first { second } else { first };
                row.id = RowId::Repeated { key: std::mem::take(key), other };
            }
        }
    }
    find_merged(table);
}

fn find_merged(table: &mut ReturnedTable<'_>) {
    // Merged ranges do not overlap; a file that says so all the same is not followed for long.
    let mut strokes_left = table.rows.len().saturating_mul(table.columns.len());
    for merged in &table.sheet.merged {
        let covers = |column: &&ReturnedColumn| (merged.first_column..=merged.last_column).contains(&column.at);
        let mut columns = table.columns.iter().filter(covers);
        let Some(first) = columns.next().map(|column| column.at) else { continue };
        let is_wide = columns.next().is_some();
        let begin = table.rows.partition_point(|row| row.at < merged.first_row);
        let end = table.rows.partition_point(|row| row.at <= merged.last_row);
        if end <= begin || (end - begin < 2 && !is_wide) {
            continue;
        }
        for row in table.rows.get_mut(begin..end).unwrap_or_default() {
            if strokes_left == 0 {
                return;
            }
            strokes_left -= 1;
            row.merged_at.get_or_insert(first);
        }
    }
}
