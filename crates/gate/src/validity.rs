//! Until when a certificate counts. It is read as far as that and no further (RFC 5280, 4.1): whether it may be trusted is for those who come.

use chrono::{Datelike, NaiveDate};

/// Version, where it is told.
const VERSION: u8 = 0xa0;
/// A time with a year of two digits.
const UTC_TIME: u8 = 0x17;
/// A time with a year of four digits.
const GENERALIZED_TIME: u8 = 0x18;

/// The last day of a certificate.
pub(crate) fn last_day(der: &[u8]) -> Option<NaiveDate> {
    let (_, certificate, _) = element(der)?;
    let (_, mut fields, _) = element(certificate)?;
    if let (VERSION, _, after) = element(fields)? {
        fields = after;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        fields = element(fields)?.2;
    }
    let (_, validity, _) = element(fields)?;
    let (_, _, after) = element(validity)?;
    let (tag, time, _) = element(after)?;
    let time = std::str::from_utf8(time).ok()?;
    match tag {
        // Years below 50 are of this century.
        UTC_TIME => {
            let day = NaiveDate::parse_from_str(&format!("20{}", time.get(..6)?), "%Y%m%d").ok()?;
            if day.year() < 2050 { Some(day) } else { day.with_year(day.year() - 100) }
        }
        GENERALIZED_TIME => NaiveDate::parse_from_str(time.get(..8)?, "%Y%m%d").ok(),
        _ => None,
    }
}

/// The first element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        ..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0_usize, |length, digit| (length << 8) | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_has_no_last_day() {
        for der in [&b""[..], b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x30\x00", &[0x30; 64]] {
            assert_eq!(last_day(der), None, "{der:x?}");
        }
    }
}
