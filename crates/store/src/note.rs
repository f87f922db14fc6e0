//! Note 审核批注 in rows: written once, never changed.

use youju_domain::id::ReportId;
use youju_domain::note::Note;
use youju_domain::report::CellId;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

impl FromRow for Note {
    fn from_row(row: &Row) -> Result<Note> {
        Ok(Note {
            id: row.get("id")?,
            report: row.get("report_id")?,
            cell: row.get::<Option<String>>("cell")?.map(CellId::new),
            version: u32::try_from(row.get::<i64>("version")?).unwrap_or_default(),
            text: row.get("body")?,
            is_internal: row.get("is_internal")?,
            by: row.get("written_by")?,
            name: row.get("name")?,
            level: row.get("level")?,
            at: row.get("at")?,
        })
    }
}

/// A new note.
pub async fn add(tx: &mut Tx, note: &Note) -> Result<()> {
    tx.run(
        sql("insert into note (id, report_id, cell, version, body, is_internal, written_by, name, level, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(note.id)
        .bind(note.report)
        .bind(note.cell.as_ref().map(|cell| cell.as_str().to_owned()))
        .bind(i64::from(note.version))
        .bind(note.text.as_str())
        .bind(note.is_internal)
        .bind(note.by)
        .bind(note.name.as_str())
        .bind(note.level)
        .bind(note.at),
    )
    .await?
    .must_be(1)
}

/// The notes on a report, oldest first; internal ones only if asked for.
pub async fn of_report(tx: &mut Tx, report: ReportId, with_internal: bool) -> Result<Vec<Note>> {
    tx.all(
        sql("select id, report_id, cell, version, body, is_internal, written_by, name, level, at from note
             where report_id = $1 and ($2 or not is_internal) order by at, id")
        .bind(report)
        .bind(with_internal),
    )
    .await
}
