//! Keys that sign checkpoints, and their one-line texts as C2SP signed-note writes them. Nothing here draws random bytes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sm2::dsa::signature::Verifier as _;

use crate::hash::{Hash, sha256};
use crate::limits::NAME_BYTES_MAX;

/// Bytes of a secret, for either algorithm.
pub const SECRET_BYTES: usize = 32;

/// Bytes of a signature, for either algorithm.
pub const SIGNATURE_BYTES: usize = 64;

/// GB/T 32918 mixes the signer's user id into what is signed; this is the one to use when nothing else was agreed (GM/T 0009).
const SM2_USER_ID: &str = "1234567812345678";

/// Order of the SM2 group less one (GB/T 32918.5): the one secret below the order that cannot sign, because 1 + d has no inverse.
const SM2_SECRET_TOO_LARGE: [u8; SECRET_BYTES] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72, 0x03, 0xdf,
    0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

/// First words of a secret key's text.
const PRIVATE: &str = "PRIVATE+KEY+";

/// Algorithm 签名算法 of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032). What other readers of signed notes know.
    Ed25519,
    /// SM2 with SM3 (GB/T 32918, GB/T 32905), for offices that must use commercial cryptography of the state.
    Sm2,
}

impl Algorithm {
    /// How signed-note marks the kind of a key: one byte, or `0xff` and a text of our own.
    fn mark(self) -> &'static [u8] {
        match self {
            Algorithm::Ed25519 => b"\x01",
            Algorithm::Sm2 => b"\xffyouju/sm2-with-sm3",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Algorithm::Ed25519 => "Ed25519",
            Algorithm::Sm2 => "SM2(SM3)",
        })
    }
}

/// Key id 密钥编号 — four bytes that tell the keys of one name apart. It finds a key, it does not prove one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId(pub(crate) [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// This is no key, or it cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// The name is empty, too long, or holds a space, a plus sign or a control character.
    #[error(
        "密钥名称不合规定:应为 1 至 {NAME_BYTES_MAX} 字节,不含空格、加号和控制字符,例如 tjj.example.gov.cn/youju。"
    )]
    Name,
    /// The text is not `name+id+base64`.
    #[error("这不是一行公钥或私钥文本。公钥的写法是:名称+编号+Base64。请核对是否抄录完整。")]
    Form,
    /// The id does not belong to this name and key.
    #[error("密钥编号与名称和密钥内容不符。请核对是否抄录完整,名称也不能改动。")]
    Id,
    /// The bytes are no public key of a known algorithm.
    #[error("公钥内容无效,或签名算法不是 Ed25519、SM2。请重新索取公钥。")]
    Public,
    /// The secret lies outside the range of the algorithm.
    #[error("私钥不在算法规定的范围内。请重新生成随机数。")]
    Secret,
    /// The algorithm gave no signature; it happens with a chance of one in 2²⁵⁶.
    #[error("签名没有成功。请重试。")]
    Sign,
}

/// True for a name that signed-note allows, and that fits in a line.
pub(crate) fn is_name(name: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.chars().all(is_plain)
}

/// Verifying key 公钥 — by which anybody checks signatures. Printed as `name+id+base64`, the "vkey" of signed-note.
#[derive(Clone)]
pub struct VerifyingKey {
    name: String,
    id: KeyId,
    /// The mark of the algorithm and the public key, as both are encoded.
    material: Vec<u8>,
    public: Public,
}

#[derive(Clone)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

impl VerifyingKey {
    /// Takes a public key: 32 bytes of Ed25519 (RFC 8032), or 65 bytes `04 ‖ x ‖ y` of SM2.
    pub fn new(name: &str, algorithm: Algorithm, public: &[u8]) -> Result<VerifyingKey, BadKey> {
        VerifyingKey::of_material(name, [algorithm.mark(), public].concat())
    }

    /// Reads what [`Display`](fmt::Display) wrote. There is one text for one key.
    pub fn parse(text: &str) -> Result<VerifyingKey, BadKey> {
        let (name, id, material) = split(text)?;
        let key = VerifyingKey::of_material(name, material)?;
        if key.id.to_string() == id { Ok(key) } else { Err(BadKey::Id) }
    }

    fn of_material(name: &str, material: Vec<u8>) -> Result<VerifyingKey, BadKey> {
        if !is_name(name) {
            return Err(BadKey::Name);
        }
        let public = Public::read(&material).ok_or(BadKey::Public)?;
        let digest = sha256(&[name.as_bytes(), b"\n", &material].concat());
        let id = digest.as_bytes().first_chunk::<4>().copied().map(KeyId).ok_or(BadKey::Form)?;
        Ok(VerifyingKey { name: name.to_owned(), id, material, public })
    }

    /// Whose key it is: the origin of the log that it signs for.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of SHA-256(name ‖ newline ‖ mark ‖ public key).
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match self.public {
            Public::Ed25519(_) => Algorithm::Ed25519,
            Public::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Fingerprint 公钥指纹 to be compared by telephone or with the gazette: SHA-256 of the key's whole line of text.
    pub fn fingerprint(&self) -> Hash {
        sha256(self.to_string().as_bytes())
    }

    /// True if this key signed these bytes. Ed25519 is judged strictly: no second signature follows from a first one.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Public::Sm2(key) => sm2::dsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

impl Public {
    fn read(material: &[u8]) -> Option<Public> {
        if let Some(bytes) = material.strip_prefix(Algorithm::Ed25519.mark()) {
            let key = ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
            let is_canonical = key.to_edwards().compress().as_bytes() == bytes;
            return (is_canonical && !key.is_weak()).then_some(Public::Ed25519(key));
        }
        let bytes = material.strip_prefix(Algorithm::Sm2.mark())?;
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_USER_ID, bytes).ok()?;
        // Only the uncompressed form, so that a point has one text.
        (bytes.len() == 65 && bytes.first() == Some(&4)).then(|| Public::Sm2(Box::new(key)))
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &VerifyingKey) -> bool {
        self.name == other.name && self.material == other.material
    }
}

impl Eq for VerifyingKey {}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, self.id, STANDARD.encode(&self.material))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Signing key 私钥 of a log. Its text is `PRIVATE+KEY+name+id+base64`; keep it where the data base's backups do not go.
#[derive(Clone)]
pub struct SigningKey {
    public: VerifyingKey,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Sm2(Box<sm2::dsa::SigningKey>),
}

impl SigningKey {
    /// Makes a key of 32 secret bytes, which the caller draws at random. Of SM2, one draw in 2³² is out of range: draw again.
    pub fn new(name: &str, algorithm: Algorithm, secret: &[u8; SECRET_BYTES]) -> Result<SigningKey, BadKey> {
        let (secret, public) = match algorithm {
            Algorithm::Ed25519 => {
                let key = ed25519_dalek::SigningKey::from_bytes(secret);
                let public = key.verifying_key().to_bytes().to_vec();
                (Secret::Ed25519(Box::new(key)), public)
            }
            Algorithm::Sm2 if *secret == SM2_SECRET_TOO_LARGE => return Err(BadKey::Secret),
            Algorithm::Sm2 => {
                let key = sm2::dsa::SigningKey::from_slice(SM2_USER_ID, secret).map_err(|_| BadKey::Secret)?;
                let public = key.verifying_key().to_sec1_bytes().into_vec();
                (Secret::Sm2(Box::new(key)), public)
            }
        };
        Ok(SigningKey { public: VerifyingKey::new(name, algorithm, &public)?, secret })
    }

    /// Reads what [`SigningKey::to_secret_text`] wrote.
    pub fn parse(text: &str) -> Result<SigningKey, BadKey> {
        let (name, id, material) = split(text.strip_prefix(PRIVATE).ok_or(BadKey::Form)?)?;
        let known = [Algorithm::Ed25519, Algorithm::Sm2];
        let found = known.into_iter().find_map(|it| Some((it, material.strip_prefix(it.mark())?)));
        let (algorithm, secret) = found.ok_or(BadKey::Form)?;
        let key = SigningKey::new(name, algorithm, secret.try_into().map_err(|_| BadKey::Form)?)?;
        if key.public.id.to_string() == id { Ok(key) } else { Err(BadKey::Id) }
    }

    /// The one line to be kept secret.
    pub fn to_secret_text(&self) -> String {
        let secret = match &self.secret {
            Secret::Ed25519(key) => key.to_bytes().to_vec(),
            Secret::Sm2(key) => key.to_bytes().to_vec(),
        };
        let material = [self.public.algorithm().mark(), &secret].concat();
        format!("{PRIVATE}{}+{}+{}", self.public.name, self.public.id, STANDARD.encode(material))
    }

    /// The key to be published.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs bytes. The same bytes get the same signature: no chance is needed (RFC 8032; RFC 6979 with SM3 for SM2).
    pub fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], BadKey> {
        match &self.secret {
            Secret::Ed25519(key) => Ok(key.sign(message).to_bytes()),
            Secret::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.try_sign(message).map_err(|_| BadKey::Sign)?;
                Ok(signature.to_bytes().into())
            }
        }
    }
}

/// Never the secret.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public)
    }
}

/// Name, id and material of a key's text. The name holds no plus sign, base64 may.
fn split(text: &str) -> Result<(&str, &str, Vec<u8>), BadKey> {
    let (name, rest) = text.split_once('+').ok_or(BadKey::Form)?;
    let (id, encoded) = rest.split_once('+').ok_or(BadKey::Form)?;
    let material = STANDARD.decode(encoded).map_err(|_| BadKey::Form)?;
    Ok((name, id, material))
}
