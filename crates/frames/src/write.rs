//! Accepted reports as one Arrow batch: who, where, which groups, and one exact decimal column per cell.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use rust_decimal::Decimal;
use youju_domain::report::{CellId, Level};
use youju_domain::total::{Accepted, Grouping};

use crate::error::FramesError;

/// Digits after the point that columns hold.
pub(crate) const SCALE: u32 = 4;
/// Digits in all.
pub(crate) const PRECISION: u8 = 38;
/// Largest magnitude of a figure, in units of the last digit: 18 digits before the point. With it, the sum of
/// ten thousand million figures stays within 38 digits, so that adding can never wrap.
const UNSCALED_MAX: i128 = 10_i128.pow(18 + SCALE);

/// The number by which levels are compared.
pub(crate) fn rank(level: Level) -> i64 {
    match level {
        Level::Township => 0,
        Level::County => 1,
        Level::City => 2,
        Level::Province => 3,
    }
}

/// Name of the column that holds the groups of a grouping.
pub(crate) fn group_column(by: Grouping) -> String {
    format!("by_{}", by.key())
}

/// One row per report.
pub(crate) fn to_batch(accepted: &[Accepted]) -> Result<RecordBatch, FramesError> {
    let texts = |text: &dyn Fn(&Accepted) -> String| -> ArrayRef {
        Arc::new(accepted.iter().map(|row| Some(text(row))).collect::<StringArray>())
    };
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("report".into(), texts(&|row| row.report.to_string())),
        ("unit".into(), texts(&|row| row.unit.to_string())),
        ("area".into(), texts(&|row| row.area.as_str().to_owned())),
        ("industry".into(), texts(&|row| row.industry.code().to_owned())),
        ("level".into(), Arc::new(accepted.iter().map(|row| Some(rank(row.level))).collect::<Int64Array>())),
    ];
    for by in Grouping::ALL {
        columns.push((group_column(by), texts(&|row| by.group_of(&row.area, &row.industry))));
    }
    let cells: BTreeSet<&CellId> = accepted.iter().flat_map(|row| row.cells.keys()).collect();
    for cell in cells {
        columns.push((cell.to_string(), Arc::new(figures(accepted, cell)?)));
    }
    let doing = "建立列存表";
    RecordBatch::try_from_iter(columns).map_err(|cause| FramesError::file(doing, std::path::Path::new("-"), cause))
}

fn figures(accepted: &[Accepted], cell: &CellId) -> Result<Decimal128Array, FramesError> {
    let figures: Result<Vec<Option<i128>>, FramesError> = accepted
        .iter()
        .map(|row| match row.cells.get(cell) {
            None => Ok(None),
            Some(value) => unscaled(*value).map(Some).ok_or_else(|| FramesError::Figure {
                unit: row.unit.to_string(),
                cell: cell.to_string(),
                value: value.to_string(),
            }),
        })
        .collect();
    let array = Decimal128Array::from(figures?);
    let scale = i8::try_from(SCALE).unwrap_or_default();
    array
        .with_precision_and_scale(PRECISION, scale)
        .map_err(|cause| FramesError::file("建立列存表", std::path::Path::new("-"), cause))
}

/// The figure in units of its last column digit; none when it has more digits than columns hold.
fn unscaled(value: Decimal) -> Option<i128> {
    let value = value.normalize();
    let up = SCALE.checked_sub(value.scale())?;
    let unscaled = value.mantissa().checked_mul(10_i128.pow(up))?;
    (unscaled.abs() < UNSCALED_MAX).then_some(unscaled)
}
