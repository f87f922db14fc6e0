//! The report on paper, as a PDF that the browser shows; and the blank form.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use youju_domain::id::ReportId;
use youju_domain::paper::Paper;

use crate::request::{Answer, Signed, id};
use crate::{Web, url};

/// One report on paper.
pub(crate) async fn paper(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let report: ReportId = id(path)?;
    let of_report = async |cx: &mut youju_app::Cx<'_>| youju_app::paper::of_report(cx, report).await;
    let paper = web.app.read(Some(signed.actor.clone()), of_report).await?;
    let name = match paper.respondent.last() {
        Some((_, unit)) => format!("{} {unit} {}.pdf", paper.title, paper.period),
        None => format!("{}.pdf", paper.title),
    };
    answer(&web, paper, &name).await
}

/// A form without figures.
pub(crate) async fn blank(State(web): State<Web>, _signed: Signed, Path(form): Path<String>) -> Answer {
    let paper = youju_app::paper::blank(&web.app, &form)?;
    let name = format!("{form} 空白表.pdf");
    answer(&web, paper, &name).await
}

async fn answer(web: &Web, paper: Paper, name: &str) -> Answer {
    let bytes = youju_app::paper::pdf(&web.app, paper).await?;
    let shown = format!("inline; filename*=UTF-8''{}", url::encode(name));
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, shown)], bytes)
        .into_response())
}
