//! What one block of rows looks like while it is computed: lanes of values and words of 64 state bits.
//!
//! Every value is in one of three states: valid, null (neither bit) or broken (an overflow, a division by zero).
//! Broken is kept apart from null, so that `nvl` and `isnull` cannot turn it into a value.

use crate::exact::{Fraction, decimals, from_fast};
use crate::limits::BLOCK_WORDS;

/// One bit for each row of a block.
pub(crate) type Mask = [u64; BLOCK_WORDS];
pub(crate) const NONE: Mask = [0; BLOCK_WORDS];
pub(crate) const ALL: Mask = [u64::MAX; BLOCK_WORDS];

/// Which rows hold a value, and which are broken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State<'a> {
    pub valid: &'a Mask,
    pub broken: &'a Mask,
}

/// State bits that a register owns.
#[derive(Debug, Clone, Default)]
pub(crate) struct States {
    pub valid: Mask,
    pub broken: Mask,
}

impl States {
    pub fn view(&self) -> State<'_> {
        State { valid: &self.valid, broken: &self.broken }
    }

    /// The state of a strict operation: broken operands break it, null operands make it null, `trouble` breaks a value.
    pub fn strict(&mut self, operands: &[State<'_>], trouble: &Mask) {
        let States { valid, broken } = self;
        *valid = ALL;
        *broken = NONE;
        for operand in operands {
            for ((v, b), (ov, ob)) in
                valid.iter_mut().zip(broken.iter_mut()).zip(operand.valid.iter().zip(operand.broken))
            {
                *v &= ov;
                *b |= ob;
            }
        }
        for ((v, b), t) in valid.iter_mut().zip(broken.iter_mut()).zip(trouble) {
            *v &= !*b; // a null beside something broken is broken
            *b |= *v & t;
            *v &= !t;
        }
    }

    /// The state of a choice: row by row that of the chosen branch; broken where the condition is.
    pub fn chosen(&mut self, condition: TruthView<'_>, then: State<'_>, otherwise: State<'_>) {
        for word in 0..BLOCK_WORDS {
            let (yes, stuck) = (word_of(condition.yes, word), word_of(condition.broken, word));
            let no = !yes & !stuck;
            set_word(&mut self.valid, word, (yes & word_of(then.valid, word)) | (no & word_of(otherwise.valid, word)));
            let broken = stuck | (yes & word_of(then.broken, word)) | (no & word_of(otherwise.broken, word));
            set_word(&mut self.broken, word, broken);
        }
    }

    /// The state of `nvl`: of the second operand only where the first is null.
    pub fn filled(&mut self, first: State<'_>, second: State<'_>) {
        for word in 0..BLOCK_WORDS {
            let (valid, broken) = (word_of(first.valid, word), word_of(first.broken, word));
            let null = !valid & !broken;
            set_word(&mut self.valid, word, valid | (null & word_of(second.valid, word)));
            set_word(&mut self.broken, word, broken | (null & word_of(second.broken, word)));
        }
    }
}

pub(crate) fn word_of(mask: &Mask, word: usize) -> u64 {
    mask.get(word).copied().unwrap_or(0)
}

pub(crate) fn set_word(mask: &mut Mask, word: usize, bits: u64) {
    if let Some(place) = mask.get_mut(word) {
        *place = bits;
    }
}

/// Sets the bit of a row.
pub(crate) fn mark(mask: &mut Mask, row: usize) {
    if let Some(word) = mask.get_mut(row / 64) {
        *word |= 1 << (row % 64);
    }
}

pub(crate) fn bit(mask: &Mask, row: usize) -> bool {
    word_of(mask, row / 64) >> (row % 64) & 1 == 1
}

/// Numbers or dates: digits of one scale, which the plan knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberRegister {
    /// The digits, where `bound` is none.
    pub lanes: Vec<i128>,
    /// The digits, where there is a bound.
    pub fast: Vec<f64>,
    /// No digits of this block are beyond it; then `f64` holds every one of them exactly.
    pub bound: Option<f64>,
    pub states: States,
}

/// Quotients: exact numerators and positive denominators.
#[derive(Debug, Clone, Default)]
pub(crate) struct FractionRegister {
    pub over: Vec<i128>,
    pub under: Vec<i128>,
    pub states: States,
}

/// Truth values: true, false, broken; null is none of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct TruthRegister {
    pub yes: Mask,
    pub no: Mask,
    pub broken: Mask,
}

/// Texts that operators have made.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextRegister {
    pub text: String,
    pub ends: Vec<usize>,
    pub states: States,
}

impl NumberRegister {
    /// Fast lanes for a block; allocated once for each register.
    pub fn ready(&mut self, rows: usize) {
        self.fast.resize(rows, 0.0);
    }

    /// Wide lanes for a block, instead of the fast ones.
    pub fn widen(&mut self, rows: usize) {
        self.bound = None;
        self.lanes.resize(rows, 0);
    }

    /// Back to fast lanes, if all digits are small enough for them.
    pub fn narrow(&mut self) {
        self.bound = decimals(&self.lanes, &mut self.fast);
    }

    pub fn view(&self) -> NumberView<'_> {
        let lanes = match self.bound {
            Some(bound) => Lanes::Fast(&self.fast, bound),
            None => Lanes::Many(&self.lanes),
        };
        NumberView { lanes, state: self.states.view() }
    }
}

impl FractionRegister {
    /// Lanes for a block; allocated once for each register.
    pub fn ready(&mut self, rows: usize) {
        self.over.resize(rows, 0);
        self.under.resize(rows, 1);
    }

    pub fn view(&self) -> FractionView<'_> {
        FractionView { over: Lanes::Many(&self.over), under: Lanes::Many(&self.under), state: self.states.view() }
    }
}

impl TruthRegister {
    pub fn view(&self) -> TruthView<'_> {
        TruthView { yes: &self.yes, no: &self.no, broken: &self.broken }
    }
}

impl TextRegister {
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.text.get(start..*end)).unwrap_or("")
    }
}

/// One value for all rows, or one for each; fast ones with their bound.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lanes<'a> {
    One(i128),
    Many(&'a [i128]),
    Fast(&'a [f64], f64),
}

impl Lanes<'_> {
    pub fn get(self, row: usize) -> i128 {
        match self {
            Lanes::One(value) => value,
            Lanes::Many(values) => values.get(row).copied().unwrap_or(0),
            Lanes::Fast(values, _) => values.get(row).map_or(0, |value| from_fast(*value)),
        }
    }
}

/// One number for all rows, or one for each, in 128 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WideLanes<'a> {
    One(i128),
    Many(&'a [i128]),
}

/// Numbers to read, in 128 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WideView<'a> {
    pub lanes: WideLanes<'a>,
    pub state: State<'a>,
}

impl<'a> NumberView<'a> {
    /// The same numbers in 128 bits; `spare` takes them if they have to be converted.
    pub fn wide<'s>(self, spare: &'s mut Vec<i128>) -> WideView<'s>
    where
        'a: 's,
    {
        let lanes = match self.lanes {
            Lanes::One(value) => WideLanes::One(value),
            Lanes::Many(values) => WideLanes::Many(values),
            Lanes::Fast(values, _) => {
                spare.clear();
                spare.extend(values.iter().map(|value| from_fast(*value)));
                WideLanes::Many(spare)
            }
        };
        WideView { lanes, state: self.state }
    }
}

/// Numbers to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberView<'a> {
    pub lanes: Lanes<'a>,
    pub state: State<'a>,
}

/// Fractions to read. A number is a fraction with a power of ten below.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FractionView<'a> {
    pub over: Lanes<'a>,
    pub under: Lanes<'a>,
    pub state: State<'a>,
}

impl FractionView<'_> {
    pub fn get(self, row: usize) -> Fraction {
        (self.over.get(row), self.under.get(row).max(1))
    }
}

/// Truth values to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TruthView<'a> {
    pub yes: &'a Mask,
    pub no: &'a Mask,
    pub broken: &'a Mask,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_wins_over_null_and_trouble_counts_only_where_there_is_a_value() {
        let mask = |bits: u64| -> Mask { std::array::from_fn(|word| if word == 0 { bits } else { 0 }) };
        // Rows from the right: value+value, value+null, null+broken, value+value with overflow, null+null with overflow.
        let (valid_a, broken_a) = (mask(0b0_1011), mask(0));
        let (valid_b, broken_b) = (mask(0b0_1001), mask(0b0_0100));
        let mut states = States::default();
        let operands = [State { valid: &valid_a, broken: &broken_a }, State { valid: &valid_b, broken: &broken_b }];
        states.strict(&operands, &mask(0b1_1000));
        assert_eq!(states.valid[0], 0b0_0001);
        assert_eq!(states.broken[0], 0b0_1100);
    }
}
