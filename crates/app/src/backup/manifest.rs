//! What a backup says about itself.

use serde::{Deserialize, Serialize};
use youju_store::migrate::MIGRATIONS;

use super::{BackupError, Result};

/// Name of the manifest inside the backup.
pub(super) const NAME: &str = "manifest.json";
/// The form of a backup; another number is another form.
pub(super) const FORMAT: u32 = 1;

/// What must be in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub format: u32,
    /// Version of the program.
    pub program: String,
    /// When it was taken.
    pub made_at: String,
    /// From which engine.
    pub engine: String,
    /// Number and name of the last step of the schema.
    pub schema: (i64, String),
    /// How the digests were made.
    pub digest: String,
    /// Entries of the journal.
    pub journal_size: u64,
    /// Root of the journal.
    pub journal_root: String,
    /// The tables, in the order in which they are restored.
    pub tables: Vec<Part>,
    /// Files that go with them: keys, if they were asked for.
    pub files: Vec<Part>,
    /// The keys that seal what is sealed, by name; without them it stays shut.
    pub secret_keys: Vec<String>,
}

/// A table or a file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Name of the table or the file.
    pub name: String,
    /// Rows of a table; none for a file.
    pub rows: u64,
    /// Bytes of its lines.
    pub bytes: u64,
    /// Digest of its lines.
    pub digest: String,
}

impl Manifest {
    /// A backup goes only where the schema is the same: a program of its version restores it, and then brings the schema up to date.
    pub(super) fn fits(&self) -> Result<()> {
        let Some(own) = MIGRATIONS.last() else { return Ok(()) };
        let (version, name) = &self.schema;
        if *version == own.version && name == own.name {
            return Ok(());
        }
        Err(BackupError::Unusable(format!(
            "这份备份的数据库结构是第 {version} 版({name}),本程序是第 {} 版({})。请用备份时的程序(youju {})恢复,再换成新程序启动,结构会自动升级。",
            own.version, own.name, self.program
        )))
    }
}
