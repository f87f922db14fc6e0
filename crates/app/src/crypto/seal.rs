//! Sealing: secrets that the program must read again are kept in the data base encrypted, by a key that lies outside it. Whoever
//! gets the data base alone gets nothing.
//!
//! A sealed text begins with the name of its algorithm and of its key, so that another algorithm (SM4 where it is asked for) or a
//! new key can stand beside the old one: new texts are sealed with the first key, old ones are opened with theirs.

use std::{fmt, result};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use youju_domain::account::AccountProblem;

use crate::error::{Error, Fault, Result};

/// The one algorithm so far.
const AES: &str = "aes-256-gcm";
/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of what makes each sealing different.
const NONCE_BYTES: usize = 12;
/// Characters of a key's name.
const NAME_CHARS: usize = 8;

/// The keys of an installation, the one in use first.
#[derive(Clone, Default)]
pub struct SecretKeys(Vec<SecretKey>);

#[derive(Clone)]
struct SecretKey {
    /// Begins the hash of the key: enough to find the right one, too little to find the key.
    name: String,
    bytes: [u8; KEY_BYTES],
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.name)).finish()
    }
}

impl SecretKeys {
    /// Reads a key file: a line `aes-256-gcm` and 64 hexadecimal digits for each key. What is wrong is told without the key.
    pub fn parse(text: &str) -> result::Result<SecretKeys, String> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let read = |(index, line): (usize, &str)| {
            let number = index + 1;
            let (algorithm, digits) = line.trim().split_once(' ').unwrap_or_default();
            let bytes = unhex(digits).and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes).ok());
            match bytes.filter(|_| algorithm == AES) {
                Some(bytes) => {
                    let name = super::sha256(&bytes).chars().take(NAME_CHARS).collect();
                    Ok(SecretKey { name, bytes })
                }
                None => Err(format!("第 {number} 行应为 {AES} 和 {} 位十六进制数,中间一个空格。", KEY_BYTES * 2)),
            }
        };
        Ok(SecretKeys(lines.map(read).collect::<result::Result<_, _>>()?))
    }

    /// The text of a key file with a fresh key.
    pub fn draw() -> result::Result<String, Fault> {
        Ok(format!("{AES} {}\n", hex(&super::random::<KEY_BYTES>()?)))
    }

    /// Seals a secret. `about` says whose it is and is needed to open it: a sealed text moved to another row stays shut.
    pub fn seal(&self, secret: &[u8], about: &str) -> Result<String> {
        let key = self.0.first().ok_or(Error::Problem(AccountProblem::NoKey.into()))?;
        let nonce = super::random::<NONCE_BYTES>()?;
        let payload = Payload { msg: secret, aad: about.as_bytes() };
        let sealed = key.cipher()?.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|error| Fault::new("sealing a secret", error.to_string()))?;
        Ok(format!("{AES}:{}:{}{}", key.name, hex(&nonce), hex(&sealed)))
    }

    /// Opens what was sealed.
    pub fn open(&self, sealed: &str, about: &str) -> Result<Vec<u8>> {
        let damaged = || Fault::new("opening a secret", "the text is damaged, or another's".to_owned());
        let mut parts = sealed.splitn(3, ':');
        let (Some(AES), Some(name), Some(digits)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(damaged().into());
        };
        let key = self.0.iter().find(|key| key.name == name).ok_or(Error::Problem(AccountProblem::NoKey.into()))?;
        let bytes = unhex(digits).ok_or_else(damaged)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| damaged())?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        Ok(key.cipher()?.decrypt(&Nonce::from(nonce), payload).map_err(|_| damaged())?)
    }
}

impl SecretKey {
    fn cipher(&self) -> Result<Aes256Gcm> {
        let cipher = Aes256Gcm::new_from_slice(&self.bytes);
        Ok(cipher.map_err(|error| Fault::new("reading a key", error.to_string()))?)
    }
}

fn hex(bytes: &[u8]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> SecretKeys {
        SecretKeys::parse(&texts.concat()).unwrap()
    }

    #[test]
    fn a_secret_is_opened_by_its_key_for_its_owner_and_by_nobody_else() {
        let (old, new) = (SecretKeys::draw().unwrap(), SecretKeys::draw().unwrap());
        let sealed = keys(&[&old]).seal("密钥".as_bytes(), "one").unwrap();
        assert!(sealed.starts_with("aes-256-gcm:") && !sealed.contains("密钥"));
        assert_ne!(sealed, keys(&[&old]).seal("密钥".as_bytes(), "one").unwrap());
        assert_eq!(keys(&[&old]).open(&sealed, "one").unwrap(), "密钥".as_bytes());
        // A new key stands first; what the old one has sealed is still opened.
        assert_eq!(keys(&[&new, &old]).open(&sealed, "one").unwrap(), "密钥".as_bytes());
        assert!(keys(&[&old]).open(&sealed, "two").is_err());
        for other in [keys(&[&new]), SecretKeys::default()] {
            assert!(matches!(other.open(&sealed, "one"), Err(Error::Problem(_))));
        }
        assert!(matches!(SecretKeys::default().seal(b"x", "one"), Err(Error::Problem(_))));
        let mut damaged = sealed.clone();
        let last = if damaged.pop() == Some('0') { '1' } else { '0' };
        damaged.push(last);
        for text in [damaged.as_str(), "", "aes-256-gcm:x", &sealed.replace(AES, "sm4"), &sealed[..sealed.len() - 1]] {
            assert!(keys(&[&old]).open(text, "one").is_err(), "{text}");
        }
    }

    #[test]
    fn a_damaged_key_file_is_told_by_its_line_and_never_shown() {
        let drawn = SecretKeys::draw().unwrap();
        for bad in [drawn.replace(AES, "aes-128"), drawn[..40].to_owned(), drawn.replace(' ', "")] {
            let told = SecretKeys::parse(&format!("# keys\n{bad}")).unwrap_err();
            assert!(told.starts_with("第 2 行应为 aes-256-gcm 和 64 位"), "{told}");
            assert!(!told.contains(&drawn[20..40]));
        }
        assert!(!format!("{:?}", keys(&[&drawn])).contains(&drawn[20..40]));
    }
}
