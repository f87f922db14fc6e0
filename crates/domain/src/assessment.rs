//! Assessment 数据质量评估 (下管一级) — the level above looks at the figures of an area as a whole: are they consistent, do they match,
//! are they coordinated. It judges what is out of bounds and feeds back; before that nobody uses them outside.

mod measure;
mod standing;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, AreaLevel, Period, area};

use crate::Instant;
use crate::access::{Action, Actor, Object};
use crate::finding::meaningful;
use crate::id::{AssessmentId, PersonId};
use crate::problem::Problem;
use crate::report::Level;

pub use measure::{Aspect, Bound, Compare, Fit, Measured, Names, Rule, Sum, Sums, Taken, measure};
pub use standing::{Feedback, Standing};
pub use words::{Act, Overall, Stage, Verdict};

/// Most characters of the method of a judgement.
pub const METHOD_CHARS_MAX: usize = 200;

/// The level that answers for an area's figures; none for what is not assessed by itself (townships go with their county, and
/// bookkeeping levels like 110100 市辖区 have no office).
pub fn level_of(of: &AreaCode) -> Option<Level> {
    match of.level() {
        AreaLevel::Province => Some(Level::Province),
        AreaLevel::City if area::is_bookkeeping(of) => None,
        AreaLevel::City => Some(Level::City),
        AreaLevel::County => Some(Level::County),
        AreaLevel::Township | AreaLevel::Village => None,
    }
}

/// The level that assesses an area: the one directly above, which is the province for a district of 北京 and for 仙桃. None for a
/// province, whose assessor is outside the program.
pub fn assessed_by(of: &AreaCode) -> Option<Level> {
    level_of(of)?;
    level_of(&area::above(of)?)
}

/// The area whose assessment decides about figures of `area`: itself, or the county of a township.
pub fn area_of(area: &AreaCode) -> AreaCode {
    std::iter::successors(Some(*area), AreaCode::parent).find(|area| level_of(area).is_some()).unwrap_or(*area)
}

/// Judgement 评判意见 on one rule, with the figures that it was made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What is judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// By which method it was looked into.
    pub method: String,
    /// Who.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
    /// The figures at that time.
    pub on: Measured,
}

impl Judgement {
    /// True when the rule is still out of bounds, but not by what was judged.
    pub fn is_stale(&self, now: &Measured) -> bool {
        now.fit() == Fit::Outside && !now.reads_as(&self.on)
    }
}

/// What was accepted when an act was done, and what was computed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Accepted reports of the area.
    pub reports: u64,
    /// SHA-256 over them and their versions.
    pub fingerprint: String,
    /// The figures of every rule.
    pub measured: Vec<Measured>,
    /// The judgements, by rule.
    pub judgements: BTreeMap<String, Judgement>,
}

/// Turn 经过: something that was done, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// What.
    pub act: Act,
    /// Who.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// For which level; none for a unit.
    pub level: Option<Level>,
    /// When.
    pub at: Instant,
    /// In words.
    pub text: String,
    /// The result of a feedback.
    pub overall: Option<Overall>,
    /// The figures of a feedback.
    pub snapshot: Option<Snapshot>,
}

impl Turn {
    fn new(act: Act, (by, name, level): (PersonId, &str, Option<Level>), text: String, at: Instant) -> Turn {
        Turn { act, by, name: name.to_owned(), level, at, text, overall: None, snapshot: None }
    }
}

/// Proof that the actor may assess an area: an officer of the level directly above. Only [`Assessor::of`] makes one.
#[derive(Debug, Clone)]
pub struct Assessor {
    by: PersonId,
    name: String,
    level: Level,
    area: AreaCode,
}

/// Proof that the actor answers for an area's own figures. Only [`Assessed::of`] makes one.
#[derive(Debug, Clone)]
pub struct Assessed {
    by: PersonId,
    name: String,
    level: Level,
    area: AreaCode,
}

impl Assessor {
    /// The actor as assessor of an area. An area never assesses itself, and no other level does it for the one above.
    pub fn of(actor: &Actor, area: &AreaCode) -> Result<Assessor, Problem> {
        actor.must(Action::Assess, Object::Area(area))?;
        let level = actor.role.level().ok_or(Problem::Forbidden)?;
        Ok(Assessor { by: actor.person, name: actor.name.clone(), level, area: *area })
    }

    fn turn(&self, act: Act, text: String, at: Instant) -> Turn {
        Turn::new(act, (self.by, &self.name, Some(self.level)), text, at)
    }

    fn must_be_of(&self, assessment: &Assessment) -> Result<(), Problem> {
        if self.area == assessment.area { Ok(()) } else { Err(Problem::NotFound { what: "评估" }) }
    }
}

impl Assessed {
    /// The actor as somebody who answers for an area.
    pub fn of(actor: &Actor, area: &AreaCode) -> Result<Assessed, Problem> {
        actor.must(Action::AnswerFor, Object::Area(area))?;
        let level = actor.role.level().ok_or(Problem::Forbidden)?;
        Ok(Assessed { by: actor.person, name: actor.name.clone(), level, area: *area })
    }
}

/// Assessment 数据质量评估 of one form, period and area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Its id.
    pub id: AssessmentId,
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// Whose figures.
    pub area: AreaCode,
    /// Where it stands.
    pub stage: Stage,
    /// The result of the last feedback of this round.
    pub overall: Option<Overall>,
    /// How often it was begun, from 1.
    pub round: u32,
    /// The judgements of this round, by rule.
    pub judgements: BTreeMap<String, Judgement>,
    /// What was done, oldest first.
    pub turns: Vec<Turn>,
}

/// What the assessor says about one rule.
#[derive(Debug, Clone)]
pub struct Said {
    /// What is judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// By which method it was looked into.
    pub method: String,
}

impl Assessment {
    /// The assessor begins.
    pub fn open(
        id: AssessmentId,
        by: &Assessor,
        (form, period): (&str, Period),
        now: Instant,
    ) -> Result<Assessment, Problem> {
        Ok(Assessment {
            id,
            form: form.to_owned(),
            period,
            area: by.area,
            stage: Stage::Assessing,
            overall: None,
            round: 1,
            judgements: BTreeMap::new(),
            turns: vec![by.turn(Act::Open, String::new(), now)],
        })
    }

    /// The assessor judges one rule, on its figures as they are now. Judging again replaces.
    pub fn judge(mut self, by: &Assessor, on: Measured, said: &Said, now: Instant) -> Result<Assessment, Problem> {
        by.must_be_of(&self)?;
        self.must_be(Stage::Assessing)?;
        if on.fit() == Fit::Missing {
            return Err(bad("这一项缺数据,算不出来,不能评判;请在反馈意见中说明。"));
        }
        let method = said.method.trim();
        let count = method.chars().count();
        if !(2..=METHOD_CHARS_MAX).contains(&count) {
            let reason = format!("请写明评估方法,2 到 {METHOD_CHARS_MAX} 个字,现为 {count} 个字。");
            return Err(Problem::BadInput { reason });
        }
        let judgement = Judgement {
            verdict: said.verdict,
            reason: meaningful(&said.reason)?,
            method: method.to_owned(),
            by: by.by,
            name: by.name.clone(),
            at: now,
            on,
        };
        self.judgements.insert(judgement.on.rule.clone(), judgement);
        Ok(self)
    }

    /// The assessor feeds back. Everything out of bounds has been judged on just these figures, and what was judged and is not
    /// out of bounds any more counts no longer; what is approved has no judgement that asks for more; what is not, or rests on
    /// figures that could not be computed, says why in words.
    pub fn feed_back(
        mut self,
        by: &Assessor,
        (overall, text): (Overall, &str),
        snapshot: Snapshot,
        now: Instant,
    ) -> Result<Assessment, Problem> {
        by.must_be_of(&self)?;
        self.must_be(Stage::Assessing)?;
        if snapshot.reports == 0 {
            return Err(bad("这个地区本期还没有已验收的报表,没有可以评估的数据。"));
        }
        let fits = |rule: &str, fit| snapshot.measured.iter().any(|one| one.rule == rule && one.fit() == fit);
        self.judgements.retain(|rule, _| fits(rule, Fit::Outside));
        self.must_have_judged(&snapshot.measured)?;
        let asks = self.judgements.values().any(|judgement| judgement.verdict != Verdict::Approved);
        if overall == Overall::Approved && asks {
            return Err(bad("有的项目评为需核实或需修正,结论不能是“认可”。请改评,或选“认可但需说明”“退回核实”。"));
        }
        let lacks = names(&snapshot.measured, |one| one.fit() == Fit::Missing);
        if overall == Overall::Approved && !lacks.is_empty() && text.trim().is_empty() {
            let reason = format!("有缺数据的项目,结论是“认可”的也要写明意见:{lacks}。");
            return Err(Problem::BadInput { reason });
        }
        let is_plain = overall == Overall::Approved && lacks.is_empty();
        let text = if is_plain { text.trim().to_owned() } else { meaningful(text)? };
        let snapshot = Snapshot { judgements: self.judgements.clone(), ..snapshot };
        self.turns.push(Turn { overall: Some(overall), snapshot: Some(snapshot), ..by.turn(Act::FeedBack, text, now) });
        self.overall = Some(overall);
        self.stage = if overall == Overall::Approved { Stage::Closed } else { Stage::Demanded };
        Ok(self)
    }

    fn must_have_judged(&self, measured: &[Measured]) -> Result<(), Problem> {
        let open = names(measured, |one| one.fit() == Fit::Outside && !self.judgements.contains_key(&one.rule));
        if !open.is_empty() {
            return Err(Problem::BadInput {
                reason: format!("超出范围的项目要逐项评判,还没有评判:{open}。")
            });
        }
        let stale =
            names(measured, |one| self.judgements.get(&one.rule).is_some_and(|judgement| judgement.is_stale(one)));
        if stale.is_empty() {
            return Ok(());
        }
        Err(Problem::BadInput { reason: format!("评判后数据有变动,请按现在的数重新评判:{stale}。") })
    }

    /// The assessed area answers.
    pub fn answer(mut self, by: &Assessed, text: &str, now: Instant) -> Result<Assessment, Problem> {
        if by.area != self.area {
            return Err(Problem::NotFound { what: "评估" });
        }
        self.must_be(Stage::Demanded)?;
        self.turns.push(Turn::new(Act::Answer, (by.by, &by.name, Some(by.level)), meaningful(text)?, now));
        self.stage = Stage::Answered;
        Ok(self)
    }

    /// The assessor is content with the explanation. What was sent back is assessed anew instead.
    pub fn close(mut self, by: &Assessor, text: &str, now: Instant) -> Result<Assessment, Problem> {
        by.must_be_of(&self)?;
        self.must_be(Stage::Answered)?;
        if self.overall != Some(Overall::Explain) {
            return Err(bad("结论是“退回核实”的,要重新评估后再反馈,不能直接办结。"));
        }
        self.turns.push(by.turn(Act::Close, text.trim().to_owned(), now));
        self.stage = Stage::Closed;
        Ok(self)
    }

    /// The assessor begins anew, with the figures as they are now. Until the next feedback nothing is usable.
    pub fn reassess(mut self, by: &Assessor, text: &str, now: Instant) -> Result<Assessment, Problem> {
        by.must_be_of(&self)?;
        if self.stage == Stage::Assessing {
            return Err(bad("正在评估中,不必重新开始。"));
        }
        self.turns.push(by.turn(Act::Reassess, meaningful(text)?, now));
        self.stage = Stage::Assessing;
        self.overall = None;
        self.round += 1;
        self.judgements.clear();
        Ok(self)
    }

    /// Accepted data of the area has changed, by somebody. Only what had been approved is touched: nothing else was usable.
    #[must_use]
    pub fn changed(mut self, by: &Actor, text: String, now: Instant) -> Option<Assessment> {
        if !self.is_usable() {
            return None;
        }
        self.turns.push(Turn::new(Act::Change, (by.person, &by.name, by.role.level()), text, now));
        self.stage = Stage::Changed;
        Some(self)
    }

    /// True when the figures may be used outside.
    pub fn is_usable(&self) -> bool {
        is_usable(self.stage, self.overall)
    }

    /// The last feedback, of whatever round.
    pub fn feedback(&self) -> Option<&Turn> {
        self.turns.iter().rev().find(|turn| turn.act == Act::FeedBack)
    }

    fn must_be(&self, stage: Stage) -> Result<(), Problem> {
        if self.stage == stage {
            return Ok(());
        }
        let reason = format!("这项评估现在是“{}”,这一步需要“{}”。", self.stage.label(), stage.label());
        Err(Problem::BadInput { reason })
    }
}

/// True when figures may be used outside while their assessment stands at a stage, with this result of its round.
pub fn is_usable(stage: Stage, overall: Option<Overall>) -> bool {
    matches!(stage, Stage::Demanded | Stage::Answered | Stage::Closed) && overall.is_some_and(Overall::approves)
}

/// The names of some rules, as a sentence lists them.
fn names(measured: &[Measured], pick: impl Fn(&Measured) -> bool) -> String {
    let names: Vec<String> = measured.iter().filter(|one| pick(one)).map(|one| format!("“{}”", one.name)).collect();
    names.join("、")
}

fn bad(reason: &str) -> Problem {
    Problem::BadInput { reason: reason.to_owned() }
}
