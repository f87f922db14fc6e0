//! Calls of aggregates and window functions taken out of component expressions, and window functions over datasets.

use super::aggregate::result_kind;
use super::clause::Scope;
use super::plan::{Column, Frame, Node, Plan, Value, WindowFunction, WindowItem};
use super::structure::{Component, Structure};
use super::typer::{Typed, Typer, map, name_expr, take, wrong};
use crate::ast::{
    Aggregate, Analytic, AnalyticFunction, BinaryOp, ComponentRef, Expr, ExprKind, Given, Partition, Role, Window,
    WindowBound, WindowUnit,
};
use crate::error::Span;
use crate::expression::Expression;
use crate::scalar::{Scalar, Type};

/// Calls that were taken out of expressions; each is a column that is computed before.
pub(super) struct Calls {
    takes_aggregates: bool,
    takes_windows: bool,
    pub aggregates: Vec<AggregateCall>,
    windows: Vec<WindowCall>,
}

pub(super) struct AggregateCall {
    pub name: String,
    pub function: Aggregate,
    pub kind: Type,
    /// The column that it reads, to be computed first.
    pub of: Option<(Component, Column)>,
}

struct WindowCall {
    item: WindowItem,
    kind: Type,
    of: Option<(Component, Column)>,
}

impl Calls {
    pub fn none() -> Calls {
        Calls { takes_aggregates: false, takes_windows: false, aggregates: Vec::new(), windows: Vec::new() }
    }

    pub fn aggregates() -> Calls {
        Calls { takes_aggregates: true, ..Calls::none() }
    }

    pub fn windows() -> Calls {
        Calls { takes_windows: true, ..Calls::none() }
    }

    /// Notes an aggregate of a resolved expression and tells its type.
    pub fn add_aggregate(
        &mut self,
        name: String,
        function: Aggregate,
        of: Option<Expr>,
        structure: &Structure,
        span: Span,
    ) -> Typed<Type> {
        let of = operand(&name, of, structure)?;
        let kind = result_kind(function, of.as_ref().map(|(component, _)| component.kind), span)?;
        self.aggregates.push(AggregateCall { name, function, kind, of });
        Ok(kind)
    }
}

/// The column that a call reads: `\u{1}…of`.
fn operand(name: &str, of: Option<Expr>, structure: &Structure) -> Typed<Option<(Component, Column)>> {
    let Some(expr) = of else { return Ok(None) };
    let compiled = Expression::compile(&expr, &structure.schema())?;
    let kind = compiled.kind().unwrap_or(Type::Number);
    Ok(Some((Component::new(format!("{name}of"), kind, Role::Measure), Column::Compute(Box::new(compiled)))))
}

/// The plan with further columns.
pub(super) fn with_columns(plan: Plan, extra: Vec<(Component, Column)>) -> Plan {
    if extra.is_empty() {
        return plan;
    }
    let mut columns: Vec<(Component, Column)> = plan.structure.components.iter().map(take).collect();
    columns.extend(extra);
    map(plan, columns)
}

impl Typer<'_> {
    /// `sum(x)` inside `aggr` or `having`.
    pub(super) fn aggregate_call(
        &mut self,
        function: Aggregate,
        of: Option<&Expr>,
        structure: &Structure,
        scope: &Scope,
        calls: &mut Calls,
        span: Span,
    ) -> Typed<Expr> {
        if !calls.takes_aggregates {
            return wrong(span, format!("{} 在这里要写 over (…),或移到 aggr 里。", function.name()));
        }
        let of = match of {
            Some(of) => Some(self.resolved(of, structure, scope, &mut Calls::none())?),
            None => None,
        };
        let name = self.fresh();
        calls.add_aggregate(name.clone(), function, of, structure, span)?;
        Ok(name_expr(&name, span))
    }

    /// `lag(x over (…))` inside `calc`.
    pub(super) fn window_call(
        &mut self,
        analytic: &Analytic,
        structure: &Structure,
        scope: &Scope,
        calls: &mut Calls,
        span: Span,
    ) -> Typed<Expr> {
        if !calls.takes_windows {
            return wrong(span, format!("{} 只能写在 calc 里,或用于整个数据集。", analytic.function.name()));
        }
        let of = match &analytic.operand {
            Some(of) => Some(self.resolved(of, structure, scope, &mut Calls::none())?),
            None => None,
        };
        let name = self.fresh();
        let of = operand(&name, of, structure)?;
        let (item, kind) = self.window(analytic, name.clone(), of.as_ref(), structure, scope, span)?;
        let value = name_expr(&name, span);
        let result = match (analytic.function, &of) {
            (AnalyticFunction::RatioToReport, Some((component, _))) => {
                let own = name_expr(&component.name, span);
                Expr::new(ExprKind::Binary(BinaryOp::Divide, Box::new(own), Box::new(value)), span)
            }
            _ => value,
        };
        calls.windows.push(WindowCall { item, kind, of });
        Ok(result)
    }

    /// Computes the window calls that were taken out.
    pub(super) fn with_windows(plan: Plan, calls: &mut Calls) -> Plan {
        if calls.windows.is_empty() {
            return plan;
        }
        let mut extra = Vec::new();
        let mut items = Vec::new();
        let mut results = Vec::new();
        for call in calls.windows.drain(..) {
            extra.extend(call.of);
            results.push(Component::new(call.item.name.clone(), call.kind, Role::Measure));
            items.push(call.item);
        }
        let input = with_columns(plan, extra);
        let mut structure = input.structure.clone();
        structure.components.extend(results);
        Plan { node: Node::Window { input: Box::new(input), items }, structure }
    }

    /// A window function on every measure of a dataset.
    pub(super) fn analytic(&mut self, analytic: &Analytic, span: Span) -> Typed<Plan> {
        let Some(operand) = &analytic.operand else {
            return wrong(span, format!("{} 要写在 calc 里。", analytic.function.name()));
        };
        let plan = self.dataset(operand, "窗口函数的对象")?;
        let structure = plan.structure.clone();
        let mut calls = Calls::windows();
        let mut exprs = Vec::new();
        let is_count = analytic.function == AnalyticFunction::Aggregate(Aggregate::Count);
        for measure in structure.measures() {
            let own = Analytic { operand: Some(name_expr(&measure.name, span)), ..analytic.clone() };
            let expr = self.window_call(&own, &structure, &Scope::default(), &mut calls, span)?;
            let name = if is_count { "int_var" } else { &measure.name };
            exprs.push((name.to_owned(), expr));
        }
        if is_count && exprs.len() > 1 {
            exprs.truncate(1);
        }
        let plan = Self::with_windows(plan, &mut calls);
        let schema = plan.structure.schema();
        let mut columns: Vec<(Component, Column)> = structure.with_role(Role::Identifier).map(take).collect();
        for (name, expr) in exprs {
            let compiled = Expression::compile(&expr, &schema)?;
            let kind = compiled.kind().unwrap_or(Type::Number);
            columns.push((Component::new(name, kind, Role::Measure), Column::Compute(Box::new(compiled))));
        }
        columns.extend(structure.with_role(Role::ViralAttribute).map(take));
        Ok(map(plan, columns))
    }

    fn window(
        &mut self,
        analytic: &Analytic,
        name: String,
        of: Option<&(Component, Column)>,
        structure: &Structure,
        scope: &Scope,
        span: Span,
    ) -> Typed<(WindowItem, Type)> {
        let operand = of.map(|(component, _)| component.kind);
        let function = match analytic.function {
            AnalyticFunction::Aggregate(function) => WindowFunction::Aggregate(function),
            AnalyticFunction::RatioToReport => WindowFunction::Aggregate(Aggregate::Sum),
            AnalyticFunction::FirstValue => WindowFunction::First,
            AnalyticFunction::LastValue => WindowFunction::Last,
            AnalyticFunction::Rank => WindowFunction::Rank,
            AnalyticFunction::Lag => WindowFunction::Shift(-offset(analytic, span)?, self.default_of(analytic)?),
            AnalyticFunction::Lead => WindowFunction::Shift(offset(analytic, span)?, self.default_of(analytic)?),
        };
        let kind = match &function {
            WindowFunction::Aggregate(function) => result_kind(*function, operand, span)?,
            WindowFunction::Rank => Type::Integer,
            _ => operand.unwrap_or(Type::Number),
        };
        let mut order = Vec::new();
        for item in &analytic.order {
            order.push((scope.resolve(structure, &item.component, span)?, item.is_descending));
        }
        if order.is_empty() && matches!(analytic.function, AnalyticFunction::Rank) {
            return wrong(span, "rank 要写 order by。");
        }
        let partition = partition(analytic, &order, structure, scope, span)?;
        if order.is_empty() && !matches!(function, WindowFunction::Aggregate(_)) {
            let rest = structure.identifiers().into_iter().filter(|name| !partition.contains(name));
            order = rest.map(|name| (name, false)).collect();
        }
        let window = match &analytic.window {
            Some(window) => Some(frame(window, span)?),
            None => None,
        };
        let of = of.map(|(component, _)| component.name.clone());
        Ok((WindowItem { name, function, of, partition, order, window }, kind))
    }

    fn default_of(&mut self, analytic: &Analytic) -> Typed<Option<Scalar>> {
        let Some(default) = &analytic.default else { return Ok(None) };
        match self.value(default)? {
            Value::Scalar(scalar, _) => Ok(Some(scalar)),
            Value::Dataset(_) => wrong(default.span, "缺省值应为常数。"),
        }
    }
}

fn offset(analytic: &Analytic, span: Span) -> Typed<i64> {
    match &analytic.offset {
        None => Ok(1),
        Some(Given::Value(rows)) if (0..=1_000_000).contains(rows) => Ok(*rows),
        Some(_) => wrong(span, "lag 和 lead 的位移应为 0 至 1000000 的整数。"),
    }
}

/// Without `partition by`, rows are divided by the identifiers that do not order them.
fn partition(
    analytic: &Analytic,
    order: &[(String, bool)],
    structure: &Structure,
    scope: &Scope,
    span: Span,
) -> Typed<Vec<String>> {
    let columns_of = |names: &[ComponentRef]| {
        names.iter().map(|name| scope.resolve(structure, name, span)).collect::<Typed<Vec<String>>>()
    };
    let identifiers = structure.identifiers();
    match &analytic.partition {
        Some(Partition::By(names)) => columns_of(names),
        Some(Partition::Except(names)) => {
            let except = columns_of(names)?;
            Ok(identifiers.into_iter().filter(|name| !except.contains(name)).collect())
        }
        Some(Partition::ExceptAll) => Ok(Vec::new()),
        None if order.is_empty() => Ok(Vec::new()),
        None => Ok(identifiers.into_iter().filter(|name| order.iter().all(|(by, _)| by != name)).collect()),
    }
}

fn frame(window: &Window, span: Span) -> Typed<Frame> {
    let rows = |given: &Given<u64>| match given {
        Given::Value(rows) => match i64::try_from(*rows) {
            Ok(rows) => Ok(rows),
            Err(_) => wrong(span, "窗口的边界太大。"),
        },
        Given::Parameter(name) => wrong(span, format!("窗口的边界“{name}”不是常数。")),
    };
    let bound = |bound: &WindowBound| {
        Ok(match bound {
            WindowBound::UnboundedPreceding | WindowBound::UnboundedFollowing => None,
            WindowBound::Preceding(given) => Some(-rows(given)?),
            WindowBound::Current => Some(0),
            WindowBound::Following(given) => Some(rows(given)?),
        })
    };
    let (from, to) = (bound(&window.from)?, bound(&window.to)?);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return wrong(span, "窗口的起点在终点之后。");
    }
    Ok(Frame { is_range: window.unit == WindowUnit::Range, from, to })
}
