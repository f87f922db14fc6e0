//! Runs 比对 in rows. A run is claimed by one worker under a lease; one whose worker died is broken, and asked for anew.

use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::id::{RosterId, RosterRunId};
use youju_domain::register::Unit;
use youju_domain::roster::{Report, Run};

use crate::db::{Document, FromRow, Row, Tx, sql};
use crate::document::to_text;
use crate::error::Result;

impl FromRow for Run {
    fn from_row(row: &Row) -> Result<Run> {
        Ok(Run {
            id: row.get("id")?,
            roster: row.get("roster_id")?,
            area: row.get("area")?,
            state: row.get("state")?,
            says: row.get("says")?,
            report: row.get::<Document<Report>>("report")?.0,
            fingerprint: row.get("fingerprint")?,
            by: row.get("asked_by")?,
            at: row.get("asked_at")?,
            ended_at: row.get("ended_at")?,
        })
    }
}

/// A new run that waits.
pub async fn add(tx: &mut Tx, run: &Run) -> Result<()> {
    tx.run(
        sql(
            "insert into roster_run (id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, worker,
                 lease_until, ended_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, null, null)",
        )
        .bind(run.id)
        .bind(run.roster)
        .bind(run.area)
        .bind(run.state)
        .bind(run.says.as_str())
        .bind(to_text("roster_run.report", &run.report)?)
        .bind(run.fingerprint.as_str())
        .bind(run.by)
        .bind(run.at),
    )
    .await?
    .must_be(1)
}

/// A run.
pub async fn get(tx: &mut Tx, id: RosterRunId) -> Result<Option<Run>> {
    tx.maybe(
        sql("select id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, ended_at
             from roster_run where id = $1")
        .bind(id),
    )
    .await
}

/// The runs of a list, the newest first.
pub async fn of_roster(tx: &mut Tx, id: RosterId) -> Result<Vec<Run>> {
    tx.all(
        sql("select id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, ended_at
             from roster_run where roster_id = $1 order by asked_at desc, id desc")
        .bind(id),
    )
    .await
}

/// The runs of the register with itself that an area has to do with, the newest first.
pub async fn doubles(tx: &mut Tx, area: &AreaCode, limit: i64) -> Result<Vec<Run>> {
    let above = serde_json::Value::from(area.ancestors().iter().map(ToString::to_string).collect::<Vec<_>>());
    tx.all(
        sql("select id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, ended_at
             from roster_run
             where roster_id is null and (area like $1 or area in (select value from json_each($2)))
             order by asked_at desc, id desc limit $3")
        .bind(format!("{}%", area.prefix()))
        .bind(above)
        .bind(limit),
    )
    .await
}

/// Whether a run like this one waits or goes on already.
pub async fn is_under_way(tx: &mut Tx, roster: Option<RosterId>, area: &AreaCode) -> Result<bool> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from roster_run
                 where state in ('waiting', 'running') and (roster_id = $1 or ($1 is null and roster_id is null and area = $2))")
            .bind(roster)
            .bind(*area),
        )
        .await?;
    Ok(count > 0)
}

/// Claims the run that has waited longest.
pub async fn claim(tx: &mut Tx, worker: &str, lease_until: Instant) -> Result<Option<Run>> {
    tx.maybe(
        sql("update roster_run set state = 'running', worker = $1, lease_until = $2
             where id = (select id from roster_run where state = 'waiting' order by asked_at, id limit 1)
             returning id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, ended_at")
        .on_postgres(
            "update roster_run set state = 'running', worker = $1, lease_until = $2
             where id = (select id from roster_run where state = 'waiting' order by asked_at, id limit 1 for update skip locked)
             returning id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, ended_at",
        )
        .bind(worker)
        .bind(lease_until),
    )
    .await
}

/// The runs whose worker has been silent for longer than its lease, now broken.
pub async fn bury(tx: &mut Tx, now: Instant, says: &str) -> Result<Vec<Run>> {
    tx.all(
        sql("update roster_run set state = 'broken', says = $2, worker = null, lease_until = null, ended_at = $1
             where state = 'running' and lease_until <= $1
             returning id, roster_id, area, state, says, report, fingerprint, asked_by, asked_at, ended_at")
        .bind(now)
        .bind(says),
    )
    .await
}

/// What a run is doing, and until when its worker may be silent. `Conflict` when another has it.
pub async fn beat(tx: &mut Tx, id: RosterRunId, (worker, says): (&str, &str), lease_until: Instant) -> Result<()> {
    tx.run(
        sql("update roster_run set says = $3, lease_until = $4 where id = $1 and worker = $2 and state = 'running'")
            .bind(id)
            .bind(worker)
            .bind(says)
            .bind(lease_until),
    )
    .await?
    .must_be(1)
}

/// A run has ended, with what it found or why it broke. `Conflict` when another has it.
pub async fn end(tx: &mut Tx, run: &Run, worker: &str) -> Result<()> {
    tx.run(
        sql("update roster_run set state = $3, says = $4, report = $5, fingerprint = $6, ended_at = $7, worker = null,
                 lease_until = null
             where id = $1 and worker = $2 and state = 'running'")
        .bind(run.id)
        .bind(worker)
        .bind(run.state)
        .bind(run.says.as_str())
        .bind(to_text("roster_run.report", &run.report)?)
        .bind(run.fingerprint.as_str())
        .bind(run.ended_at),
    )
    .await?
    .must_be(1)
}

/// Units of an area behind a code, at most so many: a register is read by parts.
pub async fn units_after(tx: &mut Tx, area: &AreaCode, code: &str, limit: i64) -> Result<Vec<Unit>> {
    tx.all(
        sql("select id, usci, name, area, industry, standard, listing, may_explain, details, changed_on, revision from unit
             where area like $1 and usci > $2 order by usci limit $3")
        .bind(format!("{}%", area.prefix()))
        .bind(code)
        .bind(limit),
    )
    .await
}
