//! Cases 事项: opened, taken step by step, looked at and listed. What may happen is decided by `domain::case` after the type that the case
//! was opened with; here stand the order of reading and writing, messages to whose turn it is, and what else happens (`effect`).

pub mod effect;
mod photo;
pub mod sheet;
mod subject;
mod told;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::workday;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::case::{self, Act, Case, CaseType, Command, New, Opener, Party, Place, Subject, Values};
use youju_domain::id::{CaseId, PersonId};
use youju_domain::message::Kind;
use youju_store::case as store;
use youju_store::person;
use youju_store::register::{Page, PageRequest};

use crate::attachment::{Fetched, Looked};
use crate::context::Cx;
use crate::crypto;
use crate::error::{Error, Fault, Result};
use crate::message::{Draft, tell_people};
use crate::organisation::today;
use crate::secrets;

use photo::{Kept, taken_in};

pub use store::{Filter, Listed, Turn};
pub use told::{Alike, Told};

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "事项" })
}

/// A type that the actor may open here, with what it may be about.
pub struct Openable {
    /// The type.
    pub kind: CaseType,
    /// What may be chosen, by id and name; empty where it is typed, or is nothing but oneself.
    pub subjects: Vec<(String, String)>,
    /// What the page that led here has chosen.
    pub chosen: Option<Subject>,
    /// What is told beforehand: rounds, and units that look like the chosen one.
    pub told: Told,
}

/// True when the actor may open a case of a type for some subject of their own area.
fn may_open(kind: &CaseType, actor: &Actor) -> bool {
    let opener = Opener::from(actor);
    let place = Place { area: &actor.area, unit: actor.unit, opener: &opener };
    kind.open.who.iter().flat_map(|who| who.parties(&place)).any(|party| party.includes(actor, &actor.area))
}

/// The types that the actor may open, as they are in force in their area.
pub fn openable<'a>(cx: &Cx<'a>) -> Result<Vec<&'a CaseType>> {
    let (app, actor) = (cx.app(), cx.actor()?);
    Ok(app.case_types().for_area(&actor.area).into_values().filter(|kind| may_open(kind, actor)).collect())
}

fn no_such_type() -> Error {
    Error::Problem(Problem::NotFound { what: "事项类型" })
}

/// A type to be opened by the actor; what the page already names as its subject must be there.
pub async fn form(cx: &mut Cx<'_>, key: &str, chosen: &str) -> Result<Openable> {
    let kind = openable(cx)?.into_iter().find(|kind| kind.key == key).cloned().ok_or_else(no_such_type)?;
    let subjects = subject::choices(cx, &kind).await?;
    let chosen = if chosen.is_empty() { None } else { Some(subject::resolve(cx, kind.subject, chosen).await?) };
    let told = told::before(cx, &kind, chosen.as_ref()).await?;
    Ok(Openable { kind, subjects, chosen, told })
}

/// A type as the text that its fingerprint is of.
fn canonical(kind: &CaseType) -> Result<(String, String)> {
    let text = serde_json::to_string(kind).map_err(|error| Fault::new("writing a case type", error))?;
    Ok((crypto::sha256(text.as_bytes()), text))
}

/// The case that the actor has opened already with a sending of this key. A key that was used for another type is damaged or made up.
pub(crate) async fn opened_before(cx: &mut Cx<'_>, key: &str, sending: Option<&str>) -> Result<Option<CaseId>> {
    let Some(sending) = sending else { return Ok(None) };
    let by = cx.actor()?.person;
    match store::opened(cx.tx(), by, sending).await? {
        Some(before) if before.kind != key => {
            let reason = "这个发送编号已经用来提出过另一种事项。请换一个编号再发送。".into();
            Err(Problem::BadInput { reason }.into())
        }
        found => Ok(found.map(|before| before.id)),
    }
}

/// Opens a case of a type about what was chosen. The narrowest profile that holds the subject says what the type is. What is sent twice,
/// because the answer got lost on the way, is one case.
pub async fn open(
    cx: &mut Cx<'_>,
    key: &str,
    chosen: &str,
    command: Command,
    looked: BTreeMap<String, Looked>,
) -> Result<CaseId> {
    let kind = openable(cx)?.into_iter().find(|kind| kind.key == key).ok_or_else(no_such_type)?;
    if let Some(before) = opened_before(cx, key, command.sending.as_deref()).await? {
        return Ok(before);
    }
    let subject = subject::resolve(cx, kind.subject, chosen).await?;
    let here = cx.app().case_types().get(&subject.area, key).filter(|here| here.subject == kind.subject);
    let kind = here.ok_or_else(no_such_type)?;
    told::must_be_single(cx, kind, &subject).await?;
    told::must_be_known(cx, kind, &command.values).await?;
    let (type_hash, text) = canonical(kind)?;
    let (materials, kept) = taken_in(kind, looked, &command.shots)?;
    let facts = told::facts(cx, &subject).await?;
    let (actor, now, id) = (cx.actor()?.clone(), cx.now(), cx.new_id());
    let moment = (now, today(cx));
    let new = New { id, type_hash: &type_hash };
    let case = case::open(kind, new, subject, &actor, Command { materials, facts, ..command }, moment)?;
    store::keep_type(cx.tx(), &type_hash, kind, &text, now).await?;
    store::add(cx.tx(), &case, kind).await?;
    keep(cx, &case, kept).await?;
    record(cx, &case, kind, "opened").await?;
    tell(cx, &case, kind).await?;
    Ok(id)
}

async fn keep(cx: &mut Cx<'_>, case: &Case, kept: Kept) -> Result<()> {
    for (file, kind) in kept {
        secrets::keep_file(cx, &file.hash, kind, file.content).await?;
        store::add_file(cx.tx(), case.id, &file.hash).await?;
    }
    Ok(())
}

/// The journal leaf of the last step: what was done and the fingerprint of all that was said. Words stay with the case, whose readers
/// are fewer than those of the journal.
async fn record(cx: &mut Cx<'_>, case: &Case, kind: &CaseType, action: &str) -> Result<()> {
    let Some(step) = case.last() else { return Ok(()) };
    let said = serde_json::to_vec(step).map_err(|error| Fault::new("writing a step", error))?;
    let files: Vec<&str> = step.materials.iter().map(|one| one.hash.as_str()).collect();
    let payload = json!({
        "type": kind.key, "type_hash": case.type_hash, "act": step.act, "signed_as": step.signed_as, "state": step.to,
        "number": case.steps.len(), "step_hash": crypto::sha256(&said), "files": files,
    });
    cx.record(&format!("case.{action}"), ("case", case.id.to_string()), payload).await
}

/// Tells whose turn it is now, and at an end the applicant. What the case says is read in it: messages also leave by mail.
async fn tell(cx: &mut Cx<'_>, case: &Case, kind: &CaseType) -> Result<()> {
    let state = kind.state(case.state());
    let label = state.map_or("", |state| state.label.as_str());
    let due = case.due_on(kind).map(|due| format!("期限 {due}。")).unwrap_or_default();
    let about = if kind.subject == case::SubjectKind::None { String::new() } else { case.subject.name.clone() };
    let draft = Draft {
        kind: Kind::Case,
        title: format!("{}:{label}", kind.name),
        body: format!("{about} {due}").trim().to_owned(),
        about: ("case", case.id.to_string()),
    };
    let mut told = newly_told(cx, case, kind).await?;
    if state.is_some_and(|state| state.is_end) {
        told.push(case.opener.person);
        told.sort_unstable();
        told.dedup();
        return tell_people(cx, &told, &draft, false).await;
    }
    let barred = case.barred(kind);
    let mut people: Vec<PersonId> = Vec::new();
    for party in case.turn_parties(kind) {
        people.extend(members(cx, party, case).await?);
    }
    people.retain(|person| !barred.contains(person));
    people.sort_unstable();
    people.dedup();
    told.retain(|person| !people.contains(person));
    tell_people(cx, &told, &draft, false).await?;
    tell_people(cx, &people, &draft, true).await
}

/// The people whom its type tells of the state that a case has just come into.
async fn newly_told(cx: &mut Cx<'_>, case: &Case, kind: &CaseType) -> Result<Vec<PersonId>> {
    if case.steps.iter().rev().nth(1).is_some_and(|before| before.to == case.state()) {
        return Ok(Vec::new());
    }
    let mut people = Vec::new();
    for party in case.reach(kind).told {
        people.extend(members(cx, party, case).await?);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The people of a party.
async fn members(cx: &mut Cx<'_>, party: Party, case: &Case) -> Result<Vec<PersonId>> {
    let found = match party {
        Party::Person(person) => return Ok(vec![person]),
        Party::Unit(unit, _) => person::of_unit(cx.tx(), unit).await?,
        Party::Office(role, _) => person::with_role(cx.tx(), role).await?,
        Party::Officer(level) => {
            let role = youju_domain::access::Role::ALL.into_iter().find(|role| role.level() == Some(level));
            let Some(role) = role else { return Ok(Vec::new()) };
            person::with_role(cx.tx(), role).await?
        }
    };
    let belongs = |person: &youju_domain::person::Person| party.includes(&person.actor(), &case.subject.area);
    Ok(found.iter().filter(|person| belongs(person)).map(|person| person.id).collect())
}

/// A case with the type that it was opened with, for those who may look at it or act in it.
async fn found(cx: &mut Cx<'_>, id: CaseId, action: Action) -> Result<(Case, CaseType)> {
    let case = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let kind = store::kept_type(cx.tx(), &case.type_hash).await?;
    let reach = case.reach(&kind);
    cx.allow(action, Object::Case(&reach)).map_err(|error| match error {
        Error::Problem(Problem::NotFound { .. }) => not_found(),
        other => other,
    })?;
    Ok((case, kind))
}

/// An act that the actor's party may do, as the page offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Key of the act.
    pub act: String,
    /// As which signatory.
    pub signatory: Option<String>,
    /// Why this person may not.
    pub bar: Option<String>,
}

/// A case as somebody looks at it.
pub struct Seen {
    /// The case, as much of it as the actor may see.
    pub case: Case,
    /// What stands in its fields, as far as the actor may see them.
    pub values: Values,
    /// True when it is the whole case; what is told to a unit is less.
    pub is_whole: bool,
    /// Its type.
    pub kind: CaseType,
    /// Acts that the actor's party may do now, in the order of the type.
    pub offers: Vec<Offered>,
    /// Whose turn it is, in words.
    pub turn: Vec<String>,
    /// The last day in time.
    pub due_on: Option<NaiveDate>,
    /// Today.
    pub today: NaiveDate,
    /// What has to be said beside the term: a year whose holidays are not known.
    pub caveat: Option<String>,
    /// What is told before a decision.
    pub told: Told,
}

/// A case that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, id: CaseId) -> Result<Seen> {
    let (case, kind) = found(cx, id, Action::View).await?;
    let offers = case::offers(&kind, &case, cx.actor()?).into_iter().map(|offer| Offered {
        act: offer.act.key.clone(),
        signatory: offer.signatory.map(|one| one.label.clone()),
        bar: offer.bar,
    });
    let due_on = case.due_on(&kind);
    let is_whole = case.reach(&kind).is_whole_to(cx.actor()?);
    let told = if is_whole { told::about(cx, &kind, &case).await? } else { Told::default() };
    let (shown, values) = case.shown_to(&kind, cx.actor()?);
    Ok(Seen {
        told,
        values,
        is_whole,
        offers: offers.collect(),
        turn: case.turn(&kind).into_iter().map(case::Who::label).collect(),
        due_on,
        today: today(cx),
        caveat: due_on.and_then(workday::caveat),
        case: shown,
        kind,
    })
}

/// Does something in a case. The step, its files, its journal leaf, the messages and what else has to happen are one transaction.
/// What a device sends twice, because the answer got lost on the way, is one step.
pub async fn take(cx: &mut Cx<'_>, id: CaseId, command: Command, looked: BTreeMap<String, Looked>) -> Result<()> {
    let (case, kind) = found(cx, id, Action::View).await?;
    let by = cx.actor()?.person;
    if command.sending.as_ref().is_some_and(|sending| case.has_taken(sending, by)) {
        return Ok(());
    }
    // Whose page is old hears that somebody was faster, even if they would have no part in what the case is now.
    if command.revision == case.revision {
        cx.allow(Action::Handle, Object::Case(&case.reach(&kind)))?;
    }
    let (materials, kept) = taken_in(&kind, looked, &command.shots)?;
    told::must_be_known(cx, &kind, &command.values).await?;
    let facts = told::facts(cx, &case.subject).await?;
    let (actor, moment) = (cx.actor()?.clone(), (cx.now(), today(cx)));
    let taken = case::take(&kind, &case, &actor, Command { materials, facts, ..command }, moment)?;
    store::put(cx.tx(), &taken.case, &kind).await?;
    keep(cx, &taken.case, kept).await?;
    record(cx, &taken.case, &kind, "stepped").await?;
    effect::run(cx, &taken.effects, effect::Done { case: &taken.case, kind: &kind }).await?;
    tell(cx, &taken.case, &kind).await
}

/// One page of the cases that the actor may look at.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let actor = cx.actor()?.clone();
    Ok(store::list(cx.tx(), &actor, filter, page).await?)
}

/// The types that a list can be narrowed to: those in force where the actor is, and those of running cases; key and name.
pub async fn type_names(cx: &mut Cx<'_>) -> Result<Vec<(String, String)>> {
    let area = cx.actor()?.area;
    let mut names: BTreeMap<String, String> = store::type_names(cx.tx()).await?.into_iter().collect();
    let in_force = cx.app().case_types().for_area(&area);
    names.extend(in_force.into_iter().map(|(key, kind)| (key.to_owned(), kind.name.clone())));
    Ok(names.into_iter().collect())
}

/// The first cases where it is the actor's turn, overdue ones first, with how many there are.
pub async fn waiting(cx: &mut Cx<'_>, limit: i64) -> Result<Page<Listed>> {
    let actor = cx.actor()?.clone();
    Ok(store::waiting(cx.tx(), &actor, limit).await?)
}

/// Cases of one phone at a time: nobody calls on more units before coming back into the net.
const ONSITE_MAX: i64 = 50;

/// The first cases where it is the actor's turn to do something on the spot, with the act.
pub async fn onsite_waiting(cx: &mut Cx<'_>) -> Result<Vec<(Listed, Act)>> {
    let mut found = Vec::new();
    for row in waiting(cx, ONSITE_MAX).await?.rows {
        let seen = get(cx, row.id).await?;
        let free = seen.offers.iter().filter(|offer| offer.bar.is_none()).filter_map(|offer| seen.kind.act(&offer.act));
        found.extend(free.filter(|act| act.is_onsite).map(|act| (row.clone(), act.clone())));
    }
    Ok(found)
}

/// A file of a case, for those who may look at it. The journal says who fetched which, whoever they are: what lies here often concerns
/// somebody else.
pub async fn fetch(cx: &mut Cx<'_>, id: CaseId, hash: &str) -> Result<Fetched> {
    let (case, kind) = found(cx, id, Action::View).await?;
    let (case, _) = case.shown_to(&kind, cx.actor()?);
    let not_found = || Error::Problem(Problem::NotFound { what: "材料" });
    let file = case.materials().find(|file| file.hash == hash).cloned().ok_or_else(not_found)?;
    let blob = secrets::file(cx, &file.hash).await?.ok_or_else(not_found)?;
    cx.record("case.file_viewed", ("case", id.to_string()), json!({ "file_hash": file.hash })).await?;
    Ok(Fetched { name: file.name, kind: blob.kind, content: blob.content })
}
