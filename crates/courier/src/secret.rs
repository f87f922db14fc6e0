//! Secrets, and the words of others with the secrets taken out.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::limits::WORDS_CHARS_MAX;

/// Stands where a secret would.
const HIDDEN: &str = "***";
/// What may be a secret and is shorter is none worth the name: hiding `1` everywhere would make a reason unreadable.
const SECRET_CHARS_MIN: usize = 5;

/// A text that is never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Keeps the text.
    pub(crate) fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for the wire only.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// The secrets of one channel in every spelling that the other side could send back.
#[derive(Clone, Default)]
pub(crate) struct Veil(Vec<String>);

impl Veil {
    /// Hides passwords, and of what may be one all that is long enough: as it is, in base64 and in the spelling of forms.
    pub(crate) fn over(passwords: &[&str], perhaps: &[&str]) -> Veil {
        let mut hidden = Vec::new();
        let perhaps = perhaps.iter().filter(|text| text.chars().count() >= SECRET_CHARS_MIN);
        for secret in passwords.iter().filter(|text| !text.is_empty()).chain(perhaps) {
            hidden.push((*secret).to_owned());
            hidden.push(STANDARD.encode(secret));
            let form = serde_urlencoded::to_string([("", secret)]).unwrap_or_default();
            hidden.extend(form.strip_prefix('=').map(str::to_owned));
        }
        hidden.sort_by_key(|text| std::cmp::Reverse(text.len())); // the longest first: it may hold a shorter one
        Veil(hidden)
    }

    /// The other side's words in one line, without secrets, and not too many.
    pub(crate) fn quote(&self, words: &str) -> String {
        let mut text = words.to_owned();
        for hidden in &self.0 {
            text = text.replace(hidden, HIDDEN);
        }
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let line = line.trim();
        let short: String = line.chars().take(WORDS_CHARS_MAX).collect();
        if short.len() < line.len() { format!("{short}……") } else { short }
    }
}

impl fmt::Debug for Veil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}
