//! Vault: a long file, encrypted in pieces of one size, so that it is written in one go and read from any place. Every piece is authenticated
//! with its number and with whether it is the last: none can be changed, moved, left out or cut off.
//!
//! A line of JSON says how, then come the pieces. The key is made for this one file: of a passphrase by argon2id, or of the key in use
//! of the installation, in both cases with a salt drawn for it. That is why pieces may be numbered instead of drawing nonces.

use std::io::{self, Read, Seek, SeekFrom, Write};

use aes_gcm::aead::Payload;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use super::seal::{Cipher, SecretKeys};
use super::{hex, unhex};

/// Begins every vault.
const MARK: &[u8] = b"YOUJU VAULT 1\n";
/// Bytes of a piece before it is encrypted.
const PIECE: usize = 64 * 1024;
/// Bytes that encryption adds.
const TAG: usize = 16;
/// Longest line that says how.
const HEAD_BYTES_MAX: usize = 512;
/// Memory in KiB and passes for a passphrase: half a second once, for who guesses a farm of machines.
const PASSPHRASE_MEMORY: u32 = 64 * 1024;
const PASSPHRASE_PASSES: u32 = 3;

/// What a vault is locked with.
#[derive(Clone)]
pub enum Lock {
    /// Words that somebody knows.
    Passphrase(String),
    /// The keys of the installation.
    Keys(SecretKeys),
}

/// How a vault is locked, in its first line.
#[derive(Serialize, Deserialize)]
struct Head {
    cipher: String,
    /// Name of the installation's key; none for a passphrase.
    key: Option<String>,
    salt: String,
}

/// Writes a vault.
pub struct VaultWriter<W> {
    out: W,
    door: Door,
    piece: Vec<u8>,
    number: u32,
}

/// Key and first line of one vault.
struct Door {
    cipher: Cipher,
    key: Vec<u8>,
    head: Vec<u8>,
}

fn other(says: &str) -> io::Error {
    io::Error::other(says.to_owned())
}

impl Lock {
    fn key(&self, head: &Head) -> io::Result<Vec<u8>> {
        let salt = unhex(&head.salt).ok_or_else(|| other("文件的第一行已损坏。"))?;
        let mut key = match (self, &head.key) {
            (Lock::Passphrase(words), None) => {
                let mut key = [0; 32];
                let params = Params::new(PASSPHRASE_MEMORY, PASSPHRASE_PASSES, 1, Some(key.len()));
                let params = params.map_err(|error| io::Error::other(error.to_string()))?;
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(words.as_bytes(), &salt, &mut key)
                    .map_err(|error| io::Error::other(error.to_string()))?;
                key.to_vec()
            }
            (Lock::Keys(keys), Some(name)) => {
                let missing = || io::Error::other(format!("密钥文件里没有名为 {name} 的密钥,它锁着这个文件。"));
                keys.derived_of(name, &salt).ok_or_else(missing)?.to_vec()
            }
            (Lock::Passphrase(_), Some(name)) => {
                return Err(io::Error::other(format!("这个文件是用密钥文件里的 {name} 加密的,不是用口令。")));
            }
            (Lock::Keys(_), None) => {
                return Err(other("这个文件是用口令加密的。请把口令写在环境变量 YOUJU_BACKUP_PASSPHRASE 里。"));
            }
        };
        let cipher = Cipher::from_name(&head.cipher).ok_or_else(|| other("这个文件的加密算法本程序不认识。"))?;
        key.truncate(cipher.key_bytes());
        Ok(key)
    }
}

impl Door {
    fn open(lock: &Lock, head: &Head) -> io::Result<Door> {
        let cipher = Cipher::from_name(&head.cipher).ok_or_else(|| other("这个文件的加密算法本程序不认识。"))?;
        let mut line = MARK.to_vec();
        serde_json::to_writer(&mut line, head)?;
        line.push(b'\n');
        Ok(Door { cipher, key: lock.key(head)?, head: line })
    }

    fn nonce(number: u32, is_last: bool) -> [u8; 12] {
        let [a, b, c, d] = number.to_be_bytes();
        [0, 0, 0, 0, 0, 0, 0, a, b, c, d, u8::from(is_last)]
    }
}

impl<W: Write> VaultWriter<W> {
    /// Begins a vault.
    pub fn new(mut out: W, lock: &Lock, cipher: Cipher) -> io::Result<VaultWriter<W>> {
        let salt = super::random::<16>().map_err(|fault| io::Error::other(fault.cause))?;
        let key = match lock {
            Lock::Passphrase(_) => None,
            Lock::Keys(keys) => Some(keys.name_in_use().ok_or_else(|| other("还没有密钥文件。"))?),
        };
        let door = Door::open(lock, &Head { cipher: cipher.name().to_owned(), key, salt: hex(&salt) })?;
        out.write_all(&door.head)?;
        Ok(VaultWriter { out, door, piece: Vec::with_capacity(PIECE), number: 0 })
    }

    fn put(&mut self, is_last: bool) -> io::Result<()> {
        let payload = Payload { msg: &self.piece, aad: &self.door.head };
        let sealed = self.door.cipher.encrypt(&self.door.key, Door::nonce(self.number, is_last), payload);
        self.out.write_all(&sealed.map_err(|error| io::Error::other(error.to_string()))?)?;
        self.piece.clear();
        self.number = self.number.checked_add(1).ok_or_else(|| other("文件太大,不能加密。"))?;
        Ok(())
    }

    /// Writes the last piece.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for VaultWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.put(false)?;
        }
        let room = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a vault from any place.
pub struct VaultReader<R> {
    inner: R,
    door: Door,
    pieces: u32,
    length: u64,
    at: u64,
    held: Option<(u32, Vec<u8>)>,
}

/// Whether a file is a vault; it is left at its beginning.
pub fn is_vault(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let mut begin = Vec::new();
    file.take(MARK.len() as u64).read_to_end(&mut begin)?;
    file.rewind()?;
    Ok(begin == MARK)
}

impl<R: Read + Seek> VaultReader<R> {
    /// Opens a vault.
    pub fn new(mut inner: R, lock: &Lock) -> io::Result<VaultReader<R>> {
        let mut begin = Vec::new();
        (&mut inner).take((MARK.len() + HEAD_BYTES_MAX) as u64).read_to_end(&mut begin)?;
        let damaged = || other("文件的第一行已损坏。");
        let line =
            begin.strip_prefix(MARK).and_then(|rest| rest.split(|byte| *byte == b'\n').next()).ok_or_else(damaged)?;
        let head: Head = serde_json::from_slice(line).map_err(|_| damaged())?;
        let door = Door::open(lock, &head)?;
        let whole = inner.seek(SeekFrom::End(0))?;
        let body = whole.checked_sub(door.head.len() as u64).ok_or_else(damaged)?;
        let size = (PIECE + TAG) as u64;
        let pieces = u32::try_from(body.div_ceil(size)).map_err(|_| damaged())?;
        let length = body.checked_sub(u64::from(pieces) * TAG as u64).filter(|_| pieces > 0).ok_or_else(damaged)?;
        Ok(VaultReader { inner, door, pieces, length, at: 0, held: None })
    }

    fn piece(&mut self, number: u32) -> io::Result<Vec<u8>> {
        let begins = self.door.head.len() as u64 + u64::from(number) * (PIECE + TAG) as u64;
        self.inner.seek(SeekFrom::Start(begins))?;
        let mut sealed = Vec::with_capacity(PIECE + TAG);
        (&mut self.inner).take((PIECE + TAG) as u64).read_to_end(&mut sealed)?;
        let payload = Payload { msg: &sealed, aad: &self.door.head };
        let opened = self.door.cipher.decrypt(&self.door.key, Door::nonce(number, number + 1 == self.pieces), payload);
        opened.ok_or_else(|| {
            let (first, last) = (begins + 1, begins + sealed.len() as u64);
            let of = format!("加密的第 {} 段(共 {} 段,第 {first} 到 {last} 字节)打不开", number + 1, self.pieces);
            let why =
                if number == 0 { "口令或密钥不对,或者这一段被改动过" } else { "这一段被改动过" };
            io::Error::other(format!("{of}:{why}。"))
        })
    }
}

impl<R: Read + Seek> Read for VaultReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length {
            return Ok(0);
        }
        let number = u32::try_from(self.at / PIECE as u64).map_err(io::Error::other)?;
        if self.held.as_ref().is_none_or(|(held, _)| *held != number) {
            self.held = Some((number, self.piece(number)?));
        }
        let held = self.held.as_ref().map(|(_, piece)| piece.as_slice()).unwrap_or_default();
        let from = usize::try_from(self.at % PIECE as u64).map_err(io::Error::other)?;
        let there = held.get(from..).unwrap_or_default();
        let count = there.len().min(into.len());
        if let (Some(to), Some(bytes)) = (into.get_mut(..count), there.get(..count)) {
            to.copy_from_slice(bytes);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for VaultReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn sealed(content: &[u8], lock: &Lock, cipher: Cipher) -> Vec<u8> {
        let mut writer = VaultWriter::new(Vec::new(), lock, cipher).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn opened(bytes: &[u8], lock: &Lock) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        VaultReader::new(Cursor::new(bytes), lock)?.read_to_end(&mut out)?;
        Ok(out)
    }

    fn keys(cipher: Cipher) -> Lock {
        Lock::Keys(SecretKeys::parse(&SecretKeys::draw(cipher).unwrap()).unwrap())
    }

    #[test]
    fn a_vault_of_any_size_comes_back_whole_and_from_any_place() {
        for (size, cipher) in [(0, Cipher::Aes), (1, Cipher::Sm4), (PIECE, Cipher::Aes), (PIECE * 2 + 7, Cipher::Sm4)] {
            let content: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let lock = keys(cipher);
            let bytes = sealed(&content, &lock, cipher);
            assert!(is_vault(&mut Cursor::new(&bytes)).unwrap());
            assert_eq!(opened(&bytes, &lock).unwrap(), content);
            let mut reader = VaultReader::new(Cursor::new(&bytes), &lock).unwrap();
            let from = size / 2;
            reader.seek(SeekFrom::End(-i64::try_from(size - from).unwrap())).unwrap();
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).unwrap();
            assert_eq!(rest, content[from..]);
        }
    }

    #[test]
    fn no_piece_can_be_changed_moved_left_out_or_cut_off() {
        let lock = keys(Cipher::Aes);
        let bytes = sealed(&vec![7; PIECE * 3 + 100], &lock, Cipher::Aes);
        let head = bytes.len() - (PIECE + TAG) * 3 - 100 - TAG;
        let piece = |number: usize| head + number * (PIECE + TAG);
        let told = |bytes: &[u8]| opened(bytes, &lock).unwrap_err().to_string();
        let mut changed = bytes.clone();
        changed[piece(1) + 5] ^= 1;
        assert!(told(&changed).starts_with("加密的第 2 段(共 4 段,"), "{}", told(&changed));
        let swapped =
            [&bytes[..piece(1)], &bytes[piece(2)..piece(3)], &bytes[piece(1)..piece(2)], &bytes[piece(3)..]].concat();
        let dropped = [&bytes[..piece(1)], &bytes[piece(2)..]].concat();
        for damaged in
            [swapped, dropped, bytes[..piece(3)].to_vec(), bytes[..piece(2) + 30].to_vec(), bytes[..head].to_vec()]
        {
            told(&damaged);
        }
        let mut renamed = bytes.clone();
        renamed[MARK.len() + 40] ^= 1;
        told(&renamed);
        assert!(opened(&bytes, &keys(Cipher::Aes)).unwrap_err().to_string().contains("它锁着这个文件"));
    }

    #[test]
    fn words_open_what_words_have_locked_and_nothing_else() {
        let lock = Lock::Passphrase("三月的备份 2026".into());
        let bytes = sealed(b"content", &lock, Cipher::Sm4);
        assert_eq!(opened(&bytes, &lock).unwrap(), b"content");
        let wrong = opened(&bytes, &Lock::Passphrase("四月".into())).unwrap_err().to_string();
        assert!(wrong.contains("口令或密钥不对"), "{wrong}");
        assert!(opened(&bytes, &keys(Cipher::Aes)).unwrap_err().to_string().contains("YOUJU_BACKUP_PASSPHRASE"));
        let by_key = sealed(b"x", &keys(Cipher::Aes), Cipher::Aes);
        assert!(opened(&by_key, &lock).unwrap_err().to_string().contains("不是用口令"));
    }
}
