//! Attachments 附件 in rows: which kept file proves what.

use youju_codes::Period;
use youju_domain::access::Scope;
use youju_domain::attachment::{Attachment, Hand, Proves, Removal};
use youju_domain::id::{AttachmentId, ImportId, PersonId, RecordImportId, ReportId, UnitId, WindowId};
use youju_domain::report::CellId;

use crate::db::{FromRow, Row, Sql, Tx, sql};
use crate::error::Result;
use crate::register::{scope_bindings, total};

impl FromRow for Attachment {
    fn from_row(row: &Row) -> Result<Attachment> {
        let removed = match row.get::<Option<PersonId>>("removed_by")? {
            Some(person) => Some(Removal {
                by: Hand { person, name: row.get("removed_name")?, at: row.get("removed_at")? },
                reason: row.get("removal_reason")?,
            }),
            None => None,
        };
        Ok(Attachment {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            period: row.get("period")?,
            proves: proves(row)?,
            file_name: row.get("file_name")?,
            kind: row.get("kind")?,
            size: total(row.get("size")?),
            hash: row.get("sha256")?,
            note: row.get("note")?,
            added: Hand { person: row.get("added_by")?, name: row.get("added_name")?, at: row.get("added_at")? },
            removed,
        })
    }
}

fn proves(row: &Row) -> Result<Proves> {
    if let Some(import) = row.get("ledger_import_id")? {
        return Ok(Proves::Ledger(import));
    }
    if let Some(import) = row.get("record_import_id")? {
        return Ok(Proves::Records(import));
    }
    let Some(report) = row.get("report_id")? else { return Ok(Proves::Period) };
    let cell: Option<String> = row.get("cell")?;
    Ok(Proves::Report(report, cell.map(CellId::new)))
}

/// The place in columns: ledger, records, report, cell.
fn columns(proves: &Proves) -> (Option<ImportId>, Option<RecordImportId>, Option<ReportId>, Option<String>) {
    match proves {
        Proves::Period => (None, None, None, None),
        Proves::Ledger(id) => (Some(*id), None, None, None),
        Proves::Records(id) => (None, Some(*id), None, None),
        Proves::Report(id, cell) => (None, None, Some(*id), cell.as_ref().map(ToString::to_string)),
    }
}

fn bind_place(statement: Sql, proves: &Proves) -> Sql {
    let (ledger, records, report, cell) = columns(proves);
    statement.bind(ledger).bind(records).bind(report).bind(cell)
}

/// A new attachment of a file that is kept.
pub async fn add(tx: &mut Tx, attachment: &Attachment) -> Result<()> {
    let statement = sql("insert into attachment (id, unit_id, period, file_name, kind, size, sha256, note, added_by,
                 added_at, ledger_import_id, record_import_id, report_id, cell)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
    .bind(attachment.id)
    .bind(attachment.unit)
    .bind(attachment.period)
    .bind(attachment.file_name.as_str())
    .bind(attachment.kind)
    .bind(i64::try_from(attachment.size).unwrap_or(i64::MAX))
    .bind(attachment.hash.as_str())
    .bind(attachment.note.as_str())
    .bind(attachment.added.person)
    .bind(attachment.added.at);
    tx.run(bind_place(statement, &attachment.proves)).await?.must_be(1)
}

/// An attachment by its id.
pub async fn get(tx: &mut Tx, id: AttachmentId) -> Result<Option<Attachment>> {
    tx.maybe(
        sql("select a.id, a.unit_id, a.period, a.ledger_import_id, a.record_import_id, a.report_id, a.cell, a.file_name,
                 a.kind, a.size, a.sha256, a.note, a.added_by, p.name as added_name, a.added_at, a.removed_by,
                 q.name as removed_name, a.removed_at, a.removal_reason
             from attachment a join person p on p.id = a.added_by left join person q on q.id = a.removed_by
             where a.id = $1")
        .bind(id),
    )
    .await
}

/// The attachments of a unit and period, those that were taken away last, each group with the newest first.
pub async fn list(tx: &mut Tx, unit: UnitId, period: Period) -> Result<Vec<Attachment>> {
    tx.all(
        sql("select a.id, a.unit_id, a.period, a.ledger_import_id, a.record_import_id, a.report_id, a.cell, a.file_name,
                 a.kind, a.size, a.sha256, a.note, a.added_by, p.name as added_name, a.added_at, a.removed_by,
                 q.name as removed_name, a.removed_at, a.removal_reason
             from attachment a join person p on p.id = a.added_by left join person q on q.id = a.removed_by
             where a.unit_id = $1 and a.period = $2
             order by case when a.removed_at is null then 0 else 1 end, a.added_at desc, a.id desc")
        .bind(unit)
        .bind(period),
    )
    .await
}

/// The attachments of a unit for the periods of a year, in the order in which they were added.
pub async fn of_unit(tx: &mut Tx, unit: UnitId, year: i32) -> Result<Vec<Attachment>> {
    tx.all(
        sql("select a.id, a.unit_id, a.period, a.ledger_import_id, a.record_import_id, a.report_id, a.cell, a.file_name,
                 a.kind, a.size, a.sha256, a.note, a.added_by, p.name as added_name, a.added_at, a.removed_by,
                 q.name as removed_name, a.removed_at, a.removal_reason
             from attachment a join person p on p.id = a.added_by left join person q on q.id = a.removed_by
             where a.unit_id = $1 and substr(a.period, 1, 4) = $2 order by a.added_at, a.id")
        .bind(unit)
        .bind(format!("{year:04}")),
    )
    .await
}

/// The attachments of a report as a whole and of one of its cells, in the same order.
pub async fn of_report(tx: &mut Tx, report: ReportId, cell: &CellId) -> Result<Vec<Attachment>> {
    tx.all(
        sql("select a.id, a.unit_id, a.period, a.ledger_import_id, a.record_import_id, a.report_id, a.cell, a.file_name,
                 a.kind, a.size, a.sha256, a.note, a.added_by, p.name as added_name, a.added_at, a.removed_by,
                 q.name as removed_name, a.removed_at, a.removal_reason
             from attachment a join person p on p.id = a.added_by left join person q on q.id = a.removed_by
             where a.report_id = $1 and (a.cell is null or a.cell = $2)
             order by case when a.removed_at is null then 0 else 1 end, a.added_at desc, a.id desc")
        .bind(report)
        .bind(cell.as_str()),
    )
    .await
}

/// The attachments of the reports of a window within a scope, in the order in which they were added.
pub async fn of_window(tx: &mut Tx, window: WindowId, scope: &Scope) -> Result<Vec<Attachment>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select a.id, a.unit_id, a.period, a.ledger_import_id, a.record_import_id, a.report_id, a.cell, a.file_name,
                 a.kind, a.size, a.sha256, a.note, a.added_by, p.name as added_name, a.added_at, a.removed_by,
                 q.name as removed_name, a.removed_at, a.removal_reason
             from report r join unit u on u.id = r.unit_id join attachment a on a.report_id = r.id
             join person p on p.id = a.added_by left join person q on q.id = a.removed_by
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3)) order by a.added_at, a.id")
        .bind(window)
        .bind(unit)
        .bind(area),
    )
    .await
}

/// Every attachment of a report and of its cells, in the order in which they were added.
pub async fn all_of_report(tx: &mut Tx, report: ReportId) -> Result<Vec<Attachment>> {
    tx.all(
        sql("select a.id, a.unit_id, a.period, a.ledger_import_id, a.record_import_id, a.report_id, a.cell, a.file_name,
                 a.kind, a.size, a.sha256, a.note, a.added_by, p.name as added_name, a.added_at, a.removed_by,
                 q.name as removed_name, a.removed_at, a.removal_reason
             from attachment a join person p on p.id = a.added_by left join person q on q.id = a.removed_by
             where a.report_id = $1 order by a.added_at, a.id")
        .bind(report),
    )
    .await
}

/// How many a unit and period has, those that were taken away included.
pub async fn count(tx: &mut Tx, unit: UnitId, period: Period) -> Result<u64> {
    let found: i64 = tx
        .one(sql("select count(*) as n from attachment where unit_id = $1 and period = $2").bind(unit).bind(period))
        .await?;
    Ok(total(found))
}

/// Whether the same content proves the same thing already.
pub async fn has_same(tx: &mut Tx, unit: UnitId, period: Period, proves: &Proves, sha256: &str) -> Result<bool> {
    let statement = sql("select count(*) as n from attachment
             where unit_id = $1 and period = $2 and sha256 = $3 and removed_at is null
               and (ledger_import_id = $4 or ($4 is null and ledger_import_id is null))
               and (record_import_id = $5 or ($5 is null and record_import_id is null))
               and (report_id = $6 or ($6 is null and report_id is null))
               and (cell = $7 or ($7 is null and cell is null))")
    .bind(unit)
    .bind(period)
    .bind(sha256);
    let found: i64 = tx.one(bind_place(statement, proves)).await?;
    Ok(found > 0)
}

/// Marks an attachment as taken away; refused when somebody else was faster.
pub async fn remove(tx: &mut Tx, id: AttachmentId, removal: &Removal) -> Result<()> {
    tx.run(
        sql("update attachment set removed_by = $2, removed_at = $3, removal_reason = $4
             where id = $1 and removed_at is null")
        .bind(id)
        .bind(removal.by.person)
        .bind(removal.by.at)
        .bind(removal.reason.as_str()),
    )
    .await?
    .must_be(1)
}
