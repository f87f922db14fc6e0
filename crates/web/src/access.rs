//! Signing in, in one step or two, and signing out.

mod door;
mod platform;
mod second_step;

use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::access::{Browser, Entered, SignedIn};
use youju_domain::Problem;
use youju_domain::account::AccountProblem;
use youju_domain::identity::IdentityProblem;
use youju_domain::security_key::KeyProblem;
use youju_domain::survey::print_instant;

use crate::request::{Answer, Arrived, COOKIE, DEVICE, Refusal, Visitor, damaged, query, read};
use crate::ui::frame::{Refused, bare, why};
use crate::{Web, url};

pub(crate) use door::{Doors, door};
pub(crate) use platform::{away, begin, begin_form, come};
pub(crate) use second_step::{code_form, give_code, give_key, key_form};

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

/// The first step. Whoever needs no second one goes where they wanted to go.
pub(crate) async fn sign_in(State(web): State<Web>, visitor: Visitor, RawForm(body): RawForm) -> Answer {
    let typed: Credentials = read(&String::from_utf8_lossy(&body))?;
    let entered = arrive(&web, &visitor, async |browser| {
        youju_app::access::enter(&web.app, &typed.login, &typed.password, browser).await
    });
    match entered.await? {
        Ok(arrived) => arrived.go(&web, &typed.back),
        Err(error) => {
            let (status, refused) = Refusal::from(error).told();
            let page = view(&web, &typed.back, &typed.login, Some(&refused));
            Ok((status, page).into_response())
        }
    }
}

/// Somebody whose password, or whose letter, was right.
pub(crate) struct CameIn {
    entered: Entered,
    browser: Browser,
    is_new: bool,
}

impl CameIn {
    /// Leads them on: to what is due, to the second step, or where they wanted to go.
    pub(crate) fn go(self, web: &Web, back: &str) -> Answer {
        let token = match self.entered {
            Entered::In(signed) => return welcome(web, &signed, &self.browser, self.is_new, back),
            Entered::Halfway { token } => token,
        };
        let to = url::with_query(url::SIGN_IN_CODE, &[("back", back)]);
        let mut response = Redirect::to(&to).into_response();
        keep(&mut response, &cookie(web, &token))?;
        if self.is_new {
            keep(&mut response, &device_cookie(web, &self.browser))?;
        }
        Ok(response)
    }
}

/// Lets somebody try a password or a code, where their network address has not failed too often; failures are counted.
pub(crate) async fn arrive(
    web: &Web,
    visitor: &Visitor,
    step: impl AsyncFnOnce(&Browser) -> youju_app::Result<Entered>,
) -> Answer<youju_app::Result<CameIn>> {
    let (browser, is_new) = browser(visitor)?;
    let entered = match web.doors.may_try(&visitor.address, web.app.world().now()) {
        Ok(()) => step(&browser).await,
        Err(problem) => Err(problem.into()),
    };
    if let Err(error) = &entered {
        count(web, visitor, error);
    }
    Ok(entered.map(|entered| CameIn { entered, browser, is_new }))
}

/// The browser as the program knows it again; true when its key was drawn just now. The key tells browsers apart, not people: it stays
/// when somebody signs out.
pub(crate) fn browser(visitor: &Visitor) -> Answer<(Browser, bool)> {
    let known = visitor.device.clone();
    let is_new = known.is_none();
    let key = known.map_or_else(|| youju_app::crypto::new_token().map_err(youju_app::Error::from), Ok)?;
    Ok((Browser { address: visitor.address.clone(), agent: visitor.agent.clone(), key }, is_new))
}

/// Guesses are counted by address, too.
fn count(web: &Web, visitor: &Visitor, error: &youju_app::Error) {
    let is_guess = matches!(
        error,
        youju_app::Error::Problem(
            Problem::WrongPassword
                | Problem::TooManyAttempts { .. }
                | Problem::Account(AccountProblem::WrongCode | AccountProblem::WrongActivation)
                | Problem::SecurityKey(KeyProblem::Refused(_))
                | Problem::Identity(IdentityProblem::Stale | IdentityProblem::Doubtful(_))
        )
    );
    if is_guess {
        web.doors.count(&visitor.address, web.app.world().now());
    }
}

/// Goes on with a fresh session. Whatever session the browser had before is not used again.
fn welcome(web: &Web, signed: &SignedIn, browser: &Browser, is_new: bool, back: &str) -> Answer {
    let to = match signed.due {
        Some(due) => url::of_due(due),
        None if is_local(back) => back,
        None => url::INBOX,
    };
    let mut response = Redirect::to(to).into_response();
    keep(&mut response, &cookie(web, &signed.token))?;
    if is_new {
        keep(&mut response, &device_cookie(web, browser))?;
    }
    Ok(response)
}

fn cookie(web: &Web, token: &str) -> String {
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{}", secure(web))
}

fn device_cookie(web: &Web, browser: &Browser) -> String {
    let (key, secure) = (&browser.key, secure(web));
    format!("{DEVICE}={key}; Path=/; Max-Age={DEVICE_SECONDS}; HttpOnly; SameSite=Lax{secure}")
}

fn secure(web: &Web) -> &'static str {
    if web.settings.is_https { "; Secure" } else { "" }
}

fn keep(response: &mut Response, cookie: &str) -> Answer<()> {
    let cookie = HeaderValue::from_str(cookie).map_err(|_| damaged())?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// The key of a browser stays for two years.
const DEVICE_SECONDS: u32 = 2 * 365 * 24 * 60 * 60;

/// Only addresses of this program: a link from elsewhere must not lead away after signing in.
fn is_local(back: &str) -> bool {
    back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') && !back.contains(|c: char| c.is_control())
}

/// Signs out at once.
pub(crate) async fn sign_out(State(web): State<Web>, arrived: Arrived) -> Answer {
    youju_app::access::sign_out(&web.app, arrived.actor, &arrived.token).await?;
    Ok(signed_out())
}

/// Takes the token from the browser and leads to the door.
pub(crate) fn signed_out() -> Response {
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    let response: Response = ([(header::SET_COOKIE, cookie)], Redirect::to(url::SIGN_IN)).into_response();
    debug_assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response
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
                div.form-actions { button.button.primary type="submit" { "登录" } a.button href=(url::ACTIVATE) { "收到激活信" } }
            }
            @if let Some(platform) = web.app.identity().filter(|_| !web.app.address().is_empty()) {
                form method="post" action=(url::SIGN_IN_PLATFORM) {
                    input type="hidden" name="back" value=(back);
                    div.form-actions { button.button type="submit" { "用" (platform.settings().label) "登录" } }
                }
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
