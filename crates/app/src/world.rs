//! Time and identity, handed down as arguments (law 8). A test or a demonstration fixes both; a server asks the system.

use std::sync::{Mutex, PoisonError};

use uuid::Uuid;
use youju_domain::Instant;

/// Where time and identity come from.
#[derive(Debug)]
pub enum World {
    /// The system's clock and random source.
    System,
    /// A clock that stands until it is set, and ids that count up from a seed: every run is the same to the bit.
    Fixed(Mutex<Fixed>),
    /// A clock that stands until it is set, with the system's random source: a rehearsal of months in a day.
    Rehearsal(Mutex<Instant>),
}

/// State of a fixed world.
#[derive(Debug)]
pub struct Fixed {
    now: Instant,
    seed: u64,
    drawn: u64,
}

impl World {
    /// A fixed world.
    pub fn fixed(now: Instant, seed: u64) -> World {
        World::Fixed(Mutex::new(Fixed { now, seed, drawn: 0 }))
    }

    /// A rehearsal that begins at an instant.
    pub fn rehearsal(now: Instant) -> World {
        World::Rehearsal(Mutex::new(now))
    }

    /// The time of a rehearsal, which pages must tell; none where the clock goes by itself.
    pub fn rehearsed(&self) -> Option<Instant> {
        matches!(self, World::Rehearsal(_)).then(|| self.now())
    }

    /// The present instant, cut to microseconds: what both data bases can hold.
    pub fn now(&self) -> Instant {
        match self {
            World::System => {
                #[expect(clippy::disallowed_methods, reason = "the one place that asks the system's clock")]
                let now = chrono::Utc::now();
                chrono::DurationRound::duration_trunc(now, chrono::TimeDelta::microseconds(1)).unwrap_or(now)
            }
            World::Fixed(fixed) => fixed.lock().unwrap_or_else(PoisonError::into_inner).now,
            World::Rehearsal(clock) => *clock.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a clock that stands; the system's clock cannot be set.
    pub fn set(&self, now: Instant) {
        match self {
            World::System => {}
            World::Fixed(fixed) => fixed.lock().unwrap_or_else(PoisonError::into_inner).now = now,
            World::Rehearsal(clock) => *clock.lock().unwrap_or_else(PoisonError::into_inner) = now,
        }
    }

    /// A new identifier, ordered by time.
    pub fn new_id(&self) -> Uuid {
        match self {
            World::System | World::Rehearsal(_) => {
                #[expect(clippy::disallowed_methods, reason = "the one place that draws identifiers")]
                let id = Uuid::now_v7();
                id
            }
            World::Fixed(fixed) => {
                let mut fixed = fixed.lock().unwrap_or_else(PoisonError::into_inner);
                fixed.drawn += 1;
                let high = u64::try_from(fixed.now.timestamp_millis()).unwrap_or_default() << 16;
                let low = fixed.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(fixed.drawn);
                uuid::Builder::from_u128(u128::from(high) << 64 | u128::from(low))
                    .with_version(uuid::Version::SortRand)
                    .with_variant(uuid::Variant::RFC4122)
                    .into_uuid()
            }
        }
    }
}
