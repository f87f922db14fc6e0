//! Clauses in square brackets and inside joins, and the component expressions in them.

use super::frame::Calls;
use super::plan::{Column, Node, Plan, Value};
use super::rewrite::Rewrite;
use super::structure::{Component, Structure};
use super::typer::{Typed, Typer, map, name_expr, take, wrong};
use crate::ast::{Assigned, Clause, ComponentRef, DatasetOp, Expr, ExprKind, Role, TimeOp};
use crate::error::{Errors, Span};
use crate::expression::Expression;
use crate::scalar::{Scalar, Type};
use std::collections::BTreeMap;

/// What `alias#name` means inside a join. Outside of joins it is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Alias and component to the column.
    pub columns: BTreeMap<(String, String), String>,
}

impl Scope {
    /// The column that a component reference means.
    pub fn resolve(&self, structure: &Structure, wanted: &ComponentRef, span: Span) -> Typed<String> {
        let name = &wanted.name;
        match &wanted.dataset {
            Some(alias) => {
                let column = self.columns.get(&(alias.clone(), name.clone()));
                let column = column.filter(|column| structure.find(column).is_some());
                let outside = self.columns.is_empty().then_some(name);
                match column.or(outside).filter(|column| structure.find(column).is_some()) {
                    Some(column) => Ok(column.clone()),
                    None => wrong(span, format!("没有名为“{alias}#{name}”的成分,请核对别名和名称。")),
                }
            }
            None if structure.find(name).is_some() => Ok(name.clone()),
            None => {
                let owners: Vec<String> = self
                    .columns
                    .keys()
                    .filter(|(_, other)| other == name)
                    .map(|(alias, _)| format!("{alias}#{name}"))
                    .collect();
                if owners.len() > 1 {
                    return wrong(span, format!("“{name}”在几个数据集里都有,请写明:{}。", owners.join("、")));
                }
                wrong(span, format!("没有名为“{name}”的成分。{}", structure.advice(name)))
            }
        }
    }
}

impl Typer<'_> {
    pub(super) fn clause(&mut self, plan: Plan, clause: &Clause, scope: &Scope, span: Span) -> Typed<Plan> {
        match clause {
            Clause::Filter(condition) => {
                let compiled = self.component(condition, &plan.structure, scope)?;
                if compiled.kind().is_some_and(|kind| kind != Type::Boolean) {
                    return wrong(condition.span, "filter 后的条件应为布尔值。");
                }
                let structure = plan.structure.clone();
                Ok(Plan { node: Node::Filter(Box::new(plan), Box::new(compiled)), structure })
            }
            Clause::Calc(items) => self.calc(plan, items, scope, span),
            Clause::Apply(_) => wrong(span, "apply 只能写在 join 里。"),
            Clause::Aggr(items, grouping, having) => {
                self.aggr(plan, items, grouping.as_ref(), having.as_ref(), scope, span)
            }
            Clause::Keep(names) => keep(plan, names, scope, span),
            Clause::Drop(names) => drop(plan, names, scope, span),
            Clause::Rename(pairs) => rename(plan, pairs, scope, span),
            Clause::Pivot(identifier, measure) => self.pivot(plan, identifier, measure, span),
            Clause::Unpivot(identifier, measure) => unpivot(plan, &identifier.name, &measure.name, span),
            Clause::Sub(items) => self.sub(plan, items, scope, span),
        }
    }

    /// A component expression: names of the join made columns, scalars made constants, user operators expanded.
    /// Calls of aggregates and window functions are taken out into `calls`, where they are allowed.
    pub(super) fn resolved(
        &mut self,
        expr: &Expr,
        structure: &Structure,
        scope: &Scope,
        calls: &mut Calls,
    ) -> Typed<Expr> {
        let mut failed: Option<Errors> = None;
        let mut replace = |found: &Expr| {
            let replaced = match &found.kind {
                ExprKind::Name(name) if structure.find(name).is_some() => return None,
                ExprKind::Name(name) => {
                    if let Some(scalar) = self.scalar_named(name) {
                        return Some(Expr::new(ExprKind::Constant(scalar), found.span));
                    }
                    let wanted = ComponentRef { dataset: None, name: name.clone() };
                    scope.resolve(structure, &wanted, found.span).map(|column| name_expr(&column, found.span))
                }
                ExprKind::Dataset(op) => match &**op {
                    DatasetOp::Member(Expr { kind: ExprKind::Name(alias), .. }, name) => {
                        let wanted = ComponentRef { dataset: Some(alias.clone()), name: name.clone() };
                        scope.resolve(structure, &wanted, found.span).map(|column| name_expr(&column, found.span))
                    }
                    DatasetOp::UserCall(name, arguments) => {
                        self.expanded_component(name, arguments, found, structure, scope, calls)
                    }
                    DatasetOp::Time(TimeOp::PeriodIndicator(None)) => {
                        super::series::time_identifier(structure, found.span).map(|time| {
                            let op = TimeOp::PeriodIndicator(Some(name_expr(&time, found.span)));
                            Expr::new(ExprKind::Dataset(Box::new(DatasetOp::Time(op))), found.span)
                        })
                    }
                    DatasetOp::Analytic(analytic) => self.window_call(analytic, structure, scope, calls, found.span),
                    DatasetOp::Aggregate(function, operand, None, None) => {
                        self.aggregate_call(*function, operand.as_ref(), structure, scope, calls, found.span)
                    }
                    _ => return None,
                },
                _ => return None,
            };
            Some(replaced.unwrap_or_else(|errors| {
                failed.get_or_insert(errors);
                found.clone()
            }))
        };
        let result = Rewrite { expr: &mut replace, name: &|_| None, given: &|_| None }.apply(expr);
        match failed {
            Some(errors) => Err(errors),
            None => Ok(result),
        }
    }

    fn expanded_component(
        &mut self,
        name: &str,
        arguments: &[Expr],
        call: &Expr,
        structure: &Structure,
        scope: &Scope,
        calls: &mut Calls,
    ) -> Typed<Expr> {
        let body = self.expanded(name, arguments, call.span)?;
        self.active.push(name.to_owned());
        let resolved = self.resolved(&body, structure, scope, calls);
        self.active.pop();
        resolved
    }

    /// A component expression without aggregates and windows, compiled.
    pub(super) fn component(&mut self, expr: &Expr, structure: &Structure, scope: &Scope) -> Typed<Expression> {
        let resolved = self.resolved(expr, structure, scope, &mut Calls::none())?;
        Expression::compile(&resolved, &structure.schema())
    }

    fn calc(&mut self, plan: Plan, items: &[Assigned], scope: &Scope, span: Span) -> Typed<Plan> {
        let mut calls = Calls::windows();
        let mut resolved = Vec::new();
        for item in items {
            resolved.push(self.resolved(&item.expr, &plan.structure, scope, &mut calls)?);
        }
        let before = plan.structure.clone();
        let plan = Self::with_windows(plan, &mut calls);
        let schema = plan.structure.schema();
        let mut columns: Vec<(Component, Column)> = before.components.iter().map(take).collect();
        for (item, expr) in items.iter().zip(&resolved) {
            let name = &item.component.name;
            let old = before.find(name);
            if old.is_some_and(|old| old.role == Role::Identifier) {
                return wrong(span, format!("calc 不能改写标识“{name}”,请另起一个名称。"));
            }
            let compiled = Expression::compile(expr, &schema)?;
            let role = item.role.or(old.map(|old| old.role)).unwrap_or(Role::Measure);
            let kind = compiled.kind().or(old.map(|old| old.kind)).unwrap_or(Type::String);
            let column = (Component::new(name.clone(), kind, role), Column::Compute(Box::new(compiled)));
            match columns.iter_mut().find(|(known, _)| known.name == *name) {
                Some(place) => *place = column,
                None => columns.push(column),
            }
        }
        Ok(map(plan, columns))
    }

    /// Finds the codes of the identifier, because they become components.
    fn pivot(&mut self, plan: Plan, identifier: &ComponentRef, measure: &ComponentRef, span: Span) -> Typed<Plan> {
        let (identifier, measure) = (identifier.name.clone(), measure.name.clone());
        let kind = match (plan.structure.find(&identifier), plan.structure.find(&measure)) {
            (Some(id), Some(me)) if id.role == Role::Identifier && me.role == Role::Measure => me.kind,
            _ => return wrong(span, format!("pivot 要写一个标识和一个度量,“{identifier}”和“{measure}”不全是。")),
        };
        let codes = match self.rows.codes(&plan, &identifier) {
            Ok(codes) => codes,
            Err(message) => return wrong(span, message),
        };
        let kept = plan.structure.with_role(Role::Identifier).filter(|other| other.name != identifier);
        let mut components: Vec<Component> = kept.cloned().collect();
        for code in &codes {
            if components.iter().any(|known| known.name == *code) {
                return wrong(span, format!("pivot 的代码“{code}”与已有的成分同名,请先改名。"));
            }
            components.push(Component::new(code.clone(), kind, Role::Measure));
        }
        let node = Node::Pivot { input: Box::new(plan), identifier, measure, codes };
        Ok(Plan { node, structure: Structure { components } })
    }

    fn sub(&mut self, plan: Plan, items: &[(ComponentRef, Expr)], scope: &Scope, span: Span) -> Typed<Plan> {
        let mut plan = plan;
        let mut fixed = Vec::new();
        for (component, value) in items {
            let name = scope.resolve(&plan.structure, component, span)?;
            if plan.structure.find(&name).is_none_or(|found| found.role != Role::Identifier) {
                return wrong(span, format!("sub 只能固定标识,“{name}”不是标识。"));
            }
            let Value::Scalar(scalar, _) = self.value(value)? else {
                return wrong(value.span, "sub 的值应为标量。");
            };
            let equal = crate::ast::BinaryOp::Compare(crate::ast::Comparison::Equal);
            let constant = Box::new(Expr::new(ExprKind::Constant(scalar), value.span));
            let test = ExprKind::Binary(equal, Box::new(name_expr(&name, span)), constant);
            let compiled = Expression::compile(&Expr::new(test, span), &plan.structure.schema())?;
            let structure = plan.structure.clone();
            plan = Plan { node: Node::Filter(Box::new(plan), Box::new(compiled)), structure };
            fixed.push(name);
        }
        let columns = plan.structure.components.iter().filter(|one| !fixed.contains(&one.name)).map(take).collect();
        Ok(map(plan, columns))
    }
}

/// Identifiers and the named components.
fn keep(plan: Plan, names: &[ComponentRef], scope: &Scope, span: Span) -> Typed<Plan> {
    let mut kept = Vec::new();
    for name in names {
        kept.push(scope.resolve(&plan.structure, name, span)?);
    }
    let stays = |one: &&Component| one.role == Role::Identifier || kept.contains(&one.name);
    let columns = plan.structure.components.iter().filter(stays).map(take).collect();
    Ok(map(plan, columns))
}

fn drop(plan: Plan, names: &[ComponentRef], scope: &Scope, span: Span) -> Typed<Plan> {
    let mut dropped = Vec::new();
    for name in names {
        let name = scope.resolve(&plan.structure, name, span)?;
        if plan.structure.find(&name).is_some_and(|found| found.role == Role::Identifier) {
            return wrong(span, format!("drop 不能去掉标识“{name}”。要去掉标识请用 aggr 或 sub。"));
        }
        dropped.push(name);
    }
    let columns = plan.structure.components.iter().filter(|one| !dropped.contains(&one.name)).map(take).collect();
    Ok(map(plan, columns))
}

fn rename(plan: Plan, pairs: &[(ComponentRef, ComponentRef)], scope: &Scope, span: Span) -> Typed<Plan> {
    let mut names = BTreeMap::new();
    for (from, to) in pairs {
        names.insert(scope.resolve(&plan.structure, from, span)?, to.name.clone());
    }
    let mut columns = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for component in &plan.structure.components {
        let (mut renamed, column) = take(component);
        if let Some(name) = names.get(&component.name) {
            renamed.name.clone_from(name);
        }
        if !seen.insert(renamed.name.clone()) {
            return wrong(span, format!("rename 以后有两个成分叫“{}”。", renamed.name));
        }
        columns.push((renamed, column));
    }
    Ok(map(plan, columns))
}

/// One row for each measure that is not null.
fn unpivot(plan: Plan, identifier: &str, measure: &str, span: Span) -> Typed<Plan> {
    let measures = plan.structure.measures();
    let Some(first) = measures.first() else { return wrong(span, "unpivot 的数据集没有度量。") };
    let mut kind = first.kind;
    for other in &measures {
        if other.kind != kind {
            if !(other.kind.is_numeric() && kind.is_numeric()) {
                return wrong(span, format!("unpivot 的度量类型应相同,“{}”与“{}”不同。", first.name, other.name));
            }
            kind = Type::Number;
        }
    }
    let names = measures.iter().map(|measure| measure.name.clone()).collect();
    let mut components: Vec<Component> = plan.structure.with_role(Role::Identifier).cloned().collect();
    if components.iter().any(|known| known.name == identifier || known.name == measure) {
        return wrong(span, "unpivot 的新名称与已有的标识同名,请改名。");
    }
    components.push(Component::new(identifier, Type::String, Role::Identifier));
    components.push(Component::new(measure, kind, Role::Measure));
    let node = Node::Unpivot { input: Box::new(plan), measures: names };
    Ok(Plan { node, structure: Structure { components } })
}

/// A constant of a type, as a column.
pub(super) fn constant(scalar: Option<&Scalar>) -> Column {
    Column::Constant(scalar.cloned().unwrap_or_default())
}
