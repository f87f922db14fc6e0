//! Reading `sponsorship.toml`: who answers by name for what.

use std::collections::BTreeSet;

use toml::Spanned;
use youju_codes::Industry;
use youju_domain::report::Level;
use youju_domain::sponsorship::{Tier, What};

use super::error::{LoadError, Source};
use super::raw;
use super::{SPONSORSHIP, read_ground, read_key, text};
use crate::files::Files;
use crate::profile::Profile;

/// The tiers of a profile; none where there is no such file: nobody is ordered to sponsor there.
pub(super) fn read(files: &Files, profile: &Profile, errors: &mut Vec<LoadError>) -> Vec<Tier> {
    let Some(mut source) = Source::open(files, SPONSORSHIP, errors) else { return Vec::new() };
    let Some(raw): Option<raw::Sponsorship> = source.toml() else { return Vec::new() };
    let mut keys = BTreeSet::new();
    raw.tier.into_iter().filter_map(|raw| tier(&mut source, raw, profile, &mut keys)).collect()
}

fn tier(source: &mut Source<'_>, raw: raw::Sponsor, profile: &Profile, keys: &mut BTreeSet<String>) -> Option<Tier> {
    let at = raw.key.span();
    let key = read_key(source, &raw.key, keys, "包保层级代号");
    let what = What::from_key(raw.what.get_ref());
    if what.is_none() {
        let known = What::ALL.map(What::key).join("、");
        source.error(&raw.what.span(), format!("没有包保对象“{}”。可用:{known}。", raw.what.get_ref()));
    }
    let level = Level::ALL.into_iter().find(|level| level.key() == raw.level.get_ref());
    if level.is_none() {
        let known = Level::ALL.map(Level::key).join("、");
        source.error(&raw.level.span(), format!("没有级别“{}”。可用:{known}。", raw.level.get_ref()));
    }
    for industry in &raw.industries {
        if Industry::parse(industry.get_ref()).is_err() || industry.get_ref().len() != 1 {
            source
                .error(&industry.span(), format!("“{}”不是行业门类。请写 GB/T 4754 的门类字母。", industry.get_ref()));
        }
    }
    let (least, below) = (raw.least, raw.below);
    if least.is_some_and(|one| one < 0) {
        source.error(&at, "计划总投资不能是负数。");
    }
    if least.zip(below).is_some_and(|(least, below)| least >= below) {
        source.error(&at, "下限(least)应小于上限(below)。");
    }
    if (least.is_some() || below.is_some()) && what != Some(What::Project) {
        source.error(&at, "只有项目按计划总投资分级。");
    }
    let (document, paragraph) = read_ground(source, (&raw.source, raw.paragraph), &profile.documents);
    Some(Tier {
        key,
        name: text(source, raw.name, "包保层级名称(name)"),
        what: what?,
        level: level?,
        industries: raw.industries.into_iter().map(Spanned::into_inner).collect(),
        least,
        below,
        duties: text(source, raw.duties, "包保职责(duties)"),
        document,
        paragraph,
    })
}
