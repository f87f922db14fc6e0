//! Seats 网格任职: who leads a grid, stands in for its lead, belongs to it and guides it, on each of the three tiers and in the flat line.
//!
//! What a tier is and who sits there is data of a jurisdiction. Members of a cell are the people of its units, without being named one by one;
//! a seat is kept for those who were named.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::grid;
use crate::id::{GridId, OrganisationId, SeatId, StaffId};
use crate::organisation;
use crate::problem::Problem;
use crate::staff::line;

/// Role 网格职务.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 网格长.
    Lead,
    /// 副网格长.
    Deputy,
    /// 网格指导员.
    Guide,
    /// 网格员.
    Member,
}

impl Role {
    /// All roles, in the order of a page.
    pub const ALL: [Role; 4] = [Role::Lead, Role::Deputy, Role::Guide, Role::Member];

    /// What it is called where a grid is called `word`.
    pub fn label(self, word: &str) -> String {
        match self {
            Role::Lead => format!("{word}长"),
            Role::Deputy => format!("副{word}长"),
            Role::Guide => format!("{word}指导员"),
            Role::Member => format!("{word}员"),
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Role::Lead => "lead",
            Role::Deputy => "deputy",
            Role::Guide => "guide",
            Role::Member => "member",
        }
    }

    /// Reads [`Role::key`].
    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Where somebody sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An organisation: the city, a township, a platform.
    Organisation(OrganisationId),
    /// A cell.
    Grid(GridId),
}

/// Tier 层级 of the grids of a jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Its key.
    pub key: String,
    /// Its name, e.g. 一级.
    pub name: String,
    /// Kinds of organisations that are grids of this tier.
    pub kinds: Vec<organisation::Kind>,
    /// Organisations of the profile that it is for, by key; empty for all of the kinds.
    pub only: Vec<String>,
    /// Kinds of cells that are grids of this tier.
    pub cells: Vec<grid::Kind>,
    /// Which seats there are, each with who sits there by the document.
    pub seats: Vec<(Role, String)>,
}

impl Tier {
    /// True when an organisation is a grid of this tier.
    pub fn has_organisation(&self, kind: organisation::Kind, key: Option<&str>) -> bool {
        self.kinds.contains(&kind)
            && (self.only.is_empty() || key.is_some_and(|key| self.only.iter().any(|only| only == key)))
    }

    /// Who sits on a seat by the document; none where there is no such seat.
    pub fn words(&self, role: Role) -> Option<&str> {
        self.seats.iter().find(|(known, _)| *known == role).map(|(_, words)| words.as_str())
    }

    /// Seats that nobody sits on. Members are the people of the units, so that their seats are never empty.
    pub fn vacant(&self, taken: &[Role]) -> Vec<Role> {
        let roles = self.seats.iter().map(|(role, _)| *role);
        roles.filter(|role| *role != Role::Member && !taken.contains(role)).collect()
    }
}

/// Seat 网格任职.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// Who.
    pub staff: StaffId,
    /// Where.
    pub place: Place,
    /// As what.
    pub role: Role,
    /// The document.
    pub document: String,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it is no more.
    pub until: Option<NaiveDate>,
}

impl Seat {
    /// A seat that begins. `others` are those who sit in the same place today.
    pub fn begin(
        id: SeatId,
        (staff, place): (StaffId, Place),
        (tier, role): (&Tier, Role),
        others: &[Seat],
        (since, document): (NaiveDate, &str),
    ) -> Result<Seat, Problem> {
        let bad = |reason: &str| Err(Problem::BadInput { reason: reason.into() });
        if tier.words(role).is_none() {
            return bad("这一层级没有这种职务。");
        }
        if others.iter().any(|seat| seat.staff == staff) {
            return bad("这个人在这里已有职务。要改任的,请先免去原来的。");
        }
        if role == Role::Lead && others.iter().any(|seat| seat.role == Role::Lead) {
            return bad("这里已有负责人,一处只有一位。请先免去原来的。");
        }
        let document = line("文件", document)?;
        Ok(Seat { id, staff, place, role, document, since, until: None })
    }
}
