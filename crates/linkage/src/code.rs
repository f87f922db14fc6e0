//! Codes as lists have them: 统一社会信用代码 whole or damaged, the 组织机构代码 inside or alone, registration numbers of old.

use youju_codes::{OrgCode, Usci, normalise};

use crate::hash;
use crate::similar::one_change;

const ROOM: usize = 20; // characters; the longest number that was ever a tax number

/// What a code can be relied on for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CodeKind {
    /// No code, or a row of zeros or other words for "none".
    #[default]
    Absent,
    /// 统一社会信用代码 whose check character agrees.
    Usci,
    /// About as long as a 统一社会信用代码, but none: a character is wrong, missing or too many.
    Damaged,
    /// 组织机构代码 alone, with or without a right check character.
    Org,
    /// 13 to 15 digits: a 注册号 from before 2015.
    Registration,
    /// Anything else.
    Other,
}

/// Code of a unit 单位代码, in place and small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Code {
    kind: CodeKind,
    length: u8,
    text: [u8; ROOM],
}

/// How two codes stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeAgreement {
    /// One of them is absent, or they are of kinds that nothing can be told from.
    Unknown,
    /// The same.
    Same,
    /// The 组织机构代码 is the same, what stands around it is not, or one has nothing else.
    SameOrg,
    /// One character is wrong, missing or too many, or two neighbours changed places.
    OneOff,
    /// They differ, and one of them cannot be right as it stands.
    DiffersDamaged,
    /// They differ, and both are right in themselves.
    Differs,
}

impl Code {
    /// Reads whatever stands in the column of the code.
    pub fn read(text: &str) -> Code {
        let text: String = normalise(text).chars().filter(char::is_ascii_alphanumeric).take(ROOM).collect();
        let kind = match text.len() {
            _ if text.bytes().all(|b| b == b'0') || text.len() < 6 => CodeKind::Absent,
            18 if Usci::parse(&text).is_ok() => CodeKind::Usci,
            16..=ROOM => CodeKind::Damaged,
            9 => CodeKind::Org,
            13..=15 if text.bytes().all(|b| b.is_ascii_digit()) => CodeKind::Registration,
            _ => CodeKind::Other,
        };
        let mut code = Code { kind, ..Code::default() };
        if kind != CodeKind::Absent {
            for (to, from) in code.text.iter_mut().zip(text.bytes()) {
                *to = from;
                code.length += 1;
            }
        }
        code
    }

    /// What it is.
    pub fn kind(&self) -> CodeKind {
        self.kind
    }

    /// As it was read, made uniform; empty when absent.
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.bytes()).unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        self.text.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The nine characters of the 组织机构代码, inside a code of 18 characters or alone.
    pub fn org(&self) -> Option<&[u8]> {
        match self.kind {
            CodeKind::Usci | CodeKind::Damaged => self.bytes().get(8..17).filter(|_| self.length == 18),
            CodeKind::Org => self.bytes().get(..9),
            _ => None,
        }
    }

    fn is_right(&self) -> bool {
        match self.kind {
            CodeKind::Usci => true,
            CodeKind::Org => OrgCode::parse(self.as_str()).is_ok(),
            _ => false,
        }
    }

    fn is_long(&self) -> bool {
        matches!(self.kind, CodeKind::Usci | CodeKind::Damaged)
    }

    /// Compares two codes; the order does not matter.
    pub fn agreement(&self, other: &Code) -> CodeAgreement {
        if self.kind == CodeKind::Absent || other.kind == CodeKind::Absent {
            return CodeAgreement::Unknown;
        }
        if self.bytes() == other.bytes() {
            return CodeAgreement::Same;
        }
        let orgs = self.org().zip(other.org());
        if orgs.is_some_and(|(a, b)| a == b && a.iter().any(|c| *c != b'0')) {
            return CodeAgreement::SameOrg;
        }
        let comparable = self.is_long() && other.is_long() || self.kind == other.kind;
        let one_off = if comparable {
            one_change(self.bytes(), other.bytes())
        } else {
            orgs.is_some_and(|(a, b)| one_change(a, b))
        };
        match (self.is_right() && other.is_right(), comparable || orgs.is_some()) {
            // Two right codes that differ by one character are two codes: the check character is there for that.
            (true, _) => CodeAgreement::Differs,
            _ if one_off => CodeAgreement::OneOff,
            (false, true) if self.kind == CodeKind::Registration => CodeAgreement::Differs,
            (false, true) => CodeAgreement::DiffersDamaged,
            (false, false) => CodeAgreement::Unknown,
        }
    }

    /// Key of the whole code.
    pub(crate) fn key(&self) -> Option<u64> {
        (self.kind != CodeKind::Absent).then(|| hash::of_bytes(self.bytes()))
    }

    /// Key of the 组织机构代码.
    pub(crate) fn org_key(&self) -> Option<u64> {
        self.org().filter(|org| org.iter().any(|c| *c != b'0')).map(hash::of_bytes)
    }
}
