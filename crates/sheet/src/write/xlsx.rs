//! Workbooks, written row by row in constant memory. The same table gives the same bytes, whenever it is written.

use std::io::Write;

use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::error::SheetError;
use crate::limits::{COLUMNS_MAX, ROWS_MAX, SHEET_NAME_CHARS_MAX};
use crate::table::decimal_from_f64;
use crate::write::{CellOut, ColumnOut, Table};

/// Writes a table as a workbook of one sheet and returns how many rows it had, title and header not counted. The header
/// stays in view. A number that binary floating point would change is written as text, exactly.
pub fn write_xlsx<W: Write + Send, I: IntoIterator<Item = Vec<CellOut>>>(
    out: W,
    table: Table<I>,
) -> Result<u64, SheetError> {
    let columns = table.columns.len();
    if columns > COLUMNS_MAX {
        return Err(SheetError::limit("导出的列数", columns as u64, COLUMNS_MAX as u64));
    }
    let mut workbook = Workbook::new();
    let written_on = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refuse)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&written_on));
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(refuse)?;
    sheet.set_name(sheet_name(&table.title)).map_err(refuse)?;
    let first = write_head(sheet, &table.title, &table.columns).map_err(refuse)?;
    let formats = Formats::new();
    let mut count = 0_u32;
    for row in table.rows {
        let at = first + count;
        if at as usize >= ROWS_MAX {
            return Err(SheetError::limit("导出到一张工作表的行数", u64::from(at) + 1, ROWS_MAX as u64));
        }
        count += 1;
        verify_width(u64::from(count), row.len(), columns)?;
        for (column, cell) in (0_u16..).zip(&row) {
            formats.write(sheet, at, column, cell).map_err(refuse)?;
        }
    }
    workbook.save_to_writer(out).map_err(refuse)?;
    Ok(u64::from(count))
}

/// A row with more or fewer cells than columns is a mistake of the caller that must not reach a reader.
pub(crate) fn verify_width(row: u64, found: usize, expected: usize) -> Result<(), SheetError> {
    if found == expected {
        return Ok(());
    }
    Err(SheetError::Unwritable {
        what: format!("导出的第 {row} 行有 {found} 个单元格,表头有 {expected} 列"),
        way_out: "这是程序错误,请联系技术支持。".to_owned(),
    })
}

/// Title, header and widths; returns the row at which the data begin.
fn write_head(sheet: &mut Worksheet, title: &str, columns: &[ColumnOut]) -> Result<u32, XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00DD_E8F0))
        .set_border(FormatBorder::Thin);
    for (column, out) in (0_u16..).zip(columns) {
        let width = usize::from(out.width).max(width_of(&out.name) + 2).min(WIDTH_MAX);
        sheet.set_column_width(column, u8::try_from(width).unwrap_or(u8::MAX))?;
    }
    let mut row = 0;
    if !title.is_empty() {
        sheet.write_string_with_format(row, 0, title, &Format::new().set_bold().set_font_size(14))?;
        row += 1;
    }
    for (column, out) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(row, column, &out.name, &head)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    Ok(row + 1)
}

/// The widest column that Excel allows.
const WIDTH_MAX: usize = 255;

/// Latin characters take one place, Chinese ones two.
fn width_of(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Excel refuses some characters in the name of a sheet, and more than 31 of any kind.
pub(crate) fn sheet_name(title: &str) -> String {
    let clean = |c: char| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() { ' ' } else { c };
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= SHEET_NAME_CHARS_MAX
    };
    let name: String = title.chars().map(clean).take_while(fits).collect();
    match name.trim_matches([' ', '\'']) {
        "" => "数据".to_owned(),
        name => name.to_owned(),
    }
}

/// Formats by decimal places, made once.
struct Formats {
    numbers: Vec<Format>,
    date: Format,
    moment: Format,
}

impl Formats {
    fn new() -> Formats {
        let number = |places: usize| {
            let fraction = if places == 0 { String::new() } else { format!(".{}", "0".repeat(places)) };
            Format::new().set_num_format(format!("#,##0{fraction}"))
        };
        Formats {
            numbers: (0..=28).map(number).collect(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }

    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: &CellOut) -> Result<(), XlsxError> {
        match cell {
            CellOut::Empty => {}
            CellOut::Text(text) => {
                sheet.write_string(row, column, text)?;
            }
            CellOut::Number(number) => match (faithful_f64(number), self.numbers.get(number.scale() as usize)) {
                (Some(binary), Some(format)) => {
                    sheet.write_number_with_format(row, column, binary, format)?;
                }
                _ => {
                    sheet.write_string(row, column, number.to_string())?;
                }
            },
            CellOut::Date(moment) => match excel_date(moment) {
                Some(date) => {
                    let format = if moment.time() == NaiveTime::MIN { &self.date } else { &self.moment };
                    sheet.write_datetime_with_format(row, column, &date, format)?;
                }
                None => {
                    sheet.write_string(row, column, moment.to_string())?;
                }
            },
        }
        Ok(())
    }
}

/// The binary number from which reading gives back the same decimal, if there is one.
pub(crate) fn faithful_f64(number: &Decimal) -> Option<f64> {
    let binary: f64 = number.to_string().parse().ok()?;
    (decimal_from_f64(binary)? == *number).then_some(binary)
}

/// Excel knows no dates before 1900.
pub(crate) fn excel_date(moment: &NaiveDateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(moment.year()).ok()?;
    let month = u8::try_from(moment.month()).ok()?;
    let day = u8::try_from(moment.day()).ok()?;
    let hour = u16::try_from(moment.hour()).ok()?;
    let minute = u8::try_from(moment.minute()).ok()?;
    ExcelDateTime::from_ymd(year, month, day).ok()?.and_hms(hour, minute, moment.second()).ok()
}

pub(crate) fn refuse(error: XlsxError) -> SheetError {
    match error {
        XlsxError::MaxStringLengthExceeded => SheetError::Unwritable {
            what: "有一个单元格的文字超过 Excel 的上限 32,767 个字符".to_owned(),
            way_out: "请改为导出 csv 文件,或者缩短这段文字。".to_owned(),
        },
        XlsxError::IoError(error) => error.into(),
        other => SheetError::Unwritable {
            what: format!("写入工作簿时出错({other})"),
            way_out: "请重试;仍然出错的,请改为导出 csv 文件。".to_owned(),
        },
    }
}
