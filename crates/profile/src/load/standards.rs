//! Reading `checklists.toml`: what organisations of a kind must have.

use std::collections::BTreeSet;

use youju_domain::standard::{Requirement, Standard};

use super::error::{LoadError, Source};
use super::raw;
use super::{STANDARDS, read_ground, read_key, read_kinds, text};
use crate::files::Files;
use crate::profile::Profile;

/// Months for which a rule book may hold at most without being adopted anew.
const RENEW_MONTHS_MAX: u32 = 60;

/// The standards of a profile; none where there is no such file.
pub(super) fn read(files: &Files, profile: &Profile, errors: &mut Vec<LoadError>) -> Vec<Standard> {
    let Some(mut source) = Source::open(files, STANDARDS, errors) else { return Vec::new() };
    let Some(raw) = source.toml::<raw::Standards>() else { return Vec::new() };
    let mut keys = BTreeSet::new();
    raw.list.into_iter().map(|raw| standard(&mut source, raw, profile, &mut keys)).collect()
}

fn standard(source: &mut Source<'_>, raw: raw::Standard, profile: &Profile, keys: &mut BTreeSet<String>) -> Standard {
    let at = raw.id.span();
    let id = read_key(source, &raw.id, keys, "清单代号");
    let kinds = read_kinds(source, &raw.kinds, &at);
    let (title, paragraph) = read_ground(source, (&raw.source, raw.paragraph), &profile.documents);
    if let Some(months) = &raw.renew_months
        && !(1..=RENEW_MONTHS_MAX).contains(months.get_ref())
    {
        let says = format!("复核周期(renew_months)应在 1 到 {RENEW_MONTHS_MAX} 个月之间,现为 {}。", months.get_ref());
        source.error(&months.span(), says);
    }
    if raw.item.is_empty() {
        source.error(&at, "清单没有项目。请在 [[list.item]] 中写上。");
    }
    let mut items = BTreeSet::new();
    let mut requirements = Vec::new();
    for raw in raw.item {
        requirements.push(Requirement {
            id: read_key(source, &raw.id, &mut items, "项目代号"),
            words: text(source, raw.words, "项目(words)"),
            evidence: text(source, raw.evidence, "应提供的材料(evidence)"),
        });
    }
    Standard {
        id,
        name: text(source, raw.name, "清单名称(name)"),
        kinds,
        renew_months: raw.renew_months.map(toml::Spanned::into_inner),
        requirements,
        source: title,
        paragraph,
        note: raw.note.trim().to_owned(),
    }
}
