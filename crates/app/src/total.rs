//! Totals 汇总: sums over accepted figures (law 6), by the columnar floor.

use rust_decimal::Decimal;
use youju_codes::AreaCode;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::id::{ReportId, UnitId};
use youju_domain::report::{CellId, Level};
use youju_domain::total::{Accepted, FrameKey, TotalRow, TotalsRequest};
use youju_store::register::{Page, PageRequest};
use youju_store::report;

use crate::context::{App, Cx};
use crate::error::{Fault, Result};

/// Totals for an actor's area. The columns are brought up to date first, then added up off the request's thread.
pub async fn totals(app: &App, actor: Actor, request: TotalsRequest) -> Result<Vec<TotalRow>> {
    let domain = app.domain_of(&request.key.form);
    actor.must(Action::View, Object::Survey { area: &request.area, domain })?;
    freshen(app, &request.key).await?;
    let app = app.clone();
    let answer = tokio::task::spawn_blocking(move || app.columns().totals(&request)).await;
    Ok(answer.map_err(|error| Fault::new("adding up", error))??)
}

/// Brings the columns of a form and period up to the present state of the journal, if they are behind it.
async fn freshen(app: &App, key: &FrameKey) -> Result<()> {
    let (watermark, rows) = app
        .read(None, async |cx| {
            let watermark = report::last_change(cx.tx(), &key.form, key.period).await?;
            if app.columns().is_fresh(key, watermark) {
                return Ok((watermark, None));
            }
            Ok((watermark, Some(report::accepted(cx.tx(), &key.form, key.period).await?)))
        })
        .await?;
    let Some(rows) = rows else { return Ok(()) };
    let (app, key): (App, FrameKey) = (app.clone(), key.clone());
    let put = move || -> std::result::Result<(), Fault> {
        let added_up = |row: Accepted| Accepted { cells: youju_programme::added_up(row.cells), ..row };
        let accepted: Vec<Accepted> = rows.into_iter().map(added_up).collect();
        app.columns().put(&key, watermark, accepted)
    };
    Ok(tokio::task::spawn_blocking(put).await.map_err(|error| Fault::new("refreshing columns", error))??)
}

/// A figure of a group of a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsRequest {
    /// Of which form and period.
    pub key: FrameKey,
    /// The area of the group.
    pub area: AreaCode,
    /// Only figures accepted by this level or a higher one.
    pub level: Level,
    /// Which figure.
    pub cell: CellId,
}

/// A report that is added up, with its figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The report.
    pub report: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// Its unit's name.
    pub unit_name: String,
    /// The figure; none where the unit reported none.
    pub value: Option<Decimal>,
}

/// What a figure of a total is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// One page of the reports, by area and code.
    pub rows: Page<Part>,
    /// The sum over all pages.
    pub sum: Option<Decimal>,
}

/// The reports that a figure of a group is made of: the way from a total down to the cells. Read from the reports themselves.
pub async fn parts(cx: &mut Cx<'_>, request: &PartsRequest, page: PageRequest) -> Result<Parts> {
    let domain = cx.app().domain_of(&request.key.form);
    cx.allow(Action::View, Object::Survey { area: &request.area, domain })?;
    let found = report::accepted_in(cx.tx(), &request.key.form, request.key.period, &request.area).await?;
    let counts = |part: &report::Part| part.accepted.level >= request.level;
    let told = |part: report::Part| Part {
        report: part.accepted.report,
        unit: part.accepted.unit,
        unit_name: part.unit_name,
        value: youju_programme::added_up(part.accepted.cells).get(&request.cell).copied(),
    };
    let all: Vec<Part> = found.into_iter().filter(counts).map(told).collect();
    let sum = all
        .iter()
        .filter_map(|part| part.value)
        .try_fold(None, |sum: Option<Decimal>, value| sum.unwrap_or_default().checked_add(value).map(Some));
    let rows = Page::cut(all.into_iter(), page);
    cx.looked_at(rows.rows.iter().map(|part| part.unit));
    Ok(Parts { rows, sum: sum.flatten() })
}
