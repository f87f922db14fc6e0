//! Compliance 台账达标: the ledgers of the last three years, by unit with everything compared, and for an area by what a data
//! base can count.
//!
//! Comparing a period reads its ledger, its vouchers and its reports as documents, so it is done for one unit at a time, when
//! somebody looks. Storing the outcome instead would mean comparing anew at every autosave of every cell; the list of an area
//! therefore tells whether ledgers are there, and says that it tells nothing more.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::{AreaCode, AreaLevel, Period};
use youju_domain::Instant;
use youju_domain::access::{Action, Object};
use youju_domain::compliance::{Basis, Compliance, Counts, Found, Owed, judge, since};
use youju_domain::consistency::{Agreement, Comparison, Place};
use youju_domain::id::{ReportId, UnitId};
use youju_domain::survey::local;
use youju_programme::{Form, Programme};
use youju_store::compliance::{self, Asked, FirstBook};
use youju_store::register::{Page, PageRequest};
use youju_store::report;

use crate::context::{App, Cx};
use crate::error::Result;
use crate::{consistency, register};

pub use youju_store::compliance::Counted;

/// What the ledger of a form is made of: a trial balance where the programme derives any cell from accounts.
fn basis(form: &Form) -> Basis {
    if form.reads_accounts() { Basis::TrialBalance } else { Basis::Records }
}

/// A form that no programme in force has leaves its records to be kept.
pub(crate) fn basis_of(app: &App, form: &str) -> Basis {
    app.form(form).map_or(Basis::Records, basis)
}

/// Since when every ledger is kept that a form is taken from, for every period within its own.
pub(crate) fn kept_since(app: &App, form: &str, period: Period, books: &[FirstBook]) -> Option<Instant> {
    let ledgers = app.form(form).ok()?.ledgers();
    let needed = ledgers.into_iter().flat_map(|ledger| {
        let within = ledger.periods_within(period);
        let ending = ledger.period_ending_with(period);
        let periods = if within.is_empty() { ending.into_iter().collect() } else { within };
        periods.into_iter().map(|period| (ledger.id.as_str(), period))
    });
    let first = |(ledger, period): (&str, Period)| {
        books.iter().find(|book| book.ledger == ledger && book.period == period).map(|book| book.at)
    };
    needed.map(first).collect::<Option<Vec<Instant>>>()?.into_iter().max()
}

/// The ledgers of a unit over the last three years, every figure compared.
pub async fn of_unit(cx: &mut Cx<'_>, unit: UnitId) -> Result<Compliance> {
    let unit = register::get(cx, unit).await?;
    let (now, scope) = (cx.now(), cx.form_scope()?);
    let since = since(local(now).date());
    let filter = report::Filter { unit: Some(unit.id), ..report::Filter::default() };
    let all = PageRequest { offset: 0, limit: i64::MAX };
    let books = compliance::first_books(cx.tx(), unit.id).await?;
    let (mut owed, mut due): (BTreeMap<Period, Vec<Owed>>, BTreeSet<ReportId>) = Default::default();
    for report in report::list(cx.tx(), &scope, &filter, all).await?.rows {
        if report.period.last_day() >= since {
            let basis = basis_of(cx.app(), &report.form);
            let ledgers_at = kept_since(cx.app(), &report.form, report.period, &books);
            if report.due_at < now {
                due.insert(report.id);
            }
            let one = Owed { form: report.form, basis, due_at: report.due_at, ledgers_at };
            owed.entry(report.period).or_default().push(one);
        }
    }
    let ledgers = compliance::first_trial_balances(cx.tx(), unit.id).await?;
    let records = compliance::first_records(cx.tx(), unit.id).await?;
    let evident = compliance::evident(cx.tx(), unit.id).await?;
    let first = |firsts: &[compliance::First], period| firsts.iter().find(|one| one.period == period).map(|one| one.at);
    let mut periods = Vec::new();
    for (period, owed) in owed {
        let mut found = Found {
            trial_balance_at: first(&ledgers, period),
            records_at: first(&records, period),
            has_evidence: evident.contains(&period),
            ..Found::default()
        };
        if owed.iter().all(|owed| owed.due_at >= now) {
            continue;
        }
        let consistency = consistency::of(cx, unit.id, period).await?;
        // A report of another rhythm that ends on the same day is judged with its own period, and none before it is due.
        let own = |comparison: &Comparison| match &comparison.place {
            Place::Cell(report, _) => due.contains(report) && consistency.is_own(*report),
            _ => true,
        };
        for comparison in consistency.comparisons.iter().filter(|comparison| own(comparison)) {
            found.compared += u64::from(comparison.agreement() != Agreement::OneSided);
            found.differs += u64::from(comparison.agreement() == Agreement::Differs);
        }
        periods.extend(judge(period, &owed, &found, now));
    }
    periods.sort_by_key(|judged| std::cmp::Reverse((judged.period.last_day(), judged.period)));
    Ok(Compliance { periods })
}

/// How the units of a list stand in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// 缺得多的在前.
    #[default]
    WorstFirst,
    /// By name.
    Name,
}

/// What a list of units says about their ledgers.
#[derive(Debug, Clone)]
pub struct Overview {
    /// One page of the units.
    pub page: Page<Counted>,
    /// Units that owed something: the denominator.
    pub owing: u64,
    /// Those of them with every ledger: the numerator.
    pub full: u64,
    /// Periods of all units together.
    pub sum: Counts,
    /// The townships in which the actor sees units.
    pub townships: Vec<AreaCode>,
}

/// Whether the ledgers of the units in the actor's area are there: of all, or of one township.
pub async fn of_area(cx: &mut Cx<'_>, township: Option<AreaCode>, order: Order, page: PageRequest) -> Result<Overview> {
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&actor.area))?;
    let scope = cx.form_scope()?;
    let forms = cx.app().programmes().values().flat_map(Programme::forms);
    let from_accounts = forms.filter(|form| basis(form) == Basis::TrialBalance).map(|form| form.code.clone()).collect();
    let forms = cx.app().programmes().values().flat_map(Programme::forms);
    let ledgers: BTreeSet<String> = forms.flat_map(Form::ledgers).map(|ledger| ledger.id.clone()).collect();
    let ledgers = ledgers.into_iter().collect();
    let asked = Asked { since: since(local(cx.now()).date()), now: cx.now(), from_accounts, ledgers };
    let mut units = compliance::counts(cx.tx(), &scope, &asked).await?;
    let mut townships: Vec<AreaCode> = units.iter().filter_map(|unit| township_of(unit.area)).collect();
    townships.sort_unstable();
    townships.dedup();
    units.retain(|unit| township.is_none_or(|township| township.contains(&unit.area)));
    match order {
        Order::WorstFirst => units.sort_by(|a, b| a.counts.worst_first(&b.counts).then_with(|| a.name.cmp(&b.name))),
        Order::Name => units.sort_by(|a, b| a.name.cmp(&b.name)),
    }
    Ok(overview(units, townships, page))
}

fn overview(units: Vec<Counted>, townships: Vec<AreaCode>, page: PageRequest) -> Overview {
    let mut sum = Counts::default();
    let (mut owing, mut full) = (0, 0);
    for Counted { counts, .. } in &units {
        sum.owed += counts.owed;
        sum.kept += counts.kept;
        sum.evident += counts.evident;
        owing += u64::from(counts.owed > 0);
        full += u64::from(counts.owed > 0 && counts.kept == counts.owed);
    }
    Overview { page: Page::cut(units.into_iter(), page), owing, full, sum, townships }
}

pub(crate) fn township_of(area: AreaCode) -> Option<AreaCode> {
    std::iter::once(area).chain(area.ancestors()).find(|area| area.level() == AreaLevel::Township)
}
