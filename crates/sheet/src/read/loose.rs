//! The rows of a large text one after the other, whatever they look like: nobody has said yet where the header is, and a row that cannot be
//! read is told and left behind instead of ending the file.

use std::collections::VecDeque;
use std::io::Read;

use crate::error::SheetError;
use crate::limits::{LINE_BYTES_MAX, QUOTED_LINES_MAX};
use crate::read::csv::{CsvRow, Machine, sniff_delimiter};
use crate::read::encoding::TextReader;

/// Row of a text 一行: its line in the file (from 1), and the row or why it cannot be read.
pub type LooseRow = (u64, Result<CsvRow, SheetError>);

/// Rows of a text as they stand 逐行宽读, over any reader; gzip is unpacked on the way. Blank rows are skipped. A row whose quotes do not
/// pair is told with its line, and the next line is read as a row of its own. An error of the file itself (its encoding, its packing, a
/// line without an end) is the last thing that is told: nobody knows what follows.
///
/// ```
/// let rows: Result<Vec<_>, _> = youju_sheet::LooseRows::open("名单\n甲厂,\"1\n乙厂,2,3\n".as_bytes())?.collect();
/// let rows = rows?;
/// assert!(rows[1].1.is_err());
/// assert_eq!((rows[2].0, rows[2].1.as_ref().map(|row| row.len())), (3, Ok(3)));
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub struct LooseRows<R: Read> {
    reader: TextReader<R>,
    delimiter: u8,
    /// What ends a line: a carriage return where the file has no line feeds.
    end: char,
    /// Lines that have been read and belong to no row yet, each with its end.
    lines: VecDeque<String>,
    /// What stands behind the last end of a line.
    rest: String,
    /// Number of the first of `lines`.
    pub(super) line: u64,
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
        let end = if rest.contains('\n') || !rest.contains('\r') { '\n' } else { '\r' };
        let lines = VecDeque::new();
        let mut rows = LooseRows { reader, delimiter, end, lines, rest, line: 1, is_read, is_over: false };
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
        for line in text.split_inclusive(self.end) {
            if line.ends_with(self.end) || self.is_read {
                self.lines.push_back(line.to_owned());
            } else {
                self.rest.push_str(line);
            }
        }
    }

    /// The line at a place after the first one; none at the end of the file.
    fn peek(&mut self, place: usize) -> Result<Option<&str>, SheetError> {
        while self.lines.len() <= place && !self.is_read {
            if self.rest.len() > LINE_BYTES_MAX {
                let what = format!("第 {} 行的字节数", self.line + self.lines.len() as u64);
                return Err(SheetError::limit(what, self.rest.len() as u64, LINE_BYTES_MAX as u64));
            }
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

    /// How many lines the next row takes and the row, with what stands behind it in its last line; a broken one takes one line.
    fn read(&mut self) -> Result<Option<Taken>, SheetError> {
        let mut machine = Machine::at(self.delimiter, self.line);
        for taken in 0..QUOTED_LINES_MAX {
            let Some(line) = self.peek(taken)? else {
                return Ok(match machine.finish() {
                    _ if taken == 0 => None,
                    Ok(_) => Some((taken, Ok((machine.take_row(), String::new())))),
                    Err(error) => Some((1, Err(error))),
                });
            };
            match machine.feed(line) {
                Err(error) => return Ok(Some((1, Err(error)))),
                Ok((at, true)) => {
                    // A carriage return inside a line ends a row, too.
                    let behind = line.get(at..).unwrap_or_default().trim_start_matches('\n').to_owned();
                    return Ok(Some((taken + 1, Ok((machine.take_row(), behind)))));
                }
                Ok((_, false)) => {}
            }
        }
        Ok(Some((1, Err(machine.open_quote()))))
    }

    fn advance(&mut self) -> Result<Option<LooseRow>, SheetError> {
        while let Some((taken, row)) = self.read()? {
            let line = self.line;
            self.pass(taken);
            match row {
                Err(error) => return Ok(Some((line, Err(error)))),
                Ok((row, behind)) => {
                    if !behind.is_empty() {
                        self.lines.push_front(behind);
                    }
                    if !row.is_blank() {
                        return Ok(Some((line, Ok(row))));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// Lines that a row took, and the row with what stands behind it, or what is wrong with it.
type Taken = (usize, Result<(CsvRow, String), SheetError>);

impl<R: Read> Iterator for LooseRows<R> {
    type Item = Result<LooseRow, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.advance();
        self.is_over = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}
