//! Queries 数据查询: lists, one query as a conversation, asking, answering, judging, and how well units answer.

mod list_file;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use chrono::{Datelike, NaiveDate, TimeDelta};
use maud::Markup;
use serde::Deserialize;
use youju_app::list::QueryFilter;
use youju_app::query::{Judgement, NewQuery};
use youju_domain::id::{QueryId, ReportId};
use youju_domain::query::{Cause, Outcome, Stage};
use youju_domain::survey::{local, parse_local};
use youju_domain::{Instant, Problem};

use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query as read_query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use list_file::{ask_all, form as list_form, look};
pub(crate) use view::{ask_form, rows, stage};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    overdue: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    page: i64,
}

/// The queries in the person's scope.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = read_query(raw)?;
    let now = web.app.world().now();
    let filter = QueryFilter {
        stage: Stage::from_key(&asked.stage),
        overdue_at: (!asked.overdue.is_empty()).then_some(now),
        source: (!asked.source.is_empty()).then(|| asked.source.clone()),
    };
    let request = page_request(asked.page);
    let found =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::query::list(cx, &filter, request).await).await?;
    let pairs = [("stage", asked.stage.as_str()), ("overdue", &asked.overdue), ("source", &asked.source)];
    let head = Head { actions: Some(view::list_actions(&signed.actor)), ..Head::of("数据查询") };
    Ok(whole(&signed.frame, &head, &view::list(&found, &pairs, now)))
}

/// One query.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let query: QueryId = id(path)?;
    let (about, evidence) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let about = youju_app::query::get(cx, query).await?;
            let (unit, period) = (about.open.unit.id, about.open.report.period);
            let all = youju_app::attachment::list(cx, unit, period).await?;
            Ok((about, all))
        })
        .await?;
    let report = &about.open.report;
    let form = web.app.form(&report.form)?;
    let mut crumbs = crate::register::area_crumbs(&about.open.unit, false);
    crumbs.push((report.form.clone(), Some(url::report(report.id))));
    crumbs.push(("查询".into(), None));
    let head = Head {
        period: Some(report.period.cumulative_label()),
        badge: Some(stage(about.query.stage)),
        crumbs,
        ..Head::of("数据查询")
    };
    let now = web.app.world().now();
    Ok(whole(&signed.frame, &head, &view::page(&signed.actor, form, &about, &evidence, now)))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::query(id(path)?)))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    cells: String,
    question: String,
    #[serde(default)]
    due_at: String,
}

/// Asks about a report.
pub(crate) async fn ask(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let report: ReportId = id(path)?;
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    let cells = typed.cells.split([',', ',', '、', ' ']).map(str::trim).filter(|cell| !cell.is_empty());
    let new = NewQuery {
        report,
        cells: cells.map(str::to_owned).collect(),
        question: typed.question,
        due_at: term(&typed.due_at)?,
        source: String::new(),
    };
    let asked = web.app.write(Some(signed.actor), async |cx| youju_app::query::ask(cx, new).await).await?;
    Ok(see(&url::query(asked.id), "asked"))
}

fn term(text: &str) -> Answer<Option<Instant>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong =
        || Problem::BadInput { reason: format!("期限应写成 2026-11-21 14:03 的样子,现为“{text}”。") };
    Ok(Some(parse_local(text).ok_or_else(wrong)?))
}

#[derive(Deserialize)]
struct Said {
    text: String,
}

/// The unit answers.
pub(crate) async fn answer(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let query: QueryId = id(path)?;
    let Said { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| youju_app::query::answer(cx, query, &text).await).await?;
    Ok(see(&url::query(query), "answered"))
}

#[derive(Deserialize)]
struct Judged {
    act: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    due_at: String,
}

/// An office judges an answer, or asks again.
pub(crate) async fn judge(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let query: QueryId = id(path)?;
    let judged: Judged = read(&String::from_utf8_lossy(&body))?;
    let judgement = match judged.act.as_str() {
        "opinion" => Judgement::Opinion(judged.text),
        "close" => {
            let missing = |what: &str| Problem::BadInput { reason: format!("请选择{what}。") };
            let outcome = Outcome::from_key(&judged.outcome).ok_or_else(|| missing("核实结果"))?;
            let cause = Cause::from_key(&judged.cause).ok_or_else(|| missing("原因分类"))?;
            Judgement::Close(outcome, cause, judged.text)
        }
        "reopen" => Judgement::Reopen(judged.text, term(&judged.due_at)?),
        _ => return Err(damaged().into()),
    };
    web.app.write(Some(signed.actor), async |cx| youju_app::query::judge(cx, query, judgement).await).await?;
    Ok(see(&url::query(query), "judged"))
}

#[derive(Deserialize)]
struct Span {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// How well units answered between two days; without any, in this quarter.
pub(crate) async fn quality(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let span: Span = read_query(raw)?;
    let today = local(web.app.world().now()).date();
    let first = NaiveDate::from_ymd_opt(today.year(), (today.month0() / 3) * 3 + 1, 1).unwrap_or(today);
    let (from, to) = (day(&span.from, first)?, day(&span.to, today)?);
    let instant = |day: NaiveDate| (day.and_time(chrono::NaiveTime::MIN) - TimeDelta::hours(8)).and_utc();
    let until = instant(to + TimeDelta::days(1));
    let rows = web
        .app
        .read(Some(signed.actor.clone()), async |cx| youju_app::query::quality(cx, (instant(from), until)).await)
        .await?;
    let head = Head {
        about: Some("按单位、乡镇统计查询的回复情况:是否按时、是否被再次查询、是否因此更正。".into()),
        crumbs: vec![("数据查询".into(), Some(url::QUERIES.into())), ("回复质量".into(), None)],
        ..Head::of("查询回复质量")
    };
    Ok(whole(&signed.frame, &head, &view::quality(&rows, from, to)))
}

fn day(text: &str, otherwise: NaiveDate) -> Answer<NaiveDate> {
    if text.is_empty() {
        return Ok(otherwise);
    }
    let wrong = || Problem::BadInput { reason: format!("日期应写成 2026-11-21 的样子,现为“{text}”。") };
    Ok(NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| wrong())?)
}
