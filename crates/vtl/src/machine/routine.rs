//! Functions of single values, row by row.

use super::{Machine, UNKNOWN};
use crate::plan::{Kind, Operand};
use crate::register::{FractionRegister, NONE, NumberRegister, State, TextRegister, bit, mark};
use crate::routine::{Cell, Routine};

pub(super) fn whole(machine: &Machine<'_>, op: &Routine, operands: &[Operand], rows: usize, out: &mut NumberRegister) {
    let (states, mut trouble) = (states(machine, operands), NONE);
    for (row, lane) in out.lanes.iter_mut().take(rows).enumerate() {
        if known(&states, row) {
            match op.whole(cells(machine, operands, row)) {
                Some(value) => *lane = value,
                None => mark(&mut trouble, row),
            }
        }
    }
    out.states.strict(&states, &trouble);
}

pub(super) fn rational(
    machine: &Machine<'_>,
    op: &Routine,
    operands: &[Operand],
    rows: usize,
    out: &mut FractionRegister,
) {
    let (states, mut trouble) = (states(machine, operands), NONE);
    for (row, (over, under)) in out.over.iter_mut().zip(out.under.iter_mut()).take(rows).enumerate() {
        if known(&states, row) {
            match op.rational(cells(machine, operands, row)) {
                Some(value) => (*over, *under) = value,
                None => mark(&mut trouble, row),
            }
        }
    }
    out.states.strict(&states, &trouble);
}

pub(super) fn written(machine: &Machine<'_>, op: &Routine, operands: &[Operand], rows: usize, out: &mut TextRegister) {
    let (states, mut trouble) = (states(machine, operands), NONE);
    out.clear();
    for row in 0..rows {
        let before = out.text.len();
        if known(&states, row) && op.written(cells(machine, operands, row), &mut out.text).is_none() {
            out.text.truncate(before);
            mark(&mut trouble, row);
        }
        out.ends.push(out.text.len());
    }
    out.states.strict(&states, &trouble);
}

fn known(states: &[State<'_>], row: usize) -> bool {
    states.iter().all(|state| bit(state.valid, row))
}

/// Three states for up to three operands; the first stands for those that there are not.
fn states<'m>(machine: &'m Machine<'_>, operands: &[Operand]) -> [State<'m>; 3] {
    std::array::from_fn(|at| {
        operands.get(at).or(operands.first()).map_or(UNKNOWN, |operand| machine.state_of(*operand))
    })
}

fn cells<'m>(machine: &'m Machine<'_>, operands: &[Operand], row: usize) -> [Cell<'m>; 3] {
    std::array::from_fn(|at| match operands.get(at) {
        Some(operand) if operand.kind == Kind::Text => Cell::Text(machine.text_of(*operand, row)),
        Some(operand) => Cell::Number(machine.fractions_of(*operand).get(row)),
        None => Cell::Number((0, 1)),
    })
}
