//! Addresses of the register.

use youju_domain::id::UnitId;

/// 名录.
pub const UNITS: &str = "/units";
/// A unit that becomes known.
pub const UNITS_NEW: &str = "/units/new";

/// A list of units that is looked at.
pub const UNITS_IMPORT: &str = "/units/import";
/// A list of units that is taken.
pub const UNITS_IMPORT_TAKE: &str = "/units/import/take";
/// The rows of a list that stay out, as a list.
pub const UNITS_IMPORT_LEFT: &str = "/units/import/left";

/// A unit.
pub fn unit(id: UnitId) -> String {
    format!("/units/{id}")
}

/// What a unit was from which day on, as it was known when.
pub fn unit_history(id: UnitId) -> String {
    format!("/units/{id}/history")
}

/// Which forms a unit owes, and why.
pub fn unit_owed(id: UnitId) -> String {
    format!("/units/{id}/owed")
}

/// What an office has learnt of a unit.
pub fn unit_change(id: UnitId) -> String {
    format!("/units/{id}/change")
}

/// 合并 of a unit with others.
pub fn unit_merge(id: UnitId) -> String {
    format!("/units/{id}/merge")
}

/// 分立 of a unit.
pub fn unit_split(id: UnitId) -> String {
    format!("/units/{id}/split")
}

/// The mark 说明企业.
pub fn unit_may_explain(id: UnitId) -> String {
    format!("/units/{id}/may-explain")
}

/// Registering a unit of which something is known, by the keys of facts.
pub fn unit_new(known: &[(&str, &str)]) -> String {
    super::with_query(UNITS_NEW, known)
}
