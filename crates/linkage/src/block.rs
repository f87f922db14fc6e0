//! Which pairs are looked at 分块. Two million rows against two million are 4 × 10^12 pairs; a pair is looked at when it has a key in common:
//! the code, the name, two rare neighbouring characters of the name, the telephone, the door, the person. A key that too many rows share
//! is narrowed by the county; what is still too many is not looked at, and told.

use crate::hash::{self, Map};
use crate::lexicon::{EMPTY, Side};
use crate::place;
use crate::unit::{Lists, Unit};

/// A way by which pairs come to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    /// The same code.
    Code,
    /// The same 组织机构代码.
    Org,
    /// The same 字号 and branch.
    Name,
    /// Two neighbouring characters of the name that few names have.
    Pair,
    /// The same telephone.
    Phone,
    /// The same street and number.
    Door,
    /// The same person.
    Person,
}

/// How many passes there are.
pub const PASSES: usize = 7;

impl Pass {
    /// All passes in their order.
    pub const ALL: [Pass; PASSES] =
        [Pass::Code, Pass::Org, Pass::Name, Pass::Pair, Pass::Phone, Pass::Door, Pass::Person];

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Pass::Code => "代码相同",
            Pass::Org => "组织机构代码相同",
            Pass::Name => "字号和分支相同",
            Pass::Pair => "名称中有相同的罕见两字",
            Pass::Phone => "电话相同",
            Pass::Door => "门牌相同",
            Pass::Person => "负责人相同",
        }
    }

    pub(crate) fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// How many rows may share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Rows of one list that share a code, name, telephone, door or person. Above it the county must be the same too.
    pub rows: usize,
    /// The same for two neighbouring characters, of which every name has several.
    pub pair_rows: usize,
    /// How many pairs of neighbouring characters, the rarest first, a name is looked up by.
    pub pairs: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Caps { rows: 200, pair_rows: 60, pairs: 4 }
    }
}

/// What a pass has looked at and what not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassReport {
    /// The pass.
    pub pass: Pass,
    /// Keys that rows of both sides have.
    pub keys: u64,
    /// Pairs that it leads to, before passes are put together.
    pub pairs: u64,
    /// Keys that too many rows share, so that the county had to be the same too.
    pub narrowed: u64,
    /// Pairs that such keys with their county lead to.
    pub narrowed_pairs: u64,
    /// Keys that too many rows share even within their county, or outside any known county.
    pub left_keys: u64,
    /// Pairs that were not looked at for that.
    pub left_pairs: u64,
}

impl PassReport {
    fn of(pass: Pass) -> PassReport {
        PassReport { pass, keys: 0, pairs: 0, narrowed: 0, narrowed_pairs: 0, left_keys: 0, left_pairs: 0 }
    }

    /// Whether most of its pairs have the county in common because it was asked for.
    pub(crate) fn is_mostly_by_county(&self) -> bool {
        self.narrowed_pairs > self.pairs / 4
    }
}

/// Which rows of the other side a row is compared with.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// Rows of the other side, run by run.
    rows: Vec<u32>,
    /// Where the probes of each row begin.
    starts: Vec<u32>,
    /// Runs, by row: beginning, length, bit of the pass.
    probes: Vec<(u32, u32, u8)>,
    pub reports: Vec<PassReport>,
    /// Both sides are one list: only later rows are of interest.
    is_one_list: bool,
}

type Keys = Vec<(u64, u32)>;

struct Gathered {
    rows: Vec<u32>,
    probes: Vec<(u32, u32, u32, u8)>,
}

/// Builds the blocks of two sides; the same side twice looks for duplicates in it.
pub(crate) fn blocks(lists: &Lists, left: Side, right: Side, caps: &Caps) -> Blocks {
    let mut gathered = Gathered { rows: Vec::new(), probes: Vec::new() };
    let pair_counts = PairCounts::of(lists, left, right);
    let mut reports = Vec::with_capacity(PASSES);
    for pass in Pass::ALL {
        let cap = if pass == Pass::Pair { caps.pair_rows } else { caps.rows };
        let keys = |side: Side| keys(lists, side, pass, caps.pairs, &pair_counts);
        let a = keys(left);
        let b = if left == right { a.clone() } else { keys(right) };
        let mut report = PassReport::of(pass);
        let (over_a, over_b) = gathered.join(&a, &b, cap, &mut report);
        report.narrowed = report.left_keys;
        (report.left_keys, report.left_pairs) = (0, 0);
        let plain = report.pairs;
        let (narrow_a, alone_a) = narrowed(&over_a, lists.units(left));
        let (narrow_b, alone_b) = narrowed(&over_b, lists.units(right));
        gathered.join(&narrow_a, &narrow_b, cap, &mut report);
        report.narrowed_pairs = report.pairs - plain;
        told_alone(&alone_a, &alone_b, &over_a, &over_b, &mut report);
        reports.push(report);
    }
    gathered.by_row(lists.rows(left), reports, left == right)
}

/// Pairs of which one row's county is unknown were not looked at either.
fn told_alone(alone_a: &Keys, alone_b: &Keys, all_a: &Keys, all_b: &Keys, report: &mut PassReport) {
    for_groups(all_a, all_b, |key, a, b| {
        let count = |keys: &Keys| keys.partition_point(|(k, _)| *k <= key) - keys.partition_point(|(k, _)| *k < key);
        let (lost_a, lost_b) = (count(alone_a) as u64, count(alone_b) as u64);
        let lost = lost_a * b.len() as u64 + (a.len() as u64 - lost_a) * lost_b;
        report.left_pairs += lost;
        report.left_keys += u64::from(lost > 0);
    });
}

fn narrowed(over: &Keys, units: &[Unit]) -> (Keys, Keys) {
    let county =
        |row: u32| usize::try_from(row).ok().and_then(|row| units.get(row)).map_or(0, |unit| place::county(unit.place));
    let (known, alone): (Keys, Keys) = over.iter().partition(|(_, row)| county(*row) != 0);
    let mut known: Keys = known.into_iter().map(|(key, row)| (hash::join(key, u64::from(county(row))), row)).collect();
    known.sort_unstable();
    (known, alone)
}

/// The runs of one key that both sides have, in the order of the keys.
fn for_groups(a: &Keys, b: &Keys, mut take: impl FnMut(u64, &[(u64, u32)], &[(u64, u32)])) {
    let (mut a, mut b) = (a.as_slice(), b.as_slice());
    while let (Some((x, _)), Some((y, _))) = (a.first().copied(), b.first().copied()) {
        let run = |keys: &[(u64, u32)], key: u64| keys.iter().take_while(|(k, _)| *k == key).count();
        let (in_a, rest_a) = a.split_at(if x <= y { run(a, x) } else { 0 });
        let (in_b, rest_b) = b.split_at(if y <= x { run(b, y) } else { 0 });
        if x == y {
            take(x, in_a, in_b);
        }
        (a, b) = (rest_a, rest_b);
    }
}

impl Gathered {
    /// Notes all pairs of equal keys; rows of keys that too many share are handed back.
    fn join(&mut self, a: &Keys, b: &Keys, cap: usize, report: &mut PassReport) -> (Keys, Keys) {
        let (mut over_a, mut over_b) = (Keys::new(), Keys::new());
        let bit = report.pass.bit();
        for_groups(a, b, |_, in_a, in_b| {
            let pairs = in_a.len() as u64 * in_b.len() as u64;
            if in_a.len().max(in_b.len()) > cap {
                over_a.extend_from_slice(in_a);
                over_b.extend_from_slice(in_b);
                report.left_keys += 1;
                report.left_pairs += pairs;
                return;
            }
            report.keys += 1;
            report.pairs += pairs;
            let from = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
            let length = u32::try_from(in_b.len()).unwrap_or(0);
            self.rows.extend(in_b.iter().map(|(_, row)| *row));
            self.probes.extend(in_a.iter().map(|(_, row)| (*row, from, length, bit)));
        });
        (over_a, over_b)
    }

    fn by_row(mut self, rows: usize, reports: Vec<PassReport>, is_one_list: bool) -> Blocks {
        self.probes.sort_unstable();
        let mut starts = Vec::with_capacity(rows + 1);
        let mut at = 0_usize;
        for row in 0..=u32::try_from(rows).unwrap_or(u32::MAX) {
            let here = self.probes.iter().skip(at).take_while(|probe| probe.0 < row).count();
            at += here;
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let probes = self.probes.into_iter().map(|(_, from, length, bit)| (from, length, bit)).collect();
        Blocks { rows: self.rows, starts, probes, reports, is_one_list }
    }
}

impl Blocks {
    /// The rows that a row is compared with, each once, with the passes that lead there.
    pub(crate) fn of(&self, row: usize, found: &mut Vec<(u32, u8)>) {
        found.clear();
        let start = |row: usize| self.starts.get(row).and_then(|at| usize::try_from(*at).ok()).unwrap_or(0);
        for (from, length, bit) in self.probes.get(start(row)..start(row + 1)).unwrap_or_default() {
            let (Ok(from), Ok(length)) = (usize::try_from(*from), usize::try_from(*length)) else { continue };
            found.extend(self.rows.get(from..from + length).unwrap_or_default().iter().map(|other| (*other, *bit)));
        }
        if self.is_one_list {
            found.retain(|(other, _)| usize::try_from(*other).is_ok_and(|other| other > row));
        }
        found.sort_unstable();
        found.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 |= next.1;
            }
            is_same
        });
    }
}

/// How many rows of either side have two neighbouring characters in their names.
struct PairCounts(Map<[u32; 2]>);

impl PairCounts {
    fn of(lists: &Lists, left: Side, right: Side) -> PairCounts {
        let mut counts: Map<[u32; 2]> = Map::default();
        let mut own = Vec::new();
        for (side, at) in [(left, 0), (right, 1)] {
            for unit in lists.units(side) {
                pairs_of(lists, unit, &mut own);
                for key in &own {
                    let count = counts.entry(*key).or_default();
                    if let Some(count) = count.get_mut(at) {
                        *count += 1;
                    }
                }
            }
        }
        // In one list a pair that one row alone has leads nowhere; between two lists neither does one that one side alone has.
        let least = if left == right { 2 } else { 1 };
        counts.retain(|_, count| count.iter().all(|count| *count >= least));
        PairCounts(counts)
    }

    fn of_key(&self, key: u64) -> Option<u32> {
        self.0.get(&key).map(|[a, b]| *a.max(b))
    }
}

/// The neighbouring characters of name, trade and branch, each pair once.
fn pairs_of(lists: &Lists, unit: &Unit, keys: &mut Vec<u64>) {
    keys.clear();
    let name =
        lists.cores.text(unit.core).iter().chain(lists.trades.text(unit.trade)).chain(lists.branches.text(unit.branch));
    let next = name.clone().skip(1);
    keys.extend(name.zip(next).map(|(a, b)| hash::join(u64::from(u32::from(*a)), u64::from(u32::from(*b)))));
    keys.sort_unstable();
    keys.dedup();
}

fn keys(lists: &Lists, side: Side, pass: Pass, pairs: usize, counts: &PairCounts) -> Keys {
    let mut keys = Keys::new();
    let (mut own, mut rare) = (Vec::new(), Vec::new());
    for (unit, row) in lists.units(side).iter().zip(0_u32..) {
        if pass == Pass::Pair {
            pairs_of(lists, unit, &mut own);
            rare.clear();
            rare.extend(own.iter().filter_map(|key| Some((counts.of_key(*key)?, *key))));
            rare.sort_unstable();
            keys.extend(rare.iter().take(pairs).map(|(_, key)| (*key, row)));
        } else {
            keys.extend(key(lists, unit, pass).map(|key| (key, row)));
        }
    }
    keys.sort_unstable();
    keys
}

fn key(lists: &Lists, unit: &Unit, pass: Pass) -> Option<u64> {
    match pass {
        Pass::Code => unit.code.key(),
        Pass::Org => unit.code.org_key(),
        Pass::Name => (unit.core != EMPTY)
            .then(|| hash::join(hash::join(unit.core.into(), unit.branch.into()), unit.ordinals.into())),
        Pass::Phone => (unit.phone != 0).then(|| hash::mix(unit.phone)),
        Pass::Door => {
            let (street, number) = lists.street(unit);
            (street.len() >= 2 && !number.is_empty()).then(|| hash::join(unit.door.into(), unit.street.into()))
        }
        Pass::Person => (unit.person != EMPTY).then(|| hash::mix(unit.person.into())),
        Pass::Pair => None,
    }
}
