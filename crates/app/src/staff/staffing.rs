//! Who is missing whom: every organisation of the actor's area that a norm is for, against the people of the register and the number of
//! units, as they are now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{OrganisationId, StaffId};
use youju_domain::norm::{self, Minimum, Norm};
use youju_domain::staff::{Member, Tenure, Workplace, shortfalls};
use youju_profile::{Profile, for_area};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::organisation::{self, Listed};
use youju_store::register::{self, Page, PageRequest};
use youju_store::staff as store;

use crate::context::Cx;
use crate::error::{Fault, Result};
use crate::organisation::today;

/// Which list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// Only organisations that miss somebody.
    pub is_missing: bool,
}

/// An organisation with what it owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// The organisation.
    pub listed: Listed,
    /// Units of the register in its area; none of an organisation that is no area itself.
    pub units: Option<u64>,
    /// Each minimum with how many are there, and the title of the document that orders it.
    pub lines: Vec<(Minimum, u32, String)>,
}

impl Owing {
    /// How many posts are missing. Whoever is missing for one norm may be the one who is missing for another: the greatest counts.
    pub fn missing(&self) -> u32 {
        self.lines.iter().map(|(minimum, present, _)| minimum.least.saturating_sub(*present)).max().unwrap_or_default()
    }
}

/// Who is missing whom.
pub struct Staffing {
    /// Today.
    pub on: NaiveDate,
    /// The organisations.
    pub rows: Vec<Owing>,
    /// How many a norm is for.
    pub all: u64,
    /// How many of them have everybody.
    pub complete: u64,
}

impl Staffing {
    /// One page of the rows.
    pub fn page(&self, page: PageRequest) -> Page<&Owing> {
        Page::cut(self.rows.iter(), page)
    }
}

/// The organisations of the actor's area with what they owe and have.
pub async fn staffing(cx: &mut Cx<'_>, asked: Asked) -> Result<Staffing> {
    let area = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&area)).map_err(|_| Problem::NotFound { what: "人员配备" })?;
    let on = today(cx);
    let profiles = cx.app().profiles();
    let mut units: BTreeMap<AreaCode, u64> = BTreeMap::new();
    for (place, number) in register::counts(cx.tx(), &area).await? {
        for above in place.ancestors().into_iter().chain([place]) {
            *units.entry(above).or_default() += number;
        }
    }
    let mut people: BTreeMap<OrganisationId, Vec<Tenure>> = BTreeMap::new();
    for tenure in store::in_organisations(cx.tx(), &area, on).await? {
        if let Workplace::Organisation(at) = tenure.at {
            people.entry(at).or_default().push(tenure);
        }
    }
    let enforcers: BTreeSet<StaffId> = store::enforcers(cx.tx(), on).await?.into_iter().collect();
    let mut rows = Vec::new();
    for listed in organisation::tree(cx.tx(), &area, on).await? {
        let Some(profile) = for_area(profiles, &listed.span.area) else { continue };
        let here = people.get(&listed.id).map(Vec::as_slice).unwrap_or_default();
        let number = listed.span.code.map(|code| units.get(&code).copied().unwrap_or_default());
        rows.extend(owing(profile, listed, number, here, &enforcers));
    }
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let (all, complete) = (number(rows.len()), number(rows.iter().filter(|row| row.missing() == 0).count()));
    rows.retain(|row| !asked.is_missing || row.missing() > 0);
    Ok(Staffing { on, rows, all, complete })
}

fn owing(
    profile: &Profile,
    listed: Listed,
    units: Option<u64>,
    people: &[Tenure],
    enforcers: &BTreeSet<StaffId>,
) -> Option<Owing> {
    let key = listed.planned_key.as_deref();
    let owed: Vec<(&Norm, &Minimum)> = norm::owed(&profile.norms, listed.span.kind, key, units.unwrap_or_default());
    if owed.is_empty() {
        return None;
    }
    let member = |tenure| -> Member<'_> {
        let tenure: &Tenure = tenure;
        Member { tenure, may_enforce: enforcers.contains(&tenure.staff) }
    };
    let members: Vec<Member<'_>> = people.iter().map(member).collect();
    let found = shortfalls(&owed, &members).into_iter();
    let lines = found.map(|one| (one.minimum.clone(), one.present, one.norm.source.clone())).collect();
    Some(Owing { listed, units, lines })
}

/// The list as CSV, a line for each minimum: the name of the file, and its content.
pub fn csv(staffing: &Staffing) -> Result<(String, Vec<u8>)> {
    let names = ["机构", "类型", "区划代码", "名录库单位数", "岗位", "应配人数", "现有人数", "缺", "依据", "原文"];
    let lines = staffing.rows.iter().flat_map(|row| {
        row.lines.iter().map(|(minimum, present, document)| {
            let span = &row.listed.span;
            [
                span.name.clone(),
                span.kind.label().to_owned(),
                span.area.as_str().to_owned(),
                row.units.map(|units| units.to_string()).unwrap_or_default(),
                minimum.post.label().to_owned(),
                minimum.least.to_string(),
                present.to_string(),
                minimum.least.saturating_sub(*present).to_string(),
                document.clone(),
                minimum.words.clone(),
            ]
        })
    });
    let rows = lines.map(|line| line.map(CellOut::Text).to_vec());
    let rows: Vec<Vec<CellOut>> = rows.collect();
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows: rows.into_iter() })
        .map_err(|error| Fault::new("writing who is missing whom", error))?;
    Ok((format!("人员配备情况{}.csv", staffing.on), file))
}
