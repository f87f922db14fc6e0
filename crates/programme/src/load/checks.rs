//! The checks of a form: the VTL text is compiled, every rule must be described, every description must have its rule.

use std::collections::{BTreeMap, BTreeSet};

use youju_domain::finding::Severity;
use youju_domain::report::CellId;
use youju_vtl::{DatapointRuleset, Errors, Program, RuleItem, Scalar, Schema};

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::{read_provenance, read_sources};
use crate::cell::CellDef;
use crate::check::{Check, Checks};
use crate::facts::{Component, FIRST_OF_YEAR, components, form_name};
use crate::files::Files;
use crate::form::Provenance;
use crate::intrinsic::{Intrinsic, has_intrinsic};
use crate::names;
use crate::programme::Reference;

type References = BTreeMap<String, Reference>;

pub(super) fn load(
    files: &Files,
    code: &str,
    vtl: &str,
    about: &str,
    tables: &BTreeMap<String, Vec<CellDef>>,
    known: &References,
    log: &mut Log,
) -> Option<Checks> {
    let cells = tables.get(code)?;
    let abouts = read_abouts(files, about, cells, known, log)?;
    let mut source = Source::open(files, vtl, log)?;
    let mut components = components(code, tables);
    let (program, told, rules) = compile(&mut source, code, &mut components)?;
    let list: Vec<Check> =
        rules.iter().filter_map(|rule| read_rule(&mut source, rule, &abouts.by_rule, &components)).collect();
    verify_required(&mut source, cells, &rules);
    let ids: BTreeSet<&str> = rules.iter().filter_map(|rule| rule.name.as_deref()).collect();
    refuse_strangers(files, about, &abouts, &ids, log);
    Some(Checks { program, told, list, intrinsic: abouts.intrinsic, components, later: abouts.later })
}

/// The program that decides, the program that explains, and the rules as written.
type Compiled = (Program, Program, Vec<RuleItem>);

/// Compiles against every name that there is, so that a wrong one is told with its neighbours; then keeps what is read.
fn compile(source: &mut Source, code: &str, components: &mut Vec<Component>) -> Option<Compiled> {
    let script = match youju_vtl::parse(source.text) {
        Ok(script) => script,
        Err(errors) => {
            note(source, &errors);
            return None;
        }
    };
    let name = form_name(code);
    let rulesets: Vec<_> = script.rulesets().collect();
    let [ruleset] = rulesets.as_slice() else {
        let message = format!("一张表应有一个规则集 {name},现有 {} 个。", rulesets.len());
        source.log.at_line(source.path, 1, message);
        return None;
    };
    if ruleset.name != name {
        let message = format!("规则集名称应为 {name},现为 {}。", ruleset.name);
        source.log.at_line(source.path, line_of(ruleset.span.line), message);
    }
    let compiled = Program::compile(ruleset, &schema(components)).and_then(|program| {
        components.retain(|component| program.inputs().contains(&component.name));
        let schema = schema(components);
        Ok((Program::compile(ruleset, &schema)?, Program::compile(&told(ruleset), &schema)?, ruleset.rules.clone()))
    });
    compiled.map_err(|errors| note(source, &errors)).ok()
}

/// The ruleset as failures are told. A condition whose figures all stand in the formula (there is something to compare
/// with, it is not zero) would only be said twice.
fn told(ruleset: &DatapointRuleset) -> DatapointRuleset {
    let mut ruleset = ruleset.clone();
    for rule in &mut ruleset.rules {
        let figures = names::all(&rule.then);
        let is_told_anyway = |name: &String| figures.contains(name) || name == FIRST_OF_YEAR;
        rule.when = rule.when.take().filter(|when| !names::all(when).iter().all(is_told_anyway));
    }
    ruleset
}

fn schema(components: &[Component]) -> Schema {
    Schema::new(components.iter().map(|component| (component.name.clone(), component.kind)))
}

fn note(source: &mut Source, errors: &Errors) {
    for error in &errors.0 {
        source.log.at_line(source.path, line_of(error.span.line), error.message.clone());
    }
}

fn line_of(line: u32) -> usize {
    usize::try_from(line).unwrap_or(1)
}

fn read_rule(
    source: &mut Source,
    rule: &RuleItem,
    abouts: &BTreeMap<String, Described>,
    components: &[Component],
) -> Option<Check> {
    let line = line_of(rule.span.line);
    let mut complain = |message: String| source.log.at_line(source.path, line, message);
    let Some(id) = rule.name.clone() else {
        complain("审核关系没有编号。请在冒号前写上,例如 Z7:".to_owned());
        return None;
    };
    let message = match &rule.error_code {
        Some(Scalar::Text(text)) if !text.trim().is_empty() => text.clone(),
        _ => {
            complain(format!("审核关系 {id} 没有说明应当怎样。请写 errorcode \"…\"。"));
            String::new()
        }
    };
    let letter = rule.error_level.as_ref().map(crate::facts::plain).unwrap_or_default();
    let severity = Severity::from_letter(&letter).unwrap_or_else(|| {
        complain(format!("审核关系 {id} 的类别应为 A、B、C、D 之一,现为“{letter}”。请写 errorlevel \"A\"。"));
        Severity::Notice
    });
    let Some(described) = abouts.get(&id) else {
        complain(format!("审核关系 {id} 没有来源说明。请在同名 toml 的 [[about]] 中列出。"));
        return None;
    };
    let expressions = || rule.when.iter().chain([&rule.then]);
    let mut inputs: Vec<String> = Vec::new();
    for name in expressions().flat_map(names::all) {
        if !inputs.contains(&name) {
            inputs.push(name);
        }
    }
    Some(Check {
        severity,
        message,
        text: rule_text(rule),
        provenance: described.provenance,
        sources: described.sources.clone(),
        note: described.note.clone(),
        cells: Checks::own_cells(components, &inputs),
        strict: expressions().flat_map(names::strict).collect(),
        inputs,
        id,
    })
}

/// The rule without its name and error clauses.
fn rule_text(rule: &RuleItem) -> String {
    match &rule.when {
        Some(when) => format!("when {when} then {}", rule.then),
        None => rule.then.to_string(),
    }
}

/// `required` in the form and the rules `R…` say the same, so that no cell is marked but unchecked.
fn verify_required(source: &mut Source, cells: &[CellDef], rules: &[RuleItem]) {
    let required: BTreeMap<String, &CellDef> =
        cells.iter().filter(|cell| cell.is_required).map(|cell| (rule_of(cell), cell)).collect();
    for (id, cell) in &required {
        if !rules.iter().any(|rule| rule.name.as_ref() == Some(id)) {
            let message =
                format!("“{}”是必填项,但没有审核关系 {id}。请补上 {id}: not isnull({})。", cell.label, cell.id);
            source.log.at_line(source.path, 1, message);
        }
    }
    let all: BTreeSet<String> = cells.iter().filter(|cell| cell.column.is_empty()).map(rule_of).collect();
    for rule in rules {
        if let Some(id) = &rule.name
            && all.contains(id)
            && !required.contains_key(id)
        {
            let message = format!("{id} 要求必填,但表式中没有 required = true。请改成一致。");
            source.log.at_line(source.path, line_of(rule.span.line), message);
        }
    }
}

fn rule_of(cell: &CellDef) -> String {
    format!("R{}", cell.id.as_str().trim_start_matches('c'))
}

/// What is said about a rule.
struct Described {
    provenance: Provenance,
    sources: Vec<String>,
    note: String,
    line: usize,
}

struct Abouts {
    by_rule: BTreeMap<String, Described>,
    intrinsic: Vec<Intrinsic>,
    later: BTreeMap<String, String>,
}

fn read_abouts(files: &Files, path: &str, cells: &[CellDef], known: &References, log: &mut Log) -> Option<Abouts> {
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
    let intrinsic = raw.intrinsic.iter().filter_map(|raw| read_intrinsic(&mut source, raw, cells, known)).collect();
    Some(Abouts { by_rule, intrinsic, later: raw.later })
}

fn read_intrinsic(
    source: &mut Source,
    raw: &raw::Intrinsic,
    cells: &[CellDef],
    known: &References,
) -> Option<Intrinsic> {
    let provenance = read_provenance(source, Some(&raw.provenance), Provenance::Inferred);
    let sources = read_sources(source, &raw.sources, known);
    let severity = read_severity(source, &raw.severity)?;
    let id = CellId::new(raw.cell.get_ref().clone());
    let cell = cells.iter().find(|cell| cell.id == id && has_intrinsic(&cell.kind));
    let Some(cell) = cell else {
        let message = format!("本表没有代码类单元格“{id}”。代码校验只用于 usci、industry、area 三类单元格。");
        source.error(&raw.cell.span(), message);
        return None;
    };
    Some(Intrinsic {
        id: raw.rule.get_ref().clone(),
        cell: id,
        severity,
        message: raw.message.clone(),
        provenance,
        sources,
        note: raw.note.clone(),
        kind: cell.kind.clone(),
    })
}

fn read_severity(source: &mut Source, letter: &Text) -> Option<Severity> {
    let severity = Severity::from_letter(letter.get_ref());
    if severity.is_none() {
        source.error(&letter.span(), format!("审核类别应为 A、B、C、D 之一,现为“{}”。", letter.get_ref()));
    }
    severity
}

fn refuse_strangers(files: &Files, path: &str, abouts: &Abouts, ids: &BTreeSet<&str>, log: &mut Log) {
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
