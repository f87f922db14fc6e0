//! Text → tokens. Wrong characters are reported and skipped, so that the parser sees the rest.

use crate::error::{Errors, Span};
use crate::keyword::is_reserved;
use crate::limits::NAME_CHARS_MAX;
use crate::scalar::Scalar;

/// One token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Span,
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

/// Longest first: `<=` before `<`.
const SIGNS: &[&str] = &[
    ":=", "<-", "->", "||", "<=", ">=", "<>", "(", ")", "{", "}", "[", "]", ",", ";", ":", "+", "-", "*", "/", "=",
    "<", ">", "#",
];

/// All tokens of a text; the last one is always `End`.
pub(crate) fn tokens(source: &str, errors: &mut Errors) -> Vec<Token> {
    let mut lexer = Lexer { rest: source, line: 1, column: 1, position: 0, errors };
    let mut tokens = Vec::new();
    while let Some(first) = lexer.skip_blank() {
        let from = lexer.here();
        let kind = lexer.token(first);
        let span = from.to(lexer.here());
        tokens.push(Token { kind, span });
    }
    tokens.push(Token { kind: Kind::End, span: lexer.here() });
    tokens
}

struct Lexer<'a> {
    rest: &'a str,
    line: u32,
    column: u32,
    position: u32,
    errors: &'a mut Errors,
}

impl<'a> Lexer<'a> {
    fn here(&self) -> Span {
        Span { line: self.line, column: self.column, start: self.position, end: self.position }
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

    /// Skips spaces and comments; gives the first character of the next token.
    fn skip_blank(&mut self) -> Option<char> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}' | '\u{feff}'));
            if self.rest.starts_with("//") {
                self.take_while(|c| c != '\n' && c != '\r');
            } else if self.rest.starts_with("/*") {
                let from = self.here();
                if let Some(end) = self.rest.find("*/") {
                    self.take(end + 2);
                } else {
                    self.take(2);
                    let span = from.to(self.here());
                    self.errors.push(span, "注释没有结束,请在末尾补上 */。");
                    self.take(self.rest.len());
                }
            } else {
                return self.rest.chars().next();
            }
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

    fn number(&mut self) -> Kind {
        let from = self.here();
        let whole = self.take_while(|c| c.is_ascii_digit());
        let mut after = self.rest.chars();
        let part = if after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
            self.take(1);
            Some(self.take_while(|c| c.is_ascii_digit()))
        } else {
            None
        };
        let tail = self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let span = from.to(self.here());
        if !tail.is_empty() {
            self.errors
                .push(span, format!("数字后面紧跟着“{tail}”。数字只写成 12 或 12.5;以数字开头的名称请加单引号。"));
            return Kind::Wrong;
        }
        let value = match part {
            None => whole.parse().ok().map(Scalar::Integer),
            Some(part) => Scalar::parse_number(&format!("{whole}.{part}")),
        };
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
        if is_reserved(word) {
            return Kind::Word(word.to_owned());
        }
        // VTL reads `Z1:c213` as ONE name (agency:structure), which nobody means in a rule.
        let mut after = self.rest.chars();
        if after.next() == Some(':') && after.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
            let at = self.here();
            let span = Span { end: at.end + 1, ..at };
            self.errors.push(span, format!("冒号后面要有空格,请写成 {word}: …,否则会被读成一个名称。"));
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
