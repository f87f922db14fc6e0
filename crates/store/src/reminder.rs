//! Reminder 催报 in rows.

use youju_domain::id::ReportId;
use youju_domain::reminder::Reminder;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

/// A reminder with the name of who sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The reminder.
    pub reminder: Reminder,
    /// Who sent it.
    pub sent_by_name: String,
}

impl FromRow for Sent {
    fn from_row(row: &Row) -> Result<Sent> {
        Ok(Sent {
            reminder: Reminder {
                id: row.get("id")?,
                report: row.get("report_id")?,
                is_formal: row.get("is_formal")?,
                body: row.get("body")?,
                respond_by: row.get("respond_by")?,
                sent_by: row.get("sent_by")?,
                sent_at: row.get("sent_at")?,
            },
            sent_by_name: row.get("name")?,
        })
    }
}

/// A new reminder.
pub async fn add(tx: &mut Tx, reminder: &Reminder) -> Result<()> {
    tx.run(
        sql("insert into reminder (id, report_id, is_formal, body, respond_by, sent_by, sent_at)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(reminder.id)
        .bind(reminder.report)
        .bind(reminder.is_formal)
        .bind(reminder.body.as_str())
        .bind(reminder.respond_by)
        .bind(reminder.sent_by)
        .bind(reminder.sent_at),
    )
    .await?
    .must_be(1)
}

/// The reminders about a report, oldest first.
pub async fn of_report(tx: &mut Tx, report: ReportId) -> Result<Vec<Sent>> {
    tx.all(
        sql("select r.id, r.report_id, r.is_formal, r.body, r.respond_by, r.sent_by, r.sent_at, p.name
             from reminder r join person p on p.id = r.sent_by where r.report_id = $1 order by r.sent_at, r.id")
        .bind(report),
    )
    .await
}
