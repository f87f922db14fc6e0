//! Text → tokens. Wrong characters are reported and skipped, so that the parser sees the rest.

use crate::error::{Errors, Span};
use crate::keyword::{is_reserved, quoted};
use crate::limits::NAME_CHARS_MAX;
use crate::scalar::Scalar;
use std::fmt;

/// One token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// Where it begins and ends in bytes.
    pub bytes: (usize, usize),
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A name, without its quotes.
    Name(String),
    /// A reserved word, including `true`, `false`, `null` and the names of functions.
    Word(String),
    /// An unsigned number or a text.
    Constant(Scalar),
    /// Operators and punctuation.
    Sign(&'static str),
    /// Something that was already reported.
    Wrong,
    /// After the last token.
    End,
}

/// As it is written in a script.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Name(name) => f.write_str(&quoted(name)),
            Kind::Word(word) => f.write_str(word),
            Kind::Constant(value) => write!(f, "{value}"),
            Kind::Sign(sign) => f.write_str(sign),
            Kind::Wrong | Kind::End => Ok(()),
        }
    }
}

/// Longest first: `<=` before `<`.
const SIGNS: &[&str] = &[
    ":=", "<-", "->", "||", "<=", ">=", "<>", "(", ")", "{", "}", "[", "]", ",", ";", ":", "+", "-", "*", "/", "=",
    "<", ">", "#",
];

/// A comment with its place; the text is in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comment {
    pub span: Span,
    /// Where it begins and ends in bytes.
    pub bytes: (usize, usize),
    /// How many tokens stand before it.
    pub after: usize,
}

/// All tokens of a text; the last one is always `End`.
pub(crate) fn tokens(source: &str, errors: &mut Errors) -> Vec<Token> {
    with_comments(source, errors).0
}

/// All tokens and all comments of a text.
pub(crate) fn with_comments(source: &str, errors: &mut Errors) -> (Vec<Token>, Vec<Comment>) {
    let mut lexer = Lexer { rest: source, length: source.len(), line: 1, column: 1, position: 0, errors };
    let mut tokens = Vec::new();
    let mut comments = Vec::new();
    while let Some(first) = lexer.skip_blank() {
        if lexer.rest.starts_with("//") || lexer.rest.starts_with("/*") {
            let (from, byte) = (lexer.here(), lexer.byte());
            lexer.comment();
            let span = from.to(lexer.here());
            comments.push(Comment { span, bytes: (byte, lexer.byte()), after: tokens.len() });
            continue;
        }
        let (from, byte) = (lexer.here(), lexer.byte());
        let kind = lexer.token(first);
        let span = from.to(lexer.here());
        tokens.push(Token { kind, span, bytes: (byte, lexer.byte()) });
    }
    tokens.push(Token { kind: Kind::End, span: lexer.here(), bytes: (source.len(), source.len()) });
    (tokens, comments)
}

struct Lexer<'a> {
    rest: &'a str,
    length: usize,
    line: u32,
    column: u32,
    position: u32,
    errors: &'a mut Errors,
}

impl<'a> Lexer<'a> {
    fn here(&self) -> Span {
        Span { line: self.line, column: self.column, start: self.position, end: self.position }
    }

    fn byte(&self) -> usize {
        self.length - self.rest.len()
    }

    /// Moves over the next `bytes` bytes and gives them back.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (text, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        for c in text.chars() {
            self.position += 1;
            self.column += 1;
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            }
        }
        self.rest = rest;
        text
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len()))
    }

    /// Skips spaces; gives the first character of the next token or comment.
    fn skip_blank(&mut self) -> Option<char> {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}' | '\u{feff}'));
        self.rest.chars().next()
    }

    fn comment(&mut self) {
        if self.rest.starts_with("//") {
            self.take_while(|c| c != '\n' && c != '\r');
        } else if let Some(end) = self.rest.get(2..).and_then(|rest| rest.find("*/")) {
            self.take(end + 4);
        } else {
            let from = self.here();
            self.take(2);
            let span = from.to(self.here());
            self.errors.push(span, "注释没有结束,请在末尾补上 */。");
            self.take(self.rest.len());
        }
    }

    fn token(&mut self, first: char) -> Kind {
        match first {
            '0'..='9' => self.number(),
            '"' => self.text(),
            '\'' => self.quoted_name(),
            '_' | 'A'..='Z' | 'a'..='z' => self.word(),
            _ => match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
                Some(sign) => {
                    self.take(sign.len());
                    Kind::Sign(sign)
                }
                None => self.stranger(first),
            },
        }
    }

    /// A number, or a name that begins with a digit: `12`, `12.5`, `1A`.
    fn number(&mut self) -> Kind {
        let from = self.here();
        let written = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let mixed = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let span = from.to(self.here());
        if mixed.is_empty() && written.contains(|c: char| c.is_ascii_alphabetic()) {
            return self.name(written.to_owned(), span);
        }
        let (whole, part) = written.split_once('.').unwrap_or((written, "0"));
        let is_plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !mixed.is_empty() || !is_plain(whole) || !is_plain(part) {
            let message = format!("“{written}{mixed}”不是数。数只写成 12 或 12.5;名称含有汉字或其他字符时要加单引号。");
            self.errors.push(span, message);
            return Kind::Wrong;
        }
        let value =
            if written.contains('.') { Scalar::parse_number(written) } else { whole.parse().ok().map(Scalar::Integer) };
        if let Some(value) = value {
            return Kind::Constant(value);
        }
        self.errors.push(span, "这个数太长:整数最多 18 位,小数连同小数位最多 38 位。");
        Kind::Wrong
    }

    fn text(&mut self) -> Kind {
        let from = self.here();
        self.take(1);
        let Some(end) = self.rest.find('"') else {
            let span = from.to(self.here());
            self.take_while(|c| c != '\n' && c != ';');
            self.errors.push(span, "字符串没有结束,请补上右双引号 \"。");
            return Kind::Wrong;
        };
        let value = self.take(end).to_owned();
        self.take(1);
        Kind::Constant(Scalar::Text(value))
    }

    fn quoted_name(&mut self) -> Kind {
        let from = self.here();
        self.take(1);
        let mut name = String::new();
        loop {
            name.push_str(self.take_while(|c| c != '\'' && c != '\\' && c != '\n'));
            if self.rest.starts_with("\\'") {
                self.take(2);
                name.push('\'');
            } else if self.rest.starts_with('\\') {
                name.push_str(self.take(1));
            } else {
                break;
            }
        }
        let closed = !self.take(usize::from(self.rest.starts_with('\''))).is_empty();
        let span = from.to(self.here());
        if !closed {
            self.errors.push(span, "名称没有结束,请补上右单引号 '。");
            return Kind::Wrong;
        }
        self.name(name, span)
    }

    fn word(&mut self) -> Kind {
        let from = self.here();
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let mixed = self.take_while(|c| c.is_alphanumeric() || c == '_');
        if !mixed.is_empty() {
            let span = from.to(self.here());
            self.errors.push(span, format!("名称含有汉字或其他字符时要加单引号,请写成 '{word}{mixed}'。"));
            return Kind::Name(format!("{word}{mixed}"));
        }
        if word == "_" {
            return Kind::Sign("_");
        }
        if let Some(length) = qualified(self.rest) {
            // Blanks around a version are no part of the name.
            let rest = self.take(length).replace(BLANKS, "");
            return self.name(format!("{word}{rest}"), from.to(self.here()));
        }
        if is_reserved(word) {
            return Kind::Word(word.to_owned());
        }
        if word.starts_with('_') {
            let span = from.to(self.here());
            self.errors.push(span, format!("名称不能以下划线开头,除非加单引号:'{word}'。"));
        }
        self.name(word.to_owned(), from.to(self.here()))
    }

    fn name(&mut self, name: String, span: Span) -> Kind {
        let chars = name.chars().count();
        if chars == 0 {
            self.errors.push(span, "名称不能为空。");
        } else if chars > NAME_CHARS_MAX {
            self.errors.push(span, format!("名称有 {chars} 个字符,最多 {NAME_CHARS_MAX} 个。"));
        }
        Kind::Name(name)
    }

    /// A character that starts nothing. Chinese names and full-width signs get their own advice.
    fn stranger(&mut self, first: char) -> Kind {
        let from = self.here();
        if first.is_alphabetic() {
            let name = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '.');
            let span = from.to(self.here());
            self.errors.push(span, format!("名称含有汉字或其他字符时要加单引号,请写成 '{name}'。"));
            return Kind::Name(name.to_owned());
        }
        self.take(first.len_utf8());
        let span = from.to(self.here());
        let advice = match ascii_of(first) {
            Some(half) => format!("“{first}”是全角符号,请改为半角的 {half}。"),
            None => format!("这里不能用字符“{first}”,请删去。"),
        };
        self.errors.push(span, advice);
        Kind::Wrong
    }
}

/// What may stand around a version within its brackets.
const BLANKS: [char; 2] = [' ', '\t'];

/// How long the rest of a name as SDMX writes it is, `AGENCY:ID(1.0):CODE` without the agency: VTL reads it as ONE name.
fn qualified(rest: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let part = |text: &str| text.find(|c| !is_part(c)).unwrap_or(text.len());
    let id = rest.strip_prefix(':').filter(|id| id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))?;
    let mut length = 1 + part(id);
    if let Some(bracket) = rest.get(length..).and_then(|rest| rest.strip_prefix('(')) {
        let is_sign = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '+' | '*' | '~') || BLANKS.contains(&c);
        let (version, after) = bracket.split_at(bracket.find(|c| !is_sign(c)).unwrap_or(bracket.len()));
        if after.starts_with(')') && is_version(version.trim_matches(BLANKS)) {
            length += version.len() + 2;
        }
    }
    let code = rest.get(length..).and_then(|rest| rest.strip_prefix(':')).map_or(0, part);
    Some(if code > 0 { length + 1 + code } else { length })
}

/// `1.0`, `1.0.+`, `*`
fn is_version(text: &str) -> bool {
    let wild = |part: &str| matches!(part, "_" | "+" | "*" | "~");
    let number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    match text.rsplit_once('.') {
        Some((before, last)) => before.split('.').all(number) && (number(last) || wild(last)),
        None => number(text) || wild(text),
    }
}

/// The ASCII sign that a Chinese input method put here in its wide form.
fn ascii_of(c: char) -> Option<&'static str> {
    Some(match c {
        '，' => ",",
        '；' => ";",
        '：' => ":",
        '（' => "(",
        '）' => ")",
        '“' | '”' => "\"",
        '‘' | '’' => "'",
        '＝' => "=",
        '＋' => "+",
        '－' | '−' => "-",
        '×' => "*",
        '÷' => "/",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "<>",
        '＞' => ">",
        '＜' => "<",
        _ => return None,
    })
}
