//! Numbers as people type them and as spreadsheets hold them, read exactly or refused; and written for the eye.

use rust_decimal::Decimal;

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::text::{is_blank, to_half_width};

/// An exact number holds 28 decimal digits, before and after the point together.
const DIGITS_MAX: usize = 28;

/// Reads a number exactly: `1,234`, `１２３`, `−5`, `(1,200)` as −1200, `1.2E3`.
///
/// Refuses everything that would have to be guessed: `12万`, `1,23,4`, `1e308`, `5%`, more than 28 digits.
pub fn parse_number(text: &str) -> Result<Decimal, CodeError> {
    let folded: String = text.chars().map(to_half_width).collect();
    let text = folded.trim_matches(is_blank);
    if text.is_empty() {
        return Err(CodeError::empty(Subject::Number, "请填写数字;确实没有发生的填 0"));
    }
    let chars: Vec<char> = text.chars().collect();
    let (is_negative, start, end) = take_sign(text, &chars)?;
    let body = chars.get(start..end).unwrap_or_default();
    let exponent_at = body.iter().position(|c| matches!(c, 'e' | 'E')).unwrap_or(body.len());
    let (mantissa, exponent) = body.split_at_checked(exponent_at).unwrap_or((body, &[]));
    let (digits, scale) = read_mantissa(text, mantissa, start)?;
    let shift = read_exponent(text, exponent, start + exponent_at)?;
    let value = assemble(&digits, scale.saturating_sub(shift)).ok_or_else(|| too_many_digits(text))?;
    Ok(if is_negative && !value.is_zero() { -value } else { value })
}

/// Writes a number with thousands separators and a real minus sign: `1,234,567.5`, `−1,200.50`.
/// The decimal places are those that the number holds.
pub fn format_number(number: &Decimal) -> String {
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, part)| (whole, Some(part)));
    let sign = if number.is_sign_negative() && !number.is_zero() { "−" } else { "" };
    let mut shown = String::with_capacity(plain.len() + plain.len() / 3 + sign.len());
    shown.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

/// Writes an amount in 元 as books do: with 角 and 分 also where they are zero, and everything that it holds beyond.
pub fn format_yuan(amount: &Decimal) -> String {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(2));
    format_number(&amount)
}

/// The sign, and where the digits begin and end. Accountants write losses in brackets.
fn take_sign(text: &str, chars: &[char]) -> Result<(bool, usize, usize), CodeError> {
    let end = chars.len();
    let after_blanks = |from: usize| from + chars.iter().skip(from).take_while(|c| is_blank(**c)).count();
    match (chars.first(), chars.last()) {
        (Some('-' | '−' | '–'), _) => Ok((true, after_blanks(1), end)),
        (Some('+'), _) => Ok((false, after_blanks(1), end)),
        (Some('('), Some(')')) => {
            let blanks = chars.iter().rev().skip(1).take_while(|c| is_blank(**c)).count();
            Ok((true, after_blanks(1), end.saturating_sub(1 + blanks)))
        }
        (Some('('), _) => Err(character(text, 1, "括号没有成对".to_owned(), "负数请写成 (1,200) 或 -1,200")),
        _ => Ok((false, 0, end)),
    }
}

/// The digits without separators, and how many of them stand after the point.
fn read_mantissa(text: &str, chars: &[char], start: usize) -> Result<(String, i32), CodeError> {
    let mut digits = String::new();
    let mut point_at = None;
    let mut commas = Vec::new();
    for (index, c) in chars.iter().enumerate() {
        match c {
            '0'..='9' => digits.push(*c),
            ',' if point_at.is_none() => commas.push(index),
            '.' if point_at.is_none() => point_at = Some(index),
            other => return Err(stray(text, start + index + 1, *other)),
        }
    }
    if digits.is_empty() {
        let reason = "没有数字".to_owned();
        return Err(character(text, 1, reason, "请填写数字;没有数据的请留空,确实没有发生的填 0"));
    }
    let whole_end = point_at.unwrap_or(chars.len());
    verify_groups(text, &commas, whole_end, start)?;
    if let (Some(comma), Some('0')) = (commas.first(), chars.first()) {
        // 123 to one reader, 0.123 to another.
        let reason = "以 0 开头的数字不用千位逗号,这里可能是小数点".to_owned();
        return Err(character(text, start + comma + 1, reason, "是小数请写成 0.123,是整数请去掉前面的 0"));
    }
    let places = point_at.map_or(0, |point| chars.len() - point - 1);
    Ok((digits, i32::try_from(places).unwrap_or(i32::MAX)))
}

/// Thousands separators stand before groups of exactly three digits, after one to three.
fn verify_groups(text: &str, commas: &[usize], whole_end: usize, start: usize) -> Result<(), CodeError> {
    for (index, comma) in commas.iter().enumerate() {
        let next = commas.get(index + 1).copied().unwrap_or(whole_end);
        let first_is_wrong = index == 0 && !(1..=3).contains(comma);
        if first_is_wrong || next - comma != 4 {
            let reason = "逗号不在千位分隔的位置上,前面应有一至三位数字,后面每组应为三位".to_owned();
            return Err(character(text, start + comma + 1, reason, "请写成 1,234,567 或 1234567"));
        }
    }
    Ok(())
}

/// The exponent of `1.2E3`; nothing is zero.
fn read_exponent(text: &str, chars: &[char], start: usize) -> Result<i32, CodeError> {
    let Some((_, rest)) = chars.split_first() else { return Ok(0) };
    let (sign, skipped, digits) = match rest.split_first() {
        Some(('-' | '−' | '–', digits)) => (-1, 2, digits),
        Some(('+', digits)) => (1, 2, digits),
        _ => (1, 1, rest),
    };
    if let Some(index) = digits.iter().position(|c| !c.is_ascii_digit()) {
        return Err(stray(text, start + skipped + index + 1, digits.get(index).copied().unwrap_or_default()));
    }
    if digits.is_empty() {
        let reason = "字母 E 后面缺少指数".to_owned();
        return Err(character(text, start + 1, reason, "请写成普通数字,例如 1200"));
    }
    let digits: String = digits.iter().collect();
    digits.parse::<i32>().ok().filter(|e| *e < 10_000).map(|e| e * sign).ok_or_else(|| too_many_digits(text))
}

/// The exact number, or nothing when it needs more than 28 digits.
fn assemble(digits: &str, scale: i32) -> Option<Decimal> {
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(Decimal::new(0, u32::try_from(scale).unwrap_or(0).min(28)));
    }
    let zeros = usize::try_from(-scale).unwrap_or(0);
    let scale = u32::try_from(scale).unwrap_or(0);
    if significant.len() + zeros > DIGITS_MAX {
        return None;
    }
    let mantissa: i128 = format!("{significant}{:0<zeros$}", "").parse().ok()?;
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

fn stray(text: &str, position: usize, c: char) -> CodeError {
    let hint = match c {
        '万' | '亿' | '千' | '百' | '元' | '人' | '吨' => "请按本栏的计量单位换算,只填数字",
        '%' | '‰' => "请只填数字,百分号由本栏的计量单位表示",
        '。' => "小数点请写成 .",
        _ => "请只填数字,可带负号、小数点和千位逗号",
    };
    let reason =
        if is_blank(c) { "数字中间有空格".to_owned() } else { format!("“{c}”不能出现在这里") };
    character(text, position, reason, hint)
}

fn character(text: &str, position: usize, reason: String, hint: &str) -> CodeError {
    CodeError::new(Subject::Number, CodeErrorKind::Character, text, reason, hint).at(position)
}

fn too_many_digits(text: &str) -> CodeError {
    let reason = format!("超过 {DIGITS_MAX} 位,无法精确保存");
    CodeError::new(Subject::Number, CodeErrorKind::TooManyDigits, text, reason, "请核对位数和计量单位后重新填写")
}
