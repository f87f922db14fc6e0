//! Cuts 区划口径: which codes an area code of one day is on another day, through everything that happened in between. Figures that were
//! accepted in the old cut stay in it; these functions tell how far they can be carried over.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use youju_codes::AreaCode;

/// Cut 区划变动: from a day on, what these codes were is what those are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The first day of the new codes.
    pub on: NaiveDate,
    /// The codes before; one for a split or a new code, several for a merger.
    pub from: Vec<AreaCode>,
    /// The codes after; none where an area ended and nothing followed it.
    pub into: Vec<AreaCode>,
}

/// What a code is on another day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recut {
    /// The codes: one where everything of the area lies in it, several where it was divided, none where nothing follows.
    pub codes: BTreeSet<AreaCode>,
    /// True when only the area above is known: a township was merged, and what became of its villages' codes was not entered.
    pub is_coarse: bool,
}

impl Recut {
    /// The one code in which everything of the area lies.
    pub fn only(&self) -> Option<AreaCode> {
        let mut codes = self.codes.iter();
        codes.next().filter(|_| codes.next().is_none()).copied()
    }
}

/// One cut in the direction of travel: what is left, and what is reached.
type Passed<'a> = (NaiveDate, &'a [AreaCode], &'a [AreaCode]);

/// What `code`, as it was on the day `from`, is on the day `to`; either may be the earlier one. `cuts` stand in the order in which
/// they were entered.
pub fn recut(cuts: &[Cut], code: AreaCode, from: NaiveDate, to: NaiveDate) -> Recut {
    let mut order: Vec<&Cut> = cuts.iter().collect();
    order.sort_by_key(|cut| cut.on);
    let passed: Vec<Passed<'_>> = if from <= to {
        let between = order.into_iter().filter(|cut| from < cut.on && cut.on <= to);
        between.map(|cut| (cut.on, cut.from.as_slice(), cut.into.as_slice())).collect()
    } else {
        let between = order.into_iter().rev().filter(|cut| to < cut.on && cut.on <= from);
        between.map(|cut| (cut.on, cut.into.as_slice(), cut.from.as_slice())).collect()
    };
    let mut now = Recut { codes: BTreeSet::from([code]), is_coarse: false };
    for day in passed.chunk_by(|one, next| one.0 == next.0) {
        let mut next = Recut { codes: BTreeSet::new(), is_coarse: now.is_coarse };
        for code in &now.codes {
            through(day, *code, &mut next);
        }
        now = next;
    }
    now
}

/// Takes a code through the cuts of one day. What was said about the code itself goes before what was said about an area that holds it:
/// a township and its villages get their new codes on the same day.
fn through(day: &[Passed<'_>], code: AreaCode, reached: &mut Recut) {
    let is_itself = |(_, from, _): &Passed<'_>| from.contains(&code);
    let holds_it = |(_, from, _): &Passed<'_>| from.iter().any(|above| above.contains(&code));
    let at = day.iter().position(is_itself).or_else(|| day.iter().position(holds_it));
    let (Some((_, from, into)), rest) =
        (at.and_then(|at| day.get(at)), at.and_then(|at| day.get(at + 1..)).unwrap_or_default())
    else {
        reached.codes.insert(code);
        return;
    };
    if from.contains(&code) {
        for next in *into {
            through(rest, *next, reached);
        }
    } else if into.len() == 1 && into.iter().any(|above| above.contains(&code)) {
        // A village keeps its code where the township keeps its own; otherwise only the township is known.
        through(rest, code, reached);
    } else {
        reached.is_coarse = true;
        for next in *into {
            through(rest, *next, reached);
        }
    }
}

/// True when figures of a code can be carried from a day to another and back without loss: everything of it lies in one code there,
/// and nothing else does.
pub fn is_reversible(cuts: &[Cut], code: AreaCode, from: NaiveDate, to: NaiveDate) -> bool {
    let there = recut(cuts, code, from, to);
    let back = there.only().map(|there| recut(cuts, there, to, from));
    !there.is_coarse && back.is_some_and(|back| back.only() == Some(code) && !back.is_coarse)
}
