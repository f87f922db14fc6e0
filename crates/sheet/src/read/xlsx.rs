//! Workbooks of Excel 2007 and later. The workbook is opened only after its parts have been measured.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use chrono::NaiveDateTime;

use crate::error::SheetError;
use crate::read::excel::{Budget, Grid, Tab, cell_from_date, damaged, guarded, tabs, verify_sheet_count};
use crate::read::xlsx_parts::verify_parts;
use crate::table::{Cell, Sheet};

pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    guarded(name, || {
        verify_parts(name, bytes)?;
        let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| refuse(name, &error))?;
        let tabs = tabs(workbook.sheets_metadata());
        verify_sheet_count(name, tabs.len())?;
        let mut budget = Budget::default();
        tabs.iter().map(|tab| read_sheet(name, &mut workbook, tab, &mut budget)).collect()
    })
}

fn read_sheet(
    name: &str,
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    tab: &Tab,
    budget: &mut Budget,
) -> Result<Sheet, SheetError> {
    let mut grid = Grid::new(tab);
    let mut cells = workbook.worksheet_cells_reader(&tab.name).map_err(|error| refuse(name, &error))?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| refuse(name, &error))? {
        let value = match (&cell.value, cell.formula) {
            (DataRef::Empty, Some(_)) => Cell::Error(NOT_COMPUTED.to_owned()),
            (value, _) => convert(value),
        };
        grid.put(budget, cell.pos, value)?;
    }
    drop(cells);
    let merged = workbook.merge_cells_by_sheet_name(&tab.name).map_err(|error| refuse(name, &error))?;
    grid.finish(&merged)
}

/// A formula whose result nobody has stored: programs that write workbooks without computing leave it to Excel. It is not
/// a blank cell.
pub(crate) const NOT_COMPUTED: &str = "未计算的公式";

fn convert(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number((*number).into()),
        DataRef::Float(number) => Cell::from_f64(*number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::from_text(text),
        DataRef::SharedString(text) => Cell::from_text(text),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(moment) => cell_from_date(moment),
        DataRef::DateTimeIso(text) => iso_date(text),
        DataRef::Error(code) => Cell::Error(code.to_string()),
    }
}

/// A date written as ISO 8601 text, as strict workbooks hold it.
fn iso_date(text: &str) -> Cell {
    let date_only = || text.parse::<chrono::NaiveDate>().ok().and_then(|date| date.and_hms_opt(0, 0, 0));
    let moment = text.trim_end_matches('Z').parse::<NaiveDateTime>().ok().or_else(date_only);
    moment.map_or_else(|| Cell::from_text(text), Cell::Date)
}

fn refuse(name: &str, error: &XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::Password { name: name.to_owned() },
        other => damaged(name, other),
    }
}
