//! Loading 载入: from files to profiles that have been verified as a whole, or to every reason why not.

mod cases;
mod error;
mod grid;
mod norms;
mod onboarding;
mod organisations;
mod raw;
mod sponsorship;
mod standards;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use youju_codes::{AreaCode, AreaLevel, area};
use youju_domain::organisation::Kind;

pub use cases::{CaseTypes, load_cases};
pub use error::LoadError;
use error::{Source, below};
pub(crate) use onboarding::shared as shared_onboarding;
use raw::Text;

use crate::files::Files;
use crate::profile::{Document, Profile};

const PROFILE: &str = "profile.toml";
const ORGANISATION: &str = "organisation.toml";
const NORMS: &str = "norms.toml";
const STANDARDS: &str = "checklists.toml";
const GRID: &str = "grid.toml";
const SPONSORSHIP: &str = "sponsorship.toml";
const ONBOARDING: &str = "onboarding.toml";

/// Loads and verifies profiles that are in force side by side. Nothing of them takes effect when anything is wrong; all errors are
/// told at once.
pub fn load(profiles: &[Files]) -> Result<Vec<Profile>, Vec<LoadError>> {
    let mut errors = Vec::new();
    let mut loaded: Vec<Profile> = Vec::new();
    for files in profiles {
        let Some(profile) = read(files, &mut errors) else { continue };
        if let Some(other) = loaded.iter().find(|other| other.area == profile.area) {
            let message = format!("区划 {} 已有配置“{}”,一个区划只能有一套。", profile.area, other.id);
            errors.push(LoadError { file: below(files, PROFILE), line: 1, message });
        }
        loaded.push(profile);
    }
    errors.sort();
    errors.dedup();
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

fn read(files: &Files, errors: &mut Vec<LoadError>) -> Option<Profile> {
    let known = |path: &&str| {
        let own = [PROFILE, ORGANISATION, NORMS, STANDARDS, GRID, SPONSORSHIP, ONBOARDING];
        own.contains(path) || path.starts_with(cases::FOLDER)
    };
    for path in files.paths().filter(|path| !known(path)) {
        let message = "配置中没有这种文件。请核对文件名。".to_owned();
        errors.push(LoadError { file: below(files, path), line: 1, message });
    }
    let Some(mut source) = Source::open(files, PROFILE, errors) else {
        errors.push(LoadError {
            file: below(files, PROFILE), line: 1, message: "没有这个文件。请补上。".to_owned()
        });
        return None;
    };
    let raw: raw::Profile = source.toml()?;
    if !files.name().is_empty() && raw.id.get_ref() != files.name() {
        source.error(&raw.id.span(), format!("代号“{}”与文件夹名“{}”不一致。", raw.id.get_ref(), files.name()));
    }
    let documents = read_documents(&mut source, raw.documents);
    let area = read_area(&mut source, &raw.area)?;
    if area.level() > AreaLevel::County {
        source.error(&raw.area.span(), "配置是省、市、县的,区划代码只写到县级。");
    }
    if let Some(listed) = area::name(&area).filter(|listed| !raw.name.get_ref().contains(listed)) {
        let says = format!("区划代码 {area} 是{listed},与名称“{}”对不上。", raw.name.get_ref());
        source.error(&raw.area.span(), says);
    }
    let document = read_source(&mut source, &raw.document, &documents);
    let mut profile = Profile {
        id: text(&mut source, raw.id, "代号(id)"),
        name: text(&mut source, raw.name, "名称(name)"),
        area,
        cell_word: text(&mut source, raw.cell_word, "网格的叫法(cell_word)"),
        since: read_date(&mut source, &raw.since, "起始日期(since)"),
        documents,
        document,
        organisations: Vec::new(),
        norms: Vec::new(),
        standards: Vec::new(),
        grid: None,
        sponsorship: Vec::new(),
        onboarding: onboarding::shared().clone(),
    };
    profile.organisations = organisations::read(files, &profile, errors);
    profile.norms = norms::read(files, &profile, errors);
    profile.standards = standards::read(files, &profile, errors);
    profile.grid = grid::read(files, &profile, errors);
    profile.sponsorship = sponsorship::read(files, &profile, errors);
    profile.onboarding = onboarding::read(files, &profile, errors);
    Some(profile)
}

fn read_documents(source: &mut Source<'_>, raw: BTreeMap<String, raw::Document>) -> BTreeMap<String, Document> {
    let mut documents = BTreeMap::new();
    for (key, raw) in raw {
        let dated = raw.dated.as_ref().map(|dated| read_date(source, dated, "文件日期(dated)"));
        let title = text(source, raw.title, "文件标题(title)");
        let authority = text(source, raw.authority, "发文机关(authority)");
        documents.insert(key, Document { title, authority, number: raw.number.trim().to_owned(), dated });
    }
    documents
}

/// A text that must not be empty.
fn text(source: &mut Source<'_>, text: Text, what: &str) -> String {
    if text.get_ref().trim().is_empty() {
        source.error(&text.span(), format!("{what}不能为空。"));
    }
    text.into_inner().trim().to_owned()
}

fn read_area(source: &mut Source<'_>, code: &Text) -> Option<AreaCode> {
    match AreaCode::parse(code.get_ref()) {
        Ok(code) => Some(code),
        Err(error) => {
            source.error(&code.span(), error.to_string());
            None
        }
    }
}

fn read_date(source: &mut Source<'_>, date: &Text, what: &str) -> NaiveDate {
    date.get_ref().parse().unwrap_or_else(|_| {
        source.error(&date.span(), format!("{what}应为日期,现为“{}”。请写成 2026-12-31。", date.get_ref()));
        NaiveDate::default()
    })
}

/// The key of a document that `profile.toml` must explain.
fn read_source(source: &mut Source<'_>, key: &Text, known: &BTreeMap<String, Document>) -> String {
    if !known.contains_key(key.get_ref()) {
        let says = format!("profile.toml 的 documents 中没有来源“{}”。请补上,或核对写法。", key.get_ref());
        source.error(&key.span(), says);
    }
    key.get_ref().clone()
}

/// Title of a document and the paragraph in it.
fn read_ground(
    source: &mut Source<'_>,
    (key, paragraph): (&Text, Text),
    known: &BTreeMap<String, Document>,
) -> (String, String) {
    let key = read_source(source, key, known);
    let title = known.get(&key).map(|document| document.title.clone()).unwrap_or_default();
    (title, text(source, paragraph, "出处段落(paragraph)"))
}

/// Kinds of organisations, at least one, none twice.
fn read_kinds(source: &mut Source<'_>, kinds: &[Text], at: &Range<usize>) -> Vec<Kind> {
    if kinds.is_empty() {
        source.error(at, "没有写适用的机构类型(kinds)。");
    }
    let read: Vec<Kind> = kinds.iter().filter_map(|kind| read_kind(source, kind)).collect();
    let distinct: BTreeSet<Kind> = read.iter().copied().collect();
    if distinct.len() < read.len() {
        source.error(at, "机构类型(kinds)重复。请只留一个。");
    }
    read
}

fn read_kind(source: &mut Source<'_>, kind: &Text) -> Option<Kind> {
    let found = Kind::from_key(kind.get_ref());
    if found.is_none() {
        let known = Kind::ALL.map(Kind::key).join("、");
        source.error(&kind.span(), format!("没有机构类型“{}”。可用:{known}。", kind.get_ref()));
    }
    found
}

/// Refuses a key that stands there already, and one that would not do as part of an address.
fn read_key(source: &mut Source<'_>, key: &Text, seen: &mut BTreeSet<String>, what: &str) -> String {
    let text = key.get_ref();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || !text.chars().all(is_plain) {
        source.error(&key.span(), format!("{what}“{text}”只能用小写字母、数字和下划线。"));
    }
    if !seen.insert(text.clone()) {
        source.error(&key.span(), format!("{what}“{text}”重复。请只留一个。"));
    }
    text.clone()
}
