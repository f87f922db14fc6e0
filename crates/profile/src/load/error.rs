//! What is wrong with a profile's files: file, line, reason, all at once.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::files::Files;

/// Load error 载入错误 — why a profile is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadError {
    /// Path of the file, with the folder of its profile.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 第 {} 行:{}", self.file, self.line, self.message)
    }
}

impl std::error::Error for LoadError {}

/// One file that is being read, and where its errors go.
pub(crate) struct Source<'a> {
    path: String,
    text: &'a str,
    errors: &'a mut Vec<LoadError>,
}

impl<'a> Source<'a> {
    /// The file, if it is there.
    pub fn open(files: &'a Files, path: &str, errors: &'a mut Vec<LoadError>) -> Option<Source<'a>> {
        let text = files.get(path)?;
        Some(Source { path: below(files, path), text, errors })
    }

    /// Notes an error at a piece of the text.
    pub fn error(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let line = 1 + self.text.bytes().take(at.start).filter(|byte| *byte == b'\n').count();
        self.errors.push(LoadError { file: self.path.clone(), line, message: message.into() });
    }

    /// Reads the text as TOML of a certain shape; unknown keys are refused.
    pub fn toml<T: DeserializeOwned>(&mut self) -> Option<T> {
        match toml::from_str(self.text) {
            Ok(value) => Some(value),
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                self.error(&at, in_chinese(error.message()));
                None
            }
        }
    }
}

/// The path of a file with the folder of its profile.
pub(crate) fn below(files: &Files, path: &str) -> String {
    if files.name().is_empty() { path.to_owned() } else { format!("{}/{path}", files.name()) }
}

/// The three mistakes that people make, in Chinese; anything else keeps the reader's own words.
fn in_chinese(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match (quoted.split_first(), message) {
        (Some((key, known)), m) if m.starts_with("unknown field") => {
            format!("不认识的键“{key}”。可用的键:{}。", known.join("、"))
        }
        (Some((key, _)), m) if m.starts_with("missing field") => format!("缺少“{key}”。请补上。"),
        (Some((key, _)), m) if m.starts_with("duplicate") => format!("“{key}”重复。请只留一个。"),
        _ => format!("格式有误({})。请对照其他文件改正。", message.trim()),
    }
}
