//! A rule as cases: when does it apply, pass, fail?

use super::case::{Case, both, either};
use super::model::Model;
use crate::graph::Id;
use std::collections::BTreeSet;

/// The nodes of one rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roots {
    pub when: Option<Id>,
    pub then: Id,
}

/// The cases of one rule; each list covers at least the records that it is about.
#[derive(Debug)]
pub(super) struct Judged {
    /// Its place in the ruleset.
    pub index: usize,
    pub roots: Roots,
    /// The condition is true.
    pub applies: Vec<Case>,
    /// It applies and holds.
    pub passes: Vec<Case>,
    /// It applies and does not hold.
    pub fails: Vec<Case>,
    /// It does not fail: passes, does not apply, or cannot be tested. `None` if that cannot be told.
    pub spares: Option<Vec<Case>>,
    /// What its passing depends on.
    pub subjects: BTreeSet<Id>,
    /// Quantities in its linear conditions.
    pub quantities: BTreeSet<Id>,
    /// The components that it reads, as nodes.
    pub inputs: BTreeSet<Id>,
}

pub(super) fn judge(model: &Model<'_>, (index, roots): &(usize, Roots)) -> Judged {
    let possible = |cases: Vec<Case>| cases.into_iter().filter(|case| !case.is_impossible()).collect::<Vec<_>>();
    let applies = possible(roots.when.map_or_else(super::case::any, |when| model.truth(when, true)));
    let passes = possible(both(&applies, &model.truth(roots.then, true)));
    let fails = possible(both(&applies, &model.truth(roots.then, false)));
    let (subjects, quantities) = passes.iter().chain(&fails).fold(Default::default(), collect);
    let nodes: Vec<Id> = roots.when.into_iter().chain([roots.then]).collect();
    let needed = model.graph.reachable(&nodes);
    let inputs = needed.iter().enumerate().filter(|(id, needed)| **needed && model.component(*id).is_some());
    let inputs = inputs.map(|(id, _)| id).collect();
    let spares = spares(model, *roots, &applies).map(possible);
    Judged { index: *index, roots: *roots, applies, passes, fails, spares, subjects, quantities, inputs }
}

fn collect((mut subjects, mut quantities): (BTreeSet<Id>, BTreeSet<Id>), case: &Case) -> (BTreeSet<Id>, BTreeSet<Id>) {
    subjects.extend(case.subjects());
    quantities.extend(case.linear.keys().flatten().map(|(id, _)| *id));
    (subjects, quantities)
}

/// Every record is one of: the condition is false, null or broken; or it is true and the rule true, null or broken; or the
/// rule fails.
fn spares(model: &Model<'_>, roots: Roots, applies: &[Case]) -> Option<Vec<Case>> {
    let then = either(model.truth(roots.then, true), undecided(model, roots.then)?);
    let held = both(applies, &then);
    match roots.when {
        None => Some(held),
        Some(when) => Some(either(either(held, model.truth(when, false)), undecided(model, when)?)),
    }
}

fn undecided(model: &Model<'_>, id: Id) -> Option<Vec<Case>> {
    Some(either(model.null(id), model.broken(id)?))
}
