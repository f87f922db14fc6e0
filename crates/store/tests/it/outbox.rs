//! Jobs: they exist exactly if the change does, run under a lease, and are never lost or done twice by two workers.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;
use youju_store::outbox::{ATTEMPTS_MAX, Job, NewJob, back_off, claim, enqueue, fail, finish};
use youju_store::{Db, StoreError, sql};

use crate::engines::{both_engines, now};

fn reminder(n: u128, key: Option<&str>) -> NewJob {
    NewJob {
        id: Uuid::from_u128(n),
        kind: "remind.respondent".to_owned(),
        payload: json!({"unit": n.to_string(), "form": "206-1"}),
        run_at: now(),
        dedup_key: key.map(str::to_owned),
    }
}

fn minutes(n: i64) -> DateTime<Utc> {
    now() + TimeDelta::minutes(n)
}

async fn add(db: &Db, job: NewJob) {
    let mut tx = db.write().await.unwrap();
    enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
}

async fn take(db: &Db, worker: &str, at: DateTime<Utc>) -> Option<Job> {
    let mut tx = db.write().await.unwrap();
    let job = claim(&mut tx, worker, at, at + TimeDelta::minutes(5)).await.unwrap();
    tx.commit().await.unwrap();
    job
}

async fn end(db: &Db, job: &Job, at: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    finish(&mut tx, job, at).await?;
    tx.commit().await
}

async fn give_up(db: &Db, job: &Job, at: DateTime<Utc>) {
    let mut tx = db.write().await.unwrap();
    fail(&mut tx, job, at, "短信网关无响应", TimeDelta::zero()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn states(db: &Db) -> Vec<String> {
    db.read().await.unwrap().all(sql("select state from job order by id")).await.unwrap()
}

#[tokio::test]
async fn a_job_of_a_change_that_was_rolled_back_does_not_exist() {
    both_engines(async |db| {
        let mut tx = db.write().await.unwrap();
        enqueue(&mut tx, reminder(1, None)).await.unwrap();
        drop(tx);
        assert_eq!(take(&db, "甲", now()).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_job_is_claimed_when_due_and_done_once() {
    both_engines(async |db| {
        add(&db, reminder(1, None)).await;
        assert_eq!(take(&db, "甲", minutes(-1)).await, None);
        let job = take(&db, "甲", now()).await.unwrap();
        assert_eq!((job.attempts, &job.payload), (1, &json!({"unit": "1", "form": "206-1"})));
        assert_eq!(take(&db, "乙", minutes(1)).await, None);
        end(&db, &job, minutes(1)).await.unwrap();
        assert_eq!(take(&db, "乙", minutes(60)).await, None);
        assert_eq!(states(&db).await, ["done"]);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_worker_died_goes_to_another_and_the_first_cannot_finish_it() {
    both_engines(async |db| {
        add(&db, reminder(1, None)).await;
        let lost = take(&db, "甲", now()).await.unwrap();
        let job = take(&db, "乙", minutes(6)).await.unwrap();
        assert_eq!((job.id, job.attempts), (lost.id, 2));
        assert!(matches!(end(&db, &lost, minutes(7)).await, Err(StoreError::Conflict)));
        end(&db, &job, minutes(7)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_waits_longer_each_time_and_is_dead_in_the_end() {
    both_engines(async |db| {
        add(&db, reminder(1, Some("remind/206-1"))).await;
        let mut at = now();
        for attempt in 1..=ATTEMPTS_MAX {
            let job = take(&db, "甲", at).await.unwrap();
            assert_eq!(job.attempts, attempt);
            give_up(&db, &job, at).await;
            assert_eq!(take(&db, "甲", at + back_off(attempt) - TimeDelta::seconds(1)).await, None);
            at += back_off(attempt);
        }
        assert_eq!(take(&db, "甲", at).await, None);
        assert_eq!(states(&db).await, ["dead"]);
        add(&db, reminder(2, Some("remind/206-1"))).await;
        assert_eq!(states(&db).await, ["dead", "ready"]);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_buried() {
    both_engines(async |db| {
        add(&db, reminder(1, None)).await;
        for attempt in 0..ATTEMPTS_MAX {
            assert!(take(&db, "甲", minutes(10 * attempt)).await.is_some());
        }
        assert_eq!(take(&db, "甲", minutes(1_000)).await, None);
        assert_eq!(states(&db).await, ["dead"]);
    })
    .await;
}

#[test]
fn the_wait_doubles_up_to_an_hour() {
    let seconds: Vec<i64> = (0..=9).map(|attempts| back_off(attempts).num_seconds()).collect();
    assert_eq!(seconds, [30, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    assert_eq!(back_off(i64::MAX).num_seconds(), 3600);
}

#[tokio::test]
async fn the_same_job_asked_for_twice_runs_once_unless_it_had_already_begun() {
    both_engines(async |db| {
        add(&db, reminder(1, Some("index/2026-02"))).await;
        add(&db, reminder(2, Some("index/2026-02"))).await;
        add(&db, reminder(3, Some("index/2026-03"))).await;
        assert_eq!(states(&db).await, ["ready", "ready"]);

        let job = take(&db, "甲", now()).await.unwrap();
        assert_eq!(job.id, Uuid::from_u128(1));
        add(&db, reminder(4, Some("index/2026-02"))).await; // the running one may have read too early
        end(&db, &job, minutes(1)).await.unwrap();
        let again = take(&db, "甲", minutes(1)).await.unwrap();
        assert_eq!((again.id, again.attempts), (job.id, 1));
        end(&db, &again, minutes(2)).await.unwrap();
        assert_eq!(states(&db).await, ["done", "ready"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_share_the_jobs_and_no_job_is_claimed_twice() {
    both_engines(async |db| {
        for n in 0..40 {
            add(&db, reminder(n, None)).await;
        }
        let workers: Vec<_> = (0..8)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    while let Some(job) = take(&db, &format!("worker-{n}"), now()).await {
                        end(&db, &job, now()).await.unwrap();
                        mine.push(job.id);
                    }
                    mine
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 40);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 40);
    })
    .await;
}
