//! What is wrong goes back to the sender, each mistake in its cell, and can be mended there.

use youju_sheet::form_book::*;
use youju_sheet::{Cell, limits, read};

use crate::form_book_make::{at, filled, moved, part, put, statement};

#[test]
fn the_returned_copy_marks_every_wrong_cell_and_lists_it_first() {
    let sheets = filled(|sheets| {
        let row = at(&sheets[0], "r:307");
        put(&mut sheets[0], row, 3, Cell::from_text("12万"));
        sheets[0].name = "李四's表".into();
    });
    let returned = read_form_book(&sheets).unwrap();
    let book = statement();
    let judged = judge(&book, &returned);
    let mut errors = judged.errors;
    // Who knows the checks between figures adds what they find.
    errors.push(returned.tables[0].error(
        returned.tables[0].row("301").unwrap(),
        "1",
        "应不小于“307 营业成本”。请核实。".into(),
    ));
    let annotation = Annotation {
        book: Some(&book),
        sheets: &sheets,
        errors: &errors,
        told: &returned.told,
        rows_taken: 1,
        rows_left: 2,
    };
    let mut copy = Vec::new();
    write_annotated(&mut copy, &annotation).unwrap();
    let again = read("退回.xlsx", &copy).unwrap();
    let names: Vec<&str> = again.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["审核结果", "李四's表", "产品", "_youju"]);
    let line = |row: usize| (0..7).map(|column| again[0].cell(row, column).to_string()).collect::<Vec<_>>().join("|");
    assert_eq!(line(1), "已接收 1 行,有错未接收 2 行,共有错误 2 处。||||||");
    assert_eq!(line(5), "1|李四's表|D8|301|1|1200|应不小于“307 营业成本”。请核实。");
    assert!(line(6).starts_with("2|李四's表|D9|307 营业成本|金额本月|12万|应为数字,现为“12万”"), "{}", line(6));
    assert!(part(&copy, "xl/worksheets/sheet1.xml").contains("location=\"'李四''s表'!D8\""));
    let comments = part(&copy, "xl/comments1.xml");
    assert!(comments.contains("<comment ref=\"D9\"") && comments.contains("应为数字,现为“12万”"), "{comments}");
    assert!(comments.contains("按利润表填报"), "how to fill it in is still said: {comments}");
    assert!(part(&copy, "xl/styles.xml").contains("FFFFC7CE"));
    // Mended in the copy, it comes home without mistakes; the copy is as locked as the book was.
    let mut mended = again.clone();
    put(&mut mended[1], 8, 3, Cell::Number(120.into()));
    assert_eq!(judge(&book, &read_form_book(&mended).unwrap()).errors, []);
    let main = part(&copy, "xl/worksheets/sheet2.xml");
    assert!(main.contains("<sheetProtection") && main.contains("hidden=\"1\"") && main.contains("type=\"whole\""));
}

/// Whether somebody may type into a cell of a sheet that is protected.
fn is_unlocked(file: &[u8], sheet: &str, cell: &str) -> bool {
    let text = part(file, sheet);
    let style = text.split(&format!("<c r=\"{cell}\" s=\"")).nth(1).unwrap().split('"').next().unwrap();
    let styles = part(file, "xl/styles.xml");
    let formats = styles.split("<cellXfs").nth(1).unwrap();
    formats.split("<xf ").nth(style.parse::<usize>().unwrap() + 1).unwrap().contains("locked=\"0\"")
}

#[test]
fn whatever_is_to_be_mended_in_the_returned_copy_is_unlocked() {
    let sheets = filled(|sheets| {
        let row = at(&sheets[0], "r:307");
        put(&mut sheets[0], row, 2, Cell::from_text("营业成本(含税)"));
        put(&mut sheets[0], row, 4, Cell::Number(5.into()));
        let rows: Vec<_> = (0..=row).map(Some).chain([None]).collect();
        sheets[0] = moved(&sheets[0], &rows, &[0, 1, 2, 3, 4].map(Some));
        put(&mut sheets[0], row + 1, 3, Cell::Number(6.into()));
    });
    let returned = read_form_book(&sheets).unwrap();
    let book = statement();
    let errors = judge(&book, &returned).errors;
    let places: Vec<String> = errors.iter().map(|error| error.place.a1()).collect();
    assert_eq!(places, ["C9", "E9", "B10"]);
    let mut copy = Vec::new();
    let annotation = Annotation { book: Some(&book), sheets: &sheets, errors: &errors, ..Annotation::default() };
    write_annotated(&mut copy, &annotation).unwrap();
    for (cell, expected) in [
        ("C8", false),
        ("E8", false),
        ("D8", true),
        ("C9", true),
        ("E9", true),
        ("D9", true),
        ("B10", true),
        ("D10", true),
    ] {
        assert_eq!(is_unlocked(&copy, "xl/worksheets/sheet2.xml", cell), expected, "{cell}");
    }
}

#[test]
fn a_form_with_very_many_errors_is_judged_up_to_a_number_that_is_told() {
    let sheets = filled(|sheets| {
        let first = at(&sheets[1], "r+");
        sheets[1].rows.truncate(first);
        for row in first..=first + limits::ERRORS_MAX {
            put(&mut sheets[1], row, 0, Cell::from_text("r+"));
            put(&mut sheets[1], row, 2, Cell::from_text("三月"));
        }
    });
    let returned = read_form_book(&sheets).unwrap();
    let book = statement();
    let judged = judge(&book, &returned);
    assert_eq!(judged.errors.len(), limits::ERRORS_MAX + 1);
    let last = judged.errors.last().unwrap().to_string();
    assert_eq!(last, "工作表“产品”:错误已达 100000 处,从第 100006 行起没有审核。请先改正列出的错误,再重新导入。");
    let mut copy = Vec::new();
    write_annotated(&mut copy, &Annotation { errors: &judged.errors, ..Annotation::default() }).unwrap();
    let summary = part(&copy, "xl/worksheets/sheet1.xml");
    assert!(summary.contains("共有错误 100001 处") && summary.contains("其余 90001 处只涂红"));
}
