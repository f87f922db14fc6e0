//! Tree → formula. What is printed is read back as the same tree; what a formula cannot say is refused with the reason.

use super::layout::{Cell, Form, Layout, Meaning, Shift};
use super::lexer::{self, is_word};
use super::meta::{Field, Meta, Severity, field, written};
use super::parser::{NOT_BINDING, SIGN_BINDING};
use super::tolerance::{bound, tolerant};
use super::unit::same_unit;
use super::{NOTHING_ASKED, is_id, message_of};
use crate::ast::{BRANCH_BINDING, BinaryOp, Comparison, DatapointRuleset, Expr, ExprKind, RuleItem, UnaryOp};
use crate::limits::DEPTH_MAX;
use crate::scalar::Scalar;

/// Why a rule cannot be written as a formula 不能写成公式.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}不能写成审核公式:{reason}。")]
pub struct Unprintable {
    /// “规则“Z1”” or “这条规则”.
    pub rule: String,
    /// The reason, without a full stop.
    pub reason: String,
}

/// One rule as one line of a formula text.
pub fn print(item: &RuleItem, meta: &Meta, layout: &Layout) -> Result<String, Unprintable> {
    line(item, meta, layout).map_err(|reason| {
        let rule = item.name.as_ref().map_or("这条规则".to_owned(), |name| format!("规则“{name}”"));
        Unprintable { rule, reason }
    })
}

/// All rules of a ruleset as a formula text, one a line, and those that cannot be written so.
pub fn from_vtl(ruleset: &DatapointRuleset, layout: &Layout) -> (String, Vec<Unprintable>) {
    let mut text = String::new();
    let mut left_out = Vec::new();
    let renamed = ruleset.parameters.iter().any(|parameter| parameter.alias.is_some());
    for item in &ruleset.rules {
        let line = if renamed {
            let rule = item.name.as_ref().map_or("规则集".to_owned(), |name| format!("规则“{name}”"));
            Err(Unprintable { rule, reason: "规则集给变量另起了名称,请先改用原名".to_owned() })
        } else {
            print(item, &Meta::default(), layout)
        };
        match line {
            Ok(line) => text.extend([line.as_str(), "\n"]),
            Err(unprintable) => left_out.push(unprintable),
        }
    }
    (text, left_out)
}

type Written = Result<String, String>;

fn line(item: &RuleItem, meta: &Meta, layout: &Layout) -> Written {
    if !item.when.iter().chain([&item.then]).any(super::is_open) {
        return Err(NOTHING_ASKED.to_owned());
    }
    let writer = Writer { layout, tolerance: meta.tolerance.as_ref() };
    let mut text = String::new();
    if let Some(name) = &item.name {
        if !is_id(name) {
            return Err("规则名只能有汉字、字母、数字、点、横线和下划线".to_owned());
        }
        text = format!("{name}: ");
    }
    let top = item.when.as_ref().map_or(0, |_| BRANCH_BINDING + 1);
    if let Some(when) = &item.when {
        text = format!("{text}IF {} THEN ", writer.written(when, BRANCH_BINDING + 1)?);
    }
    text.push_str(&writer.written(&item.then, top)?);
    match &item.error_level {
        None => {}
        Some(Scalar::Text(letter)) if Severity::named(letter).is_some_and(|known| known.letter() == letter) => {
            text = format!("{text} | {letter}");
        }
        Some(other) => return Err(format!("级别应为 A、B、C 或 D,现为 {other}")),
    }
    match &item.error_code {
        None => {}
        Some(Scalar::Text(message)) => {
            let prefix = if field(message).0 == Field::Message { "" } else { "提示:" };
            message_of(message, layout)?;
            text = format!("{text} | {prefix}{message}");
        }
        Some(other) => return Err(format!("提示语应为文字,现为 {other}")),
    }
    let fields = written(meta);
    let breaks = |text: &str| text.contains(['\n', '\r']);
    let extra = [&meta.units, &meta.source].into_iter().flatten();
    if breaks(&text) || extra.into_iter().any(|text| text.contains(['|', '｜', '\n', '\r']) || text.trim() != text) {
        return Err("说明里有竖线、换行,或者首尾有空格".to_owned());
    }
    Ok(text + &fields)
}

struct Writer<'a> {
    layout: &'a Layout,
    tolerance: Option<&'a Scalar>,
}

impl Writer<'_> {
    /// Text with parentheses if its place demands a tighter binding.
    fn written(&self, expr: &Expr, least: u8) -> Written {
        if expr.depth() > DEPTH_MAX {
            return Err(format!("它超过 {DEPTH_MAX} 层"));
        }
        let text = self.bare(expr)?;
        Ok(if binding(&expr.kind) < least { format!("({text})") } else { text })
    }

    fn bare(&self, expr: &Expr) -> Written {
        match &expr.kind {
            ExprKind::Constant(value) => constant(value, false),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Unary(UnaryOp::Not, operand) => Ok(format!("NOT {}", self.written(operand, NOT_BINDING)?)),
            ExprKind::Unary(UnaryOp::Plus, operand) => Ok(format!("+{}", self.written(operand, SIGN_BINDING)?)),
            ExprKind::Unary(UnaryOp::Minus, operand) => Ok(format!("-{}", self.written(operand, SIGN_BINDING)?)),
            ExprKind::Binary(BinaryOp::Compare(op), left, right) => self.compared(*op, left, right),
            ExprKind::Binary(op, left, right) => {
                if matches!(op, BinaryOp::Add | BinaryOp::Subtract) {
                    self.units(left, right)?;
                }
                let sign = match op {
                    BinaryOp::Concat => "&".to_owned(),
                    op => op.sign().to_ascii_uppercase(),
                };
                let (left, right) = (self.written(left, op.binding())?, self.written(right, op.binding() + 1)?);
                Ok(format!("{left} {sign} {right}"))
            }
            ExprKind::In { operand, negated, set } => {
                let mut items = vec![self.written(operand, 0)?];
                for item in set {
                    let ExprKind::Constant(value) = &item.kind else {
                        return Err("集合里有不是常数的项".to_owned());
                    };
                    items.push(constant(value, true)?);
                }
                let name = if *negated { "NOTINLIST" } else { "INLIST" };
                Ok(format!("{name}({})", items.join(", ")))
            }
            ExprKind::If(condition, then, otherwise) => {
                let above = BRANCH_BINDING + 1;
                let (condition, then) = (self.written(condition, above)?, self.written(then, above)?);
                Ok(format!("IF {condition} THEN {then} ELSE {}", self.written(otherwise, 0)?))
            }
            ExprKind::Call(function, arguments) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|argument| self.written(argument, 0)).collect::<Result<_, _>>()?;
                Ok(format!("{}({})", function.name().to_ascii_uppercase(), arguments.join(", ")))
            }
            ExprKind::Omitted => Err("有省略的参数".to_owned()),
            ExprKind::Case(..) => Err("公式没有 case,请改用 if … then … else …".to_owned()),
            ExprKind::Dataset(_) => Err("公式只审核一个单位的一份报表,没有数据集的运算".to_owned()),
        }
    }

    fn units(&self, left: &Expr, right: &Expr) -> Result<(), String> {
        same_unit(self.layout, left, right, left.span).map_err(|(_, message)| message.trim_end_matches('。').to_owned())
    }

    /// A comparison, with `±` where it allows for a tolerance.
    fn compared(&self, op: Comparison, left: &Expr, right: &Expr) -> Written {
        let (left, op, right, bound) = self.tolerated(op, left, right);
        self.units(left, right)?;
        let sign = BinaryOp::Compare(op).sign();
        let above = BinaryOp::Compare(op).binding() + 1;
        let text = format!("{} {sign} {}", self.written(left, above)?, self.written(right, above)?);
        Ok(match bound {
            Some(bound) => format!("{text} ±{}", constant(bound, false)?),
            None => text,
        })
    }

    /// `abs(a - b) <= k` is `a = b ±k`; `a >= b - k` is `a >= b ±k` if that is known to be the tolerance.
    fn tolerated<'e>(
        &self,
        op: Comparison,
        left: &'e Expr,
        right: &'e Expr,
    ) -> (&'e Expr, Comparison, &'e Expr, Option<&'e Scalar>) {
        let plain = (left, op, right, None);
        if let Some((a, equality, b, bound)) = tolerant(op, left, right) {
            return (a, equality, b, Some(bound));
        }
        let widened = match op {
            Comparison::Less | Comparison::LessOrEqual => BinaryOp::Add,
            Comparison::Greater | Comparison::GreaterOrEqual => BinaryOp::Subtract,
            Comparison::Equal | Comparison::NotEqual => return plain,
        };
        match &right.kind {
            ExprKind::Binary(op_right, b, k) if *op_right == widened => match bound(k) {
                Some(bound) if self.tolerance == Some(bound) => (left, op, b, Some(bound)),
                _ => plain,
            },
            _ => plain,
        }
    }

    fn name(&self, name: &str) -> Written {
        let meaning = self.layout.meaning(name).ok_or(format!("表式里没有名为“{name}”的单元格或属性"))?;
        match meaning {
            Meaning::Cell(form, found, shift) => {
                let fits =
                    |code: &str| !code.is_empty() && code.chars().all(|c| is_word(c) || matches!(c, '.' | '-' | '/'));
                if !fits(&found.row) || !fits(&found.column) {
                    return Err(format!("“{}”的行号或栏号里有公式不能写的字符", found.name));
                }
                Ok(cell(self.layout, form, found, shift))
            }
            Meaning::Filled(form) => Ok(format!("EXIST({})", form.code)),
            Meaning::Attribute(attribute, shift) => {
                let word = &attribute.word;
                let first = word.chars().next().is_some_and(|c| is_word(c) && !c.is_ascii_digit());
                let taken = lexer::key(word).is_some() || word.eq_ignore_ascii_case("EXIST") || word == "已填报";
                if !first || taken || !word.chars().all(is_word) {
                    return Err(format!("属性“{word}”的名称公式不能写"));
                }
                Ok(format!("{word}{}", shift.sign()))
            }
        }
    }
}

/// A cell as written.
pub(super) fn cell(layout: &Layout, form: &Form, cell: &Cell, shift: Shift) -> String {
    let (code, task) = form.code.split_once('@').map_or((form.code.as_str(), None), |(code, task)| (code, Some(task)));
    let code = if layout.is_own(form) { "" } else { code };
    let sum = if cell.is_list { ",''" } else { "" };
    let task = task.filter(|_| !layout.is_own(form)).map(|task| format!("@{task}")).unwrap_or_default();
    format!("{code}[{},{}{sum}]{task}{}", cell.row, cell.column, shift.sign())
}

/// A constant; a sign belongs to it only in a set.
fn constant(value: &Scalar, signed: bool) -> Written {
    let negative = value.decimal().is_some_and(|(digits, _)| digits < 0);
    match value {
        Scalar::Null if signed => Err("集合里有 null".to_owned()),
        Scalar::Boolean(_) if signed => Err("集合里有真假值".to_owned()),
        Scalar::Null | Scalar::Boolean(_) => Ok(value.to_string().to_ascii_uppercase()),
        Scalar::Integer(_) | Scalar::Number { .. } if negative && !signed => Err("有带负号的常数".to_owned()),
        Scalar::Text(text) if text.contains(['"', '“', '”', '＂', '\n', '\r']) => {
            Err("文字里有双引号或换行".to_owned())
        }
        _ if value.decimal().is_none() && !matches!(value, Scalar::Text(_)) => {
            Err(format!("公式没有 {value} 这样的常数"))
        }
        _ => Ok(value.to_string()),
    }
}

/// How tightly the outermost operator binds in a formula.
fn binding(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Unary(UnaryOp::Not, _) => NOT_BINDING,
        ExprKind::In { .. } => u8::MAX,
        ExprKind::Binary(BinaryOp::Compare(_), ..) => BinaryOp::Compare(Comparison::Equal).binding(),
        kind => crate::print::binding(kind),
    }
}
