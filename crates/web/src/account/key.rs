//! 安全密钥: adding one, other names, taking one away. What a key signs is fetched by `ui/js/security-key.js`; without it the page says so,
//! and codes are the way.

use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use youju_app::Error;
use youju_app::crypto::to_base64url;
use youju_app::crypto::webauthn::{ALGORITHMS, Created};
use youju_app::security_key::{self, Question};
use youju_domain::account::Due;
use youju_domain::id::SecurityKeyId;
use youju_domain::security_key::{KEYS_MAX, NAME_CHARS_MAX, SecurityKey};

use super::factor::codes_page;
use super::{password_field, shown};
use crate::request::{Answer, Arrived, Refusal, id, read, see};
use crate::ui::frame::{Head, Refused};
use crate::ui::part;
use crate::{Web, url};

/// The keys, and what can be done.
pub(crate) async fn page(State(web): State<Web>, arrived: Arrived) -> Answer<Markup> {
    show(&web, arrived, None).await
}

async fn show(web: &Web, arrived: Arrived, refused: Option<Refused>) -> Answer<Markup> {
    let (actor, session) = (Some(arrived.actor.clone()), arrived.session);
    let read = async |cx: &mut youju_app::Cx<'_>| {
        let login = youju_app::account::own(cx).await?.person.login;
        Ok((security_key::list(cx).await?, security_key::pending(cx, session).await?, login))
    };
    let (keys, question, login) = web.app.read(actor, read).await?;
    let about = "登录时,除了密码还要用安全密钥:插在电脑上的小钥匙(U 盾、FIDO2 密钥),或者本机、手机的指纹、人脸和锁屏密码(通行密钥)。仿冒的网站骗不走它。";
    let crumbs = vec![("我的账号".into(), Some(url::ACCOUNT.into())), ("安全密钥".into(), None)];
    let head = Head { about: Some(about.into()), crumbs, ..Head::of("安全密钥") };
    let main = html! {
        @if web.app.site().is_none() { (no_site()) }
        @else if let Some(question) = &question { (add_form(web, &arrived, question, &login)) }
        @else if keys.len() < KEYS_MAX { (begin_form(keys.is_empty())) }
        @else { p.notice { "已经登记了 " (KEYS_MAX) " 把,不能再多;请先移除不再使用的。" } }
        @if !keys.is_empty() { (list(&keys)) }
    };
    Ok(shown(arrived, &head, refused, &main))
}

fn no_site() -> Markup {
    html! {
        div.notice.explain {
            strong { "从本系统现在的网址不能使用安全密钥。" }
            p { "浏览器只在用域名和 https 访问时允许安全密钥。请系统管理员配置 https 和访问网址(--address);在此以前请用"
                a href=(url::ACCOUNT_FACTOR) { "动态码" } "。" }
        }
    }
}

fn begin_form(is_first: bool) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::ACCOUNT_KEYS_BEGIN) {
            h2 { @if is_first { "登记安全密钥" } @else { "再登记一把" } }
            p { "建议登记两把,一把随身,一把放在安全的地方。没有安全密钥的,请用" a href=(url::ACCOUNT_FACTOR) { "动态码" } "。" }
            (password_field("password"))
            div.form-actions { button.button.primary type="submit" { "开始登记" } }
        }
    }
}

fn add_form(web: &Web, arrived: &Arrived, question: &Question, login: &str) -> Markup {
    let asked = json!({
        "challenge": question.challenge,
        "host": question.site.host,
        "site": format!("有据 {}", web.settings.place).trim(),
        "user": to_base64url(arrived.actor.person.uuid().as_bytes()),
        "login": login,
        "name": arrived.actor.name,
        "algorithms": ALGORITHMS,
        "keys": question.credentials,
    });
    html! {
        form.card.narrow method="post" action=(url::ACCOUNT_KEYS) data-security-key="create" data-asked=(asked) {
            h2 { "登记安全密钥" }
            div.field {
                label for="key-name" { "名称" }
                input #key-name name="name" maxlength=(NAME_CHARS_MAX) required autocomplete="off" aria-describedby="key-name-help";
                p.help #key-name-help { "自己能认出是哪一把就行,例如“办公室的”“手机”。" }
            }
            @for name in ["client_data", "attestation"] { input type="hidden" name=(name); }
            (script("请插入安全密钥,或准备好本机的指纹、人脸或锁屏密码,再按下面的按钮。请在 5 分钟内完成。"))
            div.form-actions { button.button.primary type="submit" disabled { "用安全密钥确认" } }
        }
    }
}

/// The line that the script speaks in, and the script. Until it runs, the line says why nothing can be pressed.
pub(crate) fn script(ready: &str) -> Markup {
    html! {
        p.hint role="status" data-ready=(ready) { "浏览器没有运行本页的脚本,不能使用安全密钥。请允许脚本,或用动态码、恢复码。" }
        script type="module" src="/assets/security-key.js" {}
    }
}

fn list(keys: &[SecurityKey]) -> Markup {
    html! {
        section.stack {
            h2 { "已登记的安全密钥" }
            div.table-head { span.table-count { "共 " (keys.len()) " 把" } }
            div.table-box tabindex="0" role="region" aria-label="已登记的安全密钥" { table.table {
                thead { tr { th { "名称" } th { "登记" } th { "最近登录" } th { "办理" } } }
                tbody { @for key in keys { (row(key)) } }
            } }
        }
    }
}

fn row(key: &SecurityKey) -> Markup {
    let (name, password) = (format!("name-{}", key.id), format!("password-{}", key.id));
    html! { tr {
        th scope="row" { (key.name) }
        td { (part::instant(key.made_at)) }
        td { @match key.used_at { Some(at) => (part::instant(at)), None => "没有用过" } }
        td { details.more {
            summary { "改名或移除" }
            form.narrow method="post" action=(url::key_act(key.id, "rename")) {
                div.field { label for=(name) { "新名称" } input id=(name) name="name" value=(key.name) maxlength=(NAME_CHARS_MAX) required autocomplete="off"; }
                div.form-actions { button.button.small type="submit" { "改名" } }
            }
            form.narrow method="post" action=(url::key_act(key.id, "remove")) {
                p { "移除后,这一把不能再用来登录。" }
                (password_field(&password))
                div.form-actions { button.button.small.danger type="submit" { "移除" } }
            }
        } }
    } }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    name: String,
}

/// Begins to add one.
pub(crate) async fn begin(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    if arrived.due == Some(Due::Password) {
        return Ok(Redirect::to(url::ACCOUNT_PASSWORD).into_response());
    }
    match security_key::begin(&web.app, arrived.actor.clone(), arrived.session, &typed.password).await {
        Ok(()) => Ok(Redirect::to(url::ACCOUNT_KEYS).into_response()),
        Err(error) => again(&web, arrived, error).await,
    }
}

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    name: String,
    #[serde(flatten)]
    created: Created,
}

/// Adds the key that has answered. With the first second factor come recovery codes, which are shown this once.
pub(crate) async fn add(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let made: Made = read(&String::from_utf8_lossy(&body))?;
    let added = security_key::add(&web.app, arrived.actor.clone(), arrived.session, &made.name, &made.created);
    match added.await {
        Ok(Some(codes)) => Ok(codes_page(arrived, &codes).into_response()),
        Ok(None) => Ok(see(url::ACCOUNT_KEYS, "key_added")),
        Err(error) => again(&web, arrived, error).await,
    }
}

/// Gives one another name.
pub(crate) async fn rename(
    State(web): State<Web>,
    arrived: Arrived,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (key, typed): (SecurityKeyId, Typed) = (id(path)?, read(&String::from_utf8_lossy(&body))?);
    let rename = async |cx: &mut youju_app::Cx<'_>| security_key::rename(cx, key, &typed.name).await;
    match web.app.write(Some(arrived.actor.clone()), rename).await {
        Ok(()) => Ok(see(url::ACCOUNT_KEYS, "key_renamed")),
        Err(error) => again(&web, arrived, error).await,
    }
}

/// Takes one away.
pub(crate) async fn remove(
    State(web): State<Web>,
    arrived: Arrived,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (key, typed): (SecurityKeyId, Typed) = (id(path)?, read(&String::from_utf8_lossy(&body))?);
    match security_key::remove(&web.app, arrived.actor.clone(), key, &typed.password).await {
        Ok(()) => Ok(see(url::ACCOUNT_KEYS, "key_removed")),
        Err(error) => again(&web, arrived, error).await,
    }
}

async fn again(web: &Web, arrived: Arrived, error: Error) -> Answer {
    let (status, told) = Refusal::from(error).told();
    Ok((status, show(web, arrived, Some(told)).await?).into_response())
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Arrived) -> Redirect {
    Redirect::to(url::ACCOUNT_KEYS)
}

/// The same for a command on one key.
pub(crate) async fn back_from(_: Arrived, path: Path<String>) -> Answer<Redirect> {
    let _: SecurityKeyId = id(path)?;
    Ok(Redirect::to(url::ACCOUNT_KEYS))
}
