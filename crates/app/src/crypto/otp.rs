//! Codes of the second factor: RFC 6238 with SHA-1, 30 seconds and six digits, because that is what every app on a phone computes.
//! It is a few lines over `hmac`, which is in the program anyway; the crates that offer it bring a second generation of hashes along.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use youju_domain::second_factor::{CODE_DIGITS, RECOVERY_CHARS};

use crate::error::Fault;

/// Bytes of a secret, as RFC 4226 recommends for SHA-1.
pub const SECRET_BYTES: usize = 20;

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    // Any length is a key of HMAC.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let four = digest.iter().skip(offset).take(4);
    let number = four.fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    let digits = format!("{number:010}");
    digits.get(digits.len() - CODE_DIGITS..).unwrap_or_default().to_owned()
}

/// A fresh secret.
pub fn new_secret() -> Result<[u8; SECRET_BYTES], Fault> {
    super::random()
}

/// A fresh recovery code, in groups of four.
pub fn new_recovery() -> Result<String, Fault> {
    let letters = base32(&super::random::<{ RECOVERY_CHARS * 5 / 8 }>()?).to_ascii_lowercase();
    let letters: Vec<char> = letters.chars().collect();
    Ok(letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Base 32 of RFC 4648 without filling, as apps take it when the picture cannot be read.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V',
        'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
    ];
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.extend(LETTERS.get(held as usize >> bits & 31));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.extend(LETTERS.get((held << (5 - bits)) as usize & 31));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use youju_domain::Instant;
    use youju_domain::second_factor::step;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let at = Instant::from_timestamp(seconds, 0).unwrap();
            assert_eq!(code(b"12345678901234567890", step(at)), eight[2..], "{seconds}");
        }
    }

    #[test]
    fn base_32_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (plain, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(base32(&new_secret().unwrap()).len(), 32);
    }

    #[test]
    fn recovery_codes_have_four_groups_of_four_and_differ() {
        let (one, two) = (new_recovery().unwrap(), new_recovery().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert!(one.chars().all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit()));
    }
}
