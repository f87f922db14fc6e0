//! An expression as people write it, with the figures behind the names.

use super::Scene;
use super::figure;
use crate::ast::{Comparison, DatasetOp, Expr, ExprKind, Function, TimeOp, UnaryOp};
use crate::print::binding;
use crate::scalar::Scalar;

impl Scene<'_> {
    pub(super) fn formula(&self, expr: &Expr) -> String {
        self.written(expr, 0)
    }

    /// A formula in parentheses if its place demands a tighter binding.
    fn written(&self, expr: &Expr, least: u8) -> String {
        let text = self.bare(expr);
        if binding(&expr.kind) < least { format!("({text})") } else { text }
    }

    fn bare(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Constant(value) => figure(value, self.language),
            ExprKind::Name(name) => {
                let value = self.record.get(self.component(name)).unwrap_or(&Scalar::Null);
                format!("{} {}", self.label(name), figure(value, self.language))
            }
            ExprKind::Omitted => String::new(),
            ExprKind::Unary(op, operand) => {
                let operand = self.written(operand, crate::ast::UNARY_BINDING);
                match op {
                    UnaryOp::Plus => operand,
                    UnaryOp::Minus => format!("−{operand}"),
                    UnaryOp::Not => self.say("并非{0}", "not {0}", &[&operand]),
                }
            }
            ExprKind::Binary(op, left, right) => {
                let (left, right) = (self.written(left, op.binding()), self.written(right, op.binding() + 1));
                format!("{left} {} {right}", self.sign(*op))
            }
            ExprKind::In { operand, negated, set } => {
                let verb = if *negated { self.word("不属于", "is not in") } else { self.word("属于", "is in") };
                format!("{} {verb} {}", self.written(operand, crate::ast::IN_BINDING), self.set(set))
            }
            ExprKind::If(condition, then, otherwise) => {
                let [condition, then, otherwise] = [condition, then, otherwise].map(|part| self.formula(part));
                self.say("若 {0} 则 {1} 否则 {2}", "if {0} then {1} else {2}", &[&condition, &then, &otherwise])
            }
            ExprKind::Case(branches, otherwise) => {
                let branches = branches.iter().map(|(when, then)| {
                    self.say("若 {0} 则 {1}", "if {0} then {1}", &[&self.formula(when), &self.formula(then)])
                });
                let branches = branches.collect::<Vec<_>>().join(self.word(",", ", "));
                self.say("{0},否则 {1}", "{0}, else {1}", &[&branches, &self.formula(otherwise)])
            }
            ExprKind::Dataset(op) => match &**op {
                // What is converted says more than how.
                DatasetOp::Cast(operand, ..) => self.formula(operand),
                DatasetOp::Time(TimeOp::PeriodIndicator(Some(operand))) => {
                    self.say("时期单位({0})", "unit({0})", &[&self.formula(operand)])
                }
                _ => expr.to_string(),
            },
            ExprKind::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    pub(super) fn set(&self, set: &[Expr]) -> String {
        let items: Vec<String> = set.iter().map(|item| self.formula(item)).collect();
        format!("{{{}}}", self.listed(&items))
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        let written: Vec<String> = arguments.iter().map(|argument| self.formula(argument)).collect();
        let at = |place: usize| written.get(place).map_or("", String::as_str);
        match function {
            Function::Nvl => {
                let empty = arguments.first().and_then(|first| self.value(first)) == Some(Scalar::Null);
                if empty {
                    self.say("{0}(按 {1} 计)", "{0} (taken as {1})", &[at(0), at(1)])
                } else {
                    at(0).to_owned()
                }
            }
            Function::Abs => format!("|{}|", at(0)),
            Function::IsNull => self.say("{0} 为空", "{0} is empty", &[at(0)]),
            Function::Between => {
                self.say("{0} 在 {1} 与 {2} 之间", "{0} is between {1} and {2}", &[at(0), at(1), at(2)])
            }
            Function::MatchCharacters => self.say("{0} 符合格式 {1}", "{0} matches {1}", &[at(0), at(1)]),
            _ => format!("{}({})", self.function(function), written.join(self.word(",", ", "))),
        }
    }
}

pub(super) fn compared(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => "≥",
    }
}
