//! Three-valued logic (Kleene) on words of 64 rows. Broken behaves like null, but is remembered: it disappears only where
//! the other operand decides alone, as in `b <> 0 and a / b > 1` for b = 0.

use crate::ast::Comparison;
use crate::register::{State, TruthRegister, TruthView};

/// True, false and broken bits of one word.
#[derive(Clone, Copy)]
struct Word {
    yes: u64,
    no: u64,
    broken: u64,
}

pub(super) fn not(a: TruthView<'_>, out: &mut TruthRegister) {
    map(a, a, out, |a, _| Word { yes: a.no, no: a.yes, broken: a.broken });
}

pub(super) fn and(a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister) {
    map(a, b, out, |a, b| {
        let no = a.no | b.no;
        Word { yes: a.yes & b.yes, no, broken: (a.broken | b.broken) & !no }
    });
}

pub(super) fn or(a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister) {
    map(a, b, out, |a, b| {
        let yes = a.yes | b.yes;
        Word { yes, no: a.no & b.no, broken: (a.broken | b.broken) & !yes }
    });
}

pub(super) fn xor(a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister) {
    map(a, b, out, differ);
}

fn differ(a: Word, b: Word) -> Word {
    Word { yes: (a.yes & b.no) | (a.no & b.yes), no: (a.yes & b.yes) | (a.no & b.no), broken: a.broken | b.broken }
}

pub(super) fn compare(op: Comparison, a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister) {
    let equal = op == Comparison::Equal;
    map(a, b, out, |a, b| {
        let differ = differ(a, b);
        if equal { Word { yes: differ.no, no: differ.yes, broken: differ.broken } } else { differ }
    });
}

pub(super) fn choose(condition: TruthView<'_>, a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister) {
    let words = condition.yes.iter().zip(condition.broken);
    let mut words = words.map(|(yes, broken)| (*yes, *broken));
    map(a, b, out, |a, b| {
        let (yes, stuck) = words.next().unwrap_or((0, 0));
        let no = !yes & !stuck;
        Word {
            yes: (yes & a.yes) | (no & b.yes),
            no: (yes & a.no) | (no & b.no),
            broken: stuck | (yes & a.broken) | (no & b.broken),
        }
    });
}

pub(super) fn nvl(a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister) {
    map(a, b, out, |a, b| {
        let null = !(a.yes | a.no | a.broken);
        Word { yes: a.yes | (null & b.yes), no: a.no | (null & b.no), broken: a.broken | (null & b.broken) }
    });
}

pub(super) fn is_null(a: TruthView<'_>, out: &mut TruthRegister) {
    map(a, a, out, |a, _| {
        let no = a.yes | a.no;
        Word { yes: !(no | a.broken), no, broken: a.broken }
    });
}

/// `isnull` of a number or text.
pub(super) fn is_missing(a: State<'_>, out: &mut TruthRegister) {
    let view = TruthView { yes: a.valid, no: a.valid, broken: a.broken };
    is_null(view, out);
}

fn map(a: TruthView<'_>, b: TruthView<'_>, out: &mut TruthRegister, mut op: impl FnMut(Word, Word) -> Word) {
    let results = out.yes.iter_mut().zip(out.no.iter_mut()).zip(out.broken.iter_mut());
    for ((a, b), ((yes, no), broken)) in words(a).zip(words(b)).zip(results) {
        let word = op(a, b);
        (*yes, *no, *broken) = (word.yes, word.no, word.broken);
    }
}

fn words(view: TruthView<'_>) -> impl Iterator<Item = Word> {
    let bits = view.yes.iter().zip(view.no).zip(view.broken);
    bits.map(|((yes, no), broken)| Word { yes: *yes, no: *no, broken: *broken })
}
