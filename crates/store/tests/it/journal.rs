//! The stored journal: it grows with every change, survives a killed program, and names whatever was touched behind its back.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use uuid::Uuid;
use youju_journal::{Mismatch, What, verify_consistency, verify_inclusion};
use youju_store::journal::{NewEntry, Payload, append, canonical_json, head, of_object, tree, verify};
use youju_store::{Db, Engine, Sql, StoreError, migrate, sql};

use crate::engines::{both_engines, both_urls, now};

fn submitted(n: u128) -> NewEntry {
    NewEntry {
        at: now() + TimeDelta::seconds(i64::try_from(n).unwrap()),
        actor_id: (!n.is_multiple_of(3)).then(|| Uuid::from_u128(n)),
        actor_name: "张会计".to_owned(),
        action: "report.submit".to_owned(),
        object_kind: "report".to_owned(),
        object_id: format!("report-{}", n % 2),
        payload: json!({"version": n.to_string(), "cells": {"B1": "12.30"}}).into(),
    }
}

async fn add(db: &Db, n: u128) {
    let mut tx = db.write().await.unwrap();
    append(&mut tx, submitted(n)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn filled(db: &Db, entries: u128) {
    for n in 1..=entries {
        add(db, n).await;
    }
}

async fn verdict(db: &Db) -> Result<u64, Mismatch> {
    match verify(&mut db.read().await.unwrap(), |_| ()).await {
        Ok(head) => Ok(head.size),
        Err(StoreError::Tampered(mismatch)) => Err(mismatch),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_entry_comes_back_as_it_was_written_and_the_journal_verifies() {
    both_engines(async |db| {
        assert_eq!(verdict(&db).await, Ok(0));
        filled(&db, 5).await;
        assert_eq!(verdict(&db).await, Ok(5));
        let mut tx = db.read().await.unwrap();
        let history = of_object(&mut tx, "report", "report-1").await.unwrap();
        assert_eq!(history.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 3, 5]);
        let (entry, new) = (&history[1], submitted(3));
        let payload = Payload::from(entry.payload.clone());
        assert_eq!((entry.at, entry.actor_id, payload), (new.at, new.actor_id, new.payload.clone()));
        assert_eq!((entry.actor_name.as_str(), entry.action.as_str()), ("张会计", "report.submit"));
    })
    .await;
}

#[tokio::test]
async fn the_same_entries_have_the_same_root_on_both_engines() {
    both_engines(async |db| {
        filled(&db, 7).await;
        let head = head(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!((head.size, head.root.to_string().as_str()), (7, SEVEN_ENTRIES));
    })
    .await;
}

/// Root over `submitted(1..=7)`, computed outside of this program from the description of the format. It changes only with the format, and the format has a number.
const SEVEN_ENTRIES: &str = "4642b5fcf71fae58408d62258a137b878a5eaf39d1da67b56162e5fe7021ab82";

#[tokio::test]
async fn a_change_that_was_rolled_back_leaves_no_entry() {
    both_engines(async |db| {
        filled(&db, 2).await;
        let mut tx = db.write().await.unwrap();
        append(&mut tx, submitted(3)).await.unwrap();
        drop(tx);
        assert_eq!(verdict(&db).await, Ok(2));
        add(&db, 3).await;
        assert_eq!(verdict(&db).await, Ok(3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writers_take_their_places_one_after_the_other() {
    both_engines(async |db| {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let db = db.clone();
                tokio::spawn(async move {
                    for n in 0..10 {
                        add(&db, writer * 10 + n).await;
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(verdict(&db).await, Ok(160));
    })
    .await;
}

#[tokio::test]
async fn verification_reads_page_by_page_and_says_how_far_it_is() {
    both_engines(async |db| {
        let mut tx = db.write().await.unwrap();
        for n in 1..=2_300 {
            append(&mut tx, submitted(n)).await.unwrap();
        }
        let mut heard = Vec::new();
        verify(&mut tx, |done| heard.push(done)).await.unwrap();
        assert_eq!(heard, [1_000, 2_000, 2_300]);
        assert_eq!(tree(&mut tx).await.unwrap().root(), head(&mut tx).await.unwrap().root);
    })
    .await;
}

/// Runs a statement behind the journal's back and gives the verdict; then everything is as before.
async fn after(db: &Db, tampering: Sql) -> Mismatch {
    let mut tx = db.write().await.unwrap();
    tx.run(tampering).await.unwrap().any();
    match verify(&mut tx, |_| ()).await {
        Err(StoreError::Tampered(mismatch)) => mismatch,
        other => panic!("the tampering was not noticed: {other:?}"),
    }
}

#[tokio::test]
async fn a_change_of_any_column_of_any_entry_is_named() {
    both_engines(async |db| {
        filled(&db, 5).await;
        for seq in 1..=5 {
            let shift_at = sql("update journal_leaf set at = replace(at, '.123456Z', '.123457Z') where seq = $1")
                .on_postgres("update journal_leaf set at = at + interval '1 microsecond' where seq = $1");
            let leaf = sql("update journal_leaf set leaf_hash = zeroblob(32) where seq = $1")
                .on_postgres("update journal_leaf set leaf_hash = decode(repeat('00', 32), 'hex') where seq = $1");
            let root = sql("update journal_leaf set root_hash = zeroblob(32) where seq = $1")
                .on_postgres("update journal_leaf set root_hash = decode(repeat('00', 32), 'hex') where seq = $1");
            let cases = [
                (shift_at, What::Leaf),
                (sql("update journal_leaf set actor_name = '李会计' where seq = $1"), What::Leaf),
                (sql("update journal_leaf set action = 'report.accept' where seq = $1"), What::Leaf),
                (sql("update journal_leaf set object_kind = 'unit' where seq = $1"), What::Leaf),
                (sql("update journal_leaf set object_id = 'report-9' where seq = $1"), What::Leaf),
                (sql("update journal_leaf set payload = replace(payload, '12.30', '12.3') where seq = $1"), What::Leaf),
                (sql("update journal_leaf set payload = payload || ' ' where seq = $1"), What::Leaf),
                (leaf, What::Leaf),
                (root, What::Root),
                (sql("update journal_leaf set seq = 99 where seq = $1"), What::Missing),
                (sql("delete from journal_leaf where seq = $1"), What::Missing),
            ];
            for (tampering, what) in cases {
                let said = format!("{tampering:?}");
                let found = after(&db, tampering.bind(seq)).await;
                assert_eq!(found, Mismatch { seq: seq.unsigned_abs(), what }, "{said}");
            }
            let actor = sql("update journal_leaf set actor_id = $2 where seq = $1").bind(seq).bind(Uuid::from_u128(77));
            assert_eq!(after(&db, actor).await, Mismatch { seq: seq.unsigned_abs(), what: What::Leaf });
        }
        let nobody = sql("update journal_leaf set actor_id = null where seq = 2");
        assert_eq!(after(&db, nobody).await, Mismatch { seq: 2, what: What::Leaf });
        assert_eq!(verdict(&db).await, Ok(5));
    })
    .await;
}

#[tokio::test]
async fn another_spelling_of_the_same_instant_or_actor_is_named_on_sqlite() {
    both_engines(async |db| {
        filled(&db, 2).await;
        if db.engine() == Engine::Sqlite {
            for text in [
                "update journal_leaf set at = replace(at, 'Z', '+00:00') where seq = 2",
                "update journal_leaf set actor_id = '{' || actor_id || '}' where seq = 2",
                "update journal_leaf set actor_id = '' where seq = 2",
            ] {
                assert_eq!(after(&db, sql(text)).await, Mismatch { seq: 2, what: What::Unreadable }, "{text}");
            }
        }
        assert_eq!(verdict(&db).await, Ok(2));
    })
    .await;
}

#[tokio::test]
async fn entries_slipped_in_or_cut_off_and_a_forged_head_are_named() {
    both_engines(async |db| {
        filled(&db, 5).await;
        let copy = |sqlite: &'static str| sql(sqlite);
        let before_the_first = copy(
            "insert into journal_leaf select 0, at, actor_id, actor_name, action, object_kind, object_id, payload, leaf_hash, root_hash \
             from journal_leaf where seq = 1",
        );
        assert_eq!(after(&db, before_the_first).await, Mismatch { seq: 0, what: What::Repeated });
        let past_the_last = copy(
            "insert into journal_leaf select 6, at, actor_id, actor_name, action, object_kind, object_id, payload, leaf_hash, root_hash \
             from journal_leaf where seq = 5",
        );
        assert_eq!(after(&db, past_the_last).await, Mismatch { seq: 6, what: What::Leaf });
        let cut_off = sql("delete from journal_leaf where seq >= 4");
        assert_eq!(after(&db, cut_off).await, Mismatch { seq: 4, what: What::Missing });
        for (text, seq) in [
            ("update journal_head set seq = 4", 4),
            ("update journal_head set seq = 8", 8),
            ("update journal_head set root_hash = frontier", 5),
            ("update journal_head set frontier = root_hash", 5),
            ("delete from journal_head", 5),
        ] {
            assert_eq!(after(&db, sql(text)).await, Mismatch { seq, what: What::Head }, "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_journal_whose_head_was_forged_is_not_extended() {
    both_engines(async |db| {
        filled(&db, 3).await;
        let mut tx = db.write().await.unwrap();
        tx.run(sql("update journal_head set root_hash = frontier")).await.unwrap().must_be(1).unwrap();
        let refused = append(&mut tx, submitted(4)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Tampered(Mismatch { seq: 3, what: What::Head })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_head_that_was_kept_proves_later_that_nothing_was_rewritten() {
    both_engines(async |db| {
        filled(&db, 6).await;
        let kept = head(&mut db.read().await.unwrap()).await.unwrap();
        for n in 7..=11 {
            add(&db, n).await;
        }
        let mut tx = db.read().await.unwrap();
        let (now, tree) = (head(&mut tx).await.unwrap(), tree(&mut tx).await.unwrap());
        let proof = tree.consistency(kept.size, now.size).unwrap();
        assert!(verify_consistency(kept.size, now.size, &proof, &kept.root, &now.root));
        let leaf: Vec<u8> = tx.one(sql("select leaf_hash from journal_leaf where seq = 4")).await.unwrap();
        let leaf = youju_journal::Hash::from_bytes(&leaf).unwrap();
        assert!(verify_inclusion(&leaf, 3, now.size, &tree.inclusion(3, now.size).unwrap(), &now.root));
    })
    .await;
}

#[test]
fn a_member_that_is_written_by_itself_stands_where_the_canonical_text_has_it() {
    let member = json!({"c301": {"state": "collected", "value": "1\"2", "was": ""}, "c302": {"was": "3"}});
    for (key, others) in
        [("cells", json!({"revision": 3, "about": {"b": [1], "a": null}})), ("a", json!({})), ("z", json!({"y": "号"}))]
    {
        let mut whole = others.clone();
        whole[key] = member.clone();
        assert_eq!(Payload::with(&others, key, &member).unwrap(), Payload::Written(canonical_json(&whole).unwrap()));
    }
}

#[test]
fn canonical_json_sorts_keys_at_every_depth() {
    let cases = [
        (
            r#"{ "b": 1, "a": {"d": [ 3, {"z": null, "y": true} ], "c": "营\"收\n"} }"#,
            r#"{"a":{"c":"营\"收\n","d":[3,{"y":true,"z":null}]},"b":1}"#,
        ),
        ("[]", "[]"),
        ("{}", "{}"),
        ("\"x\"", "\"x\""),
    ];
    for (text, canonical) in cases {
        let value: Json = serde_json::from_str(text).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), canonical);
        assert_eq!(serde_json::from_str::<Json>(canonical).unwrap(), value);
    }
}

/// Address of the data base, for the child that is killed.
const CHILD_URL: &str = "YOUJU_TEST_CHILD_URL";

#[tokio::test]
#[ignore = "runs only as the child that the next story kills"]
async fn child_that_commits_until_it_is_killed() {
    let Ok(url) = std::env::var(CHILD_URL) else { return };
    let db = Db::open(&url).await.unwrap();
    for n in 1.. {
        add(&db, n).await;
        let mut out = std::io::stdout().lock();
        writeln!(out, "committed {n}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test]
async fn a_program_killed_in_the_middle_loses_no_acknowledged_commit() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        migrate::run(&db, now()).await.unwrap();
        db.close().await;

        let mut acknowledged = 0;
        for kill_after in [7, 60] {
            let (before, mut child) = (acknowledged, spawn_child(&url));
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            for line in lines.by_ref().map(Result::unwrap).filter(|line| line.contains("committed ")) {
                acknowledged += 1;
                if line.ends_with(&format!("committed {kill_after}")) {
                    child.kill().unwrap(); // SIGKILL
                    break;
                }
            }
            acknowledged += lines.map(Result::unwrap).filter(|line| line.contains("committed ")).count() as u64;
            assert!(!child.wait().unwrap().success());
            assert!(acknowledged >= before + kill_after);

            let db = Db::open(&url).await.unwrap();
            let found = verdict(&db).await.unwrap();
            assert!(found == acknowledged || found == acknowledged + 1, "{found} found, {acknowledged} acknowledged");
            acknowledged = found; // the last commit may have been done, but not yet said
            db.close().await;
        }
    })
    .await;
}

fn spawn_child(url: &str) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["journal::child_that_commits_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(CHILD_URL, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
