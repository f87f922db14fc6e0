//! `check`, `check_datapoint`, `check_hierarchy`, `hierarchy`.

use super::{Parsed, Parser};
use crate::ast::{ComponentRef, DatasetOp, Expr, HierarchyOutput, Mode, Output, RuleInput};
use crate::error::Span;
use crate::lexer::Kind;

impl Parser<'_> {
    pub(super) fn validation(&mut self, word: &str, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let operand = self.expression(0)?;
        let op = match word {
            "check" => self.check(operand)?,
            "check_datapoint" => {
                let ruleset = self.ruleset_name()?;
                let components = if self.accept_word("components") { self.list(Self::component)? } else { Vec::new() };
                DatasetOp::CheckDatapoint { operand, ruleset, components, output: self.choice(Output::named) }
            }
            _ => self.over_hierarchy(operand, word == "hierarchy")?,
        };
        self.expect_sign(")", &format!("{word} 到这里应写右括号 )"))?;
        self.dataset_node(op, from)
    }

    fn check(&mut self, operand: Expr) -> Parsed<DatasetOp> {
        let (error_code, error_level) = self.error_marks()?;
        let imbalance = if self.accept_word("imbalance") { Some(self.expression(0)?) } else { None };
        let output = self.choice(|word| Output::named(word).filter(|output| *output != Output::AllMeasures));
        Ok(DatasetOp::Check { operand, error_code, error_level, imbalance, output })
    }

    fn ruleset_name(&mut self) -> Parsed<String> {
        self.expect_sign(",", "数据集后应写逗号和规则集名称")?;
        self.name("规则集名称")
    }

    fn over_hierarchy(&mut self, operand: Expr, computes: bool) -> Parsed<DatasetOp> {
        let ruleset = self.ruleset_name()?;
        let conditions = if self.accept_word("condition") { self.list(Self::component)? } else { Vec::new() };
        let rule = self.rule_component()?;
        let mode = self.choice(Mode::named);
        let input = self.choice(|word| RuleInput::named(word).filter(|input| fits(*input, computes)));
        if computes {
            let output = self.choice(HierarchyOutput::named);
            return Ok(DatasetOp::Hierarchy { operand, ruleset, conditions, rule, mode, input, output });
        }
        let output = self.choice(Output::named);
        Ok(DatasetOp::CheckHierarchy { operand, ruleset, conditions, rule, mode, input, output })
    }

    /// `rule COMPONENT`. A bare `rule` behind it is the input mode.
    fn rule_component(&mut self) -> Parsed<Option<ComponentRef>> {
        if self.is_word("rule") && matches!(self.peek(1), Kind::Name(_)) {
            self.advance();
            return self.component().map(Some);
        }
        Ok(None)
    }
}

/// `hierarchy` reads points that rules have computed, `check_hierarchy` does not.
fn fits(input: RuleInput, computes: bool) -> bool {
    match input {
        RuleInput::Dataset => true,
        RuleInput::DatasetPriority => !computes,
        RuleInput::Rule | RuleInput::RulePriority => computes,
    }
}
