//! Addresses of sampling frames.

use youju_domain::id::SamplingFrameId;
use youju_domain::sampling_frame::Encoding;

use super::with_query;

/// 抽样框 of an area.
pub const SAMPLING_FRAMES: &str = "/sampling-frames";
/// Defining one, and counting it.
pub const SAMPLING_FRAMES_NEW: &str = "/sampling-frames/new";
/// 核对: whether a file is the delivered one.
pub const SAMPLING_FRAMES_VERIFY: &str = "/sampling-frames/verify";

/// A frozen frame.
pub fn sampling_frame(id: SamplingFrameId) -> String {
    format!("/sampling-frames/{id}")
}

/// What is delivered of it.
pub fn sampling_frame_file(id: SamplingFrameId, encoding: Encoding) -> String {
    with_query(&format!("/sampling-frames/{id}/file"), &[("encoding", encoding.key())])
}

/// A frame beside an earlier one.
pub fn sampling_frame_compare(id: SamplingFrameId, earlier: SamplingFrameId) -> String {
    with_query(&format!("/sampling-frames/{id}/compare"), &[("with", &earlier.to_string())])
}

/// Every difference as a file.
pub fn sampling_frame_compare_csv(id: SamplingFrameId, earlier: SamplingFrameId) -> String {
    with_query(&format!("/sampling-frames/{id}/compare/csv"), &[("with", &earlier.to_string())])
}
