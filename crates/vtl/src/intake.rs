//! Arrow arrays of any origin as the machine reads them: exact, or refused with the row.
//!
//! A float is taken as the shortest decimal that gives this float, which is what was written before it became one. The machine
//! does so by itself while that decimal is short; [`exact_batch`] helps with the longer ones.

use crate::exact::ten_to;
use crate::limits::SCALE_MAX;
use crate::scalar::{Scalar, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Float32Type, Float64Type, Int8Type, Int16Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, Float64Array, Int64Array, PrimitiveArray, RecordBatch, RecordBatchOptions,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema as ArrowSchema};
use std::sync::Arc;

/// Why a column cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Rules know no values of this type.
    #[error("“{column}”列的类型 {found} 不能用于审核。请先转换为数字、字符串、布尔值或日期。")]
    Type {
        /// The column.
        column: String,
        /// Its Arrow type.
        found: String,
    },
    /// Not a number, infinite, or of more than 38 digits.
    #[error("第 {row} 行“{column}”应为能精确表示的数,现为“{value}”。请改正,没有数据时留空。")]
    Value {
        /// The column.
        column: String,
        /// The row, from 1.
        row: usize,
        /// What stands there.
        value: String,
    },
}

/// The type that a column of this Arrow type has in rules; `None` if rules cannot read it.
pub fn type_of(found: &DataType) -> Option<Type> {
    match found {
        whole if whole.is_integer() => Some(Type::Integer),
        DataType::Float32 | DataType::Float64 => Some(Type::Number),
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale) => {
            (*scale >= 0).then_some(Type::Number)
        }
        DataType::Boolean => Some(Type::Boolean),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Some(Type::String),
        DataType::Date32 => Some(Type::Date),
        _ => None,
    }
}

/// Gives an array of a type that the machine reads, of the same values.
pub fn readable(column: &str, array: &ArrayRef) -> Result<ArrayRef, IntakeError> {
    Ok(match array.data_type() {
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => wide::<UInt64Type>(array, 0),
        DataType::Decimal32(_, scale) if *scale >= 0 => wide::<Decimal32Type>(array, *scale),
        DataType::Decimal64(_, scale) if *scale >= 0 => wide::<Decimal64Type>(array, *scale),
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>();
            // Through its own shortest text: 0.1 as a short float is not 0.1 as a long one.
            let long = values.values().iter().map(|value| value.to_string().parse().unwrap_or(f64::NAN));
            Arc::new(Float64Array::new(long.collect(), values.nulls().cloned()))
        }
        found if type_of(found).is_some() => Arc::clone(array),
        found => return Err(IntakeError::Type { column: column.to_owned(), found: found.to_string() }),
    })
}

/// The same batch with decimals for floats, for when the machine refuses one of them. `rows_before` stand before it in its table.
pub fn exact_batch(batch: &RecordBatch, rows_before: usize) -> Result<RecordBatch, IntakeError> {
    let schema = batch.schema();
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (field, array) in schema.fields().iter().zip(batch.columns()) {
        let exact = match array.as_primitive_opt::<Float64Type>() {
            Some(values) => floats(field.name(), values, rows_before)?,
            None => Arc::clone(array),
        };
        fields.push(Field::new(field.name(), exact.data_type().clone(), true));
        arrays.push(exact);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(ArrowSchema::new(fields)), arrays, &options)
        .map_err(|error| IntakeError::Type { column: String::new(), found: error.to_string() })
}

fn whole<T: ArrowPrimitiveType>(array: &ArrayRef) -> ArrayRef
where
    i64: From<T::Native>,
{
    let values: PrimitiveArray<T> = array.as_primitive::<T>().clone();
    Arc::new(Int64Array::new(values.values().iter().map(|value| i64::from(*value)).collect(), values.nulls().cloned()))
}

fn wide<T: ArrowPrimitiveType>(array: &ArrayRef, scale: i8) -> ArrayRef
where
    i128: From<T::Native>,
{
    let values = array.as_primitive::<T>();
    decimals(values.values().iter().map(|value| i128::from(*value)).collect(), values.nulls().cloned(), scale)
}

fn decimals(digits: Vec<i128>, nulls: Option<NullBuffer>, scale: i8) -> ArrayRef {
    let kind = DataType::Decimal128(SCALE_MAX, scale);
    Arc::new(Decimal128Array::new(digits.into(), nulls).with_data_type(kind))
}

fn floats(column: &str, values: &Float64Array, rows_before: usize) -> Result<ArrayRef, IntakeError> {
    let mut digits = Digits::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        let Some(value) = value else {
            digits.push_null();
            continue;
        };
        if digits.push(value).is_none() {
            let row = rows_before + row + 1;
            return Err(IntakeError::Value { column: column.to_owned(), row, value: value.to_string() });
        }
    }
    Ok(decimals(digits.values, values.nulls().cloned(), digits.scale.cast_signed()))
}

/// Decimals under one scale, which grows with what comes.
struct Digits {
    values: Vec<i128>,
    scale: u8,
}

impl Digits {
    fn with_capacity(rows: usize) -> Digits {
        Digits { values: Vec::with_capacity(rows), scale: 0 }
    }

    fn push_null(&mut self) {
        self.values.push(0);
    }

    fn push(&mut self, value: f64) -> Option<()> {
        if let Some(digits) = short(value, self.scale) {
            self.values.push(digits);
            return Some(());
        }
        let (digits, scale) = Scalar::parse_number(&value.to_string())?.decimal()?;
        if scale > self.scale {
            let factor = ten_to(scale - self.scale)?;
            for value in &mut self.values {
                *value = value.checked_mul(factor)?;
            }
            self.scale = scale;
        }
        self.values.push(digits.checked_mul(ten_to(self.scale - scale)?)?);
        Some(())
    }
}

/// The digits of a float that is a decimal of at most 15 digits at this scale.
///
/// No two decimals of 15 digits share a float, and both sides of the division are exact: where it gives the float back, this is
/// the one decimal that was written.
#[expect(clippy::cast_possible_truncation, reason = "a whole number below 10^15 loses nothing")]
fn short(value: f64, scale: u8) -> Option<i128> {
    const TENS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
    const LIMIT: f64 = 1e15;
    let factor = *TENS.get(usize::from(scale))?;
    let digits = (value * factor).round();
    // Equal to the bit, as it must be; NaN and the infinities never come this far.
    let is_same = digits.abs() < LIMIT && (digits / factor - value).abs() <= 0.0;
    is_same.then_some(i128::from(digits as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Decimal128Type;
    use arrow_array::{Float32Array, StringArray, UInt64Array};
    use proptest::prelude::*;

    fn batch(array: impl Array + 'static) -> RecordBatch {
        let array = readable("c", &(Arc::new(array) as ArrayRef)).unwrap();
        RecordBatch::try_from_iter_with_nullable([("营业收入", array, true)]).unwrap()
    }

    fn taken(array: impl Array + 'static) -> Vec<Option<String>> {
        let exact = exact_batch(&batch(array), 0).unwrap();
        let values = exact.column(0).as_primitive::<Decimal128Type>();
        let scale = values.scale().cast_unsigned();
        let text = |unscaled| Scalar::Number { unscaled, scale }.to_string();
        values.iter().map(|value| value.map(text)).collect()
    }

    #[test]
    fn floats_are_what_was_written_before_they_became_floats() {
        let some = |text: &str| Some(text.to_owned());
        let found = taken(Float64Array::from(vec![Some(1.0), None, Some(0.1), Some(-1234.56), Some(1e15), Some(-0.0)]));
        assert_eq!(found[1], None);
        assert_eq!(found[0], some("1.00"));
        assert_eq!(found[2..4], [some("0.10"), some("-1234.56")]);
        assert_eq!(found[4..], [some("1000000000000000.00"), some("0.00")]);
        assert_eq!(taken(Float32Array::from(vec![0.1, 12.5])), [some("0.1"), some("12.5")]);
        assert_eq!(taken(UInt64Array::from(vec![u64::MAX])), [some("18446744073709551615")]);
    }

    #[test]
    fn what_is_not_exact_is_named_with_its_row() {
        for value in [f64::NAN, f64::INFINITY, 1e308, 1e-300] {
            let error = exact_batch(&batch(Float64Array::from(vec![1.5, value])), 100).unwrap_err().to_string();
            assert!(error.starts_with("第 102 行“营业收入”应为能精确表示的数,现为“"), "{error}");
        }
        let array: ArrayRef = Arc::new(arrow_array::Time32SecondArray::from(vec![1]));
        assert!(readable("c", &array).unwrap_err().to_string().contains("不能用于审核"));
        let texts = batch(StringArray::from(vec!["甲"]));
        assert_eq!(exact_batch(&texts, 0).unwrap().column(0), texts.column(0));
    }

    proptest! {
        #[test]
        fn the_short_way_and_the_text_give_the_same_digits(
            unscaled in -10_i64.pow(17)..10_i64.pow(17), scale in 0_u8..8, noise in 0_u64..3,
        ) {
            let written = Scalar::Number { unscaled: unscaled.into(), scale }.to_string();
            let value: f64 = written.parse().unwrap();
            let value = f64::from_bits(value.to_bits() + noise);
            let shortest = Scalar::parse_number(&value.to_string()).unwrap().decimal().unwrap();
            let mut digits = Digits::with_capacity(2);
            digits.push(0.000_25).unwrap();
            digits.push(value).unwrap();
            let factor = ten_to(digits.scale - shortest.1).unwrap();
            prop_assert_eq!(digits.values[1], shortest.0 * factor);
        }
    }
}
