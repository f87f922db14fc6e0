//! Attachments 附件: files on their way in and out. What a file is, is told by its content; a scanner for viruses is asked
//! before anything else reads it, when the program has plugged one in. What people attach by hand stands in `evidence`.

mod evidence;

use std::sync::Arc;

use youju_domain::Problem;
use youju_domain::attachment::{ContentKind, FILE_BYTES_MAX, file_name};
use youju_domain::id::{UnitId, UploadId};
use youju_domain::record::Upload;
use youju_store::attachment;

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Fault, Result};
use crate::secrets;

pub use evidence::{
    Added, Evidence, Fetched, Looked, RefusedFile, Wanted, add, fetch, get, list, look_at, of_cell, remove,
};

/// What a scanner for viruses says about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was found, or the file could not be looked into.
    Suspicious,
}

/// Asks a scanner for viruses about the content of a file. It may take its time: it is asked on a thread of its own.
pub type Scan = Arc<dyn Fn(&[u8]) -> std::result::Result<Verdict, Fault> + Send + Sync>;

/// A file that may be read and kept.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its content, hexadecimal.
    pub hash: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// Takes a file in: not too large, and clean as far as the scanner can tell. Blocks while the scanner works.
pub fn take_in(app: &App, name: &str, content: Vec<u8>) -> Result<File> {
    let name = file_name(name);
    if content.len() > FILE_BYTES_MAX {
        let reason = format!("“{name}”有 {} 字节,超过上限 {FILE_BYTES_MAX} 字节。请拆分后分次办理。", content.len());
        return Err(Problem::BadFile { reasons: vec![reason] }.into());
    }
    if let Some(scan) = app.scanner()
        && scan(&content)? == Verdict::Suspicious
    {
        return Err(Problem::SuspiciousFile { name }.into());
    }
    Ok(File { hash: crypto::sha256(&content), name, content })
}

/// Keeps a file with what was made of it, in the same transaction, once however often it comes.
pub(crate) async fn keep(cx: &mut Cx<'_>, hash: &str, content: Vec<u8>) -> Result<()> {
    let Some(kind) = ContentKind::of(&content) else {
        let reason = "文件的内容不是 xlsx、xls 或 csv 表格。请检查是否选对了文件。".to_owned();
        return Err(Problem::BadFile { reasons: vec![reason] }.into());
    };
    secrets::keep_file(cx, hash, kind, content).await
}

/// A file that waits to be imported, for the person who chose it.
pub async fn upload(cx: &mut Cx<'_>, id: UploadId) -> Result<Upload> {
    let found = attachment::upload(cx.tx(), id).await?;
    let person = cx.actor()?.person;
    let own = found.filter(|upload| upload.by == person);
    secrets::opened_upload(cx, own.ok_or(Error::Problem(Problem::NotFound { what: "待导入的文件" }))?)
}

/// Takes away a file that has been imported, in the same transaction.
pub async fn done(cx: &mut Cx<'_>, id: UploadId) -> Result<()> {
    upload(cx, id).await?;
    Ok(attachment::remove_upload(cx.tx(), id).await?)
}

/// Whether the file of an import is kept, for those who may look at the unit.
pub async fn is_kept(cx: &mut Cx<'_>, unit: UnitId, hash: &str) -> Result<bool> {
    crate::register::get(cx, unit).await?;
    Ok(attachment::is_kept(cx.tx(), hash).await?)
}
