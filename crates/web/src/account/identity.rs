//! 统一身份: tying one's own account to an identity platform, and untying it.

use axum::extract::{RawForm, State};
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::identity;
use youju_domain::Problem;
use youju_domain::identity::{IdentityProblem, Tie};

use super::password_field;
use crate::access::{away, browser};
use crate::request::{Answer, Refusal, Signed, Visitor, read, see};
use crate::ui::frame::{Head, Refused, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Whether the account is tied, and what can be done.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    show(&web, signed, None).await
}

async fn show(web: &Web, signed: Signed, refused: Option<Refused>) -> Answer<Markup> {
    let tie = web.app.read(Some(signed.actor.clone()), async |cx| identity::own(cx).await).await?;
    let label = web.app.identity().map(|platform| platform.settings().label.clone());
    let main = match (&tie, &label) {
        (Some(tie), _) => tied(tie),
        (None, Some(label)) => tie_form(label),
        (None, None) => return Err(Problem::from(IdentityProblem::None).into()),
    };
    let crumbs = vec![("我的账号".into(), Some(url::ACCOUNT.into())), ("统一身份".into(), None)];
    let about = "绑定以后,可以用统一身份认证平台登录本系统。账号、权限、锁定和停用的规定都不变,密码也仍然可以用。";
    let head = Head { about: Some(about.into()), crumbs, ..Head::of("统一身份") };
    let mut frame = signed.frame;
    frame.refused = refused;
    Ok(whole(&frame, &head, &main))
}

fn tie_form(label: &str) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::ACCOUNT_IDENTITY) {
            h2 { "绑定" (label) }
            p { "输入现在的密码,再到" (label) "登录一次,就绑定好了。" }
            (password_field("tie-password"))
            div.form-actions { button.button.primary type="submit" { "前往绑定" } }
        }
    }
}

fn tied(tie: &Tie) -> Markup {
    html! {
        div.notice.done { strong { "已绑定。" } p { "绑定于 " (part::instant(tie.made_at)) "。在那里叫什么名字,本系统没有保存。" } }
        form.card.narrow method="post" action=(url::ACCOUNT_IDENTITY_UNTIE) {
            h2 { "解除绑定" }
            p { "解除后只能用账号和密码登录。" }
            (password_field("untie-password"))
            div.form-actions { button.button.danger type="submit" { "解除绑定" } }
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    password: String,
}

/// Sends somebody to the platform in order to tie their account.
pub(crate) async fn tie(State(web): State<Web>, signed: Signed, visitor: Visitor, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    let (browser, is_new) = browser(&visitor)?;
    let begun = identity::begin_tie(&web.app, signed.actor.clone(), signed.session, &typed.password, &browser);
    match begun.await {
        Ok(sent) => away(&web, &sent, &browser, is_new),
        Err(error) => again(&web, signed, error).await,
    }
}

/// Unties it.
pub(crate) async fn untie(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    match identity::untie(&web.app, signed.actor.clone(), &typed.password).await {
        Ok(()) => Ok(see(url::ACCOUNT, "identity_untied")),
        Err(error) => again(&web, signed, error).await,
    }
}

async fn again(web: &Web, signed: Signed, error: youju_app::Error) -> Answer {
    let (status, told) = Refusal::from(error).told();
    Ok((status, show(web, signed, Some(told)).await?).into_response())
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed) -> Redirect {
    Redirect::to(url::ACCOUNT_IDENTITY)
}
