//! What is said about the checks of a form beside the rules themselves: where each was read, checks of codes, checks that wait.

use std::collections::{BTreeMap, BTreeSet};

use youju_domain::finding::Severity;
use youju_domain::report::CellId;

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::rules::Notation;
use super::{read_provenance, read_sources};
use crate::cell::Kind;
use crate::facts::Table;
use crate::files::Files;
use crate::form::Provenance;
use crate::intrinsic::{Intrinsic, has_intrinsic};
use crate::programme::Reference;

type References = BTreeMap<String, Reference>;

/// What is said about a rule.
#[derive(Clone)]
pub(super) struct Described {
    pub provenance: Provenance,
    pub sources: Vec<String>,
    pub note: String,
    pub line: usize,
}

/// What `checks/<表号>.toml` says.
#[derive(Default)]
pub(super) struct Abouts {
    pub by_rule: BTreeMap<String, Described>,
    pub intrinsic: Vec<Intrinsic>,
    pub later: BTreeMap<String, String>,
    /// What is said about every rule that nothing else is said about.
    pub otherwise: Option<Described>,
}

impl Abouts {
    /// What is said about a rule, and under which id: the rules of a formula with wildcards, `S_301` and `S_302`, may be
    /// described together as `S`.
    pub fn of(&self, id: &str, notation: Notation) -> Option<(&str, &Described)> {
        let is_of = |key: &str| id.strip_prefix(key).is_some_and(|rest| rest.starts_with('_'));
        let exact = self.by_rule.get_key_value(id);
        let wide = || self.by_rule.iter().rfind(|(key, _)| notation == Notation::Formula && is_of(key));
        exact.or_else(wide).map(|(key, described)| (key.as_str(), described))
    }
}

/// Reads the file.
pub(super) fn read(files: &Files, path: &str, table: &Table, known: &References, log: &mut Log) -> Option<Abouts> {
    let mut source = Source::open(files, path, log)?;
    let raw: raw::Checks = source.toml()?;
    let mut by_rule = BTreeMap::new();
    for about in &raw.about {
        let provenance = read_provenance(&mut source, Some(&about.provenance), Provenance::Inferred);
        let sources = read_sources(&mut source, &about.sources, known);
        for rule in &about.rules {
            let line = source.line(rule.span().start);
            let described = Described { provenance, sources: sources.clone(), note: about.note.clone(), line };
            if by_rule.insert(rule.get_ref().clone(), described).is_some() {
                source.error(&rule.span(), format!("审核关系 {} 说明了两次。请只留一处。", rule.get_ref()));
            }
        }
    }
    let intrinsic = raw.intrinsic.iter().filter_map(|raw| read_intrinsic(&mut source, raw, table, known)).collect();
    Some(Abouts { by_rule, intrinsic, later: raw.later, otherwise: None })
}

fn read_intrinsic(source: &mut Source, raw: &raw::Intrinsic, table: &Table, known: &References) -> Option<Intrinsic> {
    let provenance = read_provenance(source, Some(&raw.provenance), Provenance::Inferred);
    let sources = read_sources(source, &raw.sources, known);
    let severity = read_severity(source, &raw.severity)?;
    let Some((list, cell, kind)) = find(table, raw.cell.get_ref()).filter(|(.., kind)| has_intrinsic(kind)) else {
        let id = raw.cell.get_ref();
        let message = format!("本表没有代码类单元格“{id}”。代码校验只用于 usci、industry、area 三类单元格。");
        source.error(&raw.cell.span(), message);
        return None;
    };
    Some(Intrinsic {
        id: raw.rule.get_ref().clone(),
        list,
        cell,
        severity,
        message: raw.message.clone(),
        provenance,
        sources,
        note: raw.note.clone(),
        kind: kind.clone(),
    })
}

/// A fixed cell by its id, or a column of a list by its name in the checks of rows: `h_1`.
fn find<'t>(table: &'t Table, name: &str) -> Option<(Option<String>, CellId, &'t Kind)> {
    let fixed = table.cells.iter().find(|cell| cell.id.as_str() == name);
    let column = || {
        let (list, column) = name.split_once('_')?;
        let list = table.lists.iter().find(|known| known.id == list)?;
        let column = list.column(column)?;
        Some((Some(list.id.clone()), CellId::new(column.id.clone()), &column.indicator.kind))
    };
    fixed.map(|cell| (None, cell.id.clone(), &cell.kind)).or_else(column)
}

fn read_severity(source: &mut Source, letter: &Text) -> Option<Severity> {
    let severity = Severity::from_letter(letter.get_ref());
    if severity.is_none() {
        source.error(&letter.span(), format!("审核类别应为 A、B、C、D 之一,现为“{}”。", letter.get_ref()));
    }
    severity
}

/// Every description must have its rule, and every id be used once.
pub(super) fn refuse_strangers(files: &Files, path: &str, abouts: &Abouts, ids: &BTreeSet<&str>, log: &mut Log) {
    for (rule, described) in &abouts.by_rule {
        if !ids.contains(rule.as_str()) {
            log.at_line(path, described.line, format!("没有审核关系 {rule}。请核对编号,或从这里去掉。"));
        }
    }
    let mut seen: BTreeSet<&str> = ids.clone();
    let codes = abouts.intrinsic.iter().map(|intrinsic| intrinsic.id.as_str());
    for id in codes.chain(abouts.later.keys().map(String::as_str)) {
        if !seen.insert(id) {
            let line = line_with(files.get(path).unwrap_or_default(), id);
            log.at_line(path, line, format!("编号 {id} 已经用过。请换一个编号。"));
        }
    }
}

fn line_with(text: &str, id: &str) -> usize {
    1 + text.lines().position(|line| line.contains(&format!("\"{id}\"")) || line.starts_with(id)).unwrap_or(0)
}
