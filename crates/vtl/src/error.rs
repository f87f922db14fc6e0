//! Where a script is wrong, and how that is shown to its author.

use crate::limits::ERRORS_MAX;
use std::fmt;

/// A place in a source text. Lines and columns count from 1, columns and lengths in characters, not bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Position of the first character in the whole text.
    pub start: u32,
    /// Position after the last character in the whole text.
    pub end: u32,
}

impl Span {
    /// How many characters the place covers.
    pub fn length(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// From the beginning of `self` to the end of `last`.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span { end: last.end.max(self.end), ..self }
    }
}

/// One mistake in a script 错误 — where it is and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The offending piece.
    pub span: Span,
    /// A full sentence in Chinese, without the place.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行第 {} 列:{}", self.span.line, self.span.column, self.message)
    }
}

impl Error {
    /// The message, the line and a caret under the offending piece.
    pub fn render(&self, source: &str) -> String {
        format!("{self}\n{}", self.excerpt(source))
    }

    /// The line and a caret under the offending piece. Chinese characters count as two columns wide.
    pub fn excerpt(&self, source: &str) -> String {
        let number = self.span.line.to_string();
        let line = source.lines().nth((self.span.line.max(1) - 1) as usize).unwrap_or_default();
        let line = line.replace('\t', " ");
        let before = (self.span.column.max(1) - 1) as usize;
        let pad: usize = line.chars().take(before).map(width).sum();
        let under: usize = line.chars().skip(before).take(self.span.length() as usize).map(width).sum();
        let margin = " ".repeat(number.len());
        let carets = "^".repeat(under.max(1));
        format!("{number} | {line}\n{margin} | {}{carets}", " ".repeat(pad))
    }
}

/// Everything that is wrong with a script, in the order of the text. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Errors(pub Vec<Error>);

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl Errors {
    /// All errors, each with its line and a caret, separated by empty lines.
    pub fn render(&self, source: &str) -> String {
        self.0.iter().map(|error| error.render(source)).collect::<Vec<_>>().join("\n\n")
    }

    pub(crate) fn push(&mut self, span: Span, message: impl Into<String>) {
        if self.0.len() < ERRORS_MAX {
            self.0.push(Error { span, message: message.into() });
        }
    }

    /// `value` if nothing went wrong, otherwise the errors in the order of the text.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Errors> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|error| error.span.start);
        Err(self)
    }
}

/// Columns that a character takes on a terminal or in a fixed-width font.
pub(crate) fn width(c: char) -> usize {
    let wide = matches!(u32::from(c),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD);
    if wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_piece_also_after_chinese_characters() {
        let source = "a = 1;\n'资产' >= 负债";
        let span = Span { line: 2, column: 9, start: 15, end: 17 };
        let error = Error { span, message: "名称写错了。".into() };
        assert_eq!(error.render(source), "第 2 行第 9 列:名称写错了。\n2 | '资产' >= 负债\n  |           ^^^^");
    }
}
