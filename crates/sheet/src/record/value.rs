//! What stands in the cells of records: words, days, codes of accounts, sides, exact numbers. A cell that is not what its
//! column should hold is refused with a sentence; nothing is guessed.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::kind::ValueKind;
use crate::account_code::{self, Reading};
use crate::table::Cell;

/// Value 值 of a field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing stands there. It is not zero.
    #[default]
    Empty,
    /// Words.
    Text(String),
    /// An exact number.
    Number(Decimal),
    /// A day.
    Date(NaiveDate),
    /// The code of an account.
    Account {
        /// As printed: `1002.01`.
        printed: String,
        /// Without separators: `100201`.
        account: String,
    },
}

impl Value {
    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        *self == Value::Empty
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The words; codes of accounts as printed.
    pub fn text(&self) -> &str {
        match self {
            Value::Text(text) | Value::Account { printed: text, .. } => text,
            _ => "",
        }
    }
}

/// Amounts in Excel that a formula gave carry binary dust; nothing is counted beyond this decimal place.
const NUMBER_PLACES: u32 = 8;
/// No figure of an enterprise reaches this; sums of a million of them still fit into an exact number.
const NUMBER_MAX: u64 = 10_000_000_000_000_000_000;

/// Reads a cell as what its column holds. The refusal is a sentence without a subject.
pub(super) fn read(cell: &Cell, kind: ValueKind) -> Result<Value, String> {
    if cell.is_empty() {
        return Ok(Value::Empty);
    }
    match kind {
        ValueKind::Amount | ValueKind::Quantity | ValueKind::Number => number(cell),
        ValueKind::Date => date(cell),
        ValueKind::Account => account(cell),
        ValueKind::Direction => direction(cell),
        ValueKind::Text => match cell {
            Cell::Error(code) => Err(format!("的公式出错,显示为“{code}”。请改正公式,或直接填写内容。")),
            _ => Ok(Value::Text(cell.text().trim().to_owned())),
        },
    }
}

fn number(cell: &Cell) -> Result<Value, String> {
    let number = match cell {
        Cell::Number(number) => Some(number.round_dp(NUMBER_PLACES)),
        _ => cell.number()?,
    };
    match number {
        Some(number) if number.abs() > Decimal::from(NUMBER_MAX) => {
            Err(format!("的数字 {} 过大。请核对。", youju_codes::format_number(&number)))
        }
        number => Ok(number.map_or(Value::Empty, Value::Number)),
    }
}

fn account(cell: &Cell) -> Result<Value, String> {
    match account_code::read(cell) {
        Reading::Code(code) => Ok(Value::Account { account: code.account(), printed: code.printed }),
        Reading::Lost(reason) => Err(reason),
        Reading::Words(words) => Err(format!("应为科目编码,现为“{words}”。请改为数字编码,例如 1002 或 1002.01。")),
    }
}

fn direction(cell: &Cell) -> Result<Value, String> {
    let text = youju_codes::normalise(&cell.text());
    let side = match text.as_str() {
        "借" | "借方" | "D" | "DR" => "借",
        "贷" | "贷方" | "C" | "CR" => "贷",
        "收" | "收入" | "转入" | "来账" | "存" | "存入" => "收",
        "支" | "支出" | "转出" | "往账" | "取" | "支取" => "支",
        "平" => "平",
        _ => return Err(format!("应为“借”或“贷”,现为“{}”。请改正。", cell.text())),
    };
    Ok(Value::Text(side.to_owned()))
}

fn date(cell: &Cell) -> Result<Value, String> {
    let text = cell.text();
    let day = match cell {
        Cell::Date(moment) => Some(moment.date()),
        _ => day(&text),
    };
    let serial = matches!(cell, Cell::Number(_)) && day.is_none();
    let hint = if serial {
        "请把这一列设为日期格式后重新导出。"
    } else {
        "请改为 2026-03-31 这样的日期。"
    };
    day.map(Value::Date).ok_or_else(|| format!("应为日期,现为“{text}”。{hint}"))
}

/// `2026-03-31`, `2026/3/31`, `2026.3.31`, `2026年3月31日`, `20260331`, with or without a time behind it.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().split([' ', 'T', '\u{3000}']).next()?;
    let text = youju_codes::normalise(text);
    let text = text.trim_end_matches('日');
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else {
        text.split(['-', '/', '.', '年', '月']).collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    let is_plain = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || ![*year, *month, *day].iter().all(is_plain) {
        return None;
    }
    let year: i32 = year.parse().ok().filter(|year| (1949..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Whether a cell holds a figure rather than a name: a number, a day, a code.
pub(super) fn is_figure(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Number(_) | Cell::Date(_) | Cell::Bool(_) | Cell::Error(_) => true,
        Cell::Text(text) => {
            matches!(cell.number(), Ok(Some(_))) || day(text).is_some() || account_code::parse(text).is_some()
        }
    }
}

/// How well a column holds what is wanted: how many of its filled cells there are, and how many of them fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fit {
    pub filled: usize,
    pub fitting: usize,
}

impl Fit {
    /// How well some cells fit a kind.
    pub fn of<'a>(cells: impl Iterator<Item = &'a Cell>, kind: ValueKind) -> Fit {
        let mut fit = Fit::default();
        for cell in cells.filter(|cell| !cell.is_empty()) {
            fit.filled += 1;
            fit.fitting += usize::from(read(cell, kind).is_ok());
        }
        fit
    }

    /// Whether at least so many of a hundred fit; so they do where nothing stands.
    pub fn reaches(self, percent: usize) -> bool {
        self.fitting * 100 >= self.filled * percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_programs_print_them() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        for text in
            ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "2026-03-01 10:20:30", "２０２６-3-1"]
        {
            assert_eq!(read(&Cell::from_text(text), ValueKind::Date), Ok(Value::Date(day)), "{text}");
        }
        assert_eq!(read(&Cell::Date(day.and_time(chrono::NaiveTime::MIN)), ValueKind::Date), Ok(Value::Date(day)));
        for text in ["2026-02-30", "2026-03", "3月1日", "昨天", "1.2", "2026-3-1-2"] {
            let refusal = read(&Cell::from_text(text), ValueKind::Date).unwrap_err();
            assert_eq!(refusal, format!("应为日期,现为“{text}”。请改为 2026-03-31 这样的日期。"));
        }
        let serial = read(&Cell::Number(Decimal::from(43_959)), ValueKind::Date).unwrap_err();
        assert_eq!(serial, "应为日期,现为“43959”。请把这一列设为日期格式后重新导出。");
    }

    #[test]
    fn nothing_is_nothing_in_every_kind_of_column() {
        for kind in [ValueKind::Text, ValueKind::Date, ValueKind::Account, ValueKind::Direction, ValueKind::Amount] {
            assert_eq!(read(&Cell::Empty, kind), Ok(Value::Empty), "{kind:?}");
        }
    }
}
