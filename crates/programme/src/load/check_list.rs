//! Reading `checklist.toml`: every form, list, column and source must be known, and a threshold must be said in the measure in which
//! the figure is reported.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::Measure;
use youju_domain::archive::Ground;
use youju_domain::check_list::Every;

use super::error::{Log, Source};
use super::raw;
use super::{read_provenance, read_sources};
use crate::cell::Kind;
use crate::check_list::{CheckListRule, Rows, Threshold};
use crate::files::Files;
use crate::form::{Form, Provenance};
use crate::programme::Reference;

pub(super) const CHECK_LIST: &str = "checklist.toml";

/// The check lists of a programme; none where there is no such file.
pub(super) fn read(
    files: &Files,
    (listed, forms): (&[String], &[Form]),
    sources: &BTreeMap<String, Reference>,
    log: &mut Log,
) -> Vec<CheckListRule> {
    if files.get(CHECK_LIST).is_none() {
        return Vec::new();
    }
    let Some(mut source) = Source::open(files, CHECK_LIST, log) else { return Vec::new() };
    let Some(raw) = source.toml::<raw::CheckLists>() else { return Vec::new() };
    let mut seen: Vec<String> = Vec::new();
    let mut rules = Vec::new();
    for raw in raw.list {
        for code in &raw.forms {
            if !listed.contains(code.get_ref()) {
                source.error(&code.span(), format!("本制度没有表号为“{}”的报表。", code.get_ref()));
            } else if seen.contains(code.get_ref()) {
                source.error(&code.span(), format!("表号“{}”已有核实清单。一张表只有一种。", code.get_ref()));
            }
            seen.push(code.get_ref().clone());
        }
        let forms: Vec<&Form> =
            forms.iter().filter(|form| raw.forms.iter().any(|code| *code.get_ref() == form.code)).collect();
        rules.extend(read_one(&mut source, raw, &forms, sources));
    }
    rules
}

fn read_one(
    source: &mut Source,
    raw: raw::CheckList,
    forms: &[&Form],
    sources: &BTreeMap<String, Reference>,
) -> Option<CheckListRule> {
    let every = Every::from_key(raw.every.get_ref());
    if every.is_none() {
        source.error(&raw.every.span(), format!("没有报告频率“{}”。可用:day、week。", raw.every.get_ref()));
    }
    let rows = raw.rows.as_ref().map(|rows| read_rows(source, rows, forms));
    let threshold = raw.threshold.as_ref().and_then(|one| read_threshold(source, one, rows.as_ref(), forms));
    let evidence_same_day = raw.evidence.as_ref().is_some_and(|text| {
        if text.get_ref() != "same_day" {
            source.error(&text.span(), format!("没有支撑材料要求“{}”。可用:same_day。", text.get_ref()));
        }
        true
    });
    let is_inferred = read_provenance(source, raw.provenance.as_ref(), Provenance::Inferred) != Provenance::Real;
    let keys = read_sources(source, &raw.sources, sources);
    if !is_inferred && (keys.is_empty() || raw.article.trim().is_empty()) {
        let at = raw.every.span();
        source.error(&at, "核实清单写了 provenance = \"real\",还要写明来源(sources)和条款(article)。");
    }
    let titles = keys.iter().filter_map(|key| sources.get(key)).map(|reference| reference.title.clone()).collect();
    Some(CheckListRule {
        forms: raw.forms.into_iter().map(toml::Spanned::into_inner).collect(),
        every: every?,
        queries: raw.queries,
        rows,
        threshold,
        evidence_same_day,
        ground: Ground { sources: titles, article: raw.article, is_inferred },
        note: raw.note,
    })
}

fn read_rows(source: &mut Source, raw: &raw::CheckListRows, forms: &[&Form]) -> Rows {
    for form in forms {
        match form.list(raw.list.get_ref()) {
            None => source.error(&raw.list.span(), format!("{}没有清单“{}”。", form.title(), raw.list.get_ref())),
            Some(list) => {
                if list.key.is_empty() {
                    source.error(&raw.list.span(), "这个清单的各行没有 key,到下一天分不出是哪一行。");
                }
                if list.column(raw.name.get_ref()).is_none() {
                    let says = format!("清单“{}”没有栏目“{}”。", raw.list.get_ref(), raw.name.get_ref());
                    source.error(&raw.name.span(), says);
                }
            }
        }
    }
    Rows { list: raw.list.get_ref().clone(), name: raw.name.get_ref().clone() }
}

fn read_threshold(
    source: &mut Source,
    raw: &raw::CheckListThreshold,
    rows: Option<&Rows>,
    forms: &[&Form],
) -> Option<Threshold> {
    let cell = raw.cell.get_ref();
    let at_least = Decimal::from_str_exact(raw.at_least.get_ref()).ok();
    if at_least.is_none() {
        source.error(&raw.at_least.span(), format!("界限“{}”应为数字,写在引号里。", raw.at_least.get_ref()));
    }
    let measure = Measure::parse(raw.measure.get_ref()).ok();
    if measure.is_none() {
        source.error(&raw.measure.span(), format!("没有计量单位“{}”。", raw.measure.get_ref()));
    }
    let mut label = None;
    for form in forms {
        let column = rows.and_then(|rows| form.list(&rows.list)?.column(cell));
        let found = match (rows, column) {
            (Some(_), column) => column.map(|column| {
                let indicator = &column.indicator;
                (indicator.label.clone(), indicator.measure, indicator.kind == Kind::Number)
            }),
            (None, _) => form.cell_by_text(cell).map(|one| (one.label.clone(), one.measure, one.is_number())),
        };
        match found {
            None => source.error(&raw.cell.span(), format!("{}没有“{cell}”。", form.title())),
            Some((_, _, false)) => source.error(&raw.cell.span(), format!("“{cell}”不是数字,不能有界限。")),
            Some((_, own, true)) if measure.is_some_and(|measure| measure != own) => {
                let says = format!("“{cell}”的计量单位是{},界限写的是{}。", own.label(), raw.measure.get_ref());
                source.error(&raw.measure.span(), says);
            }
            Some((name, ..)) => label = Some(name),
        }
    }
    Some(Threshold { cell: cell.clone(), label: label?, at_least: at_least?, measure: measure? })
}
