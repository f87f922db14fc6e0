//! A ruleset becomes numbers: codes, conditions, and which rules name which code.

use super::check::HierarchyCheck;
use super::order::Chain;
use super::side::Item;
use super::sum::HierarchySum;
use super::{CodeId, Truths};
use crate::ast::{CodeItem, Comparison, Expr, HierarchicalRule, HierarchicalRuleset, Mode, Parameter, RuleInput};
use crate::column::EvalError;
use crate::error::{Errors, Span};
use crate::expression::Expression;
use crate::scalar::{Scalar, Schema, Type};
use arrow_array::RecordBatch;
use std::collections::{HashMap, HashSet};

/// Hierarchy program 汇总关系程序 — a hierarchical ruleset, checked and ready for groups of points.
#[derive(Debug, Clone)]
pub struct HierarchyProgram {
    pub(super) rules: Vec<HierarchyRule>,
    codes: Vec<String>,
    ids: HashMap<String, CodeId>,
    conditions: Vec<Expression>,
    /// For each code the rules that name it, in order.
    touching: Vec<Vec<usize>>,
    /// For each code the rules that say what it equals, in order.
    defining: Vec<Vec<usize>>,
    span: Span,
}

/// One rule of a [`HierarchyProgram`].
#[derive(Debug, Clone)]
pub struct HierarchyRule {
    /// Its name; without one, its place in the ruleset from 1.
    pub name: String,
    /// The code on the left.
    pub left: CodeId,
    /// The constant after `errorcode`.
    pub error_code: Option<Scalar>,
    /// The constant after `errorlevel`.
    pub error_level: Option<Scalar>,
    pub(super) when: Option<usize>,
    pub(super) comparison: Comparison,
    pub(super) right: Vec<Item>,
    pub(super) span: Span,
}

impl HierarchyRule {
    /// Does it say what its left code equals?
    pub(super) fn is_definition(&self) -> bool {
        self.comparison == Comparison::Equal
    }

    /// `A = A`
    pub(super) fn is_identity(&self) -> bool {
        let same = |item: &Item| item.code == self.left && !item.is_subtracted;
        self.is_definition() && self.right.len() == 1 && self.right.iter().all(same)
    }
}

impl HierarchyProgram {
    /// Checks names and types. `conditions` are the components that stand for the conditions of the signature, under the
    /// names of the signature (not their aliases).
    pub fn compile(ruleset: &HierarchicalRuleset, conditions: &Schema) -> Result<HierarchyProgram, Errors> {
        check_signature(&ruleset.conditions, conditions)?;
        let mut builder = Builder::new(&ruleset.conditions, conditions);
        let rules = ruleset.rules.iter().enumerate().map(|(at, rule)| builder.rule(at, rule)).collect::<Vec<_>>();
        check_names(&ruleset.rules, &mut builder.errors);
        let mut touching = vec![Vec::new(); builder.codes.len()];
        let mut defining = vec![Vec::new(); builder.codes.len()];
        for (at, rule) in rules.iter().enumerate() {
            for code in std::iter::once(rule.left).chain(rule.right.iter().map(|item| item.code)) {
                note(&mut touching, code, at);
            }
            if rule.is_definition() {
                note(&mut defining, rule.left, at);
            }
        }
        let Builder { codes, ids, compiled, errors, .. } = builder;
        let span = ruleset.span;
        errors.or(HierarchyProgram { rules, codes, ids, conditions: compiled, touching, defining, span })
    }

    /// The rules in the order of the ruleset.
    pub fn rules(&self) -> &[HierarchyRule] {
        &self.rules
    }

    /// The number of a code; `None` if no rule names it.
    pub fn code(&self, text: &str) -> Option<CodeId> {
        self.ids.get(text).copied()
    }

    /// The text of a code.
    pub fn code_text(&self, code: CodeId) -> &str {
        self.codes.get(code.0).map_or("", String::as_str)
    }

    /// Does any rule or code stand under a condition? If not, groups need no [`Truths`].
    pub fn has_conditions(&self) -> bool {
        !self.conditions.is_empty()
    }

    /// Evaluates all conditions on all rows of a batch, whose columns are named as in the signature; a missing column is
    /// null. Used for the points, and for the groups: one row each, with the identifiers only.
    pub fn truths(&self, batch: &RecordBatch) -> Result<Truths, EvalError> {
        Truths::new(&self.conditions, batch)
    }

    /// `check_hierarchy` in this mode, with `dataset` or `dataset_priority` as input.
    pub fn check(&self, mode: Mode, input: RuleInput) -> Result<HierarchyCheck<'_>, Errors> {
        let chain = match input {
            RuleInput::Dataset => Chain::apart(self),
            RuleInput::DatasetPriority => Chain::in_order(self, |rule| !rule.is_identity())?,
            RuleInput::Rule | RuleInput::RulePriority => {
                return Err(self.refused("check_hierarchy 的取数方式只能是 dataset 或 dataset_priority。"));
            }
        };
        Ok(HierarchyCheck::new(self, chain, mode, input))
    }

    /// `hierarchy` in this mode, with `dataset`, `rule` or `rule_priority` as input.
    pub fn sum(&self, mode: Mode, input: RuleInput) -> Result<HierarchySum<'_>, Errors> {
        self.refuse_double_counts()?;
        let chain = match input {
            RuleInput::Dataset => Chain::apart(self),
            RuleInput::Rule | RuleInput::RulePriority => Chain::in_order(self, |_| true)?,
            RuleInput::DatasetPriority => {
                return Err(self.refused("hierarchy 的取数方式只能是 dataset、rule 或 rule_priority。"));
            }
        };
        Ok(HierarchySum::new(self, chain, mode, input))
    }

    /// The rules that name a code.
    pub(super) fn touching(&self, code: CodeId) -> &[usize] {
        self.touching.get(code.0).map_or(&[], Vec::as_slice)
    }

    /// The rules that say what a code equals.
    pub(super) fn defining(&self, code: CodeId) -> &[usize] {
        self.defining.get(code.0).map_or(&[], Vec::as_slice)
    }

    pub(super) fn code_count(&self) -> usize {
        self.codes.len()
    }

    fn refused(&self, message: &str) -> Errors {
        let mut errors = Errors::default();
        errors.push(self.span, message);
        errors
    }

    /// Several rules for one code add up. If one of them applies everywhere, every other one is counted on top of it.
    fn refuse_double_counts(&self) -> Result<(), Errors> {
        let mut errors = Errors::default();
        for (code, rules) in self.codes.iter().zip(&self.defining) {
            let mut rules = rules.iter().filter_map(|at| self.rules.get(*at));
            let (Some(first), Some(second)) = (rules.next(), rules.next()) else { continue };
            let mut all = [first, second].into_iter().chain(rules);
            if all.any(|rule| rule.when.is_none() && rule.right.iter().all(|item| item.condition.is_none())) {
                errors.push(
                    second.span,
                    format!(
                        "代码“{code}”由规则“{}”和规则“{}”重复计算,汇总时会相加。请删去一条,或用 when 写明各自适用的条件。",
                        first.name, second.name
                    ),
                );
            }
        }
        errors.or(())
    }
}

/// Adds a rule to the list of a code once; rules come in order.
fn note(lists: &mut [Vec<usize>], code: CodeId, rule: usize) {
    if let Some(list) = lists.get_mut(code.0)
        && list.last() != Some(&rule)
    {
        list.push(rule);
    }
}

/// Said once here, so that it is not said again at every condition.
fn check_signature(parameters: &[Parameter], schema: &Schema) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for parameter in parameters.iter().filter(|parameter| schema.kind(&parameter.name).is_none()) {
        let message = format!("规则集的条件变量“{}”在数据中没有对应的列,请在 condition 后指明。", parameter.name);
        errors.push(parameter.span, message);
    }
    errors.or(())
}

/// Either every rule has a name or none, and no name twice: the results are told apart by it.
fn check_names(rules: &[HierarchicalRule], errors: &mut Errors) {
    let named = rules.iter().filter(|rule| rule.name.is_some()).count();
    let mut seen = HashSet::new();
    for rule in rules {
        match &rule.name {
            None if named > 0 => errors.push(rule.span, "其他规则有名称,这一条没有。请给每条规则都写上名称,或都不写。"),
            Some(name) if !seen.insert(name) => {
                errors.push(rule.span, format!("规则名称“{name}”用了两次,请改名。"));
            }
            _ => {}
        }
    }
}

/// Collects codes and conditions while the rules are read.
struct Builder<'a> {
    parameters: &'a [Parameter],
    schema: &'a Schema,
    codes: Vec<String>,
    ids: HashMap<String, CodeId>,
    sources: Vec<&'a Expr>,
    compiled: Vec<Expression>,
    errors: Errors,
}

impl<'a> Builder<'a> {
    fn new(parameters: &'a [Parameter], schema: &'a Schema) -> Builder<'a> {
        let errors = Errors::default();
        Builder { parameters, schema, codes: vec![], ids: HashMap::new(), sources: vec![], compiled: vec![], errors }
    }

    fn rule(&mut self, at: usize, rule: &'a HierarchicalRule) -> HierarchyRule {
        let name = rule.name.clone().unwrap_or_else(|| (at + 1).to_string());
        if rule.comparison == Comparison::NotEqual {
            self.errors.push(rule.span, format!("规则“{name}”:汇总关系只能用 =、>、>=、<、<= 表示,不能用 <>。"));
        }
        let place = format!("规则“{name}”:");
        HierarchyRule {
            left: self.code(&rule.left.code),
            error_code: rule.error_code.clone(),
            error_level: rule.error_level.clone(),
            when: rule.when.as_ref().and_then(|when| self.condition(when, &place)),
            comparison: rule.comparison,
            right: rule.right.iter().map(|item| self.item(item, &place)).collect(),
            span: rule.span,
            name,
        }
    }

    fn item(&mut self, item: &'a CodeItem, place: &str) -> Item {
        let condition = item.condition.as_ref().and_then(|condition| self.condition(condition, place));
        Item { code: self.code(&item.code), is_subtracted: item.is_subtracted, condition }
    }

    fn code(&mut self, text: &str) -> CodeId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = CodeId(self.codes.len());
        self.codes.push(text.to_owned());
        self.ids.insert(text.to_owned(), id);
        id
    }

    /// The number of a condition; the same condition is compiled once.
    fn condition(&mut self, expr: &'a Expr, place: &str) -> Option<usize> {
        if let Some(known) = self.sources.iter().position(|known| *known == expr) {
            return Some(known);
        }
        let mut wrong = |span, message: &str| self.errors.push(span, format!("{place}{message}"));
        match Expression::within(expr, self.schema, Some(self.parameters)) {
            Ok(compiled) if matches!(compiled.kind(), None | Some(Type::Boolean)) => {
                self.sources.push(expr);
                self.compiled.push(compiled);
                return Some(self.compiled.len() - 1);
            }
            Ok(compiled) => {
                let kind = compiled.kind().map_or("空", Type::chinese);
                wrong(expr.span, &format!("条件应为布尔值,现为{kind}。"));
            }
            Err(errors) => errors.0.iter().for_each(|error| wrong(error.span, &error.message)),
        }
        None
    }
}
