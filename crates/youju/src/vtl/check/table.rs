//! A csv file as typed columns. A cell that does not fit is null for the rules, named with its line, and never passes unseen.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, RecordBatch};
use youju_sheet::{CsvRow, CsvRows};
use youju_vtl::Type;
use youju_vtl::limits::SCALE_MAX;

use super::source::{CellErrors, Piece};
use crate::open::Failure;

/// Rows that are looked at before a column without other evidence is taken for numbers or for text.
const ROWS_LOOKED_AT: usize = 4_096;
/// Digits that fit 64 bits whatever they are.
const DIGITS_FAST_MAX: usize = 18;

/// An opened csv file whose columns have types.
pub(crate) struct CsvTable {
    rows: CsvRows<File>,
    /// The rows that have been looked at and not been handed out yet.
    ahead: std::vec::IntoIter<CsvRow>,
    columns: Vec<Column>,
    bytes_told: u64,
}

struct Column {
    place: usize,
    name: String,
    kind: Type,
}

impl CsvTable {
    /// Opens a file. Rules decide about a type first, then the rows at the beginning.
    pub(crate) fn open(file: File, wanted: &[String], uses: &BTreeMap<String, Type>) -> Result<CsvTable, Failure> {
        let mut rows = CsvRows::open(file)?;
        let ahead: Vec<CsvRow> = rows.by_ref().take(ROWS_LOOKED_AT).collect::<Result<_, _>>()?;
        let heads = rows.header().iter().enumerate().filter(|(_, name)| wanted.contains(name));
        let kind = |place, name| uses.get(name).copied().unwrap_or_else(|| look(&ahead, place));
        let columns =
            heads.map(|(place, name)| Column { place, name: name.clone(), kind: kind(place, name) }).collect();
        Ok(CsvTable { rows, ahead: ahead.into_iter(), columns, bytes_told: 0 })
    }

    /// Names and types of the columns that rules may read.
    pub(crate) fn columns(&self) -> Vec<(String, Type)> {
        self.columns.iter().map(|column| (column.name.clone(), column.kind)).collect()
    }

    /// The next rows.
    pub(crate) fn next_piece(&mut self, rows_max: usize) -> Result<Option<Piece>, Failure> {
        let mut cells: Vec<Cells> = self.columns.iter().map(|column| Cells::new(column.kind, rows_max)).collect();
        let mut numbers = Vec::new();
        let mut errors = CellErrors::default();
        while numbers.len() < rows_max {
            let Some(row) = self.ahead.next().map(Ok).or_else(|| self.rows.next()) else { break };
            let row = row?;
            for (column, cells) in self.columns.iter().zip(&mut cells) {
                let text = row.get(column.place).unwrap_or_default().trim();
                if let Err(wrong) = cells.push(text) {
                    errors.push(format!("第 {} 行“{}”{wrong}", row.line, column.name));
                }
            }
            numbers.push(row.line);
        }
        if numbers.is_empty() {
            return Ok(None);
        }
        let arrays = cells.into_iter().map(Cells::array).collect::<Result<Vec<_>, _>>()?;
        let named = self.columns.iter().zip(arrays).map(|(column, array)| (&column.name, array, true));
        let batch = RecordBatch::try_from_iter_with_nullable(named)?;
        let bytes = self.rows.bytes_read();
        let progress = bytes - std::mem::replace(&mut self.bytes_told, bytes);
        Ok(Some(Piece { batch, numbers, errors, progress }))
    }
}

/// Numbers if every cell that is filled is one.
fn look(rows: &[CsvRow], place: usize) -> Type {
    let mut filled = rows.iter().filter_map(|row| row.get(place)).map(str::trim).filter(|text| !text.is_empty());
    if filled.all(|text| number(text).is_ok()) { Type::Number } else { Type::String }
}

/// The cells of one column in one piece.
enum Cells {
    Number { digits: Vec<Option<i128>>, scale: u8 },
    Truth(Vec<Option<bool>>),
    Text(StringBuilder),
}

impl Cells {
    fn new(kind: Type, rows: usize) -> Cells {
        match kind {
            Type::Integer | Type::Number => Cells::Number { digits: Vec::with_capacity(rows), scale: 0 },
            Type::Boolean => Cells::Truth(Vec::new()),
            _ => Cells::Text(StringBuilder::new()),
        }
    }

    /// Adds a cell; one that does not fit becomes null, and what is wrong with it is given back.
    fn push(&mut self, text: &str) -> Result<(), String> {
        let is_filled = !text.is_empty();
        match self {
            Cells::Text(texts) => texts.append_option(is_filled.then_some(text)),
            Cells::Truth(truths) => {
                let truth = truth(text);
                truths.push(truth);
                if is_filled && truth.is_none() {
                    return Err(format!("应为 true 或 false,现为“{text}”。请改正,没有数据时留空。"));
                }
            }
            Cells::Number { digits, scale } => {
                let found = if is_filled { number(text).map(Some) } else { Ok(None) };
                let fitted = found.and_then(|found| match found {
                    Some(pair) => fit(pair, digits, scale).map(Some).ok_or_else(|| {
                        format!("应为数字,现为“{text}”(与同列其他数合起来超过 38 位)。请核对位数和计量单位。")
                    }),
                    None => Ok(None),
                });
                digits.push(fitted.as_ref().ok().copied().flatten());
                fitted?;
            }
        }
        Ok(())
    }

    fn array(self) -> Result<ArrayRef, Failure> {
        Ok(match self {
            Cells::Number { digits, scale } => {
                let array = Decimal128Array::from(digits);
                Arc::new(array.with_precision_and_scale(SCALE_MAX, scale.cast_signed())?)
            }
            Cells::Truth(truths) => Arc::new(BooleanArray::from(truths)),
            Cells::Text(mut texts) => Arc::new(texts.finish()),
        })
    }
}

/// Brings a number to the scale of its column, or the column to the scale of the number.
fn fit((found, places): (i128, u8), digits: &mut [Option<i128>], scale: &mut u8) -> Option<i128> {
    if places > *scale {
        let factor = ten_to(places - *scale)?;
        if digits.iter().flatten().any(|known| known.checked_mul(factor).is_none()) {
            return None;
        }
        for known in digits.iter_mut().flatten() {
            *known *= factor;
        }
        *scale = places;
    }
    found.checked_mul(ten_to(*scale - places)?)
}

fn ten_to(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(exponent.into())
}

/// Digits and decimal places, or what is wrong.
fn number(text: &str) -> Result<(i128, u8), String> {
    if let Some(plain) = plain_number(text) {
        return Ok(plain);
    }
    let number = youju_codes::parse_number(text)
        .map_err(|error| format!("应为数字,现为“{text}”({})。{}。", error.reason, error.hint))?;
    let places = u8::try_from(number.scale()).unwrap_or(SCALE_MAX);
    Ok((number.mantissa(), places))
}

/// The common case: `-1234.56` without anything else.
fn plain_number(text: &str) -> Option<(i128, u8)> {
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.is_empty() || digits.len() > DIGITS_FAST_MAX {
        return None;
    }
    let mut value = 0_i64;
    let mut point = None;
    for (at, byte) in digits.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 => point = Some(at),
            _ => return None,
        }
    }
    let places = point.map_or(0, |point| digits.len() - point - 1);
    if point.is_some() && places == 0 {
        return None;
    }
    let value = i128::from(if is_negative { -value } else { value });
    Some((value, u8::try_from(places).ok()?))
}

fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_and_the_short_way_agrees_with_the_long_one() {
        for (text, expected) in
            [("12", (12, 0)), ("-0.05", (-5, 2)), ("1,234.5", (12_345, 1)), ("(7)", (-7, 0)), ("00012", (12, 0))]
        {
            assert_eq!(number(text).unwrap(), expected, "{text}");
        }
        for text in ["0", "-1", "999999999999999999", "1.10", "-12345.678"] {
            let long = youju_codes::parse_number(text).unwrap();
            assert_eq!(plain_number(text).unwrap(), (long.mantissa(), u8::try_from(long.scale()).unwrap()), "{text}");
        }
        for text in ["12万", "1.2.3", "-", ".", "1..", "5%"] {
            assert!(number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_column_takes_the_finest_scale_of_its_cells() {
        let mut cells = Cells::new(Type::Number, 4);
        for text in ["5", "", "0.25", "1.5"] {
            cells.push(text).unwrap();
        }
        let Cells::Number { digits, scale } = cells else { panic!("numbers") };
        assert_eq!((digits, scale), (vec![Some(500), None, Some(25), Some(150)], 2));
    }
}
