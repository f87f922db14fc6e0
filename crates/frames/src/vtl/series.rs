//! Steps over time series: rows that differ only in the time identifier, in the order of time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type};
use arrow_array::{Array, ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray, UInt32Array};
use youju_vtl::dataset::{SeriesStep, Structure};
use youju_vtl::time::{Interval, Period, Unit};
use youju_vtl::{Role, Type};

use super::error::RunError;
use super::kind::{DIGITS, PLACES, fits, schema_of};
use super::table::{key_text, place, rows_of};

/// The most rows that filling may make: a series by days over ten thousand years has fewer.
const FILLED_MAX: usize = 100_000_000;

/// How the values of a time identifier are periods.
#[derive(Debug, Clone, Copy)]
enum Style {
    Period,
    Interval,
    /// Dates that are the first or last days of periods of a unit.
    Date(Unit, bool),
}

/// One series: rows by period.
struct Series {
    first: u32,
    rows: BTreeMap<i64, (Period, u32)>,
}

pub(super) fn run(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    time: &str,
    step: SeriesStep,
) -> Result<RecordBatch, RunError> {
    let column = place(batch, from, time)?;
    let kind = from.find(time).map_or(Type::TimePeriod, |found| found.kind);
    let style = style(column, kind);
    let periods = periods(column, style)?;
    match step {
        SeriesStep::Shift(by) => {
            let shifted = periods.iter().map(|period| {
                period
                    .shift(by)
                    .ok_or_else(|| RunError::runtime(format!("时期 {period} 移动 {by} 后超出 0001 至 9999 年。")))
            });
            let shifted = shifted.collect::<Result<Vec<_>, _>>()?;
            let all = numbers(batch.num_rows())?;
            let columns = to.components.iter().map(|component| {
                if component.name == time {
                    times(&shifted, style)
                } else {
                    rows_of(place(batch, from, &component.name)?, &all)
                }
            });
            Ok(RecordBatch::try_new(schema_of(to), columns.collect::<Result<Vec<_>, _>>()?)?)
        }
        SeriesStep::Fill(is_all) => {
            let series = series(batch, from, time, &periods)?;
            fill(batch, from, to, time, style, &series, is_all)
        }
        SeriesStep::FlowToStock | SeriesStep::StockToFlow => {
            let series = series(batch, from, time, &periods)?;
            accumulate(batch, from, to, &series, step == SeriesStep::FlowToStock)
        }
    }
}

fn numbers(rows: usize) -> Result<UInt32Array, RunError> {
    let rows = u32::try_from(rows).map_err(|_| RunError::runtime("数据集超过 42 亿行。"))?;
    Ok(UInt32Array::from((0..rows).collect::<Vec<_>>()))
}

/// Dates are taken for the ends, otherwise the beginnings, of the longest periods that all of them fit; else for days.
fn style(column: &ArrayRef, kind: Type) -> Style {
    match kind {
        Type::TimePeriod => return Style::Period,
        Type::Time => return Style::Interval,
        _ => {}
    }
    let dates = column.as_primitive::<Date32Type>();
    let fits = |unit: Unit, takes_last: bool| {
        dates.iter().flatten().all(|day| youju_vtl::time::coarser_date(day, unit, takes_last) == Some(day))
    };
    for unit in [Unit::Year, Unit::Semester, Unit::Quarter, Unit::Month] {
        for takes_last in [true, false] {
            if fits(unit, takes_last) {
                return Style::Date(unit, takes_last);
            }
        }
    }
    Style::Date(Unit::Day, false)
}

fn periods(column: &ArrayRef, style: Style) -> Result<Vec<Period>, RunError> {
    let text = |row: usize| column.as_string::<i32>().value(row).to_owned();
    let mut periods = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        let period = match style {
            Style::Period => Period::parse(&text(row)),
            Style::Interval => Interval::parse(&text(row)).and_then(Interval::period),
            Style::Date(unit, _) => Period::of_day(column.as_primitive::<Date32Type>().value(row), unit),
        };
        periods.push(period.ok_or_else(|| {
            let shown = super::csv_file::shown(column, row).unwrap_or_default();
            RunError::runtime(format!("时间“{shown}”不是整年、半年、季、月、周或日,不能按时间序列计算。"))
        })?);
    }
    Ok(periods)
}

fn times(periods: &[Period], style: Style) -> Result<ArrayRef, RunError> {
    let beyond = || RunError::runtime("时期超出 0001 至 9999 年。");
    Ok(match style {
        Style::Period => Arc::new(periods.iter().map(|period| Some(period.to_string())).collect::<StringArray>()),
        Style::Interval => {
            let texts = periods.iter().map(|period| Interval::of(*period).map(|interval| interval.to_string()));
            Arc::new(StringArray::from(texts.map(|text| text.ok_or_else(beyond)).collect::<Result<Vec<_>, _>>()?))
        }
        Style::Date(_, takes_last) => {
            let days = periods.iter().map(|period| if takes_last { period.last_day() } else { period.first_day() });
            Arc::new(Date32Array::from(days.map(|day| day.ok_or_else(beyond)).collect::<Result<Vec<_>, _>>()?))
        }
    })
}

/// Rows by the other identifiers and the unit of their period.
fn series(batch: &RecordBatch, from: &Structure, time: &str, periods: &[Period]) -> Result<Vec<Series>, RunError> {
    let mut others = Vec::new();
    for identifier in from.with_role(Role::Identifier).filter(|identifier| identifier.name != time) {
        others.push(place(batch, from, &identifier.name)?);
    }
    let mut known: HashMap<(String, Unit), usize> = HashMap::new();
    let mut all: Vec<Series> = Vec::new();
    for (row, period) in periods.iter().enumerate() {
        let number = u32::try_from(row).map_err(|_| RunError::runtime("数据集超过 42 亿行。"))?;
        let at = *known.entry((key_text(&others, row)?, period.unit())).or_insert_with(|| {
            all.push(Series { first: number, rows: BTreeMap::new() });
            all.len() - 1
        });
        let order = i64::from(period.first_day().unwrap_or_default());
        if let Some(series) = all.get_mut(at) {
            series.rows.insert(order, (*period, number));
        }
    }
    Ok(all)
}

fn fill(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    time: &str,
    style: Style,
    series: &[Series],
    is_all: bool,
) -> Result<RecordBatch, RunError> {
    let every = || series.iter().flat_map(|series| series.rows.values().map(|(period, _)| *period));
    let span = (every().filter_map(Period::first_day).min(), every().filter_map(Period::last_day).max());
    let (mut firsts, mut own, mut filled) = (Vec::new(), Vec::new(), Vec::new());
    for one in series {
        let (Some((begin, _)), Some((end, _))) = (one.rows.values().next(), one.rows.values().next_back()) else {
            continue;
        };
        let (mut begin, mut end) = (*begin, *end);
        if let (true, Some(first), Some(last)) = (is_all, span.0, span.1) {
            begin = Period::of_day(first, begin.unit()).unwrap_or(begin);
            end = Period::of_day(last, end.unit()).unwrap_or(end);
        }
        for period in begin.through(end) {
            let order = i64::from(period.first_day().unwrap_or_default());
            firsts.push(one.first);
            own.push(one.rows.get(&order).map(|(_, row)| *row));
            filled.push(period);
            if filled.len() > FILLED_MAX {
                return Err(RunError::runtime(format!("补齐后超过 {FILLED_MAX} 行。请先用 filter 缩小时间范围。")));
            }
        }
    }
    let (firsts, own) = (UInt32Array::from(firsts), UInt32Array::from(own));
    let mut columns = Vec::new();
    for component in &to.components {
        columns.push(match component.role {
            Role::Identifier if component.name == time => times(&filled, style)?,
            Role::Identifier => rows_of(place(batch, from, &component.name)?, &firsts)?,
            _ => rows_of(place(batch, from, &component.name)?, &own)?,
        });
    }
    Ok(RecordBatch::try_new(schema_of(to), columns)?)
}

/// Sums or differences of every measure along each series. Where a value is null, so is the result; the next result goes
/// on from the last value that is known.
fn accumulate(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    series: &[Series],
    to_stock: bool,
) -> Result<RecordBatch, RunError> {
    let all = numbers(batch.num_rows())?;
    let mut columns = Vec::new();
    for component in &to.components {
        let column = place(batch, from, &component.name)?;
        if component.role != Role::Measure {
            columns.push(rows_of(column, &all)?);
            continue;
        }
        let digits = |row: usize| -> Option<i128> {
            if column.is_null(row) {
                return None;
            }
            Some(match component.kind {
                Type::Integer => i128::from(column.as_primitive::<Int64Type>().value(row)),
                _ => column.as_primitive::<Decimal128Type>().value(row),
            })
        };
        let mut results: Vec<Option<i128>> = vec![None; batch.num_rows()];
        for one in series {
            let mut before: i128 = 0;
            for (_, row) in one.rows.values() {
                let Some(value) = digits(*row as usize) else { continue };
                let result = if to_stock { before.checked_add(value) } else { value.checked_sub(before) };
                let result = result.filter(|result| fits(*result));
                let result = result.ok_or_else(|| RunError::runtime("累计或差分的结果超出 38 位数字。"))?;
                before = if to_stock { result } else { value };
                if let Some(place) = results.get_mut(*row as usize) {
                    *place = Some(result);
                }
            }
        }
        columns.push(numeric(&results, component.kind)?);
    }
    Ok(RecordBatch::try_new(schema_of(to), columns)?)
}

fn numeric(results: &[Option<i128>], kind: Type) -> Result<ArrayRef, RunError> {
    if kind == Type::Integer {
        let whole = results.iter().map(|result| result.map(i64::try_from).transpose());
        let whole =
            whole.collect::<Result<Vec<_>, _>>().map_err(|_| RunError::runtime("累计或差分的结果超出 19 位整数。"))?;
        return Ok(Arc::new(Int64Array::from(whole)));
    }
    Ok(Arc::new(Decimal128Array::from(results.to_vec()).with_precision_and_scale(DIGITS, PLACES)?))
}
