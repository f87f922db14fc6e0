//! Scripts of the check language over datasets: plans of `youju_vtl::dataset` computed by DataFusion.
//!
//! Numbers travel as decimals of 38 digits with twelve places; a component expression is evaluated exactly by the row
//! engine and rounded half away from zero only when its value is stored, quotients and roots to ten places. What cannot
//! be computed stops the run with the row that it happened in: nothing is silently null.

mod compute;
mod csv_file;
mod engine;
mod error;
mod exact;
mod folder;
mod hierarchy;
mod json;
mod kind;
mod parse;
mod plan;
mod rules;
mod series;
#[cfg(feature = "cluster")]
pub(crate) mod shipped;
mod table;
mod turn;
mod window;

pub use engine::{Computed, Engine, Outcome};
#[cfg(feature = "cluster")]
pub(crate) use error::Broken;
pub use error::RunError;
pub use folder::run_folder;
#[cfg(feature = "cluster")]
pub use folder::run_folder_on;
pub use kind::PLACES;
