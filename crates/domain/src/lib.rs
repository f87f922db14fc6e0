//! The rules of the house, pure: a command and the present state go in, a new state or a refusal comes out.
//!
//! What lives here: units, windows, the life of a report, findings and their explanations, who may do what, and the
//! plain values that the floors above hand to one another. What never will: a database, HTTP, a clock, a random
//! source, Arrow. Time, chance and identity are arguments, so that every decision can be replayed (law 8).
//!
//! ```
//! use youju_domain::finding::Severity;
//! assert!(Severity::Blocking.blocks_unexplained());
//! assert_eq!(Severity::from_letter("C"), Some(Severity::Explain));
//! ```

pub mod access;
pub mod account;
pub mod activation;
pub mod api_key;
pub mod archive;
pub mod assessment;
pub mod attachment;
pub mod book;
pub mod case;
pub mod check_list;
pub mod compliance;
pub mod consistency;
pub mod contact;
pub mod correction;
pub mod domains;
pub mod dormancy;
pub mod enumerator;
pub mod finding;
pub mod grid;
pub mod handover;
pub mod hands;
pub mod id;
pub mod identity;
pub mod impact;
pub mod joint_review;
pub mod ledger;
pub mod look;
pub mod message;
pub mod norm;
pub mod note;
pub mod opening;
pub mod organisation;
pub mod outside;
pub mod paper;
pub mod password;
pub mod person;
pub mod problem;
pub mod project;
pub mod prospect;
pub mod query;
pub mod record;
pub mod register;
pub mod reminder;
pub mod report;
pub mod roster;
pub mod seat;
pub mod second_factor;
pub mod security;
pub mod security_key;
pub mod selection;
pub mod sponsorship;
pub mod staff;
pub mod standard;
pub mod survey;
pub mod total;
pub mod trace;

/// An instant in time; always handed in, never asked for here.
pub type Instant = chrono::DateTime<chrono::Utc>;

pub use problem::Problem;
