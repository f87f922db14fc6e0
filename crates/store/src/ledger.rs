//! Ledger 台账: imports in rows; the lines of one import are one document.

use serde_json::Value as Json;
use youju_codes::Period;
use youju_domain::id::{ImportId, UnitId};
use youju_domain::ledger::Import;

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::total;

impl FromRow for Import {
    fn from_row(row: &Row) -> Result<Import> {
        Ok(Import {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            period: row.get("period")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            by: row.get("imported_by")?,
            at: row.get("imported_at")?,
            lines: from_document("ledger_import.lines", row.get::<Json>("lines")?)?,
            warnings: from_document("ledger_import.warnings", row.get::<Json>("warnings")?)?,
            skipped: from_document("ledger_import.skipped", row.get::<Json>("skipped")?)?,
        })
    }
}

/// A new import. Earlier ones of the same period stay, because derivations point at them.
pub async fn add(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.run(
        sql("insert into ledger_import
                 (id, unit_id, period, file_name, file_hash, imported_by, imported_at, lines, warnings, skipped)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(import.id)
        .bind(import.unit)
        .bind(import.period)
        .bind(import.file_name.as_str())
        .bind(import.file_hash.as_str())
        .bind(import.by)
        .bind(import.at)
        .bind(to_document("ledger_import.lines", &import.lines)?)
        .bind(to_document("ledger_import.warnings", &import.warnings)?)
        .bind(to_document("ledger_import.skipped", &import.skipped)?),
    )
    .await?
    .must_be(1)
}

/// An import by its id.
pub async fn get(tx: &mut Tx, id: ImportId) -> Result<Option<Import>> {
    tx.maybe(
        sql("select id, unit_id, period, file_name, file_hash, imported_by, imported_at, lines, warnings, skipped
             from ledger_import where id = $1")
        .bind(id),
    )
    .await
}

/// The latest import of a unit and period.
pub async fn latest(tx: &mut Tx, unit: UnitId, period: Period) -> Result<Option<Import>> {
    tx.maybe(
        sql("select id, unit_id, period, file_name, file_hash, imported_by, imported_at, lines, warnings, skipped
             from ledger_import where unit_id = $1 and period = $2 order by imported_at desc, id desc limit 1")
        .bind(unit)
        .bind(period),
    )
    .await
}

/// How many imports of a unit and period there are.
pub async fn count(tx: &mut Tx, unit: UnitId, period: Period) -> Result<u64> {
    let count: i64 = tx
        .one(sql("select count(*) as n from ledger_import where unit_id = $1 and period = $2").bind(unit).bind(period))
        .await?;
    Ok(total(count))
}
