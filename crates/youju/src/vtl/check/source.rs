//! Where rows come from: the parts of a file, which several threads may read side by side.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use youju_frames::batches::ParquetParts;
use youju_vtl::Type;

use super::table::CsvTable;
use crate::check::input;
use crate::check::output::ERRORS_SHOWN_MAX;
use crate::open::Failure;

/// Rows that are judged at a time: enough to make planning cheap, few enough for the memory of a small machine.
pub(crate) const ROWS_PER_BATCH: usize = 16_384;

/// An opened file.
pub(crate) struct Source {
    columns: Vec<(String, Type)>,
    /// What can be read independently, in the order of the rows.
    pub parts: Vec<Part>,
    /// Length of the progress bar.
    pub total: u64,
}

/// A piece of the file.
pub(crate) enum Part {
    /// All of a csv file.
    Csv(Box<CsvTable>),
    /// One row group of a Parquet file.
    Group {
        /// The file.
        file: ParquetParts,
        /// Which group.
        group: usize,
        /// Rows before it.
        rows_before: usize,
        /// The columns that rules may read.
        columns: Vec<String>,
    },
}

/// Some rows, ready to be judged.
pub(crate) struct Piece {
    /// The columns.
    pub batch: RecordBatch,
    /// Where each row stands in the file: lines of a csv file, rows of a Parquet file, from 1.
    pub numbers: Vec<u64>,
    /// Cells that could not be used.
    pub errors: CellErrors,
    /// By how much the progress bar moves.
    pub progress: u64,
}

/// Cells that could not be used: all are counted, the first are told.
#[derive(Debug, Default)]
pub(crate) struct CellErrors {
    /// How many.
    pub total: usize,
    /// Sentences with the place.
    pub shown: Vec<String>,
}

impl CellErrors {
    /// Adds one.
    pub(crate) fn push(&mut self, message: String) {
        self.total += 1;
        if self.shown.len() < ERRORS_SHOWN_MAX {
            self.shown.push(message);
        }
    }

    /// Adds those that come later in the file.
    pub(crate) fn append(&mut self, later: CellErrors) {
        self.total += later.total;
        self.shown.extend(later.shown);
        self.shown.truncate(ERRORS_SHOWN_MAX);
    }
}

impl Source {
    /// The type of a column; `None` if the file does not have it.
    pub(crate) fn kind(&self, name: &str) -> Option<Type> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind)
    }
}

/// Opens a file by what it holds: Parquet says so in its first bytes, everything else is read as csv.
pub(crate) fn open(path: &Path, wanted: &[String], uses: &BTreeMap<String, Type>) -> Result<Source, Failure> {
    let mut file = File::open(path).map_err(|error| input::cannot_open(&error))?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err("这是目录。请写出其中要检查的文件。".into());
    }
    let magic = input::first_bytes(&mut file)?;
    if magic == *b"PAR1" {
        return parquet(path, wanted);
    }
    if magic == *b"PK\x03\x04" || magic == [0xD0, 0xCF, 0x11, 0xE0] {
        return Err("这是工作簿。请在原软件中另存为 csv 再检查。".into());
    }
    let table = CsvTable::open(file, wanted, uses)?;
    let columns = table.columns();
    Ok(Source { columns, parts: vec![Part::Csv(Box::new(table))], total: about.len() })
}

fn parquet(path: &Path, wanted: &[String]) -> Result<Source, Failure> {
    let file = ParquetParts::open(path).map_err(|error| format!("{error}文件可能没有写完,请从原软件重新导出。"))?;
    let mut columns = Vec::new();
    for (name, kind) in file.columns().into_iter().filter(|(name, _)| wanted.contains(name)) {
        let kind = kind.ok_or_else(|| format!("“{name}”列的类型不能用于审核。请转换为数字、字符串、布尔值或日期。"))?;
        columns.push((name, kind));
    }
    let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let mut rows = 0;
    let mut parts = Vec::new();
    for (group, group_rows) in file.group_rows().into_iter().enumerate() {
        parts.push(Part::Group { file: file.clone(), group, rows_before: rows, columns: names.clone() });
        rows += group_rows;
    }
    Ok(Source { columns, parts, total: rows as u64 })
}

impl Part {
    /// Hands the rows to `take`, some at a time, until there are no more or `take` has had enough.
    pub(crate) fn each(self, take: &mut dyn FnMut(Piece) -> Result<bool, Failure>) -> Result<(), Failure> {
        match self {
            Part::Csv(mut table) => {
                while let Some(piece) = table.next_piece(ROWS_PER_BATCH)? {
                    if !take(piece)? {
                        break;
                    }
                }
            }
            Part::Group { file, group, mut rows_before, columns } => {
                for batch in file.read(group, &columns, ROWS_PER_BATCH)? {
                    let batch = batch?;
                    let rows = batch.num_rows();
                    let numbers = (rows_before + 1..=rows_before + rows).map(|row| row as u64).collect();
                    rows_before += rows;
                    let errors = CellErrors::default();
                    if !take(Piece { batch, numbers, errors, progress: rows as u64 })? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}
