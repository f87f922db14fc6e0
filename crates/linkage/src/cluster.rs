//! Rows of one list that are one unit: what accepted links hold together, without the weak bridges between two groups that are each held
//! together by themselves.

use std::collections::BTreeSet;

use crate::code::CodeKind;
use crate::lexicon::Side;
use crate::link::{Band, Doubled, Link};
use crate::place;
use crate::resolve::groups;
use crate::unit::Lists;

/// Rows that are one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The rows, in their order.
    pub rows: Vec<u32>,
    /// What holds them together, the strongest first.
    pub links: Vec<Link>,
    /// Whether they lie in several counties: the unit is registered in both, or moved.
    pub crosses_counties: bool,
    /// Whether they report to several professions.
    pub crosses_professions: bool,
    /// Different codes among them that are right in themselves. More than one contradicts "one unit" and wants a look.
    pub codes: usize,
}

/// All clusters, and the bridges that were cut.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clusters {
    /// Two rows or more each, by first row.
    pub clusters: Vec<Cluster>,
    /// Links that alone held two groups together and were not much stronger than accepted ones must be.
    pub cut: Vec<Link>,
    /// Clusters with too many links to look for bridges.
    pub uncut: usize,
}

const STRONG: f64 = 6.0; // bits above the line: 64 times the odds of what is just accepted
const LINKS_MAX: usize = 400; // links of a cluster that is searched for bridges; the search takes their square

/// Puts the accepted links of a list together.
pub fn clusters(lists: &Lists, side: Side, doubled: &Doubled) -> Clusters {
    let is_accepted = |link: &&Link| doubled.bands.band(link) == Band::Accepted;
    let accepted: Vec<Link> = doubled.links.iter().filter(is_accepted).copied().collect();
    let mut found = Clusters::default();
    let mut kept = Vec::with_capacity(accepted.len());
    let rows = lists.rows(side);
    for group in groups(accepted, rows, |link| link.right) {
        if group.len() > LINKS_MAX {
            found.uncut += 1;
            kept.extend(group);
        } else {
            kept.extend(without_bridges(group, doubled.bands.accept + STRONG, &mut found.cut));
        }
    }
    let groups = groups(kept, rows, |link| link.right);
    found.clusters = groups.into_iter().map(|links| cluster(lists, side, links)).collect();
    found.clusters.sort_unstable_by_key(|cluster| cluster.rows.first().copied());
    found
}

fn cluster(lists: &Lists, side: Side, links: Vec<Link>) -> Cluster {
    let rows: Vec<u32> = members(&links).into_iter().collect();
    let mut counties = BTreeSet::new();
    let mut professions = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for row in &rows {
        let unit = lists.unit(side, *row);
        counties.insert(place::county(unit.place));
        professions.insert(unit.profession);
        if unit.code.kind() == CodeKind::Usci {
            codes.insert(unit.code.as_str().to_owned());
        }
    }
    counties.remove(&0);
    professions.remove(&0);
    Cluster {
        rows,
        links,
        crosses_counties: counties.len() > 1,
        crosses_professions: professions.len() > 1,
        codes: codes.len(),
    }
}

fn members(links: &[Link]) -> BTreeSet<u32> {
    links.iter().flat_map(|link| [link.left, link.right]).collect()
}

/// Cuts weak links, the weakest first, whose two sides are each more than one row and hang together by nothing else.
fn without_bridges(mut group: Vec<Link>, strong: f64, cut: &mut Vec<Link>) -> Vec<Link> {
    let weak: Vec<Link> = group.iter().rev().copied().take_while(|link| link.bits < strong).collect();
    for link in weak {
        let rest: Vec<Link> = group.iter().copied().filter(|other| *other != link).collect();
        let side = reached(&rest, link.left);
        if !side.contains(&link.right) && side.len() > 1 && reached(&rest, link.right).len() > 1 {
            cut.push(link);
            group = rest;
        }
    }
    group
}

fn reached(links: &[Link], from: u32) -> BTreeSet<u32> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.len();
        for link in links {
            if reached.contains(&link.left) || reached.contains(&link.right) {
                reached.extend([link.left, link.right]);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}
