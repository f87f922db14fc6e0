//! The checks of a form: the rules are compiled, every rule must be described, every description must have its rule.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::Measure;
use youju_domain::finding::Severity;
use youju_vtl::formula::{Layout, Message, Part as Piece, Rule};
use youju_vtl::{DatapointRuleset, Program, RuleItem, Scalar, Schema};

use super::abouts::{self, Abouts, Described};
use super::error::{LoadError, Log, below};
use super::paths_of;
use super::rules::{self, Notation, Part, Wanted};
use crate::cell::CellDef;
use crate::check::{Check, Checks, RuleFile};
use crate::facts::{Component, FIRST_OF_YEAR, Table, Tables, components, row_components};
use crate::files::Files;
use crate::form::Provenance;
use crate::formula;
use crate::list::List;
use crate::names;
use crate::programme::Reference;
use crate::review::dead_ends;

type References = BTreeMap<String, Reference>;

/// The checks of a form, and those of the rows of each of its lists.
pub(super) fn load(
    files: &Files,
    code: &str,
    measure: Measure,
    tables: &Tables,
    known: &References,
    log: &mut Log,
) -> Option<(Checks, Vec<Checks>)> {
    let [_, vtl, formulas, about, _] = paths_of(code);
    let table = tables.get(code)?;
    // Formulas can say beside themselves where they come from.
    let needs_abouts = files.get(&about).is_some() || files.get(&formulas).is_none();
    let abouts = if needs_abouts { abouts::read(files, &about, table, known, log)? } else { Abouts::default() };
    let layout = formula::layout(code, measure, tables);
    let written = rules::read(files, &wanted(table), [&vtl, &formulas], &layout, log)?;
    let book = Book { files, abouts: &abouts, known, layout: &layout, path: &vtl };
    verify_required(&written.form, &vtl, &required_cells(&table.cells), log);
    refuse_strangers(&book, &about, written.form.iter().chain(written.rows.iter().flatten()), log);
    let rows = table.lists.iter().zip(written.rows).map(|(list, part)| {
        let parts: Vec<Part> = part.into_iter().collect();
        verify_required(&parts, &vtl, &required_columns(list), log);
        book.checks((&ruleset_of(table, list), Some(&list.id)), parts, row_components(code, list, tables), log)
    });
    let rows: Vec<Option<Checks>> = rows.collect();
    let checks = book.checks((&table.name, None), written.form, components(code, tables), log)?;
    Some((Checks { later: abouts.later.clone(), ..checks }, rows.into_iter().collect::<Option<_>>()?))
}

/// Rules that are only tried: of the form, and of each list's rows. Nobody has to say yet where they come from.
pub(crate) fn trial(
    code: &str,
    measure: Measure,
    tables: &Tables,
    text: &str,
) -> Result<(Checks, Vec<Checks>), Vec<LoadError>> {
    let [_, vtl, formulas, ..] = paths_of(code);
    let path = if text.trim_start().starts_with("define") { vtl } else { formulas };
    let files = Files::new("", [(path, text.to_owned())]);
    let mut log = Log::default();
    let tried = try_out(&files, code, (measure, tables), &mut log);
    let errors = log.into_errors();
    tried.filter(|_| errors.is_empty()).ok_or(errors)
}

fn try_out(
    files: &Files,
    code: &str,
    (measure, tables): (Measure, &Tables),
    log: &mut Log,
) -> Option<(Checks, Vec<Checks>)> {
    let own = Described { provenance: Provenance::Youju, sources: Vec::new(), note: String::new(), line: 0 };
    let (abouts, known) = (Abouts { otherwise: Some(own), ..Abouts::default() }, References::new());
    let [_, vtl, formulas, ..] = paths_of(code);
    let table = tables.get(code)?;
    let layout = formula::layout(code, measure, tables);
    let written = rules::read(files, &wanted(table), [&vtl, &formulas], &layout, log)?;
    let book = Book { files, abouts: &abouts, known: &known, layout: &layout, path: &vtl };
    let rows = table.lists.iter().zip(written.rows).map(|(list, part)| {
        let name = ruleset_of(table, list);
        book.checks((&name, Some(&list.id)), part.into_iter().collect(), row_components(code, list, tables), log)
    });
    let rows: Vec<Option<Checks>> = rows.collect();
    let checks = book.checks((&table.name, None), written.form, components(code, tables), log)?;
    Some((checks, rows.into_iter().collect::<Option<_>>()?))
}

/// The name of the ruleset for a list's rows.
fn ruleset_of(table: &Table, list: &List) -> String {
    format!("{}_{}", table.name, list.id)
}

fn wanted(table: &Table) -> Wanted {
    Wanted { form: table.name.clone(), lists: table.lists.iter().map(|list| ruleset_of(table, list)).collect() }
}

/// What all rules of a form are read with.
struct Book<'a> {
    files: &'a Files,
    abouts: &'a Abouts,
    known: &'a References,
    layout: &'a Layout,
    /// The file in which rules are expected.
    path: &'a str,
}

impl Book<'_> {
    /// The checks of the form, or of a list's rows.
    fn checks(
        &self,
        (name, of_list): (&str, Option<&String>),
        parts: Vec<Part>,
        mut components: Vec<Component>,
        log: &mut Log,
    ) -> Option<Checks> {
        let (ruleset, programs) = compile((name, self.path), &parts, &mut components, log)?;
        let context = Context { abouts: self.abouts, known: self.known, components: &components, layout: self.layout };
        let list = read_list(&parts, &ruleset, &context, log);
        let told = |path: &str| below(self.files.name(), path);
        let file =
            |part: &Part| RuleFile { path: told(part.path), text: part.text.to_owned(), rules: part.rules.len() };
        let intrinsic = self.abouts.intrinsic.iter().filter(|intrinsic| intrinsic.list.as_ref() == of_list);
        let checks = Checks {
            program: programs.0,
            told: programs.1,
            list,
            intrinsic: intrinsic.cloned().collect(),
            components,
            later: BTreeMap::new(),
            files: parts.iter().map(file).collect(),
            written: parts.into_iter().flat_map(|part| part.rules).collect(),
            ruleset,
            layout: self.layout.clone(),
        };
        // A rule that could not be read would shift the numbers of those behind it.
        if checks.list.len() == checks.written.len() {
            for error in dead_ends(&checks) {
                log.push(error);
            }
        }
        Some(checks)
    }
}

/// The program that decides, and the program that explains.
type Programs = (Program, Program);

/// Compiles each file against every name that there is, so that a wrong one is told with its neighbours and its place;
/// then all of them together with what is read.
fn compile(
    (name, path): (&str, &str),
    parts: &[Part],
    components: &mut Vec<Component>,
    log: &mut Log,
) -> Option<(DatapointRuleset, Programs)> {
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
    if !is_sound {
        return None;
    }
    let mut ruleset = rules::join(name, parts);
    // What a ruleset declares and never reads is no mistake; only what is read is assembled for it.
    ruleset.parameters.retain(|parameter| inputs.contains(&parameter.name));
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
            let path = parts.first().map_or(path, |part| part.path);
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
        (None, None) if context.abouts.otherwise.is_some() => context.abouts.otherwise.clone(),
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

/// A cell, or a column of a list, that a rule `R…` may ask for.
struct Asked {
    /// Id of that rule.
    rule: String,
    /// The name in the rule.
    name: String,
    /// The name in formulas.
    formula: String,
    label: String,
    is_required: bool,
}

fn required_cells(cells: &[CellDef]) -> Vec<Asked> {
    let main = cells.iter().filter(|cell| cell.column.is_empty() || cell.is_required);
    let asked = main.map(|cell| Asked {
        rule: format!("R{}", cell.id.as_str().trim_start_matches('c')),
        name: cell.id.to_string(),
        formula: format!("[{},1]", cell.code),
        label: cell.label.clone(),
        is_required: cell.is_required,
    });
    asked.collect()
}

fn required_columns(list: &List) -> Vec<Asked> {
    let asked = list.columns.iter().map(|column| {
        let name = format!("{}_{}", list.id, column.id);
        let label = column.indicator.label.clone();
        let is_required = column.indicator.is_required;
        Asked { rule: format!("R_{name}"), formula: name.clone(), name, label, is_required }
    });
    asked.collect()
}

/// `required` in the form and the rules `R…` say the same, so that no cell is marked but unchecked.
fn verify_required(parts: &[Part], path: &str, asked: &[Asked], log: &mut Log) {
    let named: BTreeSet<&String> = rules_of(parts).filter_map(|(_, item)| item.name.as_ref()).collect();
    for asked in asked.iter().filter(|asked| asked.is_required && !named.contains(&asked.rule)) {
        let (path, notation) = parts.first().map_or((path, Notation::Vtl), |part| (part.path, part.notation));
        let rule = match notation {
            Notation::Vtl => format!("not isnull({})", asked.name),
            Notation::Formula => format!("NOT ISNULL({})", asked.formula),
        };
        let (label, id) = (&asked.label, &asked.rule);
        log.at_line(path, 1, format!("“{label}”是必填项,但没有审核关系 {id}。请补上 {id}: {rule}。"));
    }
    for (part, item) in rules_of(parts) {
        if let Some(id) = &item.name
            && asked.iter().any(|asked| asked.rule == *id && !asked.is_required)
        {
            let message = format!("{id} 要求必填,但表式中没有 required = true。请改成一致。");
            part.error(item.span, message, log);
        }
    }
}

fn rules_of<'p>(parts: &'p [Part]) -> impl Iterator<Item = (&'p Part<'p>, &'p RuleItem)> {
    parts.iter().flat_map(|part| part.rules.iter().map(move |rule| (part, &rule.item)))
}

fn refuse_strangers<'p>(book: &Book, path: &str, parts: impl Iterator<Item = &'p Part<'p>>, log: &mut Log) {
    let parts: Vec<&Part> = parts.collect();
    let items = || parts.iter().flat_map(|part| part.rules.iter().map(move |rule| (part.notation, &rule.item)));
    let named = || items().filter_map(|(notation, item)| Some((notation, item.name.as_deref()?)));
    let described = named().filter_map(|(notation, id)| Some(book.abouts.of(id, notation)?.0));
    let ids = named().map(|(_, id)| id).chain(described).collect();
    abouts::refuse_strangers(book.files, path, book.abouts, &ids, log);
}
