//! What departments say about whether a unit is there.

use serde::{Deserialize, Serialize};
use youju_codes::normalise;

/// Words of departments. The first that occurs decides: 吊销未注销 is revoked, 未注销 alone is open.
const WORDS: &[(&str, Standing)] = &[
    ("吊销", Standing::Revoked),
    ("撤销", Standing::Revoked),
    ("未注销", Standing::Open),
    ("注销中", Standing::Closing),
    ("正在注销", Standing::Closing),
    ("注销", Standing::Cancelled),
    ("迁出", Standing::MovedOut),
    ("迁往", Standing::MovedOut),
    ("清算", Standing::Closing),
    ("停业", Standing::Suspended),
    ("歇业", Standing::Suspended),
    ("停产", Standing::Suspended),
    ("非正常", Standing::Suspended),
    ("存续", Standing::Open),
    ("在业", Standing::Open),
    ("在营", Standing::Open),
    ("在册", Standing::Open),
    ("开业", Standing::Open),
    ("营业", Standing::Open),
    ("正常", Standing::Open),
    ("迁入", Standing::Open),
    ("登记", Standing::Open),
    ("有效", Standing::Open),
];

/// What a list says about whether a unit is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 存续、在业, or nothing else is said.
    #[default]
    Open,
    /// 停业、歇业: it is there and does nothing.
    Suspended,
    /// 清算、注销中.
    Closing,
    /// 迁出.
    MovedOut,
    /// 吊销、撤销.
    Revoked,
    /// 注销.
    Cancelled,
}

impl Standing {
    /// All.
    pub const ALL: [Standing; 6] = [
        Standing::Open,
        Standing::Suspended,
        Standing::Closing,
        Standing::MovedOut,
        Standing::Revoked,
        Standing::Cancelled,
    ];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Suspended => "suspended",
            Standing::Closing => "closing",
            Standing::MovedOut => "moved_out",
            Standing::Revoked => "revoked",
            Standing::Cancelled => "cancelled",
        }
    }

    /// Reads [`Standing::key`].
    pub fn from_key(key: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Open => "在业",
            Standing::Suspended => "停业",
            Standing::Closing => "清算",
            Standing::MovedOut => "迁出",
            Standing::Revoked => "吊销",
            Standing::Cancelled => "注销",
        }
    }

    /// True when the unit is there no more.
    pub fn is_gone(self) -> bool {
        matches!(self, Standing::MovedOut | Standing::Revoked | Standing::Cancelled)
    }

    /// The word of a department; none where nobody knows it.
    ///
    /// ```
    /// use youju_domain::roster::Standing;
    /// assert_eq!(Standing::read("存续(在营、开业、在册)"), Some(Standing::Open));
    /// assert_eq!(Standing::read("吊销,未注销"), Some(Standing::Revoked));
    /// assert_eq!(Standing::read("非正常户"), Some(Standing::Suspended));
    /// assert_eq!(Standing::read("甲类"), None);
    /// ```
    pub fn read(text: &str) -> Option<Standing> {
        let text = normalise(text);
        let text = text.trim();
        if text.is_empty() {
            return Some(Standing::Open);
        }
        WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, standing)| *standing)
    }
}
