//! How values travel: integers as Int64, numbers as decimals of 38 digits with twelve places, times as canonical text.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{Array, ArrayRef, Decimal128Array, new_null_array};
use arrow_schema::{DataType, Field, Schema};
use datafusion::scalar::ScalarValue;
use youju_vtl::dataset::Structure;
use youju_vtl::{Scalar, Type};

/// Digits of a number, the most that 128 bits hold.
pub(super) const DIGITS: u8 = 38;
/// Decimal places of a number. Twelve leave 26 digits before the point: enough for any sum of money times a rate.
pub const PLACES: i8 = 12;

/// The column type of a type.
pub(super) fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Integer => DataType::Int64,
        Type::Number => DataType::Decimal128(DIGITS, PLACES),
        Type::Boolean => DataType::Boolean,
        Type::Date => DataType::Date32,
        Type::String | Type::TimePeriod | Type::Time | Type::Duration => DataType::Utf8,
    }
}

/// The name of the column at this place. Plans never see the names of a script, which may be anything.
pub(super) fn column_name(at: usize) -> String {
    format!("c{at}")
}

/// The columns of a structure.
pub(super) fn schema_of(structure: &Structure) -> Arc<Schema> {
    let field = |(at, kind)| Field::new(column_name(at), data_type(kind), true);
    let kinds = structure.components.iter().map(|component| component.kind).enumerate();
    Arc::new(Schema::new(kinds.map(field).collect::<Vec<_>>()))
}

/// `digits` with `from` places as digits with `to` places, half away from zero. `None` if 38 digits are not enough.
pub(super) fn rescale(digits: i128, from: i8, to: i8) -> Option<i128> {
    let distance = u32::from(from.abs_diff(to));
    let result = if to >= from {
        digits.checked_mul(10_i128.checked_pow(distance)?)?
    } else {
        let Some(power) = 10_i128.checked_pow(distance) else { return Some(0) };
        let (whole, rest) = (digits / power, digits % power);
        let up = i128::from(rest.unsigned_abs() >= power.unsigned_abs().div_ceil(2));
        whole + up * digits.signum()
    };
    fits(result).then_some(result)
}

/// Has it at most 38 digits?
pub(super) fn fits(digits: i128) -> bool {
    digits.unsigned_abs() < 10_u128.pow(u32::from(DIGITS))
}

/// An array as the column of a type; the rows that do not fit are told.
pub(super) fn as_column(array: &ArrayRef, kind: Type) -> (ArrayRef, Option<usize>) {
    let wanted = data_type(kind);
    let found = array.data_type().clone();
    if found == wanted {
        return (Arc::clone(array), None);
    }
    let digits = |row: usize| -> Option<(i128, i8)> {
        if array.is_null(row) {
            return None;
        }
        match found {
            DataType::Int64 => Some((i128::from(array.as_primitive::<Int64Type>().value(row)), 0)),
            DataType::Decimal128(_, scale) => Some((array.as_primitive::<Decimal128Type>().value(row), scale)),
            _ => None,
        }
    };
    if kind != Type::Number || !matches!(found, DataType::Int64 | DataType::Decimal128(..)) {
        return match datafusion::arrow::compute::cast(array, &wanted) {
            Ok(array) => (array, None),
            Err(_) => (new_null_array(&wanted, array.len()), Some(0)),
        };
    }
    let mut unfit = None;
    let mut column = Vec::with_capacity(array.len());
    for row in 0..array.len() {
        let value = digits(row).map(|(digits, scale)| rescale(digits, scale, PLACES));
        if value == Some(None) {
            unfit = unfit.or(Some(row));
        }
        column.push(value.flatten());
    }
    let column = Decimal128Array::from(column);
    match column.with_precision_and_scale(DIGITS, PLACES) {
        Ok(column) => (Arc::new(column), unfit),
        Err(_) => (new_null_array(&wanted, array.len()), Some(0)),
    }
}

/// A constant as a value of a column.
pub(super) fn scalar_value(scalar: &Scalar, kind: Type) -> Option<ScalarValue> {
    let null = ScalarValue::try_from(&data_type(kind)).ok()?;
    Some(match (scalar, kind) {
        (Scalar::Null, _) => null,
        (Scalar::Integer(value), Type::Integer) => ScalarValue::Int64(Some(*value)),
        // Sums of integers come as numbers without places.
        (Scalar::Number { unscaled, scale: 0 }, Type::Integer) => {
            ScalarValue::Int64(Some(i64::try_from(*unscaled).ok()?))
        }
        (Scalar::Boolean(value), Type::Boolean) => ScalarValue::Boolean(Some(*value)),
        (Scalar::Text(value), Type::String) => ScalarValue::Utf8(Some(value.clone())),
        (Scalar::Date(value), Type::Date) => ScalarValue::Date32(Some(*value)),
        (other, Type::Number) => {
            let (digits, scale) = other.decimal()?;
            let digits = rescale(digits, scale.cast_signed(), PLACES)?;
            ScalarValue::Decimal128(Some(digits), DIGITS, PLACES)
        }
        (other, kind) if kind.is_written() && other.kind() == Some(kind) => ScalarValue::Utf8(Some(other.to_string())),
        // A code of a rule beside codes of another type.
        (other, Type::String) => ScalarValue::Utf8(Some(other.to_string())),
        _ => return None,
    })
}
