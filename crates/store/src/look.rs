//! Looks 查看记录 in rows, and the journal as its auditors read it: who did what, without what was written.

use chrono::TimeDelta;
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::id::{PersonId, UnitId};
use youju_domain::look::{Look, Purpose, SAME_LOOK_MINUTES};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, total};

impl FromRow for Look {
    fn from_row(row: &Row) -> Result<Look> {
        Ok(Look {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            person: row.get("person_id")?,
            name: row.get("person_name")?,
            role: row.get("role")?,
            purpose: row.get("purpose")?,
            what: row.get("what")?,
            mark: row.get("mark")?,
            at: row.get("at")?,
        })
    }
}

/// A look with the name of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The look.
    pub look: Look,
    /// The unit's name; none for a file about many.
    pub unit: Option<String>,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed { look: Look::from_row(row)?, unit: row.get("unit_name")? })
    }
}

/// Writes a look down.
pub async fn add(tx: &mut Tx, look: &Look) -> Result<()> {
    tx.run(
        sql("insert into look (id, unit_id, person_id, person_name, role, purpose, what, mark, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(look.id)
        .bind(look.unit)
        .bind(look.person)
        .bind(look.name.as_str())
        .bind(look.role)
        .bind(look.purpose)
        .bind(look.what.as_str())
        .bind(look.mark.as_str())
        .bind(look.at),
    )
    .await?
    .must_be(1)
}

/// The units that somebody has looked at for a purpose a short while ago: that is the same look.
pub async fn known(tx: &mut Tx, person: PersonId, purpose: Purpose, now: Instant) -> Result<Vec<UnitId>> {
    tx.all(
        sql("select distinct unit_id from look where person_id = $1 and purpose = $2 and at > $3 and unit_id is not null")
            .bind(person)
            .bind(purpose)
            .bind(now - TimeDelta::minutes(SAME_LOOK_MINUTES)),
    )
    .await
}

/// One page of the looks at a unit, the latest first.
pub async fn of_unit(tx: &mut Tx, unit: UnitId, page: PageRequest) -> Result<Page<Look>> {
    let count: i64 = tx.one(sql("select count(*) as n from look where unit_id = $1").bind(unit)).await?;
    let rows = tx
        .all(
            sql("select id, unit_id, person_id, person_name, role, purpose, what, mark, at from look
                 where unit_id = $1 order by at desc, id limit $2 offset $3")
            .bind(unit)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// What a list of looks is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words in the name of who looked, of the unit or of the file, or the mark of a file.
    pub search: String,
    /// One purpose.
    pub purpose: Option<Purpose>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub to: Option<Instant>,
}

/// One page of all looks, the latest first.
pub async fn list(tx: &mut Tx, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from look k left join unit u on u.id = k.unit_id
                 where (k.person_name like $1 escape '\\' or u.name like $1 escape '\\' or k.what like $1 escape '\\' or k.mark = $2)
                   and ($3 is null or k.purpose = $3) and ($4 is null or k.at >= $4) and ($5 is null or k.at < $5)")
            .bind(pattern(&filter.search))
            .bind(filter.search.as_str())
            .bind(filter.purpose)
            .bind(filter.from)
            .bind(filter.to),
        )
        .await?;
    let rows = tx
        .all(
            sql("select k.id, k.unit_id, k.person_id, k.person_name, k.role, k.purpose, k.what, k.mark, k.at, u.name as unit_name
                 from look k left join unit u on u.id = k.unit_id
                 where (k.person_name like $1 escape '\\' or u.name like $1 escape '\\' or k.what like $1 escape '\\' or k.mark = $2)
                   and ($3 is null or k.purpose = $3) and ($4 is null or k.at >= $4) and ($5 is null or k.at < $5)
                 order by k.at desc, k.id limit $6 offset $7")
            .bind(pattern(&filter.search))
            .bind(filter.search.as_str())
            .bind(filter.purpose)
            .bind(filter.from)
            .bind(filter.to)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// An act as its auditors read it: without particulars, among which figures may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Place in the journal.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who, as they were called then.
    pub name: String,
    /// In which role they are; none of the system itself.
    pub role: Option<Role>,
    /// What was done.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// Id of the object.
    pub object_id: String,
}

impl FromRow for Act {
    fn from_row(row: &Row) -> Result<Act> {
        Ok(Act {
            seq: row.get("seq")?,
            at: row.get("at")?,
            name: row.get("actor_name")?,
            role: row.get("role")?,
            action: row.get("action")?,
            object_kind: row.get("object_kind")?,
            object_id: row.get("object_id")?,
        })
    }
}

/// What a list of acts is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActFilter {
    /// Words in the name of who acted.
    pub name: String,
    /// The beginning of the action, e.g. `account.`; empty for all.
    pub action: String,
    /// One role.
    pub role: Option<Role>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub to: Option<Instant>,
}

/// One page of what everybody did, the latest first.
pub async fn acts(tx: &mut Tx, filter: &ActFilter, page: PageRequest) -> Result<Page<Act>> {
    let action = format!("{}%", filter.action.replace(['%', '_', '\\'], ""));
    let count: i64 = tx
        .one(
            sql("select count(*) as n from journal_leaf j left join person p on p.id = j.actor_id
                 where j.actor_name like $1 escape '\\' and j.action like $2 and ($3 is null or p.role = $3)
                   and ($4 is null or j.at >= $4) and ($5 is null or j.at < $5)")
            .bind(pattern(&filter.name))
            .bind(action.as_str())
            .bind(filter.role)
            .bind(filter.from)
            .bind(filter.to),
        )
        .await?;
    let rows = tx
        .all(
            sql("select j.seq, j.at, j.actor_name, p.role, j.action, j.object_kind, j.object_id
                 from journal_leaf j left join person p on p.id = j.actor_id
                 where j.actor_name like $1 escape '\\' and j.action like $2 and ($3 is null or p.role = $3)
                   and ($4 is null or j.at >= $4) and ($5 is null or j.at < $5)
                 order by j.seq desc limit $6 offset $7")
            .bind(pattern(&filter.name))
            .bind(action)
            .bind(filter.role)
            .bind(filter.from)
            .bind(filter.to)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}
