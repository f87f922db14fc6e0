//! Source records 原始记录: imports in rows, the records of one import one document; how a unit's columns are read, and the
//! templates of an area.

use serde_json::Value as Json;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::id::{PersonId, RecordImportId, TemplateId, UnitId};
use youju_domain::record::{RecordImport, Template};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::total;

impl FromRow for RecordImport {
    fn from_row(row: &Row) -> Result<RecordImport> {
        Ok(RecordImport {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            period: row.get("period")?,
            kind: row.get("kind")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            sheet: row.get("sheet")?,
            count: total(row.get("count")?),
            by: row.get("imported_by")?,
            at: row.get("imported_at")?,
            mapping: row.get("mapping")?,
            table: from_document("record_import.records", row.get::<Json>("records")?)?,
            warnings: from_document("record_import.warnings", row.get::<Json>("warnings")?)?,
            skipped: from_document("record_import.skipped", row.get::<Json>("skipped")?)?,
        })
    }
}

/// A new import. Earlier ones of the same period stay.
pub async fn add(tx: &mut Tx, import: &RecordImport) -> Result<()> {
    tx.run(
        sql("insert into record_import (id, unit_id, period, kind, file_name, file_hash, sheet, count, imported_by,
                 imported_at, mapping, records, warnings, skipped)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .bind(import.id)
        .bind(import.unit)
        .bind(import.period)
        .bind(import.kind.as_str())
        .bind(import.file_name.as_str())
        .bind(import.file_hash.as_str())
        .bind(import.sheet.as_str())
        .bind(i64::try_from(import.count).unwrap_or(i64::MAX))
        .bind(import.by)
        .bind(import.at)
        .bind(import.mapping.clone())
        .bind(to_document("record_import.records", &import.table)?)
        .bind(to_document("record_import.warnings", &import.warnings)?)
        .bind(to_document("record_import.skipped", &import.skipped)?),
    )
    .await?
    .must_be(1)
}

/// An import by its id.
pub async fn get(tx: &mut Tx, id: RecordImportId) -> Result<Option<RecordImport>> {
    tx.maybe(
        sql("select id, unit_id, period, kind, file_name, file_hash, sheet, count, imported_by, imported_at, mapping,
                 records, warnings, skipped
             from record_import where id = $1")
        .bind(id),
    )
    .await
}

/// The import of a unit, period and kind that counts: the latest.
pub async fn latest(tx: &mut Tx, unit: UnitId, period: Period, kind: &str) -> Result<Option<RecordImport>> {
    tx.maybe(
        sql("select id, unit_id, period, kind, file_name, file_hash, sheet, count, imported_by, imported_at, mapping,
                 records, warnings, skipped
             from record_import where unit_id = $1 and period = $2 and kind = $3
             order by imported_at desc, id desc limit 1")
        .bind(unit)
        .bind(period)
        .bind(kind),
    )
    .await
}

/// An import as lists show it, without its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRecords {
    /// Its id.
    pub id: RecordImportId,
    /// What the rows are.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_hash: String,
    /// Name of the sheet.
    pub sheet: String,
    /// How many records were read.
    pub count: u64,
    /// When.
    pub at: Instant,
    /// What looked odd but did not refuse the file.
    pub warnings: Vec<String>,
    /// Rows that are no records, each with its reason.
    pub skipped: Vec<String>,
}

impl FromRow for ListedRecords {
    fn from_row(row: &Row) -> Result<ListedRecords> {
        Ok(ListedRecords {
            id: row.get("id")?,
            kind: row.get("kind")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            sheet: row.get("sheet")?,
            count: total(row.get("count")?),
            at: row.get("imported_at")?,
            warnings: from_document("record_import.warnings", row.get::<Json>("warnings")?)?,
            skipped: from_document("record_import.skipped", row.get::<Json>("skipped")?)?,
        })
    }
}

/// Every import of a unit and period, by kind, the one that counts first.
pub async fn list(tx: &mut Tx, unit: UnitId, period: Period) -> Result<Vec<ListedRecords>> {
    tx.all(
        sql("select id, kind, file_name, file_hash, sheet, count, imported_at, warnings, skipped from record_import
             where unit_id = $1 and period = $2 order by kind, imported_at desc, id desc")
        .bind(unit)
        .bind(period),
    )
    .await
}

/// How a unit's files of a kind are read from now on.
pub async fn save_mapping(
    tx: &mut Tx,
    unit: UnitId,
    kind: &str,
    mapping: Json,
    by: PersonId,
    now: Instant,
) -> Result<()> {
    tx.run(
        sql("insert into record_mapping (unit_id, kind, mapping, saved_by, saved_at) values ($1, $2, $3, $4, $5)
             on conflict (unit_id, kind) do update
             set mapping = excluded.mapping, saved_by = excluded.saved_by, saved_at = excluded.saved_at")
        .bind(unit)
        .bind(kind)
        .bind(mapping)
        .bind(by)
        .bind(now),
    )
    .await?
    .must_be(1)
}

/// How a unit's files of a kind were last read.
pub async fn mapping(tx: &mut Tx, unit: UnitId, kind: &str) -> Result<Option<Json>> {
    tx.maybe(sql("select mapping from record_mapping where unit_id = $1 and kind = $2").bind(unit).bind(kind)).await
}

impl FromRow for Template {
    fn from_row(row: &Row) -> Result<Template> {
        Ok(Template {
            id: row.get("id")?,
            area: row.get("area")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            mapping: row.get("mapping")?,
            by: row.get("shared_by")?,
            at: row.get("shared_at")?,
        })
    }
}

/// Shares a template; one of the same area, kind and name is replaced.
pub async fn share(tx: &mut Tx, template: &Template) -> Result<()> {
    tx.run(
        sql("insert into record_template (id, area, kind, name, mapping, shared_by, shared_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (area, kind, name) do update
             set mapping = excluded.mapping, shared_by = excluded.shared_by, shared_at = excluded.shared_at")
        .bind(template.id)
        .bind(template.area)
        .bind(template.kind.as_str())
        .bind(template.name.as_str())
        .bind(template.mapping.clone())
        .bind(template.by)
        .bind(template.at),
    )
    .await?
    .must_be(1)
}

/// The templates of a kind that hold where a unit is, the nearest area first, then the newest.
pub async fn templates(tx: &mut Tx, place: &AreaCode, kind: &str) -> Result<Vec<Template>> {
    let all: Vec<Template> = tx
        .all(
            sql("select id, area, kind, name, mapping, shared_by, shared_at from record_template
                 where kind = $1 order by length(area) desc, shared_at desc, id desc")
            .bind(kind),
        )
        .await?;
    Ok(all.into_iter().filter(|template| template.area.contains(place)).collect())
}

/// A template by its id.
pub async fn template(tx: &mut Tx, id: TemplateId) -> Result<Option<Template>> {
    tx.maybe(
        sql("select id, area, kind, name, mapping, shared_by, shared_at from record_template where id = $1").bind(id),
    )
    .await
}
