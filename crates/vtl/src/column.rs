//! Columns and cells as the machine reads them: checked once for each batch, then loaded block by block (see `load`).

mod load;

use crate::limits::SCALE_MAX;
use crate::plan::shortest;
use crate::scalar::{Scalar, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;

pub(crate) use load::{Block, Misfit};

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
    /// A floating-point value that no short decimal stands for.
    #[error(
        "列“{column}”第 {row} 行(从 0 数起)的浮点数 {value} 不是最多 {places} 位小数、15 位数字的数,不能精确审核。请先四舍五入,或转换为定点小数 Decimal128。"
    )]
    Float {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The value as Rust writes it.
        value: String,
        /// The most decimal places that would be taken.
        places: u8,
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

/// A column whose type fits, or one cell.
#[derive(Debug, Clone)]
pub(crate) struct Column<'a> {
    pub values: Values<'a>,
    nulls: Option<&'a NullBuffer>,
    /// The one text of a period, interval or duration in a record.
    written: Option<String>,
}

/// The values of a column, read in place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values<'a> {
    /// Null in every row.
    Missing,
    Decimal(&'a [i128], u8),
    Integer(&'a [i64]),
    Small(&'a [i32]),
    /// Floating point, taken as decimals with so many places. The number grows when a value turns up that has more.
    Float(&'a [f64], u8),
    Date(&'a [i32]),
    Truth(&'a BooleanBuffer),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    TextView(&'a StringViewArray),
    /// One number, date or truth value (0 or 1) with its scale; null if there is none.
    Cell(Option<i128>, u8),
    /// One text.
    TextCell(Option<&'a str>),
}

/// What a plan has to know of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Null in every row.
    Missing,
    /// A number with so many decimal places.
    Scaled(u8),
    /// Anything else; the schema says what.
    Plain,
}

impl<'a> Column<'a> {
    /// All null.
    pub const MISSING: Column<'a> = Column { values: Values::Missing, nulls: None, written: None };

    /// Reads an array as a column of this type, or says why not.
    pub fn new(name: &str, kind: Type, array: &'a dyn Array) -> Result<Column<'a>, EvalError> {
        let values = match (kind, array.data_type()) {
            (_, DataType::Null) => Values::Missing,
            (Type::Integer | Type::Number, DataType::Int64) => {
                Values::Integer(array.as_primitive::<Int64Type>().values())
            }
            (Type::Integer | Type::Number, DataType::Int32) => {
                Values::Small(array.as_primitive::<Int32Type>().values())
            }
            (Type::Number, DataType::Float64) => Values::Float(array.as_primitive::<Float64Type>().values(), 0),
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
        Ok(Column { values, nulls: array.nulls().filter(|nulls| nulls.null_count() > 0), written: None })
    }

    /// Reads the value of a record as a column of one row. Numbers get at least so many places, so that most records share
    /// a plan.
    pub fn cell(name: &str, kind: Type, value: &'a Scalar, places: u8) -> Result<Column<'a>, EvalError> {
        let digits = |digits: i128| Values::Cell(Some(digits), 0);
        let values = match (kind, value) {
            (kind, Scalar::Null) if kind.is_text() => Values::TextCell(None),
            (Type::Number, Scalar::Null) => Values::Cell(None, places),
            (_, Scalar::Null) => Values::Cell(None, 0),
            (Type::Integer, Scalar::Integer(value)) => digits(i128::from(*value)),
            (Type::Integer, Scalar::Number { unscaled, scale }) => match shortest((*unscaled, *scale)) {
                (whole, 0) => digits(whole),
                (_, scale) => return Err(wrong_type(name, kind, &DataType::Decimal128(38, scale.cast_signed()))),
            },
            (Type::Number, Scalar::Integer(value)) => roomy(i128::from(*value), 0, places),
            (Type::Number, Scalar::Number { unscaled, scale }) if *scale <= SCALE_MAX => {
                roomy(*unscaled, *scale, places)
            }
            (Type::Boolean, Scalar::Boolean(value)) => digits(i128::from(*value)),
            (kind, Scalar::Text(value)) if kind.is_text() => Values::TextCell(Some(value)),
            (kind, value) if kind.is_written() && value.kind() == Some(kind) => Values::TextCell(Some("")),
            (Type::Date, Scalar::Date(days)) => digits(i128::from(*days)),
            (_, found) => return Err(wrong_type(name, kind, &arrow_type(found))),
        };
        let written = value.kind().filter(|kind| kind.is_written()).map(|_| value.to_string());
        Ok(Column { values, nulls: None, written })
    }

    /// What a plan has to know.
    pub fn shape(&self) -> Shape {
        match self.values {
            Values::Missing => Shape::Missing,
            Values::Decimal(_, scale) | Values::Float(_, scale) | Values::Cell(_, scale) => Shape::Scaled(scale),
            _ => Shape::Plain,
        }
    }

    /// The text of a row; empty where there is none.
    pub fn text(&self, row: usize) -> &str {
        match self.values {
            Values::Text(array) if row < array.len() => array.value(row),
            Values::LargeText(array) if row < array.len() => array.value(row),
            Values::TextView(array) if row < array.len() => array.value(row),
            Values::TextCell(Some(text)) => self.written.as_deref().unwrap_or(text),
            _ => "",
        }
    }

    /// The value of a row.
    pub fn value(&self, row: usize) -> Scalar {
        if self.nulls.is_some_and(|nulls| row < nulls.len() && nulls.is_null(row)) {
            return Scalar::Null;
        }
        let found = match self.values {
            Values::Missing => None,
            Values::Decimal(values, scale) => values.get(row).map(|digits| Scalar::Number { unscaled: *digits, scale }),
            Values::Integer(values) => values.get(row).map(|value| Scalar::Integer(*value)),
            Values::Small(values) => values.get(row).map(|value| Scalar::Integer(i64::from(*value))),
            Values::Float(values, _) => values.get(row).and_then(|value| load::decimal(*value)),
            Values::Date(values) => values.get(row).map(|days| Scalar::Date(*days)),
            Values::Truth(values) => (row < values.len()).then(|| Scalar::Boolean(values.value(row))),
            Values::Cell(digits, scale) => digits.map(|unscaled| Scalar::Number { unscaled, scale }),
            Values::Text(_) | Values::LargeText(_) | Values::TextView(_) => Some(Scalar::text(self.text(row))),
            Values::TextCell(text) => text.map(|_| Scalar::text(self.text(row))),
        };
        found.unwrap_or_default()
    }
}

/// The digits with so many places or more.
fn roomy<'a>(digits: i128, scale: u8, places: u8) -> Values<'a> {
    let more = crate::exact::ten_to(places.saturating_sub(scale));
    match more.and_then(|factor| digits.checked_mul(factor)) {
        Some(digits) => Values::Cell(Some(digits), scale.max(places)),
        None => Values::Cell(Some(digits), scale),
    }
}

/// The Arrow type that a value of a record would have.
fn arrow_type(value: &Scalar) -> DataType {
    match value {
        Scalar::Null => DataType::Null,
        Scalar::Integer(_) => DataType::Int64,
        Scalar::Number { scale, .. } => DataType::Decimal128(SCALE_MAX, scale.cast_signed()),
        Scalar::Text(_) | Scalar::TimePeriod(_) | Scalar::Time(_) | Scalar::Duration(_) => DataType::Utf8,
        Scalar::Boolean(_) => DataType::Boolean,
        Scalar::Date(_) => DataType::Date32,
    }
}

fn wrong_type(name: &str, kind: Type, found: &DataType) -> EvalError {
    let (wanted, advice) = match kind {
        Type::Integer => ("整数(Int64、Int32 或小数位为 0 的 Decimal128)", "为 Int64"),
        Type::Number => ("数值(Int64、Int32、Float64 或 Decimal128)", "为定点小数 Decimal128"),
        Type::Boolean => ("布尔值(Boolean)", "为 Boolean"),
        Type::String => ("字符串(Utf8)", "为 Utf8"),
        Type::Date => ("日期(Date32)", "为 Date32"),
        Type::TimePeriod => ("时期(Utf8,如 2024Q1)", "为 Utf8"),
        Type::Time => ("时间区间(Utf8,如 2024-01-01/2024-12-31)", "为 Utf8"),
        Type::Duration => ("时长(Utf8,如 M)", "为 Utf8"),
    };
    EvalError::ColumnType { column: name.to_owned(), wanted, found: found.to_string(), advice }
}
