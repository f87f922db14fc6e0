//! Review 审核: what an office does with reports that have arrived. Officers view, return and accept; no function
//! here writes a cell (law 1).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{ReportId, WindowId};
use youju_domain::message::Kind;
use youju_domain::register::Unit;
use youju_domain::report::{Level, MEND_DAYS, Report};
use youju_domain::selection::{self, Ranked};
use youju_domain::survey::{Window, print_instant};
use youju_store::register::PageRequest;
use youju_store::report;
pub use youju_store::report::HEADLINES_MAX;

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_level, tell_unit};
use crate::report::{Open, open, step};
use crate::survey;

/// Accepts a report at the actor's level.
pub async fn accept(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    hold(cx, vec![id]).await?;
    let (open, level) = to_review(cx, id).await?;
    let decided = decide(open, level)?;
    write_accepted(cx, decided).await
}

/// Holds reports, and the assessments that they are a part of: everything that accepting or sending back goes on with.
async fn hold(cx: &mut Cx<'_>, mut reports: Vec<ReportId>) -> Result<()> {
    reports.sort_unstable();
    for id in &reports {
        report::hold(cx.tx(), *id).await?;
    }
    crate::assessment::hold(cx, &reports).await
}

/// A report that a level accepts, with what that rests on.
struct Decided {
    report: Report,
    level: Level,
    was: Option<Level>,
    unit: Unit,
    window: Window,
}

fn decide(Open { report, window, unit, .. }: Open, level: Level) -> Result<Decided> {
    let was = report.accepted_by(&window);
    Ok(Decided { report: report.accept(level, &window)?, level, was, unit, window })
}

/// From here on whatever goes wrong takes everything back: the journal has been written.
async fn write_accepted(cx: &mut Cx<'_>, Decided { report, level, was, unit, window }: Decided) -> Result<Report> {
    let report = step(cx, report, "review.accepted", json!({ "level": level })).await?;
    crate::assessment::moved(cx, was, &report, (&unit, &window)).await?;
    Ok(report)
}

/// Sends a report back to the unit, with the reason.
pub async fn return_(cx: &mut Cx<'_>, id: ReportId, reason: &str) -> Result<Report> {
    let mend_by = cx.now() + TimeDelta::days(MEND_DAYS);
    hold(cx, vec![id]).await?;
    let (Open { report, window, unit, .. }, level) = to_review(cx, id).await?;
    let accepted_by = report.accepted_by(&window);
    let report = report.return_(level, &window, reason, mend_by)?;
    let title = format!("{} {} 被退回", report.form, report.period.cumulative_label());
    let draft = Draft {
        kind: Kind::Returned,
        title: format!("{title}:{}", unit.name),
        body: format!(
            "{}退回,请于 {} 前改正重报。原因:{}",
            level.label(),
            print_instant(mend_by),
            report.return_reason.as_deref().unwrap_or_default()
        ),
        about: ("report", id.to_string()),
    };
    tell_unit(cx, unit.id, &draft).await?;
    tell_below(cx, (&window, &unit), (level, accepted_by), &draft).await?;
    let payload =
        json!({ "level": level, "reason": report.return_reason, "accepted_by": accepted_by, "mend_by": mend_by });
    let report = step(cx, report, "review.returned", payload).await?;
    crate::correction::sent_back(cx, &report, level).await?;
    crate::assessment::moved(cx, accepted_by, &report, (&unit, &window)).await?;
    Ok(report)
}

/// Whoever accepted below learns that a report has gone back over their heads.
pub(crate) async fn tell_below(
    cx: &mut Cx<'_>,
    (window, unit): (&Window, &Unit),
    (level, accepted_by): (Level, Option<Level>),
    draft: &Draft,
) -> Result<()> {
    let below = window.chain.links().iter().map(|link| link.level);
    for below in below.filter(|below| *below < level && accepted_by.is_some_and(|by| by >= *below)) {
        tell_level(cx, below, (unit, &window.form), draft).await?;
    }
    Ok(())
}

/// Begins to review a report: from now on the unit cannot recall it.
pub async fn take_up(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    report::hold(cx.tx(), id).await?;
    let (Open { report, window, .. }, level) = to_review(cx, id).await?;
    let report = report.take_up(level, &window)?;
    step(cx, report, "review.taken_up", json!({ "level": level })).await
}

/// Lays a report down that has been taken up: the unit may recall it again.
pub async fn put_down(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    report::hold(cx.tx(), id).await?;
    let (Open { report, window, .. }, level) = to_review(cx, id).await?;
    let report = report.put_down(level, &window)?;
    step(cx, report, "review.put_down", json!({ "level": level })).await
}

/// A report that is held, for somebody of the offices.
async fn to_review(cx: &mut Cx<'_>, id: ReportId) -> Result<(Open, Level)> {
    let open = open(cx, id).await?;
    cx.allow(Action::Review, open.object(cx.app()))?;
    let level = cx.actor()?.role.level().ok_or(Error::Problem(Problem::Forbidden))?;
    Ok((open, level))
}

/// The reports of a window that the actor could accept now: the dry run of [`accept_all`].
pub async fn acceptable(cx: &mut Cx<'_>, window: WindowId) -> Result<Vec<ReportId>> {
    survey::get(cx, window).await?;
    let actor = cx.actor()?.clone();
    let level = actor.role.level().ok_or(Error::Problem(Problem::Forbidden))?;
    Ok(report::ids_awaiting(cx.tx(), window, &actor.scope(), level).await?)
}

/// [`acceptable`] as a list for people: every one of them, because the dry run must show all that it will change.
pub async fn acceptable_listed(cx: &mut Cx<'_>, window: WindowId) -> Result<Vec<report::Listed>> {
    survey::get(cx, window).await?;
    let actor = cx.actor()?.clone();
    let level = actor.role.level().ok_or(Error::Problem(Problem::Forbidden))?;
    let filter = report::Filter { window: Some(window), awaits: Some(level), ..report::Filter::default() };
    let all = PageRequest { offset: 0, limit: i64::MAX };
    let scope = cx.form_scope()?;
    Ok(report::list(cx.tx(), &scope, &filter, all).await?.rows)
}

/// Of [`acceptable_listed`] those that selective review leaves for bulk acceptance.
pub async fn acceptable_small(cx: &mut Cx<'_>, window: WindowId) -> Result<Vec<report::Listed>> {
    let (_, selected) = selected(cx, window).await?;
    let small: BTreeSet<ReportId> =
        selected.iter().filter(|one| one.ranked.is_small).map(|one| one.report.id).collect();
    let mut listed = acceptable_listed(cx, window).await?;
    listed.retain(|report| small.contains(&report.id));
    Ok(listed)
}

/// A report in the order of selective review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The report.
    pub report: report::Weighed,
    /// Why it stands where it stands.
    pub ranked: Ranked,
    /// The actor could accept it now.
    pub is_due: bool,
}

/// The reports of a window that were handed in, those first whose figures weigh most on the totals of the actor's area.
pub async fn selected(cx: &mut Cx<'_>, window: WindowId) -> Result<(Window, Vec<Selected>)> {
    let window = survey::get(cx, window).await?;
    cx.allow(Action::View, Object::Area(&survey::narrower(&window.area, &cx.actor()?.area)))?;
    let actor = cx.actor()?.clone();
    let level = actor.role.level().ok_or(Error::Problem(Problem::Forbidden))?;
    let form = cx.app().form(&window.form)?;
    let periods = (window.period.previous_in(form.period_kind()), window.period.same_last_year());
    let found = report::weighed(cx.tx(), (window.id, &actor.scope()), &form.headline, periods).await?;
    cx.looked_at(found.iter().map(|report| report.unit));
    let figures: Vec<_> = found.iter().map(|report| report.figures.clone()).collect();
    let one = |ranked: Ranked| {
        let report = found.get(ranked.place)?.clone();
        Some(Selected { is_due: report.awaits == Some(level), report, ranked })
    };
    Ok((window, selection::rank(&figures).into_iter().filter_map(one).collect()))
}

/// The reports of a window that were handed in more than once, those with the most changed cells first (修改痕迹明显单位).
pub async fn edited(cx: &mut Cx<'_>, window: WindowId) -> Result<(Window, Vec<report::Edited>)> {
    let window = survey::get(cx, window).await?;
    cx.allow(Action::View, Object::Area(&survey::narrower(&window.area, &cx.actor()?.area)))?;
    let scope = cx.actor()?.scope();
    let found = report::edited(cx.tx(), window.id, &scope).await?;
    Ok((window, found))
}

/// Accepts the reports that a dry run listed, each with the number of versions that it had there. A report that has
/// changed since is left alone and counted: its new figures have not been looked at.
pub async fn accept_all(cx: &mut Cx<'_>, shown: &[(ReportId, i64)]) -> Result<AcceptedAll> {
    cx.actor()?.role.level().ok_or(Error::Problem(Problem::Forbidden))?;
    hold(cx, shown.iter().map(|(id, _)| *id).collect()).await?;
    let mut done = AcceptedAll { accepted: 0, skipped: Vec::new() };
    for (id, versions) in shown {
        match decide_shown(cx, *id, *versions).await {
            Ok(decided) => {
                write_accepted(cx, decided).await?;
                done.accepted += 1;
            }
            Err(Error::Problem(problem)) => done.skipped.push((*id, problem)),
            Err(fault) => return Err(fault),
        }
    }
    Ok(done)
}

/// Reads and decides only: a refusal here leaves one report out, and nothing has been written for it.
async fn decide_shown(cx: &mut Cx<'_>, id: ReportId, versions: i64) -> Result<Decided> {
    let (open, level) = to_review(cx, id).await?;
    if open.report.awaits == Some(level) && i64::from(open.report.versions) != versions {
        return Err(Problem::Conflict.into());
    }
    decide(open, level)
}

/// What accepting many reports did.
pub struct AcceptedAll {
    /// Accepted now.
    pub accepted: usize,
    /// Left alone, each with the reason.
    pub skipped: Vec<(ReportId, Problem)>,
}
