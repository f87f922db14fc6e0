//! Datasets 数据集: every statement of a script gets a structure and a relational plan, or an error with its place.
//!
//! Operators are lifted over datasets here: identifiers matched by their names, measures taken one by one, results named
//! and given their roles as the reference manual of VTL 2.2 says. The plan has only a dozen kinds of steps; expressions
//! over the components of one row are compiled by the row engine. Nothing is read or computed here except scalars;
//! what only rows can tell is asked of [`Rows`].

mod aggregate;
mod clause;
mod frame;
mod hierarchical;
mod join;
mod lift;
mod order;
mod plan;
mod rewrite;
mod series;
mod set;
mod structure;
mod typer;
mod user;
mod validate;

pub use order::{in_order, names_read};
pub use plan::{
    AggregateItem, Column, Frame, HierarchyResult, HierarchyTask, Node, Plan, SeriesStep, Value, WindowFunction,
    WindowItem,
};
pub use structure::{Component, Structure};
pub use typer::{Rows, Typer};
