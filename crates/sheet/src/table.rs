//! Tables as they are read: sheets of cells, before anybody has said what the columns mean.

use std::borrow::Cow;
use std::fmt;

use chrono::{NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

/// Sheet 工作表 — the rows of one sheet of a workbook, or of one CSV file.
///
/// `rows[0]` is row 1 of Excel, also when it is blank. Rows may differ in length: what is not there is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// The name on the tab; for CSV the name of the file without its ending.
    pub name: String,
    /// Whether the sheet is hidden 隐藏 in the workbook, however deep. Who opens the file does not see it, so nothing may be
    /// taken from it unasked.
    pub is_hidden: bool,
    /// The cells, row by row.
    pub rows: Vec<Vec<Cell>>,
    /// Ranges whose text stands in their top-left cell only. Headers are read through them.
    pub merged: Vec<Merged>,
}

/// Merged range 合并单元格 — zero-based, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row.
    pub first_row: usize,
    /// First column.
    pub first_column: usize,
    /// Last row.
    pub last_row: usize,
    /// Last column.
    pub last_column: usize,
}

/// Cell 单元格 — what a cell holds, exactly.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing, or blanks only.
    #[default]
    Empty,
    /// Text; in CSV everything is text.
    Text(String),
    /// A number, exact.
    Number(Decimal),
    /// A date, at midnight unless a time of day is given.
    Date(NaiveDateTime),
    /// 是 or 否.
    Bool(bool),
    /// A formula that failed, as Excel shows it: `#DIV/0!`.
    Error(String),
}

static EMPTY: Cell = Cell::Empty;

impl Sheet {
    /// The cell at a zero-based place; empty beyond the end of its row or of the sheet.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&EMPTY)
    }

    /// How many columns the widest row has.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }
}

impl Cell {
    /// Text with surrounding blanks removed; blanks only are an empty cell.
    pub fn from_text(text: &str) -> Cell {
        match text.trim() {
            "" => Cell::Empty,
            trimmed => Cell::Text(trimmed.to_owned()),
        }
    }

    /// An Excel number. Excel stores numbers in binary; the decimal number that was meant is the shortest one that gives
    /// the same binary value, cut to the 15 digits that Excel itself keeps (1.1 + 2.2 is stored as 3.3000000000000003).
    /// What no exact number can hold stays text.
    pub fn from_f64(number: f64) -> Cell {
        match decimal_from_f64(number) {
            Some(decimal) => Cell::Number(decimal),
            None => Cell::Text(number.to_string()),
        }
    }

    /// Whether nothing stands here.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }

    /// The text of the cell as a person reads it; empty when nothing stands here.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Error(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Bool(value) => Cow::Borrowed(if *value { "是" } else { "否" }),
            Cell::Date(moment) if moment.time() == NaiveTime::MIN => Cow::Owned(moment.date().to_string()),
            Cell::Date(moment) => Cow::Owned(moment.format("%Y-%m-%d %H:%M:%S").to_string()),
        }
    }

    /// The number in the cell: `Ok(None)` when nothing stands here, `Err` with a sentence without a subject
    /// (`应为数字,现为“12万”。`) when something else does. A lone dash is Excel's accounting format for zero.
    pub fn number(&self) -> Result<Option<Decimal>, String> {
        match self {
            Cell::Empty => Ok(None),
            Cell::Number(number) => Ok(Some(*number)),
            Cell::Text(text) => number_from_text(text),
            Cell::Error(code) => Err(format!("的公式出错,显示为“{code}”。请改正公式,或直接填写数字。")),
            Cell::Date(_) | Cell::Bool(_) => Err(format!("应为数字,现为“{}”。请改为数字。", self.text())),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

fn number_from_text(text: &str) -> Result<Option<Decimal>, String> {
    let amount = text.trim().trim_start_matches(['¥', '￥']).trim();
    match amount {
        "" => Ok(None),
        "-" | "－" | "–" | "—" | "−" => Ok(Some(Decimal::ZERO)),
        _ => youju_codes::parse_number(amount).map(Some).map_err(|refusal| {
            format!("应为数字,现为“{text}”:{}。{}。", refusal.reason, refusal.hint.trim_end_matches('。'))
        }),
    }
}

/// Digits that Excel keeps of a number.
const EXCEL_DIGITS: usize = 15;

/// See [`Cell::from_f64`]. The result, turned into binary again, is what Excel would store.
pub(crate) fn decimal_from_f64(number: f64) -> Option<Decimal> {
    let shortest = format!("{number:e}");
    let digits = shortest.split('e').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    let kept = if digits > EXCEL_DIGITS { format!("{number:.*e}", EXCEL_DIGITS - 1) } else { shortest };
    match Decimal::from_scientific(&kept) {
        Ok(decimal) => Some(decimal.normalize()),
        // The dust of a binary subtraction (5.55e-17) has more decimals than fit: rounded at the 27th.
        Err(_) if number.abs() < 1.0 => format!("{number:.27}").parse::<Decimal>().ok().map(|d| d.normalize()),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excel_number_is_the_decimal_that_was_typed() {
        for (binary, exact) in [
            (0.1, "0.1"),
            (1.1 + 2.2, "3.3"),
            (9_144_770_400.21, "9144770400.21"),
            (1_234_567_890_123.0, "1234567890123"),
            (-0.0, "0"),
            (1e20, "100000000000000000000"),
            (0.1 + 0.2 - 0.3, "0.000000000000000055511151231"),
        ] {
            assert_eq!(Cell::from_f64(binary).text(), exact);
        }
    }

    #[test]
    fn a_number_beyond_28_digits_stays_text_and_is_refused_as_a_number() {
        assert!(matches!(Cell::from_f64(1e300), Cell::Text(_)));
        assert!(matches!(Cell::from_f64(f64::NAN), Cell::Text(_)));
        assert!(Cell::from_f64(1e300).number().is_err());
    }

    #[test]
    fn nothing_is_not_zero_but_the_accounting_dash_is() {
        assert_eq!(Cell::Empty.number(), Ok(None));
        assert_eq!(Cell::from_text("  ").number(), Ok(None));
        assert_eq!(Cell::from_text(" -  ").number(), Ok(Some(Decimal::ZERO)));
        assert_eq!(Cell::from_text("￥1,234.50").number(), Ok(Some(Decimal::new(123_450, 2))));
    }

    #[test]
    fn text_in_a_number_cell_is_named() {
        let refusal = Cell::from_text("12万").number().unwrap_err();
        assert!(refusal.starts_with("应为数字,现为“12万”"), "{refusal}");
        let refusal = Cell::Error("#DIV/0!".into()).number().unwrap_err();
        assert!(refusal.contains("#DIV/0!"), "{refusal}");
    }
}
