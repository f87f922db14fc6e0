//! In which order rules that feed each other are computed, and the computing of one group in that order.

use super::program::{HierarchyProgram, HierarchyRule};
use super::side::{Cell, Item, Side};
use super::work::{Marks, Work};
use super::{CodeId, Group, is_always};
use crate::ast::{Mode, RuleInput};
use crate::error::Errors;
use std::collections::{BTreeSet, VecDeque};

/// The most rules of a circle that a message names.
const SHOWN_MAX: usize = 10;

/// The defining rules in an order of computing.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    order: Vec<usize>,
    /// For each rule its place in the order, if it has one.
    places: Vec<Option<usize>>,
    /// Do rules read what others have computed?
    is_linked: bool,
}

impl Chain {
    /// Each rule by itself, as the input `dataset` has it: no order, no cycles.
    pub fn apart(program: &HierarchyProgram) -> Chain {
        let rules = program.rules.iter().enumerate();
        let order = rules.filter(|(_, rule)| rule.is_definition()).map(|(at, _)| at).collect();
        Chain::new(program, order, false)
    }

    /// What a rule reads is computed before it. Rules that define each other in a circle are refused.
    pub fn in_order(program: &HierarchyProgram, takes_part: impl Fn(&HierarchyRule) -> bool) -> Result<Chain, Errors> {
        let rules = || program.rules.iter().enumerate().filter(|(_, rule)| rule.is_definition() && takes_part(rule));
        let mut unfinished = vec![0_usize; program.code_count()];
        for (_, rule) in rules() {
            step(&mut unfinished, rule.left.0, 1);
        }
        let mut readers = vec![Vec::new(); program.code_count()];
        let mut waits_for = vec![0_usize; program.rules.len()];
        for (at, rule) in rules() {
            for code in inputs(rule) {
                if unfinished.get(code.0).is_some_and(|rules| *rules > 0) {
                    step(&mut waits_for, at, 1);
                    readers.get_mut(code.0).into_iter().for_each(|list| list.push(at));
                }
            }
        }
        let mut ready: VecDeque<usize> =
            rules().map(|(at, _)| at).filter(|at| waits_for.get(*at) == Some(&0)).collect();
        let mut order = Vec::new();
        while let Some(at) = ready.pop_front() {
            order.push(at);
            let Some(rule) = program.rules.get(at) else { continue };
            if step(&mut unfinished, rule.left.0, -1) {
                let next = readers.get(rule.left.0).into_iter().flatten();
                ready.extend(next.copied().filter(|reader| step(&mut waits_for, *reader, -1)));
            }
        }
        if order.len() < rules().count() {
            return Err(circle(program, &waits_for));
        }
        Ok(Chain::new(program, order, true))
    }

    fn new(program: &HierarchyProgram, order: Vec<usize>, is_linked: bool) -> Chain {
        let mut places = vec![None; program.rules.len()];
        for (place, at) in order.iter().enumerate() {
            places.get_mut(*at).into_iter().for_each(|entry| *entry = Some(place));
        }
        Chain { order, places, is_linked }
    }

    /// Computes the loaded group. Only rules that a point or an output touches are looked at, unless the mode is an
    /// `always`. `waiting` is empty before and after.
    pub fn run(&self, reader: Reader<'_>, work: &mut Work, waiting: &mut Marks) {
        if is_always(reader.mode) {
            (0..self.order.len()).for_each(|place| waiting.insert(place));
        } else {
            work.present().iter().for_each(|code| self.mark(reader.program, *code, 0, waiting));
        }
        let mut next = 0;
        while let Some(place) = waiting.take(next) {
            next = place;
            let Some(at) = self.order.get(place).copied() else { continue };
            let Some((rule, side)) = reader.computed_side(at, work) else { continue };
            if side.is_computed(reader.mode) {
                work.give(at, side.total);
                if self.is_linked {
                    self.mark(reader.program, rule.left, place + 1, waiting);
                }
            }
        }
    }

    /// Marks the rules of the chain, from this place on, that name a code.
    fn mark(&self, program: &HierarchyProgram, code: CodeId, from: usize, waiting: &mut Marks) {
        let places = program.touching(code).iter().filter_map(|at| self.places.get(*at).copied().flatten());
        places.filter(|place| *place >= from).for_each(|place| waiting.insert(place));
    }
}

/// The codes on the right, once each; a point handed through (`A = A`) waits for nobody.
fn inputs(rule: &HierarchyRule) -> BTreeSet<CodeId> {
    if rule.is_identity() { BTreeSet::new() } else { rule.right.iter().map(|item| item.code).collect() }
}

/// Adds to a counter; is it zero now?
fn step(counters: &mut [usize], at: usize, by: isize) -> bool {
    counters.get_mut(at).is_some_and(|counter| {
        *counter = counter.saturating_add_signed(by);
        *counter == 0
    })
}

/// How the rules read the loaded group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub program: &'a HierarchyProgram,
    pub group: Group<'a>,
    pub mode: Mode,
    pub input: RuleInput,
}

impl<'a> Reader<'a> {
    /// The right side of a rule that is added up; `None` where the rule does not apply.
    fn computed_side(self, at: usize, work: &Work) -> Option<(&'a HierarchyRule, Side)> {
        let rule = self.program.rules.get(at)?;
        let reader = self.of(rule);
        let parts = self.parts(rule, work);
        let side = Side::new(parts.map(|item| (reader.cell(at, item.code, work), item.is_subtracted)), self.mode);
        (side.parts > 0 || self.group.absent.holds(rule.when)).then_some((rule, side))
    }

    /// A point is handed through from the data.
    fn of(self, rule: &HierarchyRule) -> Reader<'a> {
        Reader { input: if rule.is_identity() { RuleInput::Dataset } else { self.input }, ..self }
    }

    /// The codes on the right that take part.
    fn parts(self, rule: &'a HierarchyRule, work: &Work) -> impl Iterator<Item = &'a Item> {
        rule.right.iter().filter(move |item| {
            let truths = work.truths(item.code, self.group);
            truths.holds(rule.when) && truths.holds(item.condition)
        })
    }

    /// The rows of the points that went into a computed code, also through other rules.
    pub fn sources(self, code: CodeId, work: &Work) -> BTreeSet<usize> {
        let (mut rows, mut known) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = self.given(code, None, work);
        while let Some(at) = waiting.pop() {
            let Some(rule) = self.program.rules.get(at).filter(|_| known.insert(at)) else { continue };
            for item in self.parts(rule, work) {
                match self.of(rule).feeders(at, item.code, work) {
                    Some(rules) => waiting.extend(rules),
                    None => rows.extend(work.row(item.code)),
                }
            }
        }
        rows
    }

    /// The rules that gave something for a code, but for this one.
    fn given(self, code: CodeId, but: Option<usize>, work: &Work) -> Vec<usize> {
        let defining = self.program.defining(code).iter().copied();
        defining.filter(|at| Some(*at) != but && work.output(*at).is_some()).collect()
    }

    /// The rules from which a sum takes the point of a code; `None` if it takes it from the data.
    fn feeders(self, at: usize, code: CodeId, work: &Work) -> Option<Vec<usize>> {
        let has_others = self.program.defining(code).iter().any(|other| *other != at);
        if self.input == RuleInput::Dataset || !has_others {
            return None;
        }
        let given = self.given(code, Some(at), work);
        let total = given.iter().filter_map(|other| work.output(*other)).reduce(Cell::plus);
        let is_taken = total.is_some_and(|total| total.has_value() || !work.point(code).exists());
        (self.input != RuleInput::RulePriority || is_taken).then_some(given)
    }

    /// Where the rule `at` takes the point of a code from: the data, or what other rules gave.
    pub fn cell(self, at: usize, code: CodeId, work: &Work) -> Cell {
        let own = work.point(code);
        if self.input == RuleInput::Dataset {
            return own;
        }
        let mut others = self.program.defining(code).iter().copied().filter(|other| *other != at).peekable();
        if others.peek().is_none() {
            return own;
        }
        let given = others.filter_map(|other| work.output(other));
        match self.input {
            // One rule among several is as good as another: the first that has a value.
            RuleInput::DatasetPriority => {
                let given = given.reduce(|first, next| if first.has_value() { first } else { next });
                given.filter(|cell| !own.has_value() && (cell.has_value() || !own.exists())).unwrap_or(own)
            }
            RuleInput::RulePriority => match given.reduce(Cell::plus) {
                Some(cell) if cell.has_value() || !own.exists() => cell,
                _ => own,
            },
            RuleInput::Rule | RuleInput::Dataset => given.reduce(Cell::plus).unwrap_or(Cell::Missing),
        }
    }
}

/// Names the rules of one circle. Every rule left over waits for another one, so that walking back must end in a circle.
fn circle(program: &HierarchyProgram, waits_for: &[usize]) -> Errors {
    let is_left = |at: &usize| waits_for.get(*at).is_some_and(|rules| *rules > 0);
    let mut walked: Vec<usize> = (0..waits_for.len()).find(is_left).into_iter().collect();
    let start = loop {
        let rule = walked.last().and_then(|at| program.rules.get(*at));
        let before = rule.and_then(|rule| {
            inputs(rule).into_iter().flat_map(|code| program.defining(code)).copied().find(|at| is_left(at))
        });
        let Some(before) = before else { break 0 };
        if let Some(start) = walked.iter().position(|at| *at == before) {
            break start;
        }
        walked.push(before);
    };
    let rules: Vec<&HierarchyRule> = walked.iter().skip(start).filter_map(|at| program.rules.get(*at)).collect();
    let codes: Vec<&str> = rules.iter().chain(rules.first()).map(|rule| program.code_text(rule.left)).collect();
    let names: Vec<String> = rules.iter().map(|rule| format!("“{}”", rule.name)).collect();
    let shown = |parts: &[&str], between: &str| match parts.split_at_checked(SHOWN_MAX) {
        Some((first, rest)) if !rest.is_empty() => format!("{}…(共 {} 条)", first.join(between), rules.len()),
        _ => parts.join(between),
    };
    let message = format!(
        "规则{}互为前提,形成循环:{}。请删去其中一条,或把取数方式改为 dataset。",
        shown(&names.iter().map(String::as_str).collect::<Vec<_>>(), "、"),
        shown(&codes, " ← ")
    );
    let mut errors = Errors::default();
    errors.push(rules.iter().map(|rule| rule.span).min_by_key(|span| span.start).unwrap_or_default(), message);
    errors
}
