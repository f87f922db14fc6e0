//! What is wrong with a programme's files: file, line, reason, all at once.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::files::Files;

/// Load error 载入错误 — why a programme is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadError {
    /// Path of the file below the programme's folder.
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

/// The errors found so far.
#[derive(Debug, Default)]
pub(crate) struct Log(Vec<LoadError>);

impl Log {
    /// Notes an error at a line.
    pub fn at_line(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.0.push(LoadError { file: file.to_owned(), line, message: message.into() });
    }

    /// The errors in the order of files and lines.
    pub fn into_errors(mut self) -> Vec<LoadError> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// One file that is being read, and where its errors go.
pub(crate) struct Source<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub log: &'a mut Log,
}

impl<'a> Source<'a> {
    /// The file, or an error that it is not there.
    pub fn open(files: &'a Files, path: &'a str, log: &'a mut Log) -> Option<Source<'a>> {
        if let Some(text) = files.get(path) {
            return Some(Source { path, text, log });
        }
        log.at_line(path, 1, "没有这个文件。请补上,或从 programme.toml 的 forms 中去掉这张表。");
        None
    }

    /// Notes an error at a piece of the text.
    pub fn error(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let line = self.line(at.start);
        self.log.at_line(self.path, line, message);
    }

    /// The 1-based line of a byte offset.
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
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
