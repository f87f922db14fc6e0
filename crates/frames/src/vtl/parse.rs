//! Cells of text files as values, and values as text.

use youju_vtl::{Scalar, Type};

use super::kind::{PLACES, rescale};

/// The value of a cell; the empty cell is null. The error says what was expected.
pub(super) fn cell(text: &str, kind: Type) -> Result<Scalar, &'static str> {
    if text.is_empty() {
        return Ok(Scalar::Null);
    }
    match kind {
        Type::String => Ok(Scalar::text(text)),
        Type::Number => number(text),
        Type::Integer => match number(text)? {
            Scalar::Number { unscaled, scale } => {
                let whole = rescale(unscaled, scale.cast_signed(), 0)
                    .filter(|whole| rescale(*whole, 0, scale.cast_signed()) == Some(unscaled));
                let whole = whole.and_then(|whole| i64::try_from(whole).ok());
                whole.map(Scalar::Integer).ok_or("19 位以内的整数")
            }
            _ => Err("整数"),
        },
        Type::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Scalar::Boolean(true)),
            "false" | "0" => Ok(Scalar::Boolean(false)),
            _ => Err("布尔值 true 或 false"),
        },
        Type::Date => Scalar::parse(text, kind).ok_or("日期,如 2024-01-31"),
        Type::TimePeriod => Scalar::parse(text, kind).ok_or("时期,如 2024Q1"),
        Type::Time => Scalar::parse(text, kind).ok_or("时间区间,如 2024-01-01/2024-12-31"),
        Type::Duration => Scalar::parse(text, kind).ok_or("时长,如 M"),
    }
}

/// A decimal, perhaps with an exponent. Beyond twelve places it is rounded half away from zero.
fn number(text: &str) -> Result<Scalar, &'static str> {
    let wanted = "数值(不能是 NaN 或无穷大)";
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.trim_start_matches('+').parse::<i32>().map_err(|_| wanted)?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |piece: &str| piece.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !plain(whole) || !plain(part) {
        return Err(wanted);
    }
    // The digits that are kept: up to one place behind the last, which decides the rounding.
    let places = i32::from(PLACES);
    let all: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    let point = i32::try_from(whole.len()).map_err(|_| wanted)?.saturating_add(exponent);
    let kept = usize::try_from(point.saturating_add(places)).unwrap_or(0);
    let too_long = "38 位以内的数值";
    let mut value: i128 = 0;
    for at in 0..kept {
        let digit = all.get(at).map_or(0, |byte| i128::from(byte - b'0'));
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(too_long)?;
    }
    let is_up = point.saturating_add(places) >= 0 && all.get(kept).is_some_and(|byte| *byte >= b'5');
    value += i128::from(is_up);
    if !super::kind::fits(value) {
        return Err(too_long);
    }
    Ok(Scalar::Number { unscaled: sign * value, scale: PLACES.cast_unsigned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written_in_files() {
        let shown = |text| match number(text) {
            Ok(value) => crate::vtl::compute::plain(&value.to_string()),
            Err(_) => "refused".into(),
        };
        for (text, expected) in [
            ("12.50", "12.5"),
            ("-0.1", "-0.1"),
            (".5", "0.5"),
            ("1.5E3", "1500"),
            ("1e-3", "0.001"),
            ("0.30000000000000004", "0.3"),
            ("0.1234567890125", "0.123456789013"),
            ("1e-13", "0"),
            ("6e-13", "0.000000000001"),
            ("12345678901234567890123456", "12345678901234567890123456"),
            ("1e27", "refused"),
            ("NaN", "refused"),
            ("inf", "refused"),
            ("1e99999999999", "refused"),
            ("", "refused"),
            ("-", "refused"),
            ("1,5", "refused"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
