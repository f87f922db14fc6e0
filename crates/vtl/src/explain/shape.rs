//! The common shapes of rules, and how each is explained when it is violated.

use super::figure;
use super::formula::compared;
use super::{Language, Scene, mirrored, opposite};
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
                    self.say("{0} 属于 {1},应在其外", "{0} is in {1}, should be outside", &[&operand, &set])
                } else {
                    self.say("{0} 不属于 {1}", "{0} is not in {1}", &[&operand, &set])
                }
            }
            ExprKind::If(condition, then, otherwise) => {
                if self.truth(condition) == Some(true) {
                    let violated = self.violated(then, should);
                    return self.say("因 {0},{1}", "as {0}, {1}", &[&self.condition(condition), &violated]);
                }
                let (condition, violated) = (self.formula(condition), self.violated(otherwise, should));
                self.say("因“{0}”不成立,{1}", "as “{0}” does not hold, {1}", &[&condition, &violated])
            }
            ExprKind::Name(name) => {
                let (is, ought) = (self.truth_word(!should), self.truth_word(should));
                self.say("{0} 为{1},应为{2}", "{0} is {1}, should be {2}", &[&self.label(name), is, ought])
            }
            ExprKind::Call(function, arguments) => self.asked(*function, arguments, expr, should),
            _ => self.plainly(expr, should),
        }
    }

    fn truth_word(&self, value: bool) -> &'static str {
        if value { self.word("是", "true") } else { self.word("否", "false") }
    }

    fn plainly(&self, expr: &Expr, should: bool) -> String {
        let formula = self.formula(expr);
        if should {
            self.say("“{0}”不成立", "“{0}” does not hold", &[&formula])
        } else {
            self.say("“{0}”成立,不应如此", "“{0}” holds, and should not", &[&formula])
        }
    }

    /// Of several conditions only those that are to blame.
    fn joined(&self, expr: &Expr, op: BinaryOp, should: bool) -> String {
        let mut parts = Vec::new();
        flatten(expr, op, &mut parts);
        let all_needed = (op == BinaryOp::And) == should;
        if all_needed {
            let guilty = parts.iter().filter(|part| self.truth(part) == Some(!should));
            return guilty.map(|part| self.violated(part, should)).collect::<Vec<_>>().join(self.word(";", "; "));
        }
        let parts: Vec<String> = parts.iter().map(|part| self.formula(part)).collect();
        let parts = parts.join(self.word(";", "; "));
        if should {
            self.say("下列各项至少应有一项成立:{0}", "at least one of these should hold: {0}", &[&parts])
        } else {
            self.say("下列各项不应同时成立:{0}", "these should not hold together: {0}", &[&parts])
        }
    }

    fn asked(&self, function: Function, arguments: &[Expr], expr: &Expr, should: bool) -> String {
        match (function, arguments) {
            (Function::Between, [value, from, to]) => {
                let value = self.side_apart(value, &[from, to]);
                let (from, to) = (self.formula(from), self.formula(to));
                let parts = [value.as_str(), &from, &to];
                if should {
                    self.say("{0} 不在 {1} 与 {2} 之间", "{0} is not between {1} and {2}", &parts)
                } else {
                    let english = "{0} is between {1} and {2}, should be outside";
                    self.say("{0} 在 {1} 与 {2} 之间,应在此范围之外", english, &parts)
                }
            }
            (Function::IsNull, [value]) if should => {
                self.say("{0},应为空", "{0}, should be empty", &[&self.formula(value)])
            }
            (Function::IsNull, [Expr { kind: ExprKind::Name(name), .. }]) => {
                self.say("{0} 为空,应填写", "{0} is empty, should be filled in", &[&self.label(name)])
            }
            (Function::IsNull, [value]) => {
                self.say("{0} 为空,不应为空", "{0} is empty, should not be", &[&self.formula(value)])
            }
            (Function::MatchCharacters, [value, pattern]) => {
                let (value, pattern) = (self.formula(value), self.formula(pattern));
                let parts = [value.as_str(), &pattern];
                if should {
                    self.say("{0} 不符合格式 {1}", "{0} does not match {1}", &parts)
                } else {
                    self.say("{0} 符合格式 {1},不应如此", "{0} matches {1}, and should not", &parts)
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
            Comparison::Equal => self.word("应等于", "should equal"),
            Comparison::NotEqual => self.word("应不等于", "should not equal"),
            Comparison::Less => self.word("应小于", "should be less than"),
            Comparison::LessOrEqual => self.word("应不大于", "should be at most"),
            Comparison::Greater => self.word("应大于", "should be more than"),
            Comparison::GreaterOrEqual => self.word("应不小于", "should be at least"),
        };
        if is_fixed(right) {
            let parts = [&self.side_apart(left, &[right]), ought, &self.formula(right)];
            return self.say("{0},{1} {2}", "{0}, {1} {2}", &parts);
        }
        let shown = format!("{} {} {}", self.side(left), compared(opposite(op)), self.side(right));
        let gap = self.value(&minus(left.clone(), right.clone())).filter(|value| value.decimal().is_some());
        let shown = shown.as_str();
        match (op, gap) {
            (Comparison::Equal, Some(gap)) => self.say("{0},差 {1}", "{0}, difference {1}", &[shown, &rounded(&gap)]),
            (Comparison::Equal, None) => self.say("{0},应相等", "{0}, should be equal", &[shown]),
            (Comparison::NotEqual, _) => self.say("{0},应不相等", "{0}, should differ", &[shown]),
            (_, Some(gap)) if !is_zero(&gap) => {
                let gap = rounded(&gap);
                let parts = [shown, ought, gap.trim_start_matches('−')];
                self.say("{0},{1},差 {2}", "{0}, {1} that, difference {2}", &parts)
            }
            _ => self.say("{0},{1}", "{0}, {1} that", &[shown, ought]),
        }
    }

    /// `abs(A - (B + C)) <= k`: the sum with its tolerance.
    fn tolerated(&self, inner: &Expr, bound: &Expr) -> String {
        let (left, right) = sides(inner);
        let gap = self.value(inner).map(|gap| rounded(&gap)).unwrap_or_default();
        let allowed = self.formula(bound);
        if matches!(right.kind, ExprKind::Constant(Scalar::Integer(0))) {
            let parts = [&self.side(&left), allowed.as_str()];
            return self.say("{0} 的绝对值超过 {1}", "the absolute value of {0} exceeds {1}", &parts);
        }
        let parts = [&self.formula(&left), &self.formula(&right), gap.as_str(), &allowed];
        self.say("{0} ≠ {1},差 {2}(允许 ±{3})", "{0} ≠ {1}, difference {2} (allowed ±{3})", &parts)
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
                format!("{text} = {}", figure(&value, self.language))
            }
            Some(value) => format!("{text} = {}", figure(&value, self.language)),
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
        written.collect::<Vec<_>>().join(self.word(" 且 ", " and "))
    }
}

/// A difference is the same in every language.
fn rounded(value: &Scalar) -> String {
    let figure = |value: &Scalar| figure(value, Language::Chinese);
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
