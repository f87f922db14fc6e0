//! Hashes that are the same in every run: keys of blocks, ids of texts, and the only source of chance (a number out of a seed).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Spreads every bit over all others (the finaliser of SplitMix64).
pub(crate) const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Two values as one; the order counts.
pub(crate) const fn join(a: u64, b: u64) -> u64 {
    mix(a.wrapping_mul(GOLDEN) ^ b.wrapping_add(GOLDEN))
}

/// The `n`th number that a seed gives.
pub(crate) const fn drawn(seed: u64, n: u64) -> u64 {
    mix(join(seed, n))
}

/// A number below `end` out of 64 even bits, without the bias of a remainder that would matter for lists of millions.
pub(crate) fn below(bits: u64, end: usize) -> usize {
    let product = u128::from(bits) * (end as u128);
    usize::try_from(product >> 64).unwrap_or(0)
}

pub(crate) fn of_chars(text: &[char]) -> u64 {
    mix(text
        .iter()
        .fold(text.len() as u64, |hash, c| (hash ^ u64::from(u32::from(*c))).wrapping_mul(GOLDEN).rotate_left(29)))
}

pub(crate) fn of_bytes(text: &[u8]) -> u64 {
    mix(text.iter().fold(text.len() as u64, |hash, c| (hash ^ u64::from(*c)).wrapping_mul(GOLDEN).rotate_left(29)))
}

/// A hash as 32 bits that are never 0, because 0 says "nothing there".
pub(crate) fn short(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0).max(1)
}

/// Keys that are hashes already are not hashed again.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = of_bytes(bytes);
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// By hash. Nothing may depend on the order of its entries.
pub(crate) type Map<V> = HashMap<u64, V, BuildHasherDefault<Already>>;

/// Hashes alone.
pub(crate) type Set = HashSet<u64, BuildHasherDefault<Already>>;
