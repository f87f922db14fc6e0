//! Query 数据查询 — an office asks about figures; the unit answers with evidence; the office judges. No figure is dictated: the
//! answer is an explanation, or a report that the unit itself mends.

use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::access::Respondent;
use crate::finding::meaningful;
use crate::id::{PersonId, QueryId, ReportId, UnitId};
use crate::problem::Problem;
use crate::report::{CellId, Level};

/// Days for an answer, where nobody says otherwise.
pub const ANSWER_DAYS: i64 = 2;
/// Days for judging an answer.
pub const JUDGE_DAYS: i64 = 2;
/// Most characters of a question.
pub const QUESTION_CHARS_MAX: usize = 500;

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// 待回复: the unit has to answer.
    Asked,
    /// 待核实: the office has to judge the answer.
    Answered,
    /// 已办结.
    Closed,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 3] = [Stage::Asked, Stage::Answered, Stage::Closed];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Asked => "待回复",
            Stage::Answered => "待核实",
            Stage::Closed => "已办结",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Asked => "asked",
            Stage::Answered => "answered",
            Stage::Closed => "closed",
        }
    }

    /// Reads [`Stage::key`].
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

/// What came of a query (核实结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 属实.
    Confirmed,
    /// 已更正: the unit has handed in another version.
    Corrected,
    /// 转现场核查.
    FieldCheck,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 3] = [Outcome::Confirmed, Outcome::Corrected, Outcome::FieldCheck];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Confirmed => "属实",
            Outcome::Corrected => "已更正",
            Outcome::FieldCheck => "转现场核查",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Confirmed => "confirmed",
            Outcome::Corrected => "corrected",
            Outcome::FieldCheck => "field_check",
        }
    }

    /// Reads [`Outcome::key`].
    pub fn from_key(key: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}

/// Why a figure had looked odd (原因分类), for the statistics of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 生产经营变化.
    Business,
    /// 价格变化.
    Price,
    /// 季节性.
    Season,
    /// 重组、并购、停产等.
    Structure,
    /// 填报错误.
    Slip,
    /// 口径理解有误.
    Concept,
    /// 其他.
    Other,
}

impl Cause {
    /// All causes.
    pub const ALL: [Cause; 7] =
        [Cause::Business, Cause::Price, Cause::Season, Cause::Structure, Cause::Slip, Cause::Concept, Cause::Other];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Cause::Business => "生产经营变化",
            Cause::Price => "价格变化",
            Cause::Season => "季节性",
            Cause::Structure => "重组、并购、停产",
            Cause::Slip => "填报错误",
            Cause::Concept => "口径理解有误",
            Cause::Other => "其他",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Cause::Business => "business",
            Cause::Price => "price",
            Cause::Season => "season",
            Cause::Structure => "structure",
            Cause::Slip => "slip",
            Cause::Concept => "concept",
            Cause::Other => "other",
        }
    }

    /// Reads [`Cause::key`].
    pub fn from_key(key: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.key() == key)
    }
}

/// Something that was said in a query, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who said it.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// For which level; none for the unit.
    pub level: Option<Level>,
    /// When.
    pub at: Instant,
    /// What was said.
    pub text: String,
    /// What kind of turn it is.
    pub act: Act,
}

/// What somebody did by a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 提出查询.
    Ask,
    /// 回复.
    Answer,
    /// 核实意见, of a level below the one that asked.
    Opinion,
    /// 办结.
    Close,
    /// 再查: the answer is not enough, or new doubts came up.
    Reopen,
}

impl Act {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Act::Ask => "提出查询",
            Act::Answer => "回复",
            Act::Opinion => "核实意见",
            Act::Close => "办结",
            Act::Reopen => "再次查询",
        }
    }
}

/// Query 数据查询.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Its id.
    pub id: QueryId,
    /// About which report.
    pub report: ReportId,
    /// Of which unit.
    pub unit: UnitId,
    /// About which cells; empty for the whole report.
    pub cells: Vec<CellId>,
    /// Where the question came from, e.g. `国家查询清单 2026-03`; empty for the office's own.
    pub source: String,
    /// The level that asks.
    pub level: Level,
    /// When it was first asked.
    pub asked_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// Until when whoever has to act should have.
    pub due_at: Instant,
    /// When the unit answered last.
    pub answered_at: Option<Instant>,
    /// True when an answer came after its term.
    pub is_late: bool,
    /// How often it was asked again.
    pub reopened: u32,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Why the figure had looked odd.
    pub cause: Option<Cause>,
    /// Version of the report when it was asked.
    pub version: u32,
    /// Version of the report when it was closed.
    pub version_after: Option<u32>,
    /// Everything that was said, oldest first.
    pub turns: Vec<Turn>,
}

/// Who says something in a query.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// Who.
    pub by: PersonId,
    /// Their name.
    pub name: String,
    /// Their level; none for the unit.
    pub level: Option<Level>,
}

impl Speaker {
    fn says(self, act: Act, text: String, at: Instant) -> Turn {
        Turn { by: self.by, name: self.name, level: self.level, at, text, act }
    }
}

impl Query {
    /// Refuses a question that asks nothing, and a term that has passed.
    pub fn read_question(text: &str, due_at: Instant, now: Instant) -> Result<String, Problem> {
        let text = text.trim();
        let count = text.chars().count();
        if !(4..=QUESTION_CHARS_MAX).contains(&count) {
            let reason = format!("查询内容应在 4 到 {QUESTION_CHARS_MAX} 个字之间,现为 {count} 个字。");
            return Err(Problem::BadInput { reason });
        }
        if due_at <= now {
            return Err(Problem::BadInput { reason: "回复期限应晚于现在。".into() });
        }
        Ok(text.to_owned())
    }

    /// The first turn of a query.
    pub fn asked(speaker: Speaker, question: String, now: Instant) -> Turn {
        speaker.says(Act::Ask, question, now)
    }

    /// The unit answers. The answer must say something; evidence hangs on the report and its cells.
    pub fn answer(mut self, by: &Respondent, speaker: Speaker, text: &str, now: Instant) -> Result<Query, Problem> {
        by.must_answer_for(self.unit)?;
        self.must_be(Stage::Asked)?;
        let text = meaningful(text)?;
        self.is_late = self.is_late || now > self.due_at;
        self.answered_at = Some(now);
        self.stage = Stage::Answered;
        self.due_at = now + chrono::TimeDelta::days(JUDGE_DAYS);
        self.turns.push(speaker.says(Act::Answer, text, now));
        Ok(self)
    }

    /// A level below the one that asked says what it thinks of the answer; the query stays with the office.
    pub fn opine(mut self, speaker: Speaker, text: &str, now: Instant) -> Result<Query, Problem> {
        self.must_be(Stage::Answered)?;
        self.turns.push(speaker.says(Act::Opinion, meaningful(text)?, now));
        Ok(self)
    }

    /// The level that asked, or a higher one, closes the query. 已更正 needs another version than the one that was asked
    /// about.
    pub fn close(
        mut self,
        (speaker, level): (Speaker, Level),
        (outcome, cause): (Outcome, Cause),
        text: &str,
        version: u32,
        now: Instant,
    ) -> Result<Query, Problem> {
        self.must_be(Stage::Answered)?;
        self.must_be_high_enough(level)?;
        if outcome == Outcome::Corrected && version <= self.version {
            let reason = "单位还没有重新上报,不能按“已更正”办结。".into();
            return Err(Problem::BadInput { reason });
        }
        self.stage = Stage::Closed;
        self.outcome = Some(outcome);
        self.cause = Some(cause);
        self.version_after = Some(version);
        self.turns.push(speaker.says(Act::Close, text.trim().to_owned(), now));
        Ok(self)
    }

    /// The level that asked, or a higher one, asks again: the answer is not enough, or a closed query raises new doubts.
    pub fn reopen(
        mut self,
        (speaker, level): (Speaker, Level),
        text: &str,
        due_at: Instant,
        now: Instant,
    ) -> Result<Query, Problem> {
        if self.stage == Stage::Asked {
            return Err(Problem::BadInput { reason: "单位还没有回复,不必再次查询。".into() });
        }
        self.must_be_high_enough(level)?;
        let text = Query::read_question(text, due_at, now)?;
        self.stage = Stage::Asked;
        self.due_at = due_at;
        self.reopened += 1;
        self.outcome = None;
        self.cause = None;
        self.turns.push(speaker.says(Act::Reopen, text, now));
        Ok(self)
    }

    /// True when whoever has to act has let the term pass.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.stage != Stage::Closed && now > self.due_at
    }

    /// The office that has to see to it now. A query in time lies with whoever asked once it is answered; one that is
    /// overdue rises by one level with every day, up to the province.
    pub fn risen_to(&self, now: Instant) -> Option<Level> {
        if !self.is_overdue(now) {
            return None;
        }
        let days = usize::try_from((now - self.due_at).num_days()).unwrap_or_default();
        let from = match self.stage {
            Stage::Asked => Level::Township,
            _ => self.level,
        };
        let at = Level::ALL.iter().position(|level| *level == from).unwrap_or_default();
        Level::ALL.get(at + days).or(Level::ALL.last()).copied()
    }

    fn must_be(&self, stage: Stage) -> Result<(), Problem> {
        if self.stage == stage {
            return Ok(());
        }
        Err(Problem::BadInput {
            reason: format!("这条查询现在是“{}”,这一步需要“{}”。", self.stage.label(), stage.label()),
        })
    }

    fn must_be_high_enough(&self, level: Level) -> Result<(), Problem> {
        if level >= self.level { Ok(()) } else { Err(Problem::NotYourTurn { level: Some(self.level) }) }
    }
}
