//! SHA-256 values and the two ways in which the tree uses them. No other module names an algorithm.

use std::fmt;

use sha2::{Digest, Sha256};

/// Fingerprint 指纹 — a SHA-256 value; shown and read as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// These bytes or this text are not a SHA-256 value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("指纹应为 32 字节(64 位十六进制小写字符)。请核对指纹是否抄录完整。")]
pub struct BadHash;

impl Hash {
    /// Root of the empty tree: SHA-256 of nothing.
    pub fn empty() -> Hash {
        sha256(b"")
    }

    /// The 32 bytes, as they are stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Hash, BadHash> {
        bytes.try_into().map(Hash).map_err(|_| BadHash)
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Hash, BadHash> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Ok(b - b'0'),
            b'a'..=b'f' => Ok(b - b'a' + 10),
            _ => Err(BadHash),
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() {
            return Err(BadHash);
        }
        let bytes: Result<Vec<u8>, BadHash> =
            pairs.iter().map(|&[high, low]| Ok(digit(high)? << 4 | digit(low)?)).collect();
        Hash::from_bytes(&bytes?)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Fingerprint of plain bytes, for attachments and files. Never for a leaf or a node of the tree.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Hash of a leaf: SHA-256(0x00 ‖ data). The first byte keeps leaves and nodes apart (RFC 9162 §2.1.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(data).finalize().into())
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new().chain_update([0x01]).chain_update(left.0).chain_update(right.0).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_reads_back_as_it_is_shown() {
        let hash = sha256("统计法".as_bytes());
        assert_eq!(Hash::parse(&hash.to_string()), Ok(hash));
        assert_eq!(Hash::from_bytes(hash.as_bytes()), Ok(hash));
    }

    #[test]
    fn what_is_not_a_fingerprint_is_refused() {
        let full = Hash::empty().to_string();
        for bad in ["", "e3b0", &full.to_uppercase(), &full[1..], &format!("{full}00"), &full.replace('e', "g")] {
            assert_eq!(Hash::parse(bad), Err(BadHash), "{bad}");
        }
        assert_eq!(Hash::from_bytes(&[0; 31]), Err(BadHash));
    }
}
