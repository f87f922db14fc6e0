//! What came out: for each rule and row a verdict, kept as bits.

use crate::column::EvalError;
use crate::register::{Mask, word_of};
use std::collections::BTreeMap;

/// Verdict 审核结果 — of one rule on one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds, or it does not apply.
    Pass,
    /// It applies and does not hold.
    Fail,
    /// It cannot be tested 无法检验.
    Undecided(Why),
}

/// Why a rule cannot be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A value that it needs is null.
    Null,
    /// A division by zero, or a result beyond 38 digits.
    Arithmetic,
}

/// Counts 计数 — how the rows fared under one rule. `rows = tested + undecided + not_applicable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Passed or failed.
    pub tested: usize,
    /// Applied and held.
    pub passed: usize,
    /// Applied and did not hold.
    pub failed: usize,
    /// Could not be tested, for whatever reason.
    pub undecided: usize,
    /// Of the undecided those with a division by zero or an overflow.
    pub broken: usize,
    /// The condition after `when` was false.
    pub not_applicable: usize,
}

/// Verdicts 审核结果 of the evaluated rules on all rows seen so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdicts {
    rows: usize,
    rules: BTreeMap<usize, RuleBits>,
}

/// Which rows failed, lacked values, broke, or were not concerned. The others passed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct RuleBits {
    fail: Bits,
    null: Bits,
    broken: Bits,
    skipped: Bits,
}

/// The four masks of one rule in one block.
pub(crate) struct BlockBits {
    pub fail: Mask,
    pub null: Mask,
    pub broken: Mask,
    pub skipped: Mask,
}

impl Verdicts {
    /// No rows yet, for these rules.
    pub(crate) fn new(rules: &[usize]) -> Verdicts {
        Verdicts { rows: 0, rules: rules.iter().map(|rule| (*rule, RuleBits::default())).collect() }
    }

    /// Adds a block for one rule.
    pub(crate) fn add(&mut self, rule: usize, block: &BlockBits, rows: usize) {
        let start = self.rows;
        if let Some(bits) = self.rules.get_mut(&rule) {
            bits.fail.append_mask(start, &block.fail, rows);
            bits.null.append_mask(start, &block.null, rows);
            bits.broken.append_mask(start, &block.broken, rows);
            bits.skipped.append_mask(start, &block.skipped, rows);
        }
    }

    /// Closes a block.
    pub(crate) fn advance(&mut self, rows: usize) {
        self.rows += rows;
    }

    /// How many rows have been evaluated.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The rules that have been evaluated.
    pub fn rules(&self) -> impl Iterator<Item = usize> + '_ {
        self.rules.keys().copied()
    }

    /// Appends the verdicts of a further batch under the same rules; its rows follow those seen so far.
    pub fn append(&mut self, next: &Verdicts) -> Result<(), EvalError> {
        if self.rules.keys().ne(next.rules.keys()) {
            let odd = self.rules.keys().find(|rule| !next.rules.contains_key(rule));
            let odd = odd.or_else(|| next.rules.keys().find(|rule| !self.rules.contains_key(rule)));
            return Err(EvalError::NoRule(odd.copied().unwrap_or(0)));
        }
        for (bits, more) in self.rules.values_mut().zip(next.rules.values()) {
            bits.fail.append(self.rows, &more.fail, next.rows);
            bits.null.append(self.rows, &more.null, next.rows);
            bits.broken.append(self.rows, &more.broken, next.rows);
            bits.skipped.append(self.rows, &more.skipped, next.rows);
        }
        self.rows += next.rows;
        Ok(())
    }

    /// The verdict of a rule on a row; `None` if that rule was not evaluated or there is no such row.
    pub fn verdict(&self, rule: usize, row: usize) -> Option<Verdict> {
        let bits = self.rules.get(&rule).filter(|_| row < self.rows)?;
        Some(if bits.fail.get(row) {
            Verdict::Fail
        } else if bits.null.get(row) {
            Verdict::Undecided(Why::Null)
        } else if bits.broken.get(row) {
            Verdict::Undecided(Why::Arithmetic)
        } else {
            Verdict::Pass
        })
    }

    /// Was the row concerned by the rule at all? Not if the condition after `when` is false.
    pub fn applies(&self, rule: usize, row: usize) -> bool {
        self.rules.get(&rule).is_some_and(|bits| row < self.rows && !bits.skipped.get(row))
    }

    /// How all rows fared under a rule; all zero if it was not evaluated.
    pub fn counts(&self, rule: usize) -> Counts {
        let Some(bits) = self.rules.get(&rule) else { return Counts::default() };
        let (failed, broken, not_applicable) = (bits.fail.ones(), bits.broken.ones(), bits.skipped.ones());
        let undecided = bits.null.ones() + broken;
        let tested = self.rows - undecided - not_applicable;
        Counts { tested, passed: tested - failed, failed, undecided, broken, not_applicable }
    }

    /// The failing rows of a rule in order.
    pub fn failing_rows(&self, rule: usize) -> impl Iterator<Item = usize> + '_ {
        self.rules.get(&rule).into_iter().flat_map(|bits| bits.fail.rows())
    }

    /// The rows that a rule could not test, in order.
    pub fn undecided_rows(&self, rule: usize) -> impl Iterator<Item = usize> + '_ {
        let undecided = self.rules.get(&rule).map(|bits| bits.null.or(&bits.broken));
        undecided.into_iter().flat_map(|bits| bits.rows().collect::<Vec<_>>())
    }
}

/// A growing row of bits; beyond its end everything is false.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn get(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    fn ones(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Writes `rows` bits from `start` on. Nothing may stand there yet.
    fn append_words(&mut self, start: usize, words: impl Iterator<Item = u64>, rows: usize) {
        let (first, shift) = (start / 64, start % 64);
        self.0.resize((start + rows).div_ceil(64), 0);
        for (at, word) in words.take(rows.div_ceil(64)).enumerate() {
            let left = rows - at * 64;
            let word = if left < 64 { word & ((1 << left) - 1) } else { word };
            if let Some(place) = self.0.get_mut(first + at) {
                *place |= word << shift;
            }
            if let Some(place) = self.0.get_mut(first + at + 1).filter(|_| shift > 0) {
                *place |= word >> (64 - shift);
            }
        }
    }

    fn append_mask(&mut self, start: usize, mask: &Mask, rows: usize) {
        self.append_words(start, (0..mask.len()).map(|word| word_of(mask, word)), rows);
    }

    fn append(&mut self, start: usize, other: &Bits, rows: usize) {
        self.append_words(start, other.0.iter().copied(), rows);
    }

    fn or(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    /// The numbers of the set bits.
    fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_appended_at_any_place_stay_where_they_belong() {
        for first in [0, 1, 63, 64, 65, 127, 128] {
            let mut bits = Bits::default();
            bits.append_words(0, std::iter::repeat_n(0, 3), first);
            bits.append_words(first, [1, 1 << 63, u64::MAX].into_iter(), 130);
            assert_eq!(bits.rows().collect::<Vec<_>>(), [first, first + 127, first + 128, first + 129], "{first}");
        }
    }
}
