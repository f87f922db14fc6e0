//! Files and keys that the command line names.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

use youju_journal::VerifyingKey;
use youju_journal::limits::BUNDLE_BYTES_MAX;

/// Bytes of a file of keys: hundreds of keys with remarks.
const KEY_FILE_BYTES_MAX: u64 = 64 * 1024;

/// The bundle's bytes; a file that is too long is read only so far that this shows.
pub(crate) fn bundle(path: &Path) -> Result<Vec<u8>, String> {
    read(path, BUNDLE_BYTES_MAX as u64 + 1).map_err(|error| unreadable(path, &error))
}

/// The journal, to be read line by line.
pub(crate) fn journal(path: &Path) -> Result<BufReader<File>, String> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(BufReader::new(file))
}

/// What to say about a file that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("文件“{}”无法读取:{error}。请核对路径和权限。", path.display())
}

/// The trusted keys. Whoever names something that holds no key is told, instead of going on without one.
pub(crate) fn keys(named: &[String]) -> Result<Vec<VerifyingKey>, String> {
    let mut keys = Vec::new();
    for text in named {
        match VerifyingKey::parse(text) {
            Ok(key) => keys.push(key),
            Err(bad) => match read(Path::new(text), KEY_FILE_BYTES_MAX + 1) {
                Ok(bytes) => keys.extend(keys_of_file(text, &bytes)?),
                Err(_) => return Err(format!("“{text}”不是能读取的文件,也不是公钥:{bad}")),
            },
        }
    }
    Ok(keys)
}

/// One key on each line; empty lines and lines that begin with `#` are remarks.
fn keys_of_file(path: &str, bytes: &[u8]) -> Result<Vec<VerifyingKey>, String> {
    if bytes.len() as u64 > KEY_FILE_BYTES_MAX {
        return Err(format!("公钥文件“{path}”超过 {KEY_FILE_BYTES_MAX} 字节。请核对文件是否取错。"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| format!("公钥文件“{path}”不是 UTF-8 文本。"))?;
    let mut keys = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if !text.is_empty() && !text.starts_with('#') {
            let key = VerifyingKey::parse(text);
            keys.push(key.map_err(|bad| format!("公钥文件“{path}”第 {line} 行:{bad}"))?);
        }
    }
    if keys.is_empty() { Err(format!("公钥文件“{path}”里没有公钥。")) } else { Ok(keys) }
}

fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
