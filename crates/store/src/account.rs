//! Accounts 账号 in rows: what is noted beside the password, earlier passwords, and the browsers that somebody has used.

use uuid::Uuid;
use youju_domain::Instant;
use youju_domain::account::Account;
use youju_domain::dormancy::{Life, Why};
use youju_domain::id::PersonId;
use youju_domain::survey::local;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Account {
    fn from_row(row: &Row) -> Result<Account> {
        let confirmed_at: Option<Instant> = row.get("confirmed_at")?;
        Ok(Account {
            must_change: row.get("must_change")?,
            has_phone: confirmed_at.is_some(),
            security_keys: row.get("security_keys")?,
            life: Life::from_row(row)?,
        })
    }
}

impl FromRow for Life {
    fn from_row(row: &Row) -> Result<Life> {
        let (at, why): (Option<Instant>, Option<String>) = (row.get("suspended_at")?, row.get("suspended_why")?);
        Ok(Life {
            made_at: row.get("made_at")?,
            used_at: row.get("used_at")?,
            restored_at: row.get("restored_at")?,
            post_ends_on: row.get("post_ends_on")?,
            notice_until: row.get("notice_until")?,
            suspended: at.zip(why.as_deref().and_then(Why::from_key)),
        })
    }
}

/// The account of a person.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Option<Account>> {
    tx.maybe(
        sql(
            "select p.must_change, p.made_at, p.used_at, p.restored_at, p.post_ends_on, p.notice_until, p.suspended_at,
                    p.suspended_why, f.confirmed_at,
                    (select count(*) from security_key k where k.person_id = p.id) as security_keys
             from person p left join second_factor f on f.person_id = p.id where p.id = $1",
        )
        .bind(person),
    )
    .await
}

/// Notes when an account was made, and whether its password is somebody else's choice.
pub async fn made(tx: &mut Tx, person: PersonId, at: Instant, must_change: bool) -> Result<()> {
    tx.run(
        sql("update person set made_at = $2, must_change = $3 where id = $1").bind(person).bind(at).bind(must_change),
    )
    .await?
    .must_be(1)
}

/// Notes whether the person has to choose a password of their own.
pub async fn must_change(tx: &mut Tx, person: PersonId, must: bool) -> Result<()> {
    tx.run(sql("update person set must_change = $2 where id = $1").bind(person).bind(must)).await?.must_be(1)
}

/// Notes that somebody has signed in. A notice is void then, but not that of a post that has ended.
pub async fn used(tx: &mut Tx, person: PersonId, at: Instant) -> Result<()> {
    tx.run(
        sql("update person set used_at = $2, notice_until = case when post_ends_on < $3 then notice_until end where id = $1")
            .bind(person)
            .bind(at)
            .bind(local(at).date()),
    )
    .await?
    .must_be(1)
}

/// The hash of a person's password.
pub async fn password_hash(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    tx.maybe(sql("select password_hash from person where id = $1").bind(person)).await
}

/// Remembers the hash of a password.
pub async fn remember_password(tx: &mut Tx, id: Uuid, person: PersonId, hash: &str, at: Instant) -> Result<()> {
    tx.run(
        sql("insert into password_history (id, person_id, password_hash, set_at) values ($1, $2, $3, $4)")
            .bind(id)
            .bind(person)
            .bind(hash)
            .bind(at),
    )
    .await?
    .must_be(1)
}

/// The hashes of a person's latest passwords, newest first.
pub async fn passwords(tx: &mut Tx, person: PersonId, most: i64) -> Result<Vec<String>> {
    tx.all(
        sql("select password_hash from password_history where person_id = $1 order by set_at desc, id desc limit $2")
            .bind(person)
            .bind(most),
    )
    .await
}

/// Forgets all but the latest passwords: a hash that nobody compares with is only something to be stolen.
pub async fn forget_passwords(tx: &mut Tx, person: PersonId, most: i64) -> Result<()> {
    tx.run(
        sql("delete from password_history where person_id = $1 and id not in
                 (select id from password_history where person_id = $1 order by set_at desc, id desc limit $2)")
        .bind(person)
        .bind(most),
    )
    .await?
    .any();
    Ok(())
}

/// When the password was set, if that is known.
pub async fn password_set_at(tx: &mut Tx, person: PersonId) -> Result<Option<Instant>> {
    tx.one(sql("select max(set_at) as at from password_history where person_id = $1").bind(person)).await
}

/// How many browsers a person has signed in from.
pub async fn count_browsers(tx: &mut Tx, person: PersonId) -> Result<i64> {
    tx.one(sql("select count(*) as n from person_browser where person_id = $1").bind(person)).await
}

/// True when a person has signed in from a browser before.
pub async fn knows_browser(tx: &mut Tx, person: PersonId, browser_hash: &str) -> Result<bool> {
    let found: i64 = tx
        .one(
            sql("select count(*) as n from person_browser where person_id = $1 and browser_hash = $2")
                .bind(person)
                .bind(browser_hash),
        )
        .await?;
    Ok(found > 0)
}

/// Notes that a person signs in from a browser.
pub async fn note_browser(tx: &mut Tx, person: PersonId, browser_hash: &str, at: Instant) -> Result<()> {
    tx.run(
        sql("insert into person_browser (person_id, browser_hash, seen_at) values ($1, $2, $3)
             on conflict (person_id, browser_hash) do update set seen_at = excluded.seen_at")
        .bind(person)
        .bind(browser_hash)
        .bind(at),
    )
    .await?
    .must_be(1)
}
