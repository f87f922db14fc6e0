//! Organisations 机构: set up from the profile, added, renamed, merged, split and ended, each by a document and from a day on; looked at as
//! they were on any day. County and city officers do it within their area.

mod set_up;
mod tree;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::{AreaCode, Usci};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::id::{OrganisationId, UnitId};
use youju_domain::organisation::{
    self, Act, Event, Ground, Kind, NewOrganisation, Organisation, Part, Recut, Renaming, Span, Target,
};
use youju_domain::survey::local;
use youju_store::organisation as store;
use youju_store::{StoreError, register};

use crate::context::Cx;
use crate::error::{Error, Result};

pub use set_up::{DryRun, SetUp, dry_run, profiles, set_up};
pub use tree::{Around, Branch, Seen, Tree, around, get, of_unit, tree};
pub use youju_store::organisation::Listed;

/// The day of this request, as offices count days.
pub(crate) fn today(cx: &Cx<'_>) -> NaiveDate {
    local(cx.now()).date()
}

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "机构" })
}

/// An organisation as an object of access.
pub(crate) fn object(span: &Span, unit: Option<UnitId>) -> Object<'_> {
    Object::Organisation { area: &span.area, unit, answers_to: span.kind.answers_to(&span.area) }
}

/// True when the actor may do something to an organisation as it is now.
pub(crate) fn may(actor: &Actor, action: Action, organisation: &Organisation) -> bool {
    organisation.last().is_some_and(|span| decide(actor, action, object(span, organisation.unit)))
}

/// An organisation that the actor may look at, and do something to.
pub(crate) async fn found(cx: &mut Cx<'_>, id: OrganisationId, action: Action) -> Result<Organisation> {
    let found = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let span = found.last().ok_or_else(not_found)?;
    cx.allow(action, object(span, found.unit)).map_err(|error| match error {
        Error::Problem(Problem::NotFound { .. }) => not_found(),
        other => other,
    })?;
    Ok(found)
}

/// The same, to be changed. Others wait until this transaction ends.
async fn held(cx: &mut Cx<'_>, id: OrganisationId) -> Result<Organisation> {
    found(cx, id, Action::Arrange).await?;
    store::hold(cx.tx(), id).await?;
    found(cx, id, Action::Arrange).await
}

/// What an organisation goes below; for the top, itself.
async fn above(cx: &mut Cx<'_>, of: &Organisation) -> Result<Organisation> {
    match of.last().and_then(|span| span.parent) {
        Some(parent) => store::get(cx.tx(), parent).await?.ok_or_else(not_found),
        None => Ok(of.clone()),
    }
}

/// Refuses a code that somebody bears or has borne: codes are never used again.
async fn must_be_free(cx: &mut Cx<'_>, code: Option<AreaCode>, but: Option<OrganisationId>) -> Result<()> {
    let Some(code) = code else { return Ok(()) };
    match store::bearer(cx.tx(), &code, but).await? {
        None => Ok(()),
        Some(name) => {
            let reason = format!("区划代码 {code} 已由“{name}”使用过,代码不重复使用。");
            Err(Problem::BadInput { reason }.into())
        }
    }
}

/// Writes what an act has decided, with its event and its journal leaf.
async fn apply(cx: &mut Cx<'_>, act: Act) -> Result<Event> {
    for one in &act.begun {
        match store::add(cx.tx(), one).await {
            Err(StoreError::Constraint(name)) if name.starts_with("organisation_") => {
                return Err(Problem::Conflict.into());
            }
            other => other?,
        }
    }
    for one in &act.changed {
        store::put(cx.tx(), one).await?;
    }
    let actor = cx.actor()?.clone();
    let event = Event {
        id: cx.new_id(),
        happened: act.done.happened,
        on: act.done.ground.on,
        document: act.done.ground.document,
        reason: act.done.ground.reason,
        from: act.done.from,
        into: act.done.into,
        by: Some(actor.person),
        by_name: actor.name,
        at: cx.now(),
    };
    store::add_event(cx.tx(), &event).await?;
    record(cx, &event, act.changed.len()).await?;
    Ok(event)
}

/// The journal leaf of an event, on the first organisation that it names.
async fn record(cx: &mut Cx<'_>, event: &Event, moved: usize) -> Result<()> {
    let parts = |parts: &[Part]| -> Vec<serde_json::Value> {
        let told = |part: &Part| json!({ "organisation": part.organisation, "name": part.name, "code": part.code });
        parts.iter().map(told).collect()
    };
    let about = event.from.first().or(event.into.first()).map(|part| part.organisation.to_string()).unwrap_or_default();
    let payload = json!({
        "event": event.id, "on": event.on, "document": event.document, "reason": event.reason,
        "from": parts(&event.from), "into": parts(&event.into), "changed": moved,
    });
    cx.record(&format!("organisation.{}", event.happened.key()), ("organisation", about), payload).await
}

/// A new organisation as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Kind.
    pub kind: Kind,
    /// Name; that of the register for an enterprise.
    pub name: String,
    /// Its code, where it is an area.
    pub code: Option<AreaCode>,
    /// The code of the unit in the register that it is.
    pub usci: Option<Usci>,
}

async fn new_organisation(cx: &mut Cx<'_>, typed: Typed) -> Result<NewOrganisation> {
    must_be_free(cx, typed.code, None).await?;
    let mut new = NewOrganisation { id: cx.new_id(), kind: typed.kind, name: typed.name, code: typed.code, unit: None };
    if let Some(usci) = typed.usci.filter(|_| typed.kind == Kind::Enterprise) {
        let unit = register::by_usci(cx.tx(), usci).await?;
        let unit = unit.ok_or(Problem::NotInRegister { usci: usci.to_string() })?;
        cx.allow(Action::View, Object::Unit { id: unit.id, area: &unit.area })?;
        if store::of_unit(cx.tx(), unit.id).await?.is_some() {
            let reason = format!("名录库单位“{}”已经登记为机构。", unit.name);
            return Err(Problem::BadInput { reason }.into());
        }
        new.name = unit.name;
        new.unit = Some((unit.id, unit.area));
    }
    Ok(new)
}

/// Adds an organisation below another.
pub async fn add(cx: &mut Cx<'_>, parent: OrganisationId, typed: Typed, ground: Ground) -> Result<OrganisationId> {
    let above = held(cx, parent).await?;
    let new = new_organisation(cx, typed).await?;
    let (id, today) = (new.id, today(cx));
    apply(cx, organisation::add(&new, &above, ground, today)?).await?;
    Ok(id)
}

/// Adds every unit of the register in the organisation's area that is no organisation yet. Gives how many there were.
pub async fn add_enterprises(cx: &mut Cx<'_>, parent: OrganisationId) -> Result<usize> {
    let above = held(cx, parent).await?;
    let span = above.going_on()?.clone();
    if !matches!(span.kind, Kind::Street | Kind::Township | Kind::Zone) || span.code.is_none() {
        let reason = "只有有区划代码的乡镇、街道和开发区可以按名录库补入单位。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    let units = store::units_without(cx.tx(), &span.area).await?;
    let ground = Ground { on: today(cx), document: String::new(), reason: "按名录库补入".to_owned() };
    let mut all: Option<Act> = None;
    for unit in &units {
        let new = NewOrganisation {
            id: cx.new_id(),
            kind: Kind::Enterprise,
            name: unit.name.clone(),
            code: None,
            unit: Some((unit.id, unit.area)),
        };
        let act = organisation::add(&new, &above, ground.clone(), ground.on)?;
        match &mut all {
            Some(all) => {
                all.begun.extend(act.begun);
                all.done.into.extend(act.done.into);
            }
            None => all = Some(act),
        }
    }
    if let Some(all) = all {
        apply(cx, all).await?;
    }
    Ok(units.len())
}

/// A new name, kind or code.
pub async fn rename(cx: &mut Cx<'_>, id: OrganisationId, to: &Renaming, ground: Ground) -> Result<Event> {
    let organisation = held(cx, id).await?;
    must_be_free(cx, to.code, Some(id)).await?;
    let above = above(cx, &organisation).await?;
    let area: Vec<AreaCode> = organisation.last().and_then(|span| span.code).into_iter().collect();
    let followers = store::followers(cx.tx(), &[id], &area).await?;
    let above = Some(&above).filter(|above| above.id != id);
    let ground = (ground, today(cx));
    apply(cx, organisation::rename(&organisation, to, above, &followers, ground)?).await
}

/// What several organisations become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Into {
    /// One of them goes on.
    GoesOn(OrganisationId),
    /// A new one.
    New(Typed),
}

/// Merges organisations.
pub async fn merge(cx: &mut Cx<'_>, ids: &[OrganisationId], into: Into, ground: Ground) -> Result<Event> {
    let mut ids = ids.to_vec();
    // Two officers who merge the same ones hold them in the same order.
    ids.sort_unstable();
    let mut merged = Vec::new();
    for id in &ids {
        merged.push(held(cx, *id).await?);
    }
    let first = merged.first().cloned().ok_or_else(not_found)?;
    let above = above(cx, &first).await?;
    let target = match into {
        Into::GoesOn(id) => Target::GoesOn(id),
        Into::New(typed) => Target::New(new_organisation(cx, typed).await?),
    };
    let areas: Vec<AreaCode> = merged.iter().filter_map(|one| one.last().and_then(|span| span.code)).collect();
    let followers = store::followers(cx.tx(), &ids, &areas).await?;
    let ground = (ground, today(cx));
    apply(cx, organisation::merge(&merged, &target, &above, &followers, ground)?).await
}

/// What an organisation is split into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splitting {
    /// The new ones.
    pub new: Vec<Typed>,
    /// Whether it goes on beside them.
    pub goes_on: bool,
    /// To which of the new ones (from 0) what stands below it goes; without a word it stays, or goes to the first.
    pub below: BTreeMap<OrganisationId, usize>,
}

/// Splits an organisation.
pub async fn split(cx: &mut Cx<'_>, id: OrganisationId, into: Splitting, ground: Ground) -> Result<Event> {
    let organisation = held(cx, id).await?;
    let above = above(cx, &organisation).await?;
    let mut new = Vec::new();
    for typed in into.new {
        new.push(new_organisation(cx, typed).await?);
    }
    let below: BTreeMap<OrganisationId, OrganisationId> =
        into.below.iter().filter_map(|(one, to)| Some((*one, new.get(*to)?.id))).collect();
    let area: Vec<AreaCode> = organisation.last().and_then(|span| span.code).into_iter().collect();
    let followers = store::followers(cx.tx(), &[id], &area).await?;
    let ground = (ground, today(cx));
    let followers = (followers.as_slice(), &below);
    apply(cx, organisation::split(&organisation, (&new, into.goes_on), &above, followers, ground)?).await
}

/// Ends an organisation.
pub async fn end(cx: &mut Cx<'_>, id: OrganisationId, ground: Ground) -> Result<Event> {
    let organisation = held(cx, id).await?;
    let below = usize::try_from(store::below(cx.tx(), id).await?).unwrap_or(usize::MAX);
    let today = today(cx);
    apply(cx, organisation::end(&organisation, below, ground, today)?).await
}

/// What an area code of one day is on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recutting {
    /// What it is.
    pub recut: Recut,
    /// Whether figures can be carried there and back without loss.
    pub is_reversible: bool,
    /// The names of the codes, as far as organisations here bear or bore them.
    pub names: Vec<(AreaCode, String)>,
}

/// Tells what an area code as of one day is as of another, through mergers and splits.
pub async fn recut(cx: &mut Cx<'_>, code: AreaCode, from: NaiveDate, to: NaiveDate) -> Result<Recutting> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&code))?;
    let cuts = store::cuts(cx.tx(), &actor.area).await?;
    let recut = organisation::recut(&cuts, code, from, to);
    let mut names = Vec::new();
    for one in recut.codes.iter().chain([&code]) {
        let listed = youju_codes::area::name(one).map(str::to_owned);
        let name = store::bearer(cx.tx(), one, None).await?.or(listed);
        names.extend(name.map(|name| (*one, name)));
    }
    names.dedup();
    Ok(Recutting { is_reversible: organisation::is_reversible(&cuts, code, from, to), recut, names })
}
