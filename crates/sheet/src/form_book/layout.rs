//! Which line of a book stands where on its sheet: marks, title, head, names of the columns, rows, foot.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::error::SheetError;
use crate::form_book::marks::{HIDDEN_SHEET, Print, RowMark, SUMMARY_SHEET, column_mark, corner_mark, is_key};
use crate::form_book::{BookColumn, BookRow, FormBook, Line, Rule, Section};
use crate::limits::{COLUMNS_MAX, SHEETS_MAX};
use crate::write::CellOut;
use crate::write::xlsx::sheet_name;

/// Line of a sheet, ready to be written.
pub(crate) struct Printed<'a> {
    pub(crate) print: Option<Print>,
    pub(crate) cells: Vec<PrintedCell<'a>>,
}

/// Cell of a sheet, ready to be written.
pub(crate) struct PrintedCell<'a> {
    /// Zero-based column.
    pub(crate) at: u16,
    pub(crate) value: Cow<'a, CellOut>,
    pub(crate) face: Face<'a>,
    /// A comment; may be blank.
    pub(crate) note: Cow<'a, str>,
    pub(crate) is_wrong: bool,
}

/// What a cell is, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face<'a> {
    Mark,
    Print(Print),
    /// Printed at the right edge.
    PrintRight(Print),
    Cell(&'a Rule),
    /// Nothing of ours.
    Plain,
}

impl<'a> PrintedCell<'a> {
    pub(crate) fn new(at: u16, value: Cow<'a, CellOut>, face: Face<'a>) -> PrintedCell<'a> {
        PrintedCell { at, value, face, note: Cow::Borrowed(""), is_wrong: false }
    }
}

/// Refuses what could not come home: keys that are used twice or do not survive a cell, and rows of another width.
pub(crate) fn verify_book(book: &FormBook) -> Result<(), SheetError> {
    let lists: BTreeSet<&str> = book.lists.iter().map(|list| list.name.as_str()).collect();
    if book.sections.is_empty() {
        return Err(mistake("报表工作簿没有表"));
    }
    // Beside the tables stand the hidden sheet and the list of errors.
    if book.sections.len() > SHEETS_MAX - 2 {
        return Err(SheetError::limit("报表工作簿的表数", book.sections.len() as u64, SHEETS_MAX as u64 - 2));
    }
    if book.stamp.trim() != book.stamp || book.stamp.chars().any(char::is_control) {
        return Err(mistake("报表工作簿的标识首尾有空白或含有控制字符"));
    }
    verify_keys("表", book.sections.iter().map(|section| section.key.as_str()))?;
    for section in &book.sections {
        if section.key.contains(' ') {
            return Err(mistake(&format!("表标识“{}”含有空格", section.key)));
        }
        // One more column holds the marks.
        if section.columns.len() >= COLUMNS_MAX {
            return Err(SheetError::limit("导出的列数", section.columns.len() as u64, COLUMNS_MAX as u64 - 1));
        }
        verify_keys("栏目", section.columns.iter().map(|column| column.key.as_str()))?;
        verify_keys("行", section.rows().map(|row| row.key.as_str()))?;
        let own = section.rows().flat_map(|row| row.cells.iter().filter_map(|cell| cell.rule.as_ref()));
        for rule in section.columns.iter().map(|column| &column.rule).chain(own) {
            if let Rule::Code { list } = rule
                && !lists.contains(list.as_str())
            {
                return Err(mistake(&format!("没有代码表“{list}”")));
            }
        }
    }
    Ok(())
}

fn verify_keys<'a>(what: &str, keys: impl Iterator<Item = &'a str>) -> Result<(), SheetError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !is_key(key) {
            return Err(mistake(&format!("{what}标识“{key}”为空,首尾有空白或含有控制字符")));
        }
        if !seen.insert(key) {
            return Err(mistake(&format!("{what}标识“{key}”用了两次")));
        }
    }
    Ok(())
}

fn mistake(what: &str) -> SheetError {
    SheetError::Unwritable { what: what.to_owned(), way_out: "这是程序错误,请联系技术支持。".to_owned() }
}

/// The names of the sheets, one for each section.
pub(crate) fn sheet_names(book: &FormBook) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let is_used = |names: &[String], name: &str| {
        let others = names.iter().map(String::as_str).chain([HIDDEN_SHEET, SUMMARY_SHEET]);
        // Excel takes A and a for the same name.
        others.into_iter().any(|other| other.to_lowercase() == name.to_lowercase())
    };
    for section in &book.sections {
        let title = if section.heading.is_empty() { &book.title } else { &section.heading };
        let mut name = sheet_name(title);
        let mut number = 1;
        while is_used(&names, &name) {
            number += 1;
            let end = format!(" {number}");
            let begin: String = sheet_name(title).chars().take(28 - end.len()).collect();
            name = sheet_name(&format!("{begin}{end}"));
        }
        names.push(name);
    }
    names
}

/// How a sheet is set up before its lines are written.
pub(crate) struct Plan {
    /// Zero-based column and width.
    pub(crate) widths: Vec<(u16, u16)>,
    /// The corner of the marks, hidden; none for a sheet that is not ours.
    pub(crate) corner: Option<(u32, u16)>,
    /// The rows that name the columns, which stay in view and are printed on every page.
    pub(crate) head: Option<Range<u32>>,
    /// How many columns stay in view.
    pub(crate) frozen_columns: u16,
    pub(crate) may_insert_rows: bool,
    /// At the head of every printed page; may be blank.
    pub(crate) mark: String,
}

/// Width that named columns may take away from a small screen.
const FROZEN_WIDTH_MAX: u16 = 60;

/// How the sheet of a section is set up.
pub(crate) fn plan(book: &FormBook, section: &Section) -> Plan {
    let widths = (1_u16..).zip(&section.columns).map(|(at, column)| (at, column.width));
    let start = u32::try_from(2 + book.head.len() + usize::from(!section.heading.is_empty())).unwrap_or(0);
    let height = 1 + u32::from(has_groups(section)) + u32::from(has_codes(section));
    let mut frozen = 0;
    let mut width = 0;
    for column in section.columns.iter().take_while(|column| column.rule == Rule::Locked) {
        width += column.width;
        frozen += u16::from(width <= FROZEN_WIDTH_MAX);
    }
    Plan {
        widths: widths.collect(),
        corner: Some((0, 0)),
        head: Some(start..start + height),
        frozen_columns: 1 + frozen,
        may_insert_rows: section.spare_rows > 0,
        mark: book.mark.clone(),
    }
}

fn has_groups(section: &Section) -> bool {
    section.columns.iter().any(|column| !column.group.is_empty())
}

fn has_codes(section: &Section) -> bool {
    section.columns.iter().any(|column| !column.code.is_empty())
}

/// The lines of a section above its rows.
pub(crate) fn head<'a>(book: &'a FormBook, section: &'a Section) -> Vec<Printed<'a>> {
    let columns = &section.columns;
    let corner = text(0, corner_mark(&section.key, &book.stamp), Face::Mark);
    let marks = (1_u16..).zip(columns).map(|(at, column)| text(at, column_mark(&column.key), Face::Mark));
    let mut lines = vec![Printed { print: None, cells: std::iter::once(corner).chain(marks).collect() }];
    lines.push(across(section, Print::Title, &book.title));
    for line in &book.head {
        let mut printed = across(section, Print::Head, &line.left);
        if let (Some(last), false) = (printed.cells.last_mut(), line.right.is_empty()) {
            *last = text(last.at, line.right.clone(), Face::PrintRight(Print::Head));
        }
        lines.push(printed);
    }
    if !section.heading.is_empty() {
        lines.push(across(section, Print::Heading, &section.heading));
    }
    if has_groups(section) {
        // Only the first of a group bears its name; the others are centred into it.
        let mut left = "";
        let name = |column: &'a BookColumn| {
            let is_new = column.group != left;
            left = &column.group;
            if is_new { column.group.clone() } else { String::new() }
        };
        let names: Vec<String> = columns.iter().map(name).collect();
        let mut groups = named(Print::Group, names.into_iter());
        for (cell, column) in groups.cells.iter_mut().skip(1).zip(columns) {
            cell.face = Face::Print(group_print(column));
        }
        lines.push(groups);
    }
    let mut names = named(Print::Name, columns.iter().map(|column| column.name.clone()));
    for (cell, column) in names.cells.iter_mut().skip(1).zip(columns) {
        cell.note = Cow::Borrowed(&column.note);
    }
    lines.push(names);
    if has_codes(section) {
        lines.push(named(Print::Code, columns.iter().map(|column| column.code.clone())));
    }
    lines
}

/// What stands above the name of a column: a blank without a group must not be centred into its neighbour.
pub(crate) fn group_print(column: &BookColumn) -> Print {
    if column.group.is_empty() { Print::Name } else { Print::Group }
}

/// A line of words over the whole width of a section.
pub(crate) fn across<'a>(section: &Section, print: Print, words: &str) -> Printed<'a> {
    let words = std::iter::once(words.to_owned());
    named(print, words.chain(std::iter::repeat(String::new())).take(section.columns.len().max(1)))
}

fn named<'a>(print: Print, names: impl Iterator<Item = String>) -> Printed<'a> {
    let mark = text(0, RowMark::Print(print).text(), Face::Mark);
    let names = (1_u16..).zip(names).map(|(at, name)| text(at, name, Face::Print(print)));
    Printed { print: Some(print), cells: std::iter::once(mark).chain(names).collect() }
}

fn text(at: u16, text: String, face: Face<'_>) -> PrintedCell<'_> {
    let value = if text.is_empty() { CellOut::Empty } else { CellOut::Text(text) };
    PrintedCell::new(at, Cow::Owned(value), face)
}

/// A line of the table.
pub(crate) fn line<'a>(section: &'a Section, line: &'a Line) -> Result<Printed<'a>, SheetError> {
    match line {
        Line::Heading(words) => Ok(across(section, Print::Line, words)),
        Line::Row(row) => printed_row(section, row),
    }
}

/// A row of cells.
pub(crate) fn printed_row<'a>(section: &'a Section, row: &'a BookRow) -> Result<Printed<'a>, SheetError> {
    if row.cells.len() != section.columns.len() {
        let (found, expected) = (row.cells.len(), section.columns.len());
        return Err(mistake(&format!("导出的行“{}”有 {found} 个单元格,表头有 {expected} 列", row.key)));
    }
    if !is_key(&row.key) {
        return Err(mistake(&format!("行标识“{}”为空,首尾有空白或含有控制字符", row.key)));
    }
    let mut cells = Vec::with_capacity(row.cells.len() + 1);
    cells.push(text(0, RowMark::Row(&row.key).text(), Face::Mark));
    for (at, (index, cell)) in (1_u16..).zip(row.cells.iter().enumerate()) {
        let face = Face::Cell(section.rule(Some(row), index));
        cells.push(PrintedCell::new(at, Cow::Borrowed(&cell.value), face));
    }
    if let Some(first) = cells.get_mut(1) {
        first.note = Cow::Borrowed(&row.note);
    }
    Ok(Printed { print: None, cells })
}

/// A blank row to be filled.
pub(crate) fn spare_row(section: &Section) -> Printed<'_> {
    let mark = text(0, RowMark::New.text(), Face::Mark);
    let blank = |(at, column)| text(at, String::new(), Face::Cell(section.rule(None, column)));
    let cells = (1_u16..).zip(0..section.columns.len()).map(blank);
    Printed { print: None, cells: std::iter::once(mark).chain(cells).collect() }
}
