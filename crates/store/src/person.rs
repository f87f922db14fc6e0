//! Person 人员: accounts in rows. Password hashes never leave this floor except to be checked.

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::access::{Domains, Role};
use youju_domain::id::{PersonId, UnitId};
use youju_domain::person::Person;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Person {
    fn from_row(row: &Row) -> Result<Person> {
        Ok(Person {
            id: row.get("id")?,
            login: row.get("login")?,
            name: row.get("name")?,
            role: row.get("role")?,
            area: row.get("area")?,
            unit: row.get("unit_id")?,
            domains: read_domains(row.get("domains")?),
            failures: u32::try_from(row.get::<i64>("failures")?).unwrap_or(u32::MAX),
            failed_at: row.get("failed_at")?,
        })
    }
}

/// Domains in a row: their names with commas between, or nothing for all of them.
fn written(domains: &Domains) -> Option<String> {
    match domains {
        Domains::Every => None,
        Domains::Only(names) => Some(names.iter().map(String::as_str).collect::<Vec<_>>().join(",")),
    }
}

fn read_domains(text: Option<String>) -> Domains {
    text.map_or(Domains::Every, |text| Domains::Only(text.split(',').map(str::to_owned).collect()))
}

/// Other domains for an officer.
pub async fn set_domains(tx: &mut Tx, id: PersonId, domains: &Domains) -> Result<()> {
    tx.run(sql("update person set domains = $2 where id = $1").bind(id).bind(written(domains))).await?.must_be(1)
}

/// A person with the hash of their password.
struct WithHash(Person, String);

impl FromRow for WithHash {
    fn from_row(row: &Row) -> Result<WithHash> {
        Ok(WithHash(Person::from_row(row)?, row.get("password_hash")?))
    }
}

/// A new account. A second one with the same login breaks `person_login_key`.
pub async fn add(tx: &mut Tx, person: &Person, password_hash: &str) -> Result<()> {
    tx.run(
        sql("insert into person (id, login, name, role, area, unit_id, domains, password_hash, failures, failed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(person.id)
        .bind(person.login.as_str())
        .bind(person.name.as_str())
        .bind(person.role)
        .bind(person.area)
        .bind(person.unit)
        .bind(written(&person.domains))
        .bind(password_hash)
        .bind(i64::from(person.failures))
        .bind(person.failed_at),
    )
    .await?
    .must_be(1)
}

/// A person and their password's hash, by login.
pub async fn by_login(tx: &mut Tx, login: &str) -> Result<Option<(Person, String)>> {
    let found: Option<WithHash> = tx
        .maybe(
            sql("select id, login, name, role, area, unit_id, domains, password_hash, failures, failed_at from person
                 where login = $1")
            .bind(login),
        )
        .await?;
    Ok(found.map(|WithHash(person, hash)| (person, hash)))
}

/// A person by id.
pub async fn get(tx: &mut Tx, id: PersonId) -> Result<Option<Person>> {
    tx.maybe(
        sql("select id, login, name, role, area, unit_id, domains, failures, failed_at from person where id = $1")
            .bind(id),
    )
    .await
}

/// A person as they are now, held until the transaction ends: attempts to sign in are counted one after another.
pub async fn hold(tx: &mut Tx, id: PersonId) -> Result<Person> {
    tx.one(
        sql("select id, login, name, role, area, unit_id, domains, failures, failed_at from person where id = $1")
            .on_postgres(
                "select id, login, name, role, area, unit_id, domains, failures, failed_at from person where id = $1 for update",
            )
            .bind(id),
    )
    .await
}

/// The people of a unit.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Person>> {
    tx.all(
        sql("select id, login, name, role, area, unit_id, domains, failures, failed_at from person
             where unit_id = $1 order by role, login")
        .bind(unit),
    )
    .await
}

/// Everybody in a role.
pub async fn with_role(tx: &mut Tx, role: Role) -> Result<Vec<Person>> {
    tx.all(
        sql("select id, login, name, role, area, unit_id, domains, failures, failed_at from person where role = $1 order by login")
            .bind(role),
    )
    .await
}

/// Another password, of which only the hash is stored. Failed attempts with the old one are forgotten.
pub async fn set_password(tx: &mut Tx, id: PersonId, password_hash: &str) -> Result<()> {
    tx.run(
        sql("update person set password_hash = $2, failures = 0, failed_at = null where id = $1")
            .bind(id)
            .bind(password_hash),
    )
    .await?
    .must_be(1)
}

/// One more failed sign-in.
pub async fn count_failure(tx: &mut Tx, id: PersonId, at: Instant) -> Result<()> {
    tx.run(sql("update person set failures = failures + 1, failed_at = $2 where id = $1").bind(id).bind(at))
        .await?
        .must_be(1)
}

/// A successful sign-in.
pub async fn forget_failures(tx: &mut Tx, id: PersonId) -> Result<()> {
    tx.run(sql("update person set failures = 0, failed_at = null where id = $1").bind(id)).await?.must_be(1)
}

/// Officers whose accounts are in use on a day.
pub async fn officers(tx: &mut Tx, on: NaiveDate) -> Result<Vec<Person>> {
    tx.all(
        sql("select id, login, name, role, area, unit_id, domains, failures, failed_at from person
             where role in ('township_officer', 'county_officer', 'city_officer', 'province_officer')
                 and suspended_at is null and (post_ends_on is null or post_ends_on >= $1) order by login")
        .bind(on),
    )
    .await
}

/// Holds the accounts of officers until the transaction ends, so that two people do not divide their work at once.
pub async fn hold_officers(tx: &mut Tx) -> Result<()> {
    let select = sql("select id from person
             where role in ('township_officer', 'county_officer', 'city_officer', 'province_officer') order by id")
        .on_postgres(
            "select id from person
             where role in ('township_officer', 'county_officer', 'city_officer', 'province_officer') order by id for update",
        );
    tx.all::<PersonId>(select).await?;
    Ok(())
}

/// The name of somebody who has told it.
pub async fn set_name(tx: &mut Tx, id: PersonId, name: &str) -> Result<()> {
    tx.run(sql("update person set name = $2 where id = $1").bind(id).bind(name)).await?.must_be(1)
}

/// The people of a unit answer for where it is now.
pub async fn move_unit(tx: &mut Tx, unit: UnitId, area: &AreaCode) -> Result<()> {
    tx.run(sql("update person set area = $2 where unit_id = $1").bind(unit).bind(*area)).await?.any();
    Ok(())
}
