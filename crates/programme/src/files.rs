//! The files of a programme, by their path below the programme's folder.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Files 制度文件 of one programme: path (with `/`) → text. Only `.toml`, `.vtl` and the `.txt` below `checks/` belong to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The programme's folder among others; empty where there is only one.
    name: String,
    texts: BTreeMap<String, String>,
}

/// The programmes that come with the program.
#[derive(RustEmbed)]
#[folder = "../../programmes"]
struct Shipped;

/// A programme file larger than this is not one.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

impl Files {
    /// Files from paths and texts.
    pub fn new(name: &str, files: impl IntoIterator<Item = (String, String)>) -> Files {
        Files { name: name.to_owned(), texts: files.into_iter().collect() }
    }

    /// The programmes that come with the program, in the order of their names.
    pub fn shipped() -> Vec<Files> {
        let mut all: Vec<Files> = Vec::new();
        let mut paths: Vec<_> = Shipped::iter().collect();
        paths.sort_unstable();
        for path in paths {
            let Some((name, rest)) = path.split_once('/').filter(|(_, rest)| is_programme_file(rest)) else { continue };
            let Some(text) = Shipped::get(&path).and_then(|file| String::from_utf8(file.data.into_owned()).ok()) else {
                continue;
            };
            if all.last().is_none_or(|last| last.name != name) {
                all.push(Files { name: name.to_owned(), ..Files::default() });
            }
            all.iter_mut().rev().take(1).for_each(|files| files.put(rest, &text));
        }
        all
    }

    /// Every programme of a folder: the folder itself where it holds a `programme.toml`, otherwise each folder in it.
    pub fn read_all(folder: &Path) -> io::Result<Vec<Files>> {
        if folder.join("programme.toml").exists() {
            return Ok(vec![Files::read_dir(folder)?]);
        }
        let mut folders: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        folders.sort_by_key(fs::DirEntry::file_name);
        let folders = folders.iter().map(fs::DirEntry::path).filter(|path| path.is_dir());
        folders
            .map(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Files { name, ..Files::read_dir(&path)? })
            })
            .collect()
    }

    /// Every file of a programme below its folder. A byte order mark is taken off.
    pub fn read_dir(folder: &Path) -> io::Result<Files> {
        let mut files = Files::default();
        files.read_below(folder, "")?;
        Ok(files)
    }

    /// The programme's folder among others; empty where there is only one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Puts or replaces a file.
    pub fn put(&mut self, path: &str, text: &str) {
        self.texts.insert(path.to_owned(), text.to_owned());
    }

    /// Takes a file away; its text, if it was there.
    pub fn remove(&mut self, path: &str) -> Option<String> {
        self.texts.remove(path)
    }

    /// The paths in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// SHA-256 over a head and the paths and texts of some of the files, hexadecimal.
    pub(crate) fn hash(&self, paths: &[&str], head: &str) -> String {
        let there = paths.iter().filter_map(|path| Some([*path, self.get(path)?]));
        let mut hash = Sha256::new();
        for part in std::iter::once(head).chain(there.flatten()) {
            // The length in front keeps two parts from running into each other.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    fn read_below(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read_below(&entry.path(), &format!("{path}/"))?;
            } else if is_programme_file(&path) {
                if entry.metadata()?.len() > FILE_BYTES_MAX {
                    return Err(io::Error::new(
                        io::ErrorKind::FileTooLarge,
                        format!("{path} 超过 4 MB,不是制度文件。"),
                    ));
                }
                let text = String::from_utf8(fs::read(entry.path())?).map_err(|_| {
                    let message = format!("{path} 不是 UTF-8 编码。请用记事本另存为 UTF-8。");
                    io::Error::new(io::ErrorKind::InvalidData, message)
                })?;
                self.put(&path, text.trim_start_matches('\u{feff}'));
            }
        }
        Ok(())
    }
}

/// Formulas end in `.txt`, which opens with a double click everywhere; elsewhere such a file is somebody's note.
fn is_programme_file(path: &str) -> bool {
    let ending = Path::new(path).extension().unwrap_or_default();
    ending == "toml" || ending == "vtl" || (ending == "txt" && path.starts_with("checks/"))
}
