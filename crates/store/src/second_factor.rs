//! Second factors 动态码 in rows: the sealed secret, the last step that was used, and the hashes of recovery codes.

use youju_domain::Instant;
use youju_domain::id::PersonId;
use youju_domain::second_factor::SecondFactor;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for SecondFactor {
    fn from_row(row: &Row) -> Result<SecondFactor> {
        Ok(SecondFactor {
            person: row.get("person_id")?,
            sealed: row.get("sealed")?,
            begun_at: row.get("begun_at")?,
            confirmed_at: row.get("confirmed_at")?,
            last_step: row.get("last_step")?,
        })
    }
}

/// The second factor of a person, confirmed or not.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Option<SecondFactor>> {
    tx.maybe(
        sql("select person_id, sealed, begun_at, confirmed_at, last_step from second_factor where person_id = $1")
            .bind(person),
    )
    .await
}

/// The same, held until the transaction ends: a code that is sent twice at once counts once.
pub async fn hold(tx: &mut Tx, person: PersonId) -> Result<Option<SecondFactor>> {
    tx.maybe(
        sql("select person_id, sealed, begun_at, confirmed_at, last_step from second_factor where person_id = $1")
            .on_postgres(
                "select person_id, sealed, begun_at, confirmed_at, last_step from second_factor where person_id = $1
                 for update",
            )
            .bind(person),
    )
    .await
}

/// A factor as it is now.
pub async fn put(tx: &mut Tx, factor: &SecondFactor) -> Result<()> {
    tx.run(
        sql("insert into second_factor (person_id, sealed, begun_at, confirmed_at, last_step) values ($1, $2, $3, $4, $5)
             on conflict (person_id) do update set sealed = excluded.sealed, begun_at = excluded.begun_at,
                 confirmed_at = excluded.confirmed_at, last_step = excluded.last_step")
        .bind(factor.person)
        .bind(factor.sealed.as_str())
        .bind(factor.begun_at)
        .bind(factor.confirmed_at)
        .bind(factor.last_step),
    )
    .await?
    .must_be(1)
}

/// Takes a factor away. One that is not there is no error.
pub async fn remove(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.run(sql("delete from second_factor where person_id = $1").bind(person)).await?.any();
    Ok(())
}

/// A new recovery code.
pub async fn add_recovery(tx: &mut Tx, person: PersonId, code_hash: &str) -> Result<()> {
    tx.run(sql("insert into recovery_code (person_id, code_hash) values ($1, $2)").bind(person).bind(code_hash))
        .await?
        .must_be(1)
}

/// Uses a recovery code; false when there is none such, or it was used before.
pub async fn use_recovery(tx: &mut Tx, person: PersonId, code_hash: &str, at: Instant) -> Result<bool> {
    let used = tx
        .run(
            sql("update recovery_code set used_at = $3 where person_id = $1 and code_hash = $2 and used_at is null")
                .bind(person)
                .bind(code_hash)
                .bind(at),
        )
        .await?;
    Ok(used.any() > 0)
}

/// Recovery codes that were not used.
pub async fn count_recovery(tx: &mut Tx, person: PersonId) -> Result<i64> {
    tx.one(sql("select count(*) as n from recovery_code where person_id = $1 and used_at is null").bind(person)).await
}

/// Takes all recovery codes away.
pub async fn remove_recovery(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.run(sql("delete from recovery_code where person_id = $1").bind(person)).await?.any();
    Ok(())
}
