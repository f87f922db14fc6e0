//! Who is missing whom, as a page, as CSV and as JSON.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use youju_app::staff::{self as app, Asked, Owing, Staffing};
use youju_domain::norm::Minimum;

use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    only: String,
    #[serde(default)]
    page: i64,
}

impl Listed {
    fn asked(&self) -> Asked {
        Asked { is_missing: self.only == "missing" }
    }
}

async fn read(web: &Web, signed: &Signed, asked: Asked) -> Answer<Staffing> {
    Ok(web.app.read(Some(signed.actor.clone()), async |cx| app::staffing(cx, asked).await).await?)
}

/// Who is missing whom.
pub(crate) async fn staffing(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let listed: Listed = query(raw)?;
    let found = read(&web, &signed, listed.asked()).await?;
    let head = Head {
        crumbs: vec![("统计人员".into(), Some(url::STAFF.into())), ("人员配备".into(), None)],
        about: Some("各机构按本地规定应配多少人、现有多少人。按名录库单位数和在任人员随时计算。".into()),
        actions: Some(html! {
            a.button href=(url::with_query(url::STAFFING_CSV, &[("only", &listed.only)])) { "下载" }
        }),
        ..Head::of("人员配备")
    };
    Ok(whole(&signed.frame, &head, &view(&found, &listed)))
}

fn view(found: &Staffing, listed: &Listed) -> Markup {
    let page = found.page(page_request(listed.page));
    html! {
        form.filters action=(url::STAFFING) {
            div.field { label for="only" { "看哪些" } select #only name="only" {
                @for (value, word) in [("", "全部"), ("missing", "还缺人的")] { option value=(value) selected[value == listed.only] { (word) } }
            } }
            button.button type="submit" { "查看" }
        }
        @if found.all == 0 {
            (part::empty("本地没有人员配备标准,或者还没有设置机构", "标准写在地方配置的 norms.toml 中;机构在“机构”页按地方配置设置。"))
        } @else {
            div.figures {
                div { b { (part::share(found.complete, found.all)) } span { "配齐(" (part::count(found.complete)) " / " (part::count(found.all)) " 个机构)" } }
            }
            @if page.total == 0 { (part::empty("都配齐了", "单位增减、人员离任以后,这里会随时变化。")) }
            @else {
                div.table-head { (part::shown(&page)) }
                (table(&page.rows))
                (part::pager(&page, url::STAFFING, &[("only", &listed.only)], PAGE_ROWS.unsigned_abs()))
            }
        }
    }
}

fn table(rows: &[&Owing]) -> Markup {
    html! { div.table-box tabindex="0" role="region" aria-label="人员配备" { table.table {
        thead { tr { th { "机构" } th.num { "单位数 " span.unit { "家" } } th { "岗位" } th.num { "应配" } th.num { "现有" } th { "缺" } th { "依据" } } }
        @for row in rows { tbody { @for (index, line) in row.lines.iter().enumerate() { (table_row(row, index, line)) } } }
    } } }
}

fn table_row(row: &Owing, index: usize, (minimum, present, document): &(Minimum, u32, String)) -> Markup {
    let missing = minimum.least.saturating_sub(*present);
    html! { tr {
        @if index == 0 {
            th scope="rowgroup" rowspan=(row.lines.len()) { a href=(url::organisation_staff(row.listed.id)) { (row.listed.span.name) } }
            td.num rowspan=(row.lines.len()) { @if let Some(units) = row.units { (part::count(units)) } }
        }
        td { (minimum.post.label()) }
        td.num { (minimum.least) }
        td.num { (present) }
        td { @if missing > 0 { span.badge.error { "缺 " (missing) " 人" } } @else { span.badge.done { "配齐" } } }
        td { (document) ":" (minimum.words) }
    } }
}

/// The same as CSV: exactly what is filtered.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let listed: Listed = query(raw)?;
    let found = read(&web, &signed, listed.asked()).await?;
    let file = app::csv(&found)?;
    download::csv(&web, &signed.actor, file).await
}

/// The same for programs of an office, in the session of an officer.
pub(crate) async fn json(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let listed: Listed = query(raw)?;
    let found = read(&web, &signed, listed.asked()).await?;
    let line = |(minimum, present, document): &(Minimum, u32, String)| {
        json!({
            "post": minimum.post.key(), "least": minimum.least, "present": present,
            "missing": minimum.least.saturating_sub(*present), "document": document, "words": minimum.words,
        })
    };
    let row = |row: &Owing| {
        json!({
            "organisation": row.listed.id, "name": row.listed.span.name, "kind": row.listed.span.kind.key(),
            "area": row.listed.span.area.as_str(), "units": row.units, "missing": row.missing(),
            "posts": row.lines.iter().map(line).collect::<Vec<_>>(),
        })
    };
    let rows: Vec<_> = found.rows.iter().map(row).collect();
    Ok(Json(json!({ "on": found.on, "all": found.all, "complete": found.complete, "organisations": rows }))
        .into_response())
}
