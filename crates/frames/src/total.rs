//! Adding up: one plan per year, then the two years side by side.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::{Array, Decimal128Array, Int64Array, RecordBatch, StringArray, StringViewArray};
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::prelude::{DataFrame, Expr, ParquetReadOptions, SessionConfig, SessionContext, col, ident, lit};
use rust_decimal::Decimal;
use youju_domain::total::{TotalCell, TotalRow, TotalsRequest};

use crate::error::FramesError;
use crate::write::{SCALE, group_column, rank};

/// Units and sums of one group in one year.
#[derive(Debug, Clone, Default)]
struct Sums {
    units: u64,
    cells: Vec<Option<Decimal>>,
}

pub(crate) async fn totals(
    this: &Path,
    last_year: &Path,
    request: &TotalsRequest,
) -> Result<Vec<TotalRow>, FramesError> {
    let this = sums(this, request).await?;
    let last = sums(last_year, request).await?;
    if this.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups: Vec<&String> = this.keys().chain(last.keys()).collect();
    groups.sort();
    groups.dedup();
    let none = Sums::default();
    let mut rows = vec![row("", &all(&this), &all(&last), request)];
    for group in groups {
        rows.push(row(group, this.get(group).unwrap_or(&none), last.get(group).unwrap_or(&none), request));
    }
    Ok(rows)
}

fn row(group: &str, this: &Sums, last: &Sums, request: &TotalsRequest) -> TotalRow {
    let cell = |sums: &Sums, index: usize| sums.cells.get(index).copied().flatten();
    TotalRow {
        group: group.to_owned(),
        units: this.units,
        units_last_year: last.units,
        sums: (0..request.cells.len())
            .map(|index| TotalCell { this: cell(this, index), last_year: cell(last, index) })
            .collect(),
    }
}

/// The sum of all groups, exactly.
fn all(groups: &BTreeMap<String, Sums>) -> Sums {
    let mut total = Sums::default();
    for sums in groups.values() {
        total.units += sums.units;
        total.cells.resize(sums.cells.len(), None);
        for (into, value) in total.cells.iter_mut().zip(&sums.cells) {
            *into = match (*into, *value) {
                (Some(one), Some(other)) => Some(one + other),
                (one, other) => one.or(other),
            };
        }
    }
    total
}

async fn sums(file: &Path, request: &TotalsRequest) -> Result<BTreeMap<String, Sums>, FramesError> {
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    // The files are small and many: one partition saves more than it costs.
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    let frame = context.read_parquet(file.display().to_string(), ParquetReadOptions::default()).await?;
    let frame = within(frame, request)?;
    let present: Vec<bool> = request.cells.iter().map(|cell| has(&frame, cell.as_str())).collect();
    let mut aggregates = vec![count(lit(1_i64)).alias("units")];
    for (cell, _) in request.cells.iter().zip(&present).filter(|(_, present)| **present) {
        aggregates.push(sum(ident(cell.as_str())).alias(cell.as_str()));
    }
    let batches = frame.aggregate(vec![col(group_column(request.by))], aggregates)?.collect().await?;
    let mut groups = BTreeMap::new();
    for batch in &batches {
        read_groups(batch, request, &present, &mut groups)?;
    }
    Ok(groups)
}

fn within(frame: DataFrame, request: &TotalsRequest) -> Result<DataFrame, FramesError> {
    let prefix = request.area.prefix();
    let below: Expr =
        col("area").gt_eq(lit(format!("{prefix:0<12}"))).and(col("area").lt_eq(lit(format!("{prefix:9<12}"))));
    Ok(frame.filter(below.and(col("level").gt_eq(lit(rank(request.level)))))?)
}

fn has(frame: &DataFrame, column: &str) -> bool {
    frame.schema().fields().iter().any(|field| field.name() == column)
}

fn read_groups(
    batch: &RecordBatch,
    request: &TotalsRequest,
    present: &[bool],
    groups: &mut BTreeMap<String, Sums>,
) -> Result<(), FramesError> {
    let missing = |what: &'static str| FramesError::Type { column: what.into(), found: "-".into() };
    let units = batch.column_by_name("units").and_then(|column| column.as_any().downcast_ref::<Int64Array>());
    let units = units.ok_or_else(|| missing("units"))?;
    for index in 0..batch.num_rows() {
        let group = text(batch, index).ok_or_else(|| missing("group"))?;
        let cells = request.cells.iter().zip(present).map(|(cell, present)| {
            let column = present.then(|| batch.column_by_name(cell.as_str())).flatten()?;
            let column = column.as_any().downcast_ref::<Decimal128Array>()?;
            (!column.is_null(index)).then(|| Decimal::try_from_i128_with_scale(column.value(index), SCALE).ok())?
        });
        let cells = cells.map(|cell| cell.map(|value| value.normalize())).collect();
        let units = u64::try_from(units.value(index)).unwrap_or_default();
        groups.insert(group, Sums { units, cells });
    }
    Ok(())
}

/// The group of a row; DataFusion hands texts back as views.
fn text(batch: &RecordBatch, index: usize) -> Option<String> {
    let column = batch.columns().first()?.as_any();
    if let Some(texts) = column.downcast_ref::<StringArray>() {
        return Some(texts.value(index).to_owned());
    }
    column.downcast_ref::<StringViewArray>().map(|texts| texts.value(index).to_owned())
}
