//! Comparisons of fast lanes, and of quotients by cross-multiplication.

use super::{BITS, Chunk, Chunks, Fast};
use crate::ast::Comparison;
use crate::exact::{FAST_MAX, ten_to, to_fast};
use crate::machine::number::truth_of;
use crate::register::{Mask, NONE, NumberView, States, TruthRegister};

/// Lanes are whole numbers: they are equal or they are not.
#[expect(clippy::float_cmp, reason = "whole numbers are exact")]
fn same(x: f64, y: f64) -> bool {
    x == y
}

/// Runs over the words of a block.
fn pack(mask: &mut Mask, words: usize, word: impl Fn(usize) -> u64) {
    for (at, place) in mask.iter_mut().take(words).enumerate() {
        *place = word(at);
    }
}

#[inline]
fn bits_of(a: &Chunk, test: impl Fn(f64) -> bool) -> u64 {
    a.iter().zip(&BITS).fold(0, |word, (x, bit)| word | if test(*x) { *bit } else { 0 })
}

#[inline]
fn bits_of_two(a: &Chunk, b: &Chunk, test: impl Fn(f64, f64) -> bool) -> u64 {
    a.iter().zip(b).zip(&BITS).fold(0, |word, ((x, y), bit)| word | if test(*x, *y) { *bit } else { 0 })
}

/// Compares numbers; first each is multiplied by its factor.
pub(in crate::machine) fn compare(
    op: Comparison,
    (a, by): (NumberView<'_>, f64),
    (b, other): (NumberView<'_>, f64),
    words: usize,
    out: &mut TruthRegister,
) -> bool {
    let (Some(x), Some(y)) = (Fast::of(a), Fast::of(b)) else { return false };
    if x.bound * by > FAST_MAX || y.bound * other > FAST_MAX {
        return false;
    }
    let mut holds = NONE;
    match op {
        Comparison::Equal => test_two((&x, by), (&y, other), words, &mut holds, same),
        Comparison::NotEqual => test_two((&x, by), (&y, other), words, &mut holds, |x, y| !same(x, y)),
        Comparison::Less => test_two((&x, by), (&y, other), words, &mut holds, |x, y| x < y),
        Comparison::LessOrEqual => test_two((&x, by), (&y, other), words, &mut holds, |x, y| x <= y),
        Comparison::Greater => test_two((&x, by), (&y, other), words, &mut holds, |x, y| x > y),
        Comparison::GreaterOrEqual => test_two((&x, by), (&y, other), words, &mut holds, |x, y| x >= y),
    }
    truth_of(&holds, a.state, b.state, out);
    true
}

/// Compares numbers of different scales.
pub(in crate::machine) fn compare_scaled(
    op: Comparison,
    (a, one): (NumberView<'_>, u8),
    (b, other): (NumberView<'_>, u8),
    words: usize,
    out: &mut TruthRegister,
) -> bool {
    let power = |places: u8| ten_to(places).and_then(to_fast);
    let factors = power(other.saturating_sub(one)).zip(power(one.saturating_sub(other)));
    factors.is_some_and(|(by, with)| compare(op, (a, by), (b, with), words, out))
}

fn test_two(
    (a, by): (&Fast<'_>, f64),
    (b, other): (&Fast<'_>, f64),
    words: usize,
    holds: &mut Mask,
    test: impl Fn(f64, f64) -> bool,
) {
    match (a.constant(), b.constant()) {
        (None, Some(y)) if same(by, 1.0) => {
            let (a, y) = (Chunks::of(a), y * other);
            pack(holds, words, |at| bits_of(a.get(at), |x| test(x, y)));
        }
        (Some(x), None) if same(other, 1.0) => {
            let (b, x) = (Chunks::of(b), x * by);
            pack(holds, words, |at| bits_of(b.get(at), |y| test(x, y)));
        }
        _ if same(by, 1.0) && same(other, 1.0) => {
            let (a, b) = (Chunks::of(a), Chunks::of(b));
            pack(holds, words, |at| bits_of_two(a.get(at), b.get(at), &test));
        }
        _ => {
            let (a, b) = (Chunks::of(a), Chunks::of(b));
            pack(holds, words, |at| bits_of_two(a.get(at), b.get(at), |x, y| test(x * by, y * other)));
        }
    }
}

/// `low <= a and a <= high` for constants of the scale of `a`.
pub(in crate::machine) fn within(
    a: NumberView<'_>,
    low: i128,
    high: i128,
    words: usize,
    out: &mut TruthRegister,
) -> bool {
    let (Some(x), Some(low), Some(high)) = (Fast::of(a), to_fast(low), to_fast(high)) else { return false };
    let mut holds = NONE;
    let a_chunks = Chunks::of(&x);
    pack(&mut holds, words, |at| bits_of(a_chunks.get(at), |x| low <= x && x <= high));
    truth_of(&holds, a.state, a.state, out);
    true
}

/// Is the number one of a few?
pub(in crate::machine) fn member(a: NumberView<'_>, set: &[i128], words: usize, out: &mut TruthRegister) -> bool {
    const FEW: usize = 8;
    let Some(x) = Fast::of(a).filter(|_| set.len() <= FEW) else { return false };
    let mut items = [f64::NAN; FEW]; // never equal to anything
    for (place, item) in items.iter_mut().zip(set) {
        *place = to_fast(*item).unwrap_or(f64::NAN); // what no lane can hold is in no lane
    }
    let items = items.get(..set.len()).unwrap_or_default();
    let mut holds = NONE;
    let chunks = Chunks::of(&x);
    pack(&mut holds, words, |at| items.iter().fold(0, |word, item| word | bits_of(chunks.get(at), |x| same(x, *item))));
    truth_of(&holds, a.state, a.state, out);
    true
}

/// A quotient of two numbers that is only compared, never computed, with the scales of both.
#[derive(Clone, Copy)]
pub(in crate::machine) struct Quotient<'a> {
    pub over: (NumberView<'a>, u8),
    pub under: (NumberView<'a>, u8),
}

impl Quotient<'_> {
    /// What the numerator, and what the other side, are multiplied by for a comparison with a number of this scale.
    fn factors(&self, scale: u8) -> Option<(f64, f64)> {
        let (left, right) = (self.under.1.checked_add(scale)?, self.over.1);
        let common = left.min(right);
        Some((to_fast(ten_to(left - common)?)?, to_fast(ten_to(right - common)?)?))
    }

    /// Where the quotient exists, and broken where the denominator is zero.
    fn states(&self, zero: &Mask) -> States {
        let mut states = States::default();
        states.strict(&[self.over.0.state, self.under.0.state], zero);
        states
    }
}

/// `over / under op other`, by cross-multiplication. Numerators take the sign of their denominator.
pub(in crate::machine) fn compare_quotient(
    op: Comparison,
    quotient: Quotient<'_>,
    (other, scale): (NumberView<'_>, u8),
    words: usize,
    out: &mut TruthRegister,
) -> bool {
    let fast = (Fast::of(quotient.over.0), Fast::of(quotient.under.0), Fast::of(other), quotient.factors(scale));
    let (Some(over), Some(under), Some(third), Some((left, right))) = fast else { return false };
    let most = third.bound * right;
    if over.bound * left > FAST_MAX || most > FAST_MAX || most * under.bound > FAST_MAX {
        return false;
    }
    let (overs, unders, thirds) = (Chunks::of(&over), Chunks::of(&under), Chunks::of(&third));
    let (mut holds, mut zero) = (NONE, NONE);
    let mut test = |test: &dyn Fn(&Chunk, &Chunk) -> u64| {
        let (mut l, mut r) = ([0.0; 64], [0.0; 64]);
        for (at, (holds, zero)) in holds.iter_mut().zip(&mut zero).take(words).enumerate() {
            let operands = overs.get(at).iter().zip(unders.get(at)).zip(thirds.get(at));
            for (((x, y), z), (l, r)) in operands.zip(l.iter_mut().zip(&mut r)) {
                *l = signed(*x * left, *y);
                *r = z * right * y.abs();
            }
            *holds = test(&l, &r);
            *zero = bits_of(unders.get(at), |y| same(y, 0.0));
        }
    };
    match op {
        Comparison::Equal => test(&|l, r| bits_of_two(l, r, same)),
        Comparison::NotEqual => test(&|l, r| bits_of_two(l, r, |l, r| !same(l, r))),
        Comparison::Less => test(&|l, r| bits_of_two(l, r, |l, r| l < r)),
        Comparison::LessOrEqual => test(&|l, r| bits_of_two(l, r, |l, r| l <= r)),
        Comparison::Greater => test(&|l, r| bits_of_two(l, r, |l, r| l > r)),
        Comparison::GreaterOrEqual => test(&|l, r| bits_of_two(l, r, |l, r| l >= r)),
    }
    truth_of(&holds, quotient.states(&zero).view(), other.state, out);
    true
}

/// The number with its sign turned if the other is negative.
#[inline]
fn signed(x: f64, y: f64) -> f64 {
    f64::from_bits(x.to_bits() ^ (y.to_bits() & (1 << 63)))
}

/// `low <= over / under and over / under <= high` for constants of one scale.
pub(in crate::machine) fn within_quotient(
    quotient: Quotient<'_>,
    (low, high, scale): (i128, i128, u8),
    words: usize,
    out: &mut TruthRegister,
) -> bool {
    let fast = (Fast::of(quotient.over.0), Fast::of(quotient.under.0), quotient.factors(scale));
    let ((Some(x), Some(y), Some((left, right))), Some(low), Some(high)) = (fast, to_fast(low), to_fast(high)) else {
        return false;
    };
    let (low, high) = (low * right, high * right);
    let most = low.abs().max(high.abs());
    if x.bound * left > FAST_MAX || most > FAST_MAX || most * y.bound > FAST_MAX {
        return false;
    }
    let (a, b) = (Chunks::of(&x), Chunks::of(&y));
    let (mut holds, mut zero) = (NONE, NONE);
    for (at, (holds, zero)) in holds.iter_mut().zip(&mut zero).take(words).enumerate() {
        *holds = bits_of_two(a.get(at), b.get(at), |x, y| {
            let (x, y) = (signed(x * left, y), y.abs());
            low * y <= x && x <= high * y
        });
        *zero = bits_of(b.get(at), |y| same(y, 0.0));
    }
    let states = quotient.states(&zero);
    truth_of(&holds, states.view(), states.view(), out);
    true
}
