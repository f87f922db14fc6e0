//! The records of an old workbook, measured before the reader of workbooks sees them. It lays out a sheet as large as its
//! records claim, and they may claim 65,536 × 65,536 cells in 100 bytes; it copies a shared text into every cell that uses
//! it, and makes room for a text as long as it says it is.

use crate::error::SheetError;
use crate::limits::{CELLS_MAX, CONTINUATIONS_MAX, MERGED_MAX, SPANNED_CELLS_FROM, SPANNED_RATIO_MAX, TEXT_BYTES_MAX};
use crate::read::excel::{damaged, verify_sheet_count};

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const DEFINED_NAME: u16 = 0x0018;
const SHARED_TEXTS: u16 = 0x00FC;
const CONTINUATION: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
const FORMULA_TEXT: u16 = 0x0207;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const SHARED_LABEL: u16 = 0x00FD;
const MERGED: u16 = 0x00E5;
/// Nobody reads this record: a name for what has been disarmed.
const UNUSED: [u8; 2] = [0xFF, 0x7F];
/// Where the tokens of a formula begin in its record, with their length.
const TOKENS_AT: usize = 20;
/// The formula `0`, with its length.
const ZERO_FORMULA: [u8; 5] = [3, 0, 0x1E, 0, 0];

/// Takes away what is not needed and can hurt: the declared size of a sheet, for which memory would be set aside; the texts
/// of formulas and the names in them, of which only the results are wanted.
pub(crate) fn disarm(name: &str, stream: &mut [u8]) -> Result<(), SheetError> {
    verify_sheet_count(name, sheet_starts(stream).len())?;
    for Trap { at, kind } in traps(stream) {
        let (at, harmless) = match kind {
            FORMULA => (at + 4 + TOKENS_AT, ZERO_FORMULA.as_slice()),
            _ => (at, UNUSED.as_slice()),
        };
        if let Some(place) = stream.get_mut(at..at + harmless.len()) {
            place.copy_from_slice(harmless);
        }
    }
    // Where sheets overlap, a change in one is a change in the other.
    if traps(stream).is_empty() { Ok(()) } else { Err(damaged(name, &"工作表的记录相互重叠")) }
}

/// A record to be disarmed.
struct Trap {
    at: usize,
    kind: u16,
}

fn traps(stream: &[u8]) -> Vec<Trap> {
    let names = globals(stream).filter(|record| record.kind == DEFINED_NAME);
    let in_sheets = sheet_starts(stream).into_iter().flat_map(|start| sheet_records(stream, start)).filter(|record| {
        let is_long = || record.data.get(TOKENS_AT..).is_some_and(|tokens| tokens.len() >= ZERO_FORMULA.len());
        let is_zero = || record.data.get(TOKENS_AT..).is_some_and(|tokens| tokens.starts_with(&ZERO_FORMULA));
        record.kind == DIMENSIONS || record.kind == FORMULA && is_long() && !is_zero()
    });
    names.chain(in_sheets).map(|record| Trap { at: record.at, kind: record.kind }).collect()
}

/// Adds up what all sheets claim: the grids that their cells span, and their texts.
pub(crate) fn verify_claims(name: &str, stream: &[u8]) -> Result<(), SheetError> {
    let limit = |what: &str, found: usize, max: usize| {
        if found <= max {
            return Ok(());
        }
        Err(SheetError::limit(format!("“{name}”的{what}"), found as u64, max as u64))
    };
    let shared = shared_text_bytes(name, stream)?;
    let starts = sheet_starts(stream);
    verify_sheet_count(name, starts.len())?;
    let mut total = Claim::default();
    for start in starts {
        let claim = Claim::of_sheet(stream, start, &shared);
        limit("合并单元格数", claim.merged, MERGED_MAX)?;
        total.cells = total.cells.saturating_add(claim.cells);
        total.filled = total.filled.saturating_add(claim.filled);
        total.text_bytes = total.text_bytes.saturating_add(claim.text_bytes);
        limit("单元格数", total.cells, CELLS_MAX)?;
        limit("文本字节数", total.text_bytes, TEXT_BYTES_MAX)?;
    }
    let spanned = SPANNED_CELLS_FROM.max(total.filled.saturating_mul(SPANNED_RATIO_MAX));
    limit("单元格数(连同中间的空单元格)", total.cells, spanned)
}

/// What a sheet would take.
#[derive(Default)]
struct Claim {
    cells: usize,
    filled: usize,
    text_bytes: usize,
    merged: usize,
}

impl Claim {
    fn of_sheet(stream: &[u8], start: usize, shared: &[usize]) -> Claim {
        let (mut values, mut formulas) = (Span::default(), Span::default());
        let mut claim = Claim::default();
        for record in sheet_records(stream, start) {
            let data = record.data;
            let place = |column: usize| Some((number(data, 0)?, number(data, column)?));
            match record.kind {
                FORMULA => {
                    values.add(place(2));
                    formulas.add(place(2));
                }
                // The text that a formula gave; without a formula it lands in the first cell.
                FORMULA_TEXT => {
                    if formulas.rows.is_none() {
                        values.add(Some((0, 0)));
                    }
                    claim.text_bytes += text_bytes(data, 0);
                }
                LABEL | RICH_LABEL => {
                    values.add(place(2));
                    claim.text_bytes += text_bytes(data, 6);
                }
                SHARED_LABEL => {
                    values.add(place(2));
                    claim.text_bytes += long_number(data, 6).and_then(|index| shared.get(index)).unwrap_or(&0);
                }
                // Number, BoolErr, Rk: row, column, …
                0x0203 | 0x0205 | 0x027E => values.add(place(2)),
                // MulRk: row, first column, …, last column.
                0x00BD => {
                    values.add(place(2));
                    values.add(place(data.len().saturating_sub(2)));
                    values.count += data.len() / 6;
                }
                MERGED => claim.merged += usize::from(number(data, 0).unwrap_or(0)),
                _ => {}
            }
        }
        // Cells may lie upon one another.
        claim.cells = values.area().max(values.count).saturating_add(formulas.area().max(formulas.count));
        claim.filled = values.count.saturating_add(formulas.count);
        claim
    }
}

/// Bytes of a text with its length before it, at most: the length may be claimed, and room is made for what is claimed.
fn text_bytes(data: &[u8], at: usize) -> usize {
    BYTES_PER_CHARACTER * usize::from(number(data, at).unwrap_or(0))
}

/// Bytes of a Chinese character in memory; no 16-bit character takes more.
const BYTES_PER_CHARACTER: usize = 3;

/// Bytes of every shared text. Of several tables the last counts, as for the reader.
fn shared_text_bytes(name: &str, stream: &[u8]) -> Result<Vec<usize>, SheetError> {
    let mut sizes = Vec::new();
    for record in globals(stream).filter(|record| record.kind == SHARED_TEXTS) {
        let continuations: Vec<&[u8]> = records(stream, record.at + 4 + record.data.len())
            .take_while(|next| next.kind == CONTINUATION)
            .map(|next| next.data)
            .take(CONTINUATIONS_MAX + 1)
            .collect();
        if continuations.len() > CONTINUATIONS_MAX {
            let what = format!("“{name}”共享文本的续接记录数");
            return Err(SheetError::limit(what, continuations.len() as u64, CONTINUATIONS_MAX as u64));
        }
        let texts = Texts { rest: record.data.get(8..).unwrap_or_default(), next: continuations.into_iter() };
        sizes.clear();
        for size in texts {
            sizes.push(size.ok_or_else(|| damaged(name, &"共享文本表不完整"))?);
            if sizes.len() > CELLS_MAX {
                return Err(SheetError::limit(format!("“{name}”的文本数"), sizes.len() as u64, CELLS_MAX as u64));
            }
        }
    }
    Ok(sizes)
}

/// Walks through a table of shared texts, step by step as the reader does ([MS-XLS] 2.5.293), and gives the bytes of each;
/// none where the table breaks off.
struct Texts<'a> {
    rest: &'a [u8],
    next: std::vec::IntoIter<&'a [u8]>,
}

impl Iterator for Texts<'_> {
    type Item = Option<usize>;

    fn next(&mut self) -> Option<Option<usize>> {
        if self.rest.is_empty() && !self.go_on() {
            return None;
        }
        // An empty continuation is an empty text.
        Some(if self.rest.is_empty() { Some(0) } else { self.text() })
    }
}

impl<'a> Texts<'a> {
    fn go_on(&mut self) -> bool {
        self.next.next().is_some_and(|next| {
            self.rest = next;
            true
        })
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// One text: characters, width, what else there is, and behind the text the fonts and the phonetics.
    fn text(&mut self) -> Option<usize> {
        let head = self.take(3)?;
        let characters = usize::from(number(head, 0)?);
        let flags = *head.get(2)?;
        let fonts = if flags & 8 == 0 { 0 } else { 4 * usize::from(number(self.take(2)?, 0)?) };
        let phonetics = if flags & 4 == 0 { 0 } else { long_number(self.take(4)?, 0)? };
        self.characters(characters, flags & 1 == 1)?;
        self.skip(fonts)?;
        self.skip(phonetics)?;
        Some(BYTES_PER_CHARACTER * characters)
    }

    /// Characters may go on in the next record, which says again how wide they are.
    fn characters(&mut self, mut length: usize, mut is_wide: bool) -> Option<()> {
        while length > 0 {
            let width = if is_wide { 2 } else { 1 };
            let here = length.min(self.rest.len() / width);
            self.take(here * width)?;
            length -= here;
            if length > 0 {
                if !self.go_on() {
                    return None;
                }
                is_wide = self.take(1)?.first()? & 1 == 1;
            }
        }
        Some(())
    }

    fn skip(&mut self, mut length: usize) -> Option<()> {
        while length > 0 {
            if self.rest.is_empty() && !self.go_on() {
                return None;
            }
            length -= self.take(length.min(self.rest.len()))?.len();
        }
        Some(())
    }
}

/// A record: its kind, its data, and where it begins.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    at: usize,
}

fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let head = stream.get(at..at + 4)?;
        let kind = number(head, 0)?;
        let length = usize::from(number(head, 2)?);
        let data = stream.get(at + 4..at + 4 + length)?;
        let record = Record { kind, data, at };
        at += 4 + length;
        Some(record)
    })
}

/// The 16-bit number at a place, lowest byte first.
fn number(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

/// The 32-bit number at a place, lowest byte first.
fn long_number(data: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(number(data, at)?) | usize::from(number(data, at + 2)?) << 16)
}

/// The records before the first sheet.
fn globals(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    records(stream, 0).take_while(|record| record.kind != END)
}

/// Where the sheets begin.
fn sheet_starts(stream: &[u8]) -> Vec<usize> {
    globals(stream)
        .filter(|record| record.kind == BOUND_SHEET)
        .filter_map(|record| long_number(record.data, 0))
        .collect()
}

/// The records of one sheet, without those of charts that are embedded in it.
fn sheet_records(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let (mut is_begun, mut depth) = (false, 0_usize);
    records(stream, start)
        .map_while(move |record| {
            let is_nested = depth > 0;
            match record.kind {
                BEGIN if is_begun => depth += 1,
                BEGIN => is_begun = true,
                END if depth > 0 => depth -= 1,
                END => return None,
                _ => {}
            }
            Some((!is_nested).then_some(record))
        })
        .flatten()
}

/// The smallest rectangle around some cells.
#[derive(Default)]
struct Span {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
    count: usize,
}

impl Span {
    fn add(&mut self, place: Option<(u16, u16)>) {
        let Some((row, column)) = place else { return };
        let widen = |range: Option<(u16, u16)>, value: u16| match range {
            Some((first, last)) => Some((first.min(value), last.max(value))),
            None => Some((value, value)),
        };
        self.rows = widen(self.rows, row);
        self.columns = widen(self.columns, column);
        self.count += 1;
    }

    fn area(&self) -> usize {
        let length = |range: Option<(u16, u16)>| range.map_or(0, |(first, last)| usize::from(last - first) + 1);
        length(self.rows) * length(self.columns)
    }
}
