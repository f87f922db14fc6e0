//! Contact 通知方式 — by which channel a person wants to hear of their messages, how soon, and when not.

use chrono::{NaiveTime, TimeDelta, Timelike};

use crate::Instant;
use crate::id::PersonId;
use crate::problem::Problem;
use crate::survey::local;

/// Most characters of an address: a mail address or a number.
pub const ADDRESS_CHARS_MAX: usize = 254;
/// When daily digests are sent, in minutes after midnight: eight o'clock.
pub const DIGEST_MINUTE: u32 = 8 * 60;
const DAY_MINUTES: u32 = 24 * 60;

/// How soon a person hears of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// 逐条.
    AtOnce,
    /// 每日汇总, at eight in the morning.
    Daily,
}

impl Cadence {
    /// Both.
    pub const ALL: [Cadence; 2] = [Cadence::AtOnce, Cadence::Daily];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Cadence::AtOnce => "逐条",
            Cadence::Daily => "每日汇总(早 8 点)",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Cadence::AtOnce => "at_once",
            Cadence::Daily => "daily",
        }
    }

    /// Reads [`Cadence::key`].
    pub fn from_key(key: &str) -> Option<Cadence> {
        Cadence::ALL.into_iter().find(|cadence| cadence.key() == key)
    }
}

/// Hours in which nothing is sent, in minutes after midnight; they may span midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// From.
    pub from: u32,
    /// Until; a message waits for this minute.
    pub until: u32,
}

/// Contact 通知方式.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Whose.
    pub person: PersonId,
    /// Id of the configured channel.
    pub channel: String,
    /// Mail address or mobile number; empty for the robot of a group.
    pub address: String,
    /// How soon.
    pub cadence: Cadence,
    /// When not.
    pub quiet: Option<Quiet>,
}

impl Contact {
    /// Refuses what cannot be an address, and quiet hours that are no hours.
    pub fn checked(self) -> Result<Contact, Problem> {
        let bad = |reason: &str| Err(Problem::BadInput { reason: reason.to_owned() });
        let is_odd = self.address.chars().any(|c| c.is_whitespace() || c.is_control());
        if is_odd || self.address.chars().count() > ADDRESS_CHARS_MAX {
            return bad("邮箱或手机号不能有空格,也不能太长。");
        }
        if self.quiet.is_some_and(|quiet| quiet.from == quiet.until || quiet.from.max(quiet.until) >= DAY_MINUTES) {
            return bad("免打扰时间应写明从几点到几点。");
        }
        Ok(self)
    }

    /// When a message of this instant is to be sent: at once, after the quiet hours, or with the next digest.
    pub fn send_at(&self, now: Instant) -> Instant {
        let wanted = match self.cadence {
            Cadence::AtOnce => now,
            Cadence::Daily => next(now, DIGEST_MINUTE),
        };
        match self.quiet {
            Some(quiet) if quiet.covers(minute_of(wanted)) => next(wanted, quiet.until),
            _ => wanted,
        }
    }
}

impl Quiet {
    fn covers(self, minute: u32) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

fn minute_of(instant: Instant) -> u32 {
    let time = local(instant).time();
    time.hour() * 60 + time.minute()
}

/// The next time that a clock in Asia/Shanghai shows a minute of the day.
fn next(now: Instant, minute: u32) -> Instant {
    let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap_or_default();
    let today = (local(now).date().and_time(time) - TimeDelta::hours(8)).and_utc();
    if today > now { today } else { today + TimeDelta::days(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::{parse_local, print_instant};

    fn contact(cadence: Cadence, quiet: Option<(u32, u32)>) -> Contact {
        let person = PersonId::new(uuid::Uuid::nil());
        let quiet = quiet.map(|(from, until)| Quiet { from: from * 60, until: until * 60 });
        Contact { person, channel: "mail".into(), address: "a@b.cn".into(), cadence, quiet }
    }

    #[test]
    fn a_message_waits_for_the_end_of_the_quiet_hours_or_for_the_morning() {
        let cases = [
            (Cadence::AtOnce, None, "2026-04-03 23:10", "2026-04-03 23:10"),
            (Cadence::AtOnce, Some((22, 7)), "2026-04-03 23:10", "2026-04-04 07:00"),
            (Cadence::AtOnce, Some((22, 7)), "2026-04-03 06:59", "2026-04-03 07:00"),
            (Cadence::AtOnce, Some((22, 7)), "2026-04-03 07:00", "2026-04-03 07:00"),
            (Cadence::AtOnce, Some((12, 14)), "2026-04-03 13:00", "2026-04-03 14:00"),
            (Cadence::Daily, None, "2026-04-03 07:59", "2026-04-03 08:00"),
            (Cadence::Daily, None, "2026-04-03 08:00", "2026-04-04 08:00"),
            (Cadence::Daily, Some((22, 9)), "2026-04-03 10:00", "2026-04-04 09:00"),
        ];
        for (cadence, quiet, now, expected) in cases {
            let sent = contact(cadence, quiet).send_at(parse_local(now).unwrap());
            assert_eq!(print_instant(sent), expected, "{cadence:?} {quiet:?} {now}");
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        assert!(contact(Cadence::AtOnce, Some((22, 7))).checked().is_ok());
        assert!(contact(Cadence::AtOnce, Some((7, 7))).checked().is_err());
        assert!(Contact { address: "a@b.cn\r\nBcc: x".into(), ..contact(Cadence::AtOnce, None) }.checked().is_err());
    }
}
