//! The common shapes of rules, and how each is explained when it is violated.

use super::figure::figure;
use super::formula::compared;
use super::{Scene, mirrored, opposite};
use crate::ast::{BinaryOp, Comparison, Expr, ExprKind, Function, UnaryOp};
use crate::scalar::Scalar;

/// Digits after the point of a quotient in an explanation.
const QUOTIENT_SHOWN: i64 = 4;
/// As many as it takes to tell it from the bound that it breaks: 1.10005 is not between 0.9 and 1.1.
const QUOTIENT_SHOWN_MOST: i64 = 16;

impl Scene<'_> {
    /// Why `expr` is not what it should be.
    pub(super) fn violated(&self, expr: &Expr, should: bool) -> String {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => self.violated(inner, !should),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), ..) => self.joined(expr, *op, should),
            ExprKind::Binary(BinaryOp::Compare(op), left, right) => self.compared(left, *op, right, should),
            ExprKind::In { operand, negated, set } => {
                let (operand, set) = (self.side(operand), self.set(set));
                if should == *negated {
                    format!("{operand} 属于 {set},应在其外")
                } else {
                    format!("{operand} 不属于 {set}")
                }
            }
            ExprKind::If(condition, then, otherwise) => match self.truth(condition) {
                Some(true) => format!("因{},{}", self.condition(condition), self.violated(then, should)),
                _ => format!("因“{}”不成立,{}", self.formula(condition), self.violated(otherwise, should)),
            },
            ExprKind::Name(name) => {
                format!("{} 为{},应为{}", self.label(name), word(!should), word(should))
            }
            ExprKind::Call(function, arguments) => self.asked(*function, arguments, expr, should),
            _ => self.plainly(expr, should),
        }
    }

    fn plainly(&self, expr: &Expr, should: bool) -> String {
        if should {
            format!("“{}”不成立", self.formula(expr))
        } else {
            format!("“{}”成立,不应如此", self.formula(expr))
        }
    }

    /// Of several conditions only those that are to blame.
    fn joined(&self, expr: &Expr, op: BinaryOp, should: bool) -> String {
        let mut parts = Vec::new();
        flatten(expr, op, &mut parts);
        let all_needed = (op == BinaryOp::And) == should;
        if all_needed {
            let guilty = parts.iter().filter(|part| self.truth(part) == Some(!should));
            return guilty.map(|part| self.violated(part, should)).collect::<Vec<_>>().join(";");
        }
        let parts: Vec<String> = parts.iter().map(|part| self.formula(part)).collect();
        if should {
            format!("下列各项至少应有一项成立:{}", parts.join(";"))
        } else {
            format!("下列各项不应同时成立:{}", parts.join(";"))
        }
    }

    fn asked(&self, function: Function, arguments: &[Expr], expr: &Expr, should: bool) -> String {
        match (function, arguments) {
            (Function::Between, [value, from, to]) => {
                let value = self.side_apart(value, &[from, to]);
                let (from, to) = (self.formula(from), self.formula(to));
                if should {
                    format!("{value} 不在 {from} 与 {to} 之间")
                } else {
                    format!("{value} 在 {from} 与 {to} 之间,应在此范围之外")
                }
            }
            (Function::IsNull, [value]) if should => format!("{},应为空", self.formula(value)),
            (Function::IsNull, [Expr { kind: ExprKind::Name(name), .. }]) => {
                format!("{} 为空,应填写", self.label(name))
            }
            (Function::IsNull, [value]) => format!("{} 为空,不应为空", self.formula(value)),
            (Function::MatchCharacters, [value, pattern]) => {
                let (value, pattern) = (self.formula(value), self.formula(pattern));
                if should {
                    format!("{value} 不符合格式 {pattern}")
                } else {
                    format!("{value} 符合格式 {pattern},不应如此")
                }
            }
            (Function::Nvl, [value, _]) => match self.value(value) {
                Some(Scalar::Null) => self.plainly(expr, should),
                _ => self.violated(value, should),
            },
            _ => self.plainly(expr, should),
        }
    }

    fn compared(&self, left: &Expr, op: Comparison, right: &Expr, should: bool) -> String {
        let op = if should { op } else { opposite(op) };
        let (left, op, right) =
            if is_fixed(left) && !is_fixed(right) { (right, mirrored(op), left) } else { (left, op, right) };
        if let Some((inner, bound)) = tolerance(left, op, right) {
            return self.tolerated(inner, bound);
        }
        let ought = match op {
            Comparison::Equal => "应等于",
            Comparison::NotEqual => "应不等于",
            Comparison::Less => "应小于",
            Comparison::LessOrEqual => "应不大于",
            Comparison::Greater => "应大于",
            Comparison::GreaterOrEqual => "应不小于",
        };
        if is_fixed(right) {
            return format!("{},{ought} {}", self.side_apart(left, &[right]), self.formula(right));
        }
        let shown = format!("{} {} {}", self.side(left), compared(opposite(op)), self.side(right));
        let gap = self.value(&minus(left.clone(), right.clone())).filter(|value| value.decimal().is_some());
        match (op, gap) {
            (Comparison::Equal, Some(gap)) => format!("{shown},差 {}", rounded(&gap)),
            (Comparison::Equal, None) => format!("{shown},应相等"),
            (Comparison::NotEqual, _) => format!("{shown},应不相等"),
            (_, Some(gap)) if !is_zero(&gap) => {
                format!("{shown},{ought},差 {}", rounded(&gap).trim_start_matches('−'))
            }
            _ => format!("{shown},{ought}"),
        }
    }

    /// `abs(A - (B + C)) <= k`: the sum with its tolerance.
    fn tolerated(&self, inner: &Expr, bound: &Expr) -> String {
        let (left, right) = sides(inner);
        let gap = self.value(inner).map(|gap| rounded(&gap)).unwrap_or_default();
        let allowed = self.formula(bound);
        if matches!(right.kind, ExprKind::Constant(Scalar::Integer(0))) {
            return format!("{} 的绝对值超过 {allowed}", self.side(&left));
        }
        format!("{} ≠ {},差 {gap}(允许 ±{allowed})", self.formula(&left), self.formula(&right))
    }

    /// One side of a comparison; where it is more than a sum, with its value.
    fn side(&self, expr: &Expr) -> String {
        self.side_apart(expr, &[])
    }

    /// The same, with a value that does not look like one of the bounds unless it is.
    fn side_apart(&self, expr: &Expr, bounds: &[&Expr]) -> String {
        let text = self.formula(expr);
        if !is_computed(expr) {
            return text;
        }
        match self.value(expr) {
            Some(value) if value.decimal().is_some() => {
                let value = self.shown(expr, bounds).unwrap_or(value);
                format!("{text} = {}", figure(&value))
            }
            Some(value) => format!("{text} = {}", figure(&value)),
            None => text,
        }
    }

    /// The value of an expression, rounded.
    fn shown(&self, expr: &Expr, bounds: &[&Expr]) -> Option<Scalar> {
        let is_same = |left: &Expr, right: &Expr| {
            self.value(&minus(left.clone(), right.clone())).is_some_and(|gap| is_zero(&gap))
        };
        let bounds: Vec<&&Expr> = bounds.iter().filter(|bound| !is_same(expr, bound)).collect();
        let rounded = |digits: i64| call(Function::Round, vec![expr.clone(), whole(digits, expr)]);
        let is_apart = |digits: &i64| !bounds.iter().any(|bound| is_same(&rounded(*digits), bound));
        let digits = (QUOTIENT_SHOWN..QUOTIENT_SHOWN_MOST).find(is_apart).unwrap_or(QUOTIENT_SHOWN_MOST);
        self.value(&rounded(digits))
    }

    /// The condition after 因, short where a code is asked for.
    pub(super) fn condition(&self, expr: &Expr) -> String {
        let mut parts = Vec::new();
        flatten(expr, BinaryOp::And, &mut parts);
        let written = parts.iter().map(|part| match &part.kind {
            ExprKind::Binary(BinaryOp::Compare(Comparison::Equal), left, right) => {
                match (&left.kind, is_fixed(right)) {
                    (ExprKind::Name(name), true) => format!("{} = {}", self.label(name), self.formula(right)),
                    _ => self.formula(part),
                }
            }
            _ => self.formula(part),
        });
        format!(" {}", written.collect::<Vec<_>>().join(" 且 "))
    }
}

fn word(value: bool) -> &'static str {
    if value { "是" } else { "否" }
}

fn rounded(value: &Scalar) -> String {
    let Some((digits, scale)) = value.decimal() else { return figure(value) };
    let shown = u8::try_from(QUOTIENT_SHOWN).unwrap_or(0);
    if scale <= shown {
        return figure(value);
    }
    let unscaled = crate::exact::ten_to(scale - shown)
        .map_or(digits, |power| crate::exact::round_quotient(digits, power, crate::graph::Rounding::Half));
    if unscaled == 0 { figure(value) } else { figure(&Scalar::Number { unscaled, scale: shown }) }
}

fn is_zero(value: &Scalar) -> bool {
    value.decimal().is_some_and(|(digits, _)| digits == 0)
}

fn whole(number: i64, expr: &Expr) -> Expr {
    Expr::new(ExprKind::Constant(Scalar::Integer(number)), expr.span)
}

fn call(function: Function, arguments: Vec<Expr>) -> Expr {
    let span = arguments.first().map(|first| first.span).unwrap_or_default();
    Expr::new(ExprKind::Call(function, arguments), span)
}

/// Does no component occur in it?
fn is_fixed(expr: &Expr) -> bool {
    !matches!(expr.kind, ExprKind::Name(_)) && expr.kind.children().into_iter().all(is_fixed)
}

/// Is there more to it than names, constants and sums?
fn is_computed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Omitted => false,
        ExprKind::Call(Function::Nvl, arguments) => arguments.iter().any(is_computed),
        ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, operand) => is_computed(operand),
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) => is_computed(left) || is_computed(right),
        _ => true,
    }
}

/// The parts of `a and b and c`.
fn flatten<'e>(expr: &'e Expr, op: BinaryOp, parts: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Binary(found, left, right) if *found == op => {
            flatten(left, op, parts);
            flatten(right, op, parts);
        }
        _ => parts.push(expr),
    }
}

/// The comparison that a rule is at its heart, if it is one.
pub(super) fn comparison(rule: &Expr) -> Option<(&Expr, Comparison, &Expr)> {
    match &rule.kind {
        ExprKind::Binary(BinaryOp::Compare(op), left, right) if is_fixed(left) && !is_fixed(right) => {
            Some((right, mirrored(*op), left))
        }
        ExprKind::Binary(BinaryOp::Compare(op), left, right) => Some((left, *op, right)),
        _ => None,
    }
}

/// `abs(inner) <= bound` with a bound that no component changes.
pub(super) fn tolerance<'e>(left: &'e Expr, op: Comparison, right: &'e Expr) -> Option<(&'e Expr, &'e Expr)> {
    match &left.kind {
        ExprKind::Call(Function::Abs, arguments)
            if matches!(op, Comparison::LessOrEqual | Comparison::Less) && is_fixed(right) =>
        {
            Some((arguments.first()?, right))
        }
        _ => None,
    }
}

/// `a - b - c + d` as two sides: `a` and `b + c - d`.
pub(super) fn sides(expr: &Expr) -> (Expr, Expr) {
    let mut terms = Vec::new();
    signed(expr, true, &mut terms);
    let mut terms = terms.into_iter();
    let left = match terms.next() {
        Some((false, first)) => Expr::new(ExprKind::Unary(UnaryOp::Minus, Box::new(first.clone())), first.span),
        Some((true, first)) => first.clone(),
        None => expr.clone(),
    };
    let right = terms.fold(None, |sum, (plus, term)| {
        Some(match (sum, plus) {
            (None, false) => term.clone(),
            (None, true) => Expr::new(ExprKind::Unary(UnaryOp::Minus, Box::new(term.clone())), term.span),
            (Some(sum), false) => binary(BinaryOp::Add, sum, term.clone()),
            (Some(sum), true) => binary(BinaryOp::Subtract, sum, term.clone()),
        })
    });
    (left, right.unwrap_or_else(|| Expr::new(ExprKind::Constant(Scalar::Integer(0)), expr.span)))
}

fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    let span = left.span;
    Expr::new(ExprKind::Binary(op, Box::new(left), Box::new(right)), span)
}

pub(super) fn minus(left: Expr, right: Expr) -> Expr {
    binary(BinaryOp::Subtract, left, right)
}

/// The terms of a sum with their signs.
fn signed<'e>(expr: &'e Expr, plus: bool, terms: &mut Vec<(bool, &'e Expr)>) {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Add, left, right) => {
            signed(left, plus, terms);
            signed(right, plus, terms);
        }
        ExprKind::Binary(BinaryOp::Subtract, left, right) => {
            signed(left, plus, terms);
            signed(right, !plus, terms);
        }
        ExprKind::Unary(UnaryOp::Minus, operand) => signed(operand, !plus, terms),
        ExprKind::Unary(UnaryOp::Plus, operand) => signed(operand, plus, terms),
        _ => terms.push((plus, expr)),
    }
}
