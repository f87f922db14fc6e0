//! The message, and the shapes in which channels take it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::limits::{LINK_BYTES_MAX, SUBJECT_CHARS_MAX, TEXT_BYTES_MAX};

/// Stands at the end of a text that a channel does not take whole.
pub(crate) const CUT: &str = "……(内容较长,全文请登录系统查看。)";

/// Letter 消息 — one message to one addressee.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Identity of the delivery. Every attempt carries it, so that a mail server or gateway knows a retry again.
    pub id: Uuid,
    /// Mail address or mobile number; empty for the robot of a group.
    pub to: &'a str,
    /// One line.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// Where to act.
    pub link: Option<&'a str>,
    /// When it was written. It stays the same in a retry.
    pub at: DateTime<Utc>,
}

/// A letter whose words can break out of nothing.
#[derive(Debug)]
pub(crate) struct Words {
    /// One line without control characters.
    pub subject: String,
    /// Lines divided by `\n`, without other control characters.
    pub text: String,
    /// One word; empty if there is none.
    pub link: String,
}

impl Words {
    /// The words of a letter, or why they are too many.
    pub(crate) fn of(letter: &Letter<'_>) -> Result<Words, String> {
        let subject = one_line(letter.subject);
        let chars = subject.chars().count();
        if chars > SUBJECT_CHARS_MAX {
            return Err(format!("标题有 {chars} 个字,最多 {SUBJECT_CHARS_MAX} 个字。"));
        }
        let text = lines(letter.text);
        if text.len() > TEXT_BYTES_MAX {
            return Err(format!("正文有 {} 字节,最多 {TEXT_BYTES_MAX} 字节。", text.len()));
        }
        let link: String = letter.link.unwrap_or_default().split_whitespace().collect();
        let link = one_line(&link);
        if link.len() > LINK_BYTES_MAX {
            return Err(format!("链接有 {} 字节,最多 {LINK_BYTES_MAX} 字节。", link.len()));
        }
        if !(link.is_empty() || link.starts_with("https://") || link.starts_with("http://")) {
            return Err("链接应以 https:// 或 http:// 开头。".to_owned());
        }
        Ok(Words { subject, text, link })
    }

    /// Subject, text and link below each other, the text cut so that all of it has at most so many bytes.
    pub(crate) fn stacked(&self, line_break: &str, bytes_max: usize) -> String {
        let around = self.subject.len() + self.link.len() + 2 * line_break.len();
        let text = cut_bytes(&self.text.replace('\n', line_break), bytes_max.saturating_sub(around));
        let parts = [self.subject.as_str(), text.as_str(), self.link.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(line_break)
    }
}

fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Without line breaks and other control characters.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_break(*c)).collect::<String>().trim_end().to_owned()
}

/// At most so many bytes, with a word about the rest.
pub(crate) fn cut_bytes(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let room = bytes_max.saturating_sub(CUT.len());
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= room).last();
    format!("{}{CUT}", text.get(..end.unwrap_or(0)).unwrap_or_default())
}

/// At most so many characters, with a word about the rest.
pub(crate) fn cut_chars(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let room = chars_max.saturating_sub(CUT.chars().count());
    let head: String = text.chars().take(room).collect();
    format!("{head}{CUT}")
}
