//! Contact 通知方式: what a person chooses, and what the worker sends: a message or a digest becomes a letter, its fate a row.

use std::mem;

use chrono::TimeDelta;
use serde_json::json;
use youju_domain::contact::{Cadence, Contact};
use youju_domain::id::{MessageId, PersonId};
use youju_domain::message::Message;
use youju_domain::{Instant, Problem};
use youju_store::contact::{self, Delivery};
use youju_store::message;
use youju_store::outbox::{self, Job, NewJob};
use youju_store::sealed::Place;

use crate::context::{App, Cx};
use crate::error::Result;
use crate::secrets::of_words;

/// Job that sends one message by one channel.
const SEND: &str = "message.send";
/// Job that sends what a person has not read yet.
const DIGEST: &str = "message.digest";
/// Messages that one digest names; the number of all is always told.
const DIGEST_MESSAGES_MAX: i64 = 30;
/// How far back the first digest looks.
const DIGEST_FIRST_DAYS: i64 = 7;
/// Deliveries that a person is shown.
const DELIVERIES_MAX: i64 = 20;
/// How long a worker may take over one letter; a channel gives up after half a minute.
const LEASE: TimeDelta = TimeDelta::seconds(120);

/// How a person is reached, and what became of it lately.
pub struct Reach {
    /// Their contacts.
    pub contacts: Vec<Contact>,
    /// The latest attempts, newest first.
    pub deliveries: Vec<Delivery>,
}

/// The actor's own.
pub async fn own(cx: &mut Cx<'_>) -> Result<Reach> {
    let person = cx.actor()?.person;
    let contacts = contacts(cx, person).await?;
    let mut deliveries = contact::deliveries(cx.tx(), person, DELIVERIES_MAX).await?;
    for delivery in &mut deliveries {
        let about = of_words(Place::Delivery, delivery.id, "");
        delivery.detail = cx.app().secret_keys().open_text(mem::take(&mut delivery.detail), &about)?;
    }
    Ok(Reach { contacts, deliveries })
}

/// How somebody is reached, with addresses opened.
async fn contacts(cx: &mut Cx<'_>, person: PersonId) -> Result<Vec<Contact>> {
    let mut contacts = contact::of_person(cx.tx(), person).await?;
    for contact in &mut contacts {
        let about = of_words(Place::Contact, person, &contact.channel);
        contact.address = cx.app().secret_keys().open_text(mem::take(&mut contact.address), &about)?;
    }
    Ok(contacts)
}

/// Sets how the actor is reached by a channel; none of it any more with `None`.
pub async fn set(cx: &mut Cx<'_>, channel: &str, wanted: Option<Contact>) -> Result<()> {
    let person = cx.actor()?.person;
    match wanted {
        None => contact::remove(cx.tx(), person, channel).await?,
        Some(wanted) if wanted.person == person && wanted.channel == channel => {
            let mut wanted = wanted.checked()?;
            let about = of_words(Place::Contact, person, channel);
            wanted.address = cx.app().secret_keys().seal_text(&wanted.address, &about)?;
            contact::put(cx.tx(), &wanted).await?;
        }
        Some(_) => return Err(Problem::Forbidden.into()),
    }
    cx.record("contact.set", ("person", person.to_string()), json!({ "channel": channel })).await
}

/// Asks for a message to be sent by every channel that its addressee has chosen.
pub(crate) async fn enqueue(cx: &mut Cx<'_>, message: &Message) -> Result<()> {
    let now = cx.now();
    for contact in contact::of_person(cx.tx(), message.person).await? {
        let run_at = contact.send_at(now);
        let (kind, dedup_key, message) = match contact.cadence {
            Cadence::AtOnce => (SEND, None, Some(message.id)),
            Cadence::Daily => (DIGEST, Some(format!("digest:{}:{}", contact.person, contact.channel)), None),
        };
        let payload = json!({ "person": contact.person, "channel": contact.channel, "message": message });
        let job = NewJob { id: cx.app().world().new_id(), kind: kind.to_owned(), payload, run_at, dedup_key };
        outbox::enqueue(cx.tx(), job).await?;
    }
    Ok(())
}

/// A letter that is to be sent now.
pub struct Ready {
    /// The job that asks for it; its id is the identity of the letter.
    pub job: Job,
    /// Id of the channel.
    pub channel: String,
    /// Mail address or number.
    pub address: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Instant,
    person: PersonId,
    message: Option<MessageId>,
}

/// What became of a letter.
pub enum Fate {
    /// It arrived, with what the channel says about it.
    Delivered(String),
    /// It never will; the reason.
    Refused(String),
    /// It is to be tried again; the reason, and how long the channel wants to be left alone.
    Failed(String, TimeDelta),
}

/// Takes the letter that has waited longest, if one is due. Jobs whose reason has gone (the message was read, the channel is
/// not wanted any more) are finished on the way.
pub async fn take(app: &App, worker: &str) -> Result<Option<Ready>> {
    loop {
        let taken = app
            .write(None, async |cx| {
                let now = cx.now();
                let Some(job) = outbox::claim(cx.tx(), worker, now, now + LEASE).await? else { return Ok(None) };
                if ![SEND, DIGEST].contains(&job.kind.as_str()) {
                    // Nobody here knows this work: it must neither vanish nor stop the letters behind it.
                    let reason = format!("没有程序办理“{}”这种任务", job.kind);
                    outbox::fail(cx.tx(), &job, now, &reason, TimeDelta::zero()).await?;
                    return Ok(Some(None));
                }
                let ready = prepare(cx, &job).await?;
                if ready.is_none() {
                    outbox::finish(cx.tx(), &job, now).await?;
                }
                Ok(Some(ready))
            })
            .await?;
        match taken {
            None => return Ok(None),
            Some(Some(ready)) => return Ok(Some(ready)),
            Some(None) => {}
        }
    }
}

async fn prepare(cx: &mut Cx<'_>, job: &Job) -> Result<Option<Ready>> {
    let field = |name: &str| job.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let Ok(person) = field("person").parse::<PersonId>() else { return Ok(None) };
    let channel = field("channel");
    let contacts = contacts(cx, person).await?;
    let Some(contact) = contacts.into_iter().find(|contact| contact.channel == channel) else { return Ok(None) };
    let message = field("message").parse::<MessageId>().ok();
    let (subject, text, at) = match message {
        Some(id) => match message::get(cx.tx(), id).await? {
            Some(message) if message.read_at.is_none() => (message.title, message.body, message.sent_at),
            _ => return Ok(None),
        },
        None => match digest(cx, person, &channel).await? {
            Some((subject, text)) => (subject, text, cx.now()),
            None => return Ok(None),
        },
    };
    Ok(Some(Ready { job: job.clone(), channel, address: contact.address, subject, text, at, person, message }))
}

/// What came since the last digest and was not read, as one text. Tasks are in it: whoever wants a digest does not look at the
/// inbox all day.
async fn digest(cx: &mut Cx<'_>, person: PersonId, channel: &str) -> Result<Option<(String, String)>> {
    let last = contact::last_digest(cx.tx(), person, channel).await?;
    let since = last.unwrap_or(cx.now() - TimeDelta::days(DIGEST_FIRST_DAYS));
    let unread = message::unread_since(cx.tx(), person, since, DIGEST_MESSAGES_MAX).await?;
    if unread.total == 0 {
        return Ok(None);
    }
    let mut lines: Vec<String> = unread.rows.iter().map(|message| format!("· {}", message.title)).collect();
    let shown = u64::try_from(lines.len()).unwrap_or_default();
    if unread.total > shown {
        lines.push(format!("共 {} 条,以上是最近的 {shown} 条。", unread.total));
    }
    Ok(Some((format!("有据:{} 条消息待阅", unread.total), lines.join("\n"))))
}

/// Writes down what became of a letter, and finishes its job or lets it wait.
pub async fn settle(app: &App, ready: &Ready, fate: Fate) -> Result<()> {
    app.write(None, async |cx| {
        let now = cx.now();
        let (state, detail) = match &fate {
            Fate::Delivered(receipt) => ("delivered", receipt),
            Fate::Refused(reason) => ("refused", reason),
            Fate::Failed(reason, _) => ("failed", reason),
        };
        let id = cx.app().world().new_id();
        let detail = cx.app().secret_keys().seal_text(detail, &of_words(Place::Delivery, id, ""))?;
        let delivery = Delivery {
            id,
            person: ready.person,
            channel: ready.channel.clone(),
            message: ready.message,
            state: state.to_owned(),
            detail,
            // The next digest begins where this one was written, not where it arrived.
            at: if ready.message.is_none() { ready.at } else { now },
        };
        contact::add_delivery(cx.tx(), &delivery).await?;
        match fate {
            Fate::Failed(reason, wait) => outbox::fail(cx.tx(), &ready.job, now, &reason, wait).await?,
            _ => outbox::finish(cx.tx(), &ready.job, now).await?,
        }
        Ok(())
    })
    .await
}
