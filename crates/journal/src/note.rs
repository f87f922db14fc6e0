//! Signed notes (C2SP signed-note v1): a text, an empty line, and below it who signed. What the text means is not known here.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::{BadKey, KeyId, SigningKey, VerifyingKey, is_name};
use crate::limits::{NOTE_BYTES_MAX, SIGNATURE_BYTES_MAX, SIGNATURES_MAX};

/// What every signature line begins with: an em dash and a space.
const DASH: &str = "— ";

/// Note 签名文本 — a text with its signatures, which may or may not be good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// Signature 签名 — one line below a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: KeyId,
    bytes: Vec<u8>,
}

/// This is no signed note, or not one that this key signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    /// Longer than any note.
    #[error("签名文本超过 {NOTE_BYTES_MAX} 字节。请核对文件是否取错。")]
    TooLong,
    /// No text, no empty line, no final line break, or a control character.
    #[error("不是签名文本:应为正文、一个空行和签名行,以换行结束。请核对是否抄录完整。")]
    Form,
    /// A signature line cannot be read.
    #[error("第 {line} 行签名无法读取。请核对是否抄录完整。")]
    Line {
        /// Counted from 1 among the signature lines.
        line: usize,
    },
    /// More signature lines than are read.
    #[error("签名多于 {SIGNATURES_MAX} 个。")]
    TooMany,
    /// Two lines of the same key, or the same key twice.
    #[error("密钥“{name}”的签名重复。")]
    Twice {
        /// Name of the key.
        name: String,
    },
    /// None of the lines is by this key.
    #[error("没有密钥“{name}”(编号 {id})的签名。")]
    NotSigned {
        /// Name of the key.
        name: String,
        /// Its id.
        id: KeyId,
    },
    /// The line of this key does not fit the text.
    #[error("密钥“{name}”的签名与内容不符:内容或签名被改动过,或公钥不对。")]
    Forged {
        /// Name of the key.
        name: String,
    },
    /// A line is by a key that is not at hand, so that nobody can tell whether it was altered.
    #[error("签名行的密钥“{name}”(编号 {id})没有随文件提供,无法核对。")]
    NoKey {
        /// Name of the key.
        name: String,
        /// Its id.
        id: KeyId,
    },
    /// A key could not sign.
    #[error(transparent)]
    Key(#[from] BadKey),
}

impl Signature {
    /// Name of the key that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of that key.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// True if the line claims to be by this key.
    pub fn is_by(&self, key: &VerifyingKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    fn parse(line: &str) -> Option<Signature> {
        let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
        let decoded = STANDARD.decode(encoded).ok()?;
        let (id, bytes) = decoded.split_first_chunk::<4>()?;
        let is_good = is_name(name) && (1..=SIGNATURE_BYTES_MAX).contains(&bytes.len());
        is_good.then(|| Signature { name: name.to_owned(), id: KeyId(*id), bytes: bytes.to_vec() })
    }
}

impl Note {
    /// Signs a text with each of the keys. The text ends with a line break and holds no control characters.
    pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<Note, BadNote> {
        let mut signatures = Vec::new();
        for key in keys {
            let public = key.verifying_key();
            let bytes = key.sign(text.as_bytes())?.to_vec();
            signatures.push(Signature { name: public.name().to_owned(), id: public.id(), bytes });
        }
        let note = Note { text: text.to_owned(), signatures };
        // What is handed out can be read back, by the same rules as any other note.
        if Note::parse(&note.to_string())? == note { Ok(note) } else { Err(BadNote::Form) }
    }

    /// Reads what [`Display`](fmt::Display) wrote. There is one text for one note.
    pub fn parse(whole: &str) -> Result<Note, BadNote> {
        if whole.len() > NOTE_BYTES_MAX {
            return Err(BadNote::TooLong);
        }
        if whole.chars().any(|c| c < ' ' && c != '\n') {
            return Err(BadNote::Form);
        }
        // The last empty line parts text and signatures; the text keeps its own line break.
        let (before, below) = whole.rsplit_once("\n\n").ok_or(BadNote::Form)?;
        let below = below.strip_suffix('\n').ok_or(BadNote::Form)?;
        if before.is_empty() {
            return Err(BadNote::Form);
        }
        let mut signatures: Vec<Signature> = Vec::new();
        for (line, text) in (1..).zip(below.split('\n')) {
            if line > SIGNATURES_MAX {
                return Err(BadNote::TooMany);
            }
            let signature = Signature::parse(text).ok_or(BadNote::Line { line })?;
            if signatures.iter().any(|other| other.name == signature.name && other.id == signature.id) {
                return Err(BadNote::Twice { name: signature.name });
            }
            signatures.push(signature);
        }
        Ok(Note { text: format!("{before}\n"), signatures })
    }

    /// What is signed, with its last line break.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Who is said to have signed.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Passes if this key signed the text.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadNote> {
        let name = || key.name().to_owned();
        let found = self.signatures.iter().find(|signature| signature.is_by(key));
        let signature = found.ok_or_else(|| BadNote::NotSigned { name: name(), id: key.id() })?;
        let is_good = key.verify(self.text.as_bytes(), &signature.bytes);
        if is_good { Ok(()) } else { Err(BadNote::Forged { name: name() }) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, id, bytes } in &self.signatures {
            writeln!(f, "{DASH}{name} {}", STANDARD.encode([&id.0[..], bytes].concat()))?;
        }
        Ok(())
    }
}
