//! Reading `outside.toml`: which figures of departments are compared with which cells. Every form, cell, unit of measure and
//! source must be known, and an item means the same in every programme that looks at it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rust_decimal::Decimal;
use youju_codes::{Measure, parse_number};
use youju_domain::outside::{Against, Item, Span};

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::{read_provenance, read_sources, required};
use crate::files::Files;
use crate::form::{Form, Provenance};
use crate::programme::{Programme, Reference};

pub(super) const OUTSIDE: &str = "outside.toml";

/// No tolerance is wider: beyond a tenth or ten times the two are not the same figure.
const PERCENT_MAX: i64 = 1_000;

/// What an item may name.
struct Known<'a> {
    /// 表号 of the programme, also of forms that could not be read.
    listed: &'a [String],
    forms: &'a [Form],
    sources: &'a BTreeMap<String, Reference>,
}

/// The items of a programme; none where there is no such file.
pub(super) fn read(
    files: &Files,
    (listed, forms): (&[String], &[Form]),
    sources: &BTreeMap<String, Reference>,
    log: &mut Log,
) -> Vec<Item> {
    if files.get(OUTSIDE).is_none() {
        return Vec::new();
    }
    let Some(mut source) = Source::open(files, OUTSIDE, log) else { return Vec::new() };
    let Some(raw) = source.toml::<raw::Outside>() else { return Vec::new() };
    let known = Known { listed, forms, sources };
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for raw in raw.item {
        if !seen.insert(raw.id.get_ref().clone()) {
            source.error(&raw.id.span(), format!("部门数据代号“{}”重复。请只留一个。", raw.id.get_ref()));
        }
        items.extend(read_item(&mut source, raw, &known));
    }
    items
}

fn read_item(source: &mut Source, raw: raw::OutsideItem, known: &Known<'_>) -> Option<Item> {
    let at = raw.id.span();
    let id = raw.id.into_inner();
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        source.error(&at, format!("部门数据代号“{id}”只能用小写字母、数字和下划线。"));
    }
    let name = required(source, Some(raw.name), &at, "部门数据名称(name)");
    let department = required(source, Some(raw.department), &at, "部门(department)");
    if raw.columns.is_empty() {
        source.error(&at, "缺少 columns:部门的表里这一列叫什么,至少写一个。");
    }
    if raw.compare.is_empty() {
        source.error(&at, "缺少 [[item.compare]]:没有对照的数据项,导入了也没有用。");
    }
    let measure = read_measure(source, &raw.measure);
    let span = read_span(source, &raw.span);
    let measure = measure?;
    let compare = raw.compare.into_iter();
    let against = compare.filter_map(|raw| read_against(source, raw, measure, known)).collect();
    Some(Item {
        id,
        name,
        department,
        measure,
        span: span?,
        columns: raw.columns,
        against,
        sources: titles(source, &raw.sources, known),
        is_inferred: is_inferred(source, &at, raw.provenance.as_ref(), &raw.sources),
        note: raw.note,
    })
}

fn read_against(source: &mut Source, raw: raw::OutsideCompare, measure: Measure, known: &Known<'_>) -> Option<Against> {
    let at = raw.form.span();
    let (least, most) = (read_percent(source, &raw.at_least), read_percent(source, &raw.at_most));
    if let (Some(least), Some(most)) = (least, most)
        && (least > Decimal::ONE_HUNDRED || most < Decimal::ONE_HUNDRED)
    {
        source.error(&raw.at_least.span(), "容许范围应包含 100:at_least 不大于 100,at_most 不小于 100。");
    }
    let against_is_inferred = is_inferred(source, &at, raw.provenance.as_ref(), &raw.sources);
    let titles = titles(source, &raw.sources, known);
    if !known.listed.contains(raw.form.get_ref()) {
        source.error(&at, format!("本制度没有表号为“{}”的报表。", raw.form.get_ref()));
    }
    let form = known.forms.iter().find(|form| form.code == *raw.form.get_ref())?;
    let Some(cell) = form.cells().iter().find(|cell| cell.id.as_str() == raw.cell.get_ref() && cell.is_number()) else {
        let says = format!("{}没有数值数据项“{}”。", form.title(), raw.cell.get_ref());
        source.error(&raw.cell.span(), says);
        return None;
    };
    if measure.factor(cell.measure).is_none() {
        let says = format!("计量单位“{measure}”不能换算成“{}”的“{}”。", cell.label, cell.measure);
        source.error(&raw.cell.span(), says);
    }
    Some(Against {
        form: form.code.clone(),
        cell: cell.id.clone(),
        at_least: least?,
        at_most: most?,
        sources: titles,
        is_inferred: against_is_inferred,
        note: raw.note,
    })
}

/// What is called real rests on a named source.
fn is_inferred(source: &mut Source, at: &Range<usize>, provenance: Option<&Text>, keys: &[Text]) -> bool {
    let is_real = read_provenance(source, provenance, Provenance::Inferred) == Provenance::Real;
    if is_real && keys.is_empty() {
        source.error(at, "写了 provenance = \"real\",还要写明来源(sources)。");
    }
    !is_real
}

fn titles(source: &mut Source, keys: &[Text], known: &Known<'_>) -> Vec<String> {
    let keys = read_sources(source, keys, known.sources);
    keys.iter().filter_map(|key| known.sources.get(key)).map(|reference| reference.title.clone()).collect()
}

fn read_measure(source: &mut Source, text: &Text) -> Option<Measure> {
    let read = Measure::parse(text.get_ref());
    if let Err(error) = &read {
        source.error(&text.span(), format!("计量单位有误:{error}"));
    }
    read.ok()
}

fn read_span(source: &mut Source, text: &Text) -> Option<Span> {
    let read = Span::from_key(text.get_ref());
    if read.is_none() {
        let may = Span::ALL.map(Span::key).join("、");
        source.error(&text.span(), format!("没有时间口径“{}”。可用:{may}。", text.get_ref()));
    }
    read
}

/// Percents are written as text: a number of TOML has been through a floating point.
fn read_percent(source: &mut Source, text: &Text) -> Option<Decimal> {
    let read = parse_number(text.get_ref()).ok().filter(|percent| {
        !percent.is_sign_negative() && *percent <= Decimal::from(PERCENT_MAX) && percent.scale() <= 2
    });
    if read.is_none() {
        let says = format!("百分比“{}”应写成 \"91\" 的样子,0 到 {PERCENT_MAX},最多两位小数。", text.get_ref());
        source.error(&text.span(), says);
    }
    read
}

/// Two programmes that look at the same item must mean the same by it.
pub(super) fn refuse_disagreement(programmes: &[(&str, &Programme)], log: &mut Log) {
    let mut known: BTreeMap<&str, &Item> = BTreeMap::new();
    for (folder, programme) in programmes {
        for item in programme.outside() {
            let first = *known.entry(&item.id).or_insert(item);
            let says = |item: &Item| (item.name.clone(), item.department.clone(), item.measure, item.span);
            if says(first) != says(item) {
                let says =
                    format!("部门数据“{}”与另一套制度的不一致:名称、部门、计量单位、时间口径应当相同。", item.id);
                log.below(folder).at_line(OUTSIDE, 1, says);
            }
        }
    }
}
