//! Prospects 准四上单位: units near or above their line, by kind and township, and each with what is done about it.

mod tip;

use axum::Router;
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::prospect::{self as app, Filter, Found, Step};
use youju_codes::{AreaCode, area, format_number};
use youju_domain::id::{ProspectId, RosterRunId};
use youju_domain::prospect::{Act, Prospect, State as Standing};

use crate::fields::Fields;
use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

/// Prospects.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(url::PROSPECTS, get(list).post(enter))
        .route(url::PROSPECTS_CSV, get(csv))
        .route(url::PROSPECT_NEW, get(tip::form).post(tip::enter))
        .route("/prospects/{id}", get(one).post(take))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    stale: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            state: Standing::from_key(&self.state),
            kind: self.kind.clone(),
            search: self.search.trim().to_owned(),
            untouched_since: None,
        }
    }
}

async fn found(web: &Web, signed: &Signed, asked: &Asked) -> Answer<Found> {
    let (request, is_stale) = (page_request(asked.page), asked.stale == "yes");
    let read =
        web.app.read(Some(signed.actor.clone()), async |cx| app::list(cx, asked.filter(), is_stale, request).await);
    Ok(read.await?)
}

/// The prospects of the officer's area.
async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let found = found(&web, &signed, &asked).await?;
    let csv = url::with_query(
        url::PROSPECTS_CSV,
        &[("state", &asked.state), ("kind", &asked.kind), ("search", &asked.search), ("stale", &asked.stale)],
    );
    let head = Head {
        about: Some("营业收入接近或达到纳统标准、还没有纳入的单位:从部门名单中发现,或者由乡镇登记线索,乡镇上门核实,县里列为应入并申报。每季度清一遍。".into()),
        actions: Some(html! {
            a.button.primary href=(url::PROSPECT_NEW) { "登记线索" }
            a.button href=(csv) { "导出 CSV" }
            a.button href=(url::ROSTERS) { "部门名单" }
        }),
        crumbs: vec![("名录".into(), Some(url::UNITS.into())), ("准四上单位".into(), None)],
        ..Head::of("准四上单位")
    };
    Ok(whole(&signed.frame, &head, &list_view(&found, &asked)))
}

async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let asked: Asked = query(raw)?;
    let is_stale = asked.stale == "yes";
    let file =
        web.app.read(Some(signed.actor.clone()), async |cx| app::csv(cx, asked.filter(), is_stale).await).await?;
    download::csv(&web, &signed.actor, file).await
}

/// Enters one row of a run, or all that are near their line.
async fn enter(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let fields = Fields::read(&body)?;
    let run = fields.choice("run", "比对", |text| text.parse::<RosterRunId>().ok())?;
    if let Some(percent) = fields.number::<u32>("share", "百分比")? {
        web.app.write(Some(signed.actor), async |cx| app::gather(cx, run, percent).await).await?;
        return Ok(see(url::PROSPECTS, "prospects_gathered"));
    }
    let number = fields.number::<i64>("number", "序号")?.unwrap_or_default();
    let id = web.app.write(Some(signed.actor), async |cx| app::enter(cx, run, number).await).await?;
    Ok(see(&url::prospect(id), "prospect_entered"))
}

fn list_view(found: &Found, asked: &Asked) -> Markup {
    html! {
        (counts("按类别", found.kinds.iter().map(|(kind, counts)| (kind.clone(), counts))))
        (counts("按乡镇", found.places.iter().map(|(place, counts)| (name(place).to_owned(), counts))))
        @if found.stale > 0 && asked.stale != "yes" { p.notice.explain {
            (part::count(found.stale)) " 家一个季度没有动过。" a href=(url::with_query(url::PROSPECTS, &[("stale", "yes")])) { "只看这些" }
        } }
        form.filters action=(url::PROSPECTS) role="search" aria-label="查找准四上单位" {
            div.field { label for="prospect-search" { "名称或代码" } input #prospect-search name="search" value=(asked.search); }
            div.field { label for="state" { "状态" } select #state name="state" {
                option value="" { "全部" }
                @for one in Standing::ALL { option value=(one.key()) selected[one.key() == asked.state] { (one.label()) } }
            } }
            div.field { label for="kind" { "类别" } select #kind name="kind" {
                option value="" { "全部" }
                @for kind in found.kinds.keys() { option selected[*kind == asked.kind] { (kind) } }
            } }
            @if asked.stale == "yes" { input type="hidden" name="stale" value="yes"; }
            button.button type="submit" { "查找" }
        }
        @if found.page.total == 0 { (part::empty("没有符合条件的单位", "准四上单位来自部门名单的比对结果:在比对页点“筛选达标的单位”,或把应纳入的一家列为线索。村里、部门、企业告知的,点“登记线索”。")) }
        @else {
            div.table-head { (part::shown(&found.page)) }
            (table(&found.page.rows))
            (part::pager(&found.page, url::PROSPECTS, &[("state", &asked.state), ("kind", &asked.kind), ("search", &asked.search), ("stale", &asked.stale)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// The figure that speaks for it; of many tips there is none.
fn revenue(one: &Prospect) -> String {
    if one.revenue.is_zero() { "不知道".to_owned() } else { format_number(&one.revenue.normalize()) }
}

fn name(place: &AreaCode) -> &str {
    area::name(place).unwrap_or(place.as_str())
}

fn counts<'c>(
    title: &str,
    rows: impl ExactSizeIterator<Item = (String, &'c std::collections::BTreeMap<Standing, u64>)>,
) -> Markup {
    html! { @if rows.len() > 0 { div.table-box tabindex="0" role="region" aria-label=(title) { table.table {
        caption { (title) }
        thead { tr { th { "" } @for state in Standing::ALL { th.num { (state.label()) } } th.num { "合计" } } }
        tbody { @for (word, counts) in rows { tr {
            th scope="row" { (word) }
            @for state in Standing::ALL { td.num { @if let Some(count) = counts.get(&state) { (part::count(*count)) } } }
            td.num { (part::count(counts.values().sum())) }
        } } }
    } } } }
}

fn badge(state: Standing) -> Markup {
    let class = match state {
        Standing::Listed => "done",
        Standing::Declined | Standing::Refused => "",
        _ => "todo",
    };
    html! { span class={ "badge " (class) } { (state.label()) } }
}

fn table(rows: &[Prospect]) -> Markup {
    html! { div.table-box tabindex="0" role="region" aria-label="准四上单位" { table.table {
        caption { "收入和标准的单位:万元" }
        thead { tr { th { "单位" } th { "所在地" } th { "类别" } th.num { "营业收入" } th.num { "标准" } th { "状态" } th { "期限" } } }
        tbody { @for one in rows { tr {
            th scope="row" { a href=(url::prospect(one.id)) { (one.name) } " " span.code { (one.code) } }
            td { (name(&one.area)) }
            td { (one.kind) }
            td.num { (revenue(one)) @if one.is_reached() { " " span.badge.plain.explain { "达标" } } }
            td.num { (format_number(&one.threshold)) }
            td { (badge(one.state)) @if !one.reason.is_empty() { div.muted { (one.reason) } } }
            td { @if let Some(due) = one.due_on { (due) } }
        } } }
    } } }
}

/// A prospect with what was done and what can be.
async fn one(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let id: ProspectId = id(path)?;
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let (one, steps) = app::get(cx, id).await?;
        let acts: Vec<Act> = Act::from(one.state).filter(|act| app::may(cx, &one, *act)).collect();
        let has_case = youju_app::case::openable(cx)?.iter().any(|kind| kind.key == "enrolment");
        Ok((one, steps, acts, has_case))
    });
    let (one, steps, acts, has_case) = read.await?;
    let head = Head {
        badge: Some(badge(one.state)),
        crumbs: vec![
            ("名录".into(), Some(url::UNITS.into())),
            ("准四上单位".into(), Some(url::PROSPECTS.into())),
            (one.name.clone(), None),
        ],
        ..Head::of(&one.name)
    };
    Ok(whole(&signed.frame, &head, &one_view(&one, &steps, &acts, has_case)))
}

fn one_view(one: &Prospect, steps: &[Step], acts: &[Act], has_case: bool) -> Markup {
    let verified = steps.iter().rfind(|step| step.act == Some(Act::Verify));
    let case = one.unit.filter(|_| has_case).map(|unit| url::case_new_about("enrolment", &unit.to_string()));
    let known = [
        ("usci", one.code.as_str()),
        ("name", one.name.as_str()),
        ("area", one.area.as_str()),
        ("industry", one.industry.code()),
        ("address", one.address.as_str()),
        ("phone", one.phone.as_str()),
    ];
    html! {
        dl.facts.wide.card {
            div { dt { "统一社会信用代码" } dd { span.code { (one.code) } } }
            div { dt { "所在地" } dd { (area::path(&one.area)) } }
            div { dt { "地址" } dd { (one.address) } }
            div { dt { "电话" } dd { (one.phone) } }
            div { dt { "行业" } dd { (one.industry.code()) " " (one.industry.name()) } }
            div { dt { "类别" } dd { (one.kind) } }
            div { dt { "营业收入" } dd { (revenue(one)) @if !one.revenue.is_zero() { " 万元" } } }
            div { dt { "纳统标准" } dd { (format_number(&one.threshold)) " 万元" @if one.is_reached() { ",已达到" } @else if !one.revenue.is_zero() { ",还没有达到" } } }
            div { dt { "数据来自" } dd { (one.source) } }
            div { dt { "发现季度" } dd { (one.quarter) } }
            @if let Some(due) = one.due_on { div { dt { "下一步期限" } dd { (due) } } }
            @if let Some(step) = verified { div { dt { "核实人" } dd { (step.by_name) " " (part::instant(step.at)) } } }
            @if let Some(unit) = one.unit { div { dt { "名录库" } dd { a href=(url::unit(unit)) { "已在名录库中" } } } }
        }
        @if one.state.is_open() { div.form-actions {
            @if one.unit.is_none() { a.button href=(url::unit_new(&known)) { "登记单位" } }
            @if let Some(case) = case.filter(|_| one.state == Standing::Due) { a.button.primary href=(case) { "提出纳入" } }
        } }
        @if !acts.is_empty() { section.stack {
            h2 { "办理" }
            form.narrow.card method="post" action=(url::prospect(one.id)) {
                input type="hidden" name="revision" value=(one.revision);
                fieldset.field { legend { "做什么" }
                    @for (place, act) in acts.iter().enumerate() { label.choice {
                        input type="radio" name="act" value=(act.key()) required checked[place == 0];
                        span { (act.label()) @if act.owes_reason() { "(写明原因)" } }
                    } }
                }
                div.field { label for="reason" { "说明或原因" } textarea #reason name="reason" maxlength="200" {} }
                div.field { label for="due" { "下一步期限(可以不填)" } input #due type="date" name="due_on"; }
                div.form-actions { button.button.primary type="submit" { "办理" } }
            }
        } }
        section.stack {
            h2 { "经过" }
            ol.timeline { @for step in steps { li {
                (part::instant(step.at)) " " (step.by_name) ":" (step.act.map_or("列为线索", Act::label)) @if !step.reason.is_empty() { ",“" (step.reason) "”" }
            } } }
        }
    }
}

/// Does something with a prospect.
async fn take(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let id: ProspectId = id(path)?;
    let fields = Fields::read(&body)?;
    let act = fields.choice("act", "做什么", Act::from_key)?;
    let (due, revision) = (fields.day("due_on")?, fields.number::<i64>("revision", "版本")?.unwrap_or_default());
    let reason = fields.get("reason").to_owned();
    web.app.write(Some(signed.actor), async |cx| app::take(cx, id, (act, &reason), (due, revision)).await).await?;
    Ok(see(&url::prospect(id), "prospect_moved"))
}
