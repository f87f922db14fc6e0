//! Freezings 冻结任务 in rows. One is claimed by one worker under a lease; when its worker died, it waits again.

use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::access::Scope;
use youju_domain::id::{PersonId, SamplingFrameId};
use youju_domain::sampling_frame::{Freezing, FreezingState};

use crate::db::{FromRow, Row, Tx, sql};
use crate::document::{from_document, to_document};
use crate::error::Result;
use crate::register::{scope_bindings, total};

impl FromRow for Freezing {
    fn from_row(row: &Row) -> Result<Freezing> {
        Ok(Freezing {
            id: row.get("id")?,
            definition: from_document("sampling_frame_job.definition", row.get("definition")?)?,
            state: row.get("state")?,
            says: row.get("says")?,
            by: row.get("asked_by")?,
            at: row.get("asked_at")?,
            ended_at: row.get("ended_at")?,
        })
    }
}

/// One that waits.
pub async fn add(tx: &mut Tx, one: &Freezing) -> Result<()> {
    tx.run(
        sql("insert into sampling_frame_job (id, area, definition, state, says, asked_by, asked_at)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(one.id)
        .bind(one.definition.area)
        .bind(to_document("sampling_frame_job.definition", &one.definition)?)
        .bind(one.state)
        .bind(one.says.as_str())
        .bind(one.by)
        .bind(one.at),
    )
    .await?
    .must_be(1)
}

/// A freezing.
pub async fn get(tx: &mut Tx, id: SamplingFrameId) -> Result<Option<Freezing>> {
    tx.maybe(
        sql("select id, definition, state, says, asked_by, asked_at, ended_at from sampling_frame_job where id = $1")
            .bind(id),
    )
    .await
}

/// Those of an area that are not frames yet, the newest first: under way, or broken.
pub async fn unfinished(tx: &mut Tx, area: &AreaCode, limit: i64) -> Result<Vec<Freezing>> {
    tx.all(
        sql("select id, definition, state, says, asked_by, asked_at, ended_at from sampling_frame_job
             where area like $1 and state <> 'done' order by asked_at desc, id desc limit $2")
        .bind(scope_bindings(&Scope::Area(*area)).1)
        .bind(limit),
    )
    .await
}

/// Whether somebody has asked for one that waits or goes on.
pub async fn is_under_way(tx: &mut Tx, by: PersonId) -> Result<bool> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from sampling_frame_job where asked_by = $1 and state in ('waiting', 'running')")
                .bind(by),
        )
        .await?;
    Ok(count > 0)
}

/// How many units an area has today.
pub async fn count_units(tx: &mut Tx, area: &AreaCode) -> Result<u64> {
    let count: i64 = tx
        .one(sql("select count(*) as n from unit where area like $1").bind(scope_bindings(&Scope::Area(*area)).1))
        .await?;
    Ok(total(count))
}

/// Claims the one that has waited longest, or whose worker has been silent for longer than its lease.
pub async fn claim(tx: &mut Tx, worker: &str, (now, lease_until): (Instant, Instant)) -> Result<Option<Freezing>> {
    tx.maybe(
        sql("update sampling_frame_job set state = 'running', worker = $1, lease_until = $2
             where id = (select id from sampling_frame_job
                 where state = 'waiting' or (state = 'running' and lease_until <= $3) order by asked_at, id limit 1)
             returning id, definition, state, says, asked_by, asked_at, ended_at")
        .on_postgres(
            "update sampling_frame_job set state = 'running', worker = $1, lease_until = $2
             where id = (select id from sampling_frame_job
                 where state = 'waiting' or (state = 'running' and lease_until <= $3) order by asked_at, id limit 1
                 for update skip locked)
             returning id, definition, state, says, asked_by, asked_at, ended_at",
        )
        .bind(worker)
        .bind(lease_until)
        .bind(now),
    )
    .await
}

/// What it is doing, and until when its worker may be silent. `Conflict` when another has it.
pub async fn beat(tx: &mut Tx, id: SamplingFrameId, (worker, says): (&str, &str), lease_until: Instant) -> Result<()> {
    tx.run(
        sql("update sampling_frame_job set says = $3, lease_until = $4 where id = $1 and worker = $2 and state = 'running'")
            .bind(id)
            .bind(worker)
            .bind(says)
            .bind(lease_until),
    )
    .await?
    .must_be(1)
}

/// It has ended. `Conflict` when another has it.
pub async fn end(
    tx: &mut Tx,
    id: SamplingFrameId,
    (worker, state, says): (&str, FreezingState, &str),
    now: Instant,
) -> Result<()> {
    tx.run(
        sql("update sampling_frame_job set state = $3, says = $4, ended_at = $5, worker = null, lease_until = null
             where id = $1 and worker = $2 and state = 'running'")
        .bind(id)
        .bind(worker)
        .bind(state)
        .bind(says)
        .bind(now),
    )
    .await?
    .must_be(1)
}
