//! Lists that are read row by row: titles above, any encoding, broken rows in the middle.

use std::fmt::Write as _;

use encoding_rs::GB18030;
use youju_sheet::{Column, ListReader, SheetError};

fn wanted() -> Vec<Column> {
    vec![
        Column::required("usci", &["统一社会信用代码", "代码"]),
        Column::optional("name", &["名称"]),
        Column::optional("place", &["地址"]),
    ]
}

fn read(content: &[u8]) -> Vec<(u64, Result<Vec<String>, SheetError>)> {
    let mut list = ListReader::open("名录.csv", content, &wanted()).unwrap();
    std::iter::from_fn(|| list.next_row()).collect()
}

fn cells(row: &[&str]) -> Vec<String> {
    row.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn a_title_stands_above_and_the_encoding_is_found() {
    let text = "2026 年名录,,\n\n代码,名称,地址\nA1,兰溪纺织厂,兰江街道\n\nA2,\"金华,纺织厂\",\n";
    let utf_8 = read(text.as_bytes());
    assert_eq!(utf_8, [(4, Ok(cells(&["A1", "兰溪纺织厂", "兰江街道"]))), (6, Ok(cells(&["A2", "金华,纺织厂", ""])))]);
    assert_eq!(read(&GB18030.encode(text).0), utf_8);
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes()), utf_8);
    assert_eq!(read(text.trim_end().as_bytes()), utf_8);
    assert_eq!(read(text.replace('\n', "\r").as_bytes()), utf_8, "as old Excel for Mac saves it");
}

#[test]
fn a_broken_row_in_the_middle_swallows_nothing() {
    let mut text = "代码,名称,地址\n".to_owned();
    for number in 2..=10_000 {
        match number {
            5_000 => text.push_str("A5000,\"没有结束的引号,x\n"),
            7_000 => text.push_str("A7000,\"结束得\"太早,x\n"),
            9_000 => text.push_str("A9000,\"两行的\n地址\",x\n"),
            _ => writeln!(text, "A{number},第{number}厂,x").unwrap(),
        }
    }
    let rows = read(text.as_bytes());
    assert_eq!(rows.len(), 9_999);
    let broken: Vec<u64> = rows.iter().filter(|(_, row)| row.is_err()).map(|(line, _)| *line).collect();
    assert_eq!(broken, [5_000, 7_000]);
    assert_eq!(rows[8_998], (9_000, Ok(cells(&["A9000", "两行的\n地址", "x"]))));
    assert_eq!(rows[8_999].0, 9_002, "a row of two lines is counted as two lines of the file");
    assert_eq!(rows.last().unwrap().1.as_ref().unwrap()[0], "A10000");
}

#[test]
fn a_list_without_the_column_is_refused_and_bytes_that_are_no_text_end_it() {
    let refused = ListReader::open("x.csv", "名称,地址\n甲,乙\n".as_bytes(), &wanted());
    assert!(matches!(refused.err(), Some(SheetError::MissingColumns { .. } | SheetError::NoHeader { .. })));
    assert!(ListReader::open("x.csv", &b""[..], &wanted()).is_err());
    let mut bytes = "代码,名称\nA1,兰溪纺织厂兰溪纺织厂兰溪纺织厂\n".to_owned().into_bytes();
    bytes.extend((0..60_000).flat_map(|n| format!("B{n},金华纺织厂\n").into_bytes()));
    bytes.extend(b"C1,\xFF\xFF\n");
    let rows = read(&bytes);
    assert!(rows.len() > 10_000 && rows.last().unwrap().1.is_err());
}

#[test]
fn the_sheet_of_a_workbook_that_has_the_columns_is_read() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "填表说明").unwrap();
    let sheet = book.add_worksheet();
    for (row, cells) in (1..).zip([["代码", "名称"], ["A1", "兰溪纺织厂"], ["", ""], ["A2", "金华纺织厂"]])
    {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let rows = read(&book.save_to_buffer().unwrap());
    let codes: Vec<(u64, String)> = rows.into_iter().map(|(line, row)| (line, row.unwrap()[0].clone())).collect();
    assert_eq!(codes, [(3, "A1".to_owned()), (5, "A2".to_owned())]);
}
