//! Kernels over scaled whole numbers in `f64`: exact, because no operand and no result of a block is beyond 2^53.
//!
//! Each kernel looks at the bounds first and says `false`, before it has written anything, if they do not suffice; then
//! the same step runs in 128 bits (`machine::number`, `machine::fraction`). The loops take 64 rows at a time and have no
//! branches, so that the compiler turns them into vector instructions.

mod compare;

use crate::exact::{FAST_MAX, MAGIC, to_fast};
use crate::graph::{Arithmetic, Rounding};
use crate::register::{Lanes, Mask, NONE, NumberRegister, NumberView, State, TruthView};

pub(super) use compare::{Quotient, compare, compare_quotient, compare_scaled, member, within, within_quotient};

/// 64 rows.
type Chunk = [f64; 64];

/// The bit of each row in its word.
#[expect(clippy::indexing_slicing, reason = "computed at compile time; constants have no iterators")]
const BITS: [u64; 64] = {
    let mut bits = [0; 64];
    let mut at = 0;
    while at < 64 {
        bits[at] = 1 << at;
        at += 1;
    }
    bits
};

/// A fast operand with its bound: one value for all rows, or 64 for each word.
#[derive(Clone, Copy)]
struct Fast<'a> {
    lanes: &'a [Chunk],
    one: f64,
    bound: f64,
}

impl Fast<'_> {
    fn of(view: NumberView<'_>) -> Option<Fast<'_>> {
        match view.lanes {
            Lanes::One(digits) => {
                let one = to_fast(digits)?;
                Some(Fast { lanes: &[], one, bound: one.abs() })
            }
            Lanes::Many(_) => None,
            Lanes::Fast(lanes, bound) => Some(Fast { lanes: lanes.as_chunks().0, one: 0.0, bound }),
        }
    }

    /// The constant, if it is one.
    fn constant(&self) -> Option<f64> {
        self.lanes.is_empty().then_some(self.one)
    }
}

/// Chunks of an operand; a constant is spread out once.
struct Chunks<'a> {
    lanes: &'a [Chunk],
    one: Chunk,
}

impl<'a> Chunks<'a> {
    fn of(fast: &Fast<'a>) -> Chunks<'a> {
        Chunks { lanes: fast.lanes, one: [fast.one; 64] }
    }

    fn get(&self, at: usize) -> &Chunk {
        self.lanes.get(at).unwrap_or(&self.one)
    }
}

pub(super) fn arithmetic(op: Arithmetic, a: NumberView<'_>, b: NumberView<'_>, out: &mut NumberRegister) -> bool {
    let (Some(x), Some(y)) = (Fast::of(a), Fast::of(b)) else { return false };
    let bound = match op {
        Arithmetic::Add | Arithmetic::Subtract => x.bound + y.bound,
        Arithmetic::Multiply => x.bound * y.bound,
        Arithmetic::Divide | Arithmetic::Modulo => return false,
    };
    if bound > FAST_MAX {
        return false;
    }
    match op {
        Arithmetic::Add => map_two(&x, &y, out, |x, y| x + y),
        Arithmetic::Subtract => map_two(&x, &y, out, |x, y| x - y),
        _ => map_two(&x, &y, out, |x, y| x * y),
    }
    done(&[a.state, b.state], bound, out)
}

pub(super) fn scale(a: NumberView<'_>, factor: i128, out: &mut NumberRegister) -> bool {
    let (Some(x), Some(factor)) = (Fast::of(a), to_fast(factor)) else { return false };
    let bound = x.bound * factor.abs();
    bound <= FAST_MAX && {
        map_one(&x, out, |x| x * factor);
        done(&[a.state], bound, out)
    }
}

pub(super) fn negate(a: NumberView<'_>, out: &mut NumberRegister) -> bool {
    Fast::of(a).is_some_and(|x| {
        map_one(&x, out, |x| -x);
        done(&[a.state], x.bound, out)
    })
}

pub(super) fn absolute(a: NumberView<'_>, out: &mut NumberRegister) -> bool {
    Fast::of(a).is_some_and(|x| {
        map_one(&x, out, f64::abs);
        done(&[a.state], x.bound, out)
    })
}

/// Drops digits and puts zeros in their place if the digits are before the point.
pub(super) fn round(a: NumberView<'_>, mode: Rounding, down: i128, up: i128, out: &mut NumberRegister) -> bool {
    let (Some(x), Some(down), Some(up)) = (Fast::of(a), to_fast(down), to_fast(up)) else { return false };
    // A quarter of what fits, so that a quotient rounded the wrong way and twice a rest still fit.
    let room = FAST_MAX / 4.0;
    let bound = (x.bound / down + 1.0) * up;
    if x.bound > room || down > room || bound > FAST_MAX {
        return false;
    }
    map_one(&x, out, |x| {
        let near = (x / down + MAGIC) - MAGIC;
        let floor = near - if x - near * down < 0.0 { 1.0 } else { 0.0 };
        let rest = x - floor * down; // 0 <= rest < down, exactly
        let up_one = match mode {
            Rounding::Down => false,
            Rounding::Up => rest > 0.0,
            Rounding::Zero => rest > 0.0 && x < 0.0,
            Rounding::Half => rest + rest > down || (rest + rest >= down && x >= 0.0),
        };
        (floor + if up_one { 1.0 } else { 0.0 }) * up
    });
    done(&[a.state], bound, out)
}

pub(super) fn choose(condition: TruthView<'_>, a: NumberView<'_>, b: NumberView<'_>, out: &mut NumberRegister) -> bool {
    pick(condition.yes, a, b, out) && {
        out.states.chosen(condition, a.state, b.state);
        true
    }
}

pub(super) fn nvl(a: NumberView<'_>, b: NumberView<'_>, out: &mut NumberRegister) -> bool {
    pick(a.state.valid, a, b, out) && {
        out.states.filled(a.state, b.state);
        true
    }
}

/// The first where the bit is set, else the second.
fn pick(first: &Mask, a: NumberView<'_>, b: NumberView<'_>, out: &mut NumberRegister) -> bool {
    let (Some(x), Some(y)) = (Fast::of(a), Fast::of(b)) else { return false };
    let (a, b) = (Chunks::of(&x), Chunks::of(&y));
    for (at, (out, word)) in out.fast.as_chunks_mut::<64>().0.iter_mut().zip(first).enumerate() {
        for (((out, x), y), bit) in out.iter_mut().zip(a.get(at)).zip(b.get(at)).zip(&BITS) {
            *out = if word & bit == 0 { *y } else { *x };
        }
    }
    out.bound = Some(x.bound.max(y.bound));
    true
}

fn map_one(a: &Fast<'_>, out: &mut NumberRegister, op: impl Fn(f64) -> f64) {
    let a = Chunks::of(a);
    for (at, out) in out.fast.as_chunks_mut::<64>().0.iter_mut().enumerate() {
        for (out, x) in out.iter_mut().zip(a.get(at)) {
            *out = op(*x);
        }
    }
}

fn map_two(a: &Fast<'_>, b: &Fast<'_>, out: &mut NumberRegister, op: impl Fn(f64, f64) -> f64) {
    let (a, b) = (Chunks::of(a), Chunks::of(b));
    for (at, out) in out.fast.as_chunks_mut::<64>().0.iter_mut().enumerate() {
        for ((out, x), y) in out.iter_mut().zip(a.get(at)).zip(b.get(at)) {
            *out = op(*x, *y);
        }
    }
}

fn done(operands: &[State<'_>], bound: f64, out: &mut NumberRegister) -> bool {
    out.bound = Some(bound);
    out.states.strict(operands, &NONE);
    true
}
