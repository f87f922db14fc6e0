//! Aggregates over groups: `sum(ds group by …)` and the clause `aggr`.

use super::clause::Scope;
use super::frame::{Calls, with_columns};
use super::plan::{AggregateItem, Column, Node, Plan};
use super::structure::{Component, Structure};
use super::typer::{Typed, Typer, map, take, wrong};
use crate::ast::{Aggregate, Assigned, ComponentRef, Expr, Grouping, Role, ViralBody};
use crate::error::Span;
use crate::expression::Expression;
use crate::scalar::Type;

impl Typer<'_> {
    /// Every measure aggregated; `count` counts the rows whose measures are not all null.
    pub(super) fn aggregate(
        &mut self,
        plan: Plan,
        function: Aggregate,
        grouping: Option<&Grouping>,
        having: Option<&Expr>,
        span: Span,
    ) -> Typed<Plan> {
        let scope = Scope::default();
        let plan = Self::converted(plan, grouping, span)?;
        let keys = keys(&plan.structure, grouping, &scope, span)?;
        let mut calls = Calls::aggregates();
        let having = match having {
            Some(having) => Some(self.resolved(having, &plan.structure, &scope, &mut calls)?),
            None => None,
        };
        let measures: Vec<Component> = plan.structure.measures().into_iter().cloned().collect();
        if measures.is_empty() && function != Aggregate::Count {
            return wrong(span, "数据集没有度量,不能聚合。");
        }
        let mut results = Vec::new();
        if function == Aggregate::Count {
            let name = self.fresh();
            let of = counted(&measures, span);
            let kind = calls.add_aggregate(name.clone(), function, of, &plan.structure, span)?;
            results.push((Component::new("int_var", kind, Role::Measure), Column::Take(name)));
        } else {
            for measure in &measures {
                let name = self.fresh();
                let of = Some(super::typer::name_expr(&measure.name, span));
                let kind = calls.add_aggregate(name.clone(), function, of, &plan.structure, span)?;
                results.push((Component::new(measure.name.clone(), kind, Role::Measure), Column::Take(name)));
            }
        }
        results.extend(self.grouped_virals(&plan.structure, &[], &mut calls, span)?);
        let grouped = Self::grouped(plan, &keys, &mut calls);
        let mut columns = key_columns(&grouped, &keys);
        columns.extend(results);
        let filtered = filtered(grouped, having, span)?;
        Ok(map(filtered, columns))
    }

    /// `aggr a := sum(x), b := count() group by … having …`
    pub(super) fn aggr(
        &mut self,
        plan: Plan,
        items: &[Assigned],
        grouping: Option<&Grouping>,
        having: Option<&Expr>,
        scope: &Scope,
        span: Span,
    ) -> Typed<Plan> {
        let plan = Self::converted(plan, grouping, span)?;
        let keys = keys(&plan.structure, grouping, scope, span)?;
        let mut calls = Calls::aggregates();
        let mut exprs = Vec::new();
        for item in items {
            exprs.push(self.resolved(&item.expr, &plan.structure, scope, &mut calls)?);
        }
        let having = match having {
            Some(having) => Some(self.resolved(having, &plan.structure, scope, &mut calls)?),
            None => None,
        };
        let operand = plan.structure.clone();
        let virals = self.grouped_virals(&operand, items, &mut calls, span)?;
        let grouped = Self::grouped(plan, &keys, &mut calls);
        let schema = grouped.structure.schema();
        let mut columns = key_columns(&grouped, &keys);
        for (item, expr) in items.iter().zip(&exprs) {
            let compiled = Expression::compile(expr, &schema)?;
            let kind = compiled.kind().unwrap_or(Type::String);
            let name = item.component.name.clone();
            let known = operand.find(&name).map(|known| known.role).filter(|role| *role != Role::Identifier);
            let role = item.role.or(known).unwrap_or(Role::Measure);
            if columns.iter().any(|(known, _)| known.name == name) {
                return wrong(span, format!("aggr 的结果里有两个“{name}”,请改名。"));
            }
            columns.push((Component::new(name, kind, role), Column::Compute(Box::new(compiled))));
        }
        columns.extend(virals);
        let filtered = filtered(grouped, having, span)?;
        Ok(map(filtered, columns))
    }

    /// Viral attributes of a group by their rules, but for those that the clause computes itself.
    fn grouped_virals(
        &mut self,
        structure: &Structure,
        computed: &[Assigned],
        calls: &mut Calls,
        span: Span,
    ) -> Typed<Vec<(Component, Column)>> {
        let mut results = Vec::new();
        for attribute in structure.with_role(Role::ViralAttribute) {
            if computed.iter().any(|item| item.component.name == attribute.name) {
                continue;
            }
            let body = self.virals.get(attribute.name.as_str()).map(|rule| &rule.body);
            let Some(ViralBody::Aggregate(function)) = body else {
                let message = format!(
                    "分组时传播属性“{}”要有 aggregate 形式的传播规则。请用 define viral propagation 定义,或先用 drop 去掉它。",
                    attribute.name
                );
                return wrong(span, message);
            };
            let (name, of) = (self.fresh(), super::typer::name_expr(&attribute.name, span));
            let kind = calls.add_aggregate(name.clone(), *function, Some(of), structure, span)?;
            results.push((Component::new(attribute.name.clone(), kind, Role::ViralAttribute), Column::Take(name)));
        }
        Ok(results)
    }

    /// Groups and computes the calls that were taken out.
    fn grouped(plan: Plan, keys: &[String], calls: &mut Calls) -> Plan {
        let mut components: Vec<Component> = keys.iter().filter_map(|key| plan.structure.find(key).cloned()).collect();
        let mut items = Vec::new();
        let mut extra = Vec::new();
        for call in calls.aggregates.drain(..) {
            let of = match call.of {
                Some((component, column)) => {
                    let name = component.name.clone();
                    extra.push((component, column));
                    Some(name)
                }
                None => None,
            };
            components.push(Component::new(call.name.clone(), call.kind, Role::Measure));
            items.push(AggregateItem { name: call.name, function: call.function, of });
        }
        let input = Box::new(with_columns(plan, extra));
        Plan { node: Node::Aggregate { input, keys: keys.to_vec(), items }, structure: Structure { components } }
    }

    /// `time_agg` inside the grouping.
    fn converted(plan: Plan, grouping: Option<&Grouping>, span: Span) -> Typed<Plan> {
        let conversion = match grouping {
            Some(Grouping::By(_, conversion) | Grouping::Except(_, conversion) | Grouping::All(conversion)) => {
                conversion
            }
            None => &None,
        };
        match conversion {
            None => Ok(plan),
            Some(conversion) => Self::time_converted(plan, conversion, span),
        }
    }
}

/// A row counts if one of its measures is not null.
fn counted(measures: &[Component], span: Span) -> Option<Expr> {
    use crate::ast::{ExprKind, Function, UnaryOp};
    let null =
        |name: &str| Expr::new(ExprKind::Call(Function::IsNull, vec![super::typer::name_expr(name, span)]), span);
    let some = |name: &str| Expr::new(ExprKind::Unary(UnaryOp::Not, Box::new(null(name))), span);
    let mut any: Option<Expr> = None;
    for measure in measures {
        let next = some(&measure.name);
        any = Some(match any {
            None => next,
            Some(before) => {
                let or = ExprKind::Binary(crate::ast::BinaryOp::Or, Box::new(before), Box::new(next));
                Expr::new(or, span)
            }
        });
    }
    any.map(|any| {
        let constant = |scalar| Box::new(Expr::new(ExprKind::Constant(scalar), span));
        let (one, none) = (constant(crate::scalar::Scalar::Integer(1)), constant(crate::scalar::Scalar::Null));
        Expr::new(ExprKind::If(Box::new(any), one, none), span)
    })
}

fn filtered(plan: Plan, having: Option<Expr>, span: Span) -> Typed<Plan> {
    let Some(having) = having else { return Ok(plan) };
    let compiled = Expression::compile(&having, &plan.structure.schema())?;
    if compiled.kind().is_some_and(|kind| kind != Type::Boolean) {
        return wrong(span, "having 后的条件应为布尔值。");
    }
    let structure = plan.structure.clone();
    Ok(Plan { node: Node::Filter(Box::new(plan), Box::new(compiled)), structure })
}

fn key_columns(plan: &Plan, keys: &[String]) -> Vec<(Component, Column)> {
    keys.iter().filter_map(|key| plan.structure.find(key)).map(take).collect()
}

/// The identifiers that stay, in the order of the structure.
fn keys(structure: &Structure, grouping: Option<&Grouping>, scope: &Scope, span: Span) -> Typed<Vec<String>> {
    let identifiers = structure.identifiers();
    let columns_of = |names: &[ComponentRef]| {
        let mut found = Vec::new();
        for name in names {
            let column = scope.resolve(structure, name, span)?;
            if !identifiers.contains(&column) {
                return wrong(span, format!("分组只能按标识,“{column}”不是标识。"));
            }
            found.push(column);
        }
        Ok(found)
    };
    let (names, stay) = match grouping {
        None => return Ok(Vec::new()),
        Some(Grouping::All(_)) => return Ok(identifiers),
        Some(Grouping::By(names, _)) => (columns_of(names)?, true),
        Some(Grouping::Except(names, _)) => (columns_of(names)?, false),
    };
    Ok(identifiers.iter().filter(|name| names.contains(name) == stay).cloned().collect())
}

/// The type of an aggregate of values of a type.
pub(super) fn result_kind(function: Aggregate, of: Option<Type>, span: Span) -> Typed<Type> {
    let numeric = of.is_none_or(Type::is_numeric);
    match function {
        Aggregate::Count => Ok(Type::Integer),
        Aggregate::Min | Aggregate::Max => Ok(of.unwrap_or(Type::Number)),
        _ if !numeric => {
            let found = of.map_or("空", Type::chinese);
            wrong(span, format!("{} 只用于数值,这里是{found}。", function.name()))
        }
        Aggregate::Sum => Ok(of.unwrap_or(Type::Number)),
        _ => Ok(Type::Number),
    }
}
