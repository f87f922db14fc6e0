//! Judges what came back against the book that went out: row by row, so that correct rows can be taken and wrong ones left.

use std::collections::{HashMap, HashSet};

use crate::form_book::layout::sheet_names;
use crate::form_book::read::{Returned, ReturnedRow, ReturnedTable, RowId};
use crate::form_book::rule::{Lists, is_same};
use crate::form_book::{BookColumn, BookError, BookRow, FormBook, Place, Rule, Section};
use crate::limits::ERRORS_MAX;
use crate::table::Cell;
use crate::write::CellOut;

/// Form that was judged 审核后的报表.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// Every row that came back.
    pub rows: Vec<JudgedRow<'a>>,
    /// All errors, those of the rows too. From [`ERRORS_MAX`] on, rows are neither judged nor taken, and the last error says so.
    pub errors: Vec<BookError>,
}

/// Row that was judged 审核后的行.
#[derive(Debug, Clone)]
pub struct JudgedRow<'a> {
    /// The table that it stands in.
    pub table: &'a ReturnedTable<'a>,
    /// The row as it came back.
    pub row: &'a ReturnedRow,
    /// What was typed: the column of the section, counted from 0, and the value. A month is text (`202603`), a code is the
    /// code. Wrong cells are missing.
    pub values: Vec<(usize, CellOut)>,
    /// What is wrong; a row without errors can be taken.
    pub errors: Vec<BookError>,
}

/// Judges a whole form: tables, columns and rows that are missing, and every cell.
pub fn judge<'a>(book: &'a FormBook, returned: &'a Returned<'a>) -> Judged<'a> {
    let mut judged = Judged { rows: Vec::new(), errors: Vec::new() };
    for (section, sheet) in book.sections.iter().zip(sheet_names(book)) {
        match returned.tables.iter().find(|table| table.section == section.key) {
            Some(table) => judge_table(book, section, table, &mut judged),
            None => judged.errors.push(BookError {
                message: "工作簿中没有这张表,或已被隐藏。请放回或取消隐藏后重新导入,或重新导出报表。".to_owned(),
                ..on_sheet(sheet)
            }),
        }
    }
    for table in &returned.tables {
        if !book.sections.iter().any(|section| section.key == table.section) {
            judged.errors.push(BookError {
                message: "不是这份报表的表。请删去后重新导入,或重新导出报表。".to_owned(),
                ..on_sheet(table.sheet.name.clone())
            });
        }
    }
    judged
}

fn on_sheet(sheet: String) -> BookError {
    let place = Place { sheet, cell: None };
    BookError { place, row: String::new(), column: String::new(), found: String::new(), message: String::new() }
}

fn judge_table<'a>(book: &'a FormBook, section: &'a Section, table: &'a ReturnedTable<'a>, judged: &mut Judged<'a>) {
    let judge = Judge::new(book, section, table);
    judged.errors.extend(judge.errors());
    let expected: HashMap<&str, &BookRow> = section.rows().map(|row| (row.key.as_str(), row)).collect();
    let mut seen = HashSet::new();
    for row in &table.rows {
        let key = Some(row.id.key()).filter(|key| !key.is_empty());
        seen.extend(key);
        if judged.errors.len() >= ERRORS_MAX {
            let message =
                format!("错误已达 {ERRORS_MAX} 处,从第 {} 行起没有审核。请先改正列出的错误,再重新导入。", row.at + 1);
            judged.errors.push(BookError { message, ..on_sheet(table.sheet.name.clone()) });
            return;
        }
        let row = judge.row(row, key.and_then(|key| expected.get(key)).copied());
        judged.errors.extend(row.errors.iter().cloned());
        judged.rows.push(row);
    }
    // Who may add rows may leave some out.
    let missing = section.rows().filter(|row| section.spare_rows == 0 && !seen.contains(row.key.as_str()));
    judged.errors.extend(missing.map(|row| {
        let name = judge.row_name(Some(row), None, &row.key);
        let message = format!("缺少“{name}”这一行。请放回这一行,或重新导出报表后填写。");
        BookError { row: name, message, ..on_sheet(table.sheet.name.clone()) }
    }));
}

/// Judges the rows of one table, each by itself: a large table is taken row by row, and may be taken up again anywhere.
pub struct Judge<'a> {
    section: &'a Section,
    table: &'a ReturnedTable<'a>,
    lists: Lists<'a>,
    /// Column of the section and zero-based column of the sheet, from left to right.
    columns: Vec<(usize, usize)>,
}

impl<'a> Judge<'a> {
    /// For a table that came back for a section of a book.
    pub fn new(book: &'a FormBook, section: &'a Section, table: &'a ReturnedTable<'a>) -> Judge<'a> {
        let index = |key: &str| section.columns.iter().position(|column| column.key == key);
        let once = table.columns.iter().filter(|column| column.repeats.is_none());
        let columns = once.filter_map(|column| Some((index(&column.key)?, column.at))).collect();
        Judge { section, table, lists: Lists::of(book), columns }
    }

    /// What is wrong with the columns.
    pub fn errors(&self) -> Vec<BookError> {
        let mut errors = Vec::new();
        let head = self.table.head_at;
        for column in &self.table.columns {
            let known = self.section.columns.iter().find(|own| own.key == column.key);
            let message = match (known, column.repeats) {
                (None, _) => "不是这份报表的栏目,没有读取。请删去这一栏,或重新导出报表后填写。".to_owned(),
                (_, Some(other)) => {
                    let other = self.table.place(head, other).a1();
                    format!("与 {other} 是同一栏的两份,都没有读取。请删去其中一栏。")
                }
                _ => continue,
            };
            let name = known.map_or_else(|| column.key.clone(), BookColumn::label);
            let place = self.table.place(head, column.at);
            errors.push(BookError { place, column: name, message, ..on_sheet(String::new()) });
        }
        // A table that is read by its header may have some of the columns only.
        let wanted =
            self.section.columns.iter().filter(|column| column.rule.is_open() && self.table.key_name.is_none());
        for column in wanted {
            if !self.table.columns.iter().any(|own| own.key == column.key) {
                let message = format!("缺少栏目“{}”。请放回这一栏,或重新导出报表后填写。", column.label());
                let sheet = on_sheet(self.table.sheet.name.clone());
                errors.push(BookError { column: column.label(), message, ..sheet });
            }
        }
        errors
    }

    /// Judges a row against the row that went out; none if there was no such row. Locked cells that are not given in the
    /// row that went out are not compared.
    pub fn row(&self, row: &'a ReturnedRow, expected: Option<&BookRow>) -> JudgedRow<'a> {
        let mut judged = JudgedRow { table: self.table, row, values: Vec::new(), errors: Vec::new() };
        let error = |at: usize, column: Option<usize>, message: String| {
            let name = column.and_then(|column| self.section.columns.get(column)).map(BookColumn::label);
            BookError {
                place: self.table.place(row.at, at),
                row: self.row_name(expected, Some(row), row.id.key()),
                column: name.unwrap_or_default(),
                found: self.table.sheet.cell(row.at, at).to_string(),
                message,
            }
        };
        let first = self.table.columns.first().map_or(0, |column| column.at);
        if let Some(message) = self.refusal(row, expected.is_some()) {
            judged.errors.push(error(first, None, message));
            return judged;
        }
        if let Some(at) = row.merged_at {
            let message = "有合并的单元格,无法判断内容属于哪一格。请取消合并,逐格填写。".to_owned();
            judged.errors.push(error(at, None, message));
        }
        for (column, at) in &self.columns {
            let cell = self.table.sheet.cell(row.at, *at);
            match self.cell(expected, *column, cell) {
                Ok(Some(value)) => judged.values.push((*column, value)),
                Ok(None) => {}
                Err(message) => judged.errors.push(error(*at, Some(*column), message)),
            }
        }
        judged
    }

    /// Why a row is not looked at.
    fn refusal(&self, row: &ReturnedRow, is_expected: bool) -> Option<String> {
        match (&row.id, &self.table.key_name) {
            (RowId::Key(_), _) if is_expected => None,
            (RowId::Repeated { other, .. }, _) => {
                Some(format!("这一行与第 {} 行重复,无法判断以哪行为准。请删去其中一行。", other + 1))
            }
            (RowId::Key(key), Some(name)) => Some(format!("没有“{name}”为“{key}”的一行。请改正,或删去这一行。")),
            (RowId::Key(_), None) => Some("不是这份报表的行。请删去这一行,或重新导出报表后填写。".to_owned()),
            (RowId::New | RowId::Unmarked, None) if self.section.spare_rows > 0 => None,
            (_, Some(name)) => Some(format!("没有填写“{name}”,这一行没有读取。请补填,或删去这一行。")),
            (_, None) => Some("这一行是后来插入的,没有读取。请把内容填到原有的行里,并删去这一行。".to_owned()),
        }
    }

    fn cell(&self, expected: Option<&BookRow>, column: usize, cell: &Cell) -> Result<Option<CellOut>, String> {
        let printed = expected.and_then(|row| row.cells.get(column)).map(|cell| &cell.value);
        match (self.section.rule(expected, column), printed) {
            (Rule::Locked, Some(printed)) if is_same(printed, cell) => Ok(None),
            (Rule::Locked, Some(CellOut::Empty)) => Err(format!("此格不可填写,现为“{cell}”。请清空。")),
            (Rule::Locked, Some(printed)) => {
                let printed = shown(printed);
                Err(format!(
                    "此格不可改动,应为“{printed}”,现为“{cell}”。请改回;排过序的,请撤销排序,或重新导出报表后填写。"
                ))
            }
            // An added row has nothing printed.
            (Rule::Locked, None) => Ok(None),
            (Rule::Absent, _) => self.lists.value(&Rule::Absent, cell).map(|_| None),
            (rule, _) => self.lists.value(rule, cell).map(Some),
        }
    }

    /// What a row is called: what is printed in its first columns, else its key.
    fn row_name(&self, expected: Option<&BookRow>, row: Option<&ReturnedRow>, key: &str) -> String {
        let printed = |column: usize| expected.and_then(|row| row.cells.get(column)).map(|cell| shown(&cell.value));
        let typed = |column: usize| {
            let at = self.columns.iter().find(|(own, _)| *own == column).map(|(_, at)| *at)?;
            row.map(|row| self.table.sheet.cell(row.at, at).to_string())
        };
        let locked = self.section.columns.iter().enumerate().filter(|(_, column)| column.rule == Rule::Locked);
        let names = locked.filter_map(|(column, _)| printed(column).or_else(|| typed(column)));
        let names: Vec<String> = names.filter(|name| !name.is_empty()).take(2).collect();
        if names.is_empty() { key.to_owned() } else { names.join(" ") }
    }
}

fn shown(value: &CellOut) -> String {
    match value {
        CellOut::Empty => String::new(),
        CellOut::Text(text) => text.clone(),
        CellOut::Number(number) => number.to_string(),
        CellOut::Date(moment) => Cell::Date(*moment).to_string(),
    }
}
