//! Person 人员: who signs in, and how failed attempts are slowed down.

use chrono::TimeDelta;
use youju_codes::AreaCode;

use crate::Instant;
use crate::access::{Actor, Domains, Role};
use crate::id::{PersonId, UnitId};
use crate::problem::Problem;

/// Person 人员 — one human being with an account of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The area they answer for, or where their unit is.
    pub area: AreaCode,
    /// Their unit, for respondents.
    pub unit: Option<UnitId>,
    /// What of the surveys their work covers, for officers.
    pub domains: Domains,
    /// Failed sign-ins in a row.
    pub failures: u32,
    /// When the last of them was.
    pub failed_at: Option<Instant>,
}

/// Failed sign-ins that are free.
pub const FAILURES_FREE: u32 = 5;

impl Person {
    /// The person as an actor.
    pub fn actor(&self) -> Actor {
        Actor {
            person: self.id,
            name: self.name.clone(),
            role: self.role,
            area: self.area,
            unit: self.unit,
            domains: self.domains.clone(),
            origin: None,
        }
    }

    /// Refuses while the person has to wait: 30 seconds after the fifth failure, doubled by each further one, at most one hour.
    pub fn may_try(&self, now: Instant) -> Result<(), Problem> {
        may_try(self.failures, self.failed_at, now)
    }
}

/// The same of any count of failures: also of accounts that do not exist, which must not be told apart by it.
pub fn may_try(failures: u32, failed_at: Option<Instant>, now: Instant) -> Result<(), Problem> {
    match waits_until(failures, failed_at) {
        Some(until) if now < until => {
            Err(Problem::TooManyAttempts { wait_seconds: (until - now).num_seconds().max(1) })
        }
        _ => Ok(()),
    }
}

/// Until when nothing is tried any more after so many failures in a row; none while they are free.
pub fn waits_until(failures: u32, failed_at: Option<Instant>) -> Option<Instant> {
    let failed_at = failed_at.filter(|_| failures >= FAILURES_FREE)?;
    let doublings = (failures - FAILURES_FREE).min(7);
    Some(failed_at + TimeDelta::seconds((30_i64 << doublings).min(3_600)))
}
