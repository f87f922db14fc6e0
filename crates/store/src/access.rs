//! Sessions 登录会话: only the hash of a token is stored.

use youju_domain::Instant;
use youju_domain::id::{PersonId, SessionId};
use youju_domain::person::Person;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// When it began.
    pub created_at: Instant,
    /// The last request that was noted.
    pub seen_at: Instant,
}

struct Joined(Session, Person);

impl FromRow for Joined {
    fn from_row(row: &Row) -> Result<Joined> {
        let session = Session {
            id: row.get("session_id")?,
            person: row.get("id")?,
            token_hash: row.get("token_hash")?,
            created_at: row.get("created_at")?,
            seen_at: row.get("seen_at")?,
        };
        Ok(Joined(session, Person::from_row(row)?))
    }
}

/// A new session.
pub async fn add(tx: &mut Tx, session: &Session) -> Result<()> {
    tx.run(
        sql("insert into session (id, person_id, token_hash, created_at, seen_at) values ($1, $2, $3, $4, $5)")
            .bind(session.id)
            .bind(session.person)
            .bind(session.token_hash.as_str())
            .bind(session.created_at)
            .bind(session.seen_at),
    )
    .await?
    .must_be(1)
}

/// The session of a token, with its person.
pub async fn by_token_hash(tx: &mut Tx, token_hash: &str) -> Result<Option<(Session, Person)>> {
    let found: Option<Joined> = tx
        .maybe(
            sql("select s.id as session_id, s.token_hash, s.created_at, s.seen_at,
                        p.id, p.login, p.name, p.role, p.area, p.unit_id, p.failures, p.failed_at
                 from session s join person p on p.id = s.person_id where s.token_hash = $1")
            .bind(token_hash),
        )
        .await?;
    Ok(found.map(|Joined(session, person)| (session, person)))
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

/// Ends a session. Signing out twice is no error.
pub async fn remove(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.run(sql("delete from session where token_hash = $1").bind(token_hash)).await?.any();
    Ok(())
}
