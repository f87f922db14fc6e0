//! Addresses of the audit.

use youju_domain::id::UnitId;

/// What everybody did.
pub const AUDIT: &str = "/audit";
/// Who looked at what.
pub const AUDIT_LOOKS: &str = "/audit/looks";

/// Who looked at a unit.
pub fn unit_looks(id: UnitId) -> String {
    format!("/units/{id}/looks")
}
