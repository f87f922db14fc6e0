//! Archive 档案盒: how complete the box of a unit or a project is, for an area what can be counted of it, the export of a box, and
//! whose terms have passed.
//!
//! A box is judged for one unit at a time, when somebody looks: papers are told by words, ledgers and projects are documents. The list
//! of an area counts what one statement can count, and says that it counts nothing else. Nothing is ever destroyed here.

mod expired;
mod export;
mod facts;
mod tables;

use std::collections::BTreeSet;

use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::archive::{Counts, Duty, Evidence, Item, Judged, judge};
use youju_domain::id::UnitId;
use youju_domain::register::Unit;
use youju_programme::Programme;
use youju_store::archive::{self, Asked};
use youju_store::register::{Page, PageRequest};

use crate::compliance::{Order, township_of};
use crate::context::{App, Cx};
use crate::error::Result;
use crate::register;

pub use expired::{Expired, Passed, expired};
pub use export::{EXPORT_BYTES_MAX, EXPORT_FILES_MAX, Exported, Part, export};
pub use youju_store::archive::Counted;

use facts::{Loaded, load, projects};

/// The items of one programme in a box, judged.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Id of the programme.
    pub programme: String,
    /// Its name.
    pub name: String,
    /// Its items.
    pub items: Vec<Judged>,
}

/// A project whose box stands beside that of its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectBox {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How complete its box is.
    pub counts: Counts,
}

/// The box 档案盒 of a unit, or of one of its projects, and a year.
#[derive(Debug, Clone)]
pub struct Archive {
    /// Whose.
    pub unit: Unit,
    /// Of which year.
    pub year: i32,
    /// The project, where it is a project's box.
    pub project: Option<ProjectBox>,
    /// What belongs in it, by programme.
    pub filled: Vec<Filled>,
    /// The boxes of projects beside that of the unit.
    pub projects: Vec<ProjectBox>,
    /// The years in which the unit has reports, and this one.
    pub years: BTreeSet<i32>,
}

impl Archive {
    /// How complete it is, the boxes of projects apart.
    pub fn counts(&self) -> Counts {
        self.filled.iter().map(|filled| Counts::of(&filled.items)).sum()
    }
}

/// The box of a unit and year, or of one of its projects.
pub async fn of_unit(cx: &mut Cx<'_>, unit: UnitId, year: i32, project: Option<&str>) -> Result<Archive> {
    let unit = register::get(cx, unit).await?;
    let loaded = load(cx, unit, year).await?;
    judged(cx, &loaded, project).await
}

async fn judged(cx: &mut Cx<'_>, loaded: &Loaded, project: Option<&str>) -> Result<Archive> {
    let (app, now) = (cx.app(), cx.now());
    let mut filled = Vec::new();
    for programme in owed(app, loaded).filter(|programme| project.is_none() && !programme.archive().items.is_empty()) {
        let facts = loaded.facts(app, programme)?;
        let items = programme.archive().items.iter().map(|item| judge(item, &facts, now)).collect();
        filled.push(Filled { programme: programme.id.clone(), name: programme.name.clone(), items });
    }
    let (mut boxes, mut this) = (Vec::new(), None);
    for programme in owed(app, loaded) {
        let Some(declared) = &programme.archive().project else { continue };
        for found in projects(cx, loaded, declared).await? {
            let facts = found.facts(cx, loaded, declared).await?;
            let items: Vec<Judged> = declared.items.iter().map(|item| judge(item, &facts, now)).collect();
            let one = ProjectBox { code: found.code, name: found.name, counts: Counts::of(&items) };
            if project == Some(one.code.as_str()) {
                filled.push(Filled { programme: programme.id.clone(), name: programme.name.clone(), items });
                this = Some(one);
            } else if project.is_none() {
                boxes.push(one);
            }
        }
    }
    if project.is_some() && this.is_none() {
        return Err(Problem::NotFound { what: "项目档案盒" }.into());
    }
    let mut years = loaded.years.clone();
    years.insert(loaded.year);
    Ok(Archive { unit: loaded.unit.clone(), year: loaded.year, project: this, filled, projects: boxes, years })
}

/// The programmes of which the unit owed a report in the year.
fn owed<'a>(app: &'a App, loaded: &Loaded) -> impl Iterator<Item = &'a Programme> {
    app.programmes().values().filter(move |programme| loaded.owes(programme))
}

/// What a list of units says about their boxes.
#[derive(Debug, Clone)]
pub struct Overview {
    /// One page of the units.
    pub page: Page<Counted>,
    /// Units that owed something: the denominator.
    pub owing: u64,
    /// Those of them that lack nothing of what is counted: the numerator.
    pub full: u64,
    /// Pieces of all units together.
    pub sum: Counts,
    /// The townships in which the actor sees units.
    pub townships: Vec<AreaCode>,
}

/// What can be counted of the boxes of the units in the actor's area: of all, or of one township.
pub async fn of_area(
    cx: &mut Cx<'_>,
    year: i32,
    township: Option<AreaCode>,
    order: Order,
    page: PageRequest,
) -> Result<Overview> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&actor.area))?;
    let scope = cx.form_scope()?;
    let (reports, originals) = (forms(cx.app(), Evidence::Reports), forms(cx.app(), Evidence::Originals));
    let asked = Asked { year, now: cx.now(), reports, originals };
    let mut units = archive::counts(cx.tx(), &scope, &asked).await?;
    let mut townships: Vec<AreaCode> = units.iter().filter_map(|unit| township_of(unit.area)).collect();
    townships.sort_unstable();
    townships.dedup();
    units.retain(|unit| township.is_none_or(|township| township.contains(&unit.area)));
    match order {
        Order::WorstFirst => units.sort_by(|a, b| a.counts.worst_first(&b.counts).then_with(|| a.name.cmp(&b.name))),
        Order::Name => units.sort_by(|a, b| a.name.cmp(&b.name)),
    }
    let count = |is: &dyn Fn(&Counts) -> bool| {
        u64::try_from(units.iter().filter(|unit| is(&unit.counts)).count()).unwrap_or(u64::MAX)
    };
    Ok(Overview {
        owing: count(&|counts| counts.owed > 0),
        full: count(&|counts| counts.owed > 0 && counts.there == counts.owed),
        sum: units.iter().map(|unit| unit.counts).sum(),
        townships,
        page: Page::cut(units.into_iter(), page),
    })
}

/// The forms of which every programme in force owes a kind of evidence.
fn forms(app: &App, evidence: Evidence) -> Vec<String> {
    let items = app.programmes().values().flat_map(|programme| &programme.archive().items);
    let owed = items.filter(|item: &&Item| item.evidence == evidence && item.duty == Duty::Always);
    let forms: BTreeSet<&String> = owed.flat_map(|item| &item.forms).collect();
    forms.into_iter().cloned().collect()
}
