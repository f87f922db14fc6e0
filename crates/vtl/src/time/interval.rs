//! Intervals: any two days and what lies between them.

use super::calendar::{date_text, parse_date};
use super::{Period, Unit};
use std::fmt;

/// Interval 时间区间 — from the first day to the last, both included. Written `2010-01-01/2010-12-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    first: i32,
    last: i32,
}

impl Interval {
    /// `None` if the last day is before the first.
    pub fn new(first: i32, last: i32) -> Option<Interval> {
        (first <= last).then_some(Interval { first, last })
    }

    /// The days of a period.
    pub fn of(period: Period) -> Option<Interval> {
        Interval::new(period.first_day()?, period.last_day()?)
    }

    /// A day, a month or a year, or the first and the last of them with a slash between.
    pub fn parse(text: &str) -> Option<Interval> {
        match text.split_once('/') {
            Some((first, last)) => Interval::new(Interval::stretch(first)?.first, Interval::stretch(last)?.last),
            None => Interval::stretch(text),
        }
    }

    /// VTL writes the ends of an interval "at any precision".
    fn stretch(text: &str) -> Option<Interval> {
        if let Some(day) = parse_date(text) {
            return Interval::new(day, day);
        }
        let period = Period::parse(text).filter(|_| !text.contains('/'))?;
        if matches!(period.unit(), Unit::Year | Unit::Month) { Interval::of(period) } else { None }
    }

    /// The first day.
    pub fn first(self) -> i32 {
        self.first
    }

    /// The last day.
    pub fn last(self) -> i32 {
        self.last
    }

    /// The period of the same days, if there is one.
    pub fn period(self) -> Option<Period> {
        let same = |(unit, ..): &(Unit, char, &str)| {
            let period = Period::of_day(self.first, *unit)?;
            (Interval::of(period)? == self).then_some(period)
        };
        Unit::ALL.iter().find_map(same)
    }

    /// The days of the longer period that holds all of it; `None` if no period of this unit does.
    pub fn to_unit(self, unit: Unit) -> Option<Interval> {
        let wider = Interval::of(Period::of_day(self.first, unit)?)?;
        (self.last <= wider.last).then_some(wider)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", date_text(self.first), date_text(self.last))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DAY_MAX, DAY_MIN};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn intervals_know_their_period() {
        for (text, period) in [
            ("2020-01-01/2020-12-31", Some("2020A")),
            ("2020-07-01/2020-12-31", Some("2020S2")),
            ("2020-04-01/2020-06-30", Some("2020Q2")),
            ("2020-02-01/2020-02-29", Some("2020M02")),
            ("2020-12-28/2021-01-03", Some("2020W53")),
            ("2020-12-31/2020-12-31", Some("2020D366")),
            ("2020-12-31", Some("2020D366")),
            ("2020", Some("2020A")),
            ("2020-02", Some("2020M02")),
            ("2020-01/2020-12", Some("2020A")),
            ("2020M1/2020M6", Some("2020S1")),
            ("2020/2020", Some("2020A")),
            ("2020-04-01/2020-06", Some("2020Q2")),
            ("2020-01-01/2020-12-30", None),
        ] {
            let interval = Interval::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(interval.period().map(|period| period.to_string()).as_deref(), period, "{text}");
        }
        for text in ["2020-01-02/2020-01-01", "2020Q1", "2020-01-01/", "/2020-01-01", "2021/2020", "2020Q1/2020Q2"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_interval_across_two_years_has_no_year() {
        let interval = Interval::parse("2020-12-01/2021-01-31").unwrap();
        assert_eq!(interval.to_unit(Unit::Year), None);
        let within = Interval::parse("2020-02-03/2020-02-20").unwrap();
        assert_eq!(within.to_unit(Unit::Quarter).unwrap().to_string(), "2020-01-01/2020-03-31");
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(first in DAY_MIN..DAY_MAX, length in 0_i32..10_000) {
            if let Some(interval) = Interval::new(first, (first + length).min(DAY_MAX)) {
                prop_assert_eq!(Interval::parse(&interval.to_string()), Some(interval));
            }
        }
    }
}
