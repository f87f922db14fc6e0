//! The sentence shown when a formula does not hold, with places for figures.

use super::expand::{Place, Wrong};
use super::layout::{Layout, Meaning};
use super::lexer::{Kind, Lexer};
use super::reference::{Axis, Reference};
use crate::error::{Errors, Span};
use crate::explain::{Language, figure};
use crate::scalar::{Record, Scalar};

/// Message 提示语 — text with places for values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message(pub Vec<Part>);

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// `{[301,1]}`: the value of a component.
    Value(String),
    /// `{差}`: left side minus right side.
    Difference,
}

impl Message {
    /// Reads a message alone, as `errorcode` holds it; what is wrong with it is told in a sentence.
    pub fn parse(text: &str, layout: &Layout) -> Result<Message, String> {
        let raw: Vec<char> = text.chars().collect();
        let mut errors = Errors::default();
        let mut lexer = Lexer::new(&raw, 1, 0, layout, &mut errors);
        let written = read(&mut lexer, 0, raw.len());
        match errors.0.first() {
            Some(error) => Err(error.message.clone()),
            None => resolve(&written, layout, &Place::default()).map_err(|(_, message)| message),
        }
    }

    /// The sentence for a record, with figures as in explanations; what is null or unknown reads 空.
    pub fn fill(&self, record: &Record, difference: Option<&Scalar>) -> String {
        let shown = |value: Option<&Scalar>| figure(value.unwrap_or(&Scalar::Null), Language::Chinese);
        let piece = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Value(name) => shown(record.get(name)),
            Part::Difference => shown(difference),
        };
        self.0.iter().map(piece).collect()
    }

    /// As written in a formula and after `errorcode`.
    pub fn template(&self, layout: &Layout) -> String {
        let piece = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Difference => "{差}".to_owned(),
            Part::Value(name) => match layout.meaning(name) {
                Some(Meaning::Cell(form, cell, shift)) => {
                    format!("{{{}}}", super::print::cell(layout, form, cell, shift))
                }
                _ => "{}".to_owned(),
            },
        };
        self.0.iter().map(piece).collect()
    }
}

/// A piece as written, before the wildcards are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    Text(String),
    Value(Reference, Span),
    Difference,
}

/// Reads the message between `from` and `to` of the line.
pub(super) fn read(lexer: &mut Lexer<'_>, from: usize, to: usize) -> Vec<Written> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut is_told = false;
    lexer.at = from;
    while lexer.at < to {
        let at = lexer.at;
        match lexer.raw.get(at) {
            Some('{') => {
                if !text.is_empty() {
                    parts.push(Written::Text(std::mem::take(&mut text)));
                }
                parts.extend(placeholder(lexer, to));
            }
            Some(c) => {
                if matches!(c, '"' | '＂' | '}') && !std::mem::replace(&mut is_told, true) {
                    lexer.wrong(at, "提示语里不能用英文双引号和单独的花括号,引用文字请用“”。");
                }
                text.push(*c);
                lexer.at += 1;
            }
            None => break,
        }
    }
    if !text.is_empty() {
        parts.push(Written::Text(text));
    }
    parts
}

fn placeholder(lexer: &mut Lexer<'_>, to: usize) -> Option<Written> {
    let from = lexer.at;
    let Some(end) = lexer.find('}').filter(|end| *end < to) else {
        lexer.at = to;
        lexer.wrong(from, "提示语里的花括号没有配对。");
        return None;
    };
    let inner: String = lexer.raw.get(from + 1..end).unwrap_or_default().iter().collect();
    if inner.trim() == "差" {
        lexer.at = end + 1;
        return Some(Written::Difference);
    }
    lexer.at = from + 1;
    let errors = lexer.errors.0.len();
    let token = lexer.tokens_until(end);
    let found = match token.as_slice() {
        [token] => match &token.kind {
            Kind::Cell(reference) => Some(Written::Value(reference.clone(), token.span)),
            _ => None,
        },
        _ => None,
    };
    lexer.at = end + 1;
    if found.is_none() && lexer.errors.0.len() == errors {
        lexer.wrong(from, "提示语的花括号里只能写一个单元格或“差”,如 {[301,1]}、{差}。");
    }
    found
}

/// The message for one place of the wildcards.
pub(super) fn resolve(written: &[Written], layout: &Layout, place: &Place) -> Result<Message, Wrong> {
    let part = |written: &Written| match written {
        Written::Text(text) => Ok(Part::Text(text.clone())),
        Written::Difference => Ok(Part::Difference),
        Written::Value(reference, span) => {
            let rows = layout.stands_for(reference, Axis::Row, place);
            let columns = layout.stands_for(reference, Axis::Column, place);
            let cell = match (rows.as_slice(), columns.as_slice()) {
                ([row], [column]) => layout.cell(reference.form, row, column),
                _ => None,
            };
            let cell = cell.filter(|cell| cell.is_list == reference.is_sum);
            let wrong = || (*span, "提示语里的单元格要与公式一样写明行和栏,并且表里有这个单元格。".to_owned());
            Ok(Part::Value(cell.ok_or_else(wrong)?.component(reference.shift)))
        }
    };
    written.iter().map(part).collect::<Result<_, Wrong>>().map(Message)
}
