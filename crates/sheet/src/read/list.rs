//! Long lists of one row per entry, over any reader: a row that cannot be read is told with its line, and the rest goes on.

use std::collections::VecDeque;
use std::io::Read;

use crate::error::SheetError;
use crate::header::{Column, Header, find_header};
use crate::limits::{FILE_BYTES_MAX, HEADER_SEARCH_ROWS};
use crate::read::csv::CsvRow;
use crate::read::loose::LooseRows;
use crate::table::{Cell, Sheet};

/// Row of a list 一行: its line in the file (from 1), and its cells from left to right or why they cannot be read.
pub type ListRow = (u64, Result<Vec<String>, SheetError>);

/// A list that is read row by row 逐行读取的名单: CSV of any size, or the sheet of a workbook that has the columns.
///
/// ```
/// use youju_sheet::{Column, ListReader};
/// let file = "2026 年名录\n代码,名称\n91330781MA2E8XY12K,兰溪\"纺织厂\n,\"半截\n913307810000,金华纺织厂\n";
/// let wanted = [Column::required("usci", &["代码"]), Column::optional("name", &["名称"])];
/// let mut list = ListReader::open("名录.csv", file.as_bytes(), &wanted)?;
/// let read: Vec<(u64, bool)> = std::iter::from_fn(|| list.next_row()).map(|(line, row)| (line, row.is_ok())).collect();
/// assert_eq!(read, [(3, true), (4, false), (5, true)]);
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub struct ListReader<R: Read> {
    header: Header,
    names: Vec<String>,
    waiting: VecDeque<ListRow>,
    text: Option<LooseRows<R>>,
}

impl<R: Read> ListReader<R> {
    /// Finds the header among the first rows.
    pub fn open(name: &str, mut reader: R, wanted: &[Column]) -> Result<ListReader<impl Read + use<R>>, SheetError> {
        let mut start = Vec::new();
        Read::by_ref(&mut reader).take(8).read_to_end(&mut start)?;
        let is_book = start.starts_with(b"PK") || start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
        let mut whole = std::io::Cursor::new(start).chain(reader);
        if is_book {
            let mut bytes = Vec::new();
            Read::by_ref(&mut whole).take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
            return of_sheets(super::read(name, &bytes)?, wanted);
        }
        let mut text = LooseRows::open(whole)?;
        let mut first = Vec::new();
        while first.len() < HEADER_SEARCH_ROWS
            && let Some(row) = next_of(&mut text)
        {
            first.push(row);
        }
        if first.is_empty() {
            return Err(SheetError::Empty { name: name.to_owned() });
        }
        let cells = |row: &Result<Vec<String>, SheetError>| -> Vec<Cell> {
            row.iter().flatten().map(|text| Cell::from_text(text)).collect()
        };
        let rows: Vec<Vec<Cell>> = first.iter().map(|(_, row)| cells(row)).collect();
        let sheet = Sheet { rows, ..Sheet::default() };
        let header = find_header(&sheet, wanted)?;
        let names = named(&header, &sheet);
        let waiting = first.into_iter().skip(header.rows.end).collect();
        Ok(ListReader { header, names, waiting, text: Some(text) })
    }

    /// What its columns mean.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The names of its columns as they are printed.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// True for CSV, where every row has all its cells; a workbook leaves empty ones out.
    pub fn is_text(&self) -> bool {
        self.text.is_some()
    }

    /// The next row that is not blank, or why it cannot be read; nothing at the end.
    pub fn next_row(&mut self) -> Option<ListRow> {
        self.waiting.pop_front().or_else(|| next_of(self.text.as_mut()?))
    }
}

/// As many columns as the header has, whatever stands to the right of it further down.
fn named(header: &Header, sheet: &Sheet) -> Vec<String> {
    let rows = sheet.rows.get(header.rows.clone()).unwrap_or_default();
    let used = |row: &Vec<Cell>| row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    (0..rows.iter().map(used).max().unwrap_or(0)).map(|column| header.name(column)).collect()
}

fn of_sheets<R: Read>(sheets: Vec<Sheet>, wanted: &[Column]) -> Result<ListReader<R>, SheetError> {
    let mut refusal = None;
    for sheet in sheets.into_iter().filter(|sheet| !sheet.is_hidden) {
        match find_header(&sheet, wanted) {
            Ok(header) => {
                let names = named(&header, &sheet);
                let rows = sheet.rows.into_iter().zip(1_u64..).skip(header.rows.end);
                let filled = rows.filter(|(row, _)| row.iter().any(|cell| !cell.is_empty()));
                let waiting = filled
                    .map(|(row, line)| (line, Ok(row.iter().map(|cell| cell.text().into_owned()).collect())))
                    .collect();
                return Ok(ListReader { header, names, waiting, text: None });
            }
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| SheetError::Empty { name: "工作簿".to_owned() }))
}

/// The next row of a text. What ends the file is told as its last row.
fn next_of<R: Read>(rows: &mut LooseRows<R>) -> Option<ListRow> {
    let cells = |row: CsvRow| row.cells().map(str::to_owned).collect();
    Some(match rows.next()? {
        Ok((line, row)) => (line, row.map(cells)),
        Err(error) => (rows.line, Err(error)),
    })
}
