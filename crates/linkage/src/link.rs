//! The whole way: block, learn, score, settle who belongs to whom, and draw the lines between accepted, to be reviewed and rejected.

use crate::block::{Blocks, Caps, PassReport, blocks};
use crate::code::CodeKind;
use crate::compare::compare;
use crate::field::{Field, Pattern};
use crate::hash::{self, Map};
use crate::lexicon::Side;
use crate::model::{Model, probability};
use crate::notice::Notice;
use crate::resolve::one_to_one;
use crate::side::by_side;
use crate::train::{Training, train};
use crate::unit::Lists;

/// How to match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Draws the random pairs and the rows that are learnt from. The same seed gives the same result.
    pub seed: u64,
    /// Threads; the result does not depend on it.
    pub threads: usize,
    /// How many rows may share a key.
    pub caps: Caps,
    /// Rows whose pairs are learnt from, at most about.
    pub train_rows: usize,
    /// Random pairs to draw.
    pub random_pairs: usize,
    /// Share of wrong ones that is allowed among those accepted.
    pub false_max: f64,
    /// Share of right ones that is allowed among those rejected without a look.
    pub missed_max: f64,
    /// Pairs that are less probable are dropped as they are scored.
    pub keep: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 20_260_101,
            threads: 2,
            caps: Caps::default(),
            train_rows: 100_000,
            random_pairs: 2_000_000,
            false_max: 0.005,
            missed_max: 0.01,
            keep: 0.01,
        }
    }
}

/// Two rows that may be one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Row of the register (or the earlier row, for duplicates).
    pub left: u32,
    /// Row of the list (or the later row).
    pub right: u32,
    /// What speaks for one unit, in bits, less what others of the register claim; 0 is even odds.
    pub bits: f64,
    /// How much less, in bits: other units agree with the same row, and it can be only one of them.
    pub rivals: f64,
    /// How the fields agree.
    pub pattern: Pattern,
}

impl Link {
    /// The probability that both are one unit, as the model sees it.
    pub fn probability(&self) -> f64 {
        probability(self.bits)
    }

    /// What others claim, as a full sentence; none when it changes nothing.
    pub fn rivals_say(&self) -> Option<String> {
        const NOTHING: f64 = 0.05; // bits; what is shown has one decimal
        let says = format!("另有单位也与这一行相符,只能是其中之一,扣减 {:.1} 比特。", self.rivals);
        (self.rivals >= NOTHING).then_some(says)
    }
}

/// The lines between accepted, to be reviewed and rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// Accepted from so many bits on.
    pub accept: f64,
    /// Rejected below so many bits.
    pub reject: f64,
    /// Expected share of wrong ones among those accepted.
    pub wrong: f64,
    /// Expected share of all matches that was rejected.
    pub missed: f64,
}

/// In which band a link lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Held for one unit.
    Accepted,
    /// To be looked at by a person.
    Review,
    /// Held for two.
    Rejected,
}

impl Bands {
    /// The band of a link. Two codes that are both right in themselves contradict whatever else agrees: a person has to look.
    pub fn band(&self, link: &Link) -> Band {
        const TWO_CODES: usize = 5;
        match self.of(link.bits) {
            Band::Accepted if link.pattern.level(Field::Code) == TWO_CODES => Band::Review,
            band => band,
        }
    }

    /// The band of so many bits.
    pub fn of(&self, bits: f64) -> Band {
        match bits {
            bits if bits >= self.accept => Band::Accepted,
            bits if bits >= self.reject => Band::Review,
            _ => Band::Rejected,
        }
    }
}

/// How two lists belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The model and how it was learnt.
    pub training: Training,
    /// What was looked at and what not.
    pub passes: Vec<PassReport>,
    /// Pairs that were compared.
    pub compared: u64,
    /// The lines.
    pub bands: Bands,
    /// Each row at most once, by row of the register.
    pub links: Vec<Link>,
    /// Links that are no less than probable enough for a look, but whose row belongs to another.
    pub lost: Vec<Link>,
    /// What to know.
    pub notices: Vec<Notice>,
}

/// Links of one list with itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubled {
    /// The model and how it was learnt.
    pub training: Training,
    /// What was looked at and what not.
    pub passes: Vec<PassReport>,
    /// Pairs that were compared.
    pub compared: u64,
    /// The lines.
    pub bands: Bands,
    /// All links, by rows.
    pub links: Vec<Link>,
    /// What to know.
    pub notices: Vec<Notice>,
}

const PIECE: usize = 512; // rows that one thread takes at a time

/// Matches the list with the register, one to one.
pub fn link(lists: &Lists, settings: &Settings) -> Linked {
    let (training, blocks, compared, mut all) = scored(lists, Side::Register, Side::List, settings);
    let rows = lists.rows(Side::List);
    among_rivals(&mut all, rows);
    all.retain(|link| link.bits >= floor(settings));
    let mut notices = notices(lists, &training, &blocks, Side::List);
    let settled = one_to_one(all, lists.rows(Side::Register), lists.rows(Side::List));
    if settled.greedy > 0 {
        notices.push(Notice::Greedy(settled.greedy, settled.largest));
    }
    let bands = bands(&settled.links, settings, &mut notices);
    let mut links = settled.links;
    links.retain(|link| link.bits >= bands.reject);
    let mut lost = settled.lost;
    lost.retain(|link| link.bits >= bands.reject);
    Linked { training, passes: blocks.reports, compared, bands, links, lost, notices }
}

/// Looks for rows of one list that are the same unit.
pub fn doubled(lists: &Lists, side: Side, settings: &Settings) -> Doubled {
    let (training, blocks, compared, mut links) = scored(lists, side, side, settings);
    among_coded(lists, side, &mut links);
    links.retain(|link| link.bits >= floor(settings));
    let mut notices = notices(lists, &training, &blocks, side);
    let bands = bands(&links, settings, &mut notices);
    links.retain(|link| link.bits >= bands.reject);
    Doubled { training, passes: blocks.reports, compared, bands, links, notices }
}

/// A row of the list is one unit of the register at most: the odds of each are those against all others and against none.
fn among_rivals(links: &mut [Link], rows: usize) {
    let mut odds = vec![0.0_f64; rows];
    let row = |link: &Link| usize::try_from(link.right).unwrap_or(usize::MAX);
    for link in &*links {
        if let Some(sum) = odds.get_mut(row(link)) {
            *sum += link.bits.exp2();
        }
    }
    for link in links {
        let others = odds.get(row(link)).map_or(0.0, |sum| (sum - link.bits.exp2()).max(0.0));
        link.rivals = (1.0 + others).log2();
        link.bits -= link.rivals;
    }
}

/// A unit has one right code. A row without one that agrees with rows of several codes is one of those units at most.
fn among_coded(lists: &Lists, side: Side, links: &mut [Link]) {
    let code = |row: u32| {
        let code = lists.unit(side, row).code;
        (code.kind() == CodeKind::Usci).then(|| code.key()).flatten()
    };
    let claim = |link: &Link| match (code(link.left), code(link.right)) {
        (Some(code), None) => Some((u64::from(link.right), code)),
        (None, Some(code)) => Some((u64::from(link.left), code)),
        _ => None,
    };
    let (mut by_row, mut by_code): (Map<f64>, Map<f64>) = (Map::default(), Map::default());
    for link in &*links {
        if let Some((row, code)) = claim(link) {
            *by_row.entry(hash::mix(row)).or_default() += link.bits.exp2();
            *by_code.entry(hash::join(row, code)).or_default() += link.bits.exp2();
        }
    }
    for link in links {
        if let Some((row, code)) = claim(link) {
            let odds = |of: &Map<f64>, key: u64| of.get(&key).copied().unwrap_or(0.0);
            let others = (odds(&by_row, hash::mix(row)) - odds(&by_code, hash::join(row, code))).max(0.0);
            link.rivals = (1.0 + others).log2();
            link.bits -= link.rivals;
        }
    }
}

fn notices(lists: &Lists, training: &Training, blocks: &Blocks, right: Side) -> Vec<Notice> {
    let mut notices = Vec::new();
    if lists.rows(Side::Register).min(lists.rows(right)) == 0 && lists.rows(right) == 0 || training.rows == 0 {
        notices.push(Notice::NothingThere);
    }
    notices.extend(training.notices.iter().cloned());
    let left_out = blocks.reports.iter().filter(|report| report.left_pairs > 0);
    notices.extend(left_out.map(|report| Notice::LeftOut(report.pass.label(), report.left_keys, report.left_pairs)));
    notices
}

fn floor(settings: &Settings) -> f64 {
    let keep = settings.keep.clamp(1e-9, 0.5);
    (keep / (1.0 - keep)).log2()
}

fn scored(lists: &Lists, left: Side, right: Side, settings: &Settings) -> (Training, Blocks, u64, Vec<Link>) {
    let blocks = blocks(lists, left, right, &settings.caps);
    let training = train(lists, left, right, &blocks, settings);
    let (compared, links) = score(lists, left, right, &blocks, &training.model, settings);
    (training, blocks, compared, links)
}

fn score(
    lists: &Lists,
    left: Side,
    right: Side,
    blocks: &Blocks,
    model: &Model,
    settings: &Settings,
) -> (u64, Vec<Link>) {
    let floor = floor(settings);
    let (rows, others) = (lists.units(left), lists.units(right));
    let parts = by_side(settings.threads, rows.len(), PIECE, |range| {
        let (mut found, mut links, mut compared) = (Vec::new(), Vec::new(), 0_u64);
        for (at, unit) in rows.iter().enumerate().take(range.end).skip(range.start) {
            blocks.of(at, &mut found);
            for (row, _) in &found {
                let Some(other) = usize::try_from(*row).ok().and_then(|row| others.get(row)) else { continue };
                let pattern = compare(lists, unit, other);
                let bits = model.score(lists, unit, other, pattern);
                compared += 1;
                if bits >= floor {
                    links.push(Link {
                        left: u32::try_from(at).unwrap_or(u32::MAX),
                        right: *row,
                        bits,
                        rivals: 0.0,
                        pattern,
                    });
                }
            }
        }
        (compared, links)
    });
    let compared = parts.iter().map(|(compared, _)| compared).sum();
    (compared, parts.into_iter().flat_map(|(_, links)| links).collect())
}

/// Draws the lines: as many are accepted, from the most probable down, as keep the expected share of wrong ones; as many are rejected, from
/// the least probable up, as keep the expected share of missed ones. What is less likely than not is never accepted.
fn bands(links: &[Link], settings: &Settings, notices: &mut Vec<Notice>) -> Bands {
    let mut bits: Vec<f64> = links.iter().map(|link| link.bits).collect();
    bits.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut count, mut wrong, mut accept, mut share) = (0.0, 0.0, f64::INFINITY, 0.0);
    for bits in bits.iter().copied().take_while(|bits| *bits >= 0.0) {
        count += 1.0;
        wrong += 1.0 - probability(bits);
        if wrong > settings.false_max * count {
            break;
        }
        (accept, share) = (bits, wrong / count);
    }
    if !bits.is_empty() && accept.is_infinite() {
        notices.push(Notice::NothingAccepted);
    }
    let all: f64 = bits.iter().copied().map(probability).sum();
    let (mut missed, mut reject, mut told) = (0.0, floor(settings), 0.0);
    for bits in bits.iter().rev().copied().take_while(|bits| *bits < accept) {
        missed += probability(bits);
        if missed > settings.missed_max * all {
            reject = bits;
            break;
        }
        (reject, told) = (bits.next_up(), missed / all);
    }
    Bands { accept, reject: reject.min(accept), wrong: share, missed: told }
}
