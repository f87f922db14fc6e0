//! What a case is about, found by what a person chose, and only where they may look.

use youju_codes::{AreaCode, Usci, area};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::case::{CaseType, Subject, SubjectKind};
use youju_domain::id::{OrganisationId, PersonId, UnitId};
use youju_store::{person, register};

use crate::context::Cx;
use crate::error::{Error, Result};

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "办理对象" })
}

/// The subject of a kind by what was chosen: an id; of a unit also its code; nothing where there is none or only one's own.
pub(super) async fn resolve(cx: &mut Cx<'_>, kind: SubjectKind, chosen: &str) -> Result<Subject> {
    let chosen = chosen.trim();
    match kind {
        SubjectKind::None => none(cx),
        SubjectKind::Unit => unit(cx, chosen).await,
        SubjectKind::Organisation => organisation(cx, chosen).await,
        SubjectKind::Area => place(cx, chosen),
        SubjectKind::Staff => staff(cx, chosen).await,
    }
}

fn none(cx: &Cx<'_>) -> Result<Subject> {
    let actor = cx.actor()?;
    let name = area::path(&actor.area);
    Ok(Subject {
        kind: SubjectKind::None,
        id: String::new(),
        sort: String::new(),
        name,
        area: actor.area,
        unit: actor.unit,
    })
}

async fn unit(cx: &mut Cx<'_>, chosen: &str) -> Result<Subject> {
    let own = cx.actor()?.unit;
    let id = match (own, chosen.parse::<UnitId>(), Usci::parse(chosen)) {
        (Some(own), ..) if chosen.is_empty() => own,
        (_, Ok(id), _) => id,
        (_, _, Ok(usci)) => register::by_usci(cx.tx(), usci).await?.ok_or_else(not_found)?.id,
        (_, _, Err(error)) => return Err(Problem::BadInput { reason: error.to_string() }.into()),
    };
    let unit = crate::register::get(cx, id).await.map_err(|_| not_found())?;
    Ok(Subject {
        kind: SubjectKind::Unit,
        id: id.to_string(),
        sort: unit.listing.key().to_owned(),
        name: unit.name,
        area: unit.area,
        unit: Some(id),
    })
}

async fn organisation(cx: &mut Cx<'_>, chosen: &str) -> Result<Subject> {
    let id: OrganisationId = chosen.parse().map_err(|_| Problem::BadInput { reason: "请选择机构。".into() })?;
    let found = crate::organisation::found(cx, id, Action::View).await?;
    let span = found.going_on()?;
    Ok(Subject {
        kind: SubjectKind::Organisation,
        id: id.to_string(),
        sort: span.kind.key().to_owned(),
        name: span.name.clone(),
        area: span.area,
        unit: found.unit,
    })
}

fn place(cx: &Cx<'_>, chosen: &str) -> Result<Subject> {
    let area = if chosen.is_empty() {
        cx.actor()?.area
    } else {
        AreaCode::parse(chosen).map_err(|error| Problem::BadInput { reason: error.to_string() })?
    };
    cx.allow(Action::View, Object::Area(&area)).map_err(|_| not_found())?;
    let name = area::path(&area);
    Ok(Subject { kind: SubjectKind::Area, id: area.to_string(), sort: String::new(), name, area, unit: None })
}

async fn staff(cx: &mut Cx<'_>, chosen: &str) -> Result<Subject> {
    let found = match chosen.parse::<PersonId>() {
        Ok(id) => person::get(cx.tx(), id).await?,
        Err(_) => person::by_login(cx.tx(), chosen).await?.map(|(person, _)| person),
    };
    let found = found.ok_or_else(not_found)?;
    let object = match found.unit {
        Some(unit) => Object::Unit { id: unit, area: &found.area },
        None => Object::Area(&found.area),
    };
    cx.allow(Action::View, object).map_err(|_| not_found())?;
    Ok(Subject {
        kind: SubjectKind::Staff,
        id: found.id.to_string(),
        sort: found.role.key().to_owned(),
        name: found.name,
        area: found.area,
        unit: found.unit,
    })
}

/// Subjects to choose from, by id and name; empty where one is typed instead.
pub(super) async fn choices(cx: &mut Cx<'_>, kind: &CaseType) -> Result<Vec<(String, String)>> {
    let actor = cx.actor()?.clone();
    match kind.subject {
        SubjectKind::Organisation if actor.role.is_officer() => {
            let tree = crate::organisation::tree(cx, None).await?;
            let fits = |sort: &str| kind.only.is_empty() || kind.only.iter().any(|only| only == sort);
            let rows = tree.branches.into_iter().map(|branch| branch.listed).filter(|row| fits(row.span.kind.key()));
            Ok(rows.map(|row| (row.id.to_string(), row.span.name)).collect())
        }
        SubjectKind::Area if actor.role.is_officer() => {
            let below = area::children(&actor.area);
            let own = (actor.area.to_string(), area::path(&actor.area));
            let below = below.iter().map(|area| (area.code.to_string(), area.name.to_owned()));
            Ok([own].into_iter().chain(below).collect())
        }
        SubjectKind::Staff => match actor.unit {
            Some(unit) => {
                let people = person::of_unit(cx.tx(), unit).await?;
                Ok(people.into_iter().map(|person| (person.id.to_string(), person.name)).collect())
            }
            None => Ok(Vec::new()),
        },
        _ => Ok(Vec::new()),
    }
}
