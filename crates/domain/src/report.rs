//! Report 报表 — one unit's answers to one form for one period, and its life from empty to accepted.
//!
//! Law 1 holds here by construction: the only commands that touch a cell are [`Report::save`] and [`Report::generate`],
//! and both demand a [`Respondent`], which cannot be made from an officer.

mod cell;
mod office;
mod state;

use youju_codes::Period;

use crate::Instant;
use crate::access::Respondent;
use crate::finding::{Answered, Standing};
use crate::id::{PersonId, ReportId, UnitId, WindowId};
use crate::problem::Problem;
use crate::survey::{Handing, Window};

pub use cell::{
    Cell, CellId, Cells, Change, Conflict, Derivation, DerivationInput, Generated, Value, ValueState, changed_between,
    value_of,
};
pub(crate) use cell::{overtype, put_generated};
pub use office::{MEND_DAYS, RETURN_REASON_CHARS_MIN};
pub use state::{Level, State};

/// Report 报表.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The unit that answers.
    pub unit: UnitId,
    /// The window in which it is reported.
    pub window: WindowId,
    /// Form code 表号.
    pub form: String,
    /// Period 报告期.
    pub period: Period,
    /// Where it stands; never [`State::NotOpen`].
    pub state: State,
    /// The level whose turn it is, while an office holds the report and one is left.
    pub awaits: Option<Level>,
    /// The present cells.
    pub cells: Cells,
    /// Number of versions submitted so far.
    pub versions: u32,
    /// Changes at every write; a writer who saw an older number is told so.
    pub revision: i64,
    /// When it was last submitted.
    pub submitted_at: Option<Instant>,
    /// True when that was after the deadline.
    pub is_late: bool,
    /// Why it was returned, while it is.
    pub return_reason: Option<String>,
    /// Until when it should be handed in again, while it is returned.
    pub mend_by: Option<Instant>,
    /// Who signed as statistician (统计负责人), while it is signed.
    pub signed_by: Option<PersonId>,
    /// Who signed as person in charge (单位负责人), while it is signed.
    pub authorised_by: Option<PersonId>,
    /// Until when this unit may still hand in although the window has closed: the end of a formal reminder (催报通知).
    pub extended_until: Option<Instant>,
}

impl Report {
    /// An empty report, made when its window opens.
    pub fn empty(id: ReportId, unit: UnitId, window: &Window) -> Report {
        Report {
            id,
            unit,
            window: window.id,
            form: window.form.clone(),
            period: window.period,
            state: State::Empty,
            awaits: None,
            cells: Cells::new(),
            versions: 0,
            revision: 0,
            submitted_at: None,
            is_late: false,
            return_reason: None,
            mend_by: None,
            signed_by: None,
            authorised_by: None,
            extended_until: None,
        }
    }

    /// Takes the respondent's changes, cell by cell. A cell that somebody else changed in between is left alone and
    /// reported as a conflict; the other changes stand. Signatures fall, because they were given for other figures.
    pub fn save(
        mut self,
        by: &Respondent,
        window: &Window,
        changes: &[Change],
        now: Instant,
    ) -> Result<(Report, Vec<Conflict>), Problem> {
        self.must_be_editable(by, window, now)?;
        let mut conflicts = Vec::new();
        let mut is_touched = false;
        for change in changes {
            let stands = value_of(&self.cells, &change.cell).clone();
            if stands == change.value {
                continue;
            }
            if stands != change.was {
                conflicts.push(Conflict { cell: change.cell.clone(), stands, wanted: change.value.clone() });
                continue;
            }
            let cell = overtype(self.cells.get(&change.cell), change, by.person(), now);
            self.cells.insert(change.cell.clone(), cell);
            is_touched = true;
        }
        if is_touched {
            self = self.drafted();
        }
        Ok((self, conflicts))
    }

    /// Puts generated values into the report (一键生成). A cell that the respondent typed into, before or after an earlier
    /// generation, keeps the typed value and gets the generated one beside it.
    pub fn generate(
        mut self,
        by: &Respondent,
        window: &Window,
        generated: Vec<Generated>,
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        put_generated(&mut self.cells, generated, by.person(), now);
        Ok(self.drafted())
    }

    /// Takes generated values away that the books do not give any more. What the respondent typed stays.
    pub fn withdraw(
        mut self,
        by: &Respondent,
        window: &Window,
        stale: &[CellId],
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        for id in stale {
            if self.cells.get(id).is_some_and(|cell| cell.state == ValueState::Computed) {
                self.cells.remove(id);
            }
        }
        Ok(if stale.is_empty() { self } else { self.drafted() })
    }

    /// The statistician has the figures judged (审核). With nothing left to mend or to explain, the report is checked.
    pub fn check(
        mut self,
        by: &Respondent,
        window: &Window,
        open: &[Standing],
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        match self.state {
            State::Draft | State::Returned | State::Checked => {
                no_open_findings(open)?;
                self.state = State::Checked;
                Ok(self)
            }
            State::Empty => Err(Problem::NothingFilled),
            state => Err(Problem::WrongState { is: state, needs: State::Draft }),
        }
    }

    /// The statistician signs. Every finding must be mended or explained first.
    pub fn sign(
        mut self,
        by: &Respondent,
        window: &Window,
        open: &[Standing],
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        match self.state {
            State::Draft | State::Checked | State::Returned => {
                no_open_findings(open)?;
                self.state = State::Signed;
                self.signed_by = Some(by.person());
                Ok(self)
            }
            State::Empty => Err(Problem::NothingFilled),
            state => Err(Problem::WrongState { is: state, needs: State::Draft }),
        }
    }

    /// The person in charge of the unit signs.
    pub fn authorise(mut self, by: &Respondent, window: &Window, now: Instant) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        if self.state != State::Signed {
            return Err(Problem::WrongState { is: self.state, needs: State::Signed });
        }
        self.state = State::Authorised;
        self.authorised_by = Some(by.person());
        Ok(self)
    }

    /// Hands the signed report to the office; it becomes the next immutable version.
    /// Findings are looked at once more, because other reports that a check compares with may have changed.
    pub fn submit(
        mut self,
        by: &Respondent,
        window: &Window,
        findings: &[Answered],
        may_explain: bool,
        now: Instant,
    ) -> Result<Report, Problem> {
        self.must_be_editable(by, window, now)?;
        if self.state != State::Authorised {
            return Err(Problem::WrongState { is: self.state, needs: State::Authorised });
        }
        let standings: Vec<Standing> = findings.iter().map(|f| f.standing(may_explain)).collect();
        no_open_findings(&standings)?;
        self.mark_forced(findings, may_explain);
        self.is_late = self.is_late_at(window, now);
        self = self.moved(State::Submitted, window);
        self.submitted_at = Some(now);
        self.return_reason = None;
        self.mend_by = None;
        self.versions += 1;
        Ok(self)
    }

    /// The first handing in decides whether a report is late. One that an office gave back, to be mended or corrected, has a term of
    /// its own: who keeps it is no later than before.
    fn is_late_at(&self, window: &Window, now: Instant) -> bool {
        match self.mend_by {
            Some(mend_by) if self.is_being_mended() && now <= mend_by => self.is_late,
            _ => window.is_late(now),
        }
    }

    /// The respondent takes a submitted report back to change it, as long as no office has taken it up or accepted it
    /// and the window is open (LWZB-TIPS).
    pub fn recall(mut self, by: &Respondent, window: &Window, now: Instant) -> Result<Report, Problem> {
        by.must_answer_for(self.unit)?;
        self.must_be_in_time(window, now)?;
        if self.state != State::Submitted {
            return Err(Problem::WrongState { is: self.state, needs: State::Submitted });
        }
        self = self.drafted();
        Ok(self)
    }

    /// Refuses to write cells, explain or sign: for others than the unit's people, once an office holds the report, and
    /// outside the window. A report that was returned may be mended after the window has closed, until it has been handed
    /// in again: it must never be stuck.
    pub fn must_be_editable(&self, by: &Respondent, window: &Window, now: Instant) -> Result<(), Problem> {
        by.must_answer_for(self.unit)?;
        if !self.is_being_mended() {
            self.must_be_in_time(window, now)?;
        }
        if self.state.is_editable() { Ok(()) } else { Err(Problem::NotEditable { is: self.state }) }
    }

    /// Refuses outside the window, unless a formal reminder gives this unit longer.
    fn must_be_in_time(&self, window: &Window, now: Instant) -> Result<(), Problem> {
        match self.extended_until {
            Some(until) if window.is_opened(now) && now <= until => Ok(()),
            Some(until) if now > window.times.closes_at.max(until) => {
                Err(Problem::NoticeRunOut { until: crate::survey::print_instant(until) })
            }
            _ => window.must_be_open(now),
        }
    }

    /// What its punctuality is told from. What was handed in once counts, also while it is sent back.
    pub fn handing(&self) -> Handing {
        let is_in = self.state.is_reported() || self.is_being_mended();
        Handing { is_in, is_late: self.is_late, extended_until: self.extended_until }
    }

    /// True from the return until the report is handed in again, whatever has been signed meanwhile.
    pub fn is_being_mended(&self) -> bool {
        self.return_reason.is_some()
    }

    /// The report in another state, waiting for whoever has to act there.
    fn moved(mut self, state: State, window: &Window) -> Report {
        self.state = state;
        self.awaits = window.chain.waits_for(state);
        self
    }

    fn drafted(mut self) -> Report {
        // A returned report that changes is the returned report again, so that it keeps its place in the inbox.
        self.state = if self.is_being_mended() { State::Returned } else { State::Draft };
        self.awaits = None;
        self.signed_by = None;
        self.authorised_by = None;
        self
    }

    fn mark_forced(&mut self, findings: &[Answered], may_explain: bool) {
        let explained = findings.iter().filter(|f| f.standing(may_explain) == Standing::Explained);
        for id in explained.flat_map(|f| f.finding.cells.iter()) {
            if let Some(cell) = self.cells.get_mut(id)
                && cell.state == ValueState::Collected
            {
                cell.state = ValueState::Forced;
            }
        }
    }
}

fn no_open_findings(standings: &[Standing]) -> Result<(), Problem> {
    let mend = standings.iter().filter(|s| **s == Standing::MustMend).count();
    let explain = standings.iter().filter(|s| **s == Standing::MustExplain).count();
    if mend + explain == 0 { Ok(()) } else { Err(Problem::OpenFindings { mend, explain }) }
}
