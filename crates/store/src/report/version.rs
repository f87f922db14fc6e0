//! Versions of a report: what was handed in, for ever.

use chrono::NaiveDate;
use serde_json::Value as Json;
use youju_domain::Instant;
use youju_domain::finding::Answered;
use youju_domain::id::{PersonId, ReportId, UnitId};
use youju_domain::report::{Cells, Report};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::to_document;
use crate::error::Result;
use crate::folded;
use crate::register::total;

/// A version as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// The cells.
    pub cells: Cells,
    /// SHA-256 of the cells' document.
    pub cells_hash: String,
    /// Who handed it in.
    pub submitted_by: PersonId,
    /// Their name.
    pub submitted_by_name: String,
    /// When.
    pub submitted_at: Instant,
    /// Cells that it changed against the version before.
    pub changed: u64,
}

impl FromRow for Version {
    fn from_row(row: &Row) -> Result<Version> {
        Ok(Version {
            number: u32::try_from(row.get::<i64>("number")?).unwrap_or_default(),
            cells: folded::read(row, "cells")?,
            cells_hash: row.get("cells_hash")?,
            submitted_by: row.get("submitted_by")?,
            submitted_by_name: row.get("name")?,
            submitted_at: row.get("submitted_at")?,
            changed: total(row.get("changed")?),
        })
    }
}

/// Keeps the present cells and findings as the report's latest version; gives the hash of the cells.
/// `changed` is how many cells differ from the version before.
pub async fn add_version(
    tx: &mut Tx,
    report: &Report,
    findings: &[Answered],
    (by, at): (PersonId, Instant),
    changed: usize,
) -> Result<String> {
    let hash = hash_of(&report.cells)?;
    let found: Vec<Json> = findings
        .iter()
        .map(|answered| {
            let explanation = answered.explanation.as_ref().map(|e| e.text.as_str());
            Ok(serde_json::json!({ "finding": to_document("finding", &answered.finding)?, "explanation": explanation }))
        })
        .collect::<Result<_>>()?;
    tx.run(
        sql("insert into report_version (report_id, number, cells, cells_hash, findings, submitted_by, submitted_at, changed)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(report.id)
        .bind(i64::from(report.versions))
        .bind(folded::write("report_version.cells", &report.cells)?)
        .bind(hash.as_str())
        .bind(Json::Array(found))
        .bind(by)
        .bind(at)
        .bind(i64::try_from(changed).unwrap_or(i64::MAX)),
    )
    .await?
    .must_be(1)?;
    Ok(hash)
}

/// The document of a version's cells: the bytes that its hash is of, each cell with person and instant.
pub fn version_document(version: &Version) -> Result<String> {
    document_of(&version.cells)
}

fn document_of(cells: &Cells) -> Result<String> {
    Ok(to_document("report_version.cells", cells)?.to_string())
}

fn hash_of(cells: &Cells) -> Result<String> {
    Ok(youju_journal::sha256(document_of(cells)?.as_bytes()).to_string())
}

/// The hash of a version's cells as they are stored now.
pub fn version_hash(version: &Version) -> Result<String> {
    hash_of(&version.cells)
}

/// One version.
pub async fn version(tx: &mut Tx, report: ReportId, number: u32) -> Result<Option<Version>> {
    tx.maybe(
        sql("select v.number, v.cells, v.cells_hash, v.submitted_by, p.name, v.submitted_at, v.changed
             from report_version v join person p on p.id = v.submitted_by where v.report_id = $1 and v.number = $2")
        .bind(report)
        .bind(i64::from(number)),
    )
    .await
}

/// All versions, oldest first.
pub async fn versions(tx: &mut Tx, report: ReportId) -> Result<Vec<Version>> {
    tx.all(
        sql("select v.number, v.cells, v.cells_hash, v.submitted_by, p.name, v.submitted_at, v.changed
             from report_version v join person p on p.id = v.submitted_by where v.report_id = $1 order by v.number")
        .bind(report),
    )
    .await
}

/// The cells of every version of a unit's reports whose periods end on a day or later: report, number, cells; oldest first.
pub async fn handed_since(tx: &mut Tx, unit: UnitId, day: NaiveDate) -> Result<Vec<(ReportId, u32, Cells)>> {
    struct Handed(ReportId, u32, Cells);
    impl FromRow for Handed {
        fn from_row(row: &Row) -> Result<Handed> {
            let number = u32::try_from(row.get::<i64>("number")?).unwrap_or_default();
            let cells = folded::read(row, "cells")?;
            Ok(Handed(row.get("report_id")?, number, cells))
        }
    }
    let rows: Vec<Handed> = tx
        .all(
            sql("select v.report_id, v.number, v.cells from report_version v join report r on r.id = v.report_id
                 where r.unit_id = $1 and r.period_ends_on >= $2 order by v.report_id, v.number")
            .bind(unit)
            .bind(day),
        )
        .await?;
    Ok(rows.into_iter().map(|Handed(report, number, cells)| (report, number, cells)).collect())
}
