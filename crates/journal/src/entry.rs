//! What one journal entry says, in which bytes it is hashed, and the reader that checks a stored journal entry by entry.

use std::cmp::Ordering;
use std::fmt;

use crate::frontier::Frontier;
use crate::hash::{Hash, leaf_hash};

/// First field of every entry's bytes, so that the format can change without old entries changing their meaning.
const FORMAT: &str = "youju.journal.1";

/// Entry 日志条目 — who did what to which object, when. All fields are the texts that are stored, nothing is left out of the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Place in the journal, from 1 without gaps.
    pub seq: u64,
    /// Instant in UTC, RFC 3339 with six decimals: `2026-03-05T08:30:00.000000Z`.
    pub at: &'a str,
    /// Id of the person that acted; empty when the system did.
    pub actor_id: &'a str,
    /// Name of the actor at that time.
    pub actor_name: &'a str,
    /// What was done: `report.submit`.
    pub action: &'a str,
    /// Kind of the object: `report`.
    pub object_kind: &'a str,
    /// Id of the object.
    pub object_id: &'a str,
    /// Particulars as canonical JSON text.
    pub payload: &'a str,
}

impl Entry<'_> {
    /// Canonical bytes: nine netstrings (`<length in bytes>:<bytes>,`), the format name first, then the fields in their order.
    /// Because every field carries its length, no text can be moved from one field to the next unnoticed.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let seq = self.seq.to_string();
        let fields = [
            FORMAT,
            &seq,
            self.at,
            self.actor_id,
            self.actor_name,
            self.action,
            self.object_kind,
            self.object_id,
            self.payload,
        ];
        let mut bytes = Vec::with_capacity(fields.iter().map(|field| field.len() + 8).sum());
        for field in fields {
            bytes.extend_from_slice(field.len().to_string().as_bytes());
            bytes.push(b':');
            bytes.extend_from_slice(field.as_bytes());
            bytes.push(b',');
        }
        bytes
    }

    /// The leaf that stands for this entry in the tree.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.canonical_bytes())
    }
}

/// An entry as it was found, with the two fingerprints stored beside it.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The entry's fields.
    pub entry: Entry<'a>,
    /// Stored hash of the leaf.
    pub leaf_hash: &'a [u8],
    /// Stored root of the log up to and including this entry.
    pub root_hash: &'a [u8],
}

/// Head 日志头 — size and root of a log at one moment. Written down elsewhere, it later proves that nothing was cut off or rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries the log had.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// The first place where a journal is not what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("操作日志第 {seq} 条{what}。请立即停止写入,保留现场,并用最近一次备份和已存证的日志头核对。")]
pub struct Mismatch {
    /// The entry that does not fit, by its place in the journal.
    pub seq: u64,
    /// What is wrong with it.
    pub what: What,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The entry that should stand here is not there.
    Missing,
    /// An entry with this number was already read, or numbers before the first.
    Repeated,
    /// A stored field cannot be read as what it should be.
    Unreadable,
    /// The fields do not hash to the stored leaf.
    Leaf,
    /// The stored root is not the root of the entries up to here.
    Root,
    /// The log ends here, or continues, against what the stored or witnessed head says.
    Head,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            What::Missing => "缺失",
            What::Repeated => "序号重复或顺序颠倒",
            What::Unreadable => "的字段无法读取",
            What::Leaf => "的内容与其指纹不符",
            What::Root => "的根指纹与前面各条不符",
            What::Head => "与日志头不符",
        })
    }
}

/// Reads a journal from its first entry on and stops being satisfied at the first that does not fit.
#[derive(Debug, Clone, Default)]
pub struct Verifier {
    log: Frontier,
}

impl Verifier {
    /// Checks the next entry. After an error the verifier still stands before that entry.
    pub fn check(&mut self, stored: &Stored<'_>) -> Result<(), Mismatch> {
        let expected = self.log.size() + 1;
        let seq = stored.entry.seq;
        if seq > expected {
            return Err(Mismatch { seq: expected, what: What::Missing });
        }
        if seq < expected {
            return Err(Mismatch { seq, what: What::Repeated });
        }
        let leaf = stored.entry.leaf_hash();
        if leaf.as_bytes() != stored.leaf_hash {
            return Err(Mismatch { seq, what: What::Leaf });
        }
        let mut log = self.log.clone();
        log.append(leaf);
        if log.root().as_bytes() != stored.root_hash {
            return Err(Mismatch { seq, what: What::Root });
        }
        self.log = log;
        Ok(())
    }

    /// The log as far as it was checked.
    pub fn head(&self) -> Head {
        Head { size: self.log.size(), root: self.log.root() }
    }

    /// The right edge as far as it was checked, to compare with a stored one.
    pub fn frontier(&self) -> &Frontier {
        &self.log
    }

    /// Compares the end of the journal with a head that was kept: entries cut off the end, or added past it, are found here.
    pub fn finish(&self, expected: &Head) -> Result<Head, Mismatch> {
        let head = self.head();
        match head.size.cmp(&expected.size) {
            Ordering::Less => Err(Mismatch { seq: head.size + 1, what: What::Missing }),
            Ordering::Greater => Err(Mismatch { seq: expected.size + 1, what: What::Head }),
            Ordering::Equal if head.root != expected.root => Err(Mismatch { seq: head.size, what: What::Head }),
            Ordering::Equal => Ok(head),
        }
    }
}

/// Checks a whole journal and gives its head, or names the first entry that does not fit.
pub fn verify<'a>(entries: impl IntoIterator<Item = Stored<'a>>) -> Result<Head, Mismatch> {
    let mut verifier = Verifier::default();
    entries.into_iter().try_for_each(|stored| verifier.check(&stored))?;
    Ok(verifier.head())
}
