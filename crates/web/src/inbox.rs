//! Inbox 待办.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use youju_app::inbox::{Group, Wait, groups};
use youju_app::list::{Page, PageRequest};
use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::message::Message;
use youju_domain::report::State as ReportState;

use crate::message;
use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Unread messages that the inbox itself shows; the rest is a link away.
const MESSAGES_SHOWN_MAX: i64 = 10;

/// A bare visit goes to the inbox.
pub(crate) async fn home() -> Response {
    Redirect::to(url::INBOX).into_response()
}

/// What waits for this person.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let (groups, messages, unread) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let first = PageRequest { offset: 0, limit: MESSAGES_SHOWN_MAX };
            let messages = youju_app::message::list(cx, first).await?;
            Ok((groups(cx).await?, messages, youju_app::message::count_unread(cx).await?))
        })
        .await?;
    let now = web.app.world().now();
    Ok(whole(&signed.frame, &Head::of("待办"), &view(&groups, (&messages, unread), signed.actor.role, now)))
}

/// The list of everything in a group.
fn all(group: &Group) -> String {
    match group.wait {
        Wait::In(state) => url::with_query(url::REPORTS, &[("state", state.key())]),
        Wait::For(level) => url::with_query(url::REPORTS, &[("awaits", level.key())]),
    }
}

fn view(groups: &[Group], (messages, number): (&Page<Message>, u64), role: Role, now: Instant) -> Markup {
    let unread: Vec<Message> = messages.rows.iter().filter(|message| message.read_at.is_none()).cloned().collect();
    html! {
        @if number > 0 {
            section.stack {
                div.table-head {
                    h2 { "消息" }
                    span.count { (part::count(number)) }
                    a.row-end href=(url::MESSAGES) { "全部消息" }
                }
                (message::view(&Page { rows: unread, total: number, offset: 0 }, role))
            }
        } @else if messages.total > 0 { p { a href=(url::MESSAGES) { "查看以前的消息" } } }
        @if groups.is_empty() && number == 0 {
            (part::empty("现在没有待办", "新的报表开网、上级退回或有人等您签字时,会出现在这里。"))
        }
        @for group in groups {
            section.stack {
                div.table-head {
                    h2 { (group.title) }
                    span.count { (part::count(group.total)) }
                    a.row-end href=(all(group)) { "全部查看" }
                }
                ul.list {
                    @for report in &group.first {
                        li {
                            div.main {
                                a href=(url::report(report.id)) { (report.unit_name) " · " (report.form) " · " (report.period.cumulative_label()) }
                                p.about {
                                    @if let Some(reason) = &report.return_reason { "退回原因:" (reason) }
                                    @else if report.must_mend + report.must_explain > 0 {
                                        (report.must_mend) " 条须改数," (report.must_explain) " 条须说明"
                                    } @else if let Some(at) = report.submitted_at { "上报时间 " (part::instant(at)) }
                                    @else { "截止时间 " (part::instant(report.due_at)) }
                                }
                            }
                            (part::state(report.state))
                            @if is_unfinished(report.state) {
                                span class={ "due " (due_class(report.due_at, now)) } { (part::until(report.due_at, now)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_unfinished(state: ReportState) -> bool {
    !state.is_reported()
}

fn due_class(due: Instant, now: Instant) -> &'static str {
    if now > due {
        "error"
    } else if due - now < chrono::TimeDelta::days(2) {
        "explain"
    } else {
        "todo"
    }
}
