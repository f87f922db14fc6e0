//! Datapoint rulesets over all rows of a dataset.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{Field, Schema};
use datafusion::scalar::ScalarValue;
use youju_vtl::dataset::Structure;
use youju_vtl::{Output, Program, Role, Rule, Scalar, Type, Verdict};

use super::error::RunError;
use super::kind::{scalar_value, schema_of};
use super::table::rows_of;

/// One batch for each rule: the failing rows, or all.
pub(super) fn check(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    program: &Program,
    columns: &[(String, String)],
    output: Output,
) -> Result<Vec<RecordBatch>, RunError> {
    let verdicts = program
        .evaluate(&under_parameter_names(batch, from, columns)?)
        .map_err(|error| RunError::runtime(error.to_string()))?;
    let mut checked = Vec::new();
    for (number, rule) in program.rules().iter().enumerate() {
        let mut rows: Vec<u32> = Vec::new();
        let mut truths = Vec::new();
        for row in 0..batch.num_rows() {
            let truth = match verdicts.verdict(number, row) {
                Some(Verdict::Pass) => Some(true),
                Some(Verdict::Fail) => Some(false),
                _ => None,
            };
            if output == Output::Invalid && truth != Some(false) {
                continue;
            }
            rows.push(u32::try_from(row).map_err(|_| RunError::runtime("数据集超过 42 亿行。"))?);
            truths.push(truth);
        }
        checked.push(of_rule(batch, from, to, rule, &rows, &truths)?);
    }
    Ok(checked)
}

fn under_parameter_names(
    batch: &RecordBatch,
    from: &Structure,
    columns: &[(String, String)],
) -> Result<RecordBatch, RunError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (parameter, column) in columns {
        let at = from.components.iter().position(|component| component.name == *column);
        if let Some(array) = at.and_then(|at| batch.columns().get(at)) {
            fields.push(Field::new(parameter, array.data_type().clone(), true));
            arrays.push(Arc::clone(array));
        }
    }
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?)
}

fn of_rule(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    rule: &Rule,
    rows: &[u32],
    truths: &[Option<bool>],
) -> Result<RecordBatch, RunError> {
    let indices = UInt32Array::from(rows.to_vec());
    let mut columns: Vec<ArrayRef> = Vec::new();
    for component in &to.components {
        let own = from.components.iter().position(|other| other.name == component.name);
        columns.push(match (component.name.as_str(), component.role) {
            ("ruleid", Role::Identifier) => Arc::new(StringArray::from(vec![rule.name.as_str(); rows.len()])),
            ("bool_var", Role::Measure) => Arc::new(BooleanArray::from(truths.to_vec())),
            ("errorcode", Role::Measure) => code(rule.error_code.as_ref(), component.kind, truths)?,
            ("errorlevel", Role::Measure) => code(rule.error_level.as_ref(), component.kind, truths)?,
            _ => match own.and_then(|at| batch.columns().get(at)) {
                Some(column) => rows_of(column, &indices)?,
                None => return Err(RunError::runtime(format!("内部错误:没有列“{}”。", component.name))),
            },
        });
    }
    Ok(RecordBatch::try_new(schema_of(to), columns)?)
}

/// A code in the rows that fail.
fn code(value: Option<&Scalar>, kind: Type, truths: &[Option<bool>]) -> Result<ArrayRef, RunError> {
    let unfit = || RunError::runtime("errorcode 或 errorlevel 的类型不一致。");
    let null = scalar_value(&Scalar::Null, kind).ok_or_else(unfit)?;
    let value = match value {
        Some(value) => scalar_value(value, kind).ok_or_else(unfit)?,
        None => null.clone(),
    };
    if truths.is_empty() {
        return Ok(null.to_array_of_size(0)?);
    }
    let values = truths.iter().map(|truth| if *truth == Some(false) { value.clone() } else { null.clone() });
    Ok(ScalarValue::iter_to_array(values)?)
}
