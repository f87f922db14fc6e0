//! The words of an assessment: where it stands, what comes of it, what was said about one rule, what was done.

use serde::{Deserialize, Serialize};

/// Where an assessment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// 评估中: the assessor judges.
    Assessing,
    /// 已反馈,待答复: the assessed area has to answer.
    Demanded,
    /// 已答复: the assessor closes, or assesses anew.
    Answered,
    /// 已办结.
    Closed,
    /// 评估后数据有变动: the assessor has to confirm anew.
    Changed,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 5] = [Stage::Assessing, Stage::Demanded, Stage::Answered, Stage::Closed, Stage::Changed];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Assessing => "评估中",
            Stage::Demanded => "已反馈,待答复",
            Stage::Answered => "已答复,待办结",
            Stage::Closed => "已办结",
            Stage::Changed => "评估后数据有变动",
        }
    }

    /// The name in storage and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Assessing => "assessing",
            Stage::Demanded => "demanded",
            Stage::Answered => "answered",
            Stage::Closed => "closed",
            Stage::Changed => "changed",
        }
    }

    /// Reads [`Stage::key`].
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// True while the assessor has to act; the assessed area has to where it is `Demanded`.
    pub fn is_with_assessor(self) -> bool {
        matches!(self, Stage::Assessing | Stage::Answered | Stage::Changed)
    }
}

/// Overall result 评估结论 of a feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// 认可.
    Approved,
    /// 认可但需说明: usable, and an explanation is owed.
    Explain,
    /// 退回核实: not usable.
    Verify,
}

impl Overall {
    /// All results.
    pub const ALL: [Overall; 3] = [Overall::Approved, Overall::Explain, Overall::Verify];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Overall::Approved => "认可",
            Overall::Explain => "认可但需说明",
            Overall::Verify => "退回核实",
        }
    }

    /// The name in storage and forms.
    pub fn key(self) -> &'static str {
        match self {
            Overall::Approved => "approved",
            Overall::Explain => "explain",
            Overall::Verify => "verify",
        }
    }

    /// Reads [`Overall::key`].
    pub fn from_key(key: &str) -> Option<Overall> {
        Overall::ALL.into_iter().find(|overall| overall.key() == key)
    }

    /// True when the figures may be used.
    pub fn approves(self) -> bool {
        self != Overall::Verify
    }
}

/// Verdict 评判 on one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 认可: out of bounds for a good reason.
    Approved,
    /// 需核实.
    Verify,
    /// 需修正.
    Mend,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Verdict; 3] = [Verdict::Approved, Verdict::Verify, Verdict::Mend];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Approved => "认可",
            Verdict::Verify => "需核实",
            Verdict::Mend => "需修正",
        }
    }

    /// The name in forms.
    pub fn key(self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Verify => "verify",
            Verdict::Mend => "mend",
        }
    }

    /// Reads [`Verdict::key`].
    pub fn from_key(key: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.key() == key)
    }
}

/// What somebody did with an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 开始评估.
    Open,
    /// 反馈.
    FeedBack,
    /// 答复.
    Answer,
    /// 办结.
    Close,
    /// 数据变动: accepted data of the area changed.
    Change,
    /// 重新评估.
    Reassess,
}

impl Act {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Act::Open => "开始评估",
            Act::FeedBack => "反馈",
            Act::Answer => "答复",
            Act::Close => "办结",
            Act::Change => "评估后数据有变动",
            Act::Reassess => "重新评估",
        }
    }
}
