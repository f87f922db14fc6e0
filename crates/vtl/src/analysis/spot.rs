//! Reads rules as nodes and marks the places of their text that are worth a look. What there is to say about a place is
//! decided in `surface`.

use super::note::name;
use super::rule::Roots;
use crate::ast::{BinaryOp, DatapointRuleset, Expr, ExprKind, Function};
use crate::check::{Checker, Value};
use crate::error::{Errors, Span};
use crate::graph::{Graph, Id};
use crate::scalar::{Scalar, Schema};

/// The rules as nodes, and the places worth a look.
pub(super) struct Read {
    pub rules: Vec<(usize, Roots)>,
    pub spots: Vec<Spot>,
}

/// A place in a rule.
pub(super) struct Spot {
    pub rule: usize,
    pub span: Span,
    pub look: Look,
}

/// What is to be looked at there.
pub(super) enum Look {
    /// A comparison with null.
    Null,
    /// Both sides of a comparison.
    Compared(Id, Id),
    /// A condition of `if` or `case`, and those before it, none of which was true.
    Condition(Id, Vec<Id>),
    /// One of several alternatives around `or`.
    Alternative(Id),
    /// A constant that a text is compared with.
    Code(Id, String),
    /// All the texts of a set.
    Set(Id, Vec<String>),
    /// A number beside a component.
    Number(i64),
}

/// Checks the rules as compiling does and notes the places.
pub(super) fn read(graph: &mut Graph, ruleset: &DatapointRuleset, schema: &Schema) -> Result<Read, Errors> {
    let mut checker = Checker::new(graph, schema);
    checker.limit(&ruleset.parameters);
    let mut read = Read { rules: Vec::new(), spots: Vec::new() };
    for (index, item) in ruleset.rules.iter().enumerate() {
        checker.place = format!("规则{}:", name(ruleset, index));
        let when = item.when.as_ref().map(|when| checker.boolean(when, "when 后的条件"));
        let then = checker.boolean(&item.then, "规则");
        if let (Some(then), Some(when)) = (then, when.map_or(Some(None), |id| id.map(Some))) {
            read.rules.push((index, Roots { when, then }));
        }
    }
    if checker.errors.0.is_empty() {
        for (index, item) in ruleset.rules.iter().enumerate() {
            let mut pending: Vec<&Expr> = item.when.iter().chain([&item.then]).collect();
            while let Some(expr) = pending.pop() {
                let looks = looks(&mut checker, expr);
                read.spots.extend(looks.into_iter().map(|(span, look)| Spot { rule: index, span, look }));
                pending.extend(expr.kind.children());
            }
        }
    }
    let errors = checker.errors;
    errors.or(read)
}

fn looks(checker: &mut Checker<'_>, expr: &Expr) -> Vec<(Span, Look)> {
    let mut node = |expr: &Expr| match checker.lower(expr) {
        Some(Value::Of(id, _)) => Some(id),
        _ => None,
    };
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Compare(_), left, right) => {
            let null = |expr: &Expr| expr.kind == ExprKind::Constant(Scalar::Null);
            let mut looks = Vec::new();
            if null(left) || null(right) {
                looks.push((expr.span, Look::Null));
            } else if let (Some(a), Some(b)) = (node(left), node(right)) {
                looks.push((expr.span, Look::Compared(a, b)));
                looks.extend(code(a, right).or_else(|| code(b, left)));
            }
            looks.extend(number(left, right).or_else(|| number(right, left)));
            looks
        }
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) => {
            number(left, right).or_else(|| number(right, left)).into_iter().collect()
        }
        ExprKind::Binary(BinaryOp::Or, left, right) => {
            // `a or b or c` is `(a or b) or c`: the inner one is split by its own turn.
            let sides: [&Expr; 2] = [left, right];
            let singles = sides.into_iter().filter(|side| !matches!(side.kind, ExprKind::Binary(BinaryOp::Or, ..)));
            singles.filter_map(|side| Some((side.span, Look::Alternative(node(side)?)))).collect()
        }
        ExprKind::In { operand, set, .. } => match node(operand) {
            Some(subject) => {
                let codes: Vec<_> = set.iter().filter_map(|item| code(subject, item)).collect();
                let texts = codes.iter().filter_map(|(_, look)| match look {
                    Look::Code(_, text) => Some(text.clone()),
                    _ => None,
                });
                let all = (expr.span, Look::Set(subject, texts.collect()));
                codes.into_iter().chain([all]).collect()
            }
            None => Vec::new(),
        },
        ExprKind::If(condition, _, otherwise) => {
            let mut chain: Vec<&Expr> = vec![condition];
            let mut rest: &Expr = otherwise;
            while let ExprKind::If(condition, _, otherwise) = &rest.kind {
                chain.push(condition);
                rest = otherwise;
            }
            conditions(chain.into_iter().filter_map(|when| Some((when.span, node(when)?))))
        }
        ExprKind::Case(branches, _) => {
            conditions(branches.iter().filter_map(|(when, _)| Some((when.span, node(when)?))))
        }
        ExprKind::Call(Function::Between, arguments) => match arguments.as_slice() {
            [value, from, to] => [from, to].into_iter().filter_map(|end| number(value, end)).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Each condition with those before it.
fn conditions(chain: impl Iterator<Item = (Span, Id)>) -> Vec<(Span, Look)> {
    let mut before = Vec::new();
    let mut looks = Vec::new();
    for (span, id) in chain {
        looks.push((span, Look::Condition(id, before.clone())));
        before.push(id);
    }
    looks
}

fn code(subject: Id, constant: &Expr) -> Option<(Span, Look)> {
    match &constant.kind {
        ExprKind::Constant(Scalar::Text(text)) => Some((constant.span, Look::Code(subject, text.clone()))),
        _ => None,
    }
}

/// A whole number beside a component.
fn number(beside: &Expr, constant: &Expr) -> Option<(Span, Look)> {
    match (&beside.kind, &constant.kind) {
        (ExprKind::Constant(_), _) => None,
        (_, ExprKind::Constant(Scalar::Integer(value))) => Some((constant.span, Look::Number(*value))),
        _ => None,
    }
}
