//! Second factor 动态码 (RFC 6238, TOTP): who must have one, and which code counts. How a code is computed stands in `app::crypto`.

use crate::Instant;
use crate::access::Role;
use crate::account::AccountProblem;
use crate::id::PersonId;
use crate::problem::Problem;

/// Seconds for which one code is shown, as every app on a phone assumes.
pub const STEP_SECONDS: i64 = 30;
/// Steps that the clock of a phone may be off, before and after.
pub const DRIFT_STEPS: i64 = 1;
/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Recovery codes that are given out at a time.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code, of 32 each: 80 bits, so that a plain hash of it cannot be searched.
pub const RECOVERY_CHARS: usize = 16;

/// Who must have a second factor at this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duty {
    /// Whoever likes.
    #[default]
    Nobody,
    /// Everybody who is not of a reporting unit.
    Officers,
    /// Everybody.
    Everybody,
}

impl Duty {
    /// All of them.
    pub const ALL: [Duty; 3] = [Duty::Nobody, Duty::Officers, Duty::Everybody];

    /// The word of the command line.
    pub fn key(self) -> &'static str {
        match self {
            Duty::Nobody => "nobody",
            Duty::Officers => "officers",
            Duty::Everybody => "everybody",
        }
    }

    /// Reads [`Duty::key`].
    pub fn from_key(key: &str) -> Option<Duty> {
        Duty::ALL.into_iter().find(|duty| duty.key() == key)
    }

    /// True when a role must have one.
    pub fn obliges(self, role: Role) -> bool {
        match self {
            Duty::Nobody => false,
            Duty::Officers => !role.is_respondent(),
            Duty::Everybody => true,
        }
    }
}

/// Second factor 动态码 of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub person: PersonId,
    /// The secret, sealed by a key outside the data base.
    pub sealed: String,
    /// When it was begun.
    pub begun_at: Instant,
    /// When a first code showed that the phone has it.
    pub confirmed_at: Option<Instant>,
    /// The latest step whose code was used.
    pub last_step: i64,
}

/// What somebody gives in the second step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A code from the phone.
    Code(String),
    /// A recovery code, as it is hashed.
    Recovery(String),
}

impl Given {
    /// Reads what was typed: six digits are a code, sixteen characters a recovery code; blanks and hyphens do not matter.
    pub fn parse(typed: &str) -> Result<Given, Problem> {
        let is_filling = |c: &char| !c.is_whitespace() && *c != '-';
        let text: String = typed.chars().filter(is_filling).map(|c| c.to_ascii_lowercase()).collect();
        if text.len() == CODE_DIGITS && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Given::Code(text))
        } else if text.len() == RECOVERY_CHARS && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Given::Recovery(text))
        } else {
            Err(AccountProblem::WrongCode.into())
        }
    }
}

/// The step of an instant.
pub fn step(now: Instant) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

impl SecondFactor {
    /// The step that a code belongs to, if it is one of now and none was used that is as late: a code counts once, and whoever
    /// looked over a shoulder comes too late.
    pub fn accept(&self, code: &str, now: Instant, code_of: impl Fn(i64) -> String) -> Option<i64> {
        let here = step(now);
        (here - DRIFT_STEPS..=here + DRIFT_STEPS).find(|step| *step > self.last_step && code_of(*step) == code)
    }
}
