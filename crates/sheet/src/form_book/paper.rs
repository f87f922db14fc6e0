//! Writes the lines of one sheet, from top to bottom and in constant memory.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Note, ProtectionOptions, Worksheet, XlsxError};

use crate::form_book::Rule;
use crate::form_book::layout::{Face, Plan, Printed, PrintedCell};
use crate::form_book::look::Looks;
use crate::form_book::marks::Print;
use crate::form_book::validation::{Lists, Runs};
use crate::limits::NOTES_MAX;
use crate::write::CellOut;
use crate::write::xlsx::{excel_date, faithful_f64};

/// The number of A4 among paper sizes.
const A4: u8 = 9;
/// A table wider than this many Latin characters is printed on A4 turned sideways.
const UPRIGHT_WIDTH_MAX: u16 = 95;
/// Characters that are taken into the head of a printed page; Excel holds 255, and each may be doubled.
const HEADER_CHARS_MAX: usize = 120;
/// Who comments.
const AUTHOR: &str = "有据";

/// Height of a line of words, in points.
const LINE_HEIGHT: u16 = 16;
/// Most lines that the row of names makes room for.
const NAME_LINES_MAX: u16 = 6;

/// Sheet that is being written.
pub(crate) struct Paper<'a> {
    sheet: &'a mut Worksheet,
    looks: &'a mut Looks,
    runs: Runs,
    next: u32,
    notes: usize,
    widths: Vec<(u16, u16)>,
}

impl<'a> Paper<'a> {
    pub(crate) fn new(sheet: &'a mut Worksheet, looks: &'a mut Looks, plan: &Plan) -> Result<Paper<'a>, XlsxError> {
        set_up(sheet, plan)?;
        Ok(Paper { sheet, looks, runs: Runs::default(), next: 0, notes: 0, widths: plan.widths.clone() })
    }

    /// Writes the next line.
    pub(crate) fn line(&mut self, line: &Printed<'_>) -> Result<(), XlsxError> {
        let row = self.next;
        self.next += 1;
        if line.print == Some(Print::Title) {
            self.sheet.set_row_height(row, 30)?;
        }
        if line.print == Some(Print::Name) {
            // Not every program makes room by itself for a name that takes several lines.
            let lines = line.cells.iter().map(|cell| self.lines_of(cell)).max().unwrap_or(1);
            self.sheet.set_row_height(row, LINE_HEIGHT * lines)?;
        }
        for cell in &line.cells {
            self.cell(row, cell)?;
        }
        Ok(())
    }

    /// How many lines the words of a cell take in its column, a Chinese character being as wide as two letters.
    fn lines_of(&self, cell: &PrintedCell<'_>) -> u16 {
        let CellOut::Text(text) = &*cell.value else { return 1 };
        let room = self.widths.iter().find(|(column, _)| *column == cell.at).map_or(1, |(_, width)| (*width).max(1));
        let letters: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        u16::try_from(letters.div_ceil(usize::from(room))).unwrap_or(1).clamp(1, NAME_LINES_MAX)
    }

    /// How many lines have been written.
    pub(crate) fn lines(&self) -> u32 {
        self.next
    }

    fn cell(&mut self, row: u32, cell: &PrintedCell<'_>) -> Result<(), XlsxError> {
        let format = self.looks.of(cell.face, &cell.value, cell.is_wrong);
        let at = cell.at;
        match (binary(&cell.value, cell.face), &*cell.value) {
            (Some(number), _) => self.sheet.write_number_with_format(row, at, number, format)?,
            (_, CellOut::Empty) => self.sheet.write_blank(row, at, format)?,
            (_, CellOut::Text(text)) => self.sheet.write_string_with_format(row, at, text, format)?,
            (_, CellOut::Number(number)) => self.sheet.write_string_with_format(row, at, number.to_string(), format)?,
            (_, CellOut::Date(moment)) => match excel_date(moment) {
                Some(date) => self.sheet.write_datetime_with_format(row, at, &date, format)?,
                None => self.sheet.write_string_with_format(row, at, moment.to_string(), format)?,
            },
        };
        if let Face::Cell(rule) = cell.face
            && rule.is_open()
        {
            self.runs.note(row, at, rule);
        }
        if !cell.note.is_empty() && self.notes < NOTES_MAX {
            self.notes += 1;
            self.sheet.insert_note(row, at, &note(&cell.note))?;
        }
        Ok(())
    }

    /// Ends the sheet.
    pub(crate) fn finish(self, lists: &Lists) -> Result<(), XlsxError> {
        self.runs.tell(self.sheet, lists)
    }
}

/// The number that Excel shall hold, if it can hold it exactly. A month is a number too.
fn binary(value: &CellOut, face: Face<'_>) -> Option<f64> {
    match (value, face) {
        (CellOut::Number(number), _) => faithful_f64(number),
        (CellOut::Text(month), Face::Cell(Rule::Month)) if month.len() == 6 => {
            month.parse::<u32>().ok().and_then(|month| faithful_f64(&Decimal::from(month)))
        }
        _ => None,
    }
}

fn set_up(sheet: &mut Worksheet, plan: &Plan) -> Result<(), XlsxError> {
    let mut width = 0_u16;
    for (column, own) in &plan.widths {
        sheet.set_column_width(*column, *own)?;
        width = width.saturating_add(*own);
    }
    let Some((mark_row, mark_column)) = plan.corner else { return Ok(()) };
    sheet.set_row_hidden(mark_row)?.set_column_hidden(mark_column)?;
    // Sorting stays forbidden: the visible columns alone would leave the marks behind.
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: plan.may_insert_rows,
        use_autofilter: true,
        ..ProtectionOptions::default()
    });
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3).set_footer("&C第 &P 页,共 &N 页");
    if !plan.mark.is_empty() {
        // An ampersand begins an instruction there.
        let mark: String = plan.mark.chars().take(HEADER_CHARS_MAX).collect();
        sheet.set_header(format!("&C{}", mark.replace('&', "&&")));
    }
    if width > UPRIGHT_WIDTH_MAX {
        sheet.set_landscape();
    }
    if let Some(head) = plan.head.as_ref().filter(|head| !head.is_empty()) {
        sheet.set_freeze_panes(head.end, plan.frozen_columns)?;
        sheet.set_repeat_rows(head.start, head.end - 1)?;
    }
    Ok(())
}

/// A comment large enough for its words.
fn note(text: &str) -> Note {
    let lines: usize = text.lines().map(|line| 1 + line.chars().count() / 18).sum();
    let height = u32::try_from(20 * (lines + 1)).unwrap_or(400).min(400);
    Note::new(text).set_author(AUTHOR).add_author_prefix(false).set_width(260).set_height(height)
}
