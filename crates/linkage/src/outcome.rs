//! What follows from a matching, as lists that somebody works through: to enrol, to amend, to withdraw, to be reviewed.

use std::collections::BTreeSet;

use crate::code::CodeKind;
use crate::compare::compare;
use crate::field::{Field, Pattern};
use crate::hash::Map;
use crate::lexicon::{EMPTY, Side};
use crate::link::{Band, Link, Linked};
use crate::unit::{Lists, Standing, Unit};
use crate::words::Form;

/// Whether a list claims to name every unit there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// It does: a unit of the register that is not in it should be looked for.
    Whole,
    /// It does not: what is not in it says nothing.
    Part,
}

/// A field in which list and register do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Both say something, and it differs by this level.
    Differs(Field, usize),
    /// The list says something that the register lacks.
    Adds(Field),
}

/// A unit that both have, with what the list says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Amendment {
    /// Why both are one unit.
    pub link: Link,
    /// What differs, field by field.
    pub differences: Vec<Difference>,
}

/// Why a unit of the register may have to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Withdrawal {
    /// The list says that it is closed.
    Closed(Link),
    /// A list of all units does not name it: row of the register.
    Absent(u32),
}

/// Why a person has to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Review {
    /// Not certain enough either way.
    Uncertain(Link),
    /// Probable, but the unit of the register belongs to another row of the list, or the row to another unit.
    Taken {
        /// The link that did not come about.
        lost: Link,
        /// The one that did.
        kept: Link,
    },
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Rows of the list that are not in the register.
    pub enrol: Vec<u32>,
    /// Units that both have and that differ.
    pub amend: Vec<Amendment>,
    /// Units that both have and that agree in everything that the list says.
    pub agreed: Vec<Link>,
    /// Units of the register that may have to go.
    pub withdraw: Vec<Withdrawal>,
    /// What a person has to look at.
    pub review: Vec<Review>,
    /// Closed units of the list that the register does not have either: nothing to do.
    pub closed_elsewhere: usize,
}

/// Tells what follows from a matching.
pub fn outcome(lists: &Lists, linked: &Linked, coverage: Coverage) -> Outcome {
    let mut outcome = Outcome::default();
    let mut by_register: Vec<Option<Link>> = vec![None; lists.rows(Side::Register)];
    let mut by_list: Vec<Option<Link>> = vec![None; lists.rows(Side::List)];
    for link in &linked.links {
        note(&mut by_register, link.left, *link);
        note(&mut by_list, link.right, *link);
        match linked.bands.band(link) {
            Band::Accepted => accepted(lists, *link, &mut outcome),
            Band::Review => outcome.review.push(Review::Uncertain(*link)),
            Band::Rejected => {}
        }
    }
    let mut waits = vec![false; by_list.len()];
    let mut looked_for = vec![false; by_register.len()];
    for lost in &linked.lost {
        // A row whose own link is stronger by far has a home; the lost link is no question.
        let kept = of(&by_list, lost.right).or_else(|| of(&by_register, lost.left));
        mark(&mut looked_for, lost.left);
        if let Some(kept) = kept
            && of(&by_list, lost.right).is_none_or(|own| own.bits < linked.bands.accept.max(lost.bits))
        {
            mark(&mut waits, lost.right);
            outcome.review.push(Review::Taken { lost: *lost, kept });
        }
    }
    for ((row, link), waits) in (0_u32..).zip(&by_list).zip(waits) {
        match (link, lists.unit(Side::List, row).standing) {
            (None, Standing::Active) if !waits => outcome.enrol.push(row),
            (None, Standing::Closed) if !waits => outcome.closed_elsewhere += 1,
            _ => {}
        }
    }
    if coverage == Coverage::Whole {
        let absent =
            (0_u32..).zip(&by_register).zip(looked_for).filter(|((_, link), looked_for)| link.is_none() && !looked_for);
        outcome.withdraw.extend(absent.map(|((row, _), _)| Withdrawal::Absent(row)));
    }
    outcome
}

/// In what a row of the list says otherwise than the unit of the register that a link holds for the same.
pub fn differing(lists: &Lists, link: &Link) -> Vec<Difference> {
    let (ours, theirs) = (lists.unit(Side::Register, link.left), lists.unit(Side::List, link.right));
    differences(&ours, &theirs, link.pattern)
}

/// Pairs with the same right code that no link holds, because name, place and all else differ too much: a unit that was renamed, or a code
/// that somebody else uses. A person has to look. A code that stands twice on a side is held for its first row.
pub fn same_code(lists: &Lists, linked: &Linked) -> Vec<Link> {
    let key = |unit: &Unit| if unit.code.kind() == CodeKind::Usci { unit.code.key() } else { None };
    let mut by_code: Map<u32> = Map::default();
    for (row, unit) in (0_u32..).zip(lists.units(Side::Register)) {
        if let Some(key) = key(unit) {
            by_code.entry(key).or_insert(row);
        }
    }
    let held: BTreeSet<(u32, u32)> =
        linked.links.iter().chain(&linked.lost).map(|link| (link.left, link.right)).collect();
    let mut found = Vec::new();
    for (right, theirs) in (0_u32..).zip(lists.units(Side::List)) {
        let Some(left) = key(theirs).and_then(|key| by_code.get(&key)).copied() else { continue };
        if held.contains(&(left, right)) {
            continue;
        }
        let ours = lists.unit(Side::Register, left);
        let pattern = compare(lists, &ours, theirs);
        let bits = linked.training.model.score(lists, &ours, theirs, pattern);
        found.push(Link { left, right, bits, rivals: 0.0, pattern });
    }
    found
}

fn note(links: &mut [Option<Link>], row: u32, link: Link) {
    if let Some(slot) = usize::try_from(row).ok().and_then(|row| links.get_mut(row)) {
        *slot = Some(link);
    }
}

fn of(links: &[Option<Link>], row: u32) -> Option<Link> {
    usize::try_from(row).ok().and_then(|row| links.get(row)).copied().flatten()
}

fn mark(rows: &mut [bool], row: u32) {
    if let Some(slot) = usize::try_from(row).ok().and_then(|row| rows.get_mut(row)) {
        *slot = true;
    }
}

fn accepted(lists: &Lists, link: Link, outcome: &mut Outcome) {
    let (ours, theirs) = (lists.unit(Side::Register, link.left), lists.unit(Side::List, link.right));
    if theirs.standing == Standing::Closed {
        outcome.withdraw.push(Withdrawal::Closed(link));
        return;
    }
    let differences = differences(&ours, &theirs, link.pattern);
    if differences.is_empty() {
        outcome.agreed.push(link);
    } else {
        outcome.amend.push(Amendment { link, differences });
    }
}

fn differences(ours: &Unit, theirs: &Unit, pattern: Pattern) -> Vec<Difference> {
    let tell = |(field, level): (Field, usize)| {
        let is_same = match field {
            // Less exact is not otherwise.
            Field::Place => matches!(level, 1..=3),
            _ => level == 1,
        };
        match level {
            0 => (!says(ours, field) && says(theirs, field)).then_some(Difference::Adds(field)),
            level => (!is_same).then_some(Difference::Differs(field, level)),
        }
    };
    pattern.levels().filter_map(tell).collect()
}

/// Whether a row says anything in a field.
pub(crate) fn says(unit: &Unit, field: Field) -> bool {
    match field {
        Field::Code => unit.code.kind() != CodeKind::Absent,
        Field::Name | Field::Rank => unit.core != EMPTY,
        Field::Branch => unit.branch != EMPTY,
        Field::Trade => unit.trade != EMPTY,
        Field::Form => unit.form != Form::None,
        Field::Place => unit.place != 0,
        Field::Address => unit.door != EMPTY,
        Field::Phone => unit.phone != 0,
        Field::Person => unit.person != EMPTY,
        Field::Industry => unit.industry != 0,
        Field::Date => unit.date != 0,
    }
}
