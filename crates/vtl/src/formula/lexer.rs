//! One line of text → tokens. What a Chinese input method types in its wide form is read as its half-width twin.

use super::layout::{Layout, Shift};
use super::reference::{Item, Reference};
use crate::error::{Errors, Span};
use crate::nearest::nearest;
use crate::scalar::Scalar;

/// One token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Cell(Reference),
    /// `{…}` behind the formula: what the wildcards stand for.
    Set(Vec<Item>),
    /// `EXIST(…)` with the place of the form.
    Exist(usize),
    Constant(Scalar),
    /// `80%`, already divided by a hundred.
    Percent(Scalar),
    /// An attribute with its period, or a function.
    Word(String, Shift),
    /// A keyword in its English form.
    Key(&'static str),
    Sign(&'static str),
    /// Something that was already reported.
    Wrong,
    End,
}

const KEYS: &[(&str, &[&str])] = &[
    ("IF", &["若", "如果"]),
    ("THEN", &["则", "那么"]),
    ("ELSE", &["否则"]),
    ("AND", &["且", "并且"]),
    ("OR", &["或", "或者"]),
    ("XOR", &["异或"]),
    ("NOT", &["非"]),
    ("TRUE", &["真"]),
    ("FALSE", &["假"]),
    ("NULL", &["空"]),
];

/// As typed and as meant, longest first.
const SIGNS: &[(&str, &str)] = &[
    ("+/-", "±"),
    (">=", ">="),
    ("=>", ">="),
    ("<=", "<="),
    ("=<", "<="),
    ("<>", "<>"),
    ("!=", "<>"),
    ("==", "="),
    ("≥", ">="),
    ("≧", ">="),
    ("≤", "<="),
    ("≦", "<="),
    ("≠", "<>"),
    ("±", "±"),
    ("(", "("),
    (")", ")"),
    (",", ","),
    (";", ";"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("&", "&"),
];

/// Is this word a keyword or the name of one?
pub(super) fn key(word: &str) -> Option<&'static str> {
    let same = |(key, others): &&(&str, &[&str])| key.eq_ignore_ascii_case(word) || others.contains(&word);
    KEYS.iter().find(same).map(|(key, _)| *key)
}

/// Reads the characters of one line.
pub(super) struct Lexer<'a> {
    /// As typed.
    pub raw: &'a [char],
    /// The same characters, half-width.
    half: Vec<char>,
    /// The place of the next character in the line.
    pub at: usize,
    line: u32,
    /// The place of the line in the text.
    start: usize,
    pub layout: &'a Layout,
    pub errors: &'a mut Errors,
}

impl<'a> Lexer<'a> {
    pub fn new(raw: &'a [char], line: u32, start: usize, layout: &'a Layout, errors: &'a mut Errors) -> Lexer<'a> {
        Lexer { raw, half: raw.iter().map(|c| half_width(*c)).collect(), at: 0, line, start, layout, errors }
    }

    /// The place of some characters of the line.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Span {
            line: self.line,
            column: narrow(from + 1),
            start: narrow(self.start + from),
            end: narrow(self.start + to),
        }
    }

    /// Reports a mistake from `from` up to here.
    pub fn wrong(&mut self, from: usize, message: impl Into<String>) -> Kind {
        let span = self.span(from, self.at.max(from + 1));
        self.errors.push(span, message);
        Kind::Wrong
    }

    pub fn peek(&self, ahead: usize) -> Option<char> {
        self.half.get(self.at + ahead).copied()
    }

    pub fn accept(&mut self, c: char) -> bool {
        let found = self.peek(0) == Some(c);
        self.at += usize::from(found);
        found
    }

    pub fn skip_blank(&mut self) {
        while self.peek(0).is_some_and(char::is_whitespace) || self.peek(0) == Some('\u{feff}') {
            self.at += 1;
        }
    }

    pub fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let from = self.at;
        while self.peek(0).is_some_and(&keep) {
            self.at += 1;
        }
        self.half.get(from..self.at).unwrap_or_default().iter().collect()
    }

    /// The first place of `c` from here on.
    pub fn find(&self, c: char) -> Option<usize> {
        self.half.get(self.at..)?.iter().position(|found| *found == c).map(|ahead| self.at + ahead)
    }

    /// The name in front of a colon, if the line begins with one.
    pub fn id(&mut self) -> Option<(String, Span)> {
        self.skip_blank();
        let from = self.at;
        let stops = |c: char| matches!(c, ':' | '[' | '"' | '(' | '{' | '|' | '=' | '<' | '>' | '/' | '#');
        let colon = self.half.get(from..)?.iter().position(|c| stops(*c)).map(|ahead| from + ahead)?;
        if self.half.get(colon) != Some(&':') {
            return None;
        }
        let id: String = self.half.get(from..colon).unwrap_or_default().iter().collect();
        let id = id.trim_end().to_owned();
        let span = self.span(from, from + id.chars().count());
        self.at = colon + 1;
        Some((id, span))
    }

    /// Every token of the formula, up to the comment or the first `|`; the last one is `End`.
    pub fn tokens(&mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        loop {
            self.skip_blank();
            let from = self.at;
            let Some(first) = self.peek(0).filter(|c| *c != '|' && !self.is_comment()) else { break };
            let kind = self.token(first);
            self.at = self.at.max(from + 1);
            tokens.push(Token { kind, span: self.span(from, self.at) });
        }
        let end = self.span(self.at, self.at);
        tokens.push(Token { kind: Kind::End, span: end });
        tokens
    }

    /// The tokens between here and `end`, as in the placeholder of a message.
    pub fn tokens_until(&mut self, end: usize) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.skip_blank();
        while let Some(first) = self.peek(0).filter(|_| self.at < end) {
            let from = self.at;
            let kind = self.token(first);
            self.at = self.at.max(from + 1);
            tokens.push(Token { kind, span: self.span(from, self.at) });
            self.skip_blank();
        }
        tokens
    }

    pub fn is_comment(&self) -> bool {
        let slash = |ahead: usize| matches!(self.raw.get(self.at + ahead), Some('/' | '／'));
        self.peek(0) == Some('#') || (slash(0) && slash(1))
    }

    fn token(&mut self, first: char) -> Kind {
        if let Some(form) = self.form() {
            return self.cell(form);
        }
        match first {
            '[' => self.cell(0),
            '{' => self.set(),
            '"' => self.text(),
            '0'..='9' => self.number(),
            c if is_word(c) => self.word(),
            _ => self.sign(first),
        }
    }

    /// Moves over the code of a form if `[` follows; of several that fit, the longest counts.
    fn form(&mut self) -> Option<usize> {
        let fits = |code: &str| {
            let bare = code.split('@').next().unwrap_or(code);
            let count = bare.chars().count();
            let same =
                bare.chars().enumerate().all(|(at, c)| self.peek(at).is_some_and(|d| d.eq_ignore_ascii_case(&c)));
            let mut after = self.half.get(self.at + count..)?.iter().filter(|c| !c.is_whitespace());
            (count > 0 && same && after.next() == Some(&'[')).then_some(count)
        };
        let found = self.layout.forms().iter().enumerate().filter_map(|(at, form)| Some((fits(&form.code)?, at)));
        let (count, form) = found.max_by_key(|(count, at)| (*count, std::cmp::Reverse(*at)))?;
        self.at += count;
        self.skip_blank();
        Some(form)
    }

    fn text(&mut self) -> Kind {
        let from = self.at;
        self.at += 1;
        let Some(end) = self.find('"') else {
            self.at = self.half.len();
            return self.wrong(from, "文字没有结束,请补上右双引号。");
        };
        let value: String = self.raw.get(self.at..end).unwrap_or_default().iter().collect();
        self.at = end + 1;
        Kind::Constant(Scalar::Text(value))
    }

    fn word(&mut self) -> Kind {
        let from = self.at;
        let word = self.take_while(is_word);
        if let Some(key) = key(&word) {
            return Kind::Key(key);
        }
        if word.eq_ignore_ascii_case("EXIST") || word == "已填报" {
            return self.exist(from);
        }
        if let Some(kind) = self.unknown_form(from) {
            return kind;
        }
        let shift = if self.peek(0) == Some('.') {
            let Some(shift) = self.shift() else { return Kind::Wrong };
            shift
        } else {
            Shift::Now
        };
        Kind::Word(word, shift)
    }

    /// `B999-1[` where no such form is known.
    fn unknown_form(&mut self, from: usize) -> Option<Kind> {
        let mut end = self.at;
        let word_at = |at: usize| self.half.get(at).is_some_and(|c| is_word(*c));
        while word_at(end) || (self.half.get(end) == Some(&'-') && word_at(end + 1)) {
            end += 1;
        }
        if self.half.get(end) != Some(&'[') {
            return None;
        }
        let code: String = self.half.get(from..end)?.iter().collect();
        self.at = end;
        let kind = self.no_form(from, &code);
        self.at = self.find(']').map_or(self.half.len(), |end| end + 1);
        Some(kind)
    }

    pub fn no_form(&mut self, from: usize, code: &str) -> Kind {
        let near = nearest(code, self.layout.forms().iter().map(|form| form.code.as_str()));
        let advice =
            if near.is_empty() { "请核对表号。".into() } else { format!("是否应为 {}？", near.join("、")) };
        self.wrong(from, format!("没有表号为“{code}”的表。{advice}"))
    }

    fn exist(&mut self, from: usize) -> Kind {
        self.skip_blank();
        let Some(end) = self.find(')').filter(|_| self.peek(0) == Some('(')) else {
            return self.wrong(from, "EXIST 后应在括号里写表号,如 EXIST(B204-1)。");
        };
        let code: String = self.half.get(self.at + 1..end).unwrap_or_default().iter().collect();
        let (code, code_from) = (code.trim().to_owned(), self.at + 1);
        let found = self.layout.forms().iter().position(|form| form.code.eq_ignore_ascii_case(&code));
        self.at = end;
        let kind = match found {
            None => self.no_form(code_from, &code),
            Some(form) if self.layout.forms().get(form).is_some_and(|form| form.filled.is_none()) => {
                self.wrong(code_from, format!("不知道表 {code} 是否填报,这里不能用 EXIST。"))
            }
            Some(form) => Kind::Exist(form),
        };
        self.at = end + 1;
        kind
    }

    fn sign(&mut self, first: char) -> Kind {
        let rest = self.half.get(self.at..).unwrap_or_default();
        let starts = |typed: &str| typed.chars().enumerate().all(|(at, c)| rest.get(at) == Some(&c));
        if let Some((typed, meant)) = SIGNS.iter().find(|(typed, _)| starts(typed)) {
            self.at += typed.chars().count();
            return Kind::Sign(meant);
        }
        let from = self.at;
        self.at += 1;
        match first {
            '\'' => {
                self.at = self.find('\'').map_or(self.at, |end| end + 1);
                self.wrong(from, "文字请用双引号,如 \"1\"。")
            }
            '^' => self.wrong(from, "这里不能用“^”,乘方请写 POWER(x,2)。"),
            _ => {
                let typed = self.raw.get(from).copied().unwrap_or(first);
                self.wrong(from, format!("这里不能用字符“{typed}”,请删去。"))
            }
        }
    }
}

/// Part of a word: a letter, a digit, a Chinese character or `_`.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The half-width character that was meant.
pub(super) fn half_width(c: char) -> char {
    match c {
        '！'..='～' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '、' => ',',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '。' => ';',
        '−' | '–' | '—' => '-',
        '×' => '*',
        '÷' => '/',
        '〜' | '∼' => '~',
        _ => c,
    }
}
