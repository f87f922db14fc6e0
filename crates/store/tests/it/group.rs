//! The writers of SQLite that become permanent together: whoever fails takes nobody along, and nobody hears "done" for nothing.
//! PostgreSQL, where each commits by itself, keeps the same promises.

use std::time::Duration;

use youju_store::{Db, Result, sql};

use crate::engines::both_engines;

/// A ledger of who was told what; a line that names nobody is found out at the commit only, by the deferred key.
async fn create_roll(db: &Db) {
    let (sqlite, postgres) = (
        "create table roll (n integer primary key not null, of integer references roll (n) deferrable initially deferred) strict",
        "create table roll (n bigint primary key not null, of bigint references roll (n) deferrable initially deferred)",
    );
    let mut tx = db.write().await.unwrap();
    tx.run(sql(sqlite).on_postgres(postgres)).await.unwrap().any();
    tx.commit().await.unwrap();
}

async fn enter(db: &Db, n: i64, of: i64) -> Result<()> {
    let mut tx = db.write().await?;
    tx.run(sql("insert into roll (n, of) values ($1, $2)").bind(n).bind(of)).await?.must_be(1)?;
    tx.commit().await
}

async fn roll(db: &Db) -> i64 {
    db.read().await.unwrap().one(sql("select count(*) as n from roll")).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_queue_whoever_fails_or_goes_away_takes_nobody_along() {
    both_engines(async |db| {
        create_roll(&db).await;
        // All queue behind this one, so that they follow each other closely.
        let first = db.write().await.unwrap();
        let queue: Vec<_> = (1..=40)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    match n % 4 {
                        0 => {
                            let mut tx = db.write().await?;
                            tx.run(sql("insert into roll (n, of) values ($1, $1)").bind(n)).await?.must_be(1)?;
                            drop(tx);
                            Ok(false)
                        }
                        1 => {
                            // The same number twice in one transaction.
                            let mut tx = db.write().await?;
                            tx.run(sql("insert into roll (n, of) values ($1, $1)").bind(n)).await?.must_be(1)?;
                            let twice = tx.run(sql("insert into roll (n, of) values ($1, $1)").bind(n)).await;
                            assert_eq!(twice.unwrap_err().constraint(), Some("roll_pkey"));
                            Ok(false)
                        }
                        _ => enter(&db, n, n).await.map(|()| true),
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        // Every fifth of them loses patience while it waits, or later.
        for impatient in queue.iter().step_by(5) {
            impatient.abort();
        }
        drop(first);
        let mut kept = 0;
        for told in queue {
            // Whoever went away may have been written down all the same, but nobody hears "done" for nothing.
            kept += i64::from(matches!(told.await, Ok(Ok(true))));
        }
        assert!(kept > 10, "{kept}");
        assert!((kept..=kept + 8).contains(&roll(&db).await));
        enter(&db, 100, 100).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_commit_fails_everybody_whose_work_was_in_it_is_told() {
    both_engines(async |db| {
        create_roll(&db).await;
        let first = db.write().await.unwrap();
        let queue: Vec<_> = (1..=12)
            .map(|n| {
                let db = db.clone();
                let of = if n == 7 { 999 } else { n };
                tokio::spawn(async move { enter(&db, n, of).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(first);
        let mut done = 0;
        for (n, told) in (1..).zip(queue) {
            let told = told.await.unwrap();
            assert!(n != 7 || told.is_err(), "a line of nobody");
            done += i64::from(told.is_ok());
        }
        assert_eq!(roll(&db).await, done);
        enter(&db, 100, 100).await.unwrap();
        assert_eq!(roll(&db).await, done + 1);
    })
    .await;
}

#[tokio::test]
async fn a_group_is_not_forgotten_when_the_last_one_in_the_queue_goes_away() {
    both_engines(async |db| {
        create_roll(&db).await;
        let mut tx = db.write().await.unwrap();
        tx.run(sql("insert into roll (n, of) values (1, 1)")).await.unwrap().must_be(1).unwrap();
        let waiter = tokio::spawn({
            let db = db.clone();
            async move { db.write().await.map(drop) }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let committing = tokio::spawn(tx.commit());
        tokio::task::yield_now().await;
        waiter.abort();
        tokio::time::timeout(Duration::from_secs(5), committing).await.expect("it hangs").unwrap().unwrap();
        assert_eq!(roll(&db).await, 1);
    })
    .await;
}
