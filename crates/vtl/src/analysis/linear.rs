//! Exact fractions of any size, intervals, and linear conditions in one normal form.
//!
//! `a - b <= 5` and `10 >= 2 * a - 2 * b` become the same terms with the same interval. Conditions are not solved here:
//! see `simplex`.

use crate::graph::Id;
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A fraction of any size.
pub(super) type Fraction = BigRational;

/// `digits` divided by ten to the power of `scale`.
pub(super) fn fraction_of(digits: i128, scale: u8) -> Fraction {
    Fraction::new(BigInt::from(digits), BigInt::from(10).pow(u32::from(scale)))
}

/// A whole number as a fraction.
pub(super) fn whole(value: i128) -> Fraction {
    Fraction::from_integer(BigInt::from(value))
}

/// Below, at or above zero.
pub(super) fn sign(value: &Fraction) -> Ordering {
    match value.numer().sign() {
        Sign::Minus => Ordering::Less,
        Sign::NoSign => Ordering::Equal,
        Sign::Plus => Ordering::Greater,
    }
}

/// A sum of quantities with constant factors, and a constant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Linear {
    pub terms: BTreeMap<Id, Fraction>,
    pub constant: Fraction,
}

impl Linear {
    pub fn constant(constant: Fraction) -> Linear {
        Linear { terms: BTreeMap::new(), constant }
    }

    pub fn one() -> Linear {
        Linear::constant(whole(1))
    }

    pub fn quantity(id: Id) -> Linear {
        Linear { terms: BTreeMap::from([(id, whole(1))]), constant: Fraction::default() }
    }

    /// The constant, if nothing else is in the sum.
    pub fn as_constant(&self) -> Option<&Fraction> {
        self.terms.is_empty().then_some(&self.constant)
    }

    pub fn scaled(&self, factor: &Fraction) -> Linear {
        if sign(factor) == Ordering::Equal {
            return Linear::default();
        }
        let terms = self.terms.iter().map(|(id, value)| (*id, value * factor)).collect();
        Linear { terms, constant: &self.constant * factor }
    }

    pub fn negated(&self) -> Linear {
        self.scaled(&whole(-1))
    }

    pub fn plus(&self, other: &Linear) -> Linear {
        let mut sum = self.clone();
        sum.constant += &other.constant;
        for (id, value) in &other.terms {
            let total = sum.terms.remove(id).unwrap_or_default() + value;
            if sign(&total) != Ordering::Equal {
                sum.terms.insert(*id, total);
            }
        }
        sum
    }

    pub fn minus(&self, other: &Linear) -> Linear {
        self.plus(&other.negated())
    }
}

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub value: Fraction,
    /// Is the value itself outside?
    pub is_open: bool,
}

/// Interval 区间 — what lies between two ends, either of which may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Interval {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl Interval {
    pub fn closed(low: Option<Fraction>, high: Option<Fraction>) -> Interval {
        let end = |value: Fraction| End { value, is_open: false };
        Interval { low: low.map(end), high: high.map(end) }
    }

    /// What lies in both.
    pub fn and(&self, other: &Interval) -> Interval {
        Interval {
            low: tighter(self.low.as_ref(), other.low.as_ref(), Ordering::Greater),
            high: tighter(self.high.as_ref(), other.high.as_ref(), Ordering::Less),
        }
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        is_beyond(self.low.as_ref(), self.high.as_ref())
    }

    /// Do the two exclude each other? As `and` and `is_empty`, without copying.
    pub fn excludes(&self, other: &Interval) -> bool {
        is_beyond(self.low.as_ref(), other.high.as_ref()) || is_beyond(other.low.as_ref(), self.high.as_ref())
    }

    /// The smallest interval around both, with closed ends.
    pub fn hull(&self, other: &Interval) -> Interval {
        let ends = |a: &Option<End>, b: &Option<End>| Some((a.as_ref()?.value.clone(), b.as_ref()?.value.clone()));
        let below = ends(&self.low, &other.low).map(|(a, b)| a.min(b));
        let above = ends(&self.high, &other.high).map(|(a, b)| a.max(b));
        Interval::closed(below, above)
    }
}

/// Does nothing lie between a lower and an upper end?
fn is_beyond(low: Option<&End>, high: Option<&End>) -> bool {
    let Some((low, high)) = low.zip(high) else { return false };
    match low.value.cmp(&high.value) {
        Ordering::Greater => true,
        Ordering::Equal => low.is_open || high.is_open,
        Ordering::Less => false,
    }
}

fn tighter(a: Option<&End>, b: Option<&End>, wins: Ordering) -> Option<End> {
    match (a, b) {
        (None, end) | (end, None) => end.cloned(),
        (Some(a), Some(b)) => match a.value.cmp(&b.value) {
            Ordering::Equal => Some(End { value: a.value.clone(), is_open: a.is_open || b.is_open }),
            order => Some(if order == wins { a.clone() } else { b.clone() }),
        },
    }
}

/// How a sum stands to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    AtMost,
    Below,
    Exactly,
}

/// Quantities with coprime whole factors, the first of them positive.
pub(super) type Terms = Vec<(Id, BigInt)>;

/// A linear condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    Never,
    /// The terms lie in the interval.
    Within(Terms, Interval),
}

/// The normal form of `sum relation 0`. Where all quantities are whole, so is the sum of the terms.
pub(super) fn condition(sum: &Linear, relation: Relation, is_whole: impl Fn(Id) -> bool) -> Condition {
    let Some(lead) = sum.terms.values().next() else {
        let holds = match relation {
            Relation::AtMost => sign(&sum.constant) != Ordering::Greater,
            Relation::Below => sign(&sum.constant) == Ordering::Less,
            Relation::Exactly => sign(&sum.constant) == Ordering::Equal,
        };
        return if holds { Condition::Always } else { Condition::Never };
    };
    let is_negative = sign(lead) == Ordering::Less;
    let mut factor = coprime_factor(sum.terms.values());
    if is_negative {
        factor = -factor;
    }
    let terms: Terms = sum.terms.iter().map(|(id, value)| (*id, (value * &factor).to_integer())).collect();
    let end = End { value: -(&sum.constant * &factor), is_open: relation == Relation::Below };
    let mut interval = match (relation, is_negative) {
        (Relation::Exactly, _) => Interval { low: Some(end.clone()), high: Some(end) },
        (_, false) => Interval { low: None, high: Some(end) },
        (_, true) => Interval { low: Some(end), high: None },
    };
    if sum.terms.keys().all(|id| is_whole(*id)) {
        interval = Interval { low: interval.low.as_ref().map(up), high: interval.high.as_ref().map(down) };
    }
    if interval.is_empty() { Condition::Never } else { Condition::Within(terms, interval) }
}

/// The smallest whole number inside a lower end.
fn up(end: &End) -> End {
    let value = if end.is_open { end.value.floor() + whole(1) } else { end.value.ceil() };
    End { value, is_open: false }
}

/// The largest whole number inside an upper end.
fn down(end: &End) -> End {
    let value = if end.is_open { end.value.ceil() - whole(1) } else { end.value.floor() };
    End { value, is_open: false }
}

/// What makes these values coprime whole numbers.
fn coprime_factor<'a>(values: impl Iterator<Item = &'a Fraction>) -> Fraction {
    let mut under = BigInt::from(1);
    let mut over = BigInt::default();
    for value in values {
        under = &under / common(&under, value.denom()) * value.denom();
        over = common(&over, value.numer());
    }
    // The greatest common divisor of fractions in lowest terms: that of the numerators over the multiple of the denominators.
    Fraction::new(under, over)
}

/// The greatest common divisor (Euclid).
fn common(a: &BigInt, b: &BigInt) -> BigInt {
    let (mut a, mut b) = (a.clone(), b.clone());
    while b.sign() != Sign::NoSign {
        let rest = &a % &b;
        a = b;
        b = rest;
    }
    if a.sign() == Sign::Minus { -a } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(terms: &[(Id, i128, u8)], constant: i128) -> Linear {
        let terms = terms.iter().map(|(id, digits, scale)| (*id, fraction_of(*digits, *scale))).collect();
        Linear { terms, constant: whole(constant) }
    }

    #[test]
    fn equal_conditions_have_one_form() {
        let a = condition(&sum(&[(1, 1, 0), (2, -1, 0)], -5), Relation::AtMost, |_| false);
        let b = condition(
            &sum(&[(1, 25, 1), (2, -25, 1)], -5).plus(&Linear::constant(fraction_of(-75, 1))),
            Relation::AtMost,
            |_| false,
        );
        assert_eq!(a, b);
        let flipped = condition(&sum(&[(1, -2, 0), (2, 2, 0)], 4), Relation::Below, |_| false);
        let Condition::Within(terms, interval) = flipped else { panic!() };
        assert_eq!(terms, [(1, BigInt::from(1)), (2, BigInt::from(-1))]);
        assert_eq!(interval, Interval { low: Some(End { value: whole(2), is_open: true }), high: None });
    }

    #[test]
    fn whole_quantities_have_whole_bounds() {
        let below = condition(&sum(&[(1, 2, 0)], -5), Relation::AtMost, |_| true);
        assert_eq!(below, Condition::Within(vec![(1, BigInt::from(1))], Interval::closed(None, Some(whole(2)))));
        assert_eq!(condition(&sum(&[(1, 2, 0)], -5), Relation::Exactly, |_| true), Condition::Never);
        assert_eq!(condition(&sum(&[], -1), Relation::Below, |_| true), Condition::Always);
    }
}
