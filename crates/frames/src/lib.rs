//! Columns 列存: accepted reports as Parquet files, one per form and period, and totals over them by DataFusion.
//!
//! What lives here: writing those files so that a crash leaves the old or the new one, adding up, reading Parquet for
//! bulk checks, scripts of the check language over whole datasets. What never will: the data base, use cases, pages.
//!
//! All calls are synchronous. Plans run on a runtime of their own, so that adding up never delays a request; a caller
//! inside another runtime uses `spawn_blocking`.
//!
//! ```
//! # fn main() -> Result<(), youju_frames::FramesError> {
//! use youju_domain::total::FrameKey;
//! let folder = std::env::temp_dir().join("youju-frames-example");
//! let frames = youju_frames::Frames::open(&folder)?;
//! let key = FrameKey { form: "B203".into(), period: youju_codes::Period::parse("2026-03").unwrap() };
//! frames.put(&key, 17, &[])?;
//! assert!(frames.is_fresh(&key, 17));
//! # Ok(()) }
//! ```

pub mod batches;
#[cfg(feature = "cluster")]
pub mod cluster;
mod error;
mod file;
pub mod read;
mod total;
pub mod vtl;
mod write;

use std::path::{Path, PathBuf};
use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};
use youju_domain::total::{Accepted, FrameKey, TotalRow, TotalsRequest};

pub use error::FramesError;

/// The folder of column files with the runtime that reads them.
pub struct Frames {
    folder: PathBuf,
    runtime: Option<Runtime>,
}

impl Frames {
    /// Opens a folder, which is made when it is not there.
    pub fn open(folder: &Path) -> Result<Frames, FramesError> {
        std::fs::create_dir_all(folder).map_err(|cause| FramesError::file("建立列存目录", folder, cause))?;
        let runtime = Builder::new_multi_thread().thread_name("youju-frames").enable_all().build();
        let runtime = runtime.map_err(|cause| FramesError::file("启动汇总线程", folder, cause))?;
        Ok(Frames { folder: folder.to_owned(), runtime: Some(runtime) })
    }

    /// True when the file of `key` covers the journal up to exactly `watermark`. A file that knows more than the journal
    /// belongs to a data base that has been restored since, and is as stale as one that knows less.
    pub fn is_fresh(&self, key: &FrameKey, watermark: i64) -> bool {
        file::watermark(&self.path(key)) == Some(watermark)
    }

    /// Replaces the file of `key`: it now covers the journal up to `watermark`.
    pub fn put(&self, key: &FrameKey, watermark: i64, accepted: &[Accepted]) -> Result<(), FramesError> {
        let batch = write::to_batch(accepted)?;
        file::replace(&self.path(key), &batch, watermark)
    }

    /// Adds up. The first row, with an empty group, is the sum of everything; the others follow by group.
    /// Without a file there are no rows.
    pub fn totals(&self, request: &TotalsRequest) -> Result<Vec<TotalRow>, FramesError> {
        let file = self.path(&request.key);
        let request = request.clone();
        let plan = async move { total::totals(&file, &request).await };
        let (send, receive) = mpsc::channel();
        let Some(runtime) = &self.runtime else { return Err(FramesError::Stopped) };
        runtime.spawn(async move { send.send(plan.await) });
        receive.recv().map_err(|_| FramesError::Stopped)?
    }

    fn path(&self, key: &FrameKey) -> PathBuf {
        self.folder.join(file::safe(&key.form)).join(format!("{}.parquet", file::safe(&key.period.to_string())))
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        // A runtime may not be dropped inside another one by waiting for it.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
