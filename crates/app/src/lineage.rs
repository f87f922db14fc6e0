//! Lineage 有据: from a figure back to the account line and the people, and from a total down to the reports in it.

use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::hands::Story;
use youju_domain::id::{ReportId, UnitId};
use youju_domain::ledger::{Import, Line};
use youju_domain::report::{Cell, CellId};
use youju_store::journal::Entry;
use youju_store::{ledger, report};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::register;
use crate::report::{Open, history, open};

/// Where a cell's value came from.
pub struct Lineage {
    /// The report with its unit and window.
    pub open: Open,
    /// The cell's id.
    pub id: CellId,
    /// The cell; none when it was never filled.
    pub cell: Option<Cell>,
    /// The import that it was derived from, with those of its lines that the derivation reads.
    pub source: Option<(Import, Vec<Line>)>,
    /// Everything that happened to this cell, oldest first.
    pub touched: Vec<Entry>,
}

/// Walks from a cell to its source.
pub async fn of_cell(cx: &mut Cx<'_>, report: ReportId, cell: &str) -> Result<Lineage> {
    let open = open(cx, report).await?;
    let (id, _) = find_cell(cx, &open, cell)?;
    let found = open.report.cells.get(&id).cloned();
    let derivation = found.as_ref().and_then(|cell| cell.derivation.as_ref());
    let source = match derivation.and_then(|d| d.import) {
        Some(import) => ledger::get(cx.tx(), import).await?.map(|import| {
            let lines = derivation.into_iter().flat_map(|d| &d.inputs);
            let rows: Vec<u32> = lines.filter_map(|input| input.row).collect();
            let lines = import.lines.iter().filter(|line| rows.contains(&line.row)).cloned().collect();
            (import, lines)
        }),
        None => None,
    };
    let mut story = Story::of(&id);
    let mut touched = history(cx, report).await?;
    touched.retain(|entry| story.concerns(&entry.action, &entry.payload));
    Ok(Lineage { open, id, cell: found, source, touched })
}

/// A cell of a report's form, with its name.
pub(crate) fn find_cell(cx: &Cx<'_>, open: &Open, cell: &str) -> Result<(CellId, String)> {
    let found = cx.app().form(&open.report.form)?.cell_by_text(cell).map(|cell| (cell.id.clone(), cell.label.clone()));
    found.ok_or_else(|| Error::Problem(Problem::UnknownCell { cell: cell.to_owned() }))
}

/// The report of a unit for a form and period, for those who may look at the unit.
pub async fn report_of(cx: &mut Cx<'_>, unit: UnitId, form: &str, period: Period) -> Result<ReportId> {
    register::get(cx, unit).await?;
    let found = report::find(cx.tx(), unit, form, period).await?;
    found.map(|report| report.id).ok_or(Error::Problem(Problem::NotFound { what: "报表" }))
}
