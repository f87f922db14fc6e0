//! How alike two names of columns are.

use crate::header::{Brackets, fold};
use crate::limits::COLUMN_NAME_BYTES_MAX;

/// A name without brackets and their content, digits, percentages and the own currency: `养老保险(个人8%)` is compared as
/// `养老保险`, `养老保险个人8%` as `养老保险个人`, and `金额本币` as `金额`.
pub(super) fn bare(name: &str) -> String {
    let folded = fold(name, Brackets::Dropped);
    let bare: String =
        folded.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '%' | '+' | '‰' | '“' | '”')).collect();
    ["本位币", "本币", "人民币"]
        .iter()
        .find_map(|end| bare.strip_suffix(end))
        .filter(|rest| !rest.is_empty())
        .map_or(bare.clone(), str::to_owned)
}

/// A name, taken apart for comparison.
pub(super) struct Likeness {
    /// The pairs of neighbouring characters.
    pairs: Vec<(char, char)>,
    /// Which of the words that turn a meaning round it holds.
    turns: Vec<bool>,
}

/// 借方 and 贷方, 入库 and 出库 are alike in all but what matters.
const TURNS: [char; 18] =
    ['借', '贷', '入', '出', '初', '末', '收', '支', '增', '减', '应', '实', '购', '销', '非', '含', '率', '价'];

impl Likeness {
    /// Takes a name apart; what is too long for a name is like nothing.
    pub fn of(name: &str) -> Likeness {
        let name = if name.len() > COLUMN_NAME_BYTES_MAX { "" } else { name };
        let chars: Vec<char> = bare(name).chars().collect();
        let pairs = chars.iter().copied().zip(chars.iter().copied().skip(1)).collect();
        Likeness { pairs, turns: TURNS.iter().map(|turn| chars.contains(turn)).collect() }
    }

    /// How alike, of a hundred: twice the pairs that both have, over all pairs.
    pub fn to(&self, other: &Likeness) -> usize {
        if self.turns != other.turns {
            return 0;
        }
        let mut left = other.pairs.clone();
        let mut shared = 0_usize;
        for pair in &self.pairs {
            if let Some(place) = left.iter().position(|candidate| candidate == pair) {
                left.swap_remove(place);
                shared += 1;
            }
        }
        (200 * shared).checked_div(self.pairs.len() + other.pairs.len()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_the_pairs_of_characters_they_share() {
        for (one, other, percent) in [
            ("借方发生额", "借方发生额", 100),
            ("本次借方发生额", "借方发生额", 80),
            ("借方", "贷方", 0),
            ("本期入库数量", "本期出库数量", 0),
            ("借", "借", 0),
            ("", "借方", 0),
        ] {
            assert_eq!(Likeness::of(one).to(&Likeness::of(other)), percent, "{one} {other}");
        }
    }
}
