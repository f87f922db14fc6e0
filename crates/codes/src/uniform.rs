//! Text of names and addresses made uniform, character by character, so that the same place gives the same text whatever stands beside it:
//! NFKC (full width, circled and roman figures, compatibility forms), traditional characters to simplified ones, letters to upper case.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

/// Simplified characters, at the place of the traditional ones; a table of 84 KB, because every character of every list asks it.
fn simplified() -> &'static [char] {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<char> = (FIRST..=LAST).filter_map(char::from_u32).collect();
        let pairs = include_str!("traditional.txt").lines().skip(1);
        for line in pairs {
            let mut chars = line.chars();
            while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
                if let Some(slot) = slot(from).and_then(|at| table.get_mut(at)) {
                    *slot = to;
                }
            }
        }
        table
    })
}

fn slot(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()
}

fn push(table: &[char], out: &mut Vec<char>, c: char) {
    let c = slot(c).and_then(|at| table.get(at)).copied().unwrap_or(c);
    match c {
        '〔' | '【' | '[' | '{' | '〈' | '《' => out.push('('),
        '〕' | '】' | ']' | '}' | '〉' | '》' => out.push(')'),
        '〇' | '○' => out.push('零'),
        c if c.is_whitespace() => {}
        c => out.push(c.to_ascii_uppercase()),
    }
}

/// The characters of a text made uniform, brackets and other marks still there, spaces gone.
pub fn folded(text: &str) -> Vec<char> {
    let table = simplified();
    let mut out = Vec::with_capacity(text.len() / 3 + 4);
    for c in text.chars() {
        if c.is_ascii() || (FIRST..=LAST).contains(&u32::from(c)) {
            push(table, &mut out, c);
        } else {
            for c in std::iter::once(c).nfkc() {
                push(table, &mut out, c);
            }
        }
    }
    out
}

/// Letters, figures and characters of a text made uniform: what is left when width, script, case, spaces and marks do not count.
///
/// ```
/// assert_eq!(youju_codes::uniform::clean(" 蘭谿市（ＡＢＣ）貿易·有限公司 "), "兰溪市ABC贸易有限公司");
/// ```
pub fn clean(text: &str) -> String {
    // Compatibility forms may fall apart into letters and marks; marks do not count.
    folded(text).into_iter().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::{folded, simplified};

    #[test]
    fn no_simplified_character_is_simplified_again() {
        let table = simplified();
        for c in table {
            assert_eq!(folded(&c.to_string()), vec![*c]);
        }
        assert!(table.iter().zip(0x4E00_u32..).filter(|(c, at)| u32::from(**c) != *at).count() > 2000);
    }
}
