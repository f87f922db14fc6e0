//! Trace 报送痕迹 in rows.

use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::id::{PersonId, ReportId, WindowId};
use youju_domain::trace::{Origin, Trace};

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;
use crate::register::scope_bindings;

impl FromRow for Trace {
    fn from_row(row: &Row) -> Result<Trace> {
        Ok(Trace {
            seq: row.get("seq")?,
            report: row.get("report_id")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("unit_name")?,
            person_name: row.get("person_name")?,
            at: row.get("at")?,
            action: row.get("action")?,
            origin: Origin {
                address: row.get("address")?,
                device: row.get("device")?,
                method: row.get("method")?,
                seconds: u32::try_from(row.get::<i64>("seconds")?).unwrap_or_default(),
                purpose: None,
            },
        })
    }
}

/// Writes down from where and how an act was done; `seq` is its journal entry.
pub async fn add(
    tx: &mut Tx,
    seq: i64,
    report: ReportId,
    (person, at, action): (PersonId, Instant, &str),
    origin: &Origin,
) -> Result<()> {
    tx.run(
        sql("insert into trace (seq, report_id, person_id, at, action, address, device, method, seconds)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(seq)
        .bind(report)
        .bind(person)
        .bind(at)
        .bind(action)
        .bind(origin.address.as_str())
        .bind(origin.device.as_str())
        .bind(origin.method)
        .bind(i64::from(origin.seconds)),
    )
    .await?
    .must_be(1)
}

/// The traces of one report, oldest first.
pub async fn of_report(tx: &mut Tx, report: ReportId) -> Result<Vec<Trace>> {
    tx.all(
        sql("select t.seq, t.report_id, r.unit_id, u.name as unit_name, p.name as person_name, t.at, t.action, t.address,
                 t.device, t.method, t.seconds
             from trace t join report r on r.id = t.report_id join unit u on u.id = r.unit_id
             join person p on p.id = t.person_id where t.report_id = $1 order by t.seq")
        .bind(report),
    )
    .await
}

/// The traces of the reports of a window within a scope, in the order of the journal.
pub async fn of_window(tx: &mut Tx, window: WindowId, scope: &Scope) -> Result<Vec<Trace>> {
    let (unit, area) = scope_bindings(scope);
    tx.all(
        sql("select t.seq, t.report_id, r.unit_id, u.name as unit_name, p.name as person_name, t.at, t.action, t.address,
                 t.device, t.method, t.seconds
             from trace t join report r on r.id = t.report_id join unit u on u.id = r.unit_id
             join person p on p.id = t.person_id
             where r.window_id = $1 and (u.id = $2 or ($2 is null and u.area like $3)) order by t.seq")
        .bind(window)
        .bind(unit)
        .bind(area),
    )
    .await
}
