//! Lists of cases: those that somebody may look at, and those where it is their turn.

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::id::{CaseId, UnitId};

use crate::db::{FromRow, Row, Sql, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, pattern, total};

/// Whose turn the listed cases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// Anybody's, ended ones too.
    #[default]
    All,
    /// Those that have not ended.
    Open,
    /// The actor's own.
    Mine,
    /// Those that have ended.
    Ended,
}

/// What a list of cases is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one type.
    pub kind: Option<String>,
    /// By whose turn it is.
    pub turn: Turn,
    /// Those that are overdue on a day.
    pub overdue_on: Option<NaiveDate>,
    /// Words in the title or the subject's name.
    pub search: String,
    /// About one unit.
    pub unit: Option<UnitId>,
}

/// A case as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The case.
    pub id: CaseId,
    /// Key of its type.
    pub type_key: String,
    /// Name of its type.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Its subject's name.
    pub subject: String,
    /// Where the subject is.
    pub area: AreaCode,
    /// Key of its state.
    pub state_key: String,
    /// Its state, in words.
    pub state: String,
    /// True when it has ended.
    pub is_end: bool,
    /// True for a "no", and where something is to be mended.
    pub is_bad: bool,
    /// The last day in time.
    pub due_on: Option<NaiveDate>,
    /// When it was opened.
    pub opened_at: Instant,
    /// When something was done last.
    pub changed_at: Instant,
    /// True when it is the actor's turn.
    pub is_mine: bool,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed {
            id: row.get("id")?,
            type_key: row.get("type_key")?,
            kind: row.get("name")?,
            title: row.get("title")?,
            subject: row.get("subject_name")?,
            area: row.get("area")?,
            state_key: row.get("state")?,
            state: row.get("state_label")?,
            is_end: row.get("is_end")?,
            is_bad: row.get("is_bad")?,
            due_on: row.get("due_on")?,
            opened_at: row.get("opened_at")?,
            changed_at: row.get("changed_at")?,
            is_mine: row.get("is_mine")?,
        })
    }
}

/// The actor as five bindings: person, unit, role, area, and the pattern of areas below it.
fn bind_actor(statement: Sql, actor: &Actor) -> Sql {
    let below = format!("{}%", actor.area.prefix());
    statement.bind(actor.person).bind(actor.unit).bind(actor.role).bind(actor.area).bind(below)
}

fn bind_filter(statement: Sql, actor: &Actor, filter: &Filter) -> Sql {
    let is_end = match filter.turn {
        Turn::All => None,
        Turn::Open | Turn::Mine => Some(false),
        Turn::Ended => Some(true),
    };
    let search = (!filter.search.trim().is_empty()).then(|| pattern(filter.search.trim()));
    bind_actor(statement, actor)
        .bind(filter.kind.clone())
        .bind(is_end)
        .bind(filter.overdue_on)
        .bind(search)
        .bind(i64::from(filter.turn == Turn::Mine))
        .bind(filter.unit)
}

/// One page of the cases that the actor may look at: the actor's own turn first, what is due first first, ended ones last. What
/// parties say is compared as a number: before its first statistics PostgreSQL would join all parties with all cases, fifty times slower.
pub async fn list(tx: &mut Tx, actor: &Actor, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let count: i64 = tx
        .one(bind_filter(
            sql(r"select count(*) as n from (
                     select c.id, exists (select 1 from case_party p where p.case_id = c.id and p.part = 'turn'
                             and (p.person_id = $1 or (p.unit_id = $2 and (p.role is null or p.role = $3))
                                 or (p.role = $3 and p.area = $4)
                                 or (p.role = $3 and p.unit_id is null and p.area is null and c.area like $5)))
                         and not exists (select 1 from case_party b where b.case_id = c.id and b.part = 'barred'
                             and b.person_id = $1) as is_mine
                     from case_record c
                     where ($6 is null or c.type_key = $6) and ($7 is null or c.is_end = $7) and ($11 is null or c.unit_id = $11)
                         and ($8 is null or (c.due_on < $8 and not c.is_end))
                         and ($9 is null or c.title like $9 escape '\' or c.subject_name like $9 escape '\')
                         and case when exists (select 1 from case_party p where p.case_id = c.id and p.part = 'reads'
                             and (p.person_id = $1 or (p.unit_id = $2 and (p.role is null or p.role = $3))
                                 or (p.role = $3 and p.area = $4)
                                 or (p.role = $3 and p.unit_id is null and p.area is null and c.area like $5))) then 1 else 0 end = 1
                 ) found where case when is_mine then 1 else 0 end >= $10"),
            actor,
            filter,
        ))
        .await?;
    let rows = tx
        .all(
            bind_filter(
                sql(r"select id, type_key, name, title, subject_name, area, state, state_label, is_end, is_bad, due_on,
                          opened_at, changed_at, is_mine from (
                         select c.id, c.type_key, t.name, c.title, c.subject_name, c.area, c.state, c.state_label,
                             c.is_end, c.is_bad, c.due_on, c.opened_at, c.changed_at, exists (select 1 from case_party p
                                 where p.case_id = c.id and p.part = 'turn'
                                 and (p.person_id = $1 or (p.unit_id = $2 and (p.role is null or p.role = $3))
                                     or (p.role = $3 and p.area = $4)
                                     or (p.role = $3 and p.unit_id is null and p.area is null and c.area like $5)))
                             and not exists (select 1 from case_party b where b.case_id = c.id and b.part = 'barred'
                                 and b.person_id = $1) as is_mine
                         from case_record c join case_type t on t.sha256 = c.type_sha256
                         where ($6 is null or c.type_key = $6) and ($7 is null or c.is_end = $7) and ($11 is null or c.unit_id = $11)
                             and ($8 is null or (c.due_on < $8 and not c.is_end))
                             and ($9 is null or c.title like $9 escape '\' or c.subject_name like $9 escape '\')
                             and case when exists (select 1 from case_party p where p.case_id = c.id and p.part = 'reads'
                                 and (p.person_id = $1 or (p.unit_id = $2 and (p.role is null or p.role = $3))
                                     or (p.role = $3 and p.area = $4)
                                     or (p.role = $3 and p.unit_id is null and p.area is null and c.area like $5))) then 1 else 0 end = 1
                     ) found where case when is_mine then 1 else 0 end >= $10
                     order by case when is_end then 2 when is_mine then 0 else 1 end, case when due_on is null then 1 else 0 end,
                         due_on, changed_at desc, id
                     limit $12 offset $13"),
                actor,
                filter,
            )
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// The first cases where it is the actor's turn, overdue ones first, with how many there are.
pub async fn waiting(tx: &mut Tx, actor: &Actor, limit: i64) -> Result<Page<Listed>> {
    list(tx, actor, &Filter { turn: Turn::Mine, ..Filter::default() }, PageRequest { offset: 0, limit }).await
}

/// In how many cases it is the actor's turn.
pub async fn count_waiting(tx: &mut Tx, actor: &Actor) -> Result<u64> {
    let count: i64 = tx
        .one(bind_actor(
            sql("select count(*) as n from case_record c where not c.is_end
                 and case when exists (select 1 from case_party p where p.case_id = c.id and p.part = 'turn'
                     and (p.person_id = $1 or (p.unit_id = $2 and (p.role is null or p.role = $3))
                         or (p.role = $3 and p.area = $4)
                         or (p.role = $3 and p.unit_id is null and p.area is null and c.area like $5))) then 1 else 0 end = 1
                 and not exists (select 1 from case_party b where b.case_id = c.id and b.part = 'barred'
                     and b.person_id = $1)"),
            actor,
        ))
        .await?;
    Ok(total(count))
}

/// Key and name of a type, for a filter.
struct Named(String, String);

impl FromRow for Named {
    fn from_row(row: &Row) -> Result<Named> {
        Ok(Named(row.get("type_key")?, row.get("name")?))
    }
}

/// Every type of which a version is kept: key and newest name.
pub async fn type_names(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    let rows: Vec<Named> = tx.all(sql("select type_key, name from case_type order by kept_at, sha256")).await?;
    let mut names: Vec<(String, String)> = Vec::new();
    for Named(key, name) in rows {
        match names.iter_mut().find(|(known, _)| *known == key) {
            Some(known) => known.1 = name,
            None => names.push((key, name)),
        }
    }
    Ok(names)
}
