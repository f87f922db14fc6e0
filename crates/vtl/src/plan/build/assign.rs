//! From steps that each have a register of their own to as few registers as possible.

use crate::plan::{Plan, Source, Step};

/// Drops the steps that no result needs, and gives registers back as soon as nothing reads them any more, so that a block
/// stays in the cache.
pub(super) fn assign(plan: &mut Plan) {
    let own = plan.steps.len();
    prune(plan);
    let mut last = last_readers(plan, own);
    let mut home: Vec<usize> = vec![0; own];
    let mut free: [Vec<usize>; 4] = Default::default();
    for (at, step) in plan.steps.iter_mut().enumerate() {
        let Step { op, out, kind } = step;
        let unused = free.get_mut(kind.family()).and_then(Vec::pop);
        let register = unused.unwrap_or_else(|| {
            let count = plan.registers.get_mut(kind.family());
            count.map_or(0, |count| {
                *count += 1;
                *count - 1
            })
        });
        for operand in op.operands_mut() {
            let Source::Register(own) = operand.source else { continue };
            let place = home.get(own).copied().unwrap_or(0);
            operand.source = Source::Register(place);
            // Freed after the result has its own register: a step never writes what it reads.
            if last.get(own) == Some(&at) {
                last.get_mut(own).into_iter().for_each(|mark| *mark = usize::MAX); // once, though read twice
                free.get_mut(operand.kind.family()).into_iter().for_each(|list| list.push(place));
            }
        }
        home.get_mut(*out).into_iter().for_each(|place| *place = register);
        *out = register;
    }
    for result in &mut plan.results {
        if let Source::Register(own) = result.source {
            result.source = Source::Register(home.get(own).copied().unwrap_or(0));
        }
    }
}

/// Only what the results are computed from.
fn prune(plan: &mut Plan) {
    let mut needed = vec![false; plan.steps.len()];
    let mut mark = |source: Source| {
        if let Source::Register(own) = source {
            needed.get_mut(own).into_iter().for_each(|place| *place = true);
        }
    };
    plan.results.iter().for_each(|result| mark(result.source));
    let mut kept = Vec::with_capacity(plan.steps.len());
    for mut step in std::mem::take(&mut plan.steps).into_iter().rev() {
        if needed.get(step.out) == Some(&true) {
            for operand in step.op.operands_mut() {
                if let Source::Register(own) = operand.source {
                    needed.get_mut(own).into_iter().for_each(|place| *place = true);
                }
            }
            kept.push(step);
        }
    }
    kept.reverse();
    plan.steps = kept;
}

/// For each register the step that reads it last; never, for results.
fn last_readers(plan: &mut Plan, own: usize) -> Vec<usize> {
    let mut last = vec![0; own];
    for (at, step) in plan.steps.iter_mut().enumerate() {
        for operand in step.op.operands_mut() {
            if let Source::Register(own) = operand.source {
                last.get_mut(own).into_iter().for_each(|place| *place = at);
            }
        }
    }
    for result in &plan.results {
        if let Source::Register(own) = result.source {
            last.get_mut(own).into_iter().for_each(|place| *place = usize::MAX);
        }
    }
    last
}
