//! Where a report stands, and which level has accepted it.

use serde::{Deserialize, Serialize};

/// Level 层级 of government that accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 县级.
    County,
    /// 市级.
    City,
}

impl Level {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Level::County => "县级",
            Level::City => "市级",
        }
    }
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 未填报.
    Empty,
    /// 填报中.
    Draft,
    /// 统计人员已签.
    Signed,
    /// 单位负责人已签.
    Authorised,
    /// 已上报.
    Submitted,
    /// 退回.
    Returned,
    /// 县级验收.
    AcceptedByCounty,
    /// 市级验收.
    AcceptedByCity,
}

impl State {
    /// All states, in the order of a report's life.
    pub const ALL: [State; 8] = [
        State::Empty,
        State::Draft,
        State::Signed,
        State::Authorised,
        State::Submitted,
        State::Returned,
        State::AcceptedByCounty,
        State::AcceptedByCity,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            State::Empty => "未填报",
            State::Draft => "填报中",
            State::Signed => "统计人员已签",
            State::Authorised => "负责人已签",
            State::Submitted => "已上报",
            State::Returned => "已退回",
            State::AcceptedByCounty => "县级已验收",
            State::AcceptedByCity => "市级已验收",
        }
    }

    /// The name in storage and addresses.
    pub fn key(self) -> &'static str {
        match self {
            State::Empty => "empty",
            State::Draft => "draft",
            State::Signed => "signed",
            State::Authorised => "authorised",
            State::Submitted => "submitted",
            State::Returned => "returned",
            State::AcceptedByCounty => "accepted_by_county",
            State::AcceptedByCity => "accepted_by_city",
        }
    }

    /// Reads [`State::key`].
    pub fn from_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }

    /// True while the respondent may write cells.
    pub fn is_editable(self) -> bool {
        matches!(self, State::Empty | State::Draft | State::Signed | State::Authorised | State::Returned)
    }

    /// True when the figures have reached an office and not been sent back.
    pub fn is_reported(self) -> bool {
        matches!(self, State::Submitted | State::AcceptedByCounty | State::AcceptedByCity)
    }

    /// True when `level` has accepted.
    pub fn is_accepted_by(self, level: Level) -> bool {
        match level {
            Level::County => matches!(self, State::AcceptedByCounty | State::AcceptedByCity),
            Level::City => self == State::AcceptedByCity,
        }
    }
}
