//! Files for tests: workbooks by `rust_xlsxwriter`, old workbooks record by record, CSV in any encoding.

use std::io::{Cursor, Read, Write};

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
    /// The n-th of the shared texts.
    Shared(u32),
}

/// A sheet of an old workbook.
pub struct OldTab<'a> {
    pub name: &'a str,
    /// 0 is visible, 1 hidden, 2 very hidden.
    pub state: u8,
    pub cells: &'a [(u16, u16, Old<'a>)],
    /// Further records of the sheet.
    pub more: &'a [u8],
}

/// A record of an old workbook: kind, length, data.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [kind.to_le_bytes().as_slice(), &length.to_le_bytes(), data].concat()
}

/// An old workbook (BIFF8) of one sheet, by cells; `more` are further records of the sheet.
pub fn xls(cells: &[(u16, u16, Old<'_>)], more: &[u8]) -> Vec<u8> {
    xls_of(&[OldTab { name: "余额表", state: 0, cells, more }], &[])
}

/// An old workbook; `shared` are its records of shared texts.
pub fn xls_of(tabs: &[OldTab<'_>], shared: &[u8]) -> Vec<u8> {
    let bodies: Vec<Vec<u8>> = tabs.iter().map(body).collect();
    let globals = |starts: &[usize]| {
        let mut records = [begin(0x0005), record(0x0042, &1200_u16.to_le_bytes())].concat();
        for (tab, start) in tabs.iter().zip(starts) {
            let name: Vec<u8> = tab.name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let start = u32::try_from(*start).unwrap().to_le_bytes();
            let length = u8::try_from(name.len() / 2).unwrap();
            records.extend(record(0x0085, &[start.as_slice(), &[tab.state, 0, length, 1], &name].concat()));
        }
        [records, shared.to_vec(), record(0x000A, &[])].concat()
    };
    let mut at = globals(&vec![0; tabs.len()]).len();
    let mut starts = Vec::new();
    for body in &bodies {
        starts.push(at);
        at += body.len();
    }
    container(&[globals(&starts), bodies.concat()].concat())
}

/// The record that a part of an old workbook begins with.
pub fn begin(kind: u16) -> Vec<u8> {
    let words = [0x0600, kind, 0, 0, 0, 0, 0, 0];
    record(0x0809, &words.iter().flat_map(|word: &u16| word.to_le_bytes()).collect::<Vec<_>>())
}

fn body(tab: &OldTab<'_>) -> Vec<u8> {
    let mut records = begin(0x0010);
    for (row, column, cell) in tab.cells {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        records.extend(match cell {
            Old::Number(number) => record(0x0203, &[place, number.to_le_bytes().to_vec()].concat()),
            Old::Shared(index) => record(0x00FD, &[place, index.to_le_bytes().to_vec()].concat()),
            Old::Text(text) => {
                let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let length = u16::try_from(units.len() / 2).unwrap().to_le_bytes();
                record(0x0204, &[place.as_slice(), &length, &[1], &units].concat())
            }
        });
    }
    records.extend_from_slice(tab.more);
    [records, record(0x000A, &[])].concat()
}

/// The table of shared texts of an old workbook, cut into records of at most 8,224 bytes as Excel does. A text that is cut
/// says again in the next record how wide its characters are.
pub fn shared(texts: &[&str]) -> Vec<u8> {
    let count = u32::try_from(texts.len()).unwrap().to_le_bytes();
    let mut parts = vec![[count, count].concat()];
    for text in texts {
        let units: Vec<u16> = text.encode_utf16().collect();
        let last = parts.last_mut().unwrap();
        if last.len() + 5 > 8_224 {
            parts.push(Vec::new());
        }
        let head = [u16::try_from(units.len()).unwrap().to_le_bytes().as_slice(), &[1]].concat();
        parts.last_mut().unwrap().extend(head);
        for unit in units {
            if parts.last().unwrap().len() + 2 > 8_224 {
                parts.push(vec![1]);
            }
            parts.last_mut().unwrap().extend(unit.to_le_bytes());
        }
    }
    let kinds = std::iter::once(0x00FC).chain(std::iter::repeat(0x003C));
    kinds.zip(&parts).flat_map(|(kind, part)| record(kind, part)).collect()
}

/// A workbook with one of its parts changed.
pub fn with_part(file: &[u8], name: &str, change: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut is_found = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let part_name = part.name().unwrap().into_owned();
        changed.start_file(&part_name, zip::write::SimpleFileOptions::default()).unwrap();
        let is_wanted = part_name == name;
        is_found |= is_wanted;
        changed.write_all(&if is_wanted { change(&text) } else { text.into_bytes() }).unwrap();
    }
    assert!(is_found, "no part {name}");
    changed.finish().unwrap().into_inner()
}

/// The container of an old workbook.
pub fn container(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}
