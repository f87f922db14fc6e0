//! Correction 数据更正 — after acceptance a unit asks to change figures: why, which, with what evidence. The office that accepted
//! decides; only then is the report open again, and what the unit hands in is the next version.

use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::access::Respondent;
use crate::finding::meaningful;
use crate::id::{CorrectionId, PersonId, ReportId};
use crate::problem::Problem;
use crate::report::{CellId, Level, Report, Value};
use crate::survey::Window;

/// Days in which the office decides on a correction.
pub const DECIDE_DAYS: i64 = 3;
/// Days in which the unit hands in again after approval.
pub const MEND_DAYS: i64 = 3;

/// Cause 更正原因.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 填报错误.
    Slip,
    /// 口径理解.
    Concept,
    /// 财务调账.
    Accounts,
    /// 审计调整.
    Audit,
    /// 计量单位错误.
    Measure,
    /// 其他.
    Other,
}

impl Cause {
    /// All causes.
    pub const ALL: [Cause; 6] =
        [Cause::Slip, Cause::Concept, Cause::Accounts, Cause::Audit, Cause::Measure, Cause::Other];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Cause::Slip => "填报错误",
            Cause::Concept => "口径理解有误",
            Cause::Accounts => "财务调账",
            Cause::Audit => "审计调整",
            Cause::Measure => "计量单位错误",
            Cause::Other => "其他",
        }
    }

    /// The name in storage and forms.
    pub fn key(self) -> &'static str {
        match self {
            Cause::Slip => "slip",
            Cause::Concept => "concept",
            Cause::Accounts => "accounts",
            Cause::Audit => "audit",
            Cause::Measure => "measure",
            Cause::Other => "other",
        }
    }

    /// Reads [`Cause::key`].
    pub fn from_key(key: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.key() == key)
    }
}

/// A figure that the unit wants to stand otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Which cell.
    pub cell: CellId,
    /// What was accepted.
    pub was: Value,
    /// What shall stand there.
    pub value: Value,
}

/// Where a correction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// 待审批: the office has to decide.
    Asked,
    /// 已同意,待重报: the unit has to hand in again.
    Approved,
    /// 不同意.
    Refused,
    /// 已撤回, by the unit itself.
    Withdrawn,
    /// 已更正: handed in again.
    Done,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 5] = [Stage::Asked, Stage::Approved, Stage::Refused, Stage::Withdrawn, Stage::Done];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Asked => "待审批",
            Stage::Approved => "已同意,待重报",
            Stage::Refused => "不同意",
            Stage::Withdrawn => "已撤回",
            Stage::Done => "已更正",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Asked => "asked",
            Stage::Approved => "approved",
            Stage::Refused => "refused",
            Stage::Withdrawn => "withdrawn",
            Stage::Done => "done",
        }
    }

    /// Reads [`Stage::key`].
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// True while somebody has to act.
    pub fn is_open(self) -> bool {
        matches!(self, Stage::Asked | Stage::Approved)
    }
}

/// A decision on a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who decided.
    pub by: PersonId,
    /// For which level.
    pub level: Level,
    /// When.
    pub at: Instant,
    /// What was said with it.
    pub opinion: String,
}

/// Correction 数据更正.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// Of which report.
    pub report: ReportId,
    /// The version that was accepted.
    pub version: u32,
    /// Why.
    pub cause: Cause,
    /// Why, in words.
    pub reason: String,
    /// Which figures.
    pub wanted: Vec<Wanted>,
    /// Who asked.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// Until when whoever has to act should have.
    pub due_at: Instant,
    /// The decision, once there is one.
    pub decision: Option<Decision>,
    /// The version that the unit handed in for it.
    pub new_version: Option<u32>,
}

impl Correction {
    /// The unit asks. Only accepted or locked reports are corrected; before acceptance the unit recalls, or is sent its
    /// report back.
    pub fn ask(
        id: CorrectionId,
        by: &Respondent,
        report: &Report,
        (cause, reason): (Cause, &str),
        wanted: Vec<Wanted>,
        now: Instant,
    ) -> Result<Correction, Problem> {
        by.must_answer_for(report.unit)?;
        if !report.state.is_accepted_by(Level::Township) {
            return Err(Problem::WrongState {
                is: report.state,
                needs: crate::report::State::Accepted(Level::Township),
            });
        }
        if wanted.is_empty() {
            return Err(Problem::BadInput { reason: "请写明要更正哪些数据、改成多少。".into() });
        }
        if let Some(same) = wanted.iter().find(|wanted| wanted.was == wanted.value) {
            return Err(Problem::BadInput { reason: format!("{}更正前后是同一个数。", same.cell) });
        }
        Ok(Correction {
            id,
            report: report.id,
            version: report.versions,
            cause,
            reason: meaningful(reason)?,
            wanted,
            asked_by: by.person(),
            asked_at: now,
            stage: Stage::Asked,
            due_at: now + chrono::TimeDelta::days(DECIDE_DAYS),
            decision: None,
            new_version: None,
        })
    }

    /// The level that has to decide: the one that accepted last, because nobody below can undo that.
    pub fn decided_by(report: &Report, window: &Window) -> Option<Level> {
        report.accepted_by(window)
    }

    /// The office agrees: the report goes back to the unit, to be handed in again.
    pub fn approve(
        mut self,
        decision: Decision,
        report: Report,
        window: &Window,
    ) -> Result<(Correction, Report), Problem> {
        self.must_be(Stage::Asked)?;
        let reason = format!("同意更正({}):{}", self.cause.label(), self.reason);
        self.due_at = decision.at + chrono::TimeDelta::days(MEND_DAYS);
        let report = report.reopen(decision.level, window, &reason, self.due_at)?;
        self.stage = Stage::Approved;
        self.decision = Some(decision);
        Ok((self, report))
    }

    /// The office does not agree, and says why.
    pub fn refuse(mut self, decision: Decision, report: &Report, window: &Window) -> Result<Correction, Problem> {
        self.must_be(Stage::Asked)?;
        let decides = Correction::decided_by(report, window);
        if decides.is_none_or(|level| decision.level < level) {
            return Err(Problem::NotYourTurn { level: decides });
        }
        meaningful(&decision.opinion)?;
        self.stage = Stage::Refused;
        self.decision = Some(decision);
        Ok(self)
    }

    /// The office sends the report back before it has decided: what was applied for is open to the unit already.
    pub fn overtaken(mut self, decision: Decision, mend_by: Instant) -> Result<Correction, Problem> {
        self.must_be(Stage::Asked)?;
        self.stage = Stage::Approved;
        self.due_at = mend_by;
        self.decision = Some(decision);
        Ok(self)
    }

    /// The unit changes its mind before the office decides.
    pub fn withdraw(mut self) -> Result<Correction, Problem> {
        self.must_be(Stage::Asked)?;
        self.stage = Stage::Withdrawn;
        Ok(self)
    }

    /// The unit has handed the report in again.
    pub fn finish(mut self, version: u32) -> Result<Correction, Problem> {
        self.must_be(Stage::Approved)?;
        self.stage = Stage::Done;
        self.new_version = Some(version);
        Ok(self)
    }

    fn must_be(&self, stage: Stage) -> Result<(), Problem> {
        if self.stage == stage {
            return Ok(());
        }
        Err(Problem::BadInput {
            reason: format!("这份更正申请现在是“{}”,这一步需要“{}”。", self.stage.label(), stage.label()),
        })
    }
}
