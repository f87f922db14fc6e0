//! Tables as Parquet files in the shared folder, for the time of one script.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use tempfile::TempDir;

use crate::vtl::RunError;

/// Rows of a piece of a file: what one task reads at least.
const PIECE_ROWS: usize = 128 * 1024;

/// The folder of one script inside the shared one. It goes when the script has ended.
pub(crate) struct Tables {
    folder: TempDir,
    count: AtomicUsize,
}

impl Tables {
    pub(super) fn new(shared: &Path) -> Result<Tables, RunError> {
        let failed = |cause: std::io::Error| unusable(shared, &cause);
        std::fs::create_dir_all(shared).map_err(failed)?;
        let shared = shared.canonicalize().map_err(failed)?;
        let folder = tempfile::Builder::new().prefix("script-").tempdir_in(shared).map_err(failed)?;
        Ok(Tables { folder, count: AtomicUsize::new(0) })
    }

    /// Rows as a table that every member can read.
    pub(crate) fn table_of(&self, batch: &RecordBatch) -> Result<Arc<dyn TableProvider>, RunError> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.path().join(format!("{number}.parquet"));
        let file = File::create(&path).map_err(|cause| unusable(&path, &cause))?;
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(PIECE_ROWS)).build();
        let failed = |cause: parquet::errors::ParquetError| unusable(&path, &cause);
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?;
        writer.write(batch).map_err(failed)?;
        writer.close().map_err(failed)?;
        let url = ListingTableUrl::parse(path.to_string_lossy())?;
        let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension("parquet");
        let config = ListingTableConfig::new(url).with_listing_options(options).with_schema(batch.schema());
        Ok(Arc::new(ListingTable::try_new(config)?))
    }
}

fn unusable(path: &Path, cause: &dyn std::fmt::Display) -> RunError {
    RunError::runtime(format!("不能使用集群的共享目录“{}”:{cause}。", path.display()))
}
