//! What stands beside a formula, behind `|`: severity, message, units, dates, source.

use super::lexer::{Lexer, half_width};
use super::message::{self, Message, Written};
use crate::scalar::Scalar;
use std::fmt::Write;

/// Meta 公式说明 — what VTL has no word for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// How much it weighs if the formula does not hold; exported as `errorlevel`.
    pub severity: Option<Severity>,
    /// What is shown then; exported as `errorcode`.
    pub message: Option<Message>,
    /// The first difference that is allowed, as behind `±`; the tree contains it already.
    pub tolerance: Option<Scalar>,
    /// Which units it is meant for 适用, in words; conditions belong into the formula.
    pub units: Option<String>,
    /// When it is in force 有效.
    pub validity: Option<Validity>,
    /// Where it comes from 来源.
    pub source: Option<String>,
}

/// Severity 审核级别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// A 强制性: nothing is handed in before it holds.
    Blocking,
    /// B 准强制性: an officer may waive it.
    Waivable,
    /// C 核实性: to be explained.
    Explain,
    /// D 提示性: a hint.
    Notice,
}

impl Severity {
    const ALL: [(&'static str, &'static str, Severity); 4] = [
        ("A", "强制性", Severity::Blocking),
        ("B", "准强制性", Severity::Waivable),
        ("C", "核实性", Severity::Explain),
        ("D", "提示性", Severity::Notice),
    ];

    /// The letter that is exported as `errorlevel`.
    pub fn letter(self) -> &'static str {
        Self::ALL.iter().find(|(.., severity)| *severity == self).map_or("", |(letter, ..)| letter)
    }

    /// The Chinese word.
    pub fn chinese(self) -> &'static str {
        Self::ALL.iter().find(|(.., severity)| *severity == self).map_or("", |(_, word, _)| word)
    }

    /// By letter or word.
    pub fn named(text: &str) -> Option<Severity> {
        let known = |(letter, word, _): &&(&str, &str, Severity)| letter.eq_ignore_ascii_case(text) || *word == text;
        Self::ALL.iter().find(known).map(|(.., severity)| *severity)
    }
}

/// Validity 有效期: from the first to the last day, both included; an open end has no bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validity {
    /// `2024`, `2024-07` or `2024-07-01`.
    pub from: Option<String>,
    /// As above; a year or a month counts to its last day.
    pub to: Option<String>,
}

impl Validity {
    /// Is a day, written `2024-07-01`, within?
    pub fn covers(&self, day: &str) -> bool {
        let begun = self.from.as_deref().is_none_or(|from| day >= from);
        begun && self.to.as_deref().is_none_or(|to| day.get(..to.len()).unwrap_or(day) <= to)
    }
}

/// The fields of a line as written.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub meta: Meta,
    pub message: Option<Vec<Written>>,
}

/// What a field is by its beginning; the rest of the text is its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    Severity(Severity),
    Units,
    Validity,
    Source,
    /// Named as such.
    Prompt,
    /// Text without a name.
    Message,
}

const NAMES: [(&str, Field); 7] = [
    ("适用", Field::Units),
    ("有效期", Field::Validity),
    ("有效", Field::Validity),
    ("来源", Field::Source),
    ("提示", Field::Prompt),
    ("说明", Field::Prompt),
    ("级别", Field::Message),
];

/// The kind of a field and where its value begins, in characters.
pub(super) fn field(text: &str) -> (Field, usize) {
    let half: String = text.chars().map(half_width).collect();
    if let Some(severity) = Severity::named(half.trim()) {
        return (Field::Severity(severity), 0);
    }
    let colon = text.chars().position(|c| matches!(c, ':' | '：'));
    let name: String = text.chars().take(colon.unwrap_or(0)).collect();
    let name = name.trim();
    match NAMES.iter().find(|(known, _)| *known == name) {
        Some((_, Field::Message)) => {
            let value: String = half.chars().skip(colon.map_or(0, |at| at + 1)).collect();
            Severity::named(value.trim()).map_or((Field::Message, 0), |severity| (Field::Severity(severity), 0))
        }
        Some((_, field)) => (*field, colon.map_or(0, |at| at + 1)),
        None => (Field::Message, 0),
    }
}

/// Reads the fields behind the formula.
pub(super) fn fields(lexer: &mut Lexer<'_>) -> Fields {
    let mut fields = Fields::default();
    while lexer.accept('|') {
        let from = lexer.at;
        let to = lexer.find('|').unwrap_or(lexer.raw.len());
        one(lexer, &mut fields, from, to);
        lexer.at = to;
    }
    fields
}

fn one(lexer: &mut Lexer<'_>, fields: &mut Fields, from: usize, to: usize) {
    let text: String = lexer.raw.get(from..to).unwrap_or_default().iter().collect();
    let (kind, skip) = field(&text);
    let value: String = text.chars().skip(skip).collect();
    let blank = value.chars().take_while(|c| c.is_whitespace()).count();
    let (start, value) = (from + skip + blank, value.trim().to_owned());
    let end = start + value.chars().count();
    lexer.at = end;
    if value.is_empty() {
        lexer.wrong(from.saturating_sub(1), "竖线后面没有内容,请删去竖线,或写级别、提示语等。");
        return;
    }
    let meta = &mut fields.meta;
    let repeated = match kind {
        Field::Severity(severity) => meta.severity.replace(severity).is_some(),
        Field::Units => meta.units.replace(value).is_some(),
        Field::Source => meta.source.replace(value).is_some(),
        Field::Validity => {
            let Some(validity) = validity(&value) else {
                lexer.wrong(start, "有效期写成 2024-01~2025-12,没有止期写 2024-01~;起不能晚于止。");
                return;
            };
            meta.validity.replace(validity).is_some()
        }
        Field::Prompt | Field::Message => {
            let written = message::read(lexer, start, end);
            fields.message.replace(written).is_some()
        }
    };
    if repeated {
        lexer.at = end;
        lexer.wrong(start, "这一项写了两次,请删去一个。提示语里不能有竖线。");
    }
}

fn validity(text: &str) -> Option<Validity> {
    let text: String = text.chars().map(|c| if c == '至' { '~' } else { half_width(c) }).collect();
    let (from, to) = text.split_once('~')?;
    let bound = |text: &str| match text.trim() {
        "" => Some(None),
        day => is_day(day).then(|| Some(day.to_owned())),
    };
    let validity = Validity { from: bound(from)?, to: bound(to)? };
    let ordered = match (&validity.from, &validity.to) {
        (None, None) => false,
        (Some(from), Some(to)) => from.get(..to.len()).unwrap_or(from) <= to.as_str(),
        _ => true,
    };
    ordered.then_some(validity)
}

/// `2024`, `2024-07` or `2024-07-01`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let within = |text: &str, digits: usize, most: u32| {
        text.len() == digits
            && text.bytes().all(|b| b.is_ascii_digit())
            && (1..=most).contains(&text.parse().unwrap_or(0))
    };
    match parts.as_slice() {
        [year] => within(year, 4, 9999),
        [year, month] => within(year, 4, 9999) && within(month, 2, 12),
        [year, month, day] => within(year, 4, 9999) && within(month, 2, 12) && within(day, 2, 31),
        _ => false,
    }
}

/// The fields as text behind a formula, without severity and message.
pub(super) fn written(meta: &Meta) -> String {
    let mut text = String::new();
    let field = |text: &mut String, name: &str, value: &str| {
        let _ = write!(text, " | {name}:{value}");
    };
    if let Some(units) = &meta.units {
        field(&mut text, "适用", units);
    }
    if let Some(Validity { from, to }) = &meta.validity {
        let bound = |bound: &Option<String>| bound.clone().unwrap_or_default();
        field(&mut text, "有效", &format!("{}~{}", bound(from), bound(to)));
    }
    if let Some(source) = &meta.source {
        field(&mut text, "来源", source);
    }
    text
}
