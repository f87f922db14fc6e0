//! Reading `norms.toml`: norms of one kind and post may neither contradict each other nor leave a number of units without a minimum.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use youju_domain::norm::{Minimum, Norm, Post};
use youju_domain::organisation::Kind;

use super::error::{LoadError, Source};
use super::raw::{self, Text};
use super::{NORMS, read_ground, read_key, read_kinds, text};
use crate::files::Files;
use crate::profile::Profile;

/// The norms of a profile; none where there is no such file.
pub(super) fn read(files: &Files, profile: &Profile, errors: &mut Vec<LoadError>) -> Vec<Norm> {
    let Some(mut source) = Source::open(files, NORMS, errors) else { return Vec::new() };
    let Some(raw) = source.toml::<raw::Norms>() else { return Vec::new() };
    let mut keys = BTreeSet::new();
    let mut norms = Vec::new();
    let mut places = Vec::new();
    for raw in raw.norm {
        places.push(raw.id.span());
        norms.push(norm(&mut source, raw, profile, &mut keys));
    }
    refuse_contradictions(&mut source, &norms, &places);
    norms
}

fn norm(source: &mut Source<'_>, raw: raw::Norm, profile: &Profile, keys: &mut BTreeSet<String>) -> Norm {
    let at = raw.id.span();
    let id = read_key(source, &raw.id, keys, "标准代号");
    let kinds = read_kinds(source, &raw.kinds, &at);
    let only = raw.only.iter().filter_map(|key| known(source, key, profile, &kinds)).collect();
    if raw.units_below.is_some_and(|below| below <= raw.units_from) {
        source.error(&at, "单位数范围是空的:units_below 应大于 units_from。");
    }
    let (title, paragraph) = read_ground(source, (&raw.source, raw.paragraph), &profile.documents);
    if raw.minimum.is_empty() {
        source.error(&at, "没有写最低人数(minimum)。");
    }
    let minima = raw.minimum.into_iter().filter_map(|raw| minimum(source, raw)).collect();
    Norm { id, kinds, only, units_from: raw.units_from, units_below: raw.units_below, minima, source: title, paragraph }
}

/// The key of an organisation of the profile, of one of the kinds.
pub(super) fn known(source: &mut Source<'_>, key: &Text, profile: &Profile, kinds: &[Kind]) -> Option<String> {
    let wanted = format!("{}/{}", profile.id, key.get_ref());
    let found = profile.organisations.iter().find(|one| one.planned.key == wanted);
    match found {
        None => source.error(&key.span(), format!("organisation.toml 中没有机构“{}”。", key.get_ref())),
        Some(one) if !kinds.contains(&one.planned.kind) => {
            source.error(&key.span(), format!("“{}”不是 kinds 中的机构类型。", one.planned.name));
        }
        Some(_) => {}
    }
    found.map(|_| wanted)
}

fn minimum(source: &mut Source<'_>, raw: raw::Minimum) -> Option<Minimum> {
    let post = Post::from_key(raw.post.get_ref());
    if post.is_none() {
        let known = Post::ALL.map(Post::key).join("、");
        source.error(&raw.post.span(), format!("没有岗位“{}”。可用:{known}。", raw.post.get_ref()));
    }
    if *raw.least.get_ref() == 0 {
        source.error(&raw.least.span(), "最低人数应大于 0。");
    }
    let words = text(source, raw.words, "原文(words)");
    Some(Minimum { post: post?, least: *raw.least.get_ref(), term_years: raw.term_years, words })
}

/// Ranges of units for one kind and post: they may not overlap, and where one is bounded, the others must cover the rest.
fn refuse_contradictions(source: &mut Source<'_>, norms: &[Norm], places: &[Range<usize>]) {
    type Key<'n> = (Kind, Post, &'n [String]);
    let mut ranges: BTreeMap<Key<'_>, Vec<(u64, Option<u64>, usize)>> = BTreeMap::new();
    for (index, norm) in norms.iter().enumerate() {
        for kind in &norm.kinds {
            for minimum in &norm.minima {
                let key = (*kind, minimum.post, norm.only.as_slice());
                ranges.entry(key).or_default().push((norm.units_from, norm.units_below, index));
            }
        }
    }
    let none = 0..0;
    let place = |index: usize| places.get(index).unwrap_or(&none).clone();
    for ((kind, post, _), mut ranges) in ranges {
        ranges.sort_unstable();
        let what = format!("{}的{}", kind.label(), post.label());
        let mut reached = Some(0);
        for (from, below, index) in ranges {
            match reached {
                Some(to) if from == to => {}
                Some(to) if from > to => {
                    let says = format!("{what}:单位数 {to} 到 {} 没有规定最低人数。", from - 1);
                    source.error(&place(index), says);
                }
                _ => source.error(&place(index), format!("{what}:单位数 {from} 有两个最低人数,互相矛盾。")),
            }
            reached = below;
        }
        if let Some(to) = reached {
            source.error(&none, format!("{what}:单位数 {to} 及以上没有规定最低人数。"));
        }
    }
}
