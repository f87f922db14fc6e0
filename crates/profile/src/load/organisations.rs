//! Reading `organisation.toml`: every organisation after the one that it belongs to, every code a listed one that fits kind and name.

use std::collections::BTreeSet;

use youju_codes::{AreaCode, area};
use youju_domain::organisation::{Kind, Planned};

use super::error::{LoadError, Source};
use super::raw;
use super::{ORGANISATION, read_area, read_date, read_ground, read_key, read_kind, text};
use crate::files::Files;
use crate::profile::{Organisation, Profile};

/// The organisations of a profile; none where there is no such file.
pub(super) fn read(files: &Files, profile: &Profile, errors: &mut Vec<LoadError>) -> Vec<Organisation> {
    let Some(mut source) = Source::open(files, ORGANISATION, errors) else { return Vec::new() };
    let Some(raw) = source.toml::<raw::Organisations>() else { return Vec::new() };
    let mut read: Vec<Organisation> = Vec::new();
    let mut keys = BTreeSet::new();
    for raw in raw.organisation {
        let found = organisation(&mut source, raw, profile, (&read, &mut keys));
        read.extend(found);
    }
    read
}

fn organisation(
    source: &mut Source<'_>,
    raw: raw::Organisation,
    profile: &Profile,
    (before, keys): (&[Organisation], &mut BTreeSet<String>),
) -> Option<Organisation> {
    let at = raw.key.span();
    let key = format!("{}/{}", profile.id, read_key(source, &raw.key, keys, "机构代号"));
    read_ground(source, (&raw.source, raw.paragraph), &profile.documents);
    let since = raw.since.as_ref().map_or(profile.since, |since| read_date(source, since, "起始日期(since)"));
    let kind = read_kind(source, &raw.kind)?;
    if kind == Kind::Enterprise {
        source.error(&raw.kind.span(), "企(事)业单位来自名录库,不写在配置中。");
    }
    let parent = match &raw.parent {
        Some(parent) => {
            let wanted = format!("{}/{}", profile.id, parent.get_ref());
            let found = before.iter().find(|one| one.planned.key == wanted);
            if found.is_none() {
                let says = format!("前面没有代号为“{}”的机构。上级应写在下级前面。", parent.get_ref());
                source.error(&parent.span(), says);
            }
            Some(found?.planned.clone())
        }
        None if before.is_empty() => None,
        None => {
            source.error(&at, "没有写上级(parent)。只有第一个机构没有上级。");
            None
        }
    };
    let name_at = raw.name.span();
    let name = text(source, raw.name, "机构名称(name)");
    let above = parent.as_ref().map_or(profile.area, |parent| parent.area);
    let code = match &raw.area {
        Some(code) => Some(read_area(source, code)?),
        None => None,
    };
    if let Err(problem) = kind.must_fit(code.as_ref()) {
        source.error(&raw.kind.span(), problem.says());
    }
    if let (Some(code), Some(written)) = (code, &raw.area) {
        for says in refused(&code, &name, above, before) {
            source.error(&written.span(), says);
        }
    }
    if before.iter().any(|one| one.planned.name == name) {
        source.error(&name_at, format!("机构名称“{name}”重复。请只留一个。"));
    }
    let planned =
        Planned { key, kind, name, parent: parent.map(|parent| parent.key), code, area: code.unwrap_or(above), since };
    Some(Organisation { planned, duties: raw.duties.trim().to_owned() })
}

/// What is wrong with a code: not listed, of another name, outside what is above, or used already.
fn refused(code: &AreaCode, name: &str, above: AreaCode, before: &[Organisation]) -> Vec<String> {
    let mut says = Vec::new();
    match area::name(code) {
        None => says.push(format!("区划代码 {code} 不在区划代码表中。")),
        Some(listed) if !name.contains(listed) => {
            says.push(format!("区划代码 {code} 是{listed},与机构名称“{name}”对不上。"));
        }
        Some(_) => {}
    }
    if !above.contains(code) {
        says.push(format!("区划代码 {code} 不在上级的辖区 {above} 内。"));
    }
    if let Some(other) = before.iter().find(|one| one.planned.code == Some(*code)) {
        says.push(format!("区划代码 {code} 已由“{}”使用。", other.planned.name));
    }
    says
}
