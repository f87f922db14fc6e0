//! History 变更记录 of a unit: every change says from which day on which facts hold, and when that was written down. What a unit was on a
//! day, as it was known at an instant, follows from the changes and is kept nowhere.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Fact, Facts, Unit};
use crate::Instant;
use crate::id::PersonId;
use crate::problem::Problem;

/// Days that a change may be written down before it counts: an annual round is settled in the year before.
pub const AHEAD_DAYS_MAX: u64 = 400;

/// The day that stands for "from the beginning": since when it holds is not known, and no period is before it.
pub fn beginning() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default()
}

/// Where a change comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It was there when the register began, or came with the setting up.
    Setup,
    /// An office wrote it down.
    Office,
    /// A case was decided.
    Case,
    /// It came with a list.
    Import,
    /// A merger or a split.
    Event,
}

impl Origin {
    /// All of them.
    pub const ALL: [Origin; 5] = [Origin::Setup, Origin::Office, Origin::Case, Origin::Import, Origin::Event];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Origin::Setup => "setup",
            Origin::Office => "office",
            Origin::Case => "case",
            Origin::Import => "import",
            Origin::Event => "event",
        }
    }

    /// Reads the name.
    pub fn from_key(key: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|origin| origin.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Origin::Setup => "建库",
            Origin::Office => "统计机构登记",
            Origin::Case => "事项办结",
            Origin::Import => "名单导入",
            Origin::Event => "合并、分立",
        }
    }
}

/// Where a change comes from, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What kind.
    pub origin: Origin,
    /// Which case, which import; the document of an event; empty otherwise.
    pub about: String,
}

impl Source {
    /// A source without more to say.
    pub fn of(origin: Origin) -> Source {
        Source { origin, about: String::new() }
    }
}

/// Change 变更 — from a day on, these facts hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Counts from 0 within the unit.
    pub number: i64,
    /// From which day on (valid time).
    pub since: NaiveDate,
    /// When it was written down (recorded time).
    pub recorded_at: Instant,
    /// By whom; nobody when the program was set up.
    pub by: Option<PersonId>,
    /// Their name then.
    pub by_name: String,
    /// From where.
    pub source: Source,
    /// What holds.
    pub facts: Facts,
}

/// What a unit was on a day, as it was known at an instant (now, without one). A fact holds until another change of it; of two
/// changes from the same day the later written counts. Nothing before the unit was known.
pub fn state(changes: &[Change], on: NaiveDate, known_at: Option<Instant>) -> Option<Facts> {
    let mut known: Vec<&Change> = changes
        .iter()
        .filter(|change| change.since <= on && known_at.is_none_or(|at| change.recorded_at <= at))
        .collect();
    known.sort_by_key(|change| (change.since, change.number));
    let mut facts = Facts::default();
    for change in &known {
        facts.overlay(&change.facts);
    }
    (!known.is_empty()).then(|| facts.settled())
}

/// Since when a unit has had, without a break up to a day, what it has of a fact then.
pub fn held_since(changes: &[Change], fact: Fact, on: NaiveDate) -> Option<NaiveDate> {
    let mut told: Vec<&Change> =
        changes.iter().filter(|change| change.since <= on && change.facts.says(fact)).collect();
    told.sort_by_key(|change| (change.since, change.number));
    let value = told.last()?.facts.get(fact);
    // Of changes from the same day only the last written counts.
    let mut since = None;
    for (index, change) in told.iter().enumerate().rev() {
        let is_overruled = told.get(index + 1).is_some_and(|next| next.since == change.since);
        match change.facts.get(fact) == value {
            true => since = Some(change.since),
            false if is_overruled => {}
            false => break,
        }
    }
    since
}

/// What somebody wants to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// From which day on.
    pub since: NaiveDate,
    /// What holds then.
    pub facts: Facts,
}

/// Decides on a change: what is new of it. Refused when nothing is, when it begins too far ahead, or when the unit would lack what every
/// unit has.
pub fn decide(changes: &[Change], new: &NewChange, today: NaiveDate) -> Result<NewChange, Problem> {
    let bad = |reason: String| Err(Problem::BadInput { reason });
    let last = today.checked_add_days(Days::new(AHEAD_DAYS_MAX)).unwrap_or(today);
    if new.since < beginning() || new.since > last {
        return bad(format!("生效日期 {} 应在 {} 至 {last} 之间。", new.since, beginning()));
    }
    let before = state(changes, new.since, None).unwrap_or_default();
    let facts = new.facts.differing_from(&before);
    if facts.is_empty() {
        return bad(format!("这些内容自 {} 起与名录库中的相同,没有要变更的。", new.since));
    }
    let mut after = before;
    after.overlay(&facts);
    let after = after.settled();
    if let Some(missing) = Fact::OWED.into_iter().find(|fact| after.get(*fact).is_none()) {
        return bad(format!("“{}”不能为空。", missing.label()));
    }
    Ok(NewChange { since: new.since, facts })
}

/// The unit as it is today, and the next day on which it becomes something else without anybody doing anything.
pub fn settle(unit: &Unit, changes: &[Change], today: NaiveDate) -> Result<(Unit, Option<NaiveDate>), Problem> {
    // Who is known from tomorrow on stands in the register as it will be.
    let first = changes.iter().map(|change| change.since).min().unwrap_or(today);
    let day = today.max(first);
    let facts = state(changes, day, None).unwrap_or_default();
    let next = changes.iter().map(|change| change.since).filter(|since| *since > day).min();
    let changed_on = changes.iter().map(|change| change.since).max().unwrap_or(day);
    Ok((unit.with(facts, changed_on)?, next))
}
