//! Texts, periods, intervals and durations, each in its one written form.

use super::{Cell, Figures, figures};
use crate::scalar::{Scalar, Type};
use crate::time::{Duration, Interval, Mask, Period, Unit, write_date};
use std::fmt::{Display, Write};

/// Functions whose result is written as a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Written {
    /// A text as a period, interval or duration, perhaps in the form of a mask.
    Read(Type, Option<Mask>),
    /// A number as a text, perhaps in the form of a mask.
    Number(Option<Figures>),
    /// A date as a text, perhaps in the form of a mask.
    Date(Option<Mask>),
    /// A period in the form of a mask.
    Period(Mask),
    /// An interval in the form of a mask.
    Interval(Mask),
    /// A duration as ISO 8601 writes it, or in the form of a mask.
    Duration(Option<Mask>),
    /// The period of one day.
    PeriodOfDay,
    /// The interval of one day.
    IntervalOfDay,
    /// The interval of a period.
    IntervalOfPeriod,
    /// The period of the same days as an interval.
    PeriodOfInterval,
    /// `period_indicator`: the unit of a period.
    Indicator,
    /// `time_agg` of a period.
    Coarser(Unit),
    /// `time_agg` of an interval.
    CoarserInterval(Unit),
    /// `daytoyear`
    YearsOfDays,
    /// `daytomonth`
    MonthsOfDays,
    /// The first period, if the second has the same unit: only such can be put in order.
    OfOneUnit,
    /// The first duration, if the second has the same form: only such can be compared.
    OfOneForm,
}

impl Written {
    /// Appends the value of one row.
    pub fn run(&self, cells: [Cell<'_>; 3], out: &mut String) -> Option<()> {
        let [a, b, _] = cells;
        match self {
            Written::Read(kind, mask) => read(a.text()?.trim(), *kind, mask.as_ref(), out),
            Written::Number(None) => put(figures::decimal_of(a.number()?)?, out),
            Written::Number(Some(mask)) => figures::write(a.number()?, mask, out),
            Written::Date(None) => {
                write_date(out, a.day()?);
                Some(())
            }
            Written::Date(Some(mask)) => mask.write_date(a.day()?, out),
            Written::Period(mask) => mask.write_period(Period::parse(a.text()?)?, out),
            Written::Interval(mask) => mask.write_interval(Interval::parse(a.text()?)?, out),
            Written::Duration(None) => put(Duration::parse(a.text()?)?.iso(), out),
            Written::Duration(Some(mask)) => mask.write_duration(Duration::parse(a.text()?)?, out),
            Written::PeriodOfDay => put(Period::of_day(a.day()?, Unit::Day)?, out),
            Written::IntervalOfDay => put(Interval::new(a.day()?, a.day()?)?, out),
            Written::IntervalOfPeriod => put(Interval::of(Period::parse(a.text()?)?)?, out),
            Written::PeriodOfInterval => put(Interval::parse(a.text()?)?.period()?, out),
            Written::Indicator => put(Period::parse(a.text()?)?.unit().letter(), out),
            Written::Coarser(unit) => put(Period::parse(a.text()?)?.to_unit(*unit)?, out),
            Written::CoarserInterval(unit) => put(Interval::parse(a.text()?)?.to_unit(*unit)?, out),
            Written::YearsOfDays => put(Duration::years_of(u32::try_from(a.whole()?).ok()?), out),
            Written::MonthsOfDays => put(Duration::months_of(u32::try_from(a.whole()?).ok()?), out),
            Written::OfOneUnit => {
                let (one, other) = (Period::parse(a.text()?)?, Period::parse(b.text()?)?);
                if one.unit() == other.unit() { put(one, out) } else { None }
            }
            Written::OfOneForm => {
                let (one, other) = (Duration::parse(a.text()?)?, Duration::parse(b.text()?)?);
                one.compare(other)?;
                put(one, out)
            }
        }
    }
}

fn read(text: &str, kind: Type, mask: Option<&Mask>, out: &mut String) -> Option<()> {
    match (kind, mask) {
        (Type::TimePeriod, Some(mask)) => put(mask.read_period(text)?, out),
        (Type::Time, Some(mask)) => put(mask.read_interval(text)?, out),
        (Type::Duration, Some(mask)) => put(mask.read_duration(text)?, out),
        _ => put(Scalar::parse(text, kind)?, out),
    }
}

fn put(value: impl Display, out: &mut String) -> Option<()> {
    write!(out, "{value}").ok()
}
