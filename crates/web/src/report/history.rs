//! What happened to a report, from the journal; and every version as it was submitted.

use axum::extract::{Path, State};
use maud::{Markup, html};
use youju_app::Entry;
use youju_app::list::Version;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::hands::label;
use youju_domain::id::ReportId;
use youju_domain::report::{Cells, value_of};
use youju_programme::Form;

use crate::request::{Answer, Signed, id};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Cells of one entry that are listed at once; the number of all is always told.
const CELLS_SHOWN_MAX: usize = 8;

/// The journal of one report.
pub(crate) async fn history(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let report: ReportId = id(path)?;
    let (open, entries, versions) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            let entries = youju_app::report::history(cx, report).await?;
            let versions = youju_app::report::versions(cx, report).await?;
            Ok((open, entries, versions))
        })
        .await?;
    let form = web.app.form(&open.report.form)?;
    let mut crumbs = crate::register::area_crumbs(&open.unit, false);
    crumbs.push((form.code.clone(), Some(url::report(report))));
    crumbs.push(("办理过程".into(), None));
    let head = Head {
        period: Some(open.report.period.cumulative_label()),
        badge: Some(part::state(open.report.state)),
        about: Some("每一步都记入日志,日志逐条相连,改动任何一条都会被验证出来。".into()),
        crumbs,
        ..Head::of("办理过程")
    };
    let inspects = decide(&signed.actor, Action::Inspect, Object::Unit { id: open.unit.id, area: &open.unit.area });
    let has_key = !web.app.signing_keys().is_empty();
    let newest: Vec<&Entry> = entries.iter().rev().collect();
    let main = html! {
        @if inspects { p { a.button href=(url::report_act(report, "traces")) { "报送痕迹" } } }
        p { a.button href=(url::archive(open.unit.id, open.report.period.year(), None)) { "本年档案盒" } }
        @if has_key && !versions.is_empty() {
            p { a.button href=(url::report_act(report, "proof")) { "下载证明包" } " " span.hint { "全部经过、每一版数据和签名,不连本系统也能用 youju-verify 验证。" } }
        }
        @if !versions.is_empty() { section.card { h2 { "已上报的版本" } (version_list(report, &versions)) } }
        section.card { h2 { "经过" } (timeline(&newest, Some((form, "")))) }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn version_list(report: ReportId, versions: &[Version]) -> Markup {
    html! { ul.list { @for version in versions.iter().rev() { li {
        div.main {
            a href=(url::version(report, version.number)) { "第 " (version.number) " 版" }
            p.about { (version.submitted_by_name) " 上报于 " (part::instant(version.submitted_at)) }
        }
        span.code { "指纹 " (version.cells_hash.get(..16).unwrap_or_default()) }
    } } } }
}

/// The colour of what happened.
fn class(action: &str) -> &'static str {
    match action {
        "report.saved"
        | "report.imported_form"
        | "report.generated"
        | "report.checked"
        | "query.answered"
        | "query.opined" => "todo",
        "report.signed"
        | "report.authorised"
        | "report.submitted"
        | "review.accepted"
        | "correction.approved"
        | "correction.done"
        | "query.closed" => "done",
        "report.explained" | "report.recalled" | "report.reminded" | "correction.asked" | "query.asked"
        | "query.reopened" => "explain",
        "report.noticed" | "correction.refused" | "review.returned" => "error",
        _ => "",
    }
}

/// Entries, newest first. With a form, changed cells are named; with a cell, only that one is shown.
pub(crate) fn timeline(entries: &[&Entry], form: Option<(&Form, &str)>) -> Markup {
    html! {
        @if entries.is_empty() { p.muted { "还没有任何办理记录。" } }
        ol.timeline { @for entry in entries {
            li class=(class(&entry.action)) {
                time datetime=(entry.at.to_rfc3339()) { (youju_domain::survey::print_instant(entry.at)) " · 日志第 " (entry.seq) " 条" }
                strong { (entry.actor_name) } " " (label(&entry.action)) (level(entry))
                (particulars(entry))
                @if let Some((form, only)) = form { (changes(entry, form, only)) }
            }
        } }
    }
}

fn level(entry: &Entry) -> &'static str {
    match entry.payload.get("level").and_then(|level| level.as_str()) {
        Some("township") => "(乡级)",
        Some("county") => "(县级)",
        Some("city") => "(市级)",
        Some("province") => "(省级)",
        _ => "",
    }
}

fn particulars(entry: &Entry) -> Markup {
    let text = |name: &str| entry.payload.get(name).and_then(|value| value.as_str());
    html! {
        @if let Some(reason) = text("reason") { blockquote { (reason) } }
        @if text("check").is_none() && let Some(words) = text("text").filter(|words| !words.is_empty()) { blockquote { (words) } }
        @if let (Some(check), Some(words)) = (text("check"), text("text")) { blockquote { (check) ":" (words) } }
        @if let (Some(name), Some(hash)) = (text("file_name"), text("file_hash")) {
            p.small.muted { "文件 " (name) " · 指纹 " span.code { (hash.get(..16).unwrap_or_default()) } }
        }
        @if let Some(number) = entry.payload.get("version") { p.small.muted { "成为第 " (number) " 版" } }
    }
}

fn changes(entry: &Entry, form: &Form, only: &str) -> Markup {
    let Some(cells) = entry.payload.get("cells").and_then(|cells| cells.as_object()) else { return html! {} };
    let wanted: Vec<_> = cells.iter().filter(|(id, _)| only.is_empty() || *id == only).collect();
    let print = |value: &serde_json::Value, name: &str| {
        let text = value.get(name).and_then(|text| text.as_str()).unwrap_or_default();
        if text.is_empty() { "空".to_owned() } else { text.to_owned() }
    };
    html! {
        @if !wanted.is_empty() {
            ul.small { @for (id, change) in wanted.iter().take(CELLS_SHOWN_MAX) {
                li { (form.cell_by_text(id).map_or_else(|| (*id).clone(), |cell| cell.label.clone())) ":" (print(change, "was")) " → " (print(change, "value")) }
            } }
            @if wanted.len() > CELLS_SHOWN_MAX { p.small.muted { "共改动 " (wanted.len()) " 项,显示前 " (CELLS_SHOWN_MAX) " 项。" } }
        }
    }
}

/// One version, beside the one before it.
pub(crate) async fn version(
    State(web): State<Web>,
    signed: Signed,
    Path((report, number)): Path<(String, String)>,
) -> Answer<Markup> {
    let missing = || Problem::NotFound { what: "报表版本" };
    let report: ReportId = report.parse().map_err(|_| missing())?;
    let number: u32 = number.parse().map_err(|_| missing())?;
    let (open, this, before) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            let this = youju_app::report::version(cx, report, number).await?;
            let before = match number.checked_sub(1).filter(|number| *number > 0) {
                Some(number) => Some(youju_app::report::version(cx, report, number).await?),
                None => None,
            };
            Ok((open, this, before))
        })
        .await?;
    let form = web.app.form(&open.report.form)?;
    let title = format!("第 {number} 版");
    let mut crumbs = crate::register::area_crumbs(&open.unit, false);
    crumbs.push((form.code.clone(), Some(url::report(report))));
    crumbs.push(("办理过程".into(), Some(url::report_act(report, "history"))));
    crumbs.push((title.clone(), None));
    let head = Head {
        period: Some(open.report.period.cumulative_label()),
        about: Some(format!("{} 上报 · 数据指纹 {}", this.submitted_by_name, this.cells_hash)),
        crumbs,
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &version_view(form, &this, before.as_ref())))
}

fn version_view(form: &Form, this: &Version, before: Option<&Version>) -> Markup {
    let both: Vec<&Cells> = std::iter::once(&this.cells).chain(before.map(|before| &before.cells)).collect();
    let cells = form.all_cells(&both);
    html! {
        div.table-box.whole { table.table {
            thead { tr {
                th { "数据项" } th { "代码" } th.num { "本版" }
                @if before.is_some() { th.num { "上一版" } th { "是否改动" } }
            } }
            tbody { @for cell in &cells {
                @let now = value_of(&this.cells, &cell.id);
                @let then = before.map(|before| value_of(&before.cells, &cell.id));
                tr {
                    th scope="row" { (cell.label) }
                    td { span.code { (cell.id) } }
                    td.num { (cell.print(now)) }
                    @if let Some(then) = then {
                        td.num { (cell.print(then)) }
                        td { @if then != now { span.badge.explain { "改动" } } }
                    }
                }
            } }
        } }
    }
}
