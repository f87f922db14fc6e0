//! Excel workbooks, new and old.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use youju_sheet::{Cell, Merged, SheetError, limits, read};

use crate::make::{Old, container, record, with_part, xls, xlsx};

#[test]
fn cells_of_every_kind_are_read_exactly() {
    let mut workbook = Workbook::new();
    let tab = workbook.add_worksheet().set_name("台账").unwrap();
    tab.write_string(1, 0, " 原煤 ").unwrap();
    tab.write_number(1, 1, 9_144_770_400.21).unwrap();
    tab.write_boolean(1, 2, true).unwrap();
    let date = ExcelDateTime::from_ymd(2026, 3, 31).unwrap();
    tab.write_datetime_with_format(1, 3, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    tab.write_formula(1, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    tab.write_number(1, 5, 0.1 + 0.2).unwrap();
    tab.write_datetime_with_format(
        1,
        6,
        date.and_hms(8, 30, 0).unwrap(),
        &Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    )
    .unwrap();
    tab.merge_range(3, 0, 3, 2, "合计", &Format::new()).unwrap();
    let sheets = read("能源.xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    let sheet = &sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.rows.len(), sheet.width()), ("台账", 4, 7));
    assert!(sheet.rows[0].is_empty(), "row 1 of Excel stays row 1");
    let day = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
    assert_eq!(
        sheet.rows[1],
        [
            Cell::Text("原煤".into()),
            Cell::Number(Decimal::new(914_477_040_021, 2)),
            Cell::Bool(true),
            Cell::Date(day.and_hms_opt(0, 0, 0).unwrap()),
            Cell::Error("#DIV/0!".into()),
            Cell::Number(Decimal::new(3, 1)),
            Cell::Date(day.and_hms_opt(8, 30, 0).unwrap()),
        ]
    );
    assert_eq!(sheet.merged, [Merged { first_row: 3, first_column: 0, last_row: 3, last_column: 2 }]);
    assert_eq!(sheet.cell(1, 3).text(), "2026-03-31");
}

#[test]
fn an_old_workbook_is_recognised_by_its_content_whatever_its_ending() {
    let cells = [
        (0, 0, Old::Text("科目编码")),
        (0, 1, Old::Text("期末余额")),
        (1, 0, Old::Text("1002")),
        (1, 1, Old::Number(1200.5)),
    ];
    let merged = record(0x00E5, &[1_u16, 0, 0, 0, 1].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>());
    for name in ["余额表.xls", "余额表.et", "余额表.xlsx"] {
        let sheets = read(name, &xls(&cells, &merged)).unwrap();
        assert_eq!(sheets[0].name, "余额表");
        assert_eq!(sheets[0].cell(0, 0).text(), "科目编码");
        assert_eq!(sheets[0].cell(1, 1), &Cell::Number(Decimal::new(12_005, 1)));
        assert_eq!(sheets[0].merged.len(), 1);
    }
}

#[test]
fn an_old_workbook_that_claims_billions_of_cells_is_refused_before_memory_is_taken() {
    let file = xls(&[(0, 0, Old::Number(1.0)), (65_535, 65_535, Old::Number(1.0))], &[]);
    let refusal = read("余额表.xls", &file).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "“余额表.xls”的单元格数为 4294967296,超过上限 8000000。请拆分成较小的文件后分次导入。"
    );
    // A declared size alone costs nothing.
    let declared: Vec<u8> =
        [u32::MAX - 1; 2].iter().flat_map(|word| word.to_le_bytes()).chain([0, 0, 255, 0, 0, 0]).collect();
    let declared = [0_u32.to_le_bytes().as_slice(), &declared[4..]].concat();
    let file = xls(&[(0, 0, Old::Number(1.0))], &record(0x0200, &declared));
    assert_eq!(read("余额表.xls", &file).unwrap()[0].rows.len(), 1);
}

#[test]
fn a_cell_in_the_far_corner_of_a_workbook_is_refused_with_the_number() {
    for (row, column, what) in [(0, 5_000, "列数为 5001"), (1_048_575, 100, "")] {
        let mut workbook = Workbook::new();
        let tab = workbook.add_worksheet();
        tab.write_number(0, 0, 1).unwrap();
        tab.write_number(row, column, 1).unwrap();
        let read = read("台账.xlsx", &workbook.save_to_buffer().unwrap());
        match read {
            Ok(sheets) => assert_eq!(sheets[0].rows.len(), limits::ROWS_MAX),
            Err(refusal) => assert!(refusal.to_string().contains(what) && !what.is_empty(), "{refusal}"),
        }
    }
}

#[test]
fn a_zip_bomb_is_refused_with_its_size() {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..64 {
        archive.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let file = archive.finish().unwrap().into_inner();
    assert!(file.len() < 200_000);
    let refusal = read("炸弹.xlsx", &file).unwrap_err();
    assert!(matches!(refusal, SheetError::Limit { found, .. } if found > 8_000_000), "{refusal}");
}

#[test]
fn other_packed_files_are_called_by_their_name() {
    use std::io::Write;
    for (part, words) in [("word/document.xml", "Word 文档"), ("content.xml", "OpenDocument"), ("照片.jpg", "压缩包")]
    {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(b"x").unwrap();
        let refusal = read("材料.xlsx", &archive.finish().unwrap().into_inner()).unwrap_err();
        assert!(refusal.to_string().contains(words), "{refusal}");
    }
    let encrypted = {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_stream("/EncryptedPackage").unwrap().write_all(b"x").unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    };
    let refusal = read("余额表.xlsx", &encrypted).unwrap_err().to_string();
    assert_eq!(refusal, "“余额表.xlsx”设有打开密码,无法读取。请在 Excel 或 WPS 中取消密码后重新保存。");
    let refusal = read("余额表.xls", &container(b"no records")).unwrap_err();
    assert!(matches!(refusal, SheetError::Damaged { .. }), "{refusal}");
}

#[test]
fn a_torn_workbook_is_damaged_not_fatal() {
    let file = xlsx(&[("表", "甲,乙\n1,2\n", &[])]);
    let refusal = read("表.xlsx", &file[..file.len() / 2]).unwrap_err().to_string();
    assert!(refusal.starts_with("“表.xlsx”已损坏,无法读取"), "{refusal}");
}

#[test]
fn a_formula_whose_result_nobody_stored_is_no_blank_cell() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_formula(0, 0, Formula::new("=B1*2").set_result("7")).unwrap();
    let file = workbook.save_to_buffer().unwrap();
    for (cell, read_as) in [
        ("<c r=\"A1\"><f>B1*2</f><v>7</v></c>", Cell::Number(7.into())),
        ("<c r=\"A1\"><f>B1*2</f></c>", Cell::Error("未计算的公式".into())),
        ("<c r=\"A1\"><f>B1*2</f><v></v></c>", Cell::Error("未计算的公式".into())),
        ("<c r=\"A1\"><f>B1*2</f><v/></c>", Cell::Error("未计算的公式".into())),
        ("<c r=\"A1\" t=\"str\"><f>\"\"</f><v></v></c>", Cell::Empty),
        ("<c r=\"A1\"/>", Cell::Empty),
        // Formulas that share a text are numbered; no room is made for numbers.
        ("<c r=\"A1\"><f t=\"shared\" ref=\"A1:A9\" si=\"99999999999\">B1</f></c>", Cell::Error("未计算的公式".into())),
    ] {
        let file = with_part(&file, "xl/worksheets/sheet1.xml", |part| {
            let (from, to) = (part.find("<c r=\"A1\"").unwrap(), part.find("</row>").unwrap());
            format!("{}{cell}<c r=\"B1\"><v>1</v></c>{}", &part[..from], &part[to..]).into_bytes()
        });
        assert_eq!(read("表.xlsx", &file).unwrap()[0].cell(0, 0), &read_as, "{cell}");
    }
}
