//! Rows as CSV: a header with the names of the components, empty cells for null.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::scalar::ScalarValue;
use youju_vtl::Role;
use youju_vtl::dataset::{Component, Structure};

use super::compute::plain;
use super::error::RunError;
use super::kind::{data_type, scalar_value, schema_of};
use super::parse::cell;

/// The rows of a file, and the names of columns that the structure does not know.
pub(super) fn read(bytes: &[u8], structure: &Structure, file: &str) -> Result<(RecordBatch, Vec<String>), RunError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().map_err(|error| broken(&error, file))?.clone();
    let places = places(structure, &header, file)?;
    let mut columns: Vec<Vec<ScalarValue>> = vec![Vec::new(); structure.components.len()];
    let mut rows = 0;
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error, file))?;
        let line = record.position().map_or(0, csv::Position::line);
        for ((component, place), column) in structure.components.iter().zip(&places).zip(&mut columns) {
            let text = place.and_then(|place| record.get(place)).unwrap_or_default();
            column.push(value(text, component).map_err(|wanted| {
                RunError::runtime(format!("{file} 第 {line} 行“{}”应为{wanted},现为“{text}”。", component.name))
            })?);
        }
        rows += 1;
    }
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (component, column) in structure.components.iter().zip(columns) {
        arrays.push(if column.is_empty() {
            arrow_array::new_empty_array(&data_type(component.kind))
        } else {
            ScalarValue::iter_to_array(column)?
        });
    }
    let unused = header.iter().filter(|name| structure.find(name).is_none()).map(ToOwned::to_owned).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok((RecordBatch::try_new_with_options(schema_of(structure), arrays, &options)?, unused))
}

fn value(text: &str, component: &Component) -> Result<ScalarValue, String> {
    if text.is_empty() && component.role == Role::Identifier {
        return Err("标识的值(标识不能为空)".into());
    }
    if text.is_empty() && !component.is_nullable {
        return Err(format!("{}(结构写明不能为空)", component.kind.chinese()));
    }
    let scalar = cell(text, component.kind)?;
    scalar_value(&scalar, component.kind).ok_or_else(|| component.kind.chinese().to_owned())
}

/// Where each component stands in the file. A component that may be null may be left out.
fn places(structure: &Structure, header: &csv::StringRecord, file: &str) -> Result<Vec<Option<usize>>, RunError> {
    let mut places = Vec::new();
    for component in &structure.components {
        if header.iter().filter(|name| *name == component.name).count() > 1 {
            return Err(RunError::runtime(format!("{file} 的表头有两个“{}”。", component.name)));
        }
        let place = header.iter().position(|name| name == component.name);
        if place.is_none() && !component.is_nullable {
            return Err(RunError::runtime(format!("{file} 没有列“{}”,它不能为空。", component.name)));
        }
        places.push(place);
    }
    Ok(places)
}

fn broken(error: &csv::Error, file: &str) -> RunError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("有 {len} 列,表头有 {expected_len} 列。")
        }
        csv::ErrorKind::Utf8 { .. } => "不是 UTF-8 编码。请另存为 UTF-8。".into(),
        other => format!("不能读取:{other:?}。"),
    };
    RunError::runtime(format!("{file} 第 {line} 行{reason}"))
}

/// The rows as text.
pub(super) fn write(structure: &Structure, batch: &RecordBatch) -> Result<Vec<u8>, RunError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| RunError::runtime(format!("不能写 csv:{error}。"));
    writer.write_record(structure.components.iter().map(|component| &component.name)).map_err(failed)?;
    for row in 0..batch.num_rows() {
        let mut cells = Vec::new();
        for column in batch.columns() {
            cells.push(shown(column, row)?);
        }
        writer.write_record(&cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| RunError::runtime(format!("不能写 csv:{error}。")))
}

/// A value as text: numbers without zeros at the end, null as nothing.
pub(super) fn shown(column: &Arc<dyn Array>, row: usize) -> Result<String, RunError> {
    if column.is_null(row) {
        return Ok(String::new());
    }
    let text = array_value_to_string(column, row)?;
    let is_decimal = matches!(column.data_type(), arrow_schema::DataType::Decimal128(..));
    Ok(if is_decimal { plain(&text) } else { text })
}
