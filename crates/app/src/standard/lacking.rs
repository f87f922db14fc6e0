//! Who lacks what: the organisations of the actor's area with a standard, as a list and as CSV.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::OrganisationId;
use youju_domain::standard::{Standard, Standing, Stored};
use youju_profile::{Profile, for_area};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::organisation::{self, Listed};
use youju_store::register::{Page, PageRequest};
use youju_store::standard as store;

use super::{Held, held};
use crate::context::Cx;
use crate::error::{Error, Fault, Result};
use crate::organisation::today;

/// Which list is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Profile and standard, `lanxi/five_haves`; empty for the first one.
    pub standard: String,
    /// Only organisations with an item that stands so; none for all.
    pub standing: Option<Standing>,
    /// Only organisations that lack something.
    pub is_lacking: bool,
}

/// An organisation with the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The organisation.
    pub listed: Listed,
    /// Where it stands.
    pub held: Held,
}

/// Who lacks what.
pub struct Lacking {
    /// Every standard that could be asked for: key and name.
    pub choices: Vec<(String, String)>,
    /// The one that is shown; none where no profile is in force.
    pub standard: Option<(String, Standard)>,
    /// Today.
    pub on: NaiveDate,
    /// The organisations.
    pub rows: Vec<Row>,
    /// How many the standard is for.
    pub all: u64,
    /// How many of them meet every item.
    pub complete: u64,
}

impl Lacking {
    /// One page of the rows.
    pub fn page(&self, page: PageRequest) -> Page<&Row> {
        Page::cut(self.rows.iter(), page)
    }
}

/// The standards of the profiles that touch an area, with their keys.
pub fn choices<'p>(profiles: &'p [Profile], area: &AreaCode) -> Vec<(String, &'p Profile, &'p Standard)> {
    let own = for_area(profiles, area);
    let inside = |profile: &&Profile| area.contains(&profile.area) || own.is_some_and(|own| own.id == profile.id);
    let of = |profile: &'p Profile| {
        profile.standards.iter().map(move |one| (format!("{}/{}", profile.id, one.id), profile, one))
    };
    profiles.iter().filter(inside).flat_map(of).collect()
}

/// The organisations of the actor's area that a standard is for, with what they lack.
pub async fn lacking(cx: &mut Cx<'_>, asked: &Asked) -> Result<Lacking> {
    let area = cx.actor()?.area;
    let not_found = || Error::Problem(Problem::NotFound { what: "规范化清单" });
    cx.allow(Action::View, Object::Area(&area)).map_err(|_| not_found())?;
    let profiles = cx.app().profiles();
    let all = choices(profiles, &area);
    let chosen = if asked.standard.is_empty() {
        all.first()
    } else {
        Some(all.iter().find(|(key, ..)| *key == asked.standard).ok_or_else(not_found)?)
    };
    let choices = all.iter().map(|(key, profile, one)| (key.clone(), format!("{} {}", profile.name, one.name)));
    let choices: Vec<(String, String)> = choices.collect();
    let Some((key, profile, standard)) = chosen else {
        return Ok(Lacking { choices, standard: None, on: today(cx), rows: Vec::new(), all: 0, complete: 0 });
    };
    let place = crate::survey::narrower(&profile.area, &area);
    let on = today(cx);
    let mut stands: BTreeMap<OrganisationId, BTreeMap<String, Stored>> = BTreeMap::new();
    for stand in store::of_area(cx.tx(), &place, &standard.id, on).await? {
        stands.entry(stand.organisation).or_default().insert(stand.requirement, stand.stored);
    }
    let mut rows = Vec::new();
    for listed in organisation::of_kinds(cx.tx(), &place, &standard.kinds, on).await? {
        // A narrower profile within this one has lists of its own.
        if for_area(profiles, &listed.span.area).is_some_and(|own| own.id == profile.id) {
            let own = stands.get(&listed.id);
            let stored = |item: &str| own.and_then(|own| own.get(item)).copied().unwrap_or_default();
            rows.push(Row { held: held(standard, stored, on), listed });
        }
    }
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let complete = number(rows.iter().filter(|row| row.held.progress.met == row.held.progress.all).count());
    let count = number(rows.len());
    rows.retain(|row| {
        let has = |wanted: Standing| row.held.items.iter().any(|(_, _, standing)| *standing == wanted);
        asked.standing.is_none_or(has) && (!asked.is_lacking || row.held.progress.met < row.held.progress.all)
    });
    Ok(Lacking { choices, standard: Some((key.clone(), (*standard).clone())), on, rows, all: count, complete })
}

/// The list as CSV, a line for each item: the name of the file, and its content.
pub fn csv(lacking: &Lacking) -> Result<(String, Vec<u8>)> {
    let Some((_, standard)) = &lacking.standard else {
        return Err(Problem::NotFound { what: "规范化清单" }.into());
    };
    let names = ["机构", "类型", "区划代码", "清单", "项目", "状态", "今天是否算达到", "有效期至"];
    let lines = lacking.rows.iter().flat_map(|row| {
        row.held.items.iter().map(|(item, stored, standing)| {
            let span = &row.listed.span;
            let until = stored.in_force_until.map(|until| until.to_string()).unwrap_or_default();
            let is_met = stored.is_met(lacking.on);
            [
                span.name.clone(),
                span.kind.label().to_owned(),
                span.area.as_str().to_owned(),
                standard.name.clone(),
                item.words.clone(),
                standing.label().to_owned(),
                if is_met { "是" } else { "否" }.to_owned(),
                until,
            ]
        })
    });
    let rows = lines.map(|line| line.map(CellOut::Text).to_vec());
    let rows: Vec<Vec<CellOut>> = rows.collect();
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows: rows.into_iter() })
        .map_err(|error| Fault::new("writing who lacks what", error))?;
    Ok((format!("{}达标情况.csv", standard.name.replace(['/', '\\', ':', '“', '”'], "")), file))
}
