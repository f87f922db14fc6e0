//! Telephone numbers, persons, industries and days as lists have them. 0 and the empty text say "nothing there".

use chrono::{Datelike, NaiveDate};
use youju_codes::Industry;

use crate::text::{folded, is_blank};

/// A telephone number as digits: a mobile number whole, a fixed one with its area code when it has one, extensions left out.
///
/// ```
/// use youju_linkage::phone;
/// assert_eq!(phone("+86 138-0579-1234"), 13_805_791_234);
/// assert_eq!(phone("（0579）8888 6666转801"), phone("057988886666"));
/// ```
pub fn phone(text: &str) -> u64 {
    let folded = folded(text);
    let one = folded.split(|c| matches!(c, '转' | '/' | ';' | ',' | '、' | '#' | '*')).next().unwrap_or_default();
    let digits: String = one.iter().filter(|c| c.is_ascii_digit()).collect();
    let digits = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11))
        .unwrap_or(&digits);
    let digits = digits.trim_start_matches('0');
    let is_one_figure = digits.bytes().all(|b| Some(b) == digits.bytes().next());
    match digits.len() {
        7..=12 if !is_one_figure => digits.parse().unwrap_or(0),
        _ => 0,
    }
}

/// A person's name without titles and marks.
pub fn person(text: &str) -> String {
    let folded = folded(text);
    if is_blank(&folded) {
        return String::new();
    }
    let name: String = folded.into_iter().take_while(|c| *c != '(').filter(|c| c.is_alphanumeric()).collect();
    let short = ["先生", "女士", "经理", "同志"].into_iter().find_map(|title| name.strip_suffix(title));
    short.filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned()
}

/// An industry by GB/T 4754 as a number of four digits (1810 class, 1800 division), 0 for none. A section's letter before it may be there.
pub fn industry(text: &str) -> u16 {
    let folded = folded(text);
    let digits: String =
        folded.iter().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit()).take(4).collect();
    if Industry::parse(&digits).is_err() {
        return 0;
    }
    format!("{digits:0<4}").parse().unwrap_or(0)
}

/// A day as the number of days of the common era, 0 for none: 2004-12-15, 2004年12月15日, 20041215, 2004/12/15 with or without a time.
pub fn date(text: &str) -> i32 {
    let figures = |piece: &str| -> Vec<String> {
        let piece: String = folded(piece).into_iter().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
        piece.split_whitespace().map(str::to_owned).collect()
    };
    let runs: Vec<String> = text.split_whitespace().flat_map(figures).collect();
    let number = |text: &str| text.parse::<u32>().ok();
    let parts = match runs.as_slice() {
        [whole, ..] if whole.len() >= 8 && runs.len() <= 3 => {
            [whole.get(..4).and_then(number), whole.get(4..6).and_then(number), whole.get(6..8).and_then(number)]
        }
        [year, month, day, ..] if year.len() == 4 => [number(year), number(month), number(day)],
        _ => return 0,
    };
    let [Some(year), Some(month), Some(day)] = parts else { return 0 };
    let is_plausible = (1900..2200).contains(&year);
    let day = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    day.filter(|_| is_plausible).map_or(0, |day| day.num_days_from_ce())
}

/// The day of such a number.
pub(crate) fn day(days: i32) -> Option<NaiveDate> {
    if days == 0 { None } else { NaiveDate::from_num_days_from_ce_opt(days) }
}

/// Whether two days are one day mistyped: a month apart at most, month and day changed places, or one year more or less.
pub(crate) fn nearly_same_day(a: i32, b: i32) -> bool {
    const APART_MAX: u32 = 31; // days between application and entry
    if a.abs_diff(b) <= APART_MAX {
        return true;
    }
    let (Some(a), Some(b)) = (day(a), day(b)) else { return false };
    let exchanged = a.year() == b.year() && a.month() == b.day() && a.day() == b.month();
    let year_off = a.year().abs_diff(b.year()) == 1 && (a.month(), a.day()) == (b.month(), b.day());
    exchanged || year_off
}
