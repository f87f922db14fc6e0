//! Autosave: changed cells in, verdicts out. The same address takes the plain form of a browser without scripts.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::{Json, body::Bytes};
use serde::{Deserialize, Serialize};
use youju_app::report::{Saved, Typed};
use youju_domain::Problem;
use youju_domain::id::ReportId;
use youju_domain::report::{Cell, CellId, Conflict, Value};
use youju_domain::survey::local;
use youju_domain::trace::Method;
use youju_programme::Form;

use super::findings;
use crate::limits::SAVED_CELLS_MAX;
use crate::request::{Answer, Signed, damaged, id, is_json, read, refuse, see};
use crate::{Web, url};

#[derive(Deserialize)]
struct Sent {
    changes: Vec<SentChange>,
    /// `typed` or `pasted`, as the grid saw it.
    #[serde(default)]
    how: String,
    /// Seconds since the first of these changes began.
    #[serde(default)]
    seconds: u32,
}

#[derive(Deserialize)]
struct SentChange {
    cell: String,
    was: String,
    value: String,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Serialize)]
struct Told {
    saved_at: String,
    revision: i64,
    /// Where the report stands now: another state has other buttons.
    state: &'static str,
    cells: Vec<ToldCell>,
    conflicts: Vec<ToldConflict>,
    problems: Vec<ToldProblem>,
    marks: Vec<ToldMark>,
    findings_html: String,
    summary_html: String,
}

#[derive(Serialize)]
struct ToldCell {
    id: String,
    value: String,
    state: Option<String>,
    state_label: &'static str,
}

#[derive(Serialize)]
struct ToldConflict {
    cell: String,
    stands: String,
    wanted: String,
}

#[derive(Serialize)]
struct ToldProblem {
    cell: String,
    says: String,
}

#[derive(Serialize)]
struct ToldMark {
    cell: String,
    level: &'static str,
    says: String,
}

/// A value as a field holds it: numbers without separators would be harder to compare by eye, so they keep them.
pub(crate) fn in_field(value: &Value) -> String {
    value.print()
}

/// Name of a cell's state in the page's markup.
pub(crate) fn state_name(cell: &Cell) -> Option<String> {
    serde_json::to_value(cell.state).ok()?.as_str().map(str::to_owned)
}

/// Saves cells.
pub(crate) async fn save(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    if is_json(&headers) {
        // The grid reads JSON only, and keeps what was typed when the whole save is refused.
        return Ok(by_script(&web, signed, path, &body).await.unwrap_or_else(|refusal| {
            let (status, refused) = refusal.told();
            refuse(status, refused, true)
        }));
    }
    let (report, typed) = (id(path)?, from_form(&body)?);
    let saved = keep(&web, signed, report, &typed).await?;
    match not_saved(web.app.form(&saved.open.report.form)?, &saved, typed.len()) {
        Some(reason) => Err(Problem::BadInput { reason }.into()),
        None => Ok(see(&url::report(report), "saved")),
    }
}

async fn by_script(web: &Web, signed: Signed, path: Path<String>, body: &[u8]) -> Answer {
    let (report, (typed, how)) = (id(path)?, from_json(body)?);
    let mut signed = signed;
    if let Some(origin) = &mut signed.actor.origin {
        (origin.method, origin.seconds) = how;
    }
    let saved = keep(web, signed, report, &typed).await?;
    let form = web.app.form(&saved.open.report.form)?;
    Ok(Json(told(form, &saved, &typed, web.app.world().now())).into_response())
}

async fn keep(web: &Web, signed: Signed, report: ReportId, typed: &[Typed]) -> Answer<Saved> {
    if typed.len() > SAVED_CELLS_MAX {
        let reason = format!("一次最多保存 {SAVED_CELLS_MAX} 格,现为 {} 格。", typed.len());
        return Err(Problem::BadInput { reason }.into());
    }
    Ok(youju_app::report::autosave(&web.app, signed.actor, report, typed).await?)
}

/// Without scripts: every cell that was not taken, with its reason; none when all were.
fn not_saved(form: &Form, saved: &Saved, sent: usize) -> Option<String> {
    let label = |id: &CellId| form.cell_by_text(id.as_str()).map_or_else(|| id.to_string(), |cell| cell.label.clone());
    let print = |value: &Value| Some(in_field(value)).filter(|text| !text.is_empty()).unwrap_or_else(|| "空".into());
    let taken =
        |c: &Conflict| format!("“{}”已有人改为 {},您填的是 {}。", label(&c.cell), print(&c.stands), print(&c.wanted));
    let mut says: Vec<String> = saved.refused.iter().map(|refused| refused.problem.says()).collect();
    says.extend(saved.conflicts.iter().map(taken));
    (!says.is_empty()).then(|| format!("{}其余 {} 格已保存。", says.concat(), sent.saturating_sub(says.len())))
}

fn from_json(body: &[u8]) -> Answer<(Vec<Typed>, (Method, u32))> {
    let sent: Sent = serde_json::from_slice(body).map_err(|_| damaged())?;
    let texts = |change: &SentChange| [Some(change.value.clone()), change.reason.clone()];
    if sent.changes.iter().flat_map(texts).flatten().any(|text| text.contains('\0')) {
        return Err(damaged().into());
    }
    let typed =
        |change: SentChange| Typed { cell: change.cell, was: change.was, value: change.value, reason: change.reason };
    let how = (Method::from_key(&sent.how).unwrap_or(Method::Typed), sent.seconds.min(SECONDS_MAX));
    Ok((sent.changes.into_iter().map(typed).collect(), how))
}

/// Nobody types at one batch of changes for longer than a day.
const SECONDS_MAX: u32 = 24 * 60 * 60;

/// `c301=…` with `was.c301=…` beside it, for browsers without scripts.
fn from_form(body: &[u8]) -> Answer<Vec<Typed>> {
    let pairs: Vec<(String, String)> = read(&String::from_utf8_lossy(body))?;
    let was = |cell: &str| {
        let name = format!("was.{cell}");
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
    };
    let changed = pairs.iter().filter_map(|(cell, value)| {
        let was = was(cell)?;
        (was != *value).then(|| Typed { cell: cell.clone(), was, value: value.clone(), reason: None })
    });
    Ok(changed.collect())
}

fn told(form: &Form, saved: &Saved, typed: &[Typed], now: youju_domain::Instant) -> Told {
    let may_explain = saved.open.unit.may_explain;
    let report = &saved.open.report;
    let cells = typed.iter().filter_map(|typed| {
        let id = &form.cell_by_text(&typed.cell)?.id;
        let is_settled =
            !saved.conflicts.iter().any(|c| c.cell == *id) && !saved.refused.iter().any(|r| r.cell == typed.cell);
        is_settled.then(|| match report.cells.get(id) {
            Some(cell) => ToldCell {
                id: id.to_string(),
                value: in_field(&cell.value),
                state: state_name(cell),
                state_label: cell.state.label(),
            },
            None => ToldCell { id: id.to_string(), value: String::new(), state: None, state_label: "" },
        })
    });
    Told {
        saved_at: local(now).format("%H:%M:%S").to_string(),
        revision: report.revision,
        state: report.state.key(),
        cells: cells.collect(),
        conflicts: saved
            .conflicts
            .iter()
            .map(|c| ToldConflict {
                cell: c.cell.to_string(),
                stands: in_field(&c.stands),
                wanted: in_field(&c.wanted),
            })
            .collect(),
        problems: saved.refused.iter().map(|r| ToldProblem { cell: r.cell.clone(), says: r.problem.says() }).collect(),
        marks: findings::marks(&saved.findings, may_explain)
            .into_iter()
            .map(|(cell, level, says)| ToldMark { cell, level, says })
            .collect(),
        findings_html: findings::list(report.id, form, &saved.findings, may_explain, true).into_string(),
        summary_html: findings::summary(&saved.findings, may_explain).into_string(),
    }
}
