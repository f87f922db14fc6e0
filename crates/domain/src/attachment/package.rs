//! Packages of parts (zip): what the list at the end of the file says is in it. Nothing is unpacked.

use super::ContentKind;

/// Parts that are looked at; a document has hundreds.
const PARTS_MAX: usize = 20_000;

/// The list of parts ends within the last 64 KB and a little.
const END_BYTES: usize = 65_557;

/// The kind of a package that may be evidence, or why it is none.
pub(super) fn kind(content: &[u8]) -> Result<ContentKind, &'static str> {
    const NONE: &str = "文件是压缩包,不是 xlsx、docx 或 OFD 文档。请解压后上传里面的文件。";
    let parts = parts(content).ok_or(NONE)?;
    let has = |name: &[u8]| parts.contains(&name);
    let ends = |end: &[u8]| parts.iter().any(|part| part.to_ascii_lowercase().ends_with(end));
    if ends(b"vbaproject.bin") || ends(b".exe") || ends(b".js") {
        return Err("文件含有宏或程序。请另存为不含宏的 xlsx 或 docx 后再上传。");
    }
    if has(b"OFD.xml") {
        return Ok(ContentKind::Ofd);
    }
    if !has(b"[Content_Types].xml") {
        return Err(NONE);
    }
    let below = |folder: &[u8]| parts.iter().any(|part| part.starts_with(folder));
    match (below(b"xl/"), below(b"word/")) {
        (true, false) => Ok(ContentKind::Package),
        (false, true) => Ok(ContentKind::Document),
        _ => Err(NONE),
    }
}

/// The names of the parts, by the list at the end; none where there is no whole list.
fn parts(content: &[u8]) -> Option<Vec<&[u8]>> {
    let tail_at = content.len().saturating_sub(END_BYTES);
    let end_at = tail_at + content.get(tail_at..)?.windows(4).rposition(|at| at == b"PK\x05\x06")?;
    let mut at = usize::try_from(number(content, end_at + 16, 4)?).ok()?;
    let count = usize::try_from(number(content, end_at + 10, 2)?).ok()?;
    let mut parts = Vec::new();
    for _ in 0..count.min(PARTS_MAX) {
        if content.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let length = |from: usize| usize::try_from(number(content, at + from, 2)?).ok();
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        parts.push(content.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(parts)
}

/// A number as archives write it, the low byte first.
fn number(content: &[u8], at: usize, bytes: usize) -> Option<u64> {
    let bytes = content.get(at..at.checked_add(bytes)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of empty parts.
    fn archive(names: &[&str]) -> Vec<u8> {
        let size = |name: &str| u16::try_from(name.len()).unwrap().to_le_bytes();
        let (mut content, mut list) = (Vec::new(), Vec::new());
        for name in names {
            content.extend([b"PK\x03\x04".as_slice(), &[0; 22], &size(name), &[0; 2], name.as_bytes()].concat());
            list.extend([b"PK\x01\x02".as_slice(), &[0; 24], &size(name), &[0; 16], name.as_bytes()].concat());
        }
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        let (at, long) = (u32::try_from(content.len()).unwrap(), u32::try_from(list.len()).unwrap());
        let end = [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &long.to_le_bytes(), &at.to_le_bytes(), &[0; 2]];
        [content, list, end.concat()].concat()
    }

    #[test]
    fn a_package_is_told_by_the_list_of_its_parts() {
        let cases: [(&[&str], Result<ContentKind, &str>); 9] = [
            (&["[Content_Types].xml", "xl/workbook.xml"], Ok(ContentKind::Package)),
            (&["[Content_Types].xml", "word/document.xml"], Ok(ContentKind::Document)),
            (&["OFD.xml", "Doc_0/Document.xml"], Ok(ContentKind::Ofd)),
            (&["[Content_Types].xml", "ppt/presentation.xml"], Err("压缩包")),
            (&["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"], Err("宏")),
            (&["[Content_Types].xml", "xl/workbook.xml", "setup.EXE"], Err("程序")),
            (&["三月.pdf", "四月.pdf"], Err("压缩包")),
            (&["xl/workbook.xml"], Err("压缩包")),
            (&[], Err("压缩包")),
        ];
        for (names, promised) in cases {
            let content = archive(names);
            match (kind(&content), promised) {
                (Ok(kind), Ok(wanted)) => assert_eq!(kind, wanted, "{names:?}"),
                (Err(reason), Err(words)) => assert!(reason.contains(words), "{names:?}: {reason}"),
                (found, _) => panic!("{names:?}: {found:?}"),
            }
            // Damaged anywhere, it is a kind or a reason, never an accident.
            for end in 0..content.len() {
                let _ = kind(&content[..end]);
                let mut broken = content.clone();
                broken[end] ^= 0xFF;
                let _ = kind(&broken);
            }
        }
    }
}
