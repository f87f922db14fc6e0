//! What stories about the program are told with: an app on both data bases, and a county of units that report.
//!
//! Here live: opening a fresh data base per story, columns that add up in memory, and builders that say what matters
//! ([`County::bring`] takes a report as far as a story needs it). Here never live: rules, and anything that the product uses.
//!
//! ```
//! use youju_domain::report::State;
//! use youju_testkit::{County, on_sqlite};
//!
//! on_sqlite(async |app| {
//!     let county = County::open(&app).await;
//!     let report = county.bring(0, State::Submitted).await;
//!     assert_eq!(county.report(report).await.versions, 1);
//! });
//! ```
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a broken test app must stop the story that asked for it"
)]

mod books;
mod columns;
mod county;
mod engine;
mod phone;
mod photo;
mod platform;
mod printer;
mod projects;
mod register;
mod security_key;
mod workbook;

pub use books::{FIGURES, TRIAL_BALANCE, VOUCHERS, corrections, figures, trial_balance_workbook};
pub use columns::InMemory;
pub use county::{County, Factory, PASSWORD, REACHED, new_unit, new_window, newcomer};
pub use engine::{journal_root, on_both_engines, on_sqlite, open_app};
pub use phone::code_on_phone;
pub use photo::{bare_photograph, photograph, signature};
pub use platform::{ADDRESS, Bend, CLIENT, ISSUER, Signing, SoftPlatform};
pub use printer::Plain;
pub use projects::Project;
pub use register::{decided, known_unit, list_unit};
pub use security_key::{SoftKey, rsa_pair};
pub use workbook::Workbook;

use chrono::TimeDelta;
use youju_domain::Instant;
use youju_domain::survey::parse_local;

/// Noon of a day of April 2026, in which the county's window stands: it opens on the 1st, is due on the 10th and closes on the 18th.
pub fn april(day: u32) -> Instant {
    parse_local("2026-04-01 12:00").unwrap() + TimeDelta::days(i64::from(day) - 1)
}
