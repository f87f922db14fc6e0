//! What holds of any bytes that anybody hands in: always an answer, and nothing invented. The stories of `hostile` and the
//! fuzz targets in `fuzz/` ask the same of very different bytes.

use std::sync::LazyLock;

use youju_sheet::record::{RecordKind, Wish, apply, propose, recognise};
use youju_sheet::{Column, CsvRows, Sheet, find_header, form_book, read, trial_balance};

use crate::make::{container, with_part, xlsx};

/// A trial balance as a table of text.
pub const TABLE: &str = "科目编码,科目名称,方向,期初余额,本期借方,本期贷方,方向,期末余额\n\
    1002,银行存款,借,100.5,10,0,借,110.5\n100201,工行,借,100.5,10,0,借,110.5\n4001,实收资本,贷,100.5,0,10,贷,110.5\n";

/// The parts of a workbook that are read.
const PARTS: [&str; 5] = [
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
];

/// Everything that a stranger's bytes go through.
pub fn file(bytes: &[u8]) {
    let Ok(sheets) = read("表.csv", bytes) else { return };
    let wanted = [Column::required("code", &["科目编码"]), Column::optional("name", &["科目名称"])];
    for sheet in &sheets {
        let _ = find_header(sheet, &wanted);
    }
    let _ = trial_balance::parse(&sheets);
    if let Ok(returned) = form_book::read_form_book(&sheets) {
        let _ = form_book::judge(&form_book::FormBook::default(), &returned);
    }
    records(&sheets);
}

/// Sheets as source records of every kind: every row is a record, or is skipped, or refuses the file.
pub fn records(sheets: &[Sheet]) {
    let _ = recognise(sheets);
    for sheet in sheets {
        for kind in RecordKind::ALL {
            let Ok(proposal) = propose(sheet, kind) else { continue };
            let Ok(records) = apply(sheet, &proposal.mapping, &Wish::default()) else { continue };
            assert!(records.rows.iter().all(|record| record.values.len() == records.columns.len()));
            assert!(records.rows.iter().map(|record| record.row).is_sorted());
            assert!(records.count + records.skipped.len() <= sheet.rows.len());
        }
    }
}

/// Bytes as a table of text: the rows stand in order, and say the same when every cell is put in quotes.
pub fn table(bytes: &[u8]) {
    file(bytes);
    let Ok(mut rows) = CsvRows::open(bytes) else { return };
    let header = rows.header().to_vec();
    let (mut lines, mut written) = (Vec::new(), Vec::new());
    let mut is_whole = true;
    for row in &mut rows {
        let Ok(row) = row else {
            is_whole = false;
            break;
        };
        lines.push(row.line);
        written.push(row.cells().map(str::to_owned).collect::<Vec<_>>());
    }
    assert!(lines.is_sorted());
    assert!(rows.next().is_none());
    if is_whole {
        let quoted = |row: &Vec<String>| {
            row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",") + "\r\n"
        };
        let text: String = std::iter::once(&header).chain(&written).map(quoted).collect();
        let again = CsvRows::open(text.as_bytes()).unwrap_or_else(|refusal| panic!("{text:?}: {refusal}"));
        assert_eq!(again.header(), header, "{text:?}");
        let read = again.map(|row| row.map(|row| row.cells().map(str::to_owned).collect::<Vec<_>>()));
        let read: Vec<Vec<String>> = read.collect::<Result<_, _>>().unwrap_or_else(|no| panic!("{text:?}: {no}"));
        assert_eq!(read, written, "{text:?}");
    }
}

/// Bytes inside a workbook. From outside, checksums would keep most of them away from the reader, so the first byte says
/// where the others stand: they are the file, the records of an old workbook, or a part of a new one.
pub fn workbook(bytes: &[u8]) {
    static TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| xlsx(&[("表", TABLE, &[(1, 1, 2, 1)])]));
    let Some((place, bytes)) = bytes.split_first() else { return };
    match usize::from(*place) % (PARTS.len() + 2) {
        0 => file(bytes),
        1 => file(&container(bytes)),
        part => file(&with_part(&TEMPLATE, PARTS[part - 2], |_| bytes.to_vec())),
    }
}
