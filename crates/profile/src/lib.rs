//! Profiles 地方配置 as data: for a jurisdiction the organisations to set up, the staffing norms, and the standards that organisations
//! must meet, each with the document and paragraph that says so. Case types 事项类型 are read here, too: those that everybody shares, and
//! those by which a profile replaces one of them ([`load_cases`]).
//!
//! A profile is a folder of TOML files. It is loaded and verified as a whole before anything of it takes effect; what is wrong is told
//! with file, line and reason. Several are in force side by side: an area goes by the narrowest one that holds it ([`for_area`]).
//! What never lives here: storage, HTTP, clocks, who may do what.
//!
//! ```
//! use youju_codes::AreaCode;
//! use youju_profile::{Files, for_area, load};
//!
//! let profiles = load(&Files::shipped()).expect("the shipped profiles are verified by a test");
//! let lanxi = for_area(&profiles, &AreaCode::parse("330781001000")?).expect("兰溪市 is shipped");
//! assert_eq!((lanxi.name.as_str(), lanxi.cell_word.as_str()), ("兰溪市", "网格"));
//! # Ok::<(), youju_codes::CodeError>(())
//! ```

mod files;
mod load;
mod profile;

pub use files::{FILE_BYTES_MAX, Files};
pub use load::{CaseTypes, LoadError, load, load_cases};
pub use profile::{Document, Organisation, Profile, for_area, onboarding_for};
