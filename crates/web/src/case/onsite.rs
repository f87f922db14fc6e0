//! 现场办理 on a phone: a page of one column that works without a line. `ui/js/onsite-worker.js` keeps the page, `ui/js/onsite.js` what is filled
//! in, and it is sent as the form that it is. Without scripts the same form goes the way of every other.

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use serde_json::json;
use youju_app::case::{self, Listed, Seen};
use youju_domain::Problem;
use youju_domain::case::{Act, Command};
use youju_domain::id::{CaseId, PersonId};

use super::act::of_act;
use super::list::left;
use super::looked;
use super::sent::receive;
use crate::request::{Answer, Refusal, Signed, id, refuse};
use crate::ui::part;
use crate::{Web, url};

/// Days for which a phone keeps what has not been sent.
const KEPT_DAYS: u32 = 7;

/// What can be done on the spot, and what this phone has not sent.
pub(crate) async fn list(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let found = web.app.read(Some(signed.actor.clone()), async |cx| case::onsite_waiting(cx).await).await?;
    let main = html! {
        h1 { "现场办理" }
        (shelf())
        section.stack {
            h2 { "轮到您现场办理的" }
            @if found.is_empty() { (part::empty("现在没有要到现场办理的事项", "安排核查、走访以后,会出现在这里和待办中。")) }
            ul.onsite-list { @for (row, act) in &found { li { (entry(row, act)) } } }
            p.muted { "出发以前在有网络的地方逐个打开一次,页面就留在手机里,没有网络也能打开和填写。" }
        }
    };
    Ok(page_of("现场办理", &web, signed.actor.person, &main))
}

fn entry(row: &Listed, act: &Act) -> Markup {
    html! {
        a href=(url::onsite(row.id, &act.key)) { (row.title) }
        p.muted { (row.kind) " · " (act.label) @if let Some(due) = row.due_on { " · 期限 " (due) } }
    }
}

/// What waits on this phone; filled in by the script, which knows it.
fn shelf() -> Markup {
    html! {
        section.stack #shelf hidden {
            h2 { "待发送 " span #shelf-count { "0" } " 件" }
            ul.onsite-list #shelf-list {}
            div.form-actions { button.button.primary type="button" #send-all { "立即发送" } }
        }
        p.muted #shelf-note role="status" { noscript { "这个浏览器没有启用脚本:要联网填写和提交。" } }
    }
}

/// An act that the actor may do on the spot now.
fn offered<'s>(seen: &'s Seen, key: &str) -> Option<&'s Act> {
    let is_offered = seen.offers.iter().any(|offer| offer.act == key && offer.bar.is_none());
    seen.kind.act(key).filter(|act| act.is_onsite && is_offered)
}

/// The form of an act that is done on the spot.
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Path((case, act)): Path<(String, String)>,
) -> Answer<Markup> {
    let case: CaseId = id(Path(case))?;
    let seen = web.app.read(Some(signed.actor.clone()), async |cx| case::get(cx, case).await).await?;
    let title = seen.case.title(&seen.kind);
    let main = match offered(&seen, &act) {
        Some(act) => form(&seen, act, &title),
        None => no_longer(case, &title),
    };
    Ok(page_of(&title, &web, signed.actor.person, &main))
}

/// Somebody was faster, or it was never theirs: what lies on the phone can still be looked at.
fn no_longer(case: CaseId, title: &str) -> Markup {
    html! {
        h1 { (title) }
        (shelf())
        div.notice.explain role="alert" {
            strong { "这一步现在不能办理。" }
            p { "事项已经有新的办理,或者不由您办理。" a href=(url::case(case)) { "请看办理经过" } "。手机里没有发送的内容仍然保留。" }
        }
    }
}

fn form(seen: &Seen, act: &Act, title: &str) -> Markup {
    let (case, kind) = (&seen.case, &seen.kind);
    html! {
        h1 { (title) }
        p.muted { (kind.name) " · " (act.label) @if let Some(due) = seen.due_on { " · 期限 " (due) "," (left(due, seen.today).1) } }
        (shelf())
        dl.facts.wide { @for field in &kind.fields { @if let Some(value) = seen.values.get(&field.key) {
            @if !act.demand.owes.contains(&field.key) && !act.demand.asks.contains(&field.key) {
                dt { (field.label) } dd { (youju_domain::case::show_value(field, value)) }
            }
        } } }
        p #line-state role="status" {}
        form #onsite method="post" enctype="multipart/form-data" action=(url::case_act(case.id, &act.key))
            data-send=(url::onsite(case.id, &act.key)) data-case=(url::case(case.id)) data-title=(title) data-act=(act.label) {
            input type="hidden" name="revision" value=(case.revision);
            (of_act(seen, act))
            div.onsite-bar {
                p #kept role="status" {}
                button.button.primary type="submit" { "完成,发送" }
            }
        }
        div #told role="alert" {}
        p.muted {
            "填写的内容、照片和签名随填随存在这台手机上,发送成功后从手机删除;没有发送的最多保留 " (KEPT_DAYS) " 天,退出登录时删除。手机请设锁屏密码。"
        }
        p { a href=(url::case(case.id)) { "看这个事项的办理经过" } }
    }
}

/// The page around it: nothing of the rest of the site, so that nothing of it has to be kept on the phone.
fn page_of(title: &str, web: &Web, person: PersonId, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · 有据" }
                link rel="icon" href="/assets/mark.svg";
                @for style in ["tokens", "app", "parts", "table", "onsite"] { link rel="stylesheet" href={ "/assets/" (style) ".css" }; }
                script type="module" src="/assets/onsite.js" {}
            }
            body.onsite data-person=(person) data-now=(web.app.world().now().to_rfc3339()) data-fresh="yes" data-kept-days=(KEPT_DAYS)
                data-worker=(url::ONSITE_WORKER) data-scope=(url::ONSITE) {
                a.skip href="#main" { "跳到正文" }
                header.onsite-top {
                    a href=(url::ONSITE) { "现场办理" }
                    a href=(url::INBOX) { "待办" }
                }
                main #main tabindex="-1" { (main) }
            }
        }
    }
}

/// Takes what a phone sends, and answers it in a sentence: done, or why not.
pub(crate) async fn send(
    State(web): State<Web>,
    signed: Signed,
    Path((case, act)): Path<(String, String)>,
    multipart: Multipart,
) -> Response {
    match taken(&web, signed, (case, act), multipart).await {
        Ok(()) => Json(json!({ "done": true, "says": "已发送,经过和材料都已留存。" })).into_response(),
        Err(refusal) => {
            let (status, refused) = refusal.told();
            refuse(status, refused, true)
        }
    }
}

async fn taken(web: &Web, signed: Signed, (case, act): (String, String), multipart: Multipart) -> Answer<()> {
    let case: CaseId = id(Path(case))?;
    let sent = receive(multipart).await?;
    if sent.command.sending.is_none() {
        return Err(Refusal::from(Problem::BadInput {
            reason: "没有发送编号。请重新打开页面再发送。".into()
        }));
    }
    let looked = looked(web, sent.files).await?;
    let command = Command { act, ..sent.command };
    web.app.write(Some(signed.actor), async |cx| case::take(cx, case, command, looked).await).await?;
    Ok(())
}
