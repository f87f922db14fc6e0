//! Hands 经手 (倒查): every person who touched a figure, as a page and as a file.

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::hands::{self, Hands};
use youju_app::list::Page;
use youju_domain::Problem;
use youju_domain::hands::{Responsible, Touch};
use youju_domain::id::ReportId;

use crate::limits::PAGE_ROWS;
use crate::register::{area_crumbs, page_request};
use crate::request::{Answer, Signed, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: i64,
}

async fn load(web: &Web, signed: &Signed, (report, cell): (String, String)) -> Answer<Hands> {
    let report: ReportId = report.parse().map_err(|_| Problem::NotFound { what: "报表" })?;
    Ok(web.app.read(Some(signed.actor.clone()), async |cx| hands::of_cell(cx, report, &cell).await).await?)
}

/// Everybody who touched a cell.
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    raw: RawQuery,
) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let hands = load(&web, &signed, path).await?;
    let report = &hands.open.report;
    let mut crumbs = area_crumbs(&hands.open.unit, false);
    crumbs.push((report.form.clone(), Some(url::report(report.id))));
    crumbs.push((hands.label.clone(), Some(url::cell(report.id, &hands.id))));
    crumbs.push(("倒查".into(), None));
    let actions = html! {
        a.button href=(url::cell(report.id, &hands.id)) { "这个数的来源" }
        a.button href=(url::hands_csv(report.id, &hands.id)) { "导出 CSV" }
    };
    let title = format!("倒查:{}", hands.label);
    let head = Head {
        period: Some(report.period.cumulative_label()),
        badge: Some(part::state(report.state)),
        about: Some(format!("经手这个数的共 {} 人 {} 次。", hands.people(), hands.touches.len())),
        crumbs,
        actions: Some(actions),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view(&hands, asked.page)))
}

fn view(hands: &Hands, page: i64) -> Markup {
    let rows = Page::cut(hands.touches.iter(), page_request(page));
    let address = url::hands(hands.open.report.id, &hands.id);
    html! {
        section.card { h2 { "责任人" } (duties(&hands.responsible)) }
        section.stack {
            h2 { "经手人" }
            @if hands.touches.is_empty() { (part::empty("还没有人经手这个数", "填写、生成或导入以后,这里按时间列出每一个人。")) }
            @else { (table(&rows)) (part::pager(&rows, &address, &[], PAGE_ROWS.unsigned_abs())) }
        }
    }
}

fn duties(responsible: &[Responsible]) -> Markup {
    html! { dl.facts { @for one in responsible {
        dt { (one.duty.label()) }
        dd { @if one.names.is_empty() { span.muted { "还没有" } } @else { (one.names.join("、")) } }
    } } }
}

fn table(rows: &Page<&Touch>) -> Markup {
    html! {
        div.table-head { (part::shown(rows)) }
        div.table-box tabindex="0" role="region" aria-label="经手人" { table.table {
            caption { "经手这个数的每一个人和每一次办理,按时间先后" }
            thead { tr { th { "时间" } th { "姓名" } th { "身份" } th { "单位或层级" } th { "办理" } th { "内容" } th.num { "日志" } } }
            tbody { @for touch in &rows.rows { tr {
                td { (part::instant(touch.at)) }
                th scope="row" { (touch.name) }
                td { (touch.role) }
                td { (touch.office) }
                td { (touch.act()) }
                td.wrap { (touch.said) }
                td.num { (touch.seq) }
            } } }
        } }
    }
}

/// The same as CSV.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, Path(path): Path<(String, String)>) -> Answer {
    let file = hands::csv(&load(&web, &signed, path).await?)?;
    download::csv(&web, &signed.actor, file).await
}
