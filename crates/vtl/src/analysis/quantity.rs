//! Numbers: sums of quantities, quotients of such sums, and how two of them compare.

use super::case::{Case, both, either};
use super::linear::{Fraction, Linear, Relation, fraction_of, sign, whole};
use super::model::Model;
use super::range::number_of;
use crate::ast::Comparison;
use crate::explain::mirrored;
use crate::graph::{Arithmetic, Id, Node, Rounding};
use crate::scalar::Type;
use std::cmp::Ordering;

/// The most forms that one number is split into; beyond it, it counts as one unknown quantity.
const VALUES_MAX: usize = 16;

/// A quotient; what is below the line is known to be positive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    pub top: Linear,
    pub bottom: Linear,
}

/// A value and the case in which the number has it.
pub(super) type Valued = (Case, Value);

impl Value {
    pub fn plain(top: Linear) -> Value {
        Value { top, bottom: Linear::one() }
    }

    fn is_plain(&self) -> bool {
        self.bottom == Linear::one()
    }

    /// The constant that it is.
    fn as_constant(&self) -> Option<&Fraction> {
        if self.is_plain() { self.top.as_constant() } else { None }
    }

    fn scaled(&self, factor: &Fraction) -> Value {
        Value { top: self.top.scaled(factor), bottom: self.bottom.clone() }
    }

    /// `None` if the sum is not a quotient of sums.
    fn plus(&self, other: &Value) -> Option<Value> {
        if self.bottom == other.bottom {
            return Some(Value { top: self.top.plus(&other.top), bottom: self.bottom.clone() });
        }
        let (constant, quotient) = match (self.as_constant(), other.as_constant()) {
            (Some(constant), _) => (constant, other),
            (_, Some(constant)) => (constant, self),
            _ => return None,
        };
        Some(Value { top: quotient.top.plus(&quotient.bottom.scaled(constant)), bottom: quotient.bottom.clone() })
    }

    /// Something with the sign of `self - other`: both times their positive divisors.
    fn difference(&self, other: &Value) -> Option<Linear> {
        self.plus(&other.scaled(&whole(-1))).map(|value| value.top)
    }
}

impl Model<'_> {
    /// Is the quantity always a whole number?
    pub fn is_whole(&self, id: Id) -> bool {
        matches!(self.kind(id), Some(Type::Integer | Type::Date)) || self.range(id).is_some_and(|range| range.is_whole)
    }

    pub(super) fn find_values(&self, id: Id) -> Vec<Valued> {
        let values = match self.node(id) {
            Some(Node::Null(_)) => return Vec::new(),
            Some(Node::Constant(scalar)) => {
                number_of(scalar).map(|number| vec![(Case::default(), Value::plain(Linear::constant(number)))])
            }
            Some(Node::Negate(a)) => {
                Some(self.values(*a).into_iter().map(|(case, value)| (case, value.scaled(&whole(-1)))).collect())
            }
            Some(Node::Absolute(a)) => Some(self.absolute(*a)),
            Some(Node::Arithmetic(op, a, b)) => self.arithmetic(*op, *a, *b),
            Some(Node::Round(mode, digits, a)) => self.rounded(id, *mode, *digits, *a),
            Some(Node::Nvl(a, b)) => {
                let mut values = self.values(*a);
                values.extend(with(&self.null(*a), &self.values(*b)));
                Some(values)
            }
            Some(Node::Choose(condition, a, b)) => {
                let mut values = with(&self.truth(*condition, true), &self.values(*a));
                values.extend(with(&self.not_true(*condition), &self.values(*b)));
                Some(values)
            }
            _ => None,
        };
        values.filter(|values| values.len() <= VALUES_MAX).unwrap_or_else(|| self.unknown(id))
    }

    /// A quantity of its own, within its bounds.
    fn unknown(&self, id: Id) -> Vec<Valued> {
        let bounds = self.bounds(id);
        if bounds.is_empty() {
            return Vec::new();
        }
        let mut case = self.filled(id);
        if bounds != super::linear::Interval::default() {
            case.linear.insert(vec![(id, 1.into())], bounds);
        }
        vec![(case, Value::plain(Linear::quantity(id)))]
    }

    fn absolute(&self, a: Id) -> Vec<Valued> {
        let mut values = Vec::new();
        for (case, value) in self.values(a) {
            let negated = value.scaled(&whole(-1));
            let above = self.linear(&negated.top, Relation::AtMost).and_then(|sign| case.and(&sign));
            let below = self.linear(&value.top, Relation::Below).and_then(|sign| case.and(&sign));
            values.extend(above.map(|case| (case, value)));
            values.extend(below.map(|case| (case, negated)));
        }
        values
    }

    fn arithmetic(&self, op: Arithmetic, a: Id, b: Id) -> Option<Vec<Valued>> {
        let (left, right) = (self.values(a), self.values(b));
        if left.len() * right.len() > VALUES_MAX {
            return None;
        }
        let mut values = Vec::new();
        for (one, x) in &left {
            for (other, y) in &right {
                let Some(case) = one.and(other) else { continue };
                match op {
                    Arithmetic::Add => values.push((case, x.plus(y)?)),
                    Arithmetic::Subtract => values.push((case, x.plus(&y.scaled(&whole(-1)))?)),
                    Arithmetic::Multiply => match (x.as_constant(), y.as_constant()) {
                        (Some(factor), _) => values.push((case, y.scaled(factor))),
                        (_, Some(factor)) => values.push((case, x.scaled(factor))),
                        _ => return None,
                    },
                    Arithmetic::Divide => values.extend(self.divided(&case, x, y)?),
                    Arithmetic::Modulo => return None,
                }
            }
        }
        Some(values)
    }

    /// By a constant, or by a sum that is positive or negative. By zero there is no value.
    fn divided(&self, case: &Case, x: &Value, y: &Value) -> Option<Vec<Valued>> {
        if let Some(divisor) = y.as_constant() {
            let quotient = |divisor: &Fraction| (case.clone(), x.scaled(&(whole(1) / divisor)));
            return Some(if sign(divisor) == Ordering::Equal { Vec::new() } else { vec![quotient(divisor)] });
        }
        if !x.is_plain() || !y.is_plain() {
            return None;
        }
        let sides = [(x.top.clone(), y.top.clone()), (x.top.negated(), y.top.negated())];
        let values = sides.into_iter().filter_map(|(top, bottom)| {
            let positive = self.linear(&bottom.negated(), Relation::Below)?;
            Some((case.and(&positive)?, Value { top, bottom }))
        });
        Some(values.collect())
    }

    /// A quantity near the number that it was rounded from.
    fn rounded(&self, id: Id, mode: Rounding, digits: i8, a: Id) -> Option<Vec<Valued>> {
        let step = if digits >= 0 {
            fraction_of(1, digits.unsigned_abs())
        } else {
            fraction_of(10_i128.checked_pow(u32::from(digits.unsigned_abs()))?, 0)
        };
        let (below, above) = match mode {
            Rounding::Half => (&step / whole(2), &step / whole(2)),
            Rounding::Zero => (step.clone(), step),
            Rounding::Down => (step, Fraction::default()),
            Rounding::Up => (Fraction::default(), step),
        };
        let quantity = Linear::quantity(id);
        let mut values = Vec::new();
        for (case, value) in self.values(a) {
            if !value.is_plain() {
                return None;
            }
            // a - below <= rounded <= a + above
            let gap = value.top.minus(&quantity);
            let low = self.linear(&gap.plus(&Linear::constant(-&below)), Relation::AtMost);
            let high = self.linear(&gap.negated().plus(&Linear::constant(-&above)), Relation::AtMost);
            let case = low.zip(high).and_then(|(low, high)| case.and(&low)?.and(&high));
            values.extend(case.map(|case| (case, Value::plain(quantity.clone()))));
        }
        Some(values)
    }

    /// The cases in which two numbers compare like this.
    pub fn compare_numbers(&self, op: Comparison, a: Id, b: Id) -> Vec<Case> {
        if let Some(Node::Absolute(inner)) = self.node(a) {
            return self.compare_absolute(op, *inner, b);
        }
        if let Some(Node::Absolute(inner)) = self.node(b) {
            return self.compare_absolute(mirrored(op), *inner, a);
        }
        self.compare_values(op, &self.values(a), &self.values(b))
    }

    /// `abs(x) <= k` is one case, not two: `-k <= x and x <= k`.
    fn compare_absolute(&self, op: Comparison, inner: Id, b: Id) -> Vec<Case> {
        let (positive, bound) = (self.values(inner), self.values(b));
        let negative: Vec<Valued> =
            positive.iter().map(|(case, value)| (case.clone(), value.scaled(&whole(-1)))).collect();
        let compared =
            |op: Comparison| (self.compare_values(op, &positive, &bound), self.compare_values(op, &negative, &bound));
        match op {
            Comparison::Less | Comparison::LessOrEqual => {
                let (a, b) = compared(op);
                both(&a, &b)
            }
            Comparison::Greater | Comparison::GreaterOrEqual => {
                let (a, b) = compared(op);
                either(a, b)
            }
            Comparison::Equal => both(
                &self.compare_absolute(Comparison::LessOrEqual, inner, b),
                &self.compare_absolute(Comparison::GreaterOrEqual, inner, b),
            ),
            Comparison::NotEqual => either(
                self.compare_absolute(Comparison::Less, inner, b),
                self.compare_absolute(Comparison::Greater, inner, b),
            ),
        }
    }

    pub fn compare_values(&self, op: Comparison, left: &[Valued], right: &[Valued]) -> Vec<Case> {
        let mut cases = Vec::new();
        for (one, x) in left {
            for (other, y) in right {
                let Some(case) = one.and(other) else { continue };
                let Some(gap) = x.difference(y) else {
                    cases = either(cases, vec![case]);
                    continue;
                };
                let relations = match op {
                    Comparison::Equal => vec![(gap, Relation::Exactly)],
                    Comparison::Less => vec![(gap, Relation::Below)],
                    Comparison::LessOrEqual => vec![(gap, Relation::AtMost)],
                    Comparison::Greater => vec![(gap.negated(), Relation::Below)],
                    Comparison::GreaterOrEqual => vec![(gap.negated(), Relation::AtMost)],
                    Comparison::NotEqual => vec![(gap.negated(), Relation::Below), (gap, Relation::Below)],
                };
                let found = relations.iter().filter_map(|(sum, relation)| case.and(&self.linear(sum, *relation)?));
                cases = either(cases, found.collect());
            }
        }
        cases
    }
}

/// Values under further conditions.
fn with(cases: &[Case], values: &[Valued]) -> Vec<Valued> {
    let pairs = cases.iter().flat_map(|case| values.iter().map(move |(own, value)| (own.and(case), value)));
    pairs.filter_map(|(case, value)| Some((case?, value.clone()))).collect()
}
