//! Rulesets: of rows (datapoint) and of code hierarchies (hierarchical).

use super::{Comparison, Expr};
use crate::error::Span;
use crate::scalar::Scalar;

/// Datapoint ruleset 审核规则集 — rules that look at one row at a time.
#[derive(Debug, Clone)]
pub struct DatapointRuleset {
    /// Its name.
    pub name: String,
    /// Are the parameters components (`variable`) or the domains of their values (`valuedomain`)?
    pub signature: Signature,
    /// What the rules may name.
    pub parameters: Vec<Parameter>,
    /// The rules in order.
    pub rules: Vec<RuleItem>,
    /// Where the definition stands.
    pub span: Span,
}

impl PartialEq for DatapointRuleset {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.signature, &self.parameters, &self.rules)
            == (&other.name, other.signature, &other.parameters, &other.rules)
    }
}

/// What the parameters of a ruleset stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// `variable`: names of components.
    Variable,
    /// `valuedomain`: names of value domains; whoever applies the ruleset says which component stands for each.
    ValueDomain,
}

/// One name of a signature, `name as alias`.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The component (or value domain).
    pub name: String,
    /// The name that the rules use instead.
    pub alias: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.alias) == (&other.name, &other.alias)
    }
}

/// One rule as written: `name: when … then … errorcode … errorlevel …`.
#[derive(Debug, Clone)]
pub struct RuleItem {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The condition under which the rule applies.
    pub when: Option<Expr>,
    /// What must hold.
    pub then: Expr,
    /// Constant after `errorcode`.
    pub error_code: Option<Scalar>,
    /// Constant after `errorlevel`.
    pub error_level: Option<Scalar>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for RuleItem {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.when, &self.then, &self.error_code, &self.error_level)
            == (&other.name, &other.when, &other.then, &other.error_code, &other.error_level)
    }
}

/// Hierarchical ruleset 汇总关系规则集 — how the codes of one component add up.
#[derive(Debug, Clone)]
pub struct HierarchicalRuleset {
    /// Its name.
    pub name: String,
    /// Is the rule component a component (`variable`) or stands a value domain for it (`valuedomain`)?
    pub signature: Signature,
    /// What the conditions after `when` may name: `condition a as x, b`.
    pub conditions: Vec<Parameter>,
    /// The component whose codes the rules relate: `rule NAME`.
    pub rule: String,
    /// The rules in order.
    pub rules: Vec<HierarchicalRule>,
    /// Where the definition stands.
    pub span: Span,
}

impl PartialEq for HierarchicalRuleset {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.signature, &self.conditions, &self.rule, &self.rules)
            == (&other.name, other.signature, &other.conditions, &other.rule, &other.rules)
    }
}

/// One relation of codes: `name: when … then A = B + C - D errorcode … errorlevel …`.
#[derive(Debug, Clone)]
pub struct HierarchicalRule {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The condition under which the rule applies.
    pub when: Option<Expr>,
    /// The code on the left.
    pub left: CodeItem,
    /// How left and right compare.
    pub comparison: Comparison,
    /// The codes on the right, in order.
    pub right: Vec<CodeItem>,
    /// Constant after `errorcode`.
    pub error_code: Option<Scalar>,
    /// Constant after `errorlevel`.
    pub error_level: Option<Scalar>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for HierarchicalRule {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.when, &self.left, self.comparison, &self.right, &self.error_code, &self.error_level)
            == (
                &other.name,
                &other.when,
                &other.left,
                other.comparison,
                &other.right,
                &other.error_code,
                &other.error_level,
            )
    }
}

/// A code in a relation, added or subtracted, under an own condition: `+ B [when cond]`.
#[derive(Debug, Clone)]
pub struct CodeItem {
    /// The code, as text: `B`, `'2'`, `1`.
    pub code: String,
    /// True behind a minus.
    pub is_subtracted: bool,
    /// The condition in square brackets.
    pub condition: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for CodeItem {
    fn eq(&self, other: &Self) -> bool {
        (&self.code, self.is_subtracted, &self.condition) == (&other.code, other.is_subtracted, &other.condition)
    }
}
