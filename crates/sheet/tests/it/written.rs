//! Exports: what is written opens everywhere, runs nothing, and reads back as it was.

use std::io::Read;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_sheet::{Cell, CellOut, ColumnOut, FileOut, SheetError, Table, read, write_csv, write_xlsx, write_zip};

fn table(rows: Vec<Vec<CellOut>>) -> Table<Vec<Vec<CellOut>>> {
    let columns = vec![ColumnOut::new("单位名称"), ColumnOut { name: "营业收入（千元）".into(), width: 24 }];
    Table { title: "兰溪市规上工业/2026年3月".into(), columns, rows }
}

fn csv(rows: Vec<Vec<CellOut>>) -> String {
    let mut file = Vec::new();
    write_csv(&mut file, table(rows)).unwrap();
    String::from_utf8(file).unwrap()
}

fn xlsx(rows: Vec<Vec<CellOut>>) -> Vec<u8> {
    let mut file = Vec::new();
    write_xlsx(&mut file, table(rows)).unwrap();
    file
}

fn row(name: &str, amount: &str) -> Vec<CellOut> {
    vec![CellOut::from(name), CellOut::from(amount.parse::<Decimal>().ok())]
}

#[test]
fn csv_opens_in_excel_and_runs_no_formula() {
    let rows = vec![
        row("甲,乙\"厂\"", "-1200.50"),
        row("=HYPERLINK(\"http://x\")", "0"),
        row("-2+3", ""),
        row("@SUM(A1)", "1"),
        row("+86", "2"),
    ];
    assert_eq!(
        csv(rows),
        "\u{feff}单位名称,营业收入（千元）\r\n\"甲,乙\"\"厂\"\"\",-1200.50\r\n\"'=HYPERLINK(\"\"http://x\"\")\",0\r\n\
         '-2+3,\r\n'@SUM(A1),1\r\n'+86,2\r\n"
    );
}

#[test]
fn numbers_that_binary_would_change_are_written_as_text() {
    let exact = ["1234567890.12", "-0.1", "99999999999999.9", "1234567890123456.78", "0.1234567890123456789"];
    let file = xlsx(exact.iter().map(|amount| row("甲", amount)).collect());
    let sheet = read("导出.xlsx", &file).unwrap().remove(0);
    for (index, amount) in exact.iter().enumerate() {
        let cell = sheet.cell(index + 2, 1);
        assert_eq!(cell.number().unwrap().unwrap().to_string(), *amount);
        assert_eq!(matches!(cell, Cell::Number(_)), index < 3, "{amount}");
    }
}

#[test]
fn the_header_stays_in_view_and_fits_its_words() {
    let file = xlsx(vec![row("甲", "1200.50")]);
    let part = |name: &str| {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("ySplit=\"2\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("width=\"24.7") && sheet.contains("width=\"12.7"), "{sheet}");
    assert!(part("xl/styles.xml").contains("#,##0.00"));
    assert!(part("xl/workbook.xml").contains("兰溪市规上工业 2026年3月"), "a sheet may not be called with a slash");
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let rows = || vec![row("甲", "1200.50"), row("乙", "")];
    assert_eq!(xlsx(rows()), xlsx(rows()));
}

#[test]
fn a_row_that_does_not_fit_the_header_is_never_written_silently() {
    let rows = vec![row("甲", "1"), vec![CellOut::from("乙")]];
    let by_csv = write_csv(Vec::new(), table(rows.clone())).unwrap_err();
    let by_xlsx = write_xlsx(Vec::new(), table(rows)).unwrap_err();
    assert_eq!(by_csv, by_xlsx);
    assert_eq!(by_csv.to_string(), "导出的第 2 行有 1 个单元格,表头有 2 列。这是程序错误,请联系技术支持。");
}

#[test]
fn what_a_cell_of_excel_cannot_hold_is_an_error() {
    let long = vec![row(&"统".repeat(32_768), "1")];
    assert!(matches!(write_xlsx(Vec::new(), table(long.clone())), Err(SheetError::Unwritable { .. })));
    assert!(matches!(write_csv(Vec::new(), table(long)), Err(SheetError::Limit { .. })));
}

fn cell() -> impl Strategy<Value = CellOut> {
    let date = (1901..2200_i32, 1..=365_u32, 0..86_400_u32).prop_map(|(year, day, second)| {
        let date = NaiveDate::from_yo_opt(year, day).unwrap();
        CellOut::Date(date.and_hms_opt(second / 3600, second / 60 % 60, second % 60).unwrap())
    });
    prop_oneof![
        Just(CellOut::Empty),
        "[一-龥a-z=+@,;\"\n-]{0,12}".prop_map(|text| CellOut::from(text.trim())),
        (any::<i64>(), 0..12_u32).prop_map(|(digits, scale)| CellOut::Number(Decimal::new(digits, scale))),
        date,
    ]
}

/// What is read back, in the words of what was written.
fn written(cell: &Cell, as_written: &CellOut) -> CellOut {
    match (cell, as_written) {
        (Cell::Empty, _) => CellOut::Empty,
        (Cell::Text(text), CellOut::Number(_)) => CellOut::Number(text.parse().unwrap()),
        (Cell::Text(text), _) => CellOut::Text(text.clone()),
        (Cell::Number(number), _) => CellOut::Number(*number),
        (Cell::Date(moment), _) => CellOut::Date(*moment),
        (other, _) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_workbook_reads_back_as_it_was_written(rows in prop::collection::vec((cell(), cell()), 1..20)) {
        let rows: Vec<Vec<CellOut>> = rows.into_iter().map(|(a, b)| vec![a, b]).collect();
        let sheet = read("导出.xlsx", &xlsx(rows.clone())).unwrap().remove(0);
        for (index, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                prop_assert_eq!(&written(sheet.cell(index + 2, column), cell), cell);
            }
        }
    }
}

#[test]
fn files_become_one_zip_with_the_same_bytes_every_time() {
    let at = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
    let file =
        |path: &str, moment: &str, bytes: &[u8]| FileOut { path: path.into(), at: at(moment), bytes: bytes.into() };
    let files = [
        file("报表/B203/第1版.json", "2026-04-02 12:30:58", b"{}"),
        file("empty", "1970-01-01 00:00:00", b""),
        file("原始资料/电费单.pdf", "2200-01-01 00:00:00", &b"7".repeat(100_000)),
    ];
    let write = || {
        let mut out = std::io::Cursor::new(Vec::new());
        write_zip(&mut out, &files).unwrap();
        out.into_inner()
    };
    let packed = write();
    assert_eq!(packed, write());
    assert!(packed.len() < 2_000, "{}", packed.len());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(packed)).unwrap();
    for (index, expected) in files.iter().enumerate() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        assert_eq!((part.name().unwrap().as_ref(), &bytes), (expected.path.as_str(), &expected.bytes));
    }
    let first = archive.by_index(0).unwrap().last_modified().unwrap();
    assert_eq!((first.year(), first.minute(), first.second()), (2026, 30, 58));
}
