//! Plugs the columnar floor into the use cases.

use std::path::Path;

use youju_app::Fault;
use youju_app::columns::Columns;
use youju_domain::total::{Accepted, FrameKey, TotalRow, TotalsRequest};
use youju_frames::{Frames, FramesError};

/// The columns of an installation.
pub(crate) struct Plugged(Frames);

impl Plugged {
    /// Opens the folder of column files.
    pub(crate) fn open(folder: &Path) -> Result<Plugged, FramesError> {
        Frames::open(folder).map(Plugged)
    }
}

impl Columns for Plugged {
    fn is_fresh(&self, key: &FrameKey, watermark: i64) -> bool {
        self.0.is_fresh(key, watermark)
    }

    fn put(&self, key: &FrameKey, watermark: i64, accepted: Vec<Accepted>) -> Result<(), Fault> {
        self.0.put(key, watermark, &accepted).map_err(|error| Fault::new("writing columns", error))
    }

    fn totals(&self, request: &TotalsRequest) -> Result<Vec<TotalRow>, Fault> {
        self.0.totals(request).map_err(|error| Fault::new("adding up", error))
    }
}
