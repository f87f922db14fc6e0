//! One unit, one period: from the trial balance to the city's acceptance, by the same use cases that the pages call.

use chrono::{Datelike, TimeDelta};
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::report::{self, Saved, Typed};
use youju_app::{App, generate, register, review};
use youju_codes::Period;
use youju_domain::Instant;
use youju_domain::finding::{Answered, Severity, Standing};
use youju_domain::id::ReportId;
use youju_domain::report::{CellId, Cells, value_of};
use youju_programme::Form;

use super::accounts::Company;
use super::people::Cast;
use super::{FORM, books};
use crate::open::Failure;

/// Where a unit stops in the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Goal {
    /// Nothing done yet.
    Untouched,
    /// Generated and filled, not signed.
    Filled,
    /// Signed by the statistician.
    Signed,
    /// Signed by the person in charge.
    Authorised,
    /// Handed in.
    Submitted,
    /// Accepted by the county.
    County,
    /// Accepted by the city.
    Finished,
}

impl Goal {
    /// In the open window most units have finished and some stand at every step before.
    pub(crate) fn of_current(index: usize) -> Goal {
        match index % 20 {
            0 => Goal::Untouched,
            1 => Goal::Filled,
            2 => Goal::Signed,
            3 => Goal::Authorised,
            4 | 5 => Goal::Submitted,
            6..=8 => Goal::County,
            _ => Goal::Finished,
        }
    }
}

/// What one run needs.
pub(crate) struct Step<'a> {
    pub app: &'a App,
    pub cast: &'a Cast,
    pub company: &'a Company,
    pub index: usize,
    pub opens_at: Instant,
    pub period: Period,
    pub goal: Goal,
    pub is_current: bool,
}

/// Words under which published figures that a check doubts are kept as they are.
const EXPLANATION: &str = "公开披露的年度报表即为此数,演示中照录未改";

/// Runs a unit as far as its goal; figures that cannot be explained keep it in the draft.
pub(crate) async fn run(step: &Step<'_>) -> Result<(), Failure> {
    if step.goal == Goal::Untouched {
        return Ok(());
    }
    let Some((clerk, head, unit)) = step.cast.units.get(&step.company.number) else { return Ok(()) };
    let app = step.app;
    app.world().set(step.arrives_at());
    let read = Some(clerk.clone());
    let reports = app.read(read, async |cx| report::of_unit_and_period(cx, *unit, step.period).await).await?;
    let Some(id) = reports.iter().find(|report| report.form == FORM).map(|report| report.id) else { return Ok(()) };
    let saved = fill(step, id).await?;
    let is_clear = answer(step, id, saved).await?;
    if !is_clear || step.goal < Goal::Signed {
        return Ok(());
    }
    app.write(Some(clerk.clone()), async |cx| report::sign(cx, id).await).await?;
    if step.goal >= Goal::Authorised {
        app.write(Some(head.clone()), async |cx| report::authorise(cx, id).await).await?;
    }
    if step.goal >= Goal::Submitted {
        app.write(Some(clerk.clone()), async |cx| report::submit(cx, id).await).await?;
    }
    accept(step, id).await
}

impl Step<'_> {
    /// Units report over the first days of the window. Of a window that is over, one in twenty-three came late.
    fn arrives_at(&self) -> Instant {
        let minutes = i64::try_from(self.index).unwrap_or_default() * 31 % (5 * 24 * 60) + 8 * 60;
        let days = if !self.is_current && self.index % 23 == 11 { 11 } else { 0 };
        self.opens_at + TimeDelta::days(days) + TimeDelta::minutes(minutes)
    }
}

/// Imports the trial balance, generates, and types what the ledger cannot give or gives otherwise.
async fn fill(step: &Step<'_>, id: ReportId) -> Result<Saved, Failure> {
    let app = step.app;
    let Some((clerk, _, unit)) = step.cast.units.get(&step.company.number) else { return Err("no such unit".into()) };
    let key = step.period.to_string();
    let Some(figures) = step.company.figures.get(&key) else { return Err(format!("no figures for {key}").into()) };
    let last_day = step.period.last_day();
    let text = books::trial_balance(&step.company.name, last_day.year(), last_day.month(), figures);
    let file = read_trial_balance(&format!("科目余额表{key}.csv"), text.as_bytes())?;
    let actor = Some(clerk.clone());
    app.write(actor.clone(), async |cx| import_trial_balance(cx, *unit, step.period, file).await).await?;
    let derived = app.write(actor.clone(), async |cx| generate::single(cx, id).await).await?;
    let typed = corrections(app.form(FORM)?, &derived.saved.open.report.cells, figures);
    let saved = app.write(actor, async |cx| report::save(cx, id, &typed).await).await?;
    match saved.refused.first() {
        None => Ok(saved),
        Some(refused) => Err(format!("{} {}:{}", step.company.name, refused.cell, refused.problem).into()),
    }
}

/// What the respondent types over the generated report: figures that the ledger cannot give or gives otherwise, and
/// blanks for items that were not published separately, because the built ledger knows nothing of them.
fn corrections(form: &Form, cells: &Cells, figures: &books::Figures) -> Vec<Typed> {
    let published = figures.iter().map(|(code, figure)| {
        (format!("c{code}"), youju_codes::format_number(&(*figure).into()), "与公开披露的报表一致")
    });
    // A required item without a published figure stays as the ledger gives it: no account means none.
    let is_unknown = |id: &str| {
        let is_optional = form.cell_by_text(id).is_some_and(|cell| cell.column.is_empty() && !cell.is_required);
        is_optional && id.strip_prefix('c').is_some_and(|code| !figures.contains_key(code))
    };
    let unknown = cells.keys().filter(|id| is_unknown(id.as_str()));
    let unknown = unknown.map(|id| (id.to_string(), String::new(), "公开披露的报表没有单列这一项"));
    published
        .chain(unknown)
        .filter_map(|(cell, value, why)| {
            let was = value_of(cells, &CellId::new(cell.as_str())).print();
            let reason = (!was.is_empty()).then(|| why.to_owned());
            (was != value).then_some(Typed { cell, was, value, reason })
        })
        .collect()
}

/// Explains what may be explained. True when nothing stands in the way of signing.
async fn answer(step: &Step<'_>, id: ReportId, saved: Saved) -> Result<bool, Failure> {
    let app = step.app;
    let Some((clerk, _, unit)) = step.cast.units.get(&step.company.number) else { return Ok(false) };
    let may_explain = saved.open.unit.may_explain;
    let waits = |finding: &Answered, severity: Severity, standing: Standing, may: bool| {
        finding.finding.severity == severity && finding.standing(may) == standing
    };
    if saved.findings.iter().any(|f| waits(f, Severity::Blocking, Standing::MustMend, may_explain)) {
        return Ok(false);
    }
    let has_waivable = saved.findings.iter().any(|f| waits(f, Severity::Waivable, Standing::MustMend, may_explain));
    if has_waivable {
        if step.goal != Goal::Finished || step.index.is_multiple_of(2) {
            return Ok(false);
        }
        // The county has looked at the published books and lets the unit explain.
        let county = Some(step.cast.county.clone());
        app.write(county, async |cx| register::set_may_explain(cx, *unit, true).await).await?;
    }
    let may_explain = may_explain || has_waivable;
    for finding in saved.findings.iter().filter(|f| f.standing(may_explain) == Standing::MustExplain) {
        let check = &finding.finding.check;
        app.write(Some(clerk.clone()), async |cx| report::explain(cx, id, check, EXPLANATION).await).await?;
    }
    Ok(true)
}

async fn accept(step: &Step<'_>, id: ReportId) -> Result<(), Failure> {
    let (app, cast) = (step.app, step.cast);
    if step.goal >= Goal::County {
        app.write(Some(cast.county.clone()), async |cx| review::accept(cx, id).await).await?;
    }
    if step.goal >= Goal::Finished {
        app.write(Some(cast.city.clone()), async |cx| review::accept(cx, id).await).await?;
    }
    Ok(())
}
