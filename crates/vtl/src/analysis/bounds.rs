//! Between which numbers a quantity lies, by interval arithmetic. Ends count as reached, except that of a remainder.

use super::linear::{End, Fraction, Interval, sign, whole};
use super::model::Model;
use super::range::number_of;
use crate::graph::{Arithmetic, Id, Node};
use std::cmp::Ordering;

/// Deeper than this nothing is computed: shared nodes would be visited too often.
const DEPTH_MAX: u32 = 12;

impl Model<'_> {
    /// Every value of the node lies in this interval.
    pub fn bounds(&self, id: Id) -> Interval {
        self.bounds_within(id, DEPTH_MAX)
    }

    fn bounds_within(&self, id: Id, depth: u32) -> Interval {
        let Some(depth) = depth.checked_sub(1) else { return Interval::default() };
        let below = |id: &Id| self.bounds_within(*id, depth);
        match self.node(id) {
            Some(Node::Input(_)) => self.range(id).map(super::range::Range::interval).unwrap_or_default(),
            Some(Node::Constant(scalar)) => Interval::closed(number_of(scalar), number_of(scalar)),
            Some(Node::Negate(a)) => negated(&below(a)),
            Some(Node::Absolute(a)) => absolute(&below(a)),
            Some(Node::Arithmetic(Arithmetic::Add, a, b)) => sum(&below(a), &below(b)),
            Some(Node::Arithmetic(Arithmetic::Subtract, a, b)) => sum(&below(a), &negated(&below(b))),
            Some(Node::Arithmetic(Arithmetic::Multiply, a, b)) if a == b => {
                product(&absolute(&below(a)), &absolute(&below(a)))
            }
            Some(Node::Arithmetic(Arithmetic::Multiply, a, b)) => product(&below(a), &below(b)),
            Some(Node::Arithmetic(Arithmetic::Divide, a, b)) => {
                let positive = is_not_negative(&below(a)) && is_not_negative(&below(b));
                if positive { from_zero() } else { Interval::default() }
            }
            Some(Node::Arithmetic(Arithmetic::Modulo, _, b)) => {
                let divisor = below(b);
                match end(divisor.high.as_ref()) {
                    Some(value) if is_positive(&divisor) => {
                        Interval { high: Some(End { value, is_open: true }), ..from_zero() }
                    }
                    _ => Interval::default(),
                }
            }
            Some(Node::Round(_, digits, a)) => rounded(&below(a), *digits),
            Some(Node::Nvl(a, b) | Node::Choose(_, a, b)) => below(a).hull(&below(b)),
            Some(Node::Length(_) | Node::Position(..)) => from_zero(),
            _ => Interval::default(),
        }
    }
}

fn end(end: Option<&End>) -> Option<Fraction> {
    end.map(|end| end.value.clone())
}

fn from_zero() -> Interval {
    Interval::closed(Some(whole(0)), None)
}

fn is_not_negative(interval: &Interval) -> bool {
    interval.low.as_ref().is_some_and(|low| sign(&low.value) != Ordering::Less)
}

fn is_positive(interval: &Interval) -> bool {
    interval.low.as_ref().is_some_and(|low| sign(&low.value) == Ordering::Greater)
}

fn negated(a: &Interval) -> Interval {
    let turned = |value: Option<Fraction>| value.map(|value| -value);
    Interval::closed(turned(end(a.high.as_ref())), turned(end(a.low.as_ref())))
}

fn absolute(a: &Interval) -> Interval {
    if is_not_negative(a) {
        return a.clone();
    }
    let mirrored = negated(a);
    if is_not_negative(&mirrored) {
        return mirrored;
    }
    let high = end(a.high.as_ref()).zip(end(mirrored.high.as_ref())).map(|(a, b)| a.max(b));
    Interval::closed(Some(whole(0)), high)
}

fn sum(a: &Interval, b: &Interval) -> Interval {
    let add = |a: Option<Fraction>, b: Option<Fraction>| a.zip(b).map(|(a, b)| a + b);
    Interval::closed(add(end(a.low.as_ref()), end(b.low.as_ref())), add(end(a.high.as_ref()), end(b.high.as_ref())))
}

fn product(a: &Interval, b: &Interval) -> Interval {
    if is_not_negative(a) && is_not_negative(b) {
        let times = |a: Option<Fraction>, b: Option<Fraction>| a.zip(b).map(|(a, b)| a * b);
        return Interval::closed(
            times(end(a.low.as_ref()), end(b.low.as_ref())),
            times(end(a.high.as_ref()), end(b.high.as_ref())),
        );
    }
    let (Some((a, b)), Some((c, d))) =
        (end(a.low.as_ref()).zip(end(a.high.as_ref())), end(b.low.as_ref()).zip(end(b.high.as_ref())))
    else {
        return Interval::default();
    };
    let corners = [&a * &c, &a * &d, &b * &c, &b * &d];
    Interval::closed(corners.iter().min().cloned(), corners.iter().max().cloned())
}

/// At most one step away.
fn rounded(a: &Interval, digits: i8) -> Interval {
    let ten = whole(10);
    let step = if digits >= 0 { whole(1) / ten.pow(i32::from(digits)) } else { ten.pow(-i32::from(digits)) };
    let step = Interval::closed(Some(-step.clone()), Some(step));
    sum(a, &step)
}
