//! Workbooks of Excel 97–2003, which WPS calls et. The reader of workbooks lays out a sheet as large as its records claim,
//! and they may claim 65,536 × 65,536 cells in 100 bytes. So the stream of records is taken out of its container, its claims
//! are added up, and only then it is handed on, in a fresh container: what was verified is what is read.

use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, SheetType, Xls, XlsError};

use crate::error::SheetError;
use crate::limits::{CELLS_MAX, UNPACKED_BYTES_MAX};
use crate::read::excel::{Budget, Grid, cell_from_date, damaged, guarded, verify_sheet_count};
use crate::table::{Cell, Sheet};

pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    guarded(name, || {
        let mut stream = take_stream(name, bytes)?;
        verify_claims(name, &stream)?;
        disarm(&mut stream);
        let container = repack(&stream).map_err(|error| damaged(name, &error))?;
        let mut workbook = Xls::new(Cursor::new(container)).map_err(|error| refuse(name, &error))?;
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
    workbook: &mut Xls<Cursor<Vec<u8>>>,
    tab: &str,
    budget: &mut Budget,
) -> Result<Sheet, SheetError> {
    let mut grid = Grid::new(tab);
    let range = workbook.worksheet_range(tab).map_err(|error| refuse(name, &error))?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let place = |offset: usize, from: u32| u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(from);
        grid.put(budget, (place(row, first_row), place(column, first_column)), convert(value))?;
    }
    let merged = workbook.merge_cells_by_sheet_name(tab).map_err(|error| refuse(name, &error))?;
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
        let what = "是旧版 Office 文件，但其中没有工作簿".to_owned();
        return Err(SheetError::Format { name: name.to_owned(), what });
    };
    let stream = container.open_stream(path).map_err(|error| damaged(name, &error))?;
    let mut records = Vec::new();
    stream.take(UNPACKED_BYTES_MAX).read_to_end(&mut records).map_err(|error| damaged(name, &error))?;
    Ok(records)
}

fn repack(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
    container.create_stream("/Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
/// Nobody reads this record: a name for what has been disarmed.
const UNUSED: [u8; 2] = [0xFF, 0x7F];

/// A record: its kind, its data, and where it begins.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    at: usize,
}

fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let head = stream.get(at..at + 4)?;
        let kind = number(head, 0)?;
        let length = usize::from(number(head, 2)?);
        let data = stream.get(at + 4..at + 4 + length)?;
        let record = Record { kind, data, at };
        at += 4 + length;
        Some(record)
    })
}

/// The 16-bit number at a place, lowest byte first.
fn number(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

/// Where the sheets begin.
fn sheet_starts(stream: &[u8]) -> Vec<usize> {
    records(stream, 0)
        .take_while(|record| record.kind != END)
        .filter(|record| record.kind == BOUND_SHEET)
        .filter_map(|record| Some(usize::from(number(record.data, 0)?) | usize::from(number(record.data, 2)?) << 16))
        .collect()
}

/// The records of one sheet, without those of charts that are embedded in it.
fn sheet_records(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let (mut is_begun, mut depth) = (false, 0_usize);
    records(stream, start)
        .map_while(move |record| {
            let is_nested = depth > 0;
            match record.kind {
                BEGIN if is_begun => depth += 1,
                BEGIN => is_begun = true,
                END if depth > 0 => depth -= 1,
                END => return None,
                _ => {}
            }
            Some((!is_nested).then_some(record))
        })
        .flatten()
}

/// Adds up the grids that the cells of all sheets span.
fn verify_claims(name: &str, stream: &[u8]) -> Result<(), SheetError> {
    let starts = sheet_starts(stream);
    verify_sheet_count(name, starts.len())?;
    let mut total = 0_usize;
    for start in starts {
        let (mut values, mut formulas) = (Span::default(), Span::default());
        for record in sheet_records(stream, start) {
            let place = |column: usize| Some((number(record.data, 0)?, number(record.data, column)?));
            match record.kind {
                FORMULA => {
                    values.add(place(2));
                    formulas.add(place(2));
                }
                // The text that a formula gave; without a formula it lands in the first cell.
                0x0207 if formulas.rows.is_none() => values.add(Some((0, 0))),
                // Number, Label, RString, BoolErr, Rk, LabelSst: row, column, …
                0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD => values.add(place(2)),
                // MulRk: row, first column, …, last column.
                0x00BD => {
                    values.add(place(2));
                    values.add(place(record.data.len().saturating_sub(2)));
                }
                _ => {}
            }
        }
        total = total.saturating_add(values.area()).saturating_add(formulas.area());
        if total > CELLS_MAX {
            return Err(SheetError::limit(format!("“{name}”的单元格数"), total as u64, CELLS_MAX as u64));
        }
    }
    Ok(())
}

/// The smallest rectangle around some cells.
#[derive(Default)]
struct Span {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Span {
    fn add(&mut self, place: Option<(u16, u16)>) {
        let Some((row, column)) = place else { return };
        let widen = |range: Option<(u16, u16)>, value: u16| match range {
            Some((first, last)) => Some((first.min(value), last.max(value))),
            None => Some((value, value)),
        };
        self.rows = widen(self.rows, row);
        self.columns = widen(self.columns, column);
    }

    fn area(&self) -> usize {
        let length = |range: Option<(u16, u16)>| range.map_or(0, |(first, last)| usize::from(last - first) + 1);
        length(self.rows) * length(self.columns)
    }
}

/// Takes away what is not needed and can hurt: the declared size of a sheet, for which memory would be set aside.
fn disarm(stream: &mut [u8]) {
    let starts = sheet_starts(stream);
    let places: Vec<usize> = starts
        .into_iter()
        .flat_map(|start| sheet_records(stream, start))
        .filter(|record| record.kind == DIMENSIONS)
        .map(|record| record.at)
        .collect();
    for at in places {
        if let Some(kind) = stream.get_mut(at..at + 2) {
            kind.copy_from_slice(&UNUSED);
        }
    }
}

fn refuse(name: &str, error: &XlsError) -> SheetError {
    match error {
        XlsError::Password => SheetError::Password { name: name.to_owned() },
        other => damaged(name, other),
    }
}
