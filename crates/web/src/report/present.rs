//! Who of a unit has a report open, so that two people at one report know of each other. Kept in memory: it is true for less than
//! a minute, and a program that restarts knows it again within seconds.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::extract::{Path, State};
use chrono::TimeDelta;
use serde::Serialize;
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::id::{PersonId, ReportId, UnitId};

use crate::Web;
use crate::request::{Answer, Signed, id};

/// A page asks every twenty seconds; one lost answer is forgiven.
const FRESH: TimeDelta = TimeDelta::seconds(45);

/// The people of units who have a report open. A report is kept apart for each unit, so that nobody hears of another unit's people.
#[derive(Debug, Default)]
pub(crate) struct Present(Mutex<BTreeMap<(UnitId, ReportId), BTreeMap<PersonId, Open>>>);

#[derive(Debug)]
struct Open {
    name: String,
    at: Instant,
}

impl Present {
    /// Notes that somebody has the report open and gives the names of the others of their unit. Officers are not noted: the
    /// unit learns that they are at work when they take the report up.
    pub(super) fn note(&self, actor: &Actor, report: ReportId, now: Instant) -> Vec<String> {
        let Some(unit) = actor.unit.filter(|_| actor.role.is_respondent()) else { return Vec::new() };
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reports.retain(|_, people| {
            people.retain(|_, open| now - open.at < FRESH);
            !people.is_empty()
        });
        let people = reports.entry((unit, report)).or_default();
        people.insert(actor.person, Open { name: actor.name.clone(), at: now });
        people.iter().filter(|(person, _)| **person != actor.person).map(|(_, open)| open.name.clone()).collect()
    }
}

/// One sentence; empty when nobody else is there.
pub(super) fn says(others: &[String]) -> String {
    if others.is_empty() {
        return String::new();
    }
    format!("{}也打开了这张报表,改同一格时会逐格询问。", others.join("、"))
}

#[derive(Serialize)]
pub(crate) struct Told {
    says: String,
}

/// What the page asks while it is looked at.
pub(crate) async fn present(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Json<Told>> {
    let report = id(path)?;
    web.app.read(Some(signed.actor.clone()), async |cx| youju_app::report::must_see(cx, report).await).await?;
    let others = web.present.note(&signed.actor, report, web.app.world().now());
    Ok(Json(Told { says: says(&others) }))
}
