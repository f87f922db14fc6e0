//! Files 附件: kept once by their fingerprint, those that wait to be imported, and what kept files prove.

mod evidence;

use youju_domain::Instant;
use youju_domain::attachment::ContentKind;
use youju_domain::id::{PersonId, UploadId};
use youju_domain::record::Upload;

use crate::db::{FromRow, Row, Tx, sql};
use crate::error::Result;

pub use evidence::{add, all_of_report, count, get, has_same, list, of_report, of_unit, of_window, remove};

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// What stands in it.
    pub kind: ContentKind,
    /// Its content, sealed or not.
    pub content: Vec<u8>,
}

impl FromRow for Blob {
    fn from_row(row: &Row) -> Result<Blob> {
        Ok(Blob { kind: row.get("kind")?, content: row.get("content")? })
    }
}

impl FromRow for Upload {
    fn from_row(row: &Row) -> Result<Upload> {
        Ok(Upload {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            period: row.get("period")?,
            file_name: row.get("file_name")?,
            content: row.get("content")?,
            by: row.get("uploaded_by")?,
            at: row.get("uploaded_at")?,
        })
    }
}

/// Keeps a file under its fingerprint, as it comes, with the size that it has before it is sealed; one that is there already stays.
pub async fn keep(
    tx: &mut Tx,
    sha256: &str,
    kind: ContentKind,
    (content, size): (Vec<u8>, usize),
    now: Instant,
) -> Result<()> {
    tx.run(
        sql("insert into blob (sha256, kind, size, content, added_at) values ($1, $2, $3, $4, $5)
             on conflict (sha256) do nothing")
        .bind(sha256)
        .bind(kind.key())
        .bind(i64::try_from(size).unwrap_or(i64::MAX))
        .bind(content)
        .bind(now),
    )
    .await?
    .any();
    Ok(())
}

/// A kept file by its fingerprint.
pub async fn blob(tx: &mut Tx, sha256: &str) -> Result<Option<Blob>> {
    tx.maybe(sql("select kind, content from blob where sha256 = $1").bind(sha256)).await
}

/// Whether a file is kept.
pub async fn is_kept(tx: &mut Tx, sha256: &str) -> Result<bool> {
    let found: i64 = tx.one(sql("select count(*) as n from blob where sha256 = $1").bind(sha256)).await?;
    Ok(found > 0)
}

/// A file that waits to be imported.
pub async fn add_upload(tx: &mut Tx, upload: Upload) -> Result<()> {
    tx.run(
        sql("insert into upload (id, unit_id, period, file_name, content, uploaded_by, uploaded_at)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(upload.id)
        .bind(upload.unit)
        .bind(upload.period)
        .bind(upload.file_name)
        .bind(upload.content)
        .bind(upload.by)
        .bind(upload.at),
    )
    .await?
    .must_be(1)
}

/// A file that waits to be imported, by its id.
pub async fn upload(tx: &mut Tx, id: UploadId) -> Result<Option<Upload>> {
    tx.maybe(
        sql("select id, unit_id, period, file_name, content, uploaded_by, uploaded_at from upload where id = $1")
            .bind(id),
    )
    .await
}

/// Takes a file away that has been imported; refused when somebody else was faster.
pub async fn remove_upload(tx: &mut Tx, id: UploadId) -> Result<()> {
    tx.run(sql("delete from upload where id = $1").bind(id)).await?.must_be(1)
}

/// Takes away what a person chose before, and what anybody chose before an instant.
pub async fn clear_uploads(tx: &mut Tx, by: PersonId, before: Instant) -> Result<u64> {
    let gone =
        tx.run(sql("delete from upload where uploaded_by = $1 or uploaded_at < $2").bind(by).bind(before)).await?;
    Ok(gone.any())
}
