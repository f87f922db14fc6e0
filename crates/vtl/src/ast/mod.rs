//! What a script says, as a tree with places. Two trees are equal if they say the same, wherever it stands.

mod children;
mod dataset;
mod expr;
mod kind;
mod op;
mod ruleset;
mod viral;
mod word;

use crate::error::Span;

pub use dataset::{
    Aggregate, Analytic, AnalyticFunction, Assigned, Clause, ComponentRef, Conversion, DatasetOp, Given, Grouping,
    HierarchyOutput, Join, JoinKind, JoinOperand, Mode, OrderItem, Output, Partition, Retain, Role, RuleInput, SetOp,
    TimeOp, Window, WindowBound, WindowUnit,
};
pub use expr::{Expr, ExprKind};
pub use kind::{OperandKind, ScalarKind, TypeName};
pub(crate) use op::{BRANCH_BINDING, IN_BINDING, UNARY_BINDING};
pub use op::{BinaryOp, Comparison, Function, UnaryOp};
pub use ruleset::{CodeItem, DatapointRuleset, HierarchicalRule, HierarchicalRuleset, Parameter, RuleItem, Signature};
pub use viral::{ViralBody, ViralClause, ViralPropagation};

/// Script 脚本 — statements in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Script {
    /// Definitions and assignments.
    pub statements: Vec<Statement>,
}

impl Script {
    /// The datapoint rulesets in the order of the text.
    pub fn rulesets(&self) -> impl Iterator<Item = &DatapointRuleset> {
        self.statements.iter().filter_map(|statement| match statement {
            Statement::Datapoint(ruleset) => Some(ruleset),
            _ => None,
        })
    }

    /// The datapoint ruleset of this name.
    pub fn ruleset(&self, name: &str) -> Option<&DatapointRuleset> {
        self.rulesets().find(|ruleset| ruleset.name == name)
    }
}

/// Statement 语句.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `name := expr;` or `name <- expr;`
    Assign(Assignment),
    /// `define datapoint ruleset …`
    Datapoint(DatapointRuleset),
    /// `define hierarchical ruleset …`
    Hierarchical(HierarchicalRuleset),
    /// `define operator …`
    Operator(UserOperator),
    /// `define viral propagation …`
    Viral(ViralPropagation),
}

/// Assignment 赋值 — a result with its name.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The name of the result.
    pub name: String,
    /// `<-`: the result is kept; `:=`: it serves later statements.
    pub is_persistent: bool,
    /// What it is.
    pub expr: Expr,
    /// Where the statement stands.
    pub span: Span,
}

impl PartialEq for Assignment {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.is_persistent, &self.expr) == (&other.name, other.is_persistent, &other.expr)
    }
}

/// User-defined operator 自定义运算符.
#[derive(Debug, Clone)]
pub struct UserOperator {
    /// Its name.
    pub name: String,
    /// Its parameters in order.
    pub parameters: Vec<OperatorParameter>,
    /// The kind of its result after `returns`.
    pub returns: Option<OperandKind>,
    /// Its body.
    pub body: Expr,
    /// Where the definition stands.
    pub span: Span,
}

impl PartialEq for UserOperator {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.parameters, &self.returns, &self.body)
            == (&other.name, &other.parameters, &other.returns, &other.body)
    }
}

/// A parameter of a user-defined operator: `x integer default 5`.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorParameter {
    /// Its name.
    pub name: String,
    /// What may be given.
    pub kind: OperandKind,
    /// What counts when it is left out: a constant, or a constant cast.
    pub default: Option<Expr>,
}
