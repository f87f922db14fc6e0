//! The one refusal of this crate. It is a value for programs (`kind`, `position`) and a sentence for people (`Display`).

use std::fmt;

/// Refusal 拒绝 — why a text is not the code, period, measure or number it should be.
///
/// `Display` is one Chinese sentence that names the kind of code, the place and the reason, and one that names the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeError {
    /// What is wrong, for programs.
    pub kind: CodeErrorKind,
    /// Where it is wrong: the 1-based character. Codes and periods are counted without spaces, as people count them;
    /// numbers from the first visible character.
    pub position: Option<usize>,
    /// What the text should have been.
    pub subject: Subject,
    /// The text that was refused, normalised.
    pub text: String,
    /// Why, in Chinese, without a full stop.
    pub reason: String,
    /// The way out, in Chinese, without a full stop.
    pub hint: String,
}

/// Kind of refusal 拒绝原因.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeErrorKind {
    /// Nothing was given.
    Empty,
    /// The number of characters is wrong.
    Length,
    /// A character is not allowed in its place.
    Character,
    /// The check character does not match.
    Check,
    /// Well formed, but not in the published list.
    Unknown,
    /// The parts contradict each other, or a part is out of its range (month 13).
    Structure,
    /// More digits than an exact number can hold.
    TooManyDigits,
    /// Two units of measure that cannot be converted or added.
    Measure,
    /// The result could not be written exactly.
    Inexact,
}

/// Subject 对象 — what a text should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// 统一社会信用代码.
    Usci,
    /// 组织机构代码.
    OrgCode,
    /// 统计用区划代码.
    Area,
    /// 行业代码.
    Industry,
    /// 报告期.
    Period,
    /// 计量单位.
    Measure,
    /// 数字.
    Number,
    /// 数量.
    Quantity,
}

impl Subject {
    /// The Chinese name, as it appears in messages.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Usci => "统一社会信用代码",
            Subject::OrgCode => "组织机构代码",
            Subject::Area => "统计用区划代码",
            Subject::Industry => "行业代码",
            Subject::Period => "报告期",
            Subject::Measure => "计量单位",
            Subject::Number => "数字",
            Subject::Quantity => "数量",
        }
    }
}

/// A refused text longer than this is shown shortened: it may be a whole pasted paragraph.
const TEXT_SHOWN_MAX: usize = 40;

impl CodeError {
    pub(crate) fn new(subject: Subject, kind: CodeErrorKind, text: &str, reason: String, hint: &str) -> CodeError {
        CodeError { kind, position: None, subject, text: text.to_owned(), reason, hint: hint.to_owned() }
    }

    pub(crate) fn empty(subject: Subject, hint: &str) -> CodeError {
        CodeError::new(subject, CodeErrorKind::Empty, "", "没有填写".to_owned(), hint)
    }

    /// Sets the place, counted from one.
    pub(crate) fn at(self, position: usize) -> CodeError {
        CodeError { position: Some(position), ..self }
    }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.subject.name())?;
        if !self.text.is_empty() {
            let shown: String = self.text.chars().take(TEXT_SHOWN_MAX).collect();
            let more = if self.text.chars().nth(TEXT_SHOWN_MAX).is_some() { "…" } else { "" };
            write!(f, "“{shown}{more}”")?;
        }
        if let Some(position) = self.position {
            write!(f, "第 {position} 位")?;
        }
        write!(f, "有误:{}。{}。", self.reason, self.hint)
    }
}

impl std::error::Error for CodeError {}
