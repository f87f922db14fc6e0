//! Report 报表 in rows: who, what, when, which state; the cells of a report are one document.

mod list;
mod of_window;
mod version;
mod weight;

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::report::{CellId, Cells, Level, Report, State};
use youju_domain::survey::Chain;
use youju_domain::total::Accepted;

use crate::db::{Engine, FromRow, Row, Tx, sql};
use crate::document::from_document;
use crate::error::Result;
use crate::folded;
use crate::register::{scope_bindings, total};

pub use list::{Filter, Listed, count, list};
pub use of_window::{Edited, OfUnit, count_of_window, edited, of_window, units_of_window};
pub use version::{Version, add_version, handed_since, version, version_document, version_hash, versions};
pub use weight::{HEADLINES_MAX, Weighed, weighed};

impl FromRow for Report {
    fn from_row(row: &Row) -> Result<Report> {
        Ok(Report {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            window: row.get("window_id")?,
            form: row.get("form")?,
            period: row.get("period")?,
            state: row.get("state")?,
            awaits: row.get("awaits")?,
            cells: folded::read(row, "cells")?,
            versions: u32::try_from(row.get::<i64>("versions")?).unwrap_or_default(),
            revision: row.get("revision")?,
            submitted_at: row.get("submitted_at")?,
            is_late: row.get("is_late")?,
            return_reason: row.get("return_reason")?,
            signed_by: row.get("signed_by")?,
            authorised_by: row.get("authorised_by")?,
            extended_until: row.get("extended_until")?,
            mend_by: row.get("mend_by")?,
        })
    }
}

/// A new report. A second one of the same unit, form and period breaks `report_unit_form_period_key`.
pub async fn add(tx: &mut Tx, report: &Report) -> Result<()> {
    tx.run(
        sql("insert into report (id, unit_id, window_id, form, period, period_ends_on, state, cells, versions,
                 revision, submitted_at, is_late, return_reason, signed_by, authorised_by, awaits, extended_until,
                 mend_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)")
        .bind(report.id)
        .bind(report.unit)
        .bind(report.window)
        .bind(report.form.as_str())
        .bind(report.period)
        .bind(report.period.last_day())
        .bind(report.state)
        .bind(folded::write("report.cells", &report.cells)?)
        .bind(i64::from(report.versions))
        .bind(report.revision)
        .bind(report.submitted_at)
        .bind(report.is_late)
        .bind(report.return_reason.clone())
        .bind(report.signed_by)
        .bind(report.authorised_by)
        .bind(report.awaits)
        .bind(report.extended_until)
        .bind(report.mend_by),
    )
    .await?
    .must_be(1)
}

/// A report as it is now, and its new revision; refused when somebody else changed it in between.
pub async fn put(tx: &mut Tx, report: &Report) -> Result<i64> {
    tx.run(
        sql("update report set state = $3, cells = $4, versions = $5, revision = revision + 1, submitted_at = $6,
                 is_late = $7, return_reason = $8, signed_by = $9, authorised_by = $10, awaits = $11, extended_until = $12,
                 mend_by = $13
             where id = $1 and revision = $2")
        .bind(report.id)
        .bind(report.revision)
        .bind(report.state)
        .bind(folded::write("report.cells", &report.cells)?)
        .bind(i64::from(report.versions))
        .bind(report.submitted_at)
        .bind(report.is_late)
        .bind(report.return_reason.clone())
        .bind(report.signed_by)
        .bind(report.authorised_by)
        .bind(report.awaits)
        .bind(report.extended_until)
        .bind(report.mend_by),
    )
    .await?
    .must_be(1)?;
    Ok(report.revision + 1)
}

/// A report by its id.
pub async fn get(tx: &mut Tx, id: ReportId) -> Result<Option<Report>> {
    tx.maybe(
        sql("select id, unit_id, window_id, form, period, state, cells, versions, revision, submitted_at, is_late,
                 return_reason, signed_by, authorised_by, awaits, extended_until, mend_by
             from report where id = $1")
        .bind(id),
    )
    .await
}

/// Holds a report until the transaction ends, so that nobody changes it between reading and writing. Several are held in
/// the order of their ids, and before the journal is written, or two transactions wait for each other. The one writer of
/// SQLite holds everything anyway.
pub async fn hold(tx: &mut Tx, id: ReportId) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        tx.maybe::<ReportId>(sql("select id from report where id = $1 for update").bind(id)).await?;
    }
    Ok(())
}

/// A unit's report of a form and period.
pub async fn find(tx: &mut Tx, unit: UnitId, form: &str, period: Period) -> Result<Option<Report>> {
    tx.maybe(
        sql("select id, unit_id, window_id, form, period, state, cells, versions, revision, submitted_at, is_late,
                 return_reason, signed_by, authorised_by, awaits, extended_until, mend_by
             from report where unit_id = $1 and form = $2 and period = $3")
        .bind(unit)
        .bind(form)
        .bind(period),
    )
    .await
}

/// What a unit has handed in of a form for up to two periods, and not got back.
pub async fn reported(
    tx: &mut Tx,
    unit: UnitId,
    form: &str,
    [one, other]: [Period; 2],
) -> Result<Vec<(Period, ReportId, Cells)>> {
    struct Reported(Period, ReportId, Cells);
    impl FromRow for Reported {
        fn from_row(row: &Row) -> Result<Reported> {
            Ok(Reported(row.get("period")?, row.get("id")?, folded::read(row, "cells")?))
        }
    }
    let rows: Vec<Reported> = tx
        .all(
            sql("select id, period, cells from report
                 where unit_id = $1 and form = $2 and period in ($3, $4)
                   and state in ('submitted', 'under_review', 'accepted_by_township', 'accepted_by_county', 'accepted_by_city',
                       'accepted_by_province', 'locked')
                 order by period")
            .bind(unit)
            .bind(form)
            .bind(one)
            .bind(other),
        )
        .await?;
    Ok(rows.into_iter().map(|Reported(period, id, cells)| (period, id, cells)).collect())
}

/// The reports of a unit whose periods end on a day or later, oldest first.
pub async fn since(tx: &mut Tx, unit: UnitId, day: NaiveDate) -> Result<Vec<Report>> {
    tx.all(
        sql("select id, unit_id, window_id, form, period, state, cells, versions, revision, submitted_at, is_late,
                 return_reason, signed_by, authorised_by, awaits, extended_until, mend_by
             from report where unit_id = $1 and period_ends_on >= $2 order by period_ends_on, form")
        .bind(unit)
        .bind(day),
    )
    .await
}

/// A unit's reported figures of a form before a period, newest first.
pub async fn series(tx: &mut Tx, unit: UnitId, form: &str, before: Period, limit: i64) -> Result<Vec<(Period, Cells)>> {
    struct Point(Period, Cells);
    impl FromRow for Point {
        fn from_row(row: &Row) -> Result<Point> {
            Ok(Point(row.get("period")?, folded::read(row, "cells")?))
        }
    }
    let rows: Vec<Point> = tx
        .all(
            sql("select period, cells from report
                 where unit_id = $1 and form = $2 and period_ends_on < $3
                   and state in ('submitted', 'under_review', 'accepted_by_township', 'accepted_by_county', 'accepted_by_city',
                       'accepted_by_province', 'locked')
                 order by period_ends_on desc limit $4")
            .bind(unit)
            .bind(form)
            .bind(before.last_day())
            .bind(limit),
        )
        .await?;
    Ok(rows.into_iter().map(|Point(period, cells)| (period, cells)).collect())
}

/// The reports of a window that wait for a level, within a scope.
pub async fn ids_awaiting(tx: &mut Tx, window: WindowId, scope: &Scope, level: Level) -> Result<Vec<ReportId>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select r.id from report r join unit u on u.id = r.unit_id
             where r.window_id = $1 and r.awaits = $2 and (u.id = $3 or ($3 is null and u.area like $4))
             order by u.area, u.usci")
        .bind(window)
        .bind(level)
        .bind(unit)
        .bind(area),
    )
    .await
}

/// Judges what has been handed in within a window late or not, by another deadline: the first handing in decides. Gives how many
/// were judged otherwise.
pub async fn judge_late(tx: &mut Tx, window: WindowId, due_at: Instant) -> Result<u64> {
    let update = sql("update report set is_late = not is_late, revision = revision + 1
                      where window_id = $1 and submitted_at is not null
                        and is_late <> (select v.submitted_at > $2 from report_version v
                                        where v.report_id = report.id and v.number = 1)");
    Ok(tx.run(update.bind(window).bind(due_at)).await?.any())
}

/// Reports of a window that may still come to the last level: an office holds them, they were sent back, or a formal reminder
/// still runs.
pub async fn count_unaccepted(tx: &mut Tx, window: WindowId, now: Instant) -> Result<u64> {
    let count = sql("select count(*) as n from report where window_id = $1
                     and (awaits is not null or return_reason is not null or (submitted_at is null and extended_until >= $2))");
    Ok(total(tx.one(count.bind(window).bind(now)).await?))
}

/// Locks the reports of a window that its last level has accepted. Gives how many there were.
pub async fn lock_all(tx: &mut Tx, window: WindowId, last: Level) -> Result<u64> {
    let update = sql("update report set state = $3, revision = revision + 1 where window_id = $1 and state = $2");
    Ok(tx.run(update.bind(window).bind(State::Accepted(last)).bind(State::Locked)).await?.any())
}

/// Reports of one township in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TownshipCount {
    /// Township, 9 digits.
    pub township: String,
    /// State.
    pub state: State,
    /// How many reports.
    pub reports: u64,
    /// How many of them were handed in after the deadline.
    pub late: u64,
    /// Findings of theirs that still have to be mended or explained.
    pub open_findings: u64,
}

impl FromRow for TownshipCount {
    fn from_row(row: &Row) -> Result<TownshipCount> {
        Ok(TownshipCount {
            township: row.get("township")?,
            state: row.get("state")?,
            reports: total(row.get("reports")?),
            late: total(row.get("late")?),
            open_findings: total(row.get("open_findings")?),
        })
    }
}

/// Counts of a window's reports within a scope, ordered by township.
pub async fn counts_by_township(tx: &mut Tx, window: WindowId, scope: &Scope) -> Result<Vec<TownshipCount>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select substr(u.area, 1, 9) as township, r.state, count(*) as reports,
                 cast(sum(case when r.is_late and r.state in ('submitted', 'under_review', 'accepted_by_township', 'accepted_by_county', 'accepted_by_city',
                       'accepted_by_province', 'locked')
                     then 1 else 0 end) as bigint) as late,
                 cast(sum(coalesce(f.n, 0)) as bigint) as open_findings
             from report r
             join unit u on u.id = r.unit_id
             left join (select report_id, count(*) as n from finding
                 where standing in ('must_mend', 'must_explain') group by report_id) f on f.report_id = r.id
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3))
             group by substr(u.area, 1, 9), r.state order by 1, 2")
        .bind(window)
        .bind(unit)
        .bind(area),
    )
    .await
}

/// Every report of a form and period that some level has accepted, reduced to what totals need: the only way into totals (law 6).
pub async fn accepted(tx: &mut Tx, form: &str, period: Period) -> Result<Vec<Accepted>> {
    tx.all(
        sql("select r.id, r.unit_id, u.area, u.industry, r.state, r.cells, w.chain
             from report r join unit u on u.id = r.unit_id join survey_window w on w.id = r.window_id
             where r.form = $1 and r.period = $2 and r.state in ('accepted_by_township', 'accepted_by_county',
                 'accepted_by_city', 'accepted_by_province', 'locked')
             order by u.area, u.usci")
        .bind(form)
        .bind(period),
    )
    .await
}

/// An accepted report as a part of a total, with its unit's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its unit's name.
    pub unit_name: String,
    /// What is added up.
    pub accepted: Accepted,
}

impl FromRow for Part {
    fn from_row(row: &Row) -> Result<Part> {
        Ok(Part { unit_name: row.get("name")?, accepted: Accepted::from_row(row)? })
    }
}

/// The accepted reports of a form and period within an area, by area and code: what a group of a total is made of.
pub async fn accepted_in(tx: &mut Tx, form: &str, period: Period, area: &AreaCode) -> Result<Vec<Part>> {
    tx.all(
        sql("select r.id, r.unit_id, u.name, u.area, u.industry, r.state, r.cells, w.chain
             from report r join unit u on u.id = r.unit_id join survey_window w on w.id = r.window_id
             where r.form = $1 and r.period = $2 and u.area like $3 and r.state in ('accepted_by_township',
                 'accepted_by_county', 'accepted_by_city', 'accepted_by_province', 'locked')
             order by u.area, u.usci")
        .bind(form)
        .bind(period)
        .bind(scope_bindings(&Scope::Area(*area)).1),
    )
    .await
}

/// The level that has accepted a report last, from its state and the chain of its window: a locked one was accepted by the last.
pub(crate) fn accepted_by(row: &Row) -> Result<Option<Level>> {
    let chain: Chain = from_document("survey_window.chain", row.get::<Json>("chain")?)?;
    Ok(match row.get("state")? {
        State::Accepted(level) => Some(level),
        State::Locked => chain.last(),
        _ => None,
    })
}

impl FromRow for Accepted {
    fn from_row(row: &Row) -> Result<Accepted> {
        let cells = folded::read(row, "cells")?;
        let numbers = cells.iter().filter_map(|(id, cell)| cell.value.number().map(|value| (id.clone(), value)));
        let level = accepted_by(row)?;
        Ok(Accepted {
            report: row.get("id")?,
            unit: row.get("unit_id")?,
            area: row.get("area")?,
            industry: row.get("industry")?,
            level: level.unwrap_or(Level::Township),
            cells: numbers.collect::<std::collections::BTreeMap<CellId, _>>(),
        })
    }
}

/// The last journal entry about any report of a form and period: what columns must cover to be fresh.
pub async fn last_change(tx: &mut Tx, form: &str, period: Period) -> Result<i64> {
    tx.one(
        sql("select coalesce(max(j.seq), 0) as seq from report r
             join journal_leaf j on j.object_kind = 'report' and j.object_id = cast(r.id as text)
             where r.form = $1 and r.period = $2")
        .bind(form)
        .bind(period),
    )
    .await
}
