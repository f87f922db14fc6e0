//! Exponentials, logarithms and roots, to 15 significant digits and the same on every machine.
//!
//! Fixed point with 100 binary places, so that some 25 digits are right before the rounding. A result that is rational
//! with few digits, such as `log(8, 2)`, comes out exactly; any other is as near as 15 digits can be, and a comparison
//! with it decides on that value.

use crate::exact::{self, Fraction, reduced, ten_to, wide};
use crate::graph::{Arithmetic, Rounding};

/// Binary places.
const PLACES: u32 = 100;
const ONE: i128 = 1 << PLACES;
const LN_2: i128 = 878_668_439_483_319_573_618_263_538_048;
const LN_10: i128 = 2_918_873_375_210_475_425_442_079_017_696;
/// Significant digits of a result.
const DIGITS: u32 = 15;
/// The largest whole exponent that is tried exactly.
const EXACT_EXPONENT_MAX: u128 = 256;

/// `e` to the power of `x`.
pub(super) fn exp(x: Fraction) -> Option<Fraction> {
    if x.0 == 0 {
        return Some((1, 1));
    }
    power_of_e(fixed(x)?)
}

/// The natural logarithm of a positive number.
pub(super) fn ln(x: Fraction) -> Option<Fraction> {
    let (a, b) = reduced(x);
    if a <= 0 {
        return None;
    }
    let apart = a.checked_sub(b)?;
    if apart == 0 {
        return Some((0, 1));
    }
    if apart.unsigned_abs() < b.unsigned_abs() >> 36 {
        // Beside 1 the series ends with its first term: 2 (a - b) / (a + b).
        return significant((apart.checked_mul(2)?, a.checked_add(b)?));
    }
    from_fixed(fixed_ln((a, b))?)
}

/// The logarithm of `x` to a base.
pub(super) fn log(x: Fraction, base: Fraction) -> Option<Fraction> {
    let (x, base) = (reduced(x), reduced(base));
    if x.0 <= 0 || base.0 <= 0 || base == (1, 1) {
        return None;
    }
    if x == (1, 1) {
        return Some((0, 1));
    }
    let (over, under) = (fixed_ln(x)?, fixed_ln(base)?);
    // Too near to 1 for the digits that are promised.
    if over.abs() < ONE >> 36 || under.abs() < ONE >> 36 {
        return None;
    }
    from_fixed(fixed(exact::quotient(over, under)?)?)
}

/// The square root of a number that is not negative.
pub(super) fn sqrt(x: Fraction) -> Option<Fraction> {
    let (a, b) = reduced(x);
    let (a, b) = (u128::try_from(a).ok()?, u128::try_from(b).ok()?);
    let (over, under) = (a.isqrt(), b.isqrt());
    if over * over == a && under * under == b {
        return Some((i128::try_from(over).ok()?, i128::try_from(under).ok()?));
    }
    // The quotient times four to the power of `shift`, with as many bits as its root can use.
    let (mut quotient, mut rest, mut shift) = (a / b, a % b, 0_u32);
    while quotient < 1 << 122 && shift < 120 {
        for _ in 0..2 {
            rest <<= 1;
            quotient <<= 1;
            if rest >= b {
                rest -= b;
                quotient |= 1;
            }
        }
        shift += 1;
    }
    significant((i128::try_from(quotient.isqrt()).ok()?, 1_i128.checked_shl(shift)?))
}

/// `x` to the power of `y`.
pub(super) fn power(x: Fraction, y: Fraction) -> Option<Fraction> {
    let (x, y) = (reduced(x), reduced(y));
    if y.0 == 0 {
        return Some((1, 1));
    }
    if x.0 == 0 {
        return (y.0 > 0).then_some((0, 1));
    }
    let is_whole = y.1 == 1;
    if is_whole && let Some(result) = whole_power(x, y.0) {
        return Some(result);
    }
    if x.0 < 0 && !is_whole {
        return None;
    }
    let upright = if y.0 < 0 { exact::quotient(x.1, x.0)? } else { x };
    if y.1 == 2 && y.0.unsigned_abs() == 1 {
        return sqrt(upright);
    }
    let size = (x.0.checked_abs()?, x.1);
    let exponent = multiply(fixed_ln(size)?, fixed(y)?)?;
    let (over, under) = power_of_e(exponent)?;
    Some((if x.0 < 0 && y.0 % 2 != 0 { -over } else { over }, under))
}

/// By repeated squaring; `None` if a numerator or denominator does not fit.
fn whole_power(x: Fraction, exponent: i128) -> Option<Fraction> {
    let mut left = exponent.unsigned_abs();
    if left > EXACT_EXPONENT_MAX {
        return None;
    }
    let mut square = if exponent < 0 { exact::quotient(x.1, x.0)? } else { x };
    let mut result = (1, 1);
    loop {
        if left & 1 == 1 {
            result = exact::arithmetic(Arithmetic::Multiply, result, square)?;
        }
        left >>= 1;
        if left == 0 {
            return Some(result);
        }
        square = exact::arithmetic(Arithmetic::Multiply, square, square)?;
    }
}

/// From 0 up to 1 with 15 digits, by the finaliser of SplitMix64 over the digits of both operands.
pub(super) fn random(seed: Fraction, index: i64) -> Fraction {
    let (over, under) = reduced(seed);
    let mut state = 0_u64;
    let [seed, divisor] = [over, under].map(i128::to_le_bytes);
    for (at, byte) in seed.into_iter().chain(divisor).chain(index.to_le_bytes()).enumerate() {
        state ^= u64::from(byte) << (8 * (at % 8));
        if at % 8 == 7 {
            state = mixed(state.wrapping_add(0x9E37_79B9_7F4A_7C15));
        }
    }
    let range = 10_u64.pow(DIGITS);
    let scaled = (u128::from(mixed(state)) * u128::from(range)) >> 64;
    (i128::try_from(scaled).unwrap_or(0), i128::from(range))
}

fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// A fraction below 2^26 in fixed point.
fn fixed((a, b): Fraction) -> Option<i128> {
    let (size, b) = (a.unsigned_abs(), b.unsigned_abs());
    let (mut quotient, mut rest) = (size / b, size % b);
    if quotient >> 26 != 0 {
        return None;
    }
    for _ in 0..PLACES {
        rest <<= 1;
        quotient <<= 1;
        if rest >= b {
            rest -= b;
            quotient |= 1;
        }
    }
    let quotient = i128::try_from(quotient).ok()?;
    Some(if a < 0 { -quotient } else { quotient })
}

/// The product of two numbers in fixed point.
fn multiply(a: i128, b: i128) -> Option<i128> {
    let size = i128::try_from(scaled(a.unsigned_abs(), b.unsigned_abs())?).ok()?;
    Some(if (a < 0) == (b < 0) { size } else { -size })
}

/// `a · b / 2^100`, rounded.
fn scaled(a: u128, b: u128) -> Option<u128> {
    let (high, low) = wide(a, b);
    let (low, carry) = low.overflowing_add(1 << (PLACES - 1));
    let high = high + u128::from(carry);
    (high >> PLACES == 0).then_some((high << (128 - PLACES)) | (low >> PLACES))
}

/// `ln(a / b)` in fixed point.
fn fixed_ln((a, b): Fraction) -> Option<i128> {
    Some(whole_ln(a.unsigned_abs())? - whole_ln(b.unsigned_abs())?)
}

/// `ln n = k ln 2 + 2 artanh((m - 1) / (m + 1))` with `n = m · 2^k` and `m` from 1 to 2.
fn whole_ln(n: u128) -> Option<i128> {
    let k = n.checked_ilog2()?;
    let m = if k <= PLACES { n << (PLACES - k) } else { n >> (k - PLACES) };
    let m = i128::try_from(m).ok()?;
    let z = fixed((m - ONE, m + ONE))?;
    let square = multiply(z, z)?;
    let (mut sum, mut power) = (0, z);
    let mut odd = 1;
    while power != 0 {
        sum += power / odd;
        power = multiply(power, square)?;
        odd += 2;
    }
    Some(2 * sum + i128::from(k) * LN_2)
}

/// `e^x = 10^j · e^r`, so that the digits of `e^r` are those of the result.
fn power_of_e(x: i128) -> Option<Fraction> {
    let j = exact::round_quotient(x, LN_10, Rounding::Half);
    let r = x.checked_sub(j.checked_mul(LN_10)?)?;
    let (mut sum, mut term) = (ONE, ONE);
    let mut n = 1;
    while term != 0 {
        term = multiply(term, r)? / n;
        sum += term;
        n += 1;
    }
    let scale = if sum >= ONE { DIGITS - 1 } else { DIGITS };
    let digits = scaled(sum.unsigned_abs(), 10_u128.pow(scale))?;
    decimal(i128::try_from(digits).ok()?, j - i128::from(scale))
}

/// A number in fixed point, to 15 significant digits.
fn from_fixed(value: i128) -> Option<Fraction> {
    if value == 0 {
        return Some((0, 1));
    }
    let least = 10_u128.pow(DIGITS - 1);
    for scale in 0..30_u32 {
        let digits = scaled(value.unsigned_abs(), 10_u128.pow(scale))?;
        if digits >= least {
            let digits = i128::try_from(digits).ok()?;
            return decimal(if value < 0 { -digits } else { digits }, -i128::from(scale));
        }
    }
    None
}

/// A fraction, to 15 significant digits.
fn significant(value: Fraction) -> Option<Fraction> {
    let (a, b) = (value.0.unsigned_abs(), value.1.unsigned_abs());
    let whole = a / b;
    let after = if whole > 0 { 14 - i64::from(whole.ilog10()) } else { 15 + i64::from((b / a.max(1)).ilog10()) };
    let digits = exact::round_fraction(value, i8::try_from(after).ok()?, Rounding::Half)?;
    // Before the point the digits come with their zeros.
    decimal(digits, -i128::from(after.max(0)))
}

/// `digits · 10^exponent` in lowest decimal terms; `None` beyond 38 digits.
fn decimal(mut digits: i128, mut exponent: i128) -> Option<Fraction> {
    while exponent < 0 && digits % 10 == 0 && digits != 0 {
        digits /= 10;
        exponent += 1;
    }
    let factor = ten_to(u8::try_from(exponent.unsigned_abs()).ok()?)?;
    if exponent < 0 { Some((digits, factor)) } else { Some((digits.checked_mul(factor)?, 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_rational::BigRational;
    use proptest::prelude::*;

    fn number(text: &str) -> Fraction {
        super::super::figures::read(text, None).unwrap()
    }

    #[track_caller]
    fn check(found: Option<Fraction>, expected: &str) {
        let found = found.map(|value| super::super::figures::decimal_of(value).unwrap());
        assert_eq!(found.as_deref(), Some(expected));
    }

    #[test]
    fn exponentials_and_logarithms_have_fifteen_digits() {
        for (x, result) in [
            ("1", "2.71828182845905"),
            ("0", "1"),
            ("-1", "0.367879441171442"),
            ("0.5", "1.64872127070013"),
            ("10", "22026.4657948067"),
            ("-30", "0.0000000000000935762296884017"),
            ("87", "60760302250568700000000000000000000000"),
        ] {
            check(exp(number(x)), result);
        }
        for (x, result) in [
            ("2", "0.693147180559945"),
            ("1", "0"),
            ("2.5", "0.916290731874155"),
            ("0.001", "-6.90775527898214"),
            ("1.000001", "0.000000999999500000333"),
            ("1.00000000000001", "0.00000000000000999999999999995"),
            ("99999999999999999999999999999999999999", "87.4982335337737"),
        ] {
            check(ln(number(x)), result);
        }
        for (x, base, result) in
            [("8", "2", "3"), ("2", "10", "0.301029995663981"), ("0.125", "2", "-3"), ("2", "2.5", "0.756470797366030")]
        {
            check(log(number(x), number(base)), result.trim_end_matches('0'));
        }
    }

    #[test]
    fn roots_and_powers_are_exact_where_they_can_be() {
        for (x, result) in [
            ("4", "2"),
            ("2.25", "1.5"),
            ("2", "1.41421356237310"),
            ("0.0001", "0.01"),
            ("1e-20", "0.0000000001"),
            ("3e30", "1732050807568880"),
            ("0.00000000000000000003", "0.000000000173205080756888"),
        ] {
            check(sqrt(number(x)), if result.contains('.') { result.trim_end_matches('0') } else { result });
        }
        for (x, y, result) in [
            ("2", "0.5", "1.4142135623731"),
            ("2", "-0.5", "0.707106781186548"),
            ("4", "1.5", "8"),
            ("-8", "3", "-512"),
            ("-2", "-3", "-0.125"),
            ("1.5", "100", "406561177535215000"),
            ("1.0000001", "10000000", "2.71828169254497"),
            ("0", "0", "1"),
            ("0", "2", "0"),
        ] {
            let found = power(number(x), number(y)).map(|value| super::super::figures::decimal_of(value).unwrap());
            assert!(found.as_deref().is_some_and(|found| found.starts_with(result)), "{x}^{y} = {found:?}");
        }
    }

    #[test]
    fn what_has_no_real_value_has_none() {
        for nothing in [
            ln((0, 1)),
            ln((-1, 2)),
            sqrt((-1, 1)),
            log((8, 1), (1, 1)),
            log((8, 1), (-2, 1)),
            log((0, 1), (2, 1)),
            power((0, 1), (-1, 1)),
            power((-8, 1), (1, 3)),
            exp((1000, 1)),
            exp((-1000, 1)),
            power((10, 1), (100, 1)),
        ] {
            assert_eq!(nothing, None);
        }
    }

    #[test]
    fn chance_is_the_same_for_the_same_operands_and_spread_evenly() {
        assert_eq!(random((5, 1), 1), random((10, 2), 1));
        assert_ne!(random((5, 1), 1), random((5, 1), 2));
        let below_half = (0..10_000).filter(|index| random((42, 1), *index).0 < 500_000_000_000_000).count();
        assert!((4_800..5_200).contains(&below_half), "{below_half}");
    }

    /// Is one number as near to another as a part of `10^digits` of it?
    fn near(one: &BigRational, other: &BigRational, digits: u32) -> bool {
        let off = one / other - big((1, 1));
        let most = big((1, 10_i128.pow(digits)));
        off < most && -off < most
    }

    fn big((over, under): Fraction) -> BigRational {
        BigRational::new(over.into(), under.into())
    }

    proptest! {
        #[test]
        fn a_root_squared_is_the_number(a in 1_i128..1_000_000_000_000, b in 1_i128..1_000_000) {
            let root = big(sqrt((a, b)).unwrap());
            prop_assert!(near(&(&root * &root), &big((a, b)), 14));
        }

        #[test]
        fn logarithm_and_exponential_undo_each_other(a in 1_i128..1_000_000_000, b in 1_i128..1_000_000) {
            prop_assert!(near(&big(exp(ln((a, b)).unwrap()).unwrap()), &big((a, b)), 13));
        }

        #[test]
        fn a_power_undone_is_the_number(a in 1_i128..1_000_000, b in 1_i128..1_000, n in 1_i128..12) {
            let root = power((a, b), (1, n)).unwrap();
            let back = (0..n).fold(big((1, 1)), |product, _| product * big(root));
            prop_assert!(near(&back, &big((a, b)), 13));
        }
    }
}
