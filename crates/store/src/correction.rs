//! Correction 数据更正 in rows.

use serde_json::Value as Json;
use youju_domain::access::FormScope;
use youju_domain::correction::{Correction, Stage};
use youju_domain::id::{CorrectionId, ReportId, UnitId};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{forms_binding, scope_bindings};

impl FromRow for Correction {
    fn from_row(row: &Row) -> Result<Correction> {
        let decision: Option<Json> = row.get("decision")?;
        let number = |value: i64| u32::try_from(value).unwrap_or_default();
        Ok(Correction {
            id: row.get("id")?,
            report: row.get("report_id")?,
            version: number(row.get("version")?),
            cause: row.get("cause")?,
            reason: row.get("reason")?,
            wanted: from_document("correction.wanted", row.get::<Json>("wanted")?)?,
            asked_by: row.get("asked_by")?,
            asked_at: row.get("asked_at")?,
            stage: row.get("stage")?,
            due_at: row.get("due_at")?,
            decision: decision.map(|json| from_document("correction.decision", json)).transpose()?,
            new_version: row.get::<Option<i64>>("new_version")?.map(number),
        })
    }
}

/// A new correction. A second open one of the same report breaks `correction_open_key`.
pub async fn add(tx: &mut Tx, correction: &Correction) -> Result<()> {
    tx.run(
        sql("insert into correction (id, report_id, version, cause, reason, wanted, asked_by, asked_at, stage, due_at,
                 decision, new_version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(correction.id)
        .bind(correction.report)
        .bind(i64::from(correction.version))
        .bind(correction.cause)
        .bind(correction.reason.as_str())
        .bind(to_document("correction.wanted", &correction.wanted)?)
        .bind(correction.asked_by)
        .bind(correction.asked_at)
        .bind(correction.stage)
        .bind(correction.due_at)
        .bind(decision(correction)?)
        .bind(correction.new_version.map(i64::from)),
    )
    .await?
    .must_be(1)
}

fn decision(correction: &Correction) -> Result<Option<Json>> {
    correction.decision.as_ref().map(|decision| to_document("correction.decision", decision)).transpose()
}

/// A correction as it goes on; `was` is the stage that it was decided on.
pub async fn put(tx: &mut Tx, correction: &Correction, was: Stage) -> Result<()> {
    tx.run(
        sql("update correction set stage = $3, due_at = $4, decision = $5, new_version = $6 where id = $1 and stage = $2")
            .bind(correction.id)
            .bind(was)
            .bind(correction.stage)
            .bind(correction.due_at)
            .bind(decision(correction)?)
            .bind(correction.new_version.map(i64::from)),
    )
    .await?
    .must_be(1)
}

/// A correction by its id.
pub async fn get(tx: &mut Tx, id: CorrectionId) -> Result<Option<Correction>> {
    tx.maybe(
        sql("select id, report_id, version, cause, reason, wanted, asked_by, asked_at, stage, due_at, decision, new_version
             from correction where id = $1")
        .bind(id),
    )
    .await
}

/// The corrections of a report, oldest first.
pub async fn of_report(tx: &mut Tx, report: ReportId) -> Result<Vec<Correction>> {
    tx.all(
        sql("select id, report_id, version, cause, reason, wanted, asked_by, asked_at, stage, due_at, decision, new_version
             from correction where report_id = $1 order by asked_at, id")
        .bind(report),
    )
    .await
}

/// The corrections of a unit's reports for the periods of a year, oldest first.
pub async fn of_unit(tx: &mut Tx, unit: UnitId, year: i32) -> Result<Vec<Correction>> {
    tx.all(
        sql("select c.id, c.report_id, c.version, c.cause, c.reason, c.wanted, c.asked_by, c.asked_at, c.stage,
                 c.due_at, c.decision, c.new_version
             from correction c join report r on r.id = c.report_id
             where r.unit_id = $1 and substr(r.period, 1, 4) = $2 order by c.asked_at, c.id")
        .bind(unit)
        .bind(format!("{year:04}")),
    )
    .await
}

/// Open corrections of the units in a scope, those due first first. There are few of them at any time.
pub async fn open(tx: &mut Tx, scope: &FormScope) -> Result<Vec<Correction>> {
    let (unit, area) = scope_bindings(&scope.scope);
    tx.all(
        sql("select c.id, c.report_id, c.version, c.cause, c.reason, c.wanted, c.asked_by, c.asked_at, c.stage,
                 c.due_at, c.decision, c.new_version
             from correction c join report r on r.id = c.report_id join unit u on u.id = r.unit_id
             where c.stage in ('asked', 'approved') and (u.id = $1 or ($1 is null and u.area like $2))
                 and ($3 is null or r.form in (select value from json_each($3)))
             order by c.due_at, c.id")
        .bind(unit)
        .bind(area)
        .bind(forms_binding(scope)),
    )
    .await
}
