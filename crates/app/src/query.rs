//! Query 数据查询: asked by any level, one by one or from a list; answered by the unit; judged by the office.

mod list;

use chrono::TimeDelta;
use serde_json::json;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::id::{QueryId, ReportId};
use youju_domain::message::Kind;
use youju_domain::query::{ANSWER_DAYS, Cause, Outcome, Query, Speaker, Stage};
use youju_domain::register::Unit;
use youju_domain::report::{CellId, Level, Report};
use youju_domain::survey::print_instant;
use youju_domain::{Instant, Problem};
use youju_store::query::{Filter, Listed, Quality, Read};
use youju_store::register::{Page, PageRequest};
use youju_store::{query, report};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_level, tell_unit};
use crate::report::{Open, open};

pub use list::{Asked, ListFile, Looked, ask_all, look, read_list};

/// A query that is to be asked.
#[derive(Debug, Clone)]
pub struct NewQuery {
    /// About which report.
    pub report: ReportId,
    /// About which cells, by their ids; empty for the whole report.
    pub cells: Vec<String>,
    /// What is asked.
    pub question: String,
    /// Until when the unit should answer; none for the usual term.
    pub due_at: Option<Instant>,
    /// From which list, e.g. `国家查询清单 2026-03`; empty for the office's own.
    pub source: String,
}

/// Asks a unit about figures that it has handed in.
pub async fn ask(cx: &mut Cx<'_>, new: NewQuery) -> Result<Query> {
    let opened = open(cx, new.report).await?;
    cx.allow(Action::Review, opened.object(cx.app()))?;
    let Open { report, unit, .. } = opened;
    let (speaker, level) = officer(cx)?;
    if report.versions == 0 {
        return Err(Problem::BadInput {
            reason: "单位还没有上报过这张报表,没有可以查询的数据。".into()
        }
        .into());
    }
    let now = cx.now();
    let due_at = new.due_at.unwrap_or(now + TimeDelta::days(ANSWER_DAYS));
    let question = Query::read_question(&new.question, due_at, now)?;
    let asked = Query {
        id: cx.new_id(),
        report: report.id,
        unit: unit.id,
        cells: cells(cx, &report, &new.cells)?,
        source: new.source.trim().to_owned(),
        level,
        asked_at: now,
        stage: Stage::Asked,
        due_at,
        answered_at: None,
        is_late: false,
        reopened: 0,
        outcome: None,
        cause: None,
        version: report.versions,
        version_after: None,
        turns: vec![Query::asked(speaker, question.clone(), now)],
    };
    query::add(cx.tx(), &asked).await?;
    let body = format!("请于 {} 前回复:{question}", print_instant(due_at));
    tell_unit(cx, unit.id, &draft(&asked, &report, &unit, "查询", body)).await?;
    record(cx, "query.asked", &asked).await?;
    Ok(asked)
}

fn cells(cx: &Cx<'_>, report: &Report, typed: &[String]) -> Result<Vec<CellId>> {
    let form = cx.app().form(&report.form)?;
    let one = |text: &String| {
        let found = form.cell_by_text(text).map(|cell| cell.id.clone());
        found.ok_or_else(|| Error::Problem(Problem::UnknownCell { cell: text.clone() }))
    };
    typed.iter().map(one).collect()
}

fn officer(cx: &Cx<'_>) -> Result<(Speaker, Level)> {
    let actor = cx.actor()?;
    let level = actor.role.level().ok_or(Problem::Forbidden)?;
    Ok((speaker(actor), level))
}

fn speaker(actor: &Actor) -> Speaker {
    Speaker { by: actor.person, name: actor.name.clone(), level: actor.role.level() }
}

fn draft(query: &Query, report: &Report, unit: &Unit, what: &str, body: String) -> Draft {
    Draft {
        kind: Kind::Query,
        title: format!("{what}:{} {} {}", unit.name, report.form, report.period.cumulative_label()),
        body,
        about: ("query", query.id.to_string()),
    }
}

async fn record(cx: &mut Cx<'_>, action: &str, query: &Query) -> Result<()> {
    let said = query.turns.last().map(|turn| turn.text.clone()).unwrap_or_default();
    let payload = json!({
        "query": query.id, "text": said, "asked_of": query.cells, "stage": query.stage.key(), "due_at": query.due_at,
        "outcome": query.outcome, "cause": query.cause, "source": query.source, "level": query.level,
    });
    cx.record(action, ("report", query.report.to_string()), payload).await
}

/// A query with what it is about.
pub struct About {
    /// The query.
    pub query: Query,
    /// The report as it is now.
    pub open: Open,
    revision: i64,
}

/// A query that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, id: QueryId) -> Result<About> {
    let not_found = || Error::Problem(Problem::NotFound { what: "查询" });
    let Read { query, revision } = query::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let open = open(cx, query.report).await.map_err(|error| match error {
        Error::Problem(Problem::NotFound { .. }) => not_found(),
        other => other,
    })?;
    Ok(About { query, open, revision })
}

/// The queries about a report, oldest first.
pub async fn of_report(cx: &mut Cx<'_>, id: ReportId) -> Result<Vec<Query>> {
    open(cx, id).await?;
    Ok(query::of_report(cx.tx(), id).await?)
}

/// One page of the queries in the actor's scope.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let scope = cx.form_scope()?;
    Ok(query::list(cx.tx(), &scope, filter, page).await?)
}

/// The unit answers.
pub async fn answer(cx: &mut Cx<'_>, id: QueryId, text: &str) -> Result<Query> {
    let About { query, open, revision } = get(cx, id).await?;
    cx.allow(Action::Fill, open.object(cx.app()))?;
    let Open { report, unit, .. } = open;
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let answered = query.answer(&actor.respondent()?, speaker(&actor), text, now)?;
    query::put(cx.tx(), &answered, revision).await?;
    let draft = draft(&answered, &report, &unit, "查询已回复", text.trim().to_owned());
    tell_level(cx, answered.level, (&unit, &report.form), &draft).await?;
    if answered.level > Level::County {
        // The county checks the evidence before the level that asked does.
        tell_level(cx, Level::County, (&unit, &report.form), &draft).await?;
    }
    record(cx, "query.answered", &answered).await?;
    Ok(answered)
}

/// What an office does with an answer.
#[derive(Debug, Clone)]
pub enum Judgement {
    /// Says what it thinks; the level that asked closes.
    Opinion(String),
    /// Closes.
    Close(Outcome, Cause, String),
    /// Asks again, until an instant.
    Reopen(String, Option<Instant>),
}

/// An office judges an answer, or asks again.
pub async fn judge(cx: &mut Cx<'_>, id: QueryId, judgement: Judgement) -> Result<Query> {
    let About { query, open, revision } = get(cx, id).await?;
    cx.allow(Action::Review, open.object(cx.app()))?;
    let Open { report, unit, .. } = open;
    let ((speaker, level), now) = (officer(cx)?, cx.now());
    let (judged, action) = match judgement {
        Judgement::Opinion(text) => (query.opine(speaker, &text, now)?, "query.opined"),
        Judgement::Close(outcome, cause, text) => {
            let handed_in = if report.state.is_reported() { report.versions } else { 0 };
            (query.close((speaker, level), (outcome, cause), &text, handed_in, now)?, "query.closed")
        }
        Judgement::Reopen(text, due_at) => {
            let due_at = due_at.unwrap_or(now + TimeDelta::days(ANSWER_DAYS));
            (query.reopen((speaker, level), &text, due_at, now)?, "query.reopened")
        }
    };
    query::put(cx.tx(), &judged, revision).await?;
    if judged.stage == Stage::Asked {
        let said = judged.turns.last().map(|turn| turn.text.clone()).unwrap_or_default();
        let body = format!("请于 {} 前回复:{said}", print_instant(judged.due_at));
        tell_unit(cx, unit.id, &draft(&judged, &report, &unit, "再次查询", body)).await?;
    }
    record(cx, action, &judged).await?;
    Ok(judged)
}

/// How queries were answered between two instants, unit by unit.
pub async fn quality(cx: &mut Cx<'_>, span: (Instant, Instant)) -> Result<Vec<Quality>> {
    let (scope, now) = (cx.form_scope()?, cx.now());
    Ok(query::quality(cx.tx(), &scope, span, now).await?)
}

/// A group of queries that wait for the actor.
pub struct Group {
    /// What is to be done.
    pub title: String,
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub first: Vec<Listed>,
}

/// Queries that wait: a unit's unanswered ones; of an office those to judge, and those that have risen to it because nobody
/// acted in time.
pub async fn waiting(cx: &mut Cx<'_>, first_max: i64) -> Result<Vec<Group>> {
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let page = PageRequest { offset: 0, limit: first_max };
    let scope = cx.form_scope()?;
    let mut groups = Vec::new();
    let stage = if actor.role.is_respondent() { Stage::Asked } else { Stage::Answered };
    let title = if actor.role.is_respondent() { "待回复的查询" } else { "待核实的查询" };
    if actor.role.is_respondent() || actor.role.is_officer() {
        let found = query::list(cx.tx(), &scope, &Filter { stage: Some(stage), ..Filter::default() }, page).await?;
        if found.total > 0 {
            groups.push(Group { title: title.to_owned(), total: found.total, first: found.rows });
        }
    }
    if let Some(level) = actor.role.level() {
        let filter = Filter { overdue_at: Some(now), ..Filter::default() };
        let all = PageRequest { offset: 0, limit: i64::MAX };
        let mut risen = query::list(cx.tx(), &scope, &filter, all).await?.rows;
        risen.retain(|listed| listed.query.risen_to(now).is_some_and(|at| at >= level));
        let total = u64::try_from(risen.len()).unwrap_or_default();
        risen.truncate(usize::try_from(first_max).unwrap_or_default());
        if total > 0 {
            groups.push(Group { title: "逾期的查询".to_owned(), total, first: risen });
        }
    }
    Ok(groups)
}

/// The report of a unit that a list names, if the actor may look at it.
pub(crate) async fn report_of(cx: &mut Cx<'_>, usci: &str, form: &str, period: &str) -> Result<ReportId> {
    let wrong = |reason: String| Error::Problem(Problem::BadInput { reason });
    let code = youju_codes::Usci::parse(usci).map_err(|error| wrong(error.to_string()))?;
    let period = youju_codes::Period::parse(period).map_err(|error| wrong(error.to_string()))?;
    let unit = youju_store::register::by_usci(cx.tx(), code).await?;
    let unit = unit.ok_or_else(|| wrong(format!("名录库中没有统一社会信用代码为 {usci} 的单位")))?;
    let found = report::find(cx.tx(), unit.id, form, period).await?;
    let found = found.ok_or_else(|| wrong(format!("{} 没有 {form} {} 的报表", unit.name, period.label())))?;
    let object = Object::Report { unit: unit.id, area: &unit.area, domain: cx.app().domain_of(form) };
    cx.allow(Action::Review, object).map_err(|_| wrong(format!("{} 的这张报表不在您的管理范围内", unit.name)))?;
    Ok(found.id)
}
