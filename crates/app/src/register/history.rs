//! History 变更记录 of a unit: looked at as of any day, as it was known at any instant; and changes that come into force by themselves.

use chrono::NaiveDate;
use youju_domain::Instant;
use youju_domain::Problem;
use youju_domain::id::UnitId;
use youju_domain::register::{self as rules, Change, Fact, Facts, Listing, Unit};
use youju_store::register::history as store;
use youju_store::{grid, person, register};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::organisation::today;
use crate::{onboarding, survey};

/// Units that come into force in one transaction, so that others can write in between.
const RIPE_MAX: i64 = 200;

/// A unit with its history.
#[derive(Debug, Clone)]
pub struct Known {
    /// As it is today.
    pub unit: Unit,
    /// What was written down, the earliest first.
    pub changes: Vec<Change>,
    /// On which day it is looked at.
    pub on: NaiveDate,
    /// As it was known when; now, without one.
    pub known_at: Option<Instant>,
    /// What it was then; nothing if it was not known.
    pub then: Option<Facts>,
}

/// A unit on a day, as it was known at an instant.
pub async fn as_of(cx: &mut Cx<'_>, id: UnitId, on: Option<NaiveDate>, known_at: Option<Instant>) -> Result<Known> {
    let unit = super::get(cx, id).await?;
    let changes = store::of_unit(cx.tx(), id).await?;
    let on = on.unwrap_or_else(|| today(cx));
    let then = rules::state(&changes, on, known_at);
    Ok(Known { unit, changes, on, known_at, then })
}

/// Brings the row of a unit to what its changes say for today. Its people go with it; its place in a township's cell ends when it leaves
/// the township.
pub(super) async fn settle(cx: &mut Cx<'_>, id: UnitId, changes: &[Change]) -> Result<()> {
    let today = today(cx);
    let not_found = || Error::Problem(Problem::NotFound { what: "单位" });
    let before = register::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let (after, next) = rules::settle(&before, changes, today)?;
    let is_listing = |change: &Change| {
        change.facts.get(Fact::Listing).and_then(Listing::from_key).is_some_and(|listing| listing != Listing::Outside)
    };
    match register::put(cx.tx(), &after).await {
        Err(youju_store::StoreError::Constraint(name)) if name == "unit_usci_key" => {
            return Err(Problem::UnitExists { usci: after.usci.to_string() }.into());
        }
        other => other?,
    }
    store::ripens(cx.tx(), id, next, changes.iter().any(is_listing)).await?;
    if before.area != after.area {
        person::move_unit(cx.tx(), id, &after.area).await?;
        let cell = grid::way_of(cx.tx(), id).await?.into_iter().rfind(|cell| cell.until.is_none());
        if cell.is_some_and(|cell| !cell.area.contains(&after.area)) {
            grid::move_to(cx.tx(), id, None, today).await?;
        }
    }
    let counts = |unit: &Unit| (unit.listing, unit.industry, unit.area);
    if counts(&before) != counts(&after) {
        survey::include(cx, &after, changes).await?;
        onboarding::begin(cx, (&before, &after), changes).await?;
    }
    Ok(())
}

/// Brings into force what was written down for a day that has come; how many units that were. Whoever sweeps calls it until it gives 0.
pub async fn ripen(cx: &mut Cx<'_>) -> Result<usize> {
    let today = today(cx);
    let ripe = store::ripe(cx.tx(), today, RIPE_MAX).await?;
    for unit in &ripe {
        let changes = store::of_unit(cx.tx(), *unit).await?;
        settle(cx, *unit, &changes).await?;
        let payload = serde_json::json!({ "on": today });
        cx.record("register.came_into_force", ("unit", unit.to_string()), payload).await?;
    }
    Ok(ripe.len())
}

/// Since when a unit has been listed as it is on a day.
pub(crate) fn listed_since(changes: &[Change], on: NaiveDate) -> Option<NaiveDate> {
    rules::held_since(changes, Fact::Listing, on)
}
