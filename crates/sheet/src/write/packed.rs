//! Large texts, line by line into gzip and from there into a zip: what is delivered is never in memory unpacked.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Seek, Write};

use encoding_rs::GB18030;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::zip::{FileOut, failed, moment};
use crate::error::SheetError;

/// Text on its way into gzip. The same text gives the same bytes: nothing stands in it but the text.
pub struct PackedText(GzEncoder<Vec<u8>>);

impl Default for PackedText {
    fn default() -> PackedText {
        PackedText(GzEncoder::new(Vec::new(), Compression::default()))
    }
}

impl PackedText {
    /// More text.
    pub fn push(&mut self, text: &str) -> Result<(), SheetError> {
        Ok(self.0.write_all(text.as_bytes())?)
    }

    /// The packed text.
    pub fn finish(self) -> Result<Vec<u8>, SheetError> {
        Ok(self.0.finish()?)
    }
}

/// A text in GB 18030, which holds every character; a byte order mark belongs to the other encoding and is left out.
pub fn in_gb18030(text: &str) -> Cow<'_, [u8]> {
    GB18030.encode(text.trim_start_matches('\u{feff}')).0
}

/// Writes a packed text as the first file of a zip, as it is or in GB 18030, and others behind it.
pub fn zip_packed<W: Write + Seek>(
    out: W,
    (first, packed, is_gb18030): (&FileOut, &[u8], bool),
    others: &[FileOut],
) -> Result<(), SheetError> {
    let mut writer = ZipWriter::new(out);
    let options = |file: &FileOut| {
        SimpleFileOptions::default().last_modified_time(moment(file.at)).unix_permissions(0o644).large_file(true)
    };
    writer.start_file(&first.path, options(first)).map_err(failed)?;
    let mut reader = BufReader::new(GzDecoder::new(packed));
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if is_gb18030 {
            writer.write_all(&in_gb18030(&line))?;
        } else {
            writer.write_all(line.as_bytes())?;
        }
        line.clear();
    }
    for file in others {
        writer.start_file(&file.path, options(file)).map_err(failed)?;
        writer.write_all(&file.bytes)?;
    }
    writer.finish().map_err(failed)?;
    Ok(())
}
