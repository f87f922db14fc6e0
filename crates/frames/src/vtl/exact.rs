//! Aggregates whose result is exact, or the nearest number of twelve places.
//!
//! Sums, means and medians are exact up to the last rounding. Variances are the mean of squared deviations: the deviations
//! are exact, their squares are added as floating point numbers, so that about fifteen digits are right.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, FieldRef};
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, Signature, Volatility};
use datafusion::scalar::ScalarValue;
use youju_vtl::{Aggregate, Type};

use super::error::Broken;
use super::kind::{DIGITS, PLACES, data_type, fits, rescale};

/// An exact aggregate of values of a type.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct ExactFunction {
    pub name: String,
    pub function: Aggregate,
    pub of: Type,
    signature: Signature,
}

impl ExactFunction {
    /// No two functions of a plan have the same name.
    pub fn new(name: String, function: Aggregate, of: Type) -> ExactFunction {
        let signature = Signature::exact(vec![data_type(of)], Volatility::Immutable);
        ExactFunction { name, function, of, signature }
    }
}

impl AggregateUDFImpl for ExactFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(data_type(if self.function == Aggregate::Sum { self.of } else { Type::Number }))
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let (function, of) = (self.function, self.of);
        Ok(Box::new(Exact { function, of, sum: 0, count: 0, values: VecDeque::new() }))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[state]", args.name), DataType::Binary, true))])
    }
}

#[derive(Debug)]
struct Exact {
    function: Aggregate,
    of: Type,
    sum: i128,
    count: i128,
    /// All values in order, for what needs them.
    values: VecDeque<i128>,
}

impl Exact {
    fn keeps_values(&self) -> bool {
        !matches!(self.function, Aggregate::Sum | Aggregate::Avg)
    }

    fn places(&self) -> i8 {
        if self.of == Type::Integer { 0 } else { PLACES }
    }

    fn add(&mut self, value: i128) -> Result<()> {
        let sum = self.sum.checked_add(value).filter(|sum| fits(*sum));
        self.sum = sum.ok_or_else(|| self.too_large())?;
        self.count += 1;
        if self.keeps_values() {
            self.values.push_back(value);
        }
        Ok(())
    }

    fn too_large(&self) -> Broken {
        let digits = if self.of == Type::Integer { "整数能容纳的 19 位" } else { "26 位整数" };
        Broken(format!("{} 的结果超出{digits}。", self.function.name()))
    }

    /// `over / under` with twelve places.
    fn quotient(&self, over: i128, under: i128) -> Result<ScalarValue> {
        let scaled = rescale(over, self.places(), PLACES);
        let digits = scaled.map(|scaled| {
            let (whole, rest) = (scaled / under, scaled % under);
            let up = i128::from(rest.unsigned_abs() * 2 >= under.unsigned_abs());
            whole + up * scaled.signum()
        });
        match digits {
            Some(digits) => Ok(ScalarValue::Decimal128(Some(digits), DIGITS, PLACES)),
            None => Err(self.too_large().into()),
        }
    }

    fn median(&self) -> Result<ScalarValue> {
        let mut sorted: Vec<i128> = self.values.iter().copied().collect();
        sorted.sort_unstable();
        let middle = sorted.len() / 2;
        let upper = sorted.get(middle).copied().unwrap_or(0);
        let lower =
            if sorted.len() % 2 == 1 { upper } else { sorted.get(middle.wrapping_sub(1)).copied().unwrap_or(0) };
        self.quotient(lower + upper, 2)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "deviations are exact; their squares need no more than a float holds"
    )]
    fn spread(&self) -> Option<f64> {
        let is_sample = matches!(self.function, Aggregate::VarSamp | Aggregate::StddevSamp);
        let under = if is_sample { self.count - 1 } else { self.count };
        if under < 1 {
            return None;
        }
        let scale = 10_f64.powi(i32::from(self.places())) * self.count as f64;
        let square = |value: &i128| {
            let deviation = value.checked_mul(self.count).and_then(|times| times.checked_sub(self.sum));
            let deviation = deviation.map_or(*value as f64 * self.count as f64 - self.sum as f64, |exact| exact as f64);
            (deviation / scale).powi(2)
        };
        // In the order of size: the sum does not depend on the order of the rows.
        let mut squares: Vec<f64> = self.values.iter().map(square).collect();
        squares.sort_unstable_by(f64::total_cmp);
        let variance = squares.iter().sum::<f64>() / under as f64;
        let is_root = matches!(self.function, Aggregate::StddevPop | Aggregate::StddevSamp);
        Some(if is_root { variance.sqrt() } else { variance })
    }

    fn spread_value(&self) -> Result<ScalarValue> {
        let Some(spread) = self.spread() else {
            return Ok(ScalarValue::Decimal128(None, DIGITS, PLACES));
        };
        // Fifteen digits are right; the float prints its shortest decimal.
        let text = format!("{spread:.12}");
        let digits = text.replace('.', "").parse::<i128>().ok().filter(|digits| fits(*digits));
        match digits {
            Some(digits) => Ok(ScalarValue::Decimal128(Some(digits), DIGITS, PLACES)),
            None => Err(self.too_large().into()),
        }
    }
}

/// The values of a column that are not null.
fn each(column: &ArrayRef, mut with: impl FnMut(i128) -> Result<()>) -> Result<()> {
    match column.data_type() {
        DataType::Int64 => {
            column.as_primitive::<Int64Type>().iter().flatten().try_for_each(|value| with(i128::from(value)))
        }
        DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().iter().flatten().try_for_each(with),
        _ => Ok(()),
    }
}

impl Accumulator for Exact {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        values.first().map_or(Ok(()), |column| each(column, |value| self.add(value)))
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        values.first().map_or(Ok(()), |column| {
            each(column, |value| {
                self.sum -= value;
                self.count -= 1;
                self.values.pop_front();
                Ok(())
            })
        })
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let null =
            ScalarValue::try_from(&data_type(if self.function == Aggregate::Sum { self.of } else { Type::Number }))?;
        if self.count == 0 {
            return Ok(null);
        }
        match self.function {
            Aggregate::Sum if self.of == Type::Integer => match i64::try_from(self.sum) {
                Ok(sum) => Ok(ScalarValue::Int64(Some(sum))),
                Err(_) => Err(self.too_large().into()),
            },
            Aggregate::Sum => Ok(ScalarValue::Decimal128(Some(self.sum), DIGITS, PLACES)),
            Aggregate::Avg => self.quotient(self.sum, self.count),
            Aggregate::Median => self.median(),
            _ => self.spread_value(),
        }
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.values.capacity() * size_of::<i128>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let numbers = [self.sum, self.count].into_iter().chain(self.values.iter().copied());
        Ok(vec![ScalarValue::Binary(Some(numbers.flat_map(i128::to_le_bytes).collect()))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some(states) = states.first() else { return Ok(()) };
        for bytes in states.as_binary::<i32>().iter().flatten() {
            let (numbers, _) = bytes.as_chunks::<16>();
            let mut numbers = numbers.iter().map(|chunk| i128::from_le_bytes(*chunk));
            let (sum, count) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
            let total = self.sum.checked_add(sum).filter(|sum| fits(*sum));
            self.sum = total.ok_or_else(|| self.too_large())?;
            self.count += count;
            self.values.extend(numbers);
        }
        Ok(())
    }
}
