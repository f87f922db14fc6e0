//! What is there of a unit and year, read once: the ground on which a box is judged and from which it is exported.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use youju_codes::Period;
use youju_domain::access::{FormScope, Scope};
use youju_domain::archive::{Facts, Kept, Owed, Paper, Place, Talk};
use youju_domain::attachment::{Attachment, Proves};
use youju_domain::correction::{Correction, Stage};
use youju_domain::id::ReportId;
use youju_domain::query::Stage as Asked;
use youju_domain::register::Unit;
use youju_domain::report::CellId;
use youju_domain::{Instant, Problem};
use youju_programme::{Ledger, Programme, Project, RowCell};
use youju_store::archive::{ExplainedFinding, Import};
use youju_store::compliance::{self, FirstBook};
use youju_store::query::{Filter, Listed as ListedQuery};
use youju_store::register::PageRequest;
use youju_store::report::Listed;
use youju_store::{archive, attachment, book, correction, query, report};

use crate::compliance::{basis_of, kept_since};
use crate::context::{App, Cx};
use crate::error::Result;

const ALL: PageRequest = PageRequest { offset: 0, limit: i64::MAX };
/// Local time (Asia/Shanghai) is ahead of the instant.
const LOCAL_HOURS: i64 = 8;

/// Everything that the box of a unit and year may hold.
pub(super) struct Loaded {
    pub unit: Unit,
    pub year: i32,
    /// Its reports, in the order of their periods.
    pub reports: Vec<Listed>,
    pub imports: Vec<Import>,
    /// Attachments, those that were taken away among them.
    pub attachments: Vec<Attachment>,
    pub queries: Vec<ListedQuery>,
    pub corrections: Vec<Correction>,
    pub explained: Vec<ExplainedFinding>,
    trial_balances: BTreeSet<Period>,
    records: BTreeSet<Period>,
    pub books: Vec<FirstBook>,
    originals: BTreeSet<Period>,
    /// Every year in which the unit has a report.
    pub years: BTreeSet<i32>,
}

/// Reads it, for those who may look at the unit.
pub(super) async fn load(cx: &mut Cx<'_>, unit: Unit, year: i32) -> Result<Loaded> {
    // Of the forms, those that the actor's work covers.
    let scope = FormScope { scope: Scope::Unit(unit.id), ..cx.form_scope()? };
    let filter = report::Filter { unit: Some(unit.id), ..report::Filter::default() };
    let all = report::list(cx.tx(), &scope, &filter, ALL).await?.rows;
    let seen: BTreeSet<ReportId> = all.iter().map(|report| report.id).collect();
    let years = all.iter().map(|report| report.period.year()).collect();
    let mut reports: Vec<Listed> = all.into_iter().filter(|report| report.period.year() == year).collect();
    reports.sort_by(|a, b| (&a.form, a.period).cmp(&(&b.form, b.period)));
    let queries = query::list(cx.tx(), &scope, &Filter::default(), ALL).await?.rows;
    let mut queries: Vec<ListedQuery> = queries.into_iter().filter(|query| query.period.year() == year).collect();
    queries.sort_by_key(|query| (query.query.asked_at, query.query.id));
    let mut attachments = attachment::of_unit(cx.tx(), unit.id, year).await?;
    attachments.retain(|one| !matches!(&one.proves, Proves::Report(report, _) if !seen.contains(report)));
    let mut corrections = correction::of_unit(cx.tx(), unit.id, year).await?;
    corrections.retain(|one| seen.contains(&one.report));
    let mut explained = archive::explained(cx.tx(), unit.id, year).await?;
    explained.retain(|one| seen.contains(&one.report));
    let periods = |firsts: Vec<compliance::First>| firsts.into_iter().map(|first| first.period).collect();
    Ok(Loaded {
        imports: archive::imports(cx.tx(), unit.id, year).await?,
        attachments,
        corrections,
        explained,
        trial_balances: periods(compliance::first_trial_balances(cx.tx(), unit.id).await?),
        records: periods(compliance::first_records(cx.tx(), unit.id).await?),
        books: compliance::first_books(cx.tx(), unit.id).await?,
        originals: compliance::evident(cx.tx(), unit.id).await?.into_iter().collect(),
        unit,
        year,
        reports,
        queries,
        years,
    })
}

/// The year as a period, and the instant at which it is over.
fn end_of(year: i32) -> Result<(Period, Instant)> {
    let bad = || Problem::BadInput { reason: format!("“{year}”不是可以建档案盒的年度。") };
    let period = Period::of_year(year).map_err(|_| bad())?;
    let midnight = NaiveDate::from_ymd_opt(year + 1, 1, 1).ok_or_else(bad)?.and_time(NaiveTime::MIN);
    Ok((period, (midnight - TimeDelta::hours(LOCAL_HOURS)).and_utc()))
}

impl Loaded {
    /// Whether the unit owed a report of a programme in the year.
    pub(super) fn owes(&self, programme: &Programme) -> bool {
        self.reports.iter().any(|report| programme.form(&report.form).is_some())
    }

    /// What the box of a programme is judged by.
    pub(super) fn facts(&self, app: &App, programme: &Programme) -> Result<Facts> {
        let explained: BTreeSet<ReportId> = self.explained.iter().map(|one| one.report).collect();
        let own: Vec<&Listed> = self.reports.iter().filter(|report| programme.form(&report.form).is_some()).collect();
        let owed = |report: &&Listed| Owed {
            id: report.id,
            form: report.form.clone(),
            period: report.period,
            due_at: report.due_at,
            is_in: report.versions > 0,
            is_explained: explained.contains(&report.id),
        };
        let (year, year_ends_at) = end_of(self.year)?;
        Ok(Facts {
            reports: own.iter().map(owed).collect(),
            ledgers: own.iter().flat_map(|report| self.ledgers(app, report)).collect(),
            originals: self.originals.clone(),
            talks: self.talks(),
            papers: self.papers(|_| true).collect(),
            year,
            year_ends_at,
        })
    }

    /// What a report is taken from: in general, and each ledger of a discipline by itself.
    fn ledgers(&self, app: &App, report: &Listed) -> Vec<Kept> {
        let basis = basis_of(app, &report.form);
        let is_there = match basis {
            youju_domain::compliance::Basis::TrialBalance => self.trial_balances.contains(&report.period),
            youju_domain::compliance::Basis::Records => {
                self.records.contains(&report.period)
                    || kept_since(app, &report.form, report.period, &self.books).is_some()
            }
        };
        let kept = |ledger: &str, name: &str, period, is_there| Kept {
            ledger: ledger.to_owned(),
            name: name.to_owned(),
            form: report.form.clone(),
            period,
            due_at: report.due_at,
            is_there,
        };
        let mut all = vec![kept("", basis.label(), report.period, is_there)];
        let named = app.form(&report.form).map(youju_programme::Form::ledgers).unwrap_or_default();
        for (ledger, period) in named.into_iter().flat_map(|ledger| periods_of(ledger, report.period)) {
            let is_saved = self.books.iter().any(|book| book.ledger == ledger.id && book.period == period);
            all.push(kept(&ledger.id, &ledger.name, period, is_saved));
        }
        all
    }

    fn talks(&self) -> Vec<Talk> {
        let queries = self.queries.iter().map(|listed| Talk {
            place: Place::Query(listed.query.id),
            form: listed.form.clone(),
            period: listed.period,
            due_at: listed.query.due_at,
            is_settled: listed.query.stage != Asked::Asked,
        });
        let asked = self.corrections.iter().filter(|correction| correction.stage != Stage::Withdrawn);
        let corrections = asked.filter_map(|correction| {
            let report = self.reports.iter().find(|report| report.id == correction.report)?;
            Some(Talk {
                place: Place::Correction(correction.id),
                form: report.form.clone(),
                period: report.period,
                due_at: correction.due_at,
                is_settled: !correction.stage.is_open(),
            })
        });
        queries.chain(corrections).collect()
    }

    fn papers<'l>(&'l self, is_wanted: impl Fn(&Attachment) -> bool + 'l) -> impl Iterator<Item = Paper> + 'l {
        let there = self.attachments.iter().filter(|one| one.removed.is_none());
        there.filter(move |one| is_wanted(one)).map(|one| Paper {
            period: one.period,
            report: match &one.proves {
                Proves::Report(report, _) => Some(*report),
                _ => None,
            },
            text: text_of(one),
        })
    }
}

/// The words by which an attachment is told.
pub(super) fn text_of(attachment: &Attachment) -> String {
    format!("{} {}", attachment.file_name, attachment.note)
}

fn periods_of(ledger: &Ledger, period: Period) -> Vec<(&Ledger, Period)> {
    let within = ledger.periods_within(period);
    let periods = if within.is_empty() { ledger.period_ending_with(period).into_iter().collect() } else { within };
    periods.into_iter().map(|period| (ledger, period)).collect()
}

/// An investment project of a unit, as it was reported in a year.
pub(super) struct ProjectYear {
    /// Its key: the project's code.
    pub code: String,
    /// Its name, as it was reported last.
    pub name: String,
    /// The reports in which it has a row, with the number of the row.
    pub rows: BTreeMap<ReportId, u32>,
}

/// The projects of a unit and year, by code: the rows of the versions that were handed in last.
pub(super) async fn projects(cx: &mut Cx<'_>, loaded: &Loaded, project: &Project) -> Result<Vec<ProjectYear>> {
    let mut found: BTreeMap<String, ProjectYear> = BTreeMap::new();
    let app = cx.app();
    let Some(list) = app.form(&project.form)?.list(&project.list) else { return Ok(Vec::new()) };
    for listed in loaded.reports.iter().filter(|report| report.form == project.form) {
        let Some(number) = u32::try_from(listed.versions).ok().filter(|number| *number > 0) else { continue };
        let Some(version) = report::version(cx.tx(), listed.id, number).await? else { continue };
        for row in list.rows(&version.cells) {
            let Some(code) = list.key_of(&version.cells, row).map(|parts| parts.join(" ")) else { continue };
            let name = list.value(&version.cells, row, &project.name).print();
            let year = found.entry(code.clone()).or_insert_with(|| ProjectYear {
                code,
                name: String::new(),
                rows: BTreeMap::new(),
            });
            year.name = name;
            year.rows.entry(listed.id).or_insert(row);
        }
    }
    Ok(found.into_values().collect())
}

impl ProjectYear {
    /// Whether an attachment is about this project: it hangs on a cell of its row, or names its code or its name.
    pub(super) fn owns(&self, list: &str, attachment: &Attachment) -> bool {
        let is_row = |report: &ReportId, cell: &CellId| {
            RowCell::parse(cell).is_some_and(|at| at.list == list && self.rows.get(report) == Some(&at.number))
        };
        let hangs = matches!(&attachment.proves, Proves::Report(report, Some(cell)) if is_row(report, cell));
        let text = text_of(attachment);
        hangs || [&self.code, &self.name].iter().any(|word| word.chars().count() > 1 && text.contains(word.as_str()))
    }

    /// What the box of the project is judged by: nothing may be missing between its first report of the year and its last.
    pub(super) async fn facts(&self, cx: &mut Cx<'_>, loaded: &Loaded, project: &Project) -> Result<Facts> {
        let own: Vec<&Listed> = loaded.reports.iter().filter(|report| report.form == project.form).collect();
        let has_row = |report: &&Listed| self.rows.contains_key(&report.id);
        let first = own.iter().position(has_row).unwrap_or_default();
        let last = own.iter().rposition(has_row).unwrap_or_default();
        let span = own.get(first..=last).unwrap_or_default();
        let owed = |report: &&Listed| Owed {
            id: report.id,
            form: report.form.clone(),
            period: report.period,
            due_at: report.due_at,
            is_in: has_row(report),
            is_explained: false,
        };
        let mut papers: Vec<Paper> = loaded.papers(|one| self.owns(&project.list, one)).collect();
        for paper in papers.iter_mut().filter(|paper| paper.report.is_none()) {
            paper.report = span.iter().find(|report| report.period == paper.period).map(|report| report.id);
        }
        let (year, year_ends_at) = end_of(loaded.year)?;
        Ok(Facts {
            reports: span.iter().map(owed).collect(),
            ledgers: self.ledgers(cx, loaded, project, span).await?,
            originals: BTreeSet::new(),
            talks: Vec::new(),
            papers,
            year,
            year_ends_at,
        })
    }

    /// The named ledgers of the span, each there where it has a row of the project.
    async fn ledgers(
        &self,
        cx: &mut Cx<'_>,
        loaded: &Loaded,
        project: &Project,
        span: &[&Listed],
    ) -> Result<Vec<Kept>> {
        let ids: BTreeSet<&String> = project.items.iter().flat_map(|item| &item.ledgers).collect();
        let mut all = Vec::new();
        for id in ids {
            let ledger = cx.app().ledger(id)?;
            let year = end_of(loaded.year)?.0;
            let books = book::within(cx.tx(), loaded.unit.id, id, (year.first_day(), year.last_day())).await?;
            let has_row = |cells| {
                let mut rows = ledger.rows.rows(cells).into_iter();
                rows.any(|row| ledger.rows.key_of(cells, row).is_some_and(|key| key.join(" ") == self.code))
            };
            let with_row: BTreeSet<Period> =
                books.iter().filter(|book| has_row(&book.cells)).map(|book| book.period).collect();
            for report in span {
                all.extend(periods_of(ledger, report.period).into_iter().map(|(ledger, period)| Kept {
                    ledger: ledger.id.clone(),
                    name: ledger.name.clone(),
                    form: report.form.clone(),
                    period,
                    due_at: report.due_at,
                    is_there: with_row.contains(&period),
                }));
            }
        }
        Ok(all)
    }
}
