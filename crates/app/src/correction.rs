//! Correction 数据更正: asked for by the unit, decided by the office that accepted, finished by the next version.

use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::Action;
use youju_domain::correction::{Cause, Correction, Decision, Stage, Wanted};
use youju_domain::id::{CorrectionId, ReportId};
use youju_domain::message::Kind;
use youju_domain::register::Unit;
use youju_domain::report::{Level, Report, changed_between, value_of};
use youju_store::{StoreError, correction, register, report, survey};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_level, tell_unit};
use crate::report::{Open, open, step, to_fill};
use crate::review::tell_below;

/// A correction with what it is about.
pub struct About {
    /// The correction.
    pub correction: Correction,
    /// The report as it is now.
    pub report: Report,
    /// Its unit.
    pub unit: Unit,
}

/// A figure as it was typed into an application: cell id, and what shall stand there.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Cell id.
    pub cell: String,
    /// The new value as typed.
    pub value: String,
}

/// The unit asks to change accepted figures. Evidence hangs on the report and its cells as attachments.
pub async fn ask(cx: &mut Cx<'_>, id: ReportId, cause: Cause, reason: &str, typed: &[Typed]) -> Result<Correction> {
    let (Open { report, unit, window, .. }, respondent) = to_fill(cx, id, Action::Fill).await?;
    let form = cx.app().form(&report.form)?;
    let mut wanted = Vec::new();
    for Typed { cell, value } in typed {
        let cell = form.cell_by_text(cell).ok_or_else(|| Problem::UnknownCell { cell: cell.clone() })?;
        let was = value_of(&report.cells, &cell.id).clone();
        wanted.push(Wanted { cell: cell.id.clone(), was, value: cell.parse_value(value)? });
    }
    let now = cx.now();
    let asked = Correction::ask(cx.new_id(), &respondent, &report, (cause, reason), wanted, now)?;
    match correction::add(cx.tx(), &asked).await {
        Err(StoreError::Constraint(name)) if name == "correction_open_key" => {
            return Err(Problem::BadInput { reason: "这张报表已有一份更正申请在办。".into() }.into());
        }
        other => other?,
    }
    if let Some(level) = Correction::decided_by(&report, &window) {
        let draft = draft(&asked, &report, &unit, "申请更正", &asked.reason);
        tell_level(cx, level, (&unit, &report.form), &draft).await?;
    }
    let payload = json!({
        "correction": asked.id, "cause": asked.cause, "text": asked.reason, "version": asked.version,
        "cells": asked.wanted.iter()
            .map(|w| (w.cell.to_string(), json!({ "was": w.was.print(), "value": w.value.print() })))
            .collect::<serde_json::Map<_, _>>(),
    });
    cx.record("correction.asked", ("report", id.to_string()), payload).await?;
    Ok(asked)
}

fn draft(correction: &Correction, report: &Report, unit: &Unit, what: &str, body: &str) -> Draft {
    Draft {
        kind: Kind::Correction,
        title: format!("{what}:{} {} {}", unit.name, report.form, report.period.cumulative_label()),
        body: body.to_owned(),
        about: ("correction", correction.id.to_string()),
    }
}

/// A correction that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, id: CorrectionId) -> Result<About> {
    let not_found = || Error::Problem(Problem::NotFound { what: "更正申请" });
    let correction = correction::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let Open { report, unit, .. } = open(cx, correction.report).await.map_err(|error| match error {
        Error::Problem(Problem::NotFound { .. }) => not_found(),
        other => other,
    })?;
    Ok(About { correction, report, unit })
}

/// The corrections of a report, oldest first.
pub async fn of_report(cx: &mut Cx<'_>, id: ReportId) -> Result<Vec<Correction>> {
    open(cx, id).await?;
    Ok(correction::of_report(cx.tx(), id).await?)
}

/// The office decides: agreed, the report goes back to the unit; refused, with an opinion.
pub async fn decide(cx: &mut Cx<'_>, id: CorrectionId, agrees: bool, opinion: &str) -> Result<Correction> {
    let about = get(cx, id).await?;
    report::hold(cx.tx(), about.correction.report).await?;
    crate::assessment::hold(cx, &[about.correction.report]).await?;
    let opened = open(cx, about.correction.report).await?;
    cx.allow(Action::Review, opened.object(cx.app()))?;
    let Open { report, unit, window, .. } = opened;
    let actor = cx.actor()?.clone();
    let level = actor.role.level().ok_or(Problem::Forbidden)?;
    let decision = Decision { by: actor.person, level, at: cx.now(), opinion: opinion.trim().to_owned() };
    let (was, stood) = (about.correction.stage, report.accepted_by(&window));
    let (decided, after) = if agrees {
        let (decided, after) = about.correction.approve(decision, report, &window)?;
        (decided, Some(after))
    } else {
        (about.correction.refuse(decision, &report, &window)?, None)
    };
    correction::put(cx.tx(), &decided, was).await?;
    let words = if agrees { "更正申请已同意" } else { "更正申请未同意" };
    let opinion = decided.decision.as_ref().map(|decision| decision.opinion.clone()).unwrap_or_default();
    let payload = json!({ "correction": id, "level": level, "agrees": agrees, "text": opinion });
    let report = if let Some(after) = after {
        let after = step(cx, after, "correction.approved", payload).await?;
        crate::assessment::moved(cx, stood, &after, (&unit, &window)).await?;
        after
    } else {
        cx.record("correction.refused", ("report", decided.report.to_string()), payload).await?;
        open(cx, decided.report).await?.report
    };
    let draft = draft(&decided, &report, &unit, words, &opinion);
    tell_unit(cx, unit.id, &draft).await?;
    if agrees {
        tell_below(cx, (&window, &unit), (level, stood), &draft).await?;
    }
    Ok(decided)
}

/// The unit changes its mind before the office decides.
pub async fn withdraw(cx: &mut Cx<'_>, id: CorrectionId) -> Result<Correction> {
    let about = get(cx, id).await?;
    to_fill(cx, about.correction.report, Action::Fill).await?;
    let was = about.correction.stage;
    let withdrawn = about.correction.withdraw()?;
    correction::put(cx.tx(), &withdrawn, was).await?;
    let object = ("report", withdrawn.report.to_string());
    cx.record("correction.withdrawn", object, json!({ "correction": id })).await?;
    Ok(withdrawn)
}

/// An office has sent a report back: an application for its correction that nobody has decided yet is overtaken, or it would
/// wait for a decision that cannot be given any more.
pub(crate) async fn sent_back(cx: &mut Cx<'_>, report: &Report, level: Level) -> Result<()> {
    let all = correction::of_report(cx.tx(), report.id).await?;
    let Some(asked) = all.into_iter().find(|correction| correction.stage == Stage::Asked) else { return Ok(()) };
    let now = cx.now();
    let opinion = format!("报表已退回修改:{}", report.return_reason.as_deref().unwrap_or_default());
    let decision = Decision { by: cx.actor()?.person, level, at: now, opinion };
    let overtaken = asked.overtaken(decision, report.mend_by.unwrap_or(now))?;
    correction::put(cx.tx(), &overtaken, Stage::Asked).await?;
    let payload = json!({ "correction": overtaken.id, "level": level });
    cx.record("correction.overtaken", ("report", report.id.to_string()), payload).await
}

/// The report has been handed in again: the approved correction of it, if there is one, is done. What was changed beside the
/// figures that were asked for is written down.
pub(crate) async fn handed_in(cx: &mut Cx<'_>, report: &Report) -> Result<()> {
    let all = correction::of_report(cx.tx(), report.id).await?;
    let Some(approved) = all.into_iter().find(|correction| correction.stage == Stage::Approved) else { return Ok(()) };
    let before = report::version(cx.tx(), report.id, approved.version).await?;
    let beside: Vec<String> = before.map_or_else(Vec::new, |before| {
        let changed = changed_between(&before.cells, &report.cells);
        let asked = |id: &&&youju_domain::report::CellId| approved.wanted.iter().any(|wanted| wanted.cell == ***id);
        changed.iter().filter(|id| !asked(id)).map(ToString::to_string).collect()
    });
    let done = approved.finish(report.versions)?;
    correction::put(cx.tx(), &done, Stage::Approved).await?;
    let payload = json!({ "correction": done.id, "version": report.versions, "changed_beside": beside });
    cx.record("correction.done", ("report", report.id.to_string()), payload).await
}

/// Open corrections that lie with the actor: a unit's own, and those that the actor's level decides; those due first first.
pub async fn waiting(cx: &mut Cx<'_>) -> Result<Vec<About>> {
    let (actor, scope) = (cx.actor()?.clone(), cx.form_scope()?);
    let mut all = Vec::new();
    for correction in correction::open(cx.tx(), &scope).await? {
        let Some(report) = report::get(cx.tx(), correction.report).await? else { continue };
        let Some(unit) = register::get(cx.tx(), report.unit).await? else { continue };
        let Some(window) = survey::get(cx.tx(), report.window).await? else { continue };
        let decides =
            correction.stage == Stage::Asked && Correction::decided_by(&report, &window) == actor.role.level();
        if actor.role.is_respondent() || decides {
            all.push(About { correction, report, unit });
        }
    }
    Ok(all)
}
