//! Set operators and `exists_in`: rows matched by their identifiers.

use super::plan::{Column, Node, Plan};
use super::structure::{Component, Structure};
use super::typer::{Typed, Typer, map, take, wrong};
use crate::ast::{Expr, Retain, Role, SetOp};
use crate::error::Span;
use crate::scalar::{Scalar, Type};

impl Typer<'_> {
    pub(super) fn set(&mut self, kind: SetOp, operands: &[Expr], span: Span) -> Typed<Plan> {
        let mut plans = Vec::new();
        for operand in operands {
            plans.push(self.dataset(operand, "集合运算的操作数")?);
        }
        let mut plans = plans.into_iter();
        let Some(mut result) = plans.next() else { return wrong(span, "集合运算要有两个数据集。") };
        for next in plans {
            // All structures are compared, also where only the rows of one side stay.
            united(vec![result.clone(), next.clone()], span)?;
            result = match kind {
                SetOp::Union => {
                    let rest = matching(next, result.clone(), false);
                    united(vec![result, rest], span)?
                }
                SetOp::Intersect => matching(result, next, true),
                SetOp::SetDiff => matching(result, next, false),
                SetOp::SymDiff => {
                    let one = matching(result.clone(), next.clone(), false);
                    let other = matching(next, result, false);
                    united(vec![one, other], span)?
                }
            };
        }
        Ok(result)
    }

    pub(super) fn exists_in(&mut self, left: &Expr, right: &Expr, retain: Option<Retain>, span: Span) -> Typed<Plan> {
        let left = self.dataset(left, "exists_in 的第 1 个参数")?;
        let right = self.dataset(right, "exists_in 的第 2 个参数")?;
        let others = right.structure.identifiers();
        let keys: Vec<String> = left.structure.identifiers().into_iter().filter(|name| others.contains(name)).collect();
        if keys.is_empty() {
            return wrong(span, "exists_in 的两个数据集没有共同的标识。");
        }
        let flagged = |has_match: bool| {
            let mut columns: Vec<(Component, Column)> = left.structure.with_role(Role::Identifier).map(take).collect();
            let truth = Component::new("bool_var", Type::Boolean, Role::Measure);
            columns.push((truth, Column::Constant(Scalar::Boolean(has_match))));
            columns.extend(left.structure.with_role(Role::ViralAttribute).map(take));
            map(by_keys(left.clone(), right.clone(), has_match, keys.clone()), columns)
        };
        match retain.unwrap_or(Retain::All) {
            Retain::True => Ok(flagged(true)),
            Retain::False => Ok(flagged(false)),
            Retain::All => united(vec![flagged(true), flagged(false)], span),
        }
    }
}

fn matching(left: Plan, right: Plan, has_match: bool) -> Plan {
    let keys = left.structure.identifiers();
    by_keys(left, right, has_match, keys)
}

fn by_keys(left: Plan, right: Plan, has_match: bool, keys: Vec<String>) -> Plan {
    let structure = left.structure.clone();
    Plan { node: Node::Match { has_match, left: Box::new(left), right: Box::new(right), keys }, structure }
}

/// The rows of all plans under one structure; integers widen to numbers.
pub(super) fn united(plans: Vec<Plan>, span: Span) -> Typed<Plan> {
    let Some(first) = plans.first() else { return wrong(span, "没有数据集。") };
    let mut components = first.structure.components.clone();
    for plan in &plans {
        let others = &plan.structure;
        if others.components.len() != components.len() {
            return differ(&first.structure, others, span);
        }
        for component in &mut components {
            let Some(other) = others.find(&component.name).filter(|other| other.role == component.role) else {
                return differ(&first.structure, others, span);
            };
            if other.kind != component.kind {
                if !(other.kind.is_numeric() && component.kind.is_numeric()) {
                    let (one, two) = (component.kind.chinese(), other.kind.chinese());
                    return wrong(span, format!("成分“{}”的类型在各数据集里不同:{one}与{two}。", component.name));
                }
                component.kind = Type::Number;
            }
            component.is_nullable |= other.is_nullable;
        }
    }
    Ok(Plan { node: Node::Union(plans), structure: Structure { components } })
}

fn differ<T>(one: &Structure, other: &Structure, span: Span) -> Typed<T> {
    let list = |structure: &Structure| {
        structure.components.iter().map(|component| component.name.as_str()).collect::<Vec<_>>().join("、")
    };
    wrong(span, format!("各数据集的结构应相同,现为({})和({})。", list(one), list(other)))
}
