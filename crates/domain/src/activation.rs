//! Activation 激活: an account is opened without any password. Its person gets a letter with a code that counts once and for a time, and
//! chooses a password with it. Whoever prints a letter makes the one before it void.

use chrono::TimeDelta;
use youju_codes::normalise;

use crate::Instant;
use crate::access::Action;
use crate::account::AccountProblem;
use crate::problem::Problem;
use crate::survey::print_instant;

/// Characters of a code: 28 of 32 letters and digits are 136 bits, which nobody guesses.
pub const CODE_CHARS: usize = 28;
/// Bytes of chance that a code is made of.
pub const CODE_BYTES: usize = 17;
/// Days for which a code counts: as many as a new account may stay unused.
pub const TERM_DAYS: i64 = 30;
/// Letters that are printed at a time: each is a page with a picture, and a machine sets a few dozen of them in a second.
pub const LETTERS_MAX: usize = 200;
/// Fewest and most characters of whom to ask, as printed in a letter.
pub const CONTACT_CHARS: std::ops::RangeInclusive<usize> = 4..=60;
/// Most characters of the address of the site, as printed in a letter.
pub const SITE_CHARS_MAX: usize = 100;
/// What somebody is called whose name nobody knows yet: they give it when they activate their account.
pub const NAME_TO_COME: &str = "(姓名待本人填写)";
/// Fewest and most characters of a name.
pub const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=40;

/// Activation 激活 of one account: the letter that counts, if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Activation {
    /// SHA-256 of the code that counts; none before the first letter and after the code was used.
    pub code_hash: Option<String>,
    /// When the letter was printed.
    pub issued_at: Option<Instant>,
    /// Until when its code counts.
    pub expires_at: Option<Instant>,
    /// When the account was activated.
    pub used_at: Option<Instant>,
    /// True when the account was in use before and its password was taken away.
    pub is_reset: bool,
}

/// How an account stands that has no password yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 待发信: no letter was printed.
    Unsent,
    /// 待激活.
    Sent {
        /// Until when the code counts.
        until: Instant,
    },
    /// 已过期: the code counts no more.
    RunOut {
        /// Since when.
        since: Instant,
    },
    /// 已激活.
    Done {
        /// When.
        at: Instant,
    },
}

impl Standing {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Unsent => "待发信",
            Standing::Sent { .. } => "待激活",
            Standing::RunOut { .. } => "已过期",
            Standing::Done { .. } => "已激活",
        }
    }
}

impl Activation {
    /// How it stands.
    pub fn standing(&self, now: Instant) -> Standing {
        match (self.used_at, self.expires_at) {
            (Some(at), _) => Standing::Done { at },
            (None, None) => Standing::Unsent,
            (None, Some(until)) if now < until => Standing::Sent { until },
            (None, Some(since)) => Standing::RunOut { since },
        }
    }

    /// Whose task it is to print another letter. Whoever opens accounts must not come into one that is in use: giving one back is
    /// the security administrator's.
    pub fn issuer(&self) -> Action {
        if self.is_reset { Action::Secure } else { Action::Administer }
    }

    /// Refuses another letter once the account is activated.
    pub fn must_wait(&self) -> Result<(), Problem> {
        if self.used_at.is_none() { Ok(()) } else { Err(AccountProblem::Activated.into()) }
    }

    /// The same with a fresh code, until its term.
    #[must_use]
    pub fn issued(self, code_hash: String, now: Instant) -> Activation {
        let until = now + TimeDelta::days(TERM_DAYS);
        Activation { code_hash: Some(code_hash), issued_at: Some(now), expires_at: Some(until), ..self }
    }

    /// True for the code of the letter that was printed last, whether its term has run out or not.
    pub fn fits(&self, code_hash: &str) -> bool {
        self.used_at.is_none() && self.code_hash.as_deref() == Some(code_hash)
    }

    /// Refuses a code whose term has run out; told to whoever has the code, and to nobody else.
    pub fn must_count(&self, now: Instant) -> Result<(), Problem> {
        match self.standing(now) {
            Standing::Sent { .. } => Ok(()),
            Standing::RunOut { since } => Err(AccountProblem::ActivationRunOut { since: print_instant(since) }.into()),
            Standing::Unsent | Standing::Done { .. } => Err(AccountProblem::WrongActivation.into()),
        }
    }

    /// The same once its person has chosen a password.
    #[must_use]
    pub fn used(self, now: Instant) -> Activation {
        Activation { code_hash: None, used_at: Some(now), ..self }
    }
}

/// A code as it is typed, in the form in which it is hashed: letters of base 32, without gaps. What looks like a letter of the
/// alphabet is that letter: there are no 0, 1, 8 and 9 in it.
pub fn read_code(typed: &str) -> Option<String> {
    let letter = |c: char| match c {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    };
    let code: String = normalise(typed).chars().filter(|c| !matches!(c, '-' | '—' | '–' | '_')).map(letter).collect();
    let is_one = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    (code.chars().count() == CODE_CHARS && code.chars().all(is_one)).then_some(code)
}

/// A code in groups of four, as it is printed.
pub fn groups(code: &str) -> Vec<String> {
    code.chars().collect::<Vec<_>>().chunks(4).map(|four| four.iter().collect()).collect()
}

/// The name of somebody whom the letter could not name; others keep theirs, whatever is typed.
pub fn name_of(known: &str, typed: &str) -> Result<Option<String>, Problem> {
    if known != NAME_TO_COME {
        return Ok(None);
    }
    let typed = typed.trim();
    if typed.contains(['(', '（']) || !NAME_CHARS.contains(&typed.chars().count()) {
        return Err(AccountProblem::NameDue.into());
    }
    Ok(Some(typed.to_owned()))
}

/// What stands in every letter of a printing beside its code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// Whom to ask, with a telephone number.
    pub contact: String,
    /// The address of the site.
    pub site: String,
}

impl Wording {
    /// Refuses what leaves the reader without help.
    pub fn read(self) -> Result<Wording, Problem> {
        let (contact, site) = (self.contact.trim().to_owned(), self.site.trim().trim_end_matches('/').to_owned());
        let bad = |reason: String| Err(Problem::BadInput { reason });
        if !CONTACT_CHARS.contains(&contact.chars().count()) || contact.contains(char::is_control) {
            return bad(format!(
                "请写明联系人和电话,{} 至 {} 个字,印在信上。",
                CONTACT_CHARS.start(),
                CONTACT_CHARS.end()
            ));
        }
        let after = site.strip_prefix("https://").or_else(|| site.strip_prefix("http://")).unwrap_or_default();
        let is_plain = after.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]/".contains(c));
        if after.is_empty() || !is_plain || site.chars().count() > SITE_CHARS_MAX {
            return bad(format!(
                "网址应以 https:// 或 http:// 开头,只有字母、数字和 . : - /,不超过 {SITE_CHARS_MAX} 个字符。"
            ));
        }
        Ok(Wording { contact, site })
    }
}
