//! The same figures in every kind of file give the same findings.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use crate::house::{House, TWO, counts};

/// A workbook whose sheets are filled by `fill`.
pub fn workbook(path: &Path, fill: impl FnOnce(&mut Workbook)) {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save(path).unwrap();
}

/// Lines of a csv from a row of the sheet on; what reads as a number is a number.
pub fn lines(sheet: &mut Worksheet, first: u32, text: &str) {
    for (row, line) in (first..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
}

/// A Parquet file with two text columns and then columns of figures.
fn parquet(path: &Path, figures: Vec<(&str, ArrayRef)>) {
    let texts = |texts: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let mut columns = vec![("usci", texts(["甲厂", "乙厂"])), ("period", texts(["2026-03", "2026-03"]))];
    columns.extend(figures);
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The figures of [`TWO`] as columns of one type.
fn columns(array: impl Fn([i64; 2]) -> ArrayRef) -> Vec<(&'static str, ArrayRef)> {
    let figures = [
        ("c301", [1000, 2000]),
        ("c302", [1200, 1500]),
        ("c323", [100, 200]),
        ("c325", [5, 0]),
        ("c326", [1, 0]),
        ("c327", [104, 300]),
    ];
    figures.into_iter().map(|(name, pair)| (name, array(pair))).collect()
}

#[test]
fn every_kind_of_file_gives_the_same_findings() {
    let house = House::with("utf8.csv", TWO);
    house.write("bom.csv", format!("\u{feff}{TWO}"));
    house.write("gbk.csv", encoding_rs::GBK.encode(TWO).0);
    house.write("semicolon.csv", TWO.replace(',', ";"));
    house.write("windows.csv", TWO.replace('\n', "\r\n"));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(TWO.as_bytes()).unwrap();
    house.write("packed.csv.gz", gzip.finish().unwrap());
    workbook(&house.path("book.xlsx"), |book| lines(book.add_worksheet(), 0, TWO));
    parquet(&house.path("int.parquet"), columns(|pair| Arc::new(Int64Array::from(pair.to_vec()))));
    parquet(
        &house.path("float.parquet"),
        columns(|pair| Arc::new(Float64Array::from(pair.map(|n| f64::from(i32::try_from(n).unwrap())).to_vec()))),
    );
    parquet(
        &house.path("text.parquet"),
        columns(|pair| Arc::new(StringArray::from(pair.map(|n| n.to_string()).to_vec()))),
    );
    let hundredths = |pair: [i64; 2]| Decimal128Array::from(pair.map(|n| i128::from(n) * 100).to_vec());
    parquet(
        &house.path("decimal.parquet"),
        columns(|pair| Arc::new(hundredths(pair).with_precision_and_scale(18, 2).unwrap())),
    );

    let expected = house.json("utf8.csv");
    assert_eq!((counts(&expected, "Z7"), counts(&expected, "Z8a")), ([2, 1, 0, 0], [2, 1, 0, 0]));
    let names = "bom.csv gbk.csv semicolon.csv windows.csv packed.csv.gz book.xlsx";
    for name in names.split(' ').chain(["int.parquet", "float.parquet", "text.parquet", "decimal.parquet"]) {
        let mut found = house.json(name);
        found["file"] = expected["file"].clone();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_name_of_a_file_does_not_matter_its_contents_do() {
    let house = House::new();
    workbook(&house.path("named.csv"), |book| lines(book.add_worksheet(), 0, TWO));
    house.write("named.xlsx", TWO);
    for name in ["named.csv", "named.xlsx"] {
        assert_eq!(counts(&house.json(name), "Z8a"), [2, 1, 0, 0], "{name}");
    }
}

#[test]
fn a_blank_in_parquet_is_a_blank_and_not_zero() {
    let house = House::new();
    let column = |numbers: Vec<Option<f64>>| -> ArrayRef { Arc::new(Float64Array::from(numbers)) };
    parquet(
        &house.path("blank.parquet"),
        vec![("301", column(vec![Some(5.0), None])), ("302", column(vec![Some(0.0), Some(1.0)]))],
    );
    let file = house.json("blank.parquet");
    assert_eq!((counts(&file, "R301"), counts(&file, "Z8a")), ([2, 1, 0, 0], [1, 0, 1, 0]));
}

#[test]
fn a_figure_that_parquet_does_not_hold_exactly_is_named_with_its_row() {
    let house = House::new();
    let column = |second: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![1.0, second])) };
    for (name, value, shown) in [("nan", f64::NAN, "NaN"), ("inf", f64::INFINITY, "inf"), ("big", 1e308, "1000000")] {
        let file = format!("{name}.parquet");
        parquet(&house.path(&file), vec![("c301", column(value))]);
        let ran = house.check(&[&file]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.starts_with(&format!("{file}:第 2 行“c301”应为数字,现为“{shown}")), "{}", ran.err);
    }
    parquet(&house.path("part.parquet"), vec![("c301", column(0.1))]);
    let ran = house.check(&["part.parquet"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("  第 2 行“c301”应为千元整数,现为“0.1”。请四舍五入为整数。"), "{}", ran.out);
}

#[test]
fn a_month_that_excel_made_a_date_is_a_month() {
    let house = House::new();
    workbook(&house.path("date.xlsx"), |book| {
        let sheet = book.add_worksheet();
        lines(sheet, 0, "单位代码,报告期,301,302\n甲厂,,5,9");
        let date = Format::new().set_num_format("yyyy-mm");
        sheet.write_datetime_with_format(1, 1, ExcelDateTime::from_ymd(2026, 3, 1).unwrap(), &date).unwrap();
    });
    let file = house.json("date.xlsx");
    assert_eq!((counts(&file, "Z8a"), file["errors_total"].as_u64()), ([1, 1, 0, 0], Some(0)));
}
