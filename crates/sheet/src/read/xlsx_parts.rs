//! The parts of a workbook of Excel 2007 and later, measured before the workbook is opened. The sizes that a zip declares
//! can lie, so every part is unpacked once into nothing and counted. The reader of workbooks sets memory aside for as many
//! shared texts as a file declares, and gives every cell format a copy of its font: both are read here first, by the same
//! XML reader, so that both see the same.

use std::io::{BufReader, Cursor, Read};

use calamine::Style;
use quick_xml::events::{BytesStart, Event};

use crate::error::SheetError;
use crate::limits::{
    CELLS_MAX, PARTS_MAX, TEXT_BYTES_MAX, UNPACK_RATIO_FROM_BYTES, UNPACK_RATIO_MAX, UNPACKED_BYTES_MAX,
};
use crate::read::excel::damaged;

/// Refuses a workbook whose parts are too many, too large, or make the reader of workbooks take more than they hold.
pub(crate) fn verify_parts(name: &str, bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(name, &error))?;
    if archive.len() > PARTS_MAX {
        return Err(SheetError::limit(format!("“{name}”内部的文件数"), archive.len() as u64, PARTS_MAX as u64));
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        verify_kind(name, &archive)?;
    }
    let max = UNPACKED_BYTES_MAX.min((bytes.len() as u64 * UNPACK_RATIO_MAX).max(UNPACK_RATIO_FROM_BYTES));
    let mut total = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| damaged(name, &error))?;
        let part_name = part_name(name, &part)?;
        let mut head = Vec::new();
        part.by_ref().take(2).read_to_end(&mut head).map_err(|error| damaged(name, &error))?;
        total += head.len() as u64;
        let is_xml = matches!(part_name.rsplit('.').next(), Some("xml" | "rels"));
        if is_xml && matches!(head.as_slice(), [0xFF, 0xFE] | [0xFE, 0xFF] | [_, 0] | [0, _]) {
            return Err(damaged(name, &format!("内部文件 {part_name} 是 UTF-16 编码,应为 UTF-8")));
        }
        let mut rest = part.take((max + 1).saturating_sub(total));
        total += std::io::copy(&mut rest, &mut std::io::sink()).map_err(|error| damaged(name, &error))?;
        if total > max {
            return Err(SheetError::limit(format!("“{name}”解压后的字节数"), total, max));
        }
    }
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(name, &error))?;
        // The reader finds these two by their names, in any case.
        let part_name = part_name(name, &part)?;
        if part_name.ends_with("sharedstrings.xml") {
            verify_shared_texts(name, part)?;
        } else if part_name.ends_with("styles.xml") {
            verify_styles(name, part)?;
        }
    }
    Ok(())
}

/// Other files that are zips inside. A workbook whose main part has another name is left to the reader.
fn verify_kind(name: &str, archive: &zip::ZipArchive<Cursor<&[u8]>>) -> Result<(), SheetError> {
    let has = |part: &str| archive.index_for_name(part).is_some();
    let what = if has("xl/workbook.bin") {
        "是 Excel 二进制工作簿(xlsb)"
    } else if has("word/document.xml") {
        "是 Word 文档"
    } else if has("content.xml") {
        "是 OpenDocument 表格(ods)"
    } else if has("[Content_Types].xml") {
        return Ok(());
    } else {
        "是压缩包,不是工作簿"
    };
    Err(SheetError::Format { name: name.to_owned(), what: what.to_owned() })
}

/// The name of a part, as the reader compares it.
fn part_name<R: Read>(name: &str, part: &zip::read::ZipFile<'_, R>) -> Result<String, SheetError> {
    let part_name = part.name().map_err(|error| damaged(name, &error))?;
    Ok(part_name.replace('\\', "/").to_ascii_lowercase())
}

/// Hands every element that begins in a part to `take`, up to the first mistake in the XML: there the reader stops too, and
/// says what is wrong.
fn each_element(
    part: impl Read,
    mut take: impl FnMut(&BytesStart<'_>) -> Result<(), SheetError>,
) -> Result<(), SheetError> {
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let config = xml.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => take(&element)?,
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn verify_shared_texts(name: &str, part: impl Read) -> Result<(), SheetError> {
    let (mut declared, mut counted) = (0, 0);
    each_element(part, |element| {
        match element.local_name().as_ref() {
            "sst" => declared = declared_count(element.attributes_raw()),
            "si" => counted += 1,
            _ => {}
        }
        let found = declared.max(counted);
        if found > CELLS_MAX as u64 {
            return Err(SheetError::limit(format!("“{name}”的文本数"), found, CELLS_MAX as u64));
        }
        Ok(())
    })
}

fn verify_styles(name: &str, part: impl Read) -> Result<(), SheetError> {
    let (mut formats, mut longest) = (0, 0);
    each_element(part, |element| {
        formats += u64::from(element.local_name().as_ref() == "xf");
        longest = longest.max(element.len());
        Ok(())
    })?;
    // A format copies a font name and a number format, each out of one element.
    let bytes = formats.saturating_mul((2 * longest + size_of::<Style>()) as u64);
    if bytes > TEXT_BYTES_MAX as u64 {
        return Err(SheetError::limit(format!("“{name}”的单元格格式字节数"), bytes, TEXT_BYTES_MAX as u64));
    }
    Ok(())
}

/// The largest number after `count` or `uniqueCount` among the attributes of an element.
fn declared_count(attributes: &str) -> u64 {
    let lower = attributes.to_ascii_lowercase();
    let numbers = lower.split("count").skip(1).filter_map(|rest| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']).trim_start();
        let digits = value.split(|c: char| !c.is_ascii_digit()).next().filter(|digits| !digits.is_empty())?;
        // What is too long for a number is too large as well.
        Some(digits.parse().unwrap_or(u64::MAX))
    });
    numbers.max().unwrap_or(0)
}
