//! What offices do with a report: take it up, accept, send back, lock. None of it writes a cell (law 1).

use super::{Level, Report, State};
use crate::Instant;
use crate::problem::Problem;
use crate::survey::Window;

/// Days in which a unit mends a report that was sent back, where nobody says otherwise.
pub const MEND_DAYS: i64 = 2;
/// Fewest characters of a reason for a return (退回原因).
pub const RETURN_REASON_CHARS_MIN: usize = 4;

impl Report {
    /// The first level of the chain begins to review (开始审核): from now on the unit cannot recall the report.
    pub fn take_up(self, level: Level, window: &Window) -> Result<Report, Problem> {
        if window.chain.first() != Some(level) {
            return Err(Problem::NotYourTurn { level: window.chain.first() });
        }
        if self.state != State::Submitted {
            return Err(Problem::WrongState { is: self.state, needs: State::Submitted });
        }
        Ok(self.moved(State::UnderReview, window))
    }

    /// The first level lays the report down again (放回): the unit may recall it.
    pub fn put_down(self, level: Level, window: &Window) -> Result<Report, Problem> {
        if window.chain.first() != Some(level) {
            return Err(Problem::NotYourTurn { level: window.chain.first() });
        }
        if self.state != State::UnderReview {
            return Err(Problem::WrongState { is: self.state, needs: State::UnderReview });
        }
        Ok(self.moved(State::Submitted, window))
    }

    /// An office accepts. A higher level accepts only what the level below it in the chain has accepted. What was corrected after
    /// the window had been locked is locked again by the last acceptance.
    pub fn accept(self, level: Level, window: &Window) -> Result<Report, Problem> {
        if !window.chain.holds(level) {
            return Err(Problem::NotYourTurn { level: window.chain.first() });
        }
        let needs = window.chain.awaited_by(level);
        let is_taken_up = self.state == State::UnderReview && needs == State::Submitted;
        if self.state != needs && !is_taken_up {
            return Err(Problem::WrongState { is: self.state, needs });
        }
        let is_locked_again = window.locked_at.is_some() && window.chain.last() == Some(level);
        Ok(self.moved(if is_locked_again { State::Locked } else { State::Accepted(level) }, window))
    }

    /// An office sends the report back to the unit, with a reason; every acceptance given so far falls. The cells stay as
    /// they are: only the respondent mends them, until `mend_by`. A level cannot undo what a higher one has accepted.
    pub fn return_(self, level: Level, window: &Window, reason: &str, mend_by: Instant) -> Result<Report, Problem> {
        let reason = reason.trim();
        if reason.chars().count() < RETURN_REASON_CHARS_MIN {
            return Err(Problem::ReturnReasonShort);
        }
        if !window.chain.holds(level) {
            return Err(Problem::NotYourTurn { level: window.chain.first() });
        }
        let may = match self.state {
            State::Submitted | State::UnderReview => true,
            State::Accepted(by) => by <= level,
            _ => false,
        };
        if !may {
            return Err(Problem::WrongState { is: self.state, needs: State::Submitted });
        }
        Ok(self.sent_back(reason, mend_by))
    }

    /// An approved correction (更正) opens an accepted or locked report for the unit. Only the level that accepted last, or a
    /// higher one, approves; a locked report is opened by the last level of the chain.
    pub fn reopen(self, level: Level, window: &Window, reason: &str, mend_by: Instant) -> Result<Report, Problem> {
        let may = match self.state {
            State::Accepted(by) => by <= level,
            State::Locked => window.chain.last().is_some_and(|last| last <= level),
            _ => return Err(Problem::WrongState { is: self.state, needs: State::Accepted(level) }),
        };
        if may {
            Ok(self.sent_back(reason, mend_by))
        } else {
            Err(Problem::NotYourTurn { level: self.accepted_by(window) })
        }
    }

    /// The level that accepted last, while it holds.
    pub fn accepted_by(&self, window: &Window) -> Option<Level> {
        match self.state {
            State::Accepted(level) => Some(level),
            State::Locked => window.chain.last(),
            _ => None,
        }
    }

    /// The last level closes the report for good (锁定).
    pub fn lock(self, level: Level, window: &Window) -> Result<Report, Problem> {
        if window.chain.last() != Some(level) {
            return Err(Problem::NotYourTurn { level: window.chain.last() });
        }
        let needs = State::Accepted(level);
        if self.state != needs {
            return Err(Problem::WrongState { is: self.state, needs });
        }
        Ok(self.moved(State::Locked, window))
    }

    /// A formal reminder gives a unit that has not reported until an instant to do so. It never shortens the window.
    pub fn extend(mut self, window: &Window, until: Instant, now: Instant) -> Result<Report, Problem> {
        if self.state.is_reported() || self.is_being_mended() {
            return Err(Problem::NothingOverdue);
        }
        if window.locked_at.is_some() {
            return Err(Problem::WindowLocked);
        }
        if now <= window.times.due_at {
            return Err(Problem::NotDueYet { due_at: crate::survey::print_instant(window.times.due_at) });
        }
        if until <= now {
            return Err(Problem::BadInput { reason: "催报通知的期限应晚于现在。".into() });
        }
        self.extended_until = Some(until);
        Ok(self)
    }

    fn sent_back(mut self, reason: &str, mend_by: Instant) -> Report {
        self.state = State::Returned;
        self.awaits = None;
        self.return_reason = Some(reason.to_owned());
        self.mend_by = Some(mend_by);
        self.signed_by = None;
        self.authorised_by = None;
        self
    }
}
