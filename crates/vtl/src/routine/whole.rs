//! Whole numbers and days.

use super::{Cell, figures, word};
use crate::time::{Duration, Interval, Mask, Period, Unit, civil, coarser_date, day_of_year, parse_date, shift_date};

/// Functions whose result is a whole number or a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Whole {
    /// A text as a whole number.
    Read,
    /// A text as a date, perhaps in the form of a mask.
    ReadDate(Option<Mask>),
    /// `string_distance(levenshtein, s, t)`
    Levenshtein,
    /// `string_distance(damerau_levenshtein, s, t)`
    DamerauLevenshtein,
    /// `string_distance(hamming, s, t)`
    Hamming,
    /// The first day of a period.
    FirstDay,
    /// The last day of a period.
    LastDay,
    /// The day of a period of one day.
    OnlyDay,
    /// The day of an interval of one day.
    OnlyDayOfInterval,
    /// The day by which a period belongs to a month: of a week its Thursday.
    DayInMonth,
    /// The year that a period is counted in.
    YearOfPeriod,
    /// `getyear` of a date.
    Year,
    /// `getmonth` of a date.
    Month,
    /// `dayofmonth` of a date.
    DayOfMonth,
    /// `dayofyear` of a date.
    DayOfYear,
    /// `dateadd(date, count, unit)`
    Shift,
    /// `time_agg` of a date: the first or last day of the longer period.
    Coarser(Unit, bool),
    /// The place of a duration among those of its form, so that they can be put in order.
    Rank,
    /// `yeartoday(duration)`
    YearToDay,
    /// `monthtoday(duration)`
    MonthToDay,
}

impl Whole {
    /// The value of one row.
    pub fn run(&self, cells: [Cell<'_>; 3]) -> Option<i128> {
        let [a, b, c] = cells;
        match self {
            Whole::Read => match figures::read(a.text()?, None)? {
                (value, 1) if i64::try_from(value).is_ok() && !a.text()?.contains(['.', 'E', 'e']) => Some(value),
                _ => None,
            },
            Whole::Levenshtein => word::levenshtein(a.text()?, b.text()?),
            Whole::DamerauLevenshtein => word::damerau_levenshtein(a.text()?, b.text()?),
            Whole::Hamming => word::hamming(a.text()?, b.text()?),
            Whole::Year => Some(civil(a.day()?).0.into()),
            Whole::Month => Some(civil(a.day()?).1.into()),
            Whole::DayOfMonth => Some(civil(a.day()?).2.into()),
            Whole::DayOfYear => Some(day_of_year(a.day()?).into()),
            Whole::YearOfPeriod => Some(Period::parse(a.text()?)?.year().into()),
            Whole::Rank => Some(Duration::parse(a.text()?)?.rank().into()),
            Whole::YearToDay => Some(Duration::parse(a.text()?)?.year_days()?.into()),
            Whole::MonthToDay => Some(Duration::parse(a.text()?)?.month_days()?.into()),
            Whole::Shift => Some(shift_date(a.day()?, b.whole()?, Unit::parse(c.text()?)?)?.into()),
            Whole::Coarser(unit, takes_last) => Some(coarser_date(a.day()?, *unit, *takes_last)?.into()),
            Whole::ReadDate(mask) => {
                let text = a.text()?.trim();
                Some(mask.as_ref().map_or_else(|| parse_date(text), |mask| mask.read_date(text))?.into())
            }
            Whole::OnlyDayOfInterval => {
                let interval = Interval::parse(a.text()?)?;
                (interval.first() == interval.last()).then_some(interval.first().into())
            }
            Whole::FirstDay | Whole::LastDay | Whole::OnlyDay | Whole::DayInMonth => {
                Some(self.day_of(Period::parse(a.text()?)?)?.into())
            }
        }
    }

    fn day_of(&self, period: Period) -> Option<i32> {
        match self {
            Whole::LastDay => period.last_day(),
            Whole::OnlyDay if period.unit() != Unit::Day => None,
            Whole::DayInMonth => period.day_in_month(),
            _ => period.first_day(),
        }
    }
}
