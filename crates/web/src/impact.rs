//! Impact 去向: from an import, a line of it, source records or a saved ledger to the figures taken from it and the totals.

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::impact::{Affected, Asked, Impact, Told};
use youju_domain::id::{BookId, ImportId, RecordImportId, ReportId};
use youju_domain::impact::Stands;
use youju_domain::report::Level;

use crate::register::area_crumbs;
use crate::request::{Answer, Signed, id, query};
use crate::total::group_name;
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Cells of one report that the page shows; how many there are is told, and programs read all of them.
const CELLS_MAX: usize = 200;

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    account: String,
}

/// Where a trial balance leads, or one line of it.
pub(crate) async fn import(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let import: ImportId = id(path)?;
    let Account { account } = query(raw)?;
    let account = Some(account.trim().to_owned()).filter(|account| !account.is_empty());
    let back = (url::import(import, None), "科目余额表");
    let up = account.is_some().then(|| url::import_impact(import, None));
    show(&web, &signed, &Asked::Import(import, account), back, up).await
}

/// Where source records lead.
pub(crate) async fn records(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let import: RecordImportId = id(path)?;
    show(&web, &signed, &Asked::Records(import), (url::records(import), "原始记录"), None).await
}

/// Where a saved ledger leads.
pub(crate) async fn book(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let book: BookId = id(path)?;
    show(&web, &signed, &Asked::Book(book), (url::saved_book(book), "台账"), None).await
}

async fn show(
    web: &Web,
    signed: &Signed,
    asked: &Asked,
    (back, what): (String, &str),
    up: Option<String>,
) -> Answer<Markup> {
    let impact = web.app.read(Some(signed.actor.clone()), async |cx| youju_app::impact::of(cx, asked).await).await?;
    let mut crumbs = area_crumbs(&impact.unit, false);
    crumbs.push((what.to_owned(), Some(back.clone())));
    crumbs.push(("去向".into(), None));
    let actions = html! {
        @if let Some(up) = &up { a.button href=(up) { "整个文件的去向" } }
        a.button href=(back) { "回到" (what) }
    };
    let head = Head {
        period: Some(impact.period.label()),
        about: Some("从它取了哪些数、进了哪些报表、上报了哪几版、进了哪些汇总。".into()),
        crumbs,
        actions: Some(actions),
        ..Head::of("去向")
    };
    let mut names = Vec::new();
    for kept in &impact.books {
        names.push((
            url::saved_book(kept.id),
            format!("{} {}", web.app.ledger(&kept.ledger)?.name, kept.period.label()),
        ));
    }
    Ok(whole(&signed.frame, &head, &view(&impact, &names, signed.actor.role.is_officer())))
}

fn view(impact: &Impact, books: &[(String, String)], adds_up: bool) -> Markup {
    html! {
        section.card {
            h2 { (impact.title) }
            dl.facts {
                dt { "单位" } dd { a href=(url::unit(impact.unit.id)) { (impact.unit.name) } }
                dt { "时间" } dd { (part::instant(impact.at)) @if !impact.is_latest { " " span.badge.explain { "后来另有一次,本次备查" } } }
                dt { "去向" } dd { "共 " (impact.reports.len()) " 张报表 " (impact.cells()) " 个数" }
                @if !books.is_empty() { dt { "经过的台账" } dd {
                    @for (address, name) in books { a href=(address) { (name) } " " }
                    p.small.muted { "原始记录归集进台账,报表按整本台账取数:这里列出用到这些台账的所有数。" }
                } }
            }
        }
        @if let Some(unused) = impact.unused { (part::empty("没有任何报表的数取自它", unused.says())) }
        @for affected in &impact.reports { (report(affected, adds_up)) }
    }
}

fn report(affected: &Affected, adds_up: bool) -> Markup {
    let report = &affected.report;
    html! {
        section.stack id={ "report-" (report.id) } {
            h2 { a href=(url::report(report.id)) { (report.form) " " (report.period.cumulative_label()) } " " (part::state(report.state)) }
            p { (affected.counted.says()) @if adds_up { (totals(affected)) } }
            div.table-head { span.table-count {
                "共 " (affected.cells.len()) " 个数"
                @if affected.cells.len() > CELLS_MAX { ",显示前 " (CELLS_MAX) " 个" }
            } }
            div.table-box tabindex="0" role="region" aria-label={ (report.form) "取自它的数" } { table.table {
                caption { (report.form) " " (report.period.cumulative_label()) " 取自它的数" }
                thead { tr { th { "指标" } th { "编号" } th.num { "报表现在的数" } th { "现在" } th { "关系" } th { "随哪几版上报" } th { "汇总" } th { "倒查" } } }
                tbody { @for told in affected.cells.iter().take(CELLS_MAX) { (row(report.id, told)) } }
            } }
        }
    }
}

fn row(report: ReportId, told: &Told) -> Markup {
    let reached = &told.reached;
    let class = if reached.stands == Stands::Generated { "done" } else { "explain" };
    html! { tr {
        th.wrap scope="row" { a href=(url::cell(report, &reached.cell)) { (told.label) } }
        td { span.code { (reached.cell) } }
        td.num { (told.value) }
        td {
            span class={ "badge " (class) } { (reached.stands.label()) }
            @if let Some(generated) = &told.generated { p.small.muted { "生成的数 " (generated) } }
        }
        td { (reached.path.label()) }
        td {
            @if reached.versions.is_empty() { "还没有上报" }
            @for number in &reached.versions { a href=(url::version(report, *number)) { "第 " (number) " 版" } " " }
        }
        td { @if told.is_totalled { "汇总" } @else { "不汇总" } }
        td { a href=(url::hands(report, &reached.cell)) { "倒查" } }
    } }
}

/// Links to the totals that hold the report's figures.
fn totals(affected: &Affected) -> Markup {
    let Some(level) = affected.counted.level() else { return html! {} };
    let report = &affected.report;
    // Pages of totals tell two levels apart.
    let level = level.min(Level::City);
    html! {
        @for (by, group) in &affected.groups {
            " " a href=(url::totals(&report.form, report.period, *by, level)) { (by.label()) "汇总:" (group_name(*by, group)) }
        }
    }
}
