//! A letter as a mail message. The same letter gives the same bytes, so that a retry is the same message.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, SinglePart};
use lettre::{Address, address::Envelope};

use crate::channels::Smtp;
use crate::letter::{Letter, Words};

/// The last second of the year 9999, which the date of a mail can still name.
const DATE_SECONDS_MAX: i64 = 253_402_300_799;

/// A message ready to be sent.
#[derive(Debug)]
pub(crate) struct Mail {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

/// An address as mail servers everywhere take it: ASCII, and nothing that could end a command.
pub(crate) fn address(text: &str) -> Option<Address> {
    let is_plain =
        text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '<' | '>' | '(' | ')' | ',' | ';'));
    text.parse().ok().filter(|_| is_plain)
}

/// The message, or why it cannot be written.
pub(crate) fn write(smtp: &Smtp, letter: &Letter<'_>, words: &Words) -> Result<Mail, String> {
    let Some(to) = address(letter.to) else {
        return Err("收件地址不是可用的邮箱地址。请核对后重填,如 name@example.gov.cn。".to_owned());
    };
    let from = smtp.from.clone().ok_or("渠道没有发件地址。")?;
    let id = format!("<{}@{}>", letter.id, from.domain());
    let text = [words.text.as_str(), words.link.as_str()].into_iter().filter(|part| !part.is_empty());
    let text = text.collect::<Vec<_>>().join("\n\n") + "\n";
    let message = Message::builder()
        .date(date(letter.at))
        .message_id(Some(id))
        .from(Mailbox::new(smtp.from_name.clone(), from))
        .to(Mailbox::new(None, to))
        .subject(words.subject.as_str())
        // RFC 3834: no machine answers that somebody is on holiday.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .singlepart(SinglePart::plain(text))
        .map_err(|_| "这封邮件不能写成标准格式。请核对发件和收件地址。")?;
    Ok(Mail { envelope: message.envelope().clone(), bytes: message.formatted() })
}

fn date(at: DateTime<Utc>) -> SystemTime {
    let seconds = u64::try_from(at.timestamp().clamp(0, DATE_SECONDS_MAX)).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
