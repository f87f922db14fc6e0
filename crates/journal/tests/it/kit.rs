//! An office with a journal, its keys, and a seeded hand that alters bytes.

use std::io::Cursor;

use youju_journal::{
    Algorithm, Bundle, Checkpoint, Document, EntryBuf, ExportWriter, Head, Parts, SignedCheckpoint, SigningKey, Tree,
    VerifyingKey, sha256,
};

/// The log of these tests.
pub const ORIGIN: &str = "tjj.example.gov.cn/youju";

/// A key of this name from one repeated byte.
pub fn key(name: &str, algorithm: Algorithm, secret: u8) -> SigningKey {
    SigningKey::new(name, algorithm, &[secret; 32]).unwrap()
}

/// The office's key.
pub fn office_key() -> SigningKey {
    key(ORIGIN, Algorithm::Ed25519, 7)
}

/// What the reader knows of it.
pub fn trusted() -> Vec<VerifyingKey> {
    vec![office_key().verifying_key().clone()]
}

/// Figures as they were submitted in entry `seq`.
pub fn cells(seq: u64) -> Vec<u8> {
    format!(r#"{{"B1.1":"{seq}250.00","B1.2":"说明\n第二行"}}"#).into_bytes()
}

/// A file that is not text.
pub fn workbook() -> Vec<u8> {
    (0..=255).cycle().take(700).collect()
}

/// A journal of so many entries. Every third submits figures, every fifth imports a workbook.
pub fn entries(count: u64) -> Vec<EntryBuf> {
    (1..=count)
        .map(|seq| EntryBuf {
            seq,
            at: format!("2026-03-{:02}T{:02}:30:00.000001Z", 1 + seq / 24 % 28, seq % 24),
            actor_id: if seq % 7 == 0 { String::new() } else { format!("0195b2c1-0000-7000-8000-{seq:012}") },
            actor_name: if seq % 7 == 0 { "系统".into() } else { "王敏".into() },
            action: if seq % 3 == 0 { "report.submit".into() } else { "ledger.import".into() },
            object_kind: "report".into(),
            object_id: format!("206-1/2026-02/{seq}"),
            payload: match (seq % 3, seq % 5) {
                (0, _) => format!(r#"{{"cells_hash":"{}","is_late":false,"version":{seq}}}"#, sha256(&cells(seq))),
                (_, 0) => format!(r#"{{"file_hash":"{}","file_name":"账\t\"1\".xls"}}"#, sha256(&workbook())),
                _ => r#"{"sums":{"debit":["1.00","2.00"]},"reason":"B1 小于 B2\n\\"}"#.into(),
            },
        })
        .collect()
}

/// The tree over them.
pub fn tree(entries: &[EntryBuf]) -> Tree {
    Tree::from_leaves(entries.iter().map(|entry| entry.entry().leaf_hash()))
}

/// The office's checkpoint when its log had `size` entries.
pub fn checkpoint(tree: &Tree, size: u64, keys: &[&SigningKey]) -> SignedCheckpoint {
    let head = Head { size, root: tree.root_at(size).unwrap() };
    let at = format!("2026-04-01T00:00:00.{size:06}Z");
    SignedCheckpoint::sign(Checkpoint::new(ORIGIN, head, &at).unwrap(), keys).unwrap()
}

/// Two entries, two documents and an older checkpoint out of 100 entries.
pub fn parts(keys: &[&SigningKey]) -> (Parts, Tree) {
    let all = entries(100);
    let tree = tree(&all);
    let document = |name: &str, media_type: &str, bytes, entry, key: &str| Document {
        name: name.into(),
        media_type: media_type.into(),
        bytes,
        entry,
        key: key.into(),
    };
    let parts = Parts {
        checkpoint: checkpoint(&tree, 100, keys),
        keys: keys.iter().map(|key| key.verifying_key().clone()).collect(),
        older: Some(checkpoint(&tree, 37, keys)),
        entries: vec![all[32].clone(), all[64].clone(), all[99].clone()],
        documents: vec![
            document("填报数据.json", "application/json", cells(33), 33, "cells_hash"),
            document("账 1.xls", "application/vnd.ms-excel", workbook(), 65, "file_hash"),
        ],
    };
    (parts, tree)
}

/// That bundle as text.
pub fn bundle() -> String {
    let (parts, tree) = parts(&[&office_key()]);
    Bundle::build(parts, &tree).unwrap().to_text()
}

/// A whole journal as text.
pub fn export(count: u64) -> Vec<u8> {
    let (all, key) = (entries(count), office_key());
    let mut out = Cursor::new(Vec::new());
    let mut writer = ExportWriter::start(&mut out).unwrap();
    for entry in &all {
        writer.entry(&entry.entry()).unwrap();
    }
    writer.finish(&checkpoint(&tree(&all), count, &[&key]), &[key.verifying_key().clone()]).unwrap();
    out.into_inner()
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    /// The same bytes but for one, which becomes any of the 255 others.
    pub fn flip(&mut self, bytes: &[u8]) -> (usize, Vec<u8>) {
        let (mut bytes, at) = (bytes.to_vec(), self.below(bytes.len()));
        bytes[at] ^= u8::try_from(1 + self.below(255)).unwrap();
        (at, bytes)
    }
}
