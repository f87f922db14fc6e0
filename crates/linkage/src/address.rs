//! Addresses, taken apart: area, street (or village, estate, market), number of the house, what stands inside it.

use crate::place::{self, Place};
use crate::text::{folded, is_blank, with_figures};

/// An address in its parts, each made uniform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// The deepest area that the address names and the published list knows, or 0.
    pub place: Place,
    /// Street, village or estate: everything before the first number.
    pub street: String,
    /// The first number: of the house, or of the building when the house has none.
    pub number: String,
    /// The other numbers in their order: building, unit, floor, room.
    pub inside: String,
}

const COUNTED: &[char] =
    &['号', '室', '幢', '栋', '楼', '单', '层', '弄', '组', '排', '座', '区', '期', '队', '户', '间'];

const TOWNSHIP_MAX: usize = 6; // characters before 镇, 乡 or 街道; longer ones are streets with such a character in them

/// Takes an address apart.
///
/// ```
/// let address = youju_linkage::address("浙江省義烏市稠城街道贝村路四号二楼201室");
/// assert_eq!((address.street.as_str(), address.number.as_str(), address.inside.as_str()), ("贝村路", "4", "2.201"));
/// assert_eq!(address.place, 330782001);
/// ```
pub fn address(text: &str) -> Address {
    let whole = folded(text);
    if is_blank(&whole) {
        return Address::default();
    }
    let whole = without_brackets(&whole);
    let area = place::read(&whole, 0, true);
    let rest = whole.get(area.length..).unwrap_or_default();
    let rest = with_figures(rest, COUNTED);
    let rest = after_township(&rest, place::has_township(area.place));
    let street: String = rest.iter().take_while(|c| !c.is_ascii_digit()).filter(|c| c.is_alphanumeric()).collect();
    if street.is_empty() {
        // 22省道边: the number is the street's own.
        let street = rest.iter().filter(|c| c.is_alphanumeric()).collect();
        return Address { place: area.place, street, ..Address::default() };
    }
    let figures: String = rest.iter().map(|c| if c.is_ascii_alphanumeric() { *c } else { ' ' }).collect();
    let mut numbers = figures.split_whitespace().filter(|run| run.chars().any(|c| c.is_ascii_digit()));
    let number = numbers.next().map(without_zeros).unwrap_or_default();
    let inside: Vec<String> = numbers.map(without_zeros).collect();
    Address { place: area.place, street, number, inside: inside.join(".") }
}

fn without_zeros(run: &str) -> String {
    run.trim_start_matches('0').to_owned()
}

/// Without asides in brackets, unless nothing else is there; an open bracket ends nothing.
fn without_brackets(whole: &[char]) -> Vec<char> {
    let mut depth = 0_usize;
    let closed = whole.iter().filter(|c| **c == '(').count() == whole.iter().filter(|c| **c == ')').count();
    let kept: Vec<char> = whole
        .iter()
        .copied()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0 || !closed,
            }
            false
        })
        .collect();
    let is_empty = !kept.iter().any(|c| c.is_alphanumeric());
    if is_empty { whole.iter().copied().filter(|c| !matches!(c, '(' | ')')).collect() } else { kept }
}

/// Townships that the list does not know (any more) are passed over: they were merged and renamed too often to tell units apart.
fn after_township(rest: &[char], known: bool) -> &[char] {
    let is_end = |at: usize| match rest.get(at) {
        Some('镇' | '乡') => Some(at + 1),
        Some('街') if rest.get(at + 1) == Some(&'道') => Some(at + 2),
        _ => None,
    };
    let end = if known { None } else { (1..=TOWNSHIP_MAX).find_map(is_end) };
    match end.and_then(|end| rest.get(end..)) {
        Some(after) if after.iter().any(|c| c.is_alphanumeric()) => after,
        _ => rest,
    }
}
