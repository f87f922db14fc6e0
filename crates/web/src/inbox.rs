//! Inbox 待办.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use youju_app::inbox::{Group, groups};
use youju_domain::Instant;
use youju_domain::report::State as ReportState;

use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// A bare visit goes to the inbox.
pub(crate) async fn home() -> Response {
    Redirect::to(url::INBOX).into_response()
}

/// What waits for this person.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let groups = web.app.read(Some(signed.actor.clone()), async |cx| groups(cx).await).await?;
    let now = web.app.world().now();
    Ok(whole(&signed.frame, &Head::of("待办"), &view(&groups, now)))
}

fn view(groups: &[Group], now: Instant) -> Markup {
    html! {
        @if groups.is_empty() {
            (part::empty("现在没有待办", "新的报表开网、上级退回或有人等您签字时,会出现在这里。"))
        }
        @for group in groups {
            section.stack {
                div.table-head {
                    h2 { (group.title) }
                    span.count { (part::count(group.total)) }
                    a.row-end href=(url::with_query(url::REPORTS, &[("state", group.state.key())])) { "全部查看" }
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
