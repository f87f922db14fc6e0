//! Register 名录库: units, looked at, entered, changed. What a unit is from which day on is said by changes alone; the row is what it is today.

pub(crate) mod effect;
pub mod event;
pub mod history;
pub mod import;
pub mod owed;
pub mod search;

use serde_json::json;
use youju_codes::{AreaCode, AreaLevel, Industry, IndustryLevel, Usci, area};
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::UnitId;
use youju_domain::register::{
    self as rules, AccountingStandard, Change, Fact, Facts, Listing, NewChange, Origin, Source, Unit, beginning,
};
use youju_store::register::history as changes;
use youju_store::{StoreError, register};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::organisation::today;

/// A unit that is on the list from the beginning: what the program itself enters when a data base is set up.
#[derive(Debug, Clone)]
pub struct NewUnit {
    /// 统一社会信用代码.
    pub usci: Usci,
    /// 单位详细名称.
    pub name: String,
    /// 所在地区划.
    pub area: AreaCode,
    /// 行业小类.
    pub industry: Industry,
    /// 执行会计准则情况.
    pub standard: AccountingStandard,
}

/// Refuses codes that no list holds: an area whose township is unknown, an industry that is not a class (小类).
pub(crate) fn must_be_listed(area: &AreaCode, industry: Industry) -> Result<()> {
    let township = area.ancestors().into_iter().chain([*area]).find(|area| area.level() == AreaLevel::Township);
    let reason = match township {
        None => format!("区划代码 {area} 没有写到乡镇(街道)。请填到乡镇或村(居)。"),
        Some(township) if area::find(&township).is_none() => {
            format!("区划代码 {area} 所在的乡镇(街道)不在区划代码表中。请核对第 7 至 9 位。")
        }
        Some(_) if industry.level() != IndustryLevel::Class => {
            format!("行业代码 {} 是{},应填到小类(4 位)。", industry.code(), industry.level().label())
        }
        Some(_) => return Ok(()),
    };
    Err(Problem::BadInput { reason }.into())
}

/// Enters a unit and lists it at once, from the beginning on. The county's officers do; so does the program itself, when a data base is
/// set up.
pub async fn enrol(cx: &mut Cx<'_>, new: NewUnit) -> Result<UnitId> {
    if cx.actor().is_ok() {
        cx.allow(Action::Arrange, Object::Area(&new.area))?;
    }
    let facts = Facts::default()
        .with(Fact::Usci, new.usci.as_str())
        .with(Fact::Name, new.name)
        .with(Fact::Area, new.area.as_str())
        .with(Fact::Industry, new.industry.code())
        .with(Fact::Standard, new.standard.code())
        .with(Fact::Listing, Listing::Above.key());
    add(cx, NewChange { since: beginning(), facts }, Source::of(Origin::Setup)).await
}

/// Enters a unit that is known and asked for nothing yet (先进库). Every officer does so for their own area.
pub async fn enter(cx: &mut Cx<'_>, new: NewChange) -> Result<UnitId> {
    let area = new.facts.get(Fact::Area).and_then(|code| AreaCode::parse(code).ok());
    let area = area.ok_or_else(|| Problem::BadInput { reason: "请填写所在地区划。".into() })?;
    cx.allow(Action::Review, Object::Area(&area))?;
    let facts = new.facts.with(Fact::Listing, Listing::Outside.key());
    add(cx, NewChange { facts, ..new }, Source::of(Origin::Office)).await
}

/// A new unit with its first change; who may do that is asked before.
pub(crate) async fn add(cx: &mut Cx<'_>, new: NewChange, source: Source) -> Result<UnitId> {
    let today = today(cx);
    let new = rules::decide(&[], &new, today)?;
    let unit = Unit::of(cx.new_id(), new.facts.clone(), new.since)?;
    must_be_listed(&unit.area, unit.industry)?;
    match register::add(cx.tx(), &unit).await {
        Err(StoreError::Constraint(name)) if name == "unit_usci_key" => {
            return Err(Problem::UnitExists { usci: unit.usci.to_string() }.into());
        }
        other => other?,
    }
    let change = written_down(cx, &[], new, source);
    changes::add(cx.tx(), unit.id, &change).await?;
    let payload = json!({
        "usci": unit.usci.as_str(), "name": unit.name, "area": unit.area.as_str(),
        "industry": unit.industry.code(), "acct": unit.standard_code(), "listing": unit.listing.key(), "since": change.since,
    });
    cx.record("register.enrolled", ("unit", unit.id.to_string()), payload).await?;
    Ok(unit.id)
}

/// A change as it is kept. A clock that was put back does not make it older than the change before it.
fn written_down(cx: &Cx<'_>, before: &[Change], new: NewChange, source: Source) -> Change {
    let latest = before.iter().map(|change| change.recorded_at).max();
    let who = cx.actor().ok();
    Change {
        number: before.iter().map(|change| change.number + 1).max().unwrap_or(0),
        since: new.since,
        recorded_at: latest.map_or(cx.now(), |latest| latest.max(cx.now())),
        by: who.map(|actor| actor.person),
        by_name: who.map(|actor| actor.name.clone()).unwrap_or_default(),
        source,
        facts: new.facts,
    }
}

/// Facts that need a case, because others rely on them: who the unit is, where, of which industry, whether it reports.
pub const NEEDS_CASE: [Fact; 9] = [
    Fact::Usci,
    Fact::Name,
    Fact::Kind,
    Fact::Listing,
    Fact::Status,
    Fact::Industry,
    Fact::Area,
    Fact::Predecessor,
    Fact::Successor,
];

/// Writes down what an office has learnt of a unit. What needs a case is refused here. Somebody who saw the unit as it is no more is told.
pub async fn change(cx: &mut Cx<'_>, id: UnitId, new: NewChange, revision: i64) -> Result<()> {
    let unit = get(cx, id).await?;
    cx.allow(Action::Arrange, Object::Unit { id, area: &unit.area })?;
    if unit.revision != revision {
        return Err(Problem::Conflict.into());
    }
    let before = unit.facts();
    let needs_case =
        new.facts.differing_from(&before).iter().find_map(|(fact, _)| NEEDS_CASE.contains(&fact).then_some(fact));
    if let Some(fact) = needs_case {
        let reason = format!("“{}”的变更要经过审核,请在“事项”中提出。", fact.label());
        return Err(Problem::BadInput { reason }.into());
    }
    write(cx, id, new, Source::of(Origin::Office)).await
}

/// Writes a change down; who may do that is decided before: by a case, an import, an office. The unit's row becomes what the unit is
/// today, and what hangs on where it is follows.
pub(crate) async fn write(cx: &mut Cx<'_>, id: UnitId, new: NewChange, source: Source) -> Result<()> {
    register::hold(cx.tx(), id).await?;
    let before = changes::of_unit(cx.tx(), id).await?;
    let new = rules::decide(&before, &new, today(cx))?;
    if new.facts.says(Fact::Area) || new.facts.says(Fact::Industry) {
        let mut facts = rules::state(&before, new.since, None).unwrap_or_default();
        facts.overlay(&new.facts);
        let after = Unit::of(id, facts, new.since)?;
        must_be_listed(&after.area, after.industry)?;
    }
    let change = written_down(cx, &before, new, source);
    changes::add(cx.tx(), id, &change).await?;
    let payload = json!({
        "number": change.number, "since": change.since, "origin": change.source.origin.key(), "about": change.source.about,
        "facts": change.facts.iter().map(|(fact, _)| fact.key()).collect::<Vec<_>>(),
    });
    cx.record("register.changed", ("unit", id.to_string()), payload).await?;
    let all: Vec<Change> = before.into_iter().chain([change]).collect();
    history::settle(cx, id, &all).await
}

/// A unit that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, id: UnitId) -> Result<Unit> {
    let unit = register::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "单位" }))?;
    cx.allow(Action::View, Object::Unit { id, area: &unit.area })?;
    Ok(unit)
}

/// A unit that the actor may look at, by its code.
pub async fn by_code(cx: &mut Cx<'_>, code: Usci) -> Result<Unit> {
    let reason = format!("名录库中没有统一社会信用代码为 {code} 的单位,或者它不在您的管理范围内。");
    let found = register::by_usci(cx.tx(), code).await?;
    let found = found.ok_or_else(|| Error::Problem(Problem::BadInput { reason: reason.clone() }))?;
    get(cx, found.id).await.map_err(|_| Problem::BadInput { reason }.into())
}

/// Units that a unit has to do with.
#[derive(Debug, Clone, Default)]
pub struct Kin {
    /// The legal person that it belongs to.
    pub parent: Option<Unit>,
    /// What it came out of.
    pub predecessor: Option<Unit>,
    /// What it was merged into.
    pub successor: Option<Unit>,
    /// Its branches.
    pub branches: Vec<Unit>,
    /// What came out of it.
    pub came_of_it: Vec<Unit>,
    /// What was merged into it.
    pub merged: Vec<Unit>,
}

/// The units that a unit has to do with, as far as the actor may look at them.
pub async fn kin(cx: &mut Cx<'_>, id: UnitId) -> Result<Kin> {
    let unit = get(cx, id).await?;
    let one = async |cx: &mut Cx<'_>, fact: Fact| match unit.details.unit(fact) {
        Some(other) => Ok::<_, Error>(register::get(cx.tx(), other).await?),
        None => Ok(None),
    };
    let mut kin = Kin {
        parent: one(cx, Fact::Parent).await?,
        predecessor: one(cx, Fact::Predecessor).await?,
        successor: one(cx, Fact::Successor).await?,
        branches: changes::children(cx.tx(), id).await?,
        came_of_it: changes::came_of(cx.tx(), id).await?,
        merged: changes::merged_into(cx.tx(), id).await?,
    };
    let actor = cx.actor()?.clone();
    let seen = |unit: &Unit| decide(&actor, Action::View, Object::Unit { id: unit.id, area: &unit.area });
    for one in [&mut kin.parent, &mut kin.predecessor, &mut kin.successor] {
        *one = one.take().filter(&seen);
    }
    for many in [&mut kin.branches, &mut kin.came_of_it, &mut kin.merged] {
        many.retain(&seen);
    }
    Ok(kin)
}

/// One page of the units in the actor's scope that a search finds, with the number of all of them.
pub async fn list(cx: &mut Cx<'_>, typed: &str, page: register::PageRequest) -> Result<register::Page<Unit>> {
    Ok(search::find(cx, typed, page).await?.page)
}

/// Marks a unit as one that may explain failures of class B (说明企业), or takes the mark away.
pub async fn set_may_explain(cx: &mut Cx<'_>, id: UnitId, may_explain: bool) -> Result<()> {
    let mut unit = get(cx, id).await?;
    cx.allow(Action::Arrange, Object::Unit { id, area: &unit.area })?;
    unit.may_explain = may_explain;
    register::put(cx.tx(), &unit).await?;
    cx.record("register.may_explain", ("unit", id.to_string()), json!({ "may_explain": may_explain })).await
}
