//! Reminders 催报: whom to remind, and the proof that it was received.

use std::collections::BTreeSet;

use axum::extract::{Path, RawForm, State};
use maud::{Markup, html};
use youju_app::list::Listed;
use youju_app::reminder::{Reminded, WithReceipts};
use youju_domain::id::{ReportId, WindowId};
use youju_domain::reminder::{BODY_CHARS_MAX, may_remind};
use youju_domain::survey::{Punctuality, Window, parse_local};
use youju_domain::{Instant, Problem};

use crate::request::{Answer, Signed, id, read};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

fn crumbs(window: &Window, here: &str) -> Vec<(String, Option<String>)> {
    vec![
        ("报送进度".into(), Some(url::WINDOWS.into())),
        (window.form.clone(), Some(url::window(window.id))),
        (here.into(), None),
    ]
}

/// The units of a window that have not reported, to be chosen from.
pub(crate) async fn choose(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let (window, listed) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let window = youju_app::survey::get(cx, window).await?;
            let listed = youju_app::reminder::unreported(cx, window.id).await?;
            Ok((window, listed))
        })
        .await?;
    let head = Head {
        period: Some(window.period.cumulative_label()),
        about: Some("提醒和通知书送到单位填报人和负责人的待办;通知书要签收,签收的人和时间记入日志。".into()),
        crumbs: crumbs(&window, "催报"),
        ..Head::of("催报")
    };
    let formal = may_remind(signed.actor.role, true).is_ok() && window.is_late(web.app.world().now());
    Ok(whole(&signed.frame, &head, &view(&window, &listed, formal, web.app.world().now())))
}

fn view(window: &Window, listed: &[Listed], may_formally: bool, now: Instant) -> Markup {
    html! {
        @if listed.is_empty() { (part::empty("没有未报单位", "应报单位都已上报,或正在退回修改。")) }
        @else { form method="post" action=(url::window_act(window.id, "remind")) {
            div.card.narrow {
                div.field { label for="body" { "提醒内容" } textarea #body name="body" required maxlength=(BODY_CHARS_MAX) { "请核对数据后按时报送,如有困难请与我们联系。" } }
                @if may_formally {
                    div.field {
                        label for="respond_by" { "作为催报通知书,限期" }
                        input #respond_by name="respond_by" type="datetime-local" aria-describedby="respond-help";
                        p.help #respond-help { "填写期限即为催报通知书:单位须签收,可在期限前补报;期满仍未报的,列为“催报期满未报”。不填则为一般提醒。" }
                    }
                }
                div.form-actions { button.button.primary type="submit" { "发送给选中的单位" } }
            }
            div.table-head { span.table-count { "共 " (listed.len()) " 家未报" } }
            div.table-box tabindex="0" role="region" aria-label="未报单位" { table.table {
                thead { tr { th { "选" } th { "单位" } th { "状态" } th { "截止" } th { "及时性" } } }
                tbody { @for report in listed { tr {
                    td { input type="checkbox" name="report" value=(report.id) checked[report.extended_until.is_none()] aria-label=(report.unit_name); }
                    th scope="row" { a href=(url::report(report.id)) { (report.unit_name) } }
                    td { (part::state(report.state_at(now))) }
                    td { (part::instant(report.due_at)) }
                    td { (punctuality(window, report, now)) }
                } } }
            } }
        } }
    }
}

/// How punctual a report is, and the term of a formal reminder.
fn punctuality(window: &Window, report: &Listed, now: Instant) -> Markup {
    let punctuality = Punctuality::of(report.handing(), window, now);
    let class = match punctuality {
        Punctuality::Refused => "error",
        Punctuality::Overdue | Punctuality::Reminded | Punctuality::Late => "explain",
        Punctuality::OnTime => "done",
        Punctuality::Pending | Punctuality::NotOpen => "",
    };
    html! {
        span class={ "badge " (class) } { (punctuality.label()) }
        @if let Some(until) = report.extended_until { " 限期 " (part::instant(until)) }
    }
}

/// Sends to the chosen units.
pub(crate) async fn send(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let typed: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let text =
        |name: &str| typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim()).unwrap_or_default();
    let chosen: BTreeSet<ReportId> =
        typed.iter().filter(|(field, _)| field == "report").filter_map(|(_, value)| value.parse().ok()).collect();
    if chosen.is_empty() {
        return Err(Problem::BadInput { reason: "请至少选择一家单位。".into() }.into());
    }
    let respond_by = match text("respond_by") {
        "" => None,
        text => {
            let wrong = || Problem::BadInput {
                reason: format!("期限应写成 2026-11-21 14:03 的样子,现为“{text}”。")
            };
            Some(parse_local(text).ok_or_else(wrong)?)
        }
    };
    let chosen: Vec<ReportId> = chosen.into_iter().collect();
    let (window, done) = web
        .app
        .write(Some(signed.actor.clone()), async |cx| {
            let window = youju_app::survey::get(cx, window).await?;
            let done = youju_app::reminder::remind(cx, &chosen, respond_by, text("body")).await?;
            Ok((window, done))
        })
        .await?;
    let head = Head { crumbs: crumbs(&window, "催报结果"), ..Head::of("催报结果") };
    Ok(whole(&signed.frame, &head, &result(&window, &done)))
}

fn result(window: &Window, done: &Reminded) -> Markup {
    html! {
        p.notice.done role="status" { strong { "已发送 " (done.sent) " 家。" } @if !done.skipped.is_empty() { (done.skipped.len()) " 家没有发送,原因如下。" } }
        @if !done.skipped.is_empty() {
            ul.list { @for (report, problem) in &done.skipped { li {
                div.main { a href=(url::report(*report)) { "打开报表" } p.about { (problem.says()) (problem.hint()) } }
            } } }
        }
        p { a.button href=(url::window(window.id)) { "回到进度" } }
    }
}

/// The reminders about a report, each with the proof of receipt.
pub(crate) async fn of_report(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let report: ReportId = id(path)?;
    let (open, all) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let open = youju_app::report::open(cx, report).await?;
            let all = youju_app::reminder::of_report(cx, report).await?;
            Ok((open, all))
        })
        .await?;
    let mut crumbs = crate::register::area_crumbs(&open.unit, false);
    crumbs.push((open.report.form.clone(), Some(url::report(report))));
    crumbs.push(("催报记录".into(), None));
    let head = Head { period: Some(open.report.period.cumulative_label()), crumbs, ..Head::of("催报记录") };
    let main = html! {
        @if all.is_empty() { (part::empty("没有催报记录", "这张报表没有被催报过。")) }
        @for one in &all { (record(one)) }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn record(one: &WithReceipts) -> Markup {
    let reminder = &one.sent.reminder;
    html! {
        section.card {
            h2 { (if reminder.is_formal { "催报通知书" } else { "提醒" }) }
            dl.facts.wide {
                div { dt { "发送" } dd { (one.sent.sent_by_name) ",于 " (part::instant(reminder.sent_at)) } }
                @if let Some(until) = reminder.respond_by { div { dt { "期限" } dd { (part::instant(until)) } } }
                div { dt { "内容" } dd { (reminder.body) } }
            }
            div.table-box { table.table {
                thead { tr { th { "送达" } th { (if reminder.is_formal { "签收时间" } else { "阅读时间" }) } } }
                tbody { @for receipt in &one.receipts { tr {
                    th scope="row" { (receipt.name) }
                    td { @if let Some(at) = receipt.read_at { (part::instant(at)) } @else { span.badge { (if reminder.is_formal { "未签收" } else { "未读" }) } } }
                } } }
            } }
        }
    }
}
