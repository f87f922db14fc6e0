//! Note 审核批注: what offices and units write beside the cells of a report.

use serde_json::json;
use youju_domain::Problem;
use youju_domain::id::ReportId;
use youju_domain::message::Kind;
use youju_domain::note::{Note, read_text};
use youju_domain::register::Unit;
use youju_domain::report::{Level, Report};
use youju_store::{message, note};

use crate::context::Cx;
use crate::error::Result;
use crate::message::{Draft, tell_unit};
use crate::report::{Open, open};

/// Writes a note on a cell, or on the whole report. Only offices write what only offices read.
pub async fn write(cx: &mut Cx<'_>, id: ReportId, cell: Option<&str>, text: &str, is_internal: bool) -> Result<Note> {
    let Open { report, unit, .. } = open(cx, id).await?;
    let actor = cx.actor()?.clone();
    let level = actor.role.level();
    if level.is_none() && (is_internal || !actor.role.is_respondent()) {
        return Err(Problem::Forbidden.into());
    }
    let cell = match cell {
        None => None,
        Some(text) => {
            let found = cx.app().form(&report.form)?.cell_by_text(text).map(|cell| cell.id.clone());
            Some(found.ok_or_else(|| Problem::UnknownCell { cell: text.to_owned() })?)
        }
    };
    let note = Note {
        id: cx.new_id(),
        report: id,
        cell,
        version: report.versions,
        text: read_text(text)?,
        is_internal,
        by: actor.person,
        name: actor.name,
        level,
        at: cx.now(),
    };
    note::add(cx.tx(), &note).await?;
    let payload = json!({ "note": note.id, "report": id, "cell": note.cell, "internal": is_internal });
    // The history of a report is read by the unit too: that something internal was written is not told there.
    let about = if is_internal { ("note", note.id.to_string()) } else { ("report", id.to_string()) };
    cx.record("note.written", about, payload).await?;
    if level.is_some() && !is_internal {
        tell_once(cx, &report, &unit, &note).await?;
    }
    Ok(note)
}

/// Tells the unit that an office has written on its report: once for all that is written until somebody reads it.
async fn tell_once(cx: &mut Cx<'_>, report: &Report, unit: &Unit, note: &Note) -> Result<()> {
    let about = ("report", report.id.to_string());
    if message::has_unread(cx.tx(), Kind::Note, (about.0, &about.1)).await? {
        return Ok(());
    }
    let title = format!("{} {} 有审核批注", report.form, report.period.cumulative_label());
    let by = note.level.map(Level::label).unwrap_or_default();
    let draft = Draft { kind: Kind::Note, title, body: format!("{by}{}:{}", note.name, note.text), about };
    tell_unit(cx, unit.id, &draft).await
}

/// The notes on a report, oldest first: a unit does not see what only offices read.
pub async fn of_report(cx: &mut Cx<'_>, id: ReportId) -> Result<Vec<Note>> {
    open(cx, id).await?;
    let with_internal = cx.actor()?.role.is_officer();
    Ok(note::of_report(cx.tx(), id, with_internal).await?)
}
