//! One block of a column: converted to fast lanes where every value fits them, otherwise to 128 bits.
//!
//! The loops look at whole blocks without branches: they convert everything, collect in a few bits whether that was right,
//! and only if it was not, look again value by value. What stands behind null is anything, and then becomes zero.

use super::{Column, Values};
use crate::exact::{MAGIC, MAGIC_MAX, bound_of, decimals, from_fast, ten_to, to_fast};
use crate::limits::{BLOCK_ROWS, FLOAT_DIGITS_MAX, FLOAT_SCALE_MAX};
use crate::register::{ALL, Lanes, Mask, NONE, NumberView, State, TruthRegister, bit, set_word};
use crate::scalar::Scalar;
use arrow_buffer::BooleanBuffer;

/// Why a block of floating-point values cannot be loaded as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// So many decimal places are needed.
    Places(u8),
    /// The value of this row (of the column) is no short decimal.
    Row(usize),
}

/// One block of a column; its space is used again for the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    valid: Mask,
    fast: Vec<f64>,
    bound: Option<f64>,
    lanes: Vec<i128>,
    pub truth: TruthRegister,
}

impl Block {
    /// Loads `rows` rows from `start` on.
    pub fn load(&mut self, column: &Column<'_>, start: usize, rows: usize) -> Result<(), Misfit> {
        self.valid = match column.nulls {
            Some(nulls) => bits(nulls.inner(), start, rows),
            None => ALL,
        };
        self.bound = None;
        match column.values {
            Values::Decimal(values, _) => {
                let values = part(values, start, rows);
                let quick = self.quick(values, decimals);
                if !quick {
                    self.slow(values.iter().copied());
                }
            }
            Values::Integer(values) => {
                let values = part(values, start, rows);
                if !self.quick(values, integers) {
                    self.slow(values.iter().map(|value| i128::from(*value)));
                    self.keep(values.iter().map(|value| i128::from(*value)));
                }
            }
            Values::Small(values) | Values::Date(values) => {
                self.quick(part(values, start, rows), |values, out| Some(bound_of(small(values, out))));
            }
            Values::Float(values, places) => {
                let values = part(values, start, rows);
                let quick = match places {
                    0 => self.quick(values, wholes),
                    _ => self.quick(values, |values, out| floats(values, power(places), out)),
                };
                if !quick {
                    self.floats(values, places, start)?;
                }
            }
            Values::Truth(values) => self.truths(&bits(values, start, rows)),
            Values::Cell(digits, _) => {
                self.valid = if digits.is_some() { ALL } else { NONE };
                self.slow(std::iter::once(digits.unwrap_or(0)));
                self.keep(digits.into_iter());
                self.truths(&if digits == Some(1) { ALL } else { NONE });
            }
            Values::TextCell(text) => self.valid = if text.is_some() { ALL } else { NONE },
            Values::Missing | Values::Text(_) | Values::LargeText(_) | Values::TextView(_) => {}
        }
        Ok(())
    }

    /// Converts all values at once; false if that was not exact.
    fn quick<T>(&mut self, values: &[T], convert: impl Fn(&[T], &mut [f64]) -> Option<f64>) -> bool {
        self.fast.resize(values.len().next_multiple_of(64), 0.0);
        self.fast.iter_mut().skip(values.len()).for_each(|lane| *lane = 0.0);
        self.bound = convert(values, &mut self.fast);
        self.bound.is_some()
    }

    /// Converts value by value; no bound if one does not fit.
    fn slow(&mut self, values: impl ExactSizeIterator<Item = i128>) {
        self.fast.clear();
        let lanes = values.len().next_multiple_of(64);
        let mut most = 0.0_f64;
        for (row, digits) in values.enumerate() {
            let digits = if bit(&self.valid, row) { digits } else { 0 };
            let Some(lane) = to_fast(digits) else { return };
            most = most.max(lane.abs());
            self.fast.push(lane);
        }
        self.fast.resize(lanes, 0.0);
        self.bound = Some(most);
    }

    /// Keeps the digits in 128 bits, if they are not in the fast lanes.
    fn keep(&mut self, values: impl Iterator<Item = i128>) {
        if self.bound.is_none() {
            self.lanes.clear();
            self.lanes.extend(values);
        }
    }

    /// Converts floating-point values one by one, or says what is wrong with them.
    fn floats(&mut self, values: &[f64], places: u8, start: usize) -> Result<(), Misfit> {
        let mut needed = places;
        let mut lanes = std::mem::take(&mut self.lanes);
        lanes.clear();
        for (row, value) in values.iter().enumerate() {
            let value = if bit(&self.valid, row) { *value } else { 0.0 };
            let (digits, own) = shortest(value).ok_or(Misfit::Row(start + row))?;
            needed = needed.max(own);
            lanes.push(from_fast(digits) * ten_to(places.saturating_sub(own)).unwrap_or(1));
        }
        if needed > places {
            return Err(Misfit::Places(needed));
        }
        self.slow(lanes.iter().copied());
        self.lanes = lanes;
        Ok(())
    }

    fn truths(&mut self, values: &Mask) {
        let lanes = self.truth.yes.iter_mut().zip(&mut self.truth.no);
        for (((yes, no), value), valid) in lanes.zip(values).zip(self.valid) {
            (*yes, *no) = (value & valid, !value & valid);
        }
    }

    pub fn state(&self) -> State<'_> {
        State { valid: &self.valid, broken: &NONE }
    }

    /// The numbers of this block, which starts at row `start` of the column.
    pub fn numbers<'a>(&'a self, column: &Column<'a>, start: usize, rows: usize) -> NumberView<'a> {
        let lanes = match (self.bound, column.values) {
            (Some(bound), _) => Lanes::Fast(&self.fast, bound),
            (None, Values::Decimal(values, _)) => Lanes::Many(part(values, start, rows)),
            (None, _) => Lanes::Many(&self.lanes),
        };
        NumberView { lanes, state: self.state() }
    }
}

fn part<T>(values: &[T], start: usize, rows: usize) -> &[T] {
    values.get(start..start + rows).unwrap_or_default()
}

fn power(places: u8) -> f64 {
    10_f64.powi(i32::from(places))
}

fn integers(values: &[i64], out: &mut [f64]) -> Option<f64> {
    let mut size = 0;
    for (lane, value) in out.iter_mut().zip(values) {
        size |= (value ^ (value >> 63)).cast_unsigned();
        *lane = f64::from_bits(value.cast_unsigned().wrapping_add(MAGIC.to_bits())) - MAGIC;
    }
    (size < MAGIC_MAX).then(|| bound_of(size))
}

fn small(values: &[i32], out: &mut [f64]) -> u64 {
    let mut size = 0;
    for (lane, value) in out.iter_mut().zip(values) {
        size |= (value ^ (value >> 31)).cast_unsigned();
        *lane = f64::from(*value);
    }
    u64::from(size)
}

/// Whole numbers; NaN and infinity are seen by the comparison or by their size.
#[expect(clippy::float_cmp, reason = "the value itself is wanted, not one near it")]
fn wholes(values: &[f64], out: &mut [f64]) -> Option<f64> {
    let (mut odd, mut size) = (0, 0);
    for (lane, value) in out.iter_mut().zip(values) {
        let lifted = value + MAGIC;
        *lane = lifted - MAGIC;
        odd |= if *lane == *value { 0 } else { u64::MAX };
        size |= size_of_lifted(lifted);
    }
    (odd == 0 && size < FLOAT_DIGITS_MAX >> 1).then(|| bound_of(size))
}

/// Decimals: right if the digits, divided again, give the very same value. (A quotient is rounded to the nearest.)
#[expect(clippy::float_cmp, reason = "the value itself is wanted, not one near it")]
fn floats(values: &[f64], scale: f64, out: &mut [f64]) -> Option<f64> {
    let (mut odd, mut size) = (0, 0);
    for (lane, value) in out.iter_mut().zip(values) {
        let lifted = value * scale + MAGIC;
        *lane = lifted - MAGIC;
        odd |= if *lane / scale == *value { 0 } else { u64::MAX };
        size |= size_of_lifted(lifted);
    }
    (odd == 0 && size < FLOAT_DIGITS_MAX >> 1).then(|| bound_of(size))
}

fn size_of_lifted(lifted: f64) -> u64 {
    let digits = lifted.to_bits().wrapping_sub(MAGIC.to_bits()).cast_signed();
    (digits ^ (digits >> 63)).cast_unsigned()
}

/// The digits of the decimal with so many places that this value stands for.
#[expect(clippy::float_cmp, reason = "the value itself is wanted, not one near it")]
fn digits(value: f64, places: u8) -> Option<f64> {
    let digits = (value * power(places)).round() + 0.0; // no negative zero
    let short = to_fast(i128::from(FLOAT_DIGITS_MAX)).is_some_and(|limit| digits.abs() < limit);
    (short && digits / power(places) == value).then_some(digits)
}

/// Digits and places of the shortest decimal that a floating-point value stands for.
fn shortest(value: f64) -> Option<(f64, u8)> {
    (0..=FLOAT_SCALE_MAX).find_map(|places| Some((digits(value, places)?, places)))
}

/// The shortest decimal that a floating-point value stands for.
pub(super) fn decimal(value: f64) -> Option<Scalar> {
    shortest(value).map(|(digits, scale)| Scalar::Number { unscaled: from_fast(digits), scale })
}

/// Up to a block of bits from an arbitrary place.
fn bits(buffer: &BooleanBuffer, start: usize, rows: usize) -> Mask {
    let mut mask = NONE;
    let rows = rows.min(BLOCK_ROWS).min(buffer.len().saturating_sub(start));
    let slice = buffer.slice(start.min(buffer.len()), rows);
    for (word, bits) in slice.bit_chunks().iter_padded().enumerate() {
        set_word(&mut mask, word, bits);
    }
    mask
}
