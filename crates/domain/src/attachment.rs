//! Attachments 附件: what a file is by what stands in it, and which files are taken. The name of a file proves nothing.

/// Kind of content 文件类型, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentKind {
    /// A workbook or document that is a package of parts: xlsx, et, docx.
    Package,
    /// A workbook of the old format: xls, et.
    OldWorkbook,
    /// PDF.
    Pdf,
    /// A picture, PNG.
    Png,
    /// A picture, JPEG.
    Jpeg,
    /// A text packed with gzip.
    PackedText,
    /// Text: csv, txt.
    Text,
}

/// Largest file, in bytes: a year's journal of vouchers of a large enterprise.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes of a file that are looked at to tell text from anything else.
const LOOKED_AT_BYTES: usize = 4_096;

impl ContentKind {
    /// What a file is; none for what is not taken: programs, scripts of the shell, pages, archives.
    pub fn of(content: &[u8]) -> Option<ContentKind> {
        match content {
            [b'P', b'K', 3, 4, ..] => is_office_package(content).then_some(ContentKind::Package),
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Some(ContentKind::OldWorkbook),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(ContentKind::Pdf),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(ContentKind::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(ContentKind::Jpeg),
            [0x1F, 0x8B, ..] => Some(ContentKind::PackedText),
            [b'M', b'Z', ..] | [b'#', b'!', ..] | [0x7F, b'E', b'L', b'F', ..] => None,
            _ => is_text(content).then_some(ContentKind::Text),
        }
    }

    /// Whether a table can stand in it.
    pub fn is_table(self) -> bool {
        matches!(self, ContentKind::Package | ContentKind::OldWorkbook | ContentKind::PackedText | ContentKind::Text)
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            ContentKind::Package => "package",
            ContentKind::OldWorkbook => "old_workbook",
            ContentKind::Pdf => "pdf",
            ContentKind::Png => "png",
            ContentKind::Jpeg => "jpeg",
            ContentKind::PackedText => "packed_text",
            ContentKind::Text => "text",
        }
    }
}

/// A package of an office program names its parts at its beginning or, at the latest, in the list at its end; any other
/// archive does not.
fn is_office_package(content: &[u8]) -> bool {
    const PARTS: [&[u8]; 3] = [b"[Content_Types].xml", b"_rels/.rels", b"xl/workbook.xml"];
    let end = content.get(content.len().saturating_sub(64 * 1024)..).unwrap_or_default();
    let start = content.get(..LOOKED_AT_BYTES.min(content.len())).unwrap_or_default();
    [start, end].iter().any(|part| PARTS.iter().any(|name| part.windows(name.len()).any(|at| at == *name)))
}

/// Text has no control characters but tabs and ends of lines, or it is UTF-16 and says so. It is no page of the web, which
/// could carry a script.
fn is_text(content: &[u8]) -> bool {
    let start = content.get(..LOOKED_AT_BYTES.min(content.len())).unwrap_or_default();
    let is_utf16 = matches!(start, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    let is_control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A);
    let first = start.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF));
    !start.is_empty() && first != Some(&b'<') && (is_utf16 || !start.iter().any(is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_stands_in_it() {
        let package = [b"PK\x03\x04....[Content_Types].xml".as_slice(), &[0; 40]].concat();
        let cases: [(&[u8], Option<ContentKind>); 14] = [
            (&package, Some(ContentKind::Package)),
            (b"PK\x03\x04....virus.exe", None),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..", Some(ContentKind::OldWorkbook)),
            (b"%PDF-1.7", Some(ContentKind::Pdf)),
            (b"\x89PNG\r\n\x1A\n", Some(ContentKind::Png)),
            (b"\xFF\xD8\xFF\xE0", Some(ContentKind::Jpeg)),
            (b"\x1F\x8B\x08", Some(ContentKind::PackedText)),
            ("日期,金额\n".as_bytes(), Some(ContentKind::Text)),
            (b"\xFF\xFE\xE5\x65", Some(ContentKind::Text)),
            (b"MZ\x90\x00", None),
            (b"#!/bin/sh\n", None),
            (b"  <html><script>", None),
            (b"a,b\0c", None),
            (b"", None),
        ];
        for (content, kind) in cases {
            assert_eq!(ContentKind::of(content), kind, "{:?}", String::from_utf8_lossy(content));
        }
    }
}
