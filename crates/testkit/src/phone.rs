//! A phone that shows the codes of the second factor.

use youju_app::crypto::otp;
use youju_domain::Instant;
use youju_domain::second_factor::step;

/// The code that an app shows at an instant for a secret as the page gives it, in base 32 with or without blanks.
pub fn code_on_phone(secret: &str, now: Instant) -> String {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.chars().filter(|letter| !letter.is_whitespace()) {
        let value = match letter {
            'A'..='Z' => letter as u32 - 'A' as u32,
            _ => letter as u32 - '2' as u32 + 26,
        };
        held = held << 5 | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits).to_le_bytes()[0]);
            held &= (1 << bits) - 1;
        }
    }
    otp::code(&bytes, step(now))
}
