//! Joins.

use super::clause::Scope;
use super::lift::joined;
use super::plan::{Column, Plan};
use super::structure::Component;
use super::typer::{Typed, Typer, map, name_expr, take, wrong};
use crate::ast::{Clause, Expr, ExprKind, Function, Join, JoinKind, Role};
use crate::error::Span;
use crate::expression::Expression;
use std::collections::{BTreeMap, BTreeSet};

/// An operand with its alias.
type Side = (String, Plan);

impl Typer<'_> {
    pub(super) fn join(&mut self, join: &Join, span: Span) -> Typed<Plan> {
        let mut sides: Vec<Side> = Vec::new();
        for operand in &join.operands {
            let plan = self.dataset(&operand.expr, "join 的操作数")?;
            let alias = match (&operand.alias, &operand.expr.kind) {
                (Some(alias), _) => alias.clone(),
                (None, ExprKind::Name(name)) => name.clone(),
                _ => return wrong(operand.expr.span, "join 里的表达式要用 as 起别名。"),
            };
            if sides.iter().any(|(known, _)| *known == alias) {
                return wrong(operand.expr.span, format!("join 里有两个“{alias}”,请用 as 起不同的别名。"));
            }
            sides.push((alias, plan));
        }
        let keys = keys(join, &sides, span)?;
        let mut scope = Scope::default();
        let aliases: Vec<String> = sides.iter().map(|(alias, _)| alias.clone()).collect();
        let mut plan = combined(join.kind, sides, &keys, &mut scope, span)?;
        plan = nulls_filled(plan, join, &scope, span)?;
        for clause in &join.clauses {
            plan = match clause {
                Clause::Apply(expr) => self.apply(plan, expr, &aliases, &scope)?,
                other => self.clause(plan, other, &scope, span)?,
            };
        }
        finished(plan, &scope, span)
    }

    /// An operator between datasets, applied to their common measures; the other measures are dropped.
    fn apply(&mut self, plan: Plan, expr: &Expr, aliases: &[String], scope: &Scope) -> Typed<Plan> {
        let mentioned = mentioned(expr, aliases);
        let has = |alias: &str, name: &str| {
            let column = scope.columns.get(&(alias.to_owned(), name.to_owned()));
            let found = column.and_then(|column| plan.structure.find(column));
            found.is_some_and(|found| found.role == Role::Measure)
        };
        let names: BTreeSet<&String> = scope.columns.keys().map(|(_, name)| name).collect();
        let common: Vec<&String> =
            names.into_iter().filter(|name| mentioned.iter().all(|alias| has(alias, name))).collect();
        if common.is_empty() || mentioned.is_empty() {
            return wrong(expr.span, "apply 里的数据集没有共同的度量。");
        }
        let schema = plan.structure.schema();
        let stays = |one: &&Component| matches!(one.role, Role::Identifier | Role::ViralAttribute);
        let mut columns: Vec<(Component, Column)> = plan.structure.components.iter().filter(stays).map(take).collect();
        for name in common {
            let mut replace = |found: &Expr| match &found.kind {
                ExprKind::Name(alias) if mentioned.contains(alias) => {
                    let column = scope.columns.get(&(alias.clone(), name.clone()))?;
                    Some(name_expr(column, found.span))
                }
                ExprKind::Name(other) => {
                    let scalar = self.scalar_named(other)?;
                    Some(Expr::new(ExprKind::Constant(scalar), found.span))
                }
                _ => None,
            };
            let rewritten =
                super::rewrite::Rewrite { expr: &mut replace, name: &|_| None, given: &|_| None }.apply(expr);
            let compiled = Expression::compile(&rewritten, &schema)?;
            let kind = compiled.kind().unwrap_or(crate::scalar::Type::Number);
            columns.push((Component::new(name.clone(), kind, Role::Measure), Column::Compute(Box::new(compiled))));
        }
        Ok(map(plan, columns))
    }
}

/// The aliases that stand as names in an expression.
fn mentioned(expr: &Expr, aliases: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut stack = vec![expr];
    while let Some(next) = stack.pop() {
        if let ExprKind::Name(name) = &next.kind
            && aliases.contains(name)
            && !found.contains(name)
        {
            found.push(name.clone());
        }
        stack.extend(next.kind.children());
    }
    found
}

/// The columns by which rows meet, for each operand after the first.
fn keys(join: &Join, sides: &[Side], span: Span) -> Typed<Vec<Vec<String>>> {
    let word = join.kind.name();
    if join.kind == JoinKind::Cross {
        return Ok(vec![Vec::new(); sides.len()]);
    }
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut keys = Vec::new();
    for (at, (alias, plan)) in sides.iter().enumerate() {
        let own = plan.structure.identifiers();
        let mut common: Vec<String> = own.iter().filter(|name| all.contains(*name)).cloned().collect();
        if !join.using.is_empty() {
            common = join.using.iter().map(|component| component.name.clone()).collect();
            for name in &common {
                if plan.structure.find(name).is_none() {
                    return wrong(span, format!("using 的“{name}”不在“{alias}”里。"));
                }
            }
        } else if join.kind == JoinKind::Full && at > 0 && (own.len() != all.len() || common.len() != own.len()) {
            return wrong(span, format!("{word} 的各数据集应有相同的标识,“{alias}”不同。"));
        }
        if at > 0 && common.is_empty() {
            return wrong(
                span,
                format!("“{alias}”与前面的数据集没有共同的标识,不能 {word};请用 using 或 cross_join。"),
            );
        }
        all.extend(own);
        keys.push(common);
    }
    Ok(keys)
}

/// All operands joined. Names that occur more than once become `alias#name`.
fn combined(kind: JoinKind, sides: Vec<Side>, keys: &[Vec<String>], scope: &mut Scope, span: Span) -> Typed<Plan> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (at, (_, plan)) in sides.iter().enumerate() {
        for component in &plan.structure.components {
            if at == 0 || !keys.get(at).is_some_and(|keys| keys.contains(&component.name)) {
                *times.entry(component.name.clone()).or_default() += 1;
            }
        }
    }
    let is_key = |at: usize, name: &String| {
        let own = |at: usize| keys.get(at).is_some_and(|keys| keys.contains(name));
        if at == 0 { (1..keys.len()).any(own) } else { own(at) }
    };
    let mut result: Option<Plan> = None;
    for (at, (alias, plan)) in sides.into_iter().enumerate() {
        let mut columns = Vec::new();
        for component in &plan.structure.components {
            let (mut renamed, column) = take(component);
            if times.get(&component.name).is_some_and(|times| *times > 1) && !is_key(at, &component.name) {
                renamed.name = format!("{alias}#{}", component.name);
            }
            scope.columns.insert((alias.clone(), component.name.clone()), renamed.name.clone());
            columns.push((renamed, column));
        }
        let side = map(plan, columns);
        let by = keys.get(at).cloned().unwrap_or_default();
        result = Some(match result {
            None => side,
            Some(left) => {
                compatible(&left, &side, &by, span)?;
                joined(kind, left, side, by)
            }
        });
    }
    match result {
        Some(plan) => Ok(plan),
        None => wrong(span, "join 里没有数据集。"),
    }
}

fn compatible(left: &Plan, right: &Plan, keys: &[String], span: Span) -> Typed<()> {
    for key in keys {
        let kinds = (left.structure.find(key), right.structure.find(key));
        match kinds {
            (Some(one), Some(other))
                if one.kind == other.kind || (one.kind.is_numeric() && other.kind.is_numeric()) => {}
            (Some(one), Some(other)) => {
                let (one, other) = (one.kind.chinese(), other.kind.chinese());
                return wrong(span, format!("“{key}”在两边的类型不同:{one}与{other}。"));
            }
            _ => return wrong(span, format!("“{key}”不在 join 的前面的数据集里。")),
        }
    }
    Ok(())
}

/// `nvl(component, constant)` behind `using`.
fn nulls_filled(plan: Plan, join: &Join, scope: &Scope, span: Span) -> Typed<Plan> {
    if join.nvl.is_empty() {
        return Ok(plan);
    }
    let schema = plan.structure.schema();
    let mut columns: Vec<(Component, Column)> = plan.structure.components.iter().map(take).collect();
    for (component, value) in &join.nvl {
        let name = scope.resolve(&plan.structure, component, span)?;
        let arguments = vec![name_expr(&name, span), Expr::new(ExprKind::Constant(value.clone()), span)];
        let filled = Expression::compile(&Expr::new(ExprKind::Call(Function::Nvl, arguments), span), &schema)?;
        if let Some((known, column)) = columns.iter_mut().find(|(known, _)| known.name == name) {
            known.kind = filled.kind().unwrap_or(known.kind);
            *column = Column::Compute(Box::new(filled));
        }
    }
    Ok(map(plan, columns))
}

/// Takes the aliases off the names that are left; two of one name are an error.
fn finished(plan: Plan, scope: &Scope, span: Span) -> Typed<Plan> {
    let mut columns = Vec::new();
    let mut seen = BTreeSet::new();
    for component in &plan.structure.components {
        let (mut renamed, column) = take(component);
        let bare = scope.columns.iter().find(|((_, name), column)| **column == component.name && **column != *name);
        if let Some(((_, name), _)) = bare {
            renamed.name.clone_from(name);
        }
        if !seen.insert(renamed.name.clone()) {
            let message = format!("join 的结果里有两个“{}”。请用 keep、drop 或 rename 区分它们。", renamed.name);
            return wrong(span, message);
        }
        columns.push((renamed, column));
    }
    Ok(map(plan, columns))
}
