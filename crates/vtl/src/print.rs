//! Tree → text. What is printed is read back as the same tree; parentheses stand only where they are needed.

mod dataset;
mod statement;

use crate::ast::{BRANCH_BINDING, DatasetOp, Expr, ExprKind, IN_BINDING, UNARY_BINDING, UnaryOp};
use crate::keyword::quoted;
use crate::scalar::Scalar;
use std::fmt::{self, Display, Formatter};

/// `#` and `[…]` bind tightest.
const POSTFIX_BINDING: u8 = 90;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        expression(f, self, 0)
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, items: &[T], separator: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if at > 0 { separator } else { "" })?;
    }
    Ok(())
}

/// How tightly the outermost operator of an expression binds.
pub(crate) fn binding(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Omitted | ExprKind::Call(..) => u8::MAX,
        ExprKind::Dataset(op) if matches!(**op, DatasetOp::InDomain(..)) => IN_BINDING,
        ExprKind::Dataset(_) => POSTFIX_BINDING,
        ExprKind::Unary(..) => UNARY_BINDING,
        ExprKind::Binary(op, ..) => op.binding(),
        ExprKind::In { .. } => IN_BINDING,
        ExprKind::If(..) | ExprKind::Case(..) => BRANCH_BINDING,
    }
}

/// Days, periods, intervals and durations have no constants of their own in the language: they are read from text.
fn constant(f: &mut Formatter<'_>, value: &Scalar) -> fmt::Result {
    let word = match value {
        Scalar::Date(_) => "date",
        Scalar::TimePeriod(_) => "time_period",
        Scalar::Time(_) => "time",
        Scalar::Duration(_) => "duration",
        _ => return write!(f, "{value}"),
    };
    write!(f, "cast(\"{value}\", {word})")
}

/// Prints with parentheses if the place demands a tighter binding.
fn expression(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    if binding(&expr.kind) < least {
        f.write_str("(")?;
        expression(f, expr, 0)?;
        return f.write_str(")");
    }
    match &expr.kind {
        ExprKind::Constant(value) => constant(f, value),
        ExprKind::Name(name) => f.write_str(&quoted(name)),
        ExprKind::Omitted => f.write_str("_"),
        ExprKind::Unary(op, operand) => {
            f.write_str(match op {
                UnaryOp::Plus => "+",
                UnaryOp::Minus => "-",
                UnaryOp::Not => "not ",
            })?;
            expression(f, operand, UNARY_BINDING)
        }
        ExprKind::Binary(op, left, right) => {
            expression(f, left, op.binding())?;
            write!(f, " {} ", op.sign())?;
            expression(f, right, op.binding() + 1)
        }
        ExprKind::In { operand, negated, set } => {
            expression(f, operand, IN_BINDING)?;
            f.write_str(if *negated { " not_in {" } else { " in {" })?;
            list(f, set, ", ")?;
            f.write_str("}")
        }
        ExprKind::If(condition, then, otherwise) => {
            f.write_str("if ")?;
            expression(f, condition, BRANCH_BINDING + 1)?;
            f.write_str(" then ")?;
            expression(f, then, BRANCH_BINDING + 1)?;
            f.write_str(" else ")?;
            expression(f, otherwise, 0)
        }
        ExprKind::Case(branches, otherwise) => {
            f.write_str("case")?;
            for (when, then) in branches {
                f.write_str(" when ")?;
                expression(f, when, BRANCH_BINDING + 1)?;
                f.write_str(" then ")?;
                expression(f, then, BRANCH_BINDING + 1)?;
            }
            f.write_str(" else ")?;
            expression(f, otherwise, 0)
        }
        ExprKind::Call(function, arguments) => {
            f.write_str(if function.is_distance() { "string_distance(" } else { "" })?;
            write!(f, "{}{}", function.name(), if function.is_distance() { ", " } else { "(" })?;
            list(f, arguments, ", ")?;
            f.write_str(")")
        }
        ExprKind::Dataset(op) => dataset::operation(f, op),
    }
}
