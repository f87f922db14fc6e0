//! Reminder 催报: a word, or the formal notice with proof of receipt, to units that have not reported.

use serde_json::json;
use youju_domain::access::Action;
use youju_domain::id::{ReportId, WindowId};
use youju_domain::message::Kind;
use youju_domain::reminder::{Reminder, may_remind, read_body};
use youju_domain::report::Report;
use youju_domain::survey::print_instant;
use youju_domain::{Instant, Problem};
use youju_store::message::Receipt;
use youju_store::register::PageRequest;
use youju_store::reminder::Sent;
use youju_store::{message as receipts, reminder, report};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_unit};
use crate::report::{Open, open};
use crate::survey;

/// What reminding many units did.
pub struct Reminded {
    /// Units that were reminded.
    pub sent: usize,
    /// Reports that were left alone, each with the reason.
    pub skipped: Vec<(ReportId, Problem)>,
}

/// The reports of a window that have not been handed in: whom [`remind`] could remind.
pub async fn unreported(cx: &mut Cx<'_>, window: WindowId) -> Result<Vec<report::Listed>> {
    may_remind(cx.actor()?.role, false)?;
    survey::get(cx, window).await?;
    let scope = cx.form_scope()?;
    let filter = report::Filter { window: Some(window), unreported: Some(true), ..report::Filter::default() };
    let all = PageRequest { offset: 0, limit: i64::MAX };
    Ok(report::list(cx.tx(), &scope, &filter, all).await?.rows)
}

/// Reminds units that have not reported. With an instant it is the formal notice (催报通知书): the unit may report until then
/// although the window closes before, and a unit that does not has refused.
pub async fn remind(
    cx: &mut Cx<'_>,
    reports: &[ReportId],
    respond_by: Option<Instant>,
    body: &str,
) -> Result<Reminded> {
    may_remind(cx.actor()?.role, respond_by.is_some())?;
    let body = read_body(body)?;
    let mut in_order = reports.to_vec();
    in_order.sort_unstable();
    in_order.dedup();
    for id in &in_order {
        report::hold(cx.tx(), *id).await?;
    }
    let mut done = Reminded { sent: 0, skipped: Vec::new() };
    for id in in_order {
        match remind_one(cx, id, respond_by, &body).await {
            Ok(()) => done.sent += 1,
            Err(Error::Problem(problem)) => done.skipped.push((id, problem)),
            Err(fault) => return Err(fault),
        }
    }
    Ok(done)
}

async fn remind_one(cx: &mut Cx<'_>, id: ReportId, respond_by: Option<Instant>, body: &str) -> Result<()> {
    let opened = open(cx, id).await?;
    cx.allow(Action::Review, opened.object(cx.app()))?;
    let Open { report, window, unit, .. } = opened;
    if report.state.is_reported() || report.is_being_mended() {
        return Err(Problem::NothingOverdue.into());
    }
    if window.locked_at.is_some() {
        return Err(Problem::WindowLocked.into());
    }
    let now = cx.now();
    let form = cx.app().form(&report.form)?.title();
    let about = format!("{form},报告期 {}", report.period.cumulative_label());
    let report = match respond_by {
        Some(until) => {
            let mut report = report.extend(&window, until, now)?;
            report.revision = report::put(cx.tx(), &report).await?;
            report
        }
        None => report,
    };
    let sent_by = cx.actor()?.person;
    let is_formal = respond_by.is_some();
    let reminder =
        Reminder { id: cx.new_id(), report: id, is_formal, body: body.to_owned(), respond_by, sent_by, sent_at: now };
    reminder::add(cx.tx(), &reminder).await?;
    let draft = draft(&reminder, &about, window.times.due_at);
    tell_unit(cx, unit.id, &draft).await?;
    let payload = json!({ "reminder": reminder.id, "text": body, "respond_by": respond_by });
    let action = if is_formal { "report.noticed" } else { "report.reminded" };
    record(cx, action, &report, payload).await
}

async fn record(cx: &mut Cx<'_>, action: &str, report: &Report, payload: serde_json::Value) -> Result<()> {
    cx.record(action, ("report", report.id.to_string()), payload).await
}

fn draft(reminder: &Reminder, about: &str, due_at: Instant) -> Draft {
    let about_reminder = ("reminder", format!("{}/{}", reminder.report, reminder.id));
    match reminder.respond_by {
        Some(until) => Draft {
            kind: Kind::Notice,
            title: format!("催报通知书:{about}"),
            body: format!(
                "你单位应于 {} 前报送的{about},至今未报。请于 {} 前报送;期满仍未报送的,将依照《中华人民共和国统计法》处理。{}",
                print_instant(due_at),
                print_instant(until),
                reminder.body
            ),
            about: about_reminder,
        },
        None => Draft {
            kind: Kind::Reminder,
            title: format!("请按时报送:{about}"),
            body: format!("报送截止时间是 {}。{}", print_instant(due_at), reminder.body),
            about: about_reminder,
        },
    }
}

/// A reminder with the proof of receipt.
pub struct WithReceipts {
    /// The reminder.
    pub sent: Sent,
    /// To whom it went, and when they read or signed for it.
    pub receipts: Vec<Receipt>,
}

/// The reminders about a report, oldest first, for whoever may look at it.
pub async fn of_report(cx: &mut Cx<'_>, id: ReportId) -> Result<Vec<WithReceipts>> {
    open(cx, id).await?;
    let mut all = Vec::new();
    for sent in reminder::of_report(cx.tx(), id).await? {
        let about = format!("{id}/{}", sent.reminder.id);
        let receipts = receipts::about(cx.tx(), "reminder", &about).await?;
        all.push(WithReceipts { sent, receipts });
    }
    Ok(all)
}
