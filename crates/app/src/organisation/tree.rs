//! Looking at organisations: the tree on a day, and one with its history.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::{OrganisationId, UnitId};
use youju_domain::organisation::{Event, Kind, Organisation, Span};
use youju_store::organisation::{self as store, Listed};
use youju_store::register::{Page, PageRequest};

use super::{found, may, not_found, object, today};
use crate::context::Cx;
use crate::error::Result;
use crate::standard::{Held, of_organisation};

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// What it was on that day.
    pub listed: Listed,
    /// How deep it stands: 0 for the top.
    pub depth: usize,
    /// How many enterprises stood below it.
    pub enterprises: u64,
}

/// The tree of the actor's area on a day, without its enterprises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The day.
    pub on: NaiveDate,
    /// True for today.
    pub is_today: bool,
    /// Line by line, from the top down.
    pub branches: Vec<Branch>,
    /// True when the actor may set up organisations.
    pub may_arrange: bool,
}

/// The organisations of the actor's area as of a day; none for today.
pub async fn tree(cx: &mut Cx<'_>, on: Option<NaiveDate>) -> Result<Tree> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&actor.area)).map_err(|_| not_found())?;
    let on = on.unwrap_or_else(|| today(cx));
    let rows = store::tree(cx.tx(), &actor.area, on).await?;
    let enterprises = store::enterprises(cx.tx(), &actor.area, on).await?.into_iter().collect();
    let may_arrange = actor.must(Action::Arrange, county(&actor.area)).is_ok();
    Ok(Tree { on, is_today: on == today(cx), branches: branches(rows, &enterprises), may_arrange })
}

/// What an officer of an area arranges, as an object.
fn county(area: &youju_codes::AreaCode) -> Object<'_> {
    Object::Organisation { area, unit: None, answers_to: Kind::Government.answers_to(area) }
}

/// Rows as a tree: whatever has no parent among them stands at the top. Kinds in their order, then codes, then names.
fn branches(rows: Vec<Listed>, enterprises: &BTreeMap<OrganisationId, u64>) -> Vec<Branch> {
    let known: BTreeSet<OrganisationId> = rows.iter().map(|row| row.id).collect();
    let mut below: BTreeMap<Option<OrganisationId>, Vec<Listed>> = BTreeMap::new();
    for row in rows {
        below.entry(row.span.parent.filter(|parent| known.contains(parent))).or_default().push(row);
    }
    for rows in below.values_mut() {
        // Taken from the end: the last one comes first.
        rows.sort_by(|a, b| {
            let key = |row: &Listed| (row.span.kind, row.span.code, row.span.name.clone());
            key(b).cmp(&key(a))
        });
    }
    let mut waiting: Vec<(usize, Listed)> =
        below.remove(&None).unwrap_or_default().into_iter().map(|row| (0, row)).collect();
    let mut branches = Vec::new();
    while let Some((depth, listed)) = waiting.pop() {
        waiting.extend(below.remove(&Some(listed.id)).unwrap_or_default().into_iter().map(|row| (depth + 1, row)));
        let enterprises = enterprises.get(&listed.id).copied().unwrap_or_default();
        branches.push(Branch { listed, depth, enterprises });
    }
    branches
}

/// An organisation as somebody looks at it.
pub struct Seen {
    /// It, with everything it has been.
    pub organisation: Organisation,
    /// What it was on the day that was asked for; none when it was not there.
    pub span: Option<Span>,
    /// The day.
    pub on: NaiveDate,
    /// What it stood below, from the top down: id and name.
    pub above: Vec<(OrganisationId, String)>,
    /// What stood below it.
    pub children: Page<Listed>,
    /// What happened to it, newest first.
    pub events: Vec<Event>,
    /// What it must have.
    pub standards: Vec<Held>,
    /// The paragraph that says what it has to do, and the document.
    pub duties: Option<(String, String)>,
    /// The actor may change it.
    pub may_arrange: bool,
    /// It is a grid of some tier, and the actor may see who sits there.
    pub has_seats: bool,
}

/// An organisation that the actor may look at, as of a day; none for today.
pub async fn get(cx: &mut Cx<'_>, id: OrganisationId, on: Option<NaiveDate>, page: PageRequest) -> Result<Seen> {
    let organisation = found(cx, id, Action::View).await?;
    let actor = cx.actor()?.clone();
    let on = on.unwrap_or_else(|| today(cx));
    let span = organisation.as_of(on).cloned();
    let mut above = Vec::new();
    let mut next = span.as_ref().or(organisation.last()).and_then(|span| span.parent);
    while let Some(parent) = next {
        let Some(read) = store::get(cx.tx(), parent).await? else { break };
        let Some(was) = read.as_of(on).or(read.last()) else { break };
        // A township does not look at the county's own.
        if decide(&actor, Action::View, object(was, read.unit)) {
            above.push((parent, was.name.clone()));
        }
        next = was.parent;
    }
    above.reverse();
    let children = if actor.role.is_officer() {
        store::children(cx.tx(), id, on, page).await?
    } else {
        Page { rows: Vec::new(), total: 0, offset: 0 }
    };
    let events = store::events_of(cx.tx(), id).await?;
    let standards = of_organisation(cx, &organisation).await?;
    let area = organisation.last().map(|span| span.area);
    let profile = area.and_then(|area| youju_profile::for_area(cx.app().profiles(), &area));
    let duties = profile.and_then(|profile| {
        let key = &organisation.planned.as_ref()?.key;
        Some((profile.duties(key)?.to_owned(), profile.leading()?.title.clone()))
    });
    let may_arrange = may(&actor, Action::Arrange, &organisation);
    let has_seats = actor.role.is_officer() && {
        let tiers = profile.and_then(|profile| profile.grid.as_ref()).map(|rule| rule.tiers.as_slice());
        let key = organisation.planned.as_ref().map(|planned| planned.key.as_str());
        let kind = organisation.last().map(|span| span.kind);
        tiers.unwrap_or_default().iter().any(|tier| kind.is_some_and(|kind| tier.has_organisation(kind, key)))
    };
    Ok(Seen { organisation, span, on, above, children, events, standards, duties, may_arrange, has_seats })
}

/// What an act on an organisation chooses from.
pub struct Around {
    /// It.
    pub organisation: Organisation,
    /// What it is now.
    pub span: Span,
    /// Others below the same one, of the same level, without enterprises.
    pub beside: Vec<Listed>,
    /// What stands below it, without enterprises.
    pub below: Vec<Listed>,
}

/// Organisations that a page of an act offers at most: a county has fewer townships, a township fewer villages.
const OFFERED_MAX: i64 = 1_000;

/// An organisation that the actor may change, with what stands beside and below it now.
pub async fn around(cx: &mut Cx<'_>, id: OrganisationId) -> Result<Around> {
    let organisation = found(cx, id, Action::Arrange).await?;
    let span = organisation.going_on()?.clone();
    let page = PageRequest { offset: 0, limit: OFFERED_MAX };
    let on = today(cx);
    let offered = |rows: Vec<Listed>| -> Vec<Listed> {
        rows.into_iter().filter(|one| one.span.kind != Kind::Enterprise && one.span.until.is_none()).collect()
    };
    let below = offered(store::children(cx.tx(), id, on, page).await?.rows);
    let beside = match span.parent {
        Some(parent) => offered(store::children(cx.tx(), parent, on, page).await?.rows),
        None => Vec::new(),
    };
    let is_level = |one: &Listed| one.id != id && one.span.kind.has_code() == span.kind.has_code();
    let beside = beside.into_iter().filter(is_level).collect();
    Ok(Around { organisation, span, beside, below })
}

/// The organisation that is a unit of the register, for those who may look at it.
pub async fn of_unit(cx: &mut Cx<'_>, unit: UnitId) -> Result<OrganisationId> {
    let id = store::of_unit(cx.tx(), unit).await?.ok_or_else(not_found)?;
    Ok(found(cx, id, Action::View).await?.id)
}
