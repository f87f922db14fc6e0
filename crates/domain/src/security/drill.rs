//! Drills 应急演练: the emergency plan in its versions, drills with what was found, and issues that are struck off one by one. A plan is never
//! changed: the next version says what is new and why.

use chrono::NaiveDate;

use super::{NAME_CHARS_MAX, REASON_CHARS_MIN, WORDS_CHARS_MAX, bad, words};
use crate::Instant;
use crate::id::{DrillId, IssueId, PersonId, PlanId, SelfCheckId};
use crate::problem::Problem;

/// A kept file that belongs to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub hash: String,
}

/// Who wrote something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
}

/// Version of the emergency plan 应急预案.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its number, from 1.
    pub number: i64,
    /// What it is called.
    pub title: String,
    /// Its words; may be empty where there is a file.
    pub body: String,
    /// The file that it stands in.
    pub file: Option<KeptFile>,
    /// From which day on it counts.
    pub in_force: NaiveDate,
    /// What is new and why.
    pub change: String,
    /// The drill whose findings it answers.
    pub after: Option<DrillId>,
    /// Who wrote it.
    pub by: Hand,
}

impl Plan {
    /// The plan with trimmed words, or what is wrong with it.
    pub fn checked(mut self) -> Result<Plan, Problem> {
        self.title = words(&self.title, "预案名称", 2, NAME_CHARS_MAX)?;
        self.body = words(&self.body, "预案正文", 0, WORDS_CHARS_MAX)?;
        self.change =
            words(&self.change, "修订说明", if self.number > 1 { REASON_CHARS_MIN } else { 0 }, WORDS_CHARS_MAX)?;
        if self.body.is_empty() && self.file.is_none() {
            return Err(bad("请写上预案正文,或上传预案文件。"));
        }
        Ok(self)
    }
}

/// Drill 演练.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    /// Its id.
    pub id: DrillId,
    /// When it was held.
    pub held_on: NaiveDate,
    /// By which version of the plan.
    pub plan: PlanId,
    /// What was played.
    pub scenario: String,
    /// Who took part.
    pub people: String,
    /// What was found.
    pub finding: String,
    /// Pictures, sheets of signatures.
    pub file: Option<KeptFile>,
    /// Why the plan stays as it is; empty while nobody has said so.
    pub unchanged: String,
    /// Who entered it.
    pub by: Hand,
    /// How often it was written.
    pub revision: i64,
}

impl Drill {
    /// The drill with trimmed words, or what is wrong with it.
    pub fn checked(mut self, today: NaiveDate) -> Result<Drill, Problem> {
        self.scenario = words(&self.scenario, "演练情景", REASON_CHARS_MIN, WORDS_CHARS_MAX)?;
        self.people = words(&self.people, "参加人员", 2, WORDS_CHARS_MAX)?;
        self.finding = words(&self.finding, "评估结果", REASON_CHARS_MIN, WORDS_CHARS_MAX)?;
        if self.held_on > today {
            return Err(bad("演练的日期还没有到。请在演练以后登记。"));
        }
        Ok(self)
    }

    /// Says why the plan stays as it is.
    pub fn leave_plan(mut self, reason: &str) -> Result<Drill, Problem> {
        if !self.unchanged.is_empty() {
            return Err(bad("这次演练已经写明不修订预案的原因。"));
        }
        self.unchanged = words(reason, "不修订的原因", REASON_CHARS_MIN, WORDS_CHARS_MAX)?;
        Ok(self)
    }

    /// What became of the plan: nothing yet, a later version, or a reason why it stays.
    pub fn outcome(&self, plans: &[Plan]) -> Outcome {
        match plans.iter().find(|plan| plan.after == Some(self.id)) {
            Some(plan) => Outcome::Revised(plan.number),
            None if self.unchanged.is_empty() => Outcome::Open,
            None => Outcome::Unchanged,
        }
    }
}

/// What became of the plan after a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 待评估.
    Open,
    /// 已修订 by a version.
    Revised(i64),
    /// 不需要修订.
    Unchanged,
}

/// Where an issue comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A drill.
    Drill(DrillId),
    /// A self-check.
    SelfCheck(SelfCheckId),
}

/// Issue 问题 that has to be dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its id.
    pub id: IssueId,
    /// Where it comes from.
    pub source: Source,
    /// The requirement that is not met, of a self-check.
    pub requirement: String,
    /// What has to be done.
    pub words: String,
    /// Who does it.
    pub owner: String,
    /// By which day.
    pub due_on: Option<NaiveDate>,
    /// What was done, and who says so.
    pub done: Option<(String, Hand)>,
    /// How often it was written.
    pub revision: i64,
}

impl Issue {
    /// The issue with trimmed words, or what is wrong with it.
    pub fn checked(mut self) -> Result<Issue, Problem> {
        self.words = words(&self.words, "整改措施", REASON_CHARS_MIN, WORDS_CHARS_MAX)?;
        self.owner = words(&self.owner, "责任人", 0, NAME_CHARS_MAX)?;
        Ok(self)
    }

    /// Struck off, with what was done.
    pub fn strike_off(self, done: &str, by: Hand) -> Result<Issue, Problem> {
        if self.done.is_some() {
            return Err(bad("这个问题已经销号。"));
        }
        let done = words(done, "处理结果", REASON_CHARS_MIN, WORDS_CHARS_MAX)?;
        Ok(Issue { done: Some((done, by)), ..self })
    }

    /// True while its day is over and nothing was done.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.done.is_none() && self.due_on.is_some_and(|due| due < today)
    }
}
