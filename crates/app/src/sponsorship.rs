//! Sponsorship 包保: who answers by name for units, projects and samples, as a jurisdiction orders it; for whom nobody answers; visits.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::{SponsorshipId, StaffId, UnitId};
use youju_domain::register::Unit;
use youju_domain::sponsorship::{Sponsorship, Subject, Tier, Visit, What, read_visit};
use youju_profile::for_area;
use youju_store::register::{Page, PageRequest};
use youju_store::{StoreError, register, sponsorship as store, staff};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::organisation::today;

pub use youju_store::sponsorship::{Filter, Sponsored};
pub use youju_store::staff::Held;

/// People that are offered at a time; whoever is not among them is found by more of the name.
const CANDIDATES_MAX: i64 = 20;

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "包保" })
}

/// The tiers that hold in an area; none where nobody has ordered any.
pub fn tiers<'a>(cx: &Cx<'a>, area: &AreaCode) -> &'a [Tier] {
    for_area(cx.app().profiles(), area).map_or(&[], |profile| profile.sponsorship.as_slice())
}

/// The name of a tier of an area; its key where no profile declares it any more.
pub fn name_of(cx: &Cx<'_>, one: &Sponsorship) -> String {
    let found = tiers(cx, &one.subject.area).iter().find(|tier| tier.key == one.tier);
    found.map_or_else(|| one.tier.clone(), |tier| tier.name.clone())
}

/// A tier, and how many units lack a sponsor there; none where not every unit must have one.
pub struct Covered {
    /// The tier.
    pub tier: Tier,
    /// How many units there are for which nobody answers.
    pub missing: Option<usize>,
}

/// One page of the sponsorships of the actor's area, and how far each tier covers it.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<(Page<Sponsored>, Vec<Covered>)> {
    let own = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&own))?;
    let mut covered = Vec::new();
    for tier in tiers(cx, &own) {
        let missing = match tier.what {
            What::Unit => Some(without(cx, tier).await?.len()),
            What::Project | What::Sample => None,
        };
        covered.push(Covered { tier: tier.clone(), missing });
    }
    Ok((store::list(cx.tx(), &own, filter, page).await?, covered))
}

async fn without(cx: &mut Cx<'_>, tier: &Tier) -> Result<Vec<Unit>> {
    let own = cx.actor()?.area;
    let all = store::without(cx.tx(), &own, &tier.key).await?;
    Ok(all.into_iter().filter(|unit| tier.has_industry(unit.industry.section().code())).collect())
}

/// One page of the units for which nobody answers on a tier.
pub async fn missing(cx: &mut Cx<'_>, tier: &str, page: PageRequest) -> Result<(Tier, Page<Unit>)> {
    let own = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&own))?;
    let found = tiers(cx, &own).iter().find(|one| one.key == tier && one.what == What::Unit);
    let tier = found.ok_or_else(not_found)?.clone();
    let units = without(cx, &tier).await?;
    Ok((tier, Page::cut(units.into_iter(), page)))
}

/// A sponsorship as the actor may look at it.
pub struct Sheet {
    /// It.
    pub sponsored: Sponsored,
    /// Its tier, if a profile still declares it.
    pub tier: Option<Tier>,
    /// Visits, the newest first.
    pub visits: Vec<Visit>,
    /// The actor may end it and note visits.
    pub may_write: bool,
}

/// A sponsorship, for the officers of its area and for whoever answers.
pub async fn get(cx: &mut Cx<'_>, id: SponsorshipId) -> Result<Sheet> {
    let sponsored = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let area = sponsored.one.subject.area;
    cx.allow(Action::View, Object::Area(&area)).map_err(|_| not_found())?;
    let tier = tiers(cx, &area).iter().find(|tier| tier.key == sponsored.one.tier).cloned();
    let may_write = may_name(cx, &area, tier.as_ref())?;
    Ok(Sheet { visits: store::visits(cx.tx(), id).await?, tier, may_write, sponsored })
}

/// Whoever works on the level of a tier, or above it, names its sponsors.
fn may_name(cx: &Cx<'_>, area: &AreaCode, tier: Option<&Tier>) -> Result<bool> {
    let actor = cx.actor()?;
    let is_level = match (actor.role.level(), tier) {
        (Some(level), Some(tier)) => level >= tier.level,
        (level, None) => level.is_some(),
        (None, Some(_)) => false,
    };
    Ok(is_level && decide(actor, Action::Review, Object::Area(area)))
}

/// Who answers and ever answered for a unit, for its own people and the officers of its area.
pub async fn of_unit(cx: &mut Cx<'_>, id: UnitId) -> Result<(Unit, Vec<(Sponsored, String)>)> {
    let gone = || Error::Problem(Problem::NotFound { what: "单位" });
    let unit = register::get(cx.tx(), id).await?.ok_or_else(gone)?;
    cx.allow(Action::View, Object::Unit { id, area: &unit.area }).map_err(|_| gone())?;
    let found = store::of_unit(cx.tx(), id).await?;
    let named = found.into_iter().map(|one| (name_of(cx, &one.one), one)).map(|(name, one)| (one, name)).collect();
    Ok((unit, named))
}

/// What somebody answers and ever answered for. Leaving takes nothing of it away.
pub(crate) async fn of_staff(cx: &mut Cx<'_>, id: StaffId) -> Result<Vec<(Sponsored, String)>> {
    let found = store::of_staff(cx.tx(), id).await?;
    Ok(found.into_iter().map(|one| (name_of(cx, &one.one), one)).map(|(name, one)| (one, name)).collect())
}

/// What somebody types to name a sponsor.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The tier.
    pub tier: String,
    /// Who.
    pub staff: StaffId,
    /// The unit, by its code; empty for a household that is not in the register.
    pub usci: String,
    /// The project or the household; of a unit its name is taken.
    pub name: String,
    /// Planned investment in 万元.
    pub planned: Option<Decimal>,
    /// The document.
    pub document: String,
    /// The first day.
    pub since: NaiveDate,
}

/// People of the register who might be named, by words of their name or place.
pub async fn candidates(cx: &mut Cx<'_>, search: &str) -> Result<Vec<Held>> {
    let own = cx.actor()?.area;
    cx.allow(Action::Review, Object::Area(&own))?;
    let (on, scope) = (today(cx), cx.actor()?.scope());
    let filter = staff::Filter { search: search.trim().to_owned(), in_units: Some(false), ..staff::Filter::default() };
    let page = PageRequest { offset: 0, limit: CANDIDATES_MAX };
    Ok(staff::list(cx.tx(), &scope, &filter, on, page).await?.rows)
}

/// Somebody answers for something from a day on.
pub async fn name(cx: &mut Cx<'_>, typed: Typed) -> Result<SponsorshipId> {
    let on = today(cx);
    crate::staff::get(cx, typed.staff).await?;
    let held = staff::of_staff(cx.tx(), typed.staff).await?;
    let held = held.into_iter().find(|held| held.tenure.holds_on(on)).ok_or_else(crate::staff::not_found)?;
    let subject = subject(cx, &typed, held.area).await?;
    let tier = tiers(cx, &subject.area).iter().find(|tier| tier.key == typed.tier).ok_or_else(not_found)?;
    cx.allow(Action::Review, Object::Area(&subject.area))?;
    if !may_name(cx, &subject.area, Some(tier))? {
        return Err(Problem::Forbidden.into());
    }
    let one = Sponsorship::begin(
        cx.new_id(),
        (typed.staff, &held.area),
        (tier, subject),
        (typed.since, &typed.document),
        on,
    )?;
    match store::add(cx.tx(), &one).await {
        Err(StoreError::Constraint(name)) if name.starts_with("sponsorship_subject_key") => {
            let reason = format!("“{}”在“{}”已有包保人。要换人的,请先结束原来的。", one.subject.name, tier.name);
            return Err(Problem::BadInput { reason }.into());
        }
        other => other?,
    }
    let payload = json!({
        "name": held.name, "tier": tier.name, "subject": one.subject.name, "area": one.subject.area, "since": one.since,
        "document": one.document,
    });
    cx.record("sponsorship.named", ("staff", typed.staff.to_string()), payload).await?;
    Ok(one.id)
}

async fn subject(cx: &mut Cx<'_>, typed: &Typed, area: AreaCode) -> Result<Subject> {
    if typed.usci.trim().is_empty() {
        return Ok(Subject { unit: None, name: typed.name.clone(), area, planned: typed.planned });
    }
    let usci =
        youju_codes::Usci::parse(&typed.usci).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
    let found = register::by_usci(cx.tx(), usci).await?;
    let unit = found.ok_or(Problem::NotInRegister { usci: usci.to_string() })?;
    let name = if typed.name.trim().is_empty() { unit.name } else { typed.name.clone() };
    Ok(Subject { unit: Some(unit.id), name, area: unit.area, planned: typed.planned })
}

async fn written(cx: &mut Cx<'_>, id: SponsorshipId) -> Result<Sponsored> {
    let sheet = get(cx, id).await?;
    if sheet.may_write { Ok(sheet.sponsored) } else { Err(Problem::Forbidden.into()) }
}

/// Ends a sponsorship. What was answered for until then stays.
pub async fn end(cx: &mut Cx<'_>, id: SponsorshipId, on: NaiveDate, reason: &str) -> Result<()> {
    let sponsored = written(cx, id).await?;
    let this = today(cx);
    let ended = sponsored.one.end(on, reason, this)?;
    store::end(cx.tx(), &ended).await?;
    let payload = json!({
        "name": sponsored.sponsor, "subject": ended.subject.name, "on": on, "reason": ended.reason,
    });
    cx.record("sponsorship.ended", ("staff", ended.staff.to_string()), payload).await
}

/// Notes a visit.
pub async fn visit(cx: &mut Cx<'_>, id: SponsorshipId, on: NaiveDate, note: &str) -> Result<()> {
    let sponsored = written(cx, id).await?;
    let this = today(cx);
    let note = read_visit(&sponsored.one, on, note, this)?;
    let (by, now) = (cx.actor()?.clone(), cx.now());
    let one = Visit { id: cx.new_id(), on, note, by_name: by.name, at: now };
    store::add_visit(cx.tx(), id, &one, by.person).await?;
    let payload = json!({ "name": sponsored.sponsor, "subject": sponsored.one.subject.name, "on": on });
    cx.record("sponsorship.visited", ("staff", sponsored.one.staff.to_string()), payload).await
}
