//! What the text of the rules shows: names, sets, codes, constants, branches.

use super::case::{Case, any, both};
use super::model::Model;
use super::note::{Note, NoteKind, name, place};
use super::rule::Judged;
use super::spot::{Look, Read, Spot};
use crate::ast::{DatapointRuleset, Expr, ExprKind};
use crate::error::Span;
use crate::graph::Id;
use std::collections::{BTreeMap, BTreeSet};

/// The shortest constant that may be a component without its letter: `301` for `c301`.
const SUSPECT_DIGITS: usize = 3;

pub(super) fn notes(ruleset: &DatapointRuleset, model: &Model<'_>, read: &Read, rules: &[Judged]) -> Vec<Note> {
    let mut notes = unused(ruleset, model, rules);
    notes.extend(shadowed(ruleset, model));
    notes.extend(read.spots.iter().filter_map(|spot| {
        let (kind, says) = look(ruleset, model, spot)?;
        let says = format!("规则{}:{says}", name(ruleset, spot.rule));
        Some(Note { kind, rules: vec![spot.rule], span: spot.span, says })
    }));
    let empty: Vec<Span> = notes.iter().filter(|note| note.kind == NoteKind::EmptySet).map(|note| note.span).collect();
    let inside = |span: Span| empty.iter().any(|set| set.start <= span.start && span.end <= set.end);
    notes.retain(|note| note.kind != NoteKind::UnknownCode || !inside(note.span));
    notes
}

fn look(ruleset: &DatapointRuleset, model: &Model<'_>, spot: &Spot) -> Option<(NoteKind, String)> {
    match &spot.look {
        Look::Null => {
            Some((NoteKind::NullCompared, "与 null 比较永远得不到结果。判断是否为空请用 isnull。".to_owned()))
        }
        Look::Compared(a, b) if model.graph.inputs(&[*a, *b]).is_empty() => Some((
            NoteKind::OnlyConstants,
            "这个比较里没有变量,结果与填报的数无关。请检查是否漏写了变量名的字母。".to_owned(),
        )),
        Look::Compared(a, b) if a == b => {
            Some((NoteKind::SameSides, "比较的两边完全相同。请检查是否有一边写错了变量。".to_owned()))
        }
        Look::Compared(..) => None,
        Look::Condition(id, before) => branch(model, *id, before),
        Look::Alternative(id) => model
            .truth(*id, true)
            .iter()
            .all(Case::is_impossible)
            .then(|| (NoteKind::DeadBranch, "or 连接的这一项不可能成立。请检查写法,或删去这一项。".to_owned())),
        Look::Code(subject, text) => {
            let codes = model.range(*subject)?.codes.as_ref().filter(|codes| !codes.contains(text))?;
            let known = codes.iter().take(5).cloned().collect::<Vec<_>>().join("、");
            let more = if codes.len() > 5 { "等" } else { "" };
            let component = model.component(*subject).unwrap_or_default();
            Some((NoteKind::UnknownCode, format!("“{text}”不在{component}的取值({known}{more})之内。请核对代码。")))
        }
        Look::Set(subject, texts) => {
            let codes = model.range(*subject)?.codes.as_ref()?;
            let is_empty = !texts.iter().any(|text| codes.contains(text));
            is_empty.then(|| (NoteKind::EmptySet, "花括号里的代码没有一个可能出现。请核对代码。".to_owned()))
        }
        Look::Number(value) => suspect(ruleset, spot.rule, *value),
    }
}

/// Is a branch, or what comes behind it, never reached?
fn branch(model: &Model<'_>, id: Id, before: &[Id]) -> Option<(NoteKind, String)> {
    let reached = before.iter().fold(any(), |cases, earlier| both(&cases, &model.not_true(*earlier)));
    if reached.iter().all(Case::is_impossible) {
        return None; // told at the condition before
    }
    let dead = |cases: &[Case]| both(&reached, cases).iter().all(Case::is_impossible);
    if dead(&model.truth(id, true)) {
        let says = "执行到这里时这个条件不可能成立,其后的分支走不到。请检查条件,或删去这个分支。";
        Some((NoteKind::DeadBranch, says.to_owned()))
    } else if dead(&model.not_true(id)) {
        let says = "执行到这里时这个条件总是成立,它后面的其他分支走不到。请检查条件,或删去其他分支。";
        Some((NoteKind::DeadBranch, says.to_owned()))
    } else {
        None
    }
}

/// Is there a component whose name is this number behind one letter, which the rule does not use?
fn suspect(ruleset: &DatapointRuleset, rule: usize, value: i64) -> Option<(NoteKind, String)> {
    let digits = value.to_string();
    if digits.len() < SUSPECT_DIGITS {
        return None;
    }
    let is_it = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.as_str() == digits
    };
    let names = ruleset.parameters.iter().map(|parameter| parameter.alias.as_ref().unwrap_or(&parameter.name));
    let found = names.into_iter().find(|name| is_it(name))?;
    let item = ruleset.rules.get(rule)?;
    let mut pending: Vec<&Expr> = item.when.iter().chain([&item.then]).collect();
    let mut numbered = false;
    while let Some(expr) = pending.pop() {
        if let ExprKind::Name(name) = &expr.kind {
            if name == found {
                return None;
            }
            numbered = true;
        }
        pending.extend(expr.kind.children());
    }
    numbered.then(|| {
        (NoteKind::SuspectConstant, format!("常数 {value} 与变量“{found}”只差一个字母。请确认是否漏写了字母。"))
    })
}

fn unused(ruleset: &DatapointRuleset, model: &Model<'_>, rules: &[Judged]) -> Vec<Note> {
    let used: BTreeSet<&str> =
        rules.iter().flat_map(|rule| &rule.inputs).filter_map(|input| model.component(*input)).collect();
    let unused = ruleset.parameters.iter().filter(|parameter| !used.contains(parameter.name.as_str()));
    unused
        .map(|parameter| Note {
            kind: NoteKind::UnusedComponent,
            rules: Vec::new(),
            span: parameter.span,
            says: format!("没有规则用到变量“{}”。请从变量清单中删去,或补上漏写的规则。", parameter.name),
        })
        .collect()
}

fn shadowed(ruleset: &DatapointRuleset, model: &Model<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    for parameter in &ruleset.parameters {
        let Some(alias) = parameter.alias.as_ref().filter(|alias| **alias != parameter.name) else { continue };
        if model.has_component(alias) {
            notes.push(Note {
                kind: NoteKind::ShadowedName,
                rules: Vec::new(),
                span: parameter.span,
                says: format!(
                    "别名“{alias}”与另一个变量同名,规则里的“{alias}”指的是“{}”。请另取别名。",
                    parameter.name
                ),
            });
        }
    }
    notes
}

/// The rules about whose comparisons something was said already.
pub(super) fn told(notes: &[Note]) -> BTreeSet<usize> {
    let kinds = [NoteKind::SameSides, NoteKind::OnlyConstants, NoteKind::NullCompared];
    notes.iter().filter(|note| kinds.contains(&note.kind)).flat_map(|note| note.rules.iter().copied()).collect()
}

/// Adds a note for every rule that an earlier one says already, and gives these rules back.
pub(super) fn same(ruleset: &DatapointRuleset, rules: &[Judged], notes: &mut Vec<Note>) -> BTreeSet<usize> {
    let mut first: BTreeMap<(Option<Id>, Id), usize> = BTreeMap::new();
    let mut same = BTreeSet::new();
    for rule in rules {
        let Some(earlier) = first.get(&(rule.roots.when, rule.roots.then)).copied() else {
            first.insert((rule.roots.when, rule.roots.then), rule.index);
            continue;
        };
        same.insert(rule.index);
        let (this, other) = (name(ruleset, rule.index), name(ruleset, earlier));
        notes.push(Note {
            kind: NoteKind::SameRule,
            rules: vec![rule.index, earlier],
            span: place(ruleset, rule.index),
            says: format!("规则{this}与规则{other}说的是同一件事。请删去其中一条。"),
        });
    }
    same
}
