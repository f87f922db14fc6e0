//! Report 报表: filling, generating, checking, explaining, signing, submitting — what the respondent does.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::json;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, Respondent};
use youju_domain::finding::{Answered, Explanation, Finding, Severity, Standing};
use youju_domain::id::{ReportId, UnitId};
use youju_domain::register::Unit;
use youju_domain::report::{Cells, Change, Conflict, Report, Value, ValueState, changed_between, value_of};
use youju_domain::survey::Window;
use youju_programme::{Facts, Form};
use youju_store::journal::Payload;
use youju_store::{finding, register, report, survey};

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::generate::check_figures;

/// A report with everything that its commands need.
pub struct Open {
    /// The report.
    pub report: Report,
    /// Its unit.
    pub unit: Unit,
    /// Its window.
    pub window: Window,
    /// The unit's reported figures of the previous period, if any.
    pub previous: Option<(ReportId, Cells)>,
    /// The unit's reported figures of the same period last year, if any.
    pub last_year: Option<(ReportId, Cells)>,
    /// The unit's reports of other forms that the checks look at, by 表号.
    pub others: BTreeMap<String, Cells>,
    /// The figures of the unit's ledgers that the checks look at.
    pub figures: BTreeMap<String, Decimal>,
    /// Their ids.
    pub(crate) other_ids: BTreeMap<String, ReportId>,
}

impl Open {
    /// Every finding of the present cells.
    pub fn findings(&self, form: &Form) -> Vec<Finding> {
        form.check(&self.facts(&self.unit.attributes()))
    }

    /// What checks and formulas see.
    pub(crate) fn facts<'a>(&'a self, attributes: &'a BTreeMap<String, String>) -> Facts<'a> {
        Facts {
            period: self.report.period,
            cells: &self.report.cells,
            previous: self.previous.as_ref().map(|(_, cells)| cells),
            last_year: self.last_year.as_ref().map(|(_, cells)| cells),
            others: &self.others,
            attributes,
            figures: &self.figures,
        }
    }
}

impl Open {
    /// The report as something that access is decided about.
    pub(crate) fn object<'a>(&'a self, app: &'a App) -> Object<'a> {
        Object::Report { unit: self.unit.id, area: &self.unit.area, domain: app.domain_of(&self.report.form) }
    }
}

/// Refuses a report that the actor may not look at.
pub async fn must_see(cx: &mut Cx<'_>, id: ReportId) -> Result<()> {
    let not_found = || Error::Problem(Problem::NotFound { what: "报表" });
    let report = report::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let unit = register::get(cx.tx(), report.unit).await?.ok_or_else(not_found)?;
    let domain = cx.app().domain_of(&report.form);
    cx.allow(Action::View, Object::Report { unit: unit.id, area: &unit.area, domain })
}

/// A report that the actor may look at, with what its checks compare with.
pub async fn open(cx: &mut Cx<'_>, id: ReportId) -> Result<Open> {
    let not_found = || Error::Problem(Problem::NotFound { what: "报表" });
    let report = report::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let unit = register::get(cx.tx(), report.unit).await?.ok_or_else(not_found)?;
    let domain = cx.app().domain_of(&report.form);
    cx.allow(Action::View, Object::Report { unit: unit.id, area: &unit.area, domain })?;
    let window = survey::get(cx.tx(), report.window).await?.ok_or_else(not_found)?;
    let form = cx.app().form(&report.form)?;
    let before = report.period.previous_in(form.period_kind());
    let year_before = report.period.same_last_year();
    let reported = report::reported(cx.tx(), report.unit, &report.form, [before, year_before]).await?;
    let mut reported: BTreeMap<Period, (ReportId, Cells)> =
        reported.into_iter().map(|(period, id, cells)| (period, (id, cells))).collect();
    let previous = reported.remove(&before);
    // The form of a year has its previous period a year ago.
    let last_year = if before == year_before { previous.clone() } else { reported.remove(&year_before) };
    let (mut others, mut other_ids) = (BTreeMap::new(), BTreeMap::new());
    for code in form.other_forms() {
        let Some(period) = cx.app().form(code)?.period_ending_with(report.period) else { continue };
        for (_, id, cells) in report::reported(cx.tx(), report.unit, code, [period, period]).await? {
            other_ids.insert(code.to_owned(), id);
            others.insert(code.to_owned(), cells);
        }
    }
    let figures = check_figures(cx, form, report.unit, report.period).await?;
    Ok(Open { report, unit, window, previous, last_year, others, figures, other_ids })
}

pub(crate) async fn to_fill(cx: &mut Cx<'_>, id: ReportId, action: Action) -> Result<(Open, Respondent)> {
    report::hold(cx.tx(), id).await?;
    not_held(cx, id, action).await
}

/// The same, without keeping others from changing the report.
async fn not_held(cx: &mut Cx<'_>, id: ReportId, action: Action) -> Result<(Open, Respondent)> {
    let open = open(cx, id).await?;
    cx.allow(action, open.object(cx.app()))?;
    let respondent = cx.actor()?.respondent()?;
    Ok((open, respondent))
}

/// A cell as it was typed.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Cell id.
    pub cell: String,
    /// What the page showed before, as printed.
    pub was: String,
    /// What was typed.
    pub value: String,
    /// Why a generated value is typed over.
    pub reason: Option<String>,
}

/// A typed value that cannot stand in its cell; nothing of it was saved.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Cell id.
    pub cell: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// What saving did.
pub struct Saved {
    /// The report as it is now, with its findings.
    pub open: Open,
    /// Findings with their explanations.
    pub findings: Vec<Answered>,
    /// Changes that met somebody else's.
    pub conflicts: Vec<Conflict>,
    /// Values that cannot stand in their cells.
    pub refused: Vec<Refused>,
}

/// Saves typed cells (autosave). Good cells are kept, whatever the others say. Reading and checking, which is most of the work,
/// happens beside the writers; if somebody else was faster, it happens again while the report is held.
pub async fn autosave(app: &App, actor: Actor, id: ReportId, typed: &[Typed]) -> Result<Saved> {
    let planned = app.read(Some(actor.clone()), async |cx| plan(cx, id, typed, false).await).await?;
    if planned.is_idle() {
        return Ok(planned.saved);
    }
    match app.write(Some(actor.clone()), async |cx| keep(cx, planned).await).await {
        Err(Error::Problem(Problem::Conflict)) => app.write(Some(actor), async |cx| save(cx, id, typed).await).await,
        kept => kept,
    }
}

/// Saves typed cells in one transaction.
pub async fn save(cx: &mut Cx<'_>, id: ReportId, typed: &[Typed]) -> Result<Saved> {
    let planned = plan(cx, id, typed, true).await?;
    keep(cx, planned).await
}

/// What saving would make of a report.
struct Planned {
    before: Report,
    saved: Saved,
}

impl Planned {
    /// True when nothing was taken: then nothing is written down.
    fn is_idle(&self) -> bool {
        self.saved.open.report == self.before
    }
}

async fn plan(cx: &mut Cx<'_>, id: ReportId, typed: &[Typed], is_held: bool) -> Result<Planned> {
    let filled = if is_held { to_fill(cx, id, Action::Fill).await } else { not_held(cx, id, Action::Fill).await };
    let (mut open, respondent) = filled?;
    let form = cx.app().form(&open.report.form)?;
    let (changes, refused) = read_typed(form, typed);
    let before = open.report.clone();
    let now = cx.now();
    let (after, conflicts) = open.report.save(&respondent, &open.window, &changes, now)?;
    open.report = after;
    let findings = answered(cx, form, &open).await?;
    Ok(Planned { before, saved: Saved { open, findings, conflicts, refused } })
}

/// Writes what was planned; refused with `Conflict` when the report has changed since.
async fn keep(cx: &mut Cx<'_>, planned: Planned) -> Result<Saved> {
    if !planned.is_idle() {
        let Planned { before, mut saved } = planned;
        write_down(cx, &mut saved.open, &before, &saved.findings, "report.saved", json!({})).await?;
        return Ok(saved);
    }
    Ok(planned.saved)
}

/// Saves changes that came in a file, on a report that is held. `about` goes into the journal entry.
pub(crate) async fn save_imported(
    cx: &mut Cx<'_>,
    mut open: Open,
    respondent: &Respondent,
    changes: &[Change],
    about: serde_json::Value,
) -> Result<Open> {
    let form = cx.app().form(&open.report.form)?;
    let before = open.report.clone();
    let now = cx.now();
    let (after, _) = open.report.save(respondent, &open.window, changes, now)?;
    open.report = after;
    if open.report != before {
        put(cx, form, &mut open, &before, "report.imported_form", about).await?;
    }
    Ok(open)
}

fn read_typed(form: &Form, typed: &[Typed]) -> (Vec<Change>, Vec<Refused>) {
    let mut changes = Vec::new();
    let mut refused = Vec::new();
    for typed in typed {
        match read_one(form, typed) {
            Ok(change) => changes.push(change),
            Err(problem) => refused.push(Refused { cell: typed.cell.clone(), problem }),
        }
    }
    (changes, refused)
}

fn read_one(form: &Form, typed: &Typed) -> std::result::Result<Change, Problem> {
    let cell = form.cell_by_text(&typed.cell).ok_or(Problem::UnknownCell { cell: typed.cell.clone() })?;
    Ok(Change {
        cell: cell.id.clone(),
        was: cell.parse_value(&typed.was).unwrap_or(Value::Blank),
        value: cell.parse_value(&typed.value)?,
        reason: typed.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned),
    })
}

/// Writes a report whose cells changed: new findings, the row, the journal. The entry bears the report's revision, so that it can be
/// told what stood in a cell at an earlier one.
pub(crate) async fn put(
    cx: &mut Cx<'_>,
    form: &Form,
    open: &mut Open,
    before: &Report,
    action: &str,
    about: serde_json::Value,
) -> Result<Vec<Answered>> {
    let findings = answered(cx, form, open).await?;
    write_down(cx, open, before, &findings, action, about).await?;
    Ok(findings)
}

async fn write_down(
    cx: &mut Cx<'_>,
    open: &mut Open,
    before: &Report,
    findings: &[Answered],
    action: &str,
    mut about: serde_json::Value,
) -> Result<()> {
    // The row first: who comes second learns it here, before anything else is touched.
    open.report.revision = report::put(cx.tx(), &open.report).await?;
    let standings: Vec<Standing> = findings.iter().map(|f| f.standing(open.unit.may_explain)).collect();
    finding::replace(cx.tx(), open.report.id, findings, &standings).await?;
    if let Some(about) = about.as_object_mut() {
        about.insert("revision".to_owned(), open.report.revision.into());
    }
    let payload = Payload::with(&about, "cells", &Changed { before: &before.cells, after: &open.report.cells })?;
    cx.record(action, ("report", open.report.id.to_string()), payload).await
}

/// Findings of the present cells with the explanations that still answer them.
pub async fn answered(cx: &mut Cx<'_>, form: &Form, open: &Open) -> Result<Vec<Answered>> {
    let findings = open.findings(form);
    if findings.is_empty() {
        return Ok(Vec::new());
    }
    let explanations = finding::explanations(cx.tx(), open.report.id).await?;
    Ok(Answered::pair(findings, &explanations))
}

/// From what to what: also where a figure is gone, because what it was generated from is.
struct Changed<'a> {
    before: &'a Cells,
    after: &'a Cells,
}

/// One of them, its members in order.
#[derive(Serialize)]
struct ChangedCell {
    state: Option<ValueState>,
    value: String,
    was: String,
}

impl Serialize for Changed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(changed_between(self.before, self.after).into_iter().map(|id| {
            let state = self.after.get(id).map(|cell| cell.state);
            let (was, value) = (value_of(self.before, id).print(), value_of(self.after, id).print());
            (id, ChangedCell { state, value, was })
        }))
    }
}

/// Answers a finding, named by its key, with an explanation.
pub async fn explain(cx: &mut Cx<'_>, id: ReportId, key: &str, text: &str) -> Result<Saved> {
    let (mut open, respondent) = to_fill(cx, id, Action::Fill).await?;
    let form = cx.app().form(&open.report.form)?;
    open.report.must_be_editable(&respondent, &open.window, cx.now())?;
    let findings = answered(cx, form, &open).await?;
    let may_explain = open.unit.may_explain;
    let explainable = |f: &&Answered| {
        f.finding.key() == key && matches!(f.standing(may_explain), Standing::MustExplain | Standing::Explained)
    };
    let found = findings.iter().find(explainable).ok_or(Problem::NothingToExplain)?;
    let explanation = Explanation::new(&found.finding, text, respondent.person(), cx.now())?;
    finding::explain(cx.tx(), id, &explanation).await?;
    let before = open.report.clone();
    let payload = json!({ "check": key, "text": explanation.text, "inputs": explanation.inputs });
    cx.record("report.explained", ("report", id.to_string()), payload).await?;
    let findings = put(cx, form, &mut open, &before, "report.checked", json!({})).await?;
    Ok(Saved { open, findings, conflicts: Vec::new(), refused: Vec::new() })
}

/// The statistician has the figures judged; with nothing left to mend or to explain, the report is checked.
pub async fn check(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    let (open, respondent) = to_fill(cx, id, Action::Fill).await?;
    let standings = standings(cx, &open).await?;
    let now = cx.now();
    let report = open.report.check(&respondent, &open.window, &standings, now)?;
    step(cx, report, "report.checked", json!({ "findings": standings.len() })).await
}

async fn standings(cx: &mut Cx<'_>, open: &Open) -> Result<Vec<Standing>> {
    let form = cx.app().form(&open.report.form)?;
    let findings = answered(cx, form, open).await?;
    Ok(findings.iter().map(|f| f.standing(open.unit.may_explain)).collect())
}

/// The statistician signs.
pub async fn sign(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    let (open, respondent) = to_fill(cx, id, Action::Sign).await?;
    let standings = standings(cx, &open).await?;
    let now = cx.now();
    let report = open.report.sign(&respondent, &open.window, &standings, now)?;
    step(cx, report, "report.signed", json!({})).await
}

/// The person in charge signs.
pub async fn authorise(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    let (open, respondent) = to_fill(cx, id, Action::Authorise).await?;
    let now = cx.now();
    let report = open.report.authorise(&respondent, &open.window, now)?;
    step(cx, report, "report.authorised", json!({})).await
}

/// Hands the report to the office. The cells as they are now become the next immutable version.
pub async fn submit(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    let (open, respondent) = to_fill(cx, id, Action::Submit).await?;
    let form = cx.app().form(&open.report.form)?;
    let findings = answered(cx, form, &open).await?;
    let now = cx.now();
    let mut report = open.report.submit(&respondent, &open.window, &findings, open.unit.may_explain, now)?;
    report.revision = report::put(cx.tx(), &report).await?;
    let before = match report.versions.checked_sub(1).filter(|number| *number > 0) {
        Some(number) => report::version(cx.tx(), id, number).await?,
        None => None,
    };
    let changed = before.map_or(0, |before| changed_between(&before.cells, &report.cells).len());
    let hash = report::add_version(cx.tx(), &report, &findings, (respondent.person(), now), changed).await?;
    let payload =
        json!({ "version": report.versions, "is_late": report.is_late, "cells_hash": hash, "changed": changed });
    cx.record("report.submitted", ("report", id.to_string()), payload).await?;
    crate::correction::handed_in(cx, &report).await?;
    Ok(report)
}

/// Takes a submitted report back to change it.
pub async fn recall(cx: &mut Cx<'_>, id: ReportId) -> Result<Report> {
    let (open, respondent) = to_fill(cx, id, Action::Submit).await?;
    let now = cx.now();
    let report = open.report.recall(&respondent, &open.window, now)?;
    step(cx, report, "report.recalled", json!({})).await
}

/// Writes a report whose state changed, with its journal leaf.
pub(crate) async fn step(
    cx: &mut Cx<'_>,
    mut report: Report,
    action: &str,
    payload: serde_json::Value,
) -> Result<Report> {
    report.revision = report::put(cx.tx(), &report).await?;
    cx.record(action, ("report", report.id.to_string()), payload).await?;
    Ok(report)
}

/// Counts of findings that still need something, by severity, for the head of the page.
pub fn open_by_severity(findings: &[Answered], may_explain: bool) -> Vec<(Severity, usize)> {
    let needs = |f: &&Answered| matches!(f.standing(may_explain), Standing::MustMend | Standing::MustExplain);
    Severity::ALL
        .into_iter()
        .map(|severity| (severity, findings.iter().filter(needs).filter(|f| f.finding.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// One page of the reports in the actor's scope.
pub async fn list(
    cx: &mut Cx<'_>,
    filter: &report::Filter,
    page: register::PageRequest,
) -> Result<register::Page<report::Listed>> {
    let scope = cx.form_scope()?;
    Ok(report::list(cx.tx(), &scope, filter, page).await?)
}

/// The reports of a unit whose periods end with a period: the month's, the quarter's, the year's.
pub async fn of_unit_ending_with(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<report::Listed>> {
    let all = of_unit(cx, unit).await?;
    Ok(all.into_iter().filter(|report| report.period.last_day() == period.last_day()).collect())
}

/// The reports of a unit for a period.
pub async fn of_unit_and_period(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Vec<report::Listed>> {
    Ok(of_unit(cx, unit).await?.into_iter().filter(|report| report.period == period).collect())
}

async fn of_unit(cx: &mut Cx<'_>, unit: UnitId) -> Result<Vec<report::Listed>> {
    let scope = cx.form_scope()?;
    let filter = report::Filter { unit: Some(unit), ..report::Filter::default() };
    let page = register::PageRequest { offset: 0, limit: i64::MAX };
    Ok(report::list(cx.tx(), &scope, &filter, page).await?.rows)
}

/// The unit's own figures of earlier periods for one form, newest first: at most `periods_max` of them.
pub async fn series(cx: &mut Cx<'_>, open: &Open, periods_max: i64) -> Result<Vec<(Period, Cells)>> {
    Ok(report::series(cx.tx(), open.unit.id, &open.report.form, open.report.period, periods_max).await?)
}

/// A version as it was submitted.
pub async fn version(cx: &mut Cx<'_>, id: ReportId, number: u32) -> Result<report::Version> {
    open(cx, id).await?;
    let found = report::version(cx.tx(), id, number).await?;
    found.ok_or(Error::Problem(Problem::NotFound { what: "报表版本" }))
}

/// All versions, oldest first.
pub async fn versions(cx: &mut Cx<'_>, id: ReportId) -> Result<Vec<report::Version>> {
    open(cx, id).await?;
    Ok(report::versions(cx.tx(), id).await?)
}

/// What happened to a report, oldest first: who, when, what.
pub async fn history(cx: &mut Cx<'_>, id: ReportId) -> Result<Vec<youju_store::journal::Entry>> {
    open(cx, id).await?;
    Ok(youju_store::journal::of_object(cx.tx(), "report", &id.to_string()).await?)
}
