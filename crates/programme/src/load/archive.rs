//! Reading `archive.toml`: every kind, form, ledger and source must be known, and nothing may be kept for less than the law asks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use youju_domain::archive::{Duty, Each, Evidence, Ground, Item, TERM_YEARS_MAX, TERM_YEARS_MIN, Term};

use super::error::{Log, Source};
use super::raw::{self, Text};
use super::{read_provenance, read_sources, required};
use crate::archive::{Archive, Project};
use crate::files::Files;
use crate::form::{Form, Provenance};
use crate::ledger::Ledger;
use crate::programme::Reference;

pub(super) const ARCHIVE: &str = "archive.toml";

/// What an item may name.
struct Known<'a> {
    /// 表号 of the programme, also of forms that could not be read.
    listed: &'a [String],
    forms: &'a [Form],
    ledgers: &'a [Ledger],
    sources: &'a BTreeMap<String, Reference>,
}

/// The boxes of a programme; empty ones where there is no such file.
pub(super) fn read(
    files: &Files,
    (listed, forms): (&[String], &[Form]),
    (ledgers, sources): (&[Ledger], &BTreeMap<String, Reference>),
    log: &mut Log,
) -> Archive {
    if files.get(ARCHIVE).is_none() {
        return Archive::default();
    }
    let Some(mut source) = Source::open(files, ARCHIVE, log) else { return Archive::default() };
    let Some(raw) = source.toml::<raw::Archive>() else { return Archive::default() };
    let known = Known { listed, forms, ledgers, sources };
    let items = read_items(&mut source, raw.item, &known);
    let project = raw.project.map(|project| read_project(&mut source, project, &known));
    Archive { items, project }
}

fn read_project(source: &mut Source, raw: raw::ArchiveProject, known: &Known<'_>) -> Project {
    refuse_unknown_forms(source, std::slice::from_ref(&raw.form), known);
    if let Some(form) = known.forms.iter().find(|form| form.code == *raw.form.get_ref()) {
        match form.list(raw.list.get_ref()) {
            None => source.error(&raw.list.span(), format!("{}没有清单“{}”。", form.title(), raw.list.get_ref())),
            Some(list) => {
                if list.key.is_empty() {
                    source.error(&raw.list.span(), "这个清单的各行没有 key,分不出是哪个项目。");
                }
                if list.column(raw.name.get_ref()).is_none() {
                    let says = format!("清单“{}”没有栏目“{}”。", raw.list.get_ref(), raw.name.get_ref());
                    source.error(&raw.name.span(), says);
                }
            }
        }
    }
    let items = read_items(source, raw.item, known);
    Project { form: raw.form.into_inner(), list: raw.list.into_inner(), name: raw.name.into_inner(), items }
}

fn read_items(source: &mut Source, raw: Vec<raw::ArchiveItem>, known: &Known<'_>) -> Vec<Item> {
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for raw in raw {
        if !seen.insert(raw.id.get_ref().clone()) {
            source.error(&raw.id.span(), format!("档案盒的项目代号“{}”重复。请只留一个。", raw.id.get_ref()));
        }
        items.extend(read_item(source, raw, known));
    }
    items
}

fn read_item(source: &mut Source, raw: raw::ArchiveItem, known: &Known<'_>) -> Option<Item> {
    let at = raw.id.span();
    let name = required(source, Some(raw.name), &at, "材料名称(name)");
    let evidence = one_of(source, &raw.evidence, "材料种类", Evidence::from_key, &Evidence::ALL.map(Evidence::key));
    let duty = match &raw.owed {
        None => Some(Duty::Always),
        Some(text) => one_of(source, text, "归档要求", duty, &["always", "happened"]),
    };
    let each = match &raw.each {
        None => Some(Each::Report),
        Some(text) => one_of(source, text, "归档频率", each, &["report", "year"]),
    };
    let keep = read_keep(source, &raw.keep);
    refuse_unknown_forms(source, &raw.forms, known);
    for id in raw.ledgers.iter().filter(|id| known.ledgers.iter().all(|ledger| ledger.id != *id.get_ref())) {
        source.error(&id.span(), format!("本制度没有台账“{}”。", id.get_ref()));
    }
    let (evidence, keep) = (evidence?, keep?);
    refuse_misfits(source, &at, evidence, (!raw.words.is_empty(), raw.each.is_some(), !raw.ledgers.is_empty()));
    if evidence == Evidence::Reports && keep != Term::Permanent {
        source.error(&raw.keep.span(), "上报过的报表永久保存,keep 只能写 permanent。");
    }
    let forms = raw.forms.into_iter().map(toml::Spanned::into_inner).collect::<Vec<_>>();
    Some(Item {
        id: raw.id.into_inner(),
        name,
        evidence,
        forms: if forms.is_empty() { known.listed.to_vec() } else { forms },
        ledgers: raw.ledgers.into_iter().map(toml::Spanned::into_inner).collect(),
        words: raw.words,
        duty: if evidence.only_happens() { Duty::IfHappened } else { duty? },
        each: each?,
        keep,
        ground: read_ground(source, &at, (raw.provenance.as_ref(), &raw.sources, raw.article), known.sources),
        note: raw.note,
    })
}

/// What means nothing for a kind would be believed to mean something.
fn refuse_misfits(
    source: &mut Source,
    at: &Range<usize>,
    evidence: Evidence,
    (words, each, ledgers): (bool, bool, bool),
) {
    let is_paper = evidence == Evidence::Attachments;
    if is_paper != words {
        source.error(at, "words 只用于 attachments,并且必须写:附件的文件名或说明里有其中一个词,就算这一项。");
    }
    if each && !is_paper {
        source.error(at, "each 只用于 attachments。");
    }
    if ledgers && evidence != Evidence::Ledgers {
        source.error(at, "ledgers 只用于材料种类 ledgers。");
    }
}

/// A term rests on an article of a named text, or says that it is inferred.
fn read_ground(
    source: &mut Source,
    at: &Range<usize>,
    (provenance, keys, article): (Option<&Text>, &[Text], String),
    known: &BTreeMap<String, Reference>,
) -> Ground {
    let is_inferred = read_provenance(source, provenance, Provenance::Inferred) != Provenance::Real;
    let keys = read_sources(source, keys, known);
    if !is_inferred && (keys.is_empty() || article.trim().is_empty()) {
        source.error(at, "保存期限写了 provenance = \"real\",还要写明来源(sources)和条款(article)。");
    }
    let sources = keys.iter().filter_map(|key| known.get(key)).map(|reference| reference.title.clone()).collect();
    Ground { sources, article, is_inferred }
}

fn refuse_unknown_forms(source: &mut Source, codes: &[Text], known: &Known<'_>) {
    for code in codes.iter().filter(|code| !known.listed.contains(code.get_ref())) {
        source.error(&code.span(), format!("本制度没有表号为“{}”的报表。", code.get_ref()));
    }
}

fn read_keep(source: &mut Source, text: &Text) -> Option<Term> {
    let read = Term::parse(text.get_ref());
    if read.is_none() {
        let says = format!(
            "保存期限“{}”应写成 permanent,或 {TERM_YEARS_MIN}y 到 {TERM_YEARS_MAX}y(统计法实施条例:至少 {TERM_YEARS_MIN} 年)。",
            text.get_ref()
        );
        source.error(&text.span(), says);
    }
    read
}

fn one_of<T>(
    source: &mut Source,
    text: &Text,
    what: &str,
    read: impl Fn(&str) -> Option<T>,
    may: &[&str],
) -> Option<T> {
    let found = read(text.get_ref());
    if found.is_none() {
        source.error(&text.span(), format!("没有{what}“{}”。可用:{}。", text.get_ref(), may.join("、")));
    }
    found
}

fn duty(text: &str) -> Option<Duty> {
    match text {
        "always" => Some(Duty::Always),
        "happened" => Some(Duty::IfHappened),
        _ => None,
    }
}

fn each(text: &str) -> Option<Each> {
    match text {
        "report" => Some(Each::Report),
        "year" => Some(Each::Year),
        _ => None,
    }
}
