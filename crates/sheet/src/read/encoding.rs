//! Bytes become text: packed or plain, UTF-8, UTF-16 or GB 18030, piece by piece, so that a file of any size can be read.
//!
//! Chinese Excel saves CSV as GBK (a part of GB 18030), everything else writes UTF-8; nobody writes down which. The first
//! bytes that are not ASCII decide. A wrong byte later on is an error with its line, never a replacement character.

use std::io::{Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use flate2::read::MultiGzDecoder;

use crate::error::SheetError;
use crate::limits::{UNPACK_RATIO_FROM_BYTES, UNPACK_RATIO_MAX};

/// The first two bytes of a gzip file.
pub(crate) const GZIP_MARK: [u8; 2] = [0x1f, 0x8b];

const PIECE_BYTES: usize = 64 * 1024;
/// This many bytes from the first foreign one on are looked at to recognise the encoding.
const SAMPLE_BYTES: usize = 8 * 1024;
/// GBK text looks like UTF-8 by accident: 凭证摘要 is four characters of two bytes each. Chinese takes three bytes in UTF-8, and
/// four such characters are no accident.
const UTF_8_CHARS_MIN: usize = 4;

/// Counts what passes, for progress bars and the unpacking ratio.
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

type Rewound<R> = std::io::Chain<Cursor<Vec<u8>>, Counted<R>>;

/// Where bytes come from; gzip is unpacked on the way.
enum Source<R: Read> {
    Plain(Rewound<R>),
    Packed(Box<MultiGzDecoder<Rewound<R>>>),
}

impl<R: Read> Source<R> {
    fn open(reader: R) -> Result<Source<R>, SheetError> {
        let mut counted = Counted { inner: reader, bytes: 0 };
        let mut head = Vec::new();
        Read::by_ref(&mut counted).take(2).read_to_end(&mut head)?;
        let is_packed = head == GZIP_MARK;
        let rewound = Cursor::new(head).chain(counted);
        Ok(if is_packed { Source::Packed(Box::new(MultiGzDecoder::new(rewound))) } else { Source::Plain(rewound) })
    }

    fn bytes_read(&self) -> u64 {
        match self {
            Source::Plain(rewound) => rewound.get_ref().1.bytes,
            Source::Packed(decoder) => decoder.get_ref().get_ref().1.bytes,
        }
    }
}

/// Text from any reader.
pub(crate) struct TextReader<R: Read> {
    source: Source<R>,
    /// None while everything has been ASCII.
    decoder: Option<Decoder>,
    pending: Vec<u8>,
    is_started: bool,
    is_at_end: bool,
    line: u64,
    unpacked_bytes: u64,
}

impl<R: Read> TextReader<R> {
    /// Starts to read; gzip is recognised by its first bytes.
    pub(crate) fn open(reader: R) -> Result<TextReader<R>, SheetError> {
        Ok(TextReader {
            source: Source::open(reader)?,
            decoder: None,
            pending: Vec::new(),
            is_started: false,
            is_at_end: false,
            line: 1,
            unpacked_bytes: 0,
        })
    }

    /// Bytes taken from the reader so far (packed bytes, when the file is packed).
    pub(crate) fn bytes_read(&self) -> u64 {
        self.source.bytes_read()
    }

    /// Appends the next piece of text; false when there is no more.
    pub(crate) fn next_piece(&mut self, text: &mut String) -> Result<bool, SheetError> {
        if self.is_at_end && self.pending.is_empty() {
            return Ok(false);
        }
        self.fill(PIECE_BYTES)?;
        if !self.is_started {
            self.is_started = true;
            self.take_mark();
        }
        if self.decoder.is_none() && !self.pending.is_ascii() {
            self.fill(PIECE_BYTES + SAMPLE_BYTES)?;
            self.decoder = Some(recognise(&self.pending).new_decoder_without_bom_handling());
        }
        let from = text.len();
        match &mut self.decoder {
            None => text.push_str(&String::from_utf8_lossy(&self.pending)),
            Some(decoder) => decode(decoder, &self.pending, self.is_at_end, text).map_err(|encoding| {
                let lines = text.get(from..).unwrap_or_default().matches('\n').count();
                SheetError::Encoding { line: self.line + lines as u64, encoding: encoding.name().to_owned() }
            })?,
        }
        self.line += text.get(from..).unwrap_or_default().matches('\n').count() as u64;
        self.pending.clear();
        Ok(true)
    }

    /// Reads until `wanted` bytes are pending or the source ends.
    fn fill(&mut self, wanted: usize) -> Result<(), SheetError> {
        while !self.is_at_end && self.pending.len() < wanted {
            let room = (wanted - self.pending.len()) as u64;
            let count = match &mut self.source {
                Source::Plain(plain) => plain.take(room).read_to_end(&mut self.pending)?,
                Source::Packed(packed) => packed.take(room).read_to_end(&mut self.pending).map_err(|error| {
                    SheetError::Damaged { name: "压缩文件".to_owned(), reason: error.to_string() }
                })?,
            };
            self.is_at_end = count == 0;
            self.unpacked_bytes += count as u64;
        }
        let allowed = self.bytes_read().saturating_mul(UNPACK_RATIO_MAX).max(UNPACK_RATIO_FROM_BYTES);
        match &self.source {
            Source::Packed(_) if self.unpacked_bytes > allowed => {
                Err(SheetError::limit("压缩文件解压后的字节数", self.unpacked_bytes, allowed))
            }
            _ => Ok(()),
        }
    }

    /// Removes a byte order mark and remembers what it says.
    fn take_mark(&mut self) {
        if let Some((encoding, length)) = Encoding::for_bom(&self.pending) {
            self.pending.drain(..length);
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
        }
    }
}

/// UTF-8 or GB 18030, by the bytes from the first foreign one on.
fn recognise(bytes: &[u8]) -> &'static Encoding {
    let from = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = bytes.get(from..).unwrap_or_default();
    match std::str::from_utf8(sample) {
        Ok(_) => UTF_8,
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(error) => {
            let valid = sample.get(..error.valid_up_to()).unwrap_or_default();
            let foreign = String::from_utf8_lossy(valid).chars().filter(|c| c.len_utf8() > 2).count();
            if foreign >= UTF_8_CHARS_MIN { UTF_8 } else { GB18030 }
        }
    }
}

/// Decodes all of `bytes`, or says in which encoding it failed.
fn decode(decoder: &mut Decoder, bytes: &[u8], is_last: bool, text: &mut String) -> Result<(), &'static Encoding> {
    let mut rest = bytes;
    loop {
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 3) + 16);
        let (result, count) = decoder.decode_to_string_without_replacement(rest, text, is_last);
        rest = rest.get(count..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return Err(decoder.encoding()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8]) -> Result<String, SheetError> {
        let mut reader = TextReader::open(bytes)?;
        let mut text = String::new();
        while reader.next_piece(&mut text)? {}
        Ok(text)
    }

    #[test]
    fn every_encoding_of_chinese_offices_gives_the_same_text() {
        let text = "科目编码,科目名称\r\n1002,银行存款(元)\r\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let utf_16 = |mark: [u8; 2], to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(text.encode_utf16().flat_map(to_bytes)).collect()
        };
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            gbk.to_vec(),
            utf_16([0xFF, 0xFE], u16::to_le_bytes),
            utf_16([0xFE, 0xFF], u16::to_be_bytes),
        ] {
            assert_eq!(read_all(&bytes).unwrap(), text);
        }
    }

    #[test]
    fn words_whose_gbk_bytes_look_like_utf_8_are_no_utf_8() {
        let text = "凭证摘要,借方\n购料,5\n";
        assert_eq!(read_all(&encoding_rs::GBK.encode(text).0).unwrap(), text);
    }

    #[test]
    fn the_encoding_is_recognised_far_from_the_beginning() {
        let text = format!("{}银行存款", "1002,100.00\n".repeat(20_000));
        let (gbk, _, _) = encoding_rs::GBK.encode(&text);
        assert_eq!(read_all(&gbk).unwrap(), text);
        assert_eq!(read_all(text.as_bytes()).unwrap(), text);
    }

    #[test]
    fn characters_are_not_torn_at_the_border_of_a_piece() {
        for shift in 0..4 {
            let text = format!("{}{}", "x".repeat(PIECE_BYTES - shift), "统计".repeat(PIECE_BYTES));
            let (gbk, _, _) = encoding_rs::GBK.encode(&text);
            assert_eq!(read_all(&gbk).unwrap(), text);
            assert_eq!(read_all(text.as_bytes()).unwrap(), text);
        }
    }

    #[test]
    fn a_damaged_byte_is_reported_with_its_line() {
        let mut bytes = "科目编码\n银行存款\n应收账款".as_bytes().to_vec();
        let last = bytes.len() - 2;
        bytes[last] = b'x';
        let refusal = read_all(&bytes).unwrap_err();
        assert_eq!(refusal, SheetError::Encoding { line: 3, encoding: "UTF-8".into() });
    }

    #[test]
    fn a_gzip_bomb_is_refused_with_its_size() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..40 {
            gzip.write_all(&vec![b','; 1 << 20]).unwrap();
        }
        let packed = gzip.finish().unwrap();
        let mut reader = TextReader::open(packed.as_slice()).unwrap();
        let mut text = String::new();
        let refusal = loop {
            text.clear();
            match reader.next_piece(&mut text) {
                Ok(more) => assert!(more, "40 MiB came out of {} bytes", packed.len()),
                Err(refusal) => break refusal,
            }
        };
        assert!(matches!(refusal, SheetError::Limit { .. }), "{refusal}");
    }
}
