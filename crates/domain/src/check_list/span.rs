//! Spans of the check list: a calendar day, or a week from Monday to Sunday, in Asia/Shanghai. They do not move for holidays,
//! because the windows in which they lie do not.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::survey::{Times, local, starts};

/// How often a check list is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// 日报告.
    Day,
    /// 周报告.
    Week,
}

impl Every {
    /// Both.
    pub const ALL: [Every; 2] = [Every::Day, Every::Week];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Every::Day => "日报告",
            Every::Week => "周报告",
        }
    }

    /// What a span of it is called: `当日`.
    pub fn present(self) -> &'static str {
        match self {
            Every::Day => "当日",
            Every::Week => "本周",
        }
    }

    /// The name in storage and programmes.
    pub fn key(self) -> &'static str {
        match self {
            Every::Day => "day",
            Every::Week => "week",
        }
    }

    /// Reads [`Every::key`].
    pub fn from_key(key: &str) -> Option<Every> {
        Every::ALL.into_iter().find(|every| every.key() == key)
    }
}

/// Span 报告日(周) of a check list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    first: NaiveDate,
    every: Every,
}

impl Span {
    /// The span that holds a day.
    pub fn holding(every: Every, day: NaiveDate) -> Span {
        let first = match every {
            Every::Day => day,
            Every::Week => day.week(Weekday::Mon).checked_first_day().unwrap_or(day),
        };
        Span { first, every }
    }

    /// The span that holds an instant.
    pub fn at(every: Every, instant: Instant) -> Span {
        Span::holding(every, local(instant).date())
    }

    /// The spans of a window, from its opening to its closing, oldest first.
    pub fn of_window(every: Every, times: &Times) -> Vec<Span> {
        // A window that closes at midnight closes with the day before.
        let last = Span::at(every, times.closes_at - TimeDelta::microseconds(1));
        let first = Span::at(every, times.opens_at);
        std::iter::successors(Some(first), |span| Some(span.next())).take_while(|span| *span <= last).collect()
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Span {
        Span { first: self.end(), every: self.every }
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// How often.
    pub fn every(self) -> Every {
        self.every
    }

    /// The day after its last.
    fn end(self) -> NaiveDate {
        let days = match self.every {
            Every::Day => 1,
            Every::Week => 7,
        };
        self.first + TimeDelta::days(days)
    }

    /// The instant at which it begins.
    pub fn begins_at(self) -> Instant {
        starts(self.first)
    }

    /// The instant at which it is over: what is done then is done too late.
    pub fn ends_at(self) -> Instant {
        starts(self.end())
    }

    /// The name in addresses: `2026-04-03`, or `2026-W14`.
    pub fn key(self) -> String {
        match self.every {
            Every::Day => self.first.to_string(),
            Every::Week => {
                let week = self.first.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
        }
    }

    /// Reads [`Span::key`].
    pub fn from_key(key: &str) -> Option<Span> {
        let span = match key.split_once("-W") {
            Some((year, week)) => {
                let first = NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)?;
                Span { first, every: Every::Week }
            }
            None => Span { first: key.parse().ok()?, every: Every::Day },
        };
        // One span has one spelling.
        (span.key() == key).then_some(span)
    }

    /// What people call it: `4月3日`, or `第14周(3月30日—4月5日)`.
    pub fn label(self) -> String {
        let day = |day: NaiveDate| format!("{}月{}日", day.month(), day.day());
        match self.every {
            Every::Day => day(self.first),
            Every::Week => {
                let last = self.end() - TimeDelta::days(1);
                format!("第{}周({}—{})", self.first.iso_week().week(), day(self.first), day(last))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::parse_local;

    fn at(text: &str) -> Instant {
        parse_local(text).unwrap()
    }

    fn keys(every: Every, opens: &str, closes: &str) -> Vec<String> {
        let times = Times { opens_at: at(opens), due_at: at(closes), closes_at: at(closes) };
        Span::of_window(every, &times).into_iter().map(Span::key).collect()
    }

    #[test]
    fn a_window_has_every_calendar_day_from_its_opening_to_its_closing() {
        // 4 April 2026 is a holiday and a Saturday.
        let days = keys(Every::Day, "2026-04-01 00:00", "2026-04-05 18:00");
        assert_eq!(days, ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05"]);
        assert_eq!(
            keys(Every::Day, "2026-04-01 08:00", "2026-04-02 00:00"),
            ["2026-04-01"],
            "24:00 is of the day before"
        );
        assert_eq!(keys(Every::Day, "2026-04-01 08:00", "2026-04-02 00:01"), ["2026-04-01", "2026-04-02"]);
        let weeks = keys(Every::Week, "2026-12-30 08:00", "2027-01-12 18:00");
        assert_eq!(weeks, ["2026-W53", "2027-W01", "2027-W02"], "the first and the last week of a year are ISO weeks");
    }

    #[test]
    fn a_span_reads_back_from_its_name_and_ends_at_midnight_of_shanghai() {
        for (key, label, begins, ends) in [
            ("2026-04-03", "4月3日", "2026-04-03 00:00", "2026-04-04 00:00"),
            ("2026-W14", "第14周(3月30日—4月5日)", "2026-03-30 00:00", "2026-04-06 00:00"),
        ] {
            let span = Span::from_key(key).unwrap();
            assert_eq!((span.key().as_str(), span.label().as_str()), (key, label));
            assert_eq!((span.begins_at(), span.ends_at()), (at(begins), at(ends)));
            assert_eq!(Span::at(span.every(), span.ends_at()), span.next());
        }
        for damaged in ["", "2026-4-3", "2026-04-31", "2026-W54", "2026-W5", "W14", "2026-W", "今天"] {
            assert_eq!(Span::from_key(damaged), None, "{damaged}");
        }
    }
}
