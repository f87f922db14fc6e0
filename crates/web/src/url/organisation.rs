//! Addresses of organisations, and of what they must have.

use chrono::NaiveDate;
use youju_domain::id::{OrganisationId, UnitId};

use super::with_query;

/// 机构.
pub const ORGANISATIONS: &str = "/organisations";
/// Setting organisations up from a profile.
pub const ORGANISATIONS_SET_UP: &str = "/organisations/set-up";
/// What an area code of one day is on another.
pub const ORGANISATIONS_RECUT: &str = "/organisations/recut";
/// 规范化清单: who lacks what.
pub const STANDARDS: &str = "/standards";
/// The same as a file.
pub const STANDARDS_CSV: &str = "/standards/csv";

/// An organisation.
pub fn organisation(id: OrganisationId) -> String {
    format!("/organisations/{id}")
}

/// An organisation as it was on a day.
pub fn organisation_on(id: OrganisationId, on: NaiveDate) -> String {
    with_query(&organisation(id), &[("on", &on.to_string())])
}

/// An act on an organisation: its form, and where that is sent.
pub fn organisation_act(id: OrganisationId, act: &str) -> String {
    format!("/organisations/{id}/{act}")
}

/// An item that an organisation must have.
pub fn requirement(id: OrganisationId, standard: &str, item: &str) -> String {
    format!("/organisations/{id}/standards/{standard}/{item}")
}

/// An act of the level above on an item.
pub fn requirement_act(id: OrganisationId, standard: &str, item: &str, act: &str) -> String {
    format!("{}/{act}", requirement(id, standard, item))
}

/// A file of an item.
pub fn requirement_file(id: OrganisationId, standard: &str, item: &str, hash: &str) -> String {
    format!("{}/files/{hash}", requirement(id, standard, item))
}

/// The organisation that a unit of the register is.
pub fn unit_organisation(id: UnitId) -> String {
    format!("/units/{id}/organisation")
}
