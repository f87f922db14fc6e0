//! What offices and unit say to each other about a report: queries, corrections, notes in threads per cell.

use std::collections::BTreeMap;

use axum::extract::{Path, RawForm, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::{Cx, Result};
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::correction::Correction;
use youju_domain::id::ReportId;
use youju_domain::note::{NOTE_CHARS_MAX, Note};
use youju_domain::query::{Query, Stage};
use youju_domain::report::Report;
use youju_programme::Form;

use crate::request::{Answer, Signed, id, read, see};
use crate::{Web, url};

/// Everything that was said about a report.
pub(crate) struct Talk {
    notes: Vec<Note>,
    queries: Vec<Query>,
    corrections: Vec<Correction>,
}

/// Reads it.
pub(crate) async fn load(cx: &mut Cx<'_>, report: ReportId) -> Result<Talk> {
    Ok(Talk {
        notes: youju_app::note::of_report(cx, report).await?,
        queries: youju_app::query::of_report(cx, report).await?,
        corrections: youju_app::correction::of_report(cx, report).await?,
    })
}

impl Talk {
    /// True when the unit has to answer something.
    pub(crate) fn has_open_queries(&self) -> bool {
        self.queries.iter().any(|query| query.stage == Stage::Asked)
    }
}

/// The section below the table.
pub(crate) fn view(actor: &Actor, form: &Form, report: &Report, talk: &Talk, now: Instant) -> Markup {
    let may_write = actor.role.is_officer() || actor.role.is_respondent();
    html! {
        section.stack #talk {
            h2 { "查询、更正和批注" }
            @if !talk.queries.is_empty() { ul.list { @for query in &talk.queries { (query_line(query, now)) } } }
            @if !talk.corrections.is_empty() { ul.list { @for correction in &talk.corrections { li {
                div.main { a href=(url::correction(correction.id)) { "更正申请:" (correction.cause.label()) } p.about { (correction.reason) } }
                (crate::correction::stage(correction.stage))
            } } } }
            @for (cell, notes) in threads(&talk.notes) { (thread(form, &cell, &notes)) }
            @if talk.queries.is_empty() && talk.corrections.is_empty() && talk.notes.is_empty() { p.muted { "还没有查询、更正和批注。" } }
            @if may_write { (note_form(actor, report)) }
            @if let Some(level) = actor.role.level() { @if report.versions > 0 { (crate::query::ask_form(report.id, level)) } }
        }
    }
}

fn query_line(query: &Query, now: Instant) -> Markup {
    let first = query.turns.first().map(|turn| turn.text.as_str()).unwrap_or_default();
    html! { li {
        div.main { a href=(url::query(query.id)) { (query.level.label()) "查询:" (first) } }
        @if query.is_overdue(now) { span.badge.error { "逾期" } }
        (crate::query::stage(query.stage))
    } }
}

/// Notes by cell, in the order of the cells; those on the whole report first.
fn threads(notes: &[Note]) -> BTreeMap<String, Vec<&Note>> {
    let mut threads: BTreeMap<String, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        let cell = note.cell.as_ref().map(ToString::to_string).unwrap_or_default();
        threads.entry(cell).or_default().push(note);
    }
    threads
}

fn thread(form: &Form, cell: &str, notes: &[&Note]) -> Markup {
    let label = match cell {
        "" => "整张表".to_owned(),
        id => form.cell_by_text(id).map_or_else(|| id.to_owned(), |cell| cell.label.clone()),
    };
    html! { section.card {
        h3 { (label) @if !cell.is_empty() { " " span.code { (cell) } } }
        ol.timeline { @for note in notes { li class=[note.is_internal.then_some("explain")] {
            time datetime=(note.at.to_rfc3339()) { (youju_domain::survey::print_instant(note.at)) " · 第 " (note.version) " 版" }
            strong { (note.name) } @if let Some(level) = note.level { "(" (level.label()) ")" } @if note.is_internal { " " span.badge.explain { "内部" } }
            blockquote { (note.text) }
        } } }
    } }
}

fn note_form(actor: &Actor, report: &Report) -> Markup {
    html! {
        details.more {
            summary { "写批注" }
            form.card.narrow method="post" action=(url::report_act(report.id, "note")) {
                div.field { label for="note-cell" { "数据项编号(不填为整张表)" } input #note-cell name="cell" placeholder="如 c301" autocomplete="off"; }
                div.field { label for="note-text" { "批注" } textarea #note-text name="text" required maxlength=(NOTE_CHARS_MAX) {} }
                @if actor.role.is_officer() { label { input type="checkbox" name="internal" value="1"; " 内部批注,单位看不到" } }
                div.form-actions { button.button type="submit" { "写批注" } }
            }
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    cell: String,
    text: String,
    #[serde(default)]
    internal: String,
}

/// Writes a note.
pub(crate) async fn note(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let report: ReportId = id(path)?;
    let typed: Typed = read(&String::from_utf8_lossy(&body))?;
    let cell = Some(typed.cell.trim()).filter(|cell| !cell.is_empty());
    let internal = !typed.internal.is_empty();
    web.app
        .write(Some(signed.actor), async |cx| youju_app::note::write(cx, report, cell, &typed.text, internal).await)
        .await?;
    Ok(see(&format!("{}#talk", url::report(report)), "noted"))
}

/// The unit's way to a correction, where there is something to correct.
pub(crate) fn correct_button(report: &Report, talk: &Talk) -> Markup {
    let is_open = talk.corrections.iter().any(|correction| correction.stage.is_open());
    html! {
        @if report.state.is_accepted_by(youju_domain::report::Level::Township) && !is_open {
            a.button href=(url::report_act(report.id, "correction")) { "申请更正" }
        }
        @if talk.has_open_queries() { a.button.primary href="#talk" { "有查询待回复" } }
        @if report.versions == 0 && report.extended_until.is_some() { a.button href=(url::report_act(report.id, "reminders")) { "催报记录" } }
    }
}
