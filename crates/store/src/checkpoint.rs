//! Checkpoint 检查点 — a signed head of the journal, kept as it was published.

use youju_domain::Instant;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

/// A checkpoint as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Entries that it covers.
    pub size: i64,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub at: Instant,
}

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Kept> {
        Ok(Kept { size: row.get("size")?, note: row.get("note")?, at: row.get("at")? })
    }
}

/// Keeps a checkpoint. Of one size there is one.
pub async fn add(tx: &mut Tx, kept: &Kept) -> Result<()> {
    let insert = sql("insert into checkpoint (size, note, at) values ($1, $2, $3)");
    tx.run(insert.bind(kept.size).bind(kept.note.as_str()).bind(kept.at)).await?.must_be(1)
}

/// The latest checkpoints, newest first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Kept>> {
    tx.all(sql("select size, note, at from checkpoint order by size desc limit $1").bind(limit)).await
}
