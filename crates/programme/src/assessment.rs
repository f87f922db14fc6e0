//! Assessment 评估办法 as a programme declares it: what is compared when the level above assesses the figures of an area.

use youju_domain::assessment::Rule;
use youju_domain::report::CellId;

use crate::form::Provenance;

/// Item 评估项目 of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The form 表号 whose figures are assessed.
    pub form: String,
    /// What is compared, and within which bound.
    pub rule: Rule,
    /// The figure that is assessed.
    pub figure: Figure,
    /// What it is compared with, where that is another figure.
    pub other: Option<Figure>,
    /// Whether the item and its bound are taken from a source, inferred, or ours.
    pub provenance: Provenance,
    /// Titles of the sources.
    pub sources: Vec<String>,
    /// What has to be known about it.
    pub note: String,
}

/// A figure of a form, with last year's beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// 表号, of this or another programme.
    pub form: String,
    /// The cell.
    pub cell: CellId,
    /// The cell of the same report that holds it for last year.
    pub last_year: Option<CellId>,
    /// What it is called: `营业收入`.
    pub label: String,
    /// Its unit of measure.
    pub measure: youju_codes::Measure,
}
