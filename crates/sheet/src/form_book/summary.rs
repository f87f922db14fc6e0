//! The first sheet of a returned copy: how many rows were taken, and every error with a link to its cell.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline, Url, Worksheet, XlsxError};

use crate::error::CellError;
use crate::form_book::annotate::Annotation;
use crate::form_book::marks::SUMMARY_SHEET;
use crate::form_book::{BookError, Place};
use crate::limits::LISTED_ERRORS_MAX;

/// Name and width of the columns.
const COLUMNS: [(&str, u16); 7] =
    [("序号", 6), ("工作表", 18), ("单元格", 9), ("行", 26), ("栏目", 18), ("填报内容", 18), ("问题和处理办法", 70)];

/// Characters of what was typed that are shown: the rest stands in the cell itself.
const FOUND_CHARS_MAX: usize = 200;

struct Formats {
    title: Format,
    words: Format,
    head: Format,
    cell: Format,
    link: Format,
}

pub(crate) fn write_summary(
    sheet: &mut Worksheet,
    annotation: &Annotation<'_>,
    names: &HashMap<String, String>,
) -> Result<(), XlsxError> {
    sheet.set_name(SUMMARY_SHEET)?.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    for (column, (_, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    let formats = formats();
    sheet.write_string_with_format(0, 0, SUMMARY_SHEET, &formats.title)?;
    let mut row = 1;
    for words in counts(annotation) {
        sheet.write_string_with_format(row, 0, words, &formats.words)?;
        row += 1;
    }
    for (column, (name, _)) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(row, column, name, &formats.head)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?.set_repeat_rows(row, row)?;
    let mut errors: Vec<&BookError> = annotation.errors.iter().collect();
    let position = |error: &BookError| annotation.sheets.iter().position(|sheet| sheet.name == error.place.sheet);
    errors.sort_by_cached_key(|error| (position(error), error.place.cell, error.message.clone()));
    for (number, error) in (1_u32..).zip(errors.iter().take(LISTED_ERRORS_MAX)) {
        write_error(sheet, row + number, number, error, names, &formats)?;
    }
    let listed = u32::try_from(errors.len().min(LISTED_ERRORS_MAX)).unwrap_or(0);
    write_told(sheet, row + listed + 2, annotation.told, &formats)
}

fn counts(annotation: &Annotation<'_>) -> Vec<String> {
    let Annotation { errors, rows_taken, rows_left, .. } = annotation;
    if errors.is_empty() {
        return vec![format!("没有发现错误,已接收 {rows_taken} 行。")];
    }
    let mut words = vec![
        format!("已接收 {rows_taken} 行,有错未接收 {rows_left} 行,共有错误 {} 处。", errors.len()),
        "点击“单元格”可以跳到出错的地方。请改正涂红的单元格,保存后重新导入这个文件。".to_owned(),
        "要删去或移动整行整列的,请先在 Excel 或 WPS 的“审阅”中撤销工作表保护(没有密码)。".to_owned(),
    ];
    if errors.len() > LISTED_ERRORS_MAX {
        let rest = errors.len() - LISTED_ERRORS_MAX;
        words.push(format!("下面列出前 {LISTED_ERRORS_MAX} 处,其余 {rest} 处只涂红,改正后重新导入时再列出。"));
    }
    words
}

fn write_error(
    sheet: &mut Worksheet,
    row: u32,
    number: u32,
    error: &BookError,
    names: &HashMap<String, String>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let name = names.get(&error.place.sheet);
    sheet.write_number_with_format(row, 0, number, &formats.cell)?;
    sheet.write_string_with_format(row, 1, name.unwrap_or(&error.place.sheet), &formats.cell)?;
    match name.and_then(|name| link(name, &error.place)) {
        Some(link) => sheet.write_url_with_format(row, 2, link, &formats.link)?,
        None => sheet.write_string_with_format(row, 2, error.place.a1(), &formats.cell)?,
    };
    let found: String = error.found.chars().take(FOUND_CHARS_MAX).collect();
    for (column, text) in (3_u16..).zip([&error.row, &error.column, &found, &error.message]) {
        sheet.write_string_with_format(row, column, text, &formats.cell)?;
    }
    Ok(())
}

fn link(name: &str, place: &Place) -> Option<Url> {
    place.cell?;
    Some(Url::new(format!("internal:'{}'!{}", name.replace('\'', "''"), place.a1())).set_text(place.a1()))
}

fn write_told(sheet: &mut Worksheet, row: u32, told: &[CellError], formats: &Formats) -> Result<(), XlsxError> {
    if told.is_empty() {
        return Ok(());
    }
    sheet.write_string_with_format(row, 0, "没有读取的内容", &formats.head)?;
    for (row, one) in (row + 1..).zip(told.iter().take(LISTED_ERRORS_MAX)) {
        sheet.write_string_with_format(row, 0, one.to_string(), &formats.words)?;
    }
    Ok(())
}

fn formats() -> Formats {
    let body = || Format::new().set_font_name("宋体").set_font_size(10);
    let boxed = || body().set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap();
    Formats {
        title: body().set_font_name("微软雅黑").set_font_size(16).set_bold(),
        words: body(),
        head: boxed().set_bold().set_background_color(Color::RGB(0x00DD_E8F0)),
        cell: boxed(),
        link: boxed().set_font_color(Color::RGB(0x0005_63C1)).set_underline(FormatUnderline::Single),
    }
}
