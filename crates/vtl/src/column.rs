//! Arrow columns as the machine reads them: checked once for each batch, then block by block.

use crate::limits::{BLOCK_ROWS, SCALE_MAX};
use crate::register::{ALL, Lanes, Mask, NONE, NumberView, State, TruthRegister, set_word};
use crate::scalar::Type;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type};
use arrow_array::{Array, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;

/// Why data cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A column of another type than the schema says.
    #[error("列“{column}”应为{wanted},现为 {found}。请先转换{advice}。")]
    ColumnType {
        /// The column.
        column: String,
        /// What the schema says, in Chinese, with the Arrow types that fit.
        wanted: &'static str,
        /// The Arrow type of the column.
        found: String,
        /// Into what to convert.
        advice: &'static str,
    },
    /// The value exists but cannot be computed: a division by zero, or more than 38 digits.
    #[error("无法计算“{expression}”:除数为零,或结果超出 38 位数字。")]
    Arithmetic {
        /// What was to be computed.
        expression: String,
    },
    /// There is no such rule.
    #[error("没有第 {0} 条规则(从 0 数起)。")]
    NoRule(usize),
    /// There is no such row.
    #[error("没有第 {0} 行(从 0 数起)。")]
    NoRow(usize),
}

/// A column whose type fits.
#[derive(Debug, Clone)]
pub(crate) struct Column<'a> {
    pub values: Values<'a>,
    nulls: Option<&'a NullBuffer>,
}

/// The values of a column, read in place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values<'a> {
    /// Null in every row.
    Missing,
    Decimal(&'a [i128], u8),
    Integer(&'a [i64]),
    Date(&'a [i32]),
    Truth(&'a BooleanBuffer),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    TextView(&'a StringViewArray),
}

impl<'a> Column<'a> {
    /// All null.
    pub const MISSING: Column<'a> = Column { values: Values::Missing, nulls: None };

    /// Reads an array as a column of this type, or says why not.
    pub fn new(name: &str, kind: Type, array: &'a dyn Array) -> Result<Column<'a>, EvalError> {
        let values = match (kind, array.data_type()) {
            (_, DataType::Null) => Values::Missing,
            (Type::Integer | Type::Number, DataType::Int64) => {
                Values::Integer(array.as_primitive::<Int64Type>().values())
            }
            (Type::Integer, DataType::Decimal128(_, 0)) => {
                Values::Decimal(array.as_primitive::<Decimal128Type>().values(), 0)
            }
            (Type::Number, DataType::Decimal128(_, scale)) if (0..=SCALE_MAX.cast_signed()).contains(scale) => {
                Values::Decimal(array.as_primitive::<Decimal128Type>().values(), scale.cast_unsigned())
            }
            (Type::Date, DataType::Date32) => Values::Date(array.as_primitive::<Date32Type>().values()),
            (Type::Boolean, DataType::Boolean) => Values::Truth(array.as_boolean().values()),
            (kind, DataType::Utf8) if kind.is_text() => Values::Text(array.as_string()),
            (kind, DataType::LargeUtf8) if kind.is_text() => Values::LargeText(array.as_string()),
            (kind, DataType::Utf8View) if kind.is_text() => Values::TextView(array.as_string_view()),
            (_, found) => return Err(wrong_type(name, kind, found)),
        };
        Ok(Column { values, nulls: array.nulls() })
    }
}

fn wrong_type(name: &str, kind: Type, found: &DataType) -> EvalError {
    let (wanted, advice) = match kind {
        Type::Integer => ("整数(Int64 或小数位为 0 的 Decimal128)", "为 Int64"),
        Type::Number => ("数值(Int64 或 Decimal128)", "为定点小数 Decimal128,浮点数有误差,不能直接审核"),
        Type::Boolean => ("布尔值(Boolean)", "为 Boolean"),
        Type::String => ("字符串(Utf8)", "为 Utf8"),
        Type::Date => ("日期(Date32)", "为 Date32"),
        Type::TimePeriod => ("时期(Utf8,如 2024Q1)", "为 Utf8"),
        Type::Time => ("时间区间(Utf8,如 2024-01-01/2024-12-31)", "为 Utf8"),
        Type::Duration => ("时长(Utf8,如 M)", "为 Utf8"),
    };
    EvalError::ColumnType { column: name.to_owned(), wanted, found: found.to_string(), advice }
}

/// One block of a column.
#[derive(Debug, Clone)]
pub(crate) struct ColumnBlock<'a> {
    pub column: Column<'a>,
    pub start: usize,
    rows: usize,
    valid: Mask,
    lanes: Vec<i128>,
    pub truth: TruthRegister,
}

impl<'a> ColumnBlock<'a> {
    pub fn new(column: Column<'a>) -> ColumnBlock<'a> {
        ColumnBlock { column, start: 0, rows: 0, valid: NONE, lanes: Vec::new(), truth: TruthRegister::default() }
    }

    /// Moves to the block that starts at `start`.
    pub fn load(&mut self, start: usize, rows: usize) {
        self.start = start;
        self.rows = rows;
        self.valid = match self.column.nulls {
            Some(nulls) => bits(nulls.inner(), start, rows),
            None => ALL,
        };
        match self.column.values {
            Values::Integer(values) => self.widen(values.iter().skip(start).map(|value| i128::from(*value))),
            Values::Date(values) => self.widen(values.iter().skip(start).map(|value| i128::from(*value))),
            Values::Truth(values) => {
                let values = bits(values, start, rows);
                for (((yes, no), value), valid) in
                    self.truth.yes.iter_mut().zip(&mut self.truth.no).zip(values).zip(self.valid)
                {
                    (*yes, *no) = (value & valid, !value & valid);
                }
            }
            _ => {}
        }
    }

    fn widen(&mut self, values: impl Iterator<Item = i128>) {
        self.lanes.clear();
        self.lanes.extend(values.take(self.rows));
    }

    pub fn state(&self) -> State<'_> {
        State { valid: &self.valid, broken: &NONE }
    }

    pub fn numbers(&self) -> NumberView<'_> {
        let lanes = match self.column.values {
            Values::Decimal(values, _) => values.get(self.start..self.start + self.rows).unwrap_or_default(),
            _ => self.lanes.as_slice(),
        };
        NumberView { lanes: Lanes::Many(lanes), state: self.state() }
    }

    /// The text of a row of this block; empty where there is none.
    pub fn text(&self, row: usize) -> &'a str {
        let at = self.start + row;
        match self.column.values {
            Values::Text(array) if at < array.len() => array.value(at),
            Values::LargeText(array) if at < array.len() => array.value(at),
            Values::TextView(array) if at < array.len() => array.value(at),
            _ => "",
        }
    }
}

/// Up to a block of bits from an arbitrary place.
fn bits(buffer: &BooleanBuffer, start: usize, rows: usize) -> Mask {
    let mut mask = NONE;
    let rows = rows.min(BLOCK_ROWS).min(buffer.len().saturating_sub(start));
    let slice = buffer.slice(start.min(buffer.len()), rows);
    for (word, bits) in slice.bit_chunks().iter_padded().enumerate() {
        set_word(&mut mask, word, bits);
    }
    mask
}
