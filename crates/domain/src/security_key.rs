//! Security key 安全密钥 (WebAuthn): the other way of the second step, beside the codes of a phone. Which keys there are, at which address
//! they work, and which of their answers count. How an answer is read and its signature verified stands in `app::crypto`.

use std::fmt;

use chrono::TimeDelta;

use crate::Instant;
use crate::account::HALFWAY_LASTS;
use crate::id::{PersonId, SecurityKeyId};
use crate::problem::Problem;

/// Keys of one person: one at the ring, one in the drawer, the machines that they work at.
pub const KEYS_MAX: usize = 10;
/// Characters of the name of a key.
pub const NAME_CHARS_MAX: usize = 20;
/// How long a key may take to answer: as long as the second step waits.
pub const CHALLENGE_LASTS: TimeDelta = HALFWAY_LASTS;

/// Security key 安全密钥 of a person. There is no secret in it: a public key verifies, it does not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityKey {
    /// Its id.
    pub id: SecurityKeyId,
    /// Whose.
    pub person: PersonId,
    /// What the person calls it, e.g. `办公室的`.
    pub name: String,
    /// What the key calls itself, in base64url.
    pub credential: String,
    /// The public key as the key gave it (COSE), in base64url.
    pub public_key: String,
    /// How often it says that it has signed; always zero for keys that do not count.
    pub counter: i64,
    /// When it was added.
    pub made_at: Instant,
    /// When somebody last signed in by it.
    pub used_at: Option<Instant>,
}

impl SecurityKey {
    /// True when a count is later than the last one. A copy of a key counts by itself, and one of the two falls behind.
    pub fn goes_on(&self, counter: i64) -> bool {
        counter > self.counter || (counter == 0 && self.counter == 0)
    }
}

/// A name of a key as it was typed.
pub fn name(typed: &str) -> Result<String, Problem> {
    let name = typed.trim();
    let count = name.chars().count();
    if count == 0 || count > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Problem::BadInput {
            reason: format!("请给安全密钥起一个名称,不超过 {NAME_CHARS_MAX} 个字,例如“办公室的”。"),
        });
    }
    Ok(name.to_owned())
}

/// Where keys work: they sign for the host that the browser sees, and for no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The host.
    pub host: String,
    /// Scheme, host and port as a browser writes them.
    pub origin: String,
}

impl Site {
    /// The site of the address by which the world reaches the program. None where browsers let no key sign: without encryption (but on the
    /// machine itself), at a bare network address, or when the address is not known.
    pub fn of(address: &str) -> Option<Site> {
        let (scheme, rest) = address.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.contains('@'))?;
        let authority = authority.to_ascii_lowercase();
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
            None => (authority.as_str(), None),
        };
        let scheme = scheme.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "https" => 443,
            "http" if host == "localhost" => 80,
            _ => return None,
        };
        let is_name = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        let last_is_word =
            host.rsplit('.').next().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
        if !host.split('.').all(is_name) || !last_is_word {
            return None;
        }
        let port = port.filter(|port| *port != usual).map(|port| format!(":{port}")).unwrap_or_default();
        Some(Site { origin: format!("{scheme}://{host}{port}"), host: host.to_owned() })
    }
}

/// What is wrong with an answer of a key. People are told that it did not count; the journal holds which of these it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It cannot be read.
    Unreadable,
    /// It is the answer to another question.
    Purpose,
    /// The question was answered before, is too old, or was asked elsewhere.
    Challenge,
    /// It was given on a page of another site.
    Origin,
    /// The key signed for another site.
    Site,
    /// Nobody has touched the key.
    Untouched,
    /// The key signs in a way that we do not verify.
    Algorithm,
    /// It is none of the person's keys.
    Unknown,
    /// The signature is not the key's.
    Signature,
    /// The key has counted backwards.
    Counter,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Flaw; 10] = [
        Flaw::Unreadable,
        Flaw::Purpose,
        Flaw::Challenge,
        Flaw::Origin,
        Flaw::Site,
        Flaw::Untouched,
        Flaw::Algorithm,
        Flaw::Unknown,
        Flaw::Signature,
        Flaw::Counter,
    ];

    /// The word in the journal.
    pub fn key(self) -> &'static str {
        match self {
            Flaw::Unreadable => "unreadable",
            Flaw::Purpose => "purpose",
            Flaw::Challenge => "challenge",
            Flaw::Origin => "origin",
            Flaw::Site => "site",
            Flaw::Untouched => "untouched",
            Flaw::Algorithm => "algorithm",
            Flaw::Unknown => "unknown",
            Flaw::Signature => "signature",
            Flaw::Counter => "counter",
        }
    }
}

/// Why a security key cannot be added, used or taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyProblem {
    /// The address of the installation is none at which browsers let keys sign.
    NoSite,
    /// An answer that does not count.
    Refused(Flaw),
    /// There are as many as there may be.
    TooMany,
    /// The key was added before, here or to another account.
    Known,
    /// The last second factor of somebody who must have one.
    LastFactor,
}

impl KeyProblem {
    /// Stable name for machines and logs.
    pub fn code(&self) -> &'static str {
        match self {
            KeyProblem::NoSite => "security_key.no_site",
            KeyProblem::Refused(_) => "security_key.refused",
            KeyProblem::TooMany => "security_key.too_many",
            KeyProblem::Known => "security_key.known",
            KeyProblem::LastFactor => "security_key.last_factor",
        }
    }

    /// HTTP status that fits the refusal.
    pub fn status(&self) -> u16 {
        match self {
            KeyProblem::Refused(_) => 401,
            _ => 409,
        }
    }

    /// What happened, as a sentence.
    pub fn says(&self) -> String {
        match self {
            KeyProblem::NoSite => "本系统现在的网址不能使用安全密钥。".into(),
            KeyProblem::Refused(Flaw::Algorithm) => "这把安全密钥的签名算法本系统不支持。".into(),
            KeyProblem::Refused(Flaw::Counter) => {
                "这把安全密钥的使用次数比上一次还少,可能有人复制了它,没有通过核对。".into()
            }
            KeyProblem::Refused(Flaw::Challenge) => "等待的时间过长,或者这个页面已经用过,没有通过核对。".into(),
            KeyProblem::Refused(_) => "安全密钥没有通过核对。".into(),
            KeyProblem::TooMany => format!("每个账号最多登记 {KEYS_MAX} 把安全密钥。"),
            KeyProblem::Known => "这把安全密钥已经登记过。".into(),
            KeyProblem::LastFactor => {
                "本系统要求您使用动态码或安全密钥,这是您唯一的一把安全密钥,动态码也没有启用,不能移除。".into()
            }
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            KeyProblem::NoSite => "安全密钥需要用域名和 https 访问。请用动态码,或请系统管理员配置访问网址(--address)。",
            KeyProblem::Refused(Flaw::Algorithm) => "请换一把支持 ES256、EdDSA 或 RS256 的安全密钥。",
            KeyProblem::Refused(Flaw::Counter) => "请用另一把密钥、动态码或恢复码登录,移除这一把,并告诉安全管理员。",
            KeyProblem::Refused(_) => "请重新试一次;仍不成功的,请用另一把密钥、动态码或恢复码。",
            KeyProblem::TooMany => "请先移除不再使用的。",
            KeyProblem::Known => "请换一把没有登记过的。",
            KeyProblem::LastFactor => "请先登记另一把或启用动态码,再移除这一把。",
        }
    }
}

impl From<KeyProblem> for Problem {
    fn from(problem: KeyProblem) -> Problem {
        Problem::SecurityKey(problem)
    }
}

impl From<Flaw> for KeyProblem {
    fn from(flaw: Flaw) -> KeyProblem {
        KeyProblem::Refused(flaw)
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.says(), self.hint())
    }
}
