//! Reading `assessment.toml`: every figure must exist and be a number, and give what its comparison needs.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_codes::parse_number;
use youju_domain::assessment::{Bound, Compare, Rule};

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::{read_provenance, read_sources, required};
use crate::assessment::{Figure, Item};
use crate::facts::Tables;
use crate::files::Files;
use crate::form::{Provenance, last_year_of};
use crate::programme::Reference;

pub(super) const ASSESSMENT: &str = "assessment.toml";

/// The items of a programme; none where there is no such file. `listed` are its forms, `tables` the forms of all programmes.
pub(super) fn read(
    files: &Files,
    (listed, tables): (&[String], &Tables),
    known: &BTreeMap<String, Reference>,
    log: &mut Log,
) -> Vec<Item> {
    if files.get(ASSESSMENT).is_none() {
        return Vec::new();
    }
    let Some(mut source) = Source::open(files, ASSESSMENT, log) else { return Vec::new() };
    let Some(raw) = source.toml::<raw::Assessment>() else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for raw in raw.item {
        let form = raw.form.get_ref().clone();
        if !listed.contains(&form) {
            source.error(&raw.form.span(), format!("本制度没有表号为“{form}”的报表。"));
        }
        if !seen.insert((form, raw.id.get_ref().clone())) {
            source.error(&raw.id.span(), format!("评估项目代号“{}”重复。请只留一个。", raw.id.get_ref()));
        }
        items.extend(read_item(&mut source, raw, tables, known));
    }
    items
}

fn read_item(
    source: &mut Source,
    raw: raw::AssessmentItem,
    tables: &Tables,
    known: &BTreeMap<String, Reference>,
) -> Option<Item> {
    let name = required(source, Some(raw.name), &raw.id.span(), "评估项目名称(name)");
    let bound = read_bound(source, &raw.id, raw.low.as_ref(), raw.high.as_ref());
    let provenance = read_provenance(source, raw.provenance.as_ref(), Provenance::Youju);
    let keys = read_sources(source, &raw.sources, known);
    let compare = read_compare(source, &raw.compare);
    let figure = read_figure(source, &raw.form, &raw.figure, tables);
    let other = raw.other.as_ref().map(|other| {
        let form = other.form.as_ref().unwrap_or(&raw.form);
        read_figure(source, form, &other.cell, tables)
    });
    let (compare, bound, figure) = (compare?, bound?, figure?);
    if compare.needs_other() != other.is_some() {
        let says = if other.is_some() { "不用 other" } else { "还要写 other(比较数)" };
        source.error(&raw.compare.span(), format!("“{}”{says}。", compare.key()));
        return None;
    }
    let other = match other {
        Some(other) => Some(other?),
        None => None,
    };
    refuse_unfit(source, &raw.figure, compare, (&figure, other.as_ref()));
    let sources = keys.iter().filter_map(|key| known.get(key)).map(|reference| reference.title.clone()).collect();
    Some(Item {
        form: raw.form.into_inner(),
        rule: Rule { id: raw.id.into_inner(), name, compare, bound },
        figure,
        other,
        provenance,
        sources,
        note: raw.note,
    })
}

fn read_compare(source: &mut Source, text: &Text) -> Option<Compare> {
    let found = Compare::from_key(text.get_ref());
    if found.is_none() {
        let may = Compare::ALL.map(Compare::key).join("、");
        source.error(&text.span(), format!("没有比较方法“{}”。可用:{may}。", text.get_ref()));
    }
    found
}

/// Both ends are texts, because a number of TOML is not exact. At least one of them is there, and they are in order.
fn read_bound(source: &mut Source, id: &Text, low: Option<&Text>, high: Option<&Text>) -> Option<Bound> {
    if low.is_none() && high.is_none() {
        source.error(&id.span(), "没有允许范围。请写 low、high 或其中一个,例如 low = \"-10\"。");
        return None;
    }
    let mut end = |text: &Text| -> Option<Decimal> {
        let read = parse_number(text.get_ref());
        read.map_err(|error| source.error(&text.span(), format!("允许范围应为数字:{error}"))).ok()
    };
    let bound = Bound {
        low: match low {
            Some(text) => Some(end(text)?),
            None => None,
        },
        high: match high {
            Some(text) => Some(end(text)?),
            None => None,
        },
    };
    if bound.low.zip(bound.high).is_some_and(|(low, high)| low > high) {
        source.error(&id.span(), "允许范围的 low 应不大于 high。");
        return None;
    }
    Some(bound)
}

fn read_figure(source: &mut Source, form: &Text, cell: &Text, tables: &Tables) -> Option<Figure> {
    let Some(table) = tables.get(form.get_ref()) else {
        source.error(&form.span(), format!("各制度都没有表号为“{}”的报表。", form.get_ref()));
        return None;
    };
    let Some(found) = table.cells.iter().find(|known| known.id.as_str() == cell.get_ref()) else {
        source.error(&cell.span(), format!("{}没有编号为 {} 的数据项。", form.get_ref(), cell.get_ref()));
        return None;
    };
    if !found.is_number() {
        source.error(&cell.span(), format!("{}“{}”不是数字,不能汇总评估。", form.get_ref(), found.label));
        return None;
    }
    Some(Figure {
        form: form.get_ref().clone(),
        cell: found.id.clone(),
        last_year: last_year_of(&table.cells, found).cloned(),
        label: found.label.clone(),
        measure: found.measure,
    })
}

/// A comparison that could never be computed would be an item that nobody ever sees fail.
fn refuse_unfit(source: &mut Source, at: &Text, compare: Compare, (figure, other): (&Figure, Option<&Figure>)) {
    let figures = || std::iter::once(figure).chain(other);
    if compare.needs_last_year() {
        for lacks in figures().filter(|figure| figure.last_year.is_none()) {
            let says = format!("{}“{}”没有上年同期的数据项,算不出增速。", lacks.form, lacks.label);
            source.error(&at.span(), says);
        }
    }
    if compare == Compare::Agree && figures().any(|one| one.measure != figure.measure) {
        source.error(&at.span(), "两个数的计量单位不同,不能比较是否一致。");
    }
}
