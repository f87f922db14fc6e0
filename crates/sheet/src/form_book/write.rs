//! Writes books, in constant memory and with the same bytes for the same book.

use std::borrow::Cow;
use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::error::SheetError;
use crate::form_book::layout::{self, Printed, across, head, plan, printed_row, sheet_names, spare_row, verify_book};
use crate::form_book::look::Looks;
use crate::form_book::marks::{HIDDEN_SHEET, Print};
use crate::form_book::paper::Paper;
use crate::form_book::validation::Lists;
use crate::form_book::{BookRow, CodeList, FormBook, Section};
use crate::limits::ROWS_MAX;
use crate::write::xlsx::refuse;

/// Writes a book: one sheet for each section, everything locked but the cells to be filled.
pub fn write_form_book<W: Write + Send>(out: W, book: &FormBook) -> Result<(), SheetError> {
    write_unit_book(out, book, std::iter::empty()).map(|_| ())
}

/// Writes a book whose last section goes on with these rows, one at a time: a wide table with a row for each unit. Returns
/// how many of them there were. Nobody remembers the keys of all rows here; they must differ.
pub fn write_unit_book<'a, W, I>(out: W, book: &'a FormBook, rows: I) -> Result<u64, SheetError>
where
    W: Write + Send,
    I: IntoIterator<Item = Cow<'a, BookRow>>,
{
    verify_book(book)?;
    let mut workbook = new_workbook()?;
    let mut looks = Looks::default();
    let lists = Lists::of(book);
    let last = book.sections.len() - 1;
    let mut rows = Some(rows);
    let mut count = 0;
    for (index, (section, name)) in book.sections.iter().zip(sheet_names(book)).enumerate() {
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(refuse)?;
        sheet.set_name(name).map_err(refuse)?;
        let mut paper = Paper::new(sheet, &mut looks, &plan(book, section)).map_err(refuse)?;
        begin_section(&mut paper, book, section)?;
        if index == last {
            for row in rows.take().into_iter().flatten() {
                put(&mut paper, &printed_row(section, &row)?)?;
                count += 1;
            }
        }
        for _ in 0..section.spare_rows {
            put(&mut paper, &spare_row(section))?;
        }
        if index == last {
            for words in &book.foot {
                put(&mut paper, &across(section, Print::Foot, words))?;
            }
        }
        paper.finish(&lists).map_err(refuse)?;
    }
    write_hidden(&mut workbook, book).map_err(refuse)?;
    workbook.save_to_writer(out).map_err(refuse)?;
    Ok(count)
}

fn begin_section(paper: &mut Paper<'_>, book: &FormBook, section: &Section) -> Result<(), SheetError> {
    for printed in &head(book, section) {
        put(paper, printed)?;
    }
    for line in &section.lines {
        put(paper, &layout::line(section, line)?)?;
    }
    Ok(())
}

fn put(paper: &mut Paper<'_>, printed: &Printed<'_>) -> Result<(), SheetError> {
    if paper.lines() as usize >= ROWS_MAX {
        return Err(SheetError::limit("导出到一张工作表的行数", u64::from(paper.lines()) + 1, ROWS_MAX as u64));
    }
    paper.line(printed).map_err(refuse)
}

/// A workbook that says nothing of when it was written.
pub(crate) fn new_workbook() -> Result<Workbook, SheetError> {
    let mut workbook = Workbook::new();
    let written_on = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refuse)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&written_on));
    Ok(workbook)
}

/// The sheet that nobody sees: the stamp, and a column for each code list.
pub(crate) fn write_hidden(workbook: &mut Workbook, book: &FormBook) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(HIDDEN_SHEET)?.set_very_hidden(true).protect();
    sheet.write_string(0, 0, &book.stamp)?;
    for (column, list) in (1_u16..).zip(&book.lists) {
        sheet.write_string(0, column, &list.name)?;
        for (row, (code, meaning)) in (1_u32..).zip(&list.codes) {
            sheet.write_string(row, column, CodeList::shown(code, meaning))?;
        }
    }
    Ok(())
}
