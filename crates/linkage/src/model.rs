//! What an agreement is worth (Fellegi and Sunter 1969): for every field and level the chance among matches (m) and among pairs that are
//! none (u), and the weight log2(m/u). Weights of a pair add up; with the prior they give the probability that it is one unit.

use crate::field::{FIELDS, Field, LEVELS, Pattern};
use crate::unit::{Lists, Unit};

/// A number for every field and level. Level 0, "missing", has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table([[f64; LEVELS]; FIELDS]);

impl Default for Table {
    fn default() -> Self {
        Table([[0.0; LEVELS]; FIELDS])
    }
}

impl Table {
    /// The number of a field's level.
    pub fn at(&self, field: Field, level: usize) -> f64 {
        self.0.get(field as usize).and_then(|levels| levels.get(level)).copied().unwrap_or(0.0)
    }

    /// Sets the number of a field's level.
    pub fn set(&mut self, field: Field, level: usize, value: f64) {
        if let Some(slot) = self.0.get_mut(field as usize).and_then(|levels| levels.get_mut(level)) {
            *slot = value;
        }
    }

    pub(crate) fn add(&mut self, field: Field, level: usize, value: f64) {
        self.set(field, level, self.at(field, level) + value);
    }

    /// The sum over a field's levels.
    pub(crate) fn sum(&self, field: Field) -> f64 {
        levels_of(field).map(|level| self.at(field, level)).sum()
    }

    /// The numbers of a field divided by their sum, so that they are chances; untouched when the sum is nothing.
    pub(crate) fn normalise(&mut self, field: Field) {
        let sum = self.sum(field);
        if sum > 0.0 {
            for level in levels_of(field) {
                self.set(field, level, self.at(field, level) / sum);
            }
        }
    }

    /// How things usually are among matches: where the estimate begins, and what holds for fields that nothing can be learnt about.
    pub fn usual() -> Table {
        let mut table = Table::default();
        for field in Field::ALL {
            let chances: &[f64] = match field {
                Field::Code => &[0.86, 0.04, 0.06, 0.03, 0.01],
                Field::Name => &[0.85, 0.06, 0.05, 0.04],
                Field::Trade | Field::Branch => &[0.88, 0.07, 0.05],
                Field::Form => &[0.95, 0.05],
                Field::Rank => &[0.98, 0.02],
                Field::Place => &[0.60, 0.22, 0.10, 0.04, 0.02, 0.02],
                Field::Address => &[0.50, 0.12, 0.15, 0.05, 0.18],
                Field::Phone => &[0.70, 0.05, 0.25],
                Field::Person => &[0.85, 0.03, 0.12],
                Field::Industry => &[0.60, 0.15, 0.10, 0.15],
                Field::Date => &[0.85, 0.07, 0.08],
            };
            for (level, chance) in levels_of(field).zip(chances) {
                table.set(field, level, *chance);
            }
        }
        table
    }
}

/// The levels of a field that say something: 1, 2, …
pub fn levels_of(field: Field) -> std::ops::RangeInclusive<usize> {
    1..=field.levels().len()
}

/// What has been learnt about two lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Chances among matches.
    pub m: Table,
    /// Chances among pairs that are no match.
    pub u: Table,
    /// Weights in bits: log2(m/u), made never to rise where the agreement falls.
    pub weights: Table,
    /// The prior odds of a pair, in bits: how many pairs of all are a match.
    pub prior: f64,
}

/// Beyond this no weight of one field goes, up or down, whatever was counted: a thousand million to one.
const WEIGHT_MAX: f64 = 30.0; // bits

impl Model {
    /// A model by its chances and the share of matches among all pairs.
    pub fn new(m: Table, u: Table, share: f64) -> Model {
        let mut weights = Table::default();
        for field in Field::ALL {
            for level in levels_of(field) {
                weights.set(field, level, bits(m.at(field, level), u.at(field, level)));
            }
        }
        let share = share.clamp(1e-15, 1.0 - 1e-9);
        let mut model = Model { m, u, weights, prior: (share / (1.0 - share)).log2() };
        for field in Field::ALL {
            model.level_out(field);
        }
        model
    }

    /// Levels whose weights rise while the agreement falls are put together: they get the weight of both.
    fn level_out(&mut self, field: Field) {
        let mut groups: Vec<(Vec<usize>, f64, f64)> = Vec::new();
        for level in field.ordered() {
            groups.push((vec![*level], self.m.at(field, *level), self.u.at(field, *level)));
            while let [.., before, last] = groups.as_slice() {
                if bits(before.1, before.2) >= bits(last.1, last.2) {
                    break;
                }
                let (m, u) = (before.1 + last.1, before.2 + last.2);
                let levels = [before.0.clone(), last.0.clone()].concat();
                groups.truncate(groups.len() - 2);
                groups.push((levels, m, u));
            }
        }
        for (levels, m, u) in groups.into_iter().filter(|(levels, ..)| levels.len() > 1) {
            for level in levels {
                self.weights.set(field, level, bits(m, u));
            }
        }
    }

    /// The weight of a field's level in a pair, by how common the value is. What is nearly a common value says no more than the value itself.
    pub(crate) fn weight(&self, lists: &Lists, a: &Unit, b: &Unit, field: Field, level: usize) -> f64 {
        let usual = self.weights.at(field, level);
        let same: usize = if field == Field::Address { 2 } else { 1 };
        if !field.is_by_frequency() || level > same && usual <= 0.0 {
            return usual;
        }
        let lowest = self.weights.at(field, field.levels().len());
        let by_value = |unit: &Unit, level: usize| {
            let (lexicon, id) = lists.text_of(unit, field);
            // The door is the same at two levels, which share its chance as they do among random pairs.
            let all: f64 = (1..=same).map(|level| self.u.at(field, level)).sum();
            let share = if all > 0.0 { self.u.at(field, level) / all } else { 1.0 };
            bits(self.m.at(field, level), lexicon.chance(id) * share).max(lowest)
        };
        if level <= same { by_value(a, level) } else { usual.min(by_value(a, 1)).min(by_value(b, 1)) }
    }

    /// What speaks for one unit, in bits, the prior with it. 0 is even odds.
    pub(crate) fn score(&self, lists: &Lists, a: &Unit, b: &Unit, pattern: Pattern) -> f64 {
        let weights = pattern.levels().filter(|(_, level)| *level > 0);
        self.prior + weights.map(|(field, level)| self.weight(lists, a, b, field, level)).sum::<f64>()
    }
}

fn bits(m: f64, u: f64) -> f64 {
    if m <= 0.0 && u <= 0.0 {
        return 0.0;
    }
    (m / u).log2().clamp(-WEIGHT_MAX, WEIGHT_MAX)
}

/// The probability that so many bits stand for.
pub fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}
