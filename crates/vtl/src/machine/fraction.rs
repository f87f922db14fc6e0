//! Kernels over exact fractions. Only rows that hold values are computed: what stands behind null is anything.

use super::number::truth_of;
use crate::ast::Comparison;
use crate::exact::{self, Fraction};
use crate::graph::{Arithmetic, Rounding};
use crate::register::{
    FractionRegister, FractionView, Lanes, NONE, NumberRegister, State, States, TruthRegister, TruthView, bit, mark,
};
use std::cmp::Ordering;

pub(super) fn arithmetic(
    op: Arithmetic,
    a: FractionView<'_>,
    b: FractionView<'_>,
    rows: usize,
    out: &mut FractionRegister,
) {
    let operands = [a.state, b.state];
    match (op, a.under, b.under) {
        // The common case, a quotient of two columns of one scale, needs no multiplication.
        (Arithmetic::Divide, Lanes::One(one), Lanes::One(other)) if one == other => {
            map(&operands, rows, out, |row| exact::quotient(a.over.get(row), b.over.get(row)));
        }
        _ => map(&operands, rows, out, |row| exact::arithmetic(op, a.get(row), b.get(row))),
    }
}

pub(super) fn negate(a: FractionView<'_>, rows: usize, out: &mut FractionRegister) {
    map(&[a.state], rows, out, |row| {
        let (over, under) = a.get(row);
        Some((over.checked_neg()?, under))
    });
}

pub(super) fn absolute(a: FractionView<'_>, rows: usize, out: &mut FractionRegister) {
    map(&[a.state], rows, out, |row| {
        let (over, under) = a.get(row);
        Some((over.checked_abs()?, under))
    });
}

pub(super) fn choose(
    condition: TruthView<'_>,
    a: FractionView<'_>,
    b: FractionView<'_>,
    rows: usize,
    out: &mut FractionRegister,
) {
    map(&[], rows, out, |row| Some(if bit(condition.yes, row) { a.get(row) } else { b.get(row) }));
    out.states.chosen(condition, a.state, b.state);
}

pub(super) fn nvl(a: FractionView<'_>, b: FractionView<'_>, rows: usize, out: &mut FractionRegister) {
    map(&[], rows, out, |row| Some(if bit(a.state.valid, row) { a.get(row) } else { b.get(row) }));
    out.states.filled(a.state, b.state);
}

fn map(operands: &[State<'_>], rows: usize, out: &mut FractionRegister, op: impl Fn(usize) -> Option<Fraction>) {
    let mut trouble = NONE;
    let FractionRegister { over, under, states } = out;
    for (row, (over, under)) in over.iter_mut().zip(under.iter_mut()).take(rows).enumerate() {
        if !operands.iter().all(|operand| bit(operand.valid, row)) {
            continue;
        }
        match op(row) {
            Some(result) => (*over, *under) = result,
            None => mark(&mut trouble, row),
        }
    }
    states.strict(operands, &trouble);
}

/// A fraction as digits with a fixed number of places.
pub(super) fn round(a: FractionView<'_>, mode: Rounding, digits: i8, rows: usize, out: &mut NumberRegister) {
    let mut trouble = NONE;
    for (row, lane) in out.lanes.iter_mut().take(rows).enumerate() {
        if !bit(a.state.valid, row) {
            continue;
        }
        match exact::round_fraction(a.get(row), digits, mode) {
            Some(digits) => *lane = digits,
            None => mark(&mut trouble, row),
        }
    }
    out.states.strict(&[a.state], &trouble);
}

pub(super) fn compare(op: Comparison, a: FractionView<'_>, b: FractionView<'_>, rows: usize, out: &mut TruthRegister) {
    test(a.state, b.state, rows, out, |row| holds(op, exact::compare(a.get(row), b.get(row))));
}

/// A quotient against another value, without a register for the quotient.
pub(super) fn compare_quotient(
    op: Comparison,
    quotient: (FractionView<'_>, FractionView<'_>),
    other: FractionView<'_>,
    rows: usize,
    out: &mut TruthRegister,
) {
    divided(quotient, other.state, rows, out, |row, quotient| holds(op, exact::compare(quotient, other.get(row))));
}

/// A quotient between two constants of one scale.
pub(super) fn within_quotient(
    quotient: (FractionView<'_>, FractionView<'_>),
    (low, high, scale): (i128, i128, u8),
    rows: usize,
    out: &mut TruthRegister,
) {
    let under = exact::ten_to(scale).unwrap_or(1);
    divided(quotient, quotient.0.state, rows, out, |_, quotient| {
        exact::compare((low, under), quotient).is_le() && exact::compare(quotient, (high, under)).is_le()
    });
}

/// Asks each quotient that can be computed; the others are broken.
fn divided(
    (over, under): (FractionView<'_>, FractionView<'_>),
    other: State<'_>,
    rows: usize,
    out: &mut TruthRegister,
    answer: impl Fn(usize, Fraction) -> bool,
) {
    let (mut yes, mut trouble) = (NONE, NONE);
    for row in 0..rows {
        if bit(over.state.valid, row) && bit(under.state.valid, row) {
            match exact::arithmetic(Arithmetic::Divide, over.get(row), under.get(row)) {
                Some(quotient) if bit(other.valid, row) && answer(row, quotient) => mark(&mut yes, row),
                Some(_) => {}
                None => mark(&mut trouble, row), // also beside a null
            }
        }
    }
    // A quotient that does not exist is broken also beside a null.
    let mut states = States::default();
    states.strict(&[over.state, under.state], &trouble);
    truth_of(&yes, states.view(), other, out);
}

pub(super) fn member(a: FractionView<'_>, set: &[Fraction], rows: usize, out: &mut TruthRegister) {
    test(a.state, a.state, rows, out, |row| {
        set.iter().any(|item| exact::compare(a.get(row), *item) == Ordering::Equal)
    });
}

fn test(a: State<'_>, b: State<'_>, rows: usize, out: &mut TruthRegister, answer: impl Fn(usize) -> bool) {
    let mut yes = NONE;
    for row in 0..rows {
        if bit(a.valid, row) && bit(b.valid, row) && answer(row) {
            mark(&mut yes, row);
        }
    }
    truth_of(&yes, a, b, out);
}

/// Does the comparison hold for operands in this order?
pub(super) fn holds(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
