//! Expressions: scalar, component and dataset expressions share one tree.

use super::{BinaryOp, DatasetOp, Function, UnaryOp};
use crate::error::Span;
use crate::scalar::Scalar;

/// Expression 表达式 with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
    depth: u32,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    /// An expression that knows its depth, so that nothing ever recurses too deep over it.
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        let below = kind.children().iter().map(|child| child.depth).max().unwrap_or(0);
        Expr { kind, span, depth: below + 1 }
    }

    /// Levels from here to the deepest leaf.
    pub fn depth(&self) -> u32 {
        self.depth
    }
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant; never negative where an operator could stand (`-5` is the negation of 5), but signed inside a set.
    Constant(Scalar),
    /// A name: of a component, a dataset, a scalar or a parameter, as the place decides.
    Name(String),
    /// `_`: an optional argument left out.
    Omitted,
    /// An operator before its operand.
    Unary(UnaryOp, Box<Expr>),
    /// An operator between two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `operand in {…}` or `operand not_in {…}`; the items are constants.
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// `not_in`.
        negated: bool,
        /// The constants.
        set: Vec<Expr>,
    },
    /// `if … then … else …`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `case when … then … else …`.
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    /// A scalar function and its arguments. Over a dataset it applies to every measure.
    Call(Function, Vec<Expr>),
    /// What only datasets know: clauses, joins, aggregates, set and time operators, validation.
    Dataset(Box<DatasetOp>),
}

impl ExprKind {
    /// The expressions directly below.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Omitted => Vec::new(),
            ExprKind::Unary(_, operand) => vec![operand],
            ExprKind::Binary(_, left, right) => vec![left, right],
            ExprKind::In { operand, set, .. } => std::iter::once(&**operand).chain(set).collect(),
            ExprKind::If(condition, then, otherwise) => vec![condition, then, otherwise],
            ExprKind::Case(branches, otherwise) => {
                branches.iter().flat_map(|(when, then)| [when, then]).chain([&**otherwise]).collect()
            }
            ExprKind::Call(_, arguments) => arguments.iter().collect(),
            ExprKind::Dataset(op) => op.children(),
        }
    }
}
