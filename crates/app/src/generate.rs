//! 一键生成: one report, or all of a unit's reports for a period, from the trial balance, the ledgers, the unit's own earlier reports
//! and what follows from their own cells. Never submits.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::json;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::book::Book;
use youju_domain::id::{ReportId, UnitId};
use youju_domain::ledger::Import;
use youju_domain::register::Unit;
use youju_domain::report::{Cell, CellId, Cells, Generated, State, Value, ValueState, value_of};
use youju_programme::{CellDef, Derived, DerivedRows, Earlier, Form};
use youju_store::report::Listed;
use youju_store::{book, ledger, report};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::register;
use crate::report::{Open, Saved, of_unit_ending_with, open, put, to_fill};

/// What generating a report did.
pub struct DerivedReport {
    /// The report as it is now.
    pub saved: Saved,
    /// How many cells were generated from the books or from other cells.
    pub computed: usize,
    /// How many were carried over from the unit's own earlier reports.
    pub prefilled: usize,
    /// Cells and lists that could not be generated, each with the reason.
    pub missing: Vec<(String, String)>,
}

/// The books of a unit that a period can be derived from.
pub(crate) struct Books {
    /// The trial balance.
    pub import: Option<Import>,
    /// The ledgers of the year up to the end of the period; of the last year too, where the form looks back.
    pub kept: Vec<Book>,
}

impl Books {
    /// What counts now, of what a form is taken from or looks at.
    pub async fn of(cx: &mut Cx<'_>, form: &Form, unit: UnitId, period: Period) -> Result<Books> {
        let import = if form.reads_accounts() { ledger::latest(cx.tx(), unit, period).await? } else { None };
        let first_period = if form.looks_back() { period.same_last_year() } else { period };
        let first = year_of(first_period).min(period.first_day());
        let mut kept = Vec::new();
        for ledger in form.ledgers() {
            kept.extend(book::within(cx.tx(), unit, &ledger.id, (first, period.last_day())).await?);
        }
        Ok(Books { import, kept })
    }

    /// What the books give the cells of a form.
    pub fn derive(&self, form: &Form, unit: &Unit, period: Period) -> Derived {
        let accounts = self.import.as_ref().map(|import| import.lines.as_slice());
        form.derive(unit.standard_code(), &form.figures(period, accounts, &self.kept))
    }

    /// What they give its lists.
    pub fn derive_rows(&self, form: &Form, period: Period, cells: &Cells) -> DerivedRows {
        form.derive_rows(period, cells, &self.kept)
    }
}

/// The figures of a unit's ledgers that the checks of a form look at.
pub(crate) async fn check_figures(
    cx: &mut Cx<'_>,
    form: &Form,
    unit: UnitId,
    period: Period,
) -> Result<BTreeMap<String, Decimal>> {
    if !form.checks_ledgers() {
        return Ok(BTreeMap::new());
    }
    Ok(form.check_figures(period, &Books::of(cx, form, unit, period).await?.kept))
}

fn year_of(period: Period) -> chrono::NaiveDate {
    Period::of_year(period.year()).map_or(period.first_day(), |year| year.first_day())
}

/// Generates one report.
pub async fn single(cx: &mut Cx<'_>, id: ReportId) -> Result<DerivedReport> {
    let (mut open, respondent) = to_fill(cx, id, Action::Fill).await?;
    let form = cx.app().form(&open.report.form)?;
    let before = open.report.clone();
    let now = cx.now();
    let books = Books::of(cx, form, open.unit.id, open.report.period).await?;
    let found = books.derive(form, &open.unit, open.report.period);
    let rows = books.derive_rows(form, open.report.period, &open.report.cells);
    let import = books.import.as_ref().map(|import| import.id);
    let mut derived: Vec<Generated> = found.cells.into_iter().map(|cell| cell.generated(import)).collect();
    derived.extend(rows.cells);
    let from_books: BTreeSet<CellId> = derived.iter().map(|cell: &Generated| cell.cell.clone()).collect();
    let mut computed = derived.len();
    let stale = no_longer_given(&open.report.cells, &from_books);
    open.report = open.report.clone().withdraw(&respondent, &open.window, &stale, now)?;
    open.report = open.report.clone().generate(&respondent, &open.window, derived, now)?;
    // Cumulative figures and formulas build on what the books gave.
    let left_out = without_room(&open, form);
    let mut carried = carried(&open, form);
    // The books of the unit go before what another form took from them.
    carried.retain(|cell| !from_books.contains(&cell.cell));
    let prefilled = carried.iter().filter(|cell| cell.state == ValueState::Prefilled).count();
    computed += carried.len() - prefilled;
    open.report = open.report.clone().generate(&respondent, &open.window, carried, now)?;
    for formula in form.computed() {
        let Some(cell) = form.compute(formula, &open.facts(&open.unit.attributes())) else { continue };
        computed += 1;
        open.report = open.report.clone().generate(&respondent, &open.window, vec![cell], now)?;
    }
    if computed + prefilled == 0 {
        return Err(Problem::NoLedger.into());
    }
    let missing = still_missing(found.missing, &open.report.cells);
    let missing = missing.chain(rows.missing).chain(left_out).collect();
    let findings = put(cx, form, &mut open, &before, "report.generated", json!({})).await?;
    let saved = Saved { open, findings, conflicts: Vec::new(), refused: Vec::new() };
    Ok(DerivedReport { saved, computed, prefilled, missing })
}

/// Cells that were taken from the books before, and that they do not give now: a corrected ledger must not leave its old figures.
fn no_longer_given(cells: &Cells, from_books: &BTreeSet<CellId>) -> Vec<CellId> {
    let is_from_books = |cell: &Cell| {
        let origin = cell.derivation.as_ref();
        cell.state == ValueState::Computed
            && origin.is_some_and(|origin| origin.import.is_some() || !origin.books.is_empty())
    };
    let row = |id: &CellId| id.as_str().rsplit_once('.').map(|(row, _)| row.to_owned());
    // The key of a list's row stays while something stands in the row that somebody typed.
    let is_typed =
        |cell: &Cell| !matches!(cell.state, ValueState::Computed | ValueState::Prefilled) && cell.value != Value::Blank;
    let typed: BTreeSet<String> =
        cells.iter().filter(|(_, cell)| is_typed(cell)).filter_map(|(id, _)| row(id)).collect();
    let stale = cells.iter().filter(|(id, cell)| is_from_books(cell) && !from_books.contains(*id));
    stale.map(|(id, _)| id.clone()).filter(|id| row(id).is_none_or(|row| !typed.contains(&row))).collect()
}

/// What the books cannot give is missing only while nothing else gave it.
fn still_missing(missing: Vec<(CellId, String)>, cells: &Cells) -> impl Iterator<Item = (String, String)> {
    let missing: Vec<(String, String)> = missing
        .into_iter()
        .filter(|(cell, _)| *value_of(cells, cell) == Value::Blank)
        .map(|(cell, reason)| (cell.to_string(), reason))
        .collect();
    missing.into_iter()
}

/// What is taken over from the unit's own earlier reports.
fn carried(open: &Open, form: &Form) -> Vec<Generated> {
    let earlier = Earlier {
        previous: open.previous.as_ref().map(|(id, _)| *id),
        last_year: open.last_year.as_ref().map(|(id, _)| *id),
        others: open.other_ids.clone(),
    };
    form.carried(&open.facts(&open.unit.attributes()), earlier)
}

/// Lists that have no room for the rows of the period before.
fn without_room(open: &Open, form: &Form) -> Vec<(String, String)> {
    let told = |(list, rows): (&youju_programme::List, usize)| {
        let reason = format!("最多 {} 行,上期另有 {rows} 行没有带入。请核对,或告诉统计机构。", list.rows_max);
        (list.heading.clone(), reason)
    };
    form.without_room(&open.facts(&open.unit.attributes())).into_iter().map(told).collect()
}

/// What generating did to one report of a set.
pub struct Outcome {
    /// The report.
    pub report: ReportId,
    /// Its form 表号.
    pub form: String,
    /// How many cells were generated and how many carried over; or why nothing was.
    pub done: std::result::Result<(usize, usize), Problem>,
}

/// Generates all reports of a unit that end with a period and may be filled in, in one act. A report that cannot be generated is
/// left as it is and told.
pub async fn all(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<Outcome>> {
    let unit = register::get(cx, unit).await?;
    cx.allow(Action::Fill, Object::Unit { id: unit.id, area: &unit.area })?;
    let mut listed = of_unit_ending_with(cx, unit.id, period).await?;
    if listed.is_empty() {
        return Err(Problem::NotFound { what: "本期报表" }.into());
    }
    // Held in the order of their ids, so that two of these never wait for each other.
    listed.sort_by_key(|report| report.id);
    for one in &listed {
        report::hold(cx.tx(), one.id).await?;
    }
    let mut outcomes = Vec::new();
    for one in listed {
        let done = match single(cx, one.id).await {
            Ok(done) => Ok((done.computed, done.prefilled)),
            Err(Error::Problem(problem)) => Err(problem),
            Err(fault) => return Err(fault),
        };
        outcomes.push(Outcome { report: one.id, form: one.form, done });
    }
    outcomes.sort_by(|a, b| a.form.cmp(&b.form));
    Ok(outcomes)
}

/// A report of a set, explained cell by cell.
pub struct Explained {
    /// The report.
    pub report: Listed,
    /// Cells that were generated or carried over, in the order of the form, with what stands in them.
    pub cells: Vec<(CellDef, Cell)>,
    /// What is missing, each with its reason and the way out.
    pub missing: Vec<(String, String)>,
    /// True when the actor may fill it in now.
    pub fills: bool,
}

/// Where every figure of a unit's reports of a period comes from, and what is missing: computed from what stands there now.
pub async fn explain(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<Explained>> {
    let unit = register::get(cx, unit).await?;
    let listed = of_unit_ending_with(cx, unit.id, period).await?;
    let may_fill = decide(cx.actor()?, Action::Fill, Object::Unit { id: unit.id, area: &unit.area });
    let mut explained = Vec::new();
    for one in listed {
        let open = open(cx, one.id).await?;
        let form = cx.app().form(&one.form)?;
        let books = Books::of(cx, form, unit.id, one.period).await?;
        let fills = may_fill
            && open.report.state.is_editable()
            && (open.report.is_being_mended() || open.window.is_open(cx.now()));
        explained.push(of_report(one, &open, form, &books, fills));
    }
    explained.sort_by(|a, b| a.report.form.cmp(&b.report.form));
    Ok(explained)
}

fn of_report(listed: Listed, open: &Open, form: &Form, books: &Books, fills: bool) -> Explained {
    let cells = &open.report.cells;
    let told = |cell: CellDef| {
        let stands = cells.get(&cell.id).filter(|stands| stands.derivation.is_some())?.clone();
        Some((cell, stands))
    };
    let all = form.all_cells(&[cells]);
    // After the report has been handed in, what was left blank is no longer to be filled in.
    let missing = if open.report.state == State::Empty || fills { missing(open, form, books) } else { Vec::new() };
    Explained { report: listed, cells: all.into_iter().filter_map(told).collect(), missing, fills }
}

/// Blank cells that are required, or that a ledger should give.
fn missing(open: &Open, form: &Form, books: &Books) -> Vec<(String, String)> {
    let cells = &open.report.cells;
    let derived = books.derive(form, &open.unit, open.report.period);
    let reason =
        |cell: &CellDef| derived.missing.iter().find(|(id, _)| *id == cell.id).map(|(_, reason)| reason.clone());
    let is_new = |cell: &CellDef| derived.cells.iter().any(|derived| derived.cell == cell.id);
    let blank = form.cells().iter().filter(|cell| *value_of(cells, &cell.id) == Value::Blank);
    let mut missing: Vec<(String, String)> = blank
        .filter_map(|cell| {
            let why = match (reason(cell), is_new(cell)) {
                (_, true) => "台账中已有,还没有生成。请再生成一次。".to_owned(),
                (Some(reason), _) => reason,
                (None, _) if cell.is_required => "必填,请根据原始记录填写。".to_owned(),
                (None, _) => return None,
            };
            Some((cell.label.clone(), why))
        })
        .collect();
    missing.extend(books.derive_rows(form, open.report.period, cells).missing);
    missing.extend(without_room(open, form));
    missing
}
