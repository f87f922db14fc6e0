//! A form goes out as a workbook, is filled by hand, and comes home; what is wrong is named.

use youju_sheet::form_book::*;
use youju_sheet::{Cell, CellOut, Merged, Sheet, SheetError, read};

use crate::form_book_make::{at, filled, moved, part, put, saved, statement, written};

fn told(sheets: &[Sheet]) -> Vec<String> {
    let returned = read_form_book(sheets).unwrap();
    judge(&statement(), &returned).errors.iter().map(ToString::to_string).collect()
}

fn refused(sheets: &[Sheet]) -> String {
    read_form_book(sheets).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_form_comes_home_filled() {
    let sheets = read("B203.xlsx", &saved(&filled(|_| {}))).unwrap();
    let returned = read_form_book(&sheets).unwrap();
    assert_eq!((returned.stamp.as_str(), returned.told.len()), ("report 17 form 3 revision 2", 0));
    let book = statement();
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
    let file = written(&statement());
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
    assert_eq!(file, written(&statement()), "the same book gives the same bytes");
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
    let errors = judge(&statement(), &returned).errors;
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
            "工作表“财务状况”D6(金额本月):与 F6 是同一栏的两份,都没有读取。请删去其中一栏。",
            "工作表“财务状况”F6(金额本月):与 D6 是同一栏的两份,都没有读取。请删去其中一栏。",
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
fn a_book_that_could_not_come_home_is_not_written() {
    let spoilt = |change: fn(&mut FormBook)| {
        let mut book = statement();
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
