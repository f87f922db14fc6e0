//! Books 台账登记: a ledger of one discipline as a unit keeps it for a period, row by row. The ledger itself, its columns and
//! where they come from, is declared by a programme.

use crate::Instant;
use crate::id::{BookId, PersonId, UnitId};
use crate::report::{Cells, Change, Generated, Value, overtype, put_generated};
use youju_codes::Period;

/// Book 台账登记 — one ledger of one unit and period, as it was saved at one time. Earlier ones stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Its id.
    pub id: BookId,
    /// Whose.
    pub unit: UnitId,
    /// Which ledger, by its id in the programme: `energy`.
    pub ledger: String,
    /// Of which period.
    pub period: Period,
    /// The rows, as the cells of a list: `r.3.purchased`.
    pub cells: Cells,
    /// Who saved it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Cells after somebody typed into them. A gathered value that is typed over is kept beside the new one.
#[must_use]
pub fn typed(mut cells: Cells, changes: &[Change], by: PersonId, now: Instant) -> Cells {
    for change in changes {
        let cell = overtype(cells.get(&change.cell), change, by, now);
        let is_gone = cell.value == Value::Blank && cell.derivation.is_none();
        if is_gone {
            cells.remove(&change.cell);
        } else {
            cells.insert(change.cell.clone(), cell);
        }
    }
    cells
}

/// Cells after values were gathered or carried over. What somebody typed stands, with the gathered value beside it.
#[must_use]
pub fn gathered(mut cells: Cells, generated: Vec<Generated>, by: PersonId, now: Instant) -> Cells {
    put_generated(&mut cells, generated, by, now);
    cells
}
