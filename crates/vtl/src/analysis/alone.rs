//! Rules that have only one possible result.

use super::model::Model;
use super::note::{Note, NoteKind, name, place};
use super::rule::{Judged, judge};
use crate::ast::DatapointRuleset;
use std::collections::BTreeSet;

/// Adds the notes and gives back the rules that are settled by them. Rules that were `told` about already get no second note.
pub(super) fn notes(
    ruleset: &DatapointRuleset,
    unbounded: &Model<'_>,
    rules: &[Judged],
    told: &BTreeSet<usize>,
    notes: &mut Vec<Note>,
) -> BTreeSet<usize> {
    let mut settled = BTreeSet::new();
    for rule in rules {
        let Some(kind) = result(rule) else { continue };
        settled.insert(rule.index);
        if told.contains(&rule.index) {
            continue;
        }
        let always = result(&judge(unbounded, &(rule.index, rule.roots))) == Some(kind);
        let item = ruleset.rules.get(rule.index);
        let when = item.and_then(|item| item.when.as_ref()).map(|when| when.span);
        let span = match (kind, when) {
            (NoteKind::NeverApplies, Some(when)) => when,
            _ => place(ruleset, rule.index),
        };
        let says = sentence(kind, &name(ruleset, rule.index), always);
        notes.push(Note { kind, rules: vec![rule.index], span, says });
    }
    settled
}

fn result(rule: &Judged) -> Option<NoteKind> {
    match (rule.applies.is_empty(), rule.passes.is_empty(), rule.fails.is_empty()) {
        (true, _, _) => Some(NoteKind::NeverApplies),
        (_, true, true) => Some(NoteKind::NeverDecided),
        (_, true, _) => Some(NoteKind::NeverPasses),
        (_, _, true) => Some(NoteKind::NeverFails),
        _ => None,
    }
}

fn sentence(kind: NoteKind, name: &str, always: bool) -> String {
    let scope = if always { "无论填什么" } else { "在声明的取值范围内" };
    match kind {
        NoteKind::NeverApplies => {
            format!("规则{name}的适用条件{scope}都不可能成立,这条规则从不起作用。请检查条件,或删去这条规则。")
        }
        NoteKind::NeverDecided => {
            format!("规则{name}{scope}都得不到结果,永远无法检验。请检查是否与 null 比较或以零作除数。")
        }
        NoteKind::NeverPasses => {
            format!("规则{name}{scope}都不可能通过。请检查符号和数值是否写反,或取值范围是否有误。")
        }
        _ => {
            format!("规则{name}{scope}都查不出错误:没有一种取值会使它不通过。请检查符号和数值是否写错,或删去这条规则。")
        }
    }
}
