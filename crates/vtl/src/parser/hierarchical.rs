//! `define hierarchical ruleset`.

use super::{Parsed, Parser};
use crate::ast::{BinaryOp, CodeItem, Comparison, Expr, HierarchicalRule, HierarchicalRuleset};
use crate::error::Span;
use crate::lexer::Kind;
use crate::scalar::Scalar;

impl Parser<'_> {
    /// `ruleset NAME (variable condition … rule …) is … end hierarchical ruleset;`
    pub(super) fn hierarchical_ruleset(&mut self, start: Span) -> Parsed<HierarchicalRuleset> {
        self.expect_word("ruleset")?;
        let name = self.name("规则集名称")?;
        self.expect_sign("(", "规则集名称后应写左括号 (")?;
        let signature = self.signature()?;
        let conditions = if self.accept_word("condition") { self.parameters()? } else { Vec::new() };
        self.expect_word("rule")?;
        let rule = self.name("代码所在的变量或值域的名称")?;
        self.expect_sign(")", "规则集的变量后应写右括号 )")?;
        self.expect_word("is")?;
        let rules = self.rules(Self::hierarchical_rule, |rule| (rule.name.as_deref(), rule.span));
        self.end_of_definition(&["hierarchical", "ruleset"])?;
        Ok(HierarchicalRuleset { name, signature, conditions, rule, rules, span: start.to(self.before()) })
    }

    /// `when condition then` before a rule.
    pub(super) fn antecedent(&mut self) -> Parsed<Option<Expr>> {
        if !self.accept_word("when") {
            return Ok(None);
        }
        let condition = self.component_expression()?;
        self.expect_word("then")?;
        Ok(Some(condition))
    }

    fn hierarchical_rule(&mut self) -> Parsed<HierarchicalRule> {
        let start = self.here();
        let name = self.rule_name()?;
        let when = self.antecedent()?;
        let from = self.here();
        let code = self.code()?;
        let left = CodeItem { code, is_subtracted: false, condition: None, span: from.to(self.before()) };
        let comparison = self.comparison()?;
        let mut right = vec![self.code_item(true)?];
        while self.is_sign("+") || self.is_sign("-") {
            right.push(self.code_item(false)?);
        }
        let (error_code, error_level) = self.error_marks()?;
        let span = start.to(self.before());
        Ok(HierarchicalRule { name, when, left, comparison, right, error_code, error_level, span })
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        let found = BinaryOp::ALL.iter().find_map(|(sign, op)| match op {
            BinaryOp::Compare(comparison) if self.is_sign(sign) => Some(*comparison),
            _ => None,
        });
        let Some(comparison) = found else {
            return Err(self.wrong("左边的代码后应写 =、<、<=、>、>= 或 <>"));
        };
        self.advance();
        Ok(comparison)
    }

    /// `+ B [condition]`; the first one of a rule may stand without a sign.
    fn code_item(&mut self, is_first: bool) -> Parsed<CodeItem> {
        let start = self.here();
        let is_subtracted = self.accept_sign("-");
        if !is_subtracted && !self.accept_sign("+") && !is_first {
            return Err(self.wrong("代码之间应写 + 或 -"));
        }
        let code = self.code()?;
        let condition = if self.accept_sign("[") {
            let condition = self.component_expression()?;
            self.expect_sign("]", "代码的条件后应写右方括号 ]")?;
            Some(condition)
        } else {
            None
        };
        Ok(CodeItem { code, is_subtracted, condition, span: start.to(self.before()) })
    }

    /// A code: a name, or a number as written, so that 01 stays 01.
    fn code(&mut self) -> Parsed<String> {
        let negative = self.accept_sign("-");
        let signed = negative || self.accept_sign("+");
        match self.peek(0) {
            Kind::Constant(Scalar::Integer(_) | Scalar::Number { .. }) => {
                let digits = self.text();
                self.advance();
                Ok(if negative { format!("-{digits}") } else { digits.to_owned() })
            }
            _ if signed => Err(self.wrong("正负号后应写数")),
            Kind::Constant(Scalar::Text(text)) => {
                let message = format!("代码不加双引号;含有汉字或其他字符的代码请加单引号:'{text}'。");
                self.errors.push(self.here(), message);
                Err(super::Reported)
            }
            _ => self.name("代码"),
        }
    }
}
