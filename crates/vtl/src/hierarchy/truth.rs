//! Conditions evaluated over whole batches, before the data is cut into groups.

use crate::column::EvalError;
use crate::expression::Expression;
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_buffer::BooleanBuffer;

/// Truths 条件真值 — which conditions of a ruleset are true on which rows. Null counts as not true.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truths(Vec<BooleanBuffer>);

/// What a ruleset without conditions asks for.
pub(super) static NO_TRUTHS: Truths = Truths(Vec::new());

/// The truths of one row.
#[derive(Debug, Clone, Copy)]
pub struct TruthRow<'a> {
    truths: &'a Truths,
    row: usize,
}

impl Truths {
    /// Refused if a condition cannot be computed on some row (a division by zero): what is unknown must not pass silently.
    pub(super) fn new(conditions: &[Expression], batch: &RecordBatch) -> Result<Truths, EvalError> {
        let column = |condition: &Expression| {
            let values = condition.evaluate(batch)?;
            if !values.broken.is_empty() {
                return Err(EvalError::Arithmetic { expression: condition.text() });
            }
            // The constant null has no type and is true nowhere.
            let Some(truths) = values.array.as_boolean_opt() else {
                return Ok(BooleanBuffer::new_unset(batch.num_rows()));
            };
            Ok(truths.nulls().map_or(truths.values().clone(), |nulls| truths.values() & nulls.inner()))
        };
        Ok(Truths(conditions.iter().map(column).collect::<Result<_, EvalError>>()?))
    }

    /// One row.
    pub fn row(&self, row: usize) -> TruthRow<'_> {
        TruthRow { truths: self, row }
    }
}

impl TruthRow<'_> {
    /// Is this condition true here? No condition is always true.
    pub(super) fn holds(self, condition: Option<usize>) -> bool {
        let Some(condition) = condition else { return true };
        self.truths.0.get(condition).is_some_and(|column| self.row < column.len() && column.value(self.row))
    }
}
