//! The calendar of the language: days, periods, intervals and durations as pure functions.
//!
//! A day 日期 is the number of days since 1970-01-01; years run from 0001 to 9999, so that every value has a written
//! form of fixed width. Weeks are those of ISO 8601: from Monday, of the year in which their Thursday lies. What leaves
//! these years, or does not exist, is `None`. Clocks and time zones never live here.

mod calendar;
mod duration;
mod interval;
mod mask;
mod period;

pub(crate) use calendar::write_date;
pub use calendar::{
    DAY_MAX, DAY_MIN, add_months, civil, coarser_date, date_text, day_of_year, days_in_month, is_leap, iso_week,
    parse_date, shift_date, to_days, weeks_in_year,
};
pub use duration::{Duration, Unit};
pub use interval::Interval;
pub use mask::Mask;
pub use period::{Period, Periods};
