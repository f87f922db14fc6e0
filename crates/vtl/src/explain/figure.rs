//! How single values are written for people.

use super::Language;
use crate::scalar::{Scalar, decimal_text};

/// `-1234567.50` as `−1,234,567.5`, nothing as 空.
pub(crate) fn figure(value: &Scalar, language: Language) -> String {
    match value {
        Scalar::Null => language.word("空", "(empty)").to_owned(),
        Scalar::Boolean(true) => language.word("是", "true").to_owned(),
        Scalar::Boolean(false) => language.word("否", "false").to_owned(),
        Scalar::Text(text) if text.is_empty() => "“”".to_owned(),
        Scalar::Text(text) => text.clone(),
        Scalar::Date(_) | Scalar::TimePeriod(_) | Scalar::Time(_) | Scalar::Duration(_) => value.to_string(),
        Scalar::Integer(value) => decimal(i128::from(*value), 0),
        Scalar::Number { unscaled, scale } => decimal(*unscaled, *scale),
    }
}

fn decimal(unscaled: i128, scale: u8) -> String {
    let text = decimal_text(unscaled, scale);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_say_when_there_is_nothing() {
        let number = |text: &str| Scalar::parse_number(text).unwrap();
        for (value, text) in [
            (number("0"), "0"),
            (number("999"), "999"),
            (number("1000.0000"), "1,000"),
            (number("-1234567.50"), "−1,234,567.5"),
            (Scalar::Null, "空"),
            (Scalar::text(""), "“”"),
            (Scalar::Boolean(false), "否"),
        ] {
            assert_eq!(figure(&value, Language::Chinese), text);
        }
    }
}
