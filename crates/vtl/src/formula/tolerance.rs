//! The shape of a comparison that allows for a difference: `abs(a - b) <= k`, written `a = b ±k`.

use crate::ast::{BinaryOp, Comparison, Expr, ExprKind, Function};
use crate::scalar::Scalar;

/// `a`, the comparison meant, `b` and `k`, if it is one of those.
pub(super) fn tolerant<'e>(
    op: Comparison,
    left: &'e Expr,
    right: &'e Expr,
) -> Option<(&'e Expr, Comparison, &'e Expr, &'e Scalar)> {
    let meant = match op {
        Comparison::LessOrEqual => Comparison::Equal,
        Comparison::Greater => Comparison::NotEqual,
        _ => return None,
    };
    let (a, b) = difference(left)?;
    Some((a, meant, b, bound(right)?))
}

/// A number that may stand behind `±`.
pub(super) fn bound(expr: &Expr) -> Option<&Scalar> {
    match &expr.kind {
        ExprKind::Constant(value) => value.decimal().filter(|(digits, _)| *digits >= 0).map(|_| value),
        _ => None,
    }
}

/// `a` and `b` of `abs(a - b)`.
fn difference(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match &expr.kind {
        ExprKind::Call(Function::Abs, arguments) => match arguments.as_slice() {
            [Expr { kind: ExprKind::Binary(BinaryOp::Subtract, a, b), .. }] => Some((a, b)),
            _ => None,
        },
        _ => None,
    }
}
