//! A form goes out as a workbook, is filled by hand, and comes home; what is wrong goes back with it.

use std::borrow::Cow;
use std::io::Read;

use rust_decimal::Decimal;
use youju_sheet::form_book::*;
use youju_sheet::{Cell, CellOut, Merged, Sheet, SheetError, limits, read};

use crate::form_book_make::{moved, put, saved, written};

/// 财务状况: two rows of figures with an indicator code, and a list of products that may grow.
fn book() -> FormBook {
    let labels =
        || vec![BookColumn::new("code", "代码", Rule::Locked), BookColumn::new("name", "指标名称", Rule::Locked)];
    let number = |key: &str, name: &str| BookColumn {
        group: "金额".into(),
        note: "按利润表填报".into(),
        ..BookColumn::new(key, name, Rule::Number { decimals: 0 })
    };
    let mut main = Section::new("main", [labels(), vec![number("1", "本月"), number("2", "上年同期")]].concat());
    let row = |code: &str, name: &str, last: BookCell| {
        let cells = [code, name].map(|text| BookCell::from(CellOut::from(text)));
        Line::Row(BookRow::new(code, [cells.as_slice(), &[BookCell::default(), last]].concat()))
    };
    let locked = BookCell { value: CellOut::Number(Decimal::from(800)), rule: Some(Rule::Locked) };
    let absent = BookCell { value: CellOut::Empty, rule: Some(Rule::Absent) };
    main.lines = vec![Line::Heading("一、损益".into()), row("301", "营业收入", locked), row("307", "营业成本", absent)];
    main.heading = "财务状况".into();
    let code = Rule::Code { list: "产品".into() };
    let columns = vec![
        BookColumn::new("product", "产品", code),
        BookColumn::new("since", "投产年月", Rule::Month),
        BookColumn::new("note", "备注", Rule::Text { chars_max: 10 }),
    ];
    let mut products = Section::new("products", columns);
    products.heading = "产品".into();
    products.spare_rows = 3;
    let codes = (1..=300).map(|code| (format!("{code:04}"), format!("产品{code}")));
    FormBook {
        title: "财务状况".into(),
        head: vec![HeadLine { left: "单位详细名称:兰溪云山纺织厂".into(), right: "表号:B203".into() }],
        sections: vec![main, products],
        foot: vec!["单位负责人:      填表人:".into()],
        lists: vec![CodeList { name: "产品".into(), codes: codes.collect() }],
        stamp: "report 17 form 3 revision 2".into(),
    }
}

/// The place of the row with a mark.
fn at(sheet: &Sheet, mark: &str) -> usize {
    (0..sheet.rows.len()).find(|row| sheet.cell(*row, 0).text() == mark).unwrap()
}

/// The sheets of the book, filled in by hand.
fn filled(change: impl FnOnce(&mut Vec<Sheet>)) -> Vec<Sheet> {
    let mut sheets = read("B203.xlsx", &written(&book())).unwrap();
    let row = at(&sheets[0], "r:301");
    put(&mut sheets[0], row, 3, Cell::Number(1200.into()));
    let row = at(&sheets[1], "r+");
    put(&mut sheets[1], row, 1, Cell::from_text("0007"));
    put(&mut sheets[1], row, 2, Cell::Number(201_803.into()));
    change(&mut sheets);
    sheets
}

fn told(sheets: &[Sheet]) -> Vec<String> {
    let returned = read_form_book(sheets).unwrap();
    judge(&book(), &returned).errors.iter().map(ToString::to_string).collect()
}

fn refused(sheets: &[Sheet]) -> String {
    read_form_book(sheets).unwrap_err().iter().map(ToString::to_string).collect()
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_form_comes_home_filled() {
    let sheets = read("B203.xlsx", &saved(&filled(|_| {}))).unwrap();
    let returned = read_form_book(&sheets).unwrap();
    assert_eq!((returned.stamp.as_str(), returned.told.len()), ("report 17 form 3 revision 2", 0));
    let book = book();
    let judged = judge(&book, &returned);
    assert_eq!(judged.errors, []);
    let values: Vec<(RowId, Vec<(usize, CellOut)>)> =
        judged.rows.iter().map(|row| (row.row.id.clone(), row.values.clone())).collect();
    let key = |key: &str| RowId::Key(key.into());
    let text = |text: &str| CellOut::from(text);
    assert_eq!(
        values,
        [
            (key("301"), vec![(2, CellOut::Number(1200.into()))]),
            (key("307"), vec![(2, CellOut::Empty)]),
            (RowId::New, vec![(0, text("0007")), (1, text("201803")), (2, CellOut::Empty)]),
        ]
    );
}

#[test]
fn only_cells_to_be_filled_are_unlocked_and_excel_helps_to_fill_them() {
    let file = written(&book());
    let (main, products) = (part(&file, "xl/worksheets/sheet1.xml"), part(&file, "xl/worksheets/sheet2.xml"));
    let workbook = part(&file, "xl/workbook.xml");
    for (text, wanted) in [
        (&main, "<sheetProtection sheet=\"1\""),
        (&main, "<row r=\"1\" hidden=\"1\">"),
        (&main, "<col min=\"1\" max=\"1\" width=\"0\" hidden=\"1\""),
        (&main, "xSplit=\"3\" ySplit=\"6\" topLeftCell=\"D7\""),
        (&main, "type=\"whole\""),
        (&main, "sqref=\"D8:D9\""),
        (&main, "paperSize=\"9\""),
        (&main, "fitToHeight=\"0\""),
        (&products, "<formula1>_youju!$B$2:$B$301</formula1>"),
        (&products, "type=\"textLength\""),
        (&products, "insertRows=\"0\""),
        (&workbook, "state=\"veryHidden\""),
        (&workbook, "_xlnm.Print_Titles"),
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!main.contains("mergeCell"), "merged cells stand in the way of whoever moves a column");
    let styles = part(&file, "xl/styles.xml");
    assert!(styles.contains("宋体") && styles.contains("微软雅黑") && styles.contains("locked=\"0\""), "{styles}");
    assert!(part(&file, "xl/comments1.xml").contains("按利润表填报"));
    assert_eq!(file, written(&book()), "the same book gives the same bytes");
}

#[test]
fn a_sheet_that_is_copied_into_another_workbook_or_saved_as_csv_still_comes_home() {
    let copied = filled(|sheets| {
        sheets.retain(|sheet| sheet.name != "_youju");
        sheets[0].name = "Sheet1".into();
    });
    assert_eq!(told(&copied), Vec::<String>::new());
    let cells = |row: usize| (0..copied[0].width()).map(move |column| (row, column));
    let quoted = |(row, column)| format!("\"{}\"", copied[0].cell(row, column));
    let lines = (0..copied[0].rows.len()).map(|row| cells(row).map(quoted).collect::<Vec<_>>().join(","));
    let csv = lines.collect::<Vec<_>>().join("\r\n");
    let sheets = read("B203.csv", csv.as_bytes()).unwrap();
    let returned = read_form_book(&sheets).unwrap();
    let row = returned.tables[0].row("301").unwrap();
    assert_eq!(sheets[0].cell(row.at, 3).text(), "1200");
    // Of the other table nothing is there.
    let errors = judge(&book(), &returned).errors;
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().starts_with("工作表“产品”:工作簿中没有这张表"), "{}", errors[0]);
}

#[test]
fn a_book_without_its_marks_is_refused_with_the_way_out() {
    let lost = filled(|sheets| {
        for sheet in sheets.iter_mut().filter(|sheet| sheet.name != "_youju") {
            sheet.rows.remove(0);
        }
    });
    assert!(refused(&lost).contains("隐藏的标识行或标识列已被删除"), "{}", refused(&lost));
    let foreign: Vec<Sheet> = lost.into_iter().filter(|sheet| sheet.name != "_youju").collect();
    assert!(refused(&foreign).contains("文件不是本系统导出的报表,或标识已被删除。请重新导出报表"));
    let twice = filled(|sheets| {
        let copy = Sheet { name: "财务状况 (2)".into(), ..sheets[0].clone() };
        sheets.push(copy);
    });
    assert_eq!(
        refused(&twice),
        "工作表“财务状况 (2)”与工作表“财务状况”是同一张表的两份,无法判断以哪份为准。请删去其中一份后重新导入。"
    );
    let mixed = filled(|sheets| put(&mut sheets[1], 0, 0, Cell::from_text("youju1 products report 18")));
    assert!(refused(&mixed).contains("工作表“产品”与工作表“财务状况”来自不同的报表"), "{}", refused(&mixed));
    let pasted = filled(|sheets| put(&mut sheets[2], 0, 0, Cell::from_text("report 18")));
    assert!(refused(&pasted).contains("是从另一份报表复制过来的"), "{}", refused(&pasted));
}

#[test]
fn what_is_not_read_is_told() {
    let mut sheets = filled(|sheets| {
        sheets.push(Sheet { name: "草稿".into(), rows: vec![vec![Cell::from_text("算式")]], ..Sheet::default() });
        let row = at(&sheets[0], "r:307");
        put(&mut sheets[0], row, 6, Cell::from_text("估计数"));
        let end = sheets[1].rows.len() + 1;
        put(&mut sheets[1], end, 1, Cell::from_text("本月停产检修"));
    });
    let words: Vec<String> = read_form_book(&sheets).unwrap().told.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "工作表“草稿”没有报表标识,没有读取。报表的数据请填在导出的工作表里。",
            "工作表“财务状况”G 列是后来插入的,没有读取。报表的数据请填在原有的栏目里。",
            "工作表“产品”第 11 行起共 1 行在表格之外,没有读取。",
        ]
    );
    sheets[1].is_hidden = true;
    assert_eq!(told(&sheets).len(), 1, "a hidden table is not taken");
    assert!(read_form_book(&sheets).unwrap().told[0].to_string().contains("工作表“产品”已被隐藏,没有读取"));
}

#[test]
fn columns_and_rows_that_are_gone_or_there_twice_are_named() {
    let gone = filled(|sheets| {
        let row = at(&sheets[0], "r:307");
        let rows: Vec<_> = (0..sheets[0].rows.len()).filter(|at| *at != row).map(Some).collect();
        sheets[0] = moved(&sheets[0], &rows, &[0, 1, 2, 4].map(Some));
    });
    assert_eq!(
        told(&gone),
        [
            "工作表“财务状况”(金额本月):缺少栏目“金额本月”。请放回这一栏,或重新导出报表后填写。",
            "工作表“财务状况”(307 营业成本):缺少“307 营业成本”这一行。请放回这一行,或重新导出报表后填写。",
        ]
    );
    let twice = filled(|sheets| {
        let all: Vec<_> = (0..sheets[0].rows.len()).map(Some).collect();
        sheets[0] = moved(&sheets[0], &all, &[0, 1, 2, 3, 4, 3].map(Some));
    });
    assert_eq!(
        told(&twice),
        [
            "工作表“财务状况”D7(金额本月):与 F7 是同一栏的两份,都没有读取。请删去其中一栏。",
            "工作表“财务状况”F7(金额本月):与 D7 是同一栏的两份,都没有读取。请删去其中一栏。",
        ]
    );
}

#[test]
fn rows_that_were_sorted_without_their_marks_are_refused_by_name() {
    let sorted = filled(|sheets| {
        let (first, second) = (at(&sheets[0], "r:301"), at(&sheets[0], "r:307"));
        for column in 1..5 {
            let (upper, lower) = (sheets[0].cell(first, column).clone(), sheets[0].cell(second, column).clone());
            put(&mut sheets[0], first, column, lower);
            put(&mut sheets[0], second, column, upper);
        }
    });
    let words = told(&sorted);
    assert_eq!(words.len(), 6, "{words:?}");
    assert_eq!(
        words[0],
        "工作表“财务状况”B8(301 营业收入,代码):此格不可改动,应为“301”,现为“307”。请改回;排过序的,请撤销排序,或重新导出报表后填写。"
    );
}

#[test]
fn merged_cells_are_asked_about_because_they_hide_what_was_typed() {
    let merge = |rows: (usize, usize), columns: (usize, usize)| {
        let merged = Merged { first_row: rows.0, last_row: rows.1, first_column: columns.0, last_column: columns.1 };
        told(&filled(|sheets| sheets[0].merged.push(merged)))
    };
    assert_eq!(
        merge((7, 7), (3, 4)),
        ["工作表“财务状况”D8(301 营业收入):有合并的单元格,无法判断内容属于哪一格。请取消合并,逐格填写。"]
    );
    assert_eq!(merge((7, 8), (3, 3)).len(), 2);
    assert_eq!(merge((1, 6), (1, 4)), Vec::<String>::new(), "the head may be merged");
    assert_eq!(merge((7, 7), (4, 9)), Vec::<String>::new(), "one cell of ours and blank ones beside it");
}

#[test]
fn the_returned_copy_marks_every_wrong_cell_and_lists_it_first() {
    let sheets = filled(|sheets| {
        let row = at(&sheets[0], "r:307");
        put(&mut sheets[0], row, 3, Cell::from_text("12万"));
        sheets[0].name = "李四's表".into();
    });
    let returned = read_form_book(&sheets).unwrap();
    let book = book();
    let judged = judge(&book, &returned);
    let mut errors = judged.errors;
    // Who knows the checks between figures adds what they find.
    errors.push(returned.tables[0].error("301", "1", "应不小于“307 营业成本”。请核实。".into()));
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
    assert_eq!(line(4), "1|李四's表|D8|301|1|1200|应不小于“307 营业成本”。请核实。");
    assert!(line(5).starts_with("2|李四's表|D9|307 营业成本|金额本月|12万|应为数字,现为“12万”"), "{}", line(5));
    assert!(part(&copy, "xl/worksheets/sheet1.xml").contains("location=\"'李四''s表'!D8\""));
    let comments = part(&copy, "xl/comments1.xml");
    assert!(comments.contains("<comment ref=\"D9\"") && comments.contains("应为数字,现为“12万”"), "{comments}");
    assert!(comments.contains("按利润表填报"), "how to fill it in is still said: {comments}");
    assert!(part(&copy, "xl/styles.xml").contains("FFFFC7CE"));
    // Mended in the copy, it comes home without mistakes; the copy is as locked as the book was.
    let mut mended = again.clone();
    put(&mut mended[1], 8, 3, Cell::Number(120.into()));
    assert_eq!(told(&mended), Vec::<String>::new());
    let main = part(&copy, "xl/worksheets/sheet2.xml");
    assert!(main.contains("<sheetProtection") && main.contains("hidden=\"1\"") && main.contains("type=\"whole\""));
}

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
fn a_book_that_could_not_come_home_is_not_written() {
    let spoilt = |change: fn(&mut FormBook)| {
        let mut book = book();
        change(&mut book);
        let refusal = write_form_book(Vec::new(), &book).unwrap_err();
        assert!(matches!(refusal, SheetError::Unwritable { .. }), "{refusal}");
        refusal.to_string()
    };
    for (refusal, words) in [
        (spoilt(|book| book.sections.clear()), "没有表"),
        (spoilt(|book| book.sections[1].key = "main".into()), "表标识“main”用了两次"),
        (spoilt(|book| book.sections[0].key = "ma in".into()), "含有空格"),
        (spoilt(|book| book.sections[0].columns[3].key = "1".into()), "栏目标识“1”用了两次"),
        (spoilt(|book| book.sections[0].columns[3].key = " 2".into()), "首尾有空白"),
        (spoilt(|book| book.stamp = "a\n".into()), "报表工作簿的标识首尾有空白"),
        (spoilt(|book| book.lists.clear()), "没有代码表“产品”"),
        (
            spoilt(|book| book.sections[0].lines = vec![Line::Row(BookRow::new("9", Vec::new()))]),
            "有 0 个单元格,表头有 4 列",
        ),
    ] {
        assert!(refusal.contains(words), "{refusal}");
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
    let book = book();
    let judged = judge(&book, &returned);
    assert_eq!(judged.errors.len(), limits::ERRORS_MAX + 1);
    let last = judged.errors.last().unwrap().to_string();
    assert_eq!(last, "工作表“产品”:错误已达 100000 处,从第 100006 行起没有审核。请先改正列出的错误,再重新导入。");
    let mut copy = Vec::new();
    write_annotated(&mut copy, &Annotation { errors: &judged.errors, ..Annotation::default() }).unwrap();
    let summary = part(&copy, "xl/worksheets/sheet1.xml");
    assert!(summary.contains("共有错误 100001 处") && summary.contains("其余 90001 处只涂红"));
}
