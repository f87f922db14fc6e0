//! Sessions 登录会话: only the hash of a token is stored.

use youju_domain::Instant;
use youju_domain::account::{Account, Stage};
use youju_domain::id::{PersonId, SessionId};
use youju_domain::person::Person;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::{Result, StoreError};

pub use youju_domain::account::Session;

/// A session with whose it is, and what was noted about their account.
pub struct Held {
    /// The session.
    pub session: Session,
    /// Whose.
    pub person: Person,
    /// Their account.
    pub account: Account,
}

impl FromRow for Session {
    fn from_row(row: &Row) -> Result<Session> {
        let stage: String = row.get("stage")?;
        let unknown = || StoreError::fault("读取登录会话", format!("没有“{stage}”这一步"));
        Ok(Session {
            id: row.get("session_id")?,
            person: row.get("person_id")?,
            token_hash: row.get("token_hash")?,
            stage: Stage::from_key(&stage).ok_or_else(unknown)?,
            created_at: row.get("created_at")?,
            seen_at: row.get("seen_at")?,
            address: row.get("address")?,
            agent: row.get("agent")?,
        })
    }
}

impl FromRow for Held {
    fn from_row(row: &Row) -> Result<Held> {
        Ok(Held { session: Session::from_row(row)?, person: Person::from_row(row)?, account: Account::from_row(row)? })
    }
}

/// A new session.
pub async fn add(tx: &mut Tx, session: &Session) -> Result<()> {
    tx.run(
        sql("insert into session (id, person_id, token_hash, stage, created_at, seen_at, address, agent)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(session.id)
        .bind(session.person)
        .bind(session.token_hash.as_str())
        .bind(session.stage.key())
        .bind(session.created_at)
        .bind(session.seen_at)
        .bind(session.address.as_str())
        .bind(session.agent.as_str()),
    )
    .await?
    .must_be(1)
}

/// The session of a token.
pub async fn by_token_hash(tx: &mut Tx, token_hash: &str) -> Result<Option<Held>> {
    tx.maybe(
        sql(
            "select s.id as session_id, s.person_id, s.token_hash, s.stage, s.created_at, s.seen_at, s.address, s.agent,
                    p.id, p.login, p.name, p.role, p.area, p.unit_id, p.domains, p.failures, p.failed_at,
                    p.must_change, p.made_at, p.used_at, p.restored_at, p.post_ends_on, p.notice_until, p.suspended_at,
                    p.suspended_why, f.confirmed_at,
                    (select count(*) from security_key k where k.person_id = p.id) as security_keys
             from session s join person p on p.id = s.person_id left join second_factor f on f.person_id = p.id
             where s.token_hash = $1",
        )
        .bind(token_hash),
    )
    .await
}

/// The sessions of a person, the latest first.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Session>> {
    tx.all(
        sql("select id as session_id, person_id, token_hash, stage, created_at, seen_at, address, agent from session
             where person_id = $1 order by created_at desc, id desc")
        .bind(person),
    )
    .await
}

/// Notes that a session lives. A session that has just been signed out is no error.
pub async fn seen(tx: &mut Tx, id: SessionId, at: Instant) -> Result<()> {
    tx.run(sql("update session set seen_at = $2 where id = $1").bind(id).bind(at)).await?.any();
    Ok(())
}

/// Ends all sessions of a person.
pub async fn remove_all_of(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.run(sql("delete from session where person_id = $1").bind(person)).await?.any();
    Ok(())
}

/// Ends all sessions of a person but one.
pub async fn remove_others_of(tx: &mut Tx, person: PersonId, kept: SessionId) -> Result<()> {
    tx.run(sql("delete from session where person_id = $1 and id <> $2").bind(person).bind(kept)).await?.any();
    Ok(())
}

/// Ends one session of a person. One that has ended already is no error.
pub async fn remove_one_of(tx: &mut Tx, person: PersonId, id: SessionId) -> Result<()> {
    tx.run(sql("delete from session where person_id = $1 and id = $2").bind(person).bind(id)).await?.any();
    Ok(())
}

/// Ends a session. Signing out twice is no error.
pub async fn remove(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.run(sql("delete from session where token_hash = $1").bind(token_hash)).await?.any();
    Ok(())
}

/// Clears away what began before an instant: it opens no door any more.
pub async fn remove_older_of(tx: &mut Tx, person: PersonId, before: Instant) -> Result<()> {
    tx.run(sql("delete from session where person_id = $1 and created_at < $2").bind(person).bind(before)).await?.any();
    Ok(())
}

/// Asks the key of a session a question; one that was asked before counts no more.
pub async fn challenge(tx: &mut Tx, id: SessionId, challenge: &str, at: Instant) -> Result<()> {
    tx.run(sql("update session set challenge = $2, challenged_at = $3 where id = $1").bind(id).bind(challenge).bind(at))
        .await?
        .must_be(1)
}

/// The question that the key of a session has to answer, if it was asked after an instant.
pub async fn challenge_of(tx: &mut Tx, id: SessionId, after: Instant) -> Result<Option<String>> {
    tx.maybe(
        sql("select challenge from session where id = $1 and challenge is not null and challenged_at >= $2")
            .bind(id)
            .bind(after),
    )
    .await
}

/// Takes a question back: it counts once, also when it is answered twice at once. False when it was taken back before.
pub async fn use_challenge(tx: &mut Tx, id: SessionId, challenge: &str) -> Result<bool> {
    let used = tx
        .run(
            sql("update session set challenge = null, challenged_at = null where id = $1 and challenge = $2")
                .bind(id)
                .bind(challenge),
        )
        .await?;
    Ok(used.any() > 0)
}
