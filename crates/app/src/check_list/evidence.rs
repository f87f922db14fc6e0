//! Supporting material 支撑材料 that is owed on the day of reporting: computed from the reports and what is attached to them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{Period, format_number};
use youju_domain::Instant;
use youju_domain::attachment::{Attachment, Proves};
use youju_domain::check_list::{Paper, Provision, Subject};
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::report::{CellId, Cells, Report};
use youju_programme::{CheckListRule, Form, List, RowCell};
use youju_store::{attachment, check_list as store};

use super::rule_of;
use crate::context::{App, Cx};
use crate::error::Result;
use crate::report::Open;
use crate::survey;

/// What a report owes for itself, or for one of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// What it is about.
    pub subject: Subject,
    /// Name of the row; empty for the report as a whole.
    pub name: String,
    /// Where to attach.
    pub place: Proves,
    /// Whether it is there.
    pub provision: Provision,
    /// Why it is looked at more closely 重点审核, in words.
    pub large: Option<String>,
}

/// A report that still owes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// The report.
    pub report: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// Form 表号.
    pub form: String,
    /// Period.
    pub period: Period,
    /// What it owes still, each apart.
    pub owed: Vec<Owed>,
}

/// The rows of a report that are looked at one by one: number, key, name. None where it is looked at as a whole.
pub(super) fn rows<'f>(rule: &CheckListRule, form: &'f Form, cells: &Cells) -> Option<(&'f List, Vec<RowOf>)> {
    let rows = rule.rows.as_ref()?;
    let list = form.list(&rows.list)?;
    let one = |number: u32| RowOf {
        number,
        key: list.key_of(cells, number).map_or_else(|| format!("第 {number} 行"), |parts| parts.join(" ")),
        name: list.value(cells, number, &rows.name).print(),
    };
    Some((list, list.rows(cells).into_iter().map(one).collect()))
}

/// A row that is looked at by itself.
pub(super) struct RowOf {
    pub number: u32,
    pub key: String,
    pub name: String,
}

/// Why a figure reaches the threshold, in words.
pub(super) fn large(rule: &CheckListRule, form: &Form, cells: &Cells, row: Option<(&List, u32)>) -> Option<String> {
    let threshold = rule.threshold.as_ref()?;
    let found: Option<Decimal> = match row {
        Some((list, number)) => list.value(cells, number, &threshold.cell).number(),
        None if rule.rows.is_some() => None,
        None => form.cell_by_text(&threshold.cell).and_then(|cell| cells.get(&cell.id)?.value.number()),
    };
    let value = found.filter(|value| *value >= threshold.at_least)?;
    let (number, line) = (format_number(&value), format_number(&threshold.at_least));
    let measure = threshold.measure.label();
    Some(format!("{} {number} {measure} ≥ {line} {measure}", threshold.label))
}

/// What a report owes by a rule, and how it stands. A report that is with its unit owes nothing yet.
pub(super) fn judge(
    rule: &CheckListRule,
    form: &Form,
    report: &Report,
    papers: &[Attachment],
    now: Instant,
) -> Vec<Owed> {
    let handed_in_at = report.submitted_at.filter(|_| rule.evidence_same_day && report.state.is_reported());
    let Some(handed_in_at) = handed_in_at else { return Vec::new() };
    let provision = |proves: &dyn Fn(&Attachment) -> bool| {
        let paper = |one: &Attachment| Paper { added_at: one.added.at, is_removed: one.removed.is_some() };
        let papers: Vec<Paper> = papers.iter().filter(|one| proves(one)).map(paper).collect();
        Provision::of(handed_in_at, &papers, now)
    };
    let Some((list, rows)) = rows(rule, form, &report.cells) else {
        let place = Proves::Report(report.id, None);
        let subject = Subject { report: report.id, row: None };
        let large = large(rule, form, &report.cells, None);
        return vec![Owed { subject, name: String::new(), place, provision: provision(&|_| true), large }];
    };
    let is_only = rows.len() == 1;
    let one = |row: RowOf| {
        let column = rule.threshold.as_ref().map(|threshold| &threshold.cell).or_else(|| list.key.first());
        let cell = column.and_then(|column| list.cell(row.number, column)).map(|cell| cell.id);
        Owed {
            provision: provision(&|paper| is_only || proves_row(paper, list, &row)),
            large: large(rule, form, &report.cells, Some((list, row.number))),
            place: Proves::Report(report.id, cell),
            subject: Subject { report: report.id, row: Some(row.key) },
            name: row.name,
        }
    };
    rows.into_iter().map(one).collect()
}

/// An attachment of a report proves a row when it hangs on a cell of it, or names its key or its name: the words by which the
/// archive box knows a project too.
fn proves_row(paper: &Attachment, list: &List, row: &RowOf) -> bool {
    let is_of_row =
        |cell: &CellId| RowCell::parse(cell).is_some_and(|at| at.list == list.id && at.number == row.number);
    if matches!(&paper.proves, Proves::Report(_, Some(cell)) if is_of_row(cell)) {
        return true;
    }
    let text = format!("{} {}", paper.file_name, paper.note);
    [&row.key, &row.name].iter().any(|word| word.chars().count() > 1 && text.contains(word.as_str()))
}

/// What a report owes, also what is there already.
pub async fn of_report(cx: &mut Cx<'_>, open: &Open) -> Result<Vec<Owed>> {
    let Some(rule) = rule_of(cx.app(), &open.report.form) else { return Ok(Vec::new()) };
    let papers = attachment::all_of_report(cx.tx(), open.report.id).await?;
    let form = cx.app().form(&open.report.form)?;
    Ok(judge(rule, form, &open.report, &papers, cx.now()))
}

/// How the reports of a window stand, by the worst of what each owes; none where the form owes nothing.
pub async fn of_window(cx: &mut Cx<'_>, window: WindowId) -> Result<Option<BTreeMap<ReportId, Provision>>> {
    let window = survey::get(cx, window).await?;
    let area = survey::narrower(&window.area, &cx.actor()?.area);
    let Some(rule) = rule_of(cx.app(), &window.form).filter(|rule| rule.evidence_same_day) else { return Ok(None) };
    let form = cx.app().form(&window.form)?;
    let scope = cx.actor()?.scope();
    let papers = by_report(attachment::of_window(cx.tx(), window.id, &scope).await?);
    let held = store::reports(cx.tx(), window.id, &area).await?;
    let now = cx.now();
    let worst = |report: &Report| {
        let papers = papers.get(&report.id).map(Vec::as_slice).unwrap_or_default();
        judge(rule, form, report, papers, now).into_iter().map(|owed| owed.provision).min()
    };
    Ok(Some(held.iter().filter_map(|held| Some((held.report.id, worst(&held.report)?))).collect()))
}

/// Attachments of reports, by report.
pub(super) fn by_report(papers: Vec<Attachment>) -> BTreeMap<ReportId, Vec<Attachment>> {
    let mut found: BTreeMap<ReportId, Vec<Attachment>> = BTreeMap::new();
    for paper in papers {
        if let Proves::Report(report, _) = &paper.proves {
            found.entry(*report).or_default().push(paper);
        }
    }
    found
}

/// Forms that owe material on the day of reporting.
fn forms(app: &App) -> Vec<&str> {
    let rules = app.programmes().values().flat_map(youju_programme::Programme::check_lists);
    rules.filter(|rule| rule.evidence_same_day).flat_map(|rule| &rule.forms).map(String::as_str).collect()
}

/// What the actor's unit still owes, until it is there or the window is locked.
pub async fn owing(cx: &mut Cx<'_>) -> Result<Vec<Owing>> {
    let actor = cx.actor()?;
    let Some(unit) = actor.unit.filter(|_| actor.role.is_respondent()) else { return Ok(Vec::new()) };
    let (app, now) = (cx.app(), cx.now());
    let mut found = Vec::new();
    for report in store::reports_of_unit(cx.tx(), unit, &forms(app)).await? {
        let Some(rule) = rule_of(app, &report.form) else { continue };
        let papers = attachment::all_of_report(cx.tx(), report.id).await?;
        let mut owed = judge(rule, app.form(&report.form)?, &report, &papers, now);
        owed.retain(|owed| owed.provision.is_owed());
        if !owed.is_empty() {
            found.push(Owing { report: report.id, unit, form: report.form, period: report.period, owed });
        }
    }
    Ok(found)
}
