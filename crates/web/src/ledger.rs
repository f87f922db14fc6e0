//! Ledger 台账: importing a trial balance, looking at one.

mod book;

use axum::extract::{Multipart, Path, State};
use axum::response::IntoResponse;
use maud::{Markup, html};
use rust_decimal::Decimal;
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_codes::format_yuan;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{ImportId, ReportId};
use youju_domain::ledger::Import;

use crate::parts::Parts;
use crate::request::{Answer, Refusal, Signed, id, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

pub(crate) use book::{Asked as Period, Outcome, book, kind_label, show as show_book};

/// The page that asks for a trial balance.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    upload_page(&web, &signed, id(path)?, None).await
}

async fn upload_page(web: &Web, signed: &Signed, report: ReportId, wrong: Option<&Problem>) -> Answer<Markup> {
    let (open, latest) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            cx.allow(Action::Fill, Object::Unit { id: open.unit.id, area: &open.unit.area })?;
            let latest = youju_app::ledger::latest(cx, open.unit.id, open.report.period).await?;
            Ok((open, latest))
        })
        .await?;
    let head = Head {
        period: Some(open.report.period.cumulative_label()),
        crumbs: vec![
            (open.unit.name.clone(), Some(url::unit(open.unit.id))),
            (open.report.form.clone(), Some(url::report(report))),
            ("导入科目余额表".into(), None),
        ],
        about: Some("从财务软件导出本期科目余额表(xlsx、xls 或 csv,用友、金蝶等格式均可),单位:元。".into()),
        ..Head::of("导入科目余额表")
    };
    Ok(whole(&signed.frame, &head, &upload_view(report, latest.as_ref(), wrong)))
}

fn upload_view(report: ReportId, latest: Option<&Import>, wrong: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = wrong { (not_imported(problem)) }
        @if let Some(import) = latest {
            p.notice { "本期已导入过 " a href=(url::import(import.id, None)) { (import.file_name) } ",再次导入会以新文件为准,旧文件仍保留备查。" }
        }
        form.narrow method="post" enctype="multipart/form-data" action=(url::report_act(report, "import")) {
            label.drop { span.drop-says { "选择或拖入科目余额表文件" } input type="file" name="file" accept=".xlsx,.xls,.et,.csv,.txt" required; }
            div.form-actions {
                button.button.primary type="submit" { "导入" }
                a.button href=(url::report(report)) { "返回报表" }
            }
        }
    }
}

/// Why a file was not imported, reason by reason.
pub(crate) fn not_imported(problem: &Problem) -> Markup {
    html! {
        div.notice.error role="alert" {
            strong { "文件没有导入。" }
            @if let Problem::BadFile { reasons } = problem { ul { @for reason in reasons { li { (reason) } } } }
            @else { p { (problem.says()) } }
            p { (problem.hint()) }
        }
    }
}

/// Takes the file; a bad one comes back with every reason and nothing written.
pub(crate) async fn import(State(web): State<Web>, signed: Signed, path: Path<String>, multipart: Multipart) -> Answer {
    let report: ReportId = id(path)?;
    match take(&web, &signed, report, multipart).await {
        Ok(import) => Ok(see(&url::import(import.id, None), "imported")),
        Err(youju_app::Error::Problem(problem)) => {
            let status = axum::http::StatusCode::from_u16(problem.status()).unwrap_or_default();
            let page = upload_page(&web, &signed, report, Some(&problem)).await?;
            Ok((status, page).into_response())
        }
        Err(fault) => Err(Refusal::from(fault)),
    }
}

async fn take(web: &Web, signed: &Signed, report: ReportId, multipart: Multipart) -> youju_app::Result<Import> {
    let (name, bytes) = read_upload(multipart).await?;
    let app = web.app.clone();
    let file = unhurried(move || {
        let file = youju_app::attachment::take_in(&app, &name, bytes)?;
        read_trial_balance(&file.name, &file.content)
    })
    .await?;
    web.app
        .write(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            import_trial_balance(cx, open.unit.id, open.report.period, file).await
        })
        .await
}

/// Reads a file on a thread of its own, because a large workbook takes a while.
pub(crate) async fn unhurried<T: Send + 'static>(
    work: impl FnOnce() -> youju_app::Result<T> + Send + 'static,
) -> youju_app::Result<T> {
    let read = tokio::task::spawn_blocking(work).await;
    read.map_err(|error| youju_app::Fault::new("reading an uploaded file", error))?
}

pub(crate) async fn read_upload(multipart: Multipart) -> Result<(String, Vec<u8>), Problem> {
    let missing = || Problem::BadInput { reason: "没有选择文件。".into() };
    Parts::receive(multipart).await?.take_files("file").pop().ok_or_else(missing)
}

/// An import, line by line; derivations lead to its rows.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let import: ImportId = id(path)?;
    let (import, unit, is_kept, reports) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let import = youju_app::ledger::get(cx, import).await?;
            let unit = youju_app::register::get(cx, import.unit).await?;
            let is_kept = youju_app::attachment::is_kept(cx, unit.id, &import.file_hash).await?;
            let reports = youju_app::report::of_unit_and_period(cx, import.unit, import.period).await?;
            Ok((import, unit, is_kept, reports))
        })
        .await?;
    let mut crumbs = crate::register::area_crumbs(&unit, false);
    crumbs.push(("科目余额表".into(), None));
    let actions = html! {
        a.button href=(url::import_impact(import.id, None)) { "去向" }
        @for report in &reports { a.button.primary href=(url::report(report.id)) { "打开 " (report.form) } }
    };
    let about = format!("文件 {} · 共 {} 行 · 单位:元", import.file_name, import.lines.len());
    let head = Head {
        period: Some(import.period.cumulative_label()),
        crumbs,
        about: Some(about),
        actions: Some(actions),
        ..Head::of("科目余额表")
    };
    Ok(whole(&signed.frame, &head, &view(&import, is_kept)))
}

fn view(import: &Import, is_kept: bool) -> Markup {
    let amount = |value: Option<Decimal>| value.map(|value| format_yuan(&value)).unwrap_or_default();
    html! {
        @if !import.warnings.is_empty() {
            div.notice.explain { strong { "导入时注意到 " (import.warnings.len()) " 处情况" } ul { @for warning in &import.warnings { li { (warning) } } } }
        }
        @if !import.skipped.is_empty() {
            details.more { summary { "有 " (import.skipped.len()) " 行不是科目,没有导入" } ul { @for row in &import.skipped { li { (row) } } } }
        }
        p.small.muted {
            "导入时间 " (part::instant(import.at)) " · 文件指纹 " span.code { (import.file_hash.get(..16).unwrap_or_default()) } " · "
            @if is_kept { a href=(url::import_file(import.id)) { "下载原文件" } } @else { "原文件没有保留(含个人信息)" }
        }
        div.table-box tabindex="0" role="region" aria-label="科目余额表各行" { table.table {
            thead {
                tr {
                    th rowspan="2" { "科目" } th.num rowspan="2" { "行号" }
                    @for word in ["期初余额", "本期发生", "本年累计", "期末余额"] { th colspan="2" { (word) } }
                    th rowspan="2" { "去向" }
                }
                tr { @for _ in 0..4 { th.num { "借方" } th.num { "贷方" } } }
            }
            tbody { @for line in &import.lines { tr id={ "row-" (line.row) } {
                th scope="row" class=(if line.is_leaf { "indent-1" } else { "" }) { (line.code) " " (line.name) }
                td.num { (line.row) }
                td.num { (amount(line.amounts.opening_debit)) } td.num { (amount(line.amounts.opening_credit)) }
                td.num { (amount(line.amounts.period_debit)) } td.num { (amount(line.amounts.period_credit)) }
                td.num { (amount(line.amounts.ytd_debit)) } td.num { (amount(line.amounts.ytd_credit)) }
                td.num { (amount(line.amounts.closing_debit)) } td.num { (amount(line.amounts.closing_credit)) }
                td { a href=(url::import_impact(import.id, Some(&line.account))) aria-label={ (line.code) "的去向" } { "去向" } }
            } } }
        } }
    }
}
