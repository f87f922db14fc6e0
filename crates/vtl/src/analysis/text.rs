//! Sets of texts as comparisons describe them.

use std::collections::BTreeSet;

/// Texts between two ends, of a list, except some. Texts compare by their bytes, as the engine compares them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TextSet {
    only: Option<BTreeSet<String>>,
    except: BTreeSet<String>,
    /// The end, and whether it is itself outside.
    low: Option<(String, bool)>,
    high: Option<(String, bool)>,
}

impl TextSet {
    pub fn only<'a>(texts: impl IntoIterator<Item = &'a str>) -> TextSet {
        TextSet { only: Some(texts.into_iter().map(str::to_owned).collect()), ..TextSet::default() }
    }

    pub fn except<'a>(texts: impl IntoIterator<Item = &'a str>) -> TextSet {
        TextSet { except: texts.into_iter().map(str::to_owned).collect(), ..TextSet::default() }
    }

    pub fn above(text: &str, is_open: bool) -> TextSet {
        TextSet { low: Some((text.to_owned(), is_open)), ..TextSet::default() }
    }

    pub fn below(text: &str, is_open: bool) -> TextSet {
        TextSet { high: Some((text.to_owned(), is_open)), ..TextSet::default() }
    }

    /// What is in both.
    pub fn and(&self, other: &TextSet) -> TextSet {
        let only = match (&self.only, &other.only) {
            (Some(a), Some(b)) => Some(a.intersection(b).cloned().collect()),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        // Of two equal ends the open one is the tighter: behind it for a lower end, before it for an upper one.
        let low = self.low.clone().max(other.low.clone());
        let tighter = |a: &(String, bool), b: &(String, bool)| (&a.0, !a.1) <= (&b.0, !b.1);
        let high = match (&self.high, &other.high) {
            (Some(a), Some(b)) => Some(if tighter(a, b) { a.clone() } else { b.clone() }),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        TextSet { only, except: self.except.union(&other.except).cloned().collect(), low, high }
    }

    /// Is it certain that no text is in it?
    pub fn is_empty(&self) -> bool {
        if let Some(only) = &self.only {
            return !only.iter().any(|text| self.admits(text));
        }
        match (&self.low, &self.high) {
            (Some(low), Some(high)) if low.0 == high.0 => low.1 || high.1 || self.except.contains(&low.0),
            (Some(low), Some(high)) => low.0 > high.0,
            (None, Some(high)) => high.0.is_empty() && (high.1 || self.except.contains("")),
            _ => false,
        }
    }

    fn admits(&self, text: &str) -> bool {
        let above = self.low.as_ref().is_none_or(|(low, open)| text > low.as_str() || (!open && text == low));
        let below = self.high.as_ref().is_none_or(|(high, open)| text < high.as_str() || (!open && text == high));
        above && below && !self.except.contains(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_empty_where_nothing_fits() {
        let between = |low: &str, high: &str| TextSet::above(low, false).and(&TextSet::below(high, false));
        for (set, empty) in [
            (between("0600", "4699"), false),
            (between("4700", "4699"), true),
            (between("07", "07"), false),
            (between("07", "07").and(&TextSet::except(["07"])), true),
            (TextSet::above("07", true).and(&TextSet::below("07", false)), true),
            (TextSet::only(["A", "B"]).and(&TextSet::except(["A"])), false),
            (TextSet::only(["A", "B"]).and(&TextSet::only(["C"])), true),
            (TextSet::only(["2", "3"]).and(&between("0", "1")), true),
            (TextSet::below("07", false).and(&TextSet::below("07", true)).and(&TextSet::above("07", false)), true),
            (TextSet::below("", true), true),
        ] {
            assert_eq!(set.is_empty(), empty, "{set:?}");
        }
    }
}
