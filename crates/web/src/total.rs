//! Totals 汇总.

mod view;

use axum::extract::{RawQuery, State};
use maud::Markup;
use serde::Deserialize;
use youju_app::assessment::Subject;
use youju_app::total::PartsRequest;
use youju_codes::{AreaCode, Period};
use youju_domain::Problem;
use youju_domain::report::Level;
use youju_domain::survey::Window;
use youju_domain::total::{FrameKey, Grouping, Summed, TotalsRequest};
use youju_programme::{CellDef, Form};

use crate::assessment::Banner;
use crate::register::page_request;
use crate::request::{Answer, Signed, query};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use view::group_name;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Form and period, as `B203/2026-03`.
    #[serde(default)]
    of: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    level: String,
    /// An area within the person's own; empty for the whole of it.
    #[serde(default)]
    area: String,
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
    let narrowed = (!asked.area.is_empty()).then(|| AreaCode::parse(&asked.area)).transpose();
    let narrowed = narrowed.map_err(|error| Problem::BadInput { reason: error.to_string() })?;
    let level = if asked.level == "city" { Level::City } else { Level::County };
    let cells = form.totalled();
    let request = TotalsRequest {
        key: FrameKey { form: form.code.clone(), period },
        area: narrowed.unwrap_or(signed.actor.area),
        level,
        cells: cells.iter().map(|cell| summed(form, cell)).collect(),
        by: Grouping::from_key(&asked.by).unwrap_or(Grouping::Township),
    };
    let banner = told(&web, &signed, form, &request).await?;
    let rows = youju_app::total::totals(&web.app, signed.actor.clone(), request.clone()).await?;
    let place = narrowed.map(|area| format!("{} · ", youju_codes::area::path(&area))).unwrap_or_default();
    let head = Head {
        period: Some(period.cumulative_label()),
        about: Some(format!("{place}{} · 只汇总已经{}验收的报表。", form.title(), level.label())),
        ..Head::of("汇总")
    };
    let place = |id: &str| cells.iter().position(|cell| cell.id.as_str() == id);
    let charted = place(&asked.cell).or_else(|| place(form.headline.first()?.as_str())).unwrap_or_default();
    let shown = view::Shown {
        banner: &banner,
        form,
        cells: &cells,
        request: &request,
        rows: &rows,
        windows: &windows,
        narrowed,
        charted,
    };
    Ok(whole(&signed.frame, &head, &view::page(&shown)))
}

/// Whether what is asked for may be used outside.
async fn told(web: &Web, signed: &Signed, form: &Form, request: &TotalsRequest) -> Answer<Banner> {
    let subject = Subject { form: form.code.clone(), period: request.key.period, area: request.area };
    crate::assessment::told(web, signed, &subject, request.level).await
}

/// What is asked for; else the newest period that has been opened, and of its windows the one over the widest area and with the most figures. None when nothing that
/// could be added up has been arranged yet.
fn choose(web: &Web, asked: &Asked, windows: &[Window]) -> Answer<Option<(String, Period)>> {
    if let Some((form, period)) = asked.of.split_once('/') {
        let period = Period::parse(period).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
        return Ok(Some((form.to_owned(), period)));
    }
    let figures = |window: &Window| web.app.form(&window.form).map_or(0, |form| form.totalled().len());
    let newest = windows.iter().filter(|window| figures(window) > 0);
    let rank = |window: &&Window| {
        let width = std::cmp::Reverse(window.area.prefix().len());
        (window.opened_at.is_some(), window.period.last_day(), width, figures(window))
    };
    let newest = newest.max_by_key(rank);
    Ok(newest.map(|window| (window.form.clone(), window.period)))
}

/// A figure with the cell that holds it for last year.
fn summed(form: &Form, cell: &CellDef) -> Summed {
    Summed { cell: cell.id.clone(), last_year: form.last_year_of(cell).cloned() }
}

#[derive(Deserialize)]
pub(crate) struct OfGroup {
    /// Form and period, as `B203/2026-03`.
    of: String,
    /// Area of the group.
    area: String,
    #[serde(default)]
    level: String,
    cell: String,
    #[serde(default)]
    page: i64,
}

/// What a figure of a group is made of: the way from a total down to the cells.
pub(crate) async fn parts(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: OfGroup = query(raw)?;
    let bad = |reason: String| Problem::BadInput { reason };
    let (form, period) = asked.of.split_once('/').ok_or_else(|| bad("请从汇总页面打开。".into()))?;
    let period = Period::parse(period).map_err(|error| bad(error.to_string()))?;
    let area = AreaCode::parse(&asked.area).map_err(|error| bad(error.to_string()))?;
    let form = web.app.form(form)?;
    let wanted = form.totalled().into_iter().find(|cell| cell.id.as_str() == asked.cell);
    let cell = wanted.ok_or_else(|| Problem::UnknownCell { cell: asked.cell.clone() })?;
    let level = if asked.level == "city" { Level::City } else { Level::County };
    let request =
        PartsRequest { key: FrameKey { form: form.code.clone(), period }, area, level, cell: cell.id.clone() };
    let parts = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            youju_app::total::parts(cx, &request, page_request(asked.page)).await
        })
        .await?;
    let subject = Subject { form: form.code.clone(), period, area };
    let banner = crate::assessment::told(&web, &signed, &subject, level).await?;
    let group = youju_codes::area::name(&area).unwrap_or(&asked.area).to_owned();
    let title = format!("{group}:{}", cell.label);
    let head = Head {
        period: Some(period.cumulative_label()),
        about: Some(format!("{} · {}已验收。", form.title(), level.label())),
        crumbs: vec![
            ("汇总".into(), Some(url::totals(&form.code, period, Grouping::Township, level))),
            (title.clone(), None),
        ],
        ..Head::of(&title)
    };
    let pairs = [("of", asked.of.as_str()), ("area", &asked.area), ("level", level.key()), ("cell", cell.id.as_str())];
    Ok(whole(&signed.frame, &head, &view::parts((form, &banner), &cell, &parts, &pairs)))
}
