//! The right edge of a growing tree: enough to append and to know the root, a few hundred bytes for a log of any length.

use crate::hash::{Hash, node_hash};

/// Frontier 右缘 — the roots of the perfect subtrees that make up a log, from the largest (left) to the smallest.
/// A log of `size` leaves has as many of them as `size` has one-bits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// The stored bytes do not belong to a log of this size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("日志头与日志长度 {size} 不符:应有 {expected} 个子树指纹。请停止写入,并用备份核对日志。")]
pub struct BadFrontier {
    /// The size that was claimed.
    pub size: u64,
    /// How many subtree roots such a log has.
    pub expected: u32,
}

impl Frontier {
    /// How many leaves the log has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds one leaf. Equal subtrees merge, as a binary counter carries.
    pub fn append(&mut self, leaf: Hash) {
        let mut subtree = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                subtree = node_hash(&left, &subtree);
            }
        }
        self.peaks.push(subtree);
        self.size += 1;
    }

    /// Root of the whole log (RFC 9162 §2.1.1); the empty log has the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.peaks.iter().rev();
        match smallest_first.next() {
            None => Hash::empty(),
            Some(&last) => smallest_first.fold(last, |right, left| node_hash(left, &right)),
        }
    }

    /// The subtree roots one after the other, 32 bytes each, as they are stored beside the size.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(Hash::as_bytes).copied().collect()
    }

    /// Reads what [`Frontier::to_bytes`] wrote for a log of this size.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Frontier, BadFrontier> {
        let bad = BadFrontier { size, expected: size.count_ones() };
        let peaks: Result<Vec<Hash>, _> = bytes.chunks(32).map(Hash::from_bytes).collect();
        let peaks = peaks.map_err(|_| bad)?;
        if u32::try_from(peaks.len()) == Ok(bad.expected) { Ok(Frontier { size, peaks }) } else { Err(bad) }
    }
}
