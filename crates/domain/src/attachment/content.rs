//! What a file is by what stands in it, and which files may be evidence. The name of a file proves nothing.

use super::package;

/// Kind of content 文件类型, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentKind {
    /// A workbook that is a package of parts: xlsx, et; of older files any package of an office program.
    Package,
    /// A document that is a package of parts: docx, wps.
    Document,
    /// A workbook of the old format: xls, et; of older files any file of an old office program.
    OldWorkbook,
    /// A document of the old format: doc, wps.
    OldDocument,
    /// PDF.
    Pdf,
    /// OFD (GB/T 33190—2016), in which electronic invoices come.
    Ofd,
    /// A picture, PNG.
    Png,
    /// A picture, JPEG.
    Jpeg,
    /// A picture, WebP.
    Webp,
    /// A picture as telephones take it, HEIC.
    Heic,
    /// A text packed with gzip.
    PackedText,
    /// Text: csv, txt.
    Text,
}

/// Largest file, in bytes: a year's journal of vouchers of a large enterprise.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes of a file that are looked at to tell text from anything else.
const LOOKED_AT_BYTES: usize = 4_096;

/// The beginning of every file of the old office programs, and of some installers.
const OLD_OFFICE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

impl ContentKind {
    /// All kinds.
    pub const ALL: [ContentKind; 12] = [
        ContentKind::Package,
        ContentKind::Document,
        ContentKind::OldWorkbook,
        ContentKind::OldDocument,
        ContentKind::Pdf,
        ContentKind::Ofd,
        ContentKind::Png,
        ContentKind::Jpeg,
        ContentKind::Webp,
        ContentKind::Heic,
        ContentKind::PackedText,
        ContentKind::Text,
    ];

    /// What a file is; none for what is not taken: programs, scripts of the shell, pages, archives.
    pub fn of(content: &[u8]) -> Option<ContentKind> {
        match content {
            [b'P', b'K', 3, 4, ..] => is_office_package(content).then_some(ContentKind::Package),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(ContentKind::Pdf),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(ContentKind::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(ContentKind::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ContentKind::Webp),
            [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] if is_heic([*a, *b, *c, *d]) => {
                Some(ContentKind::Heic)
            }
            [0x1F, 0x8B, ..] => Some(ContentKind::PackedText),
            [b'M', b'Z', ..] | [b'#', b'!', ..] | [0x7F, b'E', b'L', b'F', ..] => None,
            _ if content.starts_with(&OLD_OFFICE) => Some(ContentKind::OldWorkbook),
            _ => is_text(content).then_some(ContentKind::Text),
        }
    }

    /// What a file is that is to be looked at by people, or the reason why it is not taken. Stricter than [`ContentKind::of`],
    /// because nothing reads it again before somebody opens it.
    pub fn of_evidence(content: &[u8]) -> Result<ContentKind, &'static str> {
        const UNKNOWN: &str = "文件的内容不是 PDF、图片、Excel、Word、OFD 或 csv 表格。请另存或拍照后再上传。";
        match content {
            [] => Err("文件是空的。"),
            [b'P', b'K', 3, 4, ..] => package::kind(content),
            [0x1F, 0x8B, ..] | [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => {
                Err("文件是压缩包。请解压后上传里面的文件。")
            }
            [b'M', b'Z', ..] | [0x7F, b'E', b'L', b'F', ..] | [b'#', b'!', ..] => Err("文件是程序,不能作为附件。"),
            _ if content.starts_with(&OLD_OFFICE) => old_office(content),
            _ => match ContentKind::of(content) {
                Some(ContentKind::Text) => separated(content),
                Some(kind) => Ok(kind),
                None if is_markup(content) => Err("文件的内容是网页或带脚本的图形,不能作为附件。请截图或打印成 PDF。"),
                None => Err(UNKNOWN),
            },
        }
    }

    /// Whether a table can stand in it.
    pub fn is_table(self) -> bool {
        matches!(self, ContentKind::Package | ContentKind::OldWorkbook | ContentKind::PackedText | ContentKind::Text)
    }

    /// Whether every browser shows it as a picture and can do nothing else with it.
    pub fn is_shown(self) -> bool {
        matches!(self, ContentKind::Png | ContentKind::Jpeg)
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            ContentKind::Package => "package",
            ContentKind::Document => "document",
            ContentKind::OldWorkbook => "old_workbook",
            ContentKind::OldDocument => "old_document",
            ContentKind::Pdf => "pdf",
            ContentKind::Ofd => "ofd",
            ContentKind::Png => "png",
            ContentKind::Jpeg => "jpeg",
            ContentKind::Webp => "webp",
            ContentKind::Heic => "heic",
            ContentKind::PackedText => "packed_text",
            ContentKind::Text => "text",
        }
    }

    /// Reads [`ContentKind::key`].
    pub fn from_key(key: &str) -> Option<ContentKind> {
        ContentKind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            ContentKind::Package | ContentKind::OldWorkbook => "Excel",
            ContentKind::Document | ContentKind::OldDocument => "Word",
            ContentKind::Pdf => "PDF",
            ContentKind::Ofd => "OFD",
            ContentKind::Png | ContentKind::Jpeg | ContentKind::Webp | ContentKind::Heic => "图片",
            ContentKind::PackedText => "压缩文本",
            ContentKind::Text => "文本表格",
        }
    }

    /// The name by which a browser knows it (IANA).
    pub fn media_type(self) -> &'static str {
        match self {
            ContentKind::Package => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ContentKind::Document => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ContentKind::OldWorkbook => "application/vnd.ms-excel",
            ContentKind::OldDocument => "application/msword",
            ContentKind::Pdf => "application/pdf",
            ContentKind::Ofd => "application/ofd",
            ContentKind::Png => "image/png",
            ContentKind::Jpeg => "image/jpeg",
            ContentKind::Webp => "image/webp",
            ContentKind::Heic => "image/heic",
            ContentKind::PackedText => "application/gzip",
            // Its encoding is not known: csv of Chinese programs is as often GBK as UTF-8.
            ContentKind::Text => "text/csv",
        }
    }
}

/// A package of an office program names its parts at its beginning or, at the latest, in the list at its end; any other
/// archive does not.
fn is_office_package(content: &[u8]) -> bool {
    const PARTS: [&[u8]; 3] = [b"[Content_Types].xml", b"_rels/.rels", b"xl/workbook.xml"];
    let end = content.get(content.len().saturating_sub(64 * 1024)..).unwrap_or_default();
    [start(content), end].iter().any(|part| PARTS.iter().any(|name| holds(part, name)))
}

fn start(content: &[u8]) -> &[u8] {
    content.get(..LOOKED_AT_BYTES.min(content.len())).unwrap_or_default()
}

fn holds(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|at| at == wanted)
}

/// The brands under which telephones write still pictures (ISO/IEC 23008-12).
fn is_heic(brand: [u8; 4]) -> bool {
    [*b"heic", *b"heix", *b"heim", *b"heis", *b"hevc", *b"mif1"].contains(&brand)
}

/// A file of an old office program names its main stream in UTF-16; an installer, which begins alike, does not.
fn old_office(content: &[u8]) -> Result<ContentKind, &'static str> {
    let names = |word: &str| {
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(content, &wide)
    };
    if names("Workbook\0") || names("Book\0") {
        Ok(ContentKind::OldWorkbook)
    } else if names("WordDocument\0") {
        Ok(ContentKind::OldDocument)
    } else {
        Err("文件不是 xls 或 doc 文档。安装程序、邮件等不能作为附件。")
    }
}

/// Text has no control characters but tabs and ends of lines, or it is UTF-16 and says so. It is no page of the web, which
/// could carry a script.
fn is_text(content: &[u8]) -> bool {
    let start = start(content);
    let is_utf16 = matches!(start, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    let is_control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A);
    !start.is_empty() && !is_markup(start) && (is_utf16 || !start.iter().any(is_control))
}

/// The first sign is that of a tag.
fn is_markup(content: &[u8]) -> bool {
    let first = content.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF | 0));
    first == Some(&b'<')
}

/// Lines of a text that are looked at to tell a table from anything else.
const LINES_LOOKED_AT: usize = 20;

/// A text is evidence only as a table: at least two of its first lines have columns, and no fewer than those that have none.
/// A page of the web that begins with words is none either.
fn separated(content: &[u8]) -> Result<ContentKind, &'static str> {
    const TAGS: [&[u8]; 5] = [b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe"];
    // UTF-16 is read as if its zero bytes were not there; only signs of ASCII are looked for.
    let text: Vec<u8> = start(content).iter().filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    if TAGS.iter().any(|tag| holds(&text, tag)) {
        return Err("文件的内容带有网页或脚本,不能作为附件。请截图或打印成 PDF。");
    }
    let lines = text.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.trim_ascii().is_empty());
    let (with, without): (Vec<&[u8]>, Vec<&[u8]>) =
        lines.take(LINES_LOOKED_AT).partition(|line| line.iter().any(|b| matches!(b, b',' | b'\t' | b';')));
    if with.len() >= 2 && with.len() >= without.len() {
        Ok(ContentKind::Text)
    } else {
        Err("文件是文本,但不是分列的表格(csv)。请打印成 PDF 或粘贴到 Excel 后上传。")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_stands_in_it() {
        let package = [b"PK\x03\x04....[Content_Types].xml".as_slice(), &[0; 40]].concat();
        let cases: [(&[u8], Option<ContentKind>); 16] = [
            (&package, Some(ContentKind::Package)),
            (b"PK\x03\x04....virus.exe", None),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..", Some(ContentKind::OldWorkbook)),
            (b"%PDF-1.7", Some(ContentKind::Pdf)),
            (b"\x89PNG\r\n\x1A\n", Some(ContentKind::Png)),
            (b"\xFF\xD8\xFF\xE0", Some(ContentKind::Jpeg)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(ContentKind::Webp)),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Some(ContentKind::Heic)),
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

    #[test]
    fn evidence_is_what_a_person_may_open_without_care() {
        let wide = |word: &str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let old = |word: &str| [OLD_OFFICE.as_slice(), &[0; 600], &wide(word), &[0; 40]].concat();
        let utf16 = [vec![0xFF, 0xFE], wide("日期,金额\n2026-03-01,7\n")].concat();
        let cases: [(&[u8], Result<ContentKind, &str>); 18] = [
            (b"%PDF-1.7\n%<html>", Ok(ContentKind::Pdf)),
            (b"\x89PNG\r\n\x1A\n", Ok(ContentKind::Png)),
            (&old("Workbook"), Ok(ContentKind::OldWorkbook)),
            (&old("WordDocument"), Ok(ContentKind::OldDocument)),
            (&old("Setup"), Err("安装程序")),
            ("销售明细\n日期,金额\n2026-03-01,7\n".as_bytes(), Ok(ContentKind::Text)),
            ("日期\t金额\r\n1\t2\r\n".as_bytes(), Ok(ContentKind::Text)),
            (&utf16, Ok(ContentKind::Text)),
            ("情况说明\n三月新增一条生产线。\n请查收。\n".as_bytes(), Err("不是分列的表格")),
            ("只有一行,没有第二行".as_bytes(), Err("不是分列的表格")),
            (b"a,b\nc,<SCRIPT src=x>\n", Err("网页或脚本")),
            (b"\xEF\xBB\xBF\n <!DOCTYPE html>", Err("网页")),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", Err("网页")),
            (b"MZ\x90\x00", Err("程序")),
            (b"#!/bin/sh\nls\n", Err("程序")),
            (b"\x1F\x8B\x08", Err("压缩包")),
            (b"\0\0\0\0\0\0\0\0", Err("不是 PDF")),
            (b"", Err("空的")),
        ];
        for (content, promised) in cases {
            let shown = String::from_utf8_lossy(content).into_owned();
            match (ContentKind::of_evidence(content), promised) {
                (Ok(kind), Ok(wanted)) => assert_eq!(kind, wanted, "{shown:?}"),
                (Err(reason), Err(words)) => assert!(reason.contains(words), "{shown:?}: {reason}"),
                (found, _) => panic!("{shown:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn every_kind_has_a_name_of_its_own_in_storage() {
        for kind in ContentKind::ALL {
            assert_eq!(ContentKind::from_key(kind.key()), Some(kind));
        }
        assert_eq!(ContentKind::from_key("page"), None);
    }
}
