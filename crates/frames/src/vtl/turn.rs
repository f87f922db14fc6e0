//! Codes turned into measures and back.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::util::display::array_value_to_string;
use youju_vtl::Role;
use youju_vtl::dataset::Structure;

use super::compute::plain;
use super::error::RunError;
use super::kind::{data_type, schema_of};
use super::table::{key_text, place, rows_of};

/// The codes of an identifier as texts, each once, in the order of the rows.
pub(super) fn codes(batch: &RecordBatch, structure: &Structure, identifier: &str) -> Result<Vec<String>, RunError> {
    let column = place(batch, structure, identifier)?;
    let mut codes: Vec<String> = Vec::new();
    for row in 0..column.len() {
        codes.push(text(column, row)?);
    }
    codes.sort();
    codes.dedup();
    Ok(codes)
}

fn text(column: &ArrayRef, row: usize) -> Result<String, RunError> {
    Ok(plain(&array_value_to_string(column, row)?))
}

/// One row for each combination of the other identifiers, one column for each code.
pub(super) fn pivot(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    (identifier, measure): (&str, &str),
    codes: &[String],
) -> Result<RecordBatch, RunError> {
    let (by, values) = (place(batch, from, identifier)?, place(batch, from, measure)?);
    let others: Vec<&str> = to.with_role(Role::Identifier).map(|component| component.name.as_str()).collect();
    let mut keys = Vec::new();
    for name in &others {
        keys.push(place(batch, from, name)?);
    }
    let places: HashMap<&str, usize> = codes.iter().enumerate().map(|(at, code)| (code.as_str(), at)).collect();
    let mut groups: HashMap<String, usize> = HashMap::new();
    let mut firsts: Vec<u32> = Vec::new();
    let mut cells: Vec<Vec<Option<u32>>> = vec![Vec::new(); codes.len()];
    for row in 0..batch.num_rows() {
        let number = u32::try_from(row).map_err(|_| RunError::runtime("数据集超过 42 亿行。"))?;
        let key = key_text(&keys, row)?;
        let group = *groups.entry(key).or_insert_with(|| {
            firsts.push(number);
            firsts.len() - 1
        });
        let code = text(by, row)?;
        if let Some(cell) = places.get(code.as_str()).and_then(|at| cells.get_mut(*at)) {
            if cell.len() <= group {
                cell.resize(group + 1, None);
            }
            if let Some(place) = cell.get_mut(group) {
                *place = Some(number);
            }
        }
    }
    let firsts = UInt32Array::from(firsts);
    let mut columns = Vec::new();
    for key in keys {
        columns.push(rows_of(key, &firsts)?);
    }
    for mut cell in cells {
        cell.resize(firsts.len(), None);
        columns.push(rows_of(values, &UInt32Array::from(cell))?);
    }
    Ok(RecordBatch::try_new(schema_of(to), columns)?)
}

/// One batch for each measure, without its nulls.
pub(super) fn unpivot(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    measures: &[String],
) -> Result<Vec<RecordBatch>, RunError> {
    let kind = to.components.last().map_or(youju_vtl::Type::Number, |component| component.kind);
    let mut turned = Vec::new();
    for measure in measures {
        let values = place(batch, from, measure)?;
        let rows = (0..values.len()).filter(|row| !values.is_null(*row));
        let rows: Vec<u32> = rows.filter_map(|row| u32::try_from(row).ok()).collect();
        let indices = UInt32Array::from(rows);
        let mut columns: Vec<ArrayRef> = Vec::new();
        for identifier in from.with_role(Role::Identifier) {
            columns.push(rows_of(place(batch, from, &identifier.name)?, &indices)?);
        }
        columns.push(Arc::new(StringArray::from(vec![measure.as_str(); indices.len()])));
        columns.push(rows_of(&cast(values, &data_type(kind))?, &indices)?);
        turned.push(RecordBatch::try_new(schema_of(to), columns)?);
    }
    Ok(turned)
}
