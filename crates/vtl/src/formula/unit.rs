//! Units of money: sums and comparisons of amounts in different units are refused, conversion is written out.

use super::expand::Wrong;
use super::layout::{Layout, Meaning, Unit};
use crate::ast::{BinaryOp, Expr, ExprKind, Function};
use crate::error::Span;
use crate::scalar::Scalar;

/// Refuses to add or compare 千元 with 万元.
pub(super) fn same_unit(layout: &Layout, left: &Expr, right: &Expr, span: Span) -> Result<(), Wrong> {
    match (unit(layout, left), unit(layout, right)) {
        (Some(one), Some(other)) if one != other => {
            let (one, other) = (one.chinese(), other.chinese());
            Err((span, format!("两边计量单位不同:一边是{one},一边是{other}。请换算后再比,如 {one}(…)。")))
        }
        _ => Ok(()),
    }
}

/// The unit of an amount, as far as it is one: products and quotients have none.
fn unit(layout: &Layout, expr: &Expr) -> Option<Unit> {
    match &expr.kind {
        ExprKind::Name(name) => match layout.meaning(name)? {
            Meaning::Cell(_, cell, _) => cell.unit,
            _ => None,
        },
        ExprKind::Unary(_, operand) => unit(layout, operand),
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) => {
            unit(layout, left).or_else(|| unit(layout, right))
        }
        ExprKind::Call(Function::Abs | Function::Nvl | Function::Round, arguments) => unit(layout, arguments.first()?),
        _ => None,
    }
}

/// A component in another unit, exactly; the component itself if it is already in that unit.
pub(super) fn converted(name: Expr, from: Unit, to: Unit) -> Expr {
    let (op, power) = match (from.power(), to.power()) {
        (from, to) if from == to => return name,
        (from, to) if from > to => (BinaryOp::Multiply, from - to),
        (from, to) => (BinaryOp::Divide, to - from),
    };
    let span = name.span;
    let factor = Expr::new(ExprKind::Constant(Scalar::Integer(10_i64.pow(u32::from(power)))), span);
    Expr::new(ExprKind::Binary(op, Box::new(name), Box::new(factor)), span)
}
