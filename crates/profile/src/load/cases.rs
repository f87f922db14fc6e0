//! Reading `cases/*.toml`: case types that every jurisdiction shares, and those of a profile, which replace one by a file of the same name.
//! What a type means is judged by `domain::case::flaws`; here every flaw gets its file and line.

mod raw;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use youju_codes::AreaCode;
use youju_domain::case::{
    Act, CaseType, Check, Demand, EvidenceKind, Field, FieldKind, Flaw, Least, OPEN, Opening, Reason, Signatory, Sort,
    Spot, State, SubjectKind, Telling, Who, flaws,
};

use super::error::{LoadError, Source, below};
use super::raw::Text;
use super::{read_key, text};
use crate::files::Files;
use crate::profile::Profile;

/// Folder of case types inside a profile.
pub(super) const FOLDER: &str = "cases/";

/// Case types 事项类型 that are in force: shared ones, and the replacements and additions of profiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseTypes {
    shared: BTreeMap<String, CaseType>,
    /// From the widest area to the narrowest.
    local: Vec<(AreaCode, BTreeMap<String, CaseType>)>,
}

impl CaseTypes {
    /// The types of an area, by key: the narrowest profile that has one decides.
    pub fn for_area(&self, area: &AreaCode) -> BTreeMap<&str, &CaseType> {
        let local = self.local.iter().filter(|(of, _)| of.contains(area)).map(|(_, types)| types);
        let all = [&self.shared].into_iter().chain(local).flatten();
        all.map(|(key, kind)| (key.as_str(), kind)).collect()
    }

    /// A type of an area.
    pub fn get(&self, area: &AreaCode, key: &str) -> Option<&CaseType> {
        self.for_area(area).remove(key)
    }

    /// Every type, replaced ones included, with the area of its profile; none for shared ones.
    pub fn all(&self) -> impl Iterator<Item = (Option<AreaCode>, &CaseType)> {
        let local = self.local.iter().flat_map(|(area, types)| types.values().map(|kind| (Some(*area), kind)));
        self.shared.values().map(|kind| (None, kind)).chain(local)
    }
}

/// Loads and verifies case types: the shared ones, and those of profiles that have been loaded from `files`. `effects` are the names of
/// what the program can do when an act is complete. Nothing takes effect when anything is wrong; all errors are told at once.
pub fn load_cases(
    shared: &Files,
    files: &[Files],
    profiles: &[Profile],
    effects: &[&str],
) -> Result<CaseTypes, Vec<LoadError>> {
    let mut errors = Vec::new();
    let paths: Vec<&str> = shared.paths().collect();
    let mut types = CaseTypes { shared: read_all(shared, &paths, effects, &mut errors), local: Vec::new() };
    for profile in profiles {
        let Some(files) = files.iter().find(|files| files.name() == profile.id) else { continue };
        let paths: Vec<&str> = files.paths().filter(|path| path.starts_with(FOLDER)).collect();
        let own = read_all(files, &paths, effects, &mut errors);
        if !own.is_empty() {
            types.local.push((profile.area, own));
        }
    }
    types.local.sort_by_key(|(area, _)| area.prefix().len());
    errors.sort();
    errors.dedup();
    if errors.is_empty() { Ok(types) } else { Err(errors) }
}

fn read_all(
    files: &Files,
    paths: &[&str],
    effects: &[&str],
    errors: &mut Vec<LoadError>,
) -> BTreeMap<String, CaseType> {
    let types = paths.iter().filter_map(|path| read(files, path, effects, errors));
    types.map(|kind| (kind.key.clone(), kind)).collect()
}

fn read(files: &Files, path: &str, effects: &[&str], errors: &mut Vec<LoadError>) -> Option<CaseType> {
    let before = errors.len();
    let Some(mut source) = Source::open(files, path, errors) else {
        let message = "没有这个文件。请补上。".to_owned();
        errors.push(LoadError { file: below(files, path), line: 1, message });
        return None;
    };
    let raw: raw::Case = source.toml()?;
    let spots = Spots::of(&raw);
    let stem = path.trim_start_matches(FOLDER).trim_end_matches(".toml");
    if raw.key.get_ref() != stem {
        source.error(&raw.key.span(), format!("代号“{}”与文件名“{stem}”不一致。", raw.key.get_ref()));
    }
    let kind = case(&mut source, raw)?;
    for Flaw { at, says } in flaws(&kind, effects) {
        source.error(&spots.at(&at), says);
    }
    (errors.len() == before).then_some(kind)
}

/// Where things stand in the file.
struct Spots {
    whole: Range<usize>,
    open: Range<usize>,
    states: BTreeMap<String, Range<usize>>,
    acts: BTreeMap<String, Range<usize>>,
    fields: BTreeMap<String, Range<usize>>,
}

impl Spots {
    fn of(raw: &raw::Case) -> Spots {
        let place = |key: &Text| (key.get_ref().clone(), key.span());
        Spots {
            whole: raw.key.span(),
            open: raw.open.label.span(),
            states: raw.state.iter().map(|state| place(&state.key)).collect(),
            acts: raw.action.iter().map(|act| place(&act.key)).collect(),
            fields: raw.field.iter().map(|field| place(&field.key)).collect(),
        }
    }

    fn at(&self, spot: &Spot) -> Range<usize> {
        let found = match spot {
            Spot::Type => None,
            Spot::Open => Some(&self.open),
            Spot::State(key) => self.states.get(key),
            Spot::Act(key) => self.acts.get(key),
            Spot::Field(key) => self.fields.get(key),
        };
        found.unwrap_or(&self.whole).clone()
    }
}

fn case(source: &mut Source<'_>, raw: raw::Case) -> Option<CaseType> {
    let mut keys = BTreeSet::new();
    let mut fields = Vec::new();
    for raw in raw.field {
        fields.push(field(source, raw, &mut keys)?);
    }
    keys.clear();
    let mut evidence = Vec::new();
    for raw in raw.evidence {
        evidence.push(material(source, raw, &mut keys));
    }
    keys.clear();
    let checks = raw.check.into_iter().map(|raw| check(source, raw, &mut keys)).collect();
    keys.clear();
    let states = raw.state.into_iter().map(|raw| state(source, raw, &mut keys)).collect();
    // The opening is an act of this name.
    let mut keys = BTreeSet::from([OPEN.to_owned()]);
    let actions = raw.action.into_iter().map(|raw| act(source, raw, &mut keys)).collect();
    let grounds = raw.grounds.into_iter().map(|ground| text(source, ground, "依据(grounds)")).collect();
    let open = Opening {
        label: text(source, raw.open.label, "名称(label)"),
        who: people(source, &raw.open.who),
        state: raw.open.state,
        demand: Demand {
            checks: raw.open.checks,
            one_of: raw.open.one_of,
            ..demand(source, raw.open.owes, raw.open.asks, raw.open.evidence, raw.open.reason.as_ref())
        },
    };
    let contradictions = told::contradictions(source, raw.contradiction);
    let rounds = raw.round.into_iter().map(|raw| told::round(source, raw)).collect();
    let mut keys = BTreeSet::new();
    Some(CaseType {
        key: read_key(source, &raw.key, &mut keys, "事项代号"),
        version: raw.version,
        name: text(source, raw.name, "名称(name)"),
        about: text(source, raw.about, "说明(about)"),
        grounds,
        note: raw.note.trim().to_owned(),
        subject: chosen(
            source,
            &raw.subject,
            "办理对象",
            SubjectKind::from_key,
            &SubjectKind::ALL.map(SubjectKind::key),
        )?,
        only: raw.only,
        title: raw.title,
        paper: raw.paper.map(|paper| text(source, paper, "核查表名称(paper)")),
        readers: people(source, &raw.readers),
        told: raw.told.into_iter().map(|raw| telling(source, raw)).collect(),
        open,
        fields,
        checks,
        checks_by: raw.checks_by,
        evidence,
        states,
        actions,
        contradictions,
        rounds,
        rounds_by: raw.rounds_by,
        is_single: raw.single,
        looks_alike: raw.looks_alike,
    })
}

fn field(source: &mut Source<'_>, raw: raw::Field, keys: &mut BTreeSet<String>) -> Option<Field> {
    let known = FieldKind::ALL.map(FieldKind::key);
    Some(Field {
        key: read_key(source, &raw.key, keys, "栏目代号"),
        label: text(source, raw.label, "栏目名称(label)"),
        kind: chosen(source, &raw.kind, "栏目类型", FieldKind::from_key, &known)?,
        choices: raw.choices,
        help: raw.help,
        fact: raw.fact.and_then(|fact| told::fact(source, &fact)),
        is_more: raw.more,
    })
}

fn check(source: &mut Source<'_>, raw: raw::Check, keys: &mut BTreeSet<String>) -> Check {
    let key = read_key(source, &raw.key, keys, "核查项目代号");
    Check { key, label: text(source, raw.label, "核查项目(label)"), help: raw.help, only: raw.only }
}

fn telling(source: &mut Source<'_>, raw: raw::Told) -> Telling {
    Telling { who: people(source, &raw.who), states: raw.states, shows: raw.shows }
}

fn material(source: &mut Source<'_>, raw: raw::Evidence, keys: &mut BTreeSet<String>) -> EvidenceKind {
    if raw.photo && raw.signature {
        source.error(&raw.key.span(), "材料不能既是现场照片(photo)又是手写签名(signature)。请只留一个。".to_owned());
    }
    EvidenceKind {
        key: read_key(source, &raw.key, keys, "材料代号"),
        label: text(source, raw.label, "材料名称(label)"),
        help: raw.help,
        sort: match (raw.photo, raw.signature) {
            (true, _) => Sort::Photo,
            (_, true) => Sort::Signature,
            _ => Sort::File,
        },
        by: raw.by,
        only: raw.only,
    }
}

fn state(source: &mut Source<'_>, raw: raw::State, keys: &mut BTreeSet<String>) -> State {
    State {
        key: read_key(source, &raw.key, keys, "状态代号"),
        label: text(source, raw.label, "状态名称(label)"),
        owner: people(source, &raw.owner),
        deadline: raw.deadline,
        counts_from: raw.counts_from,
        is_end: raw.end,
        is_bad: raw.bad,
    }
}

fn act(source: &mut Source<'_>, raw: raw::Action, keys: &mut BTreeSet<String>) -> Act {
    let mut parties = BTreeSet::new();
    let mut signatories = Vec::new();
    for raw in raw.party {
        signatories.push(Signatory {
            key: read_key(source, &raw.key, &mut parties, "会签方代号"),
            label: text(source, raw.label, "会签方名称(label)"),
            who: people(source, &raw.who),
        });
    }
    Act {
        key: read_key(source, &raw.key, keys, "动作代号"),
        label: text(source, raw.label, "动作名称(label)"),
        from: raw.from,
        to: raw.to,
        who: people(source, &raw.who),
        signatories,
        not_by: raw.not_by,
        demand: Demand {
            checks: raw.checks,
            one_of: raw.one_of,
            weighs: raw.weighs,
            ..demand(source, raw.owes, raw.asks, raw.evidence, raw.reason.as_ref())
        },
        without: raw.without,
        effects: raw.effects,
        is_danger: raw.danger,
        is_onsite: raw.onsite,
    }
}

fn demand(
    source: &mut Source<'_>,
    owes: Vec<String>,
    asks: Vec<String>,
    evidence: BTreeMap<String, u32>,
    reason: Option<&Text>,
) -> Demand {
    let read = |reason| chosen(source, reason, "意见要求", Reason::from_key, &["no", "may", "must"]);
    let reason = reason.map_or(Some(Reason::No), read).unwrap_or_default();
    let evidence = evidence.into_iter().map(|(kind, least)| Least { kind, least }).collect();
    Demand { owes, asks, evidence, reason, ..Demand::default() }
}

/// A word out of a few.
fn chosen<T>(
    source: &mut Source<'_>,
    word: &Text,
    what: &str,
    read: impl Fn(&str) -> Option<T>,
    known: &[&str],
) -> Option<T> {
    let found = read(word.get_ref());
    if found.is_none() {
        source.error(&word.span(), format!("没有{what}“{}”。可用:{}。", word.get_ref(), known.join("、")));
    }
    found
}

/// Who, one by one; what cannot be read is told.
fn people(source: &mut Source<'_>, words: &[Text]) -> Vec<Who> {
    let mut read = Vec::new();
    for word in words {
        match word.get_ref().parse::<Who>() {
            Ok(who) => read.push(who),
            Err(says) => source.error(&word.span(), says),
        }
    }
    read
}
