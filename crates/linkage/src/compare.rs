//! Two prepared rows, field by field.

use crate::code::CodeAgreement;
use crate::field::{Field, Pattern};
use crate::lexicon::EMPTY;
use crate::place;
use crate::similar::{holds, jaro_winkler, one_change, share_a_pair};
use crate::unit::{Lists, Unit};
use crate::value::nearly_same_day;
use crate::words::Form;

const MISSING: usize = 0;
const NEAR: f64 = 0.92; // Jaro–Winkler; below it most pairs of names differ in what tells them apart
const FAR: f64 = 0.75;

/// Compares two rows. Which of them comes first does not matter.
pub(crate) fn compare(lists: &Lists, a: &Unit, b: &Unit) -> Pattern {
    Pattern::default()
        .with(Field::Code, code(a, b))
        .with(Field::Name, core(lists, a, b))
        .with(Field::Trade, trade(lists, a, b))
        .with(Field::Form, form(a, b))
        .with(Field::Rank, rank(a, b))
        .with(Field::Branch, branch(lists, a, b))
        .with(Field::Place, area(a, b))
        .with(Field::Address, door(lists, a, b))
        .with(Field::Phone, phone(a, b))
        .with(Field::Person, person(lists, a, b))
        .with(Field::Industry, industry(a, b))
        .with(Field::Date, date(a, b))
}

fn code(a: &Unit, b: &Unit) -> usize {
    match a.code.agreement(&b.code) {
        CodeAgreement::Unknown => MISSING,
        CodeAgreement::Same => 1,
        CodeAgreement::SameOrg => 2,
        CodeAgreement::OneOff => 3,
        CodeAgreement::DiffersDamaged => 4,
        CodeAgreement::Differs => 5,
    }
}

fn core(lists: &Lists, a: &Unit, b: &Unit) -> usize {
    if a.core == EMPTY || b.core == EMPTY {
        return MISSING;
    }
    if a.core == b.core {
        return 1;
    }
    let (x, y) = (lists.cores.text(a.core), lists.cores.text(b.core));
    let longest = x.len().max(y.len());
    let changed = one_change(x, y);
    if changed && longest >= 3 || same_with_trade(lists, a, b) {
        return 2;
    }
    match jaro_winkler(x, y) {
        likeness if likeness >= NEAR => 2,
        _ if changed || holds(x, y, 2) => 3,
        likeness if likeness >= FAR => 3,
        _ => 4,
    }
}

/// Where a name is cut into 字号 and trade is a guess: 华迪传媒广告 and 华迪广告传媒 have the same characters.
fn same_with_trade(lists: &Lists, a: &Unit, b: &Unit) -> bool {
    let length = |unit: &Unit| lists.cores.text(unit.core).len() + lists.trades.text(unit.trade).len();
    if a.trade == b.trade || length(a) != length(b) {
        return false;
    }
    let chars = |unit: &Unit| lists.cores.text(unit.core).iter().chain(lists.trades.text(unit.trade)).copied();
    // Most pairs are told apart by a sum.
    let sum = |unit: &Unit| chars(unit).map(u32::from).fold(0, u32::wrapping_add);
    if sum(a) != sum(b) {
        return false;
    }
    let sorted = |unit: &Unit| {
        let mut all: Vec<char> = chars(unit).collect();
        all.sort_unstable();
        all
    };
    sorted(a) == sorted(b)
}

fn trade(lists: &Lists, a: &Unit, b: &Unit) -> usize {
    if a.trade == EMPTY || b.trade == EMPTY {
        return MISSING;
    }
    if a.trade == b.trade {
        return 1;
    }
    if share_a_pair(lists.trades.text(a.trade), lists.trades.text(b.trade)) { 2 } else { 3 }
}

fn form(a: &Unit, b: &Unit) -> usize {
    if a.form == Form::None || b.form == Form::None {
        return MISSING;
    }
    if a.form == b.form { 1 } else { 2 }
}

fn rank(a: &Unit, b: &Unit) -> usize {
    match () {
        // Two rows without a name say nothing about branches.
        () if a.core == EMPTY || b.core == EMPTY => MISSING,
        () if (a.branch == EMPTY) == (b.branch == EMPTY) => 1,
        () => 2,
    }
}

fn branch(lists: &Lists, a: &Unit, b: &Unit) -> usize {
    if a.ordinals != 0 && b.ordinals != 0 && a.ordinals != b.ordinals {
        return 3;
    }
    if a.branch == EMPTY || b.branch == EMPTY {
        return MISSING;
    }
    if a.branch == b.branch {
        return 1;
    }
    let (x, y) = (lists.branches.text(a.branch), lists.branches.text(b.branch));
    let is_near = x.len().max(y.len()) >= 5 && (one_change(x, y) || jaro_winkler(x, y) >= NEAR) || holds(x, y, 4);
    if is_near && a.ordinals == b.ordinals { 2 } else { 3 }
}

fn area(a: &Unit, b: &Unit) -> usize {
    let (a, b) = (a.place, b.place);
    let (county_a, county_b) = (place::county(a), place::county(b));
    match () {
        () if a == 0 || b == 0 => MISSING,
        () if a == b && place::has_township(a) => 1,
        () if county_a != 0 && county_a == county_b => {
            if place::has_township(a) && place::has_township(b) {
                4
            } else {
                2
            }
        }
        () if place::within(a, b) || place::within(b, a) => 3,
        () if place::city(a) != 0 && place::city(a) == place::city(b) => 5,
        () => 6,
    }
}

fn door(lists: &Lists, a: &Unit, b: &Unit) -> usize {
    if a.door == EMPTY || b.door == EMPTY {
        return MISSING;
    }
    let ((street_a, number_a), (street_b, number_b)) = (lists.street(a), lists.street(b));
    if a.door == b.door && a.street == b.street {
        return if a.inside == b.inside { 1 } else { 2 };
    }
    let same = street_a == street_b;
    let near = same
        || holds(street_a, street_b, 3)
        || street_a.len().max(street_b.len()) >= 3 && one_change(street_a, street_b)
        || jaro_winkler(street_a, street_b) >= NEAR;
    let silent = number_a.is_empty() || number_b.is_empty();
    match (same, near) {
        (true, _) if silent => 3,
        (true, _) => 4,
        (_, true) if number_a == number_b || silent => 3,
        _ => 5,
    }
}

fn phone(a: &Unit, b: &Unit) -> usize {
    const LOCAL: u64 = 10_000_000; // seven digits without an area code
    const MOBILE: u64 = 10_000_000_000; // eleven
    let (a, b) = (a.phone, b.phone);
    if a == 0 || b == 0 {
        return MISSING;
    }
    if a == b {
        return 1;
    }
    let (short, long) = (a.min(b), a.max(b));
    let without_area = short < 10 * LOCAL && (10 * LOCAL..MOBILE).contains(&long);
    let same_local = without_area && (long % (10 * LOCAL) == short || short < LOCAL && long % LOCAL == short);
    if same_local || one_change(&figures(a), &figures(b)) { 2 } else { 3 }
}

fn figures(mut number: u64) -> [u8; 12] {
    let mut figures = [0; 12];
    for figure in figures.iter_mut().rev() {
        *figure = u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    figures
}

fn person(lists: &Lists, a: &Unit, b: &Unit) -> usize {
    if a.person == EMPTY || b.person == EMPTY {
        return MISSING;
    }
    if a.person == b.person {
        return 1;
    }
    let (x, y) = (lists.persons.text(a.person), lists.persons.text(b.person));
    if x.len().min(y.len()) >= 2 && x.len().max(y.len()) >= 3 && one_change(x, y) { 2 } else { 3 }
}

fn industry(a: &Unit, b: &Unit) -> usize {
    let (a, b) = (a.industry, b.industry);
    match () {
        () if a == 0 || b == 0 => MISSING,
        () if a == b => 1,
        () if a / 10 == b / 10 => 2,
        () if a / 100 == b / 100 => 3,
        () => 4,
    }
}

fn date(a: &Unit, b: &Unit) -> usize {
    match () {
        () if a.date == 0 || b.date == 0 => MISSING,
        () if a.date == b.date => 1,
        () if nearly_same_day(a.date, b.date) => 2,
        () => 3,
    }
}
