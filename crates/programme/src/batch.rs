//! Reports as columns: what the checks of a form read, assembled for many reports at once.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use youju_vtl::{EvalError, Scalar, Type, Verdicts};

use crate::check::{Check, Checks, rows_of};
use crate::facts::{Facts, RowAt};
use crate::form::Form;

/// Digits of a column of numbers: all that 128 bits hold.
const DIGITS: u8 = 38;

impl Form {
    /// The columns that the checks read, with whole numbers; [`Form::batch`] gives more places where a report has them.
    pub fn schema(&self) -> Schema {
        let kind = |kind: Type| match kind {
            Type::Number => DataType::Decimal128(DIGITS, 0),
            Type::Boolean => DataType::Boolean,
            Type::Integer => DataType::Int64,
            _ => DataType::Utf8,
        };
        let components = self.checks.components.iter();
        Schema::new(components.map(|c| Field::new(&c.name, kind(c.kind), true)).collect::<Vec<_>>())
    }

    /// One row for every report.
    pub fn batch(&self, reports: &[Facts]) -> Result<RecordBatch, ArrowError> {
        let reports: Vec<(&Facts, Option<RowAt>)> = reports.iter().map(|facts| (facts, None)).collect();
        batch(&self.checks, &reports)
    }

    /// Every ruleset of the form with all the rows that it looks at: the reports, and the rows of their lists.
    pub fn populations(&self, reports: &[Facts]) -> Result<Vec<Population<'_>>, ArrowError> {
        let mut all = vec![Population { checks: &self.checks, batch: self.batch(reports)? }];
        for (list, checks) in self.lists.iter().zip(&self.row_checks) {
            let rows = reports.iter().flat_map(|facts| rows_of(list, facts).map(move |row| (facts, Some(row))));
            let rows: Vec<(&Facts, Option<RowAt>)> = rows.collect();
            all.push(Population { checks, batch: batch(checks, &rows)? });
        }
        Ok(all)
    }

    /// What every check, in the order of [`Form::checks`], says about every row of a batch.
    pub fn verdicts(&self, batch: &RecordBatch) -> Result<Verdicts, EvalError> {
        self.checks.program.evaluate(batch)
    }
}

/// Population 审核总体 — a ruleset of a form and everything that it looks at, as any engine of the language can judge it.
#[derive(Debug)]
pub struct Population<'f> {
    checks: &'f Checks,
    /// A row for every report, or for every row of a list.
    pub batch: RecordBatch,
}

impl Population<'_> {
    /// The ruleset, as VTL.
    pub fn vtl(&self) -> String {
        self.checks.ruleset.to_string()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.checks.ruleset.name
    }

    /// Its checks, in order.
    pub fn checks(&self) -> &[Check] {
        &self.checks.list
    }

    /// What every check says about every row.
    pub fn verdicts(&self) -> Result<Verdicts, EvalError> {
        self.checks.program.evaluate(&self.batch)
    }
}

fn batch(checks: &Checks, rows: &[(&Facts, Option<RowAt>)]) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for component in &checks.components {
        let values: Vec<Scalar> = rows.iter().map(|(facts, row)| facts.value(component, *row)).collect();
        let array = array(component.kind, &values)?;
        fields.push(Field::new(&component.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn array(kind: Type, values: &[Scalar]) -> Result<ArrayRef, ArrowError> {
    let truth = |value: &Scalar| match value {
        Scalar::Boolean(truth) => Some(*truth),
        _ => None,
    };
    let integer = |value: &Scalar| match value {
        Scalar::Integer(integer) => Some(*integer),
        _ => None,
    };
    let text = |value: &Scalar| match value {
        Scalar::Text(text) => Some(text.clone()),
        _ => None,
    };
    Ok(match kind {
        Type::Number => Arc::new(numbers(values)?),
        Type::Boolean => Arc::new(values.iter().map(truth).collect::<BooleanArray>()),
        Type::Integer => Arc::new(values.iter().map(integer).collect::<Int64Array>()),
        _ => Arc::new(values.iter().map(text).collect::<StringArray>()),
    })
}

/// Numbers brought to the places of the one that has most. A number is never rounded to fit: that would be refused.
fn numbers(values: &[Scalar]) -> Result<Decimal128Array, ArrowError> {
    let scale = values.iter().filter_map(Scalar::decimal).map(|(_, scale)| scale).max().unwrap_or(0);
    let scaled = |(digits, own): (i128, u8)| {
        let wide = digits.checked_mul(10_i128.checked_pow(u32::from(scale - own))?)?;
        (wide.unsigned_abs().checked_ilog10().unwrap_or(0) < u32::from(DIGITS)).then_some(wide)
    };
    let too_long = || ArrowError::ComputeError("数字超过 38 位,无法精确审核。".to_owned());
    let digits: Result<Vec<Option<i128>>, ArrowError> =
        values.iter().map(|value| value.decimal().map(|d| scaled(d).ok_or_else(too_long)).transpose()).collect();
    Decimal128Array::from(digits?).with_precision_and_scale(DIGITS, scale.cast_signed())
}
