//! What became of a letter.

use std::time::Duration;

use crate::limits::WAIT_SECONDS_MAX;

/// Outcome 送达结果 — what became of one attempt. A reason is a sentence for the administrator, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took the letter.
    Delivered {
        /// What the other side said, for later questions to it.
        receipt: String,
    },
    /// Trying again would bring the same answer: the address, the key or the settings are wrong.
    Refused {
        /// Why.
        reason: String,
    },
    /// It may go well later.
    Failed {
        /// Why.
        reason: String,
        /// Not earlier than after this time, if the other side bounds the rate.
        wait: Option<Duration>,
    },
}

impl Outcome {
    /// True when the letter is with the other side.
    pub fn is_delivered(&self) -> bool {
        matches!(self, Outcome::Delivered { .. })
    }

    pub(crate) fn delivered(receipt: impl Into<String>) -> Outcome {
        Outcome::Delivered { receipt: receipt.into() }
    }

    pub(crate) fn refused(reason: impl Into<String>) -> Outcome {
        Outcome::Refused { reason: reason.into() }
    }

    pub(crate) fn failed(reason: impl Into<String>) -> Outcome {
        Outcome::Failed { reason: reason.into(), wait: None }
    }

    pub(crate) fn failed_for(reason: impl Into<String>, wait_seconds: u64) -> Outcome {
        Outcome::Failed { reason: reason.into(), wait: Some(Duration::from_secs(wait_seconds.min(WAIT_SECONDS_MAX))) }
    }
}
