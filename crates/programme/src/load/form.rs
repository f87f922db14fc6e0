//! One form: its table of indicators, and the checks and ledger that belong to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;
use youju_codes::{Measure, PeriodKind};
use youju_domain::register::Listing;
use youju_domain::report::CellId;

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::{
    Head, checks, computed, derivations, lists, paths_of, read_date, read_provenance, read_sources, required,
    version_of,
};
use crate::cell::{Carry, CellDef, DECIMALS_MAX, Kind};
use crate::facts::{Tables, form_name};
use crate::files::Files;
use crate::form::{Column, Form, Group, Indicator, Note, Provenance, cell_id};
use crate::ledger::Ledger;
use crate::list::List;
use crate::programme::Reference;

pub(super) type References = BTreeMap<String, Reference>;

/// What a form's indicators inherit from its head.
pub(super) struct Defaults {
    pub measure: Measure,
    pub decimals: u32,
    pub name_provenance: Provenance,
    pub code_provenance: Provenance,
    pub sources: Vec<String>,
}

/// A form as its own file says it: the checks may look at the cells of every form, so they are read when all of these are.
pub(super) struct Draft {
    pub code: String,
    pub cells: Vec<CellDef>,
    name: String,
    head: Head,
    measure: Measure,
    pub lists: Vec<List>,
    /// The 表号 as a name of the check language.
    pub name_in_checks: String,
    industries: Vec<String>,
    listings: Vec<Listing>,
    columns: Vec<Column>,
    headline: Vec<CellId>,
    pub(super) computed: Vec<raw::Computed>,
    groups: Vec<Group>,
    notes: Vec<Note>,
    foot: Vec<String>,
    period: PeriodKind,
    by_id: BTreeMap<CellId, usize>,
}

pub(super) fn read(
    files: &Files,
    code: &str,
    (inherited, inherited_industries, inherited_listings): (&Head, &[String], &[Listing]),
    known: &References,
    log: &mut Log,
) -> Option<Draft> {
    let [path, ..] = paths_of(code);
    let mut source = Source::open(files, &path, log)?;
    let raw: raw::Form = source.toml()?;
    verify_code(&mut source, raw.code.as_ref(), code);
    let head = read_head(&mut source, &raw, inherited);
    let period = read_period(&mut source, raw.period.as_ref());
    let columns = read_columns(&mut source, &raw.columns);
    let defaults = Defaults {
        measure: read_measure(&mut source, raw.measure.as_ref(), Measure::None),
        decimals: read_decimals(&mut source, raw.decimals.as_ref(), 0),
        name_provenance: read_provenance(&mut source, raw.name_provenance.as_ref(), Provenance::Inferred),
        code_provenance: read_provenance(&mut source, raw.code_provenance.as_ref(), Provenance::Inferred),
        sources: read_sources(&mut source, &raw.sources, known),
    };
    let name = required(&mut source, raw.name, &(0..0), "表名(name)");
    let mut table = Table { columns, cells: Vec::new(), by_id: BTreeMap::new() };
    let groups = raw.group.iter().map(|group| read_group(&mut source, group, &defaults, &mut table, known)).collect();
    let lists = lists::read(&mut source, &raw.list, &defaults, known);
    if table.cells.is_empty() && lists.is_empty() {
        source.error(&(0..0), "没有指标。请在 [[group]] 的 indicators 或 [[list]] 的 columns 中写上。");
    }
    let own = super::read_industries(&mut source, &raw.industries);
    let industries = if own.is_empty() { inherited_industries.to_vec() } else { own };
    if industries.is_empty() {
        source.error(&(0..0), "没有填报范围。请在本表或 programme.toml 的 industries 中写上行业代码。");
    }
    let listings = match super::read_listings(&mut source, &raw.listings) {
        own if !own.is_empty() => own,
        _ if inherited_listings.is_empty() => vec![Listing::Above, Listing::Sample],
        _ => inherited_listings.to_vec(),
    };
    let name_in_checks = read_name_in_checks(&mut source, raw.name_in_checks.as_ref(), code);
    let headline = read_headline(&mut source, &raw.headline, &table);
    let mut note =
        |note: &raw::Note| Note { text: note.text.clone(), sources: read_sources(&mut source, &note.sources, known) };
    Some(Draft {
        code: code.to_owned(),
        name,
        head,
        measure: defaults.measure,
        lists,
        name_in_checks,
        industries,
        listings,
        columns: table.columns,
        headline,
        computed: raw.computed,
        groups,
        notes: raw.notes.iter().map(&mut note).collect(),
        foot: raw.foot,
        period,
        cells: table.cells,
        by_id: table.by_id,
    })
}

/// Adds what is said about the form in its other files.
pub(super) fn finish(
    files: &Files,
    draft: Draft,
    tables: &Arc<Tables>,
    (known, ledgers): (&References, &Arc<Vec<Ledger>>),
    log: &mut Log,
) -> Option<Form> {
    let [.., books] = paths_of(&draft.code);
    let (checks, row_checks) = checks::load(files, &draft.code, draft.measure, tables, known, log)?;
    let table = (draft.code.as_str(), draft.cells.as_slice(), draft.lists.as_slice());
    let derivations = derivations::load(files, table, &books, ledgers, log);
    let computed = computed::read(files, &draft, tables, log);
    verify_taken(files, &draft, tables, log);
    Some(Form {
        tables: Arc::clone(tables),
        version: version_of(files, &draft.code, &draft.head),
        code: draft.code,
        name: draft.name,
        authority: draft.head.authority,
        document: draft.head.document,
        valid_from: draft.head.valid_from,
        valid_to: draft.head.valid_to,
        measure: draft.measure,
        columns: draft.columns,
        headline: draft.headline,
        groups: draft.groups,
        lists: draft.lists,
        industries: draft.industries,
        listings: draft.listings,
        notes: draft.notes,
        foot: draft.foot,
        period: draft.period,
        cells: draft.cells,
        by_id: draft.by_id,
        checks,
        row_checks,
        derivations,
        ledgers: Arc::clone(ledgers),
        computed,
    })
}

/// What is taken from another form must stand there under the same code and in the same unit of measure.
fn verify_taken(files: &Files, draft: &Draft, tables: &Tables, log: &mut Log) {
    let [path, ..] = paths_of(&draft.code);
    let text = files.get(&path).unwrap_or_default();
    for cell in &draft.cells {
        let Carry::OtherForm(form) = &cell.carry else { continue };
        let there = tables.get(form).and_then(|table| table.cells.iter().find(|other| other.id == cell.id));
        let reason = match there {
            None => format!("{form} 表没有单元格 {}", cell.id),
            Some(other) if other.measure != cell.measure => format!("{form} 表的计量单位是 {}", other.measure),
            Some(_) => continue,
        };
        let line = 1 + text.lines().position(|line| line.contains(&format!("\"{}\"", cell.code))).unwrap_or(0);
        log.at_line(&path, line, format!("“{}”不能取自 {form} 表(from):{reason}。", cell.label));
    }
}

/// Headline figures are numbers of the main column, named by their codes.
fn read_headline(source: &mut Source, codes: &[Text], table: &Table) -> Vec<CellId> {
    super::unique(source, codes, "主要指标");
    let mut cells = Vec::new();
    for code in codes {
        let is_it = |cell: &&CellDef| cell.code == *code.get_ref() && cell.column.is_empty() && cell.is_number();
        if let Some(cell) = table.cells.iter().find(is_it) {
            cells.push(cell.id.clone());
        } else {
            let message = format!("主要指标(headline)“{}”不是本表的数值指标。", code.get_ref());
            source.error(&code.span(), message);
        }
    }
    cells
}

fn verify_code(source: &mut Source, code: Option<&Text>, expected: &str) {
    match code {
        Some(code) if code.get_ref() == expected => {}
        Some(code) => {
            source.error(&code.span(), format!("表号“{}”与文件名“{expected}”不一致。请改成相同。", code.get_ref()));
        }
        None => source.error(&(0..0), "缺少表号(code)。没有法定标识的报表,调查对象有权拒绝填报。"),
    }
}

fn read_head(source: &mut Source, raw: &raw::Form, inherited: &Head) -> Head {
    let mut head = inherited.clone();
    if raw.authority.is_some() {
        head.authority = required(source, raw.authority.clone(), &(0..0), "制定机关(authority)");
    }
    if raw.document.is_some() {
        head.document = required(source, raw.document.clone(), &(0..0), "文号(document)");
    }
    if raw.valid_from.is_some() {
        head.valid_from = read_date(source, raw.valid_from.clone(), "有效期起(valid_from)");
    }
    if raw.valid_to.is_some() {
        head.valid_to = read_date(source, raw.valid_to.clone(), "有效期止(valid_to)");
    }
    if let Some(at) = raw.valid_from.as_ref().or(raw.valid_to.as_ref()) {
        head.verify_order(source, &at.span());
    }
    head
}

/// Names of the check language are made of letters, digits and `_`; a 表号 with other letters says how it is called there.
fn read_name_in_checks(source: &mut Source, own: Option<&Text>, code: &str) -> String {
    let is_name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match own {
        Some(own) if !is_name(own.get_ref()) => {
            let message = format!("审核关系中的表名“{}”只能用英文字母、数字和下划线,以字母开头。", own.get_ref());
            source.error(&own.span(), message);
        }
        Some(own) => return own.get_ref().clone(),
        None if code.is_ascii() => {}
        None => source.error(&(0..0), "表号含有汉字。请另写审核关系中的表名(name_in_checks),例如 \"NC_cun\"。"),
    }
    form_name(code)
}

pub(super) fn read_period(source: &mut Source, text: Option<&Text>) -> PeriodKind {
    let Some(text) = text else {
        source.error(&(0..0), "缺少报告期别(period)。可用:month、month_combined、quarter、half、year。");
        return PeriodKind::Year;
    };
    match text.get_ref().as_str() {
        "month" => PeriodKind::Month,
        "month_combined" => PeriodKind::MonthCombined,
        "quarter" => PeriodKind::Quarter,
        "half" => PeriodKind::Half,
        "year" => PeriodKind::Year,
        other => {
            let message = format!("没有报告期别“{other}”。可用:month、month_combined、quarter、half、year。");
            source.error(&text.span(), message);
            PeriodKind::Year
        }
    }
}

pub(super) fn read_measure(source: &mut Source, text: Option<&Text>, otherwise: Measure) -> Measure {
    let Some(text) = text else { return otherwise };
    Measure::parse(text.get_ref()).unwrap_or_else(|error| {
        source.error(&text.span(), error.to_string());
        otherwise
    })
}

fn read_columns(source: &mut Source, raw: &[raw::Column]) -> Vec<Column> {
    if raw.iter().all(|column| !column.id.get_ref().is_empty()) {
        let at = raw.first().map_or(0..0, |column| column.id.span());
        source.error(&at, "没有主栏:应有一个栏目的 id 为空(\"\"),它的单元格就是指标代码本身。");
    }
    let ids: Vec<Text> = raw.iter().map(|column| column.id.clone()).collect();
    super::unique(source, &ids, "栏目 id");
    for id in ids {
        // `__` separates the cell from `prev` and `py` in the names of checks.
        if !id.get_ref().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            source.error(&id.span(), format!("栏目 id“{}”只能用小写字母和数字。", id.get_ref()));
        }
    }
    let known: Vec<&str> = raw.iter().map(|column| column.id.get_ref().as_str()).collect();
    let mut column = |raw: &raw::Column| Column {
        id: raw.id.get_ref().clone(),
        label: raw.label.clone(),
        carry: read_carry(source, (&raw.last_year_of, &raw.adds, &raw.carry), &known),
        measure: raw.measure.as_ref().map(|measure| read_measure(source, Some(measure), Measure::None)),
        decimals: raw.decimals.as_ref().map(|decimals| read_decimals(source, Some(decimals), 0)),
    };
    raw.iter().map(&mut column).collect()
}

/// At most one of `last_year_of`, `adds` and `carry`; `known` are the columns that the first two may name.
pub(super) fn read_carry(
    source: &mut Source,
    (last_year_of, adds, carry): (&Option<Text>, &Option<Text>, &Option<Text>),
    known: &[&str],
) -> Carry {
    for (name, named) in [("last_year_of", last_year_of), ("adds", adds)] {
        if let Some(id) = named.as_ref().filter(|id| !known.contains(&id.get_ref().as_str())) {
            source.error(&id.span(), format!("没有栏目“{}”。{name} 应是另一个栏目的 id。", id.get_ref()));
        }
    }
    match (last_year_of, adds, carry) {
        (None, None, None) => Carry::No,
        (Some(column), None, None) => Carry::LastYear(column.get_ref().clone()),
        (None, Some(column), None) => Carry::Adds(column.get_ref().clone()),
        (None, None, Some(word)) => match word.get_ref().as_str() {
            "always" => Carry::Always,
            "year" => Carry::WithinYear,
            other => {
                source.error(&word.span(), format!("没有结转方式“{other}”。可用:always(一直结转)、year(当年内结转)。"));
                Carry::No
            }
        },
        (first, second, third) => {
            let at = first.iter().chain(second).chain(third).next_back().map_or(0..0, Spanned::span);
            source.error(&at, "last_year_of、adds、carry 只能写一个。");
            Carry::No
        }
    }
}

fn read_follows(source: &mut Source, column: &Text, known: &[&str]) -> Carry {
    if !known.contains(&column.get_ref().as_str()) {
        source.error(&column.span(), format!("没有栏目“{}”。follows 应是另一个栏目的 id。", column.get_ref()));
    }
    Carry::Follows(column.get_ref().clone())
}

/// The cells as they come into being, row by row.
struct Table {
    columns: Vec<Column>,
    cells: Vec<CellDef>,
    by_id: BTreeMap<CellId, usize>,
}

fn read_group(
    source: &mut Source,
    raw: &raw::Group,
    defaults: &Defaults,
    table: &mut Table,
    known: &References,
) -> Group {
    let mut group = Group { heading: raw.heading.clone(), indicators: Vec::new() };
    for raw in &raw.indicators {
        let indicator = read_indicator(source, raw, defaults, (known, &[]));
        for column in columns_of(source, raw, &table.columns) {
            let cell = cell_of(&indicator, &column);
            if table.by_id.insert(cell.id.clone(), table.cells.len()).is_some() {
                source.error(&raw.code.span(), format!("指标代码“{}”重复(单元格 {})。", indicator.code, cell.id));
            }
            table.cells.push(cell);
        }
        group.indicators.push(indicator);
    }
    group
}

/// The columns in which a row has a cell.
fn columns_of(source: &mut Source, raw: &raw::Indicator, all: &[Column]) -> Vec<Column> {
    let Some(wanted) = &raw.columns else { return all.to_vec() };
    for id in wanted.iter().filter(|id| !all.iter().any(|column| column.id == *id.get_ref())) {
        source.error(&id.span(), format!("本表没有栏目“{}”。", id.get_ref()));
    }
    let is_wanted = |column: &&Column| wanted.iter().any(|id| *id.get_ref() == column.id);
    all.iter().filter(is_wanted).cloned().collect()
}

/// `siblings` are the other columns of a list, which its cells may repeat or add.
pub(super) fn read_indicator(
    source: &mut Source,
    raw: &raw::Indicator,
    defaults: &Defaults,
    (known, siblings): (&References, &[&str]),
) -> Indicator {
    let own = read_sources(source, &raw.sources, known);
    for (text, what) in [(&raw.code, "指标代码(code)"), (&raw.name, "指标名称(name)")] {
        if text.get_ref().trim().is_empty() {
            source.error(&text.span(), format!("{what}不能为空。"));
        }
    }
    let name_provenance = read_provenance(source, raw.name_provenance.as_ref(), defaults.name_provenance);
    let code_provenance = read_provenance(source, raw.code_provenance.as_ref(), defaults.code_provenance);
    Indicator {
        code: raw.code.get_ref().clone(),
        name: raw.name.get_ref().clone(),
        label: raw.label.clone().unwrap_or_else(|| raw.name.get_ref().clone()),
        level: raw.level,
        measure: read_measure(source, raw.measure.as_ref(), defaults.measure),
        kind: read_kind(source, raw),
        is_required: raw.required,
        is_nonnegative: read_sign(source, raw.sign.as_ref()),
        decimals: read_decimals(source, raw.decimals.as_ref(), defaults.decimals),
        carry: match (&raw.from, &raw.follows) {
            (Some(form), _) => Carry::OtherForm(form.get_ref().clone()),
            (None, Some(column)) => read_follows(source, column, siblings),
            (None, None) => read_carry(source, (&raw.last_year_of, &raw.adds, &raw.carry), siblings),
        },
        name_provenance,
        code_provenance,
        sources: if own.is_empty() { defaults.sources.clone() } else { own },
    }
}

fn read_kind(source: &mut Source, raw: &raw::Indicator) -> Kind {
    let kind = raw.kind.as_ref().map_or("number", |kind| kind.get_ref().as_str());
    let at = raw.kind.as_ref().map_or_else(|| raw.code.span(), Spanned::span);
    if (kind == "code") == raw.codes.is_empty() {
        source.error(&at, "填报类型为 code 的指标要有代码表(codes),其他类型不能有。");
    }
    match kind {
        "number" => Kind::Number,
        "text" => Kind::Text,
        "code" => Kind::Code(raw.codes.clone()),
        "date" => Kind::Date { may_be_open: raw.open },
        "usci" => Kind::Usci,
        "industry" => Kind::Industry,
        "area" => Kind::Area,
        other => {
            let known = "number、text、code、date、usci、industry、area";
            source.error(&at, format!("没有填报类型“{other}”。可用:{known}。"));
            Kind::Text
        }
    }
}

pub(super) fn read_decimals(source: &mut Source, decimals: Option<&Spanned<u32>>, otherwise: u32) -> u32 {
    let Some(decimals) = decimals else { return otherwise };
    if *decimals.get_ref() > DECIMALS_MAX {
        source.error(&decimals.span(), format!("小数位数最多 {DECIMALS_MAX} 位,现为 {}。", decimals.get_ref()));
    }
    *decimals.get_ref()
}

fn read_sign(source: &mut Source, text: Option<&Text>) -> bool {
    match text.map(|text| text.get_ref().as_str()) {
        None | Some("any") => false,
        Some("nonnegative") => true,
        Some(other) => {
            let at = text.map_or(0..0, Spanned::span);
            source.error(&at, format!("没有符号要求“{other}”。可用:any、nonnegative。"));
            false
        }
    }
}

pub(super) fn cell_of(indicator: &Indicator, column: &Column) -> CellDef {
    let is_main = column.id.is_empty();
    let label = if is_main { indicator.label.clone() } else { format!("{}({})", indicator.label, column.label) };
    CellDef {
        id: cell_id(&indicator.code, &column.id),
        code: indicator.code.clone(),
        label,
        column: column.id.clone(),
        // What the whole column does goes before what a row says.
        carry: match (&column.carry, &indicator.carry) {
            (Carry::No, Carry::OtherForm(_)) if !is_main => Carry::No,
            (Carry::No, own) => own.clone(),
            (whole, _) => whole.clone(),
        },
        kind: indicator.kind.clone(),
        measure: column.measure.unwrap_or(indicator.measure),
        is_required: is_main && indicator.is_required,
        is_nonnegative: indicator.is_nonnegative,
        decimals: column.decimals.unwrap_or(indicator.decimals),
    }
}
