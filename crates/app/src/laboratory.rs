//! Rule laboratory 规则实验室: how the checks of a form have fared on the reports that were handed in, and what a new or
//! changed check would say. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, Scope};
use youju_domain::finding::{Finding, Outcome, Severity};
use youju_domain::id::ReportId;
use youju_domain::report::{Cells, Level};
use youju_programme::{Facts, Form, Trial};
use youju_store::laboratory::{self, Sample};
use youju_store::{register, report};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::generate::check_figures;

/// Units that are read at once.
const UNITS_AT_ONCE: i64 = 200;
/// Reports of which a changed verdict is shown with its sentence; the number of all is always told.
pub const EXAMPLES_MAX: usize = 50;

/// How a check has fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fared {
    /// Its id.
    pub check: String,
    /// How severe it is.
    pub severity: Severity,
    /// What should hold.
    pub message: String,
    /// Reports in which it could be tested.
    pub tested: u64,
    /// Reports that fail it as they are now.
    pub failed: u64,
    /// Of those, reports that were accepted all the same: alarms that led to nothing 误报.
    pub accepted: u64,
    /// Reports that failed it when they were handed in first and were mended since 命中.
    pub mended: u64,
}

impl Fared {
    /// Alarms that led to nothing, out of all whose outcome is known: numerator and denominator.
    pub fn false_alarms(&self) -> (u64, u64) {
        (self.accepted, self.accepted + self.mended)
    }
}

/// A report whose verdict a tried check changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The report.
    pub report: ReportId,
    /// Its unit's name.
    pub unit_name: String,
    /// Its period.
    pub period: Period,
    /// Key of the finding.
    pub finding: String,
    /// The figures in the formula.
    pub sentence: String,
}

/// What tried checks change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// How each of them fares.
    pub checks: Vec<Fared>,
    /// Findings that only the tried checks give: how many, and the first of them.
    pub gained: (u64, Vec<Example>),
    /// Findings of checks with the same ids that the tried ones do not give any more.
    pub lost: (u64, Vec<Example>),
}

/// What the laboratory says about a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laboratory {
    /// Reports that were looked at.
    pub reports: u64,
    /// Units that they are of.
    pub units: u64,
    /// First and last period among them.
    pub periods: Option<(Period, Period)>,
    /// Every check in force, in the order of the form.
    pub checks: Vec<Fared>,
    /// What the tried checks change, if any are.
    pub changed: Option<Changed>,
}

/// The laboratory for the actor's area.
pub async fn look(cx: &mut Cx<'_>, form: &str, tried: Option<&str>) -> Result<Laboratory> {
    let area = cx.actor()?.area;
    cx.allow(Action::View, Object::Survey { area: &area, domain: cx.app().domain_of(form) })?;
    let scope = cx.actor()?.scope();
    run(cx, form, tried, &scope).await
}

/// The laboratory for an area, for whoever runs the program at the command line.
pub async fn run(cx: &mut Cx<'_>, form: &str, tried: Option<&str>, scope: &Scope) -> Result<Laboratory> {
    let form = cx.app().form(form)?;
    let trial = tried.map(|text| read_trial(form, text)).transpose()?;
    let mut tally = Tally::new(form, trial.as_ref());
    let mut after = None;
    loop {
        let units = laboratory::units(cx.tx(), scope, &form.code, after, UNITS_AT_ONCE).await?;
        let Some(last) = units.last() else { break };
        after = Some(*last);
        for unit in units {
            let samples = laboratory::samples(cx.tx(), unit, &form.code).await?;
            let Some(unit) = register::get(cx.tx(), unit).await? else { continue };
            let attributes = unit.attributes();
            let mut around = Vec::new();
            for sample in &samples {
                let figures = check_figures(cx, form, sample.unit, sample.period).await?;
                around.push(Around { others: other_forms(cx, form, sample).await?, figures });
            }
            tally.add_unit(&samples, &around, &attributes);
        }
    }
    Ok(tally.finish())
}

fn read_trial<'f>(form: &'f Form, text: &str) -> Result<Trial<'f>> {
    form.trial(text).map_err(|errors| {
        let reasons: Vec<String> = errors.iter().map(|error| format!("{}\n{}", error.message, error.excerpt)).collect();
        Error::Problem(Problem::BadInput { reason: reasons.join("\n") })
    })
}

async fn other_forms(cx: &mut Cx<'_>, form: &Form, sample: &Sample) -> Result<BTreeMap<String, Cells>> {
    let mut others = BTreeMap::new();
    for code in form.other_forms() {
        let Some(period) = cx.app().form(code)?.period_ending_with(sample.period) else { continue };
        let found = report::find(cx.tx(), sample.unit, code, period).await?;
        if let Some(other) = found.filter(|other| other.state.is_reported()) {
            others.insert(code.to_owned(), other.cells);
        }
    }
    Ok(others)
}

/// What a report's checks look at beside its own form.
struct Around {
    others: BTreeMap<String, Cells>,
    figures: BTreeMap<String, Decimal>,
}

/// Counts as reports pass by.
struct Tally<'f> {
    form: &'f Form,
    trial: Option<&'f Trial<'f>>,
    laboratory: Laboratory,
    periods: BTreeSet<Period>,
}

impl<'f> Tally<'f> {
    fn new(form: &'f Form, trial: Option<&'f Trial<'f>>) -> Tally<'f> {
        let fared = |check: &youju_programme::Check| Fared {
            check: check.id.clone(),
            severity: check.severity,
            message: check.message.clone(),
            tested: 0,
            failed: 0,
            accepted: 0,
            mended: 0,
        };
        let changed = trial.map(|trial| Changed { checks: trial.checks().map(fared).collect(), ..Changed::default() });
        let checks = form.all_checks().map(fared).collect();
        let laboratory = Laboratory { reports: 0, units: 0, periods: None, checks, changed };
        Tally { form, trial, laboratory, periods: BTreeSet::new() }
    }

    fn add_unit(&mut self, samples: &[Sample], around: &[Around], attributes: &BTreeMap<String, String>) {
        self.laboratory.units += u64::from(!samples.is_empty());
        let cells = |period: Period| samples.iter().find(|sample| sample.period == period).map(|sample| &sample.cells);
        for (sample, around) in samples.iter().zip(around) {
            let facts = Facts {
                period: sample.period,
                cells: &sample.cells,
                previous: cells(sample.period.previous_in(self.form.period_kind())),
                last_year: cells(sample.period.same_last_year()),
                others: &around.others,
                attributes,
                figures: &around.figures,
            };
            self.laboratory.reports += 1;
            self.periods.insert(sample.period);
            let now = self.form.check(&facts);
            let first = sample.first.as_ref().map(|cells| Facts { cells, ..facts });
            let before = first.as_ref().map(|facts| self.form.check(facts)).unwrap_or_default();
            count(&mut self.laboratory.checks, sample, &now, &before);
            let Some((trial, changed)) = self.trial.zip(self.laboratory.changed.as_mut()) else { continue };
            let tried = trial.check(&facts);
            let tried_before = first.as_ref().map(|facts| trial.check(facts)).unwrap_or_default();
            count(&mut changed.checks, sample, &tried, &tried_before);
            let is_tried = |finding: &&Finding| changed.checks.iter().any(|check| check.check == finding.check);
            let same: Vec<&Finding> = now.iter().filter(is_tried).collect();
            let tried: Vec<&Finding> = tried.iter().collect();
            note(&mut changed.gained, sample, &tried, &same);
            note(&mut changed.lost, sample, &same, &tried);
        }
    }

    fn finish(self) -> Laboratory {
        let periods = self.periods.first().copied().zip(self.periods.last().copied());
        Laboratory { periods, ..self.laboratory }
    }
}

/// Counts what checks say about a report as it is, and as it was handed in first.
fn count(checks: &mut [Fared], sample: &Sample, now: &[Finding], before: &[Finding]) {
    let is_accepted = sample.state.is_accepted_by(Level::Township);
    let said = |findings: &[Finding], check: &str, outcome: Outcome| {
        findings.iter().any(|finding| finding.check == check && finding.outcome == outcome)
    };
    for fared in checks {
        let fails = said(now, &fared.check, Outcome::Fail);
        fared.tested += u64::from(fails || !said(now, &fared.check, Outcome::NotTestable));
        fared.failed += u64::from(fails);
        fared.accepted += u64::from(fails && is_accepted);
        fared.mended += u64::from(!fails && said(before, &fared.check, Outcome::Fail));
    }
}

/// Notes the failures that stand in one list and not in the other.
fn note(into: &mut (u64, Vec<Example>), sample: &Sample, here: &[&Finding], there: &[&Finding]) {
    let fails = |finding: &&&Finding| finding.outcome == Outcome::Fail;
    for finding in here.iter().filter(fails) {
        if there.iter().filter(fails).any(|other| other.key() == finding.key()) {
            continue;
        }
        into.0 += 1;
        if into.1.len() < EXAMPLES_MAX {
            into.1.push(Example {
                report: sample.report,
                unit_name: sample.unit_name.clone(),
                period: sample.period,
                finding: finding.key(),
                sentence: finding.sentence.clone(),
            });
        }
    }
}
