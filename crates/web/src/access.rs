//! Signing in and out.

use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use youju_domain::survey::print_instant;

use crate::request::{Answer, COOKIE, DEVICE, Refusal, Signed, damaged, device, query, read};
use crate::ui::frame::{Refused, bare, why};
use crate::{Web, url};

#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    back: String,
}

/// The page that asks who you are.
pub(crate) async fn form(State(web): State<Web>, raw: RawQuery) -> Answer<Markup> {
    let Back { back } = query(raw)?;
    Ok(view(&web, &back, "", None))
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// Signs in and goes where the person wanted to go.
pub(crate) async fn sign_in(State(web): State<Web>, headers: HeaderMap, RawForm(body): RawForm) -> Answer {
    let typed: Credentials = read(&String::from_utf8_lossy(&body))?;
    let signed = match youju_app::access::sign_in(&web.app, &typed.login, &typed.password).await {
        Ok(signed) => signed,
        Err(error) => {
            let (status, refused) = Refusal::from(error).told();
            let page = view(&web, &typed.back, &typed.login, Some(&refused));
            return Ok((status, page).into_response());
        }
    };
    let secure = if web.settings.is_https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax{secure}", signed.token);
    let to = if is_local(&typed.back) { typed.back.as_str() } else { url::INBOX };
    let mut response = ([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response();
    if device(&headers).is_none() {
        // Tells browsers apart, not people: it stays when somebody signs out.
        let key = youju_app::crypto::new_token().map_err(youju_app::Error::from)?;
        let cookie = format!("{DEVICE}={key}; Path=/; Max-Age={DEVICE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| damaged())?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The key of a browser stays for two years.
const DEVICE_SECONDS: u32 = 2 * 365 * 24 * 60 * 60;

/// Only addresses of this program: a link from elsewhere must not lead away after signing in.
fn is_local(back: &str) -> bool {
    back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') && !back.contains(|c: char| c.is_control())
}

/// Signs out at once.
pub(crate) async fn sign_out(State(web): State<Web>, signed: Signed) -> Answer {
    youju_app::access::sign_out(&web.app, signed.actor, &signed.token).await?;
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    let response: Response = ([(header::SET_COOKIE, cookie)], Redirect::to(url::SIGN_IN)).into_response();
    debug_assert_eq!(response.status(), StatusCode::SEE_OTHER);
    Ok(response)
}

fn view(web: &Web, back: &str, login: &str, wrong: Option<&Refused>) -> Markup {
    let main = html! {
        div.sign-in {
            h1 { "有据" }
            p.muted { (web.settings.place) "统计工作平台 · 数出有据" }
            @if let Some(now) = web.app.world().rehearsed() { p.notice { "这是演练,演练时钟为 " (print_instant(now)) "。" } }
            @if let Some(refused) = wrong { (why(refused)) }
            form method="post" action=(url::SIGN_IN) {
                input type="hidden" name="back" value=(back);
                div.field {
                    label for="login" { "账号" }
                    input #login name="login" value=(login) autocomplete="username" required autofocus;
                }
                div.field {
                    label for="password" { "密码" }
                    input #password name="password" type="password" autocomplete="current-password" required;
                }
                div.form-actions { button.button.primary type="submit" { "登录" } }
            }
            @if !web.settings.sign_in_notes.is_empty() {
                div.notice.field { strong { "演示账号" } ul { @for note in &web.settings.sign_in_notes { li { (note) } } } }
            }
        }
    };
    bare("登录", &main)
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn after_signing_in_nobody_is_led_to_another_site() {
        for good in ["/inbox", "/reports?search=%E5%85%B0"] {
            assert!(is_local(good));
        }
        for bad in ["https://example.com", "//example.com", "/\\example.com", "", "javascript:alert(1)"] {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
