//! Plans of the language as plans of DataFusion, built in code.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use datafusion::common::JoinType;
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::{AggregateUDF, Expr, cast, when};
use datafusion::prelude::{DataFrame, ident, lit};
use youju_vtl::dataset::{AggregateItem, Column, Component, Node, Plan, Structure};
use youju_vtl::{Aggregate, Expression, JoinKind, Type};

use super::compute;
use super::engine::Engine;
use super::error::RunError;
use super::exact::ExactFunction;
use super::kind::{column_name, data_type, scalar_value};
use super::rules::{self, Judged};

/// Plans deeper than this are computed in pieces, so that nothing recurses far.
const DEPTH_MAX: usize = 24;

/// A frame whose columns are called by their places in the structure.
pub(super) struct Built {
    pub frame: DataFrame,
    pub depth: usize,
}

/// The column at a place.
pub(super) fn column(at: usize) -> Expr {
    ident(column_name(at))
}

/// The column of a component.
pub(super) fn of(structure: &Structure, name: &str) -> Result<Expr, RunError> {
    let at = structure.components.iter().position(|component| component.name == name);
    match at {
        Some(at) => Ok(column(at)),
        None => Err(RunError::runtime(format!("内部错误:计划里没有列“{}”。", compute::shown(name)))),
    }
}

impl Engine {
    /// The frame of a plan. Pieces that are too deep, or that need all rows at once, are computed on the way.
    pub(super) async fn build(&self, plan: &Plan) -> Result<Built, RunError> {
        let built = Box::pin(self.node(plan)).await?;
        if built.depth < DEPTH_MAX {
            return Ok(built);
        }
        let batches = built.frame.collect().await?;
        Ok(Built { frame: self.frame_of(&plan.structure, &batches)?, depth: 1 })
    }

    async fn node(&self, plan: &Plan) -> Result<Built, RunError> {
        match &plan.node {
            Node::Read(name) => Ok(Built { frame: self.table(name)?, depth: 1 }),
            Node::Map(input, columns) => {
                let built = self.build(input).await?;
                let exprs = self.columns(&input.structure, &plan.structure, columns)?;
                Ok(Built { frame: built.frame.select(exprs)?, depth: built.depth + 1 })
            }
            Node::Filter(input, condition) => {
                let built = self.build(input).await?;
                let test = self.call(condition, Type::Boolean, &input.structure);
                Ok(Built { frame: built.frame.filter(test)?, depth: built.depth + 1 })
            }
            Node::Aggregate { input, keys, items } => {
                let built = self.build(input).await?;
                let frame = self.aggregated(built.frame, input, keys, items)?;
                Ok(Built { frame, depth: built.depth + 1 })
            }
            Node::Window { input, items } => {
                let built = self.build(input).await?;
                let frame = self.windowed(built.frame, &input.structure, items)?;
                Ok(Built { frame, depth: built.depth + 1 })
            }
            Node::Join { kind, left, right, keys } => {
                let (one, other) = (self.build(left).await?, self.build(right).await?);
                let depth = one.depth.max(other.depth) + 2;
                Ok(Built { frame: joined(*kind, (one.frame, left), (other.frame, right), keys)?, depth })
            }
            Node::Match { has_match, left, right, keys } => {
                let (one, other) = (self.build(left).await?, self.build(right).await?);
                let depth = one.depth.max(other.depth) + 2;
                let kind = if *has_match { JoinType::LeftSemi } else { JoinType::LeftAnti };
                let right_frame = right_named(other.frame, &right.structure)?;
                let on = on(left, right, keys)?;
                Ok(Built { frame: one.frame.join_on(right_frame, kind, on)?, depth })
            }
            Node::Union(plans) => self.united(plan, plans).await,
            Node::Rules { input, program, columns, output } => {
                let built = self.build(input).await?;
                let judged = Judged::new(format!("vtl{}", self.number()), program, *output, &plan.structure);
                let frame = rules::judged(built.frame, &input.structure, &plan.structure, judged, columns)?;
                Ok(Built { frame, depth: built.depth + 3 })
            }
            Node::Pivot { input, identifier, measure, codes } => {
                let batch = self.collected(input).await?;
                let turned =
                    super::turn::pivot(&batch, &input.structure, &plan.structure, (identifier, measure), codes)?;
                Ok(Built { frame: self.frame_of(&plan.structure, &[turned])?, depth: 1 })
            }
            Node::Unpivot { input, measures } => {
                let batch = self.collected(input).await?;
                let turned = super::turn::unpivot(&batch, &input.structure, &plan.structure, measures)?;
                Ok(Built { frame: self.frame_of(&plan.structure, &turned)?, depth: 1 })
            }
            Node::Hierarchy { input, task } => {
                let batch = self.collected(input).await?;
                let found = super::hierarchy::run(&batch, &input.structure, &plan.structure, task)?;
                Ok(Built { frame: self.frame_of(&plan.structure, &found)?, depth: 1 })
            }
            Node::Series { input, time, step } => {
                let batch = self.collected(input).await?;
                let stepped = super::series::run(&batch, &input.structure, &plan.structure, time, *step)?;
                Ok(Built { frame: self.frame_of(&plan.structure, &[stepped])?, depth: 1 })
            }
        }
    }

    /// All rows of a plan in one batch, in the order of the identifiers.
    pub(super) async fn collected(&self, plan: &Plan) -> Result<RecordBatch, RunError> {
        let built = self.build(plan).await?;
        let batches = built.frame.collect().await?;
        super::table::one(&plan.structure, &batches)
    }

    fn columns(&self, from: &Structure, to: &Structure, columns: &[Column]) -> Result<Vec<Expr>, RunError> {
        let mut exprs = Vec::new();
        for (at, (component, column)) in to.components.iter().zip(columns).enumerate() {
            let expr = match column {
                Column::Take(name) => widened(from, name, component)?,
                Column::Compute(expression) => self.call(expression, component.kind, from),
                Column::Constant(scalar) => match scalar_value(scalar, component.kind) {
                    Some(value) => lit(value),
                    None => return Err(RunError::runtime(format!("常数 {scalar} 不能放进“{}”。", component.name))),
                },
            };
            exprs.push(expr.alias(column_name(at)));
        }
        Ok(exprs)
    }

    fn call(&self, expression: &Expression, kind: Type, from: &Structure) -> Expr {
        let places = from.components.iter().enumerate();
        let columns: HashMap<&str, Expr> =
            places.map(|(at, component)| (component.name.as_str(), column(at))).collect();
        compute::call(expression, kind, &columns, self.number())
    }

    fn aggregated(
        &self,
        frame: DataFrame,
        input: &Plan,
        keys: &[String],
        items: &[AggregateItem],
    ) -> Result<DataFrame, RunError> {
        let mut groups = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            groups.push(of(&input.structure, key)?.alias(format!("k{at}")));
        }
        let mut aggregates = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let call = self.aggregate_of(item.function, item.of.as_deref(), &input.structure)?;
            aggregates.push(call.alias(format!("a{at}")));
        }
        if aggregates.is_empty() && groups.is_empty() {
            return Err(RunError::runtime("聚合既没有分组也没有函数。"));
        }
        let keys = (0..keys.len()).map(|at| format!("k{at}"));
        let names = keys.chain((0..items.len()).map(|at| format!("a{at}")));
        let exprs: Vec<Expr> = names.enumerate().map(|(at, name)| ident(name).alias(column_name(at))).collect();
        Ok(frame.aggregate(groups, aggregates)?.select(exprs)?)
    }

    pub(super) fn aggregate_of(
        &self,
        function: Aggregate,
        name: Option<&str>,
        structure: &Structure,
    ) -> Result<Expr, RunError> {
        let Some(name) = name else { return Ok(count(lit(1_i64))) };
        let argument = of(structure, name)?;
        let kind = structure.find(name).map_or(Type::Number, |found| found.kind);
        Ok(match function {
            Aggregate::Count => count(argument),
            Aggregate::Min => min(argument),
            Aggregate::Max => max(argument),
            exactly => {
                let function = ExactFunction::new(format!("vtl{}", self.number()), exactly, kind);
                AggregateUDF::new_from_impl(function).call(vec![argument])
            }
        })
    }

    async fn united(&self, plan: &Plan, plans: &[Plan]) -> Result<Built, RunError> {
        let mut result: Option<Built> = None;
        for operand in plans {
            let built = self.build(operand).await?;
            let mut exprs = Vec::new();
            for (at, component) in plan.structure.components.iter().enumerate() {
                exprs.push(widened(&operand.structure, &component.name, component)?.alias(column_name(at)));
            }
            let frame = built.frame.select(exprs)?;
            result = Some(match result {
                None => Built { frame, depth: built.depth + 1 },
                Some(before) => {
                    let depth = before.depth.max(built.depth) + 1;
                    Built { frame: before.frame.union(frame)?, depth }
                }
            });
        }
        result.ok_or_else(|| RunError::runtime("没有数据集。"))
    }
}

/// A column taken over, widened from integers to numbers where the structure says so.
fn widened(from: &Structure, name: &str, to: &Component) -> Result<Expr, RunError> {
    let expr = of(from, name)?;
    let is_same = from.find(name).is_some_and(|found| found.kind == to.kind);
    Ok(if is_same { expr } else { cast(expr, data_type(to.kind)) })
}

/// The columns of the right side of a join, under names of their own.
fn right_named(frame: DataFrame, structure: &Structure) -> Result<DataFrame, RunError> {
    let exprs: Vec<Expr> = (0..structure.components.len()).map(|at| column(at).alias(format!("r{at}"))).collect();
    Ok(frame.select(exprs)?)
}

fn right_of(structure: &Structure, name: &str) -> Result<Expr, RunError> {
    let at = structure.components.iter().position(|component| component.name == name);
    at.map(|at| ident(format!("r{at}"))).ok_or_else(|| RunError::runtime("内部错误:连接的右边没有这一列。"))
}

fn on(left: &Plan, right: &Plan, keys: &[String]) -> Result<Vec<Expr>, RunError> {
    let mut on = Vec::new();
    for key in keys {
        let kinds = (left.structure.find(key), right.structure.find(key));
        let (one, other) = (of(&left.structure, key)?, right_of(&right.structure, key)?);
        let is_same = kinds.0.map(|found| found.kind) == kinds.1.map(|found| found.kind);
        let number = || data_type(Type::Number);
        on.push(if is_same { one.eq(other) } else { cast(one, number()).eq(cast(other, number())) });
    }
    Ok(on)
}

fn joined(
    kind: JoinKind,
    (left_frame, left): (DataFrame, &Plan),
    (right_frame, right): (DataFrame, &Plan),
    keys: &[String],
) -> Result<DataFrame, RunError> {
    let right_frame = right_named(right_frame, &right.structure)?;
    let join = match kind {
        JoinKind::Inner | JoinKind::Cross => JoinType::Inner,
        JoinKind::Left => JoinType::Left,
        JoinKind::Full => JoinType::Full,
    };
    // Without keys every row meets every row.
    let mut on = on(left, right, keys)?;
    if on.is_empty() {
        on.push(lit(true));
    }
    let frame = left_frame.join_on(right_frame, join, on)?;
    let mut exprs = Vec::new();
    for (at, component) in left.structure.components.iter().enumerate() {
        let is_key = keys.contains(&component.name) && kind == JoinKind::Full;
        exprs.push(if is_key {
            let other = right_of(&right.structure, &component.name)?;
            let other = cast(other, data_type(component.kind));
            when(column(at).is_not_null(), column(at)).otherwise(other)?
        } else {
            column(at)
        });
    }
    for (at, component) in right.structure.components.iter().enumerate() {
        if !keys.contains(&component.name) {
            exprs.push(ident(format!("r{at}")));
        }
    }
    let named: Vec<Expr> = exprs.into_iter().enumerate().map(|(at, expr)| expr.alias(column_name(at))).collect();
    Ok(frame.select(named)?)
}
