//! Restoring a backup into an empty data base.

use youju_store::backup::{LEFT_OUT, TABLES, Table, count, each, put};
use youju_store::register::search::{State, set_state};
use youju_store::{Tx, journal};

use super::manifest::Part;
use super::read::Archive;
use super::{BackupError, Progress, Result};
use crate::context::App;
use crate::crypto::Digest;

/// Puts every row of a backup that was verified into an empty data base, reads all of it back, recomputes the journal, and commits only when
/// everything is what the manifest says. Cut off, it leaves the data base empty.
pub async fn restore(app: &App, archive: &mut Archive<'_>, mut tell: impl FnMut(Progress)) -> Result<()> {
    let manifest = archive.manifest().clone();
    manifest.fits()?;
    let mut tx = app.db().write().await?;
    must_be_empty(&mut tx).await?;
    let total: u64 = manifest.tables.iter().map(|part| part.rows).sum();
    let mut done = 0;
    for table in TABLES {
        if !manifest.tables.iter().any(|part| part.name == table.name) {
            return Err(BackupError::Unusable(format!("备份里没有表 {}。", table.name)));
        }
        for line in archive.lines(&format!("tables/{}.jsonl", table.name))? {
            put(&mut tx, table, &line?).await?;
            done += 1;
            tell(Progress { table: table.name, done, total });
        }
    }
    let digest = Digest::from_name(&manifest.digest).unwrap_or_default();
    let mut flaws = Vec::new();
    for (table, said) in TABLES.iter().zip(&manifest.tables) {
        let found = read_back(&mut tx, table, digest).await?;
        if found != *said {
            flaws.push(format!("表 {}:读回来的内容与清单不符({} 行,清单 {} 行)。", table.name, found.rows, said.rows));
        }
    }
    let head = journal::verify(&mut tx, |done| tell(Progress { table: "journal_leaf", done, total })).await?;
    if (head.size, head.root.to_string()) != (manifest.journal_size, manifest.journal_root.clone()) {
        flaws
            .push(format!("操作日志:恢复后 {} 条,根指纹 {};清单 {} 条。", head.size, head.root, manifest.journal_size));
    }
    if !flaws.is_empty() {
        return Err(BackupError::Damaged(flaws));
    }
    // The backup holds no index of the search box: it is written anew when the program starts.
    set_state(&mut tx, &State { edition: 0, through: None }).await?;
    Ok(tx.commit().await?)
}

/// Refuses a data base in which anything stands.
async fn must_be_empty(tx: &mut Tx) -> Result<()> {
    for table in TABLES {
        // The head of the journal is there from the beginning.
        let from_the_start = u64::from(table.name == "journal_head");
        let rows = count(tx, table).await?;
        if rows > from_the_start {
            let says =
                format!("数据库不是空的(表 {} 有 {rows} 行),没有恢复。请另给一个空的数据目录或数据库。", table.name);
            return Err(BackupError::Unusable(says));
        }
    }
    debug_assert!(TABLES.iter().all(|table| !LEFT_OUT.contains(&table.name)));
    Ok(())
}

async fn read_back(tx: &mut Tx, table: &'static Table, digest: Digest) -> Result<Part> {
    let mut state = digest.begin();
    let (mut rows, mut bytes) = (0, 0);
    each(tx, table, |line| {
        state.update(line.as_bytes());
        state.update(b"\n");
        rows += 1;
        bytes += line.len() as u64 + 1;
        Ok(())
    })
    .await?;
    Ok(Part { name: table.name.to_owned(), rows, bytes, digest: state.finish() })
}
