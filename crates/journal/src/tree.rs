//! A whole log in memory: the hashes of all leaves and of every perfect subtree, so that any proof is a few look-ups.

use crate::hash::{Hash, leaf_hash, node_hash};

/// Tree 默克尔树 — answers for the log as it was at any size: root, inclusion proof, consistency proof. 64 bytes per leaf.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[h][i]` is the root of the perfect subtree over leaves `i·2^h .. (i+1)·2^h`.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Builds the tree over leaf hashes in order.
    pub fn from_leaves(leaves: impl IntoIterator<Item = Hash>) -> Tree {
        let mut tree = Tree::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }

    /// Hashes one leaf's data and adds it.
    pub fn append(&mut self, data: &[u8]) {
        self.push(leaf_hash(data));
    }

    /// Adds one leaf hash, and every subtree that it completes.
    pub fn push(&mut self, leaf: Hash) {
        let mut subtree = leaf;
        for height in 0.. {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(height) else { return };
            level.push(subtree);
            match level.as_slice() {
                [.., left, right] if level.len().is_multiple_of(2) => subtree = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Root of the first `size` leaves; `None` when there are not so many.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        if size == 0 { Some(Hash::empty()) } else { self.subtree(0, size) }
    }

    /// Root of all leaves.
    pub fn root(&self) -> Hash {
        self.root_at(self.size()).unwrap_or_else(Hash::empty)
    }

    /// Proof that leaf number `index` (from 0) stands in the log of the first `size` leaves (RFC 9162 §2.1.3.1).
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut start, mut count, mut path) = (0, size, Vec::new());
        while count > 1 {
            let left = largest_power_below(count);
            if index - start < left {
                path.push(self.subtree(start + left, count - left)?);
                count = left;
            } else {
                path.push(self.subtree(start, left)?);
                (start, count) = (start + left, count - left);
            }
        }
        path.reverse();
        Some(path)
    }

    /// Proof that the log of `old` leaves is the beginning of the log of `new` leaves (RFC 9162 §2.1.4.1).
    /// Empty when `old` is 0 or equal to `new`: there is nothing to prove.
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        if old > new || new > self.size() {
            return None;
        }
        if old == 0 || old == new {
            return Some(Vec::new());
        }
        let (mut start, mut count, mut wanted, mut path) = (0, new, old, Vec::new());
        while wanted != count {
            let left = largest_power_below(count);
            if wanted <= left {
                path.push(self.subtree(start + left, count - left)?);
                count = left;
            } else {
                path.push(self.subtree(start, left)?);
                (start, count, wanted) = (start + left, count - left, wanted - left);
            }
        }
        // When the old log is a perfect subtree on the left edge, whoever verifies already holds its root.
        if start > 0 {
            path.push(self.subtree(start, count)?);
        }
        path.reverse();
        Some(path)
    }

    /// Root over leaves `start .. start + count`, where `start` is a multiple of the largest perfect subtree inside.
    fn subtree(&self, start: u64, count: u64) -> Option<Hash> {
        if count.is_power_of_two() {
            let height = count.trailing_zeros();
            let level = self.levels.get(height as usize)?;
            return level.get(usize::try_from(start >> height).ok()?).copied();
        }
        let left = largest_power_below(count);
        Some(node_hash(&self.subtree(start, left)?, &self.subtree(start + left, count.checked_sub(left)?)?))
    }
}

/// Largest power of two that is smaller than `count` (which is at least 2): where RFC 9162 splits a tree.
fn largest_power_below(count: u64) -> u64 {
    1 << (count.saturating_sub(1)).checked_ilog2().unwrap_or(0)
}
