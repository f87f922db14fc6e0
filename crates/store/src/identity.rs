//! Ties 绑定 of accounts to an identity platform in rows: of the subject only a hash.

use youju_domain::id::PersonId;
use youju_domain::identity::Tie;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Tie {
    fn from_row(row: &Row) -> Result<Tie> {
        Ok(Tie { person: row.get("person_id")?, subject_hash: row.get("subject_hash")?, made_at: row.get("made_at")? })
    }
}

/// The tie of a person's account.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Option<Tie>> {
    tx.maybe(sql("select person_id, subject_hash, made_at from identity_tie where person_id = $1").bind(person)).await
}

/// Whose account somebody at the platform is tied to.
pub async fn by_subject(tx: &mut Tx, subject_hash: &str) -> Result<Option<Tie>> {
    tx.maybe(
        sql("select person_id, subject_hash, made_at from identity_tie where subject_hash = $1").bind(subject_hash),
    )
    .await
}

/// A new tie.
pub async fn add(tx: &mut Tx, tie: &Tie) -> Result<()> {
    tx.run(
        sql("insert into identity_tie (person_id, subject_hash, made_at) values ($1, $2, $3)")
            .bind(tie.person)
            .bind(tie.subject_hash.as_str())
            .bind(tie.made_at),
    )
    .await?
    .must_be(1)
}

/// Unties an account; false when it was not tied.
pub async fn remove(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(tx.run(sql("delete from identity_tie where person_id = $1").bind(person)).await?.any() > 0)
}
