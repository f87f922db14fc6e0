//! The chances among matches by expectation and maximisation, with the chances among other pairs given (as splink does): pairs are guessed
//! to be matches by the chances so far, and the chances are counted anew by the guesses, until nothing moves. A row has one match at most:
//! the guesses for its pairs share what there is. Without that, pairs that merely agree more often than random ones (the same county, the
//! same chain of shops) would be taken for what makes a match.

use crate::field::{Field, Pattern};
use crate::model::{Table, levels_of};
use crate::similar::float;

/// What was seen: for every row the patterns of its pairs, by their number among all patterns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// All patterns.
    pub patterns: Vec<Pattern>,
    /// The pairs of one row after the other.
    pub pairs: Vec<u32>,
    /// Where the pairs of each row end.
    pub ends: Vec<usize>,
}

impl Seen {
    fn rows(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(from, to)| self.pairs.get(from..*to).unwrap_or_default())
    }
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Chances among matches, of the fields that were free.
    pub m: Table,
    /// Share of the rows that have a match among their pairs.
    pub share: f64,
    /// How often it was gone through.
    pub rounds: usize,
    /// Whether nothing moved any more at the end.
    pub converged: bool,
    /// log2 likelihood of what was seen, beside that of no matches at all.
    pub likelihood: f64,
}

const ROUNDS_MAX: usize = 300; // far beyond what data with any matches needs; who meets it is told
const STILL: f64 = 1e-5; // a chance that moves less stands still
const TWO_CODES: f64 = 0.01; // known, not learnt: of units that bear a right code in both lists, at most one in a hundred bears two
const PRIOR_PAIRS: f64 = 2.0; // matches of the usual kind added to those counted, so that no chance is ever nothing

/// Estimates the chances of the free fields. Other fields are not looked at.
pub fn estimate(seen: &Seen, u: &Table, free: &[Field], start: &Table, share: f64) -> Estimate {
    let mut now = Estimate { m: *start, share, rounds: 0, converged: false, likelihood: 0.0 };
    while now.rounds < ROUNDS_MAX && !now.converged {
        let next = step(seen, u, free, &now);
        let all = free.iter().flat_map(|field| levels_of(*field).map(|level| (*field, level)));
        let moved =
            all.map(|(field, level)| (next.m.at(field, level) - now.m.at(field, level)).abs()).fold(0.0, f64::max);
        let converged = moved.max((next.share - now.share).abs()) < STILL;
        now = Estimate { rounds: now.rounds + 1, converged, ..next };
    }
    now
}

fn ratios(seen: &Seen, m: &Table, u: &Table, free: &[Field]) -> Vec<f64> {
    let of = |pattern: &Pattern| {
        let levels = free.iter().map(|field| (*field, pattern.level(*field))).filter(|(_, level)| *level > 0);
        levels.map(|(field, level)| m.at(field, level) / u.at(field, level).max(1e-12)).product()
    };
    seen.patterns.iter().map(of).collect()
}

fn step(seen: &Seen, u: &Table, free: &[Field], now: &Estimate) -> Estimate {
    let ratios = ratios(seen, &now.m, u, free);
    let guessed = guess(seen, &ratios, now.share, None);
    let usual = Table::usual();
    let mut m = Table::default();
    for field in free {
        for level in levels_of(*field) {
            m.set(*field, level, PRIOR_PAIRS * usual.at(*field, level));
        }
        for (pattern, expected) in seen.patterns.iter().zip(&guessed.by_pattern) {
            let level = pattern.level(*field);
            if level > 0 {
                m.add(*field, level, *expected);
            }
        }
        m.normalise(*field);
    }
    if m.at(Field::Code, 5) > TWO_CODES {
        m.set(Field::Code, 5, 0.0);
        m.set(Field::Code, 5, m.sum(Field::Code) * TWO_CODES);
        m.normalise(Field::Code);
    }
    let rows = float(seen.ends.len());
    let share = if rows > 0.0 { (guessed.matches / rows).clamp(1e-9, 1.0 - 1e-6) } else { now.share };
    Estimate { m, share, likelihood: guessed.likelihood, ..now.clone() }
}

struct Guessed {
    by_pattern: Vec<f64>,
    matches: f64,
    likelihood: f64,
}

/// How many matches of each pattern there should be. Before anything is compared, a row's match is any of its pairs alike, or any of
/// `others` rows, of which its pairs are those worth a look.
fn guess(seen: &Seen, ratios: &[f64], share: f64, others: Option<f64>) -> Guessed {
    let mut guessed = Guessed { by_pattern: vec![0.0; ratios.len()], matches: 0.0, likelihood: 0.0 };
    let ratio = |pair: &u32| usize::try_from(*pair).ok().and_then(|pair| ratios.get(pair)).copied().unwrap_or(0.0);
    for row in seen.rows().filter(|row| !row.is_empty()) {
        let odds = share / (1.0 - share) / others.unwrap_or_else(|| float(row.len()));
        let sum = 1.0 + odds * row.iter().map(ratio).sum::<f64>();
        for pair in row {
            let slot = usize::try_from(*pair).ok().and_then(|pair| guessed.by_pattern.get_mut(pair));
            if let Some(slot) = slot {
                *slot += odds * ratio(pair) / sum;
            }
        }
        guessed.matches += 1.0 - 1.0 / sum;
        guessed.likelihood += (sum * (1.0 - share)).log2();
    }
    guessed
}

/// The share of rows that have a match among `others` rows, of which those seen are worth a look, with both chances given.
pub(crate) fn share_of_rows(seen: &Seen, m: &Table, u: &Table, others: f64) -> f64 {
    let ratios = ratios(seen, m, u, &Field::ALL);
    let rows = float(seen.ends.len()).max(1.0);
    let mut share = 0.5;
    for _ in 0..ROUNDS_MAX {
        // Half a match at least: a share of nothing could never be left again.
        let next = (guess(seen, &ratios, share, Some(others)).matches.max(0.5) / rows).clamp(1e-9, 1.0 - 1e-6);
        let still = (next - share).abs() < STILL;
        share = next;
        if still {
            break;
        }
    }
    share
}
