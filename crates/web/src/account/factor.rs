//! 动态码: setting up the second factor, fresh recovery codes, taking it away.

use axum::extract::{RawForm, State};
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use youju_app::second_factor::{self, Pending};
use youju_domain::account::Due;
use youju_domain::second_factor::CODE_DIGITS;

use super::{password_field, shown};
use crate::request::{Answer, Arrived, Refusal, read, see};
use crate::ui::frame::{Head, Refused};
use crate::{Web, url};

/// How things stand, and what can be done.
pub(crate) async fn page(State(web): State<Web>, arrived: Arrived) -> Answer<Markup> {
    show(&web, arrived, None).await
}

async fn show(web: &Web, arrived: Arrived, refused: Option<Refused>) -> Answer<Markup> {
    let actor = Some(arrived.actor.clone());
    let (own, pending) = web
        .app
        .read(actor, async |cx| Ok((youju_app::account::own(cx).await?, second_factor::pending(cx).await?)))
        .await?;
    let main = match &pending {
        Some(pending) => set_up(web, pending),
        None if own.account.has_phone => manage(own.recovery_left),
        None => begin_form(),
    };
    Ok(shown(arrived, &head(false), refused, &main))
}

fn head(is_codes: bool) -> Head<'static> {
    let about = "登录时,除了密码还要输入手机上每 30 秒变一次的 6 位数字。别人知道了密码也不能登录。";
    let crumbs = vec![("我的账号".into(), Some(url::ACCOUNT.into())), ("动态码".into(), None)];
    let title = if is_codes { "恢复码" } else { "动态码" };
    Head { about: (!is_codes).then(|| about.into()), crumbs, ..Head::of(title) }
}

fn begin_form() -> Markup {
    html! {
        form.narrow method="post" action=(url::ACCOUNT_FACTOR_BEGIN) {
            p { "需要一部手机,装有任何一种支持动态码(TOTP)的应用。不需要手机联网,也不会发短信。" }
            (password_field("password"))
            div.form-actions { button.button.primary type="submit" { "开始启用" } }
            p.hint { "没有手机,或者想更方便的,可以用" a href=(url::ACCOUNT_KEYS) { "安全密钥" } "。" }
        }
    }
}

fn set_up(web: &Web, pending: &Pending) -> Markup {
    let groups: Vec<String> =
        pending.secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
    html! {
        ol.stack {
            li { "用手机上的应用扫这个二维码:" div { (picture(&address(web, pending))) } }
            li { "不能扫码的,在应用中选“手动输入”,账号填 " code { (pending.login) } ",密钥填:" p { code { (groups.join(" ")) } } }
            li { "输入应用现在显示的 6 位数字:" (confirm_form()) }
        }
        p.hint { "请在 15 分钟内完成,过后需要重新开始。二维码和密钥不要给别人看,也不要拍照保存。" }
    }
}

fn confirm_form() -> Markup {
    html! {
        form.narrow method="post" action=(url::ACCOUNT_FACTOR_CONFIRM) {
            (code_field("confirm-code", "动态码"))
            div.form-actions { button.button.primary type="submit" { "确认启用" } }
        }
    }
}

fn code_field(id: &str, label: &str) -> Markup {
    html! { div.field { label for=(id) { (label) } input id=(id) name="code" autocomplete="one-time-code" maxlength="40" required; } }
}

/// What an app reads from the picture (the de facto key URI format).
fn address(web: &Web, pending: &Pending) -> String {
    let issuer = format!("有据 {}", web.settings.place);
    let (issuer, login) = (url::encode(issuer.trim()), url::encode(&pending.login));
    let secret = &pending.secret;
    format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={CODE_DIGITS}&period=30"
    )
}

/// A QR code as one path, with the quiet zone that readers want.
fn picture(text: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return html! {} };
    let (width, zone) = (code.width(), 4);
    let dark = |(index, color): (usize, Color)| {
        let (x, y) = (index % width + zone, index / width + zone);
        (color == Color::Dark).then(|| format!("M{x} {y}h1v1h-1z"))
    };
    let path: String = code.to_colors().into_iter().enumerate().filter_map(dark).collect();
    let side = width + 2 * zone;
    html! {
        svg width="220" height="220" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label="动态码的二维码" shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="white" {}
            path d=(path) fill="black" {}
        }
    }
}

fn manage(recovery_left: i64) -> Markup {
    html! {
        div.notice.done { strong { "动态码已启用。" } p { "还有 " (recovery_left) " 个恢复码没有用过。" } }
        form.card.narrow method="post" action=(url::ACCOUNT_FACTOR_CODES) {
            h2 { "换一批恢复码" }
            p { "恢复码遗失,或者快用完时办理。原来的恢复码随即作废。" }
            (password_field("codes-password"))
            (code_field("codes-code", "动态码"))
            div.form-actions { button.button type="submit" { "换一批" } }
        }
        form.card.narrow method="post" action=(url::ACCOUNT_FACTOR_REMOVE) {
            h2 { "停用" }
            p { "换手机时先停用,再用新手机启用。没有登记安全密钥的,恢复码同时作废。" }
            (password_field("remove-password"))
            (code_field("remove-code", "动态码或恢复码"))
            div.form-actions { button.button.danger type="submit" { "停用动态码" } }
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// Begins to set it up.
pub(crate) async fn begin(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    if arrived.due == Some(Due::Password) {
        return Ok(Redirect::to(url::ACCOUNT_PASSWORD).into_response());
    }
    match second_factor::begin(&web.app, arrived.actor.clone(), &typed.password).await {
        Ok(()) => Ok(Redirect::to(url::ACCOUNT_FACTOR).into_response()),
        Err(error) => again(&web, arrived, error).await,
    }
}

/// Confirms it by a first code, and shows the recovery codes this once.
pub(crate) async fn confirm(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    match second_factor::confirm(&web.app, arrived.actor.clone(), arrived.session, &typed.code).await {
        Ok(codes) => Ok(codes_page(arrived, &codes).into_response()),
        Err(error) => again(&web, arrived, error).await,
    }
}

/// Gives fresh recovery codes.
pub(crate) async fn renew(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    match second_factor::renew_recovery(&web.app, arrived.actor.clone(), &typed.password, &typed.code).await {
        Ok(codes) => Ok(codes_page(arrived, &codes).into_response()),
        Err(error) => again(&web, arrived, error).await,
    }
}

/// Takes it away. Whoever must have one is led to set up another.
pub(crate) async fn remove(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    match second_factor::remove(&web.app, arrived.actor.clone(), &typed.password, &typed.code).await {
        Ok(()) => Ok(see(url::ACCOUNT, "factor_removed")),
        Err(error) => again(&web, arrived, error).await,
    }
}

async fn again(web: &Web, arrived: Arrived, error: youju_app::Error) -> Answer {
    let (status, told) = Refusal::from(error).told();
    Ok((status, show(web, arrived, Some(told)).await?).into_response())
}

/// The recovery codes, this once.
pub(super) fn codes_page(arrived: Arrived, codes: &[String]) -> Markup {
    let main = html! {
        div.notice.explain role="status" {
            strong { "请现在抄下或打印这 " (codes.len()) " 个恢复码,放在安全的地方。" }
            p { "恢复码只显示这一次。手机和安全密钥都不在身边时,每个可以代替它们登录一次。" }
        }
        ul.stack { @for code in codes { li { code { (code) } } } }
        div.form-actions { a.button.primary href=(url::INBOX) { "已经保存,继续" } }
    };
    // Nothing is due any more once a code was given.
    shown(Arrived { due: None, ..arrived }, &head(true), None, &main)
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Arrived) -> Redirect {
    Redirect::to(url::ACCOUNT_FACTOR)
}
