//! Shapes of rules that have steps of their own: ranges, tolerances, and quotients that are only compared.
//!
//! The longer way is planned beside them; it is dropped if nothing else needs it.

use super::Build;
use crate::ast::Comparison;
use crate::exact::ten_to;
use crate::graph::Arithmetic;
use crate::plan::{Kind, Op, Operand, Source};

impl Build<'_> {
    /// Keeps numerator and denominator of a fraction as numbers, as long as that is possible. Only constants are taken in:
    /// a null beside a division by zero would otherwise hide that it is broken.
    pub(super) fn remember(&mut self, op: Arithmetic, a: Operand, b: Operand, fraction: Operand) {
        let ratio = match (op, self.ratios.get(&a).copied(), self.ratios.get(&b).copied()) {
            (Arithmetic::Divide, None, None) if is_number(a) && is_number(b) => Some((a, b)),
            (_, Some(ratio), None) if is_constant(b) => self.ratio_with(op, ratio, b),
            (Arithmetic::Add | Arithmetic::Multiply, None, Some(ratio)) if is_constant(a) => {
                self.ratio_with(op, ratio, a)
            }
            (Arithmetic::Subtract, None, Some((over, under))) if is_constant(a) => {
                let negated = self.negate(over);
                self.ratio_with(Arithmetic::Add, (negated, under), a)
            }
            _ => None,
        };
        if let Some(ratio) = ratio {
            self.ratios.insert(fraction, ratio);
        }
    }

    /// `over / under op number` as one quotient.
    fn ratio_with(
        &mut self,
        op: Arithmetic,
        (over, under): (Operand, Operand),
        number: Operand,
    ) -> Option<(Operand, Operand)> {
        match op {
            Arithmetic::Multiply => Some((self.number(op, over, number)?, under)),
            Arithmetic::Divide => Some((over, self.number(Arithmetic::Multiply, under, number)?)),
            Arithmetic::Add | Arithmetic::Subtract => {
                let other = self.number(Arithmetic::Multiply, under, number)?;
                Some((self.number(op, over, other)?, under))
            }
            Arithmetic::Modulo => None,
        }
    }

    pub(super) fn absolute(&mut self, a: Operand) -> Operand {
        let absolute = self.push(Op::Absolute(a), a.kind);
        if let Some((over, under)) = self.ratios.get(&a).copied() {
            let ratio = (self.absolute(over), self.absolute(under));
            self.ratios.insert(absolute, ratio);
        }
        absolute
    }

    /// Numbers of one scale; `abs(x) <= constant` is a range.
    pub(super) fn compare_numbers(&mut self, op: Comparison, a: Operand, b: Operand) -> Operand {
        if let (Source::Constant(limit), Some(Op::Absolute(inner))) = (b.source, self.step_of(a))
            && let Some(limit) = match op {
                Comparison::LessOrEqual => Some(limit),
                Comparison::Less => limit.checked_sub(1), // digits are whole
                _ => None,
            }
            && let Some(low) = limit.checked_neg()
        {
            let range = Op::Within(*inner, low, limit);
            return self.truth(range);
        }
        self.truth(Op::CompareNumbers(op, a, b))
    }

    pub(super) fn compare_fractions(&mut self, op: Comparison, a: Operand, b: Operand) -> Operand {
        match (self.ratios.get(&a).copied(), self.ratios.get(&b).copied()) {
            (Some((over, under)), None) if is_number(b) => self.truth(Op::CompareQuotient(op, over, under, b)),
            (None, Some((over, under))) if is_number(a) => self.truth(Op::CompareQuotient(turned(op), over, under, a)),
            _ => self.truth(Op::CompareFractions(op, a, b)),
        }
    }

    /// `low <= x and x <= high` is a range.
    pub(super) fn and(&mut self, a: Operand, b: Operand) -> Operand {
        let range = match (self.limit_of(a), self.limit_of(b)) {
            (Some((x, low, true)), Some((y, high, false))) | (Some((y, high, false)), Some((x, low, true)))
                if x == y =>
            {
                range(x, low, high)
            }
            _ => None,
        };
        match range {
            Some(op) => self.truth(op),
            None => self.truth(Op::And(a, b)),
        }
    }

    /// What is compared with a constant by `<=` or `>=`, the constant, and whether it is the lower limit.
    fn limit_of(&self, truth: Operand) -> Option<(Compared, Operand, bool)> {
        let constant = |operand: &Operand| matches!(operand.source, Source::Constant(_));
        match self.step_of(truth)? {
            Op::CompareNumbers(Comparison::LessOrEqual, a, b) if constant(a) => Some((Compared::Number(*b), *a, true)),
            Op::CompareNumbers(Comparison::LessOrEqual, a, b) if constant(b) => Some((Compared::Number(*a), *b, false)),
            Op::CompareQuotient(op, over, under, b) if constant(b) => match op {
                Comparison::LessOrEqual => Some((Compared::Quotient(*over, *under), *b, false)),
                Comparison::GreaterOrEqual => Some((Compared::Quotient(*over, *under), *b, true)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The step that computes an operand. (So far every step has its own register.)
    fn step_of(&self, operand: Operand) -> Option<&Op> {
        match operand.source {
            Source::Register(at) => self.steps.get(at).map(|step| &step.op),
            _ => None,
        }
    }
}

/// What is compared with a constant.
#[derive(Clone, Copy, PartialEq)]
enum Compared {
    Number(Operand),
    Quotient(Operand, Operand),
}

fn is_number(operand: Operand) -> bool {
    matches!(operand.kind, Kind::Number(_)) && operand.source != Source::Null
}

fn is_constant(operand: Operand) -> bool {
    is_number(operand) && matches!(operand.source, Source::Constant(_))
}

/// The same comparison with its sides exchanged.
fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

/// The step for a range, if the limits have a fitting scale.
fn range(compared: Compared, low: Operand, high: Operand) -> Option<Op> {
    let (Source::Constant(from), Source::Constant(to)) = (low.source, high.source) else { return None };
    let (Kind::Number(one), Kind::Number(other)) = (low.kind, high.kind) else { return None };
    let scale = one.max(other);
    let from = from.checked_mul(ten_to(scale - one)?)?;
    let to = to.checked_mul(ten_to(scale - other)?)?;
    match compared {
        Compared::Number(x) if x.kind == Kind::Number(scale) => Some(Op::Within(x, from, to)),
        Compared::Number(_) => None,
        Compared::Quotient(over, under) => Some(Op::WithinQuotient(over, under, from, to, scale)),
    }
}
