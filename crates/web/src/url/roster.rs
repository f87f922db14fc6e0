//! Addresses of lists of departments, and of prospects.

use youju_domain::id::{ProspectId, RosterId, RosterRunId};

use super::with_query;

/// 部门名单.
pub const ROSTERS: &str = "/rosters";
/// Choosing a list, and looking at it.
pub const ROSTER_TABLE: &str = "/rosters/table";
/// Taking what was looked at.
pub const ROSTER_TAKE: &str = "/rosters/table/take";
/// Looking for duplicates in the register.
pub const ROSTER_DOUBLES: &str = "/rosters/doubles";
/// 准四上单位.
pub const PROSPECTS: &str = "/prospects";
/// Writing down a tip by hand.
pub const PROSPECT_NEW: &str = "/prospects/new";
/// The same as a file.
pub const PROSPECTS_CSV: &str = "/prospects/csv";

/// A list.
pub fn roster(id: RosterId) -> String {
    format!("/rosters/{id}")
}

/// Choosing a file that completes a list.
pub fn roster_more(id: RosterId) -> String {
    with_query(ROSTER_TABLE, &[("into", &id.to_string())])
}

/// The rows of a list that were left, as a file.
pub fn roster_left(id: RosterId) -> String {
    format!("/rosters/{id}/left/csv")
}

/// Matching a list with the register.
pub fn roster_runs(id: RosterId) -> String {
    format!("/rosters/{id}/runs")
}

/// A run with one of its lists.
pub fn roster_run(id: RosterRunId, verdict: &str) -> String {
    with_query(&format!("/rosters/runs/{id}"), &[("list", verdict)])
}

/// A list of a run as a file.
pub fn roster_run_csv(id: RosterRunId, verdict: &str, search: &str) -> String {
    with_query(&format!("/rosters/runs/{id}/csv"), &[("list", verdict), ("search", search)])
}

/// The pair of a run that is to be looked at next.
pub fn roster_review(id: RosterRunId) -> String {
    format!("/rosters/runs/{id}/review")
}

/// A pair of a run.
pub fn roster_pair(id: RosterRunId, number: i64) -> String {
    format!("/rosters/runs/{id}/pairs/{number}")
}

/// A pair, with the way back to the one that was judged last.
pub fn roster_pair_after(id: RosterRunId, number: i64, last: i64) -> String {
    with_query(&roster_pair(id, number), &[("last", &last.to_string())])
}

/// A prospect.
pub fn prospect(id: ProspectId) -> String {
    format!("/prospects/{id}")
}
