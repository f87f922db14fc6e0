//! Text as people type it, made uniform; and what all text values share: fixed ASCII storage, `FromStr`, serde.

use std::fmt;

/// Normalises 规范化 a typed code: full-width characters become half-width, spaces and invisible marks disappear,
/// letters become upper case.
///
/// ```
/// assert_eq!(youju_codes::normalise("　９１33 078a\u{feff}\n"), "9133078A");
/// ```
pub fn normalise(text: &str) -> String {
    text.chars().map(to_half_width).filter(|c| !is_blank(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

/// The half-width twin of a full-width character; every other character stays.
pub(crate) fn to_half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// Spaces of all widths, and the marks that spreadsheets and web pages leave behind unseen.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Exactly `N` ASCII characters, stored in place, so that codes are `Copy` and need no heap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    pub(crate) fn new(text: &str) -> Option<Ascii<N>> {
        if text.is_ascii() { text.as_bytes().try_into().ok().map(Ascii) } else { None }
    }

    pub(crate) fn as_str(&self) -> &str {
        // `new` let only ASCII in, so the default is never taken.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `M` characters, starting after the first `skip`.
    pub(crate) fn part<const M: usize>(&self, skip: usize) -> Ascii<M> {
        let mut part = [b'0'; M];
        for (to, from) in part.iter_mut().zip(self.0.iter().skip(skip)) {
            *to = *from;
        }
        Ascii(part)
    }
}

impl<const N: usize> fmt::Debug for Ascii<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// `FromStr` by `parse`, and serde as the text of `Display`: the same lines for every text value.
macro_rules! text_value {
    ($type:ty) => {
        impl std::str::FromStr for $type {
            type Err = $crate::CodeError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_value;
