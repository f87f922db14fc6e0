//! The files of a profile, by their path below the profile's folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use rust_embed::RustEmbed;

/// Files 配置文件 of one profile: path → text. Only `.toml` belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The profile's folder.
    name: String,
    texts: BTreeMap<String, String>,
}

/// The profiles that come with the program.
#[derive(RustEmbed)]
#[folder = "../../profiles"]
#[include = "*.toml"]
struct Shipped;

/// The case types that come with the program.
#[derive(RustEmbed)]
#[folder = "../../cases"]
#[include = "*.toml"]
struct ShippedCases;

/// A profile file larger than this is not one.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

impl Files {
    /// Files from paths and texts.
    pub fn new(name: &str, files: impl IntoIterator<Item = (String, String)>) -> Files {
        Files { name: name.to_owned(), texts: files.into_iter().collect() }
    }

    /// The profiles that come with the program, in the order of their names.
    pub fn shipped() -> Vec<Files> {
        let mut all: BTreeMap<String, Files> = BTreeMap::new();
        for path in Shipped::iter() {
            let Some((name, rest)) = path.split_once('/') else { continue };
            let Some(text) = Shipped::get(&path).and_then(|file| String::from_utf8(file.data.into_owned()).ok()) else {
                continue;
            };
            all.entry(name.to_owned()).or_insert_with(|| Files::new(name, [])).put(rest, &text);
        }
        all.into_values().collect()
    }

    /// The case types that come with the program and that every jurisdiction shares.
    pub fn shipped_cases() -> Files {
        let text = |path: &str| String::from_utf8(ShippedCases::get(path)?.data.into_owned()).ok();
        Files::new("cases", ShippedCases::iter().filter_map(|path| Some((path.to_string(), text(&path)?))))
    }

    /// Every profile of a folder: the folder itself where it holds a `profile.toml`, otherwise each folder in it.
    pub fn read_all(folder: &Path) -> io::Result<Vec<Files>> {
        if folder.join("profile.toml").exists() {
            return Ok(vec![Files::read_dir(folder)?]);
        }
        let mut folders: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        folders.sort_by_key(fs::DirEntry::file_name);
        folders.iter().map(fs::DirEntry::path).filter(|path| path.is_dir()).map(|path| Files::read_dir(&path)).collect()
    }

    /// Every file of a profile. A byte order mark is taken off.
    pub fn read_dir(folder: &Path) -> io::Result<Files> {
        let name = folder.canonicalize()?.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut files = Files::new(&name, []);
        files.read_folder(folder, "")?;
        let cases = folder.join("cases");
        if cases.is_dir() {
            files.read_folder(&cases, "cases/")?;
        }
        Ok(files)
    }

    fn read_folder(&mut self, folder: &Path, below: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{below}{}", entry.file_name().to_string_lossy());
            if Path::new(&path).extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            if entry.metadata()?.len() > FILE_BYTES_MAX {
                let message = format!("{path} 超过 4 MB,不是配置文件。");
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
            }
            let text = String::from_utf8(fs::read(entry.path())?).map_err(|_| {
                let message = format!("{path} 不是 UTF-8 编码。请用记事本另存为 UTF-8。");
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?;
            self.put(&path, text.trim_start_matches('\u{feff}'));
        }
        Ok(())
    }

    /// The profile's folder.
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
}
