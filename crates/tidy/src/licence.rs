//! Licence expressions of package registries (SPDX, and the older `MIT/Apache-2.0`).

use std::iter::Peekable;
use std::vec::IntoIter;

type Words = Peekable<IntoIter<String>>;

/// True when the expression can be met by choosing among the allowed licences only. `A OR B` needs one of them, `A AND B` both;
/// an exception (`WITH …`) only ever grants more and is passed over. What cannot be read is not allowed.
pub fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    let mut words = words.into_iter().peekable();
    either(&mut words, allowed) == Some(true) && words.next().is_none()
}

fn either(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let mut holds = both(words, allowed)?;
    while words.next_if(|word| word == "OR").is_some() {
        holds |= both(words, allowed)?;
    }
    Some(holds)
}

fn both(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let mut holds = single(words, allowed)?;
    while words.next_if(|word| word == "AND").is_some() {
        holds &= single(words, allowed)?;
    }
    Some(holds)
}

fn single(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let holds = either(words, allowed)?;
        return words.next_if(|word| word == ")").map(|_| holds);
    }
    if words.next_if(|word| word == "WITH").is_some() {
        words.next()?;
    }
    Some(allowed.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn an_expression_is_met_by_choosing_among_the_allowed() {
        let cases = [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-3.0-only", true),
            ("GPL-2.0 / MIT", true),
            ("Apache-2.0/MIT", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR GPL-3.0-only) AND ISC", true),
            ("(MIT AND GPL-3.0-only) OR ISC", true),
            ("GPL-3.0-only OR MIT AND GPL-2.0", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-2.0 WITH Classpath-exception-2.0", false),
            ("", false),
            ("MIT OR", false),
            ("(MIT", false),
            ("MIT ISC", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(is_allowed(expression, &["MIT", "ISC", "Apache-2.0"]), expected, "{expression}");
        }
    }
}
