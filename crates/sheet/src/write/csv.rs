//! CSV for Excel: UTF-8 with byte order mark (without it Chinese Excel reads GBK), lines end with CR LF.
//!
//! Excel runs a cell that begins with `=`, `+`, `-` or `@` as a formula, whoever typed it: a company may be named
//! `=HYPERLINK(…)`. Such text gets an apostrophe in front, which Excel shows; the same for text that begins with a tab or a
//! carriage return. Numbers are written as they are. Reading the file back gives the text with the apostrophe.

use std::borrow::Cow;
use std::io::Write;

use chrono::NaiveTime;

use crate::error::SheetError;
use crate::limits::{CELL_BYTES_MAX, COLUMNS_MAX};
use crate::write::{CellOut, Table};

/// Writes a table as CSV and returns how many rows it had, the header not counted.
///
/// ```
/// use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
/// let mut file = Vec::new();
/// let rows = [vec![CellOut::from("=1+1"), CellOut::Empty]];
/// let columns = vec![ColumnOut::new("单位"), ColumnOut::new("营业收入")];
/// assert_eq!(write_csv(&mut file, Table { title: String::new(), columns, rows })?, 1);
/// assert_eq!(String::from_utf8_lossy(&file), "\u{feff}单位,营业收入\r\n'=1+1,\r\n");
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub fn write_csv<W: Write, I: IntoIterator<Item = Vec<CellOut>>>(
    mut out: W,
    table: Table<I>,
) -> Result<u64, SheetError> {
    let columns = table.columns.len();
    if columns > COLUMNS_MAX {
        return Err(SheetError::limit("导出的列数", columns as u64, COLUMNS_MAX as u64));
    }
    out.write_all("\u{feff}".as_bytes())?;
    let header: Vec<CellOut> = table.columns.iter().map(|column| CellOut::Text(column.name.clone())).collect();
    write_row(&mut out, &header)?;
    let mut count = 0;
    for row in table.rows {
        count += 1;
        super::xlsx::verify_width(count, row.len(), columns)?;
        write_row(&mut out, &row)?;
    }
    out.flush()?;
    Ok(count)
}

/// A line of a single cell, to be put below a table.
pub fn csv_line(text: &str) -> Vec<u8> {
    let mut line = Vec::new();
    // Writing into memory does not fail, and a line of ours is not too long.
    let _ = write_row(&mut line, &[CellOut::from(text)]);
    line
}

/// A row of texts, for a list that is written while another one is read.
pub fn csv_row<'t>(cells: impl IntoIterator<Item = &'t str>) -> Result<Vec<u8>, SheetError> {
    let cells: Vec<CellOut> = cells.into_iter().map(CellOut::from).collect();
    let mut line = Vec::new();
    write_row(&mut line, &cells)?;
    Ok(line)
}

fn write_row<W: Write>(out: &mut W, row: &[CellOut]) -> Result<(), SheetError> {
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let text = text(cell);
        if text.len() > CELL_BYTES_MAX {
            let what = format!("导出的第 {} 列内容的字节数", index + 1);
            return Err(SheetError::limit(what, text.len() as u64, CELL_BYTES_MAX as u64));
        }
        // A row of one empty cell would be a blank line.
        let is_quoted = text.contains([',', '"', '\n', '\r', '\t', ';']) || (text.is_empty() && row.len() == 1);
        if is_quoted {
            write!(out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            out.write_all(text.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")?;
    Ok(())
}

fn text(cell: &CellOut) -> Cow<'_, str> {
    match cell {
        CellOut::Empty => Cow::Borrowed(""),
        CellOut::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => Cow::Owned(format!("'{text}")),
        CellOut::Text(text) => Cow::Borrowed(text),
        CellOut::Number(number) => Cow::Owned(number.to_string()),
        CellOut::Date(moment) if moment.time() == NaiveTime::MIN => Cow::Owned(moment.date().to_string()),
        CellOut::Date(moment) => Cow::Owned(moment.format("%Y-%m-%d %H:%M:%S").to_string()),
    }
}
