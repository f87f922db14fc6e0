//! Tree → text. What is printed is read back as the same tree; parentheses stand only where they are needed.

use crate::ast::{
    BRANCH_BINDING, DatapointRuleset, Expr, ExprKind, IN_BINDING, Parameter, RuleItem, Script, Signature,
    UNARY_BINDING, UnaryOp,
};
use crate::keyword::quoted;
use std::fmt::{self, Display, Formatter};

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.rulesets().try_for_each(|ruleset| writeln!(f, "{ruleset}"))
    }
}

impl Display for DatapointRuleset {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let signature = match self.signature {
            Signature::Variable => "variable",
            Signature::ValueDomain => "valuedomain",
        };
        write!(f, "define datapoint ruleset {} ({signature} ", quoted(&self.name))?;
        list(f, &self.parameters, ", ")?;
        f.write_str(") is\n  ")?;
        list(f, &self.rules, ";\n  ")?;
        f.write_str("\nend datapoint ruleset;")
    }
}

impl Display for Parameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.name))?;
        self.alias.iter().try_for_each(|alias| write!(f, " as {}", quoted(alias)))
    }
}

impl Display for RuleItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.iter().try_for_each(|name| write!(f, "{}: ", quoted(name)))?;
        self.when.iter().try_for_each(|when| write!(f, "when {when} then "))?;
        write!(f, "{}", self.then)?;
        self.error_code.iter().try_for_each(|code| write!(f, " errorcode {code}"))?;
        self.error_level.iter().try_for_each(|level| write!(f, " errorlevel {level}"))
    }
}

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
        ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Omitted | ExprKind::Call(..) | ExprKind::Dataset(_) => {
            u8::MAX
        }
        ExprKind::Unary(..) => UNARY_BINDING,
        ExprKind::Binary(op, ..) => op.binding(),
        ExprKind::In { .. } => IN_BINDING,
        ExprKind::If(..) | ExprKind::Case(..) => BRANCH_BINDING,
    }
}

/// Prints with parentheses if the place demands a tighter binding.
fn expression(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    if binding(&expr.kind) < least {
        f.write_str("(")?;
        expression(f, expr, 0)?;
        return f.write_str(")");
    }
    match &expr.kind {
        ExprKind::Constant(value) => write!(f, "{value}"),
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
            write!(f, "{}(", function.name())?;
            list(f, arguments, ", ")?;
            f.write_str(")")
        }
        ExprKind::Dataset(op) => write!(f, "{op:?}"),
    }
}
