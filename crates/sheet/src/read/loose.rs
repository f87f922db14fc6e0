//! The rows of a large text one after the other, whatever they look like: nobody has said yet where the header is, and a row that cannot be
//! read is told and left behind instead of ending the file.

use std::collections::VecDeque;
use std::io::Read;

use crate::error::SheetError;
use crate::limits::LOOSE_LINES_MAX;
use crate::read::csv::{CsvRow, Machine, sniff_delimiter};
use crate::read::encoding::TextReader;

/// Rows of a text as they stand 逐行宽读, over any reader; gzip is unpacked on the way. Blank rows are skipped. A row whose quotes do not
/// pair is an error with its line, and the next line is read as a row of its own; an error of the file itself (its encoding, its packing)
/// is the last thing that is told.
///
/// ```
/// let rows: Vec<_> = youju_sheet::LooseRows::open("名单\n甲厂,\"1\n乙厂,2,3\n".as_bytes())?.collect();
/// assert!(rows[1].is_err());
/// assert_eq!(rows[2].as_ref().map(|row| (row.line, row.len())), Ok((3, 3)));
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub struct LooseRows<R: Read> {
    reader: TextReader<R>,
    delimiter: u8,
    /// Lines that have been read and belong to no row yet, each with its end.
    lines: VecDeque<String>,
    /// What stands behind the last line break.
    rest: String,
    /// Number of the first of `lines`.
    line: u64,
    is_read: bool,
    is_over: bool,
}

impl<R: Read> LooseRows<R> {
    /// Begins to read.
    pub fn open(reader: R) -> Result<LooseRows<R>, SheetError> {
        let mut reader = TextReader::open(reader)?;
        let mut rest = String::new();
        let is_read = !reader.next_piece(&mut rest)?;
        let delimiter = sniff_delimiter(&rest);
        let mut rows = LooseRows { reader, delimiter, lines: VecDeque::new(), rest, line: 1, is_read, is_over: false };
        rows.cut();
        Ok(rows)
    }

    /// Bytes taken from the reader so far, for a progress bar: of the packed file, when it is packed.
    pub fn bytes_read(&self) -> u64 {
        self.reader.bytes_read()
    }

    /// Cuts what has been read into lines.
    fn cut(&mut self) {
        let text = std::mem::take(&mut self.rest);
        for line in text.split_inclusive('\n') {
            if line.ends_with('\n') || self.is_read {
                self.lines.push_back(line.to_owned());
            } else {
                self.rest.push_str(line);
            }
        }
    }

    /// The line at a place after the first one; none at the end of the file.
    fn peek(&mut self, place: usize) -> Result<Option<&str>, SheetError> {
        while self.lines.len() <= place && !self.is_read {
            self.is_read = !self.reader.next_piece(&mut self.rest)?;
            self.cut();
        }
        Ok(self.lines.get(place).map(String::as_str))
    }

    /// Forgets the first lines.
    fn pass(&mut self, count: usize) {
        self.lines.drain(..count.min(self.lines.len()));
        self.line += count as u64;
    }

    fn advance(&mut self) -> Result<Option<CsvRow>, SheetError> {
        loop {
            let (first, delimiter) = (self.line, self.delimiter);
            let mut machine = Machine::at(delimiter, first);
            let mut taken = 0;
            let row = loop {
                let Some(line) = self.peek(taken)? else {
                    let last = machine.finish().map(|_| (machine.take_row(), String::new()));
                    break if taken == 0 { None } else { Some(last) };
                };
                taken += 1;
                match machine.feed(line) {
                    Err(error) => break Some(Err(error)),
                    Ok((at, true)) => {
                        // Where lines end with a carriage return alone, more rows stand behind this one.
                        let behind = line.get(at..).unwrap_or_default().trim_start_matches('\n').to_owned();
                        break Some(Ok((machine.take_row(), behind)));
                    }
                    Ok((_, false)) if taken >= LOOSE_LINES_MAX => break Some(Err(machine.open_quote())),
                    Ok((_, false)) => {}
                }
            };
            match row {
                None => return Ok(None),
                Some(Ok((row, behind))) => {
                    self.pass(taken);
                    if !behind.is_empty() {
                        self.lines.push_front(behind);
                    }
                    if !row.is_blank() {
                        return Ok(Some(row));
                    }
                }
                Some(Err(error)) => {
                    self.pass(1);
                    return Err(error);
                }
            }
        }
    }
}

/// True for what is wrong with one row only.
fn is_of_a_row(error: &SheetError) -> bool {
    matches!(
        error,
        SheetError::OpenQuote { .. }
            | SheetError::StrayQuote { .. }
            | SheetError::Nul { .. }
            | SheetError::Limit { .. }
    )
}

impl<R: Read> Iterator for LooseRows<R> {
    type Item = Result<CsvRow, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.advance();
        self.is_over = match &next {
            Ok(row) => row.is_none(),
            Err(error) => !is_of_a_row(error),
        };
        next.transpose()
    }
}
