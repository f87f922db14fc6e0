//! Chance out of a seed, and rows that own their texts.

use youju_linkage::Entry;

/// Numbers that follow from a seed (SplitMix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF0)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from((u128::from(self.next()) * (end.max(1) as u128)) >> 64).unwrap_or(0)
    }

    /// True so often in a hundred.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(of.len());
        of.get(at)
    }

    /// One of them, the first ones far more often.
    pub fn common<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(of.len()).min(self.below(of.len()));
        of.get(at)
    }
}

/// A row that owns its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub address: String,
    pub phone: String,
    pub person: String,
    pub industry: String,
    pub date: String,
}

impl Row {
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            code: &self.code,
            name: &self.name,
            address: &self.address,
            phone: &self.phone,
            person: &self.person,
            industry: &self.industry,
            date: &self.date,
            ..Entry::default()
        }
    }
}
