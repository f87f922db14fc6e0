//! Parquet in: files of any origin, their numbers made exact, for bulk checks.

use std::fs::File;
use std::path::Path;
use std::str::FromStr;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rust_decimal::Decimal;

use crate::error::FramesError;

/// Rows handed over at a time.
const ROWS_PER_BATCH: usize = 8_192;

/// A Parquet file as text columns, batch by batch. Numbers are printed exactly, a missing value stays missing.
pub struct ParquetTexts {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows in the file.
    pub rows: usize,
    reader: parquet::arrow::arrow_reader::ParquetRecordBatchReader,
    path: std::path::PathBuf,
    read: usize,
}

/// Opens a file.
pub fn open(path: &Path) -> Result<ParquetTexts, FramesError> {
    let file = File::open(path).map_err(|cause| FramesError::file("打开文件", path, cause))?;
    let at = FramesError::parquet(path);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(&at)?.with_batch_size(ROWS_PER_BATCH);
    let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
    let columns = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let reader = builder.build().map_err(&at)?;
    Ok(ParquetTexts { columns, rows, reader, path: path.to_owned(), read: 0 })
}

impl Iterator for ParquetTexts {
    type Item = Result<Vec<StringArray>, FramesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(cause) => return Some(Err(FramesError::file("读取文件", &self.path, cause))),
        };
        let texts = to_texts(&batch, self.read);
        self.read += batch.num_rows();
        Some(texts)
    }
}

fn to_texts(batch: &RecordBatch, rows_before: usize) -> Result<Vec<StringArray>, FramesError> {
    let schema = batch.schema();
    let pairs = schema.fields().iter().zip(batch.columns());
    pairs.map(|(field, column)| to_text(field.name(), column, rows_before)).collect()
}

fn to_text(name: &str, column: &ArrayRef, rows_before: usize) -> Result<StringArray, FramesError> {
    match column.data_type() {
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>();
            floats(name, values.iter().map(|value| value.map(|v| (v.is_finite(), v.to_string()))), rows_before)
        }
        DataType::Float32 => {
            let values = column.as_primitive::<Float32Type>();
            floats(name, values.iter().map(|value| value.map(|v| (v.is_finite(), v.to_string()))), rows_before)
        }
        found => {
            let refuse = || FramesError::Type { column: name.to_owned(), found: found.to_string() };
            let texts: ArrayRef = cast(column, &DataType::Utf8).map_err(|_| refuse())?;
            texts.as_any().downcast_ref::<StringArray>().cloned().map_or_else(|| Err(refuse()), Ok)
        }
    }
}

/// Floats by their shortest decimal text, which is what was written before it became a float.
fn floats(
    name: &str,
    values: impl Iterator<Item = Option<(bool, String)>>,
    rows_before: usize,
) -> Result<StringArray, FramesError> {
    let exact = values.enumerate().map(|(index, value)| match value {
        None => Ok(None),
        Some((true, text)) if Decimal::from_str(&text).is_ok() => Ok(Some(text)),
        Some((_, value)) => Err(FramesError::NotExact { column: name.to_owned(), row: rows_before + index + 1, value }),
    });
    let texts: Result<Vec<Option<String>>, FramesError> = exact.collect();
    Ok(StringArray::from(texts?))
}
