//! Backup 备份: everything that an installation keeps in its data base, as one file: a zip with a file of lines for each table and a manifest
//! that says what must be in it, if wanted inside a vault. It is taken in one transaction that only reads, so a server may run beside it, and
//! it is the same for both engines.
//!
//! Nothing is believed: whoever reads a backup recomputes every digest, and a restoration reads everything back, recomputes the journal and
//! commits only when all of it is what the manifest says.

mod manifest;
mod read;
mod restore;
mod stamp;
mod write;

use std::io;

use youju_store::StoreError;

pub use manifest::{Manifest, Part};
pub use read::Archive;
pub use restore::restore;
pub use write::{Wanted, write};

/// Why there is no backup, or none that may be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be written or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is no backup, or not of this program.
    #[error("{0}")]
    Unusable(String),
    /// It is not what it was.
    #[error("备份已损坏,不能使用:\n{}", .0.join("\n"))]
    Damaged(Vec<String>),
    /// The data base did not do it.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// How far a long work is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The table that is worked on.
    pub table: &'static str,
    /// Rows so far.
    pub done: u64,
    /// Rows in all.
    pub total: u64,
}

type Result<T> = std::result::Result<T, BackupError>;

fn zip_error(error: zip::result::ZipError) -> BackupError {
    match error {
        zip::result::ZipError::Io(error) => BackupError::Io(error),
        error => BackupError::Io(io::Error::other(format!("压缩包的结构读不懂:{error}。"))),
    }
}
