//! Addresses of the archive.

use youju_domain::id::UnitId;

use super::with_query;

/// 档案盒.
pub const ARCHIVE: &str = "/archive";
/// 到期可鉴定: whose files have been kept as long as they must be.
pub const ARCHIVE_EXPIRED: &str = "/archive/expired";

/// The box of a unit and year, or of one of its projects.
pub fn archive(unit: UnitId, year: i32, project: Option<&str>) -> String {
    with_query(&format!("/archive/{unit}/{year}"), &[("project", project.unwrap_or_default())])
}

/// The box, or a part of it, as a file.
pub fn archive_export(unit: UnitId, year: i32, project: Option<&str>, part: &str) -> String {
    let query = [("project", project.unwrap_or_default()), ("part", part)];
    with_query(&format!("/archive/{unit}/{year}/export"), &query)
}

/// The box of a unit and the year in work.
pub fn unit_archive(id: UnitId) -> String {
    format!("/units/{id}/archive")
}
