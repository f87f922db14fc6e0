//! Survey 调查: windows in which a form is reported for a period.

use youju_codes::{AreaCode, Period};

use crate::Instant;
use crate::id::WindowId;
use crate::problem::Problem;

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
    /// Hash of the form's definition, frozen when the window was made.
    pub form_version: String,
    /// Period 报告期.
    pub period: Period,
    /// 开网.
    pub opens_at: Instant,
    /// 截止: a submission after this is late.
    pub due_at: Instant,
    /// 关网: nothing is taken after this.
    pub closes_at: Instant,
}

/// Prints an instant as the people of the house read it: Asia/Shanghai, which has had no summer time since 1991.
pub fn print_instant(instant: Instant) -> String {
    local(instant).format("%Y-%m-%d %H:%M").to_string()
}

/// The instant in Asia/Shanghai.
pub fn local(instant: Instant) -> chrono::NaiveDateTime {
    instant.naive_utc() + chrono::TimeDelta::hours(8)
}

/// Reads `2026-11-21T14:03` or `2026-11-21 14:03` as an instant in Asia/Shanghai.
pub fn parse_local(text: &str) -> Option<Instant> {
    let text = text.trim().replace('T', " ");
    ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|format| chrono::NaiveDateTime::parse_from_str(&text, format).ok())
        .map(|local| (local - chrono::TimeDelta::hours(8)).and_utc())
}

impl Window {
    /// A window whose instants are in order.
    pub fn checked(self) -> Result<Window, Problem> {
        let in_order = self.opens_at < self.due_at && self.due_at <= self.closes_at;
        if in_order { Ok(self) } else { Err(Problem::WindowOrder) }
    }

    /// True after the deadline.
    pub fn is_late(&self, now: Instant) -> bool {
        now > self.due_at
    }

    /// True between opening and closing.
    pub fn is_open(&self, now: Instant) -> bool {
        self.opens_at <= now && now <= self.closes_at
    }

    /// Refuses outside opening and closing.
    pub fn must_be_open(&self, now: Instant) -> Result<(), Problem> {
        if now < self.opens_at {
            Err(Problem::WindowNotOpen { opens_at: print_instant(self.opens_at) })
        } else if now > self.closes_at {
            Err(Problem::WindowClosed { closed_at: print_instant(self.closes_at) })
        } else {
            Ok(())
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
