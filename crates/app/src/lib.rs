//! Use cases: one function per thing that a person can do. Each reads, decides by a pure function of `domain`, and
//! writes, in one transaction with its journal leaf and its messages (laws 1, 3, 7).
//!
//! What lives here: the order of those steps. What never will: SQL text, HTTP, HTML, DataFusion. The columns stand
//! behind [`columns::Columns`], which the program plugs in.
//!
//! ```no_run
//! # async fn example(app: youju_app::App, actor: youju_domain::access::Actor, id: youju_domain::id::ReportId) -> youju_app::Result<()> {
//! let submitted = app.write(Some(actor), async |cx| youju_app::report::submit(cx, id).await).await?;
//! # Ok(()) }
//! ```

pub mod access;
pub mod account;
pub mod accounts;
pub mod activation;
pub mod api_key;
pub mod archive;
pub mod assessment;
pub mod attachment;
pub mod backup;
pub mod book;
pub mod case;
pub mod check_list;
pub mod columns;
pub mod compliance;
pub mod consistency;
pub mod contact;
mod context;
pub mod correction;
pub mod crypto;
pub mod domains;
pub mod enumerator;
mod error;
pub mod form_book;
pub mod generate;
pub mod grid;
pub mod handover;
pub mod hands;
pub mod identity;
pub mod impact;
pub mod inbox;
pub mod intake;
pub mod joint_review;
pub mod journal;
pub mod laboratory;
pub mod ledger;
pub mod lineage;
pub mod look;
pub mod message;
pub mod note;
pub mod opening;
pub mod organisation;
pub mod outside;
pub mod paper;
pub mod project;
pub mod prospect;
pub mod query;
pub mod record;
pub mod register;
pub mod reminder;
pub mod report;
pub mod review;
pub mod roster;
pub mod seat;
pub mod second_factor;
pub mod secrets;
pub mod security;
pub mod security_key;
pub mod sponsorship;
pub mod staff;
pub mod standard;
pub mod survey;
pub mod total;
pub mod trace;
pub mod world;

pub use context::{App, Cx};
pub use error::{Error, Fault, Result};

/// What lists take and give, for the floors above.
pub mod list {
    pub use youju_store::query::{Filter as QueryFilter, Listed as ListedQuery, Quality};
    pub use youju_store::register::{Page, PageRequest};
    pub use youju_store::report::{Edited, Filter, Listed, Version};
}

pub use youju_store::journal::Entry;
