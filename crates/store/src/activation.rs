//! Activation 激活 in rows: one for each account that was opened without a password, with the hash of the code that counts.

use youju_domain::Instant;
use youju_domain::activation::Activation;
use youju_domain::id::PersonId;
use youju_domain::person::Person;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, total};

impl FromRow for Activation {
    fn from_row(row: &Row) -> Result<Activation> {
        Ok(Activation {
            code_hash: row.get("code_hash")?,
            issued_at: row.get("issued_at")?,
            expires_at: row.get("expires_at")?,
            used_at: row.get("activated_at")?,
            is_reset: row.get("is_reset")?,
        })
    }
}

/// Somebody whose account waits for its letter to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub person: Person,
    /// Their letter.
    pub activation: Activation,
    /// The name of their unit; empty for others.
    pub unit: String,
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> Result<Waiting> {
        Ok(Waiting {
            person: Person::from_row(row)?,
            activation: Activation::from_row(row)?,
            unit: row.get::<Option<String>>("unit_name")?.unwrap_or_default(),
        })
    }
}

/// The activation of an account; none where its password was set otherwise.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Option<Activation>> {
    tx.maybe(
        sql("select code_hash, issued_at, expires_at, used_at as activated_at, is_reset from activation where person_id = $1")
            .bind(person),
    )
    .await
}

/// The same, held until the transaction ends: a code that is sent twice at once counts once.
pub async fn hold(tx: &mut Tx, person: PersonId) -> Result<Option<Activation>> {
    tx.maybe(
        sql("select code_hash, issued_at, expires_at, used_at as activated_at, is_reset from activation where person_id = $1")
            .on_postgres(
                "select code_hash, issued_at, expires_at, used_at as activated_at, is_reset from activation where person_id = $1
                 for update",
            )
            .bind(person),
    )
    .await
}

/// An activation as it is now.
pub async fn put(tx: &mut Tx, person: PersonId, one: &Activation) -> Result<()> {
    tx.run(
        sql("insert into activation (person_id, code_hash, issued_at, expires_at, used_at, is_reset)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (person_id) do update set code_hash = excluded.code_hash, issued_at = excluded.issued_at,
                 expires_at = excluded.expires_at, used_at = excluded.used_at, is_reset = excluded.is_reset")
        .bind(person)
        .bind(one.code_hash.as_deref())
        .bind(one.issued_at)
        .bind(one.expires_at)
        .bind(one.used_at)
        .bind(one.is_reset),
    )
    .await?
    .must_be(1)
}

/// Which waiting accounts are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the login, the name or the unit.
    pub search: String,
    /// `unsent`, `sent`, `run_out`; everything else is all of them.
    pub standing: String,
}

/// One page of the accounts that are not activated, by unit and login.
pub async fn list(tx: &mut Tx, filter: &Filter, now: Instant, page: PageRequest) -> Result<Page<Waiting>> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n
                 from activation a join person p on p.id = a.person_id left join unit u on u.id = p.unit_id
                 where a.used_at is null
                   and (p.login like $1 escape '\\' or p.name like $1 escape '\\' or u.name like $1 escape '\\')
                   and ($2 not in ('unsent', 'sent', 'run_out') or ($2 = 'unsent' and a.expires_at is null)
                        or ($2 = 'sent' and a.expires_at > $3) or ($2 = 'run_out' and a.expires_at <= $3))")
            .bind(pattern(&filter.search))
            .bind(filter.standing.as_str())
            .bind(now),
        )
        .await?;
    let rows = tx
        .all(
            sql(
                "select p.id, p.login, p.name, p.role, p.area, p.unit_id, p.domains, p.failures, p.failed_at, u.name as unit_name,
                        a.code_hash, a.issued_at, a.expires_at, a.used_at as activated_at, a.is_reset
                 from activation a join person p on p.id = a.person_id left join unit u on u.id = p.unit_id
                 where a.used_at is null
                   and (p.login like $1 escape '\\' or p.name like $1 escape '\\' or u.name like $1 escape '\\')
                   and ($2 not in ('unsent', 'sent', 'run_out') or ($2 = 'unsent' and a.expires_at is null)
                        or ($2 = 'sent' and a.expires_at > $3) or ($2 = 'run_out' and a.expires_at <= $3))
                 order by p.area, u.name, p.login limit $4 offset $5",
            )
            .bind(pattern(&filter.search))
            .bind(filter.standing.as_str())
            .bind(now)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// How many accounts are not activated: all, and those whose letter has run out.
pub async fn count(tx: &mut Tx, now: Instant) -> Result<(u64, u64)> {
    let all: i64 = tx.one(sql("select count(*) as n from activation where used_at is null")).await?;
    let over: i64 = tx
        .one(sql("select count(*) as n from activation where used_at is null and expires_at <= $1").bind(now))
        .await?;
    Ok((total(all), total(over)))
}
