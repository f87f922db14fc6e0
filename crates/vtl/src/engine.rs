//! A graph with its schema and patterns: bound to batches or records, planned and run.

use crate::check::call::whole_pattern;
use crate::column::{Column, EvalError};
use crate::exact::{self, ten_to};
use crate::graph::{Graph, Id, Node, Rounding};
use crate::limits::{QUOTIENT_DIGITS, SCALE_MAX};
use crate::machine::Machine;
use crate::plan::{Kind, Operand, plan, shortest};
use crate::register::bit;
use crate::scalar::{Record, Scalar, Schema, Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, NullArray, RecordBatch,
    RecordBatchOptions, StringArray,
};
use arrow_schema::{ArrowError, Field, Schema as ArrowSchema};
use regex::Regex;
use std::collections::HashMap;
use std::sync::Arc;

/// A compiled graph, ready for data.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub graph: Graph,
    pub schema: Schema,
    patterns: HashMap<String, Regex>,
}

impl Code {
    pub fn new(graph: Graph, schema: Schema) -> Code {
        let texts = graph.nodes().iter().filter_map(|(node, _)| match node {
            Node::Matches(_, pattern) => Some(pattern.clone()),
            _ => None,
        });
        let patterns = texts.filter_map(|text| Some((text.clone(), whole_pattern(&text).ok()?))).collect();
        Code { graph, schema, patterns }
    }

    /// The names that the given nodes read, in the order of the schema.
    pub fn inputs(&self, roots: &[Id]) -> Vec<String> {
        let places = self.graph.inputs(roots);
        let names = places.iter().filter_map(|place| self.schema.components().get(*place));
        names.map(|(name, _)| name.clone()).collect()
    }

    /// Computes the asked nodes block by block; `each` sees the machine, where the results stand, and the rows.
    pub fn run(
        &self,
        batch: &RecordBatch,
        asked: &[Id],
        mut each: impl FnMut(&Machine<'_>, &[Operand], usize),
    ) -> Result<(), EvalError> {
        let mut columns = Vec::new();
        let mut bound = HashMap::new();
        for place in self.graph.inputs(asked) {
            let Some((name, kind)) = self.schema.components().get(place) else { continue };
            let column = match batch.column_by_name(name) {
                Some(array) => Column::new(name, *kind, array)?,
                None => Column::MISSING,
            };
            bound.insert(place, (columns.len(), column.values));
            columns.push(column);
        }
        let plan = plan(&self.graph, &self.patterns, &bound, asked);
        Machine::new(&plan, columns, batch.num_rows()).run(|machine, rows| each(machine, &plan.results, rows));
        Ok(())
    }

    /// A batch of one row with what the asked nodes read. The same engine then gives the same verdicts.
    pub fn batch_of(&self, record: &Record, asked: &[Id]) -> Result<RecordBatch, EvalError> {
        let mut fields = Vec::new();
        let mut arrays = Vec::new();
        for place in self.graph.inputs(asked) {
            let Some((name, kind)) = self.schema.components().get(place) else { continue };
            let array = array_of(name, record.get(name).unwrap_or(&Scalar::Null), *kind)?;
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let schema = Arc::new(ArrowSchema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let refused = |error: ArrowError| unfit("", &error.to_string());
        RecordBatch::try_new_with_options(schema, arrays, &options).map_err(refused)
    }
}

/// The value of a node in one row; `None` if it is broken.
pub(crate) fn scalar(machine: &Machine<'_>, operand: Operand, kind: Type, row: usize) -> Option<Scalar> {
    if operand.kind == Kind::Truth {
        let truth = machine.truths_of(operand);
        return match (bit(truth.yes, row), bit(truth.no, row), bit(truth.broken, row)) {
            (true, _, _) => Some(Scalar::Boolean(true)),
            (_, true, _) => Some(Scalar::Boolean(false)),
            (_, _, broken) => (!broken).then_some(Scalar::Null),
        };
    }
    let state = machine.state_of(operand);
    if !bit(state.valid, row) {
        return (!bit(state.broken, row)).then_some(Scalar::Null);
    }
    match operand.kind {
        Kind::Text => Scalar::parse(machine.text_of(operand, row), if kind.is_written() { kind } else { Type::String }),
        Kind::Fraction => {
            let places = if kind == Type::Integer { 0 } else { QUOTIENT_DIGITS };
            let fraction = machine.fractions_of(operand).get(row);
            let digits = exact::round_fraction(fraction, places.cast_signed(), Rounding::Half)?;
            number(digits, places, kind)
        }
        Kind::Number(scale) => number(machine.numbers_of(operand).lanes.get(row), scale, kind),
        Kind::Truth => None,
    }
}

/// Digits as a value of the type; `None` if they do not fit it.
fn number(digits: i128, scale: u8, kind: Type) -> Option<Scalar> {
    match kind {
        Type::Integer => Some(Scalar::Integer(i64::try_from(digits).ok()?)),
        Type::Date => Some(Scalar::Date(i32::try_from(digits).ok()?)),
        _ => {
            let fits = ten_to(SCALE_MAX).is_some_and(|limit| digits.unsigned_abs() < limit.unsigned_abs());
            fits.then_some(Scalar::Number { unscaled: digits, scale })
        }
    }
}

fn unfit(name: &str, found: &str) -> EvalError {
    EvalError::ColumnType {
        column: name.to_owned(),
        wanted: "数值",
        found: found.to_owned(),
        advice: "为最多 38 位的数",
    }
}

/// An array of one value. A value of another type keeps its own type, so that binding refuses it by name.
fn array_of(name: &str, value: &Scalar, kind: Type) -> Result<ArrayRef, EvalError> {
    Ok(match value {
        Scalar::Null => Arc::new(NullArray::new(1)),
        Scalar::Integer(value) => Arc::new(Int64Array::from(vec![*value])),
        Scalar::Number { unscaled, scale } => {
            let (digits, scale) =
                if kind == Type::Integer { shortest((*unscaled, *scale)) } else { (*unscaled, *scale) };
            let array = Decimal128Array::from(vec![digits]);
            let array = array.with_precision_and_scale(SCALE_MAX, scale.min(SCALE_MAX + 1).cast_signed());
            Arc::new(array.map_err(|error| unfit(name, &error.to_string()))?)
        }
        Scalar::Text(value) => Arc::new(StringArray::from(vec![value.as_str()])),
        Scalar::Boolean(value) => Arc::new(BooleanArray::from(vec![*value])),
        Scalar::Date(days) => Arc::new(Date32Array::from(vec![*days])),
        Scalar::TimePeriod(_) | Scalar::Time(_) | Scalar::Duration(_) => {
            Arc::new(StringArray::from(vec![value.to_string()]))
        }
    })
}
