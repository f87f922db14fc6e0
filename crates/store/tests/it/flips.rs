//! One byte of the stored journal is flipped behind its back, ten thousand times: verification finds every one.

use tempfile::TempDir;
use uuid::Uuid;
use youju_store::journal::{NewEntry, append, verify};
use youju_store::{Db, FromRow, Row, StoreError, Tx, migrate, sql};

use crate::engines::now;

/// Entries of the journal that is tampered with.
const ENTRIES: u64 = 24;

struct Bytes(Vec<u8>);

impl FromRow for Bytes {
    fn from_row(row: &Row) -> Result<Bytes, StoreError> {
        Ok(Bytes(row.get("bytes")?))
    }
}

/// Every column of an entry and of the head: how its bytes are read, and how others are put in their place.
const PLACES: [(&str, &str); 11] = [
    (
        "select cast(at as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set at = cast($2 as text) where seq = $1",
    ),
    (
        "select cast(actor_id as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set actor_id = cast($2 as text) where seq = $1",
    ),
    (
        "select cast(actor_name as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set actor_name = cast($2 as text) where seq = $1",
    ),
    (
        "select cast(action as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set action = cast($2 as text) where seq = $1",
    ),
    (
        "select cast(object_kind as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set object_kind = cast($2 as text) where seq = $1",
    ),
    (
        "select cast(object_id as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set object_id = cast($2 as text) where seq = $1",
    ),
    (
        "select cast(payload as blob) as bytes from journal_leaf where seq = $1",
        "update journal_leaf set payload = cast($2 as text) where seq = $1",
    ),
    (
        "select leaf_hash as bytes from journal_leaf where seq = $1",
        "update journal_leaf set leaf_hash = $2 where seq = $1",
    ),
    (
        "select root_hash as bytes from journal_leaf where seq = $1",
        "update journal_leaf set root_hash = $2 where seq = $1",
    ),
    ("select root_hash as bytes from journal_head where $1 > 0", "update journal_head set root_hash = $2 where $1 > 0"),
    ("select frontier as bytes from journal_head where $1 > 0", "update journal_head set frontier = $2 where $1 > 0"),
];

/// A small generator, so that a failure can be told by its seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % limit
    }
}

async fn flip(tx: &mut Tx, chance: &mut Chance) -> String {
    let (read, write) = PLACES[usize::try_from(chance.below(PLACES.len() as u64)).unwrap()];
    let seq = i64::try_from(1 + chance.below(ENTRIES)).unwrap();
    let Bytes(mut bytes) = tx.one(sql(read).bind(seq)).await.unwrap();
    let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
    let by = u8::try_from(1 + chance.below(255)).unwrap();
    bytes[at] ^= by;
    tx.run(sql(write).bind(seq).bind(bytes)).await.unwrap().must_be(1).unwrap();
    format!("{write} of {seq}: byte {at} ^ {by}")
}

async fn trials(number: usize) {
    let folder = TempDir::new().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("journal.db").display())).await.unwrap();
    migrate::run(&db, now()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    for n in 1..=ENTRIES {
        let new = NewEntry {
            at: now(),
            actor_id: Some(Uuid::from_u128(u128::from(n))),
            actor_name: "张会计".into(),
            action: "report.saved".into(),
            object_kind: "report".into(),
            object_id: format!("report-{n}"),
            payload: serde_json::json!({ "cells": { "c301": { "was": "", "value": n.to_string() } } }).into(),
        };
        append(&mut tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut chance = Chance(20_261_121);
    let mut found = 0;
    for trial in 0..number {
        let mut tx = db.write().await.unwrap();
        let what = flip(&mut tx, &mut chance).await;
        let verdict = verify(&mut tx, |_| ()).await;
        assert!(matches!(verdict, Err(StoreError::Tampered(_))), "trial {trial}: {what}: {verdict:?}");
        found += 1;
    }
    println!("{found} of {number} flipped bytes found");
    assert!(verify(&mut db.read().await.unwrap(), |_| ()).await.is_ok(), "every trial was rolled back");
}

#[tokio::test]
async fn a_flipped_byte_of_the_stored_journal_is_found() {
    trials(500).await;
}

#[tokio::test]
#[ignore = "ten thousand trials take a minute: make torture"]
async fn ten_thousand_flipped_bytes_of_the_stored_journal_are_found() {
    trials(10_000).await;
}
