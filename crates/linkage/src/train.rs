//! What two lists teach about themselves: chances among other pairs from random pairs, chances among matches from the pairs of each way of
//! blocking. A field that pairs were looked at for says nothing new about those pairs, so every way leaves its own fields out, and what
//! several ways say of a field is weighed by how many matches they know (as splink does).

use crate::block::{Blocks, Pass};
use crate::compare::compare;
use crate::em::{Estimate, Seen, estimate, share_of_rows};
use crate::field::{FIELDS, Field, LEVELS, Pattern};
use crate::hash::{self, Map};
use crate::lexicon::Side;
use crate::link::Settings;
use crate::model::{Model, Table, levels_of};
use crate::notice::{Notice, Session};
use crate::side::by_side;
use crate::similar::float;
use crate::unit::Lists;

/// How an estimate from one way of blocking went.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionReport {
    /// The way.
    pub session: Session,
    /// Pairs it was learnt from.
    pub pairs: u64,
    /// Matches expected among them.
    pub matches: f64,
    /// Rounds until nothing moved.
    pub rounds: usize,
    /// Whether nothing moved at the end.
    pub converged: bool,
}

/// The model and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// What was learnt.
    pub model: Model,
    /// From which pairs.
    pub sessions: Vec<SessionReport>,
    /// Rows whose pairs were learnt from.
    pub rows: usize,
    /// Random pairs that were drawn.
    pub random: u64,
    /// Matches expected between the two lists.
    pub matches: f64,
    /// What to know.
    pub notices: Vec<Notice>,
}

const MATCHES_MIN: f64 = 20.0; // expected matches; from fewer no chance is told from another
const APART: f64 = 0.05; // two answers differ when a chance differs by more
const SHARED_CODE: f64 = 0.01; // assumed: one row in a hundred bears the code of another unit, such as its parent
const SHARED_ORG: f64 = 0.05; // assumed: 组织机构代码 of a parent, in one row of twenty
const PIECE: usize = 512;

/// Fields that a session cannot judge.
fn tied(session: Session, by_county: bool) -> Vec<Field> {
    let mut tied = match session {
        Session::Code => vec![Field::Code],
        // Rare words of names are local words: who shares them is near.
        Session::Name => vec![Field::Name, Field::Trade, Field::Rank, Field::Branch, Field::Form, Field::Place],
        Session::Phone => vec![Field::Phone],
        Session::Door => vec![Field::Address, Field::Place],
        Session::Person => vec![Field::Person],
    };
    if by_county {
        tied.push(Field::Place);
    }
    tied
}

fn passes(session: Session) -> u8 {
    let passes: &[Pass] = match session {
        Session::Code => &[Pass::Code, Pass::Org],
        Session::Name => &[Pass::Name, Pass::Pair],
        Session::Phone => &[Pass::Phone],
        Session::Door => &[Pass::Door],
        Session::Person => &[Pass::Person],
    };
    passes.iter().fold(0, |bits, pass| bits | pass.bit())
}

/// Learns the model of two sides.
pub(crate) fn train(lists: &Lists, left: Side, right: Side, blocks: &Blocks, settings: &Settings) -> Training {
    let (seen, passes) = seen(lists, left, right, blocks, settings);
    let random = random(lists, left, right, settings);
    let (a, b) = (float(lists.rows(left)), float(lists.rows(right)));
    let (all_pairs, others) = if left == right { (a * (a - 1.0) / 2.0, a / 2.0) } else { (a * b, b) };
    let all_pairs = all_pairs.max(1.0);
    let mut training = Training {
        model: Model::new(Table::usual(), Table::usual(), 0.5),
        sessions: Vec::new(),
        rows: seen.ends.len(),
        random: random.count,
        matches: 0.0,
        notices: Vec::new(),
    };
    let sessions: Vec<(Session, Seen)> =
        Session::ALL.into_iter().map(|session| (session, of_session(&seen, &passes, session))).collect();
    let (mut m, mut share) = (Table::usual(), 0.5);
    let mut u = random.without_matches(&m, 0.0, a.max(b));
    for _ in 0..3 {
        training.sessions.clear();
        training.notices.clear();
        m = learn(&sessions, &u, blocks, &mut training);
        share = share_of_rows(&seen, &m, &u, others.max(1.0));
        u = random.without_matches(&m, share * a / all_pairs, a.max(b));
    }
    training.matches = share * a;
    training.model = Model::new(m, u, training.matches / all_pairs);
    tell(&seen, if left == right { a } else { a.min(b) }, &mut training);
    training
}

fn tell(seen: &Seen, most: f64, training: &mut Training) {
    if training.matches >= most && most > 1.0 {
        training.notices.push(Notice::MoreThanRows);
    }
    if seen.pairs.is_empty() {
        training.notices.push(Notice::NoPairs);
    }
    let model = &training.model;
    for field in Field::ALL {
        let plain = |level: usize| (model.m.at(field, level) / model.u.at(field, level)).log2();
        let rises = field.ordered().windows(2).any(|two| matches!(two, [a, b] if plain(*a) < plain(*b) - 1e-9));
        let is_there = seen.patterns.iter().any(|pattern| pattern.level(field) > 0);
        if rises && is_there {
            training.notices.push(Notice::LeveledOut(field));
        }
        if !is_there {
            training.notices.retain(|notice| *notice != Notice::NotLearnt(field));
            training.notices.push(Notice::NoData(field));
        }
    }
}

/// The pairs of a session, row by row.
fn of_session(seen: &Seen, passes_of: &[u8], session: Session) -> Seen {
    let bits = passes(session);
    let mut own = Seen { patterns: seen.patterns.clone(), ..Seen::default() };
    let mut from = 0;
    for end in &seen.ends {
        let pairs = seen.pairs.iter().zip(passes_of).take(*end).skip(from);
        let before = own.pairs.len();
        own.pairs.extend(pairs.filter(|(_, passes)| *passes & bits != 0).map(|(pair, _)| *pair));
        if own.pairs.len() > before {
            own.ends.push(own.pairs.len());
        }
        from = *end;
    }
    own
}

/// Learns from every session and puts the answers together.
fn learn(sessions: &[(Session, Seen)], u: &Table, blocks: &Blocks, training: &mut Training) -> Table {
    let usual = Table::usual();
    let (mut sums, mut known) = (Table::default(), Table::default());
    for (session, seen) in sessions {
        let by_county = blocks
            .reports
            .iter()
            .any(|report| passes(*session) & report.pass.bit() != 0 && report.is_mostly_by_county());
        let tied = tied(*session, by_county);
        let free: Vec<Field> = Field::ALL.into_iter().filter(|field| !tied.contains(field)).collect();
        let estimate = from_two_sides(seen, u, &free, *session, training);
        let matches = estimate.share * float(seen.ends.len());
        if !seen.pairs.is_empty() && !estimate.converged {
            training.notices.push(Notice::NotConverged(*session, estimate.rounds));
        }
        let Estimate { rounds, converged, .. } = estimate;
        let pairs = seen.pairs.len() as u64;
        training.sessions.push(SessionReport { session: *session, pairs, matches, rounds, converged });
        let mut counts = vec![0_u64; seen.patterns.len()];
        for pair in &seen.pairs {
            if let Some(count) = usize::try_from(*pair).ok().and_then(|pair| counts.get_mut(pair)) {
                *count += 1;
            }
        }
        for field in free {
            let says = seen.patterns.iter().zip(&counts).filter(|(pattern, _)| pattern.level(field) > 0);
            let filled: u64 = says.map(|(_, count)| count).sum();
            let weight = matches * whole(filled) / whole(pairs.max(1));
            if matches >= MATCHES_MIN && weight > 1.0 {
                known.add(field, 1, weight);
                for level in levels_of(field) {
                    sums.add(field, level, weight * estimate.m.at(field, level));
                }
            }
        }
    }
    for field in Field::ALL {
        if known.at(field, 1) > 0.0 {
            sums.normalise(field);
        } else {
            training.notices.push(Notice::NotLearnt(field));
            for level in levels_of(field) {
                sums.set(field, level, usual.at(field, level));
            }
        }
    }
    sums
}

fn whole(count: u64) -> f64 {
    float(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Begins once with the usual chances and many matches, once between usual and random with few, and keeps the likelier answer.
fn from_two_sides(seen: &Seen, u: &Table, free: &[Field], session: Session, training: &mut Training) -> Estimate {
    let usual = Table::usual();
    let mut between = Table::default();
    for field in Field::ALL {
        for level in levels_of(field) {
            between.set(field, level, f64::midpoint(usual.at(field, level), u.at(field, level)));
        }
    }
    let first = estimate(seen, u, free, &usual, 0.5);
    let second = estimate(seen, u, free, &between, 0.01);
    let enough = first.share.max(second.share) * float(seen.ends.len()) >= MATCHES_MIN;
    for field in free.iter().filter(|_| enough) {
        if levels_of(*field).any(|level| (first.m.at(*field, level) - second.m.at(*field, level)).abs() > APART) {
            training.notices.push(Notice::TwoAnswers(session, *field));
        }
    }
    if second.likelihood > first.likelihood { second } else { first }
}

/// The patterns of all pairs, row by row, and the passes that led to each pair; from a part of the rows when there are very many.
fn seen(lists: &Lists, left: Side, right: Side, blocks: &Blocks, settings: &Settings) -> (Seen, Vec<u8>) {
    let (rows, others) = (lists.units(left), lists.units(right));
    let taken = |row: usize| {
        rows.len() <= settings.train_rows
            || hash::below(hash::drawn(settings.seed, row as u64), rows.len()) < settings.train_rows
    };
    let parts = by_side(settings.threads, rows.len(), PIECE, |range| {
        let (mut found, mut pairs, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (row, unit) in rows.iter().enumerate().take(range.end).skip(range.start).filter(|(row, _)| taken(*row)) {
            blocks.of(row, &mut found);
            for (other, bits) in &found {
                let Some(other) = usize::try_from(*other).ok().and_then(|other| others.get(other)) else { continue };
                pairs.push((compare(lists, unit, other), *bits));
            }
            ends.push(pairs.len());
        }
        (pairs, ends)
    });
    let mut seen = Seen::default();
    let mut passes = Vec::new();
    let mut numbers: Map<u32> = Map::default();
    for (pairs, ends) in parts {
        let before = seen.pairs.len();
        seen.ends.extend(ends.into_iter().map(|end| before + end));
        for (pattern, bits) in pairs {
            let number = *numbers.entry(hash::mix(pattern.0)).or_insert_with(|| {
                seen.patterns.push(pattern);
                u32::try_from(seen.patterns.len() - 1).unwrap_or(u32::MAX)
            });
            seen.pairs.push(number);
            passes.push(bits);
        }
    }
    (seen, passes)
}

/// Levels counted over random pairs.
struct Random {
    levels: [[u64; LEVELS]; FIELDS],
    count: u64,
}

fn random(lists: &Lists, left: Side, right: Side, settings: &Settings) -> Random {
    let (rows, others) = (lists.units(left), lists.units(right));
    let is_empty = rows.is_empty() || others.is_empty();
    let parts = by_side(settings.threads, if is_empty { 0 } else { settings.random_pairs }, 16 * PIECE, |range| {
        let mut random = Random { levels: [[0; LEVELS]; FIELDS], count: 0 };
        for n in range {
            let a = hash::below(hash::drawn(settings.seed, 2 * n as u64), rows.len());
            let b = hash::below(hash::drawn(settings.seed, 2 * n as u64 + 1), others.len());
            let (Some(one), Some(other)) = (rows.get(a), others.get(b)) else { continue };
            if left != right || a != b {
                random.count(compare(lists, one, other));
            }
        }
        random
    });
    let mut all = Random { levels: [[0; LEVELS]; FIELDS], count: 0 };
    for part in parts {
        all.count += part.count;
        for (sum, count) in all.levels.iter_mut().flatten().zip(part.levels.iter().flatten()) {
            *sum += count;
        }
    }
    all
}

impl Random {
    fn count(&mut self, pattern: Pattern) {
        self.count += 1;
        for (levels, (_, level)) in self.levels.iter_mut().zip(pattern.levels()) {
            if let Some(count) = levels.get_mut(level) {
                *count += 1;
            }
        }
    }

    /// Chances among random pairs, less what the matches among them (a share of all pairs) bring. That codes are shared cannot be seen in
    /// any sample; it is assumed.
    fn without_matches(&self, m: &Table, share: f64, rows: f64) -> Table {
        let mut u = Table::default();
        for (field, counts) in Field::ALL.into_iter().zip(&self.levels) {
            let counts: Vec<f64> =
                counts.iter().skip(1).map(|count| float(usize::try_from(*count).unwrap_or(0))).collect();
            let all: f64 = counts.iter().sum::<f64>().max(1.0);
            for (level, count) in levels_of(field).zip(counts) {
                let other = (count / all - share * m.at(field, level)) / (1.0 - share);
                u.set(field, level, other.max(0.5 / all));
            }
            u.normalise(field);
        }
        u.set(Field::Code, 1, SHARED_CODE / rows.max(1.0));
        u.set(Field::Code, 2, SHARED_ORG / rows.max(1.0));
        u
    }
}
