//! A graph with its schema and patterns: bound to batches or records, planned and run.

use crate::check::call::whole_pattern;
use crate::column::{Column, EvalError, Shape, Values};
use crate::exact::{self, ten_to};
use crate::graph::{Graph, Id, Node, Rounding};
use crate::limits::{FLOAT_SCALE_MAX, PLANS_KEPT, QUOTIENT_DIGITS, SCALE_MAX};
use crate::machine::{End, Machine, Registers};
use crate::plan::{Kind, Operand, Plan, plan};
use crate::register::bit;
use crate::scalar::{Record, Scalar, Schema, Type};
use arrow_array::RecordBatch;
use regex::Regex;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A compiled graph, ready for data.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub graph: Graph,
    pub schema: Schema,
    patterns: HashMap<String, Arc<Regex>>,
    /// Shared by clones: they are the same code.
    memory: Arc<Memory>,
}

/// What a code keeps from one run for the next: plans, and scratch space of runs that have ended.
#[derive(Debug, Default)]
struct Memory {
    plans: Mutex<Plans>,
    registers: Mutex<Vec<Registers>>,
}

#[derive(Debug, Default)]
struct Plans {
    places: VecDeque<(Vec<Id>, Arc<[usize]>)>,
    plans: VecDeque<Arc<Prepared>>,
}

/// A plan and what it was made for.
#[derive(Debug)]
struct Prepared {
    asked: Vec<Id>,
    bound: Vec<(usize, Shape)>,
    plan: Arc<Plan>,
}

/// Where values come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input<'a> {
    Batch(&'a RecordBatch),
    /// One record, with at least so many decimal places for its numbers.
    Record(&'a Record, u8),
}

impl Input<'_> {
    pub fn rows(self) -> usize {
        match self {
            Input::Batch(batch) => batch.num_rows(),
            Input::Record(..) => 1,
        }
    }
}

impl Code {
    pub fn new(graph: Graph, schema: Schema) -> Code {
        let texts = graph.nodes().iter().filter_map(|(node, _)| match node {
            Node::Matches(_, pattern) => Some(pattern.clone()),
            _ => None,
        });
        let patterns = texts.filter_map(|text| Some((text.clone(), Arc::new(whole_pattern(&text).ok()?)))).collect();
        Code { graph, schema, patterns, memory: Arc::default() }
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The names that the given nodes read, in the order of the schema.
    pub fn inputs(&self, roots: &[Id]) -> Vec<String> {
        let places = self.graph.inputs(roots);
        let names = places.iter().filter_map(|place| self.schema.components().get(*place));
        names.map(|(name, _)| name.clone()).collect()
    }

    /// Computes the asked nodes block by block for some of the rows; `each` sees the machine, where the results stand, the
    /// row where the block starts, and the number of its rows.
    pub fn run(
        &self,
        input: Input<'_>,
        asked: &[Id],
        rows: Range<usize>,
        mut each: impl FnMut(&Machine<'_>, &[Operand], usize, usize),
    ) -> Result<(), EvalError> {
        let places = self.places(asked);
        let mut columns = self.columns(input, &places)?;
        let mut registers = locked(&self.memory.registers).pop().unwrap_or_default();
        let mut start = rows.start;
        loop {
            let plan = Arc::clone(&self.prepared(asked, &places, &columns).plan);
            let mut machine = Machine::new(Arc::clone(&plan), columns, registers);
            let end = machine.run(start..rows.end, |machine, start, rows| each(machine, &plan.results, start, rows));
            (columns, registers) = machine.parts();
            match end {
                End::Done => break,
                End::Replan(at) => start = at,
                End::Refused(column, row) => {
                    locked(&self.memory.registers).push(registers);
                    return Err(self.refused(&places, &columns, column, row));
                }
            }
        }
        locked(&self.memory.registers).push(registers);
        Ok(())
    }

    /// Checks that the columns of a batch have types that fit the asked nodes.
    pub fn check(&self, input: Input<'_>, asked: &[Id]) -> Result<(), EvalError> {
        self.columns(input, &self.places(asked)).map(|_| ())
    }

    /// The places of the schema that the asked nodes read.
    fn places(&self, asked: &[Id]) -> Arc<[usize]> {
        let mut plans = locked(&self.memory.plans);
        if let Some((_, places)) = plans.places.iter().find(|(known, _)| known == asked) {
            return Arc::clone(places);
        }
        let places: Arc<[usize]> = self.graph.inputs(asked).into_iter().collect();
        keep(&mut plans.places, (asked.to_vec(), Arc::clone(&places)));
        places
    }

    fn columns<'a>(&'a self, input: Input<'a>, places: &[usize]) -> Result<Vec<Column<'a>>, EvalError> {
        let components = places.iter().filter_map(|place| self.schema.components().get(*place));
        let columns = components.map(|(name, kind)| match input {
            Input::Batch(batch) => {
                batch.column_by_name(name).map_or(Ok(Column::MISSING), |array| Column::new(name, *kind, array))
            }
            Input::Record(record, places) => {
                Column::cell(name, *kind, record.get(name).unwrap_or(&Scalar::Null), places)
            }
        });
        columns.collect()
    }

    /// The plan for these nodes and shapes of columns; made only once.
    fn prepared(&self, asked: &[Id], places: &[usize], columns: &[Column<'_>]) -> Arc<Prepared> {
        let shapes = || columns.iter().map(Column::shape);
        let fits = |known: &Prepared| known.asked == asked && known.bound.iter().map(|(_, shape)| *shape).eq(shapes());
        let known = locked(&self.memory.plans).plans.iter().find(|known| fits(known)).cloned();
        known.unwrap_or_else(|| {
            let bound: Vec<(usize, Shape)> = places.iter().copied().zip(shapes()).collect();
            let plan = Arc::new(plan(&self.graph, &self.patterns, &bound, asked));
            let prepared = Arc::new(Prepared { asked: asked.to_vec(), bound, plan });
            keep(&mut locked(&self.memory.plans).plans, Arc::clone(&prepared));
            prepared
        })
    }

    fn refused(&self, places: &[usize], columns: &[Column<'_>], column: usize, row: usize) -> EvalError {
        let name = places.get(column).and_then(|place| self.schema.components().get(*place));
        let value = columns.get(column).map(|column| match column.values {
            Values::Float(values, _) => values.get(row).map(f64::to_string).unwrap_or_default(),
            _ => String::new(),
        });
        EvalError::Float {
            column: name.map(|(name, _)| name.clone()).unwrap_or_default(),
            row,
            value: value.unwrap_or_default(),
            places: FLOAT_SCALE_MAX,
        }
    }
}

/// What one holds is always whole, even after a panic of another thread: only finished things are put in.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds to the front of a list of bounded length.
fn keep<T>(list: &mut VecDeque<T>, item: T) {
    list.truncate(PLANS_KEPT - 1);
    list.push_front(item);
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
