//! Durations: the six units of periods, and years or months with days.

use std::cmp::Ordering;
use std::fmt;

/// Unit 时间单位 — how long a period is, from the shortest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// `D` 日
    Day,
    /// `W` 周
    Week,
    /// `M` 月
    Month,
    /// `Q` 季
    Quarter,
    /// `S` 半年
    Semester,
    /// `A` 年
    Year,
}

impl Unit {
    /// Every unit with its letter and its ISO 8601 form.
    pub const ALL: [(Unit, char, &'static str); 6] = [
        (Unit::Day, 'D', "P1D"),
        (Unit::Week, 'W', "P1W"),
        (Unit::Month, 'M', "P1M"),
        (Unit::Quarter, 'Q', "P3M"),
        (Unit::Semester, 'S', "P6M"),
        (Unit::Year, 'A', "P1Y"),
    ];

    /// The letter, as in `2020Q1`.
    pub fn letter(self) -> char {
        Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or('D', |(_, letter, _)| *letter)
    }

    /// As ISO 8601 writes it.
    pub fn iso(self) -> &'static str {
        Self::ALL.iter().find(|(unit, ..)| *unit == self).map_or("", |(.., iso)| iso)
    }

    /// A unit by its letter; `Y` is a year and `H` a half of it too, as both are found in the manuals.
    pub fn parse(text: &str) -> Option<Unit> {
        let mut letters = text.chars();
        let letter = match (letters.next()?, letters.next()) {
            ('Y', None) => 'A',
            ('H', None) => 'S',
            (letter, None) => letter,
            _ => return None,
        };
        Self::ALL.iter().find(|(_, known, _)| *known == letter).map(|(unit, ..)| *unit)
    }
}

/// Duration 时长. Two durations of different forms are neither equal nor different: how many days a month has depends
/// on the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duration {
    /// One unit, written by its letter.
    Unit(Unit),
    /// `P1Y57D`, where a year counts 365 days; fewer than 365 of them beside the years.
    Years(u32, u32),
    /// `P4M26D`, where a month counts 30 days; fewer than 30 of them beside the months.
    Months(u32, u32),
}

impl Duration {
    /// Years and days of a number of days (`daytoyear`).
    pub fn years_of(days: u32) -> Duration {
        Duration::Years(days / 365, days % 365)
    }

    /// Months and days of a number of days (`daytomonth`).
    pub fn months_of(days: u32) -> Duration {
        Duration::Months(days / 30, days % 30)
    }

    /// The number of days of years and days (`yeartoday`); one unit must be a year.
    pub fn year_days(self) -> Option<u64> {
        match self {
            Duration::Unit(Unit::Year) => Some(365),
            Duration::Years(years, days) => Some(u64::from(years) * 365 + u64::from(days)),
            _ => None,
        }
    }

    /// The number of days of months and days (`monthtoday`); one unit must be whole months within a year.
    pub fn month_days(self) -> Option<u64> {
        match self {
            Duration::Unit(Unit::Month) => Some(30),
            Duration::Unit(Unit::Quarter) => Some(90),
            Duration::Unit(Unit::Semester) => Some(180),
            Duration::Months(months, days) => Some(u64::from(months) * 30 + u64::from(days)),
            _ => None,
        }
    }

    /// The order within one form; `None` between two forms.
    pub fn compare(self, other: Duration) -> Option<Ordering> {
        let alike = std::mem::discriminant(&self) == std::mem::discriminant(&other);
        alike.then(|| self.rank().cmp(&other.rank()))
    }

    /// A number that is greater for a longer duration of the same form.
    pub(crate) fn rank(self) -> u64 {
        match self {
            Duration::Unit(unit) => unit as u64,
            Duration::Years(years, days) => u64::from(years) * 365 + u64::from(days),
            Duration::Months(months, days) => u64::from(months) * 30 + u64::from(days),
        }
    }

    /// A letter; or in ISO 8601 `P1Y`, `P3M`, `P1W`, `P7D`, `P1Y57D`, `P4M26D`.
    pub fn parse(text: &str) -> Option<Duration> {
        if let Some(unit) = Unit::parse(text) {
            return Some(Duration::Unit(unit));
        }
        if let Some((unit, ..)) = Unit::ALL.iter().find(|(.., iso)| *iso == text) {
            return Some(Duration::Unit(*unit));
        }
        let rest = match text {
            "P7D" => return Some(Duration::Unit(Unit::Week)),
            "P12M" => return Some(Duration::Unit(Unit::Year)),
            _ => text.strip_prefix('P')?,
        };
        let days = |text: &str| if text.is_empty() { Some(0) } else { number(text.strip_suffix('D')?) };
        if let Some((years, rest)) = rest.split_once('Y') {
            let days = number(years)?.checked_mul(365)?.checked_add(days(rest)?)?;
            return Some(Duration::years_of(days));
        }
        let (months, rest) = rest.split_once('M')?;
        let days = number(months)?.checked_mul(30)?.checked_add(days(rest)?)?;
        Some(Duration::months_of(days))
    }

    /// As ISO 8601 writes it.
    pub fn iso(self) -> String {
        match self {
            Duration::Unit(unit) => unit.iso().to_owned(),
            _ => self.to_string(),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Duration::Unit(unit) => write!(f, "{}", unit.letter()),
            Duration::Years(years, days) => write!(f, "P{years}Y{days}D"),
            Duration::Months(months, days) => write!(f, "P{months}M{days}D"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_spelling_and_written_in_one() {
        for (text, written) in [
            ("A", "A"),
            ("Y", "A"),
            ("H", "S"),
            ("P1Y", "A"),
            ("P12M", "A"),
            ("P6M", "S"),
            ("P3M", "Q"),
            ("P1M", "M"),
            ("P7D", "W"),
            ("P1D", "D"),
            ("P1Y57D", "P1Y57D"),
            ("P1Y400D", "P2Y35D"),
            ("P14M2D", "P14M2D"),
            ("P2Y", "P2Y0D"),
        ] {
            let duration = Duration::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(duration.to_string(), written, "{text}");
            assert_eq!(Duration::parse(written), Some(duration), "{text}");
        }
        for text in ["", "X", "P", "P1", "PY", "P-1Y", "P1Y2M", "MM", "P99999999999Y", "年"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_durations_of_one_form_are_ordered() {
        let read = |text| Duration::parse(text).unwrap();
        assert_eq!(read("M").compare(read("Q")), Some(Ordering::Less));
        assert_eq!(read("P2Y0D").compare(read("P1Y364D")), Some(Ordering::Greater));
        assert_eq!(read("M").compare(read("P30M0D")), None);
    }
}
