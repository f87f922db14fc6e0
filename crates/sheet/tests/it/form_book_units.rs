//! Many units in one table: ours, or one that somebody made.

use std::borrow::Cow;

use youju_sheet::form_book::*;
use youju_sheet::{Cell, CellOut, read};

use crate::form_book_make::{part, put};

#[test]
fn a_table_of_many_units_is_written_row_by_row_and_taken_row_by_row() {
    let columns = vec![
        BookColumn::new("code", "统一社会信用代码", Rule::Locked),
        BookColumn::new("301,1", "营业收入", Rule::Number { decimals: 0 }),
    ];
    let book = FormBook {
        title: "财务状况一览".into(),
        stamp: "B203 2026-03".into(),
        sections: vec![Section::new("units", columns)],
        ..FormBook::default()
    };
    let unit = |number: usize| {
        let code = format!("9133{number:014}");
        BookRow::new(&code, vec![CellOut::from(code.as_str()).into(), BookCell::default()])
    };
    let mut file = Vec::new();
    assert_eq!(write_unit_book(&mut file, &book, (0..1_000).map(|number| Cow::Owned(unit(number)))).unwrap(), 1_000);
    let mut sheets = read("一览.xlsx", &file).unwrap();
    for row in 3..1_003 {
        let typed = if row % 100 == 3 { Cell::from_text("/") } else { Cell::Number(row.into()) };
        put(&mut sheets[0], row, 2, typed);
    }
    put(&mut sheets[0], 1_003, 0, Cell::from_text("r:别处的单位"));
    let returned = read_form_book(&sheets).unwrap();
    let judge = Judge::new(&book, &book.sections[0], &returned.tables[0]);
    let mut taken = 0;
    let mut errors = judge.errors();
    for (number, row) in returned.tables[0].rows.iter().enumerate() {
        let expected = (number < 1_000).then(|| unit(number));
        let judged = judge.row(row, expected.as_ref());
        taken += usize::from(judged.errors.is_empty());
        errors.extend(judged.errors);
    }
    assert_eq!((taken, errors.len()), (990, 11));
    assert!(
        errors[1].to_string().starts_with("工作表“财务状况一览”C104(913300000000000100,营业收入):应为数字"),
        "{}",
        errors[1]
    );
    assert!(errors[10].message.starts_with("不是这份报表的行"), "{}", errors[10]);
}

#[test]
fn a_table_of_units_from_elsewhere_is_read_by_the_names_in_its_header() {
    let wanted =
        |id: &str, names: &[&str]| Wanted { id: id.into(), names: names.iter().map(|&name| name.into()).collect() };
    let columns = [
        wanted("code", &["统一社会信用代码"]),
        wanted("301,1", &["营业收入", "301"]),
        wanted("307,1", &["营业成本", "307"]),
    ];
    let file = "某县规上工业,,,\n营业收入（千元）,备注,单位名称,统一社会信用代码\n1200,,甲厂,A1\n12万,,乙厂,A2\n7,,丙厂,\n8,,丁厂,A9\n";
    let sheets = read("一览.csv", file.as_bytes()).unwrap();
    let read_units = read_unit_table(&sheets, &columns, "code").unwrap();
    let words: Vec<String> = read_units.told.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "工作表“一览”第 2 行“备注”不是这份报表的栏目,没有读取。",
            "工作表“一览”第 2 行“单位名称”不是这份报表的栏目,没有读取。",
            "工作表“一览”第 2 行表头没有栏目“营业成本”,这一栏没有读取。",
        ]
    );
    let number = |key: &str, name: &str| BookColumn::new(key, name, Rule::Number { decimals: 0 });
    let section = Section::new(
        "units",
        vec![
            BookColumn::new("code", "统一社会信用代码", Rule::Locked),
            number("301,1", "营业收入"),
            number("307,1", "营业成本"),
        ],
    );
    let book = FormBook { sections: vec![section], ..FormBook::default() };
    let judge = Judge::new(&book, &book.sections[0], &read_units.table);
    assert_eq!(judge.errors(), []);
    let known = |row: &ReturnedRow| match &row.id {
        RowId::Key(key) if key != "A9" => Some(BookRow::new(key, Vec::new())),
        _ => None,
    };
    let judged: Vec<JudgedRow<'_>> =
        read_units.table.rows.iter().map(|row| judge.row(row, known(row).as_ref())).collect();
    assert_eq!(judged[0].values, [(1, CellOut::Number(1200.into()))]);
    let words: Vec<String> = judged.iter().flat_map(|row| &row.errors).map(ToString::to_string).collect();
    assert!(words[0].starts_with("工作表“一览”A4(A2,营业收入):应为数字,现为“12万”"), "{words:?}");
    assert_eq!(
        words[1..],
        [
            "工作表“一览”A5:没有填写“统一社会信用代码”,这一行没有读取。请补填,或删去这一行。",
            "工作表“一览”A6(A9):没有“统一社会信用代码”为“A9”的一行。请改正,或删去这一行。",
        ]
    );
    let nameless = read("别的.csv", "a,b\n1,2\n".as_bytes()).unwrap();
    let refusals = read_unit_table(&nameless, &columns, "code").unwrap_err();
    assert!(refusals[0].to_string().contains("表头"), "{}", refusals[0]);
    // The copy of such a table has no marks, and shows the wrong cells all the same.
    let errors: Vec<BookError> = judged.into_iter().flat_map(|row| row.errors).collect();
    let mut copy = Vec::new();
    let annotation =
        Annotation { sheets: &sheets, errors: &errors, rows_taken: 1, rows_left: 3, ..Annotation::default() };
    write_annotated(&mut copy, &annotation).unwrap();
    let again = read("退回.xlsx", &copy).unwrap();
    assert_eq!(again[1].rows, sheets[0].rows.iter().map(|row| trimmed(row)).collect::<Vec<_>>().as_slice());
    assert!(part(&copy, "xl/comments1.xml").contains("<comment ref=\"A4\""));
}

/// A row without the blanks at its end and with its numbers as they are.
fn trimmed(row: &[Cell]) -> Vec<Cell> {
    let length = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    row[..length].to_vec()
}

#[test]
fn a_marked_copy_says_so_at_the_head_of_every_printed_page() {
    let columns = vec![BookColumn::new("code", "统一社会信用代码", Rule::Locked)];
    let book = |mark: &str| FormBook {
        title: "一览".into(),
        stamp: "x".into(),
        sections: vec![Section::new("units", columns.clone())],
        mark: mark.into(),
        ..FormBook::default()
    };
    let header = |mark: &str| {
        let mut file = Vec::new();
        write_form_book(&mut file, &book(mark)).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
        sheet.split_once("<oddHeader>").map(|(_, rest)| rest.split_once('<').unwrap().0.to_owned())
    };
    assert_eq!(header(""), None);
    // An ampersand would begin an instruction.
    assert_eq!(header("由 A&B 导出,标记 7KQ2").unwrap(), "&amp;C由 A&amp;&amp;B 导出,标记 7KQ2");
}
