//! Working days 工作日 by the public notices of the General Office of the State Council (`codes/holidays.csv`): which days are off, and
//! which Saturdays and Sundays are worked instead. Of a year whose notice is not out yet, only Saturdays and Sundays are off.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Weekday};

/// A day that differs from the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Special {
    is_off: bool,
    notice: &'static str,
}

/// True when offices work on a day.
pub fn is_working_day(date: NaiveDate) -> bool {
    match specials().get(&date) {
        Some(special) => !special.is_off,
        None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// The `n`th working day after a day, which itself does not count, as terms of law are counted. None after it is the day itself.
pub fn working_days_after(date: NaiveDate, n: u32) -> NaiveDate {
    let mut last = date;
    let mut left = n;
    for day in date.iter_days().skip(1) {
        if left == 0 {
            break;
        }
        if is_working_day(day) {
            left -= 1;
            last = day;
        }
    }
    last
}

/// How many working days lie between two days: those after the first one, up to and with the second. None when it is not later.
pub fn working_days_between(from: NaiveDate, to: NaiveDate) -> u32 {
    let days = from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| is_working_day(*day)).count();
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// The notice that arranges a year's holidays; none where it is not out yet, or not in the list.
pub fn notice(year: i32) -> Option<&'static str> {
    let (from, to) = (NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?);
    specials().range(from..=to).map(|(_, special)| special.notice).next()
}

/// What has to be said beside a term that ends on a day whose year is not arranged yet.
pub fn caveat(until: NaiveDate) -> Option<String> {
    let year = until.year();
    notice(year).is_none().then(|| format!("{year} 年的放假安排还没有公布或没有收录,这一年只扣除周六、周日。"))
}

fn specials() -> &'static BTreeMap<NaiveDate, Special> {
    static LIST: OnceLock<BTreeMap<NaiveDate, Special>> = OnceLock::new();
    LIST.get_or_init(|| {
        let lines = include_str!("../../../codes/holidays.csv").lines().skip(1);
        lines.filter_map(read_line).flatten().collect()
    })
}

fn read_line(line: &'static str) -> Option<impl Iterator<Item = (NaiveDate, Special)>> {
    let mut parts = line.split(',');
    let (notice, kind, _name) = (parts.next()?, parts.next()?, parts.next()?);
    let (from, to): (NaiveDate, NaiveDate) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let special = Special { is_off: kind == "off", notice };
    Some(from.iter_days().take_while(move |day| *day <= to).map(move |day| (day, special)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_notices_is_read() {
        let lines = include_str!("../../../codes/holidays.csv").lines().skip(1);
        let days: usize = lines.map(|line| read_line(line).expect(line).count()).sum();
        // No day stands twice. 2024: 28 off, 8 worked instead; 2025: 28 and 5; 2026: 33 and 6.
        assert_eq!((days, specials().len()), (108, 108));
        for (day, special) in specials() {
            let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            assert!(special.is_off || is_weekend, "{day} is worked anyway");
        }
    }
}
