//! Message 消息: what the program tells people, written in the transaction of the change that it tells of (law 3).

use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::Role;
use youju_domain::id::{MessageId, PersonId, UnitId};
use youju_domain::message::{Kind, Message};
use youju_domain::person::Person;
use youju_domain::register::Unit;
use youju_domain::report::Level;
use youju_store::register::{Page, PageRequest};
use youju_store::{message, person};

use crate::context::Cx;
use crate::error::{Error, Result};

/// A message before it has addressees.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub kind: Kind,
    pub title: String,
    pub body: String,
    /// Kind and id of the thing that it is about.
    pub about: (&'static str, String),
}

/// Tells people; whoever acts is not told of their own act. `is_task` says that their inbox shows it
/// anyway as something to be done.
pub(crate) async fn tell_people(cx: &mut Cx<'_>, people: &[PersonId], draft: &Draft, is_task: bool) -> Result<()> {
    let actor = cx.actor().ok().map(|actor| actor.person);
    for person in people.iter().filter(|person| Some(**person) != actor) {
        tell(cx, *person, draft, is_task).await?;
    }
    Ok(())
}

/// Tells one person, also whoever acts: what happens to their account must not pass unseen.
pub(crate) async fn tell(cx: &mut Cx<'_>, person: PersonId, draft: &Draft, is_task: bool) -> Result<()> {
    let message = Message {
        id: cx.new_id(),
        person,
        kind: draft.kind,
        title: draft.title.clone(),
        body: draft.body.clone(),
        about: (draft.about.0.to_owned(), draft.about.1.clone()),
        sent_at: cx.now(),
        read_at: None,
        is_task,
    };
    message::add(cx.tx(), &message).await?;
    crate::contact::enqueue(cx, &message).await
}

/// Tells the people of a unit: whoever fills in and whoever is in charge.
pub(crate) async fn tell_unit(cx: &mut Cx<'_>, unit: UnitId, draft: &Draft) -> Result<()> {
    let people: Vec<PersonId> = person::of_unit(cx.tx(), unit).await?.iter().map(|person| person.id).collect();
    tell_people(cx, &people, draft, draft.kind.is_task_of_units()).await
}

/// Tells the officers of a level who answer for a form of a unit.
pub(crate) async fn tell_level(
    cx: &mut Cx<'_>,
    level: Level,
    (unit, form): (&Unit, &str),
    draft: &Draft,
) -> Result<()> {
    tell_area(cx, level, (&unit.area, Some(form)), draft, draft.kind.is_task_of_offices()).await
}

/// Tells the officers of a level who answer for an area, and for a form if it is about one. `is_task` says that their inbox shows it anyway.
pub(crate) async fn tell_area(
    cx: &mut Cx<'_>,
    level: Level,
    (area, form): (&AreaCode, Option<&str>),
    draft: &Draft,
    is_task: bool,
) -> Result<()> {
    let role = Role::ALL.into_iter().find(|role| role.level() == Some(level));
    let Some(role) = role else { return Ok(()) };
    let officers = person::with_role(cx.tx(), role).await?;
    let domain = form.map(|form| cx.app().domain_of(form));
    let answers =
        |officer: &&Person| officer.area.contains(area) && domain.is_none_or(|domain| officer.domains.cover(domain));
    let people: Vec<PersonId> = officers.iter().filter(answers).map(|officer| officer.id).collect();
    tell_people(cx, &people, draft, is_task).await
}

/// The actor's messages, unread ones first.
pub async fn list(cx: &mut Cx<'_>, page: PageRequest) -> Result<Page<Message>> {
    let person = cx.actor()?.person;
    Ok(message::of_person(cx.tx(), person, page).await?)
}

/// How many of the actor's messages have not been read.
pub async fn count_unread(cx: &mut Cx<'_>) -> Result<u64> {
    let person = cx.actor()?.person;
    Ok(message::count_unread(cx.tx(), person).await?)
}

/// The actor has read a message, or signs for it where receipt has to be proved: that is written into the journal.
pub async fn read(cx: &mut Cx<'_>, id: MessageId) -> Result<Message> {
    let not_found = || Error::Problem(Problem::NotFound { what: "消息" });
    let message = message::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    if message.person != cx.actor()?.person {
        return Err(not_found());
    }
    if message.read_at.is_some() {
        return Ok(message);
    }
    let now = cx.now();
    message::read(cx.tx(), id, now).await?;
    if message.kind.needs_receipt() {
        let (kind, about) = message.about.clone();
        let payload = json!({ "message": id, "kind": message.kind.key(), "sent_at": message.sent_at });
        cx.record("message.received", (&kind, about), payload).await?;
    }
    Ok(Message { read_at: Some(now), ..message })
}
