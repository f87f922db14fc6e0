//! Tokens → tree. Statements and rulesets are in `parser::statement` and below, expressions in `parser::expression`.
//!
//! A mistake is reported where it is seen; reading goes on at the next `;`, so that one run shows several mistakes.

mod aggregate;
mod call;
mod clause;
mod expression;
mod hierarchical;
mod join;
mod operator;
mod ruleset;
mod statement;
mod validation;
mod viral;

use crate::ast::{Expr, ExprKind, Script, TypeName};
use crate::error::{Errors, Span};
use crate::lexer::{self, Kind, Token};
use crate::limits::SCRIPT_BYTES_MAX;
use crate::scalar::Scalar;

/// Reads a script: definitions and assignments.
pub fn parse(source: &str) -> Result<Script, Errors> {
    let mut parser = Parser::new(source)?;
    let script = parser.script();
    parser.errors.or(script)
}

/// Reads one expression, such as the derivation of a cell.
pub fn parse_expression(source: &str) -> Result<Expr, Errors> {
    let mut parser = Parser::new(source)?;
    let expr = parser.expression(0);
    if expr.is_ok() && !parser.is_end() {
        parser.wrong("表达式到这里应当结束");
    }
    match expr {
        Ok(expr) => parser.errors.or(expr),
        Err(Reported) => Err(parser.errors),
    }
}

/// The mistake is already among the errors.
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: u32,
    /// Inside rules and clauses, where names are components and datasets cannot be computed.
    is_component: bool,
    errors: Errors,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Result<Parser<'a>, Errors> {
        let mut errors = Errors::default();
        if source.len() > SCRIPT_BYTES_MAX {
            let place = Span { line: 1, column: 1, start: 0, end: 0 };
            errors.push(place, format!("脚本有 {} 字节,最多 {SCRIPT_BYTES_MAX} 字节。请分成几个文件。", source.len()));
            return Err(errors);
        }
        let tokens = lexer::tokens(source, &mut errors);
        Ok(Parser { source, tokens, at: 0, nesting: 0, is_component: false, errors })
    }

    /// The token `ahead` places from here; past the end it is `End`.
    fn peek(&self, ahead: usize) -> &Kind {
        self.tokens.get(self.at + ahead).map_or(&Kind::End, |token| &token.kind)
    }

    fn here(&self) -> Span {
        self.tokens.get(self.at).map(|token| token.span).unwrap_or_default()
    }

    /// The place of the token just passed.
    fn before(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| token.span).unwrap_or_default()
    }

    /// Directly behind the last token: where something is missing at the end of the script.
    fn behind(&self) -> Span {
        let Some(last) = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) else { return self.here() };
        let written = self.source.get(..last.bytes.1).unwrap_or_default();
        // A text may end on another line than it begins.
        let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let line = narrow(written.matches('\n').count() + 1);
        let column = narrow(written.chars().rev().take_while(|c| *c != '\n').count() + 1);
        Span { line, column, start: last.span.end, end: last.span.end }
    }

    fn is_end(&self) -> bool {
        *self.peek(0) == Kind::End
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(0), Kind::Sign(found) if *found == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(0), Kind::Word(found) if found == word)
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len().saturating_sub(1));
    }

    fn accept_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    fn accept_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// Reports the token here as wrong. `what` says, without a full stop, what was expected.
    fn wrong(&mut self, what: &str) -> Reported {
        let found = match self.peek(0) {
            Kind::Wrong => return Reported,
            Kind::End => "脚本已经结束".to_owned(),
            Kind::Name(name) => format!("却是名称“{name}”"),
            Kind::Word(word) => format!("却是“{word}”"),
            Kind::Constant(value) => format!("却是常数 {value}"),
            Kind::Sign(sign) => format!("却是“{sign}”"),
        };
        let place = if self.is_end() { self.behind() } else { self.here() };
        self.errors.push(place, format!("{what},{found}。"));
        Reported
    }

    fn expect_sign(&mut self, sign: &str, what: &str) -> Parsed<()> {
        if self.accept_sign(sign) { Ok(()) } else { Err(self.wrong(what)) }
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.accept_word(word) { Ok(()) } else { Err(self.wrong(&format!("这里应写 {word}"))) }
    }

    /// The text of the token here.
    fn text(&self) -> &'a str {
        self.tokens.get(self.at).and_then(|token| self.source.get(token.bytes.0..token.bytes.1)).unwrap_or_default()
    }

    /// Everything from the token at `from` to the one before this, with single spaces between tokens.
    fn written(&self, from: usize) -> String {
        let tokens = self.tokens.get(from..self.at).unwrap_or_default();
        let words: Vec<String> = tokens.iter().map(|token| token.kind.to_string()).collect();
        words.join(" ")
    }

    /// One or more pieces with commas between them.
    fn list<T>(&mut self, mut piece: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut pieces = vec![piece(self)?];
        while self.accept_sign(",") {
            pieces.push(piece(self)?);
        }
        Ok(pieces)
    }

    /// Takes the word here if it is one of the choices.
    fn choice<T>(&mut self, named: impl Fn(&str) -> Option<T>) -> Option<T> {
        let Kind::Word(word) = self.peek(0) else { return None };
        let found = named(word)?;
        self.advance();
        Some(found)
    }

    fn name(&mut self, what: &str) -> Parsed<String> {
        match self.peek(0).clone() {
            Kind::Name(name) => {
                self.advance();
                Ok(name)
            }
            Kind::Word(word) => {
                let message = format!("“{word}”是 VTL 的保留字,用作名称时要加单引号:'{word}'。");
                self.errors.push(self.here(), message);
                Err(Reported)
            }
            _ => Err(self.wrong(&format!("这里应写{what}"))),
        }
    }

    /// A constant with an optional sign, as in sets and after `errorcode`.
    fn constant(&mut self) -> Parsed<Scalar> {
        let negative = self.accept_sign("-");
        let signed = negative || self.accept_sign("+");
        let value = match self.peek(0) {
            Kind::Constant(value) => value.clone(),
            Kind::Word(word) if word == "true" => Scalar::Boolean(true),
            Kind::Word(word) if word == "false" => Scalar::Boolean(false),
            Kind::Word(word) if word == "null" => Scalar::Null,
            _ => return Err(self.wrong("这里应写常数")),
        };
        let value = match value {
            Scalar::Integer(digits) if negative => Scalar::Integer(-digits),
            Scalar::Number { unscaled, scale } if negative => Scalar::Number { unscaled: -unscaled, scale },
            Scalar::Integer(_) | Scalar::Number { .. } => value,
            _ if signed => return Err(self.wrong("正负号后应写数")),
            other => other,
        };
        self.advance();
        Ok(value)
    }

    /// A constant, or `cast` of one, as sets, defaults and `sub` have them.
    fn scalar_item(&mut self) -> Parsed<Expr> {
        let from = self.here();
        if self.is_word("cast") && matches!(self.peek(1), Kind::Sign("(")) {
            let at = self.at;
            self.at += 2;
            self.constant()?;
            self.expect_sign(",", "cast 的第 1 个参数后应写逗号和类型")?;
            if matches!(self.peek(0), Kind::Name(_)) {
                return Err(self.wrong("常数只能转换为 integer、number、string、boolean、date 等基本类型"));
            }
            self.at = at;
            return self.cast(from);
        }
        let value = self.constant()?;
        Ok(Expr::new(ExprKind::Constant(value), from.to(self.before())))
    }

    /// The name of a scalar type or of a value domain.
    fn type_name(&mut self) -> Parsed<TypeName> {
        if let Some(name) = self.choice(TypeName::named) {
            return Ok(name);
        }
        if let Kind::Name(name) = self.peek(0).clone() {
            self.advance();
            return Ok(TypeName::Domain(name));
        }
        Err(self.wrong("这里应写类型,如 integer、number、string、boolean、date、time_period"))
    }
}
