//! What stood in a report when a workbook went out, and what came home from that workbook since. The journal knows both.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use youju_domain::report::{CellId, Cells, Value};
use youju_programme::Form;
use youju_store::journal::{self, Entry};

use crate::context::Cx;
use crate::error::Result;
use crate::report::Open;

/// Earlier figures of a report.
pub(super) struct Past {
    /// The revision of the report when the workbook went out.
    pub revision: i64,
    /// As they stood when the workbook went out.
    pub base: Cells,
    /// As whoever brings the workbook home knows them: those, and what they brought home from it before.
    pub known: Cells,
}

/// Walks from the present cells back to a revision.
pub(super) async fn past(cx: &mut Cx<'_>, form: &Form, open: &Open, revision: i64) -> Result<Past> {
    let now = &open.report.cells;
    if open.report.revision == revision {
        return Ok(Past { revision, base: now.clone(), known: now.clone() });
    }
    let person = cx.actor()?.person.uuid();
    let entries = journal::of_object(cx.tx(), "report", &open.report.id.to_string()).await?;
    let since: Vec<&Entry> = entries.iter().filter(|entry| number(entry, "revision") > Some(revision)).collect();
    let mut base = now.clone();
    let mut seen = BTreeSet::new();
    for (id, change) in since.iter().copied().flat_map(cells) {
        // The first change after the workbook went out tells what stood there before.
        if seen.insert(id) {
            put(form, &mut base, id, change.get("was"));
        }
    }
    let mut known = base.clone();
    let is_own = |entry: &&&Entry| {
        entry.actor_id == Some(person)
            && entry.action == "report.imported_form"
            && number(entry, "book_revision") == Some(revision)
    };
    for (id, change) in since.iter().filter(is_own).copied().flat_map(cells) {
        put(form, &mut known, id, change.get("value"));
    }
    Ok(Past { revision, base, known })
}

fn number(entry: &Entry, name: &str) -> Option<i64> {
    entry.payload.get(name)?.as_i64()
}

fn cells(entry: &Entry) -> impl Iterator<Item = (&String, &Json)> {
    entry.payload.get("cells").and_then(Json::as_object).into_iter().flatten()
}

/// The journal holds figures as they are printed.
fn put(form: &Form, cells: &mut Cells, id: &str, printed: Option<&Json>) {
    let id = CellId::new(id);
    let value = form.cell(&id).zip(printed.and_then(Json::as_str));
    let value = value.and_then(|(cell, text)| cell.parse_value(text).ok()).unwrap_or(Value::Blank);
    if let Some(cell) = cells.get_mut(&id) {
        cell.value = value;
    }
}
