//! API keys 接口密钥 in rows. A key is found by the hash of its secret: nothing secret is compared here.

use youju_domain::Instant;
use youju_domain::api_key::{ApiKey, Uses};
use youju_domain::id::{ApiKeyId, PersonId, UnitId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for ApiKey {
    fn from_row(row: &Row) -> Result<ApiKey> {
        let (at, by): (Option<Instant>, Option<PersonId>) = (row.get("revoked_at")?, row.get("revoked_by")?);
        Ok(ApiKey {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            name: row.get("name")?,
            prefix: row.get("prefix")?,
            secret_hash: row.get("secret_hash")?,
            uses: Uses { ledgers: row.get("for_ledgers")?, cases: row.get("for_cases")? },
            by: row.get("created_by")?,
            at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            revoked: at.zip(by),
            last_used_at: row.get("last_used_at")?,
        })
    }
}

/// A new key.
pub async fn add(tx: &mut Tx, key: &ApiKey) -> Result<()> {
    tx.run(
        sql("insert into api_key (id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at,
                 revoked_by, revoked_at, last_used_at, for_ledgers, for_cases)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(key.id)
        .bind(key.unit)
        .bind(key.name.as_str())
        .bind(key.prefix.as_str())
        .bind(key.secret_hash.as_str())
        .bind(key.by)
        .bind(key.at)
        .bind(key.expires_at)
        .bind(key.revoked.map(|(_, by)| by))
        .bind(key.revoked.map(|(at, _)| at))
        .bind(key.last_used_at)
        .bind(key.uses.ledgers)
        .bind(key.uses.cases),
    )
    .await?
    .must_be(1)
}

/// A key by its id.
pub async fn get(tx: &mut Tx, id: ApiKeyId) -> Result<Option<ApiKey>> {
    tx.maybe(
        sql(
            "select id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at, revoked_by, revoked_at,
                 last_used_at, for_ledgers, for_cases
             from api_key where id = $1",
        )
        .bind(id),
    )
    .await
}

/// A key as it is now, held until the transaction ends: what one key hands in comes in one after another.
pub async fn hold(tx: &mut Tx, id: ApiKeyId) -> Result<ApiKey> {
    tx.one(
        sql(
            "select id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at, revoked_by, revoked_at,
                 last_used_at, for_ledgers, for_cases
             from api_key where id = $1",
        )
        .on_postgres(
            "select id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at, revoked_by, revoked_at,
                 last_used_at, for_ledgers, for_cases
             from api_key where id = $1 for update",
        )
        .bind(id),
    )
    .await
}

/// The key of a secret.
pub async fn by_secret_hash(tx: &mut Tx, secret_hash: &str) -> Result<Option<ApiKey>> {
    tx.maybe(
        sql(
            "select id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at, revoked_by, revoked_at,
                 last_used_at, for_ledgers, for_cases
             from api_key where secret_hash = $1",
        )
        .bind(secret_hash),
    )
    .await
}

/// Every key that a unit has had, the newest first.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<ApiKey>> {
    tx.all(
        sql(
            "select id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at, revoked_by, revoked_at,
                 last_used_at, for_ledgers, for_cases
             from api_key where unit_id = $1 order by created_at desc, id desc",
        )
        .bind(unit),
    )
    .await
}

/// Ends a key; refused when somebody else was faster.
pub async fn revoke(tx: &mut Tx, id: ApiKeyId, by: PersonId, at: Instant) -> Result<()> {
    tx.run(
        sql("update api_key set revoked_by = $2, revoked_at = $3 where id = $1 and revoked_at is null")
            .bind(id)
            .bind(by)
            .bind(at),
    )
    .await?
    .must_be(1)
}

/// Notes that a key is used. Of two requests at once, the later instant stays.
pub async fn used(tx: &mut Tx, id: ApiKeyId, at: Instant) -> Result<()> {
    tx.run(
        sql("update api_key set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)")
            .bind(id)
            .bind(at),
    )
    .await?
    .any();
    Ok(())
}
