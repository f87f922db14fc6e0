//! Where a report stands, and which level has accepted it.

use serde::{Deserialize, Serialize, Serializer};

/// Level 层级 of government that reviews and accepts, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 乡级: 乡镇、街道、园区.
    Township,
    /// 县级.
    County,
    /// 市级.
    City,
    /// 省级.
    Province,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Level; 4] = [Level::Township, Level::County, Level::City, Level::Province];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Level::Township => "乡级",
            Level::County => "县级",
            Level::City => "市级",
            Level::Province => "省级",
        }
    }

    /// The name in storage and in files.
    pub fn key(self) -> &'static str {
        match self {
            Level::Township => "township",
            Level::County => "county",
            Level::City => "city",
            Level::Province => "province",
        }
    }

    /// Reads [`Level::key`].
    pub fn from_key(key: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.key() == key)
    }
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 未开网. Never stored: what [`State::at`] gives for an empty report before its window opens.
    NotOpen,
    /// 未填报.
    Empty,
    /// 填报中.
    Draft,
    /// 审核通过: every finding of the figures is mended or explained.
    Checked,
    /// 统计人员已签.
    Signed,
    /// 单位负责人已签.
    Authorised,
    /// 已上报.
    Submitted,
    /// 审核中: the first level has taken it up, so the unit cannot recall it any more.
    UnderReview,
    /// 已退回.
    Returned,
    /// 已验收, by the level and every one below it in the window's chain.
    Accepted(Level),
    /// 已锁定: accepted by the last level and closed for good; only an approved correction opens it.
    Locked,
}

impl State {
    /// All states, in the order of a report's life.
    pub const ALL: [State; 14] = [
        State::NotOpen,
        State::Empty,
        State::Draft,
        State::Checked,
        State::Signed,
        State::Authorised,
        State::Submitted,
        State::UnderReview,
        State::Returned,
        State::Accepted(Level::Township),
        State::Accepted(Level::County),
        State::Accepted(Level::City),
        State::Accepted(Level::Province),
        State::Locked,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            State::NotOpen => "未开网",
            State::Empty => "未填报",
            State::Draft => "填报中",
            State::Checked => "审核通过",
            State::Signed => "统计人员已签",
            State::Authorised => "负责人已签",
            State::Submitted => "已上报",
            State::UnderReview => "审核中",
            State::Returned => "已退回",
            State::Accepted(Level::Township) => "乡级已验收",
            State::Accepted(Level::County) => "县级已验收",
            State::Accepted(Level::City) => "市级已验收",
            State::Accepted(Level::Province) => "省级已验收",
            State::Locked => "已锁定",
        }
    }

    /// The name in storage and addresses.
    pub fn key(self) -> &'static str {
        match self {
            State::NotOpen => "not_open",
            State::Empty => "empty",
            State::Draft => "draft",
            State::Checked => "checked",
            State::Signed => "signed",
            State::Authorised => "authorised",
            State::Submitted => "submitted",
            State::UnderReview => "under_review",
            State::Returned => "returned",
            State::Accepted(Level::Township) => "accepted_by_township",
            State::Accepted(Level::County) => "accepted_by_county",
            State::Accepted(Level::City) => "accepted_by_city",
            State::Accepted(Level::Province) => "accepted_by_province",
            State::Locked => "locked",
        }
    }

    /// Reads [`State::key`].
    pub fn from_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }

    /// True while the respondent may write cells.
    pub fn is_editable(self) -> bool {
        self.is_with_unit() && self != State::NotOpen
    }

    /// True while the figures are the unit's alone: not handed in, or sent back.
    pub fn is_with_unit(self) -> bool {
        matches!(
            self,
            State::NotOpen
                | State::Empty
                | State::Draft
                | State::Checked
                | State::Signed
                | State::Authorised
                | State::Returned
        )
    }

    /// True when the figures have reached an office and not been sent back.
    pub fn is_reported(self) -> bool {
        !self.is_with_unit()
    }

    /// True when `level` has accepted, and with it every level below.
    pub fn is_accepted_by(self, level: Level) -> bool {
        match self {
            State::Accepted(by) => by >= level,
            State::Locked => true,
            _ => false,
        }
    }

    /// The state as it is seen at an instant: before the window opens, an empty report is not open yet.
    #[must_use]
    pub fn at(self, is_opened: bool) -> State {
        if self == State::Empty && !is_opened { State::NotOpen } else { self }
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_and_are_all_different() {
        for state in State::ALL {
            assert_eq!(State::from_key(state.key()), Some(state));
        }
    }

    #[test]
    fn a_report_is_with_its_unit_or_with_an_office() {
        assert!(State::ALL.iter().all(|state| state.is_with_unit() != state.is_reported()));
        assert!(State::Locked.is_accepted_by(Level::Province));
        assert!(!State::Accepted(Level::Township).is_accepted_by(Level::County));
    }
}
