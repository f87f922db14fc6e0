//! Addresses of the onboarding of new units.

use youju_domain::id::UnitId;

/// 新入库辅导 of an area.
pub const ONBOARDING: &str = "/onboarding";
/// 通报 of a month.
pub const ONBOARDING_BULLETIN: &str = "/onboarding/bulletin";
/// The same as a file.
pub const ONBOARDING_BULLETIN_CSV: &str = "/onboarding/bulletin/csv";
/// 首报跟踪.
pub const FIRST_REPORTS: &str = "/onboarding/first-reports";
/// The same as a file.
pub const FIRST_REPORTS_CSV: &str = "/onboarding/first-reports/csv";

/// What is owed to a unit.
pub fn unit_onboarding(id: UnitId) -> String {
    format!("/units/{id}/onboarding")
}

/// The unit confirms that it has the pack.
pub fn unit_onboarding_confirm(id: UnitId) -> String {
    format!("/units/{id}/onboarding/confirm")
}

/// A command on an item: `note`, `strike`.
pub fn unit_onboarding_act(id: UnitId, item: &str, act: &str) -> String {
    format!("/units/{id}/onboarding/items/{item}/{act}")
}

/// A file that proves an item.
pub fn unit_onboarding_file(id: UnitId, hash: &str) -> String {
    format!("/units/{id}/onboarding/files/{hash}")
}

/// 统计服务包.
pub fn service_pack(id: UnitId) -> String {
    format!("/units/{id}/service-pack")
}

/// The same as one file.
pub fn service_pack_zip(id: UnitId) -> String {
    format!("/units/{id}/service-pack/zip")
}
