//! What may be wrong with a bundle, and where.

use std::fmt;

use crate::checkpoint::BadCheckpoint;
use crate::hash::Hash;
use crate::json::BadJson;
use crate::key::BadKey;
use crate::limits::{BUNDLE_BYTES_MAX, LABEL_BYTES_MAX};

/// This bundle proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("证明包{place}{flaw}")]
pub struct BadBundle {
    /// Where.
    pub place: Place,
    /// What.
    pub flaw: Flaw,
}

/// A place in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The bundle as a whole.
    Whole,
    /// A byte, counted from 1.
    Byte(usize),
    /// A key, counted from 1.
    Key(usize),
    /// The checkpoint that everything hangs on.
    Checkpoint,
    /// The older checkpoint.
    Older,
    /// An entry, by its place in the journal.
    Entry(u64),
    /// A document.
    Document {
        /// Counted from 1.
        nth: usize,
        /// Its name, as it stands in the bundle.
        name: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Whole => Ok(()),
            Place::Byte(byte) => write!(f, "第 {byte} 个字节"),
            Place::Key(nth) => write!(f, "第 {nth} 个公钥"),
            Place::Checkpoint => f.write_str("的检查点"),
            Place::Older => f.write_str("的较早检查点"),
            Place::Entry(seq) => write!(f, "里的日志第 {seq} 条"),
            Place::Document { nth, name } => write!(f, "第 {nth} 个文件“{name}”"),
        }
    }
}

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// More bytes than are read.
    #[error("超过 {BUNDLE_BYTES_MAX} 字节。请核对文件是否取错。")]
    TooLong,
    /// Not UTF-8.
    #[error("起不是 UTF-8 文本。请重新索取原件。")]
    NotUtf8,
    /// Not the one writing that is allowed.
    #[error("起不是规定的写法:内容被改动、截断,或被编辑器另存过。请重新索取原件。")]
    Form,
    /// More of something than is read.
    #[error("处的清单多于 {most} 项。请核对文件是否取错。")]
    TooMany {
        /// How many may be.
        most: usize,
    },
    /// A key cannot be read.
    #[error("无法使用:{0}")]
    Key(BadKey),
    /// A key signed nothing here, or stands here twice.
    #[error("多余或重复:它没有签过这里的检查点。")]
    UnusedKey,
    /// A checkpoint cannot be read, or its signature is not good.
    #[error("不成立:{0}")]
    Checkpoint(BadCheckpoint),
    /// Signed, but by none of the keys that the reader trusts.
    #[error("不是由可信公钥签发的。签发它的公钥指纹是 {}。请通过电话或公报核对。", list(.fingerprints))]
    Untrusted {
        /// Fingerprints of the keys that signed.
        fingerprints: Vec<Hash>,
    },
    /// The older checkpoint is one of another log.
    #[error("属于另一份日志:来源名称不同。")]
    OtherLog,
    /// The older checkpoint is the newer one.
    #[error("比检查点更新:条数更多或时间更晚。")]
    NotOlder,
    /// The newer log does not continue the older one.
    #[error("与检查点不一致:较早的日志不是现在日志的开头,其间有条目被改动、删除或插入。请立即停止写入,保留现场。")]
    Fork,
    /// Entries stand in order, each once.
    #[error("重复或顺序颠倒。")]
    Order,
    /// There is no such place in the log.
    #[error("不在日志之内:检查点处日志共 {size} 条。")]
    Outside {
        /// How many entries the log has.
        size: u64,
    },
    /// The entry, its proof or the root was altered.
    #[error("与检查点的根指纹不符:这一条或它的证明被改动过。")]
    NotIncluded,
    /// A name, media type or key of a document.
    #[error("的名称、类型或字段名不合规定:应为 1 至 {LABEL_BYTES_MAX} 字节,不含控制字符。")]
    Label,
    /// The document names an entry that the bundle does not hold.
    #[error("所指的日志第 {seq} 条不在证明包里。")]
    NoEntry {
        /// That entry.
        seq: u64,
    },
    /// The particulars hold no such text.
    #[error("所指的日志第 {seq} 条没有内容为文本的字段“{key}”。")]
    NoHash {
        /// That entry.
        seq: u64,
        /// The key.
        key: String,
    },
    /// The document is not the one whose fingerprint stands beside it.
    #[error("的内容与旁边的 SHA-256 不符:文件被改动过。")]
    Altered,
    /// The bytes have another fingerprint.
    #[error("的 SHA-256 与日志第 {seq} 条字段“{key}”所记的不同:文件不是当时的文件。")]
    OtherHash {
        /// That entry.
        seq: u64,
        /// The key.
        key: String,
    },
    /// The fingerprint at the end is not that of the text before it.
    #[error("末尾的校验码与前文不符:文件名称、类型等文字被改动过。请重新索取原件。")]
    Digest,
}

fn list(fingerprints: &[Hash]) -> String {
    fingerprints.iter().map(Hash::to_string).collect::<Vec<_>>().join("、")
}

impl Flaw {
    pub(crate) fn at(self, place: Place) -> BadBundle {
        BadBundle { place, flaw: self }
    }
}

impl From<BadJson> for BadBundle {
    fn from(bad: BadJson) -> BadBundle {
        match bad {
            BadJson::Form { byte } => Flaw::Form.at(Place::Byte(byte)),
            BadJson::TooMany { byte, most } => Flaw::TooMany { most }.at(Place::Byte(byte)),
        }
    }
}
