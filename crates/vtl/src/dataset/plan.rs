//! The relational plan of one result. Whoever executes it needs no knowledge of the language.

use super::structure::Structure;
use crate::ast::{Aggregate, HierarchyOutput, JoinKind, Mode, Output, RuleInput};
use crate::expression::Expression;
use crate::hierarchy::HierarchyProgram;
use crate::program::Program;
use crate::scalar::{Scalar, Type};

/// Plan 执行计划 — a node whose columns are exactly the components of its structure, in order.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is done.
    pub node: Node,
    /// What comes out.
    pub structure: Structure,
}

/// One step of a plan.
#[derive(Debug, Clone)]
pub enum Node {
    /// A dataset: an input or an earlier result.
    Read(String),
    /// Columns taken over, renamed or computed, in the order of the structure.
    Map(Box<Plan>, Vec<Column>),
    /// The rows where the condition is true.
    Filter(Box<Plan>, Box<Expression>),
    /// One row for each combination of the keys; without keys one row in all.
    Aggregate {
        /// What is grouped.
        input: Box<Plan>,
        /// By which columns.
        keys: Vec<String>,
        /// What is computed for each group.
        items: Vec<AggregateItem>,
    },
    /// The columns of the input and one more for each item.
    Window {
        /// Whose rows.
        input: Box<Plan>,
        /// What is computed for each row.
        items: Vec<WindowItem>,
    },
    /// The columns of the left, then those of the right without the keys. No other name occurs on both sides.
    Join {
        /// Which rows stay.
        kind: JoinKind,
        /// The left side.
        left: Box<Plan>,
        /// The right side.
        right: Box<Plan>,
        /// The columns that must be equal.
        keys: Vec<String>,
    },
    /// The rows of the left that have (or have not) a row on the right with the same keys.
    Match {
        /// True keeps those that have one.
        has_match: bool,
        /// The rows that are kept or not.
        left: Box<Plan>,
        /// Where the keys are looked for.
        right: Box<Plan>,
        /// The columns that must be equal.
        keys: Vec<String>,
    },
    /// All rows of all operands; their columns have the same names, perhaps in another order.
    Union(Vec<Plan>),
    /// A datapoint ruleset on every row.
    Rules {
        /// What is checked.
        input: Box<Plan>,
        /// The rules. They read columns under the names of the parameters.
        program: Box<Program>,
        /// Column of the program and column of the input, where they differ.
        columns: Vec<(String, String)>,
        /// What comes out.
        output: Output,
    },
    /// Codes of an identifier become measures.
    Pivot {
        /// What is turned.
        input: Box<Plan>,
        /// Whose codes.
        identifier: String,
        /// The measure that is spread.
        measure: String,
        /// The codes in order; each is a column.
        codes: Vec<String>,
    },
    /// Measures become codes of a new identifier.
    Unpivot {
        /// What is turned.
        input: Box<Plan>,
        /// The measures.
        measures: Vec<String>,
    },
    /// A hierarchical ruleset on every group of rows that differ only in the rule component.
    Hierarchy {
        /// What is checked or added up.
        input: Box<Plan>,
        /// The rules and how they are used.
        task: Box<HierarchyTask>,
    },
    /// Something on every time series: rows that differ only in the time identifier.
    Series {
        /// The series.
        input: Box<Plan>,
        /// The time identifier.
        time: String,
        /// What is done.
        step: SeriesStep,
    },
}

/// A hierarchical ruleset and its use.
#[derive(Debug, Clone)]
pub struct HierarchyTask {
    /// The rules. Their conditions read columns under the names of the signature.
    pub program: HierarchyProgram,
    /// Column of the signature and column of the input.
    pub conditions: Vec<(String, String)>,
    /// The identifier whose codes the rules relate.
    pub rule: String,
    /// The measure that is compared or added up.
    pub measure: String,
    /// The viral attributes of a sum, each with `min` or `max`, by which those of the points that went into it are combined.
    pub virals: Vec<(String, Aggregate)>,
    /// What counts for a missing code.
    pub mode: Mode,
    /// Which points are read.
    pub input: RuleInput,
    /// What comes out.
    pub output: HierarchyResult,
}

/// What a hierarchical ruleset gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HierarchyResult {
    /// `check_hierarchy`
    Checked(Output),
    /// `hierarchy`
    Computed(HierarchyOutput),
}

/// A step over time series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesStep {
    /// `fill_time_series`; true fills every series over the span of all.
    Fill(bool),
    /// `flow_to_stock`
    FlowToStock,
    /// `stock_to_flow`
    StockToFlow,
    /// `timeshift`
    Shift(i64),
}

/// A column of a [`Node::Map`].
#[derive(Debug, Clone)]
pub enum Column {
    /// A column of the input.
    Take(String),
    /// Computed row by row.
    Compute(Box<Expression>),
    /// The same in every row.
    Constant(Scalar),
}

/// One aggregate; its type stands in the structure.
#[derive(Debug, Clone)]
pub struct AggregateItem {
    /// The column that it makes.
    pub name: String,
    /// Which.
    pub function: Aggregate,
    /// The column that it reads; `count()` reads none.
    pub of: Option<String>,
}

/// One function over a window.
#[derive(Debug, Clone)]
pub struct WindowItem {
    /// The column that it makes.
    pub name: String,
    /// Which.
    pub function: WindowFunction,
    /// The column that it reads; `rank` and `count()` read none.
    pub of: Option<String>,
    /// Columns of the partition.
    pub partition: Vec<String>,
    /// Columns of the order, true for descending.
    pub order: Vec<(String, bool)>,
    /// The window, if one was written.
    pub window: Option<Frame>,
}

/// The rows of a window: distances from the current row, negative before it; `None` is without bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Distances in values of the order (`range`) instead of rows (`data points`).
    pub is_range: bool,
    /// The first row.
    pub from: Option<i64>,
    /// The last row.
    pub to: Option<i64>,
}

/// What is computed over a window.
#[derive(Debug, Clone)]
pub enum WindowFunction {
    /// An aggregate of the window.
    Aggregate(Aggregate),
    /// The first value of the window.
    First,
    /// The last value of the window.
    Last,
    /// The value so many rows later (negative: earlier), or the default where there is no such row.
    Shift(i64, Option<Scalar>),
    /// The place in the order from 1, equal rows alike.
    Rank,
}

/// Value 语句的结果.
#[derive(Debug, Clone)]
pub enum Value {
    /// A dataset, to be computed.
    Dataset(Box<Plan>),
    /// A scalar, already computed; the bare null has no type.
    Scalar(Scalar, Option<Type>),
}
