//! `define datapoint ruleset`, and what both kinds of rulesets share.

use super::{Parsed, Parser};
use crate::ast::{DatapointRuleset, Parameter, RuleItem};
use crate::error::Span;
use crate::lexer::Kind;
use crate::limits::RULES_MAX;
use crate::scalar::Scalar;
use std::collections::{HashMap, HashSet};

impl Parser<'_> {
    /// `ruleset NAME (…) is … end datapoint ruleset;`
    pub(super) fn datapoint_ruleset(&mut self, start: Span) -> Parsed<DatapointRuleset> {
        self.expect_word("ruleset")?;
        let name = self.name("规则集名称")?;
        self.expect_sign("(", "规则集名称后应写左括号 (")?;
        let signature = self.signature()?;
        let parameters = if self.is_sign(")") { Vec::new() } else { self.parameters()? };
        self.expect_sign(")", "变量清单后应写右括号 ),变量之间用逗号分隔")?;
        self.expect_word("is")?;
        let rules = self.rules(Self::datapoint_rule, |rule| (rule.name.as_deref(), rule.span));
        self.end_of_definition(&["datapoint", "ruleset"])?;
        Ok(DatapointRuleset { name, signature, parameters, rules, span: start.to(self.before()) })
    }

    pub(super) fn parameters(&mut self) -> Parsed<Vec<Parameter>> {
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

    /// Rules up to `end`, with semicolons between them. A wrong rule does not hide the next ones.
    pub(super) fn rules<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Parsed<T>,
        head: impl Fn(&T) -> (Option<&str>, Span),
    ) -> Vec<T> {
        let mut rules = Vec::new();
        let mut names = HashMap::new();
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
            if let Ok(rule) = read(self) {
                let (name, span) = head(&rule);
                if let Some(name) = name
                    && let Some(Span { line, .. }) = names.insert(name.to_owned(), span)
                {
                    self.errors.push(span, format!("规则名“{name}”用了两次(前一次在第 {line} 行),请改名。"));
                }
                if rules.len() == RULES_MAX {
                    self.errors.push(span, format!("一个规则集最多 {RULES_MAX} 条规则,请分成几个。"));
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

    /// `NAME :` before a rule. VTL reads `Z1:c213` as ONE name (agency:structure), which nobody means here.
    pub(super) fn rule_name(&mut self) -> Parsed<Option<String>> {
        if self.starts_named_rule() {
            let name = self.name("规则名")?;
            self.advance();
            return Ok(Some(name));
        }
        let text = self.text();
        if let Some((name, _)) = text.split_once(':').filter(|_| matches!(self.peek(0), Kind::Name(_))) {
            let here = self.here();
            if !text.starts_with('\'') {
                let before = u32::try_from(name.chars().count()).unwrap_or(0);
                let start = here.start + before;
                let span = Span { column: here.column + before, start, end: start + 1, ..here };
                self.errors.push(span, format!("冒号后面要有空格,请写成 {name}: …,否则会被读成一个名称。"));
                return Err(super::Reported);
            }
        }
        Ok(None)
    }

    /// `errorcode … errorlevel …` behind a rule.
    pub(super) fn error_marks(&mut self) -> Parsed<(Option<Scalar>, Option<Scalar>)> {
        let code = if self.accept_word("errorcode") { Some(self.constant()?) } else { None };
        let level = if self.accept_word("errorlevel") { Some(self.constant()?) } else { None };
        Ok((code, level))
    }

    fn datapoint_rule(&mut self) -> Parsed<RuleItem> {
        let start = self.here();
        let name = self.rule_name()?;
        let when = self.antecedent()?;
        let then = self.component_expression()?;
        let (error_code, error_level) = self.error_marks()?;
        Ok(RuleItem { name, when, then, error_code, error_level, span: start.to(self.before()) })
    }
}
