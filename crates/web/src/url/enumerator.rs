//! Addresses of enumerators.

use youju_domain::id::{EngagementId, OrganisationId, RateId};

/// 辅助调查员 of an area.
pub const ENUMERATORS: &str = "/enumerators";
/// Their pay of a month as a file.
pub const ENUMERATORS_CSV: &str = "/enumerators/csv";
/// What work is paid.
pub const ENUMERATOR_RATES: &str = "/enumerators/rates";

/// An engagement with a month.
pub fn enumerator(id: EngagementId) -> String {
    format!("/enumerators/{id}")
}

/// An act on an engagement.
pub fn enumerator_act(id: EngagementId, act: &str) -> String {
    format!("/enumerators/{id}/{act}")
}

/// The enumerators of an organisation.
pub fn organisation_enumerators(id: OrganisationId) -> String {
    format!("/organisations/{id}/enumerators")
}

/// Engaging one of its auxiliaries.
pub fn organisation_enumerators_new(id: OrganisationId) -> String {
    format!("/organisations/{id}/enumerators/new")
}

/// Ending a rate.
pub fn rate_end(id: RateId) -> String {
    format!("/enumerators/rates/{id}/end")
}
