//! Hygiene of what comes in before anything looks at it: the host that was named, the form of the address; and a number for each request, by
//! which the lines of the log belong together.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;
use youju_domain::Problem;

use crate::limits::{PATH_BYTES_MAX, QUERY_BYTES_MAX};
use crate::request::Refusal;
use crate::{Web, api, url};

/// An address of ours is written in one way only: nothing encoded that could be read as a separator, no step up, no empty piece.
fn is_plain(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let hidden = ["%2f", "%5c", "%00", "\\", "//"].iter().any(|part| lower.contains(part));
    let steps = lower.split('/').any(|piece| matches!(piece.replace("%2e", ".").as_str(), "." | ".."));
    path.len() <= PATH_BYTES_MAX
        && path.starts_with('/')
        && !hidden
        && !steps
        && !path.contains(|c: char| c.is_control())
}

/// Whether the host of a request is one that the installation has. Without a list every host is.
fn is_known(hosts: &[String], request: &Request) -> bool {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // A port may follow, and an IPv6 address stands in brackets.
    let without_port = named.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = without_port.map_or(named, |(name, _)| name);
    hosts.is_empty() || hosts.iter().any(|host| host.eq_ignore_ascii_case(name))
}

/// Refuses other hosts and damaged addresses, in the words of a page that is not there.
pub(crate) async fn addresses(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    if path != url::HEALTH && !is_known(&web.settings.hosts, &request) {
        return (StatusCode::MISDIRECTED_REQUEST, "这里没有这个网址的服务。").into_response();
    }
    if is_plain(path) && query.len() <= QUERY_BYTES_MAX {
        return next.run(request).await;
    }
    let problem = Problem::NotFound { what: "页面" };
    if api::is_api(path) {
        return api::ApiProblem::from(problem).into_response();
    }
    Refusal::from(problem).into_response()
}

/// Requests since the program started.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Gives a request its number in the log. Of the address only the path is told: words that somebody searched for are theirs.
pub(crate) async fn numbered(request: Request, next: Next) -> Response {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
    let span = tracing::info_span!("request", number, method = %request.method(), path = request.uri().path());
    async move {
        let response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn an_address_is_written_in_one_way() {
        let long = format!("/{}", "x".repeat(PATH_BYTES_MAX));
        for (path, plain) in [
            ("/", true),
            ("/reports/018f/cells/p.3.10", true),
            ("/reports?x", true),
            ("/forms/%E8%A1%A8", true),
            ("/assets/..%2fx", false),
            ("/assets/%2E%2e/x", false),
            ("/a/../b", false),
            ("/a/./b", false),
            ("/a/.%2E", false),
            ("/a//b", false),
            ("//evil.example.com", false),
            ("/a%5Cb", false),
            ("/a\\b", false),
            ("/a%00", false),
            ("*", false),
            (&long, false),
        ] {
            assert_eq!(is_plain(path), plain, "{path}");
        }
    }

    #[test]
    fn a_host_is_known_with_and_without_its_port() {
        let hosts = ["tj.example.gov.cn".to_owned(), "[::1]".to_owned()];
        for (named, known) in [
            ("tj.example.gov.cn", true),
            ("TJ.example.gov.cn:8443", true),
            ("[::1]:8600", true),
            ("[::1]", true),
            ("evil.example.com", false),
            ("tj.example.gov.cn.evil.com", false),
            ("tj.example.gov.cn:80@evil.com", false),
            ("", false),
        ] {
            let request = Request::builder().header(header::HOST, named).body(Body::empty()).unwrap();
            assert_eq!(is_known(&hosts, &request), known, "{named}");
            assert!(is_known(&[], &request));
        }
    }
}
