//! Files become sheets. What a file is, is decided by its first bytes, never by its ending: accounting programs call
//! tab-separated text `.xls`, and WPS calls an Excel workbook `.et`.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::error::SheetError;
use crate::limits::{FILE_BYTES_MAX, UNPACK_RATIO_FROM_BYTES, UNPACK_RATIO_MAX, UNPACKED_BYTES_MAX};
use crate::table::Sheet;

pub(crate) mod csv;
mod encoding;
mod excel;
mod json;
pub(crate) mod list;
pub(crate) mod loose;
mod text_sheet;
mod xls;
mod xls_records;
mod xlsx;
mod xlsx_parts;

pub(crate) use xlsx::NOT_COMPUTED;

/// Reads a file whole: csv, tsv, csv.gz, xlsx, xls, et, and a table as JSON. The name serves for messages and for the name of a CSV sheet.
///
/// ```
/// let sheets = youju_sheet::read("台账.csv", "科目编码,期末余额\n1002,\"1,200.50\"\n".as_bytes())?;
/// assert_eq!(sheets[0].name, "台账");
/// assert_eq!(sheets[0].cell(1, 1).number().unwrap().unwrap().to_string(), "1200.50");
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(SheetError::limit(format!("“{name}”的字节数"), bytes.len() as u64, FILE_BYTES_MAX));
    }
    if bytes.is_empty() {
        return Err(SheetError::Empty { name: name.to_owned() });
    }
    if bytes.starts_with(&encoding::GZIP_MARK) {
        let unpacked = unpack_gzip(name, bytes)?;
        return read_unpacked(name.strip_suffix(".gz").unwrap_or(name), &unpacked);
    }
    read_unpacked(name, bytes)
}

fn read_unpacked(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let format = |what: &str| Err(SheetError::Format { name: name.to_owned(), what: what.to_owned() });
    let first_mark = bytes.iter().copied().find(|b| !b.is_ascii_whitespace());
    match bytes {
        [b'P', b'K', 3, 4, ..] => xlsx::read(name, bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => xls::read(name, bytes),
        [b'P', b'K', ..] => format("是空的压缩包"),
        [0x1f, 0x8b, ..] => format("是多次压缩的文件"),
        [b'%', b'P', b'D', b'F', ..] => format("是 PDF 文件,其中的表格不能可靠读取"),
        _ if first_mark == Some(b'<') => format("是网页或 XML 格式,只是改了扩展名"),
        _ if json::is_one(bytes) => json::read(name, bytes).map(|sheet| vec![sheet]),
        _ => text_sheet::read(name, bytes).map(|sheet| vec![sheet]),
    }
}

fn unpack_gzip(name: &str, bytes: &[u8]) -> Result<Vec<u8>, SheetError> {
    let max = UNPACKED_BYTES_MAX.min((bytes.len() as u64 * UNPACK_RATIO_MAX).max(UNPACK_RATIO_FROM_BYTES));
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(max + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| SheetError::Damaged { name: name.to_owned(), reason: error.to_string() })?;
    if unpacked.len() as u64 > max {
        return Err(SheetError::limit(format!("“{name}”解压后的字节数"), unpacked.len() as u64, max));
    }
    Ok(unpacked)
}
