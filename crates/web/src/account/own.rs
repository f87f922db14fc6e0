//! The account itself: the password, and where one is signed in.

use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::account::{Change, Own};
use youju_domain::account::{Due, Session, browser_in_words};
use youju_domain::id::SessionId;
use youju_domain::password;

use super::shown;
use crate::access::signed_out;
use crate::request::{Answer, Arrived, Refusal, Signed, id, read, see};
use crate::ui::frame::{Head, Refused, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Everything about the account.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let own = web.app.read(Some(signed.actor.clone()), async |cx| youju_app::account::own(cx).await).await?;
    let is_obliged = web.app.second_factor().obliges(signed.actor.role);
    let tie = web.app.read(Some(signed.actor.clone()), async |cx| youju_app::identity::own(cx).await).await?;
    let has_platform = web.app.identity().is_some() || tie.is_some();
    let main = html! {
        (facts(&own, is_obliged))
        @if has_platform { (identity(tie.is_some())) }
        (sessions(&own, signed.session))
    };
    Ok(whole(&signed.frame, &Head::of("我的账号"), &main))
}

fn facts(own: &Own, is_obliged: bool) -> Markup {
    html! {
        section.card.narrow {
            dl.facts {
                dt { "账号" } dd { (own.person.login) }
                dt { "姓名" } dd { (own.person.name) }
                dt { "角色" } dd { (own.person.role.label()) }
                dt { "密码" } dd { @match own.password_set_at {
                    Some(at) => { "设置于 " (part::instant(at)) },
                    None => "已设置",
                } }
                dt { "动态码" } dd {
                    @if own.account.has_phone { "已启用" }
                    @else if is_obliged && !own.account.has_second_factor() { "没有启用(本系统要求启用动态码或安全密钥)" }
                    @else { "没有启用" }
                }
                dt { "安全密钥" } dd {
                    @if own.account.security_keys > 0 { "登记了 " (own.account.security_keys) " 把" } @else { "没有登记" }
                }
                @if own.account.has_second_factor() { dt { "恢复码" } dd { "还有 " (own.recovery_left) " 个没有用过" } }
            }
            div.form-actions {
                a.button.primary href=(url::ACCOUNT_PASSWORD) { "修改密码" }
                a.button href=(url::ACCOUNT_FACTOR) { @if own.account.has_phone { "管理动态码" } @else { "启用动态码" } }
                a.button href=(url::ACCOUNT_KEYS) { @if own.account.security_keys > 0 { "管理安全密钥" } @else { "登记安全密钥" } }
            }
        }
    }
}

fn identity(is_tied: bool) -> Markup {
    html! {
        section.card.narrow {
            dl.facts { dt { "统一身份" } dd { @if is_tied { "已绑定" } @else { "没有绑定" } } }
            div.form-actions { a.button href=(url::ACCOUNT_IDENTITY) { @if is_tied { "管理绑定" } @else { "绑定统一身份" } } }
        }
    }
}

fn sessions(own: &Own, this: SessionId) -> Markup {
    html! {
        section.stack {
            h2 { "登录在哪些地方" }
            div.table-head {
                span.table-count { "共 " (own.sessions.len()) " 处" }
                (part::post_button(url::ACCOUNT_SESSIONS_END, "全部退出", "small", Some("您在所有地方的登录都会退出,包括这里。确定吗?")))
            }
            div.table-box tabindex="0" role="region" aria-label="登录在哪些地方" { table.table {
                thead { tr { th { "浏览器" } th { "网络地址" } th { "登录时间" } th { "最近使用" } th { "办理" } } }
                tbody { @for session in &own.sessions { (row(session, session.id == this)) } }
            } }
            p.hint { "有不认识的,请退出它并立即修改密码。" }
        }
    }
}

fn row(session: &Session, is_this: bool) -> Markup {
    html! { tr {
        th scope="row" { (browser_in_words(&session.agent)) @if is_this { " " span.badge.done { "本机" } } }
        td { @if session.address.is_empty() { "不明" } @else { (session.address) } }
        td { (part::instant(session.created_at)) }
        td { (part::instant(session.seen_at)) }
        td { (part::post_button(&url::session_end(session.id), "退出", "small", None)) }
    } }
}

/// Ends one session; the own one leads to the door.
pub(crate) async fn end_session(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let session: SessionId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| youju_app::account::end_session(cx, session).await).await?;
    Ok(if session == signed.session { signed_out() } else { see(url::ACCOUNT, "session_ended") })
}

/// Ends all sessions, this one too.
pub(crate) async fn end_all(State(web): State<Web>, signed: Signed) -> Answer {
    web.app.write(Some(signed.actor), async |cx| youju_app::account::end_all_sessions(cx).await).await?;
    Ok(signed_out())
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed) -> Redirect {
    Redirect::to(url::ACCOUNT)
}

/// The page for another password.
pub(crate) async fn password_form(arrived: Arrived) -> Markup {
    password_page(arrived, None)
}

fn password_page(arrived: Arrived, refused: Option<Refused>) -> Markup {
    let is_due = arrived.due == Some(Due::Password);
    let about = if is_due {
        "这个密码是别人设置的。请先改成只有您自己知道的密码,再开始办理。"
    } else {
        "修改以后,您在其他地方的登录都会退出。"
    };
    let crumbs = vec![("我的账号".into(), Some(url::ACCOUNT.into())), ("修改密码".into(), None)];
    let head = Head { about: Some(about.into()), crumbs, ..Head::of("修改密码") };
    let rules = password::rules(arrived.actor.role);
    let main = html! {
        form.narrow method="post" action=(url::ACCOUNT_PASSWORD) {
            div.field { label for="old" { "现在的密码" } input #old name="old" type="password" autocomplete="current-password" required autofocus; }
            div.field {
                label for="new" { "新密码" }
                input #new name="new" type="password" autocomplete="new-password" maxlength=(password::CHARS_MAX) required aria-describedby="new-help";
                p.help #new-help { (rules) }
            }
            div.field { label for="again" { "再输入一次新密码" } input #again name="again" type="password" autocomplete="new-password" maxlength=(password::CHARS_MAX) required; }
            div.form-actions { button.button.primary type="submit" { "修改密码" } }
        }
    };
    shown(arrived, &head, refused, &main)
}

#[derive(Deserialize)]
struct Typed {
    old: String,
    new: String,
    again: String,
}

/// Changes the password.
pub(crate) async fn change_password(State(web): State<Web>, arrived: Arrived, RawForm(body): RawForm) -> Answer {
    let Typed { old, new, again } = read(&String::from_utf8_lossy(&body))?;
    let change = Change { old, new, again };
    match youju_app::account::change_password(&web.app, arrived.actor.clone(), arrived.session, change).await {
        Ok(()) => Ok(see(if arrived.due.is_some() { url::INBOX } else { url::ACCOUNT }, "password_changed")),
        Err(error) => {
            let (status, told) = Refusal::from(error).told();
            Ok((status, password_page(arrived, Some(told))).into_response())
        }
    }
}
