//! The commands of a report's life: each is one form, one use case, one notice.

use axum::extract::{Path, RawForm, State};
use axum::response::IntoResponse;
use maud::html;
use serde::Deserialize;
use youju_app::{Cx, Result};
use youju_domain::id::ReportId;

use crate::request::{Answer, Signed, id, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// Runs one command and goes back to the report.
async fn run<T>(
    web: Web,
    signed: Signed,
    path: Path<String>,
    notice: &'static str,
    command: impl AsyncFnOnce(&mut Cx<'_>, ReportId) -> Result<T>,
) -> Answer {
    let report: ReportId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| command(cx, report).await).await?;
    Ok(see(&url::report(report), notice))
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
    let done =
        web.app.write(Some(signed.actor.clone()), async |cx| youju_app::report::generate(cx, report).await).await?;
    if done.missing.is_empty() {
        return Ok(see(&url::report(report), "generated"));
    }
    let form = web.app.form(&done.saved.open.report.form)?;
    let name = |cell: &str| form.cell_by_text(cell).map_or(cell.to_owned(), |cell| cell.label.clone());
    let main = html! {
        p.notice.done role="status" {
            strong { "已生成 " (done.computed) " 项" }
            @if done.prefilled > 0 { ",并从本单位上年报表预填 " (done.prefilled) " 项" } "。"
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
