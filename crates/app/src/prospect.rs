//! Prospects 准四上单位: taken from what a list says, moved step by step by townships and the county, and counted.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde_json::json;
use youju_codes::{AreaCode, Industry, PeriodKind, area};
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::{ProspectId, RosterRunId, UnitId};
use youju_domain::prospect::{Act, Prospect, STALE_DAYS, State, Tip, is_near, line};
use youju_domain::register::{Listing, Unit};
use youju_domain::roster::{Roster, Row, Verdict};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::prospect as store;
use youju_store::register::{Page, PageRequest};

use crate::context::Cx;
use crate::error::{Error, Fault, Result};
use crate::organisation::today;

pub use store::{Filter, Step};

/// 万元 has so many yuan.
const TEN_THOUSAND: u32 = 10_000;
/// Percent of a line that somebody may choose.
pub const SHARES: [u32; 3] = [100, 90, 80];

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "准四上单位" })
}

fn bad(reason: &str) -> Error {
    Error::Problem(Problem::BadInput { reason: reason.to_owned() })
}

/// What a row of a list becomes, if its industry has a line: industry of the register before that of the list.
fn made(cx: &Cx<'_>, (roster, row): (&Roster, &Row), unit: Option<&Unit>) -> Result<Option<Prospect>> {
    let digits: String = row
        .taken
        .industry
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(4)
        .collect();
    let industry = unit.map(|unit| unit.industry).or_else(|| Industry::parse(&digits).ok());
    let Some((industry, (threshold, kind))) = industry.and_then(|industry| Some((industry, line(&industry)?))) else {
        return Ok(None);
    };
    let lead = lead(cx, row.area, (industry, threshold, kind))?;
    let one = Prospect {
        code: row.taken.code.clone(),
        name: row.taken.name.clone(),
        address: row.taken.address.clone(),
        phone: row.taken.phone.clone(),
        revenue: row.taken.revenue.unwrap_or_default() / Decimal::from(TEN_THOUSAND),
        source: format!("{}名单:{}", roster.department, roster.origin),
        ..lead
    };
    Ok(Some(of_unit(one, unit)))
}

/// A lead of which nothing is known but where it is and what it does.
fn lead(cx: &Cx<'_>, area: AreaCode, (industry, threshold, kind): (Industry, Decimal, &str)) -> Result<Prospect> {
    let quarter = PeriodKind::Quarter.containing(today(cx)).map_err(|error| bad(&error.to_string()))?;
    let (by, at) = (cx.actor()?.person, cx.now());
    Ok(Prospect {
        id: cx.new_id(),
        area,
        unit: None,
        code: String::new(),
        name: String::new(),
        address: String::new(),
        phone: String::new(),
        industry,
        kind: kind.to_owned(),
        quarter: quarter.to_string(),
        revenue: Decimal::ZERO,
        threshold,
        source: String::new(),
        state: State::Lead,
        reason: String::new(),
        due_on: None,
        by,
        at,
        verified_by: None,
        verified_at: None,
        changed_at: at,
        revision: 0,
    })
}

/// What the register knows of the unit goes before what a list or a tip says of it.
fn of_unit(one: Prospect, unit: Option<&Unit>) -> Prospect {
    let Some(unit) = unit else { return one };
    let usci = unit.usci.as_str().to_owned();
    Prospect { area: unit.area, unit: Some(unit.id), code: usci, name: unit.name.clone(), ..one }
}

async fn keep(cx: &mut Cx<'_>, one: &Prospect) -> Result<()> {
    store::add(cx.tx(), one).await?;
    store::add_step(cx.tx(), one, (0, None), one.by).await?;
    let payload = json!({
        "code": one.code, "name": one.name, "area": one.area.as_str(), "industry": one.industry.code(),
        "revenue": one.revenue, "threshold": one.threshold, "source": one.source,
    });
    cx.record("prospect.entered", ("prospect", one.id.to_string()), payload).await
}

async fn row_of(cx: &mut Cx<'_>, roster: &Roster, number: i64) -> Result<Row> {
    let rows = youju_store::roster::rows(cx.tx(), roster.id, &[number]).await?;
    rows.into_iter().next().ok_or_else(not_found)
}

/// Enters a row that a run found missing in the register as a lead. A figure is not needed, an industry with a line is.
pub async fn enter(cx: &mut Cx<'_>, run: RosterRunId, number: i64) -> Result<ProspectId> {
    let pairing = crate::roster::get(cx, run, number).await?;
    let (Some(roster), Some(row)) = (pairing.roster.as_ref(), pairing.row.as_ref()) else {
        return Err(bad("这一条不是名单中的单位,不能列为线索。"));
    };
    cx.allow(Action::Review, Object::Area(&row.area))?;
    if pairing.listed.found.pair.verdict != Verdict::Enrol {
        return Err(bad("这一条不在“应纳入”中,不能列为线索。请先复核。"));
    }
    let Some(one) = made(cx, (roster, row), None)? else {
        return Err(bad("名单没有这一家的行业代码,或它的行业不按营业收入纳统,不能列为线索。请直接提出纳入。"));
    };
    if store::is_there(cx.tx(), None, (&one.code, &one.name)).await? {
        return Err(bad("这一家已在准四上单位中。"));
    }
    keep(cx, &one).await?;
    Ok(one.id)
}

/// What becomes of a tip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tipped {
    /// It is a lead now.
    Entered(ProspectId),
    /// The register has units of this name or telephone: somebody says first whether it is one of them.
    Alike(Vec<Unit>),
}

/// What somebody says of the units of the register that are like a tip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Nothing yet.
    Unsaid,
    /// It is this one.
    Is(UnitId),
    /// It is none of them.
    NoneOfThem,
}

/// Writes down a tip by hand as a lead: by the officers of the place, with the checks of a row of a list, and only if it is neither a prospect
/// nor a unit that reports already.
pub async fn tip(cx: &mut Cx<'_>, tip: Tip, meant: Meant) -> Result<Tipped> {
    let (tip, code) = tip.checked()?;
    cx.allow(Action::Review, Object::Area(&tip.area))?;
    let by_code = match code {
        Some(code) => youju_store::register::by_usci(cx.tx(), code).await?,
        None => None,
    };
    let unit = match (by_code, meant) {
        (Some(unit), _) => Some(unit),
        (None, Meant::Is(id)) => Some(crate::register::get(cx, id).await?),
        (None, Meant::NoneOfThem) => None,
        (None, Meant::Unsaid) => {
            let actor = cx.actor()?.clone();
            let mut alike = store::alike(cx.tx(), &tip.name, &tip.phone).await?;
            alike.retain(|unit| decide(&actor, Action::View, Object::Unit { id: unit.id, area: &unit.area }));
            if !alike.is_empty() {
                cx.looked_at(alike.iter().map(|unit| unit.id));
                return Ok(Tipped::Alike(alike));
            }
            None
        }
    };
    if let Some(unit) = &unit {
        must_be_open_to_a_lead(cx, unit)?;
    }
    let industry =
        unit.as_ref().map(|unit| unit.industry).filter(|known| line(known).is_some()).unwrap_or(tip.industry);
    let (threshold, kind) = line(&industry).ok_or_else(|| bad("这个行业不按营业收入纳统。"))?;
    let lead = lead(cx, tip.area, (industry, threshold, kind))?;
    let one = Prospect {
        code: tip.code,
        name: tip.name,
        address: tip.address,
        phone: tip.phone,
        revenue: tip.revenue.unwrap_or_default(),
        source: tip.channel.label().to_owned(),
        reason: tip.words,
        ..lead
    };
    let one = of_unit(one, unit.as_ref());
    if store::is_there(cx.tx(), one.unit, (&one.code, &one.name)).await? {
        return Err(bad("这一家已在准四上单位中,请按名称查找后继续办理。"));
    }
    keep(cx, &one).await?;
    Ok(Tipped::Entered(one.id))
}

/// Refuses a unit that reports already, or that others answer for.
fn must_be_open_to_a_lead(cx: &Cx<'_>, unit: &Unit) -> Result<()> {
    if cx.allow(Action::Review, Object::Area(&unit.area)).is_err() {
        return Err(bad("名录库中这个代码的单位在其他地区,请把线索交给上一级。"));
    }
    if unit.listing == Listing::Above {
        let reason = format!("“{}”已是一套表调查单位,不用列为线索。", unit.name);
        return Err(bad(&reason));
    }
    Ok(())
}

/// Enters every unit of a run whose figure is near its line, and which neither reports already nor is a prospect. How many.
pub async fn gather(cx: &mut Cx<'_>, run: RosterRunId, percent: u32) -> Result<usize> {
    let (run, roster) = crate::roster::run(cx, run).await?;
    let roster = roster.ok_or_else(|| bad("名录库查重没有营业收入,不能筛选。"))?;
    cx.allow(Action::Inspect, Object::Area(&run.area))?;
    if !SHARES.contains(&percent) {
        return Err(bad("请从列表中选择达到标准的百分之几。"));
    }
    let mut entered = 0;
    for candidate in store::candidates(cx.tx(), run.id, &run.area).await? {
        let unit = match candidate.unit {
            Some(id) => youju_store::register::get(cx.tx(), id).await?,
            None => None,
        };
        if unit.as_ref().is_some_and(|unit| unit.listing == Listing::Above) {
            continue;
        }
        let row = row_of(cx, &roster, candidate.row).await?;
        let Some(one) = made(cx, (&roster, &row), unit.as_ref())? else { continue };
        let is_there = store::is_there(cx.tx(), one.unit, (&one.code, &one.name)).await?;
        if is_near(&one.industry, one.revenue, percent) && !is_there {
            keep(cx, &one).await?;
            entered += 1;
        }
    }
    Ok(entered)
}

/// A prospect with the acts on it.
pub async fn get(cx: &mut Cx<'_>, id: ProspectId) -> Result<(Prospect, Vec<Step>)> {
    let one = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    cx.allow(Action::View, Object::Area(&one.area))?;
    cx.looked_at(one.unit);
    let steps = store::steps(cx.tx(), id).await?;
    Ok((one, steps))
}

/// True when the actor may do something with a prospect: on the spot every officer of the area, the rest the county and above.
pub fn may(cx: &Cx<'_>, one: &Prospect, act: Act) -> bool {
    let action = if act.is_on_the_spot() { Action::Review } else { Action::Inspect };
    cx.allow(action, Object::Area(&one.area)).is_ok()
}

/// Does something with a prospect. Somebody who was overtaken is told.
pub async fn take(
    cx: &mut Cx<'_>,
    id: ProspectId,
    (act, reason): (Act, &str),
    (due_on, revision): (Option<NaiveDate>, i64),
) -> Result<()> {
    let (one, steps) = get(cx, id).await?;
    if !may(cx, &one, act) {
        return Err(Problem::Forbidden.into());
    }
    if one.revision != revision {
        return Err(Problem::Conflict.into());
    }
    let by = cx.actor()?.person;
    let moved = one.take((act, reason), due_on, (by, cx.now()))?;
    store::put(cx.tx(), &moved).await?;
    let number = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    store::add_step(cx.tx(), &moved, (number, Some(act)), by).await?;
    let payload =
        json!({ "act": act.key(), "state": moved.state.key(), "reason": moved.reason, "due_on": moved.due_on });
    cx.record("prospect.moved", ("prospect", id.to_string()), payload).await
}

/// How many prospects there are of something, by state.
pub type Counts<Key> = BTreeMap<Key, BTreeMap<State, u64>>;

/// The prospects of the actor's area with their numbers.
pub struct Found {
    /// One page.
    pub page: Page<Prospect>,
    /// By kind.
    pub kinds: Counts<String>,
    /// By township.
    pub places: Counts<AreaCode>,
    /// Open ones that nobody has moved for a quarter.
    pub stale: u64,
}

/// The instant before which a prospect is stale that was not moved since.
fn stale_before(cx: &Cx<'_>) -> youju_domain::Instant {
    cx.now() - TimeDelta::days(STALE_DAYS)
}

/// One page of the prospects of the actor's area, with their numbers.
pub async fn list(cx: &mut Cx<'_>, filter: Filter, is_stale: bool, page: PageRequest) -> Result<Found> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&actor.area))?;
    let (scope, before) = (actor.scope(), stale_before(cx));
    let filter = Filter { untouched_since: is_stale.then_some(before), ..filter };
    let page = store::list(cx.tx(), &scope, &filter, page).await?;
    let untouched = Filter { untouched_since: Some(before), ..Filter::default() };
    let stale = store::list(cx.tx(), &scope, &untouched, PageRequest { offset: 0, limit: 0 }).await?.total;
    let (mut kinds, mut places) = (Counts::new(), Counts::new());
    for (place, kind, state, count) in store::counts(cx.tx(), &scope).await? {
        *kinds.entry(kind).or_default().entry(state).or_default() += count;
        *places.entry(place).or_default().entry(state).or_default() += count;
    }
    Ok(Found { page, kinds, places, stale })
}

/// The same as CSV, with the name of the file.
pub async fn csv(cx: &mut Cx<'_>, filter: Filter, is_stale: bool) -> Result<(String, Vec<u8>)> {
    let found = list(cx, filter, is_stale, PageRequest { offset: 0, limit: i64::MAX }).await?;
    let names = [
        "统一社会信用代码",
        "单位名称",
        "所在地",
        "区划代码",
        "地址",
        "电话",
        "行业代码",
        "类别",
        "营业收入(万元)",
        "标准(万元)",
        "依据",
        "发现季度",
        "状态",
        "原因",
        "期限",
    ];
    let rows = found.page.rows.iter().map(|one| {
        vec![
            CellOut::from(one.code.as_str()),
            CellOut::from(one.name.as_str()),
            CellOut::from(area::path(&one.area).as_str()),
            CellOut::from(one.area.as_str()),
            CellOut::from(one.address.as_str()),
            CellOut::from(one.phone.as_str()),
            CellOut::from(one.industry.code()),
            CellOut::from(one.kind.as_str()),
            CellOut::Number(one.revenue),
            CellOut::Number(one.threshold),
            CellOut::from(one.source.as_str()),
            CellOut::from(one.quarter.as_str()),
            CellOut::from(one.state.label()),
            CellOut::from(one.reason.as_str()),
            CellOut::from(one.due_on.map(|day| day.to_string()).unwrap_or_default().as_str()),
        ]
    });
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing the prospects", error))?;
    Ok(("准四上单位.csv".to_owned(), file))
}
