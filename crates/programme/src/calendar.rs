//! Calendar 报送日历 — when a form is reported: instants told relative to the period, so that a year can be prepared at once.
//!
//! The instants are explicit and never move for holidays by themselves (domain handbook 1.7: 上报时间节假日不顺延); the office
//! changes a prepared window where the year's calendar says otherwise.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta};
use youju_codes::Period;
use youju_domain::Instant;
use youju_domain::report::Level;
use youju_domain::survey::{Chain, Link, Times};

/// Hours by which local time (Asia/Shanghai) is ahead of the instant.
const LOCAL_HOURS: i64 = 8;

/// A point in time told from a period: `次月18日 18:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Months after the last month of the period.
    months: u32,
    /// Day of that month.
    day: u32,
    /// Minutes after midnight; 24:00 is the midnight that ends the day.
    minutes: u32,
}

impl Moment {
    /// Reads `本月25日 00:00`, `次月18日 18:00`, `季后7日 12:00` (the month after the quarter) or `次年3月10日 24:00`.
    pub(crate) fn parse(text: &str) -> Result<Moment, String> {
        let wrong =
            || format!("“{text}”应写成“本月25日 00:00”“次月18日 18:00”“季后7日 12:00”或“次年3月10日 24:00”的样子");
        let (date, time) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let (months, day) = read_date(date).ok_or_else(wrong)?;
        let minutes = read_time(time.trim()).ok_or_else(wrong)?;
        if !(1..=28).contains(&day) {
            return Err(format!("“{text}”的日期应在 1 日到 28 日之间,每个月才都有这一天"));
        }
        Ok(Moment { months, day, minutes })
    }

    /// The instant for a period.
    pub(crate) fn of(self, period: Period) -> Option<Instant> {
        let end = period.last_day();
        let month =
            NaiveDate::from_ymd_opt(end.year(), end.month(), 1)?.checked_add_months(Months::new(self.months))?;
        let day = month.checked_add_days(Days::new(u64::from(self.day - 1)))?;
        let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(self.minutes.into());
        Some((local - TimeDelta::hours(LOCAL_HOURS)).and_utc())
    }
}

/// Months after the period's last month, and the day.
fn read_date(text: &str) -> Option<(u32, u32)> {
    let day = |text: &str| text.strip_suffix('日')?.parse().ok();
    if let Some(rest) = text.strip_prefix("本月") {
        return Some((0, day(rest)?));
    }
    if let Some(rest) = text.strip_prefix("次月").or_else(|| text.strip_prefix("季后")) {
        return Some((1, day(rest)?));
    }
    let (month, rest) = text.strip_prefix("次年")?.split_once('月')?;
    let month: u32 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((month, day(rest)?))
}

fn read_time(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0))).then_some(hours * 60 + minutes)
}

/// When one or several forms are reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) forms: Vec<String>,
    /// Only for periods that end with one of these months; empty for all.
    pub(crate) ends_in: Vec<u8>,
    pub(crate) opens: Moment,
    pub(crate) due: Moment,
    pub(crate) closes: Moment,
    pub(crate) accept: Vec<(Level, Moment)>,
}

impl Rule {
    pub(crate) fn is_for(&self, form: &str, period: Period) -> bool {
        let months = self.ends_in.is_empty() || self.ends_in.contains(&period.last_month());
        months && self.forms.iter().any(|known| known == form)
    }

    /// The instants of a period; none where they are not in order.
    pub(crate) fn planned(&self, period: Period) -> Option<Planned> {
        let times = Times {
            opens_at: self.opens.of(period)?,
            due_at: self.due.of(period)?,
            closes_at: self.closes.of(period)?,
        };
        let link = |(level, moment): &(Level, Moment)| Link { level: *level, due_at: moment.of(period) };
        let chain = Chain::try_from(self.accept.iter().map(link).collect::<Vec<_>>()).ok()?;
        let first = chain.links().iter().find_map(|link| link.due_at);
        let in_order = first.is_none_or(|first| first >= times.due_at);
        in_order.then_some(Planned { times: times.checked().ok()?, chain })
    }
}

/// What the calendar says about a form and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// 开网, 截止, 关网.
    pub times: Times,
    /// The levels that accept, with their deadlines.
    pub chain: Chain,
}

/// The rules of a programme; the first that fits counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    pub(crate) rules: Vec<Rule>,
    /// Forms, each with the months with which its exempt periods (免报) end.
    pub(crate) exempt: Vec<(String, Vec<u8>)>,
}

impl Calendar {
    /// True where the form is not reported for the period (免报), although its rhythm would have it.
    pub fn is_exempt(&self, form: &str, period: Period) -> bool {
        self.exempt.iter().any(|(code, months)| code == form && months.contains(&period.last_month()))
    }

    pub(crate) fn speaks_of(&self, form: &str, period: Period) -> bool {
        self.is_exempt(form, period) || self.rules.iter().any(|rule| rule.is_for(form, period))
    }

    /// What is planned for a form and period; none where the calendar is silent or the period is exempt.
    pub fn planned(&self, form: &str, period: Period) -> Option<Planned> {
        if self.is_exempt(form, period) {
            return None;
        }
        self.rules.iter().find(|rule| rule.is_for(form, period))?.planned(period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use youju_domain::survey::print_instant;

    #[test]
    fn moments_are_told_from_the_end_of_the_period() {
        let cases = [
            ("本月25日 00:00", "2026-03", "2026-03-25 00:00"),
            ("次月18日 18:00", "2026-12", "2027-01-18 18:00"),
            ("季后7日 12:00", "2026-Q1", "2026-04-07 12:00"),
            ("次年3月10日 24:00", "2026", "2027-03-11 00:00"),
        ];
        for (text, period, expected) in cases {
            let instant = Moment::parse(text).unwrap().of(Period::parse(period).unwrap()).unwrap();
            assert_eq!(print_instant(instant), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_that_cannot_be_is_refused() {
        for text in
            ["次月18日", "次月31日 18:00", "次月0日 18:00", "下月3日 10:00", "次年13月1日 10:00", "本月3日 24:01"]
        {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }
}
