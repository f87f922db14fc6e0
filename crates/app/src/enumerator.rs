//! Enumerators 辅助调查员: engaged after a selection or by hand, appraised, and paid by work and rates. The office that they work in and those
//! above it write about them; whoever is written about reads it.

mod selection;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::{Period, area};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::enumerator::{
    Appraisal, Engagement, Hands, Lack, Line, NewRate, NewWork, Pay, Rate, Terms, Work, compute, lacks, read_appraisal,
    total,
};
use youju_domain::id::{EngagementId, OrganisationId, RateId, StaffId, TenureId, WorkId};
use youju_domain::staff::{Duty, Training, Workplace};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::{StoreError, enumerator as store, organisation as organisations, staff};

use crate::context::Cx;
use crate::error::{Error, Fault, Result};
use crate::organisation::{object, today};

pub(crate) use selection::engage as engage_selected;
pub use youju_store::enumerator::Engaged;
pub use youju_store::staff::Held;

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "辅助调查员" })
}

/// What somebody lacks.
pub fn lacking(one: &Engaged) -> Vec<Lack> {
    lacks(&one.engagement.terms, one.is_trained)
}

/// The engagements of the actor's area, or of one organisation there.
pub async fn list(cx: &mut Cx<'_>, at: Option<OrganisationId>, has_ended: bool) -> Result<Vec<Engaged>> {
    let own = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&own))?;
    let on = today(cx);
    Ok(store::list(cx.tx(), &own, at, (on, has_ended)).await?)
}

/// True when the actor may write about the enumerators of an organisation.
async fn may_write(cx: &mut Cx<'_>, at: OrganisationId) -> Result<bool> {
    let found = organisations::get(cx.tx(), at).await?.ok_or_else(not_found)?;
    let span = found.last().ok_or_else(not_found)?;
    let object = object(span, found.unit);
    let actor = cx.actor()?;
    if !decide(actor, Action::View, object) {
        return Err(not_found());
    }
    Ok(actor.role.is_officer() && decide(actor, Action::Submit, object))
}

/// Somebody's engagement, as the actor may look at it.
pub struct Sheet {
    /// It.
    pub engaged: Engaged,
    /// What they were trained in.
    pub trainings: Vec<Training>,
    /// How they were appraised, the newest first.
    pub appraisals: Vec<Appraisal>,
    /// The month that is looked at.
    pub month: Period,
    /// Work of the month.
    pub work: Vec<Work>,
    /// What the month comes to: as it was confirmed, or as it is computed now.
    pub lines: Vec<Line>,
    /// The pay of the month, once it is confirmed.
    pub pay: Option<Pay>,
    /// Rates that hold where they work.
    pub rates: Vec<Rate>,
    /// Who might supervise them.
    pub colleagues: Vec<Held>,
    /// The actor may write about them.
    pub may_write: bool,
}

/// Somebody's engagement with a month: for offices, and for themselves.
pub async fn get(cx: &mut Cx<'_>, id: EngagementId, month: Option<Period>) -> Result<Sheet> {
    let engaged = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let is_self = engaged.person == Some(cx.actor()?.person);
    let may_write = match may_write(cx, engaged.at).await {
        Err(Error::Problem(_)) if is_self => false,
        other => other? && !is_self,
    };
    let on = today(cx);
    let this = youju_codes::PeriodKind::Month.containing(on);
    let this = this.map_err(|error| Problem::BadInput { reason: error.to_string() })?;
    let month = month.unwrap_or(this);
    let rates = rates_at(cx, &engaged).await?;
    let work = store::work(cx.tx(), id, (month.first_day(), month.last_day())).await?;
    let pay = store::pay(cx.tx(), id, month).await?;
    let lines = match &pay {
        Some(pay) => pay.lines.clone(),
        None => compute(&work, &by_id(&rates))?,
    };
    let colleagues =
        if may_write { staff::in_place(cx.tx(), Workplace::Organisation(engaged.at), on).await? } else { Vec::new() };
    Ok(Sheet {
        trainings: staff::trainings(cx.tx(), engaged.staff).await?,
        appraisals: store::appraisals(cx.tx(), id).await?,
        month,
        work,
        lines,
        pay,
        rates,
        colleagues: colleagues.into_iter().filter(|held| held.tenure.staff != engaged.staff).collect(),
        may_write,
        engaged,
    })
}

fn by_id(rates: &[Rate]) -> BTreeMap<RateId, Rate> {
    rates.iter().map(|rate| (rate.id, rate.clone())).collect()
}

/// The rates of the place where somebody works and of the areas above it.
async fn rates_at(cx: &mut Cx<'_>, engaged: &Engaged) -> Result<Vec<Rate>> {
    let mut areas = engaged.place_area.ancestors();
    areas.push(engaged.place_area);
    Ok(store::rates(cx.tx(), &areas).await?)
}

/// Somebody's engagement, to write about it.
async fn written(cx: &mut Cx<'_>, id: EngagementId) -> Result<Engaged> {
    let engaged = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    if !may_write(cx, engaged.at).await? || engaged.person == Some(cx.actor()?.person) {
        return Err(Problem::Forbidden.into());
    }
    Ok(engaged)
}

/// Auxiliaries of an organisation who are not engaged yet.
pub async fn free(cx: &mut Cx<'_>, at: OrganisationId) -> Result<(String, Vec<Held>)> {
    if !may_write(cx, at).await? {
        return Err(Problem::Forbidden.into());
    }
    let place = crate::staff::place(cx, Workplace::Organisation(at)).await?;
    let on = today(cx);
    let engaged: Vec<TenureId> = store::list(cx.tx(), &place.area, Some(at), (on, false))
        .await?
        .iter()
        .map(|one| one.engagement.tenure)
        .collect();
    let there = staff::in_place(cx.tx(), Workplace::Organisation(at), on).await?;
    let is_free = |held: &Held| held.tenure.duty == Duty::Auxiliary && !engaged.contains(&held.tenure.id);
    Ok((place.name, there.into_iter().filter(is_free).collect()))
}

/// Engages an auxiliary of the register from a day on.
pub async fn engage(cx: &mut Cx<'_>, tenure: TenureId, terms: Terms, since: NaiveDate) -> Result<EngagementId> {
    let held = staff::held(cx.tx(), tenure).await?.ok_or_else(not_found)?;
    let Workplace::Organisation(at) = held.tenure.at else { return Err(not_found()) };
    if !may_write(cx, at).await? {
        return Err(Problem::Forbidden.into());
    }
    let on = today(cx);
    if held.tenure.duty != Duty::Auxiliary || held.tenure.until.is_some_and(|until| until <= since) {
        let reason = format!("{}不是在任的辅助调查员。请先办理选聘,或者登记任职。", held.name);
        return Err(Problem::BadInput { reason }.into());
    }
    let terms = terms.read(held.tenure.staff, on)?;
    supervises(cx, at, terms.supervisor).await?;
    let one = Engagement::begin(cx.new_id(), tenure, terms, since, on)?;
    match store::add(cx.tx(), &one).await {
        Err(StoreError::Constraint(name)) if name.starts_with("engagement_tenure_key") => {
            let reason = format!("{}的这项任职已有聘用。", held.name);
            return Err(Problem::BadInput { reason }.into());
        }
        other => other?,
    }
    let payload = json!({ "name": held.name, "place": held.place, "since": since, "terms": words(&one.terms) });
    cx.record("enumerator.engaged", ("staff", held.tenure.staff.to_string()), payload).await?;
    Ok(one.id)
}

fn words(terms: &Terms) -> serde_json::Value {
    json!({
        "area": terms.area, "surveys": terms.surveys, "supervisor": terms.supervisor, "agreement": terms.agreement,
        "secrecy_on": terms.secrecy_on,
    })
}

/// Whoever supervises works in the same place.
async fn supervises(cx: &mut Cx<'_>, at: OrganisationId, supervisor: Option<StaffId>) -> Result<()> {
    let Some(supervisor) = supervisor else { return Ok(()) };
    let on = today(cx);
    let there = staff::in_place(cx.tx(), Workplace::Organisation(at), on).await?;
    if there.iter().any(|held| held.tenure.staff == supervisor) {
        return Ok(());
    }
    Err(Problem::BadInput { reason: "督导人员应是同一机构在任的统计人员。".into() }.into())
}

/// Changes the terms of an engagement; the journal keeps what they were.
pub async fn change(cx: &mut Cx<'_>, id: EngagementId, terms: Terms, revision: i64) -> Result<()> {
    let engaged = written(cx, id).await?;
    let on = today(cx);
    let terms = terms.read(engaged.staff, on)?;
    supervises(cx, engaged.at, terms.supervisor).await?;
    let before = words(&engaged.engagement.terms);
    let changed = Engagement { terms, revision, ..engaged.engagement };
    put(cx, &changed).await?;
    let payload = json!({ "name": engaged.name, "before": before, "terms": words(&changed.terms) });
    cx.record("enumerator.changed", ("staff", engaged.staff.to_string()), payload).await
}

async fn put(cx: &mut Cx<'_>, one: &Engagement) -> Result<()> {
    Ok(store::put(cx.tx(), one).await?)
}

/// Ends an engagement from a day on.
pub async fn end(cx: &mut Cx<'_>, id: EngagementId, on: NaiveDate, why: &str) -> Result<()> {
    let engaged = written(cx, id).await?;
    let ended = engaged.engagement.end(on, why)?;
    put(cx, &ended).await?;
    let payload = json!({ "name": engaged.name, "on": on, "why": ended.left_by });
    cx.record("enumerator.ended", ("staff", engaged.staff.to_string()), payload).await
}

/// Appraises somebody over a period.
pub async fn appraise(cx: &mut Cx<'_>, id: EngagementId, period: &str, score: u32, grounds: &str) -> Result<()> {
    let engaged = written(cx, id).await?;
    let on = today(cx);
    let (period, score, grounds) = read_appraisal(period, score, grounds, on)?;
    let by = cx.actor()?.clone();
    let one = Appraisal {
        id: cx.new_id(),
        engagement: id,
        period,
        score,
        grounds,
        by: by.person,
        by_name: by.name,
        at: cx.now(),
    };
    store::add_appraisal(cx.tx(), &one).await?;
    let payload = json!({ "name": engaged.name, "period": period, "score": score });
    cx.record("enumerator.appraised", ("staff", engaged.staff.to_string()), payload).await
}

/// The rates that were set in the actor's area and above, the present ones first.
pub async fn rates(cx: &mut Cx<'_>) -> Result<Vec<Rate>> {
    let own = cx.actor()?.area;
    cx.allow(Action::View, Object::Area(&own))?;
    let mut areas = own.ancestors();
    areas.push(own);
    Ok(store::rates(cx.tx(), &areas).await?)
}

/// Sets a rate for the actor's county from a day on.
pub async fn set_rate(cx: &mut Cx<'_>, new: NewRate, since: NaiveDate) -> Result<RateId> {
    let own = cx.actor()?.area;
    cx.allow(Action::Arrange, Object::Area(&own))?;
    let NewRate { task, per, amount, document } = new.read()?;
    let rate = Rate { id: cx.new_id(), area: own, task, per, amount, document, since, until: None };
    store::add_rate(cx.tx(), &rate).await?;
    let payload = json!({
        "task": rate.task, "per": rate.per, "amount": rate.amount.to_string(), "document": rate.document, "since": since,
    });
    cx.record("enumerator.rate_set", ("rate", rate.id.to_string()), payload).await?;
    Ok(rate.id)
}

/// Ends a rate from a day on. Work that was done before is still paid by it.
pub async fn end_rate(cx: &mut Cx<'_>, id: RateId, on: NaiveDate) -> Result<()> {
    let rate = store::rate(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "报酬标准" }))?;
    cx.allow(Action::Arrange, Object::Area(&rate.area))?;
    if on < rate.since {
        let reason = format!("停用日期不能早于启用日期 {}。", rate.since);
        return Err(Problem::BadInput { reason }.into());
    }
    store::end_rate(cx.tx(), id, on).await?;
    cx.record("enumerator.rate_ended", ("rate", id.to_string()), json!({ "task": rate.task, "on": on })).await
}

/// The month of a day must not be confirmed yet: what is confirmed is mended by a deduction in the next one.
async fn must_be_open(cx: &mut Cx<'_>, id: EngagementId, day: NaiveDate) -> Result<()> {
    let month = youju_codes::PeriodKind::Month.containing(day);
    let month = month.map_err(|error| Problem::BadInput { reason: error.to_string() })?;
    if store::pay(cx.tx(), id, month).await?.is_none() {
        return Ok(());
    }
    let reason = format!("{}的报酬已经确认。漏登或多登的,请登记在以后的月份,用负数冲减并写明原因。", month.label());
    Err(Problem::BadInput { reason }.into())
}

/// Enters work.
pub async fn enter_work(cx: &mut Cx<'_>, id: EngagementId, rate: RateId, new: NewWork) -> Result<()> {
    let engaged = written(cx, id).await?;
    let on = today(cx);
    let rates = rates_at(cx, &engaged).await?;
    let rate = rates.into_iter().find(|one| one.id == rate);
    let rate = rate.ok_or(Error::Problem(Problem::NotFound { what: "报酬标准" }))?;
    let NewWork { done_on, quantity, note } = new.read(&engaged.engagement, &rate, on)?;
    must_be_open(cx, id, done_on).await?;
    let (by, now) = (cx.actor()?.clone(), cx.now());
    let one = Work { id: cx.new_id(), done_on, rate: rate.id, quantity, note, by_name: by.name };
    store::add_work(cx.tx(), id, &one, (by.person, now)).await?;
    let payload = json!({ "name": engaged.name, "task": rate.task, "on": done_on, "quantity": quantity.to_string() });
    cx.record("enumerator.worked", ("staff", engaged.staff.to_string()), payload).await
}

/// Strikes out work that was entered wrongly; it stays in the journal.
pub async fn strike_work(cx: &mut Cx<'_>, id: EngagementId, work: WorkId, day: NaiveDate, why: &str) -> Result<()> {
    let engaged = written(cx, id).await?;
    let why = youju_domain::grid::read_reason(why)?;
    let there = store::work(cx.tx(), id, (day, day)).await?;
    if !there.iter().any(|one| one.id == work) {
        return Err(Problem::NotFound { what: "工作量" }.into());
    }
    must_be_open(cx, id, day).await?;
    store::strike_work(cx.tx(), id, work, &why).await?;
    let payload = json!({ "name": engaged.name, "on": day, "reason": why });
    cx.record("enumerator.work_struck", ("staff", engaged.staff.to_string()), payload).await
}

fn hands(engaged: &Engaged) -> Hands {
    Hands { own: engaged.person, supervisor: engaged.supervisor_person }
}

/// Confirms the pay of a month: its lines are frozen with what they rest on.
pub async fn confirm(cx: &mut Cx<'_>, id: EngagementId, month: Period) -> Result<()> {
    let sheet = get(cx, id, Some(month)).await?;
    let engaged = written(cx, id).await?;
    if sheet.pay.is_some() {
        return Err(Problem::Conflict.into());
    }
    let (by, now, on) = (cx.actor()?.clone(), cx.now(), today(cx));
    let pay = Pay::confirm((id, month), sheet.lines, (by.person, &by.name), hands(&engaged), (now, on))?;
    store::add_pay(cx.tx(), &pay).await?;
    let sum = total(&pay.lines).to_string();
    let payload = json!({ "name": engaged.name, "month": month, "sum": sum });
    cx.record("enumerator.pay_confirmed", ("staff", engaged.staff.to_string()), payload).await
}

/// Marks the pay of a month as paid: somebody else than who confirmed it.
pub async fn pay(cx: &mut Cx<'_>, id: EngagementId, month: Period, document: &str) -> Result<()> {
    let engaged = written(cx, id).await?;
    let found = store::pay(cx.tx(), id, month).await?;
    let found = found.ok_or_else(|| Problem::BadInput { reason: "这个月的报酬还没有确认。".into() })?;
    let (by, now) = (cx.actor()?.clone(), cx.now());
    let paid = found.pay((by.person, &by.name), hands(&engaged), document, now)?;
    store::put_paid(cx.tx(), &paid).await?;
    let payload = json!({
        "name": engaged.name, "month": month, "sum": total(&paid.lines).to_string(),
        "document": paid.paid.map(|paid| paid.document),
    });
    cx.record("enumerator.paid", ("staff", engaged.staff.to_string()), payload).await
}

/// The pay of everybody in the actor's area for a month, line by line with its ground.
pub async fn csv(cx: &mut Cx<'_>, month: Period) -> Result<(String, Vec<u8>)> {
    let mut rows: Vec<Vec<CellOut>> = Vec::new();
    let mut everybody = list(cx, None, false).await?;
    everybody.extend(list(cx, None, true).await?);
    for one in everybody {
        let sheet = get(cx, one.engagement.id, Some(month)).await?;
        let standing = match &sheet.pay {
            None => "待确认".to_owned(),
            Some(Pay { paid: None, confirmed_name, .. }) => format!("{confirmed_name}已确认,待发放"),
            Some(Pay { paid: Some(paid), .. }) => format!("{}已发放({})", paid.by_name, paid.document),
        };
        for line in &sheet.lines {
            rows.push(vec![
                CellOut::from(area::name(&one.place_area).unwrap_or(one.place_area.as_str())),
                CellOut::from(one.place.as_str()),
                CellOut::from(one.name.as_str()),
                CellOut::from(line.task.as_str()),
                CellOut::Number(line.quantity),
                CellOut::from(line.per.as_str()),
                CellOut::Number(line.amount),
                CellOut::Number(line.sum),
                CellOut::from(line.ground().as_str()),
                CellOut::from(standing.as_str()),
            ]);
        }
    }
    let names = ["区划", "机构", "姓名", "工作内容", "数量", "单位", "标准(元)", "金额(元)", "依据", "情形"];
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing the pay of enumerators", error))?;
    Ok((format!("辅助调查员报酬 {}.csv", month.label()), file))
}

/// True when the actor sets the rates of their area.
pub fn may_set_rates(actor: &Actor) -> bool {
    decide(actor, Action::Arrange, Object::Area(&actor.area))
}
