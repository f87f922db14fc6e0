//! Days of the proleptic Gregorian calendar.

use super::{Period, Unit};
use std::fmt::Write;

/// 0001-01-01
pub const DAY_MIN: i32 = -719_162;
/// 9999-12-31
pub const DAY_MAX: i32 = 2_932_896;

/// Year, month and day of a day number.
pub fn civil(day: i32) -> (i64, i64, i64) {
    // Count from 0000-03-01, so that the leap day is the last day of a year; 400 years have 146,097 days.
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The day number of a year, month and day that exist.
pub fn to_days(year: i64, month: i64, day: i64) -> Option<i32> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).ok()
}

/// Has this year 366 days?
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// 28 to 31.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The ordinal of a day within its year, from 1.
pub fn day_of_year(day: i32) -> i64 {
    let (year, ..) = civil(day);
    to_days(year, 1, 1).map_or(0, |first| i64::from(day - first) + 1)
}

/// The ISO year and week of a day: those of the Thursday of its week.
pub fn iso_week(day: i32) -> (i64, i64) {
    let thursday = day - weekday(day) + 3;
    (civil(thursday).0, (day_of_year(thursday) - 1) / 7 + 1)
}

/// 0 is Monday.
pub(super) fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7) // 1970-01-01 was a Thursday
}

/// 52 or 53. December 28 is always in the last week of its year.
pub fn weeks_in_year(year: i64) -> i64 {
    to_days(year, 12, 28).map_or(52, |day| iso_week(day).1)
}

/// The same day of a later or earlier month; the last day of that month if it is shorter.
pub fn add_months(day: i32, months: i64) -> Option<i32> {
    let (year, month, of_month) = civil(day);
    let months = (year * 12 + month - 1).checked_add(months)?;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    to_days(year, month, of_month.min(days_in_month(year, month)))
}

/// The day `count` units later (`dateadd`).
pub fn shift_date(day: i32, count: i64, unit: Unit) -> Option<i32> {
    let days = |per_unit: i64| {
        let shifted = i64::from(day).checked_add(count.checked_mul(per_unit)?)?;
        i32::try_from(shifted).ok().filter(|day| (DAY_MIN..=DAY_MAX).contains(day))
    };
    match unit {
        Unit::Day => days(1),
        Unit::Week => days(7),
        Unit::Month => add_months(day, count),
        Unit::Quarter => add_months(day, count.checked_mul(3)?),
        Unit::Semester => add_months(day, count.checked_mul(6)?),
        Unit::Year => add_months(day, count.checked_mul(12)?),
    }
}

/// `2024-01-31` and nothing else.
pub fn parse_date(text: &str) -> Option<i32> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    to_days(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

/// A number of exactly this many digits.
pub(super) fn digits(text: &str, count: usize) -> Option<i64> {
    if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `2024-01-31`
pub fn date_text(day: i32) -> String {
    let mut text = String::with_capacity(10);
    write_date(&mut text, day);
    text
}

pub(crate) fn write_date(out: &mut String, day: i32) {
    let (year, month, day) = civil(day);
    let _ = write!(out, "{year:04}-{month:02}-{day:02}"); // writing to a text cannot fail
}

/// The first or last day of the period of this unit that holds a day (`time_agg`).
pub fn coarser_date(day: i32, unit: Unit, takes_last: bool) -> Option<i32> {
    let period = Period::of_day(day, unit)?;
    if takes_last { period.last_day() } else { period.first_day() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends_of_time_are_where_the_constants_say() {
        assert_eq!(date_text(DAY_MIN), "0001-01-01");
        assert_eq!(date_text(DAY_MAX), "9999-12-31");
        assert_eq!(shift_date(DAY_MAX, 1, Unit::Day), None);
        assert_eq!(shift_date(DAY_MAX, 1, Unit::Month), None);
        assert_eq!(shift_date(0, i64::MAX, Unit::Year), None);
    }

    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() {
        for (date, week) in [
            ("2020-12-31", (2020, 53)),
            ("2021-01-03", (2020, 53)),
            ("2021-01-04", (2021, 1)),
            ("2019-12-30", (2020, 1)),
            ("2016-01-01", (2015, 53)),
        ] {
            assert_eq!(iso_week(parse_date(date).unwrap()), week, "{date}");
        }
        assert_eq!((weeks_in_year(2020), weeks_in_year(2021)), (53, 52));
    }

    #[test]
    fn a_month_added_to_its_last_day_stays_within_the_next_month() {
        for (from, months, to) in
            [("2020-01-31", 1, "2020-02-29"), ("2021-01-31", 1, "2021-02-28"), ("2020-02-29", -12, "2019-02-28")]
        {
            assert_eq!(add_months(parse_date(from).unwrap(), months).map(date_text).as_deref(), Some(to));
        }
    }

    #[test]
    fn only_days_that_exist_are_read() {
        for text in
            ["2021-02-29", "2021-13-01", "2021-1-1", "20210101", "2021-01-01T00", "0000-01-01", "２０２１-01-01"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back_from_its_text(day in DAY_MIN..=DAY_MAX) {
            prop_assert_eq!(parse_date(&date_text(day)), Some(day));
            let (year, month, of_month) = civil(day);
            prop_assert_eq!(to_days(year, month, of_month), Some(day));
        }

        #[test]
        fn the_next_day_is_in_the_same_week_unless_it_is_a_monday(day in DAY_MIN..DAY_MAX) {
            prop_assert_eq!(iso_week(day) == iso_week(day + 1), weekday(day + 1) != 0);
        }
    }
}
