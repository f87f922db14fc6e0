//! Addresses of network security.

use youju_domain::id::{AssetId, DrillId, IssueId};

use super::with_query;

/// 安全: how everything stands.
pub const SECURITY: &str = "/security";
/// 资产清单.
pub const SECURITY_ASSETS: &str = "/security/assets";
/// The same as a file.
pub const SECURITY_ASSETS_CSV: &str = "/security/assets/csv";
/// 版本: what runs here.
pub const SECURITY_SOFTWARE: &str = "/security/software";
/// The list of components for other tools.
pub const SECURITY_SBOM: &str = "/security/software/sbom";
/// 登录分布.
pub const SECURITY_SIGN_INS: &str = "/security/sign-ins";
/// 失败的登录.
pub const SECURITY_FAILURES: &str = "/security/failures";
/// The same as a file.
pub const SECURITY_FAILURES_CSV: &str = "/security/failures/csv";
/// 日志留存.
pub const SECURITY_LOGS: &str = "/security/logs";
/// 预案和演练.
pub const SECURITY_DRILLS: &str = "/security/drills";
/// Where a version of the plan is sent.
pub const SECURITY_PLANS: &str = "/security/plans";
/// 年度自查.
pub const SECURITY_CHECK: &str = "/security/self-check";

/// One asset: its form, and where that is sent.
pub fn asset(id: AssetId) -> String {
    format!("/security/assets/{id}")
}

/// Where an asset is struck off.
pub fn asset_strike(id: AssetId) -> String {
    format!("/security/assets/{id}/strike")
}

/// Where it is said why the plan stays as it is.
pub fn drill_leave(id: DrillId) -> String {
    format!("/security/drills/{id}/leave")
}

/// Where what has to be done after a drill is sent.
pub fn drill_issues(id: DrillId) -> String {
    format!("/security/drills/{id}/issues")
}

/// Where an issue is struck off.
pub fn issue_strike(id: IssueId) -> String {
    format!("/security/issues/{id}/strike")
}

/// A file of a plan or a drill.
pub fn security_file(hash: &str) -> String {
    format!("/security/files/{hash}")
}

/// A page over a span of days.
pub fn over_days(path: &str, days: u64) -> String {
    with_query(path, &[("days", &days.to_string())])
}
