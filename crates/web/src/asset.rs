//! Styles and scripts, from inside the binary.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../ui"]
#[include = "css/*.css"]
#[include = "js/*.js"]
#[include = "vendor/*.js"]
#[include = "img/*.svg"]
struct Files;

/// Folders of `ui/`. Their files share one address, because they name each other by name alone.
const FOLDERS: [&str; 4] = ["css", "js", "vendor", "img"];

/// A file, or 304 when the browser has the same one.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let found = FOLDERS.iter().find_map(|folder| Files::get(&format!("{folder}/{name}")));
    let Some(file) = found else { return StatusCode::NOT_FOUND.into_response() };
    let hash = file.metadata.sha256_hash();
    let tag = format!("\"{:x}\"", u128::from_be_bytes(hash.first_chunk().copied().unwrap_or_default()));
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    // The browser asks each time and gets 304: an old script never talks to a new server.
    let head = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-cache".into())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, [(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response()
}

/// The script that keeps the pages of field work on a phone, at the root: as far up as those pages.
pub(crate) async fn onsite_worker(headers: HeaderMap) -> Response {
    serve(Path("onsite-worker.js".to_owned()), headers).await
}

/// For the watchdog of an installation: the server answers.
pub(crate) async fn health() -> &'static str {
    "ok"
}
