//! Case 情形 — conditions that hold together: which components are filled, truth values, texts and linear conditions.
//!
//! A case always describes at least the records that it is made for, often more. So "impossible" is a proof, and "possible"
//! only means that nothing speaks against it.

use super::linear::{Condition, Interval, Terms};
use super::simplex;
use super::text::TextSet;
use crate::graph::Id;
use std::collections::{BTreeMap, BTreeSet};

/// The most cases that one formula is split into; beyond it the formula counts as unknown.
pub(super) const CASES_MAX: usize = 64;

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Case {
    /// Is there a value, or null?
    pub filled: BTreeMap<Id, bool>,
    pub truths: BTreeMap<Id, bool>,
    pub texts: BTreeMap<Id, TextSet>,
    pub linear: BTreeMap<Terms, Interval>,
}

impl Case {
    pub fn filled(id: Id, filled: bool) -> Case {
        Case { filled: BTreeMap::from([(id, filled)]), ..Case::default() }
    }

    pub fn truth(id: Id, truth: bool) -> Case {
        Case { truths: BTreeMap::from([(id, truth)]), ..Case::default() }
    }

    /// `None` if the condition can never hold.
    pub fn linear(condition: Condition) -> Option<Case> {
        match condition {
            Condition::Never => None,
            Condition::Always => Some(Case::default()),
            Condition::Within(terms, interval) => {
                Some(Case { linear: BTreeMap::from([(terms, interval)]), ..Case::default() })
            }
        }
    }

    /// Do the two exclude each other at first sight?
    pub fn excludes(&self, other: &Case) -> bool {
        let clash = |a: &BTreeMap<Id, bool>, b: &BTreeMap<Id, bool>| {
            b.iter().any(|(id, value)| a.get(id).is_some_and(|known| known != value))
        };
        clash(&self.filled, &other.filled)
            || clash(&self.truths, &other.truths)
            || other
                .linear
                .iter()
                .any(|(terms, interval)| self.linear.get(terms).is_some_and(|known| known.excludes(interval)))
            || other.texts.iter().any(|(id, set)| self.texts.get(id).is_some_and(|known| known.and(set).is_empty()))
    }

    /// Both together; `None` if they exclude each other at first sight.
    pub fn and(&self, other: &Case) -> Option<Case> {
        if self.excludes(other) {
            return None;
        }
        let mut both = self.clone();
        both.filled.extend(&other.filled);
        both.truths.extend(&other.truths);
        for (id, set) in &other.texts {
            let set = both.texts.get(id).map_or_else(|| set.clone(), |known| known.and(set));
            both.texts.insert(*id, set);
        }
        for (terms, interval) in &other.linear {
            let interval = both.linear.get(terms).map_or_else(|| interval.clone(), |known| known.and(interval));
            both.linear.insert(terms.clone(), interval);
        }
        Some(both)
    }

    /// Is it proved that no record is like this?
    pub fn is_impossible(&self) -> bool {
        self.texts.values().any(TextSet::is_empty) || simplex::excludes(&self.linear)
    }

    /// Everything that the case speaks of.
    pub fn subjects(&self) -> BTreeSet<Id> {
        let linear = self.linear.keys().flatten().map(|(id, _)| *id);
        self.filled.keys().chain(self.truths.keys()).chain(self.texts.keys()).copied().chain(linear).collect()
    }
}

/// The formula that is true in every record.
pub(super) fn any() -> Vec<Case> {
    vec![Case::default()]
}

/// Either of two formulas.
pub(super) fn either(mut a: Vec<Case>, b: Vec<Case>) -> Vec<Case> {
    for case in b {
        if !a.contains(&case) {
            a.push(case);
        }
    }
    if a.len() > CASES_MAX { any() } else { a }
}

/// Both of two formulas. If that takes too many cases, the simpler one alone: it holds wherever both hold.
pub(super) fn both(a: &[Case], b: &[Case]) -> Vec<Case> {
    let mut cases = Vec::new();
    for one in a {
        for other in b {
            if let Some(case) = one.and(other) {
                cases.push(case);
            }
        }
        if cases.len() > CASES_MAX {
            return if a.len() <= b.len() { a.to_vec() } else { b.to_vec() };
        }
    }
    cases
}
