//! Addresses of investment projects.

use youju_domain::id::{ProjectId, UnitId};

/// The projects of a unit.
pub fn unit_projects(unit: UnitId) -> String {
    format!("/units/{unit}/projects")
}

/// A project leaves the register.
pub fn project_leave(id: ProjectId) -> String {
    format!("/projects/{id}/leave")
}
