//! The second step of signing in: a code from the phone, a security key, or a recovery code.

use axum::extract::{RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use youju_app::Error;
use youju_app::access::{Holder, SignedIn, holder_of};
use youju_app::crypto::webauthn::Answer as KeyAnswer;
use youju_app::second_factor::second_step;
use youju_app::security_key::{self, Question, SecondStep};
use youju_domain::Problem;

use super::{Back, browser, count, welcome};
use crate::account::key::script;
use crate::request::{Answer, Refusal, Visitor, query, read};
use crate::ui::frame::{Refused, bare, why};
use crate::{Web, url};

/// The page that asks for it.
pub(crate) async fn code_form(State(web): State<Web>, visitor: Visitor, raw: RawQuery) -> Answer {
    let Back { back } = query(raw)?;
    let token = visitor.token.as_deref().unwrap_or_default();
    match holder_of(&web.app, token).await {
        Ok(Holder::Halfway) => show(&web, token, &back, None).await,
        Ok(Holder::Full { .. }) => Ok(Redirect::to(url::INBOX).into_response()),
        Err(Error::Problem(_)) => Ok(from_the_beginning(&back)),
        Err(fault) => Err(fault.into()),
    }
}

/// The address of the step by a key, asked for as a page.
pub(crate) async fn key_form(raw: RawQuery) -> Answer {
    let Back { back } = query(raw)?;
    Ok(Redirect::to(&url::with_query(url::SIGN_IN_CODE, &[("back", &back)])).into_response())
}

async fn show(web: &Web, token: &str, back: &str, wrong: Option<&Refused>) -> Answer {
    match security_key::second_step(&web.app, token).await {
        Ok(step) => Ok(view(&step, back, wrong).into_response()),
        Err(Error::Problem(_)) => Ok(from_the_beginning(back)),
        Err(fault) => Err(fault.into()),
    }
}

fn from_the_beginning(back: &str) -> axum::response::Response {
    Redirect::to(&url::with_query(url::SIGN_IN, &[("back", back)])).into_response()
}

#[derive(Deserialize)]
struct Code {
    code: String,
    #[serde(default)]
    back: String,
}

/// The second step by a code.
pub(crate) async fn give_code(State(web): State<Web>, visitor: Visitor, RawForm(body): RawForm) -> Answer {
    let typed: Code = read(&String::from_utf8_lossy(&body))?;
    let (browser, is_new) = browser(&visitor)?;
    let token = visitor.token.as_deref().unwrap_or_default();
    let signed = match web.doors.may_try(&visitor.address, web.app.world().now()) {
        Ok(()) => second_step(&web.app, token, &typed.code, &browser).await,
        Err(problem) => Err(problem.into()),
    };
    match signed {
        Ok(signed) => welcome(&web, &signed, &browser, is_new, &typed.back),
        Err(error) => again(&web, &visitor, &typed.back, error).await,
    }
}

#[derive(Deserialize)]
struct Given {
    #[serde(flatten)]
    answer: KeyAnswer,
    #[serde(default)]
    back: String,
}

/// The second step by a security key.
pub(crate) async fn give_key(State(web): State<Web>, visitor: Visitor, RawForm(body): RawForm) -> Answer {
    let given: Given = read(&String::from_utf8_lossy(&body))?;
    let (browser, is_new) = browser(&visitor)?;
    let token = visitor.token.as_deref().unwrap_or_default();
    let signed: Result<SignedIn, Error> = match web.doors.may_try(&visitor.address, web.app.world().now()) {
        Ok(()) => security_key::give(&web.app, token, &given.answer, &browser).await,
        Err(problem) => Err(problem.into()),
    };
    match signed {
        Ok(signed) => welcome(&web, &signed, &browser, is_new, &given.back),
        Err(error) => again(&web, &visitor, &given.back, error).await,
    }
}

/// The page once more, with what was wrong; from the beginning when the five minutes are over.
async fn again(web: &Web, visitor: &Visitor, back: &str, error: Error) -> Answer {
    if matches!(error, Error::Problem(Problem::SignedOut)) {
        return Ok(from_the_beginning(back));
    }
    count(web, visitor, &error);
    let (status, refused) = Refusal::from(error).told();
    let mut page = show(web, visitor.token.as_deref().unwrap_or_default(), back, Some(&refused)).await?;
    if page.status().is_success() {
        *page.status_mut() = status;
    }
    Ok(page)
}

fn view(step: &SecondStep, back: &str, wrong: Option<&Refused>) -> Markup {
    let title = if step.has_phone { "输入动态码" } else { "使用安全密钥" };
    let about = match (step.has_phone, step.has_keys) {
        (true, false) => "密码正确。请在 5 分钟内输入手机上显示的 6 位动态码。",
        (true, true) => "密码正确。请在 5 分钟内输入手机上显示的 6 位动态码,或者使用安全密钥。",
        _ => "密码正确。请在 5 分钟内使用您登记的安全密钥。",
    };
    let main = html! {
        div.sign-in {
            h1 { (title) }
            p.muted { (about) }
            @if let Some(refused) = wrong { (why(refused)) }
            @if let Some(question) = &step.question { (key_part(question, back)) }
            @else if step.has_keys {
                p.notice.explain { "从本系统现在的网址不能使用安全密钥(需要用域名和 https 访问),请输入下面的码。" }
            }
            (code_part(step.has_phone, back))
        }
    };
    bare(title, &main)
}

fn code_part(has_phone: bool, back: &str) -> Markup {
    let (label, help) = if has_phone {
        ("动态码或恢复码", "手机不在身边时,输入一个没有用过的恢复码;恢复码也没有的,请联系安全管理员重置。")
    } else {
        ("恢复码", "安全密钥不在身边时,输入一个没有用过的恢复码;恢复码也没有的,请联系安全管理员重置。")
    };
    html! {
        form method="post" action=(url::SIGN_IN_CODE) {
            input type="hidden" name="back" value=(back);
            div.field {
                label for="code" { (label) }
                input #code name="code" autocomplete="one-time-code" maxlength="40" required autofocus[has_phone] aria-describedby="code-help";
                p.help #code-help { (help) }
            }
            div.form-actions {
                button.button.primary type="submit" { "登录" }
                a.button href=(url::with_query(url::SIGN_IN, &[("back", back)])) { "换一个账号" }
            }
        }
    }
}

fn key_part(question: &Question, back: &str) -> Markup {
    let asked = json!({
        "challenge": question.challenge,
        "host": question.site.host,
        "keys": question.credentials,
    });
    html! {
        form method="post" action=(url::SIGN_IN_KEY) data-security-key="get" data-asked=(asked) {
            input type="hidden" name="back" value=(back);
            @for name in ["credential", "client_data", "authenticator_data", "signature"] { input type="hidden" name=(name); }
            (script("请插入安全密钥,或准备好本机的指纹、人脸或锁屏密码,再按下面的按钮。"))
            div.form-actions { button.button.primary type="submit" disabled { "用安全密钥登录" } }
        }
    }
}
