//! Files for tests: workbooks by `rust_xlsxwriter`, old workbooks record by record, CSV in any encoding.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Workbook};
use youju_sheet::Sheet;

/// The text of a CSV in GBK, as Chinese Excel saves it.
pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// The one sheet of a CSV.
pub fn sheet(text: &str) -> Sheet {
    youju_sheet::read("表.csv", text.as_bytes()).unwrap().remove(0)
}

/// A sheet of a workbook: name, rows of text, merged ranges.
type Tab<'a> = (&'a str, &'a str, &'a [(u32, u16, u32, u16)]);

/// A workbook from rows of text; what reads as a number is written as a number. `merged` are ranges of
/// (first row, first column, last row, last column) that take their text from the first cell.
pub fn xlsx(tabs: &[Tab<'_>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, text, merged) in tabs {
        let tab = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                match cell.parse::<f64>() {
                    Ok(number) if !cell.starts_with('0') || cell.len() == 1 || cell.contains('.') => {
                        tab.write_number(row, column, number).unwrap();
                    }
                    _ if cell.is_empty() => {}
                    _ => {
                        tab.write_string(row, column, cell).unwrap();
                    }
                }
            }
        }
        for (first_row, first_column, last_row, last_column) in *merged {
            let text =
                text.lines().nth(*first_row as usize).unwrap().split(',').nth(usize::from(*first_column)).unwrap();
            tab.merge_range(*first_row, *first_column, *last_row, *last_column, text, &Format::new()).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A cell of an old workbook.
pub enum Old<'a> {
    Text(&'a str),
    Number(f64),
}

/// A record of an old workbook: kind, length, data.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [kind.to_le_bytes().as_slice(), &length.to_le_bytes(), data].concat()
}

/// An old workbook (BIFF8) of one sheet, by cells; `more` are further records of the sheet.
pub fn xls(cells: &[(u16, u16, Old<'_>)], more: &[u8]) -> Vec<u8> {
    let begin = |kind: u16| {
        let words = [0x0600, kind, 0, 0, 0, 0, 0, 0];
        record(0x0809, &words.iter().flat_map(|word: &u16| word.to_le_bytes()).collect::<Vec<_>>())
    };
    let mut records = begin(0x0010);
    for (row, column, cell) in cells {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        records.extend(match cell {
            Old::Number(number) => record(0x0203, &[place, number.to_le_bytes().to_vec()].concat()),
            Old::Text(text) => {
                let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let length = u16::try_from(units.len() / 2).unwrap().to_le_bytes();
                record(0x0204, &[place.as_slice(), &length, &[1], &units].concat())
            }
        });
    }
    records.extend_from_slice(more);
    records.extend(record(0x000A, &[]));
    let globals = |start: u32| {
        let name: Vec<u8> = "余额表".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let tab = [start.to_le_bytes().as_slice(), &[0, 0, 3, 1], &name].concat();
        [begin(0x0005), record(0x0042, &1200_u16.to_le_bytes()), record(0x0085, &tab), record(0x000A, &[])].concat()
    };
    let start = u32::try_from(globals(0).len()).unwrap();
    container(&[globals(start), records].concat())
}

/// The container of an old workbook.
pub fn container(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}
