//! Signing in by an identity platform: away to it, and back.

use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use youju_app::access::{Browser, Holder, holder_of};
use youju_app::identity::{self, Arrived as Come, Given, Sent};

use super::{Back, browser, cookie, count, device_cookie, keep, view, welcome};
use crate::request::{Answer, Refusal, Visitor, damaged, query, read, see};
use crate::ui::frame::bare;
use crate::{Web, url};

/// Sends somebody to the platform.
pub(crate) async fn begin(State(web): State<Web>, visitor: Visitor, RawForm(body): RawForm) -> Answer {
    let Back { back } = read(&String::from_utf8_lossy(&body))?;
    let (browser, is_new) = browser(&visitor)?;
    match identity::begin(&web.app, &browser, &back).await {
        Ok(sent) => away(&web, &sent, &browser, is_new),
        Err(error) => Ok(refused(&web, &back, error)),
    }
}

/// The address of that command, asked for as a page.
pub(crate) async fn begin_form() -> Redirect {
    Redirect::to(url::SIGN_IN)
}

/// A page that leads to the platform by itself, and by a link. A redirect would not do: a form of ours may lead to pages of ours alone.
pub(crate) fn away(web: &Web, sent: &Sent, browser: &Browser, is_new: bool) -> Answer {
    let pairs: Vec<(&str, &str)> = sent.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let query = url::with_query("", &pairs);
    let to = if sent.to.contains('?') {
        format!("{}&{}", sent.to, query.trim_start_matches('?'))
    } else {
        sent.to.clone() + &query
    };
    let label = web.app.identity().map(|platform| platform.settings().label.clone()).unwrap_or_default();
    let main = html! {
        div.sign-in {
            h1 { "正在前往" (label) }
            p { "在那里登录以后会自动回到本系统。没有自动跳转的,请点" a href=(to) { "前往" (label) } "。" }
        }
    };
    let mut response = bare("正在前往统一身份认证平台", &main).into_response();
    let refresh = HeaderValue::from_str(&format!("0;url={to}")).map_err(|_| damaged())?;
    response.headers_mut().insert(header::REFRESH, refresh);
    if is_new {
        keep(&mut response, &device_cookie(web, browser))?;
    }
    Ok(response)
}

#[derive(Deserialize)]
struct Brought {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

/// Somebody comes back from the platform.
pub(crate) async fn come(State(web): State<Web>, visitor: Visitor, raw: RawQuery) -> Answer {
    let Brought { state, code, error } = query(raw)?;
    let (browser, is_new) = browser(&visitor)?;
    let token = visitor.token.as_deref().unwrap_or_default();
    let come = match web.doors.may_try(&visitor.address, web.app.world().now()) {
        Ok(()) => identity::arrive(&web.app, &Given { state, code, error }, &browser, token).await,
        Err(problem) => Err(problem.into()),
    };
    match come {
        Ok(Come::In(signed, back)) => welcome(&web, &signed, &browser, is_new, &back),
        Ok(Come::Halfway { token, back }) => {
            let mut response = Redirect::to(&url::with_query(url::SIGN_IN_CODE, &[("back", &back)])).into_response();
            keep(&mut response, &cookie(&web, &token))?;
            Ok(response)
        }
        Ok(Come::Tied) => Ok(see(url::ACCOUNT_IDENTITY, "identity_tied")),
        Err(error) => {
            count(&web, &visitor, &error);
            match holder_of(&web.app, token).await {
                // Somebody wanted to tie their account: they are told on a page of their own.
                Ok(Holder::Full { .. }) => Err(error.into()),
                _ => Ok(refused(&web, "", error)),
            }
        }
    }
}

fn refused(web: &Web, back: &str, error: youju_app::Error) -> Response {
    let (status, told) = Refusal::from(error).told();
    (status, view(web, back, "", Some(&told))).into_response()
}
