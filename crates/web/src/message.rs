//! Messages 消息: what the program tells the person, and receipt where it has to be proved.

use axum::extract::{Path, RawQuery, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use youju_domain::access::Role;
use youju_domain::id::MessageId;
use youju_domain::message::{Kind, Message};

use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: i64,
}

/// Every message of the person.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let request = page_request(query::<Asked>(raw)?.page);
    let messages =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::message::list(cx, request).await).await?;
    let head = Head {
        crumbs: vec![("待办".into(), Some(url::INBOX.into())), ("消息".into(), None)],
        ..Head::of("消息")
    };
    let main = html! {
        @if messages.rows.is_empty() { (part::empty("还没有消息", "退回、催报、查询和更正的结果会通知到这里。")) }
        @else {
            div.table-head { (part::shown(&messages)) }
            (view(&messages.rows, signed.actor.role))
            (part::pager(&messages, url::MESSAGES, &[], PAGE_ROWS.unsigned_abs()))
        }
    };
    Ok(whole(&signed.frame, &head, &main))
}

/// Messages as a list; unread ones have the button that says so.
pub(crate) fn view(messages: &[Message], role: Role) -> Markup {
    html! {
        ul.list { @for message in messages { li {
            div.main {
                @let to = link(message, role);
                @if let Some(to) = &to { a href=(to) { (message.title) } } @else { strong { (message.title) } }
                p.about { (message.body) }
                p.small.muted {
                    (part::instant(message.sent_at))
                    @if let Some(at) = message.read_at { " · " (if message.kind.needs_receipt() { "签收于 " } else { "已读 " }) (part::instant(at)) }
                }
            }
            span class={ "badge " (if message.is_news() { class(message.kind) } else { "" }) } { (message.kind.label()) }
            @if message.is_news() {
                (part::post_button(&url::message_read(message.id), if message.kind.needs_receipt() { "签收" } else { "知道了" }, "small", None))
            }
        } } }
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Returned | Kind::Notice => "error",
        Kind::Reminder | Kind::Query => "explain",
        _ => "todo",
    }
}

/// Where the message leads.
fn link(message: &Message, role: Role) -> Option<String> {
    let (kind, about) = &message.about;
    match kind.as_str() {
        "report" => Some(url::report(about.parse().ok()?)),
        "reminder" => Some(url::report(about.split('/').next()?.parse().ok()?)),
        "query" => Some(url::query(about.parse().ok()?)),
        "assessment" => Some(url::assessment(about.parse().ok()?)),
        "person" => Some(url::ACCOUNT.to_owned()),
        "staff" => Some(url::staff(about.parse().ok()?)),
        "handover" => Some(url::handover(about.parse().ok()?)),
        "joint_review" => Some(url::joint_review(about.parse().ok()?)),
        "case" => Some(url::case(about.parse().ok()?)),
        "onboarding" => Some(url::unit_onboarding(about.parse().ok()?)),
        "standard" => {
            let mut parts = about.split('/');
            let (organisation, standard, item) = (parts.next()?, parts.next()?, parts.next()?);
            Some(url::requirement(organisation.parse().ok()?, standard, item))
        }
        "correction" => Some(url::correction(about.parse().ok()?)),
        "window" if role.is_respondent() => Some(url::with_query(url::REPORTS, &[("window", about)])),
        "window" => Some(url::window(about.parse().ok()?)),
        _ => None,
    }
}

/// The person has read it, or signs for it.
pub(crate) async fn read(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let message: MessageId = id(path)?;
    let read = web.app.write(Some(signed.actor), async |cx| youju_app::message::read(cx, message).await).await?;
    Ok(see(url::INBOX, if read.kind.needs_receipt() { "received" } else { "read" }))
}

/// The address of the command, asked for as a page.
pub(crate) async fn back() -> Redirect {
    Redirect::to(url::MESSAGES)
}
