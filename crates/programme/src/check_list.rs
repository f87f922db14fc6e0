//! Check lists 核实清单 as a programme declares them: for which forms, how often, what comes on them, what has to be proved on the
//! day of reporting.

use rust_decimal::Decimal;
use youju_codes::Measure;
use youju_domain::archive::Ground;
use youju_domain::check_list::Every;

/// What is declared for the check lists of some forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckListRule {
    /// The forms 表号.
    pub forms: Vec<String>,
    /// How often a list is handed in while a window is open.
    pub every: Every,
    /// Reports with a query that is not closed come on it.
    pub queries: bool,
    /// The list of the form whose rows are looked at one by one: projects. None where reports are looked at as a whole.
    pub rows: Option<Rows>,
    /// Figures at or above this come on it 重点审核.
    pub threshold: Option<Threshold>,
    /// Every report, or every row of it, owes supporting material on the day on which it is handed in 当日提供支撑材料.
    pub evidence_same_day: bool,
    /// Where it is said.
    pub ground: Ground,
    /// What has to be known about it.
    pub note: String,
}

/// The rows that are looked at one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The list of the form.
    pub list: String,
    /// The column in which the name of a row stands.
    pub name: String,
}

/// A figure that brings a report or row on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The column of the list, or the cell of the form.
    pub cell: String,
    /// Its name in sentences.
    pub label: String,
    /// From which figure on.
    pub at_least: Decimal,
    /// In which unit of measure.
    pub measure: Measure,
}
