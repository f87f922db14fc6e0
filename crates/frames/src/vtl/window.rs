//! Functions over windows.

use arrow_schema::DataType;
use datafusion::functions_window::lead_lag::{lag, lead};
use datafusion::functions_window::nth_value::{first_value, last_value};
use datafusion::functions_window::rank::rank;
use datafusion::logical_expr::expr::WindowFunction as Call;
use datafusion::logical_expr::{
    Expr, ExprFunctionExt, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition, cast,
};
use datafusion::prelude::DataFrame;
use datafusion::scalar::ScalarValue;
use youju_vtl::dataset::{Frame, Structure, WindowFunction, WindowItem};
use youju_vtl::{Role, Type};

use super::engine::Engine;
use super::error::RunError;
use super::kind::{DIGITS, PLACES, column_name, data_type, rescale, scalar_value};
use super::plan::{column, of};

impl Engine {
    /// The frame with one more column for each item.
    pub(super) fn windowed(
        &self,
        frame: DataFrame,
        structure: &Structure,
        items: &[WindowItem],
    ) -> Result<DataFrame, RunError> {
        let own = structure.components.len();
        let mut exprs: Vec<Expr> = (0..own).map(|at| column(at).alias(column_name(at))).collect();
        for (at, item) in items.iter().enumerate() {
            exprs.push(self.window(item, structure)?.alias(column_name(own + at)));
        }
        Ok(frame.select(exprs)?)
    }

    fn window(&self, item: &WindowItem, structure: &Structure) -> Result<Expr, RunError> {
        let argument = match &item.of {
            Some(name) => Some(of(structure, name)?),
            None => None,
        };
        let kind = item.of.as_deref().and_then(|name| structure.find(name)).map_or(Type::Number, |found| found.kind);
        let needed = || argument.clone().ok_or_else(|| RunError::runtime("窗口函数缺少操作数。"));
        let call = match &item.function {
            WindowFunction::Aggregate(function) => self.windowed_aggregate(*function, item.of.as_deref(), structure)?,
            WindowFunction::First => first_value(needed()?),
            WindowFunction::Last => last_value(needed()?),
            WindowFunction::Rank => rank(),
            WindowFunction::Shift(rows, default) => {
                let default = match default {
                    None => ScalarValue::try_from(&data_type(kind))?,
                    Some(scalar) => scalar_value(scalar, kind).ok_or_else(|| {
                        RunError::runtime(format!("缺省值 {scalar} 的类型与列不同,列是{}。", kind.chinese()))
                    })?,
                };
                if *rows < 0 {
                    lag(needed()?, Some(-rows), Some(default))
                } else {
                    lead(needed()?, Some(*rows), Some(default))
                }
            }
        };
        let mut partition = Vec::new();
        for name in &item.partition {
            partition.push(of(structure, name)?);
        }
        let mut order = Vec::new();
        for (name, is_descending) in &item.order {
            order.push(of(structure, name)?.sort(!is_descending, false));
        }
        for name in ties(item, structure) {
            order.push(of(structure, name)?.sort(true, false));
        }
        let bounds = bounds(item, structure)?;
        let built = call.partition_by(partition).order_by(order).window_frame(bounds).build()?;
        // DataFusion ranks without a sign.
        let is_rank = matches!(item.function, WindowFunction::Rank);
        Ok(if is_rank { cast(built, data_type(Type::Integer)) } else { built })
    }

    /// An aggregate as a function over a window.
    fn windowed_aggregate(
        &self,
        function: youju_vtl::Aggregate,
        name: Option<&str>,
        structure: &Structure,
    ) -> Result<Expr, RunError> {
        match self.aggregate_of(function, name, structure)? {
            Expr::AggregateFunction(aggregate) => {
                let definition = WindowFunctionDefinition::AggregateUDF(aggregate.func);
                Ok(Expr::from(Call::new(definition, aggregate.params.args)))
            }
            other => Ok(other),
        }
    }
}

/// The identifiers that put rows of the same place in an order, so that the result does not depend on who computes it.
/// Ranks and ranges of values treat such rows alike.
fn ties<'a>(item: &'a WindowItem, structure: &'a Structure) -> impl Iterator<Item = &'a str> {
    let is_range = item.window.is_some_and(|frame| frame.is_range);
    let is_whole = item.order.is_empty() && matches!(item.function, WindowFunction::Aggregate(_));
    let needs_order = !is_range && !is_whole && !matches!(item.function, WindowFunction::Rank);
    let names = structure.with_role(Role::Identifier).map(|component| component.name.as_str());
    let is_placed = |name: &&str| {
        item.partition.iter().any(|other| other == name) || item.order.iter().any(|(other, _)| other == name)
    };
    names.filter(move |name| needs_order && !is_placed(name))
}

/// With an order and without a window: from the beginning to the current row. Without an order: the whole partition.
fn bounds(item: &WindowItem, structure: &Structure) -> Result<WindowFrame, RunError> {
    let unbounded = || ScalarValue::UInt64(None);
    let Some(frame) = item.window else {
        let to =
            if item.order.is_empty() { WindowFrameBound::Following(unbounded()) } else { WindowFrameBound::CurrentRow };
        let from = WindowFrameBound::Preceding(unbounded());
        return Ok(WindowFrame::new_bounds(WindowFrameUnits::Rows, from, to));
    };
    let units = if frame.is_range { WindowFrameUnits::Range } else { WindowFrameUnits::Rows };
    let from = bound(frame.from, frame, item, structure)?.unwrap_or_else(|| WindowFrameBound::Preceding(unbounded()));
    let to = bound(frame.to, frame, item, structure)?.unwrap_or_else(|| WindowFrameBound::Following(unbounded()));
    Ok(WindowFrame::new_bounds(units, from, to))
}

fn bound(
    distance: Option<i64>,
    frame: Frame,
    item: &WindowItem,
    structure: &Structure,
) -> Result<Option<WindowFrameBound>, RunError> {
    let Some(distance) = distance else { return Ok(None) };
    if distance == 0 {
        return Ok(Some(WindowFrameBound::CurrentRow));
    }
    let rows = distance.unsigned_abs();
    let value = if frame.is_range {
        let kind = match item.order.as_slice() {
            [(name, _)] => structure.find(name).map(|found| data_type(found.kind)),
            _ => None,
        };
        match kind {
            Some(DataType::Int64) => ScalarValue::Int64(i64::try_from(rows).ok()),
            Some(DataType::Decimal128(..)) => {
                ScalarValue::Decimal128(rescale(i128::from(rows), 0, PLACES), DIGITS, PLACES)
            }
            _ => return Err(RunError::runtime("range 窗口要按一个数值成分排序。")),
        }
    } else {
        ScalarValue::UInt64(Some(rows))
    };
    Ok(Some(if distance < 0 { WindowFrameBound::Preceding(value) } else { WindowFrameBound::Following(value) }))
}
