//! Numbers from texts and texts from numbers, with the number masks of `cast`.

use crate::exact::{Fraction, reduced, round_fraction, ten_to};
use crate::graph::Rounding;
use crate::limits::{QUOTIENT_DIGITS, SCALE_MAX};
use crate::scalar::decimal_text;

/// A number mask: `DD.DDD`, `D*.D*`, `D+`, `DD,DD`. `D` is a digit, `*` any number of them, `+` at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Figures {
    whole: (usize, usize),
    point: Option<char>,
    part: (usize, usize),
}

impl Figures {
    /// Reads a mask; `None` if it is not supported (as one with an exponent).
    pub fn parse(mask: &str) -> Option<Figures> {
        let point = mask.chars().find(|letter| matches!(letter, '.' | ','));
        let (whole, part) = match point {
            Some(point) => mask.split_once(point)?,
            None => (mask, ""),
        };
        let part = if point.is_some() { digits(part)? } else { (0, 0) };
        Some(Figures { whole: digits(whole)?, point, part })
    }
}

/// Fewest and most digits of one side of the point.
fn digits(mask: &str) -> Option<(usize, usize)> {
    let most = usize::from(SCALE_MAX);
    match mask {
        "D*" | "*" => Some((0, most)),
        "D+" | "+" => Some((1, most)),
        _ => (!mask.is_empty() && mask.bytes().all(|byte| byte == b'D')).then_some((mask.len(), mask.len())),
    }
}

/// A number with an optional sign, point and exponent; blanks around it do not count. With a mask only its form.
pub(super) fn read(text: &str, mask: Option<&Figures>) -> Option<Fraction> {
    let text = text.trim();
    let (is_negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match plain.split_once(['E', 'e']) {
        Some((mantissa, exponent)) if mask.is_none() => (mantissa, power_of_ten(exponent)?),
        _ => (plain, 0),
    };
    let point = mask.map_or(Some('.'), |mask| mask.point);
    let (whole, part) = point.and_then(|point| mantissa.split_once(point)).unwrap_or((mantissa, ""));
    if let Some(Figures { whole: (least, most), part: (part_least, part_most), .. }) = mask {
        let fits = (*least..=*most).contains(&whole.len()) && (*part_least..=*part_most).contains(&part.len());
        if !fits {
            return None;
        }
    }
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) {
        return None;
    }
    let part = part.trim_end_matches('0');
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    let digits = if is_negative { -digits } else { digits };
    let exponent = exponent - i64::try_from(part.len()).ok()?;
    let factor = ten_to(u8::try_from(exponent.unsigned_abs()).ok()?)?;
    if exponent < 0 { Some((digits, factor)) } else { Some((digits.checked_mul(factor)?, 1)) }
}

fn power_of_ten(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let fits = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.strip_prefix('+').unwrap_or(text).parse().ok() } else { None }
}

/// A number as digits without needless zeros: exact if it can be, else with ten decimal places.
pub(super) fn decimal_of(value: Fraction) -> Option<String> {
    let value = reduced(value);
    let (mut scale, mut power) = (0_u8, 1_i128);
    while scale < SCALE_MAX && power.checked_rem(value.1)? != 0 {
        scale += 1;
        power = ten_to(scale)?;
    }
    let (digits, places) = if power.checked_rem(value.1)? == 0 {
        (value.0.checked_mul(power / value.1)?, scale)
    } else {
        (round_fraction(value, QUOTIENT_DIGITS.cast_signed(), Rounding::Half)?, QUOTIENT_DIGITS)
    };
    let text = decimal_text(digits, places);
    Some(if places > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text })
}

/// A number in the form of a mask, rounded to its decimal places; `None` if the whole part is too long for it.
pub(super) fn write(value: Fraction, mask: &Figures, out: &mut String) -> Option<()> {
    let Figures { whole: (least, most), point, part: (part_least, part_most) } = mask;
    let text = if part_least == part_most {
        let places = u8::try_from(*part_least).ok()?;
        decimal_text(round_fraction(value, places.cast_signed(), Rounding::Half)?, places)
    } else {
        decimal_of(value)?
    };
    let (sign, plain) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    if whole.len() > *most || part.len() > *part_most {
        return None;
    }
    out.push_str(sign);
    out.extend(std::iter::repeat_n('0', least.saturating_sub(whole.len())));
    out.push_str(whole);
    if let Some(point) = point.filter(|_| *part_least > 0 || !part.is_empty()) {
        out.push(point);
        out.push_str(part);
        out.extend(std::iter::repeat_n('0', part_least.saturating_sub(part.len())));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, value) in [
            ("12", (12, 1)),
            (" -12.50 ", (-125, 10)),
            ("+007", (7, 1)),
            ("1.5E2", (150, 1)),
            ("1.5e-2", (15, 1000)),
            ("0.10", (1, 10)),
            ("12.", (12, 1)),
        ] {
            assert_eq!(read(text, None), Some(value), "{text}");
        }
        for text in ["", "-", ".5", "1,000", "1e", "1e99", "十", "1 2", "--1", "1.2.3", "0x10"] {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn masks_say_how_many_digits_there_are() {
        let mask = |text| Figures::parse(text).unwrap();
        assert_eq!(read("12,50", Some(&mask("DD,DD"))), Some((125, 10)));
        assert_eq!(read("12.5", Some(&mask("DD.DD"))), None);
        assert_eq!(read("12.5", Some(&mask("D*.D*"))), Some((125, 10)));
        let written = |value, form| {
            let mut out = String::new();
            write(value, &mask(form), &mut out).map(|()| out)
        };
        assert_eq!(written((10, 3), "D+.DD").as_deref(), Some("3.33"));
        assert_eq!(written((-1, 2), "DDD,DDD").as_deref(), Some("-000,500"));
        assert_eq!(written((1234, 1), "DDD"), None);
        assert_eq!(written((5, 2), "D*.D*").as_deref(), Some("2.5"));
        for text in ["", "DD.DDEE", "D.", "X"] {
            assert_eq!(Figures::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_without_needless_zeros() {
        for (value, text) in
            [((0, 1), "0"), ((-25, 10), "-2.5"), ((100, 1), "100"), ((1, 8), "0.125"), ((1, 3), "0.3333333333")]
        {
            assert_eq!(decimal_of(value).as_deref(), Some(text));
        }
    }
}
