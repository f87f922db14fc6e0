//! Message 消息 — what the program tells one person: a report came back, a reminder, a query, a decision.

use crate::Instant;
use crate::id::{MessageId, PersonId};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 退回: a report was sent back.
    Returned,
    /// 提醒: a report is due.
    Reminder,
    /// 催报通知书: a formal reminder, which has to be signed for.
    Notice,
    /// 开网.
    Opened,
    /// 时间调整: a window's times changed.
    Changed,
    /// 查询: figures are asked about.
    Query,
    /// 更正: a correction was asked for or decided.
    Correction,
    /// 批注: a note on a cell.
    Note,
    /// 评估: the figures of an area were assessed, answered for, or have changed since.
    Assessment,
    /// 联审: a meeting over redacted reports was called, or has ended.
    JointReview,
    /// 账号: somebody signed in from another browser, or the account was changed.
    Account,
    /// 规范化: what an organisation must have was claimed, accepted or sent back.
    Standard,
    /// 人员: staff of a unit changed, or a handover waits for a signature or is done.
    Staff,
    /// 事项: it is one's turn in a case, or a case that one opened has ended.
    Case,
    /// 辅导: what a unit that has become one that reports gets, and by when.
    Onboarding,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 15] = [
        Kind::Returned,
        Kind::Reminder,
        Kind::Notice,
        Kind::Opened,
        Kind::Changed,
        Kind::Query,
        Kind::Correction,
        Kind::Note,
        Kind::Assessment,
        Kind::JointReview,
        Kind::Account,
        Kind::Standard,
        Kind::Staff,
        Kind::Case,
        Kind::Onboarding,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Returned => "退回",
            Kind::Reminder => "提醒",
            Kind::Notice => "催报通知书",
            Kind::Opened => "开网",
            Kind::Changed => "时间调整",
            Kind::Query => "查询",
            Kind::Correction => "更正",
            Kind::Note => "批注",
            Kind::Assessment => "评估",
            Kind::JointReview => "联审",
            Kind::Account => "账号",
            Kind::Standard => "规范化",
            Kind::Staff => "人员",
            Kind::Case => "事项",
            Kind::Onboarding => "辅导",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Returned => "returned",
            Kind::Reminder => "reminder",
            Kind::Notice => "notice",
            Kind::Opened => "opened",
            Kind::Changed => "changed",
            Kind::Query => "query",
            Kind::Correction => "correction",
            Kind::Note => "note",
            Kind::Assessment => "assessment",
            Kind::JointReview => "joint_review",
            Kind::Account => "account",
            Kind::Standard => "standard",
            Kind::Staff => "staff",
            Kind::Case => "case",
            Kind::Onboarding => "onboarding",
        }
    }

    /// Reads [`Kind::key`].
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// True for what a unit's inbox shows anyway as something to be done.
    pub fn is_task_of_units(self) -> bool {
        matches!(self, Kind::Opened | Kind::Returned | Kind::Query)
    }

    /// The same for the inbox of an office.
    pub fn is_task_of_offices(self) -> bool {
        matches!(self, Kind::Query | Kind::Correction)
    }

    /// True when the addressee has to sign for it (签收), so that receipt can be proved.
    pub fn needs_receipt(self) -> bool {
        self == Kind::Notice
    }
}

/// Message 消息.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who it is for.
    pub person: PersonId,
    /// What it is about.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// The text.
    pub body: String,
    /// What it is about, as kind and id: `("report", …)`.
    pub about: (String, String),
    /// When it was sent.
    pub sent_at: Instant,
    /// When it was read or signed for.
    pub read_at: Option<Instant>,
    /// True for what the addressee's inbox shows anyway as something to be done: it is kept and sent, but it is not news.
    pub is_task: bool,
}

impl Message {
    /// True while somebody has to take note of it.
    pub fn is_news(&self) -> bool {
        self.read_at.is_none() && !self.is_task
    }
}
