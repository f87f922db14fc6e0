//! Taking a backup.

use std::io::Write;

use youju_store::backup::{TABLES, count, each};
use youju_store::migrate::MIGRATIONS;
use youju_store::{Engine, journal};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::manifest::{FORMAT, Manifest, NAME, Part};
use super::stamp::{Stamping, blank};
use super::{BackupError, Progress, Result, zip_error};
use crate::context::App;
use crate::crypto::{Cipher, Digest, Lock, VaultWriter};

/// How a backup is wanted.
pub struct Wanted {
    /// How digests are made.
    pub digest: Digest,
    /// What it is locked with, if it is.
    pub lock: Option<(Lock, Cipher)>,
    /// Files that go along: name and content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Takes a backup of one state of the data base. `tell` hears how far it is.
pub async fn write(app: &App, out: impl Write, wanted: Wanted, tell: impl FnMut(Progress)) -> Result<Manifest> {
    match &wanted.lock {
        None => {
            let (manifest, mut out) = packed(app, out, &wanted, tell).await?;
            out.flush()?;
            Ok(manifest)
        }
        Some((lock, cipher)) => {
            let (manifest, vault) = packed(app, VaultWriter::new(out, lock, *cipher)?, &wanted, tell).await?;
            vault.finish()?;
            Ok(manifest)
        }
    }
}

async fn packed<W: Write>(app: &App, out: W, wanted: &Wanted, mut tell: impl FnMut(Progress)) -> Result<(Manifest, W)> {
    let mut tx = app.db().read().await?;
    let mut total = 0;
    for table in TABLES {
        total += count(&mut tx, table).await?;
    }
    let head = journal::head(&mut tx).await?;
    let mut stamping = Stamping::new(out, wanted.digest);
    let mut zip = ZipWriter::new_stream(&mut stamping);
    zip.set_comment(blank()).map_err(zip_error)?;
    let (mut tables, mut done) = (Vec::new(), 0);
    for table in TABLES {
        let mut part = Packing::begin(&mut zip, &format!("tables/{}.jsonl", table.name), wanted.digest)?;
        each(&mut tx, table, |line| {
            part.line(&mut zip, line.as_bytes())?;
            done += 1;
            tell(Progress { table: table.name, done, total });
            Ok(())
        })
        .await?;
        tables.push(part.end(table.name));
    }
    let mut files = Vec::new();
    for (name, content) in &wanted.files {
        let mut part = Packing::begin(&mut zip, &format!("files/{name}"), wanted.digest)?;
        part.bytes(&mut zip, content)?;
        files.push(part.end(name));
    }
    let schema = MIGRATIONS.last().map(|step| (step.version, step.name.to_owned()));
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: journal::instant_text(&app.world().now()),
        engine: engine(tx.engine()).to_owned(),
        schema: schema.ok_or_else(|| BackupError::Unusable("程序没有数据库结构。".into()))?,
        digest: wanted.digest.name().to_owned(),
        journal_size: head.size,
        journal_root: head.root.to_string(),
        tables,
        files,
        secret_keys: app.secret_keys().names(),
    };
    zip.start_file(NAME, SimpleFileOptions::default()).map_err(zip_error)?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::from)?)?;
    zip.finish().map_err(zip_error)?;
    Ok((manifest, stamping.finish()?))
}

fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// A part on its way into the zip.
struct Packing {
    state: crate::crypto::Digesting,
    rows: u64,
    bytes: u64,
}

impl Packing {
    fn begin<W: Write + std::io::Seek>(zip: &mut ZipWriter<W>, path: &str, digest: Digest) -> Result<Packing> {
        let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
        zip.start_file(path, options).map_err(zip_error)?;
        Ok(Packing { state: digest.begin(), rows: 0, bytes: 0 })
    }

    fn bytes(&mut self, zip: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
        zip.write_all(bytes)?;
        self.state.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn line(&mut self, zip: &mut impl Write, line: &[u8]) -> std::io::Result<()> {
        self.bytes(zip, line)?;
        self.rows += 1;
        self.bytes(zip, b"\n")
    }

    fn end(self, name: &str) -> Part {
        Part { name: name.to_owned(), rows: self.rows, bytes: self.bytes, digest: self.state.finish() }
    }
}
