//! Reading a backup, and finding out whether it is what it was.

use std::io::{BufRead, BufReader, Read, Seek};

use zip::ZipArchive;

use super::manifest::{FORMAT, Manifest, NAME, Part};
use super::{BackupError, Result, stamp, zip_error};
use crate::crypto::{Digest, Lock, VaultReader, is_vault};

/// Longest manifest.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;

/// What can be read from any place.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A backup that is open.
pub struct Archive<'a> {
    zip: ZipArchive<Box<dyn Source + 'a>>,
    manifest: Manifest,
    is_stamped: Result<bool>,
}

impl<'a> Archive<'a> {
    /// Opens a backup; one in a vault needs what it is locked with.
    pub fn open(mut file: impl Source + 'a, lock: Option<&Lock>) -> Result<Archive<'a>> {
        let mut source: Box<dyn Source + 'a> = match (is_vault(&mut file)?, lock) {
            (false, _) => Box::new(file),
            (true, Some(lock)) => Box::new(VaultReader::new(file, lock)?),
            (true, None) => return Err(BackupError::Unusable("这份备份是加密的,请给出口令或密钥。".into())),
        };
        let is_stamped = stamp::is_sound(&mut source).map_err(BackupError::Io);
        let no_backup = |error: zip::result::ZipError| match (&is_stamped, error) {
            // What a vault says about itself names the place.
            (Err(BackupError::Io(inner)), _) => BackupError::Damaged(vec![inner.to_string()]),
            (_, error) => {
                BackupError::Damaged(vec![format!("文件的目录读不出来:{error}。可能不是备份文件,或者末尾已损坏。")])
            }
        };
        let mut zip = ZipArchive::new(source).map_err(no_backup)?;
        let manifest = manifest(&mut zip)?;
        Ok(Archive { zip, manifest, is_stamped })
    }

    /// What the backup says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Recomputes every digest; what is not as it was is named. `tell` hears the name of each part before it is read.
    pub fn verify(&mut self, mut tell: impl FnMut(&str)) -> Result<()> {
        let mut flaws = Vec::new();
        for part in self.manifest.tables.clone() {
            tell(&part.name);
            let read = self.read(&format!("tables/{}.jsonl", part.name), |_| Ok(()));
            flaws.extend(flaw(&format!("表 {}", part.name), &part, read));
        }
        for part in self.manifest.files.clone() {
            tell(&part.name);
            let read = self.read(&format!("files/{}", part.name), |_| Ok(()));
            flaws.extend(flaw(
                &format!("文件 {}", part.name),
                &Part { rows: 0, ..part },
                read.map(|read| Part { rows: 0, ..read }),
            ));
        }
        let known = self.manifest.tables.len() + self.manifest.files.len() + 1;
        if self.zip.len() != known {
            flaws.push(format!("清单里有 {known} 个文件,压缩包里有 {} 个。", self.zip.len()));
        }
        match &self.is_stamped {
            Ok(false) if flaws.is_empty() => {
                flaws.push("改动在压缩包的结构里,不在任何一个表里:整个文件的摘要不符。".into());
            }
            Err(error) if flaws.is_empty() => flaws.push(error.to_string()),
            Ok(_) | Err(_) => {}
        }
        if flaws.is_empty() { Ok(()) } else { Err(BackupError::Damaged(flaws)) }
    }

    /// The content of a file that goes with the tables.
    pub fn file(&mut self, name: &str) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        self.zip.by_name(&format!("files/{name}")).map_err(zip_error)?.read_to_end(&mut content)?;
        Ok(content)
    }

    /// Reads a part line by line.
    pub(super) fn read(&mut self, path: &str, mut take: impl FnMut(&str) -> Result<()>) -> Result<Part> {
        let digest = Digest::from_name(&self.manifest.digest);
        let unknown = || BackupError::Unusable(format!("不认识摘要算法“{}”。", self.manifest.digest));
        let mut state = digest.ok_or_else(unknown)?.begin();
        let mut reader = BufReader::new(self.zip.by_name(path).map_err(zip_error)?);
        let mut part = Part { name: path.to_owned(), rows: 0, bytes: 0, digest: String::new() };
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            state.update(&line);
            part.bytes += line.len() as u64;
            part.rows += 1;
            if let Ok(text) = std::str::from_utf8(line.trim_ascii_end()) {
                take(text)?;
            }
        }
        part.digest = state.finish();
        Ok(part)
    }

    /// The same, one line after the other.
    pub(super) fn lines(&mut self, path: &str) -> Result<impl Iterator<Item = std::io::Result<String>> + '_> {
        Ok(BufReader::new(self.zip.by_name(path).map_err(zip_error)?).lines())
    }
}

fn flaw(what: &str, said: &Part, found: Result<Part>) -> Option<String> {
    match found {
        Ok(found) if (found.rows, found.bytes, &found.digest) == (said.rows, said.bytes, &said.digest) => None,
        Ok(found) if found.rows != said.rows => {
            Some(format!("{what}:清单里有 {} 行,实有 {} 行。", said.rows, found.rows))
        }
        Ok(_) => Some(format!("{what}:内容与清单中的摘要不符。")),
        Err(error) => Some(format!("{what}:{error}")),
    }
}

fn manifest(zip: &mut ZipArchive<Box<dyn Source + '_>>) -> Result<Manifest> {
    let damaged = |error: String| BackupError::Damaged(vec![format!("清单 {NAME} 读不出来:{error}。")]);
    let entry = zip.by_name(NAME).map_err(|error| damaged(error.to_string()))?;
    let mut text = String::new();
    entry.take(MANIFEST_BYTES_MAX).read_to_string(&mut text).map_err(|error| damaged(error.to_string()))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    if manifest.format == FORMAT {
        return Ok(manifest);
    }
    let (is, own) = (manifest.format, FORMAT);
    Err(BackupError::Unusable(format!("备份的格式是第 {is} 版,本程序只认识第 {own} 版。请用备份时的程序。")))
}
