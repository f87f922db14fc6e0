//! Sponsorship 包保: who answers by name for a unit, a project or a sample unit, on which tier. Nothing is taken away when somebody leaves:
//! what they answered for, and from when to when, stays to be read.
//!
//! It is no seat in a grid: a seat belongs to an organisation or a cell and has a rank there; here one human being answers for one thing.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use youju_codes::{AreaCode, AreaLevel, format_number};

use crate::Instant;
use crate::grid::read_reason;
use crate::id::{SponsorshipId, StaffId, UnitId, VisitId};
use crate::problem::Problem;
use crate::report::Level;
use crate::staff::line;

/// Most characters of what was seen at a visit.
const NOTE_CHARS_MAX: usize = 500;

fn bad(reason: impl Into<String>) -> Problem {
    Problem::BadInput { reason: reason.into() }
}

/// What somebody answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A unit of the register.
    Unit,
    /// An investment project of one.
    Project,
    /// A sample unit or household.
    Sample,
}

impl What {
    /// All of them.
    pub const ALL: [What; 3] = [What::Unit, What::Project, What::Sample];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            What::Unit => "单位",
            What::Project => "投资项目",
            What::Sample => "样本单位(户)",
        }
    }

    /// The name in data.
    pub fn key(self) -> &'static str {
        match self {
            What::Unit => "unit",
            What::Project => "project",
            What::Sample => "sample",
        }
    }

    /// Reads [`What::key`].
    pub fn from_key(key: &str) -> Option<What> {
        What::ALL.into_iter().find(|what| what.key() == key)
    }
}

/// Tier 包保层级: which things are answered for by which level, as a document of the jurisdiction orders it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What is answered for.
    pub what: What,
    /// By the people of which level.
    pub level: Level,
    /// Sections of industry; empty for all.
    pub industries: Vec<String>,
    /// Of projects: from which planned investment on, in 万元.
    pub least: Option<i64>,
    /// Of projects: below which.
    pub below: Option<i64>,
    /// What they answer for, in the words of the document.
    pub duties: String,
    /// Title of the document.
    pub document: String,
    /// Paragraph in it.
    pub paragraph: String,
}

impl Tier {
    /// True when units of an industry belong here.
    pub fn has_industry(&self, section: &str) -> bool {
        self.industries.is_empty() || self.industries.iter().any(|one| one == section)
    }

    /// The bounds of planned investment in words.
    pub fn bounds(&self) -> Option<String> {
        let print = |one: &i64| format_number(&Decimal::from(*one));
        match (&self.least, &self.below) {
            (Some(least), Some(below)) => Some(format!("计划总投资 {} 至 {} 万元", print(least), print(below))),
            (Some(least), None) => Some(format!("计划总投资 {} 万元以上", print(least))),
            (None, Some(below)) => Some(format!("计划总投资不到 {} 万元", print(below))),
            (None, None) => None,
        }
    }

    /// True when a planned investment (万元) belongs here.
    pub fn has_amount(&self, planned: Decimal) -> bool {
        self.least.is_none_or(|least| planned >= Decimal::from(least))
            && self.below.is_none_or(|below| planned < Decimal::from(below))
    }
}

/// What is answered for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The unit, where it is in the register.
    pub unit: Option<UnitId>,
    /// The name of the unit, the project or the household.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// Of a project: its planned investment in 万元.
    pub planned: Option<Decimal>,
}

/// Sponsorship 包保.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sponsorship {
    /// Its id.
    pub id: SponsorshipId,
    /// Who.
    pub staff: StaffId,
    /// For what.
    pub subject: Subject,
    /// On which tier, by its key.
    pub tier: String,
    /// The document, or the list of responsibilities.
    pub document: String,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it is no more.
    pub until: Option<NaiveDate>,
    /// Why it ended.
    pub reason: Option<String>,
}

/// The level at which somebody of an area works.
fn level_at(area: &AreaCode) -> Level {
    match area.level() {
        AreaLevel::Province => Level::Province,
        AreaLevel::City => Level::City,
        AreaLevel::County => Level::County,
        AreaLevel::Township | AreaLevel::Village => Level::Township,
    }
}

impl Sponsorship {
    /// Somebody begins to answer for something. `works_at` is the area of their post.
    pub fn begin(
        id: SponsorshipId,
        (staff, works_at): (StaffId, &AreaCode),
        (tier, subject): (&Tier, Subject),
        (since, document): (NaiveDate, &str),
        today: NaiveDate,
    ) -> Result<Sponsorship, Problem> {
        if level_at(works_at) != tier.level {
            return Err(bad(format!("“{}”由{}的人员包保,所选的人不在这一级任职。", tier.name, tier.level.label())));
        }
        if !works_at.contains(&subject.area) {
            return Err(bad("所选的人任职的地方不管辖这个对象。"));
        }
        let name = line("包保对象", &subject.name)?;
        if name.is_empty() {
            return Err(bad("请写明包保对象。"));
        }
        match (tier.what, subject.planned) {
            (What::Project, None) if tier.bounds().is_some() => return Err(bad("请填写项目的计划总投资(万元)。")),
            (What::Project, Some(planned)) if !tier.has_amount(planned) => {
                let bounds = tier.bounds().unwrap_or_default();
                return Err(bad(format!("“{}”包保{bounds}的项目,所填的不在其中。", tier.name)));
            }
            _ => {}
        }
        if since > today {
            return Err(bad("包保的起始日期不能晚于今天。"));
        }
        let subject = Subject { name, ..subject };
        let document = line("依据文件或责任清单", document)?;
        Ok(Sponsorship { id, staff, subject, tier: tier.key.clone(), document, since, until: None, reason: None })
    }

    /// Ends it from a day on. What was answered for until then stays.
    pub fn end(&self, on: NaiveDate, reason: &str, today: NaiveDate) -> Result<Sponsorship, Problem> {
        if self.until.is_some() {
            return Err(bad("这项包保已经结束。"));
        }
        if on < self.since || on > today {
            return Err(bad(format!("结束日期应在 {} 至今天之间。", self.since)));
        }
        Ok(Sponsorship { until: Some(on), reason: Some(read_reason(reason)?), ..self.clone() })
    }
}

/// Visit 走访: that a sponsor was there, and what they saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// When.
    pub on: NaiveDate,
    /// What was seen, asked for, promised.
    pub note: String,
    /// Who wrote it down.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

/// Refuses a visit that cannot have been made, or says nothing.
pub fn read_visit(of: &Sponsorship, on: NaiveDate, note: &str, today: NaiveDate) -> Result<String, Problem> {
    let note = note.trim();
    if on > today || on < of.since || of.until.is_some_and(|until| on >= until) {
        return Err(bad("走访日期应在包保期内,并且不晚于今天。"));
    }
    if !(4..=NOTE_CHARS_MAX).contains(&note.chars().count()) {
        return Err(bad(format!("请用 4 至 {NOTE_CHARS_MAX} 个字写明走访的情况。")));
    }
    Ok(note.to_owned())
}
