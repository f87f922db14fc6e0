//! Stamp: the last bytes of a backup are the digest of all others, so that no byte can change unnoticed, also none that no table owns. They are
//! the comment of the zip, which is written blank and filled in on the way out.

use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::crypto::{Digest, Digesting};

/// Bytes of the stamp: name of the algorithm, colon, digits, blanks.
pub(super) const BYTES: usize = 80;

/// The comment before it is filled in.
pub(super) fn blank() -> String {
    " ".repeat(BYTES)
}

/// Digests what passes and keeps the last bytes back.
pub(super) struct Stamping<W> {
    out: W,
    digest: Digest,
    state: Digesting,
    held: Vec<u8>,
}

impl<W: Write> Stamping<W> {
    pub(super) fn new(out: W, digest: Digest) -> Stamping<W> {
        Stamping { out, digest, state: digest.begin(), held: Vec::new() }
    }

    /// Writes the stamp where the blank comment was.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let stamp = format!("{}:{}", self.digest.name(), self.state.finish());
        self.out.write_all(format!("{stamp:<BYTES$}").as_bytes())?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Stamping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let goes = self.held.len().saturating_sub(BYTES);
        let passing = self.held.get(..goes).unwrap_or_default();
        self.state.update(passing);
        self.out.write_all(passing)?;
        self.held.drain(..goes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the stamp is that of the bytes before it.
pub(super) fn is_sound(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(body) = length.checked_sub(BYTES as u64) else { return Ok(false) };
    let mut stamp = String::new();
    file.seek(SeekFrom::Start(body))?;
    if file.take(BYTES as u64).read_to_string(&mut stamp).is_err() {
        return Ok(false);
    }
    let Some((digest, said)) = stamp.trim_end().split_once(':') else { return Ok(false) };
    let Some(mut state) = Digest::from_name(digest).map(Digest::begin) else { return Ok(false) };
    file.rewind()?;
    let (mut piece, mut left) = (vec![0; 64 * 1024], body);
    while left > 0 {
        let wanted = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let Some(into) = piece.get_mut(..wanted) else { return Ok(false) };
        let count = file.read(into)?;
        if count == 0 {
            return Ok(false);
        }
        state.update(piece.get(..count).unwrap_or_default());
        left -= count as u64;
    }
    file.rewind()?;
    Ok(state.finish() == said && stamp.ends_with(' '))
}
