//! One expression compiled alone: derivations of cells, and the pieces of an explanation.

use crate::ast::{Expr, Parameter};
use crate::check::{Checker, Value};
use crate::column::EvalError;
use crate::engine::{Code, Input, scalar};
use crate::error::Errors;
use crate::exact::ten_to;
use crate::graph::{Graph, Id, Node};
use crate::limits::{QUOTIENT_DIGITS, SCALE_MAX};
use crate::plan::{Kind, shortest};
use crate::scalar::{Record, Scalar, Schema, Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, NullArray, RecordBatch, StringArray,
};
use std::sync::Arc;

/// Expression 表达式 — checked against a schema, to be computed for records and batches.
#[derive(Debug, Clone)]
pub struct Expression {
    code: Code,
    pub(crate) expr: Expr,
    root: Id,
    kind: Option<Type>,
    inputs: Vec<String>,
}

/// Values 计算结果 — one value for each row of a batch.
#[derive(Debug, Clone)]
pub struct Values {
    /// Int64, Decimal128(38, s), Boolean, Utf8 or Date32; periods, intervals and durations are Utf8 too. Broken rows are
    /// null here.
    pub array: ArrayRef,
    /// Rows with a division by zero or an overflow, in order.
    pub broken: Vec<usize>,
}

impl Expression {
    /// Checks names and types. Any component of the schema may be named.
    pub fn compile(expr: &Expr, schema: &Schema) -> Result<Expression, Errors> {
        Expression::within(expr, schema, None)
    }

    /// As inside a ruleset with these parameters.
    pub(crate) fn within(expr: &Expr, schema: &Schema, parameters: Option<&[Parameter]>) -> Result<Expression, Errors> {
        let mut graph = Graph::default();
        let mut checker = Checker::new(&mut graph, schema);
        if let Some(parameters) = parameters {
            checker.limit(parameters);
        }
        let value = checker.lower(expr);
        let errors = checker.errors;
        let (root, kind) = match value {
            Some(Value::Of(root, kind)) => (root, Some(kind)),
            Some(Value::Null) | None => (graph.add(Node::Null(Type::Integer), Type::Integer), None),
        };
        let code = Code::new(graph, schema.clone());
        let inputs = code.inputs(&[root]);
        errors.or(Expression { code, expr: expr.clone(), root, kind, inputs })
    }

    /// The type of the result; `None` for the constant null.
    pub fn kind(&self) -> Option<Type> {
        self.kind
    }

    /// The components that it reads, in the order of the schema.
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// What it was compiled for.
    pub fn schema(&self) -> &Schema {
        self.code.schema()
    }

    pub(crate) fn code(&self) -> &Code {
        &self.code
    }

    /// The expression as VTL text.
    pub fn text(&self) -> String {
        self.expr.to_string()
    }

    /// The value for one record. A quotient is exact inside and comes out with up to ten decimal places; use `round` to
    /// say how it should be rounded.
    pub fn value(&self, record: &Record) -> Result<Scalar, EvalError> {
        let mut value = None;
        self.code.run(Input::Record(record, 0), &[self.root], 0..1, |machine, results, _, _| {
            value = results.first().and_then(|operand| {
                let value = scalar(machine, *operand, self.kind.unwrap_or(Type::Integer), 0)?;
                Some(match (operand.kind, value.decimal()) {
                    (Kind::Fraction, Some(decimal)) if self.kind != Some(Type::Integer) => {
                        let (unscaled, scale) = shortest(decimal);
                        Scalar::Number { unscaled, scale }
                    }
                    _ => value,
                })
            });
        })?;
        value.ok_or_else(|| EvalError::Arithmetic { expression: self.text() })
    }

    /// The values for all rows of a batch.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<Values, EvalError> {
        let mut scalars = Vec::with_capacity(batch.num_rows());
        let mut broken = Vec::new();
        let mut scale = 0_u8;
        self.code.run(Input::Batch(batch), &[self.root], 0..batch.num_rows(), |machine, results, _, rows| {
            let Some(operand) = results.first() else { return };
            // Floating-point columns may need more places in later blocks.
            scale = scale.max(match operand.kind {
                Kind::Number(scale) => scale,
                _ => QUOTIENT_DIGITS,
            });
            for row in 0..rows {
                let value = scalar(machine, *operand, self.kind.unwrap_or(Type::Integer), row);
                if value.is_none() {
                    broken.push(scalars.len());
                }
                scalars.push(value.unwrap_or_default());
            }
        })?;
        Ok(Values { array: self.array(&scalars, scale), broken })
    }

    fn array(&self, scalars: &[Scalar], scale: u8) -> ArrayRef {
        let digits = scalars.iter().map(|scalar| scalar.decimal().map(|(digits, _)| digits));
        let scaled = |(digits, own): (i128, u8)| digits.checked_mul(ten_to(scale.saturating_sub(own))?);
        match self.kind {
            None => Arc::new(NullArray::new(scalars.len())),
            Some(Type::Integer) => {
                let values = digits.map(|digits| digits.and_then(|digits| i64::try_from(digits).ok()));
                Arc::new(values.collect::<Int64Array>())
            }
            Some(Type::Number) => {
                let digits = scalars.iter().map(|scalar| scalar.decimal().and_then(scaled));
                let array: Decimal128Array = digits.collect();
                let fallback = array.clone();
                Arc::new(array.with_precision_and_scale(SCALE_MAX, scale.cast_signed()).unwrap_or(fallback))
            }
            Some(Type::Boolean) => {
                let truth = |scalar: &Scalar| if let Scalar::Boolean(value) = scalar { Some(*value) } else { None };
                Arc::new(scalars.iter().map(truth).collect::<BooleanArray>())
            }
            Some(Type::String) => {
                let texts =
                    scalars.iter().map(|scalar| if let Scalar::Text(text) = scalar { Some(text) } else { None });
                Arc::new(texts.collect::<StringArray>())
            }
            Some(Type::TimePeriod | Type::Time | Type::Duration) => {
                let texts = scalars.iter().map(|scalar| scalar.kind().map(|_| scalar.to_string()));
                Arc::new(texts.collect::<StringArray>())
            }
            Some(Type::Date) => {
                let days = |scalar: &Scalar| if let Scalar::Date(days) = scalar { Some(*days) } else { None };
                Arc::new(scalars.iter().map(days).collect::<Date32Array>())
            }
        }
    }
}
