//! Rules that follow from others: whenever they fail, another one fails too.
//!
//! Not failing is weaker than passing: a rule whose values are missing does not fail. So `c1 >= 0` follows from `c1 >= c2`
//! and `c2 >= 0` only together with a rule that c2 must be filled; without such a rule the note says what must be filled.

use super::case::Case;
use super::model::Model;
use super::note::{Note, NoteKind, listed, names, place};
use super::rule::Judged;
use super::together::Map;
use crate::ast::DatapointRuleset;
use crate::graph::Id;
use std::collections::BTreeSet;

/// How often one proof may split into the two ways of not failing a rule.
const SPLITS_MAX: usize = 3;
/// A rule that can fail in more ways than this is not asked about.
const FAILS_MAX: usize = 24;

pub(super) fn notes(ruleset: &DatapointRuleset, model: &Model<'_>, rules: &[&Judged], notes: &mut Vec<Note>) {
    let map = Map::new(rules);
    let mut gone = BTreeSet::new();
    // From the last to the first: of two rules that follow from each other the later one is the one too many.
    for (at, rule) in rules.iter().enumerate().rev() {
        let around = map.around(at).into_iter().filter(|other| !gone.contains(other));
        let near: Vec<&Judged> = around.filter_map(|at| rules.get(at).copied()).collect();
        if follows(rule, &near, false) {
            gone.insert(at);
            notes.push(note(ruleset, model, rule, &fewest(rule, near, false), false));
        } else if follows(rule, &near, true) {
            notes.push(note(ruleset, model, rule, &fewest(rule, near, true), true));
        }
    }
}

/// What must be filled beside what the rule reads itself.
fn needed(rule: &Judged, helpers: &[&Judged]) -> BTreeSet<Id> {
    helpers.iter().flat_map(|helper| &helper.inputs).filter(|input| !rule.inputs.contains(input)).copied().collect()
}

/// Does one of the helpers fail wherever the rule fails (and, if asked, whatever the helpers read is filled)?
fn follows(rule: &Judged, helpers: &[&Judged], if_filled: bool) -> bool {
    let filled = if if_filled { needed(rule, helpers) } else { BTreeSet::new() };
    let given = Case { filled: filled.into_iter().map(|id| (id, true)).collect(), ..Case::default() };
    !helpers.is_empty()
        && rule.fails.len() <= FAILS_MAX
        && rule.fails.iter().all(|case| case.and(&given).is_none_or(|case| refuted(case, helpers.to_vec(), SPLITS_MAX)))
}

/// Must a helper fail in every record of this case?
fn refuted(mut case: Case, mut helpers: Vec<&Judged>, splits: usize) -> bool {
    loop {
        let before = helpers.len();
        let mut contradicted = false;
        helpers.retain(|helper| {
            let Some(spares) = &helper.spares else { return false };
            let mut ways = spares.iter().filter(|way| !case.excludes(way));
            match (ways.next(), ways.next()) {
                (None, _) => contradicted = true,
                (Some(only), None) => case = case.and(only).unwrap_or_default(),
                _ => return true,
            }
            false
        });
        if contradicted {
            return true;
        }
        if helpers.len() == before {
            break;
        }
    }
    case.is_impossible() || split(&case, &helpers, splits)
}

/// Tries the ways of not failing a near helper one by one.
fn split(case: &Case, helpers: &[&Judged], splits: usize) -> bool {
    let Some(splits) = splits.checked_sub(1) else { return false };
    let subjects: BTreeSet<Id> = case.linear.keys().flatten().map(|(id, _)| *id).collect();
    let near = helpers.iter().enumerate().find_map(|(at, helper)| {
        let spares = helper.spares.as_ref()?;
        let ways: Vec<&Case> = spares.iter().filter(|way| !case.excludes(way)).collect();
        (ways.len() <= 3 && !helper.quantities.is_disjoint(&subjects)).then_some((at, ways))
    });
    let Some((at, ways)) = near else { return false };
    let mut others = helpers.to_vec();
    others.remove(at);
    ways.into_iter().all(|way| case.and(way).is_none_or(|case| refuted(case, others.clone(), splits)))
}

/// As few of the helpers as still do, by leaving out one after the other.
fn fewest<'a>(rule: &Judged, mut helpers: Vec<&'a Judged>, if_filled: bool) -> Vec<&'a Judged> {
    if let Some(one) = helpers.iter().find(|one| follows(rule, &[one], if_filled)) {
        return vec![one];
    }
    let mut at = helpers.len();
    while at > 0 {
        at -= 1;
        let mut fewer = helpers.clone();
        fewer.remove(at);
        if follows(rule, &fewer, if_filled) {
            helpers = fewer;
        }
    }
    helpers.sort_by_key(|helper| helper.index);
    helpers
}

fn note(ruleset: &DatapointRuleset, model: &Model<'_>, rule: &Judged, helpers: &[&Judged], if_filled: bool) -> Note {
    let indexes: Vec<usize> = helpers.iter().map(|helper| helper.index).collect();
    let level = |index: usize| ruleset.rules.get(index).and_then(|item| item.error_level.clone());
    let own = level(rule.index);
    let levels = if indexes.iter().any(|index| level(*index) != own) { "(它们的 errorlevel 不同)" } else { "" };
    let (this, others) = (names(ruleset, &[rule.index]), names(ruleset, &indexes));
    let which = if indexes.len() == 1 { "" } else { "中至少一条" };
    let filled = needed(rule, helpers).into_iter().filter_map(|id| model.component(id).map(str::to_owned)).collect();
    let (kind, given) = if if_filled {
        (NoteKind::RedundantIfFilled, format!("只要{}已填报,", listed(filled)))
    } else {
        (NoteKind::Redundant, String::new())
    };
    let way_out = if if_filled {
        "若这些项目必填,可以删去这条规则。"
    } else {
        "可以删去这条规则,除非需要它的说明文字。"
    };
    let says = format!("{given}规则{this}不通过时,规则{others}{which}必定也不通过{levels}。{way_out}");
    let rules = std::iter::once(rule.index).chain(indexes).collect();
    Note { kind, rules, span: place(ruleset, rule.index), says }
}
