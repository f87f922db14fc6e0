//! Addresses of staff, handovers and seats in grids.

use youju_codes::AreaCode;
use youju_domain::id::{GridId, HandoverId, OrganisationId, SeatId, StaffId, TenureId, UnitId};
use youju_domain::seat::Place;
use youju_domain::staff::Workplace;

use super::with_query;

/// 统计人员.
pub const STAFF: &str = "/staff";
/// 人员配备: who is missing whom.
pub const STAFFING: &str = "/staffing";
/// The same as a file.
pub const STAFFING_CSV: &str = "/staffing/csv";
/// The same for programs.
pub const STAFFING_JSON: &str = "/staffing/json";
/// 工作交接.
pub const HANDOVERS: &str = "/handovers";
/// 网格任职.
pub const SEATS: &str = "/seats";

/// Somebody.
pub fn staff(id: StaffId) -> String {
    format!("/staff/{id}")
}

/// An act on somebody.
pub fn staff_act(id: StaffId, act: &str) -> String {
    format!("/staff/{id}/{act}")
}

/// The people of an organisation.
pub fn organisation_staff(id: OrganisationId) -> String {
    format!("/organisations/{id}/staff")
}

/// The people of a unit.
pub fn unit_staff(id: UnitId) -> String {
    format!("/units/{id}/staff")
}

/// The people of a place.
pub fn place_staff(at: Workplace) -> String {
    match at {
        Workplace::Organisation(id) => organisation_staff(id),
        Workplace::Unit(id) => unit_staff(id),
    }
}

/// The form of a new post in a place.
pub fn place_staff_new(at: Workplace) -> String {
    format!("{}/new", place_staff(at))
}

/// The same for somebody of the register.
pub fn place_staff_of(at: Workplace, staff: StaffId) -> String {
    with_query(&place_staff_new(at), &[("staff", &staff.to_string())])
}

/// Leaving a post: by a handover, or at once where there is nothing to hand over.
pub fn tenure_act(id: TenureId, act: &str) -> String {
    format!("/tenures/{id}/{act}")
}

/// A handover.
pub fn handover(id: HandoverId) -> String {
    format!("/handovers/{id}")
}

/// An act on a handover.
pub fn handover_act(id: HandoverId, act: &str) -> String {
    format!("/handovers/{id}/{act}")
}

/// The seats of an area.
pub fn seats_of(area: &AreaCode) -> String {
    with_query(SEATS, &[("area", area.as_str())])
}

/// A cell with its lights.
pub fn grid_cell(id: GridId) -> String {
    format!("/cells/{id}")
}

/// Who sits in a grid of any tier.
pub fn seats(place: Place) -> String {
    match place {
        Place::Grid(id) => format!("/cells/{id}/seats"),
        Place::Organisation(id) => format!("/organisations/{id}/seats"),
    }
}

/// Relieving somebody.
pub fn seat_relieve(id: SeatId) -> String {
    format!("/seats/{id}/relieve")
}
