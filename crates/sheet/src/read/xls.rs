//! Workbooks of Excel 97–2003, which WPS calls et. The stream of records is taken out of its container, what it claims is
//! added up, and only then it is handed to the reader of workbooks, in a fresh container: what was verified is what is read.

use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, Xls, XlsError};

use crate::error::SheetError;
use crate::limits::UNPACKED_BYTES_MAX;
use crate::read::excel::{Budget, Grid, Tab, cell_from_date, damaged, guarded, tabs, verify_sheet_count};
use crate::read::xls_records::{disarm, verify_claims};
use crate::table::{Cell, Sheet};

pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    guarded(name, || {
        let mut stream = take_stream(name, bytes)?;
        disarm(name, &mut stream)?;
        verify_claims(name, &stream)?;
        let container = repack(&stream).map_err(|error| damaged(name, &error))?;
        let mut workbook = Xls::new(Cursor::new(container)).map_err(|error| refuse(name, &error))?;
        let tabs = tabs(workbook.sheets_metadata());
        verify_sheet_count(name, tabs.len())?;
        let mut budget = Budget::default();
        tabs.iter().map(|tab| read_sheet(name, &mut workbook, tab, &mut budget)).collect()
    })
}

fn read_sheet(
    name: &str,
    workbook: &mut Xls<Cursor<Vec<u8>>>,
    tab: &Tab,
    budget: &mut Budget,
) -> Result<Sheet, SheetError> {
    let mut grid = Grid::new(tab);
    let range = workbook.worksheet_range(&tab.name).map_err(|error| refuse(name, &error))?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let place = |offset: usize, from: u32| u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(from);
        grid.put(budget, (place(row, first_row), place(column, first_column)), convert(value))?;
    }
    let merged = workbook.merge_cells_by_sheet_name(&tab.name).map_err(|error| refuse(name, &error))?;
    grid.finish(&merged)
}

fn convert(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number((*number).into()),
        Data::Float(number) => Cell::from_f64(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::from_text(text),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(moment) => cell_from_date(moment),
        Data::Error(code) => Cell::Error(code.to_string()),
    }
}

/// The records of the workbook, out of the compound file.
fn take_stream(name: &str, bytes: &[u8]) -> Result<Vec<u8>, SheetError> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| damaged(name, &error))?;
    if container.exists("/EncryptedPackage") {
        return Err(SheetError::Password { name: name.to_owned() });
    }
    let path = ["/Workbook", "/Book"].into_iter().find(|path| container.is_stream(path));
    let Some(path) = path else {
        let what = "是旧版 Office 文件,但其中没有工作簿".to_owned();
        return Err(SheetError::Format { name: name.to_owned(), what });
    };
    let stream = container.open_stream(path).map_err(|error| damaged(name, &error))?;
    let mut records = Vec::new();
    stream.take(UNPACKED_BYTES_MAX).read_to_end(&mut records).map_err(|error| damaged(name, &error))?;
    Ok(records)
}

/// A container of version 3, which Excel writes too: of version 4 the reader takes only some.
fn repack(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    container.create_stream("/Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

fn refuse(name: &str, error: &XlsError) -> SheetError {
    match error {
        XlsError::Password => SheetError::Password { name: name.to_owned() },
        other => damaged(name, other),
    }
}
