//! The seam to the columnar floor: accepted reports go in, totals come out. `frames` is behind it, plugged in by the program.

use youju_domain::total::{Accepted, FrameKey, TotalRow, TotalsRequest};

use crate::error::Fault;

/// Columns of accepted figures, kept fresh.
pub trait Columns: Send + Sync {
    /// True when the columns of `key` cover the journal up to `watermark`.
    fn is_fresh(&self, key: &FrameKey, watermark: i64) -> bool;

    /// Replaces the columns of `key`.
    fn put(&self, key: &FrameKey, watermark: i64, accepted: Vec<Accepted>) -> Result<(), Fault>;

    /// Adds up.
    fn totals(&self, request: &TotalsRequest) -> Result<Vec<TotalRow>, Fault>;
}
