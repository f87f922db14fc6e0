//! Tries to sign in 登录尝试 in rows, whether they succeeded or not. Sessions end and go; these rows stay.

use youju_domain::Instant;
use youju_domain::id::{PersonId, SignInId};
use youju_domain::person::{FAILURES_FREE, Person};
use youju_domain::security::sign_in::{Outcome, SignIn, Whose};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for SignIn {
    fn from_row(row: &Row) -> Result<SignIn> {
        let person: Option<PersonId> = row.get("person_id")?;
        let whose = match person {
            Some(person) => Some(Whose {
                person,
                login: row.get("login")?,
                name: row.get("name")?,
                role: row.get("role")?,
                area: row.get("area")?,
            }),
            None => None,
        };
        Ok(SignIn {
            id: row.get("id")?,
            at: row.get("at")?,
            whose,
            outcome: row.get("outcome")?,
            failures: u32::try_from(row.get::<i64>("failures")?).unwrap_or(u32::MAX),
            address: row.get("address")?,
            browser: row.get("browser")?,
        })
    }
}

/// A try as it is written down; its address is sealed.
pub struct New {
    /// Its id.
    pub id: SignInId,
    /// When.
    pub at: Instant,
    /// Whose account; none where there is no such account.
    pub person: Option<PersonId>,
    /// What became of it.
    pub outcome: Outcome,
    /// Failures in a row up to this one.
    pub failures: u32,
    /// Network address, sealed; empty where it is not known.
    pub address: String,
    /// The browser in words.
    pub browser: String,
}

/// Writes a try down.
pub async fn add(tx: &mut Tx, new: &New) -> Result<()> {
    tx.run(
        sql("insert into sign_in (id, at, person_id, outcome, failures, address, browser) values ($1, $2, $3, $4, $5, $6, $7)")
            .bind(new.id)
            .bind(new.at)
            .bind(new.person)
            .bind(new.outcome)
            .bind(i64::from(new.failures))
            .bind(new.address.as_str())
            .bind(new.browser.as_str()),
    )
    .await?
    .must_be(1)
}

/// How many tries there are since an instant.
pub async fn count(tx: &mut Tx, since: Instant) -> Result<i64> {
    tx.one(sql("select count(*) as n from sign_in where at >= $1").bind(since)).await
}

/// The latest tries since an instant, newest first.
pub async fn list(tx: &mut Tx, since: Instant, most: i64) -> Result<Vec<SignIn>> {
    tx.all(
        sql("select s.id, s.at, s.person_id, s.outcome, s.failures, s.address, s.browser, p.login, p.name, p.role, p.area
             from sign_in s left join person p on p.id = s.person_id
             where s.at >= $1 order by s.at desc, s.id desc limit $2")
        .bind(since)
        .bind(most),
    )
    .await
}

/// How often an account had to wait since an instant.
pub async fn count_lock_outs(tx: &mut Tx, since: Instant) -> Result<i64> {
    tx.one(
        sql("select count(*) as n from sign_in where at >= $1 and failures >= $2")
            .bind(since)
            .bind(i64::from(FAILURES_FREE)),
    )
    .await
}

/// Accounts that may have to wait: the longest wait is an hour.
pub async fn waiting(tx: &mut Tx, since: Instant) -> Result<Vec<Person>> {
    tx.all(
        sql("select id, login, name, role, area, unit_id, domains, failures, failed_at from person
             where failures >= $1 and failed_at >= $2 order by failed_at desc, id")
        .bind(i64::from(FAILURES_FREE))
        .bind(since),
    )
    .await
}

/// Accounts of offices and administrators that are open and have no second factor.
pub async fn count_without_second_factor(tx: &mut Tx) -> Result<i64> {
    tx.one(sql("select count(*) as n from person p left join second_factor f on f.person_id = p.id
         where p.role not in ('statistician', 'unit_head') and p.suspended_at is null and f.confirmed_at is null"))
        .await
}
