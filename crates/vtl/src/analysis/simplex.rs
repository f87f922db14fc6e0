//! Can linear conditions hold together? Decided exactly, by the simplex method over fractions of any size.
//!
//! Bounds on quantities and on sums of them, open or closed (Dutertre and de Moura, "A fast linear-arithmetic solver",
//! 2006). Bland's rule makes it end; still the number of steps is limited, and where it runs out nothing is claimed.
//! No solver in floating point: it would only suggest what then had to be proved in fractions, and may go round in circles.

use super::linear::{End, Fraction, Interval, Terms, sign, whole};
use num_rational::BigRational;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The most exchanges of one question.
const STEPS_MAX: usize = 500;

/// A value and how often an infinitely small amount is added to it: `x > 5` is `x >= 5 + 1ε`.
type Value = (Fraction, Fraction);

/// Are these conditions proved to exclude each other?
pub(super) fn excludes(conditions: &BTreeMap<Terms, Interval>) -> bool {
    if conditions.values().any(Interval::is_empty) {
        return true;
    }
    let tied = tied(conditions);
    if tied.is_empty() { false } else { Tableau::new(conditions, &tied).is_infeasible() }
}

/// The sums that matter. A quantity that can grow (or fall) without end and so satisfy every sum it is part of makes these
/// sums irrelevant; leaving them out may free further quantities.
fn tied(conditions: &BTreeMap<Terms, Interval>) -> Vec<(&Terms, &Interval)> {
    let mut sums: Vec<_> = conditions.iter().filter(|(terms, _)| terms.len() > 1).collect();
    loop {
        // By quantity: can it rise, can it fall?
        let mut free: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
        for (terms, interval) in &sums {
            for (id, factor) in *terms {
                let (rise, fall) = free.entry(*id).or_insert_with(|| {
                    let own = conditions.get(&vec![(*id, 1.into())]);
                    own.map_or((true, true), |own| (own.high.is_none(), own.low.is_none()))
                });
                let positive = factor.sign() == num_bigint::Sign::Plus;
                let (above, below) = (interval.high.is_none(), interval.low.is_none());
                *rise &= if positive { above } else { below };
                *fall &= if positive { below } else { above };
            }
        }
        let loose: BTreeSet<usize> =
            free.into_iter().filter(|(_, (rise, fall))| *rise || *fall).map(|(id, _)| id).collect();
        let before = sums.len();
        sums.retain(|(terms, _)| !terms.iter().any(|(id, _)| loose.contains(id)));
        if sums.len() == before {
            return sums;
        }
    }
}

#[derive(Default)]
struct Variable {
    low: Option<Value>,
    high: Option<Value>,
    value: Value,
}

impl Variable {
    fn new(interval: &Interval) -> Variable {
        let lift =
            |end: &End, step: i128| (end.value.clone(), if end.is_open { whole(step) } else { Fraction::default() });
        let low = interval.low.as_ref().map(|end| lift(end, 1));
        let high = interval.high.as_ref().map(|end| lift(end, -1));
        let value = low.clone().or_else(|| high.clone()).unwrap_or_default();
        Variable { low, high, value }
    }
}

/// Every basic variable as a sum of the others.
struct Tableau {
    variables: BTreeMap<usize, Variable>,
    rows: BTreeMap<usize, BTreeMap<usize, Fraction>>,
}

impl Tableau {
    /// Quantities keep their numbers, the sums get the numbers behind them.
    fn new(conditions: &BTreeMap<Terms, Interval>, sums: &[(&Terms, &Interval)]) -> Tableau {
        let mut tableau = Tableau { variables: BTreeMap::new(), rows: BTreeMap::new() };
        let free = Interval::default();
        for (terms, _) in sums {
            for (id, _) in *terms {
                let own = conditions.get(&vec![(*id, 1.into())]).unwrap_or(&free);
                tableau.variables.entry(*id).or_insert_with(|| Variable::new(own));
            }
        }
        let first = tableau.variables.keys().next_back().map_or(0, |last| last + 1);
        for (at, (terms, interval)) in sums.iter().enumerate() {
            let row: BTreeMap<usize, Fraction> =
                terms.iter().map(|(id, factor)| (*id, BigRational::from_integer(factor.clone()))).collect();
            let value = row.iter().fold(Value::default(), |sum, (id, factor)| {
                let (real, step) = tableau.value(*id);
                (sum.0 + real * factor, sum.1 + step * factor)
            });
            tableau.variables.insert(first + at, Variable { value, ..Variable::new(interval) });
            tableau.rows.insert(first + at, row);
        }
        tableau
    }

    fn value(&self, id: usize) -> Value {
        self.variables.get(&id).map(|variable| variable.value.clone()).unwrap_or_default()
    }

    fn is_infeasible(&mut self) -> bool {
        for _ in 0..STEPS_MAX {
            let Some((leaving, target, must_rise)) = self.violated() else { return false };
            let Some(entering) = self.helpful(leaving, must_rise) else { return true };
            self.exchange(leaving, entering, &target);
        }
        false
    }

    /// The first basic variable outside its bounds, where it should be, and whether it has to rise.
    fn violated(&self) -> Option<(usize, Value, bool)> {
        self.rows.keys().find_map(|id| {
            let Variable { low, high, value } = self.variables.get(id)?;
            match (low, high) {
                (Some(low), _) if value < low => Some((*id, low.clone(), true)),
                (_, Some(high)) if value > high => Some((*id, high.clone(), false)),
                _ => None,
            }
        })
    }

    /// The first other variable that can still move the row in the right direction. If there is none, the bounds of this
    /// row's variables are the proof that nothing satisfies them all.
    fn helpful(&self, leaving: usize, must_rise: bool) -> Option<usize> {
        let row = self.rows.get(&leaving)?;
        let found = row.iter().find(|(id, factor)| {
            let rises = (sign(factor) == Ordering::Greater) == must_rise;
            self.variables.get(id).is_some_and(|variable| {
                let end = if rises { &variable.high } else { &variable.low };
                end.as_ref().is_none_or(|end| *end != variable.value)
            })
        });
        found.map(|(id, _)| *id)
    }

    /// Moves the leaving variable to its bound and exchanges the two.
    fn exchange(&mut self, leaving: usize, entering: usize, target: &Value) {
        let Some(mut row) = self.rows.remove(&leaving) else { return };
        let Some(factor) = row.remove(&entering) else { return };
        let now = self.value(leaving);
        let step = ((&target.0 - now.0) / &factor, (&target.1 - now.1) / &factor);
        if let Some(variable) = self.variables.get_mut(&leaving) {
            variable.value = target.clone();
        }
        self.shift(entering, &step, &whole(1));
        // leaving = factor · entering + rest, so entering = leaving / factor - rest / factor.
        for value in row.values_mut() {
            *value = -(&*value / &factor);
        }
        row.insert(leaving, whole(1) / factor);
        let others: Vec<usize> = self.rows.keys().copied().collect();
        for other in others {
            let Some(share) = self.rows.get_mut(&other).and_then(|other| other.remove(&entering)) else { continue };
            self.shift(other, &step, &share);
            if let Some(other) = self.rows.get_mut(&other) {
                add_multiple(other, &row, &share);
            }
        }
        self.rows.insert(entering, row);
    }

    fn shift(&mut self, id: usize, step: &Value, share: &Fraction) {
        if let Some(variable) = self.variables.get_mut(&id) {
            variable.value.0 += &step.0 * share;
            variable.value.1 += &step.1 * share;
        }
    }
}

fn add_multiple(row: &mut BTreeMap<usize, Fraction>, other: &BTreeMap<usize, Fraction>, share: &Fraction) {
    for (id, factor) in other {
        let total = row.remove(id).unwrap_or_default() + factor * share;
        if sign(&total) != Ordering::Equal {
            row.insert(*id, total);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::linear::{Condition, Linear, Relation, condition};
    use super::*;
    use proptest::prelude::*;

    /// Factors of three quantities, and how far the sum may go beyond (or stays below) its value at the point.
    type Line = ([i128; 3], i128, bool);

    fn lines(slack: std::ops::Range<i128>) -> impl Strategy<Value = Vec<Line>> {
        prop::collection::vec((prop::array::uniform3(-4_i128..5), slack, any::<bool>()), 1..9)
    }

    fn sum(factors: &[i128; 3]) -> Linear {
        let terms = factors.iter().enumerate().filter(|(_, factor)| **factor != 0);
        Linear { terms: terms.map(|(id, factor)| (id, whole(*factor))).collect(), constant: Fraction::default() }
    }

    /// All lines as one question: `factors · x - limit` at most (or below) zero. `None` if one is never true.
    fn question(lines: &[(Linear, Relation)]) -> Option<BTreeMap<Terms, Interval>> {
        let mut all: BTreeMap<Terms, Interval> = BTreeMap::new();
        for (sum, relation) in lines {
            match condition(sum, *relation, |_| false) {
                Condition::Always => {}
                Condition::Never => return None,
                Condition::Within(terms, interval) => {
                    let known = all.remove(&terms).unwrap_or_default();
                    all.insert(terms, known.and(&interval));
                }
            }
        }
        Some(all)
    }

    fn through(point: [i128; 3], (factors, slack, strict): &Line) -> (Linear, Relation) {
        let at: i128 = factors.iter().zip(point).map(|(factor, value)| factor * value).sum();
        let mut sum = sum(factors);
        sum.constant = whole(-at - slack - i128::from(*strict));
        (sum, if *strict { Relation::Below } else { Relation::AtMost })
    }

    proptest! {
        #[test]
        fn conditions_that_a_point_satisfies_do_not_exclude_each_other(
            point in prop::array::uniform3(-20_i128..20),
            lines in lines(0..3),
        ) {
            let lines: Vec<_> = lines.iter().map(|line| through(point, line)).collect();
            prop_assert!(!excludes(&question(&lines).unwrap()));
        }

        #[test]
        fn a_sum_of_conditions_excludes_its_opposite(
            point in prop::array::uniform3(-20_i128..20),
            lines in lines(-2..3),
            weights in prop::collection::vec(0_i128..4, 9),
        ) {
            let mut lines: Vec<_> = lines.iter().map(|line| through(point, line)).collect();
            let weighted = lines.iter().zip(&weights).map(|((sum, _), weight)| sum.scaled(&whole(*weight)));
            let total = weighted.fold(Linear::default(), |total, sum| total.plus(&sum));
            // All lines say that the total is at most zero; now it is said to be above.
            lines.push((total.negated(), Relation::Below));
            prop_assert!(question(&lines).is_none_or(|all| excludes(&all)));
        }
    }
}
