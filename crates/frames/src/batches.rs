//! Parquet in, part by part: the columns that rules read, a row group at a time. Memory does not grow with the file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use youju_vtl::{IntakeError, Type, readable, type_of};

use crate::error::FramesError;

/// A Parquet file whose row groups are read independently, also side by side.
#[derive(Debug, Clone)]
pub struct ParquetParts {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl ParquetParts {
    /// Opens a file and reads what it says about itself.
    pub fn open(path: &Path) -> Result<ParquetParts, FramesError> {
        let file = File::open(path).map_err(|cause| FramesError::file("打开文件", path, cause))?;
        let metadata =
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()).map_err(FramesError::parquet(path))?;
        Ok(ParquetParts { path: path.to_owned(), metadata })
    }

    /// Names of the columns with the types that they have in rules; `None` if rules cannot read them.
    pub fn columns(&self) -> Vec<(String, Option<Type>)> {
        let fields = self.metadata.schema().fields().iter();
        fields.map(|field| (field.name().clone(), type_of(plain(field.data_type())))).collect()
    }

    /// Rows of every row group.
    pub fn group_rows(&self) -> Vec<usize> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(|group| usize::try_from(group.num_rows()).unwrap_or_default()).collect()
    }

    /// Reads some columns of one row group, `rows` at a time.
    pub fn read(&self, group: usize, columns: &[String], rows: usize) -> Result<GroupBatches, FramesError> {
        let file = File::open(&self.path).map_err(|cause| FramesError::file("打开文件", &self.path, cause))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let fields = builder.schema().fields().iter().enumerate();
        let wanted: Vec<usize> =
            fields.filter(|(_, field)| columns.contains(field.name())).map(|(place, _)| place).collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
        let builder = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(rows);
        let reader = builder.build().map_err(FramesError::parquet(&self.path))?;
        Ok(GroupBatches { reader, path: self.path.clone() })
    }
}

/// The batches of one row group.
pub struct GroupBatches {
    reader: ParquetRecordBatchReader,
    path: PathBuf,
}

impl Iterator for GroupBatches {
    type Item = Result<RecordBatch, FramesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(cause) => return Some(Err(FramesError::file("读取文件", &self.path, cause))),
        };
        Some(self.readable(&batch))
    }
}

impl GroupBatches {
    fn readable(&self, batch: &RecordBatch) -> Result<RecordBatch, FramesError> {
        let unreadable = |cause: ArrowError| FramesError::file("读取文件", &self.path, cause);
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            let plain = match plain(field.data_type()) {
                same if same == field.data_type() => Arc::clone(array),
                other => cast(array, other).map_err(unreadable)?,
            };
            let array = readable(field.name(), &plain)?;
            fields.push(Field::new(field.name(), array.data_type().clone(), true));
            arrays.push(array);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(unreadable)
    }
}

/// The type of the values behind a dictionary.
fn plain(kind: &DataType) -> &DataType {
    match kind {
        DataType::Dictionary(_, values) => values,
        same => same,
    }
}

impl From<IntakeError> for FramesError {
    fn from(error: IntakeError) -> FramesError {
        match error {
            IntakeError::Type { column, found } => FramesError::Type { column, found },
            IntakeError::Value { column, row, value } => FramesError::NotExact { column, row, value },
        }
    }
}
