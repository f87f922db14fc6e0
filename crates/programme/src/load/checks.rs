//! The checks of a form: the rules are compiled, every rule must be described, every description must have its rule.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::Measure;
use youju_domain::finding::Severity;
use youju_vtl::formula::{Layout, Message, Part as Piece, Rule};
use youju_vtl::{DatapointRuleset, Program, RuleItem, Scalar, Schema};

use super::abouts::{self, Abouts, Described};
use super::error::Log;
use super::paths_of;
use super::rules::{self, Notation, Part};
use crate::cell::CellDef;
use crate::check::{Check, Checks, RuleFile};
use crate::facts::{Component, FIRST_OF_YEAR, components};
use crate::files::Files;
use crate::form::Provenance;
use crate::formula;
use crate::names;
use crate::programme::Reference;
use crate::review::dead_ends;

type References = BTreeMap<String, Reference>;

pub(super) fn load(
    files: &Files,
    code: &str,
    measure: Measure,
    tables: &BTreeMap<String, Vec<CellDef>>,
    known: &References,
    log: &mut Log,
) -> Option<Checks> {
    let [_, vtl, formulas, about, _] = paths_of(code);
    let cells = tables.get(code)?;
    // Formulas can say beside themselves where they come from.
    let needs_abouts = files.get(&about).is_some() || files.get(&formulas).is_none();
    let abouts = if needs_abouts { abouts::read(files, &about, cells, known, log)? } else { Abouts::default() };
    let mut components = components(code, tables);
    let layout = formula::layout(code, measure, tables);
    let parts = rules::read(files, code, [&vtl, &formulas], &layout, log)?;
    let (ruleset, programs) = compile(&parts, &mut components, log)?;
    let context = Context { abouts: &abouts, known, components: &components, layout: &layout };
    let list = read_list(&parts, &ruleset, &context, log);
    verify_required(&parts, cells, log);
    refuse_strangers(files, &about, &abouts, &parts, log);
    let file =
        |part: &Part| RuleFile { path: part.path.to_owned(), text: part.text.to_owned(), rules: part.rules.len() };
    let checks = Checks {
        program: programs.0,
        told: programs.1,
        list,
        intrinsic: abouts.intrinsic,
        components,
        later: abouts.later,
        files: parts.iter().map(file).collect(),
        written: parts.into_iter().flat_map(|part| part.rules).collect(),
        ruleset,
        layout,
    };
    // A rule that could not be read would shift the numbers of those behind it.
    if checks.list.len() == checks.written.len() {
        for error in dead_ends(&checks) {
            log.push(error);
        }
    }
    Some(checks)
}

/// The program that decides, and the program that explains.
type Programs = (Program, Program);

/// Compiles each file against every name that there is, so that a wrong one is told with its neighbours and its place;
/// then all of them together with what is read.
fn compile(parts: &[Part], components: &mut Vec<Component>, log: &mut Log) -> Option<(DatapointRuleset, Programs)> {
    let mut inputs: BTreeSet<String> = BTreeSet::new();
    let whole = schema(components);
    let mut is_sound = true;
    for part in parts {
        match Program::compile(&part.ruleset, &whole) {
            Ok(program) => inputs.extend(program.inputs().iter().cloned()),
            Err(errors) => {
                is_sound = false;
                errors.0.into_iter().for_each(|error| log.at_span(part.path, part.text, error));
            }
        }
    }
    let ruleset = rules::join(parts).filter(|_| is_sound)?;
    // A message may show a figure that its rule does not read.
    let shown = parts.iter().flat_map(|part| &part.rules).filter_map(|rule| rule.meta.message.as_ref());
    let shown: BTreeSet<&str> = shown.flat_map(|message| &message.0).filter_map(value).collect();
    components.retain(|component| inputs.contains(&component.name) || shown.contains(component.name.as_str()));
    let schema = schema(components);
    let programs = Program::compile(&ruleset, &schema)
        .and_then(|program| Ok((program, Program::compile(&told(&ruleset, parts), &schema)?)));
    match programs {
        Ok(programs) => Some((ruleset, programs)),
        Err(errors) => {
            let path = parts.first().map_or("", |part| part.path);
            errors.0.into_iter().for_each(|error| log.at_line(path, 1, error.message));
            None
        }
    }
}

/// The ruleset as failures are told. A condition whose figures all stand in the formula (there is something to compare
/// with, it is not zero) would only be said twice, and 有效期 goes without saying.
fn told(ruleset: &DatapointRuleset, parts: &[Part]) -> DatapointRuleset {
    let mut ruleset = ruleset.clone();
    let written = parts.iter().flat_map(|part| &part.rules);
    for (rule, written) in ruleset.rules.iter_mut().zip(written) {
        let figures = names::all(&rule.then);
        let is_told_anyway = |name: &String| figures.contains(name) || name == FIRST_OF_YEAR;
        rule.when = written.item.when.clone().filter(|when| !names::all(when).iter().all(is_told_anyway));
    }
    ruleset
}

fn schema(components: &[Component]) -> Schema {
    Schema::new(components.iter().map(|component| (component.name.clone(), component.kind)))
}

/// The component that a piece of a message shows.
fn value(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Value(name) => Some(name),
        Piece::Text(_) | Piece::Difference => None,
    }
}

/// What rules are read against.
struct Context<'a> {
    abouts: &'a Abouts,
    known: &'a References,
    components: &'a [Component],
    layout: &'a Layout,
}

fn read_list(parts: &[Part], ruleset: &DatapointRuleset, context: &Context, log: &mut Log) -> Vec<Check> {
    let written = parts.iter().flat_map(|part| part.rules.iter().map(move |rule| (part, rule)));
    written.zip(&ruleset.rules).filter_map(|((part, rule), item)| read_rule(part, rule, item, context, log)).collect()
}

/// `item` is the rule as it is evaluated.
fn read_rule(part: &Part, rule: &Rule, item: &RuleItem, context: &Context, log: &mut Log) -> Option<Check> {
    let is_formula = part.notation == Notation::Formula;
    let way = |vtl: &'static str, formula: &'static str| if is_formula { formula } else { vtl };
    let mut complain = |message: String| part.error(rule.item.span, message, log);
    let Some(id) = rule.item.name.clone() else {
        complain("审核关系没有编号。请在冒号前写上,例如 Z7:".to_owned());
        return None;
    };
    let message = match &rule.item.error_code {
        Some(Scalar::Text(text)) if !text.trim().is_empty() => text.clone(),
        _ => {
            let way = way("请写 errorcode \"…\"。", "请在竖线后写提示语。");
            complain(format!("审核关系 {id} 没有说明应当怎样。{way}"));
            String::new()
        }
    };
    let letter = rule.item.error_level.as_ref().map(crate::facts::plain).unwrap_or_default();
    let severity = Severity::from_letter(&letter).unwrap_or_else(|| {
        let way = way("请写 errorlevel \"A\"。", "请在竖线后写 A 或强制性。");
        complain(format!("审核关系 {id} 的类别应为 A、B、C、D 之一,现为“{letter}”。{way}"));
        Severity::Notice
    });
    let template = template(rule, &message, context.layout).unwrap_or_else(|reason| {
        complain(format!("审核关系 {id} 的说明:{reason}"));
        Message::default()
    });
    let described = describe(part, rule, &id, context, log)?;
    let expressions = || item.when.iter().chain([&item.then]);
    let mut inputs: Vec<String> = Vec::new();
    for name in expressions().flat_map(names::all) {
        if !inputs.contains(&name) {
            inputs.push(name);
        }
    }
    Some(Check {
        severity,
        message,
        text: rule_text(item),
        provenance: described.provenance,
        sources: described.sources,
        note: described.note,
        cells: Checks::own_cells(context.components, &inputs),
        strict: expressions().flat_map(names::strict).collect(),
        inputs,
        template,
        id,
    })
}

/// The message with its places for figures: `{[301,1]}` and `{差}` mean the same in both notations.
fn template(rule: &Rule, message: &str, layout: &Layout) -> Result<Message, String> {
    match &rule.meta.message {
        Some(message) => Ok(message.clone()),
        None if message.contains('{') => Message::parse(message, layout),
        None => Ok(Message(vec![Piece::Text(message.to_owned())])),
    }
}

/// Where a rule comes from: 来源 beside a formula, or an `[[about]]`, but not both. 适用 is words for people.
fn describe(part: &Part, rule: &Rule, id: &str, context: &Context, log: &mut Log) -> Option<Described> {
    let mut complain = |message: String| part.error(rule.item.span, message, log);
    let about = context.abouts.of(id, part.notation);
    let units = rule.meta.units.as_ref().map(|units| format!("适用:{units}。")).unwrap_or_default();
    match (&rule.meta.source, about) {
        (Some(_), Some(_)) => {
            complain(format!("审核关系 {id} 说明了两次:竖线后的来源,和同名 toml 的 [[about]]。请只留一处。"));
            None
        }
        (Some(text), None) => {
            let sources: Vec<String> = text.split(['、', ',', '，']).map(|key| key.trim().to_owned()).collect();
            for key in sources.iter().filter(|key| !context.known.contains_key(*key)) {
                complain(format!("sources.toml 中没有来源“{key}”。请补上,或核对写法。"));
            }
            Some(Described { provenance: Provenance::Real, sources, note: units, line: 0 })
        }
        (None, Some((_, about))) => Some(Described { note: about.note.clone() + &units, ..about.clone() }),
        (None, None) => {
            let beside = if part.notation == Notation::Formula { "请在竖线后写 来源:…,或" } else { "请" };
            complain(format!("审核关系 {id} 没有来源说明。{beside}在同名 toml 的 [[about]] 中列出。"));
            None
        }
    }
}

/// The rule without its name and error clauses.
fn rule_text(rule: &RuleItem) -> String {
    match &rule.when {
        Some(when) => format!("when {when} then {}", rule.then),
        None => rule.then.to_string(),
    }
}

/// `required` in the form and the rules `R…` say the same, so that no cell is marked but unchecked.
fn verify_required(parts: &[Part], cells: &[CellDef], log: &mut Log) {
    let required: BTreeMap<String, &CellDef> =
        cells.iter().filter(|cell| cell.is_required).map(|cell| (rule_of(cell), cell)).collect();
    let named: BTreeSet<&String> = rules_of(parts).filter_map(|(_, item)| item.name.as_ref()).collect();
    for (id, cell) in required.iter().filter(|(id, _)| !named.contains(id)) {
        let Some(part) = parts.first() else { continue };
        let rule = match part.notation {
            Notation::Vtl => format!("not isnull({})", cell.id),
            Notation::Formula => format!("NOT ISNULL([{},1])", cell.code),
        };
        let message = format!("“{}”是必填项,但没有审核关系 {id}。请补上 {id}: {rule}。", cell.label);
        log.at_line(part.path, 1, message);
    }
    let all: BTreeSet<String> = cells.iter().filter(|cell| cell.column.is_empty()).map(rule_of).collect();
    for (part, item) in rules_of(parts) {
        if let Some(id) = &item.name
            && all.contains(id)
            && !required.contains_key(id)
        {
            let message = format!("{id} 要求必填,但表式中没有 required = true。请改成一致。");
            part.error(item.span, message, log);
        }
    }
}

fn rule_of(cell: &CellDef) -> String {
    format!("R{}", cell.id.as_str().trim_start_matches('c'))
}

fn rules_of<'p>(parts: &'p [Part]) -> impl Iterator<Item = (&'p Part<'p>, &'p RuleItem)> {
    parts.iter().flat_map(|part| part.rules.iter().map(move |rule| (part, &rule.item)))
}

fn refuse_strangers(files: &Files, path: &str, abouts: &Abouts, parts: &[Part], log: &mut Log) {
    let named = || rules_of(parts).filter_map(|(part, item)| Some((part, item.name.as_deref()?)));
    let described = named().filter_map(|(part, id)| Some(abouts.of(id, part.notation)?.0));
    let ids = named().map(|(_, id)| id).chain(described).collect();
    abouts::refuse_strangers(files, path, abouts, &ids, log);
}
