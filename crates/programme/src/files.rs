//! The files of a programme, by their path below the programme's folder.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use sha2::{Digest, Sha256};

/// Files 制度文件 — path (with `/`) → text. Only `.toml`, `.vtl` and the `.txt` below `checks/` belong to a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

/// A programme file larger than this is not one.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The programme that comes with the program. A test compares this list with the folder.
const SHIPPED: [(&str, &str); 13] = [
    ("programme.toml", include_str!("../../../programmes/industry/programme.toml")),
    ("sources.toml", include_str!("../../../programmes/industry/sources.toml")),
    ("forms/101-1.toml", include_str!("../../../programmes/industry/forms/101-1.toml")),
    ("forms/B103-1.toml", include_str!("../../../programmes/industry/forms/B103-1.toml")),
    ("forms/B203.toml", include_str!("../../../programmes/industry/forms/B203.toml")),
    ("checks/101-1.toml", include_str!("../../../programmes/industry/checks/101-1.toml")),
    ("checks/101-1.vtl", include_str!("../../../programmes/industry/checks/101-1.vtl")),
    ("checks/B103-1.toml", include_str!("../../../programmes/industry/checks/B103-1.toml")),
    ("checks/B103-1.vtl", include_str!("../../../programmes/industry/checks/B103-1.vtl")),
    ("checks/B203.toml", include_str!("../../../programmes/industry/checks/B203.toml")),
    ("checks/B203.vtl", include_str!("../../../programmes/industry/checks/B203.vtl")),
    ("ledgers/B103-1.toml", include_str!("../../../programmes/industry/ledgers/B103-1.toml")),
    ("ledgers/B203.toml", include_str!("../../../programmes/industry/ledgers/B203.toml")),
];

impl Files {
    /// Files from paths and texts.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Files {
        Files(files.into_iter().collect())
    }

    /// The programme that comes with the program: 工业统计报表制度.
    pub fn shipped() -> Files {
        Files::new(SHIPPED.map(|(path, text)| (path.to_owned(), text.to_owned())))
    }

    /// Every file of a programme below a folder. A byte order mark is taken off.
    pub fn read_dir(folder: &Path) -> io::Result<Files> {
        let mut files = Files::default();
        files.read_below(folder, "")?;
        Ok(files)
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Puts or replaces a file.
    pub fn put(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_owned(), text.to_owned());
    }

    /// Takes a file away; its text, if it was there.
    pub fn remove(&mut self, path: &str) -> Option<String> {
        self.0.remove(path)
    }

    /// The paths in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
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
