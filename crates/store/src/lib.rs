//! Storage 存储: the only place with SQL. SQLite and PostgreSQL stand behind one [`Db`]; every statement has one text for both.
//!
//! Here live: transactions and statements, migrations, the stored journal, the outbox of jobs, and one module per subject that reads
//! and writes its tables. A change, its journal leaf and its jobs go into one transaction.
//!
//! Here never live: HTTP, evaluation of checks, rules of the house, clocks and random sources.
//!
//! ```
//! use youju_store::{Db, sql};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> youju_store::Result<()> {
//! # let folder = tempfile::tempdir().unwrap();
//! let db = Db::open(&format!("sqlite:{}", folder.path().join("样例.db").display())).await?;
//! let mut tx = db.write().await?;
//! tx.run(sql("create table unit (name text not null) strict")).await?.any();
//! tx.run(sql("insert into unit (name) values ($1)").bind("兰溪纺织厂")).await?.must_be(1)?;
//! assert_eq!(tx.one::<String>(sql("select name from unit")).await?, "兰溪纺织厂");
//! tx.commit().await
//! # }
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
pub mod checkpoint;
pub mod compliance;
pub mod contact;
pub mod correction;
pub mod drill;
pub mod enumerator;
pub mod finding;
pub mod grid;
pub mod handover;
pub mod identity;
pub mod joint_review;
pub mod journal;
pub mod laboratory;
pub mod ledger;
pub mod look;
pub mod message;
pub mod migrate;
pub mod note;
pub mod opening;
pub mod organisation;
pub mod outbox;
pub mod outside;
pub mod person;
pub mod project;
pub mod prospect;
pub mod query;
pub mod record;
pub mod register;
pub mod reminder;
pub mod report;
pub mod roster;
pub mod sealed;
pub mod seat;
pub mod second_factor;
pub mod security;
pub mod security_key;
pub mod sign_in;
pub mod sponsorship;
pub mod staff;
pub mod standard;
pub mod survey;
pub mod trace;

mod columns;
mod db;
mod document;
mod error;
mod folded;

pub use db::{Affected, Bind, Column, Db, Engine, FromRow, Row, Sql, Tx, Value, sql};
pub use error::{Result, StoreError};
