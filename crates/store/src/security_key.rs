//! Security keys 安全密钥 in rows: public keys only.

use youju_domain::Instant;
use youju_domain::id::{PersonId, SecurityKeyId};
use youju_domain::security_key::SecurityKey;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for SecurityKey {
    fn from_row(row: &Row) -> Result<SecurityKey> {
        Ok(SecurityKey {
            id: row.get("id")?,
            person: row.get("person_id")?,
            name: row.get("name")?,
            credential: row.get("credential")?,
            public_key: row.get("public_key")?,
            counter: row.get("counter")?,
            made_at: row.get("made_at")?,
            used_at: row.get("used_at")?,
        })
    }
}

/// The keys of a person, the first one first.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<SecurityKey>> {
    tx.all(
        sql("select id, person_id, name, credential, public_key, counter, made_at, used_at from security_key
             where person_id = $1 order by made_at, id")
        .bind(person),
    )
    .await
}

/// A key by what it calls itself, held until the transaction ends: two answers that are sent at once count one after the other.
pub async fn hold(tx: &mut Tx, credential: &str) -> Result<Option<SecurityKey>> {
    tx.maybe(
        sql("select id, person_id, name, credential, public_key, counter, made_at, used_at from security_key
             where credential = $1")
        .on_postgres(
            "select id, person_id, name, credential, public_key, counter, made_at, used_at from security_key
             where credential = $1 for update",
        )
        .bind(credential),
    )
    .await
}

/// A new key.
pub async fn add(tx: &mut Tx, key: &SecurityKey) -> Result<()> {
    tx.run(
        sql("insert into security_key (id, person_id, name, credential, public_key, counter, made_at, used_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(key.id)
        .bind(key.person)
        .bind(key.name.as_str())
        .bind(key.credential.as_str())
        .bind(key.public_key.as_str())
        .bind(key.counter)
        .bind(key.made_at)
        .bind(key.used_at),
    )
    .await?
    .must_be(1)
}

/// Notes that somebody has signed in by a key.
pub async fn used(tx: &mut Tx, id: SecurityKeyId, counter: i64, at: Instant) -> Result<()> {
    tx.run(sql("update security_key set counter = $2, used_at = $3 where id = $1").bind(id).bind(counter).bind(at))
        .await?
        .must_be(1)
}

/// Gives a key another name.
pub async fn rename(tx: &mut Tx, id: SecurityKeyId, name: &str) -> Result<()> {
    tx.run(sql("update security_key set name = $2 where id = $1").bind(id).bind(name)).await?.must_be(1)
}

/// Takes a key away.
pub async fn remove(tx: &mut Tx, id: SecurityKeyId) -> Result<()> {
    tx.run(sql("delete from security_key where id = $1").bind(id)).await?.must_be(1)
}

/// Takes all keys of a person away.
pub async fn remove_all_of(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.run(sql("delete from security_key where person_id = $1").bind(person)).await?.any();
    Ok(())
}
