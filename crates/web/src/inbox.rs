//! Inbox 待办.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use youju_app::inbox::{Group, Wait, groups};
use youju_app::list::{Listed, Page, PageRequest};
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::message::Message;
use youju_domain::onboarding::Entry;
use youju_domain::report::State as ReportState;
use youju_domain::survey::{Window, local};

use crate::message;
use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Unread messages, queries and assessments that the inbox itself shows; the rest is a link away.
const MESSAGES_SHOWN_MAX: i64 = 10;

/// A bare visit goes to the inbox.
pub(crate) async fn home() -> Response {
    Redirect::to(url::INBOX).into_response()
}

/// What waits for this person.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let waiting = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let first = PageRequest { offset: 0, limit: MESSAGES_SHOWN_MAX };
            let queries = youju_app::query::waiting(cx, MESSAGES_SHOWN_MAX).await?;
            let corrections = youju_app::correction::waiting(cx).await?;
            let assessments = youju_app::assessment::waiting(cx, MESSAGES_SHOWN_MAX).await?;
            let meetings = youju_app::joint_review::waiting(cx).await?;
            let messages = youju_app::message::list(cx, first).await?;
            let unread = youju_app::message::count_unread(cx).await?;
            let checks = crate::check_list::Waiting::read(cx).await?;
            let handovers = youju_app::handover::waiting(cx).await?;
            let newcomers = youju_app::onboarding::waiting(cx, MESSAGES_SHOWN_MAX).await?;
            let cells = if cx.actor()?.role.is_officer() { Vec::new() } else { youju_app::seat::own(cx).await? };
            Ok(Waiting {
                to_open: youju_app::survey::waiting(cx).await?,
                groups: groups(cx).await?,
                messages,
                unread,
                queries,
                corrections,
                assessments,
                meetings,
                checks,
                handovers,
                newcomers,
                cells,
                word: signed.frame.cell_word.clone().unwrap_or_else(|| "网格".into()),
                cases: youju_app::case::waiting(cx, MESSAGES_SHOWN_MAX).await?,
            })
        })
        .await?;
    let now = web.app.world().now();
    let actions = html! { (crate::seat::own(&waiting.cells, &waiting.word)) a.button href=(url::CASES) { "事项" } };
    let head = Head { actions: Some(actions), ..Head::of("待办") };
    Ok(whole(&signed.frame, &head, &view(&waiting, &signed.actor, now)))
}

/// The list of everything in a group.
fn all(group: &Group) -> String {
    match group.wait {
        Wait::In(state) => url::with_query(url::REPORTS, &[("state", state.key())]),
        Wait::RunOut => url::with_query(url::REPORTS, &[("run_out", "yes")]),
        Wait::For(level) => url::with_query(url::REPORTS, &[("awaits", level.key())]),
    }
}

/// Everything that waits.
struct Waiting {
    to_open: Vec<Window>,
    groups: Vec<Group>,
    messages: Page<Message>,
    unread: u64,
    queries: Vec<youju_app::query::Group>,
    corrections: Vec<youju_app::correction::About>,
    assessments: youju_app::assessment::Waiting,
    meetings: Vec<youju_app::joint_review::Brief>,
    checks: crate::check_list::Waiting,
    handovers: Vec<youju_app::handover::Listed>,
    newcomers: (Vec<Entry>, u64),
    cells: Vec<(youju_domain::id::GridId, String, youju_domain::seat::Role)>,
    word: String,
    cases: Page<youju_app::case::Listed>,
}

fn view(waiting: &Waiting, actor: &Actor, now: Instant) -> Markup {
    let Waiting {
        to_open,
        groups,
        messages,
        unread: number,
        queries,
        corrections,
        assessments,
        meetings,
        checks,
        cases,
        ..
    } = waiting;
    let (role, number) = (actor.role, *number);
    // What has to be signed for stands above everything, news stand below what has to be done.
    let unread = messages.rows.iter().filter(|message| message.is_news()).cloned();
    let (notices, news): (Vec<Message>, Vec<Message>) = unread.partition(|message| message.kind.needs_receipt());
    html! {
        @if !notices.is_empty() { section.stack { h2 { "请签收" } (message::view(&notices, role)) } }
        @let talks = queries.len() + corrections.len() + meetings.len() + to_open.len() + waiting.handovers.len() + waiting.newcomers.0.len();
        @if groups.is_empty() && number == 0 && talks == 0 && assessments.total == 0 && cases.total == 0 && checks.is_empty() {
            (part::empty("现在没有待办", "新的报表开网、上级退回或有人等您签字时,会出现在这里。"))
        }
        @if !to_open.is_empty() { (to_open_view(to_open, now)) }
        (crate::check_list::waiting(checks, now))
        @for group in queries {
            section.stack {
                div.table-head { h2 { (group.title) } span.count { (part::count(group.total)) } a.row-end href=(url::QUERIES) { "全部查看" } }
                (crate::query::rows(&group.first, now))
            }
        }
        @if !corrections.is_empty() {
            section.stack {
                div.table-head { h2 { "更正申请" } span.count { (corrections.len()) } }
                ul.list { @for about in corrections { li {
                    div.main {
                        a href=(url::correction(about.correction.id)) { (about.unit.name) " · " (about.report.form) " · " (about.report.period.cumulative_label()) }
                        p.about { (about.correction.cause.label()) ":" (about.correction.reason) }
                    }
                    (crate::correction::stage(about.correction.stage))
                    span class={ "due " (due_class(about.correction.due_at, now)) } { (part::until(about.correction.due_at, now)) }
                } } }
            }
        }
        @if !waiting.handovers.is_empty() {
            section.stack {
                div.table-head { h2 { "工作交接待签字" } span.count { (waiting.handovers.len()) } }
                (crate::handover::waiting(&waiting.handovers))
            }
        }
        @if waiting.newcomers.1 > 0 { (crate::onboarding::waiting(&waiting.newcomers, actor.role, local(now).date())) }
        @if assessments.total > 0 { (crate::assessment::waiting(assessments)) }
        @if !meetings.is_empty() { (crate::joint_review::waiting(meetings)) }
        @if cases.total > 0 { (crate::case::waiting(cases, local(now).date())) }
        @for group in groups { (group_view(group, now)) }
        @if !news.is_empty() {
            section.stack {
                div.table-head { h2 { "消息" } span.count { (part::count(number)) } a.row-end href=(url::MESSAGES) { "全部消息" } }
                (message::view(&news, role))
            }
        } @else if messages.total > 0 { p { a href=(url::MESSAGES) { "查看以前的消息" } } }
    }
}

/// Months whose time has come: no unit can report before the county opens them.
fn to_open_view(windows: &[Window], now: Instant) -> Markup {
    html! {
        section.stack {
            div.table-head { h2 { "待开网" } span.count { (windows.len()) } a.row-end href=(url::WINDOWS) { "报送日历" } }
            ul.list { @for window in windows { li {
                div.main {
                    a href=(url::window(window.id)) { (window.form) " · " (window.period.cumulative_label()) }
                    p.about { "应于 " (part::instant(window.times.opens_at)) " 开网,截止时间 " (part::instant(window.times.due_at)) }
                }
                span class={ "due " (due_class(window.times.due_at, now)) } { (part::until(window.times.due_at, now)) }
            } } }
        }
    }
}

fn group_view(group: &Group, now: Instant) -> Markup {
    html! {
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
                        (part::state(report.state_at(now)))
                        @if let Some(due) = due_of(report) { span class={ "due " (due_class(due, now)) } { (part::until(due, now)) } }
                    }
                }
            }
        }
    }
}

/// Until when something has to be done about a report that is with its unit.
fn due_of(report: &Listed) -> Option<Instant> {
    match report.state {
        ReportState::Returned => report.mend_by,
        state => state.is_with_unit().then_some(report.extended_until.unwrap_or(report.due_at)),
    }
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
