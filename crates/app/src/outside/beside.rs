//! Reported figures beside those of departments: of one report, and of every unit of a window.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::json;
use youju_codes::{Measure, Quantity};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::outside::{Against, Compared, Import, Item, Verdict, counting, speaks_for};
use youju_domain::report::{Cells, value_of};
use youju_domain::survey::Window;
use youju_programme::CellDef;
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::outside::{self, Reported};

use super::comparisons;
use crate::context::{App, Cx};
use crate::error::{Error, Fault, Result};
use crate::generate::Books;
use crate::report::{Open, open};
use crate::survey::{self, narrower};

/// One cell of a report with all that it may be compared with, in the unit of measure of the cell.
#[derive(Debug, Clone)]
pub struct Line {
    /// What the department hands over.
    pub item: Item,
    /// How it is compared.
    pub against: Against,
    /// The cell's name.
    pub label: String,
    /// Its unit of measure.
    pub measure: Measure,
    /// 上期.
    pub previous: Option<Decimal>,
    /// 上年同期.
    pub last_year: Option<Decimal>,
    /// What the unit's ledgers give the cell.
    pub ledger: Option<Decimal>,
    /// 本期 beside the department's.
    pub compared: Compared,
    /// The import that speaks for the unit, also where it says nothing about it.
    pub import: Option<Import>,
}

/// The comparisons of a report, for those who may inspect its unit; nothing for others. Where a department says anything, it is
/// written down who looks, before it is shown.
pub async fn of_report(app: &App, actor: &Actor, id: ReportId) -> Result<Vec<Line>> {
    let (unit, lines) = app.read(Some(actor.clone()), async |cx| lines_of(cx, id).await).await?;
    let shown: BTreeSet<String> = lines.iter().filter_map(|line| Some(line.import.as_ref()?.id.to_string())).collect();
    if lines.iter().any(|line| line.compared.outside.is_some()) {
        app.write(Some(actor.clone()), async |cx| {
            let payload = json!({ "report": id, "unit": unit, "imports": shown });
            cx.record("outside.viewed", ("outside_view", id.to_string()), payload).await
        })
        .await?;
    }
    Ok(lines)
}

async fn lines_of(cx: &mut Cx<'_>, id: ReportId) -> Result<(UnitId, Vec<Line>)> {
    let open = open(cx, id).await?;
    let (unit, report) = (&open.unit, &open.report);
    let all = comparisons(cx.app(), &report.form);
    let sees = decide(cx.actor()?, Action::Inspect, open.object(cx.app()));
    if all.is_empty() || !sees {
        return Ok((unit.id, Vec::new()));
    }
    let form = cx.app().form(&report.form)?;
    let ledgers: BTreeMap<_, _> = Books::of(cx, form, unit.id, report.period)
        .await?
        .derive(form, unit, report.period)
        .cells
        .into_iter()
        .map(|cell| (cell.cell, cell.value))
        .collect();
    let mut lines = Vec::new();
    for (item, against) in all {
        let Some(cell) = form.cell(&against.cell) else { continue };
        let (import, figure) = spoken(cx, &item, &open).await?;
        let number = |cells: &Cells| value_of(cells, &against.cell).number();
        let handed = import.as_ref().zip(figure).map(|(import, value)| Quantity::new(value, import.measure));
        let compared = against.compare((cell.measure, cell.decimals), number(&report.cells), handed);
        lines.push(Line {
            label: cell.label.clone(),
            measure: cell.measure,
            previous: open.previous.as_ref().and_then(|(_, cells)| number(cells)),
            last_year: open.last_year.as_ref().and_then(|(_, cells)| number(cells)),
            ledger: ledgers.get(&against.cell).copied(),
            compared,
            import,
            item,
            against,
        });
    }
    Ok((unit.id, lines))
}

/// The import that speaks for the unit of a report, and what it says.
async fn spoken(cx: &mut Cx<'_>, item: &Item, open: &Open) -> Result<(Option<Import>, Option<Decimal>)> {
    let period = item.span.kept_under(open.report.period);
    let counting = counting(outside::of(cx.tx(), &item.id, period).await?);
    let Some(import) = speaks_for(&counting, &open.unit.area).cloned() else { return Ok((None, None)) };
    let scope = youju_domain::access::Scope::Unit(open.unit.id);
    let figure = outside::figures(cx.tx(), import.id, &scope).await?.remove(&open.unit.id);
    Ok((Some(import), figure))
}

/// A unit of a window with its comparison.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its report, as far as it was handed in.
    pub report: Reported,
    /// The reported figure beside that of the department.
    pub compared: Compared,
}

/// A window with one of its comparisons.
pub struct OfWindow {
    /// The window.
    pub window: Window,
    /// Every comparison of the form; none where its programme declares none.
    pub choices: Vec<(Item, Against)>,
    /// Which of them this is.
    pub chosen: usize,
    /// The cell's name and its unit of measure.
    pub cell: (String, Measure),
    /// Every unit, the largest difference first.
    pub units: Vec<Standing>,
}

impl OfWindow {
    /// The chosen comparison.
    pub fn choice(&self) -> Option<&(Item, Against)> {
        self.choices.get(self.chosen)
    }

    /// How many units end with a verdict.
    pub fn number(&self, verdict: Verdict) -> usize {
        self.units.iter().filter(|unit| unit.compared.verdict == verdict).count()
    }
}

/// How a comparison of a form is named in addresses: item and cell.
pub fn key((item, against): &(Item, Against)) -> String {
    format!("{}/{}", item.id, against.cell)
}

/// Every unit of a window beside what a department says, by one comparison of the form ([`key`]; empty for its first). It is written
/// down who looks, before it is shown.
pub async fn of_window(app: &App, actor: &Actor, id: WindowId, chosen: &str) -> Result<OfWindow> {
    let found = app.read(Some(actor.clone()), async |cx| read_window(cx, id, chosen).await).await?;
    if found.units.iter().any(|unit| unit.compared.outside.is_some()) {
        let item = found.choice().map(|(item, _)| item.id.clone());
        app.write(Some(actor.clone()), async |cx| {
            let payload = json!({ "window": id, "item": item, "units": found.units.len() });
            cx.record("outside.viewed", ("outside_view", id.to_string()), payload).await
        })
        .await?;
    }
    Ok(found)
}

async fn read_window(cx: &mut Cx<'_>, id: WindowId, chosen: &str) -> Result<OfWindow> {
    let window = inspected(cx, id).await?;
    let choices = comparisons(cx.app(), &window.form);
    let place = choices.iter().position(|choice| key(choice) == chosen);
    if place.is_none() && !chosen.is_empty() {
        return Err(Problem::NotFound { what: "部门数据对照" }.into());
    }
    let chosen = place.unwrap_or_default();
    let Some((item, against)) = choices.get(chosen) else {
        return Ok(OfWindow { window, choices, chosen: 0, cell: (String::new(), Measure::None), units: Vec::new() });
    };
    let form = cx.app().form(&window.form)?;
    let cell = form.cell(&against.cell).ok_or_else(|| unknown(against))?.into_owned();
    let mut units = compared(cx, &window, (item, against), &cell).await?;
    units.sort_by_key(|unit| {
        let far = unit.compared.difference.map(|difference| difference.abs());
        (Reverse(far), unit.compared.verdict, unit.report.unit_name.clone())
    });
    Ok(OfWindow { window, chosen, cell: (cell.label, cell.measure), units, choices })
}

fn unknown(against: &Against) -> Error {
    Problem::UnknownCell { cell: against.cell.to_string() }.into()
}

/// A window for those who may inspect its area.
async fn inspected(cx: &mut Cx<'_>, id: WindowId) -> Result<Window> {
    let window = survey::get(cx, id).await?;
    cx.allow(Action::Inspect, Object::Area(&narrower(&window.area, &cx.actor()?.area)))?;
    Ok(window)
}

/// Every unit of a window and of the actor's area with one comparison.
async fn compared(
    cx: &mut Cx<'_>,
    window: &Window,
    (item, against): (&Item, &Against),
    cell: &CellDef,
) -> Result<Vec<Standing>> {
    let scope = cx.actor()?.scope();
    let counting = counting(outside::of(cx.tx(), &item.id, item.span.kept_under(window.period)).await?);
    let mut figures = BTreeMap::new();
    for import in &counting {
        figures.insert(import.id, outside::figures(cx.tx(), import.id, &scope).await?);
    }
    let reports = outside::reported(cx.tx(), (window.id, &scope), &against.cell).await?;
    let one = |report: Reported| {
        let import = speaks_for(&counting, &report.area);
        let value = import.and_then(|import| figures.get(&import.id)?.get(&report.unit).copied());
        let handed = import.zip(value).map(|(import, value)| Quantity::new(value, import.measure));
        let compared = against.compare((cell.measure, cell.decimals), report.value, handed);
        Standing { report, compared }
    };
    Ok(reports.into_iter().map(one).collect())
}

/// The reports of a window that lie beyond the tolerance of any comparison; none for those who may not inspect its area. A mark
/// shows no figure, so nobody is written down for it.
pub async fn beyond(cx: &mut Cx<'_>, id: WindowId) -> Result<BTreeSet<ReportId>> {
    let window = survey::get(cx, id).await?;
    let actor = cx.actor()?;
    if !decide(actor, Action::Inspect, Object::Area(&narrower(&window.area, &actor.area))) {
        return Ok(BTreeSet::new());
    }
    let form = cx.app().form(&window.form)?;
    let mut found = BTreeSet::new();
    for (item, against) in comparisons(cx.app(), &window.form) {
        let Some(cell) = form.cell(&against.cell) else { continue };
        let units = compared(cx, &window, (&item, &against), &cell).await?;
        let far = units.iter().filter(|unit| unit.compared.verdict == Verdict::Beyond);
        found.extend(far.map(|unit| unit.report.id));
    }
    Ok(found)
}

/// The units of a window as CSV for Excel, with the name of the file.
pub fn csv(found: &OfWindow) -> Result<(String, Vec<u8>)> {
    let Some((item, against)) = found.choice() else {
        return Err(Problem::NotFound { what: "部门数据对照" }.into());
    };
    let (label, measure) = &found.cell;
    let names = [
        "序号".to_owned(),
        "统一社会信用代码".to_owned(),
        "单位名称".to_owned(),
        "区划代码".to_owned(),
        format!("填报:{label}({measure})"),
        format!("{}:{}({measure})", item.department, item.name),
        format!("差异({measure})"),
        format!("结果({})", against.tolerance()),
    ];
    let number = |value: Option<Decimal>| value.map_or(CellOut::Empty, CellOut::Number);
    let rows = (1u64..).zip(&found.units).map(|(place, unit)| {
        let (report, compared) = (&unit.report, &unit.compared);
        vec![
            CellOut::Number(place.into()),
            CellOut::from(report.usci.as_str()),
            CellOut::from(report.unit_name.as_str()),
            CellOut::from(report.area.as_str()),
            number(compared.reported),
            number(compared.outside),
            number(compared.difference),
            CellOut::from(compared.verdict.label()),
        ]
    });
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing the comparison with a department", error))?;
    let name = format!("部门数据对照 {} {} {}.csv", found.window.form, found.window.period.label(), item.name);
    Ok((name.replace(['/', '\\'], "_"), file))
}
