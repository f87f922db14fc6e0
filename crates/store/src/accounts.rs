//! Accounts 账号 of everybody, for administrators, and the dates by which unused ones are suspended.

use chrono::{NaiveDate, TimeDelta};
use youju_domain::Instant;
use youju_domain::account::Account;
use youju_domain::dormancy::{IDLE_DAYS, Life, UNUSED_DAYS};
use youju_domain::id::PersonId;
use youju_domain::person::Person;
use youju_domain::survey::local;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, total};

/// A person with their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// Their account.
    pub account: Account,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed { person: Person::from_row(row)?, account: Account::from_row(row)? })
    }
}

/// Which accounts are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the login or the name.
    pub search: String,
    /// `dormant`, `noticed`, `suspended`; everything else is all of them.
    pub standing: String,
}

/// One page of all accounts, by login. The list computes standings as [`Life::standing`] does; a test holds them together.
pub async fn list(tx: &mut Tx, filter: &Filter, now: Instant, page: PageRequest) -> Result<Page<Listed>> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from person p
                 where (p.login like $1 escape '\\' or p.name like $1 escape '\\')
                   and ($2 not in ('dormant', 'noticed', 'suspended')
                        or ($2 = 'suspended' and p.suspended_at is not null)
                        or (p.suspended_at is null
                            and (p.post_ends_on < $4
                                 or (p.used_at is null and coalesce(p.made_at, $7) <= $5 and coalesce(p.restored_at, $7) <= $5)
                                 or (p.used_at <= $6 and coalesce(p.restored_at, $7) <= $6))
                            and (($2 = 'dormant' and p.notice_until is null)
                                 or ($2 = 'noticed' and p.notice_until > $3)
                                 or ($2 = 'suspended' and p.notice_until <= $3))))")
            .bind(pattern(&filter.search))
            .bind(filter.standing.as_str())
            .bind(now)
            .bind(local(now).date())
            .bind(now - TimeDelta::days(UNUSED_DAYS))
            .bind(now - TimeDelta::days(IDLE_DAYS))
            .bind(Instant::UNIX_EPOCH),
        )
        .await?;
    let rows = tx
        .all(
            sql("select p.id, p.login, p.name, p.role, p.area, p.unit_id, p.domains, p.failures, p.failed_at,
                        p.must_change, p.made_at, p.used_at, p.restored_at, p.post_ends_on, p.notice_until,
                        p.suspended_at, p.suspended_why, f.confirmed_at,
                        (select count(*) from security_key k where k.person_id = p.id) as security_keys
                 from person p left join second_factor f on f.person_id = p.id
                 where (p.login like $1 escape '\\' or p.name like $1 escape '\\')
                   and ($2 not in ('dormant', 'noticed', 'suspended')
                        or ($2 = 'suspended' and p.suspended_at is not null)
                        or (p.suspended_at is null
                            and (p.post_ends_on < $4
                                 or (p.used_at is null and coalesce(p.made_at, $7) <= $5 and coalesce(p.restored_at, $7) <= $5)
                                 or (p.used_at <= $6 and coalesce(p.restored_at, $7) <= $6))
                            and (($2 = 'dormant' and p.notice_until is null)
                                 or ($2 = 'noticed' and p.notice_until > $3)
                                 or ($2 = 'suspended' and p.notice_until <= $3))))
                 order by p.login limit $8 offset $9")
            .bind(pattern(&filter.search))
            .bind(filter.standing.as_str())
            .bind(now)
            .bind(local(now).date())
            .bind(now - TimeDelta::days(UNUSED_DAYS))
            .bind(now - TimeDelta::days(IDLE_DAYS))
            .bind(Instant::UNIX_EPOCH)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// The dates of a person's account, held until the transaction ends.
pub async fn hold(tx: &mut Tx, person: PersonId) -> Result<Option<Life>> {
    tx.maybe(
        sql("select made_at, used_at, restored_at, post_ends_on, notice_until, suspended_at, suspended_why
             from person where id = $1")
        .on_postgres(
            "select made_at, used_at, restored_at, post_ends_on, notice_until, suspended_at, suspended_why
             from person where id = $1 for update",
        )
        .bind(person),
    )
    .await
}

/// Notice, suspension or restoration of an account.
pub async fn put(tx: &mut Tx, person: PersonId, life: &Life) -> Result<()> {
    tx.run(
        sql("update person set restored_at = $2, post_ends_on = $3, notice_until = $4, suspended_at = $5, suspended_why = $6
             where id = $1")
        .bind(person)
        .bind(life.restored_at)
        .bind(life.post_ends_on)
        .bind(life.notice_until)
        .bind(life.suspended.map(|(at, _)| at))
        .bind(life.suspended.map(|(_, why)| why.key())),
    )
    .await?
    .must_be(1)
}

/// The last day of somebody's post.
pub async fn end_post(tx: &mut Tx, person: PersonId, last: Option<NaiveDate>) -> Result<()> {
    tx.run(sql("update person set post_ends_on = $2 where id = $1").bind(person).bind(last)).await?.must_be(1)
}

/// Whose term has run out and who are not suspended yet.
pub async fn run_out(tx: &mut Tx, now: Instant, most: i64) -> Result<Vec<PersonId>> {
    tx.all(
        sql("select id from person where suspended_at is null and notice_until <= $1 order by notice_until, id limit $2")
            .bind(now)
            .bind(most),
    )
    .await
}
