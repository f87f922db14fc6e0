//! Adding up: one plan over one file. Last year's figures stand in the same reports (上年同期栏).

use std::path::Path;

use arrow_array::{Array, Decimal128Array, Int64Array, RecordBatch, StringArray, StringViewArray};
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::when;
use datafusion::prelude::{DataFrame, Expr, ParquetReadOptions, SessionConfig, SessionContext, col, ident, lit};
use rust_decimal::Decimal;
use youju_domain::report::CellId;
use youju_domain::total::{Summed, TotalCell, TotalRow, TotalsRequest};

use crate::error::FramesError;
use crate::write::{SCALE, group_column, rank};

/// Suffixes of the two aggregates that growth needs.
const COMPARABLE: &str = "/comparable";
const LAST_YEAR: &str = "/last_year";

pub(crate) async fn totals(file: &Path, request: &TotalsRequest) -> Result<Vec<TotalRow>, FramesError> {
    let mut rows = groups(file, request).await?;
    rows.sort_by(|one, other| one.group.cmp(&other.group));
    if !rows.is_empty() {
        rows.insert(0, all(&rows, request.cells.len()));
    }
    Ok(rows)
}

/// The sum of all groups, exactly.
fn all(rows: &[TotalRow], cells: usize) -> TotalRow {
    let mut total = TotalRow { group: String::new(), units: 0, sums: vec![TotalCell::default(); cells] };
    for row in rows {
        total.units += row.units;
        for (into, sum) in total.sums.iter_mut().zip(&row.sums) {
            into.this = add(into.this, sum.this);
            into.comparable = add(into.comparable, sum.comparable);
            into.last_year = add(into.last_year, sum.last_year);
        }
    }
    total
}

fn add(one: Option<Decimal>, other: Option<Decimal>) -> Option<Decimal> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

async fn groups(file: &Path, request: &TotalsRequest) -> Result<Vec<TotalRow>, FramesError> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    // The files are small and many: one partition saves more than it costs.
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    let frame = context.read_parquet(file.display().to_string(), ParquetReadOptions::default()).await?;
    let frame = within(frame, request)?;
    let mut aggregates = vec![count(lit(1_i64)).alias("units")];
    for summed in request.cells.iter().filter(|summed| has(&frame, summed.cell.as_str())) {
        aggregates.extend(aggregates_of(&frame, summed)?);
    }
    let batches = frame.aggregate(vec![col(group_column(request.by))], aggregates)?.collect().await?;
    let mut rows = Vec::new();
    for batch in &batches {
        read_groups(batch, request, &mut rows)?;
    }
    Ok(rows)
}

/// The sum of a figure; with last year's cell beside it, also both years over the units that gave both.
fn aggregates_of(frame: &DataFrame, summed: &Summed) -> Result<Vec<Expr>, FramesError> {
    let cell = summed.cell.as_str();
    let mut aggregates = vec![sum(ident(cell)).alias(cell)];
    if let Some(before) = summed.last_year.as_ref().map(CellId::as_str).filter(|before| has(frame, before)) {
        let where_given = |given: &str, taken: &str| when(ident(given).is_not_null(), ident(taken)).end();
        aggregates.push(sum(where_given(before, cell)?).alias(format!("{cell}{COMPARABLE}")));
        aggregates.push(sum(where_given(cell, before)?).alias(format!("{cell}{LAST_YEAR}")));
    }
    Ok(aggregates)
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

fn read_groups(batch: &RecordBatch, request: &TotalsRequest, rows: &mut Vec<TotalRow>) -> Result<(), FramesError> {
    let missing = |what: &'static str| FramesError::Type { column: what.into(), found: "-".into() };
    let units = batch.column_by_name("units").and_then(|column| column.as_any().downcast_ref::<Int64Array>());
    let units = units.ok_or_else(|| missing("units"))?;
    for index in 0..batch.num_rows() {
        let value = |column: String| {
            let column = batch.column_by_name(&column)?.as_any().downcast_ref::<Decimal128Array>()?;
            let value = (!column.is_null(index)).then(|| column.value(index))?;
            Decimal::try_from_i128_with_scale(value, SCALE).ok().map(|value| value.normalize())
        };
        let sums = request.cells.iter().map(|summed| TotalCell {
            this: value(summed.cell.to_string()),
            comparable: value(format!("{}{COMPARABLE}", summed.cell)),
            last_year: value(format!("{}{LAST_YEAR}", summed.cell)),
        });
        let units = u64::try_from(units.value(index)).unwrap_or_default();
        let group = text(batch, index).ok_or_else(|| missing("group"))?;
        rows.push(TotalRow { group, units, sums: sums.collect() });
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
