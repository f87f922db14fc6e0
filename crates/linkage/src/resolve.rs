//! Who belongs to whom when a row may belong to one only. Rows that links hold together are a group; a small group is solved so that the sum
//! of what speaks for its links is greatest, a large one from the strongest link down.

use crate::assign::best;
use crate::link::Link;

/// Groups with more rows on their larger side are settled from the strongest link down: exact solving takes the cube of it.
const EXACT_MAX: usize = 64; // rows of a side

pub(crate) struct Settled {
    pub links: Vec<Link>,
    pub lost: Vec<Link>,
    pub greedy: usize,
    pub largest: usize,
}

/// Sets of rows that belong together.
pub(crate) struct Sets(Vec<u32>);

impl Sets {
    pub(crate) fn new(count: usize) -> Sets {
        Sets((0..u32::try_from(count).unwrap_or(u32::MAX)).collect())
    }

    fn above(&self, of: u32) -> u32 {
        usize::try_from(of).ok().and_then(|of| self.0.get(of)).copied().unwrap_or(of)
    }

    fn put(&mut self, of: u32, above: u32) {
        if let Some(slot) = usize::try_from(of).ok().and_then(|of| self.0.get_mut(of)) {
            *slot = above;
        }
    }

    /// The least row of a set.
    pub(crate) fn first(&mut self, mut of: u32) -> u32 {
        while self.above(of) != of {
            let next = self.above(self.above(of));
            self.put(of, next);
            of = next;
        }
        of
    }

    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        self.put(a.max(b), a.min(b));
    }
}

/// Groups of links that hang together, each from the strongest down; `right` tells the set's number of a link's right row.
pub(crate) fn groups(links: Vec<Link>, rows: usize, right: impl Fn(&Link) -> u32) -> Vec<Vec<Link>> {
    let mut sets = Sets::new(rows);
    for link in &links {
        sets.join(link.left, right(link));
    }
    let mut keyed: Vec<(u32, Link)> = links.into_iter().map(|link| (sets.first(link.left), link)).collect();
    keyed.sort_unstable_by(|(a, x), (b, y)| {
        a.cmp(b).then(y.bits.total_cmp(&x.bits)).then(x.left.cmp(&y.left)).then(x.right.cmp(&y.right))
    });
    keyed.chunk_by(|(a, _), (b, _)| a == b).map(|group| group.iter().map(|(_, link)| *link).collect()).collect()
}

/// Settles links one to one.
pub(crate) fn one_to_one(links: Vec<Link>, lefts: usize, rights: usize) -> Settled {
    let offset = u32::try_from(lefts).unwrap_or(u32::MAX);
    let mut settled = Settled { links: Vec::new(), lost: Vec::new(), greedy: 0, largest: 0 };
    for group in groups(links, lefts + rights, |link| offset.saturating_add(link.right)) {
        if let [only] = group.as_slice() {
            settled.links.push(*only);
            continue;
        }
        let numbers = |side: fn(&Link) -> u32| {
            let mut rows: Vec<u32> = group.iter().map(side).collect();
            rows.sort_unstable();
            rows.dedup();
            rows
        };
        let (left, right) = (numbers(|link| link.left), numbers(|link| link.right));
        let is_chosen = if left.len().max(right.len()) <= EXACT_MAX {
            exact(&group, &left, &right)
        } else {
            settled.greedy += 1;
            settled.largest = settled.largest.max(left.len() + right.len());
            greedy(&group)
        };
        for (link, is_chosen) in group.into_iter().zip(is_chosen) {
            if is_chosen { settled.links.push(link) } else { settled.lost.push(link) }
        }
    }
    settled.links.sort_unstable_by_key(|link| (link.left, link.right));
    settled.lost.sort_unstable_by_key(|link| (link.left, link.right));
    settled
}

fn greedy(group: &[Link]) -> Vec<bool> {
    let mut lefts = std::collections::BTreeSet::new();
    let mut rights = std::collections::BTreeSet::new();
    let is_free = |link: &Link, lefts: &std::collections::BTreeSet<u32>, rights: &std::collections::BTreeSet<u32>| {
        !lefts.contains(&link.left) && !rights.contains(&link.right)
    };
    let mut chosen = Vec::with_capacity(group.len());
    for link in group {
        let is_chosen = is_free(link, &lefts, &rights);
        if is_chosen {
            lefts.insert(link.left);
            rights.insert(link.right);
        }
        chosen.push(is_chosen);
    }
    chosen
}

fn exact(group: &[Link], left: &[u32], right: &[u32]) -> Vec<bool> {
    let mut gains = vec![vec![0_i64; right.len()]; left.len()];
    for link in group {
        let at = left.binary_search(&link.left).ok().zip(right.binary_search(&link.right).ok());
        let slot = at.and_then(|(row, column)| gains.get_mut(row).and_then(|row| row.get_mut(column)));
        if let Some(slot) = slot {
            *slot = gain(link.bits);
        }
    }
    let chosen = best(&gains);
    let is_chosen = |link: &Link| {
        let row = left.binary_search(&link.left).ok();
        let column = row.and_then(|row| chosen.get(row).copied().flatten());
        column.is_some_and(|column| right.get(column) == Some(&link.right))
    };
    group.iter().map(is_chosen).collect()
}

/// What speaks for a link, in millionths of a bit, so that sums are exact. What is less likely than not fills gaps and displaces nothing.
fn gain(bits: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a thousand bits")]
    let millionths = (bits.clamp(0.0, 1_000.0) * 1e6).round() as i64;
    millionths.max(1)
}
