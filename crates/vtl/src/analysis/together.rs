//! Rules that contradict each other: where all of them apply, at least one fails or cannot be tested.
//!
//! The conclusions have to be at odds. If one rule only rules out the condition of another, that one will not apply, and
//! nothing is wrong: `when a = 0 then b = 0` goes well with `when b > 0 then a > 5`.

use super::case::Case;
use super::note::{Note, NoteKind, names, place};
use super::rule::Judged;
use crate::ast::DatapointRuleset;
use crate::graph::Id;
use std::collections::{BTreeMap, BTreeSet};

/// The most rules that are looked at around one rule.
pub(super) const NEIGHBOURS_MAX: usize = 40;
/// A component that more rules than this speak of leads to no further neighbours.
const HUB_RULES: usize = 24;
/// Two rules with more pairs of cases than this are not compared.
const PAIRS_MAX: usize = 512;

/// Contradictions between two rules.
pub(super) fn pairs(ruleset: &DatapointRuleset, rules: &[&Judged], notes: &mut Vec<Note>) {
    notes.extend(found_pairs(&Map::new(rules)).into_iter().map(|pair| note(ruleset, pair)));
}

fn found_pairs(map: &Map) -> BTreeSet<Vec<usize>> {
    let mut pairs: BTreeSet<Vec<usize>> = BTreeSet::new();
    for (at, rule) in map.rules.iter().enumerate() {
        for other in map.sharing(&rule.subjects).into_iter().filter(|other| *other > at) {
            let Some(other) = map.rules.get(other) else { continue };
            if contradict(rule, other) {
                pairs.insert(vec![rule.index, other.index]);
            }
        }
    }
    pairs
}

/// Contradictions between two rules or more.
pub(super) fn notes(ruleset: &DatapointRuleset, rules: &[&Judged], notes: &mut Vec<Note>) {
    let map = Map::new(rules);
    let mut groups = found_pairs(&map);
    // Groups of three and more, those without conditions first. Of every group found one rule stays out, so that other
    // groups come to light.
    let mut out: BTreeSet<usize> = groups.iter().filter_map(|group| group.last().copied()).collect();
    let mut order: Vec<(usize, &Judged)> = rules.iter().copied().enumerate().collect();
    order.sort_by_key(|(at, rule)| (rule.roots.when.is_some(), *at));
    for (at, rule) in order {
        if out.contains(&rule.index) {
            continue;
        }
        let around = map.around(at).into_iter().filter_map(|at| rules.get(at).copied());
        let fixed = around.filter(|other| !out.contains(&other.index) && is_fixed(other, rule)).collect();
        if let Some(group) = group(rule, fixed) {
            out.extend(group.last());
            groups.insert(group);
        }
    }
    notes.extend(groups.into_iter().map(|group| note(ruleset, group)));
}

fn note(ruleset: &DatapointRuleset, mut group: Vec<usize>) -> Note {
    let says = names(ruleset, &group);
    let conditional = group.iter().filter_map(|rule| ruleset.rules.get(*rule)).any(|item| item.when.is_some());
    let when = if conditional { "在都适用时" } else { "" };
    let says = format!("规则{says}相互矛盾:{when}没有任何取值能让它们都通过。请核对其中写错的一条。");
    // The last of them is where the contradiction comes in.
    group.rotate_right(1);
    let span = group.first().map(|rule| place(ruleset, *rule)).unwrap_or_default();
    Note { kind: NoteKind::Contradiction, rules: group, span, says }
}

/// Can both apply and each of them pass, but not both pass?
fn contradict(a: &Judged, b: &Judged) -> bool {
    let shares = !a.quantities.is_disjoint(&b.quantities);
    let possible = |one: &Case, other: &Case| match one.and(other) {
        None => false,
        Some(case) => !shares || !case.is_impossible(),
    };
    let any = |a: &[Case], b: &[Case]| a.iter().any(|one| b.iter().any(|other| possible(one, other)));
    a.passes.len() * b.passes.len() <= PAIRS_MAX
        && !any(&a.passes, &b.passes)
        && any(&a.passes, &b.applies)
        && any(&a.applies, &b.passes)
}

/// Does it apply wherever the rule applies, and is there one way only to pass it?
fn is_fixed(other: &Judged, rule: &Judged) -> bool {
    let applies = other.roots.when.is_none() || other.roots.when == rule.roots.when;
    applies && other.passes.len() == 1
}

/// A smallest group of the rule and some of these that cannot pass together, in order.
fn group(rule: &Judged, fixed: Vec<&Judged>) -> Option<Vec<usize>> {
    let all: Vec<&Judged> = fixed.iter().copied().chain([rule]).collect();
    if !clash(vec![Case::default()], &all) {
        return None;
    }
    // Only rules that can pass together where the rule applies: what then clashes is its conclusion.
    let mut members: Vec<&Judged> = Vec::new();
    for other in fixed {
        members.push(other);
        if clash(rule.applies.clone(), &members) {
            members.pop();
        }
    }
    if !clash(rule.passes.clone(), &members) {
        return None;
    }
    let mut at = members.len();
    while at > 0 {
        at -= 1;
        let mut fewer = members.clone();
        fewer.remove(at);
        if clash(rule.passes.clone(), &fewer) {
            members = fewer;
        }
    }
    let mut group: Vec<usize> = members.iter().map(|member| member.index).chain([rule.index]).collect();
    group.sort_unstable();
    Some(group)
}

/// Is it impossible that all of these pass in one of the cases?
fn clash(mut cases: Vec<Case>, members: &[&Judged]) -> bool {
    for member in members {
        let both = cases.iter().flat_map(|case| member.passes.iter().filter_map(|pass| case.and(pass)));
        cases = both.collect();
    }
    cases.iter().all(Case::is_impossible)
}

/// Which rules speak of what.
pub(super) struct Map<'a> {
    rules: &'a [&'a Judged],
    speaking: BTreeMap<Id, Vec<usize>>,
}

impl<'a> Map<'a> {
    pub fn new(rules: &'a [&'a Judged]) -> Map<'a> {
        let mut speaking: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            for subject in &rule.subjects {
                speaking.entry(*subject).or_default().push(at);
            }
        }
        Map { rules, speaking }
    }

    /// The rules that speak of any of these, in order.
    fn sharing(&self, subjects: &BTreeSet<Id>) -> BTreeSet<usize> {
        subjects.iter().filter_map(|subject| self.speaking.get(subject)).flatten().copied().collect()
    }

    /// The rules near a rule, nearest first: those that share most with it, then those that share with these.
    pub fn around(&self, at: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut seen = BTreeSet::from([at]);
        let mut subjects = self.rules.get(at).map(|rule| rule.subjects.clone()).unwrap_or_default();
        while found.len() < NEIGHBOURS_MAX {
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for other in subjects.iter().filter_map(|subject| self.speaking.get(subject)).flatten() {
                if !seen.contains(other) {
                    *shared.entry(*other).or_default() += 1;
                }
            }
            let mut next: Vec<(usize, usize)> = shared.into_iter().collect();
            if next.is_empty() {
                break;
            }
            next.sort_by_key(|(other, shared)| (std::cmp::Reverse(*shared), *other));
            next.truncate(NEIGHBOURS_MAX - found.len());
            for (other, _) in next {
                seen.insert(other);
                found.push(other);
                subjects.extend(self.rules.get(other).into_iter().flat_map(|rule| &rule.subjects));
            }
            subjects.retain(|subject| self.speaking.get(subject).is_some_and(|rules| rules.len() <= HUB_RULES));
        }
        found
    }
}
