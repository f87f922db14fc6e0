//! Query 数据查询 in rows; what was said in one is a document.

use serde_json::Value as Json;
use youju_domain::Instant;
use youju_domain::access::FormScope;
use youju_domain::id::{QueryId, ReportId};
use youju_domain::query::{Query, Stage};

use crate::db::{FromRow, Row, Sql, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{Page, PageRequest, forms_binding, scope_bindings, total};

/// A query with the revision that it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The query.
    pub query: Query,
    /// Changes at every write.
    pub revision: i64,
}

impl FromRow for Read {
    fn from_row(row: &Row) -> Result<Read> {
        let number = |value: i64| u32::try_from(value).unwrap_or_default();
        let query = Query {
            id: row.get("id")?,
            report: row.get("report_id")?,
            unit: row.get("unit_id")?,
            cells: from_document("query.cells", row.get::<Json>("cells")?)?,
            source: row.get("source")?,
            level: row.get("level")?,
            asked_at: row.get("asked_at")?,
            stage: row.get("stage")?,
            due_at: row.get("due_at")?,
            answered_at: row.get("answered_at")?,
            is_late: row.get("is_late")?,
            reopened: number(row.get("reopened")?),
            outcome: row.get("outcome")?,
            cause: row.get("cause")?,
            version: number(row.get("version")?),
            version_after: row.get::<Option<i64>>("version_after")?.map(number),
            turns: from_document("query.turns", row.get::<Json>("turns")?)?,
        };
        Ok(Read { query, revision: row.get("revision")? })
    }
}

/// A new query.
pub async fn add(tx: &mut Tx, query: &Query) -> Result<()> {
    tx.run(
        sql("insert into query (id, report_id, unit_id, cells, source, level, asked_at, stage, due_at, answered_at,
                 is_late, reopened, outcome, cause, version, version_after, turns, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0)")
        .bind(query.id)
        .bind(query.report)
        .bind(query.unit)
        .bind(to_document("query.cells", &query.cells)?)
        .bind(query.source.as_str())
        .bind(query.level)
        .bind(query.asked_at)
        .bind(query.stage)
        .bind(query.due_at)
        .bind(query.answered_at)
        .bind(query.is_late)
        .bind(i64::from(query.reopened))
        .bind(query.outcome)
        .bind(query.cause)
        .bind(i64::from(query.version))
        .bind(query.version_after.map(i64::from))
        .bind(to_document("query.turns", &query.turns)?),
    )
    .await?
    .must_be(1)
}

/// A query as it goes on; refused when somebody else was faster.
pub async fn put(tx: &mut Tx, query: &Query, revision: i64) -> Result<()> {
    tx.run(
        sql("update query set stage = $3, due_at = $4, answered_at = $5, is_late = $6, reopened = $7, outcome = $8,
                 cause = $9, version_after = $10, turns = $11, revision = revision + 1
             where id = $1 and revision = $2")
        .bind(query.id)
        .bind(revision)
        .bind(query.stage)
        .bind(query.due_at)
        .bind(query.answered_at)
        .bind(query.is_late)
        .bind(i64::from(query.reopened))
        .bind(query.outcome)
        .bind(query.cause)
        .bind(query.version_after.map(i64::from))
        .bind(to_document("query.turns", &query.turns)?),
    )
    .await?
    .must_be(1)
}

/// A query by its id.
pub async fn get(tx: &mut Tx, id: QueryId) -> Result<Option<Read>> {
    tx.maybe(
        sql("select id, report_id, unit_id, cells, source, level, asked_at, stage, due_at, answered_at, is_late, reopened,
                 outcome, cause, version, version_after, turns, revision from query where id = $1")
        .bind(id),
    )
    .await
}

/// The queries about a report, oldest first.
pub async fn of_report(tx: &mut Tx, report: ReportId) -> Result<Vec<Query>> {
    let rows: Vec<Read> = tx
        .all(
            sql("select id, report_id, unit_id, cells, source, level, asked_at, stage, due_at, answered_at, is_late,
                     reopened, outcome, cause, version, version_after, turns, revision
                 from query where report_id = $1 order by asked_at, id")
            .bind(report),
        )
        .await?;
    Ok(rows.into_iter().map(|read| read.query).collect())
}

/// What a list of queries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In one stage.
    pub stage: Option<Stage>,
    /// Those that are overdue at this instant.
    pub overdue_at: Option<Instant>,
    /// From one list.
    pub source: Option<String>,
}

/// A query as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The query.
    pub query: Query,
    /// Name of its unit.
    pub unit_name: String,
    /// Form of its report.
    pub form: String,
    /// Period of its report.
    pub period: youju_codes::Period,
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed {
            query: Read::from_row(row)?.query,
            unit_name: row.get("name")?,
            form: row.get("form")?,
            period: row.get("period")?,
        })
    }
}

fn bind_filter(statement: Sql, scope: &FormScope, filter: &Filter) -> Sql {
    let (unit, area) = scope_bindings(&scope.scope);
    let statement = statement.bind(unit).bind(area).bind(filter.stage).bind(filter.overdue_at);
    statement.bind(filter.source.clone()).bind(forms_binding(scope))
}

/// One page of the queries about units in a scope: open ones first, those due first first.
pub async fn list(tx: &mut Tx, scope: &FormScope, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let count: i64 = tx
        .one(bind_filter(
            sql("select count(*) as n from query q join unit u on u.id = q.unit_id join report r on r.id = q.report_id
                 where (u.id = $1 or ($1 is null and u.area like $2)) and ($3 is null or q.stage = $3)
                   and ($4 is null or (q.stage <> 'closed' and q.due_at < $4)) and ($5 is null or q.source = $5)
                   and ($6 is null or r.form in (select value from json_each($6)))"),
            scope,
            filter,
        ))
        .await?;
    let rows = tx
        .all(
            bind_filter(
                sql("select q.id, q.report_id, q.unit_id, q.cells, q.source, q.level, q.asked_at, q.stage, q.due_at,
                         q.answered_at, q.is_late, q.reopened, q.outcome, q.cause, q.version, q.version_after, q.turns,
                         q.revision, u.name, r.form, r.period
                     from query q join unit u on u.id = q.unit_id join report r on r.id = q.report_id
                     where (u.id = $1 or ($1 is null and u.area like $2)) and ($3 is null or q.stage = $3)
                       and ($4 is null or (q.stage <> 'closed' and q.due_at < $4)) and ($5 is null or q.source = $5)
                       and ($6 is null or r.form in (select value from json_each($6)))
                     order by case when q.stage = 'closed' then 1 else 0 end, q.due_at, q.id limit $7 offset $8"),
                scope,
                filter,
            )
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: total(page.offset) })
}

/// How the units of one township have answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// Township, 9 digits.
    pub township: String,
    /// Unit.
    pub unit: youju_domain::id::UnitId,
    /// Its name.
    pub unit_name: String,
    /// Queries about it.
    pub asked: u64,
    /// Answered, or closed.
    pub answered: u64,
    /// Not answered, and need not be yet.
    pub pending: u64,
    /// Answered after their term, or not answered though it has passed.
    pub late: u64,
    /// Asked again, because the answer was not enough.
    pub reopened: u64,
    /// Closed because the unit mended its figures.
    pub corrected: u64,
}

impl FromRow for Quality {
    fn from_row(row: &Row) -> Result<Quality> {
        Ok(Quality {
            township: row.get("township")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("name")?,
            asked: total(row.get("asked")?),
            answered: total(row.get("answered")?),
            pending: total(row.get("pending")?),
            late: total(row.get("late")?),
            reopened: total(row.get("reopened")?),
            corrected: total(row.get("corrected")?),
        })
    }
}

/// How queries asked between two instants were answered, unit by unit, in the order of townships.
pub async fn quality(
    tx: &mut Tx,
    scope: &FormScope,
    (from, to): (Instant, Instant),
    now: Instant,
) -> Result<Vec<Quality>> {
    let (unit, area) = scope_bindings(&scope.scope);
    tx.all(
        sql("select substr(u.area, 1, 9) as township, q.unit_id, u.name, count(*) as asked,
                 cast(sum(case when q.answered_at is not null then 1 else 0 end) as bigint) as answered,
                 cast(sum(case when q.answered_at is null and q.due_at >= $5 then 1 else 0 end) as bigint) as pending,
                 cast(sum(case when q.is_late or (q.stage = 'asked' and q.due_at < $5) then 1 else 0 end) as bigint) as late,
                 cast(sum(case when q.reopened > 0 then 1 else 0 end) as bigint) as reopened,
                 cast(sum(case when q.outcome = 'corrected' then 1 else 0 end) as bigint) as corrected
             from query q join unit u on u.id = q.unit_id join report r on r.id = q.report_id
             where (u.id = $1 or ($1 is null and u.area like $2)) and q.asked_at >= $3 and q.asked_at < $4
                 and ($6 is null or r.form in (select value from json_each($6)))
             group by substr(u.area, 1, 9), q.unit_id, u.name order by 1, 3, 2")
        .bind(unit)
        .bind(area)
        .bind(from)
        .bind(to)
        .bind(now)
        .bind(forms_binding(scope)),
    )
    .await
}
