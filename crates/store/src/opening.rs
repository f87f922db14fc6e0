//! Opening 开设 of accounts: which logins are taken, which units are in the register, which have no account, and who of the register of
//! staff somebody may be.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::{AreaCode, Usci};
use youju_domain::id::{StaffId, UnitId};
use youju_domain::opening::UnitKnown;
use youju_domain::register::Unit;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, total};

/// Two texts of a row.
struct Pair(String, String);

impl FromRow for Pair {
    fn from_row(row: &Row) -> Result<Pair> {
        Ok(Pair(row.get("login")?, row.get("name")?))
    }
}

/// Which of these logins are taken, in small letters, each with the name of whose it is.
pub async fn taken(tx: &mut Tx, logins: &[String]) -> Result<BTreeMap<String, String>> {
    let logins = Json::from(logins.iter().map(|login| login.to_lowercase()).collect::<Vec<_>>());
    let found: Vec<Pair> = tx
        .all(
            sql("select lower(login) as login, name from person where lower(login) in (select value from json_each($1))")
                .bind(logins),
        )
        .await?;
    Ok(found.into_iter().map(|Pair(login, name)| (login, name)).collect())
}

struct Found(Usci, UnitKnown);

impl FromRow for Found {
    fn from_row(row: &Row) -> Result<Found> {
        Ok(Found(row.get("usci")?, UnitKnown { id: row.get("id")?, name: row.get("name")?, area: row.get("area")? }))
    }
}

/// Units of the register, by code.
pub async fn units(tx: &mut Tx, codes: &[Usci]) -> Result<BTreeMap<Usci, UnitKnown>> {
    let codes = Json::from(codes.iter().map(Usci::as_str).collect::<Vec<_>>());
    let found: Vec<Found> = tx
        .all(sql("select id, usci, name, area from unit where usci in (select value from json_each($1))").bind(codes))
        .await?;
    Ok(found.into_iter().map(|Found(usci, unit)| (usci, unit)).collect())
}

/// Units that report and have no account, by code; one that is only known is found by its whole code.
pub async fn without(tx: &mut Tx, search: &str, page: PageRequest) -> Result<Page<Unit>> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from unit u
                 where (u.listing <> 'outside' or u.usci = upper($1))
                   and not exists (select 1 from person p where p.unit_id = u.id)
                   and (u.name like $2 escape '\\' or u.usci like $2 escape '\\')")
            .bind(search)
            .bind(pattern(search)),
        )
        .await?;
    let rows = tx
        .all(
            sql("select u.id, u.usci, u.name, u.area, u.industry, u.standard, u.listing, u.may_explain, u.details, u.changed_on,
                 u.revision from unit u
                 where (u.listing <> 'outside' or u.usci = upper($1))
                   and not exists (select 1 from person p where p.unit_id = u.id)
                   and (u.name like $2 escape '\\' or u.usci like $2 escape '\\')
                 order by u.usci limit $3 offset $4")
            .bind(search)
            .bind(pattern(search))
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// Who does statistics in a unit on a day without an account.
pub async fn staff_of_unit(tx: &mut Tx, unit: UnitId, on: NaiveDate) -> Result<Vec<(StaffId, String)>> {
    let found: Vec<Member> = tx
        .all(
            sql("select distinct s.id, s.name from staff s join tenure t on t.staff_id = s.id
                 where t.unit_id = $1 and s.person_id is null and t.since <= $2 and (t.until is null or t.until > $2)
                 order by s.name, s.id")
            .bind(unit)
            .bind(on),
        )
        .await?;
    Ok(found.into_iter().map(|Member(id, name)| (id, name)).collect())
}

/// The same of the organisations that work in an area.
pub async fn staff_of_area(tx: &mut Tx, area: &AreaCode, on: NaiveDate) -> Result<Vec<(StaffId, String)>> {
    let found: Vec<Member> = tx
        .all(
            sql("select distinct s.id, s.name
                 from staff s join tenure t on t.staff_id = s.id
                 join organisation_span o on o.organisation_id = t.organisation_id
                 where o.area = $1 and o.from_on <= $2 and (o.until_on is null or o.until_on > $2)
                     and s.person_id is null and t.since <= $2 and (t.until is null or t.until > $2)
                 order by s.name, s.id")
            .bind(*area)
            .bind(on),
        )
        .await?;
    Ok(found.into_iter().map(|Member(id, name)| (id, name)).collect())
}

struct Member(StaffId, String);

impl FromRow for Member {
    fn from_row(row: &Row) -> Result<Member> {
        Ok(Member(row.get("id")?, row.get("name")?))
    }
}
