//! Which known names look like a misspelt one.

/// The most names that a message suggests.
const SUGGESTIONS_MAX: usize = 3;

/// Up to three names within two edits, nearest first, then in alphabetical order.
pub(crate) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let allowed = if wrong.chars().count() <= 3 { 1 } else { 2 };
    let mut near: Vec<(usize, &str)> =
        known.map(|name| (distance(wrong, name), name)).filter(|(distance, _)| *distance <= allowed).collect();
    near.sort_unstable();
    near.into_iter().take(SUGGESTIONS_MAX).map(|(_, name)| name).collect()
}

/// Levenshtein distance; a different case counts as no edit, because case is what people get wrong first.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let best = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_code_finds_its_neighbours() {
        let known = ["c201", "c213", "c301", "employees", "C327"];
        assert_eq!(nearest("c231", known.into_iter()), ["c201", "c213", "c301"]);
        assert_eq!(nearest("employes", known.into_iter()), ["employees"]);
        assert_eq!(nearest("c327", known.into_iter()).first(), Some(&"C327"));
        assert_eq!(nearest("zzzz", known.into_iter()), Vec::<&str>::new());
    }

    #[test]
    fn distances_count_edits() {
        for (a, b, edits) in [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("资产总计", "资产合计", 1)]
        {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }
}
