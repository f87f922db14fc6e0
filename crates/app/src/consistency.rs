//! Consistency 核对: vouchers, ledger and reports of a unit and period side by side, compared whenever somebody looks.

use std::collections::BTreeMap;

use youju_codes::{Measure, Period, PeriodKind};
use youju_domain::consistency::{Between, Comparison, Place, with_report, with_vouchers, within_ledger};
use youju_domain::id::{ImportId, RecordImportId, ReportId, UnitId};
use youju_domain::ledger::Import;
use youju_domain::register::Unit;
use youju_domain::report::{Report, value_of};
use youju_programme::Form;
use youju_sheet::record::RecordKind;
use youju_store::{book, ledger, record, report};

use crate::book::ledgers_of;
use crate::context::Cx;
use crate::error::Result;
use crate::generate::Books;
use crate::{register, report as reports};

/// What was compared, and what came of it.
#[derive(Debug, Clone, Default)]
pub struct Consistency {
    /// The trial balance that counts.
    pub ledger: Option<ImportId>,
    /// The one of the period before.
    pub before: Option<ImportId>,
    /// The journal of vouchers that counts.
    pub vouchers: Option<RecordImportId>,
    /// The reports that end with the period, by 表号.
    pub reports: BTreeMap<String, ReportId>,
    /// Those of exactly the period.
    own: Vec<ReportId>,
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
}

impl Consistency {
    /// True for a report of exactly this period, not of a longer one that ends with it.
    pub(crate) fn is_own(&self, report: ReportId) -> bool {
        self.own.contains(&report)
    }
}

/// Compares what there is. A side that has not been imported is told by the page, and compared with nothing.
pub async fn of(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Consistency> {
    let unit = register::get(cx, unit).await?;
    let import = ledger::latest(cx.tx(), unit.id, period).await?;
    let before = before(cx, unit.id, period).await?;
    let vouchers = record::latest(cx.tx(), unit.id, period, RecordKind::VoucherJournal.key()).await?;
    let mut found = Consistency {
        ledger: import.as_ref().map(|import| import.id),
        before: before.as_ref().map(|import| import.id),
        vouchers: vouchers.as_ref().map(|import| import.id),
        ..Consistency::default()
    };
    let listed = reports::of_unit_ending_with(cx, unit.id, period).await?;
    found.own = listed.iter().filter(|report| report.period == period).map(|report| report.id).collect();
    found.reports = listed.iter().map(|report| (report.form.clone(), report.id)).collect();
    found.comparisons.extend(with_records(cx, &unit, period).await?);
    if let Some(import) = import {
        if let Some(vouchers) = vouchers {
            found.comparisons.extend(with_vouchers(&import.lines, &vouchers.table.postings()));
        }
        found.comparisons.extend(within_ledger(&import.lines, before.as_ref().map(|import| import.lines.as_slice())));
    }
    for (form, id) in &found.reports {
        let form = cx.app().form(form)?;
        let Some(report) = report::get(cx.tx(), *id).await? else { continue };
        found.comparisons.extend(of_report(cx, form, &unit, &report).await?);
    }
    Ok(found)
}

/// 账表: what the trial balance and the ledgers give the cells of a report, beside what stands there.
pub async fn of_report(cx: &mut Cx<'_>, form: &Form, unit: &Unit, report: &Report) -> Result<Vec<Comparison>> {
    let books = Books::of(cx, form, unit.id, report.period).await?;
    let cells = books.derive(form, unit, report.period).cells.into_iter().map(|cell| (cell.cell, cell.value));
    let rows = books.derive_rows(form, report.period, &report.cells).cells;
    let rows = rows.into_iter().filter_map(|cell| Some((cell.cell, cell.value.number()?)));
    let compared = cells.chain(rows).map(|(id, value)| {
        let definition = form.cell(&id);
        let name = definition.as_ref().map_or(id.as_str(), |cell| &cell.label);
        let measure = definition.as_ref().map(|cell| cell.measure).filter(|measure| *measure != Measure::None);
        let measure = measure.map(|measure| format!("({measure})")).unwrap_or_default();
        let label = format!("{} {name}{measure}", form.code);
        let reported = value_of(&report.cells, &id).number();
        with_report(report.id, id, label, value, reported)
    });
    Ok(compared.collect())
}

/// 表实: every ledger that is gathered from source records, row by row and column by column, beside the records of the period.
async fn with_records(cx: &mut Cx<'_>, unit: &Unit, period: Period) -> Result<Vec<Comparison>> {
    let (app, actor) = (cx.app(), cx.actor()?.clone());
    let mut comparisons = Vec::new();
    for ledger in ledgers_of(app, &actor, unit) {
        let Some(kept) = book::latest(cx.tx(), unit.id, &ledger.id, period).await? else { continue };
        for gather in &ledger.gathers {
            let Some(import) = record::latest(cx.tx(), unit.id, period, &gather.records).await? else { continue };
            for sum in ledger.beside(gather, &import.table, &kept.cells) {
                comparisons.push(Comparison {
                    between: Between::RecordsAndLedger,
                    label: sum.label,
                    left: Some(sum.records),
                    right: sum.ledger,
                    place: Place::Book(kept.id),
                });
            }
        }
    }
    Ok(comparisons)
}

/// The trial balance of the period that ends the day before: that of a month, of January and February, of a quarter …
async fn before(cx: &mut Cx<'_>, unit: UnitId, period: Period) -> Result<Option<Import>> {
    const KINDS: [PeriodKind; 5] =
        [PeriodKind::Month, PeriodKind::MonthCombined, PeriodKind::Quarter, PeriodKind::Half, PeriodKind::Year];
    let Some(day) = period.first_day().pred_opt() else { return Ok(None) };
    let mut tried: Vec<Period> = Vec::new();
    for earlier in KINDS.iter().filter_map(|kind| kind.containing(day).ok()) {
        if earlier.last_day() != day || tried.contains(&earlier) {
            continue;
        }
        if let Some(import) = ledger::latest(cx.tx(), unit, earlier).await? {
            return Ok(Some(import));
        }
        tried.push(earlier);
    }
    Ok(None)
}
