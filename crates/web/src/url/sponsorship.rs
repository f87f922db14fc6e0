//! Addresses of sponsorships.

use youju_domain::id::{SponsorshipId, UnitId};

use super::with_query;

/// 包保 of an area.
pub const SPONSORSHIPS: &str = "/sponsorships";
/// Naming somebody.
pub const SPONSORSHIPS_NEW: &str = "/sponsorships/new";
/// Units for which nobody answers.
pub const SPONSORSHIPS_MISSING: &str = "/sponsorships/missing";

/// Units for which nobody answers on a tier.
pub fn sponsorships_missing(tier: &str) -> String {
    with_query(SPONSORSHIPS_MISSING, &[("tier", tier)])
}

/// A sponsorship.
pub fn sponsorship(id: SponsorshipId) -> String {
    format!("/sponsorships/{id}")
}

/// A command on a sponsorship: `visit`, `end`.
pub fn sponsorship_act(id: SponsorshipId, act: &str) -> String {
    format!("/sponsorships/{id}/{act}")
}

/// Who answers for a unit.
pub fn unit_sponsors(id: UnitId) -> String {
    format!("/units/{id}/sponsors")
}
