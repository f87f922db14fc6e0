//! Sheets that the sender cannot see: last year's table, kept for comparison, must not become this year's figures.

use rust_xlsxwriter::Workbook;
use youju_sheet::{read, trial_balance};

use crate::make::{Old, OldTab, xls_of};

const TABLE: [[&str; 4]; 3] = [
    ["科目编码", "科目名称", "期末借方余额", "期末贷方余额"],
    ["1002", "银行存款", "AMOUNT", ""],
    ["4001", "实收资本", "", "AMOUNT"],
];

/// A workbook of trial balances: name, amount, whether the sheet is hidden or very hidden.
fn workbook(tabs: &[(&str, f64, u8)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, amount, state) in tabs {
        let tab = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(TABLE) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    "AMOUNT" => tab.write_number(row, column, *amount).unwrap(),
                    _ => tab.write_string(row, column, cell).unwrap(),
                };
            }
        }
        match state {
            1 => tab.set_hidden(true),
            2 => tab.set_very_hidden(true),
            _ => tab.set_active(true),
        };
    }
    workbook.save_to_buffer().unwrap()
}

fn old_workbook(tabs: &[(&str, f64, u8)]) -> Vec<u8> {
    let cells: Vec<Vec<(u16, u16, Old<'_>)>> = tabs
        .iter()
        .map(|(_, amount, _)| {
            let mut cells = Vec::new();
            for (row, texts) in (0..).zip(TABLE) {
                for (column, text) in (0..).zip(texts) {
                    cells.push((row, column, if text == "AMOUNT" { Old::Number(*amount) } else { Old::Text(text) }));
                }
            }
            cells
        })
        .collect();
    let tabs: Vec<OldTab<'_>> = tabs
        .iter()
        .zip(&cells)
        .map(|((name, _, state), cells)| OldTab { name, state: *state, cells, more: &[] })
        .collect();
    xls_of(&tabs, &[])
}

#[test]
fn a_hidden_table_is_marked_and_never_becomes_the_trial_balance() {
    let tabs = [("上年", 100.0, 1), ("本期", 250.5, 0), ("底稿", 7.0, 2)];
    for file in [workbook(&tabs), old_workbook(&tabs)] {
        let sheets = read("余额表.xlsx", &file).unwrap();
        assert_eq!(sheets.iter().map(|sheet| sheet.is_hidden).collect::<Vec<_>>(), [true, false, true]);
        let balance = trial_balance::parse(&sheets).unwrap();
        assert_eq!(balance.sheet, "本期");
        assert_eq!(balance.lines[0].closing_debit.unwrap().to_string(), "250.5");
        let warnings: Vec<String> = balance.warnings.iter().map(ToString::to_string).collect();
        for name in ["上年", "底稿"] {
            let wanted = format!(
                "工作表“{name}”已被隐藏,没有读取。如果要导入其中的数据,请在 Excel 或 WPS 中取消隐藏后重新导入。"
            );
            assert!(warnings.contains(&wanted), "{warnings:?}");
        }
    }
}

#[test]
fn a_workbook_whose_only_table_is_hidden_is_refused_with_the_way_out() {
    let mut workbook_of_notes = Workbook::new();
    workbook_of_notes.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "见附表").unwrap();
    let notes = workbook_of_notes.save_to_buffer().unwrap();
    let mut sheets = read("余额表.xlsx", &notes).unwrap();
    sheets.extend(read("余额表.xls", &old_workbook(&[("上年", 100.0, 1)])).unwrap());
    for sheets in [sheets.as_slice(), &sheets[1..]] {
        let errors = trial_balance::parse(sheets).unwrap_err();
        let told = errors.iter().map(ToString::to_string).collect::<String>();
        assert!(told.contains("工作表“上年”已被隐藏,没有读取。"), "{told}");
    }
}
