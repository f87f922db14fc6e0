//! Long lists row by row: a broken row is told, and the rest is read.

use std::fmt::Write;
use std::io::Read;

use youju_sheet::{LooseRow, LooseRows};

fn read(text: &str) -> Vec<Result<(u64, Vec<String>), String>> {
    let rows = LooseRows::open(std::io::Cursor::new(text.as_bytes().to_vec())).unwrap();
    let cells = |(line, row): LooseRow| {
        row.map(|row| (line, row.cells().map(str::to_owned).collect())).map_err(|error| error.to_string())
    };
    rows.map(|row| cells(row.unwrap())).collect()
}

#[test]
fn rows_of_any_width_are_read_and_quotes_may_span_lines() {
    let rows = read("名单\r\n甲厂,\"路一\n段\",3\r\n\r\n乙厂,2,3,4");
    let cells = |row: usize| rows[row].clone().unwrap();
    assert_eq!(cells(1), (2, vec!["甲厂".into(), "路一\n段".into(), "3".into()]));
    assert_eq!(cells(2).0, 5);
    assert_eq!(cells(2).1.len(), 4);
    // Lines that end with a carriage return alone.
    assert_eq!(read("甲,1\r乙,2\r丙,3").len(), 3);
    // One carriage return among line feeds ends a row as well, and nothing is lost.
    assert_eq!(read("甲,1\r乙,2\n丙,3\n").len(), 3);
    assert!(read("").is_empty());
}

#[test]
fn a_quotation_mark_in_the_middle_of_many_rows_costs_one_row() {
    const ROWS: usize = 100_000;
    let mut text = String::from("名称,地址\n");
    for row in 0..ROWS {
        let mark = if row == ROWS / 2 { "\"" } else { "" };
        writeln!(text, "第{row}厂,{mark}某路{row}号").unwrap();
    }
    let rows = read(&text);
    assert_eq!(rows.len(), ROWS + 1);
    let broken: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].is_err()).collect();
    assert_eq!(broken, [ROWS / 2 + 1]);
    assert!(rows[ROWS / 2 + 1].as_ref().unwrap_err().contains(&format!("第 {} 行", ROWS / 2 + 2)));
    assert_eq!(rows[ROWS / 2 + 2].as_ref().unwrap().0, ROWS as u64 / 2 + 3);
}

#[test]
fn a_stray_quotation_mark_costs_one_row_too() {
    let rows = read("名称,地址\n甲,\"路\"口\n乙,路\n");
    assert!(rows[1].is_err() && rows[2].is_ok());
}

#[test]
fn a_file_without_ends_of_lines_is_refused_before_it_fills_the_memory() {
    let endless = std::io::repeat(b'a').take(1 << 32);
    let mut rows = LooseRows::open(endless).unwrap();
    assert!(rows.next().unwrap().unwrap_err().to_string().contains("第 1 行的字节数"));
    assert!(rows.next().is_none());
}
