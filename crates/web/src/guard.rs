//! What stands before every page: where a request may come from, what a browser may load, how long it may take.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use youju_domain::Problem;

use crate::api;
use crate::limits::{BODY_BYTES_MAX, COME_AGAIN_SECONDS, REQUEST_SECONDS_MAX};
use crate::request::{NOTICE_OVER, Refusal, Signed, is_json, notice, refuse};
use crate::ui::frame::{Refused, framed_refusal};
use crate::{Web, url};

/// Refuses a change that another site asks for: the cookie would go along with it.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // No cookie is looked at there: a key goes along only with whoever holds it.
    let is_api = api::is_api(request.uri().path());
    if reads || is_api || is_own(&request) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "这个请求来自别的网站,没有办理。请从本系统的页面操作。").into_response()
}

fn is_own(request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        // Browsers older than the header still name the origin of a POST.
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        (None, None) => true,
    }
}

/// What the parts of the server refuse by themselves (a body too large, a damaged address) is told in our words.
pub(crate) async fn in_our_words(request: Request, next: Next) -> Response {
    let (is_read, is_json) = (*request.method() == Method::GET, is_json(request.headers()));
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_json_kind = kind.starts_with(b"application/json") || kind.starts_with(b"application/problem+json");
    let is_ours = kind.starts_with(b"text/html") || is_json_kind;
    let says = match response.status() {
        status if is_ours || !status.is_client_error() => return response,
        StatusCode::PAYLOAD_TOO_LARGE => {
            format!("送来的内容超过了 {} MB,没有办理。", BODY_BYTES_MAX / 1024 / 1024)
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "没有找到这个页面。".to_owned(),
        StatusCode::BAD_REQUEST if is_read => {
            // Of a request without a body only the address can be damaged.
            let refused = Refused {
                says: "没有找到这个页面。".into(), hint: "请检查地址,或从待办重新进入。".into()
            };
            return refuse(StatusCode::NOT_FOUND, refused, false);
        }
        _ => "页面送来的内容不完整或格式不对。".to_owned(),
    };
    let hint = "请从本系统的页面重新办理。".to_owned();
    refuse(response.status(), Refused { says, hint }, is_json)
}

/// Shows a refusal inside the frame to somebody who has signed in, so that they can go on from there.
pub(crate) async fn in_frame(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut asked, body) = request.into_parts();
    let response = next.run(Request::from_parts(asked.clone(), body)).await;
    let Some(refused) = response.extensions().get::<Refused>().cloned() else { return response };
    match Signed::from_request_parts(&mut asked, &web).await {
        Ok(signed) => {
            let back = came_from(&asked.headers).filter(|back| asked.method != Method::GET || *back != asked.uri);
            let back = back.map(|back| back.to_string());
            (response.status(), framed_refusal(signed.frame, refused, back.as_deref())).into_response()
        }
        Err(_) => response,
    }
}

/// The page of ours on which something was asked.
fn came_from(headers: &HeaderMap) -> Option<Uri> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let page: Uri = text(header::REFERER)?.parse().ok()?;
    (page.authority()?.as_str() == text(header::HOST)?).then(|| page.path_and_query()?.as_str().parse().ok())?
}

const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

const POLICY_OF_FILES: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                               form-action 'self'; frame-ancestors 'none'; sandbox";

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
/// A statistics office asks for figures, not for what a device could tell.
const NO_DEVICES: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=()";
/// On the spot the place of a photograph is asked for, and nothing else; pictures come through the camera's own program.
const ONSITE_DEVICES: &str = "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), serial=(), midi=()";
/// No other site opens, embeds or reads what is ours, and we load nothing of theirs.
const ISOLATED: [(HeaderName, &str); 3] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A year without plain http. Other hosts below this one are not ours to decide about.
const ENCRYPTED_ONLY: &str = "max-age=31536000";

/// Only own scripts and styles; no frames; figures do not stay in shared caches.
pub(crate) async fn headers(State(web): State<Web>, request: Request, next: Next) -> Response {
    let has_notice = notice(request.headers()).is_some();
    let is_onsite = request.uri().path().starts_with(url::ONSITE);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if has_notice && is_page {
        // It was shown; the next page is silent again.
        headers.append(header::SET_COOKIE, HeaderValue::from_static(NOTICE_OVER));
    }
    // A file of a unit asks for more: a page made of it could do nothing at all.
    let is_boxed = headers.get(header::CONTENT_SECURITY_POLICY).is_some_and(|policy| policy == "sandbox");
    let policy = if is_boxed { POLICY_OF_FILES } else { POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // For browsers older than the policy, and for those that let pages of others look into the same process.
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    let devices = if is_onsite { ONSITE_DEVICES } else { NO_DEVICES };
    headers.insert(PERMISSIONS, HeaderValue::from_static(devices));
    for (name, value) in ISOLATED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if web.settings.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ENCRYPTED_ONLY));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Takes no more requests than the machine can serve in good time; the others are told at once when to come again.
pub(crate) async fn crowd(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut response = match web.places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) if api::is_api(request.uri().path()) => api::ApiProblem::from(Problem::Crowded).into_response(),
        Err(_) => {
            let (status, refused) = Refusal::from(Problem::Crowded).told();
            refuse(status, refused, is_json(request.headers()))
        }
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(COME_AGAIN_SECONDS));
    }
    response
}

/// Gives up on a request that takes too long; its transaction is rolled back.
pub(crate) async fn deadline(request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(REQUEST_SECONDS_MAX);
    let is_api = api::is_api(request.uri().path());
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        if is_api {
            return api::ApiProblem::of_status(StatusCode::GATEWAY_TIMEOUT).into_response();
        }
        let says = format!("办理超过了 {REQUEST_SECONDS_MAX} 秒,已经停止,没有保存任何数据。请稍后重试。");
        (StatusCode::GATEWAY_TIMEOUT, says).into_response()
    })
}
