//! The ways in which people and systems write a period, read into one canonical value.

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::period::Period;
use crate::text::normalise;

const HINT: &str = "可写成 2026-03、2026年1—2月、2026-Q1、2026年上半年或 2026";

impl Period {
    /// Reads a period: `2026-03`, `2026M03`, `2026-M03`, `202603`, `2026年3月`; `2026-01~02`, `2026年1—2月`; `2026Q1`,
    /// `2026-Q1`, `2026年1季度`, `2026年一季度`; `2026-S1`, `2026H1`, `2026年上半年`; `2026`, `2026-A1`, `2026年`.
    pub fn parse(text: &str) -> Result<Period, CodeError> {
        let text: String = normalise(text).chars().map(one_range_mark).collect();
        if text.is_empty() {
            return Err(CodeError::empty(Subject::Period, HINT));
        }
        let foreign = text.chars().take(4).position(|c| !c.is_ascii_digit());
        if let Some(index) = foreign.or_else(|| (text.len() < 4).then_some(text.len())) {
            return Err(refuse(&text, "前四位应为年份").at(index + 1));
        }
        let (year, rest) = text.split_at_checked(4).unwrap_or((&text, ""));
        let year: i32 = year.parse().map_err(|_| refuse(&text, "前四位应为年份").at(1))?;
        let parsed = match rest.strip_prefix('年') {
            Some(rest) => chinese(year, rest),
            None => compact(year, rest),
        };
        match parsed {
            Some(period) => {
                period.map_err(|error| CodeError { text: text.clone(), position: place(&text, year), ..error })
            }
            None if is_other_range(rest) => {
                Err(refuse(&text, "合并的月份只有 1—2 月;累计数请填末月,例如 1—3 月的累计填 2026-03").at(5))
            }
            None => Err(refuse(&text, "年份后面的写法无法识别").at(5)),
        }
    }
}

/// What follows the year in `2026年…`.
fn chinese(year: i32, rest: &str) -> Option<Result<Period, CodeError>> {
    match rest {
        "" | "度" | "全年" => return Some(Period::of_year(year)),
        "上半年" => return Some(Period::of_half(year, 1)),
        "下半年" => return Some(Period::of_half(year, 2)),
        _ => {}
    }
    if let Some(quarter) = rest.strip_suffix("季度") {
        return Some(Period::of_quarter(year, quarter_number(quarter.strip_prefix('第').unwrap_or(quarter))?));
    }
    let months = rest.strip_suffix('月')?;
    match months.split_once(['-', '~']) {
        Some((first, last)) => jan_feb(year, first.trim_end_matches('月'), last.trim_start_matches('~')),
        None => Some(Period::of_month(year, number(months, 2)?)),
    }
}

/// What follows the year in `2026-Q1`, `2026M03`, `202603` and their like.
fn compact(year: i32, rest: &str) -> Option<Result<Period, CodeError>> {
    let (has_hyphen, part) = rest.strip_prefix('-').map_or((false, rest), |part| (true, part));
    if let Some((first, last)) = part.split_once('~').filter(|_| has_hyphen) {
        return jan_feb(year, first, last);
    }
    let mut chars = part.chars();
    match chars.next() {
        None if has_hyphen => None,
        None => Some(Period::of_year(year)),
        Some('M') => Some(Period::of_month(year, number(chars.as_str(), 2)?)),
        Some('Q') => Some(Period::of_quarter(year, number(chars.as_str(), 1)?)),
        Some('S' | 'H') => Some(Period::of_half(year, number(chars.as_str(), 1)?)),
        Some('A') => (chars.as_str() == "1").then(|| Period::of_year(year)),
        // `20263` could be a slip of the finger; `2026-3` could not.
        Some(_) if has_hyphen || part.len() == 2 => Some(Period::of_month(year, number(part, 2)?)),
        Some(_) => None,
    }
}

fn jan_feb(year: i32, first: &str, last: &str) -> Option<Result<Period, CodeError>> {
    let is_jan_feb = (number(first, 2), number(last, 2)) == (Some(1), Some(2));
    is_jan_feb.then(|| Period::of_jan_feb(year))
}

/// Digits only: `u8::from_str` alone would also take a plus sign.
fn number(text: &str, digits_max: usize) -> Option<u8> {
    let is_number = text.len() <= digits_max && text.bytes().all(|b| b.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

fn quarter_number(text: &str) -> Option<u8> {
    match text {
        "一" => Some(1),
        "二" => Some(2),
        "三" => Some(3),
        "四" => Some(4),
        other => number(other, 1),
    }
}

/// Dashes and waves of all kinds, and 至, mark a range; the plain hyphen keeps both its uses.
fn one_range_mark(c: char) -> char {
    match c {
        '—' | '–' | '―' | '−' | '〜' | '∼' | '至' => '~',
        other => other,
    }
}

fn is_other_range(rest: &str) -> bool {
    rest.contains('~') || rest.strip_prefix('年').is_some_and(|months| months.contains('-'))
}

/// Where a number out of its range stands: a year at 1, a month or quarter at its first digit.
fn place(text: &str, year: i32) -> Option<usize> {
    if Period::of_year(year).is_err() {
        return Some(1);
    }
    text.chars().skip(4).position(|c| c.is_ascii_digit()).map(|index| index + 5)
}

fn refuse(text: &str, reason: &str) -> CodeError {
    CodeError::new(Subject::Period, CodeErrorKind::Structure, text, reason.to_owned(), HINT)
}
