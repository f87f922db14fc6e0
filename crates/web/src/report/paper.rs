//! The report on paper, as a PDF that the browser shows; and the blank form.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use youju_domain::id::ReportId;
use youju_domain::paper::Paper;

use crate::request::{Answer, Signed, id};
use crate::{Web, url};

/// One report on paper; whoever is not of the unit gets a marked copy.
pub(crate) async fn paper(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let report: ReportId = id(path)?;
    let (name, paper) = youju_app::paper::take(&web.app, &signed.actor, report).await?;
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
