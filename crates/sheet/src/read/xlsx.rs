//! Workbooks of Excel 2007 and later. Before the workbook is opened, its parts are unpacked once into nothing and counted:
//! the sizes that a zip declares can lie.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use chrono::NaiveDateTime;

use crate::error::SheetError;
use crate::limits::{PARTS_MAX, UNPACK_RATIO_FROM_BYTES, UNPACK_RATIO_MAX, UNPACKED_BYTES_MAX};
use crate::read::excel::{Budget, Grid, cell_from_date, damaged, guarded, verify_sheet_count};
use crate::table::{Cell, Sheet};

pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    guarded(name, || {
        verify_parts(name, bytes)?;
        let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| refuse(name, &error))?;
        let tabs: Vec<String> = workbook
            .sheets_metadata()
            .iter()
            .filter(|tab| tab.typ == SheetType::WorkSheet)
            .map(|tab| tab.name.clone())
            .collect();
        verify_sheet_count(name, tabs.len())?;
        let mut budget = Budget::default();
        tabs.iter().map(|tab| read_sheet(name, &mut workbook, tab, &mut budget)).collect()
    })
}

fn read_sheet(
    name: &str,
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    tab: &str,
    budget: &mut Budget,
) -> Result<Sheet, SheetError> {
    let mut grid = Grid::new(tab);
    let mut cells = workbook.worksheet_cells_reader(tab).map_err(|error| refuse(name, &error))?;
    while let Some(cell) = cells.next_cell().map_err(|error| refuse(name, &error))? {
        grid.put(budget, cell.get_position(), convert(cell.get_value()))?;
    }
    drop(cells);
    let merged = workbook.merge_cells_by_sheet_name(tab).map_err(|error| refuse(name, &error))?;
    grid.finish(&merged)
}

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

fn verify_parts(name: &str, bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(name, &error))?;
    if archive.len() > PARTS_MAX {
        return Err(SheetError::limit(format!("“{name}”内部的文件数"), archive.len() as u64, PARTS_MAX as u64));
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        verify_kind(name, &archive)?;
    }
    let max = UNPACKED_BYTES_MAX.min((bytes.len() as u64 * UNPACK_RATIO_MAX).max(UNPACK_RATIO_FROM_BYTES));
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(name, &error))?;
        let mut rest = part.take(max - total + 1);
        total += std::io::copy(&mut rest, &mut std::io::sink()).map_err(|error| damaged(name, &error))?;
        if total > max {
            return Err(SheetError::limit(format!("“{name}”解压后的字节数"), total, max));
        }
    }
    Ok(())
}

/// Other files that are zips inside. A workbook whose main part has another name is left to the reader.
fn verify_kind(name: &str, archive: &zip::ZipArchive<Cursor<&[u8]>>) -> Result<(), SheetError> {
    let has = |part: &str| archive.index_for_name(part).is_some();
    let what = if has("xl/workbook.bin") {
        "是 Excel 二进制工作簿（xlsb）"
    } else if has("word/document.xml") {
        "是 Word 文档"
    } else if has("content.xml") {
        "是 OpenDocument 表格（ods）"
    } else if has("[Content_Types].xml") {
        return Ok(());
    } else {
        "是压缩包，不是工作簿"
    };
    Err(SheetError::Format { name: name.to_owned(), what: what.to_owned() })
}

fn refuse(name: &str, error: &XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::Password { name: name.to_owned() },
        other => damaged(name, other),
    }
}
