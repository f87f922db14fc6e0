//! Reading `grid.toml`: how large a cell is, and which industries go together.

use std::collections::BTreeSet;

use youju_codes::{AreaLevel, Industry};
use youju_domain::grid::cut::Size;
use youju_domain::grid::{Branch, Kind, Rule};
use youju_domain::seat::{Role, Tier};

use super::error::{LoadError, Source};
use super::norms::known;
use super::raw;
use super::{GRID, read_area, read_ground, read_key, read_kinds, text};
use crate::files::Files;
use crate::profile::Profile;

/// The rule of a profile; none where there is no such file: nobody is cut there.
pub(super) fn read(files: &Files, profile: &Profile, errors: &mut Vec<LoadError>) -> Option<Rule> {
    let mut source = Source::open(files, GRID, errors)?;
    let raw: raw::Grid = source.toml()?;
    read_ground(&mut source, (&raw.source, raw.paragraph), &profile.documents);
    let (min, max) = (*raw.units_min.get_ref(), *raw.units_max.get_ref());
    let size = Size::new(min, max);
    if size.is_none() {
        let says = format!("规模应为至少 1 家、至多 200 家,下限不大于上限,现为 {min} 至 {max}。");
        source.error(&raw.units_min.span(), says);
    }
    if raw.branch.is_empty() {
        source.error(&raw.units_min.span(), "没有写产业。请在 [[branch]] 中写上。");
    }
    let mut keys = BTreeSet::new();
    let mut branches: Vec<Branch> = Vec::new();
    for raw in raw.branch {
        branches.push(branch(&mut source, raw, &mut keys, &branches));
    }
    let mut no_agriculture = Vec::new();
    for code in &raw.no_agriculture {
        let Some(area) = read_area(&mut source, code) else { continue };
        if !profile.area.contains(&area) || area.level() != AreaLevel::Township {
            source.error(&code.span(), format!("{area} 不是本地的乡镇(街道)。"));
        }
        no_agriculture.push(area);
    }
    let mut keys = BTreeSet::new();
    let tiers = raw.tier.into_iter().map(|raw| tier(&mut source, raw, profile, &mut keys)).collect();
    Some(Rule { word: profile.cell_word.clone(), size: size?, branches, no_agriculture, tiers })
}

fn tier(source: &mut Source<'_>, raw: raw::Tier, profile: &Profile, keys: &mut BTreeSet<String>) -> Tier {
    let at = raw.key.span();
    let key = read_key(source, &raw.key, keys, "层级代号");
    if raw.kinds.is_empty() && raw.cells.is_empty() {
        source.error(&at, "没有写这一层级是哪些机构(kinds)或哪些网格(cells)。");
    }
    let kinds = if raw.kinds.is_empty() { Vec::new() } else { read_kinds(source, &raw.kinds, &at) };
    let only = raw.only.iter().filter_map(|key| known(source, key, profile, &kinds)).collect();
    let mut cells = Vec::new();
    for cell in &raw.cells {
        let kind = Kind::from_key(cell.get_ref());
        if kind.is_none() {
            let known = Kind::ALL.map(Kind::key).join("、");
            source.error(&cell.span(), format!("没有网格类别“{}”。可用:{known}。", cell.get_ref()));
        }
        cells.extend(kind);
    }
    let named =
        [(Role::Lead, raw.lead), (Role::Deputy, raw.deputy), (Role::Guide, raw.guide), (Role::Member, raw.member)];
    let mut seats = Vec::new();
    for (role, words) in named {
        if let Some(words) = words {
            seats.push((role, text(source, words, "任职人(lead、deputy、guide、member)")));
        }
    }
    if !seats.iter().any(|(role, _)| *role == Role::Lead) {
        source.error(&at, "没有写由谁负责(lead)。");
    }
    Tier { key, name: text(source, raw.name, "层级名称(name)"), kinds, only, cells, seats }
}

fn branch(source: &mut Source<'_>, raw: raw::Branch, keys: &mut BTreeSet<String>, before: &[Branch]) -> Branch {
    let at = raw.key.span();
    let key = read_key(source, &raw.key, keys, "产业代号");
    if raw.industries.is_empty() {
        source.error(&at, "没有写产业所含的行业(industries)。");
    }
    let mut industries = Vec::new();
    for industry in raw.industries {
        let code = industry.get_ref().as_str();
        if Industry::parse(code).is_err() {
            source.error(&industry.span(), format!("没有行业“{code}”。请写 GB/T 4754 的门类或代码。"));
        }
        if let Some(other) = before.iter().find(|other| other.industries.iter().any(|known| known == code)) {
            source.error(&industry.span(), format!("行业“{code}”已属于{}。请只写在一个产业中。", other.name));
        }
        industries.push(industry.into_inner());
    }
    Branch { key, name: text(source, raw.name, "产业名称(name)"), industries, is_flat: raw.is_flat }
}
