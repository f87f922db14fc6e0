//! Reporting periods as whole months of one year. What people type is read in `period_text`; when a window opens and
//! closes is for the programme to say.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::text::text_value;

/// The calendar of reports: a step beyond either end stays at the end.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// Period 报告期 — a month, the combined January and February, a quarter, a half-year or a year.
///
/// Ordered by last day, then by first day. Serialised as its canonical text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    // The order of the fields is the order of periods.
    year: i32,
    last: u8,
    first: u8,
}

text_value!(Period);

/// Kind of period 报告期别, which is also the rhythm of a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// 月, twelve a year.
    Month,
    /// 月, with January and February as one: eleven periods a year. As the kind of one period: that combined period.
    MonthCombined,
    /// 季.
    Quarter,
    /// 半年.
    Half,
    /// 年.
    Year,
}

type Months = (u8, u8);
const MONTHS: &[Months] =
    &[(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9), (10, 10), (11, 11), (12, 12)];
const MONTHS_COMBINED: &[Months] =
    &[(1, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9), (10, 10), (11, 11), (12, 12)];
const QUARTERS: &[Months] = &[(1, 3), (4, 6), (7, 9), (10, 12)];
const HALVES: &[Months] = &[(1, 6), (7, 12)];
const YEAR: &[Months] = &[(1, 12)];

impl PeriodKind {
    /// The Chinese name of a report of this rhythm.
    pub fn label(self) -> &'static str {
        match self {
            PeriodKind::Month => "月报",
            PeriodKind::MonthCombined => "月报(1—2月合并)",
            PeriodKind::Quarter => "季报",
            PeriodKind::Half => "半年报",
            PeriodKind::Year => "年报",
        }
    }

    /// All periods of this rhythm in one year, in order.
    pub fn periods(self, year: i32) -> Result<Vec<Period>, CodeError> {
        self.months().iter().map(|months| Period::of_months(year, *months)).collect()
    }

    /// The period of this rhythm in which a day lies.
    pub fn containing(self, day: NaiveDate) -> Result<Period, CodeError> {
        let month = u8::try_from(day.month()).unwrap_or_default();
        let months = self.months().iter().find(|(first, last)| (*first..=*last).contains(&month));
        Period::of_months(day.year(), months.copied().unwrap_or((month, month)))
    }

    /// The first and last months of the periods of a year.
    fn months(self) -> &'static [Months] {
        match self {
            PeriodKind::Month => MONTHS,
            PeriodKind::MonthCombined => MONTHS_COMBINED,
            PeriodKind::Quarter => QUARTERS,
            PeriodKind::Half => HALVES,
            PeriodKind::Year => YEAR,
        }
    }
}

impl Period {
    /// One month, 1 to 12.
    pub fn of_month(year: i32, month: u8) -> Result<Period, CodeError> {
        Period::nth(year, month, MONTHS, "月份应为 1 至 12")
    }

    /// January and February as one period.
    pub fn of_jan_feb(year: i32) -> Result<Period, CodeError> {
        Period::of_months(year, (1, 2))
    }

    /// One quarter, 1 to 4.
    pub fn of_quarter(year: i32, quarter: u8) -> Result<Period, CodeError> {
        Period::nth(year, quarter, QUARTERS, "季度应为 1 至 4")
    }

    /// One half-year, 1 or 2.
    pub fn of_half(year: i32, half: u8) -> Result<Period, CodeError> {
        Period::nth(year, half, HALVES, "半年应为 1(上半年)或 2(下半年)")
    }

    /// One whole year.
    pub fn of_year(year: i32) -> Result<Period, CodeError> {
        Period::of_months(year, (1, 12))
    }

    fn nth(year: i32, number: u8, list: &[Months], range: &str) -> Result<Period, CodeError> {
        match usize::from(number).checked_sub(1).and_then(|index| list.get(index)) {
            Some(months) => Period::of_months(year, *months),
            None => Err(out_of_range(format!("{range},现为 {number}"))),
        }
    }

    fn of_months(year: i32, (first, last): Months) -> Result<Period, CodeError> {
        if YEARS.contains(&year) {
            return Ok(Period { year, last, first });
        }
        Err(out_of_range(format!("年份应在 {} 至 {} 之间,现为 {year}", YEARS.start(), YEARS.end())))
    }

    /// What kind of period it is.
    pub fn kind(&self) -> PeriodKind {
        match (self.first, self.last) {
            (1, 2) => PeriodKind::MonthCombined,
            (1, 12) => PeriodKind::Year,
            (1, 6) | (7, 12) => PeriodKind::Half,
            (first, last) if first == last => PeriodKind::Month,
            _ => PeriodKind::Quarter,
        }
    }

    /// The year.
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The number of its first month, 1 to 12.
    pub fn first_month(&self) -> u8 {
        self.first
    }

    /// The number of its last month, 1 to 12.
    pub fn last_month(&self) -> u8 {
        self.last
    }

    /// The period before, by its own kind. Programmes with the combined January and February, in which 3月 follows
    /// 1—2月, ask [`Period::previous_in`].
    #[must_use]
    pub fn previous(&self) -> Period {
        self.previous_in(self.kind())
    }

    /// The period after, by its own kind; see [`Period::previous`].
    #[must_use]
    pub fn next(&self) -> Period {
        self.next_in(self.kind())
    }

    /// The last period of a rhythm that ends before this one begins.
    #[must_use]
    pub fn previous_in(&self, rhythm: PeriodKind) -> Period {
        let before = rhythm.months().iter().rev().find(|(_, last)| *last < self.first);
        let (year, months) = match before {
            Some(months) => (self.year, Some(months)),
            None => (self.year - 1, rhythm.months().last()),
        };
        self.step(year, months)
    }

    /// The first period of a rhythm that begins after this one has ended.
    #[must_use]
    pub fn next_in(&self, rhythm: PeriodKind) -> Period {
        let after = rhythm.months().iter().find(|(first, _)| *first > self.last);
        let (year, months) = match after {
            Some(months) => (self.year, Some(months)),
            None => (self.year + 1, rhythm.months().first()),
        };
        self.step(year, months)
    }

    /// The same period 上年同期, one year earlier.
    #[must_use]
    pub fn same_last_year(&self) -> Period {
        self.step(self.year - 1, Some(&(self.first, self.last)))
    }

    fn step(self, year: i32, months: Option<&Months>) -> Period {
        months.and_then(|months| Period::of_months(year, *months).ok()).unwrap_or(self)
    }

    /// The first day.
    pub fn first_day(&self) -> NaiveDate {
        day_one(self.year, self.first)
    }

    /// The last day.
    pub fn last_day(&self) -> NaiveDate {
        let after = if self.last == 12 { day_one(self.year + 1, 1) } else { day_one(self.year, self.last + 1) };
        after.pred_opt().unwrap_or(after)
    }

    /// Whether it begins the year: cumulative figures start anew here.
    pub fn is_first_of_year(&self) -> bool {
        self.first == 1
    }

    /// Whether `other` is this period or lies in it.
    pub fn contains(&self, other: &Period) -> bool {
        self.year == other.year && self.first <= other.first && other.last <= self.last
    }

    /// How people write it: `2026年3月`, `2026年1—2月`, `2026年1季度`, `2026年上半年`, `2026年`.
    pub fn label(&self) -> String {
        let year = self.year;
        match self.kind() {
            PeriodKind::Month => format!("{year}年{}月", self.first),
            PeriodKind::MonthCombined => format!("{year}年1—2月"),
            PeriodKind::Quarter => format!("{year}年{}季度", self.last / 3),
            PeriodKind::Half => format!("{year}年{}半年", if self.first == 1 { "上" } else { "下" }),
            PeriodKind::Year => format!("{year}年"),
        }
    }

    /// The time from January to its end, the heading of cumulative figures: `2026年1—3月`; for a year `2026年`.
    pub fn cumulative_label(&self) -> String {
        match (self.kind(), self.last) {
            (PeriodKind::Year, _) => format!("{}年", self.year),
            (_, 1) => format!("{}年1月", self.year),
            (_, last) => format!("{}年1—{last}月", self.year),
        }
    }
}

/// Canonical text, after SDMX: `2026-03`, `2026-01~02`, `2026-Q1`, `2026-S1`, `2026`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year;
        f.pad(&match self.kind() {
            PeriodKind::Month => format!("{year}-{:02}", self.first),
            PeriodKind::MonthCombined => format!("{year}-01~02"),
            PeriodKind::Quarter => format!("{year}-Q{}", self.last / 3),
            PeriodKind::Half => format!("{year}-S{}", self.last / 6),
            PeriodKind::Year => format!("{year}"),
        })
    }
}

fn day_one(year: i32, month: u8) -> NaiveDate {
    // The year is within `YEARS` and the month within 1 to 12, so the default is never taken.
    NaiveDate::from_ymd_opt(year, u32::from(month), 1).unwrap_or_default()
}

fn out_of_range(reason: String) -> CodeError {
    CodeError::new(Subject::Period, CodeErrorKind::Structure, "", reason, "请改为实际存在的报告期,例如 2026-03")
}
