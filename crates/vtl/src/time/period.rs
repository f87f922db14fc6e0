//! Periods: years, half-years, quarters, months, weeks and days as figures are reported for them.

use super::calendar::{
    day_of_year, days_in_month, digits, is_leap, iso_week, parse_date, to_days, weekday, weeks_in_year,
};
use super::{Unit, civil};
use std::cmp::Ordering;
use std::fmt;

/// Period 时期 — a number of a unit within a year. Written `2010A`, `2010S1`, `2010Q1`, `2010M01`, `2010W01`, `2010D001`,
/// so that the order of texts of one unit is the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    unit: Unit,
    year: i16,
    number: u16,
}

impl Period {
    /// A period that exists: `Period::new(Unit::Quarter, 2010, 1)`.
    pub fn new(unit: Unit, year: i64, number: i64) -> Option<Period> {
        let fits = (1..=9999).contains(&year) && (1..=most(unit, year)).contains(&number);
        // The last week of 9999 would end in the year 10000, the first of 0001 begins on its first day.
        let fits = fits && !(unit == Unit::Week && year == 9999 && number > 51);
        fits.then_some(Period { unit, year: i16::try_from(year).ok()?, number: u16::try_from(number).ok()? })
    }

    /// The period of this unit that holds a day.
    pub fn of_day(day: i32, unit: Unit) -> Option<Period> {
        let (year, month, _) = civil(day);
        match unit {
            Unit::Day => Period::new(unit, year, day_of_year(day)),
            Unit::Week => {
                let (year, week) = iso_week(day);
                Period::new(unit, year, week)
            }
            _ => Period::new(unit, year, (month - 1) / months(unit) + 1),
        }
    }

    /// Every spelling that is found in the wild: `2010`, `2010A`, `2010-A1`, `2010-Q1`, `2010Q1`, `2010H1`, `2010-01`,
    /// `2010-1`, `2010M1`, `2010W5`, `2010-D001`, `2010-01-31`, `2010-01-01/2010-03-31`.
    pub fn parse(text: &str) -> Option<Period> {
        if text.contains('/') {
            return super::Interval::parse(text)?.period();
        }
        let year = digits(text.get(..4)?, 4)?;
        let rest = text.get(4..)?;
        if rest.is_empty() {
            return Period::new(Unit::Year, year, 1);
        }
        let bare = rest.strip_prefix('-').unwrap_or(rest);
        if bare.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            let unit = Unit::parse(bare.get(..1)?)?;
            let number = bare.get(1..)?;
            let number = if unit == Unit::Day { number.strip_prefix('-').unwrap_or(number) } else { number };
            let number = if number.is_empty() && unit == Unit::Year { 1 } else { short(number, 3)? };
            return Period::new(unit, year, number);
        }
        if let Some(month) = rest.strip_prefix('-').and_then(|month| short(month, 2)) {
            return Period::new(Unit::Month, year, month);
        }
        Period::of_day(parse_date(text)?, Unit::Day)
    }

    /// How long it is.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The year that it is counted in; for weeks that of their Thursday.
    pub fn year(self) -> i64 {
        i64::from(self.year)
    }

    /// Its number within the year, from 1.
    pub fn number(self) -> i64 {
        i64::from(self.number)
    }

    /// The first day.
    pub fn first_day(self) -> Option<i32> {
        let (year, number) = (self.year(), self.number());
        match self.unit {
            Unit::Day => Some(to_days(year, 1, 1)? + i32::from(self.number) - 1),
            Unit::Week => Some(first_monday(year)? + 7 * (i32::from(self.number) - 1)),
            unit => to_days(year, (number - 1) * months(unit) + 1, 1),
        }
    }

    /// The last day.
    pub fn last_day(self) -> Option<i32> {
        let (year, number) = (self.year(), self.number());
        match self.unit {
            Unit::Day => self.first_day(),
            Unit::Week => Some(self.first_day()? + 6),
            unit => {
                let month = number * months(unit);
                to_days(year, month, days_in_month(year, month))
            }
        }
    }

    /// The period `count` units later; earlier if negative.
    #[must_use = "the period itself stays"]
    pub fn shift(self, count: i64) -> Option<Period> {
        match self.unit {
            Unit::Day | Unit::Week => {
                let step = if self.unit == Unit::Week { 7 } else { 1 };
                let day = i64::from(self.first_day()?).checked_add(count.checked_mul(step)?)?;
                Period::of_day(i32::try_from(day).ok()?, self.unit)
            }
            unit => {
                let per_year = 12 / months(unit);
                let index = (self.year() * per_year + self.number() - 1).checked_add(count)?;
                Period::new(unit, index.div_euclid(per_year), index.rem_euclid(per_year) + 1)
            }
        }
    }

    /// The longer period that holds this one; a week goes where its Thursday lies. `None` towards a shorter one.
    pub fn to_unit(self, unit: Unit) -> Option<Period> {
        if unit <= self.unit {
            return (unit == self.unit).then_some(self);
        }
        Period::of_day(self.day_in_month()?, unit)
    }

    /// The day by which the period belongs to a month or year: of a week its Thursday, of any other its first.
    pub fn day_in_month(self) -> Option<i32> {
        let thursday = if self.unit == Unit::Week { 3 } else { 0 };
        Some(self.first_day()? + thursday)
    }

    /// The order of two periods of one unit; `None` between two units.
    pub fn compare(self, other: Period) -> Option<Ordering> {
        (self.unit == other.unit).then(|| (self.year, self.number).cmp(&(other.year, other.number)))
    }

    /// How many units later the other one is; `None` between two units.
    pub fn until(self, other: Period) -> Option<i64> {
        if self.unit != other.unit {
            return None;
        }
        match self.unit {
            Unit::Day => Some(i64::from(other.first_day()? - self.first_day()?)),
            Unit::Week => Some(i64::from(other.first_day()? - self.first_day()?) / 7),
            unit => Some((other.year() - self.year()) * (12 / months(unit)) + other.number() - self.number()),
        }
    }

    /// All periods from this one to the other, both included; none between two units or backwards.
    pub fn through(self, last: Period) -> Periods {
        let fits = self.compare(last).is_some_and(Ordering::is_le);
        Periods { next: fits.then_some(self), last }
    }
}

/// A series of periods without gaps.
#[derive(Debug, Clone)]
pub struct Periods {
    next: Option<Period>,
    last: Period,
}

impl Iterator for Periods {
    type Item = Period;

    fn next(&mut self) -> Option<Period> {
        let period = self.next?;
        self.next = if period == self.last { None } else { period.shift(1) };
        Some(period)
    }
}

/// How many periods of a unit a year has.
fn most(unit: Unit, year: i64) -> i64 {
    match unit {
        Unit::Day => 365 + i64::from(is_leap(year)),
        Unit::Week => weeks_in_year(year),
        unit => 12 / months(unit),
    }
}

/// The months of a unit that is longer than a week.
fn months(unit: Unit) -> i64 {
    match unit {
        Unit::Quarter => 3,
        Unit::Semester => 6,
        Unit::Year => 12,
        _ => 1,
    }
}

/// The Monday of the first week. January 4 is always in it.
fn first_monday(year: i64) -> Option<i32> {
    let day = to_days(year, 1, 4)?;
    Some(day - weekday(day))
}

/// One to `most` digits.
fn short(text: &str, most: usize) -> Option<i64> {
    if (1..=most).contains(&text.len()) { digits(text, text.len()) } else { None }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Period { unit, year, number } = self;
        write!(f, "{year:04}{}", unit.letter())?;
        match unit {
            Unit::Year => Ok(()),
            Unit::Semester | Unit::Quarter => write!(f, "{number}"),
            Unit::Month | Unit::Week => write!(f, "{number:02}"),
            Unit::Day => write!(f, "{number:03}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DAY_MAX, DAY_MIN, date_text};
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Period {
        Period::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn periods_are_read_in_every_spelling_and_written_in_one() {
        for (text, written) in [
            ("2010", "2010A"),
            ("2010A", "2010A"),
            ("2010A1", "2010A"),
            ("2010-A1", "2010A"),
            ("2010Y", "2010A"),
            ("2010S2", "2010S2"),
            ("2010H1", "2010S1"),
            ("2010-Q1", "2010Q1"),
            ("2010Q4", "2010Q4"),
            ("2010-01", "2010M01"),
            ("2010-1", "2010M01"),
            ("2010M1", "2010M01"),
            ("2010-M12", "2010M12"),
            ("2010W5", "2010W05"),
            ("2020-W53", "2020W53"),
            ("2010D1", "2010D001"),
            ("2010D-001", "2010D001"),
            ("2010-D365", "2010D365"),
            ("2010-02-01", "2010D032"),
            ("2010-01-01/2010-03-31", "2010Q1"),
        ] {
            assert_eq!(read(text).to_string(), written, "{text}");
        }
        for text in [
            "",
            "10",
            "2010Q5",
            "2010Q0",
            "2010M13",
            "2010S3",
            "2021W53",
            "2010D366",
            "2010-13",
            "2010X1",
            "2010Q",
            "2010A2",
            "0000A",
            "2010-02-30",
            "201001",
            "2010 Q1",
            "2010q1",
            "2010年",
            "2010-01-02/2010-03-31",
            "2010Q+1",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn periods_have_their_days_and_their_longer_periods() {
        for (text, first, last) in [
            ("2020A", "2020-01-01", "2020-12-31"),
            ("2020S2", "2020-07-01", "2020-12-31"),
            ("2020Q1", "2020-01-01", "2020-03-31"),
            ("2020M02", "2020-02-01", "2020-02-29"),
            ("2020W01", "2019-12-30", "2020-01-05"),
            ("2020W53", "2020-12-28", "2021-01-03"),
            ("2020D366", "2020-12-31", "2020-12-31"),
        ] {
            let period = read(text);
            assert_eq!(period.first_day().map(date_text).as_deref(), Some(first), "{text}");
            assert_eq!(period.last_day().map(date_text).as_deref(), Some(last), "{text}");
        }
        for (text, unit, wider) in [
            ("2020M02", Unit::Quarter, Some("2020Q1")),
            ("2020Q3", Unit::Year, Some("2020A")),
            ("2020W53", Unit::Year, Some("2020A")),
            ("2020W01", Unit::Month, Some("2020M01")),
            ("2021D001", Unit::Week, Some("2020W53")),
            ("2020Q1", Unit::Quarter, Some("2020Q1")),
            ("2020Q1", Unit::Month, None),
        ] {
            assert_eq!(read(text).to_unit(unit).map(|period| period.to_string()).as_deref(), wider, "{text}");
        }
    }

    #[test]
    fn a_series_is_filled_from_end_to_end() {
        let series = |from: &str, to: &str| read(from).through(read(to)).map(|p| p.to_string()).collect::<Vec<_>>();
        assert_eq!(series("2019Q3", "2020Q2"), ["2019Q3", "2019Q4", "2020Q1", "2020Q2"]);
        assert_eq!(series("2020W52", "2021W02"), ["2020W52", "2020W53", "2021W01", "2021W02"]);
        assert_eq!(series("2020M02", "2020M01"), Vec::<String>::new());
        assert_eq!(series("2020M02", "2020Q3"), Vec::<String>::new());
    }

    fn any_period() -> impl Strategy<Value = Period> {
        let unit = prop::sample::select(Unit::ALL.map(|(unit, ..)| unit).to_vec());
        // Away from the last days, whose week has no end in these years.
        (DAY_MIN..DAY_MAX - 400, unit).prop_map(|(day, unit)| Period::of_day(day, unit).unwrap())
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(period in any_period()) {
            prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
        }

        #[test]
        fn a_step_forth_and_back_changes_nothing(period in any_period(), steps in -400_i64..400) {
            if let Some(there) = period.shift(steps) {
                prop_assert_eq!(there.shift(-steps), Some(period));
                prop_assert_eq!(period.until(there), Some(steps));
                prop_assert_eq!(period.compare(there), Some(0.cmp(&steps)));
                prop_assert_eq!(period.to_string().cmp(&there.to_string()), 0.cmp(&steps));
            }
        }

        #[test]
        fn the_day_after_a_period_begins_the_next_one(period in any_period()) {
            prop_assert_eq!(period.last_day().map(|day| day + 1), period.shift(1).and_then(Period::first_day));
        }

        #[test]
        fn a_period_holds_its_days(day in DAY_MIN..DAY_MAX - 400) {
            for (unit, ..) in Unit::ALL {
                let period = Period::of_day(day, unit).unwrap();
                prop_assert!(period.first_day().unwrap() <= day && day <= period.last_day().unwrap());
            }
        }
    }
}
