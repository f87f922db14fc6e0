//! The outbox: jobs that exist exactly if the change does which asked for them. A worker claims them one by one under a lease.
//!
//! A handler may run twice (its worker died after the work, before [`finish`]), so it must be idempotent.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

/// After so many attempts a job is dead, and waits for a person.
pub const ATTEMPTS_MAX: i64 = 8;
/// Wait after the first failure; it doubles with every further one.
const BACK_OFF_SECONDS: i64 = 30;
/// Longest wait between two attempts.
const BACK_OFF_SECONDS_MAX: i64 = 3_600;

/// A job to be done after the commit.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Identity, drawn by the caller.
    pub id: Uuid,
    /// What to do: `notify.reviewer`.
    pub kind: String,
    /// With what.
    pub payload: Json,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
    /// Two unfinished jobs never share a key. A second one while the first waits is the same job;
    /// while the first runs, it makes the first run once more.
    pub dedup_key: Option<String>,
}

/// A claimed job 后台任务.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Identity.
    pub id: Uuid,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: Json,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// Who claimed it.
    pub worker: String,
}

/// Enqueues a job in this transaction.
pub async fn enqueue(tx: &mut Tx, job: NewJob) -> Result<()> {
    let insert = sql("insert into job (id, kind, payload, dedup_key, state, run_at, attempts, again) \
         values ($1, $2, $3, $4, 'ready', $5, 0, $6) \
         on conflict (dedup_key) where ended_at is null do update set again = (job.state = 'running')")
    .bind(job.id)
    .bind(job.kind)
    .bind(job.payload)
    .bind(job.dedup_key)
    .bind(job.run_at)
    .bind(false);
    tx.run(insert).await?.must_be(1)
}

/// Claims the job that has waited longest, if one is due: a ready one, or a running one whose lease ended.
pub async fn claim(tx: &mut Tx, worker: &str, now: DateTime<Utc>, lease_until: DateTime<Utc>) -> Result<Option<Job>> {
    bury_the_abandoned(tx, now).await?;
    let update = sql("update job set state = 'running', worker = $1, lease_until = $2, attempts = attempts + 1 \
         where id = (select id from job where (state = 'ready' and run_at <= $3) \
             or (state = 'running' and lease_until <= $3) order by run_at, id limit 1) \
         returning id, kind, payload, attempts, worker")
    .on_postgres(
        "update job set state = 'running', worker = $1, lease_until = $2, attempts = attempts + 1 \
         where id = (select id from job where (state = 'ready' and run_at <= $3) \
             or (state = 'running' and lease_until <= $3) order by run_at, id limit 1 for update skip locked) \
         returning id, kind, payload, attempts, worker",
    );
    tx.maybe(update.bind(worker).bind(lease_until).bind(now)).await
}

/// The job is done; if it was asked for again meanwhile, it becomes ready once more. `Conflict` when the lease was lost to another worker.
pub async fn finish(tx: &mut Tx, job: &Job, now: DateTime<Utc>) -> Result<()> {
    let update = sql("update job set state = case when again then 'ready' else 'done' end, \
             ended_at = case when again then null else $4 end, attempts = case when again then 0 else attempts end, \
             again = $5, worker = null, lease_until = null, last_error = null \
         where id = $1 and state = 'running' and worker = $2 and attempts = $3")
    .bind(job.id)
    .bind(job.worker.as_str())
    .bind(job.attempts)
    .bind(now)
    .bind(false);
    tx.run(update).await?.must_be(1)
}

/// The attempt failed: the job waits longer each time, at least as long as is asked for, and after [`ATTEMPTS_MAX`] attempts it is dead. `Conflict` when the lease was lost.
pub async fn fail(tx: &mut Tx, job: &Job, now: DateTime<Utc>, error: &str, at_least: TimeDelta) -> Result<()> {
    let is_dead = job.attempts >= ATTEMPTS_MAX;
    let update = sql(
        "update job set state = $4, run_at = $5, ended_at = $6, last_error = $7, again = $8, worker = null, lease_until = null \
         where id = $1 and state = 'running' and worker = $2 and attempts = $3",
    )
    .bind(job.id)
    .bind(job.worker.as_str())
    .bind(job.attempts)
    .bind(if is_dead { "dead" } else { "ready" })
    .bind(now + back_off(job.attempts).max(at_least))
    .bind(is_dead.then_some(now))
    .bind(error)
    .bind(false); // whatever was asked for meanwhile, the next attempt sees it
    tx.run(update).await?.must_be(1)
}

/// Wait after this many attempts: 30 s, 1 min, 2 min … at most an hour.
pub fn back_off(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 30) - 1).unwrap_or_default();
    TimeDelta::seconds((BACK_OFF_SECONDS << doublings).min(BACK_OFF_SECONDS_MAX))
}

/// A job whose workers died at every attempt may be what kills them.
async fn bury_the_abandoned(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    let update =
        sql("update job set state = 'dead', ended_at = $1, worker = null, lease_until = null, last_error = $3 \
         where state = 'running' and lease_until <= $1 and attempts >= $2")
        .bind(now)
        .bind(ATTEMPTS_MAX)
        .bind("每次执行都在完成前中断,已停止重试。请检查服务器日志后重新发起。");
    tx.run(update).await?.any();
    Ok(())
}

impl FromRow for Job {
    fn from_row(row: &Row) -> Result<Job> {
        Ok(Job {
            id: row.get("id")?,
            kind: row.get("kind")?,
            payload: row.get("payload")?,
            attempts: row.get("attempts")?,
            worker: row.get("worker")?,
        })
    }
}
