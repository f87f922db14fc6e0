//! Hierarchical rulesets over a dataset: rows are cut into groups, each is handed to the program, results become rows.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, StringArray, UInt32Array};
use arrow_schema::{Field, Schema};
use datafusion::scalar::ScalarValue;
use youju_vtl::dataset::{Component, HierarchyResult, HierarchyTask, Structure};
use youju_vtl::{
    Aggregate, Group, HierarchyCheck, HierarchyOutput, HierarchySum, HierarchyTables, Output, Point, Role, Scalar, Type,
};

use super::error::RunError;
use super::kind::{scalar_value, schema_of};
use super::table::{key_text, place, rows_of};

/// The rows that differ only in the code.
struct Family {
    /// Any of them: it has the other identifiers.
    first: u32,
    rows: Vec<u32>,
}

/// What one result row is made of.
struct Found {
    first: u32,
    code: String,
    /// The row of the operand with this code, if there is one.
    own: Option<u32>,
    value: Scalar,
    rule: Option<usize>,
    truth: Option<bool>,
    imbalance: Scalar,
    /// The rows that a sum was made of, where viral attributes ask for them.
    sources: BTreeSet<usize>,
}

pub(super) fn run(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    task: &HierarchyTask,
) -> Result<Vec<RecordBatch>, RunError> {
    let data = |error: &dyn std::fmt::Display| RunError::runtime(error.to_string());
    let families = families(batch, from, &task.rule)?;
    let codes = place(batch, from, &task.rule)?;
    let values = place(batch, from, &task.measure)?;
    let truths = task.program.truths(&conditions(batch, from, task, false)?).map_err(|error| data(&error))?;
    let firsts = UInt32Array::from(families.iter().map(|family| family.first).collect::<Vec<_>>());
    let heads = batch.columns().iter().map(|column| rows_of(column, &firsts)).collect::<Result<Vec<_>, _>>()?;
    let heads = RecordBatch::try_new_with_options(
        batch.schema(),
        heads,
        &RecordBatchOptions::new().with_row_count(Some(families.len())),
    )?;
    let absent = task.program.truths(&conditions(&heads, from, task, true)?).map_err(|error| data(&error))?;
    // The order of the rules and the tables serve every family.
    let (work, mut tables) = (Work::of(task)?, HierarchyTables::default());
    let mut found = Vec::new();
    for (number, family) in families.iter().enumerate() {
        let (points, own) = points(task, family, codes, values)?;
        let group = Group { points: &points, truths: &truths, absent: absent.row(number) };
        found.extend(results(task, &work, &mut tables, family, &own, group)?);
    }
    let mut batches = vec![rows(batch, from, to, task, &found)?];
    if task.output == HierarchyResult::Computed(HierarchyOutput::All) {
        batches.push(untouched(batch, from, to, &found)?);
    }
    Ok(batches)
}

fn families(batch: &RecordBatch, from: &Structure, rule: &str) -> Result<Vec<Family>, RunError> {
    let mut others = Vec::new();
    for identifier in from.with_role(Role::Identifier).filter(|identifier| identifier.name != rule) {
        others.push(place(batch, from, &identifier.name)?);
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut families: Vec<Family> = Vec::new();
    for row in 0..batch.num_rows() {
        let number = u32::try_from(row).map_err(|_| RunError::runtime("数据集超过 42 亿行。"))?;
        let at = *known.entry(key_text(&others, row)?).or_insert_with(|| {
            families.push(Family { first: number, rows: Vec::new() });
            families.len() - 1
        });
        if let Some(family) = families.get_mut(at) {
            family.rows.push(number);
        }
    }
    Ok(families)
}

/// The columns that conditions read, under the names of the signature; of a group only identifiers.
fn conditions(
    batch: &RecordBatch,
    from: &Structure,
    task: &HierarchyTask,
    identifiers_only: bool,
) -> Result<RecordBatch, RunError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (name, column) in &task.conditions {
        let is_common = from.find(column).is_some_and(|found| found.role == Role::Identifier && *column != task.rule);
        if identifiers_only && !is_common {
            continue;
        }
        let array = place(batch, from, column)?;
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(Arc::clone(array));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?)
}

/// The points of a family that rules name, and the row of each code.
fn points(
    task: &HierarchyTask,
    family: &Family,
    codes: &ArrayRef,
    values: &ArrayRef,
) -> Result<(Vec<Point>, HashMap<String, u32>), RunError> {
    let mut points = Vec::new();
    let mut own = HashMap::new();
    for number in &family.rows {
        let row = *number as usize;
        let text = super::csv_file::shown(codes, row)?;
        if let Some(code) = task.program.code(&text) {
            points.push(Point { code, value: number_at(values, row)?, row });
        }
        own.insert(text, *number);
    }
    Ok((points, own))
}

fn number_at(values: &ArrayRef, row: usize) -> Result<Scalar, RunError> {
    Ok(match ScalarValue::try_from_array(values, row)? {
        ScalarValue::Int64(Some(value)) => Scalar::Integer(value),
        ScalarValue::Decimal128(Some(unscaled), _, scale) => Scalar::Number { unscaled, scale: scale.unsigned_abs() },
        _ => Scalar::Null,
    })
}

/// What is done with each family.
enum Work<'a> {
    Check(HierarchyCheck<'a>, Output),
    Sum(HierarchySum<'a>),
}

impl Work<'_> {
    fn of(task: &HierarchyTask) -> Result<Work<'_>, RunError> {
        Ok(match task.output {
            HierarchyResult::Checked(output) => {
                Work::Check(task.program.check(task.mode, task.input).map_err(RunError::Semantic)?, output)
            }
            HierarchyResult::Computed(_) => {
                Work::Sum(task.program.sum(task.mode, task.input).map_err(RunError::Semantic)?)
            }
        })
    }
}

fn results(
    task: &HierarchyTask,
    work: &Work<'_>,
    tables: &mut HierarchyTables,
    family: &Family,
    own: &HashMap<String, u32>,
    group: Group<'_>,
) -> Result<Vec<Found>, RunError> {
    let program = &task.program;
    let data = |error: &dyn std::fmt::Display| RunError::runtime(error.to_string());
    let text = |code| program.code_text(code).to_owned();
    match work {
        Work::Check(check, output) => {
            let checked = check.group_in(tables, group).map_err(|error| data(&error))?;
            let shown = checked.into_iter().filter(|checked| checked.is_shown(*output));
            Ok(shown
                .map(|checked| Found {
                    first: family.first,
                    code: text(checked.code),
                    own: own.get(program.code_text(checked.code)).copied(),
                    truth: checked.bool_var(),
                    value: checked.value,
                    rule: Some(checked.rule),
                    imbalance: checked.imbalance,
                    sources: BTreeSet::new(),
                })
                .collect())
        }
        Work::Sum(sum) => {
            let computed = sum.group_in(tables, group).map_err(|error| data(&error))?;
            if let Some(broken) = computed.iter().find(|computed| computed.is_broken) {
                return Err(RunError::runtime(format!("代码“{}”的汇总超出 38 位数字。", text(broken.code))));
            }
            Ok(computed
                .into_iter()
                .map(|computed| Found {
                    first: family.first,
                    code: text(computed.code),
                    own: own.get(program.code_text(computed.code)).copied(),
                    value: computed.value,
                    rule: None,
                    truth: None,
                    imbalance: Scalar::Null,
                    sources: if task.virals.is_empty() {
                        BTreeSet::new()
                    } else {
                        sum.sources(tables, group, computed.code)
                    },
                })
                .collect())
        }
    }
}

fn rows(
    batch: &RecordBatch,
    from: &Structure,
    to: &Structure,
    task: &HierarchyTask,
    found: &[Found],
) -> Result<RecordBatch, RunError> {
    let firsts = UInt32Array::from(found.iter().map(|found| found.first).collect::<Vec<_>>());
    let own = UInt32Array::from(found.iter().map(|found| found.own).collect::<Vec<_>>());
    let rule_of = |found: &Found| found.rule.and_then(|rule| task.program.rules().get(rule));
    let failed = |found: &&Found| found.truth == Some(false);
    let mut columns: Vec<ArrayRef> = Vec::new();
    for component in &to.components {
        let kind = component.kind;
        columns.push(match (component.name.as_str(), component.role) {
            ("ruleid", Role::Identifier) => {
                let names = found.iter().map(|found| rule_of(found).map(|rule| rule.name.as_str()));
                Arc::new(names.collect::<StringArray>())
            }
            ("bool_var", Role::Measure) => Arc::new(found.iter().map(|found| found.truth).collect::<BooleanArray>()),
            ("imbalance", Role::Measure) => {
                scalars(found.iter().map(|found| found.imbalance.clone()), kind, component)?
            }
            ("errorcode", Role::Measure) => {
                let codes = found.iter().map(|found| {
                    Some(found)
                        .filter(failed)
                        .and_then(rule_of)
                        .and_then(|rule| rule.error_code.clone())
                        .unwrap_or_default()
                });
                scalars(codes, kind, component)?
            }
            ("errorlevel", Role::Measure) => {
                let levels = found.iter().map(|found| {
                    Some(found)
                        .filter(failed)
                        .and_then(rule_of)
                        .and_then(|rule| rule.error_level.clone())
                        .unwrap_or_default()
                });
                scalars(levels, kind, component)?
            }
            (name, Role::Identifier) if name == task.rule => codes_as(found, kind, component)?,
            (name, Role::Identifier) => rows_of(place(batch, from, name)?, &firsts)?,
            (name, Role::Measure) if name == task.measure => {
                scalars(found.iter().map(|found| found.value.clone()), kind, component)?
            }
            (name, Role::ViralAttribute) => {
                let function = task.virals.iter().find(|(known, _)| known == name).map(|(_, function)| *function);
                combined(place(batch, from, name)?, found, function == Some(Aggregate::Max), component)?
            }
            (name, _) => rows_of(place(batch, from, name)?, &own)?,
        });
    }
    Ok(RecordBatch::try_new(schema_of(to), columns)?)
}

/// The largest or smallest value of an attribute in the rows that each sum was made of.
fn combined(column: &ArrayRef, found: &[Found], is_largest: bool, component: &Component) -> Result<ArrayRef, RunError> {
    let mut results = Vec::new();
    for one in found {
        let values = one.sources.iter().map(|row| ScalarValue::try_from_array(column, *row));
        let values = values.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|value| !value.is_null());
        let best = values.reduce(|best, next| if (next > best) == is_largest { next } else { best });
        results.push(match best {
            Some(best) => best,
            None => ScalarValue::try_from(column.data_type())?,
        });
    }
    if results.is_empty() {
        return Ok(arrow_array::new_empty_array(&super::kind::data_type(component.kind)));
    }
    Ok(ScalarValue::iter_to_array(results)?)
}

fn codes_as(found: &[Found], kind: Type, component: &Component) -> Result<ArrayRef, RunError> {
    let codes = found.iter().map(|found| match kind {
        Type::String => Scalar::text(&found.code),
        _ => Scalar::parse(&found.code, kind).unwrap_or_default(),
    });
    scalars(codes, kind, component)
}

fn scalars(values: impl Iterator<Item = Scalar>, kind: Type, component: &Component) -> Result<ArrayRef, RunError> {
    let mut column = Vec::new();
    for value in values {
        let unfit = || RunError::runtime(format!("值 {value} 不能放进“{}”。", component.name));
        column.push(scalar_value(&value, kind).ok_or_else(unfit)?);
    }
    if column.is_empty() {
        return Ok(arrow_array::new_empty_array(&super::kind::data_type(kind)));
    }
    Ok(ScalarValue::iter_to_array(column)?)
}

/// The rows of the operand whose codes were not computed.
fn untouched(batch: &RecordBatch, from: &Structure, to: &Structure, found: &[Found]) -> Result<RecordBatch, RunError> {
    let replaced: std::collections::HashSet<u32> = found.iter().filter_map(|found| found.own).collect();
    let all = (0..batch.num_rows()).filter_map(|row| u32::try_from(row).ok());
    let kept = UInt32Array::from(all.filter(|row| !replaced.contains(row)).collect::<Vec<_>>());
    let mut columns = Vec::new();
    for component in &to.components {
        columns.push(rows_of(place(batch, from, &component.name)?, &kept)?);
    }
    Ok(RecordBatch::try_new(schema_of(to), columns)?)
}
