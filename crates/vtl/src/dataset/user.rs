//! User-defined operators expanded, and rules of viral attributes as expressions.

use super::rewrite::Rewrite;
use super::typer::{Typed, Typer, wrong};
use crate::ast::{Aggregate, BinaryOp, Comparison, Expr, ExprKind, OperandKind, ViralClause};
use crate::error::Span;
use crate::limits::OPERATORS_MAX;
use crate::nearest::nearest;
use crate::scalar::Scalar;
use std::collections::BTreeMap;

impl Typer<'_> {
    /// The body of an operator with the arguments in place of the parameters.
    pub(super) fn expanded(&mut self, name: &str, arguments: &[Expr], span: Span) -> Typed<Expr> {
        let Some(operator) = self.operators.get(name).copied() else {
            let near = nearest(name, self.operators.keys().copied());
            let advice = if near.is_empty() {
                "请先用 define operator 定义。".into()
            } else {
                format!("是否应为 {}？", near.join("、"))
            };
            return wrong(span, format!("没有名为“{name}”的运算符。{advice}"));
        };
        if self.active.len() >= OPERATORS_MAX {
            return wrong(span, format!("自定义运算符“{name}”嵌套超过 {OPERATORS_MAX} 层,请检查它是否调用了自己。"));
        }
        if arguments.len() > operator.parameters.len() {
            let (most, given) = (operator.parameters.len(), arguments.len());
            return wrong(span, format!("运算符“{name}”有 {most} 个参数,这里给了 {given} 个。"));
        }
        let mut given = BTreeMap::new();
        for (at, parameter) in operator.parameters.iter().enumerate() {
            let argument = arguments.get(at).filter(|argument| argument.kind != ExprKind::Omitted);
            let Some(argument) = argument.or(parameter.default.as_ref()) else {
                return wrong(span, format!("运算符“{name}”缺少参数“{}”。", parameter.name));
            };
            if let (OperandKind::Scalar(kind), ExprKind::Constant(constant)) = (&parameter.kind, &argument.kind)
                && let (Some(wanted), Some(found)) = (kind.name.kind(), constant.kind())
                && wanted != found
                && !(wanted.is_numeric() && found == crate::scalar::Type::Integer)
            {
                let (wanted, found) = (wanted.chinese(), found.chinese());
                return wrong(argument.span, format!("参数“{}”应为{wanted},现为{found}。", parameter.name));
            }
            given.insert(parameter.name.as_str(), argument);
        }
        let mut expr = |found: &Expr| match &found.kind {
            ExprKind::Name(name) => given.get(name.as_str()).map(|argument| (*argument).clone()),
            _ => None,
        };
        let name = |name: &str| match given.get(name).map(|argument| &argument.kind) {
            Some(ExprKind::Name(other)) => Some(other.clone()),
            _ => None,
        };
        let constant = |name: &str| match given.get(name).map(|argument| &argument.kind) {
            Some(ExprKind::Constant(constant)) => Some(constant.clone()),
            _ => None,
        };
        Ok(Rewrite { expr: &mut expr, name: &name, given: &constant }.apply(&operator.body))
    }
}

/// Two values of a viral attribute by listed clauses, the first that fits.
pub(super) fn listed(clauses: &[ViralClause], default: Option<&Scalar>, one: &Expr, other: &Expr) -> Expr {
    let span = one.span;
    let constant = |scalar: &Scalar| Expr::new(ExprKind::Constant(scalar.clone()), span);
    let is = |value: &Expr, scalar: &Scalar| {
        let equal = BinaryOp::Compare(Comparison::Equal);
        Expr::new(ExprKind::Binary(equal, Box::new(value.clone()), Box::new(constant(scalar))), span)
    };
    let both = |op: BinaryOp, a: Expr, b: Expr| Expr::new(ExprKind::Binary(op, Box::new(a), Box::new(b)), span);
    let fallback = default.map_or_else(|| constant(&Scalar::Null), constant);
    clauses.iter().rev().fold(fallback, |rest, clause| {
        let when = match &clause.and {
            None => both(BinaryOp::Or, is(one, &clause.when), is(other, &clause.when)),
            Some(and) => both(
                BinaryOp::Or,
                both(BinaryOp::And, is(one, &clause.when), is(other, and)),
                both(BinaryOp::And, is(one, and), is(other, &clause.when)),
            ),
        };
        Expr::new(ExprKind::If(Box::new(when), Box::new(constant(&clause.then)), Box::new(rest)), span)
    })
}

/// Two values of a viral attribute by an aggregate.
pub(super) fn larger(function: Aggregate, one: &Expr, other: &Expr, span: Span) -> Typed<Expr> {
    let (a, b) = (Box::new(one.clone()), Box::new(other.clone()));
    let comparison = match function {
        Aggregate::Max => Comparison::GreaterOrEqual,
        Aggregate::Min => Comparison::LessOrEqual,
        Aggregate::Sum => return Ok(Expr::new(ExprKind::Binary(BinaryOp::Add, a, b), span)),
        _ => return wrong(span, "传播规则的 aggregate 现在只支持 min、max 和 sum。"),
    };
    let test = Expr::new(ExprKind::Binary(BinaryOp::Compare(comparison), a.clone(), b.clone()), span);
    Ok(Expr::new(ExprKind::If(Box::new(test), a, b), span))
}
