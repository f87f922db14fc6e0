//! Kernels over scaled integers of 128 bits, for what is too large for `machine::fast`: tight loops over lanes, with one word of overflow bits for each 64 rows.

use crate::ast::Comparison;
use crate::exact::{product, round_quotient, whole_modulo};
use crate::graph::{Arithmetic, Rounding};
use crate::register::{Mask, NONE, NumberRegister, State, TruthRegister, TruthView, WideLanes, WideView, bit};

pub(super) fn scale(a: WideView<'_>, factor: i128, out: &mut NumberRegister) {
    map_one(a, out, |x| multiply(x, factor));
}

pub(super) fn negate(a: WideView<'_>, out: &mut NumberRegister) {
    map_one(a, out, i128::overflowing_neg);
}

pub(super) fn absolute(a: WideView<'_>, out: &mut NumberRegister) {
    map_one(a, out, i128::overflowing_abs);
}

/// Drops digits and puts zeros in their place if the digits are before the point.
pub(super) fn round(a: WideView<'_>, mode: Rounding, down: i128, up: i128, out: &mut NumberRegister) {
    map_one(a, out, |x| round_quotient(x, down, mode).overflowing_mul(up));
}

pub(super) fn arithmetic(op: Arithmetic, a: WideView<'_>, b: WideView<'_>, out: &mut NumberRegister) {
    match op {
        Arithmetic::Add => map_two(a, b, out, i128::overflowing_add),
        Arithmetic::Subtract => map_two(a, b, out, i128::overflowing_sub),
        Arithmetic::Multiply => map_two(a, b, out, multiply),
        Arithmetic::Modulo => map_two(a, b, out, |x, y| whole_modulo(x, y).map_or((0, true), |rest| (rest, false))),
        // Quotients of numbers are fractions.
        Arithmetic::Divide => map_two(a, b, out, |_, _| (0, true)),
    }
}

fn multiply(x: i128, y: i128) -> (i128, bool) {
    product(x, y).map_or((0, true), |product| (product, false))
}

fn map_one(a: WideView<'_>, out: &mut NumberRegister, op: impl Fn(i128) -> (i128, bool)) {
    let mut trouble = NONE;
    match a.lanes {
        WideLanes::Many(values) => fill(values.iter().map(|x| op(*x)), &mut out.lanes, &mut trouble),
        WideLanes::One(x) => fill(std::iter::repeat_with(|| op(x)), &mut out.lanes, &mut trouble),
    }
    out.states.strict(&[a.state], &trouble);
}

fn map_two(a: WideView<'_>, b: WideView<'_>, out: &mut NumberRegister, op: impl Fn(i128, i128) -> (i128, bool)) {
    let mut trouble = NONE;
    let lanes = &mut out.lanes;
    match (a.lanes, b.lanes) {
        (WideLanes::Many(a), WideLanes::Many(b)) => fill(a.iter().zip(b).map(|(x, y)| op(*x, *y)), lanes, &mut trouble),
        (WideLanes::Many(a), WideLanes::One(y)) => fill(a.iter().map(|x| op(*x, y)), lanes, &mut trouble),
        (WideLanes::One(x), WideLanes::Many(b)) => fill(b.iter().map(|y| op(x, *y)), lanes, &mut trouble),
        (WideLanes::One(x), WideLanes::One(y)) => fill(std::iter::repeat_with(|| op(x, y)), lanes, &mut trouble),
    }
    out.states.strict(&[a.state, b.state], &trouble);
}

/// Writes values to lanes and their overflow flags to bits.
fn fill(mut results: impl Iterator<Item = (i128, bool)>, lanes: &mut [i128], trouble: &mut Mask) {
    for (chunk, word) in lanes.chunks_mut(64).zip(trouble) {
        let mut bits = 0;
        for (at, (lane, (value, flag))) in chunk.iter_mut().zip(results.by_ref()).enumerate() {
            *lane = value;
            bits |= u64::from(flag) << at;
        }
        *word = bits;
    }
}

pub(super) fn compare(op: Comparison, a: WideView<'_>, b: WideView<'_>, out: &mut TruthRegister) {
    match op {
        Comparison::Equal => test_two(a, b, out, |x, y| x == y),
        Comparison::NotEqual => test_two(a, b, out, |x, y| x != y),
        Comparison::Less => test_two(a, b, out, |x, y| x < y),
        Comparison::LessOrEqual => test_two(a, b, out, |x, y| x <= y),
        Comparison::Greater => test_two(a, b, out, |x, y| x > y),
        Comparison::GreaterOrEqual => test_two(a, b, out, |x, y| x >= y),
    }
}

pub(super) fn within(a: WideView<'_>, low: i128, high: i128, out: &mut TruthRegister) {
    let b = WideView { lanes: WideLanes::One(0), state: a.state };
    test_two(a, b, out, |x, _| (low..=high).contains(&x));
}

pub(super) fn member(a: WideView<'_>, set: &[i128], out: &mut TruthRegister) {
    let b = WideView { lanes: WideLanes::One(0), state: a.state };
    test_two(a, b, out, |x, _| set.binary_search(&x).is_ok());
}

fn test_two(a: WideView<'_>, b: WideView<'_>, out: &mut TruthRegister, test: impl Fn(i128, i128) -> bool) {
    let mut holds = NONE;
    match (a.lanes, b.lanes) {
        (WideLanes::Many(a), WideLanes::Many(b)) => pack(a.iter().zip(b).map(|(x, y)| test(*x, *y)), &mut holds),
        (WideLanes::Many(a), WideLanes::One(y)) => pack(a.iter().map(|x| test(*x, y)), &mut holds),
        (WideLanes::One(x), WideLanes::Many(b)) => pack(b.iter().map(|y| test(x, *y)), &mut holds),
        (WideLanes::One(x), WideLanes::One(y)) => pack(std::iter::repeat_with(|| test(x, y)), &mut holds),
    }
    truth_of(&holds, a.state, b.state, out);
}

/// 64 answers to a word.
fn pack(mut answers: impl Iterator<Item = bool>, mask: &mut Mask) {
    for word in mask {
        let mut bits = 0;
        for (at, answer) in answers.by_ref().take(64).enumerate() {
            bits |= u64::from(answer) << at;
        }
        *word = bits;
    }
}

/// Truth values from answers, where both operands hold values.
pub(super) fn truth_of(holds: &Mask, a: State<'_>, b: State<'_>, out: &mut TruthRegister) {
    let TruthRegister { yes, no, broken } = out;
    let operands = a.valid.iter().zip(a.broken).zip(b.valid.iter().zip(b.broken));
    let results = yes.iter_mut().zip(no.iter_mut()).zip(broken.iter_mut());
    for ((((av, ab), (bv, bb)), holds), ((yes, no), broken)) in operands.zip(holds).zip(results) {
        let valid = av & bv;
        *yes = valid & holds;
        *no = valid & !holds;
        *broken = ab | bb;
    }
}

fn lane_of(lanes: WideLanes<'_>, row: usize) -> i128 {
    match lanes {
        WideLanes::One(value) => value,
        WideLanes::Many(values) => values.get(row).copied().unwrap_or(0),
    }
}

pub(super) fn choose(condition: TruthView<'_>, a: WideView<'_>, b: WideView<'_>, out: &mut NumberRegister) {
    for (row, lane) in out.lanes.iter_mut().enumerate() {
        *lane = if bit(condition.yes, row) { lane_of(a.lanes, row) } else { lane_of(b.lanes, row) };
    }
    out.states.chosen(condition, a.state, b.state);
}

pub(super) fn nvl(a: WideView<'_>, b: WideView<'_>, out: &mut NumberRegister) {
    for (row, lane) in out.lanes.iter_mut().enumerate() {
        *lane = if bit(a.state.valid, row) { lane_of(a.lanes, row) } else { lane_of(b.lanes, row) };
    }
    out.states.filled(a.state, b.state);
}
