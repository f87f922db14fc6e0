//! The chances among matches by expectation and maximisation, with the chances among other pairs given (as splink does): pairs are guessed
//! to be matches by the chances so far, and the chances are counted anew by the guesses, until nothing moves.

use crate::field::{Field, Pattern};
use crate::model::{Table, levels_of};

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Chances among matches, of the fields that were free.
    pub m: Table,
    /// Share of matches among the pairs.
    pub share: f64,
    /// How often it was gone through.
    pub rounds: usize,
    /// Whether nothing moved any more at the end.
    pub converged: bool,
    /// log2 likelihood of what was seen.
    pub likelihood: f64,
}

const ROUNDS_MAX: usize = 500; // far beyond what data with any matches needs; who meets it is told
const STILL: f64 = 1e-6; // a chance that moves less stands still
const PRIOR_PAIRS: f64 = 2.0; // matches of the usual kind added to those counted, so that no chance is ever nothing

/// Estimates from how often each pattern was seen. Fields that are not free are not looked at.
pub fn estimate(seen: &[(Pattern, u64)], u: &Table, free: &[Field], start: &Table, share: f64) -> Estimate {
    let usual = Table::usual();
    let mut now = Estimate { m: *start, share, rounds: 0, converged: false, likelihood: f64::MIN };
    while now.rounds < ROUNDS_MAX && !now.converged {
        let (next, moved) = step(seen, u, free, &usual, &now);
        now = Estimate { rounds: now.rounds + 1, converged: moved < STILL, ..next };
    }
    now
}

fn step(seen: &[(Pattern, u64)], u: &Table, free: &[Field], usual: &Table, now: &Estimate) -> (Estimate, f64) {
    let mut m = Table::default();
    for field in free {
        for level in levels_of(*field) {
            m.set(*field, level, PRIOR_PAIRS * usual.at(*field, level));
        }
    }
    let (mut matches, mut pairs, mut likelihood) = (0.0, 0.0, 0.0);
    for (pattern, count) in seen {
        let count = crate::similar::float(usize::try_from(*count).unwrap_or(usize::MAX));
        let (mut if_match, mut if_none) = (now.share, 1.0 - now.share);
        for field in free {
            let level = pattern.level(*field);
            if level > 0 {
                if_match *= now.m.at(*field, level);
                if_none *= u.at(*field, level);
            }
        }
        let all = (if_match + if_none).max(f64::MIN_POSITIVE);
        let expected = count * if_match / all;
        matches += expected;
        pairs += count;
        likelihood += count * all.log2();
        for field in free {
            let level = pattern.level(*field);
            if level > 0 {
                m.add(*field, level, expected);
            }
        }
    }
    let mut moved = 0.0_f64;
    for field in free {
        m.normalise(*field);
        for level in levels_of(*field) {
            moved = moved.max((m.at(*field, level) - now.m.at(*field, level)).abs());
        }
    }
    let share = if pairs > 0.0 { (matches / pairs).clamp(1e-9, 1.0 - 1e-9) } else { now.share };
    moved = moved.max((share - now.share).abs());
    (Estimate { m, share, likelihood, ..now.clone() }, moved)
}

/// The share of matches among all pairs, of which only those seen can be any, with both chances given.
pub(crate) fn share_of_all(seen: &[(Pattern, u64)], m: &Table, u: &Table, all_pairs: f64, most: f64) -> f64 {
    let ratios: Vec<(f64, f64)> = seen
        .iter()
        .map(|(pattern, count)| {
            let levels = pattern.levels().filter(|(_, level)| *level > 0);
            let ratio =
                levels.map(|(field, level)| m.at(field, level) / u.at(field, level).max(1e-12)).product::<f64>();
            (ratio, crate::similar::float(usize::try_from(*count).unwrap_or(usize::MAX)))
        })
        .collect();
    let mut share = (most / all_pairs).clamp(1e-15, 0.5);
    for _ in 0..ROUNDS_MAX {
        let odds = share / (1.0 - share);
        let expected: f64 = ratios.iter().map(|(ratio, count)| count * odds * ratio / (1.0 + odds * ratio)).sum();
        // Half a match at least: a share of nothing could never be left again.
        let next = (expected.clamp(0.5, most.max(0.5)) / all_pairs).clamp(1e-15, 0.5);
        let still = (next - share).abs() < share * 1e-6;
        share = next;
        if still {
            break;
        }
    }
    share
}
