//! Message 消息 in rows: written in the transaction of the change that it tells of.

use youju_domain::Instant;
use youju_domain::id::{MessageId, PersonId};
use youju_domain::message::{Kind, Message};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, total};

impl FromRow for Message {
    fn from_row(row: &Row) -> Result<Message> {
        Ok(Message {
            id: row.get("id")?,
            person: row.get("person_id")?,
            kind: row.get("kind")?,
            title: row.get("title")?,
            body: row.get("body")?,
            about: (row.get("about_kind")?, row.get("about_id")?),
            sent_at: row.get("sent_at")?,
            read_at: row.get("read_at")?,
            is_task: row.get("is_task")?,
        })
    }
}

/// A new message.
pub async fn add(tx: &mut Tx, message: &Message) -> Result<()> {
    tx.run(
        sql("insert into message (id, person_id, kind, title, body, about_kind, about_id, sent_at, read_at, is_task)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(message.id)
        .bind(message.person)
        .bind(message.kind)
        .bind(message.title.as_str())
        .bind(message.body.as_str())
        .bind(message.about.0.as_str())
        .bind(message.about.1.as_str())
        .bind(message.sent_at)
        .bind(message.read_at)
        .bind(message.is_task),
    )
    .await?
    .must_be(1)
}

/// A message by its id.
pub async fn get(tx: &mut Tx, id: MessageId) -> Result<Option<Message>> {
    tx.maybe(
        sql("select id, person_id, kind, title, body, about_kind, about_id, sent_at, read_at, is_task from message where id = $1")
            .bind(id),
    )
    .await
}

/// A person's messages: what has to be signed for first, then other news, then the rest; each part newest first.
pub async fn of_person(tx: &mut Tx, person: PersonId, page: PageRequest) -> Result<Page<Message>> {
    let count = tx.one(sql("select count(*) as n from message where person_id = $1").bind(person)).await?;
    let rows = tx
        .all(
            sql("select id, person_id, kind, title, body, about_kind, about_id, sent_at, read_at, is_task from message
                 where person_id = $1 order by case when read_at is null and kind = 'notice' then 0
                     when read_at is null and not is_task then 1 else 2 end, sent_at desc, id
                 limit $2 offset $3")
            .bind(person)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// Whether somebody has not read yet what was sent of a kind about something.
pub async fn has_unread(tx: &mut Tx, kind: Kind, (about_kind, about_id): (&str, &str)) -> Result<bool> {
    let found: Option<MessageId> = tx
        .maybe(
            sql("select id from message where about_kind = $1 and about_id = $2 and kind = $3 and read_at is null limit 1")
                .bind(about_kind)
                .bind(about_id)
                .bind(kind),
        )
        .await?;
    Ok(found.is_some())
}

/// How much news a person has not read.
pub async fn count_unread(tx: &mut Tx, person: PersonId) -> Result<u64> {
    let count = sql("select count(*) as n from message where person_id = $1 and read_at is null and not is_task");
    Ok(total(tx.one(count.bind(person)).await?))
}

/// What was sent to a person since an instant and not read, tasks too, newest first: at most `limit`, and how many there are.
pub async fn unread_since(tx: &mut Tx, person: PersonId, since: Instant, limit: i64) -> Result<Page<Message>> {
    let count = sql("select count(*) as n from message where person_id = $1 and read_at is null and sent_at >= $2");
    let count = tx.one(count.bind(person).bind(since)).await?;
    let rows = tx
        .all(
            sql("select id, person_id, kind, title, body, about_kind, about_id, sent_at, read_at, is_task from message
                 where person_id = $1 and read_at is null and sent_at >= $2 order by sent_at desc, id limit $3")
            .bind(person)
            .bind(since)
            .bind(limit),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: 0 })
}

/// The message has been read or signed for; the first time counts.
pub async fn read(tx: &mut Tx, id: MessageId, at: Instant) -> Result<()> {
    let update = sql("update message set read_at = $2 where id = $1 and read_at is null");
    tx.run(update.bind(id).bind(at)).await?.must_be(1)
}

/// Every message about one thing, with the names of those it is for: the proof that it was sent and received.
pub async fn about(tx: &mut Tx, kind: &str, id: &str) -> Result<Vec<Receipt>> {
    tx.all(
        sql("select p.name, m.kind, m.sent_at, m.read_at from message m join person p on p.id = m.person_id
             where m.about_kind = $1 and m.about_id = $2 order by m.sent_at, p.name")
        .bind(kind)
        .bind(id),
    )
    .await
}

/// Receipt 签收 — to whom something was sent, and when they received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Name of the addressee.
    pub name: String,
    /// What it was.
    pub kind: Kind,
    /// When it was sent.
    pub sent_at: Instant,
    /// When it was read or signed for.
    pub read_at: Option<Instant>,
}

impl FromRow for Receipt {
    fn from_row(row: &Row) -> Result<Receipt> {
        Ok(Receipt {
            name: row.get("name")?,
            kind: row.get("kind")?,
            sent_at: row.get("sent_at")?,
            read_at: row.get("read_at")?,
        })
    }
}
