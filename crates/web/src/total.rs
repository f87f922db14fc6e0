//! Totals 汇总.

mod view;

use axum::extract::{RawQuery, State};
use maud::Markup;
use serde::Deserialize;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::report::Level;
use youju_domain::survey::Window;
use youju_domain::total::{FrameKey, Grouping, Summed, TotalsRequest};
use youju_programme::{CellDef, Form};

use crate::Web;
use crate::request::{Answer, Signed, query};
use crate::ui::frame::{Head, page as whole};

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Form and period, as `B203/2026-03`.
    #[serde(default)]
    of: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    level: String,
    /// The figure that the chart shows.
    #[serde(default)]
    cell: String,
}

/// Sums of accepted figures by area or industry, with growth.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let windows = web.app.read(Some(signed.actor.clone()), async |cx| youju_app::survey::list(cx).await).await?;
    let Some((form, period)) = choose(&web, &asked, &windows)? else {
        return Ok(whole(&signed.frame, &Head::of("汇总"), &view::nothing()));
    };
    let form = web.app.form(&form)?;
    let level = if asked.level == "city" { Level::City } else { Level::County };
    let cells = totalled(form);
    let request = TotalsRequest {
        key: FrameKey { form: form.code.clone(), period },
        area: signed.actor.area,
        level,
        cells: cells.iter().map(|cell| summed(form, cell)).collect(),
        by: Grouping::from_key(&asked.by).unwrap_or(Grouping::Township),
    };
    let rows = youju_app::total::totals(&web.app, signed.actor.clone(), request.clone()).await?;
    let head = Head {
        period: Some(period.cumulative_label()),
        about: Some(format!("{} · 只汇总已经{}验收的报表。", form.title(), level.label())),
        ..Head::of("汇总")
    };
    let place = |id: &str| cells.iter().position(|cell| cell.id.as_str() == id);
    let charted = place(&asked.cell).or_else(|| place(form.headline.first()?.as_str())).unwrap_or_default();
    let shown = view::Shown { form, cells: &cells, request: &request, rows: &rows, windows: &windows, charted };
    Ok(whole(&signed.frame, &head, &view::page(&shown)))
}

/// What is asked for; else the newest period, and of its windows the one over the widest area and with the most figures. None when nothing that
/// could be added up has been arranged yet.
fn choose(web: &Web, asked: &Asked, windows: &[Window]) -> Answer<Option<(String, Period)>> {
    if let Some((form, period)) = asked.of.split_once('/') {
        let period = Period::parse(period).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
        return Ok(Some((form.to_owned(), period)));
    }
    let figures = |window: &Window| web.app.form(&window.form).map_or(0, |form| totalled(form).len());
    let newest = windows.iter().filter(|window| figures(window) > 0);
    let rank = |window: &&Window| {
        let width = std::cmp::Reverse(window.area.prefix().len());
        (window.period.last_day(), width, figures(window))
    };
    let newest = newest.max_by_key(rank);
    Ok(newest.map(|window| (window.form.clone(), window.period)))
}

/// A figure with the cell that holds it for last year.
fn summed(form: &Form, cell: &CellDef) -> Summed {
    let last_year = form.last_year_cells().find(|(_, main)| **main == cell.id).map(|(before, _)| before.clone());
    Summed { cell: cell.id.clone(), last_year }
}

/// The figures of a form that are added up: numbers of this period that every unit must report (all, where none is a must),
/// and the sums of its lists.
pub(crate) fn totalled(form: &Form) -> Vec<CellDef> {
    let numbers = || form.cells().iter().filter(|cell| cell.is_number() && cell.column.is_empty());
    let required: Vec<CellDef> = numbers().filter(|cell| cell.is_required).cloned().collect();
    let fixed = if required.is_empty() { numbers().cloned().collect() } else { required };
    fixed.into_iter().chain(form.sum_cells()).collect()
}
