//! Survey programmes 报表制度 as data: forms 报表表式, their checks 审核关系 and how cells are taken from a ledger 取数.
//!
//! A programme is a folder of TOML and VTL files and of checks in the notation 审核公式. It is loaded and verified as a whole before anything of it takes effect; what
//! is wrong is told with file, line and reason. The same compiled checks look at one report at entry ([`Form::check`]) and at
//! a whole file in bulk ([`Bulk`]). What never lives here: storage, HTTP, clocks, who may do what.
//!
//! ```
//! use std::collections::BTreeMap;
//! use youju_codes::Period;
//! use youju_domain::report::Cells;
//! use youju_programme::{Facts, Files, load};
//!
//! let programmes = load(&Files::shipped()).expect("the shipped programmes are verified by a test");
//! let form = programmes.iter().find_map(|programme| programme.form("B203")).expect("B203 is shipped");
//! assert_eq!(form.title(), "B203 工业 财务状况");
//! assert!(form.is_reported_in(Period::parse("2026-01~02")?) && !form.is_reported_in(Period::parse("2026-01")?));
//!
//! let facts = Facts {
//!     period: Period::parse("2026-03")?,
//!     cells: &Cells::new(),
//!     previous: None,
//!     last_year: None,
//!     others: &BTreeMap::new(),
//!     attributes: &BTreeMap::new(),
//!     figures: &BTreeMap::new(),
//! };
//! let first = &form.check(&facts)[0];
//! assert_eq!((first.check.as_str(), first.message.as_str()), ("R201", "流动资产合计应填报,没有的填 0"));
//! # Ok::<(), youju_codes::CodeError>(())
//! ```

mod archive;
mod assessment;
mod batch;
mod bulk;
mod burden;
mod calendar;
mod carry;
mod cell;
mod check;
mod check_list;
mod derive;
mod derive_rows;
mod facts;
mod figures;
mod files;
mod form;
mod formula;
mod gather;
mod intrinsic;
mod ledger;
mod list;
mod load;
mod names;
mod programme;
mod review;
mod trial;
mod witness;

pub use archive::{Archive, Project};
pub use assessment::{Figure, Item};
pub use batch::Population;
pub use bulk::{Bulk, Checked, ERRORS_KEPT_MAX, Explained, ROWS_MAX, RowId, Summary, TableError};
pub use burden::{Repeated, burden};
pub use calendar::{Calendar, Planned};
pub use carry::{Computed, Earlier};
pub use cell::{Carry, CellDef, DECIMALS_MAX, Kind, NUMBER_DIGITS_MAX, OPEN_DATE, TEXT_CHARS_MAX};
pub use check::{Check, Touched};
pub use check_list::{CheckListRule, Rows, Threshold};
pub use derive::{BALANCE_KINDS, Derivation, Derived, DerivedCell, RowsFrom};
pub use derive_rows::DerivedRows;
pub use facts::{ATTRIBUTES, Facts};
pub use figures::{Figures, Take};
pub use files::{FILE_BYTES_MAX, Files};
pub use form::{Column, Form, Group, Indicator, Note, Provenance};
pub use gather::{Beside, Gather, Gathered, Gathering};
pub use intrinsic::Intrinsic;
pub use ledger::Ledger;
pub use list::{LIST_ROWS_MAX, List, ListColumn, RowCell, added_up};
pub use load::{LoadError, load};
pub use programme::{Programme, Reference};
pub use review::Remark;
pub use trial::Trial;
pub use youju_vtl::{Counts, NoteKind};
