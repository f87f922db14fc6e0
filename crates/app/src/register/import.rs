//! A list of units is taken into the register 名单导入: read row by row, judged, and written in parts. What is wrong stays out and is told
//! with its row; what is in already is recognised, so a list can be handed in again, whole or repaired, after whatever happened.

mod list;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::{AreaCode, Usci};
use youju_domain::Problem;
use youju_domain::access::{self, Action, Actor, Object};
use youju_domain::id::UnitId;
use youju_domain::register::import::{Flaw, Rules, Sound};
use youju_domain::register::{self as rules, Facts, Listing, NewChange, Origin, Source, Unit};
use youju_store::StoreError;
use youju_store::register::import as store;

pub use list::{List, Row, open, open_handed};

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::organisation::today;

/// Rows of one transaction: long enough that committing costs little, short enough that others can write in between.
pub const PART_ROWS: usize = 2_000;
/// From so many new units on the index is settled at the end.
const MANY_ROWS: u64 = 10_000;
/// How often a part is tried when somebody else enters one of its units at the same time.
const TRIES_MAX: usize = 3;

/// What is to be done with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// From which day on what it says holds.
    pub since: NaiveDate,
    /// Whether units that are known already become what the list says.
    pub update: bool,
    /// What is said of rows that do not say it themselves.
    pub rules: Rules,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Entered.
    New,
    /// In the register already, as the row says.
    Unchanged,
    /// In the register already, and changed: from what to what.
    Changed(String),
    /// In the register already, and otherwise; left as it is.
    Differs(String),
    /// Something is wrong or missing.
    Refused(Vec<Flaw>),
}

impl Fate {
    /// Why the row stays out, if it does.
    pub fn why_left(&self) -> Option<String> {
        match self {
            Fate::Differs(reason) => Some(reason.clone()),
            Fate::Refused(flaws) => Some(flaws.iter().map(said).collect::<Vec<_>>().join(" ")),
            Fate::New | Fate::Unchanged | Fate::Changed(_) => None,
        }
    }
}

fn said(flaw: &Flaw) -> String {
    flaw.field.map_or_else(|| flaw.reason.clone(), |field| format!("[{}] {}", field.label(), flaw.reason))
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows of the list, blank ones not counted.
    pub rows: u64,
    /// Entered.
    pub new: u64,
    /// As they were.
    pub unchanged: u64,
    /// Changed.
    pub changed: u64,
    /// Otherwise in the register, and left.
    pub differing: u64,
    /// Nothing wrong, something missing.
    pub incomplete: u64,
    /// Wrong.
    pub refused: u64,
    /// Entered with a township that follows from the address.
    pub derived: u64,
    /// Entered with something that somebody should look at.
    pub noted: u64,
}

impl Tally {
    fn count(&mut self, row: &Row, fate: &Fate) {
        self.rows += 1;
        *match fate {
            Fate::New => &mut self.new,
            Fate::Unchanged => &mut self.unchanged,
            Fate::Changed(_) => &mut self.changed,
            Fate::Differs(_) => &mut self.differing,
            Fate::Refused(flaws) if flaws.iter().all(|flaw| flaw.is_missing) => &mut self.incomplete,
            Fate::Refused(_) => &mut self.refused,
        } += 1;
        if let (Fate::New, Ok(sound)) = (fate, &row.judged) {
            self.derived += u64::from(sound.is_derived);
            self.noted += u64::from(!sound.notes.is_empty());
        }
    }

    fn add(&mut self, other: &Tally) {
        for (own, more) in [
            (&mut self.rows, other.rows),
            (&mut self.new, other.new),
            (&mut self.unchanged, other.unchanged),
            (&mut self.changed, other.changed),
            (&mut self.differing, other.differing),
            (&mut self.incomplete, other.incomplete),
            (&mut self.refused, other.refused),
            (&mut self.derived, other.derived),
            (&mut self.noted, other.noted),
        ] {
            *own += more;
        }
    }

    /// Rows that stay out.
    pub fn left(&self) -> u64 {
        self.differing + self.incomplete + self.refused
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "rows": self.rows, "new": self.new, "unchanged": self.unchanged, "changed": self.changed,
            "differing": self.differing, "incomplete": self.incomplete, "refused": self.refused, "derived": self.derived,
        })
    }
}

/// Takes one part of a list, or only looks what would become of it.
async fn part(app: &App, actor: Option<&Actor>, plan: &Plan, rows: &[Row], is_look: bool) -> Result<Vec<Fate>> {
    if is_look {
        return app.read(actor.cloned(), async |cx| judge(cx, plan, rows).await.map(|judged| judged.fates)).await;
    }
    for _ in 1..TRIES_MAX {
        match app.write(actor.cloned(), async |cx| take(cx, plan, rows).await).await {
            Err(Error::Problem(Problem::UnitExists { .. })) => {}
            done => return done,
        }
    }
    app.write(actor.cloned(), async |cx| take(cx, plan, rows).await).await
}

/// Takes a whole list part by part, or only looks; after every part it tells what became of its rows. What is taken stays when it is
/// interrupted.
pub async fn run<R: Read>(
    app: &App,
    actor: Option<&Actor>,
    plan: &Plan,
    list: &mut List<R>,
    is_look: bool,
    mut told: impl FnMut(&List<R>, &[Row], &[Fate], &Tally) -> Result<()>,
) -> Result<Tally> {
    let mut all = Tally::default();
    loop {
        let rows = list.next_rows(PART_ROWS);
        if rows.is_empty() {
            break;
        }
        let fates = part(app, actor, plan, &rows, is_look).await?;
        all.add(&tally(&rows, &fates));
        told(list, &rows, &fates, &all)?;
    }
    if !is_look {
        app.write(actor.cloned(), async |cx| end(cx, plan, &all).await).await?;
        if all.new > MANY_ROWS {
            super::search::settle(app).await?;
        }
    }
    Ok(all)
}

/// Notes in the journal that a list is through, with all its counts.
async fn end(cx: &mut Cx<'_>, plan: &Plan, tally: &Tally) -> Result<()> {
    let payload = json!({
        "file_name": plan.file_name, "file_hash": plan.file_hash, "since": plan.since, "update": plan.update,
        "area": plan.rules.area, "industry": plan.rules.industry.as_ref().map(youju_codes::Industry::code),
        "counts": tally.json(),
    });
    cx.record("register.imported", ("register", plan.file_hash.clone()), payload).await
}

struct Judged<'r> {
    fates: Vec<Fate>,
    new: Vec<&'r Sound>,
    changed: Vec<(usize, UnitId, NewChange)>,
}

/// What would become of every row.
async fn judge<'r>(cx: &mut Cx<'_>, plan: &Plan, rows: &'r [Row]) -> Result<Judged<'r>> {
    let codes: Vec<Usci> = rows.iter().filter_map(|row| Some(row.judged.as_ref().ok()?.usci)).collect();
    let known = store::with_codes(cx.tx(), &codes).await?;
    let known: BTreeMap<Usci, Unit> = known.into_iter().map(|unit| (unit.usci, unit)).collect();
    let mut judged = Judged { fates: Vec::with_capacity(rows.len()), new: Vec::new(), changed: Vec::new() };
    for (at, row) in rows.iter().enumerate() {
        let sound = match &row.judged {
            Ok(sound) => sound,
            Err(flaws) => {
                judged.fates.push(Fate::Refused(flaws.clone()));
                continue;
            }
        };
        let fate = match known.get(&sound.usci) {
            Some(unit) => of_known(cx, plan, unit, sound),
            None => sound.why_incomplete().map_or(Fate::New, Fate::Refused),
        };
        match (&fate, known.get(&sound.usci)) {
            (Fate::New, _) => judged.new.push(sound),
            (Fate::Changed(_), Some(unit)) => {
                let facts = sound.said.differing_from(&unit.facts());
                judged.changed.push((at, unit.id, NewChange { since: plan.since, facts }));
            }
            _ => {}
        }
        judged.fates.push(fate);
    }
    must_arrange(cx, &judged.new)?;
    Ok(judged)
}

/// What becomes of a row about a unit that is in the register already. Of a unit elsewhere nothing is told but that it is there.
fn of_known(cx: &Cx<'_>, plan: &Plan, unit: &Unit, sound: &Sound) -> Fate {
    if let Ok(actor) = cx.actor()
        && !access::decide(actor, Action::Arrange, Object::Unit { id: unit.id, area: &unit.area })
    {
        let reason = "名录库中已有这个代码的单位,不在您的管理范围内。请与它所在地的统计机构核对。";
        return Fate::Refused(vec![Flaw::of_row(reason)]);
    }
    let before = unit.facts();
    let facts = sound.said.differing_from(&before);
    if facts.is_empty() {
        return Fate::Unchanged;
    }
    let said = difference(&before, &facts);
    match owed_case(cx, unit, &facts) {
        _ if !plan.update => Fate::Differs(format!("与名录库不同({said}),没有变更。")),
        None => Fate::Changed(said),
        Some(fact) => {
            let way = format!("单位正在报送,“{}”的变更要经过审核,请在“事项”中提出", fact.label());
            Fate::Differs(format!("与名录库不同({said})。{way},没有变更。"))
        }
    }
}

fn difference(before: &Facts, facts: &Facts) -> String {
    let line = |(fact, value): (rules::Fact, &str)| {
        let kept = before.get(fact).map_or_else(|| "空".to_owned(), |kept| format!("“{}”", fact.show(kept)));
        format!("{}:名录库为{kept},名单为“{}”", fact.label(), fact.show(value))
    };
    facts.iter().map(line).collect::<Vec<_>>().join(";")
}

/// What an office may not change by a list: others rely on who a unit that reports is. The operator of the machine knows what is done.
fn owed_case(cx: &Cx<'_>, unit: &Unit, facts: &Facts) -> Option<rules::Fact> {
    let is_free = cx.actor().is_err() || unit.listing == Listing::Outside;
    facts.iter().map(|(fact, _)| fact).find(|fact| !is_free && super::NEEDS_CASE.contains(fact))
}

/// Whoever takes a list from a page may arrange the register wherever its new units are.
fn must_arrange(cx: &Cx<'_>, new: &[&Sound]) -> Result<()> {
    if cx.actor().is_err() {
        return Ok(());
    }
    let area = |sound: &&Sound| sound.whole().get(rules::Fact::Area).and_then(|code| AreaCode::parse(code).ok());
    let areas: BTreeSet<AreaCode> = new.iter().filter_map(area).collect();
    for area in areas {
        cx.allow(Action::Arrange, Object::Area(&area))?;
    }
    Ok(())
}

async fn take(cx: &mut Cx<'_>, plan: &Plan, rows: &[Row]) -> Result<Vec<Fate>> {
    let mut judged = judge(cx, plan, rows).await?;
    let source = || Source {
        origin: Origin::Import,
        about: plan.file_hash.get(..16).unwrap_or(plan.file_hash.as_str()).to_owned(),
    };
    let mut new = Vec::with_capacity(judged.new.len());
    for sound in &judged.new {
        let facts = sound.whole().with(rules::Fact::Listing, Listing::Outside.key());
        let first = rules::decide(&[], &NewChange { since: plan.since, facts }, today(cx))?;
        let unit = Unit::of(cx.new_id(), first.facts.clone(), first.since)?;
        new.push((unit, super::written_down(cx, &[], first, source())));
    }
    match store::add(cx.tx(), &new).await {
        Err(StoreError::Constraint(name)) if name == "unit_usci_key" => {
            return Err(Problem::UnitExists { usci: String::new() }.into());
        }
        other => other?,
    }
    for (at, unit, change) in std::mem::take(&mut judged.changed) {
        match super::write(cx, unit, change, source()).await {
            Err(Error::Problem(problem)) => {
                if let Some(fate) = judged.fates.get_mut(at) {
                    *fate = Fate::Refused(vec![Flaw::of_row(problem.says())]);
                }
            }
            other => other?,
        }
    }
    let tally = tally(rows, &judged.fates);
    if tally.new + tally.changed > 0 {
        let lines = (rows.first().map(|row| row.line), rows.last().map(|row| row.line));
        let payload = json!({
            "file_name": plan.file_name, "file_hash": plan.file_hash, "first_row": lines.0, "last_row": lines.1,
            "since": plan.since, "counts": tally.json(),
        });
        cx.record("register.imported_part", ("register", plan.file_hash.clone()), payload).await?;
    }
    Ok(judged.fates)
}

/// How many rows became what.
fn tally(rows: &[Row], fates: &[Fate]) -> Tally {
    let mut tally = Tally::default();
    for (row, fate) in rows.iter().zip(fates) {
        tally.count(row, fate);
    }
    tally
}
