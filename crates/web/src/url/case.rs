//! Addresses of cases.

use youju_domain::id::CaseId;

use super::{API, with_query};

/// 事项: where it is one's turn, and everything that one may look at.
pub const CASES: &str = "/cases";

/// The form of a new case.
pub fn case_new(kind: &str) -> String {
    format!("/cases/new/{kind}")
}

/// The form of a new case about a subject.
pub fn case_new_about(kind: &str, subject: &str) -> String {
    with_query(&case_new(kind), &[("subject", subject)])
}

/// A case.
pub fn case(id: CaseId) -> String {
    format!("/cases/{id}")
}

/// Doing something in a case.
pub fn case_act(id: CaseId, act: &str) -> String {
    format!("/cases/{id}/acts/{act}")
}

/// A file of a case.
pub fn case_file(id: CaseId, hash: &str) -> String {
    format!("/cases/{id}/files/{hash}")
}

/// The paper of what was done on the spot.
pub fn case_sheet(id: CaseId) -> String {
    format!("/cases/{id}/sheet")
}

/// The cases of a unit, for programs.
pub fn api_cases(usci: &str) -> String {
    format!("{API}/cases/{usci}")
}

/// A case, for programs.
pub fn api_case(usci: &str, id: CaseId) -> String {
    format!("{}/{id}", api_cases(usci))
}

/// 现场办理: what can be done on the spot, and what a phone has not sent yet. The pages below it can be opened without a line.
pub const ONSITE: &str = "/onsite";
/// The script that keeps those pages on the phone; it stands at the root, because a script keeps nothing above its own folder.
pub const ONSITE_WORKER: &str = "/onsite-worker.js";

/// Doing something on the spot.
pub fn onsite(id: CaseId, act: &str) -> String {
    format!("/onsite/{id}/{act}")
}
