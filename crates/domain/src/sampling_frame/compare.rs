//! A later frame beside an earlier one: who came, who left, who stands in another stratum. Both are read in the order of their ids, one row
//! at a time, so that large frames need no room.

use super::Stratum;

/// One side's row: id, name, stratum.
pub type Part = (String, String, String);

/// How a unit differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// 新进: not in the earlier one.
    Came(Part),
    /// 退出: not in the later one.
    Left(Part),
    /// 换层: id, name as it is now, stratum before and now.
    Moved {
        /// Its row now.
        now: Part,
        /// Its stratum before.
        before: String,
    },
}

/// Comparison 前后对照.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In both, in the same stratum.
    pub same: u64,
    /// 新进.
    pub came: u64,
    /// 退出.
    pub left: u64,
    /// 换层.
    pub moved: u64,
    /// The first differences, as many as a page shows.
    pub shown: Vec<Difference>,
}

impl Comparison {
    /// Differences that a page shows; the file holds all of them.
    pub const SHOWN_MAX: usize = 200;

    /// Compares two sides, each in the order of its ids; `tell` hears every difference.
    pub fn of<E>(
        earlier: impl IntoIterator<Item = Result<Part, E>>,
        later: impl IntoIterator<Item = Result<Part, E>>,
        mut tell: impl FnMut(&Difference),
    ) -> Result<Comparison, E> {
        let (mut earlier, mut later) = (earlier.into_iter(), later.into_iter());
        let (mut before, mut now) = (earlier.next().transpose()?, later.next().transpose()?);
        let mut found = Comparison::default();
        loop {
            match (before.take(), now.take()) {
                (None, None) => return Ok(found),
                (Some(b), Some(n)) if b.0 == n.0 => {
                    if b.2 == n.2 {
                        found.same += 1;
                    } else {
                        found.note(Difference::Moved { now: n, before: b.2 }, &mut tell);
                    }
                    (before, now) = (earlier.next().transpose()?, later.next().transpose()?);
                }
                (Some(b), n) if n.as_ref().is_none_or(|n| b.0 < n.0) => {
                    found.note(Difference::Left(b), &mut tell);
                    (before, now) = (earlier.next().transpose()?, n);
                }
                (b, Some(n)) => {
                    found.note(Difference::Came(n), &mut tell);
                    (before, now) = (b, later.next().transpose()?);
                }
                // Whatever stands on the left alone was told above.
                (Some(_), None) => {}
            }
        }
    }

    fn note(&mut self, difference: Difference, tell: &mut impl FnMut(&Difference)) {
        match &difference {
            Difference::Came(_) => self.came += 1,
            Difference::Left(_) => self.left += 1,
            Difference::Moved { .. } => self.moved += 1,
        }
        tell(&difference);
        if self.shown.len() < Comparison::SHOWN_MAX {
            self.shown.push(difference);
        }
    }
}

impl Difference {
    /// The cells of a line: what it is, id, name, stratum before, stratum now.
    pub fn cells(&self) -> [&str; 5] {
        match self {
            Difference::Came((id, name, stratum)) => ["新进", id, name, "", stratum],
            Difference::Left((id, name, stratum)) => ["退出", id, name, stratum, ""],
            Difference::Moved { now: (id, name, stratum), before } => ["换层", id, name, before, stratum],
        }
    }

    /// The stratum before and the one now.
    pub fn strata(&self) -> (Option<Stratum>, Option<Stratum>) {
        let [_, _, _, before, now] = self.cells();
        (Stratum::from_key(before), Stratum::from_key(now))
    }
}
