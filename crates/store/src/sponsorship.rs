//! Sponsorship 包保 in rows: who answers for what on which tier, and visits. Nothing is taken away.

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::id::{PersonId, SponsorshipId, StaffId, UnitId};
use youju_domain::register::Unit;
use youju_domain::sponsorship::{Sponsorship, Subject, Visit};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, scope_bindings, total};

impl FromRow for Sponsorship {
    fn from_row(row: &Row) -> Result<Sponsorship> {
        Ok(Sponsorship {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            subject: Subject {
                unit: row.get("unit_id")?,
                name: row.get("name")?,
                area: row.get("area")?,
                planned: row.get("planned")?,
            },
            tier: row.get("tier")?,
            document: row.get("document")?,
            since: row.get("since")?,
            until: row.get("until")?,
            reason: row.get("reason")?,
        })
    }
}

/// A sponsorship with the name of who answers, and the latest visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sponsored {
    /// It.
    pub one: Sponsorship,
    /// Who answers.
    pub sponsor: String,
    /// The day of the latest visit.
    pub visited_on: Option<NaiveDate>,
}

impl FromRow for Sponsored {
    fn from_row(row: &Row) -> Result<Sponsored> {
        Ok(Sponsored {
            one: Sponsorship::from_row(row)?,
            sponsor: row.get("sponsor")?,
            visited_on: row.get("visited_on")?,
        })
    }
}

/// A new sponsorship. A second open one of a tier for the same thing breaks a key.
pub async fn add(tx: &mut Tx, one: &Sponsorship) -> Result<()> {
    tx.run(
        sql(
            "insert into sponsorship (id, staff_id, unit_id, name, area, planned, tier, document, since, until, reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(one.id)
        .bind(one.staff)
        .bind(one.subject.unit)
        .bind(one.subject.name.as_str())
        .bind(one.subject.area)
        .bind(one.subject.planned)
        .bind(one.tier.as_str())
        .bind(one.document.as_str())
        .bind(one.since)
        .bind(one.until)
        .bind(one.reason.as_deref()),
    )
    .await?
    .must_be(1)
}

/// The end of a sponsorship; refused when it ended in between.
pub async fn end(tx: &mut Tx, one: &Sponsorship) -> Result<()> {
    tx.run(
        sql("update sponsorship set until = $2, reason = $3 where id = $1 and until is null")
            .bind(one.id)
            .bind(one.until)
            .bind(one.reason.as_deref()),
    )
    .await?
    .must_be(1)
}

/// A sponsorship.
pub async fn get(tx: &mut Tx, id: SponsorshipId) -> Result<Option<Sponsored>> {
    tx.maybe(
        sql("select p.id, p.staff_id, p.unit_id, p.name, p.area, p.planned, p.tier, p.document, p.since, p.until, p.reason,
                 s.name as sponsor, (select max(v.visited_on) from sponsor_visit v where v.sponsorship_id = p.id) as visited_on
             from sponsorship p join staff s on s.id = p.staff_id where p.id = $1")
        .bind(id),
    )
    .await
}

/// Everything that somebody answers for and ever answered for, the newest first.
pub async fn of_staff(tx: &mut Tx, staff: StaffId) -> Result<Vec<Sponsored>> {
    tx.all(
        sql("select p.id, p.staff_id, p.unit_id, p.name, p.area, p.planned, p.tier, p.document, p.since, p.until, p.reason,
                 s.name as sponsor, (select max(v.visited_on) from sponsor_visit v where v.sponsorship_id = p.id) as visited_on
             from sponsorship p join staff s on s.id = p.staff_id where p.staff_id = $1
             order by p.until is not null, p.since desc, p.name, p.id")
        .bind(staff),
    )
    .await
}

/// Who answers and ever answered for a unit and what is in it, the newest first.
pub async fn of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Sponsored>> {
    tx.all(
        sql("select p.id, p.staff_id, p.unit_id, p.name, p.area, p.planned, p.tier, p.document, p.since, p.until, p.reason,
                 s.name as sponsor, (select max(v.visited_on) from sponsor_visit v where v.sponsorship_id = p.id) as visited_on
             from sponsorship p join staff s on s.id = p.staff_id where p.unit_id = $1
             order by p.until is not null, p.tier, p.since desc, p.id")
        .bind(unit),
    )
    .await
}

/// Which sponsorships are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the thing or the sponsor.
    pub search: String,
    /// One tier; empty for all.
    pub tier: String,
    /// Those that are over, instead of those that hold.
    pub has_ended: bool,
}

/// One page of the sponsorships of an area, by place and name.
pub async fn list(tx: &mut Tx, area: &AreaCode, filter: &Filter, page: PageRequest) -> Result<Page<Sponsored>> {
    let below = scope_bindings(&Scope::Area(*area)).1;
    let count: i64 = tx
        .one(
            sql("select count(*) as n from sponsorship p join staff s on s.id = p.staff_id
                 where p.area like $1 and (p.name like $2 escape '\\' or s.name like $2 escape '\\')
                     and ($3 = '' or p.tier = $3) and (p.until is not null) = $4")
            .bind(below.as_str())
            .bind(pattern(&filter.search))
            .bind(filter.tier.as_str())
            .bind(filter.has_ended),
        )
        .await?;
    let rows = tx
        .all(
            sql("select p.id, p.staff_id, p.unit_id, p.name, p.area, p.planned, p.tier, p.document, p.since, p.until, p.reason,
                     s.name as sponsor, (select max(v.visited_on) from sponsor_visit v where v.sponsorship_id = p.id) as visited_on
                 from sponsorship p join staff s on s.id = p.staff_id
                 where p.area like $1 and (p.name like $2 escape '\\' or s.name like $2 escape '\\')
                     and ($3 = '' or p.tier = $3) and (p.until is not null) = $4
                 order by p.area, p.name, p.tier, p.id limit $5 offset $6")
            .bind(below)
            .bind(pattern(&filter.search))
            .bind(filter.tier.as_str())
            .bind(filter.has_ended)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// Units of an area for which nobody answers on a tier, by code.
pub async fn without(tx: &mut Tx, area: &AreaCode, tier: &str) -> Result<Vec<Unit>> {
    tx.all(
        sql("select u.id, u.usci, u.name, u.area, u.industry, u.standard, u.listing, u.may_explain, u.details, u.changed_on,
                 u.revision from unit u
             where u.ever_listed and u.listing <> 'outside' and u.area like $1 and not exists
                 (select 1 from sponsorship p where p.unit_id = u.id and p.tier = $2 and p.until is null)
             order by u.usci")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(tier),
    )
    .await
}

impl FromRow for Visit {
    fn from_row(row: &Row) -> Result<Visit> {
        Ok(Visit {
            id: row.get("id")?,
            on: row.get("visited_on")?,
            note: row.get("note")?,
            by_name: row.get("by_name")?,
            at: row.get("noted_at")?,
        })
    }
}

/// A new visit.
pub async fn add_visit(tx: &mut Tx, of: SponsorshipId, one: &Visit, by: PersonId) -> Result<()> {
    tx.run(
        sql("insert into sponsor_visit (id, sponsorship_id, visited_on, note, noted_by, noted_at) values ($1, $2, $3, $4, $5, $6)")
            .bind(one.id)
            .bind(of)
            .bind(one.on)
            .bind(one.note.as_str())
            .bind(by)
            .bind(one.at),
    )
    .await?
    .must_be(1)
}

/// The visits of a sponsorship, the newest first.
pub async fn visits(tx: &mut Tx, of: SponsorshipId) -> Result<Vec<Visit>> {
    tx.all(
        sql("select v.id, v.visited_on, v.note, v.noted_at, p.name as by_name
             from sponsor_visit v join person p on p.id = v.noted_by
             where v.sponsorship_id = $1 order by v.visited_on desc, v.id desc")
        .bind(of),
    )
    .await
}
