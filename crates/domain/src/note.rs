//! Note 审核批注 — what an office remarks on a cell while it reviews, and what is answered to it: a thread per cell.

use crate::Instant;
use crate::id::{NoteId, PersonId, ReportId};
use crate::problem::Problem;
use crate::report::{CellId, Level};

/// Most characters of a note.
pub const NOTE_CHARS_MAX: usize = 500;

/// Note 审核批注.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// On which report.
    pub report: ReportId,
    /// On which cell; none for the whole report.
    pub cell: Option<CellId>,
    /// The version that it was written about.
    pub version: u32,
    /// The text.
    pub text: String,
    /// True for what only offices read.
    pub is_internal: bool,
    /// Who wrote it.
    pub by: PersonId,
    /// Their name.
    pub name: String,
    /// Their level; none for the unit.
    pub level: Option<Level>,
    /// When.
    pub at: Instant,
}

/// The text of a note: not empty, not too long.
pub fn read_text(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Problem::BadInput { reason: "请写批注内容。".into() }),
        count if count > NOTE_CHARS_MAX => Err(Problem::BadInput {
            reason: format!("批注不能超过 {NOTE_CHARS_MAX} 个字,现为 {count} 个字。"),
        }),
        _ => Ok(text.to_owned()),
    }
}
