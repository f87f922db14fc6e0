//! An expression as people write it, with the figures behind the names.

use super::Scene;
use super::figure::figure;
use crate::ast::{BinaryOp, Comparison, DatasetOp, Expr, ExprKind, Function, TimeOp, UnaryOp};
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
            ExprKind::Constant(value) => figure(value),
            ExprKind::Name(name) => {
                let value = self.record.get(self.component(name)).unwrap_or(&Scalar::Null);
                format!("{} {}", self.label(name), figure(value))
            }
            ExprKind::Omitted => String::new(),
            ExprKind::Unary(op, operand) => {
                let operand = self.written(operand, crate::ast::UNARY_BINDING);
                match op {
                    UnaryOp::Plus => operand,
                    UnaryOp::Minus => format!("−{operand}"),
                    UnaryOp::Not => format!("并非{operand}"),
                }
            }
            ExprKind::Binary(op, left, right) => {
                let (left, right) = (self.written(left, op.binding()), self.written(right, op.binding() + 1));
                format!("{left} {} {right}", sign(*op))
            }
            ExprKind::In { operand, negated, set } => {
                let verb = if *negated { "不属于" } else { "属于" };
                format!("{} {verb} {}", self.written(operand, crate::ast::IN_BINDING), self.set(set))
            }
            ExprKind::If(condition, then, otherwise) => {
                let [condition, then, otherwise] = [condition, then, otherwise].map(|part| self.formula(part));
                format!("若 {condition} 则 {then} 否则 {otherwise}")
            }
            ExprKind::Case(branches, otherwise) => {
                let branches =
                    branches.iter().map(|(when, then)| format!("若 {} 则 {}", self.formula(when), self.formula(then)));
                format!("{},否则 {}", branches.collect::<Vec<_>>().join(","), self.formula(otherwise))
            }
            ExprKind::Dataset(op) => match &**op {
                // What is converted says more than how.
                DatasetOp::Cast(operand, ..) => self.formula(operand),
                DatasetOp::Time(TimeOp::PeriodIndicator(Some(operand))) => {
                    format!("时期单位({})", self.formula(operand))
                }
                _ => expr.to_string(),
            },
            ExprKind::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    pub(super) fn set(&self, set: &[Expr]) -> String {
        let items: Vec<String> = set.iter().map(|item| self.formula(item)).collect();
        format!("{{{}}}", items.join("、"))
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        let written: Vec<String> = arguments.iter().map(|argument| self.formula(argument)).collect();
        let at = |place: usize| written.get(place).map_or("", String::as_str);
        match function {
            Function::Nvl => {
                let empty = arguments.first().and_then(|first| self.value(first)) == Some(Scalar::Null);
                if empty { format!("{}(按 {} 计)", at(0), at(1)) } else { at(0).to_owned() }
            }
            Function::Abs => format!("|{}|", at(0)),
            Function::IsNull => format!("{} 为空", at(0)),
            Function::Between => format!("{} 在 {} 与 {} 之间", at(0), at(1), at(2)),
            Function::MatchCharacters => format!("{} 符合格式 {}", at(0), at(1)),
            _ => format!("{}({})", chinese(function), written.join(",")),
        }
    }
}

fn chinese(function: Function) -> &'static str {
    match function {
        Function::Round => "四舍五入",
        Function::Trunc => "截尾",
        Function::Ceil => "向上取整",
        Function::Floor => "向下取整",
        Function::Mod => "余数",
        Function::Power => "乘方",
        Function::Length => "长度",
        Function::Substr => "截取",
        Function::Upper => "转大写",
        Function::Lower => "转小写",
        Function::Trim | Function::Ltrim | Function::Rtrim => "去空格",
        Function::Instr => "位置",
        Function::Replace => "替换",
        Function::Exp => "自然指数",
        Function::Ln => "自然对数",
        Function::Log => "对数",
        Function::Sqrt => "平方根",
        Function::DateAdd => "推移",
        Function::DateDiff => "相隔天数",
        Function::Year => "年份",
        Function::Month => "月份",
        Function::DayOfMonth => "日",
        Function::DayOfYear => "年内天数",
        Function::Levenshtein | Function::DamerauLevenshtein | Function::Hamming => "文字差异",
        Function::JaroWinkler => "文字相似度",
        _ => function.name(),
    }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "−",
        BinaryOp::Multiply => "×",
        BinaryOp::Divide => "÷",
        BinaryOp::Concat => "连接",
        BinaryOp::Compare(op) => compared(op),
        BinaryOp::And => "且",
        BinaryOp::Or => "或",
        BinaryOp::Xor => "异或",
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
