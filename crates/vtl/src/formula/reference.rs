//! What stands in brackets and braces: cells, wildcards, sets of codes, periods.

use super::layout::Shift;
use super::lexer::{Kind, Lexer, is_word};
use crate::error::Span;

/// A cell as written: rows and columns may still be open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reference {
    /// The place of the form in the layout.
    pub form: usize,
    pub row: Index,
    pub column: Index,
    /// `''`: the sum over all lines of a list row.
    pub is_sum: bool,
    /// True inside `SUM(…)`, where ranges add up.
    pub is_added: bool,
    pub shift: Shift,
}

/// A row or a column as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Index {
    /// A code.
    One(String),
    /// `*`, or left out.
    Any,
    /// `2~5` or `{2,4~6}`.
    Many(Vec<Item>),
}

/// One item of a set: a code, or all codes from one to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub from: String,
    pub to: Option<String>,
    pub span: Span,
}

/// Rows or columns, for messages and look-ups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Axis {
    Row,
    Column,
}

impl Axis {
    pub fn chinese(self) -> &'static str {
        match self {
            Axis::Row => "行",
            Axis::Column => "栏",
        }
    }
}

impl Lexer<'_> {
    /// `[row]`, `[row,column]`, `[row,'']` or `[row,column,'']`, then a period and a linked task.
    pub(super) fn cell(&mut self, form: usize) -> Kind {
        let from = self.at;
        let Some(end) = self.find(']') else {
            self.at = self.raw.len();
            return self.wrong(from, "方括号没有配对,请补上右方括号 ]。");
        };
        self.at += 1;
        let parts = self.parts(end);
        self.at = end + 1;
        let codes: Vec<(usize, &str)> = parts.iter().map(|(from, text)| (*from, text.as_str())).collect();
        let (row, column, is_sum) = match codes.as_slice() {
            [row] => (*row, (0, "*"), false),
            [row, (_, "''" | "\"\"")] => (*row, (0, "*"), true),
            [row, column] => (*row, *column, false),
            [row, column, (_, "''" | "\"\"")] => (*row, *column, true),
            _ => return self.wrong(from, "方括号里写行和栏,如 [2,1];整行写 [2];浮动行合计写 [2,1,'']。"),
        };
        let suffix = self.suffix(form);
        let Some((form, shift)) = suffix else { return Kind::Wrong };
        let row = self.index(row, form, Axis::Row);
        let column = self.index(column, form, Axis::Column);
        match (row, column) {
            (Some(row), Some(column)) => Kind::Cell(Reference { form, row, column, is_sum, is_added: false, shift }),
            _ => Kind::Wrong,
        }
    }

    /// The pieces between commas up to `end`, trimmed, each with its place; commas in braces do not count.
    fn parts(&mut self, end: usize) -> Vec<(usize, String)> {
        let mut parts = Vec::new();
        loop {
            self.skip_blank();
            let from = self.at;
            let mut depth = 0_u32;
            let mut piece = String::new();
            while let Some(c) = self.peek(0).filter(|c| self.at < end && (*c != ',' || depth > 0)) {
                depth = match c {
                    '{' => depth + 1,
                    '}' => depth.saturating_sub(1),
                    _ => depth,
                };
                piece.push(c);
                self.at += 1;
            }
            parts.push((from, piece.trim_end().to_owned()));
            if self.at >= end || !self.accept(',') {
                return parts;
            }
        }
    }

    /// `.-1` and `@1`, in any order.
    fn suffix(&mut self, form: usize) -> Option<(usize, Shift)> {
        let (mut form, mut shift, from) = (form, Shift::Now, self.at);
        loop {
            if self.peek(0) == Some('.') && shift == Shift::Now {
                shift = self.shift()?;
            } else if self.peek(0) == Some('@') {
                self.at += 1;
                let task = self.take_while(|c| c.is_ascii_digit());
                let bare = self.layout.forms().get(form).map_or("", |form| form.code.as_str());
                let code = format!("{}@{task}", bare.split('@').next().unwrap_or(bare));
                let Some(found) = self.layout.forms().iter().position(|form| form.code == code) else {
                    self.no_form(from, &code);
                    return None;
                };
                form = found;
            } else {
                break;
            }
        }
        let known = self.layout.forms().get(form)?;
        if shift != Shift::Now && !known.shifts.contains(&shift) {
            let (sign, offered) = (shift.sign(), offered(&known.shifts));
            self.wrong(from, format!("表 {} 没有提供“{sign}”的数据。{offered}", known.code));
            return None;
        }
        Some((form, shift))
    }

    /// A period behind a dot.
    pub(super) fn shift(&mut self) -> Option<Shift> {
        let from = self.at;
        self.at += 1;
        let shift = if self.accept('-') {
            let count = self.take_while(|c| c.is_ascii_digit()).parse::<u8>().ok().filter(|count| *count > 0);
            let years = self.accept('Y') || self.accept('y') || self.accept('年');
            count.map(|count| if years { Shift::Years(count) } else { Shift::Periods(count) })
        } else {
            match self.take_while(is_word).to_ascii_uppercase().as_str() {
                "上期" => Some(Shift::Periods(1)),
                "上年同期" => Some(Shift::Years(1)),
                "YTD" | "累计" => Some(Shift::YearToDate),
                "YE" | "上年末" => Some(Shift::YearEnd),
                _ => None,
            }
        };
        if shift.is_none() {
            self.wrong(from, "跨期写成 .-1(上期)、.-1Y(上年同期)、.YTD(年初累计)或 .YE(上年末)。");
        }
        shift
    }

    fn index(&mut self, (from, text): (usize, &str), form: usize, axis: Axis) -> Option<Index> {
        if text == "*" {
            return Some(Index::Any);
        }
        if !text.contains(['~', '{']) {
            return self.code(from, text, form, axis).map(Index::One);
        }
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let from = if inner.is_some() { from + 1 } else { from };
        let items = self.items(from, inner.unwrap_or(text));
        let known = items.iter().map(|item| self.item(item, form, axis)).collect::<Option<Vec<Item>>>();
        known.filter(|items| !items.is_empty()).map(Index::Many)
    }

    /// A code as the form writes it: leading zeros may be left out if that is clear.
    fn code(&mut self, from: usize, text: &str, form: usize, axis: Axis) -> Option<String> {
        let span = self.span(from, from + text.chars().count().max(1));
        match self.layout.code(form, axis, text) {
            Ok(code) => Some(code.to_owned()),
            Err(message) => {
                self.errors.push(span, message);
                None
            }
        }
    }

    fn item(&mut self, item: &Item, form: usize, axis: Axis) -> Option<Item> {
        match self.layout.known_item(item, form, axis) {
            Ok(item) => Some(item),
            Err(message) => {
                self.errors.push(item.span, message);
                None
            }
        }
    }

    /// `{1~6,8}` behind a formula. Which axis it is for, and so which codes are known, is seen later.
    pub(super) fn set(&mut self) -> Kind {
        let from = self.at;
        let Some(end) = self.find('}') else {
            self.at = self.raw.len();
            return self.wrong(from, "花括号没有配对,请补上右花括号 }。");
        };
        let inner: String = (from + 1..end).filter_map(|at| self.peek(at - from)).collect();
        let items = self.items(from + 1, &inner);
        self.at = end + 1;
        if items.iter().any(|item| item.from.is_empty() || item.to.as_ref().is_some_and(String::is_empty)) {
            return self.wrong(from, "花括号里写行号或栏号,如 {1~6} 或 {30,31,38~45}。");
        }
        Kind::Set(items)
    }

    fn items(&self, from: usize, text: &str) -> Vec<Item> {
        let mut at = from;
        let mut items = Vec::new();
        for piece in text.split(',') {
            let length = piece.chars().count();
            let blank = piece.chars().take_while(|c| c.is_whitespace()).count();
            let span = self.span(at + blank, at + blank + piece.trim().chars().count().max(1));
            let (from, to) = match piece.split_once('~') {
                Some((from, to)) => (from.trim(), Some(to.trim().to_owned())),
                None => (piece.trim(), None),
            };
            items.push(Item { from: from.to_owned(), to, span });
            at += length + 1;
        }
        items
    }
}

/// What a form or an attribute offers beside the current period.
pub(super) fn offered(shifts: &[Shift]) -> String {
    if shifts.is_empty() {
        return "它没有跨期数据。".to_owned();
    }
    let signs: Vec<String> = shifts.iter().map(|shift| shift.sign()).collect();
    format!("可用的有 {}。", signs.join("、"))
}
