//! Distances between two texts, counted in characters. All are symmetric.

use crate::exact::Fraction;
use crate::limits::DISTANCE_CHARS_MAX;

/// Insertions, deletions and substitutions.
pub(super) fn levenshtein(a: &str, b: &str) -> Option<i128> {
    edits(a, b, false)
}

/// The same, and neighbours that have changed places; no piece is edited twice.
pub(super) fn damerau_levenshtein(a: &str, b: &str) -> Option<i128> {
    edits(a, b, true)
}

/// Places with different characters; `None` for texts of different lengths.
pub(super) fn hamming(a: &str, b: &str) -> Option<i128> {
    if a.chars().count() != b.chars().count() {
        return None;
    }
    i128::try_from(a.chars().zip(b.chars()).filter(|(a, b)| a != b).count()).ok()
}

fn chars(text: &str) -> Option<Vec<char>> {
    let chars: Vec<char> = text.chars().take(DISTANCE_CHARS_MAX + 1).collect();
    (chars.len() <= DISTANCE_CHARS_MAX).then_some(chars)
}

/// Row by row; only the last two rows are kept.
fn edits(a: &str, b: &str, swaps: bool) -> Option<i128> {
    let (a, b) = (chars(a)?, chars(b)?);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut least = (cell(&above, j) + usize::from(x != y)).min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            let crossed = swaps && i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if crossed {
                least = least.min(cell(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    i128::try_from(*above.last()?).ok()
}

/// 1 for equal texts, 0 for texts that share nothing; a common beginning of up to four characters counts more. Exact.
pub(super) fn jaro_winkler(a: &str, b: &str) -> Option<Fraction> {
    let (a, b) = (chars(a)?, chars(b)?);
    if a == b {
        return Some((1, 1));
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut pairs: Vec<(usize, char)> = Vec::new(); // where in b, which character of a; in the order of a
    for (i, x) in a.iter().enumerate() {
        let near =
            b.iter().zip(taken.iter_mut()).enumerate().skip(i.saturating_sub(reach)).take(reach + i.min(reach) + 1);
        for (j, (y, taken)) in near {
            if x == y && !*taken {
                *taken = true;
                pairs.push((j, *x));
                break;
            }
        }
    }
    if pairs.is_empty() {
        return Some((0, 1));
    }
    let in_a: Vec<char> = pairs.iter().map(|(_, character)| *character).collect();
    pairs.sort_unstable_by_key(|(j, _)| *j);
    let moved = in_a.iter().zip(&pairs).filter(|(x, (_, y))| x != &y).count();
    let start = a.iter().zip(&b).take(4).take_while(|(x, y)| x == y).count();
    Some(score([pairs.len(), moved / 2, a.len(), b.len(), start]))
}

/// `(m / |a| + m / |b| + (m - t) / m) / 3` over one denominator, then a tenth of what is missing to 1 for each character
/// of the common beginning.
fn score(counts: [usize; 5]) -> Fraction {
    let [pairs, swaps, first, second, start] = counts.map(|count| i128::try_from(count).unwrap_or(0));
    let over = pairs * pairs * (first + second) + (pairs - swaps) * first * second;
    let under = 3 * pairs * first * second;
    (over * 10 + (under - over) * start, under * 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn distances_are_what_the_books_say() {
        for (a, b, plain, swapped) in [
            ("kitten", "sitting", 3, 3),
            ("", "abc", 3, 3),
            ("ca", "ac", 2, 1),
            ("ca", "abc", 3, 3),
            ("foo", "fo", 1, 1),
            ("兰溪统计局", "兰溪市统计局", 1, 1),
            ("统计", "计统", 2, 1),
        ] {
            assert_eq!(levenshtein(a, b), Some(plain), "{a} {b}");
            assert_eq!(damerau_levenshtein(a, b), Some(swapped), "{a} {b}");
        }
        assert_eq!(hamming("foo", "fob"), Some(1));
        assert_eq!(hamming("foo", "fo"), None);
        for (a, b, ten_thousandths) in [
            ("MARTHA", "MARHTA", 9611),
            ("DIXON", "DICKSONX", 8133),
            ("CRATE", "TRACE", 7333),
            ("abcdefgh", "abzzzzzz", 6000),
            ("兰溪统计局", "兰溪市统计局", 9555),
            ("", "", 10_000),
            ("abc", "", 0),
        ] {
            let (over, under) = jaro_winkler(a, b).unwrap();
            assert_eq!(over * 10_000 / under, ten_thousandths, "{a} {b}");
        }
        let long = "长".repeat(DISTANCE_CHARS_MAX + 1);
        assert_eq!(levenshtein(&long, "短"), None);
    }

    proptest! {
        #[test]
        fn distances_are_symmetric_and_zero_for_equal_texts(a in "[abc]{0,8}", b in "[abc]{0,8}") {
            prop_assert_eq!(levenshtein(&a, &b), levenshtein(&b, &a));
            prop_assert_eq!(damerau_levenshtein(&a, &b), damerau_levenshtein(&b, &a));
            prop_assert_eq!(levenshtein(&a, &b) == Some(0), a == b);
            prop_assert!(damerau_levenshtein(&a, &b) <= levenshtein(&a, &b));
            prop_assert_eq!(levenshtein(&a, &a), Some(0));
        }
    }
}
