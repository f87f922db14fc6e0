//! Upgrades: forward, all or nothing, and never on a data base that is not ours.

use youju_store::migrate::{MIGRATIONS, Migration, run, run_steps};
use youju_store::{Db, StoreError, account, api_key, journal, sql};

use crate::engines::{both_urls, now};

/// A step in the same words for both engines.
fn step(version: i64, name: &'static str, text: &'static str) -> Migration {
    Migration { version, name, sqlite: text, postgres: text }
}

fn reason(error: StoreError) -> String {
    match error {
        StoreError::Schema(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn pending_steps_are_applied_once_and_in_order() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        let all: Vec<i64> = MIGRATIONS.iter().map(|step| step.version).collect();
        assert_eq!(run(&db, now()).await.unwrap(), all);
        assert_eq!(run(&db, now()).await.unwrap(), [0_i64; 0]);
        assert_eq!(all, (1..).take(all.len()).collect::<Vec<i64>>(), "numbers have no gaps");
        let mut tx = db.read().await.unwrap();
        assert_eq!(
            tx.one::<i64>(sql("select count(*) as n from schema_migration")).await.unwrap(),
            *all.last().unwrap()
        );
        drop(tx);
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn two_programs_that_start_together_migrate_once() {
    both_urls(async |url| {
        let (one, two) = (Db::open(&url).await.unwrap(), Db::open(&url).await.unwrap());
        let (first, second) = tokio::join!(run(&one, now()), run(&two, now()));
        let mut done = [first.unwrap().len(), second.unwrap().len()];
        done.sort_unstable();
        assert_eq!(done, [0, MIGRATIONS.len()]);
        one.close().await;
        two.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_failing_step_takes_the_earlier_ones_back() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        let steps = [
            step(1, "unit", "create table unit (name text); create table area (name text);"),
            step(2, "bad", "create nonsense"),
        ];
        assert!(matches!(run_steps(&db, &steps, now()).await, Err(StoreError::Fault { .. })));
        assert_eq!(run_steps(&db, &steps[..1], now()).await.unwrap(), [1]);
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_altered_step_and_a_newer_data_base_are_refused() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        let ours = [step(1, "unit", "create table unit (name text)"), step(2, "area", "create table area (name text)")];
        run_steps(&db, &ours, now()).await.unwrap();

        let altered = [step(1, "unit", "create table unit (name text, usci text)"), ours[1]];
        let refused = reason(run_steps(&db, &altered, now()).await.unwrap_err());
        assert_eq!(refused, "数据库第 1 版结构(unit)与本程序的记录不一致。请改用当初升级它的程序,或从备份恢复。");

        let older = reason(run_steps(&db, &ours[..1], now()).await.unwrap_err());
        assert_eq!(older, "数据库已升级到第 2 版(area),而本程序只认识到第 1 版。请改用新版程序,不要用旧版打开。");
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn accounts_from_before_know_from_the_journal_when_they_were_made_and_used() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        run_steps(&db, &MIGRATIONS[..18], now()).await.unwrap();
        let id = uuid::Uuid::from_u128(7);
        let mut tx = db.write().await.unwrap();
        let person = "insert into person (id, login, name, role, area, password_hash, failures)
                      values ($1, 'xian', '周平', 'county_officer', '330781', 'x', 0)";
        tx.run(sql(person).bind(id)).await.unwrap().must_be(1).unwrap();
        let at = |day: i64| now() + chrono::TimeDelta::days(day);
        for (day, action) in
            [(0, "person.added"), (1, "access.signed_in"), (5, "access.signed_in"), (9, "access.refused")]
        {
            let entry = journal::NewEntry {
                at: at(day),
                actor_id: Some(id),
                actor_name: "周平".into(),
                action: action.into(),
                object_kind: "person".into(),
                object_id: id.to_string(),
                payload: serde_json::json!({}).into(),
            };
            journal::append(&mut tx, entry).await.unwrap();
        }
        tx.commit().await.unwrap();
        run(&db, now()).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let found = account::of(&mut tx, youju_domain::id::Id::new(id)).await.unwrap().unwrap();
        assert_eq!((found.life.made_at, found.life.used_at), (Some(at(0)), Some(at(5))));
        assert!(!found.must_change && !found.has_second_factor());
        drop(tx);
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn keys_from_before_are_for_ledgers_and_nothing_else() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        run_steps(&db, &MIGRATIONS[..36], now()).await.unwrap();
        let (id, unit) = (uuid::Uuid::from_u128(7), uuid::Uuid::from_u128(8));
        let mut tx = db.write().await.unwrap();
        for statement in [
            sql("insert into unit (id, usci, name, area, industry, standard, may_explain, revision)
                 values ($1, '91330781FAKE000000', '虚构食品厂', '330781001000', '1411', '1', $2, 0)")
            .bind(unit)
            .bind(false),
            sql("insert into person (id, login, name, role, area, unit_id, password_hash, failures)
                 values ($1, 'tb', '王芳', 'statistician', '330781001000', $2, 'x', 0)")
            .bind(id)
            .bind(unit),
            sql("insert into api_key (id, unit_id, name, prefix, secret_hash, created_by, created_at, expires_at)
                 values ($1, $2, '用友接口', 'yj_0123abcd', 'hash', $3, $4, $4)")
            .bind(id)
            .bind(unit)
            .bind(id)
            .bind(now()),
        ] {
            tx.run(statement).await.unwrap().must_be(1).unwrap();
        }
        tx.commit().await.unwrap();
        run(&db, now()).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let key = api_key::by_secret_hash(&mut tx, "hash").await.unwrap().unwrap();
        assert_eq!(key.uses, youju_domain::api_key::Uses::LEDGERS);
        drop(tx);
        db.close().await;
    })
    .await;
}
