//! What is wrong with a programme's files: file, line, reason, all at once.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::files::Files;

/// Load error 载入错误 — why a programme is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadError {
    /// Path of the file below the programme's folder, or below the folder of all programmes where there are several.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, where it is known.
    pub column: Option<usize>,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
    /// The line and a caret under the offending piece, where the column is known.
    pub excerpt: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            None => write!(f, "{} 第 {} 行:{}", self.file, self.line, self.message),
            Some(column) => {
                write!(f, "{} 第 {} 行第 {column} 列:{}\n{}", self.file, self.line, self.message, self.excerpt)
            }
        }
    }
}

impl std::error::Error for LoadError {}

impl LoadError {
    /// At a piece of a text in the check language or of formulas.
    pub(crate) fn at(file: &str, text: &str, error: youju_vtl::Error) -> LoadError {
        let whole = |number: u32| usize::try_from(number).unwrap_or(1);
        let (line, column, excerpt) = (whole(error.span.line), Some(whole(error.span.column)), error.excerpt(text));
        LoadError { file: file.to_owned(), line, column, message: error.message, excerpt }
    }
}

/// The errors found so far.
#[derive(Debug, Default)]
pub(crate) struct Log {
    errors: Vec<LoadError>,
    /// The programme that is being read.
    programme: String,
}

impl Log {
    /// From here on the files belong to this programme.
    pub fn below(&mut self, programme: &str) -> &mut Log {
        programme.clone_into(&mut self.programme);
        self
    }

    /// Notes an error at a line.
    pub fn at_line(&mut self, file: &str, line: usize, message: impl Into<String>) {
        let (message, excerpt) = (message.into(), String::new());
        let file = below(&self.programme, file);
        self.errors.push(LoadError { file, line, column: None, message, excerpt });
    }

    /// Notes that a file is not there.
    pub fn missing(&mut self, file: &str) {
        self.at_line(file, 1, "没有这个文件。请补上,或从 programme.toml 的 forms 中去掉这张表。");
    }

    /// Notes an error at a piece of a text in the check language or of formulas.
    pub fn at_span(&mut self, file: &str, text: &str, error: youju_vtl::Error) {
        self.push(LoadError::at(&below(&self.programme, file), text, error));
    }

    /// Notes an error that knows its place.
    pub fn push(&mut self, error: LoadError) {
        self.errors.push(error);
    }

    /// The errors in the order of files and lines.
    pub fn into_errors(mut self) -> Vec<LoadError> {
        self.errors.sort();
        self.errors.dedup();
        self.errors
    }
}

/// The path of a file with the folder of its programme.
pub(crate) fn below(programme: &str, file: &str) -> String {
    if programme.is_empty() { file.to_owned() } else { format!("{programme}/{file}") }
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
        log.missing(path);
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
