//! Reminder 催报: a word that a report is due, or the formal notice (催报通知书) that gives a last term.

use crate::Instant;
use crate::access::Role;
use crate::id::{PersonId, ReminderId, ReportId};
use crate::problem::Problem;
use crate::report::Level;

/// Most characters of a reminder's text.
pub const BODY_CHARS_MAX: usize = 500;

/// Reminder 催报.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Its id.
    pub id: ReminderId,
    /// About which report.
    pub report: ReportId,
    /// True for the formal notice, which has to be signed for.
    pub is_formal: bool,
    /// What the unit reads.
    pub body: String,
    /// Until when the unit must report; a formal notice always has it.
    pub respond_by: Option<Instant>,
    /// Who sent it.
    pub sent_by: PersonId,
    /// When.
    pub sent_at: Instant,
}

/// Refuses who may not send a reminder: every level of offices may remind, and only a statistics bureau (county and above)
/// may send the formal notice, because a legal term hangs on it.
pub fn may_remind(role: Role, is_formal: bool) -> Result<(), Problem> {
    match role.level() {
        Some(Level::Township) if is_formal => Err(Problem::NotYourTurn { level: Some(Level::County) }),
        Some(_) => Ok(()),
        None => Err(Problem::Forbidden),
    }
}

/// The text of a reminder: not empty, not too long.
pub fn read_body(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Problem::BadInput { reason: "请写明提醒内容。".into() }),
        count if count > BODY_CHARS_MAX => Err(Problem::BadInput {
            reason: format!("提醒内容不能超过 {BODY_CHARS_MAX} 个字,现为 {count} 个字。"),
        }),
        _ => Ok(text.to_owned()),
    }
}
