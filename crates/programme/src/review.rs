//! Review 规则分析: what is odd about the checks of a form before there is any report.
//!
//! Loading refuses only what leaves no way out: two rules that must hold and cannot hold together. Everything else is a remark
//! for the author, and computed when asked for: it takes ten times as long as loading. An analysis refuses no ruleset that
//! has compiled, so its refusals stand for nothing here.

use youju_vtl::{DatapointRuleset, Error, Note, NoteKind, Range, Ranges, RuleItem, Scalar, Schema};

use crate::check::Checks;
use crate::facts::{Age, Component, Input, Report};
use crate::form::Form;
use crate::load::LoadError;
use crate::names;
use crate::witness::witness;

/// Remark 审核关系提示 — what is odd about some checks of a form. Nothing is refused for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What kind of oddity.
    pub kind: NoteKind,
    /// Ids of the checks: the one in question first, then those that bear on it.
    pub checks: Vec<String>,
    /// The sentence with file, line, column and a caret.
    pub told: String,
}

impl Form {
    /// What is odd about its checks: contradictions, rules that never fail, never pass or follow from others.
    pub fn remarks(&self) -> Vec<Remark> {
        std::iter::once(&self.checks).chain(&self.row_checks).flat_map(Checks::remarks).collect()
    }
}

impl Checks {
    fn remarks(&self) -> Vec<Remark> {
        let checks = self;
        let analysed = |signs: bool| {
            let trusted = |component: &Component| {
                let is_signed = signs && component.is_nonnegative && component.kind.is_numeric();
                let min = if is_signed { Some(Scalar::Integer(0)) } else { component.range.min.clone() };
                Range { min, ..component.range.clone() }
            };
            let notes = youju_vtl::analyse(&checks.ruleset, &checks.schema(), &ranges(checks, trusted));
            notes.unwrap_or_default()
        };
        let mut notes = analysed(false);
        notes.retain(|note| is_told(checks, note));
        // Declared signs are what other rules may count on. That the checks of signs never fail then is their purpose.
        for note in analysed(true) {
            let is_known = notes.iter().any(|known| known.kind == note.kind && known.rules == note.rules);
            if is_broken(note.kind) && !is_known {
                notes.push(note);
            }
        }
        notes.sort_by_key(|note| note.rules.first().copied());
        notes.iter().map(|note| remark(checks, note)).collect()
    }
}

/// Can a rule of this kind not do what it is there for?
fn is_broken(kind: NoteKind) -> bool {
    matches!(kind, NoteKind::NeverApplies | NoteKind::NeverPasses | NoteKind::NeverDecided | NoteKind::Contradiction)
}

/// A rule that follows from less severe ones is not idle: it gives the failure its weight. Nor is one that would follow
/// if something were filled in: what must be filled in has a rule of its own.
fn is_told(checks: &Checks, note: &Note) -> bool {
    match note.kind {
        NoteKind::RedundantIfFilled => return false,
        NoteKind::Redundant => {}
        _ => return true,
    }
    let mut severities = note.rules.iter().filter_map(|rule| checks.list.get(*rule)).map(|check| check.severity);
    let own = severities.next();
    severities.all(|helper| own.is_none_or(|own| helper.letter() <= own.letter()))
}

fn remark(checks: &Checks, note: &Note) -> Remark {
    let ids = note.rules.iter().filter_map(|rule| checks.list.get(*rule)).map(|check| check.id.clone());
    let first = note.rules.first().copied().unwrap_or_default();
    let told = located(checks, first, Error { span: note.span, message: note.says.clone() }).to_string();
    Remark { kind: note.kind, checks: ids.collect(), told }
}

/// In the file of a rule.
fn located(checks: &Checks, rule: usize, error: Error) -> LoadError {
    let (path, text) = checks.file_of(rule);
    LoadError::at(path, text, error)
}

/// What the names of a form's checks can be.
fn ranges(checks: &Checks, range: impl Fn(&Component) -> Range) -> Ranges {
    Ranges::new(checks.components.iter().map(|component| (component.name.clone(), range(component))))
}

/// Pairs of rules of class A and B that contradict each other for a unit that cannot help it: whether they apply does not depend on
/// what it fills in. A report that both apply to could never be handed in.
pub(crate) fn dead_ends(checks: &Checks) -> Vec<LoadError> {
    let is_own = |name: &String| {
        checks.components.iter().any(|component| {
            component.name == *name
                && matches!(component.input, Input::Cell(Report::Own(Age::Now), _) | Input::Row(Age::Now, _))
        })
    };
    let is_given = |item: &RuleItem| item.when.as_ref().is_none_or(|when| !names::all(when).iter().any(is_own));
    let must_hold = |at: &usize| checks.list.get(*at).is_some_and(|check| check.severity.letter() < "C");
    let rules = &checks.ruleset.rules;
    let chosen: Vec<usize> =
        (0..rules.len()).filter(|at| must_hold(at) && rules.get(*at).is_some_and(is_given)).collect();
    let schema = checks.schema();
    // Without the bound of 18 digits: no rule is about it, and proofs take several times as long with it.
    let unbounded = |component: &Component| Range { min: None, max: None, ..component.range.clone() };
    let notes = youju_vtl::contradictions(&of_rules(checks, &chosen), &schema, &ranges(checks, unbounded));
    let groups = notes.unwrap_or_default().into_iter().map(|note| {
        let group: Vec<usize> = note.rules.iter().filter_map(|rule| chosen.get(*rule).copied()).collect();
        dead_end(checks, &schema, &group, &note)
    });
    groups.collect()
}

/// The ruleset with only some of its rules.
fn of_rules(checks: &Checks, chosen: &[usize]) -> DatapointRuleset {
    let rules = chosen.iter().filter_map(|at| checks.ruleset.rules.get(*at).cloned()).collect();
    DatapointRuleset { rules, ..checks.ruleset.clone() }
}

/// The first rule of the group is where the contradiction comes in.
fn dead_end(checks: &Checks, schema: &Schema, group: &[usize], note: &Note) -> LoadError {
    let places: Vec<LoadError> = group
        .iter()
        .filter_map(|rule| {
            let item = checks.ruleset.rules.get(*rule)?;
            let message = item.name.clone().unwrap_or_default();
            Some(located(checks, *rule, Error { span: item.then.span, message }))
        })
        .collect();
    let others = places.iter().skip(1).map(|place| format!("{}({} 第 {} 行)", place.message, place.file, place.line));
    let others = others.collect::<Vec<_>>().join("、");
    let own = places.first().map_or("", |place| place.message.as_str());
    let example = witness(&of_rules(checks, group), schema, &checks.components);
    let message = format!(
        "强制性或准强制性的审核关系 {own} 与 {others}相互矛盾:都适用的报表没有一份能上报。{}\
         请改正写错的一条,或把一条改为 C 核实性。",
        example.unwrap_or_default()
    );
    let first = group.first().copied().unwrap_or_default();
    let mut error = located(checks, first, Error { span: note.span, message });
    for place in places.iter().skip(1) {
        error.excerpt = format!("{}\n{}", place.excerpt, error.excerpt);
    }
    error
}
