//! What can be said about rules before there is any data.
//!
//! Names that nobody uses, rules that say the same, that can never fail or never pass, that contradict each other or follow
//! from others. A claim about values is always proved, in exact fractions: a formula is split into cases that cover at least
//! the records in question, and the claim is made only if every case is impossible. What is not understood (patterns,
//! products of components) is left open, so silence proves nothing.
//!
//! Here are no severities and no data; how often a rule fails in practice is another question.

mod alone;
mod bounds;
mod case;
mod linear;
mod model;
mod note;
mod quantity;
mod range;
mod redundant;
mod rule;
mod simplex;
mod spot;
mod surface;
mod text;
mod together;

pub use note::{Note, NoteKind};
pub use range::{Range, Ranges};

use crate::ast::DatapointRuleset;
use crate::error::Errors;
use crate::graph::Graph;
use crate::scalar::Schema;
use model::Model;
use rule::{Judged, judge};

/// Says what is odd about the rules of a ruleset, in the order of the text. The ruleset must compile for the schema; the
/// ranges are taken as given: a value outside of them is nobody's business here.
pub fn analyse(ruleset: &DatapointRuleset, schema: &Schema, ranges: &Ranges) -> Result<Vec<Note>, Errors> {
    let mut graph = Graph::default();
    let read = spot::read(&mut graph, ruleset, schema)?;
    let model = Model::new(&graph, schema, ranges);
    let rules: Vec<Judged> = read.rules.iter().map(|rule| judge(&model, rule)).collect();

    let mut notes = surface::notes(ruleset, &model, &read, &rules);
    let (told, same) = (surface::told(&notes), surface::same(ruleset, &rules, &mut notes));
    let free = Ranges::default();
    let unbounded = Model::new(&graph, schema, &free);
    let settled = alone::notes(ruleset, &unbounded, &rules, &told, &mut notes);

    let alive: Vec<&Judged> =
        rules.iter().filter(|rule| !settled.contains(&rule.index) && !same.contains(&rule.index)).collect();
    together::notes(ruleset, &alive, &mut notes);
    redundant::notes(ruleset, &model, &alive, &mut notes);
    Ok(in_order(notes))
}

/// The contradictions between two rules alone, a small part of the work of [`analyse`].
pub fn contradictions(ruleset: &DatapointRuleset, schema: &Schema, ranges: &Ranges) -> Result<Vec<Note>, Errors> {
    let mut graph = Graph::default();
    let read = spot::read(&mut graph, ruleset, schema)?;
    let model = Model::new(&graph, schema, ranges);
    let rules: Vec<Judged> = read.rules.iter().map(|rule| judge(&model, rule)).collect();
    let mut notes = Vec::new();
    together::pairs(ruleset, &rules.iter().collect::<Vec<_>>(), &mut notes);
    Ok(in_order(notes))
}

fn in_order(mut notes: Vec<Note>) -> Vec<Note> {
    notes.sort_by(|a, b| (a.span.start, a.kind, &a.rules).cmp(&(b.span.start, b.kind, &b.rules)));
    notes.dedup();
    notes
}
