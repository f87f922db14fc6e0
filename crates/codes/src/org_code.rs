//! 组织机构代码 by GB 11714-1997: 8 characters and a check character. Since 2015 it lives on inside the
//! 统一社会信用代码; registers and old reports still hold it on its own.

use std::fmt;

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::text::{Ascii, normalise, text_value};

const LENGTH: usize = 9;
const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Organisation code 组织机构代码 — 8 characters and a check character (GB 11714-1997), kept without the hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrgCode(Ascii<LENGTH>);

text_value!(OrgCode);

impl OrgCode {
    /// Reads `12345678-9` or `123456789` and verifies the check character.
    pub fn parse(text: &str) -> Result<OrgCode, CodeError> {
        let text = without_hyphen(normalise(text));
        if text.is_empty() {
            return Err(CodeError::empty(Subject::OrgCode, "请填写 8 位本体代码和 1 位校验码,例如 80210043-3"));
        }
        for (index, c) in text.chars().enumerate() {
            let is_allowed = c.is_ascii_digit() || c.is_ascii_uppercase();
            if !is_allowed {
                let reason = format!("“{c}”不是代码允许的字符");
                let hint = "代码只含数字和大写字母,校验码前可有一个短横线";
                return Err(
                    CodeError::new(Subject::OrgCode, CodeErrorKind::Character, &text, reason, hint).at(index + 1)
                );
            }
        }
        let Some(code) = Ascii::new(&text).map(OrgCode) else {
            let reason = format!("应为 {LENGTH} 位,现为 {} 位", text.len());
            let hint = if text.len() == 18 {
                "18 位的是统一社会信用代码,其第 9 至 17 位才是组织机构代码"
            } else {
                "请补全或删去多余的字符"
            };
            return Err(CodeError::new(Subject::OrgCode, CodeErrorKind::Length, &text, reason, hint));
        };
        // A row of zeros satisfies the check formula, but it is a placeholder of some other system and nobody's code.
        if text.bytes().all(|b| b == b'0') {
            let reason = "全部为 0 的不是任何单位的代码".to_owned();
            let hint = "请填写证书上的 9 位代码;尚未取得代码的请留空";
            return Err(CodeError::new(Subject::OrgCode, CodeErrorKind::Structure, &text, reason, hint));
        }
        let (expected, found) = (code.expected_check(), code.check());
        if expected == found {
            return Ok(code);
        }
        let reason = format!("校验码应为 {expected},现为 {found}");
        let hint = "请对照证书逐位核对全部 9 位后重新填写";
        Err(CodeError::new(Subject::OrgCode, CodeErrorKind::Check, &text, reason, hint).at(LENGTH))
    }

    /// The 9 characters inside a valid 统一社会信用代码, whose own check has already vouched for them.
    pub(crate) fn as_issued(code: Ascii<LENGTH>) -> OrgCode {
        OrgCode(code)
    }

    /// The 9 characters, without the hyphen.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the check character agrees. Always so after [`OrgCode::parse`]; a code taken out of a valid
    /// 统一社会信用代码 may fail, because some were issued that way.
    pub fn has_valid_check(&self) -> bool {
        self.check() == self.expected_check()
    }

    fn check(&self) -> char {
        self.as_str().chars().last().unwrap_or_default()
    }

    /// 11 minus the weighted sum modulo 11; 10 is written X and 11 is written 0.
    fn expected_check(&self) -> char {
        let sum: u32 = self.as_str().chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
        match 11 - sum % 11 {
            10 => 'X',
            11 => '0',
            digit => char::from_digit(digit, 10).unwrap_or_default(),
        }
    }
}

impl fmt::Display for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// `12345678-9` loses its hyphen; a hyphen anywhere else stays and is refused by its position.
fn without_hyphen(text: String) -> String {
    match text.split_once('-') {
        Some((body, check)) if body.chars().count() == LENGTH - 1 && check.chars().count() == 1 => {
            format!("{body}{check}")
        }
        _ => text,
    }
}
