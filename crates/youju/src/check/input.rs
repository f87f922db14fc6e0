//! Files of every kind as one stream of rows, with a progress bar.

use std::fs::File;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use youju_frames::read::{self, ParquetTexts};
use youju_sheet::{CsvRows, Sheet};

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
    Sheet { sheet: Sheet, first: usize },
    Parquet(ParquetTexts),
}

/// Opens a file by what it holds: Parquet and workbooks say so in their first bytes, everything else is read as CSV.
pub(crate) fn open(path: &Path, is_quiet: bool) -> Result<Rows, Failure> {
    let mut file = File::open(path).map_err(|error| format!("文件打不开:{error}。"))?;
    let length = file.metadata()?.len();
    let magic = first_bytes(&mut file)?;
    let source = if magic == *b"PAR1" {
        Source::Parquet(read::open(path)?)
    } else if magic == *b"PK\x03\x04" || magic == [0xD0, 0xCF, 0x11, 0xE0] {
        workbook(path)?
    } else {
        Source::Csv(CsvRows::open(file)?)
    };
    let heads = match &source {
        Source::Csv(rows) => rows.header().to_vec(),
        Source::Sheet { sheet, first } => {
            sheet.rows.get(*first).into_iter().flatten().map(|cell| cell.text().trim().to_owned()).collect()
        }
        Source::Parquet(rows) => rows.columns.clone(),
    };
    let total = match &source {
        Source::Csv(_) => length,
        Source::Sheet { sheet, .. } => sheet.rows.len() as u64,
        Source::Parquet(rows) => rows.rows as u64,
    };
    Ok(Rows { heads, source, bar: bar(total, is_quiet)? })
}

fn first_bytes(file: &mut File) -> Result<[u8; 4], Failure> {
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

/// The first sheet with anything in it; its first filled row is the head.
fn workbook(path: &Path) -> Result<Source, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sheets = youju_sheet::read(&name, &std::fs::read(path)?)?;
    for sheet in sheets {
        // A title stands alone in its row; the head is the first row with two cells or more.
        let is_head = |row: &Vec<youju_sheet::Cell>| row.iter().filter(|cell| !cell.is_empty()).count() > 1;
        if let Some(first) = sheet.rows.iter().position(is_head) {
            return Ok(Source::Sheet { sheet, first });
        }
    }
    Err("工作簿中没有数据。".into())
}

fn bar(total: u64, is_quiet: bool) -> Result<ProgressBar, Failure> {
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
            Source::Sheet { sheet, first } => {
                for (index, row) in sheet.rows.iter().enumerate().skip(*first + 1) {
                    let cells: Vec<_> = row.iter().map(youju_sheet::Cell::text).collect();
                    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        take(index + 1, &cells);
                    }
                }
            }
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
