//! Several files as one zip. The same files give the same bytes: order and times are handed in, nothing is asked of the system.

use std::io::{Seek, Write};

use chrono::{Datelike, NaiveDateTime, Timelike};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::error::SheetError;

/// File of a package 压缩包里的文件.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOut {
    /// Its path, with `/` between folders; Chinese characters are UTF-8.
    pub path: String,
    /// When it was made, local time. A zip knows the years 1980 to 2107 and every second second.
    pub at: NaiveDateTime,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// Writes files as a zip, in the order in which they are given.
pub fn write_zip<W: Write + Seek>(out: W, files: &[FileOut]) -> Result<(), SheetError> {
    let mut writer = ZipWriter::new(out);
    for file in files {
        let options = SimpleFileOptions::default().last_modified_time(moment(file.at)).unix_permissions(0o644);
        writer.start_file(&file.path, options).map_err(failed)?;
        writer.write_all(&file.bytes)?;
    }
    writer.finish().map_err(failed)?;
    Ok(())
}

pub(super) fn failed(error: zip::result::ZipError) -> SheetError {
    SheetError::from(std::io::Error::other(error))
}

pub(super) fn moment(at: NaiveDateTime) -> DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let (date, time) = (at.date(), at.time());
    let parts =
        (small(date.month()), small(date.day()), small(time.hour()), small(time.minute()), small(time.second()));
    let (month, day, hour, minute, second) = parts;
    DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}
