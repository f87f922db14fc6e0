//! Tokens → tree: definitions of rulesets. Expressions are in `parser::expression`.
//!
//! A mistake is reported where it is seen; reading goes on at the next `;`, so that one run shows several mistakes.

mod expression;

use crate::ast::{DatapointRuleset, Expr, Parameter, RuleItem, Script, Signature, Statement};
use crate::error::{Errors, Span};
use crate::lexer::{self, Kind, Token};
use crate::limits::{RULES_MAX, SCRIPT_BYTES_MAX};
use crate::scalar::Scalar;
use std::collections::HashSet;

/// Reads a script of ruleset definitions.
pub fn parse(source: &str) -> Result<Script, Errors> {
    let mut parser = Parser::new(source)?;
    let mut script = Script::default();
    while !parser.is_end() {
        match parser.ruleset() {
            Ok(ruleset) => {
                if script.ruleset(&ruleset.name).is_some() {
                    parser.errors.push(ruleset.span, format!("规则集“{}”定义了两次,请改名或删去一个。", ruleset.name));
                }
                script.statements.push(Statement::Datapoint(ruleset));
            }
            Err(Reported) => parser.skip_definition(),
        }
    }
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

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    nesting: u32,
    errors: Errors,
}

impl Parser {
    fn new(source: &str) -> Result<Parser, Errors> {
        let mut errors = Errors::default();
        if source.len() > SCRIPT_BYTES_MAX {
            let place = Span { line: 1, column: 1, start: 0, end: 0 };
            errors.push(place, format!("脚本有 {} 字节,最多 {SCRIPT_BYTES_MAX} 字节。请分成几个文件。", source.len()));
            return Err(errors);
        }
        let tokens = lexer::tokens(source, &mut errors);
        Ok(Parser { tokens, at: 0, nesting: 0, errors })
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
        let last = self.before();
        Span { column: last.column + last.length(), start: last.end, ..last }
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

    /// `define datapoint ruleset NAME (…) is … end datapoint ruleset;`
    fn ruleset(&mut self) -> Parsed<DatapointRuleset> {
        let start = self.here();
        self.expect_word("define")?;
        if self.is_word("hierarchical") || self.is_word("operator") {
            self.errors.push(self.here(), "这里只支持 datapoint ruleset(逐行审核规则集)。");
            return Err(Reported);
        }
        self.expect_word("datapoint")?;
        self.expect_word("ruleset")?;
        let name = self.name("规则集名称")?;
        self.expect_sign("(", "规则集名称后应写左括号 (")?;
        let signature = if self.accept_word("valuedomain") {
            Signature::ValueDomain
        } else {
            self.expect_word("variable")?;
            Signature::Variable
        };
        let parameters = self.parameters()?;
        self.expect_sign(")", "变量清单后应写右括号 ),变量之间用逗号分隔")?;
        self.expect_word("is")?;
        let rules = self.rules();
        for word in ["end", "datapoint", "ruleset"] {
            self.expect_word(word)?;
        }
        self.expect_sign(";", "end datapoint ruleset 后应写分号")?;
        Ok(DatapointRuleset { name, signature, parameters, rules, span: start.to(self.before()) })
    }

    fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let span = self.here();
            let name = self.name("变量名称")?;
            let alias = if self.accept_word("as") { Some(self.name("别名")?) } else { None };
            if !seen.insert(alias.clone().unwrap_or_else(|| name.clone())) {
                self.errors.push(span, format!("“{}”在变量清单中出现了两次。", alias.as_ref().unwrap_or(&name)));
            }
            parameters.push(Parameter { name, alias, span: span.to(self.before()) });
            if !self.accept_sign(",") {
                return Ok(parameters);
            }
        }
    }

    fn rules(&mut self) -> Vec<RuleItem> {
        let mut rules = Vec::new();
        let mut names = HashSet::new();
        loop {
            if self.is_word("end") {
                let message = if rules.is_empty() {
                    "规则集里没有规则。"
                } else {
                    "最后一条规则后不写分号。"
                };
                let span = if rules.is_empty() { self.here() } else { self.before() };
                self.errors.push(span, message);
                return rules;
            }
            if let Ok(rule) = self.rule() {
                if let Some(name) = rule.name.as_ref().filter(|name| !names.insert((*name).clone())) {
                    self.errors.push(rule.span, format!("规则名“{name}”用了两次,请改名。"));
                }
                if rules.len() == RULES_MAX {
                    self.errors.push(rule.span, format!("一个规则集最多 {RULES_MAX} 条规则,请分成几个。"));
                }
                rules.push(rule);
                if !self.is_rule_end() {
                    self.wrong("一条规则到这里应当结束,规则之间用分号分隔");
                    if self.starts_named_rule() {
                        continue;
                    }
                }
            }
            while !self.is_rule_end() {
                self.advance();
            }
            if !self.accept_sign(";") {
                return rules;
            }
        }
    }

    fn is_rule_end(&self) -> bool {
        self.is_end() || self.is_sign(";") || self.is_word("end")
    }

    fn starts_named_rule(&self) -> bool {
        matches!((self.peek(0), self.peek(1)), (Kind::Name(_), Kind::Sign(":")))
    }

    fn rule(&mut self) -> Parsed<RuleItem> {
        let start = self.here();
        let name = if self.starts_named_rule() {
            let name = self.name("规则名")?;
            self.advance();
            Some(name)
        } else {
            None
        };
        let when = if self.accept_word("when") {
            let condition = self.expression(0)?;
            self.expect_word("then")?;
            Some(condition)
        } else {
            None
        };
        let then = self.expression(0)?;
        let error_code = if self.accept_word("errorcode") { Some(self.constant()?) } else { None };
        let error_level = if self.accept_word("errorlevel") { Some(self.constant()?) } else { None };
        Ok(RuleItem { name, when, then, error_code, error_level, span: start.to(self.before()) })
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

    /// After a mistake outside the rules: on to the next definition.
    fn skip_definition(&mut self) {
        self.advance();
        while !self.is_end() && !self.is_word("define") {
            self.advance();
        }
    }
}
