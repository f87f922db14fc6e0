//! From plain http to https.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Sends everybody to the same place below an address like `https://tj.example.gov.cn`. What they name as the host is not used: it
/// could lead them elsewhere. A command is not repeated by the browser unless it keeps its method, so 308.
pub fn to_https(address: &str) -> Router {
    let address = address.trim_end_matches('/').to_owned();
    Router::new().fallback(move |uri: Uri| {
        let to = format!("{address}{}", uri.path_and_query().map_or("/", |rest| rest.as_str()));
        async move { redirect(&to) }
    })
}

fn redirect(to: &str) -> Response {
    let Ok(to) = HeaderValue::try_from(to) else { return StatusCode::BAD_REQUEST.into_response() };
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response()
}
