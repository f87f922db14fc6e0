//! The rows of a file, held by column: numbers as whole units, texts once each.

use std::collections::HashMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use youju_codes::Period;
use youju_domain::report::Value;

use super::header::Header;
use crate::cell::CellDef;
use crate::facts::{Input, Report};
use crate::form::Form;

/// Place of a row in the table.
pub(crate) type Row = u32;
/// No row, no text.
pub(crate) const NONE: u32 = u32::MAX;

/// What tells rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub unit: u32,
    pub series: u32,
    pub period: Period,
}

/// One column of values.
#[derive(Debug)]
pub(crate) enum Values {
    /// Numbers times ten to the power of their decimal places; none is null.
    Numbers(Vec<Option<i64>>, u32),
    /// Places in the dictionary; [`NONE`] is null.
    Texts(Vec<u32>),
}

/// Texts, each kept once.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    places: HashMap<String, u32>,
    texts: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Table {
    pub keys: Vec<Key>,
    /// Row numbers as the caller counts.
    pub numbers: Vec<usize>,
    /// One for every entry of `Header::inputs`.
    pub columns: Vec<Values>,
    pub dictionary: Dictionary,
    rows: HashMap<Key, Row>,
    periods: HashMap<String, Result<Period, String>>,
}

impl Dictionary {
    pub fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(NONE);
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    pub fn text(&self, place: u32) -> Option<&str> {
        self.texts.get(usize::try_from(place).ok()?).map(String::as_str)
    }
}

impl Table {
    pub fn new(form: &Form, header: &Header) -> Table {
        let columns = header.inputs.iter().map(|(input, _)| match cell_of(form, input) {
            Some(cell) if cell.is_number() => Values::Numbers(Vec::new(), cell.decimals),
            _ => Values::Texts(Vec::new()),
        });
        Table {
            keys: Vec::new(),
            numbers: Vec::new(),
            columns: columns.collect(),
            dictionary: Dictionary::default(),
            rows: HashMap::new(),
            periods: HashMap::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn key(&mut self, unit: &str, series: &str, period: Period) -> Key {
        Key { unit: self.dictionary.place(unit), series: self.dictionary.place(series), period }
    }

    /// Each period text is read once.
    pub fn read_period(&mut self, text: &str, read: impl Fn(&str) -> Result<Period, String>) -> Result<Period, String> {
        if let Some(known) = self.periods.get(text) {
            return known.clone();
        }
        let period = read(text);
        self.periods.insert(text.to_owned(), period.clone());
        period
    }

    /// Takes the next place for a key, or tells the number of the row that has it. Without units every row stands alone.
    pub fn claim(&mut self, key: Key, number: usize, has_unit: bool) -> Result<(), usize> {
        let row = Row::try_from(self.keys.len()).unwrap_or(NONE);
        if has_unit {
            if let Some(first) = self.rows.get(&key) {
                return Err(self.number(*first));
            }
            self.rows.insert(key, row);
        }
        self.keys.push(key);
        self.numbers.push(number);
        Ok(())
    }

    /// The row of a key.
    pub fn find(&self, key: &Key) -> Option<Row> {
        self.rows.get(key).copied()
    }

    /// The number of a row as the caller counts.
    pub fn number(&self, row: Row) -> usize {
        usize::try_from(row).ok().and_then(|row| self.numbers.get(row)).copied().unwrap_or_default()
    }

    /// Adds the values of a row. What cannot be read is told and stays null.
    pub fn push<'t>(
        &mut self,
        form: &Form,
        header: &Header,
        text: impl Fn(usize) -> &'t str,
        mut complain: impl FnMut(&str, String),
    ) {
        for ((input, at), values) in header.inputs.iter().zip(&mut self.columns) {
            let text = text(*at);
            let cell = cell_of(form, input);
            match values {
                Values::Numbers(numbers, places) => numbers.push(quick_number(text, *places).or_else(|| {
                    let head = header.heads.get(*at).map_or("", String::as_str);
                    cell.and_then(|cell| number(cell, text, |reason| complain(head, reason)))
                })),
                Values::Texts(texts) => {
                    let read = match cell {
                        Some(cell) => cell.read(text).map(|value| value_text(&value)),
                        None => Ok(text.to_owned()),
                    };
                    let read = read.unwrap_or_else(|reason| {
                        complain(header.heads.get(*at).map_or("", String::as_str), reason);
                        String::new()
                    });
                    texts.push(if read.is_empty() { NONE } else { self.dictionary.place(&read) });
                }
            }
        }
    }
}

/// The cell that an input of a file means.
pub(crate) fn cell_of<'f>(form: &'f Form, input: &Input) -> Option<&'f CellDef> {
    match input {
        Input::Cell(Report::Own(_), id) => form.fixed(id),
        _ => None,
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Blank | Value::NotApplicable => String::new(),
    }
}

fn number(cell: &CellDef, text: &str, complain: impl FnOnce(String)) -> Option<i64> {
    match cell.read(text) {
        Ok(Value::Number(number)) => {
            let whole = Decimal::from(10_i64.pow(cell.decimals)).checked_mul(number).and_then(|whole| whole.to_i64());
            if whole.is_none() {
                complain(format!("现为“{text}”,位数太多,不能成批审核。请核对计量单位。"));
            }
            whole
        }
        Ok(_) => None,
        Err(reason) => {
            complain(reason);
            None
        }
    }
}

/// Plain digits, as nearly every cell of a file has them, without the detour over a decimal.
fn quick_number(text: &str, places: u32) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let whole: i64 = text.parse().ok().filter(|_| is_plain)?;
    whole.checked_mul(10_i64.checked_pow(places)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_way_takes_plain_digits_only() {
        assert_eq!((quick_number("-123", 0), quick_number("-123", 2)), (Some(-123), Some(-12_300)));
        assert_eq!(quick_number("999999999999999999", 0), Some(999_999_999_999_999_999));
        for other in ["", "-", "1,234", "1.0", "+5", "1000000000000000000", "１２"] {
            assert_eq!(quick_number(other, 0), None, "{other}");
        }
    }
}
