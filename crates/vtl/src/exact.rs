//! Exact arithmetic on single values: scaled integers and fractions of `i128`. What does not fit is `None`, never wrong.

use crate::graph::{Arithmetic, Rounding};
use std::cmp::Ordering;

/// Numerator and denominator; the denominator is positive.
pub(crate) type Fraction = (i128, i128);

/// Ten to the power of `exponent`, up to 38.
pub(crate) fn ten_to(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

/// Up to here `f64` holds every whole number exactly, with room for what a bound loses when it is computed itself.
pub(crate) const FAST_MAX: f64 = 9.0e15;

/// A whole number as `f64`, if that is exact.
pub(crate) fn to_fast(digits: i128) -> Option<f64> {
    let value = fast_unchecked(digits);
    (value.abs() <= FAST_MAX).then_some(value)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "what is beyond the exact range stays beyond it, and is refused by the caller"
)]
fn fast_unchecked(digits: i128) -> f64 {
    digits as f64
}

/// The whole number that a fast lane holds.
#[expect(clippy::cast_possible_truncation, reason = "fast lanes hold whole numbers below 2^53")]
pub(crate) fn from_fast(value: f64) -> i128 {
    value as i128
}

/// 1.5 · 2^52. Added to a number below 2^51, it leaves the number rounded to a whole one in the lowest bits.
pub(crate) const MAGIC: f64 = 6_755_399_441_055_744.0;
/// What the trick with [`MAGIC`] can take.
pub(crate) const MAGIC_MAX: u64 = 1 << 51;

/// The least power of two that is beyond each of the collected sizes.
pub(crate) fn bound_of(size: u64) -> f64 {
    let exponent = u64::BITS - size.leading_zeros();
    2_f64.powi(i32::try_from(exponent).unwrap_or(64))
}

/// Digits as fast lanes with their bound, if all are below 2^51. Signs and sizes are collected on the way.
#[expect(clippy::cast_possible_truncation, reason = "the halves are taken apart on purpose")]
pub(crate) fn decimals(values: &[i128], out: &mut [f64]) -> Option<f64> {
    let (mut odd, mut size) = (0, 0);
    for (lane, value) in out.iter_mut().zip(values) {
        let (low, high) = (*value as i64, (*value >> 64) as i64);
        let sign = low >> 63;
        odd |= high ^ sign;
        size |= (low ^ sign).cast_unsigned();
        *lane = f64::from_bits(low.cast_unsigned().wrapping_add(MAGIC.to_bits())) - MAGIC;
    }
    (odd == 0 && size < MAGIC_MAX).then(|| bound_of(size))
}

/// The product, if it fits. Most figures fit 64 bits, and their product is then one instruction.
#[inline]
pub(crate) fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// Compares two fractions by cross-multiplication in 256 bits: always right, for every numerator and denominator.
pub(crate) fn compare((a, b): Fraction, (c, d): Fraction) -> Ordering {
    if b == d {
        return a.cmp(&c);
    }
    if let (Some(left), Some(right)) = (product(a, d), product(c, b)) {
        return left.cmp(&right);
    }
    if a.signum() != c.signum() {
        return a.cmp(&c);
    }
    let left = wide(a.unsigned_abs(), d.unsigned_abs());
    let right = wide(c.unsigned_abs(), b.unsigned_abs());
    if a < 0 { right.cmp(&left) } else { left.cmp(&right) }
}

/// The 256-bit product, high half first.
pub(crate) fn wide(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a0 * b0;
    let cross = a1 * b0 + (low >> 64);
    let other = a0 * b1 + (cross & LOW);
    (a1 * b1 + (cross >> 64) + (other >> 64), (other << 64) | (low & LOW))
}

/// The result of an operation on two fractions; `None` for a division by zero and for what does not fit.
pub(crate) fn arithmetic(op: Arithmetic, x: Fraction, y: Fraction) -> Option<Fraction> {
    match op {
        Arithmetic::Add => add(x, y),
        Arithmetic::Subtract => add(x, (y.0.checked_neg()?, y.1)),
        Arithmetic::Multiply => multiply(x, y),
        Arithmetic::Divide => multiply(x, quotient(y.1, y.0)?),
        Arithmetic::Modulo => modulo(x, y),
    }
}

/// `a / b` as a fraction; `None` for a zero divisor.
pub(crate) fn quotient(a: i128, b: i128) -> Option<Fraction> {
    match b.signum() {
        0 => None,
        1 => Some((a, b)),
        _ => Some((a.checked_neg()?, b.checked_neg()?)),
    }
}

fn add(x: Fraction, y: Fraction) -> Option<Fraction> {
    if x.1 == y.1
        && let Some(sum) = x.0.checked_add(y.0)
    {
        return Some((sum, x.1));
    }
    let sum = |x: Fraction, y: Fraction| {
        let (left, right, under) = common(x, y)?;
        Some((left.checked_add(right)?, under))
    };
    sum(x, y).or_else(|| sum(reduced(x), reduced(y)))
}

/// Two numerators over their least common denominator.
fn common((a, b): Fraction, (c, d): Fraction) -> Option<(i128, i128, i128)> {
    let shared = greatest_divisor(b, d);
    Some((a.checked_mul(d / shared)?, c.checked_mul(b / shared)?, b.checked_mul(d / shared)?))
}

fn multiply((a, b): Fraction, (c, d): Fraction) -> Option<Fraction> {
    if let (Some(over), Some(under)) = (product(a, c), product(b, d)) {
        return Some((over, under));
    }
    let ((a, d), (c, b)) = (reduced((a, d)), reduced((c, b)));
    Some((a.checked_mul(c)?, b.checked_mul(d)?))
}

/// `x - y * floor(x / y)`; for a zero divisor the dividend, as VTL defines it.
fn modulo(x: Fraction, y: Fraction) -> Option<Fraction> {
    if y.0 == 0 {
        return Some(x);
    }
    let (left, right, under) = common(x, y)?;
    Some((whole_modulo(left, right)?, under))
}

/// The remainder with the sign of the divisor; for a zero divisor the dividend.
pub(crate) fn whole_modulo(a: i128, b: i128) -> Option<i128> {
    if b == 0 {
        return Some(a);
    }
    let rest = a.checked_rem_euclid(b)?;
    Some(if b < 0 && rest != 0 { rest + b } else { rest })
}

/// The same fraction in lowest terms.
pub(crate) fn reduced((a, b): Fraction) -> Fraction {
    let common = greatest_divisor(a, b);
    (a / common, b / common)
}

/// The greatest common divisor, at least 1. The second number is positive, so that the result fits.
fn greatest_divisor(a: i128, b: i128) -> i128 {
    let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    i128::try_from(x).map_or(1, |x| x.max(1))
}

/// `a / b` as a whole number; `b` is positive.
pub(crate) fn round_quotient(a: i128, b: i128, mode: Rounding) -> i128 {
    let (floor, rest) = (a.div_euclid(b), a.rem_euclid(b));
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::Zero => rest > 0 && a < 0,
        Rounding::Half => match rest.cmp(&(b - rest)) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => a >= 0,
        },
    };
    floor + i128::from(up)
}

/// A fraction rounded to `digits` decimal places (negative: to tens, hundreds …), as digits with scale `max(digits, 0)`.
pub(crate) fn round_fraction((a, b): Fraction, digits: i8, mode: Rounding) -> Option<i128> {
    let factor = ten_to(digits.unsigned_abs())?;
    if digits < 0 {
        let (a, b) = if b.checked_mul(factor).is_some() { (a, b) } else { reduced((a, b)) };
        return round_quotient(a, b.checked_mul(factor)?, mode).checked_mul(factor);
    }
    if let Some(over) = a.checked_mul(factor) {
        return Some(round_quotient(over, b, mode));
    }
    // The whole part apart: only the rest has to be enlarged.
    let (a, b) = reduced((a, b));
    let (floor, rest) = (a.div_euclid(b), a.rem_euclid(b));
    let whole = floor.checked_mul(factor)?;
    // Digit by digit, so that only ten times the rest has to fit.
    let (mut part, mut rest) = (0, rest);
    for _ in 0..digits {
        rest = rest.checked_mul(10)?;
        part = part * 10 + rest / b;
        rest %= b;
    }
    // The rest is never negative, but which way it goes depends on the sign of the whole number.
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::Zero => rest > 0 && a < 0,
        Rounding::Half => rest > b - rest || (rest == b - rest && a >= 0),
    };
    let up = part + i128::from(up);
    whole.checked_add(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_away_from_zero_and_the_other_modes_go_their_way() {
        for (a, b, half, zero, down, up) in [
            (5, 2, 3, 2, 2, 3),
            (-5, 2, -3, -2, -3, -2),
            (7, 3, 2, 2, 2, 3),
            (-7, 3, -2, -2, -3, -2),
            (6, 3, 2, 2, 2, 2),
        ] {
            assert_eq!(round_quotient(a, b, Rounding::Half), half, "{a}/{b}");
            assert_eq!(round_quotient(a, b, Rounding::Zero), zero, "{a}/{b}");
            assert_eq!(round_quotient(a, b, Rounding::Down), down, "{a}/{b}");
            assert_eq!(round_quotient(a, b, Rounding::Up), up, "{a}/{b}");
        }
    }

    #[test]
    fn comparisons_are_right_beyond_128_bits() {
        let huge = i128::MAX;
        assert_eq!(compare((huge, huge - 1), (huge - 1, huge - 2)), Ordering::Less);
        assert_eq!(compare((-huge, huge - 1), (1 - huge, huge - 2)), Ordering::Greater);
        assert_eq!(compare((huge, 3), (-huge, 2)), Ordering::Greater);
        assert_eq!(compare((i128::MIN, 2), (i128::MIN, 3)), Ordering::Less);
    }

    #[test]
    fn remainders_follow_the_divisor() {
        for (a, b, rest) in [(5, 2, 1), (5, -2, -1), (8, 2, 0), (9, 0, 9), (-5, 2, 1), (-5, -2, -1)] {
            assert_eq!(whole_modulo(a, b), Some(rest), "mod({a}, {b})");
            assert_eq!(arithmetic(Arithmetic::Modulo, (a, 1), (b, 1)), Some((rest, 1)), "mod({a}, {b})");
        }
    }

    #[test]
    fn large_fractions_round_as_small_ones_do() {
        let b = 3 * 10_i128.pow(36);
        for mode in [Rounding::Half, Rounding::Zero, Rounding::Down, Rounding::Up] {
            for a in [-7, -5, -4, 4, 5, 7_i128] {
                let small = round_fraction((a * 10_i128.pow(6), 3 * 10_i128.pow(6)), 3, mode);
                assert_eq!(round_fraction((a * 10_i128.pow(36), b), 3, mode), small, "{a} {mode:?}");
            }
        }
    }
}
