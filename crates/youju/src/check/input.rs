//! Files of every kind as one stream of rows, with a progress bar.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use youju_frames::read::{self, ParquetTexts};
use youju_sheet::CsvRows;

use super::workbook::{self, Page};
use crate::open::Failure;

/// Rows between two looks at the progress bar.
const ROWS_PER_TICK: usize = 4_096;

/// An opened file.
pub(crate) struct Rows {
    /// Names of its columns.
    pub heads: Vec<String>,
    source: Source,
    bar: ProgressBar,
}

enum Source {
    Csv(CsvRows<File>),
    Sheet(Page),
    Parquet(ParquetTexts),
}

/// Opens a file by what it holds: Parquet and workbooks say so in their first bytes, everything else is read as CSV.
pub(crate) fn open(path: &Path, is_quiet: bool) -> Result<Rows, Failure> {
    let mut file = File::open(path).map_err(|error| cannot_open(&error))?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err("这是目录。请写出其中要检查的文件。".into());
    }
    let magic = first_bytes(&mut file)?;
    let (source, heads, total) = if magic == *b"PAR1" {
        let rows = read::open(path).map_err(|error| format!("{error}文件可能没有写完,请从原软件重新导出。"))?;
        let (heads, total) = (rows.columns.clone(), rows.rows as u64);
        (Source::Parquet(rows), heads, total)
    } else if magic == *b"PK\x03\x04" || magic == [0xD0, 0xCF, 0x11, 0xE0] {
        let page = workbook::open(path)?;
        let (heads, total) = (page.heads.clone(), page.sheet.rows.len() as u64);
        (Source::Sheet(page), heads, total)
    } else {
        let rows = CsvRows::open(file)?;
        let heads = rows.header().to_vec();
        (Source::Csv(rows), heads, about.len())
    };
    Ok(Rows { heads, source, bar: bar(total, is_quiet)? })
}

pub(crate) fn cannot_open(error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => "没有这个文件。请核对路径和文件名。".into(),
        ErrorKind::PermissionDenied => "没有读取这个文件的权限。请改变文件的权限,或复制一份。".into(),
        _ => format!("文件打不开:{error}。").into(),
    }
}

pub(crate) fn first_bytes(file: &mut File) -> Result<[u8; 4], Failure> {
    use std::io::{Read, Seek};
    let mut magic = [0_u8; 4];
    let mut filled = 0;
    while let Some(rest) = magic.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            read => filled += read,
        }
    }
    file.rewind()?;
    Ok(magic)
}

pub(crate) fn bar(total: u64, is_quiet: bool) -> Result<ProgressBar, Failure> {
    if is_quiet {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% 还需 {eta}")?;
    Ok(ProgressBar::new(total).with_style(style).with_message("读取"))
}

impl Rows {
    /// Hands every row with its number in the file to `take`.
    pub(crate) fn each(&mut self, mut take: impl FnMut(usize, &[&str])) -> Result<(), Failure> {
        match &mut self.source {
            Source::Csv(rows) => {
                let mut count = 0;
                while let Some(row) = rows.next() {
                    let row = row?;
                    let cells: Vec<&str> = row.cells().collect();
                    take(usize::try_from(row.line).unwrap_or(usize::MAX), &cells);
                    count += 1;
                    if count % ROWS_PER_TICK == 0 {
                        self.bar.set_position(rows.bytes_read());
                    }
                }
            }
            Source::Sheet(page) => page.each(&mut take),
            Source::Parquet(batches) => parquet(batches, &self.bar, &mut take)?,
        }
        self.bar.finish_and_clear();
        Ok(())
    }
}

fn parquet(
    batches: &mut ParquetTexts,
    bar: &ProgressBar,
    take: &mut impl FnMut(usize, &[&str]),
) -> Result<(), Failure> {
    use arrow_array::Array;
    let mut number = 0;
    for batch in batches {
        let columns = batch?;
        let rows = columns.first().map_or(0, Array::len);
        for index in 0..rows {
            let value =
                |column: &arrow_array::StringArray| column.is_valid(index).then(|| column.value(index).to_owned());
            let cells: Vec<String> = columns.iter().map(|column| value(column).unwrap_or_default()).collect();
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            number += 1;
            take(number, &cells);
        }
        bar.set_position(number as u64);
    }
    Ok(())
}
