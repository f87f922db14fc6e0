//! Source records 原始记录: what a unit keeps anyway and a ledger is made of. Journals of vouchers, lists of sales and stock,
//! payrolls, bank statements, charts of accounts, slips of energy, and any other table.
//!
//! Three steps, and a person between the first and the second. [`propose`] says which column is which field, with score and
//! reason. The [`Mapping`] is shown, changed, saved for the unit and handed to others; it holds names of columns and never a
//! value. [`apply`] reads this month's file by it, or next month's, and refuses with the place what no longer fits or
//! contradicts itself. What tells who a person is, is not kept unless it is asked for ([`Detail`]).
//!
//! Which record feeds which indicator is not decided here, and nothing is stored. Trial balances have their own reader.

mod apply;
mod body;
mod fields;
mod head;
mod kind;
mod label;
mod likeness;
mod locate;
mod mapping;
mod personal;
mod propose;
mod recognise;
mod records;
mod value;
mod verify;

pub use apply::{Detail, Wish, apply};
pub use kind::{Field, RecordKind, ValueKind};
pub use locate::resume;
pub use mapping::{MappedColumn, Mapping, Reason, Take};
pub use personal::tells_persons;
pub use propose::{Proposal, propose};
pub use recognise::{FileKind, Guess, recognise};
pub use records::{Record, RecordColumn, Records, Sides, Skipped};
pub use value::Value;
