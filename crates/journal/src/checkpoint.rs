//! Checkpoints (C2SP tlog-checkpoint) as signed notes: the head of a log at a moment, over the signature of who keeps the log.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::entry::Head;
use crate::hash::Hash;
use crate::instant::is_instant;
use crate::key::{SigningKey, VerifyingKey, is_name};
use crate::note::{BadNote, Note, Signature};

/// The one extension line: when the checkpoint was made, as its signer says.
const AT: &str = "at ";

/// Checkpoint 检查点 — origin, size and root of a log, and when. Four lines: `origin`, `size`, base64 of the root, `at ‹instant›`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: Head,
    at: String,
}

/// This is no checkpoint, or not one that this key signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// The origin cannot be the name of a key.
    #[error("检查点的来源名称不合规定:不能为空,不含空格、加号和控制字符。")]
    Origin,
    /// The instant is none.
    #[error("检查点的时间不合规定:应为 UTC 时间,例如 2026-03-05T08:30:00.000000Z。")]
    At,
    /// The lines are not those of a checkpoint.
    #[error("不是检查点:应为来源、条数、根指纹、时间共四行。请核对是否抄录完整。")]
    Form,
    /// The key belongs to another log.
    #[error("密钥“{name}”不是日志“{origin}”的密钥。")]
    OtherLog {
        /// Name of the key.
        name: String,
        /// The log.
        origin: String,
    },
    /// The note around it is not good.
    #[error(transparent)]
    Note(#[from] BadNote),
}

impl Checkpoint {
    /// Dates a head. The origin is the name of the keys that sign for this log; the instant comes from the caller's clock.
    pub fn new(origin: &str, head: Head, at: &str) -> Result<Checkpoint, BadCheckpoint> {
        if !is_name(origin) {
            return Err(BadCheckpoint::Origin);
        }
        if !is_instant(at) {
            return Err(BadCheckpoint::At);
        }
        Ok(Checkpoint { origin: origin.to_owned(), head, at: at.to_owned() })
    }

    /// Reads what [`Display`](fmt::Display) wrote. There is one text for one checkpoint.
    pub fn parse(text: &str) -> Result<Checkpoint, BadCheckpoint> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(BadCheckpoint::Form)?.split('\n').collect();
        let [origin, size, root, at] = lines.as_slice() else { return Err(BadCheckpoint::Form) };
        let size = parse_size(size).ok_or(BadCheckpoint::Form)?;
        let root = STANDARD.decode(root).ok().and_then(|bytes| Hash::from_bytes(&bytes).ok());
        let head = Head { size, root: root.ok_or(BadCheckpoint::Form)? };
        Checkpoint::new(origin, head, at.strip_prefix(AT).ok_or(BadCheckpoint::Form)?)
    }

    /// Which log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its size and root.
    pub fn head(&self) -> Head {
        self.head
    }

    /// When, as the signer says.
    pub fn at(&self) -> &str {
        &self.at
    }
}

/// Decimal digits without a leading zero.
fn parse_size(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (size.to_string() == text).then_some(size)
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = STANDARD.encode(self.head.root.as_bytes());
        writeln!(f, "{}\n{}\n{root}\n{AT}{}", self.origin, self.head.size, self.at)
    }
}

/// Signed checkpoint 已签名的检查点 — to be printed, sent, published: later it proves that nothing was cut off or rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Signs a checkpoint with each of the keys, which bear the log's name.
    pub fn sign(checkpoint: Checkpoint, keys: &[&SigningKey]) -> Result<SignedCheckpoint, BadCheckpoint> {
        for key in keys {
            checkpoint.must_be_of(key.verifying_key())?;
        }
        let note = Note::sign(&checkpoint.to_string(), keys)?;
        Ok(SignedCheckpoint { checkpoint, note })
    }

    /// Reads what [`Display`](fmt::Display) wrote. There is one text for one signed checkpoint.
    pub fn parse(text: &str) -> Result<SignedCheckpoint, BadCheckpoint> {
        let note = Note::parse(text)?;
        Ok(SignedCheckpoint { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// What is signed. To be believed only after [`SignedCheckpoint::verify`].
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Who is said to have signed.
    pub fn signatures(&self) -> &[Signature] {
        self.note.signatures()
    }

    /// Passes if this key signed, and is a key of this log. Signatures of others are not looked at.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadCheckpoint> {
        self.checkpoint.must_be_of(key)?;
        Ok(self.note.verify(key)?)
    }
}

impl Checkpoint {
    /// A key of another log says nothing about this one, however good its signature is.
    fn must_be_of(&self, key: &VerifyingKey) -> Result<(), BadCheckpoint> {
        if key.name() == self.origin {
            return Ok(());
        }
        Err(BadCheckpoint::OtherLog { name: key.name().to_owned(), origin: self.origin.clone() })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.note)
    }
}
