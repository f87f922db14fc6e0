//! What came out: for each rule and row a verdict, kept as bits.

use crate::column::EvalError;
use crate::limits::{BLOCK_ROWS, BLOCK_WORDS};
use crate::register::Mask;
use std::ops::Range;

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

impl Counts {
    /// Adds the counts of further rows.
    pub(crate) fn add(&mut self, more: Counts) {
        self.tested += more.tested;
        self.passed += more.passed;
        self.failed += more.failed;
        self.undecided += more.undecided;
        self.broken += more.broken;
        self.not_applicable += more.not_applicable;
    }
}

/// Verdicts 审核结果 of the evaluated rules on all rows seen so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdicts {
    rows: usize,
    /// The numbers of the rules, in order.
    rules: Vec<usize>,
    planes: Planes,
}

/// Which rows failed, lacked values, broke, or were not concerned; the others passed. One plane of bits for each of the
/// four: blocks one after the other, in each block the masks of all rules. Planes that hold nothing cost no memory,
/// because the system hands out empty pages only when they are written.
type Planes = [Vec<u64>; 4];
const FAIL: usize = 0;
const NULL: usize = 1;
const BROKEN: usize = 2;
const SKIPPED: usize = 3;

/// The four masks of one rule in one block, in the order of the planes.
pub(crate) type BlockBits = [Mask; 4];

/// Some whole blocks of verdicts, to be filled; each thread fills its own.
pub(crate) struct Part<'v> {
    pub rows: Range<usize>,
    rules: usize,
    planes: [&'v mut [u64]; 4],
}

impl Part<'_> {
    /// Writes what came out for the rule at a place in the list, in the block that starts at row `start`.
    pub fn set(&mut self, place: usize, start: usize, block: &BlockBits) {
        let at = ((start - self.rows.start) / BLOCK_ROWS * self.rules + place) * BLOCK_WORDS;
        let rows = (self.rows.end - start).min(BLOCK_ROWS);
        for (plane, mask) in self.planes.iter_mut().zip(block) {
            if mask.iter().all(|word| *word == 0) {
                continue; // the page stays untouched
            }
            let words = plane.iter_mut().skip(at).zip(mask);
            for (at, (place, word)) in words.take(rows.div_ceil(64)).enumerate() {
                *place = word & below(rows - at * 64);
            }
        }
    }
}

/// The lowest bits of a word, as many as there are rows.
fn below(rows: usize) -> u64 {
    if rows < 64 { (1 << rows) - 1 } else { u64::MAX }
}

impl Verdicts {
    /// Nothing known yet of these rules (in order, once each) and rows.
    pub(crate) fn new(rules: Vec<usize>, rows: usize) -> Verdicts {
        let words = rows.div_ceil(BLOCK_ROWS) * BLOCK_WORDS * rules.len();
        Verdicts { rows, planes: std::array::from_fn(|_| vec![0; words]), rules }
    }

    /// Parts of so many blocks each, to be filled; the last may be shorter.
    pub(crate) fn parts(&mut self, blocks: usize) -> impl Iterator<Item = Part<'_>> {
        let (rows, rules) = (self.rows, self.rules.len());
        let words = (blocks * BLOCK_WORDS * rules).max(1);
        let [fail, null, broken, skipped] = &mut self.planes;
        let others = null.chunks_mut(words).zip(broken.chunks_mut(words)).zip(skipped.chunks_mut(words));
        fail.chunks_mut(words).zip(others).enumerate().map(move |(at, (fail, ((null, broken), skipped)))| {
            let start = at * blocks * BLOCK_ROWS;
            let end = rows.min(start + blocks * BLOCK_ROWS);
            Part { rows: start..end, rules, planes: [fail, null, broken, skipped] }
        })
    }

    /// How many rows have been evaluated.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The rules that have been evaluated.
    pub fn rules(&self) -> impl Iterator<Item = usize> + '_ {
        self.rules.iter().copied()
    }

    /// Appends the verdicts of a further batch under the same rules; its rows follow those seen so far.
    pub fn append(&mut self, next: &Verdicts) -> Result<(), EvalError> {
        if self.rules != next.rules {
            let odd = self.rules().find(|rule| !next.rules.contains(rule));
            let odd = odd.or_else(|| next.rules().find(|rule| !self.rules.contains(rule)));
            return Err(EvalError::NoRule(odd.unwrap_or(0)));
        }
        let (start, rules) = (self.rows, self.rules.len());
        self.rows += next.rows;
        let words = self.rows.div_ceil(BLOCK_ROWS) * BLOCK_WORDS * rules;
        for (plane, more) in self.planes.iter_mut().zip(&next.planes) {
            if start.is_multiple_of(BLOCK_ROWS) {
                plane.extend_from_slice(more);
            } else {
                plane.resize(words, 0);
                shift(plane, more, start, next.rows, rules);
            }
        }
        Ok(())
    }

    /// The verdict of a rule on a row; `None` if that rule was not evaluated or there is no such row.
    pub fn verdict(&self, rule: usize, row: usize) -> Option<Verdict> {
        let place = self.place(rule).filter(|_| row < self.rows)?;
        Some(if self.bit(FAIL, place, row) {
            Verdict::Fail
        } else if self.bit(NULL, place, row) {
            Verdict::Undecided(Why::Null)
        } else if self.bit(BROKEN, place, row) {
            Verdict::Undecided(Why::Arithmetic)
        } else {
            Verdict::Pass
        })
    }

    /// Was the row concerned by the rule at all? Not if the condition after `when` is false.
    pub fn applies(&self, rule: usize, row: usize) -> bool {
        row < self.rows && self.place(rule).is_some_and(|place| !self.bit(SKIPPED, place, row))
    }

    /// How all rows fared under a rule; all zero if it was not evaluated.
    pub fn counts(&self, rule: usize) -> Counts {
        let Some(place) = self.place(rule) else { return Counts::default() };
        let ones = |plane| self.words(plane, place).map(|word| word.count_ones() as usize).sum::<usize>();
        let (failed, broken, not_applicable) = (ones(FAIL), ones(BROKEN), ones(SKIPPED));
        let undecided = ones(NULL) + broken;
        let tested = self.rows - undecided - not_applicable;
        Counts { tested, passed: tested - failed, failed, undecided, broken, not_applicable }
    }

    /// The failing rows of a rule in order.
    pub fn failing_rows(&self, rule: usize) -> impl Iterator<Item = usize> + '_ {
        self.place(rule).into_iter().flat_map(|place| rows_of(self.words(FAIL, place)))
    }

    /// The rows that a rule could not test, in order.
    pub fn undecided_rows(&self, rule: usize) -> impl Iterator<Item = usize> + '_ {
        let words = |place| self.words(NULL, place).zip(self.words(BROKEN, place)).map(|(null, broken)| null | broken);
        self.place(rule).into_iter().flat_map(move |place| rows_of(words(place)))
    }

    fn place(&self, rule: usize) -> Option<usize> {
        self.rules.binary_search(&rule).ok()
    }

    fn bit(&self, kind: usize, place: usize, row: usize) -> bool {
        let at = word_place(row, self.rules.len(), place);
        self.planes.get(kind).and_then(|plane| plane.get(at)).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// The words of one rule.
    fn words(&self, kind: usize, place: usize) -> impl Iterator<Item = u64> + '_ {
        let bits = self.planes.get(kind).map_or(&[][..], Vec::as_slice);
        let blocks = bits.chunks((self.rules.len() * BLOCK_WORDS).max(1));
        blocks.flat_map(move |block| block.iter().skip(place * BLOCK_WORDS).take(BLOCK_WORDS).copied())
    }
}

/// Where the word of a row stands in a plane.
fn word_place(row: usize, rules: usize, place: usize) -> usize {
    (row / BLOCK_ROWS * rules + place) * BLOCK_WORDS + row % BLOCK_ROWS / 64
}

/// Adds the bits of further rows from `start` on, where nothing may stand yet.
fn shift(plane: &mut [u64], more: &[u64], start: usize, rows: usize, rules: usize) {
    for place in 0..rules {
        for first in (0..rows).step_by(64) {
            let word = more.get(word_place(first, rules, place)).copied().unwrap_or(0);
            let by = (start + first) % 64;
            if let Some(low) = plane.get_mut(word_place(start + first, rules, place)) {
                *low |= word << by;
            }
            if by > 0
                && let Some(high) = plane.get_mut(word_place(start + first + 64 - by, rules, place))
            {
                *high |= word >> (64 - by);
            }
        }
    }
}

/// The numbers of the set bits.
fn rows_of(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(at, word)| {
        let mut rest = word;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rules; of the second the rows that `fails` names fail.
    fn verdicts(rows: usize, fails: impl Fn(usize) -> bool) -> Verdicts {
        let mut verdicts = Verdicts::new(vec![3, 5], rows);
        for mut part in verdicts.parts(1) {
            let mut block = BlockBits::default();
            for row in part.rows.clone().filter(|row| fails(*row)) {
                crate::register::mark(&mut block[FAIL], row - part.rows.start);
            }
            let start = part.rows.start;
            part.set(1, start, &block);
        }
        verdicts
    }

    #[test]
    fn bits_appended_at_any_place_stay_where_they_belong() {
        for first in [0, 1, 63, 64, 65, 127, 1023, 1024, 1025] {
            for next in [1, 64, 1000, 1024, 2050] {
                let third = |row: usize| row.is_multiple_of(3);
                let mut joined = verdicts(first, third);
                joined.append(&verdicts(next, |row| third(row + first))).unwrap();
                assert_eq!(joined, verdicts(first + next, third), "{first} {next}");
                let expected: Vec<usize> = (0..first + next).filter(|row| third(*row)).collect();
                assert_eq!(joined.failing_rows(5).collect::<Vec<_>>(), expected);
                assert_eq!(joined.failing_rows(3).count(), 0);
            }
        }
    }
}
