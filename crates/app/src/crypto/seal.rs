//! Sealing: what the program must read again and others must not is kept in the data base encrypted, by a key that lies outside it.
//! Whoever gets the data base alone gets nothing.
//!
//! Everything sealed begins with the name of its algorithm and of its key, so that another algorithm or a new key can stand beside the old
//! one: new things are sealed with the first key, old ones are opened with theirs. A key is for one algorithm. Nonces are drawn at random,
//! which is safe for 2³² sealings with one key; `youju secrets rotate` brings a new one long before.

use std::sync::{Arc, PoisonError, RwLock};
use std::{fmt, result};

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};
use sm4::Sm4;
use youju_domain::account::AccountProblem;

use super::{hex, unhex};
use crate::error::{Error, Fault, Result};

/// The block cipher of GB/T 32907 in the mode that RFC 8998 gives it.
type Sm4Gcm = AesGcm<Sm4, U12>;

/// Bytes of what makes each sealing different.
const NONCE_BYTES: usize = 12;
/// Characters of a key's name.
const NAME_CHARS: usize = 8;
/// Begins every sealed file. No file of a kind that we take begins so.
const MARK: &[u8] = b"\0youju sealed\0";

/// How something is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cipher {
    /// AES with a key of 256 bits, in the mode GCM.
    #[default]
    Aes,
    /// SM4 (GB/T 32907), in the mode GCM.
    Sm4,
}

impl Cipher {
    /// Both.
    pub const ALL: [Cipher; 2] = [Cipher::Aes, Cipher::Sm4];

    /// Its name in key files and in everything sealed.
    pub fn name(self) -> &'static str {
        match self {
            Cipher::Aes => "aes-256-gcm",
            Cipher::Sm4 => "sm4-gcm",
        }
    }

    /// Reads the name, or the short word of a command line.
    pub fn from_name(name: &str) -> Option<Cipher> {
        Cipher::ALL.into_iter().find(|cipher| cipher.name() == name || cipher.word() == name)
    }

    /// The short word of a command line.
    pub fn word(self) -> &'static str {
        match self {
            Cipher::Aes => "aes",
            Cipher::Sm4 => "sm4",
        }
    }

    pub(crate) fn key_bytes(self) -> usize {
        match self {
            Cipher::Aes => 32,
            Cipher::Sm4 => 16,
        }
    }

    pub(crate) fn encrypt(self, key: &[u8], nonce: [u8; NONCE_BYTES], payload: Payload<'_, '_>) -> Result<Vec<u8>> {
        let failed = |error: &dyn fmt::Display| Fault::new("sealing", error.to_string());
        let nonce = Nonce::from(nonce);
        let sealed = match self {
            Cipher::Aes => Aes256Gcm::new_from_slice(key).map_err(|error| failed(&error))?.encrypt(&nonce, payload),
            Cipher::Sm4 => Sm4Gcm::new_from_slice(key).map_err(|error| failed(&error))?.encrypt(&nonce, payload),
        };
        Ok(sealed.map_err(|error| failed(&error))?)
    }

    /// None when it was not sealed so.
    pub(crate) fn decrypt(self, key: &[u8], nonce: [u8; NONCE_BYTES], payload: Payload<'_, '_>) -> Option<Vec<u8>> {
        let nonce = Nonce::from(nonce);
        match self {
            Cipher::Aes => Aes256Gcm::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok(),
            Cipher::Sm4 => Sm4Gcm::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok(),
        }
    }
}

/// The keys of an installation, the one in use first. Clones are one and the same: keys that are read again count everywhere.
#[derive(Clone, Default)]
pub struct SecretKeys(Arc<RwLock<Vec<SecretKey>>>);

#[derive(Clone)]
struct SecretKey {
    /// Begins the hash of the key: enough to find the right one, too little to find the key.
    name: String,
    cipher: Cipher,
    bytes: Vec<u8>,
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list().iter().map(SecretKey::prefix)).finish()
    }
}

impl SecretKeys {
    /// Reads a key file: a line for each key with its algorithm and its hexadecimal digits. What is wrong is told without the key.
    pub fn parse(text: &str) -> result::Result<SecretKeys, String> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let keys: Vec<SecretKey> =
            lines.map(|(index, line)| read(index + 1, line)).collect::<result::Result<_, _>>()?;
        Ok(SecretKeys(Arc::new(RwLock::new(keys))))
    }

    /// The line of a key file with a fresh key.
    pub fn draw(cipher: Cipher) -> result::Result<String, Fault> {
        let bytes = super::random::<32>()?;
        Ok(format!("{} {}\n", cipher.name(), hex(bytes.get(..cipher.key_bytes()).unwrap_or_default())))
    }

    /// The keys of a file that was read again take the place of these.
    pub fn replace(&self, by: &SecretKeys) {
        let keys = by.list().clone();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// How everything begins that is sealed with the key in use now: its algorithm and its name. None without a key.
    pub fn in_use(&self) -> Option<String> {
        self.list().first().map(SecretKey::prefix)
    }

    /// Seals a secret. `about` says whose it is and is needed to open it: a sealed text moved to another row stays shut.
    pub fn seal(&self, secret: &[u8], about: &str) -> Result<String> {
        let key = self.first().ok_or(Error::Problem(AccountProblem::NoKey.into()))?;
        Ok(format!("{}{}", key.prefix(), hex(&key.seal(secret, about)?)))
    }

    /// Opens what was sealed.
    pub fn open(&self, sealed: &str, about: &str) -> Result<Vec<u8>> {
        let (key, digits) = self.key_of(sealed)?;
        key.open(&unhex(digits).ok_or_else(damaged)?, about)
    }

    /// Seals a text that concerns a person. An empty one says nothing, and without any key it stays as it is: the program makes one
    /// before its first start.
    pub fn seal_text(&self, text: &str, about: &str) -> Result<String> {
        if text.is_empty() || self.list().is_empty() { Ok(text.to_owned()) } else { self.seal(text.as_bytes(), about) }
    }

    /// Opens a text, or gives back one that was never sealed.
    pub fn open_text(&self, kept: String, about: &str) -> Result<String> {
        if !is_sealed(&kept) {
            return Ok(kept);
        }
        Ok(String::from_utf8(self.open(&kept, about)?).map_err(|_| damaged())?)
    }

    /// The same value sealed with the key in use, whether it lay open, was sealed with an older key, or is no text at all.
    pub fn sealed_anew(&self, kept: &str, about: &str) -> Result<String> {
        if is_sealed(kept) { self.seal(&self.open(kept, about)?, about) } else { self.seal_text(kept, about) }
    }

    /// Seals a file; without any key it stays as it is.
    pub fn seal_file(&self, content: Vec<u8>, about: &str) -> Result<Vec<u8>> {
        let Some(key) = self.first() else { return Ok(content) };
        Ok([key.file_prefix(), key.seal(&content, about)?].concat())
    }

    /// Opens a file, or gives back one that was never sealed.
    pub fn open_file(&self, kept: Vec<u8>, about: &str) -> Result<Vec<u8>> {
        let Some(rest) = kept.strip_prefix(MARK) else { return Ok(kept) };
        // The prefix is text; what follows its second colon is not.
        let colons: Vec<usize> =
            rest.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at).take(2).collect();
        let end = colons.get(1).map(|at| at + 1).ok_or_else(damaged)?;
        let (prefix, sealed) = rest.split_at_checked(end).ok_or_else(damaged)?;
        let (key, _) = self.key_of(std::str::from_utf8(prefix).map_err(|_| damaged())?)?;
        key.open(sealed, about)
    }

    /// How files begin that are sealed with the key in use now.
    pub fn file_in_use(&self) -> Option<Vec<u8>> {
        self.first().map(|key| key.file_prefix())
    }

    /// How all sealed files begin.
    pub fn file_mark() -> Vec<u8> {
        MARK.to_vec()
    }

    /// The name of the key in use.
    pub fn name_in_use(&self) -> Option<String> {
        self.first().map(|key| key.name)
    }

    /// The names of all keys.
    pub fn names(&self) -> Vec<String> {
        self.list().iter().map(|key| key.name.clone()).collect()
    }

    /// A key for one purpose, made of the key with a name; for backups.
    pub fn derived_of(&self, name: &str, purpose: &[u8]) -> Option<[u8; 32]> {
        let keys = self.list();
        let key = keys.iter().find(|key| key.name == name)?;
        Some(super::keyed_hash(&key.bytes, purpose))
    }

    fn list(&self) -> std::sync::RwLockReadGuard<'_, Vec<SecretKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn first(&self) -> Option<SecretKey> {
        self.list().first().cloned()
    }

    /// The key that a sealed text names, and what follows.
    fn key_of<'a>(&self, sealed: &'a str) -> Result<(SecretKey, &'a str)> {
        let mut parts = sealed.splitn(3, ':');
        let (Some(cipher), Some(name), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(damaged().into());
        };
        let cipher = Cipher::from_name(cipher).ok_or_else(damaged)?;
        let keys = self.list();
        let key = keys.iter().find(|key| key.name == name && key.cipher == cipher);
        Ok((key.cloned().ok_or(Error::Problem(AccountProblem::NoKey.into()))?, rest))
    }
}

/// Whether a text begins as sealed ones do.
fn is_sealed(kept: &str) -> bool {
    kept.split_once(':').is_some_and(|(cipher, _)| Cipher::ALL.iter().any(|one| one.name() == cipher))
}

fn damaged() -> Fault {
    Fault::new("opening a secret", "the text is damaged, or another's".to_owned())
}

/// A line of a key file.
fn read(number: usize, line: &str) -> result::Result<SecretKey, String> {
    let (name, digits) = line.trim().split_once(' ').unwrap_or_default();
    let cipher = Cipher::ALL.into_iter().find(|cipher| cipher.name() == name);
    let bytes = unhex(digits);
    match cipher.zip(bytes) {
        Some((cipher, bytes)) if bytes.len() == cipher.key_bytes() => {
            let name = super::sha256(&bytes).chars().take(NAME_CHARS).collect();
            Ok(SecretKey { name, cipher, bytes })
        }
        _ => {
            let forms =
                Cipher::ALL.map(|cipher| format!("{} 和 {} 位十六进制数", cipher.name(), cipher.key_bytes() * 2));
            Err(format!("第 {number} 行应为 {},中间一个空格。", forms.join(",或 ")))
        }
    }
}

impl SecretKey {
    fn prefix(&self) -> String {
        format!("{}:{}:", self.cipher.name(), self.name)
    }

    fn file_prefix(&self) -> Vec<u8> {
        [MARK, self.prefix().as_bytes()].concat()
    }

    /// Nonce and sealed bytes.
    fn seal(&self, secret: &[u8], about: &str) -> Result<Vec<u8>> {
        let nonce = super::random::<NONCE_BYTES>()?;
        let payload = Payload { msg: secret, aad: about.as_bytes() };
        Ok([nonce.as_slice(), &self.cipher.encrypt(&self.bytes, nonce, payload)?].concat())
    }

    fn open(&self, bytes: &[u8], about: &str) -> Result<Vec<u8>> {
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| damaged())?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        Ok(self.cipher.decrypt(&self.bytes, nonce, payload).ok_or_else(damaged)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> SecretKeys {
        SecretKeys::parse(&texts.concat()).unwrap()
    }

    #[test]
    fn a_secret_is_opened_by_its_key_for_its_owner_and_by_nobody_else() {
        for cipher in Cipher::ALL {
            let (old, new) = (SecretKeys::draw(cipher).unwrap(), SecretKeys::draw(cipher).unwrap());
            let sealed = keys(&[&old]).seal("密钥".as_bytes(), "one").unwrap();
            assert!(sealed.starts_with(&format!("{}:", cipher.name())) && !sealed.contains("密钥"));
            assert_ne!(sealed, keys(&[&old]).seal("密钥".as_bytes(), "one").unwrap());
            assert_eq!(keys(&[&old]).open(&sealed, "one").unwrap(), "密钥".as_bytes());
            // A new key stands first; what the old one has sealed is still opened.
            assert_eq!(keys(&[&new, &old]).open(&sealed, "one").unwrap(), "密钥".as_bytes());
            assert!(keys(&[&old]).open(&sealed, "two").is_err());
            for other in [keys(&[&new]), SecretKeys::default()] {
                assert!(matches!(other.open(&sealed, "one"), Err(Error::Problem(_))));
            }
            let mut damaged = sealed.clone();
            let last = if damaged.pop() == Some('0') { '1' } else { '0' };
            damaged.push(last);
            let other = Cipher::ALL.into_iter().find(|other| *other != cipher).unwrap();
            let renamed = sealed.replace(cipher.name(), other.name());
            for text in [damaged.as_str(), "", "aes-256-gcm:x", &renamed, &sealed[..sealed.len() - 1]] {
                assert!(keys(&[&old]).open(text, "one").is_err(), "{text}");
            }
        }
        assert!(matches!(SecretKeys::default().seal(b"x", "one"), Err(Error::Problem(_))));
    }

    #[test]
    fn both_algorithms_stand_beside_each_other_and_what_lies_open_is_read_as_it_is() {
        let (aes, sm4) = (SecretKeys::draw(Cipher::Aes).unwrap(), SecretKeys::draw(Cipher::Sm4).unwrap());
        let (first, then) = (keys(&[&aes]), keys(&[&sm4, &aes]));
        let (old, new) = (first.seal_text("13900000000", "a").unwrap(), then.seal_text("13900000000", "a").unwrap());
        assert!(old.starts_with("aes-256-gcm:") && new.starts_with("sm4-gcm:"));
        assert_eq!(new, new.strip_prefix(&then.in_use().unwrap()).map(|rest| then.in_use().unwrap() + rest).unwrap());
        for text in [old, new.clone(), "13900000000".to_owned()] {
            assert_eq!(then.open_text(text, "a").unwrap(), "13900000000");
        }
        assert_eq!(then.seal_text("", "a").unwrap(), "");
        let file = then.seal_file(vec![7; 1000], "f").unwrap();
        assert!(file.starts_with(&then.file_in_use().unwrap()) && file.starts_with(&SecretKeys::file_mark()));
        assert_eq!(then.open_file(file.clone(), "f").unwrap(), vec![7; 1000]);
        assert_eq!(then.open_file(b"PK\x03\x04".to_vec(), "f").unwrap(), b"PK\x03\x04");
        assert!(then.open_file(file.clone(), "g").is_err() && then.open_file(file[..20].to_vec(), "f").is_err());
        // Keys that are read again count in every clone.
        let seen = first.clone();
        assert!(seen.open_file(file.clone(), "f").is_err());
        first.replace(&then);
        assert_eq!(seen.open_file(file, "f").unwrap().len(), 1000);
        // Without a key, nothing is hidden and nothing is lost.
        let none = SecretKeys::default();
        assert_eq!(none.seal_text("x", "a").unwrap(), "x");
        assert!(none.open_text(new, "a").is_err());
    }

    #[test]
    fn sm4_in_gcm_is_that_of_the_standard() {
        // RFC 8998, appendix A.1.
        let key = unhex("0123456789abcdeffedcba9876543210").unwrap();
        let nonce: [u8; 12] = unhex("00001234567800000000abcd").unwrap().try_into().unwrap();
        let plain = "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
                     eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa";
        let sealed = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
                      d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
                      83de3541e4c2b58177e065a9bf7b62ec";
        let (plain, about) = (unhex(plain).unwrap(), unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap());
        let made = Cipher::Sm4.encrypt(&key, nonce, Payload { msg: &plain, aad: &about }).unwrap();
        assert_eq!(hex(&made), sealed);
        let opened = Cipher::Sm4.decrypt(&key, nonce, Payload { msg: &made, aad: &about });
        assert_eq!(opened.unwrap(), plain);
    }

    #[test]
    fn a_damaged_key_file_is_told_by_its_line_and_never_shown() {
        let drawn = SecretKeys::draw(Cipher::Aes).unwrap();
        let as_sm4 = drawn.replace(Cipher::Aes.name(), Cipher::Sm4.name());
        for bad in [drawn.replace("aes-256", "aes-128"), drawn[..40].to_owned(), drawn.replace(' ', ""), as_sm4] {
            let told = SecretKeys::parse(&format!("# keys\n{bad}")).unwrap_err();
            assert!(told.starts_with("第 2 行应为 aes-256-gcm 和 64 位十六进制数,或 sm4-gcm 和 32 位"), "{told}");
            assert!(!told.contains(&drawn[20..40]));
        }
        assert!(!format!("{:?}", keys(&[&drawn])).contains(&drawn[20..40]));
    }
}
