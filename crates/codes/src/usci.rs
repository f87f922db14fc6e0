//! 统一社会信用代码 by GB 32100-2015: 1 registering department + 1 kind of body + 6 registering area
//! + 9 body (its 组织机构代码) + 1 check character. Whether the unit exists is for the register to say.

use std::fmt;

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::org_code::OrgCode;
use crate::text::{Ascii, normalise, text_value};

/// The 31 characters of the standard; a character's value is its index. I, O, S, V and Z are left out on purpose.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const MODULUS: usize = 31;
const LENGTH: usize = 18;
/// Characters 3 to 8 are the administrative division of the registering authority: digits only.
const AREA_DIGITS: std::ops::Range<usize> = 2..8;

/// Unified social credit identifier 统一社会信用代码 — the 18 characters that identify a unit (GB 32100-2015).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usci(Ascii<LENGTH>);

text_value!(Usci);

impl Usci {
    /// Reads a code and verifies its characters, its length and its check character.
    pub fn parse(text: &str) -> Result<Usci, CodeError> {
        let text = normalise(text);
        verify_characters(&text, LENGTH)?;
        let first17 = text.get(..LENGTH - 1).unwrap_or_default();
        let (expected, found) = (check_character(first17), text.chars().last().unwrap_or_default());
        if expected != found {
            let reason = format!("校验码应为 {expected},现为 {found}");
            let hint = "请对照证照逐位核对全部 18 位后重新填写";
            return Err(CodeError::new(Subject::Usci, CodeErrorKind::Check, &text, reason, hint).at(LENGTH));
        }
        store(&text)
    }

    /// Completes the first 17 characters with the check character 校验码.
    pub fn with_check(first17: &str) -> Result<Usci, CodeError> {
        let text = normalise(first17);
        verify_characters(&text, LENGTH - 1)?;
        store(&format!("{text}{}", check_character(&text)))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Characters 9 to 17, the 组织机构代码 of the body, as issued.
    ///
    /// A few codes in circulation pass their own check while this part fails that of GB 11714;
    /// [`OrgCode::has_valid_check`] tells them apart.
    pub fn org_code(&self) -> OrgCode {
        OrgCode::as_issued(self.0.part(8))
    }
}

impl fmt::Display for Usci {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn store(text: &str) -> Result<Usci, CodeError> {
    Ascii::new(text).map(Usci).ok_or_else(|| wrong_length(text, LENGTH))
}

/// The position first, then the length: a foreign character says more than a count that it has upset.
fn verify_characters(text: &str, length: usize) -> Result<(), CodeError> {
    if text.is_empty() {
        return Err(CodeError::empty(Subject::Usci, "请填写证照上的 18 位代码"));
    }
    for (index, c) in text.chars().enumerate() {
        if !ALPHABET.contains(c) {
            return Err(foreign_character(text, index, c));
        }
        if AREA_DIGITS.contains(&index) && !c.is_ascii_digit() {
            let reason = format!("第 3 至 8 位是登记机关的行政区划码,只能是数字,现为 {c}");
            let error = CodeError::new(Subject::Usci, CodeErrorKind::Character, text, reason, "请对照证照改正这一位");
            return Err(error.at(index + 1));
        }
    }
    if text.len() != length {
        return Err(wrong_length(text, length));
    }
    // A row of zeros satisfies the check formula, but it is a placeholder of some other system and nobody's code.
    if text.bytes().all(|b| b == b'0') {
        let reason = "全部为 0 的不是任何单位的代码".to_owned();
        let hint = "请填写证照上的 18 位代码;尚未取得代码的请留空";
        return Err(CodeError::new(Subject::Usci, CodeErrorKind::Structure, text, reason, hint));
    }
    Ok(())
}

fn foreign_character(text: &str, index: usize, c: char) -> CodeError {
    let (reason, hint) = match c {
        'I' => ("代码中不使用字母 I".to_owned(), "可能是数字 1,请对照证照改正"),
        'O' => ("代码中不使用字母 O".to_owned(), "可能是数字 0,请对照证照改正"),
        'S' => ("代码中不使用字母 S".to_owned(), "可能是数字 5,请对照证照改正"),
        'Z' => ("代码中不使用字母 Z".to_owned(), "可能是数字 2,请对照证照改正"),
        'V' => ("代码中不使用字母 V".to_owned(), "可能是字母 U、W 或 Y,请对照证照改正"),
        other => (format!("“{other}”不是代码允许的字符"), "代码只含数字和大写字母(I、O、S、V、Z 除外),请对照证照改正"),
    };
    CodeError::new(Subject::Usci, CodeErrorKind::Character, text, reason, hint).at(index + 1)
}

fn wrong_length(text: &str, length: usize) -> CodeError {
    let found = text.chars().count();
    let hint = match found {
        9 => "9 位的是组织机构代码,请填写证照上的 18 位代码",
        15 => "15 位的是旧的注册号或税号,请填写证照上的 18 位代码",
        _ => "请对照证照补全或删去多余的字符",
    };
    CodeError::new(Subject::Usci, CodeErrorKind::Length, text, format!("应为 {length} 位,现为 {found} 位"), hint)
}

/// GB 32100-2015: weights are the powers of 3 modulo 31; the weighted sum with the check character is 0 modulo 31.
fn check_character(first17: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for c in first17.chars() {
        sum += weight * ALPHABET.find(c).unwrap_or_default();
        weight = weight * 3 % MODULUS;
    }
    ALPHABET.chars().nth((MODULUS - sum % MODULUS) % MODULUS).unwrap_or_default()
}
