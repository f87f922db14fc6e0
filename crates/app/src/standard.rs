//! Standards 规范化清单 of organisations: items are claimed with evidence by those who answer for the organisation, accepted or sent back by
//! the level above, and adopted anew in time. What is met today is computed.

mod lacking;

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::Action;
use youju_domain::id::OrganisationId;
use youju_domain::message::Kind;
use youju_domain::organisation::Organisation;
use youju_domain::report::Level;
use youju_domain::standard::{
    Attainment, Claim, EvidenceFile, Hand, Progress, Requirement, Standard, Standing, Stored, Turn,
};
use youju_profile::{Profile, for_area};
use youju_store::standard as store;

use crate::attachment::{Fetched, Looked};
use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::message::{Draft, tell_area, tell_people};
use crate::organisation::{found, may, today};
use crate::secrets;

pub use lacking::{Asked, Lacking, Row, choices, csv, lacking};

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "清单项目" })
}

/// The standards for an organisation as it is now, by the profile of its area.
fn standards<'a>(app: &'a App, organisation: &Organisation) -> Vec<&'a Standard> {
    let Some(last) = organisation.last() else { return Vec::new() };
    let profile = for_area(app.profiles(), &last.area);
    let all = profile.map(|profile: &'a Profile| profile.standards.as_slice()).unwrap_or_default();
    all.iter().filter(|standard| standard.kinds.contains(&last.kind)).collect()
}

/// A standard with where an organisation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The standard.
    pub standard: Standard,
    /// Each item with what is stored of it and where it stands.
    pub items: Vec<(Requirement, Stored, Standing)>,
    /// How many are met today.
    pub progress: Progress,
}

fn held(standard: &Standard, stored: impl Fn(&str) -> Stored, today: NaiveDate) -> Held {
    let item = |item: &Requirement| {
        let stored = stored(&item.id);
        (item.clone(), stored, Standing::of(stored, today))
    };
    Held {
        items: standard.requirements.iter().map(item).collect(),
        progress: Progress::of(standard, stored, today),
        standard: standard.clone(),
    }
}

/// What an organisation must have, and where it stands.
pub(crate) async fn of_organisation(cx: &mut Cx<'_>, organisation: &Organisation) -> Result<Vec<Held>> {
    let standards = standards(cx.app(), organisation);
    let today = today(cx);
    let stands = store::of_organisation(cx.tx(), organisation.id).await?;
    let of = |standard: &Standard| {
        let stored = |item: &str| {
            let found = stands.iter().find(|one| one.standard == standard.id && one.requirement == item);
            found.map(|one| one.stored).unwrap_or_default()
        };
        held(standard, stored, today)
    };
    Ok(standards.into_iter().map(of).collect())
}

/// Which item of which organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Key of the standard.
    pub standard: String,
    /// Key of the requirement.
    pub requirement: String,
}

/// An item as somebody looks at it.
pub struct Item {
    /// The organisation.
    pub organisation: Organisation,
    /// The standard.
    pub standard: Standard,
    /// The requirement.
    pub requirement: Requirement,
    /// Its story.
    pub attainment: Attainment,
    /// Where it stands today.
    pub standing: Standing,
    /// Today.
    pub today: NaiveDate,
    /// The actor may claim it.
    pub may_claim: bool,
    /// The actor may send it back.
    pub may_review: bool,
    /// The actor may accept it: nobody accepts what they claimed themselves.
    pub may_accept: bool,
}

/// An item of an organisation that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, at: &At) -> Result<Item> {
    item(cx, at, Action::View).await
}

async fn item(cx: &mut Cx<'_>, at: &At, action: Action) -> Result<Item> {
    let organisation = found(cx, at.organisation, action).await?;
    let standard = standards(cx.app(), &organisation).into_iter().find(|one| one.id == at.standard);
    let standard = standard.cloned().ok_or_else(not_found)?;
    let requirement = standard.requirements.iter().find(|one| one.id == at.requirement);
    let requirement = requirement.cloned().ok_or_else(not_found)?;
    let known = store::get(cx.tx(), at.organisation, (&at.standard, &at.requirement)).await?;
    let attainment = known.unwrap_or_else(|| Attainment::begin(at.organisation, &at.standard, &at.requirement));
    let (actor, today) = (cx.actor()?.clone(), today(cx));
    let is_there = organisation.ended_on().is_none();
    let may_review = is_there && may(&actor, Action::Review, &organisation);
    let may_accept = may_review && attainment.claimed().is_some_and(|(_, by)| by.person != actor.person);
    Ok(Item {
        may_claim: is_there && may(&actor, Action::Submit, &organisation),
        may_review,
        may_accept,
        standing: Standing::of(attainment.stored(), today),
        organisation,
        standard,
        requirement,
        attainment,
        today,
    })
}

fn hand(cx: &Cx<'_>) -> Result<Hand> {
    let actor = cx.actor()?;
    Ok(Hand { person: actor.person, name: actor.name.clone(), at: cx.now() })
}

/// Keeps an item, with its journal leaf.
async fn keep(cx: &mut Cx<'_>, after: &Attainment, action: &str, said: serde_json::Value) -> Result<()> {
    store::put(cx.tx(), after).await?;
    let payload = json!({ "standard": after.standard, "requirement": after.requirement, "act": said });
    cx.record(&format!("standard.{action}"), ("organisation", after.organisation.to_string()), payload).await
}

/// A message about an item.
fn draft(item: &Item, what: &str, body: &str) -> Draft {
    let name = item.organisation.last().map(|span| span.name.as_str()).unwrap_or_default();
    let Attainment { organisation, standard, requirement, .. } = &item.attainment;
    Draft {
        kind: Kind::Standard,
        title: format!("{what}:{name} {}", item.requirement.words),
        body: body.to_owned(),
        about: ("standard", format!("{organisation}/{standard}/{requirement}")),
    }
}

/// Tells those who may accept. Where the claim is from an office that would accept it itself, the level above hears of it too: that
/// office may have one officer only.
async fn tell_above(cx: &mut Cx<'_>, item: &Item) -> Result<()> {
    let Some(span) = item.organisation.last().cloned() else { return Ok(()) };
    let told = draft(item, "待验收", &item.standard.name);
    let level = span.kind.answers_to(&span.area);
    tell_area(cx, level, (&span.area, None), &told, false).await?;
    let own = cx.actor()?.role.level();
    match Level::ALL.into_iter().find(|next| Some(*next) > own) {
        Some(next) if own >= Some(level) => tell_area(cx, next, (&span.area, None), &told, false).await,
        _ => Ok(()),
    }
}

/// Claims an item with what proves it. Files that cannot be taken refuse the whole claim, with their reasons.
pub async fn claim(cx: &mut Cx<'_>, at: &At, claim: Claim, looked: Looked) -> Result<()> {
    let item = item(cx, at, Action::Submit).await?;
    item.organisation.going_on()?;
    if !looked.refused.is_empty() {
        let told = |one: &crate::attachment::RefusedFile| format!("“{}”:{}", one.name, one.reason);
        return Err(Problem::BadFile { reasons: looked.refused.iter().map(told).collect() }.into());
    }
    let kept: Vec<_> = looked.good.into_iter().map(crate::attachment::Evidence::into_parts).collect();
    let list = kept.iter().map(|(file, _)| EvidenceFile {
        name: file.name.clone(),
        hash: file.hash.clone(),
        size: u64::try_from(file.content.len()).unwrap_or(u64::MAX),
    });
    let claim = Claim { files: list.collect(), ..claim };
    let after = item.attainment.claim(&item.standard, claim, hand(cx)?, item.today)?;
    let said = after.claimed().map(|(claim, _)| claim.clone()).unwrap_or_default();
    keep(cx, &after, "claimed", json!(said)).await?;
    tell_above(cx, &item).await?;
    for (file, kind) in kept {
        secrets::keep_file(cx, &file.hash, kind, file.content).await?;
        store::add_file(cx.tx(), &after, &file.hash).await?;
    }
    Ok(())
}

/// The level above accepts what was claimed.
pub async fn accept(cx: &mut Cx<'_>, at: &At, note: &str) -> Result<()> {
    let item = item(cx, at, Action::Review).await?;
    item.organisation.going_on()?;
    let after = item.attainment.accept(note, hand(cx)?)?;
    let claimed_by: Vec<_> = item.attainment.claimed().map(|(_, by)| by.person).into_iter().collect();
    tell_people(cx, &claimed_by, &draft(&item, "已验收", note.trim()), false).await?;
    keep(cx, &after, "accepted", json!({ "note": note.trim() })).await
}

/// The level above sends a claim back, or takes an acceptance back.
pub async fn return_(cx: &mut Cx<'_>, at: &At, reason: &str) -> Result<()> {
    let item = item(cx, at, Action::Review).await?;
    item.organisation.going_on()?;
    let after = item.attainment.return_(reason, hand(cx)?)?;
    let claims = item.attainment.turns.iter().rev().filter_map(|turn| match turn {
        Turn::Claimed { by, .. } => Some(by.person),
        _ => None,
    });
    let claimed_by: Vec<_> = claims.take(1).collect();
    tell_people(cx, &claimed_by, &draft(&item, "退回", reason.trim()), false).await?;
    keep(cx, &after, "returned", json!({ "reason": reason.trim() })).await
}

/// A file of an item, for those who may look at the organisation. When an officer fetches it, the journal says who, when and which.
pub async fn fetch(cx: &mut Cx<'_>, at: &At, hash: &str) -> Result<Fetched> {
    let item = item(cx, at, Action::View).await?;
    let not_found = || Error::Problem(Problem::NotFound { what: "材料" });
    let claims = item.attainment.turns.iter().filter_map(|turn| match turn {
        Turn::Claimed { claim, .. } => Some(claim),
        _ => None,
    });
    let file = claims.flat_map(|claim| &claim.files).find(|file| file.hash == hash).cloned().ok_or_else(not_found)?;
    let blob = secrets::file(cx, &file.hash).await?.ok_or_else(not_found)?;
    if cx.actor()?.role.is_officer() {
        let payload = json!({ "standard": at.standard, "requirement": at.requirement, "file_hash": file.hash });
        cx.record("standard.file_viewed", ("organisation", at.organisation.to_string()), payload).await?;
    }
    Ok(Fetched { name: file.name, kind: blob.kind, content: blob.content })
}
