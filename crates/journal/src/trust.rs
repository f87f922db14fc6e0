//! Who signed, and whether the reader has a reason to believe it. Keys that come with a file say who claims to have signed; trust never comes from them.

use crate::checkpoint::{BadCheckpoint, SignedCheckpoint};
use crate::key::VerifyingKey;
use crate::note::BadNote;

/// Signer 签发者 — a key whose signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The key.
    pub key: VerifyingKey,
    /// True if the reader named this very key. Otherwise anybody may have made it: compare its fingerprint by telephone or with the gazette.
    pub is_trusted: bool,
}

/// What was not proved, whatever else was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// No key was named by the reader, so that only inner consistency was shown.
    #[error(
        "签发者是谁:没有提供可信公钥,只核对了文件内部前后一致,任何人都能造出一份内部一致的文件。请通过电话或公报核对公钥指纹,再用 --key 指定公钥重新核对。"
    )]
    Signer,
    /// The older checkpoint is signed by a key that the reader did not name; its entries are proved, its date and signer are not.
    #[error("较早检查点由谁、何时签发:它的签名不是由可信公钥作出的。它的条数和根指纹已由一致性证明核实。")]
    OlderSigner,
    /// The date of a checkpoint is what its signer says.
    #[error("检查点的时间:由签发者自报,没有第三方时间戳。")]
    Time,
    /// A log could be kept twice, with two histories.
    #[error("日志只有一份:请与其他单位或公报上同一条数的根指纹比对,不同即说明有两份日志。")]
    OneLog,
    /// Entries that the bundle does not hold.
    #[error("其余 {count} 条日志的内容:不在这份证明包里。")]
    OtherEntries {
        /// How many.
        count: u64,
    },
    /// Names and media types of documents, and which entries were chosen, are the word of whoever made the bundle.
    #[error("文件的名称和类型、挑选了哪些条目:由制作证明包的人填写,不在日志之中。")]
    Choice,
    /// The journal says what was done, not that a figure is true.
    #[error("数据是否属实:证明的是记录没有被改动,不是所填数据真实。")]
    Truth,
}

/// Checks every signature below a checkpoint by the keys that came with it, in the order of the lines. A line that cannot be checked is refused,
/// because nobody could tell whether it was altered.
pub(crate) fn signers(
    signed: &SignedCheckpoint,
    carried: &[VerifyingKey],
    trusted: &[VerifyingKey],
) -> Result<Vec<Signer>, BadCheckpoint> {
    let mut signers = Vec::new();
    for signature in signed.signatures() {
        let key = carried.iter().find(|key| signature.is_by(key));
        let missing = || BadNote::NoKey { name: signature.name().to_owned(), id: signature.id() };
        let key = key.ok_or_else(missing)?;
        signed.verify(key)?;
        signers.push(Signer { key: key.clone(), is_trusted: trusted.contains(key) });
    }
    Ok(signers)
}

/// The first key, counted from 1, that signed nothing or stands there twice: it could be exchanged unnoticed.
pub(crate) fn idle_key(keys: &[VerifyingKey], signers: &[&Signer]) -> Option<usize> {
    let is_idle = |key: &VerifyingKey| {
        let is_twice = keys.iter().filter(|other| *other == key).count() > 1;
        is_twice || !signers.iter().any(|signer| signer.key == *key)
    };
    Some(1 + keys.iter().position(is_idle)?)
}

/// True if one of them is trusted.
pub(crate) fn is_any_trusted(signers: &[Signer]) -> bool {
    signers.iter().any(|signer| signer.is_trusted)
}
