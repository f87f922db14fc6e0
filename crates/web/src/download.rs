//! Files that leave the program: who takes them is written down, and the file says so.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use youju_app::look::take_out;
use youju_domain::access::Actor;

use crate::request::Answer;
use crate::{Web, url};

/// A table as CSV: its last line names who took it, and when.
pub(crate) async fn csv(web: &Web, actor: &Actor, file: (String, Vec<u8>)) -> Answer<Response> {
    saved(web, actor, "text/csv; charset=utf-8", file).await
}

/// A file whose name bears the mark; a CSV bears it in its last line as well.
pub(crate) async fn saved(
    web: &Web,
    actor: &Actor,
    media_type: &'static str,
    (name, content): (String, Vec<u8>),
) -> Answer<Response> {
    let taken = take_out(&web.app, actor, &name, content).await?;
    let disposition = format!("attachment; filename*=UTF-8''{}", url::encode(&taken.name));
    let head = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((head, taken.content).into_response())
}
