//! Contact 通知方式 and delivery 投递 in rows.

use uuid::Uuid;
use youju_domain::Instant;
use youju_domain::contact::{Contact, Quiet};
use youju_domain::id::{MessageId, PersonId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Contact {
    fn from_row(row: &Row) -> Result<Contact> {
        let minute = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        let (from, until) = (minute(row.get("quiet_from")?), minute(row.get("quiet_until")?));
        Ok(Contact {
            person: row.get("person_id")?,
            channel: row.get("channel")?,
            address: row.get("address")?,
            cadence: row.get("cadence")?,
            quiet: from.zip(until).map(|(from, until)| Quiet { from, until }),
        })
    }
}

/// Sets how a person hears by a channel.
pub async fn put(tx: &mut Tx, contact: &Contact) -> Result<()> {
    tx.run(
        sql("insert into contact (person_id, channel, address, cadence, quiet_from, quiet_until)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (person_id, channel) do update set address = $3, cadence = $4, quiet_from = $5, quiet_until = $6")
        .bind(contact.person)
        .bind(contact.channel.as_str())
        .bind(contact.address.as_str())
        .bind(contact.cadence)
        .bind(contact.quiet.map(|quiet| i64::from(quiet.from)))
        .bind(contact.quiet.map(|quiet| i64::from(quiet.until))),
    )
    .await?
    .must_be(1)
}

/// A person does not want to hear by a channel any more.
pub async fn remove(tx: &mut Tx, person: PersonId, channel: &str) -> Result<()> {
    let delete = sql("delete from contact where person_id = $1 and channel = $2");
    tx.run(delete.bind(person).bind(channel)).await?.any();
    Ok(())
}

/// The contacts of a person.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Contact>> {
    tx.all(
        sql("select person_id, channel, address, cadence, quiet_from, quiet_until from contact
             where person_id = $1 order by channel")
        .bind(person),
    )
    .await
}

/// What became of an attempt to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// Whom.
    pub person: PersonId,
    /// By which channel.
    pub channel: String,
    /// With which message; none for a digest of several.
    pub message: Option<MessageId>,
    /// `delivered`, `failed` (to be tried again) or `refused`.
    pub state: String,
    /// Receipt, or the reason.
    pub detail: String,
    /// When.
    pub at: Instant,
}

impl FromRow for Delivery {
    fn from_row(row: &Row) -> Result<Delivery> {
        Ok(Delivery {
            id: row.get("id")?,
            person: row.get("person_id")?,
            channel: row.get("channel")?,
            message: row.get("message_id")?,
            state: row.get("state")?,
            detail: row.get("detail")?,
            at: row.get("at")?,
        })
    }
}

/// Writes down what became of an attempt.
pub async fn add_delivery(tx: &mut Tx, delivery: &Delivery) -> Result<()> {
    tx.run(
        sql("insert into delivery (id, person_id, channel, message_id, state, detail, at)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(delivery.id)
        .bind(delivery.person)
        .bind(delivery.channel.as_str())
        .bind(delivery.message)
        .bind(delivery.state.as_str())
        .bind(delivery.detail.as_str())
        .bind(delivery.at),
    )
    .await?
    .must_be(1)
}

/// When the digest was written that reached a person by a channel last.
pub async fn last_digest(tx: &mut Tx, person: PersonId, channel: &str) -> Result<Option<Instant>> {
    tx.maybe(
        sql("select at from delivery where person_id = $1 and channel = $2 and message_id is null and state = 'delivered'
             order by at desc limit 1")
        .bind(person)
        .bind(channel),
    )
    .await
}

/// The latest attempts to reach a person, newest first.
pub async fn deliveries(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Delivery>> {
    tx.all(
        sql("select id, person_id, channel, message_id, state, detail, at from delivery
             where person_id = $1 order by at desc, id limit $2")
        .bind(person)
        .bind(limit),
    )
    .await
}
