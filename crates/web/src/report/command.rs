//! The commands of a report's life: each is one form, one use case, one notice.

use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use maud::html;
use serde::Deserialize;
use youju_app::{Cx, Error, Result};
use youju_domain::id::ReportId;

use super::lists::SPARE_ROWS;
use crate::request::{Answer, Refusal, Signed, id, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// Runs one command and goes back to the report, also when the command is refused.
async fn run<T>(
    web: Web,
    signed: Signed,
    path: Path<String>,
    notice: &'static str,
    command: impl AsyncFnOnce(&mut Cx<'_>, ReportId) -> Result<T>,
) -> Answer {
    let report: ReportId = id(path)?;
    match web.app.write(Some(signed.actor.clone()), async |cx| command(cx, report).await).await {
        Ok(_) => Ok(see(&url::report(report), notice)),
        Err(error) => refused(&web, signed, report, error).await,
    }
}

/// The report with the reason above it, for somebody who may see it.
async fn refused(web: &Web, mut signed: Signed, report: ReportId, error: Error) -> Answer {
    if !matches!(&error, Error::Problem(problem) if problem.status() != StatusCode::NOT_FOUND) {
        return Err(error.into());
    }
    let (status, words) = Refusal::from(error).told();
    signed.frame.refused = Some(words);
    Ok((status, super::show(web, &signed, report, SPARE_ROWS).await?).into_response())
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::report(id(path)?)))
}

/// 审核.
pub(crate) async fn check(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "checked", youju_app::report::check).await
}

/// 统计人员签字.
pub(crate) async fn sign(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "signed", youju_app::report::sign).await
}

/// 单位负责人签字.
pub(crate) async fn authorise(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "authorised", youju_app::report::authorise).await
}

/// 上报.
pub(crate) async fn submit(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "submitted", youju_app::report::submit).await
}

/// 撤回.
pub(crate) async fn recall(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "recalled", youju_app::report::recall).await
}

/// 开始审核.
pub(crate) async fn take_up(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "taken_up", youju_app::review::take_up).await
}

/// 放回.
pub(crate) async fn put_down(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "put_down", youju_app::review::put_down).await
}

/// 验收.
pub(crate) async fn accept(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    run(web, signed, path, "accepted", youju_app::review::accept).await
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
}

/// 退回.
pub(crate) async fn return_(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let Reason { reason } = read(&String::from_utf8_lossy(&body))?;
    let command = async |cx: &mut Cx<'_>, report| youju_app::review::return_(cx, report, &reason).await;
    run(web, signed, path, "returned", command).await
}

#[derive(Deserialize)]
struct Explained {
    check: String,
    text: String,
}

/// 说明.
pub(crate) async fn explain(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let Explained { check, text } = read(&String::from_utf8_lossy(&body))?;
    let command = async |cx: &mut Cx<'_>, report| youju_app::report::explain(cx, report, &check, &text).await;
    run(web, signed, path, "explained", command).await
}

/// 一键生成. What could not be generated is listed before the person goes on.
pub(crate) async fn generate(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let report: ReportId = id(path)?;
    let generated = async |cx: &mut Cx<'_>| youju_app::generate::single(cx, report).await;
    let done = match web.app.write(Some(signed.actor.clone()), generated).await {
        Ok(done) => done,
        Err(error) => return refused(&web, signed, report, error).await,
    };
    if done.missing.is_empty() {
        return Ok(see(&url::report(report), "generated"));
    }
    let form = web.app.form(&done.saved.open.report.form)?;
    let name = |cell: &str| form.cell_by_text(cell).map_or(cell.to_owned(), |cell| cell.label.clone());
    let main = html! {
        p.notice.done role="status" {
            strong { "已生成 " (done.computed) " 项" }
            @if done.prefilled > 0 { ",并从本单位以前的报表预填 " (done.prefilled) " 项" } "。"
        }
        section.stack {
            h2 { "没有生成的 " (done.missing.len()) " 项,请根据原始记录填写" }
            ul.list { @for (cell, reason) in &done.missing { li { div.main { strong { (name(cell)) } p.about { (reason) } } } } }
        }
        p { a.button.primary href=(url::report(report)) { "打开报表核对" } }
    };
    let head =
        Head { period: Some(done.saved.open.report.period.cumulative_label()), ..Head::of("一键生成的结果") };
    Ok(whole(&signed.frame, &head, &main).into_response())
}
