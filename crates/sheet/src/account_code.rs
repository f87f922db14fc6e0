//! Account codes 科目编码: 4-2-2 digits and their like, with or without separators.

use rust_decimal::Decimal;

use crate::table::Cell;

/// A code as printed, cut at its separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub printed: String,
    pub segments: Vec<String>,
}

/// A first-level account has three digits (before 2001) or four.
const CHARS_MIN: usize = 3;

impl Code {
    /// The code without separators.
    pub fn account(&self) -> String {
        self.segments.concat()
    }
}

/// What stands in the column of codes.
pub(crate) enum Reading {
    Code(Code),
    /// Text that is no code: a total, a note, a title.
    Words(String),
    /// A code that has lost something, with the reason.
    Lost(String),
}

pub(crate) fn read(cell: &Cell) -> Reading {
    match cell {
        Cell::Number(number) if *number != number.trunc() || *number < Decimal::ZERO => {
            Reading::Lost(format!("是数字 {number},无法区分 1002.1 与 1002.10。请把这一列设为文本格式后重新导出。"))
        }
        Cell::Date(_) => Reading::Lost(format!("变成了日期 {}。请把这一列设为文本格式后重新导出。", cell.text())),
        Cell::Error(error) => Reading::Lost(format!("的公式出错,显示为“{error}”。请改为科目编码。")),
        _ => {
            let text = cell.text();
            parse(&text).map_or_else(|| Reading::Words(text.trim().to_owned()), Reading::Code)
        }
    }
}

/// Digits and letters, cut by `.`, `-`, `_`, `/` or `\`; the first character is a digit.
pub(crate) fn parse(text: &str) -> Option<Code> {
    let text = youju_codes::normalise(text);
    let segments: Vec<String> = text.split(['.', '-', '_', '/', '\\']).map(str::to_owned).collect();
    let is_plain = |segment: &String| !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_alphanumeric());
    let chars: usize = segments.iter().map(String::len).sum();
    let is_code = segments.iter().all(is_plain) && chars >= CHARS_MIN && text.starts_with(|c: char| c.is_ascii_digit());
    is_code.then_some(Code { printed: text, segments })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_removed_but_remembered() {
        for (printed, account, segments) in [
            ("1002", "1002", 1),
            ("1002001001", "1002001001", 1),
            ("1002.01.03", "10020103", 3),
            (" ２２２１-01 ", "222101", 2),
            ("1122.c001", "1122C001", 2),
        ] {
            let code = parse(printed).unwrap();
            assert_eq!((code.account().as_str(), code.segments.len()), (account, segments), "{printed}");
        }
    }

    #[test]
    fn words_are_no_codes() {
        for text in ["合计", "", "资产小计", "1002..01", "制表人", "A001", "12"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_that_excel_took_for_a_number_is_refused_when_it_may_have_lost_a_zero() {
        assert!(matches!(read(&Cell::Number(Decimal::new(10021, 1))), Reading::Lost(_)));
        assert!(matches!(read(&Cell::Number(Decimal::new(1002, 0))), Reading::Code(_)));
    }
}
