//! Heads as people make them: titles, merged cells, several sheets, columns that are missing or unknown.

use rust_xlsxwriter::{Format, Workbook};

use crate::formats::{lines, workbook};
use crate::house::{House, TWO, counts};

/// A title over everything, and a head of two rows in which 营业收入 stands over its two columns.
fn official(book: &mut Workbook) {
    let sheet = book.add_worksheet().set_name("3月").unwrap();
    let plain = Format::new();
    lines(
        sheet,
        0,
        "工业 财务状况\n单位代码,报告期,营业收入,,利润总额\n,,1—本月,上年同期,\n甲厂,2026-03,1000,300,50\n乙厂,2026-03,7,0,7",
    );
    sheet.merge_range(0, 0, 0, 4, "工业 财务状况", &plain).unwrap();
    sheet.merge_range(1, 2, 1, 3, "营业收入", &plain).unwrap();
    for (column, name) in [(0, "单位代码"), (1, "报告期"), (4, "利润总额")] {
        sheet.merge_range(1, column, 2, column, name, &plain).unwrap();
    }
}

#[test]
fn a_title_and_a_merged_head_of_two_rows_are_read() {
    let house = House::new();
    workbook(&house.path("official.xlsx"), official);
    let file = house.json("official.xlsx");
    assert_eq!((file["rows_read"].as_u64(), file["errors_total"].as_u64()), (Some(2), Some(0)));
    assert_eq!(file["ignored"].as_array().unwrap().len(), 0, "{file}");
    assert_eq!(counts(&file, "Z11c"), [1, 1, 0, 1], "1,000 against 300 last year; nothing last year is not compared");
}

#[test]
fn further_sheets_are_told_and_hidden_ones_are_not_looked_at() {
    let house = House::new();
    workbook(&house.path("book.xlsx"), |book| {
        let hidden = book.add_worksheet().set_name("旧稿").unwrap();
        lines(hidden, 0, "单位代码,报告期,301\n丁厂,2026-03,-5");
        hidden.set_hidden(true);
        book.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "填表说明").unwrap();
        official(book);
        book.worksheets_mut().last_mut().unwrap().set_active(true);
        lines(book.add_worksheet().set_name("4月").unwrap(), 0, "单位代码,报告期,301\n甲厂,2026-04,5");
    });
    let ran = house.check(&["book.xlsx"]);
    assert_eq!(ran.err, "book.xlsx:审核了工作表“3月”,没有审核 “4月”。请把各表另存为单独的文件。\n");
    assert_eq!(ran.line("N301")[1..4], ["C", "2", "0"], "{}", ran.out);
}

#[test]
fn columns_that_are_missing_or_unknown_are_told() {
    let house = House::with("two.csv", TWO.replace("营业利润", "营业毛利"));
    let ran = house.check(&["two.csv"]);
    assert!(ran.out.contains("没有使用这些列(1 项):营业毛利\n"), "{}", ran.out);
    assert!(ran.out.contains("文件中没有这些数据项,相关审核不能检验(59 项):流动资产合计、"), "{}", ran.out);
    assert!(ran.out.contains("、营业利润、"), "{}", ran.out);
    assert!(ran.out.contains("因为没有数据而没有执行的审核(") && ran.out.contains("R323"), "{}", ran.out);
    assert_eq!(ran.line("Z7")[..7], ["Z7", "A", "0", "0", "—", "2", "0"]);
}

#[test]
fn a_file_without_any_figure_of_the_form_is_refused_not_clear() {
    let house = House::with("people.csv", "单位代码,报告期,地址\n甲厂,2026-03,兰溪\n");
    let ran = house.check(&["people.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "people.csv:表头中没有 B203 工业 财务状况 的任何数据项,一条审核也不能执行。\
         表头请写指标代码或指标名称(例如 201 或 流动资产合计)。现有各列:单位代码、报告期、地址。\n"
    );
}

#[test]
fn dashes_and_brackets_in_heads_make_no_difference() {
    let house = House::with("dash.csv", "单位代码,报告期,营业收入（上年同期）,营业收入1-本月\n甲厂,2026-03,100,900\n");
    assert_eq!(counts(&house.json("dash.csv"), "Z11c"), [1, 1, 0, 0]);
}
