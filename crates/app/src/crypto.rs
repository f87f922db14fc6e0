//! The only place that names an algorithm for secrets: passwords by argon2id, tokens by SHA-256, what must be read again by
//! AES-256-GCM or SM4-GCM, codes of the second factor by HMAC-SHA-1; and what others sign, by ES256, EdDSA or RS256.

mod digest;
pub mod id_token;
pub mod otp;
mod seal;
pub mod signature;
mod vault;
pub mod webauthn;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::error::Fault;

pub use digest::{Digest, Digesting};
pub use seal::{Cipher, SecretKeys};
pub use vault::{Lock, VaultReader, VaultWriter, is_vault};

/// Hashes a password with a fresh salt.
pub fn hash_password(password: &str) -> Result<String, Fault> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| Fault::new("hashing a password", error.to_string()))?;
    Ok(hash.to_string())
}

/// True when the password fits the hash.
pub fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A new session token (256 random bits, hexadecimal).
pub fn new_token() -> Result<String, Fault> {
    Ok(sha256(&random::<32>()?))
}

/// A fresh activation code, without gaps.
pub fn new_activation_code() -> Result<String, Fault> {
    Ok(otp::base32(&random::<{ youju_domain::activation::CODE_BYTES }>()?))
}

/// Random bytes of the system.
fn random<const BYTES: usize>() -> Result<[u8; BYTES], Fault> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Fault::new("drawing random bytes", error.to_string()))?;
    Ok(bytes)
}

/// SHA-256 as hexadecimal text: of tokens (only the hash is stored) and of imported files.
pub fn sha256(bytes: &[u8]) -> String {
    youju_journal::sha256(bytes).to_string()
}

/// A question for a security key, or a word that a platform has to bring back: 256 random bits in base64url.
pub fn new_challenge() -> Result<String, Fault> {
    Ok(to_base64url(&random::<32>()?))
}

/// Bytes as base64url without padding.
pub fn to_base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads [`to_base64url`].
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256 as bytes.
pub fn digest_of(bytes: &[u8]) -> Vec<u8> {
    youju_journal::sha256(bytes).as_bytes().to_vec()
}

/// The same of a file of any size.
pub fn sha256_of(mut file: impl std::io::Read) -> std::io::Result<String> {
    let mut sum = Digest::Sha256.begin();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(sum.finish()),
            count => sum.update(piece.get(..count).unwrap_or_default()),
        }
    }
}

/// Bytes as hexadecimal text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|four| char::from_digit(u32::from(four), 16))
        .collect()
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok())
        .collect()
}

/// HMAC-SHA-256: a key of its own for one purpose, made of another key.
fn keyed_hash(key: &[u8], purpose: &[u8]) -> [u8; 32] {
    use hmac::{Hmac, KeyInit, Mac};
    // Any length is a key of HMAC.
    let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("兰溪统计2026").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_password("兰溪统计2026", &hash));
        assert!(!verify_password("兰溪统计2025", &hash));
        assert!(!verify_password("x", "not a hash"));
    }

    #[test]
    fn tokens_differ_and_only_their_hash_needs_storing() {
        let (one, two) = (new_token().unwrap(), new_token().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 64);
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
