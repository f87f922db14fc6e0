//! The order in which statements are computed: each after those that it reads, otherwise as written.

use super::typer::{Typed, wrong};
use crate::ast::{Assignment, DatasetOp, Expr, ExprKind, Script, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// The assignments, each after those that it reads. A name given twice and a circle are errors.
pub fn in_order(script: &Script) -> Typed<Vec<&Assignment>> {
    let assignments = || {
        script.statements.iter().filter_map(|statement| match statement {
            Statement::Assign(assignment) => Some(assignment),
            _ => None,
        })
    };
    let mut results = BTreeMap::new();
    for assignment in assignments() {
        if results.insert(assignment.name.as_str(), assignment).is_some() {
            return wrong(assignment.span, format!("结果“{}”被赋值两次,请改名。", assignment.name));
        }
    }
    let mut pending: Vec<(&Assignment, Reads)> =
        assignments().map(|assignment| (assignment, Reads::of(&assignment.expr, &assignment.name))).collect();
    let mut waiting: BTreeSet<String> = results.keys().map(|name| (*name).to_owned()).collect();
    let mut ordered = Vec::new();
    while !pending.is_empty() {
        let ready = |names: &BTreeSet<String>| names.is_disjoint(&waiting);
        let next = pending.iter().position(|(_, reads)| ready(&reads.surely) && ready(&reads.perhaps));
        // A name inside a clause is more likely a component than a later scalar.
        let next = next.or_else(|| pending.iter().position(|(_, reads)| ready(&reads.surely)));
        let Some(next) = next else {
            let (first, _) = pending.remove(0);
            return wrong(first.span, format!("语句互相引用成环,从“{}”开始。请改变其中一个语句。", first.name));
        };
        let (assignment, _) = pending.remove(next);
        waiting.remove(&assignment.name);
        ordered.push(assignment);
    }
    Ok(ordered)
}

/// Every name that some statement reads and none makes: the inputs, and perhaps names of components.
pub fn names_read(script: &Script) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut made = BTreeSet::new();
    for statement in &script.statements {
        match statement {
            Statement::Assign(assignment) => {
                let reads = Reads::of(&assignment.expr, "");
                names.extend(reads.surely);
                names.extend(reads.perhaps);
                made.insert(assignment.name.clone());
            }
            Statement::Operator(operator) => {
                let reads = Reads::of(&operator.body, "");
                names.extend(reads.surely);
                names.extend(reads.perhaps);
            }
            _ => {}
        }
    }
    names.retain(|name| !made.contains(name));
    names
}

#[derive(Default)]
struct Reads {
    surely: BTreeSet<String>,
    /// Names inside clauses.
    perhaps: BTreeSet<String>,
}

impl Reads {
    fn of(expr: &Expr, itself: &str) -> Reads {
        let mut reads = Reads::default();
        let mut stack = vec![(expr, false)];
        while let Some((expr, is_inside)) = stack.pop() {
            match &expr.kind {
                ExprKind::Name(name) if is_inside => {
                    reads.perhaps.insert(name.clone());
                }
                ExprKind::Name(name) => {
                    reads.surely.insert(name.clone());
                }
                ExprKind::Dataset(op) => match &**op {
                    DatasetOp::Clause(operand, clause) => {
                        stack.push((operand, is_inside));
                        stack.extend(clause.children().into_iter().map(|child| (child, true)));
                    }
                    DatasetOp::Join(join) => {
                        stack.extend(join.operands.iter().map(|operand| (&operand.expr, is_inside)));
                        let inside = join.clauses.iter().flat_map(|clause| clause.children());
                        stack.extend(inside.map(|child| (child, true)));
                    }
                    _ => stack.extend(op.children().into_iter().map(|child| (child, is_inside))),
                },
                other => stack.extend(other.children().into_iter().map(|child| (child, is_inside))),
            }
        }
        reads.perhaps.remove(itself);
        reads
    }
}
