//! A whole journal as lines of text, written and checked line by line: a head line, one line for each entry, and last the keys with the signed
//! checkpoint. Memory does not grow with the journal. The format is described in docs/journal.md.

use std::io::{self, BufRead, Read as _, Write};

use crate::checkpoint::{BadCheckpoint, Checkpoint, SignedCheckpoint};
use crate::entry::{Entry, Head};
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::json::{BadJson, Reader, push_list, push_string};
use crate::key::{BadKey, VerifyingKey};
use crate::limits::{EXPORT_LINE_BYTES_MAX, SIGNATURES_MAX};
use crate::owned::{EntryBuf, push_items};
use crate::trust::{Signer, Unproved, idle_key, is_any_trusted, signers};

/// The first line.
const START: &str = "{\"format\":\"youju.journal.export.1\"}\n";

/// A journal could not be written out, or this is no export of a journal.
#[derive(Debug, thiserror::Error)]
pub enum BadExport {
    /// The file cannot be read or written.
    #[error("读写失败:{0}。请检查文件和磁盘后重试。")]
    Io(#[from] io::Error),
    /// A line is not written as it must be.
    #[error("第 {line} 行{bad}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// Where in the line.
        bad: BadJson,
    },
    /// A line is longer than any entry.
    #[error("第 {line} 行超过 {EXPORT_LINE_BYTES_MAX} 字节。请核对文件是否取错。")]
    TooLong {
        /// Counted from 1.
        line: u64,
    },
    /// Entries stand in order from 1 without gaps.
    #[error("应为日志第 {expected} 条,却是第 {found} 条:有条目被删除、插入或颠倒。")]
    Order {
        /// What should stand here.
        expected: u64,
        /// What stands here.
        found: u64,
    },
    /// The file ends before the checkpoint.
    #[error("没有检查点就结束了:文件在日志第 {size} 条之后被截断。")]
    CutOff {
        /// How many entries were there.
        size: u64,
    },
    /// Something follows the checkpoint.
    #[error("检查点之后还有内容:第 {line} 行起是后来加上的。")]
    Appended {
        /// Counted from 1.
        line: u64,
    },
    /// The checkpoint is of a longer or shorter journal.
    #[error("文件有 {found} 条日志,检查点是 {expected} 条:有条目被删除或添加。")]
    Size {
        /// How many there are.
        found: u64,
        /// How many the checkpoint has.
        expected: u64,
    },
    /// The entries are not those of the checkpoint.
    #[error(
        "{size} 条日志的根指纹是 {root},与检查点不符:有条目被改动过。请停止写入,保留现场,用逐条核对或较早的导出文件找出位置。"
    )]
    Root {
        /// How many entries there are.
        size: u64,
        /// Their root.
        root: Hash,
    },
    /// A key cannot be read.
    #[error("第 {nth} 个公钥无法使用:{bad}")]
    Key {
        /// Counted from 1.
        nth: usize,
        /// Why.
        bad: BadKey,
    },
    /// A key signed nothing here, or stands here twice.
    #[error("第 {nth} 个公钥多余或重复:它没有签过这里的检查点。")]
    UnusedKey {
        /// Counted from 1.
        nth: usize,
    },
    /// The checkpoint cannot be read, or its signature is not good.
    #[error("检查点不成立:{0}")]
    Checkpoint(#[from] BadCheckpoint),
    /// Signed, but by none of the keys that the reader trusts.
    #[error("检查点不是由可信公钥签发的。签发它的公钥指纹是 {}。请通过电话或公报核对。", .fingerprints.iter().map(Hash::to_string).collect::<Vec<_>>().join("、"))]
    Untrusted {
        /// Fingerprints of the keys that signed.
        fingerprints: Vec<Hash>,
    },
}

/// Writes a journal out.
pub struct ExportWriter<'a> {
    out: &'a mut dyn Write,
    log: Frontier,
    line: String,
}

impl<'a> ExportWriter<'a> {
    /// Writes the head line. Give a buffered writer.
    pub fn start(out: &'a mut dyn Write) -> Result<ExportWriter<'a>, BadExport> {
        out.write_all(START.as_bytes())?;
        Ok(ExportWriter { out, log: Frontier::default(), line: String::new() })
    }

    /// Writes the next entry.
    pub fn entry(&mut self, entry: &Entry<'_>) -> Result<(), BadExport> {
        must_follow(&self.log, entry.seq)?;
        self.line.clear();
        self.line.push('[');
        push_items(&mut self.line, entry);
        self.line.push_str("]\n");
        if self.line.len() > EXPORT_LINE_BYTES_MAX {
            return Err(BadExport::TooLong { line: entry.seq + 1 });
        }
        self.out.write_all(self.line.as_bytes())?;
        self.log.append(entry.leaf_hash());
        Ok(())
    }

    /// How much was written, to be signed if there is no checkpoint of this size yet.
    pub fn head(&self) -> Head {
        Head { size: self.log.size(), root: self.log.root() }
    }

    /// Writes the signed checkpoint with its keys. It must be of exactly these entries.
    pub fn finish(self, signed: &SignedCheckpoint, keys: &[VerifyingKey]) -> Result<(), BadExport> {
        check(&self.log, signed, keys, &[])?;
        let mut line = "{\"keys\":".to_owned();
        push_list(&mut line, keys, |out, key| push_string(out, &key.to_string()));
        line.push_str(",\"checkpoint\":");
        push_string(&mut line, &signed.to_string());
        line.push_str("}\n");
        self.out.write_all(line.as_bytes())?;
        Ok(self.out.flush()?)
    }
}

/// What was found out about an exported journal in which everything fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// The log, its size and root, and when.
    pub checkpoint: Checkpoint,
    /// Who signed that.
    pub signers: Vec<Signer>,
}

impl ExportReport {
    /// True if a key that the reader trusts signed the checkpoint. Otherwise only inner consistency was shown.
    pub fn is_proved(&self) -> bool {
        is_any_trusted(&self.signers)
    }

    /// What was not proved, and how the reader may go on.
    pub fn unproved(&self) -> Vec<Unproved> {
        let signer = if self.is_proved() { None } else { Some(Unproved::Signer) };
        signer.into_iter().chain([Unproved::Time, Unproved::OneLog, Unproved::Truth]).collect()
    }
}

/// Reads an exported journal and checks all of it. `visit` sees each entry as it is read, before anything is proved. With trusted keys, one of them
/// must have signed the checkpoint.
pub fn verify_export(
    input: &mut dyn BufRead,
    trusted: &[VerifyingKey],
    visit: &mut dyn FnMut(&EntryBuf),
) -> Result<ExportReport, BadExport> {
    let mut lines = Lines { input, bytes: Vec::new(), line: 0 };
    let mut log = Frontier::default();
    let first = lines.next()?.ok_or(BadExport::CutOff { size: 0 })?;
    let mut reader = Reader::new(first);
    let is_start = reader.literal(START).and_then(|()| reader.end());
    is_start.map_err(|bad| lines.form(bad))?;
    loop {
        let Some(text) = lines.next()? else { return Err(BadExport::CutOff { size: log.size() }) };
        if !text.starts_with('[') {
            break;
        }
        let entry = read_entry(text).map_err(|bad| lines.form(bad))?;
        must_follow(&log, entry.seq)?;
        log.append(entry.entry().leaf_hash());
        visit(&entry);
    }
    let (keys, signed) = lines.read_last()?;
    if lines.next()?.is_some() {
        return Err(BadExport::Appended { line: lines.line });
    }
    let signers = check(&log, &signed, &keys, trusted)?;
    Ok(ExportReport { checkpoint: signed.checkpoint().clone(), signers })
}

/// The entries must be those of the checkpoint, and the checkpoint signed by all of these keys and no others.
fn check(
    log: &Frontier,
    signed: &SignedCheckpoint,
    keys: &[VerifyingKey],
    trusted: &[VerifyingKey],
) -> Result<Vec<Signer>, BadExport> {
    let signers = signers(signed, keys, trusted)?;
    if let Some(nth) = idle_key(keys, &signers.iter().collect::<Vec<_>>()) {
        return Err(BadExport::UnusedKey { nth });
    }
    if !trusted.is_empty() && !is_any_trusted(&signers) {
        let fingerprints = signers.iter().map(|signer| signer.key.fingerprint()).collect();
        return Err(BadExport::Untrusted { fingerprints });
    }
    let expected = signed.checkpoint().head();
    if log.size() != expected.size {
        return Err(BadExport::Size { found: log.size(), expected: expected.size });
    }
    if log.root() != expected.root {
        return Err(BadExport::Root { size: log.size(), root: log.root() });
    }
    Ok(signers)
}

fn must_follow(log: &Frontier, found: u64) -> Result<(), BadExport> {
    let expected = log.size() + 1;
    if found == expected { Ok(()) } else { Err(BadExport::Order { expected, found }) }
}

fn read_entry(text: &str) -> Result<EntryBuf, BadJson> {
    let mut reader = Reader::new(text);
    reader.literal("[")?;
    let entry = EntryBuf::read_items(&mut reader)?;
    reader.literal("]\n")?;
    reader.end()?;
    Ok(entry)
}

/// The lines of a file, one at a time.
struct Lines<'a> {
    input: &'a mut dyn BufRead,
    bytes: Vec<u8>,
    line: u64,
}

impl Lines<'_> {
    /// The next line with its line break, which must be there. None at the end of the file.
    fn next(&mut self) -> Result<Option<&str>, BadExport> {
        self.bytes.clear();
        self.line += 1;
        let most = EXPORT_LINE_BYTES_MAX as u64;
        (&mut *self.input).take(most + 1).read_until(b'\n', &mut self.bytes)?;
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        if self.bytes.len() > EXPORT_LINE_BYTES_MAX {
            return Err(BadExport::TooLong { line });
        }
        let text = std::str::from_utf8(&self.bytes);
        text.map(Some).map_err(|bad| BadExport::Line { line, bad: BadJson::Form { byte: bad.valid_up_to() + 1 } })
    }

    fn form(&self, bad: BadJson) -> BadExport {
        BadExport::Line { line: self.line, bad }
    }

    /// Reads the line that was taken last as the one with keys and checkpoint.
    fn read_last(&self) -> Result<(Vec<VerifyingKey>, SignedCheckpoint), BadExport> {
        let mut reader = Reader::new(std::str::from_utf8(&self.bytes).unwrap_or_default());
        let form = |bad| self.form(bad);
        let mut texts = Vec::new();
        reader.literal("{\"keys\":").map_err(form)?;
        let list = reader.list(SIGNATURES_MAX, |reader| {
            texts.push(reader.string()?);
            Ok(())
        });
        list.map_err(form)?;
        reader.literal(",\"checkpoint\":").map_err(form)?;
        let note = reader.string().map_err(form)?;
        reader.literal("}\n").and_then(|()| reader.end()).map_err(form)?;
        let key = |(nth, text): (usize, &String)| VerifyingKey::parse(text).map_err(|bad| BadExport::Key { nth, bad });
        let keys: Result<Vec<_>, _> = (1..).zip(&texts).map(key).collect();
        Ok((keys?, SignedCheckpoint::parse(&note)?))
    }
}
