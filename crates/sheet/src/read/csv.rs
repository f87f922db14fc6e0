//! CSV and TSV (RFC 4180). A quotation mark that is never closed, or is closed too early, is an error with its place, because
//! a lenient reader would silently swallow the rows behind it. The known readers are lenient by design, hence an own state
//! machine.

use std::collections::HashMap;
use std::io::Read;

use crate::error::SheetError;
use crate::limits::{CELL_BYTES_MAX, COLUMNS_MAX};
use crate::read::encoding::TextReader;

/// Row of a CSV file 数据行.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CsvRow {
    /// 1-based line of the file on which the row begins (a quoted cell may span lines).
    pub line: u64,
    text: String,
    ends: Vec<usize>,
}

impl CsvRow {
    /// How many cells the row has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the row has no cells at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a cell, by its zero-based column, exactly as written.
    pub fn get(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)?;
        let start = match column.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// The cells from left to right.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|column| self.get(column))
    }

    /// Whether nothing but blanks stands in the row.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The number of cells without the blank ones at the end.
    pub(crate) fn used(&self) -> usize {
        (0..self.len()).rev().find(|c| self.get(*c).is_some_and(|t| !t.trim().is_empty())).map_or(0, |last| last + 1)
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of a cell.
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark inside quotes: the end of the cell, or the first half of a doubled mark.
    Closed,
}

/// The state machine. Delimiters and quotation marks are ASCII, so it may look at the bytes of UTF-8 text.
pub(crate) struct Machine {
    delimiter: u8,
    state: State,
    pub(super) line: u64,
    skips_line_feed: bool,
    pub(super) row: CsvRow,
}

impl Machine {
    pub(super) fn new(delimiter: u8) -> Machine {
        Machine { delimiter, state: State::Start, line: 1, skips_line_feed: false, row: CsvRow::default() }
    }

    /// A machine that begins at a line.
    pub(crate) fn at(delimiter: u8, line: u64) -> Machine {
        Machine { line, ..Machine::new(delimiter) }
    }

    /// The row that is complete.
    pub(crate) fn take_row(&mut self) -> CsvRow {
        std::mem::take(&mut self.row)
    }

    /// Takes text until a row is complete; returns how many bytes were taken, and whether a row is complete.
    pub(crate) fn feed(&mut self, text: &str) -> Result<(usize, bool), SheetError> {
        let bytes = text.as_bytes();
        let mut at = 0;
        if self.skips_line_feed && !bytes.is_empty() {
            self.skips_line_feed = false;
            at = usize::from(bytes.starts_with(b"\n"));
        }
        while let Some(&byte) = bytes.get(at) {
            if self.state == State::Start && self.row.is_empty() && self.row.text.is_empty() {
                self.row.line = self.line;
            }
            if byte == 0 {
                return Err(SheetError::Nul { line: self.line });
            }
            if self.state == State::Quoted || self.is_ordinary(byte) {
                at += self.take_run(text, at)?;
                continue;
            }
            at += 1;
            if self.take_mark(byte)? {
                return Ok((at, true));
            }
        }
        Ok((at, false))
    }

    fn is_ordinary(&self, byte: u8) -> bool {
        byte != self.delimiter && !matches!(byte, b'"' | b'\n' | b'\r' | 0)
    }

    /// Takes all ordinary text at once.
    fn take_run(&mut self, text: &str, at: usize) -> Result<usize, SheetError> {
        if self.state == State::Closed {
            return Err(self.stray_quote());
        }
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let ends_run = |b: &u8| match self.state {
            State::Quoted => matches!(*b, b'"' | 0),
            _ => !self.is_ordinary(*b),
        };
        let length = rest.iter().position(ends_run).unwrap_or(rest.len());
        let run = text.get(at..at + length).unwrap_or_default();
        self.row.text.push_str(run);
        if self.state == State::Quoted {
            self.line += run.bytes().filter(|b| *b == b'\n').count() as u64;
        } else {
            self.state = State::Plain;
        }
        self.check_length()?;
        if self.state == State::Quoted && rest.get(length) == Some(&b'"') {
            self.state = State::Closed;
            return Ok(length + 1);
        }
        Ok(length)
    }

    /// Takes a delimiter, a quotation mark or the end of a line; true when the row is complete.
    fn take_mark(&mut self, byte: u8) -> Result<bool, SheetError> {
        match (byte, self.state) {
            (b'"', State::Start) => self.state = State::Quoted,
            (b'"', State::Closed) => {
                self.row.text.push('"');
                self.state = State::Quoted;
            }
            // 直径 5" 管 without quotes around it: a mark of inches, as Excel reads it.
            (b'"', _) => self.row.text.push('"'),
            (b'\n' | b'\r', _) => {
                self.skips_line_feed = byte == b'\r';
                self.line += 1;
                self.end_cell()?;
                return Ok(true);
            }
            _ => self.end_cell()?,
        }
        Ok(false)
    }

    fn end_cell(&mut self) -> Result<(), SheetError> {
        self.row.ends.push(self.row.text.len());
        self.state = State::Start;
        if self.row.len() > COLUMNS_MAX {
            return Err(SheetError::limit(
                format!("第 {} 行的列数", self.row.line),
                self.row.len() as u64,
                COLUMNS_MAX as u64,
            ));
        }
        Ok(())
    }

    /// The end of the file; true when it completes a row.
    pub(crate) fn finish(&mut self) -> Result<bool, SheetError> {
        match self.state {
            State::Quoted => Err(self.open_quote()),
            State::Start if self.row.is_empty() => Ok(false),
            _ => self.end_cell().map(|()| true),
        }
    }

    fn check_length(&self) -> Result<(), SheetError> {
        let start = self.row.ends.last().copied().unwrap_or(0);
        match self.row.text.len() - start {
            length if length <= CELL_BYTES_MAX => Ok(()),
            _ if self.state == State::Quoted => Err(self.open_quote()),
            length => {
                let what = format!("第 {} 行第 {} 列内容的字节数", self.row.line, self.row.len() + 1);
                Err(SheetError::limit(what, length as u64, CELL_BYTES_MAX as u64))
            }
        }
    }

    pub(crate) fn open_quote(&self) -> SheetError {
        SheetError::OpenQuote { line: self.row.line, column: self.row.len() + 1 }
    }

    fn stray_quote(&self) -> SheetError {
        SheetError::StrayQuote { line: self.row.line, column: self.row.len() + 1 }
    }
}

/// All rows of a CSV file as they stand, blank ones included, over any reader.
pub(crate) struct RawRows<R: Read> {
    reader: TextReader<R>,
    machine: Machine,
    text: String,
    at: usize,
}

impl<R: Read> RawRows<R> {
    pub(crate) fn open(reader: R) -> Result<RawRows<R>, SheetError> {
        let mut reader = TextReader::open(reader)?;
        let mut text = String::new();
        reader.next_piece(&mut text)?;
        let machine = Machine::new(sniff_delimiter(&text));
        Ok(RawRows { reader, machine, text, at: 0 })
    }

    /// The next row, or nothing at the end. The row that is passed in is used again.
    pub(crate) fn next_row(&mut self, mut spare: CsvRow) -> Result<Option<CsvRow>, SheetError> {
        loop {
            let (count, is_complete) = self.machine.feed(self.text.get(self.at..).unwrap_or_default())?;
            self.at += count;
            if !is_complete {
                self.text.clear();
                self.at = 0;
                if self.reader.next_piece(&mut self.text)? {
                    continue;
                }
                if !self.machine.finish()? {
                    return Ok(None);
                }
            }
            spare.clear();
            std::mem::swap(&mut spare, &mut self.machine.row);
            return Ok(Some(spare));
        }
    }
}

/// Tab when most rows have one (amounts in such files carry commas), else comma, else semicolon.
pub(crate) fn sniff_delimiter(text: &str) -> u8 {
    const ROWS: usize = 20;
    let rows: Vec<String> = marks(text).into_iter().take(ROWS).collect();
    let with = |mark: char| rows.iter().filter(|row| row.contains(mark)).count();
    let is_most = |count: usize| count > 0 && count * 2 >= rows.len();
    if is_most(with('\t')) {
        b'\t'
    } else if with(',') == 0 && is_most(with(';')) {
        b';'
    } else {
        b','
    }
}

/// The marks of every row that is not blank which may part its cells. Inside quotes they are text.
fn marks(text: &str) -> Vec<String> {
    let (mut rows, mut row, mut is_blank, mut state) = (Vec::new(), String::new(), true, State::Start);
    for c in text.chars().chain(['\n']) {
        is_blank &= c.is_whitespace();
        state = match (state, c) {
            (State::Quoted, '"') => State::Closed,
            (State::Quoted, _) | (State::Start | State::Closed, '"') => State::Quoted,
            (_, '\n' | '\r') => {
                let marks = std::mem::take(&mut row);
                rows.extend((!is_blank).then_some(marks));
                is_blank = true;
                State::Start
            }
            (_, '\t' | ',' | ';') => {
                row.push(c);
                State::Start
            }
            _ => State::Plain,
        };
    }
    rows
}

/// Rows of a large CSV file, one at a time 逐行读取 — a header and then any number of rows, over any reader; gzip is
/// unpacked on the way. Blank rows are skipped. A row that is too short or too long is an error with its line.
///
/// ```
/// let mut rows = youju_sheet::CsvRows::open("单位,营业收入\n甲厂,1200\n乙厂,\n".as_bytes())?;
/// assert_eq!(rows.header(), ["单位", "营业收入"]);
/// let first = rows.next().transpose()?.unwrap_or_default();
/// assert_eq!((first.line, first.get(1)), (2, Some("1200")));
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub struct CsvRows<R: Read> {
    rows: RawRows<R>,
    header: Vec<String>,
    /// The cells that every row must have: those with a name.
    named: usize,
    is_over: bool,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header: the first row that is not blank. Two columns of the same name are refused.
    pub fn open(reader: R) -> Result<CsvRows<R>, SheetError> {
        let mut rows = RawRows::open(reader)?;
        let mut row = CsvRow::default();
        while row.is_blank() {
            row = rows.next_row(row)?.ok_or_else(|| SheetError::Empty { name: "文件".to_owned() })?;
        }
        let header: Vec<String> = row.cells().map(|name| name.trim().to_owned()).collect();
        let mut seen = HashMap::new();
        for (index, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if let Some(first) = seen.insert(name.clone(), index + 1) {
                return Err(SheetError::DuplicateColumn {
                    row: row.line,
                    name: name.clone(),
                    first,
                    second: index + 1,
                });
            }
        }
        Ok(CsvRows { rows, header, named: row.used(), is_over: false })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Bytes taken from the reader so far, for a progress bar: of the packed file, when it is packed.
    pub fn bytes_read(&self) -> u64 {
        self.rows.reader.bytes_read()
    }

    fn advance(&mut self) -> Result<Option<CsvRow>, SheetError> {
        let mut row = CsvRow::default();
        loop {
            let Some(next) = self.rows.next_row(row)? else { return Ok(None) };
            row = next;
            if row.is_blank() {
                continue;
            }
            if row.len() < self.named || row.used() > self.header.len() {
                return Err(SheetError::Ragged { line: row.line, found: row.len(), expected: self.header.len() });
            }
            return Ok(Some(row));
        }
    }
}

impl<R: Read> Iterator for CsvRows<R> {
    type Item = Result<CsvRow, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.advance();
        self.is_over = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}
