//! A window as a table: one row for each unit that an officer answers for, with what it has reported. To be read only: an office
//! writes no cell (law 1).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::Measure;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::WindowId;
use youju_domain::report::{CellId, Value, value_of};
use youju_programme::{CellDef, Form, added_up};
use youju_sheet::CellOut;
use youju_sheet::form_book::{BookCell, BookColumn, BookRow, FormBook, HeadLine, Rule, Section};
use youju_store::report::{self, OfUnit};

use super::{Outgoing, copy_mark};
use crate::context::Cx;
use crate::error::Result;
use crate::survey;

/// Units in one table. Each brings its whole report into memory; a city has some thousands.
pub const UNITS_MAX: usize = 20_000;

/// The reported figures of a window's units as one table, with who took it and when. Units that have not reported stand there with
/// their state and without figures; of the lists, the sums.
pub async fn export_window(cx: &mut Cx<'_>, id: WindowId) -> Result<Outgoing> {
    let window = survey::get(cx, id).await?;
    let actor = cx.actor()?.clone();
    cx.allow(Action::View, Object::Area(&survey::narrower(&window.area, &actor.area)))?;
    let form = cx.app().form(&window.form)?;
    let count = report::count_of_window(cx.tx(), id, &actor.scope()).await?;
    if count > UNITS_MAX as u64 {
        let reason = format!("这一期有 {count} 家单位,一次最多导出 {UNITS_MAX} 家。");
        return Err(Problem::BadInput { reason }.into());
    }
    let units = report::of_window(cx.tx(), id, &actor.scope()).await?;
    cx.looked_at(units.iter().map(|unit| unit.unit));
    let period = window.period.cumulative_label();
    let measure =
        if form.measure == Measure::None { String::new() } else { format!("计量单位:{}", form.measure.label()) };
    let reported = units.iter().filter(|unit| unit.state.is_reported()).count();
    let sums: Vec<CellDef> = form.sum_cells().collect();
    let columns = columns(form, &sums);
    let book = FormBook {
        title: format!("{} {period} 单位一览表", form.name),
        head: vec![
            HeadLine { left: copy_mark(&actor.name, cx.now()), right: format!("表号:{} 表", form.code) },
            HeadLine {
                left: format!("应报 {count} 家,已上报 {reported} 家;没有上报的单位不列数据。"), right: measure
            },
        ],
        sections: vec![Section::new("units", columns)],
        ..FormBook::default()
    };
    let rows = units.iter().map(|unit| row(form, &sums, unit)).collect();
    Ok(Outgoing { name: format!("{} {period} 单位一览表.xlsx", form.code), book, rows, unit: None })
}

const ABOUT_UNIT: [(&str, &str, u16); 4] =
    [("usci", "统一社会信用代码", 22), ("unit", "单位详细名称", 30), ("area", "区划代码", 16), ("state", "状态", 14)];

fn columns(form: &Form, sums: &[CellDef]) -> Vec<BookColumn> {
    let about = ABOUT_UNIT.map(|(key, name, width)| BookColumn { width, ..BookColumn::new(key, name, Rule::Locked) });
    let figure = |cell: &CellDef| BookColumn {
        code: cell.code.clone(),
        width: 18,
        ..BookColumn::new(&format!("cell.{}", cell.id), &cell.label, Rule::Locked)
    };
    about.into_iter().chain(form.cells().iter().chain(sums).map(figure)).collect()
}

fn row(form: &Form, sums: &[CellDef], unit: &OfUnit) -> BookRow {
    let text = |text: &str| BookCell::from(CellOut::from(text));
    let mut cells = vec![text(&unit.usci), text(&unit.name), text(unit.area.as_str()), text(unit.state.label())];
    if unit.state.is_reported() {
        let fixed = form.cells().iter().map(|cell| match value_of(&unit.cells, &cell.id) {
            Value::Blank => CellOut::Empty,
            Value::Number(number) => CellOut::Number(*number),
            value => CellOut::Text(cell.print(value)),
        });
        let numbers = unit.cells.iter().filter_map(|(id, cell)| Some((id.clone(), cell.value.number()?)));
        let added: BTreeMap<CellId, Decimal> = added_up(numbers.collect());
        let sums = sums.iter().map(|cell| added.get(&cell.id).map_or(CellOut::Empty, |sum| CellOut::Number(*sum)));
        cells.extend(fixed.chain(sums).map(BookCell::from));
    } else {
        cells.extend(form.cells().iter().chain(sums).map(|_| BookCell::default()));
    }
    BookRow::new(&unit.usci, cells)
}
