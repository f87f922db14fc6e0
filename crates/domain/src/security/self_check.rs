//! Self-check 年度自查 against a list of requirements that comes with the program. Whether one is met is said by those who build the program, with
//! the tests that prove it; the office looks at it once a year, and what it saw is frozen.

use serde::Deserialize;

use super::{REASON_CHARS_MIN, WORDS_CHARS_MAX, words};
use crate::id::SelfCheckId;
use crate::problem::Problem;
use crate::security::drill::Hand;

/// How a requirement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 有测试证明.
    Met,
    /// 核对符合: somebody has read the code or the documents; no test would notice a breach.
    Read,
    /// 不符合.
    NotMet,
    /// 不适用.
    NotApplicable,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 4] = [Status::Met, Status::Read, Status::NotMet, Status::NotApplicable];

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Status::Met => "有测试证明",
            Status::Read => "核对符合",
            Status::NotMet => "不符合",
            Status::NotApplicable => "不适用",
        }
    }

    /// The name in addresses and in the file.
    pub fn key(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Read => "read",
            Status::NotMet => "not_met",
            Status::NotApplicable => "not_applicable",
        }
    }

    /// Reads [`Status::key`].
    pub fn from_key(key: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.key() == key)
    }
}

/// Requirement 要求 of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its number in the standard, e.g. `2.1.1`.
    pub id: String,
    /// What it asks for, in our words.
    pub asks: String,
    /// How it stands.
    pub status: Status,
    /// The tests that prove it.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why it is not met or does not apply; of one that was read, where.
    #[serde(default)]
    pub why: String,
}

impl Requirement {
    /// The number of its chapter.
    pub fn chapter(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// What is wrong with its entry: proof must be named, and everything else must be given a reason.
    pub fn flaw(&self) -> Option<String> {
        let proved = self.status == Status::Met;
        if proved == self.tests.is_empty() {
            return Some(format!("{}:有测试证明的应写明测试,其他的不写", self.id));
        }
        (!proved && self.why.is_empty()).then(|| format!("{}:没有写明原因或出处", self.id))
    }
}

/// How many requirements stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// 有测试证明.
    pub met: i64,
    /// 核对符合.
    pub read: i64,
    /// 不符合.
    pub not_met: i64,
    /// 不适用.
    pub not_applicable: i64,
}

impl Counts {
    /// Counts a list.
    pub fn of<'a>(requirements: impl IntoIterator<Item = &'a Requirement>) -> Counts {
        let mut counts = Counts::default();
        for one in requirements {
            let place = match one.status {
                Status::Met => &mut counts.met,
                Status::Read => &mut counts.read,
                Status::NotMet => &mut counts.not_met,
                Status::NotApplicable => &mut counts.not_applicable,
            };
            *place += 1;
        }
        counts
    }

    /// The number of a status.
    pub fn of_status(self, status: Status) -> i64 {
        match status {
            Status::Met => self.met,
            Status::Read => self.read,
            Status::NotMet => self.not_met,
            Status::NotApplicable => self.not_applicable,
        }
    }

    /// All of them.
    pub fn all(self) -> i64 {
        self.met + self.read + self.not_met + self.not_applicable
    }
}

/// Self-check 自查 as it was made; nothing of it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfCheck {
    /// Its id.
    pub id: SelfCheckId,
    /// The standard with its edition.
    pub standard: String,
    /// The version of the program.
    pub program: String,
    /// SHA-256 of the list as it was.
    pub fingerprint: String,
    /// How many stood how.
    pub counts: Counts,
    /// What the office says to it.
    pub conclusion: String,
    /// Who made it, and when.
    pub by: Hand,
}

impl SelfCheck {
    /// The check with trimmed words, or what is wrong with it.
    pub fn checked(mut self) -> Result<SelfCheck, Problem> {
        self.conclusion = words(&self.conclusion, "自查结论", REASON_CHARS_MIN, WORDS_CHARS_MAX)?;
        Ok(self)
    }
}
