//! Check list 核实清单 in rows, and the reports that lists are made of.

use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::check_list::{CheckList, Span};
use youju_domain::id::{CheckListId, ReportId, UnitId, WindowId};
use youju_domain::query::Query;
use youju_domain::report::Report;
use youju_domain::survey::Window;

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::query::Read;
use crate::register::scope_bindings;

impl FromRow for CheckList {
    fn from_row(row: &Row) -> Result<CheckList> {
        let handed: Option<Json> = row.get("handed")?;
        Ok(CheckList {
            id: row.get("id")?,
            window: row.get("window_id")?,
            area: row.get("area")?,
            span: row.get("span")?,
            number: u32::try_from(row.get::<i64>("number")?).unwrap_or_default(),
            entries: from_document("check_list.entries", row.get::<Json>("entries")?)?,
            handed: handed.map(|json| from_document("check_list.handed", json)).transpose()?,
            revision: row.get("revision")?,
        })
    }
}

fn handed(list: &CheckList) -> Result<Option<Json>> {
    list.handed.as_ref().map(|handed| to_document("check_list.handed", handed)).transpose()
}

/// A new list. A second one that is being written for the same window, county and span breaks `check_list_open_key`.
pub async fn add(tx: &mut Tx, list: &CheckList) -> Result<()> {
    tx.run(
        sql("insert into check_list (id, window_id, area, span, first_on, number, entries, handed, revision)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(list.id)
        .bind(list.window)
        .bind(list.area)
        .bind(list.span)
        .bind(list.span.first())
        .bind(i64::from(list.number))
        .bind(to_document("check_list.entries", &list.entries)?)
        .bind(handed(list)?)
        .bind(list.revision),
    )
    .await?
    .must_be(1)
}

/// A list as it goes on. Refused when somebody else was faster, and when it was handed in: that stands for ever.
pub async fn put(tx: &mut Tx, list: &CheckList) -> Result<()> {
    tx.run(
        sql("update check_list set entries = $3, handed = $4, revision = revision + 1
             where id = $1 and revision = $2 and handed is null")
        .bind(list.id)
        .bind(list.revision)
        .bind(to_document("check_list.entries", &list.entries)?)
        .bind(handed(list)?),
    )
    .await?
    .must_be(1)
}

/// A list by its id.
pub async fn get(tx: &mut Tx, id: CheckListId) -> Result<Option<CheckList>> {
    tx.maybe(
        sql("select id, window_id, area, span, number, entries, handed, revision from check_list where id = $1")
            .bind(id),
    )
    .await
}

/// The lists of a window, county and span, the first one first.
pub async fn of_span(tx: &mut Tx, window: WindowId, area: &AreaCode, span: Span) -> Result<Vec<CheckList>> {
    tx.all(
        sql("select id, window_id, area, span, number, entries, handed, revision from check_list
             where window_id = $1 and area = $2 and span = $3 order by number")
        .bind(window)
        .bind(*area)
        .bind(span),
    )
    .await
}

/// The last list of a window and county that was handed in for an earlier span.
pub async fn before(tx: &mut Tx, window: WindowId, area: &AreaCode, span: Span) -> Result<Option<CheckList>> {
    tx.maybe(
        sql("select id, window_id, area, span, number, entries, handed, revision from check_list
             where window_id = $1 and area = $2 and first_on < $3 and handed is not null
             order by first_on desc, number desc limit 1")
        .bind(window)
        .bind(*area)
        .bind(span.first()),
    )
    .await
}

/// The lists of a window within an area that were handed in, oldest span first.
pub async fn of_window(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<Vec<CheckList>> {
    tx.all(
        sql("select id, window_id, area, span, number, entries, handed, revision from check_list
             where window_id = $1 and area like $2 and handed is not null order by first_on, area, number")
        .bind(window)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// The first list of every county and span of a window within an area that was handed in: county and span.
pub async fn handed_in(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<Vec<(AreaCode, Span)>> {
    struct Pair(AreaCode, Span);
    impl FromRow for Pair {
        fn from_row(row: &Row) -> Result<Pair> {
            Ok(Pair(row.get("area")?, row.get("span")?))
        }
    }
    let rows: Vec<Pair> = tx
        .all(
            sql("select area, span from check_list
                 where window_id = $1 and area like $2 and handed is not null and number = 1 order by area, first_on")
            .bind(window)
            .bind(scope_bindings(&Scope::Area(*area)).1),
        )
        .await?;
    Ok(rows.into_iter().map(|Pair(area, span)| (area, span)).collect())
}

/// Windows of some forms in which lists may still be owed: opened by a county and not locked, newest period first.
pub async fn windows(tx: &mut Tx, forms: &[&str]) -> Result<Vec<Window>> {
    tx.all(
        sql("select id, area, programme, form, form_version, period, opens_at, due_at, closes_at, chain, opened_at,
                 locked_at
             from survey_window
             where opened_at is not null and locked_at is null and form in (select value from json_each($1))
             order by period_ends_on desc, form, area")
        .bind(Json::from(forms)),
    )
    .await
}

/// The counties in which units report in a window, within an area.
pub async fn counties(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<Vec<AreaCode>> {
    tx.all(
        sql("select distinct substr(u.area, 1, 6) as county from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and u.area like $2 order by 1")
        .bind(window)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// Whether units of an area report in a window.
pub async fn is_reported_in(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<bool> {
    let found: Option<ReportId> = tx
        .maybe(
            sql("select r.id from report r join unit u on u.id = r.unit_id
                 where r.window_id = $1 and u.area like $2 limit 1")
            .bind(window)
            .bind(scope_bindings(&Scope::Area(*area)).1),
        )
        .await?;
    Ok(found.is_some())
}

/// A report with its unit's name, as lists are made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The report.
    pub report: Report,
    /// Its unit's name.
    pub unit_name: String,
    /// Its unit's code.
    pub usci: String,
}

impl FromRow for Held {
    fn from_row(row: &Row) -> Result<Held> {
        Ok(Held { report: Report::from_row(row)?, unit_name: row.get("name")?, usci: row.get("usci")? })
    }
}

/// The reports of a window that were handed in at least once, within an area, by area and code.
pub async fn reports(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<Vec<Held>> {
    tx.all(
        sql("select r.id, r.unit_id, r.window_id, r.form, r.period, r.state, r.cells, r.versions, r.revision,
                 r.submitted_at, r.is_late, r.return_reason, r.signed_by, r.authorised_by, r.awaits, r.extended_until,
                 r.mend_by, u.name, u.usci
             from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and u.area like $2 and r.versions > 0 order by u.area, u.usci")
        .bind(window)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// The reports of a unit that an office holds, of some forms, in windows that are not locked.
pub async fn reports_of_unit(tx: &mut Tx, unit: UnitId, forms: &[&str]) -> Result<Vec<Report>> {
    tx.all(
        sql("select r.id, r.unit_id, r.window_id, r.form, r.period, r.state, r.cells, r.versions, r.revision,
                 r.submitted_at, r.is_late, r.return_reason, r.signed_by, r.authorised_by, r.awaits, r.extended_until,
                 r.mend_by
             from report r join survey_window w on w.id = r.window_id
             where r.unit_id = $1 and w.locked_at is null and r.form in (select value from json_each($2))
               and r.state in ('submitted', 'under_review', 'accepted_by_township', 'accepted_by_county',
                   'accepted_by_city', 'accepted_by_province')
             order by r.period_ends_on desc, r.form")
        .bind(unit)
        .bind(Json::from(forms)),
    )
    .await
}

/// The queries about reports of a window that are not closed, within an area, oldest first.
pub async fn open_queries(tx: &mut Tx, window: WindowId, area: &AreaCode) -> Result<Vec<Query>> {
    let rows: Vec<Read> = tx
        .all(
            sql("select q.id, q.report_id, q.unit_id, q.cells, q.source, q.level, q.asked_at, q.stage, q.due_at,
                     q.answered_at, q.is_late, q.reopened, q.outcome, q.cause, q.version, q.version_after, q.turns,
                     q.revision
                 from query q join report r on r.id = q.report_id join unit u on u.id = r.unit_id
                 where r.window_id = $1 and u.area like $2 and q.stage <> 'closed' order by q.asked_at, q.id")
            .bind(window)
            .bind(scope_bindings(&Scope::Area(*area)).1),
        )
        .await?;
    Ok(rows.into_iter().map(|read| read.query).collect())
}
