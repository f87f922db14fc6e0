//! Identity platform 统一身份认证平台: somebody else says who it is (OpenID Connect). What of its word counts is judged here; how it is fetched and
//! whose signature it bears stands in `app`. A platform never makes an account: somebody has tied it to one before.

use std::fmt;

use chrono::TimeDelta;

use crate::Instant;
use crate::id::PersonId;
use crate::problem::Problem;

/// How long somebody may take at the platform.
pub const ATTEMPT_LASTS: TimeDelta = TimeDelta::minutes(10);
/// Seconds that the clock of a platform may be off.
pub const SKEW_SECONDS: i64 = 60;
/// Characters of a subject, by the standard.
pub const SUBJECT_CHARS_MAX: usize = 255;

/// Tie 绑定 of an account to somebody at the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Whose account.
    pub person: PersonId,
    /// SHA-256 of platform and subject, hexadecimal: what somebody is called there is nobody else's business.
    pub subject_hash: String,
    /// Since when.
    pub made_at: Instant,
}

/// What a platform says (the claims of an ID token).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Who says it.
    pub issuer: String,
    /// To whom.
    pub audiences: Vec<String>,
    /// To whom of them it was given.
    pub party: Option<String>,
    /// The word of ours that it brings back.
    pub nonce: String,
    /// Until when it counts, in seconds.
    pub expires: i64,
    /// When it was said, in seconds.
    pub issued: i64,
    /// From when it counts, in seconds.
    pub from: Option<i64>,
    /// Who it is.
    pub subject: String,
    /// By which means somebody has shown who they are (`acr`, `amr`).
    pub means: Vec<String>,
}

/// What the word of a platform must fit.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who has to say it.
    pub issuer: &'a str,
    /// Who we are there.
    pub client: &'a str,
    /// The word of ours.
    pub nonce: &'a str,
    /// The time.
    pub now: Instant,
}

impl Claims {
    /// Whether what is said counts here and now. That it is signed is judged before.
    pub fn judge(&self, expected: Expected<'_>) -> Result<(), Doubt> {
        let now = expected.now.timestamp();
        let is_ours = self.audiences.iter().any(|audience| audience == expected.client);
        let is_party_ours = self.party.as_deref().is_none_or(|party| party == expected.client);
        if self.issuer != expected.issuer {
            Err(Doubt::Issuer)
        } else if !is_ours || !is_party_ours || (self.audiences.len() > 1 && self.party.is_none()) {
            Err(Doubt::Audience)
        } else if self.nonce.is_empty() || self.nonce != expected.nonce {
            Err(Doubt::Nonce)
        } else if self.expires <= now - SKEW_SECONDS {
            Err(Doubt::Expired)
        } else if self.issued > now + SKEW_SECONDS || self.from.is_some_and(|from| from > now + SKEW_SECONDS) {
            Err(Doubt::Early)
        } else if self.issued < now - SKEW_SECONDS - ATTEMPT_LASTS.num_seconds() {
            Err(Doubt::Expired)
        } else if self.subject.is_empty() || self.subject.chars().count() > SUBJECT_CHARS_MAX {
            Err(Doubt::Subject)
        } else {
            Ok(())
        }
    }
}

/// Why the word of a platform does not count. People are told that it did not; the journal holds which of these it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It cannot be read.
    Unreadable,
    /// It is signed in a way that we do not verify, or not at all.
    Algorithm,
    /// It is signed by a key that the platform does not publish.
    Key,
    /// The signature is not the platform's.
    Signature,
    /// Somebody else says it.
    Issuer,
    /// It is said to somebody else.
    Audience,
    /// It was said at another time, to another question.
    Nonce,
    /// It counts no more.
    Expired,
    /// It does not count yet.
    Early,
    /// It says nobody.
    Subject,
}

impl Doubt {
    /// All of them.
    pub const ALL: [Doubt; 10] = [
        Doubt::Unreadable,
        Doubt::Algorithm,
        Doubt::Key,
        Doubt::Signature,
        Doubt::Issuer,
        Doubt::Audience,
        Doubt::Nonce,
        Doubt::Expired,
        Doubt::Early,
        Doubt::Subject,
    ];

    /// The word in the journal.
    pub fn key(self) -> &'static str {
        match self {
            Doubt::Unreadable => "unreadable",
            Doubt::Algorithm => "algorithm",
            Doubt::Key => "key",
            Doubt::Signature => "signature",
            Doubt::Issuer => "issuer",
            Doubt::Audience => "audience",
            Doubt::Nonce => "nonce",
            Doubt::Expired => "expired",
            Doubt::Early => "early",
            Doubt::Subject => "subject",
        }
    }
}

/// Why somebody cannot sign in by a platform, or be tied to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityProblem {
    /// The installation has none.
    None,
    /// It does not answer, or not as it should.
    Unreachable,
    /// It has said no, or the person has.
    Declined,
    /// Nobody has begun this here, or too long ago, or it was finished before.
    Stale,
    /// What it says does not count.
    Doubtful(Doubt),
    /// No account is tied to this person.
    Untied,
    /// Another account is tied to this person.
    TiedElsewhere,
    /// The account is tied already.
    Tied,
    /// The account is not tied.
    NotTied,
    /// What an administrator has entered is nobody.
    BadSubject,
}

impl IdentityProblem {
    /// Stable name for machines and logs.
    pub fn code(&self) -> &'static str {
        match self {
            IdentityProblem::None => "identity.none",
            IdentityProblem::Unreachable => "identity.unreachable",
            IdentityProblem::Declined => "identity.declined",
            IdentityProblem::Stale => "identity.stale",
            IdentityProblem::Doubtful(_) => "identity.doubtful",
            IdentityProblem::Untied => "identity.untied",
            IdentityProblem::TiedElsewhere => "identity.tied_elsewhere",
            IdentityProblem::Tied => "identity.tied",
            IdentityProblem::NotTied => "identity.not_tied",
            IdentityProblem::BadSubject => "identity.bad_subject",
        }
    }

    /// HTTP status that fits the refusal.
    pub fn status(&self) -> u16 {
        match self {
            IdentityProblem::None => 404,
            IdentityProblem::Unreachable => 502,
            IdentityProblem::Declined | IdentityProblem::Stale | IdentityProblem::Doubtful(_) => 401,
            IdentityProblem::Untied => 403,
            IdentityProblem::TiedElsewhere | IdentityProblem::Tied | IdentityProblem::NotTied => 409,
            IdentityProblem::BadSubject => 422,
        }
    }

    /// What happened, as a sentence.
    pub fn says(&self) -> String {
        match self {
            IdentityProblem::None => "本系统没有接入统一身份认证平台。".into(),
            IdentityProblem::Unreachable => "统一身份认证平台现在没有应答,或者答复不完整。".into(),
            IdentityProblem::Declined => "在统一身份认证平台上没有完成登录。".into(),
            IdentityProblem::Stale => {
                let minutes = ATTEMPT_LASTS.num_minutes();
                format!("这次登录不是从这个浏览器开始的,已经办完,或者超过了 {minutes} 分钟,没有接受。")
            }
            IdentityProblem::Doubtful(_) => "统一身份认证平台的答复没有通过核对,没有接受。".into(),
            IdentityProblem::Untied => "您在统一身份认证平台上的身份还没有绑定本系统的账号。".into(),
            IdentityProblem::TiedElsewhere => "这个身份已经绑定了本系统的另一个账号。".into(),
            IdentityProblem::Tied => "这个账号已经绑定了统一身份。".into(),
            IdentityProblem::NotTied => "这个账号没有绑定统一身份。".into(),
            IdentityProblem::BadSubject => format!("身份标识应是 1 到 {SUBJECT_CHARS_MAX} 个字符。"),
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            IdentityProblem::None => "请用账号和密码登录。",
            IdentityProblem::Unreachable => "请稍后再试,或用账号和密码登录。",
            IdentityProblem::Declined | IdentityProblem::Stale => "请从登录页面重新开始,或用账号和密码登录。",
            IdentityProblem::Doubtful(_) => "请重新试一次;仍不成功的,请用账号和密码登录,并告诉系统管理员。",
            IdentityProblem::Untied => "请先用账号和密码登录,在“我的账号”中绑定一次;没有账号的,请联系本级统计机构。",
            IdentityProblem::TiedElsewhere => "请先在那个账号中解除绑定;那个账号不是您的,请告诉安全管理员。",
            IdentityProblem::Tied => "要换一个身份的,请先解除绑定。",
            IdentityProblem::NotTied => "请刷新页面查看最新状态。",
            IdentityProblem::BadSubject => "请按统一身份认证平台给出的标识填写,不要有空格。",
        }
    }
}

impl From<IdentityProblem> for Problem {
    fn from(problem: IdentityProblem) -> Problem {
        Problem::Identity(problem)
    }
}

impl From<Doubt> for IdentityProblem {
    fn from(doubt: Doubt) -> IdentityProblem {
        IdentityProblem::Doubtful(doubt)
    }
}

impl fmt::Display for IdentityProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.says(), self.hint())
    }
}
