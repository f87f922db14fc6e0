//! Rows in one batch: sorted by their identifiers, which are never null and never twice the same.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use datafusion::arrow::array::make_comparator;
use datafusion::arrow::compute::{SortColumn, cast, concat_batches, lexsort_to_indices, take};
use datafusion::arrow::util::display::array_value_to_string;
use youju_vtl::dataset::Structure;
use youju_vtl::{Role, Scalar};

use super::csv_file::shown;
use super::error::RunError;
use super::kind::{data_type, schema_of};

/// All batches as one, with exactly the columns of the structure.
pub(super) fn one(structure: &Structure, batches: &[RecordBatch]) -> Result<RecordBatch, RunError> {
    let schema = schema_of(structure);
    let mut fitted = Vec::new();
    for batch in batches {
        let mut columns = Vec::new();
        for (component, column) in structure.components.iter().zip(batch.columns()) {
            columns.push(cast(column, &data_type(component.kind))?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        fitted.push(RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)?);
    }
    if fitted.is_empty() {
        return Ok(RecordBatch::new_empty(schema));
    }
    Ok(concat_batches(&schema, &fitted)?)
}

/// The rows in the order of their identifiers. Refuses nulls in identifiers and rows with the same identifiers.
pub(super) fn settled(structure: &Structure, batch: RecordBatch) -> Result<RecordBatch, RunError> {
    let mut keys: Vec<(&str, ArrayRef)> = Vec::new();
    for (component, column) in structure.components.iter().zip(batch.columns()) {
        if component.role == Role::Identifier {
            if let Some(row) = (0..column.len()).find(|row| column.is_null(*row)) {
                let message = format!("第 {} 行的标识“{}”为空,标识不能为空。", row + 1, component.name);
                return Err(RunError::runtime(message));
            }
            keys.push((&component.name, Arc::clone(column)));
        }
    }
    if keys.is_empty() {
        if batch.num_rows() > 1 {
            let message = format!("数据集没有标识,只能有一行,现有 {} 行。", batch.num_rows());
            return Err(RunError::runtime(message));
        }
        return Ok(batch);
    }
    let sorting = keys.iter().map(|(_, column)| SortColumn { values: Arc::clone(column), options: None });
    let order = lexsort_to_indices(&sorting.collect::<Vec<_>>(), None)?;
    let mut columns = Vec::new();
    for column in batch.columns() {
        columns.push(take(column, &order, None)?);
    }
    let sorted = RecordBatch::try_new(batch.schema(), columns)?;
    refuse_twins(structure, &sorted)?;
    Ok(sorted)
}

fn refuse_twins(structure: &Structure, sorted: &RecordBatch) -> Result<(), RunError> {
    let mut comparators = Vec::new();
    let mut keys = Vec::new();
    for (component, column) in structure.components.iter().zip(sorted.columns()) {
        if component.role == Role::Identifier {
            comparators.push(make_comparator(column, column, datafusion::arrow::compute::SortOptions::default())?);
            keys.push((component.name.as_str(), column));
        }
    }
    let rows = sorted.num_rows();
    let twin = (1..rows).find(|row| comparators.iter().all(|compare| compare(row - 1, *row) == Ordering::Equal));
    let Some(row) = twin else { return Ok(()) };
    let key: Vec<String> = keys
        .iter()
        .map(|(name, column)| {
            format!("{name}={}", super::compute::plain(&array_value_to_string(column, row).unwrap_or_default()))
        })
        .collect();
    Err(RunError::runtime(format!("有几行的标识相同:{}。标识相同的行只能有一行。", key.join(", "))))
}

/// The rows of these numbers; `None` gives a row of nulls.
pub(super) fn rows_of(column: &ArrayRef, rows: &UInt32Array) -> Result<ArrayRef, RunError> {
    Ok(take(column, rows, None)?)
}

/// The first value of the first column; null where there is no row.
pub(super) fn first_value(structure: &Structure, batch: &RecordBatch) -> Result<Scalar, RunError> {
    match (structure.components.first(), batch.columns().first()) {
        (Some(component), Some(column)) if !column.is_empty() && !column.is_null(0) => {
            let text = shown(column, 0)?;
            Scalar::parse(&text, component.kind).ok_or_else(|| RunError::runtime(format!("内部错误:标量“{text}”。")))
        }
        _ => Ok(Scalar::Null),
    }
}

/// The column of a component.
pub(super) fn place<'a>(batch: &'a RecordBatch, structure: &Structure, name: &str) -> Result<&'a ArrayRef, RunError> {
    let at = structure.components.iter().position(|component| component.name == name);
    at.and_then(|at| batch.columns().get(at)).ok_or_else(|| RunError::runtime(format!("内部错误:没有列“{name}”。")))
}

/// The values of some columns in a row as one text, different for different values.
pub(super) fn key_text(columns: &[&ArrayRef], row: usize) -> Result<String, RunError> {
    let mut key = String::new();
    for column in columns {
        let text = array_value_to_string(column, row)?;
        key.push_str(&text.len().to_string());
        key.push(':');
        key.push_str(&text);
    }
    Ok(key)
}
