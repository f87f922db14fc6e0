//! The index of the search box. SQLite keeps it in FTS5, PostgreSQL as `tsvector` under GIN; which terms a unit is found under and
//! what a search asks for is said in `domain::register::{terms, search}`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use youju_codes::AreaCode;
use youju_domain::id::UnitId;
use youju_domain::register::Unit;
use youju_domain::register::search::{COMPARED_MAX, Expr, Query, within};
use youju_domain::register::terms::{self, Entry};

use super::{Page, PageRequest, total};
use crate::db::{Engine, FromRow, Row, Sql, Tx, sql};
use crate::error::Result;

/// Units that a search counts and shows; of more it says that there are more. Whoever finds so many asks for another word.
pub const FOUND_MAX: u64 = 10_000;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rows, with the number of all of them, [`FOUND_MAX`] at most.
    pub page: Page<Unit>,
    /// True where there are more than are counted.
    pub is_more: bool,
}

/// Writes what the index holds of a unit: after every write of its row, in the same transaction.
pub(super) async fn index(tx: &mut Tx, unit: &Unit) -> Result<()> {
    let former = former(tx, &[unit.id]).await?.into_iter().map(|Former(_, name)| name);
    let former: Vec<String> = former.filter(|name| *name != unit.name).collect();
    write(tx, &[(unit.id, terms::of_unit(unit, &former))]).await
}

/// Writes what the index holds of the next units in the order of their ids, and gives the last of them; nothing when all are done.
pub async fn rewrite(tx: &mut Tx, after: Option<UnitId>, limit: i64) -> Result<Option<(UnitId, u64)>> {
    let units: Vec<Unit> = tx
        .all(
            sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
                 where $1 is null or id > $1 order by id limit $2")
            .bind(after)
            .bind(limit),
        )
        .await?;
    let Some(last) = units.last().map(|unit| unit.id) else { return Ok(None) };
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let mut named: BTreeMap<UnitId, Vec<String>> = BTreeMap::new();
    for Former(unit, name) in former(tx, &ids).await? {
        named.entry(unit).or_default().push(name);
    }
    let mut entry = |unit: &Unit| {
        let former: Vec<String> = named.remove(&unit.id).unwrap_or_default();
        let former: Vec<String> = former.into_iter().filter(|name| *name != unit.name).collect();
        (unit.id, terms::of_unit(unit, &former))
    };
    let entries: Vec<(UnitId, Entry)> = units.iter().map(&mut entry).collect();
    write(tx, &entries).await?;
    Ok(Some((last, total(i64::try_from(entries.len()).unwrap_or_default()))))
}

struct Former(UnitId, String);

impl FromRow for Former {
    fn from_row(row: &Row) -> Result<Former> {
        Ok(Former(row.get("unit_id")?, row.get("name")?))
    }
}

/// Every name that units have or had, by their changes.
async fn former(tx: &mut Tx, units: &[UnitId]) -> Result<Vec<Former>> {
    let units: Json = units.iter().map(ToString::to_string).collect::<Vec<_>>().into();
    tx.all(
        sql("select distinct c.unit_id, c.facts ->> 'name' as name from unit_change c
             where c.unit_id in (select value from json_each($1)) and c.facts ->> 'name' <> '' order by c.unit_id, 2")
        .on_postgres(
            "select distinct c.unit_id, c.facts ->> 'name' as name from unit_change c
             where c.unit_id in (select value::uuid from json_each($1)) and c.facts ->> 'name' <> '' order by c.unit_id, 2",
        )
        .bind(units),
    )
    .await
}

/// Writes what the index holds of units, in place of what it held of them before.
pub async fn write(tx: &mut Tx, entries: &[(UnitId, Entry)]) -> Result<()> {
    let rows: Vec<Json> = entries
        .iter()
        .map(|(unit, entry)| json!({ "unit": unit.to_string(), "words": entry.words, "terms": entry.terms }))
        .collect();
    let rows = Json::from(rows);
    if tx.engine() == Engine::Sqlite {
        tx.run(
            sql("delete from unit_terms where rowid in (select s.number from json_each($1) e
                 cross join unit_search s on s.unit_id = e.value ->> 'unit')")
            .bind(rows.clone()),
        )
        .await?
        .any();
    }
    tx.run(
        sql("insert into unit_search (unit_id, words) select value ->> 'unit', value ->> 'words' from json_each($1) where true
             on conflict (unit_id) do update set words = excluded.words")
        .on_postgres(
            "insert into unit_search (unit_id, words, terms)
             select e.unit, e.words, array_to_tsvector(string_to_array(e.terms, ' '))
             from jsonb_to_recordset($1) as e (unit uuid, words text, terms text)
             on conflict (unit_id) do update set words = excluded.words, terms = excluded.terms",
        )
        .bind(rows.clone()),
    )
    .await?
    .must_be(u64::try_from(entries.len()).unwrap_or(u64::MAX))?;
    if tx.engine() == Engine::Sqlite {
        tx.run(
            sql("insert into unit_terms (rowid, terms) select s.number, e.value ->> 'terms' from json_each($1) e
                 cross join unit_search s on s.unit_id = e.value ->> 'unit'")
            .bind(rows),
        )
        .await?
        .any();
    }
    Ok(())
}

struct Hit(Unit, i64);

impl FromRow for Hit {
    fn from_row(row: &Row) -> Result<Hit> {
        Ok(Hit(Unit::from_row(row)?, row.get("n")?))
    }
}

/// One page of the units of an area (or of all of them) that a search finds: those whose name begins with the first word, those whose name
/// holds it, the others; among equals those that have been in the register longer.
pub async fn find(tx: &mut Tx, area: Option<&AreaCode>, query: &Query, page: PageRequest) -> Result<Found> {
    let hits: Vec<Hit> = planned(tx, statement(tx, area, query, page)).await?;
    let mut all = hits.first().map_or(0, |Hit(_, all)| *all);
    if hits.is_empty() && page.offset > 0 {
        let first = statement(tx, area, query, PageRequest { offset: 0, limit: 1 });
        all = planned(tx, first).await?.first().map_or(0, |Hit(_, all)| *all);
    }
    let all = total(all);
    let rows = hits.into_iter().map(|Hit(unit, _)| unit).collect();
    let page = Page { rows, total: all.min(FOUND_MAX), offset: total(page.offset) };
    Ok(Found { page, is_more: all > FOUND_MAX })
}

/// PostgreSQL decides by the terms whether they are rare or in nearly every row, so it must see them when it plans.
async fn planned(tx: &mut Tx, statement: Sql) -> Result<Vec<Hit>> {
    if tx.engine() == Engine::Postgres {
        let own = sql("select 1")
            .on_postgres("select length(set_config('plan_cache_mode', 'force_custom_plan', true))::bigint");
        tx.one::<i64>(own).await?;
    }
    tx.all(statement).await
}

/// Both ways are cut off at one more than is counted: a word of nearly every name costs no more than that.
fn statement(tx: &Tx, area: Option<&AreaCode>, query: &Query, page: PageRequest) -> Sql {
    let scoped = |expr: &Expr| area.map_or_else(|| expr.clone(), |area| within(area, expr.clone()));
    let written = |expr: &Expr| match tx.engine() {
        Engine::Sqlite => fts5(&scoped(expr)),
        Engine::Postgres => tsquery(&scoped(expr)),
    };
    let nobody = Expr::Term("nobody:".to_owned());
    let mut statement = sql(FIND_SQLITE)
        .on_postgres(FIND_POSTGRES)
        .bind(written(&query.anywhere))
        .bind(written(query.beginning.as_ref().unwrap_or(&nobody)))
        .bind(query.first.as_str());
    for at in 0..COMPARED_MAX {
        statement = statement.bind(query.compared.get(at).map_or("", String::as_str));
    }
    statement.bind(page.limit).bind(page.offset)
}

const FIND_SQLITE: &str = "
    with anywhere as materialized (
        select s.number, s.words from unit_terms t cross join unit_search s on s.number = t.rowid
        where t.unit_terms match $1
          and instr(s.words, $4) > 0 and instr(s.words, $5) > 0 and instr(s.words, $6) > 0
        limit 10001
    ), beginning as materialized (
        select s.number from unit_terms t cross join unit_search s on s.number = t.rowid
        where t.unit_terms match $2 and substr(s.words, 1, length($3)) = $3
          and instr(s.words, $4) > 0 and instr(s.words, $5) > 0 and instr(s.words, $6) > 0
        limit 10001
    ), found as (
        select number, 0 as place from beginning
        union all
        select number, case when substr(words, 1, length($3)) = $3 then 0
                            when instr(words, $3) between 1 and instr(words, char(10)) then 1 else 2 end as place
        from anywhere
    ), shown as materialized (
        select number, min(place) as place, count(*) over () as n from found group by number order by 2, 1 limit $7 offset $8
    )
    select u.id, u.usci, u.name, u.area, u.industry, u.standard, u.listing, u.may_explain, u.details, u.changed_on, u.revision, h.n
    from shown h join unit_search s on s.number = h.number join unit u on u.id = s.unit_id order by h.place, h.number";

const FIND_POSTGRES: &str = "
    with anywhere as materialized (
        select number, words from unit_search where terms @@ $1::tsquery
          and strpos(words, $4) > 0 and strpos(words, $5) > 0 and strpos(words, $6) > 0
        limit 10001
    ), beginning as materialized (
        select number from unit_search where terms @@ $2::tsquery and starts_with(words, $3)
          and strpos(words, $4) > 0 and strpos(words, $5) > 0 and strpos(words, $6) > 0
        limit 10001
    ), found as (
        select number, 0 as place from beginning
        union all
        select number, case when starts_with(words, $3) then 0
                            when strpos(words, $3) between 1 and strpos(words, chr(10)) then 1 else 2 end as place
        from anywhere
    ), shown as materialized (
        select number, min(place) as place, count(*) over () as n from found group by number order by 2, 1 limit $7 offset $8
    )
    select u.id, u.usci, u.name, u.area, u.industry, u.standard, u.listing, u.may_explain, u.details, u.changed_on, u.revision, h.n
    from shown h join unit_search s on s.number = h.number join unit u on u.id = s.unit_id order by h.place, h.number";

/// Terms hold letters, figures, characters and colons only, so that quotation marks are all they need.
fn fts5(expr: &Expr) -> String {
    match expr {
        Expr::Term(term) => format!("\"{term}\""),
        Expr::Begins(start) => format!("\"{start}\" *"),
        Expr::All(all) => joined(all, " AND ", fts5),
        Expr::Any(ways) => joined(ways, " OR ", fts5),
    }
}

fn tsquery(expr: &Expr) -> String {
    match expr {
        Expr::Term(term) => format!("'{term}'"),
        Expr::Begins(start) => format!("'{start}':*"),
        Expr::All(all) => joined(all, " & ", tsquery),
        Expr::Any(ways) => joined(ways, " | ", tsquery),
    }
}

fn joined(parts: &[Expr], between: &str, write: fn(&Expr) -> String) -> String {
    let parts: Vec<String> = parts.iter().map(write).collect();
    format!("({})", parts.join(between))
}

/// How far the index is: which edition of the rules wrote it, and where writing it anew has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The edition; 0 where it has never been written as a whole.
    pub edition: i64,
    /// The last unit that was written anew.
    pub through: Option<UnitId>,
}

impl FromRow for State {
    fn from_row(row: &Row) -> Result<State> {
        Ok(State { edition: row.get("edition")?, through: row.get("through")? })
    }
}

/// How far the index is.
pub async fn state(tx: &mut Tx) -> Result<State> {
    tx.one(sql("select edition, through from unit_search_state where id = 1")).await
}

/// Notes how far it is.
pub async fn set_state(tx: &mut Tx, state: &State) -> Result<()> {
    tx.run(
        sql("update unit_search_state set edition = $1, through = $2 where id = 1")
            .bind(state.edition)
            .bind(state.through),
    )
    .await?
    .must_be(1)
}

/// After many units were written: PostgreSQL learns which terms are in nearly every row, so that it does not look for those first, and sorts
/// in what waits beside the index. SQLite has nothing to learn.
pub async fn settle(tx: &mut Tx) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        tx.run(sql("select 1").on_postgres("analyze unit_search")).await?.any();
        tx.one::<i64>(sql("select 1").on_postgres("select gin_clean_pending_list('unit_search_terms_idx')::bigint"))
            .await?;
    }
    Ok(())
}
