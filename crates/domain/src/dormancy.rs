//! Dormancy 僵尸账号: an account that nobody uses opens a door for somebody else. It is noticed, has a term, and is suspended; whoever
//! still needs it signs in before, or has it restored after. How things stand is computed from dates; only the suspension is kept.

use chrono::{NaiveDate, TimeDelta};

use crate::Instant;
use crate::account::AccountProblem;
use crate::problem::Problem;
use crate::survey::{local, print_instant};

/// A new account that nobody has signed in with is dormant after so many days.
pub const UNUSED_DAYS: i64 = 30;
/// Any other one after so many days without signing in.
pub const IDLE_DAYS: i64 = 90;
/// Days between the notice and the suspension.
pub const NOTICE_DAYS: i64 = 14;
/// Fewest characters of the reason for which an account is restored.
pub const REASON_CHARS_MIN: usize = 4;

/// Why an account is dormant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// 已离岗: the post has ended.
    PostEnded,
    /// 从未使用.
    NeverUsed,
    /// 长期未用.
    Idle,
}

impl Why {
    /// All reasons.
    pub const ALL: [Why; 3] = [Why::PostEnded, Why::NeverUsed, Why::Idle];

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Why::PostEnded => "已离岗",
            Why::NeverUsed => "开设 30 天没有登录过",
            Why::Idle => "连续 90 天没有登录",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Why::PostEnded => "post_ended",
            Why::NeverUsed => "never_used",
            Why::Idle => "idle",
        }
    }

    /// Reads [`Why::key`].
    pub fn from_key(key: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.key() == key)
    }
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 使用中.
    InUse,
    /// 待通知: dormant, and nobody has said so yet.
    Dormant(Why),
    /// 已通知: will be suspended unless somebody signs in.
    Noticed {
        /// Why.
        why: Why,
        /// When.
        until: Instant,
    },
    /// 已停用: nobody can sign in.
    Suspended {
        /// Why.
        why: Why,
        /// Since when.
        since: Instant,
    },
}

impl Standing {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::InUse => "使用中",
            Standing::Dormant(_) => "待通知",
            Standing::Noticed { .. } => "已通知",
            Standing::Suspended { .. } => "已停用",
        }
    }
}

/// The dates of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Life {
    /// When it was made, if that is known.
    pub made_at: Option<Instant>,
    /// When somebody last signed in with it.
    pub used_at: Option<Instant>,
    /// When it was last restored: days count from there anew.
    pub restored_at: Option<Instant>,
    /// The last day of the person's post, if it ends.
    pub post_ends_on: Option<NaiveDate>,
    /// Until when the person was given notice.
    pub notice_until: Option<Instant>,
    /// Since when and why it is suspended.
    pub suspended: Option<(Instant, Why)>,
}

impl Life {
    /// Why the account is dormant, if it is.
    pub fn why(&self, now: Instant) -> Option<Why> {
        if self.post_ends_on.is_some_and(|last| local(now).date() > last) {
            return Some(Why::PostEnded);
        }
        let (since, days, why) = match self.used_at {
            None => (self.made_at.max(self.restored_at), UNUSED_DAYS, Why::NeverUsed),
            used => (used.max(self.restored_at), IDLE_DAYS, Why::Idle),
        };
        since.is_none_or(|since| now >= since + TimeDelta::days(days)).then_some(why)
    }

    /// How the account stands. A term that has run out suspends by itself: nobody has to be awake for it.
    pub fn standing(&self, now: Instant) -> Standing {
        if let Some((since, why)) = self.suspended {
            return Standing::Suspended { why, since };
        }
        match (self.why(now), self.notice_until) {
            (None, _) => Standing::InUse,
            (Some(why), None) => Standing::Dormant(why),
            (Some(why), Some(until)) if now < until => Standing::Noticed { why, until },
            (Some(why), Some(until)) => Standing::Suspended { why, since: until },
        }
    }

    /// Refuses whoever has shown the right password of a suspended account, and says how to appeal.
    pub fn must_be_open(&self, now: Instant) -> Result<(), Problem> {
        match self.standing(now) {
            Standing::Suspended { why, since } => {
                Err(AccountProblem::Suspended { why: why.label(), since: print_instant(since) }.into())
            }
            _ => Ok(()),
        }
    }

    /// True while nobody can sign in.
    pub fn is_shut(&self, now: Instant) -> bool {
        matches!(self.standing(now), Standing::Suspended { .. })
    }

    /// The same account after notice was given; none when there is nothing to give notice of.
    pub fn noticed(self, now: Instant) -> Option<Life> {
        let until = now + TimeDelta::days(NOTICE_DAYS);
        matches!(self.standing(now), Standing::Dormant(_)).then_some(Life { notice_until: Some(until), ..self })
    }

    /// The same account when its term has run out and that has not been kept yet.
    pub fn run_out(self, now: Instant) -> Option<Life> {
        match (self.suspended, self.standing(now)) {
            (None, Standing::Suspended { why, .. }) => Some(Life { suspended: Some((now, why)), ..self }),
            _ => None,
        }
    }

    /// The same account in use again. A post that had ended goes on.
    pub fn restored(self, reason: &str, now: Instant) -> Result<Life, Problem> {
        if reason.trim().chars().count() < REASON_CHARS_MIN {
            let reason = format!("恢复应写明原因,不少于 {REASON_CHARS_MIN} 个字。");
            return Err(Problem::BadInput { reason });
        }
        if self.standing(now) == Standing::InUse {
            return Err(AccountProblem::InUse.into());
        }
        let post_ends_on = self.post_ends_on.filter(|last| local(now).date() <= *last);
        Ok(Life { restored_at: Some(now), post_ends_on, notice_until: None, suspended: None, ..self })
    }
}
