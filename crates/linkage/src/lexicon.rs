//! Texts kept once, with how many rows of either list bear them.

use crate::hash::{self, Map};

/// Which of the two lists a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// 名录, what the list is matched with.
    Register,
    /// The list of a department.
    List,
}

/// Id of the empty text, which every lexicon knows.
pub(crate) const EMPTY: u32 = 0;

#[derive(Debug)]
pub(crate) struct Lexicon {
    chars: Vec<char>,
    ends: Vec<u32>,
    counts: Vec<[u32; 2]>,
    ids: Map<u32>,
    rows: [u32; 2],
}

impl Default for Lexicon {
    fn default() -> Self {
        Lexicon { chars: Vec::new(), ends: vec![0], counts: vec![[0; 2]], ids: Map::default(), rows: [0; 2] }
    }
}

impl Lexicon {
    /// The id of a text that one more row of a list bears.
    pub(crate) fn add(&mut self, text: &str, side: Side) -> u32 {
        if text.is_empty() {
            return EMPTY;
        }
        let chars: Vec<char> = text.chars().collect();
        let id = self.id(&chars);
        let at = usize::from(side == Side::List);
        let counts =
            usize::try_from(id).ok().and_then(|id| self.counts.get_mut(id)).and_then(|counts| counts.get_mut(at));
        if let Some(count) = counts {
            *count += 1;
        }
        if let Some(rows) = self.rows.get_mut(at) {
            *rows += 1;
        }
        id
    }

    fn id(&mut self, chars: &[char]) -> u32 {
        let mut key = hash::of_chars(chars);
        // Two texts of one hash: the second goes by the hash of the hash, and so on.
        while let Some(id) = self.ids.get(&key).copied() {
            if self.text(id) == chars {
                return id;
            }
            key = hash::mix(key.wrapping_add(1));
        }
        let (Ok(id), Ok(end)) = (u32::try_from(self.ends.len()), u32::try_from(self.chars.len() + chars.len())) else {
            return EMPTY; // four thousand million characters of names: beyond any list
        };
        self.chars.extend_from_slice(chars);
        self.ends.push(end);
        self.counts.push([0; 2]);
        self.ids.insert(key, id);
        id
    }

    pub(crate) fn text(&self, id: u32) -> &[char] {
        let end = |id: usize| self.ends.get(id).copied().and_then(|end| usize::try_from(end).ok()).unwrap_or(0);
        let Ok(id) = usize::try_from(id) else { return &[] };
        let from = id.checked_sub(1).map_or(0, end);
        self.chars.get(from..end(id)).unwrap_or_default()
    }

    /// How many rows bear a text, in the register and in the list.
    pub(crate) fn counts(&self, id: u32) -> [u32; 2] {
        usize::try_from(id).ok().and_then(|id| self.counts.get(id)).copied().unwrap_or_default()
    }

    /// The chance that some other row bears a text: how many others do in the list where it is more common, and half a row for those
    /// that nobody has seen yet. One row that bears it is the unit itself.
    pub(crate) fn chance(&self, id: u32) -> f64 {
        let share =
            |count: u32, rows: u32| if rows == 0 { 0.0 } else { (f64::from(count) - 0.5).max(0.5) / f64::from(rows) };
        let ([a, b], [of_a, of_b]) = (self.counts(id), self.rows);
        share(a, of_a).max(share(b, of_b))
    }
}
