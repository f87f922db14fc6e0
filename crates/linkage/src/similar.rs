//! How alike two short texts are.

/// Longer texts are compared by their beginning: one bit for each character is what keeps this quick.
const COMPARED_MAX: usize = 64; // characters; the longest name of a company in the register has 40

/// Jaro–Winkler similarity, from 0 to 1: characters in common near the same place, with a premium for a common beginning.
pub(crate) fn jaro_winkler(a: &[char], b: &[char]) -> f64 {
    let a = a.get(..COMPARED_MAX).unwrap_or(a);
    let b = b.get(..COMPARED_MAX).unwrap_or(b);
    // Who is asked first decides which of several equal characters are held for one another: always the same side, then.
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let jaro = jaro(a, b);
    let common = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    if jaro > 0.7 { jaro + 0.1 * float(common) * (1.0 - jaro) } else { jaro }
}

fn jaro(a: &[char], b: &[char]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() && b.is_empty() { 1.0 } else { 0.0 };
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut in_a, mut in_b) = (0_u64, 0_u64);
    for (at, c) in a.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let found =
            b.iter().enumerate().take(at + reach + 1).skip(from).find(|(to, d)| *d == c && in_b & (1 << to) == 0);
        if let Some((to, _)) = found {
            in_a |= 1 << at;
            in_b |= 1 << to;
        }
    }
    let matched = float(in_a.count_ones() as usize);
    if in_a == 0 {
        return 0.0;
    }
    let moved = taken(a, in_a).zip(taken(b, in_b)).filter(|(x, y)| x != y).count() / 2;
    (matched / float(a.len()) + matched / float(b.len()) + (matched - float(moved)) / matched) / 3.0
}

/// The characters at the places of the bits.
fn taken(text: &[char], bits: u64) -> impl Iterator<Item = char> {
    text.iter().enumerate().filter(move |(at, _)| bits & (1 << at) != 0).map(|(_, c)| *c)
}

/// Whether one change makes one text the other: a character more, less or other, or two neighbours that changed places.
pub(crate) fn one_change<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let ahead = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (short.get(ahead..).unwrap_or_default(), long.get(ahead..).unwrap_or_default());
    match (short, long) {
        ([], [_]) => true,
        (short, [_, rest @ ..]) if short == rest => true,
        ([_, left @ ..], [_, rest @ ..]) if left == rest => true,
        ([one, two, left @ ..], [first, second, rest @ ..]) => one == second && two == first && left == rest,
        _ => false,
    }
}

/// Whether one text stands inside the other, and is long enough to say something.
pub(crate) fn holds(a: &[char], b: &[char], length: usize) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() >= length && long.windows(short.len()).any(|part| part == short)
}

/// Whether two neighbouring characters stand in both texts.
pub(crate) fn share_a_pair(a: &[char], b: &[char]) -> bool {
    a.windows(2).any(|pair| b.windows(2).any(|other| other == pair))
}

pub(crate) fn float(count: usize) -> f64 {
    // Counts of rows and characters stay far below 2^52.
    f64::from(u32::try_from(count >> 20).unwrap_or(u32::MAX)) * 1_048_576.0
        + f64::from(u32::try_from(count & 0xF_FFFF).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{jaro_winkler, one_change};
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn one_change_is_one_change() {
        for (a, b, expected) in [
            ("红发", "宏发", true),
            ("红发", "红发", false),
            ("红发", "发红", true),
            ("红发", "红发达", true),
            ("红发", "大红发", true),
            ("红发", "红大发", true),
            ("红发", "大红发达", false),
            ("红发", "绿江", false),
            ("", "红", true),
            ("", "", false),
            ("甲乙丙丁", "甲丙乙丁", true),
            ("甲乙丙丁", "乙甲丁丙", false),
        ] {
            assert_eq!(one_change(&chars(a), &chars(b)), expected, "{a} {b}");
            assert_eq!(one_change(&chars(b), &chars(a)), expected, "{b} {a}");
        }
    }

    proptest! {
        #[test]
        fn similarity_is_that_of_another_library(a in "[甲乙丙丁戊]{0,9}", b in "[甲乙丙丁戊]{0,9}") {
            let ours = jaro_winkler(&chars(&a), &chars(&b));
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            prop_assert!((ours - strsim::jaro_winkler(&a, &b)).abs() < 1e-9, "{a} {b} {ours}");
        }
    }
}
