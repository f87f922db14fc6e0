//! Loading 载入: from files to a programme that has been verified as a whole, or to every reason why not.

mod abouts;
mod archive;
mod assessment;
mod calendar;
mod check_list;
mod checks;
mod computed;
mod derivations;
mod error;
mod form;
mod ledger;
mod lists;
mod outside;
mod raw;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use toml::Spanned;
use youju_codes::Industry;
use youju_domain::register::Listing;

pub(crate) use checks::trial;
pub use error::LoadError;
use error::{Log, Source};
use raw::Text;

use crate::archive::Archive;
use crate::calendar::Calendar;
use crate::facts::{Table, Tables};
use crate::files::Files;
use crate::form::Provenance;
use crate::ledger::Ledger;
use crate::programme::{Programme, Reference};

const PROGRAMME: &str = "programme.toml";
const SOURCES: &str = "sources.toml";
/// Files of a programme that are about no single form or ledger.
const PLAIN: [&str; 7] = [
    PROGRAMME,
    SOURCES,
    calendar::CALENDAR,
    archive::ARCHIVE,
    assessment::ASSESSMENT,
    check_list::CHECK_LIST,
    outside::OUTSIDE,
];

/// Loads and verifies programmes that are in force together: the checks of one may look at the forms of another. Nothing of
/// them takes effect when anything is wrong; all errors are told at once.
pub fn load(programmes: &[Files]) -> Result<Vec<Programme>, Vec<LoadError>> {
    let mut log = Log::default();
    if programmes.is_empty() {
        log.missing(PROGRAMME);
    }
    let begun: Vec<(&Files, Begun)> =
        programmes.iter().filter_map(|files| Some((files, begin(files, log.below(files.name()))?))).collect();
    let tables = Arc::new(tables(&begun, &mut log));
    let folders: Vec<&str> = begun.iter().map(|(files, _)| files.name()).collect();
    let finished = begun.into_iter().map(|(files, begun)| begun.finish(files, &tables, log.below(files.name())));
    let loaded: Vec<Programme> = finished.collect();
    let folders: Vec<(&str, &Programme)> = folders.into_iter().zip(&loaded).collect();
    outside::refuse_disagreement(&folders, &mut log);
    let errors = log.into_errors();
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

/// A programme whose forms have been read, but not yet what is said about them: that may look at the forms of all.
struct Begun {
    programme: Programme,
    /// The forms that the programme lists, also those that cannot be read.
    codes: Vec<String>,
    drafts: Vec<form::Draft>,
}

fn begin(files: &Files, log: &mut Log) -> Option<Begun> {
    let sources = load_sources(files, log);
    let mut source = Source::open(files, PROGRAMME, log)?;
    let raw: raw::Programme = source.toml()?;
    let whole = 0..0;
    let id = required(&mut source, raw.id, &whole, "制度代号(id)");
    let name = required(&mut source, raw.name, &whole, "制度名称(name)");
    let domain = required(&mut source, raw.domain, &whole, "专业(domain)");
    let domain_name = required(&mut source, raw.domain_name, &whole, "专业名称(domain_name)");
    let head = Head {
        authority: required(&mut source, raw.authority, &whole, "制定机关(authority)"),
        document: required(&mut source, raw.document, &whole, "文号(document)"),
        valid_from: read_date(&mut source, raw.valid_from, "有效期起(valid_from)"),
        valid_to: read_date(&mut source, raw.valid_to, "有效期止(valid_to)"),
    };
    head.verify_order(&mut source, &whole);
    let provenance = read_provenance(&mut source, raw.provenance.as_ref(), Provenance::Inferred);
    let industries = read_industries(&mut source, &raw.industries);
    let listings = read_listings(&mut source, &raw.listings);
    let codes = unique(&mut source, &raw.forms, "表号");
    if codes.is_empty() {
        source.error(&whole, "没有列出报表。请在 forms 中写上表号。");
    }
    let ids = unique(&mut source, &raw.ledgers, "台账");
    let read = ids.iter().filter_map(|id| ledger::read(files, id, &sources, log));
    let ledgers: Arc<Vec<Ledger>> = Arc::new(read.collect());
    let drafts = codes
        .iter()
        .filter_map(|code| form::read(files, code, (&head, &industries, &listings), &sources, log))
        .collect();
    refuse_strangers(files, &codes, &ids, log);
    let programme = Programme {
        id,
        name,
        authority: head.authority,
        document: head.document,
        valid_from: head.valid_from,
        valid_to: head.valid_to,
        domain,
        domain_name,
        provenance,
        note: raw.note,
        sources,
        forms: Vec::new(),
        ledgers,
        calendar: Calendar::default(),
        archive: Archive::default(),
        assessment: Vec::new(),
        check_lists: Vec::new(),
        outside: Vec::new(),
    };
    Some(Begun { programme, codes, drafts })
}

impl Begun {
    fn finish(mut self, files: &Files, tables: &Arc<Tables>, log: &mut Log) -> Programme {
        let known = (&self.programme.sources, &self.programme.ledgers);
        let forms = self.drafts.into_iter().filter_map(|draft| form::finish(files, draft, tables, known, log));
        self.programme.forms = forms.collect();
        self.programme.calendar =
            calendar::read(files, (&self.codes, &self.programme.forms), &self.programme.sources, log);
        let forms = (self.codes.as_slice(), self.programme.forms.as_slice());
        let known = (self.programme.ledgers.as_slice(), &self.programme.sources);
        self.programme.archive = archive::read(files, forms, known, log);
        self.programme.outside = outside::read(files, forms, &self.programme.sources, log);
        self.programme.check_lists = check_list::read(files, forms, &self.programme.sources, log);
        let forms = (self.codes.as_slice(), tables.as_ref());
        self.programme.assessment = assessment::read(files, forms, &self.programme.sources, log);
        self.programme
    }
}

/// What checks may look at: every form of every programme.
fn tables(begun: &[(&Files, Begun)], log: &mut Log) -> Tables {
    let mut tables = Tables::new();
    let (mut ids, mut ledgers): (BTreeSet<&str>, BTreeSet<String>) = Default::default();
    for (files, Begun { programme, drafts, .. }) in begun {
        let log = log.below(files.name());
        if !ids.insert(&programme.id) {
            log.at_line(PROGRAMME, 1, format!("制度代号“{}”重复:另一套制度已经用了。请换一个。", programme.id));
        }
        for ledger in programme.ledgers.iter().filter(|ledger| !ledgers.insert(ledger.id.clone())) {
            log.at_line(&ledger::path_of(&ledger.id), 1, format!("台账代号“{}”重复:另一套制度已经用了。", ledger.id));
        }
        for draft in drafts {
            let [path, ..] = paths_of(&draft.code);
            let name = draft.name_in_checks.clone();
            if tables.values().any(|table| table.name == name) {
                log.at_line(&path, 1, format!("表号“{}”(审核关系中的 {name})重复:另一张表已经用了。", draft.code));
            }
            let figures = programme.ledgers.iter().flat_map(crate::figures::names).collect();
            let table = Table { name, cells: draft.cells.clone(), lists: draft.lists.clone(), figures };
            tables.insert(draft.code.clone(), table);
        }
    }
    tables
}

/// GB/T 4754 codes, of a section (门类) or below, whose units report.
fn read_industries(source: &mut Source, raw: &[Text]) -> Vec<String> {
    for code in raw {
        if let Err(error) = Industry::parse(code.get_ref()) {
            source.error(&code.span(), format!("填报范围(industries)有误:{error}"));
        }
    }
    raw.iter().map(|code| code.get_ref().clone()).collect()
}

/// Which units of these industries report; without a word all that are listed.
fn read_listings(source: &mut Source, raw: &[Text]) -> Vec<Listing> {
    let mut listings = Vec::new();
    for word in raw {
        if let Some(listing) = Listing::from_key(word.get_ref()) {
            listings.push(listing);
        } else {
            let known: Vec<&str> = Listing::ALL.iter().map(|listing| listing.key()).collect();
            let message = format!("没有纳入情况“{}”。可用:{}。", word.get_ref(), known.join("、"));
            source.error(&word.span(), message);
        }
    }
    listings
}

fn load_sources(files: &Files, log: &mut Log) -> BTreeMap<String, Reference> {
    if files.get(SOURCES).is_none() {
        return BTreeMap::new();
    }
    let raw: Option<BTreeMap<String, raw::Reference>> =
        Source::open(files, SOURCES, log).and_then(|mut source| source.toml());
    let references = raw.unwrap_or_default().into_iter();
    references.map(|(key, raw)| (key, Reference { title: raw.title, url: raw.url })).collect()
}

/// A file that neither a form nor a ledger of the programme reads is a typing error in its name.
fn refuse_strangers(files: &Files, codes: &[String], ledgers: &[String], log: &mut Log) {
    let mut known = BTreeSet::from(PLAIN.map(str::to_owned));
    known.extend(codes.iter().flat_map(|code| paths_of(code)));
    known.extend(ledgers.iter().map(|id| ledger::path_of(id)));
    for path in files.paths().filter(|path| !known.contains(*path)) {
        log.at_line(path, 1, "没有报表或台账使用这个文件。请核对文件名,或在 programme.toml 的 forms、ledgers 中列出。");
    }
}

/// The files of a form: its form, its checks in VTL and as formulas, what is said about them, what its cells are derived from.
fn paths_of(code: &str) -> [String; 5] {
    [
        format!("forms/{code}.toml"),
        format!("checks/{code}.vtl"),
        format!("checks/{code}.txt"),
        format!("checks/{code}.toml"),
        format!("derivations/{code}.toml"),
    ]
}

/// Who made a form, by which document, and for how long: inherited by the forms of a programme.
#[derive(Clone)]
struct Head {
    authority: String,
    document: String,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
}

impl Head {
    fn verify_order(&self, source: &mut Source, at: &Range<usize>) {
        if self.valid_from >= self.valid_to {
            source.error(at, "有效期起应早于有效期止。请核对 valid_from 和 valid_to。");
        }
    }
}

/// A text that must be there. A form without 表号, 制定机关, 文号 or 有效期 may lawfully be refused by the respondent.
fn required(source: &mut Source, text: Option<Text>, at: &Range<usize>, what: &str) -> String {
    match text {
        Some(text) if !text.get_ref().trim().is_empty() => text.into_inner().trim().to_owned(),
        Some(text) => {
            source.error(&text.span(), format!("{what}不能为空。没有法定标识的报表,调查对象有权拒绝填报。"));
            String::new()
        }
        None => {
            source.error(at, format!("缺少{what}。没有法定标识的报表,调查对象有权拒绝填报。"));
            String::new()
        }
    }
}

fn read_date(source: &mut Source, text: Option<Text>, what: &str) -> NaiveDate {
    let at = text.as_ref().map_or(0..0, Spanned::span);
    let date = required(source, text, &at, what);
    if date.is_empty() {
        return NaiveDate::default();
    }
    date.parse().unwrap_or_else(|_| {
        source.error(&at, format!("{what}应为日期,现为“{date}”。请写成 2026-12-31。"));
        NaiveDate::default()
    })
}

fn read_provenance(source: &mut Source, text: Option<&Text>, otherwise: Provenance) -> Provenance {
    let Some(text) = text else { return otherwise };
    Provenance::from_key(text.get_ref()).unwrap_or_else(|| {
        let message = format!("没有来源类别“{}”。可用:real、real_old_edition、inferred、youju。", text.get_ref());
        source.error(&text.span(), message);
        otherwise
    })
}

/// Source keys, each of which `sources.toml` must explain.
fn read_sources(source: &mut Source, keys: &[Text], known: &BTreeMap<String, Reference>) -> Vec<String> {
    for key in keys {
        if !known.contains_key(key.get_ref()) {
            source.error(&key.span(), format!("sources.toml 中没有来源“{}”。请补上,或核对写法。", key.get_ref()));
        }
    }
    keys.iter().map(|key| key.get_ref().clone()).collect()
}

/// The texts of a list in which nothing may stand twice.
fn unique(source: &mut Source, texts: &[Text], what: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if seen.contains(text.get_ref()) {
            source.error(&text.span(), format!("{what}“{}”重复。请只留一个。", text.get_ref()));
        } else {
            seen.push(text.get_ref().clone());
        }
    }
    seen
}

/// SHA-256 over all that defines a form.
fn version_of(files: &Files, code: &str, head: &Head) -> String {
    let paths = paths_of(code);
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let head = format!("{}\n{}\n{}\n{}", head.authority, head.document, head.valid_from, head.valid_to);
    files.hash(&paths, &head)
}
