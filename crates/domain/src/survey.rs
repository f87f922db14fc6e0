//! Survey 调查: windows in which a form is reported for a period, the levels that accept in it, and who is late.

use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, Period};

use crate::Instant;
use crate::id::WindowId;
use crate::problem::Problem;
use crate::report::{Level, State};

/// Window 报送窗口 — one form, one period, one area, with explicit instants (no hidden shift for holidays).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its id.
    pub id: WindowId,
    /// The area whose units report.
    pub area: AreaCode,
    /// Programme id.
    pub programme: String,
    /// Form code 表号.
    pub form: String,
    /// Hash of the form's definition, frozen when the window was opened.
    pub form_version: String,
    /// Period 报告期.
    pub period: Period,
    /// The three instants.
    pub times: Times,
    /// Which levels accept, and until when.
    pub chain: Chain,
    /// When the county opened it (开网) and every unit got its report; none while it only stands in the calendar.
    pub opened_at: Option<Instant>,
    /// When the last level locked it (锁定).
    pub locked_at: Option<Instant>,
}

/// When a window opens, when reports are due, when it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// 开网.
    pub opens_at: Instant,
    /// 截止: a submission after this is late.
    pub due_at: Instant,
    /// 关网: nothing is taken after this, but for returned reports and units with a formal reminder.
    pub closes_at: Instant,
}

/// One level that accepts, and until when it should have done so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The level.
    pub level: Level,
    /// Its deadline 验收截止, if one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
}

/// Chain 验收流程 — the levels that accept a report, lowest first, each once. What the jurisdiction orders: some skip the
/// township, some end at the city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Link>", into = "Vec<Link>")]
pub struct Chain(Vec<Link>);

impl TryFrom<Vec<Link>> for Chain {
    type Error = Problem;

    fn try_from(links: Vec<Link>) -> Result<Chain, Problem> {
        let rises = links.windows(2).all(|pair| matches!(pair, [low, high] if low.level < high.level));
        let due: Vec<Instant> = links.iter().filter_map(|link| link.due_at).collect();
        if links.is_empty() || !rises || !due.is_sorted() {
            return Err(Problem::WindowOrder);
        }
        Ok(Chain(links))
    }
}

impl From<Chain> for Vec<Link> {
    fn from(chain: Chain) -> Vec<Link> {
        chain.0
    }
}

impl Chain {
    /// Levels without deadlines.
    pub fn of(levels: &[Level]) -> Result<Chain, Problem> {
        Chain::try_from(levels.iter().map(|level| Link { level: *level, due_at: None }).collect::<Vec<_>>())
    }

    /// The links, lowest first.
    pub fn links(&self) -> &[Link] {
        &self.0
    }

    /// The level that reviews first.
    pub fn first(&self) -> Option<Level> {
        self.0.first().map(|link| link.level)
    }

    /// The level that accepts last.
    pub fn last(&self) -> Option<Level> {
        self.0.last().map(|link| link.level)
    }

    /// True when the level accepts.
    pub fn holds(&self, level: Level) -> bool {
        self.0.iter().any(|link| link.level == level)
    }

    /// The state of reports that wait for a level: what the level below has accepted, or what units have handed in.
    pub fn awaited_by(&self, level: Level) -> State {
        let below = self.0.iter().rev().find(|link| link.level < level);
        below.map_or(State::Submitted, |link| State::Accepted(link.level))
    }

    /// The level that a report in a state waits for.
    pub fn waits_for(&self, state: State) -> Option<Level> {
        match state {
            State::Submitted | State::UnderReview => self.first(),
            State::Accepted(by) => self.0.iter().map(|link| link.level).find(|level| *level > by),
            _ => None,
        }
    }

    /// The deadline of a level.
    pub fn due_at(&self, level: Level) -> Option<Instant> {
        self.0.iter().find(|link| link.level == level).and_then(|link| link.due_at)
    }
}

/// Prints an instant as the people of the house read it: Asia/Shanghai, which has had no summer time since 1991.
pub fn print_instant(instant: Instant) -> String {
    local(instant).format("%Y-%m-%d %H:%M").to_string()
}

/// The instant in Asia/Shanghai.
pub fn local(instant: Instant) -> chrono::NaiveDateTime {
    instant.naive_utc() + chrono::TimeDelta::hours(8)
}

/// The first instant of a day in Asia/Shanghai.
pub fn starts(day: chrono::NaiveDate) -> Instant {
    (day.and_time(chrono::NaiveTime::MIN) - chrono::TimeDelta::hours(8)).and_utc()
}

/// Reads `2026-11-21T14:03` or `2026-11-21 14:03` as an instant in Asia/Shanghai.
pub fn parse_local(text: &str) -> Option<Instant> {
    let text = text.trim().replace('T', " ");
    ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|format| chrono::NaiveDateTime::parse_from_str(&text, format).ok())
        .map(|local| (local - chrono::TimeDelta::hours(8)).and_utc())
}

impl Times {
    /// Instants that are in order.
    pub fn checked(self) -> Result<Times, Problem> {
        let in_order = self.opens_at < self.due_at && self.due_at <= self.closes_at;
        if in_order { Ok(self) } else { Err(Problem::WindowOrder) }
    }
}

impl Window {
    /// A window whose instants are in order, also those of the levels above.
    pub fn checked(self) -> Result<Window, Problem> {
        self.times.checked()?;
        let first = self.chain.links().iter().find_map(|link| link.due_at);
        if first.is_some_and(|due| due < self.times.due_at) { Err(Problem::WindowOrder) } else { Ok(self) }
    }

    /// True after the deadline.
    pub fn is_late(&self, now: Instant) -> bool {
        now > self.times.due_at
    }

    /// True from the opening on. A window that only stands in the calendar has not opened, whatever its times say.
    pub fn is_opened(&self, now: Instant) -> bool {
        self.opened_at.is_some() && self.times.opens_at <= now
    }

    /// True between opening and closing.
    pub fn is_open(&self, now: Instant) -> bool {
        self.is_opened(now) && now <= self.times.closes_at
    }

    /// Refuses outside opening and closing.
    pub fn must_be_open(&self, now: Instant) -> Result<(), Problem> {
        if !self.is_opened(now) {
            Err(Problem::WindowNotOpen { opens_at: print_instant(self.times.opens_at) })
        } else if now > self.times.closes_at {
            Err(Problem::WindowClosed { closed_at: print_instant(self.times.closes_at) })
        } else {
            Ok(())
        }
    }
}

/// How punctual a report is (及时性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Punctuality {
    /// 未开网.
    NotOpen,
    /// 未到期: not handed in, and it need not be yet.
    Pending,
    /// 按时.
    OnTime,
    /// 迟报: handed in after the deadline.
    Late,
    /// 逾期未报: the deadline has passed, nothing has been handed in.
    Overdue,
    /// 催报中: overdue, formally reminded, and that time runs.
    Reminded,
    /// 拒报: formally reminded, and that time has run out too.
    Refused,
}

/// What punctuality is told from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handing {
    /// It has been handed in once, and is with an office or was sent back by one.
    pub is_in: bool,
    /// That was after the deadline.
    pub is_late: bool,
    /// End of a formal reminder.
    pub extended_until: Option<Instant>,
}

impl Punctuality {
    /// How punctual a report of a window is at an instant.
    pub fn of(handing: Handing, window: &Window, now: Instant) -> Punctuality {
        if handing.is_in {
            return if handing.is_late { Punctuality::Late } else { Punctuality::OnTime };
        }
        match handing.extended_until {
            _ if !window.is_opened(now) => Punctuality::NotOpen,
            _ if !window.is_late(now) => Punctuality::Pending,
            Some(until) if now > until => Punctuality::Refused,
            Some(_) => Punctuality::Reminded,
            None => Punctuality::Overdue,
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Punctuality::NotOpen => "未开网",
            Punctuality::Pending => "未到期",
            Punctuality::OnTime => "按时",
            Punctuality::Late => "迟报",
            Punctuality::Overdue => "逾期未报",
            Punctuality::Reminded => "催报中",
            Punctuality::Refused => "催报期满未报",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_and_printed_in_local_time() {
        let instant = parse_local("2026-11-21T00:30").unwrap();
        assert_eq!(instant.to_rfc3339(), "2026-11-20T16:30:00+00:00");
        assert_eq!(print_instant(instant), "2026-11-21 00:30");
        assert_eq!(parse_local("2026-13-01 00:00"), None);
    }
}
