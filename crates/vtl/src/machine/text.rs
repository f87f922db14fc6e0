//! Kernels over texts. Positions and lengths count characters, not bytes.

use super::Machine;
use super::fraction::holds;
use super::number::truth_of;
use crate::ast::Comparison;
use crate::graph::TextOp;
use crate::limits::TEXT_BYTES_MAX;
use crate::plan::Operand;
use crate::register::{Mask, NONE, NumberRegister, State, TextRegister, TruthRegister, TruthView, bit, mark};

pub(super) fn compare(
    machine: &Machine<'_>,
    op: Comparison,
    a: Operand,
    b: Operand,
    rows: usize,
    out: &mut TruthRegister,
) {
    let mut yes = NONE;
    for row in 0..rows {
        if holds(op, machine.text_of(a, row).cmp(machine.text_of(b, row))) {
            mark(&mut yes, row);
        }
    }
    truth_of(&yes, machine.state_of(a), machine.state_of(b), out);
}

/// A yes-or-no question to each text.
pub(super) fn test(
    machine: &Machine<'_>,
    a: Operand,
    rows: usize,
    out: &mut TruthRegister,
    answer: impl Fn(&str) -> bool,
) {
    let state = machine.state_of(a);
    let mut yes = NONE;
    for row in 0..rows {
        if bit(state.valid, row) && answer(machine.text_of(a, row)) {
            mark(&mut yes, row);
        }
    }
    truth_of(&yes, state, state, out);
}

pub(super) fn length(machine: &Machine<'_>, a: Operand, rows: usize, out: &mut NumberRegister) {
    for (row, lane) in out.lanes.iter_mut().take(rows).enumerate() {
        *lane = count(machine.text_of(a, row));
    }
    out.states.strict(&[machine.state_of(a)], &NONE);
}

fn count(text: &str) -> i128 {
    i128::try_from(text.chars().count()).unwrap_or(i128::MAX)
}

/// `instr`: where the given occurrence begins, from 1; 0 if there is none. Start and occurrence below 1 are broken.
pub(super) fn position(machine: &Machine<'_>, operands: [Operand; 4], rows: usize, out: &mut NumberRegister) {
    let [text, pattern, start, occurrence] = operands;
    let (starts, occurrences) = (machine.numbers_of(start).lanes, machine.numbers_of(occurrence).lanes);
    let mut trouble = NONE;
    for (row, lane) in out.lanes.iter_mut().take(rows).enumerate() {
        match (from_zero(starts.get(row)), from_zero(occurrences.get(row))) {
            (Some(skip), Some(earlier)) => {
                let text = machine.text_of(text, row);
                let from = byte_of(text, skip);
                let rest = text.get(from..).unwrap_or("");
                let found = rest.match_indices(machine.text_of(pattern, row)).nth(earlier);
                *lane = found.map_or(0, |(at, _)| count(text.get(..from + at).unwrap_or("")) + 1);
            }
            _ => mark(&mut trouble, row),
        }
    }
    let states = operands.map(|operand| machine.state_of(operand));
    out.states.strict(&states, &trouble);
}

/// A place counted from 1 as one counted from 0.
fn from_zero(place: i128) -> Option<usize> {
    usize::try_from(place.checked_sub(1)?).ok()
}

/// The byte where the character number `skip` (from 0) begins; the end if there are fewer.
fn byte_of(text: &str, skip: usize) -> usize {
    text.char_indices().nth(skip).map_or(text.len(), |(at, _)| at)
}

/// Operators that make a text from texts.
pub(super) fn operate(machine: &Machine<'_>, op: TextOp, operands: &[Operand], rows: usize, out: &mut TextRegister) {
    let mut trouble = NONE;
    out.clear();
    for row in 0..rows {
        let before = out.text.len();
        let fits = operands.iter().all(|operand| bit(machine.state_of(*operand).valid, row));
        if fits && append(machine, op, operands, row, &mut out.text).is_none() {
            out.text.truncate(before);
            mark(&mut trouble, row);
        }
        out.ends.push(out.text.len());
    }
    let states: [State<'_>; 3] = std::array::from_fn(|at| {
        operands.get(at).or(operands.first()).map_or(super::UNKNOWN, |operand| machine.state_of(*operand))
    });
    out.states.strict(&states, &trouble);
}

/// Appends the text of one row; `None` if it cannot be made or would be too long.
fn append(machine: &Machine<'_>, op: TextOp, operands: &[Operand], row: usize, out: &mut String) -> Option<()> {
    let text = |at: usize| operands.get(at).map(|operand| machine.text_of(*operand, row));
    let number = |at: usize| operands.get(at).map(|operand| machine.numbers_of(*operand).lanes.get(row));
    let first = text(0)?;
    let blank = [' ', '\t', '\r', '\n', '\u{3000}'];
    match op {
        TextOp::Concat => {
            let second = text(1)?;
            if first.len() + second.len() > TEXT_BYTES_MAX {
                return None;
            }
            out.push_str(first);
            out.push_str(second);
        }
        TextOp::Upper => out.extend(first.chars().flat_map(char::to_uppercase)),
        TextOp::Lower => out.extend(first.chars().flat_map(char::to_lowercase)),
        TextOp::Trim => out.push_str(first.trim_matches(blank)),
        TextOp::TrimLeft => out.push_str(first.trim_start_matches(blank)),
        TextOp::TrimRight => out.push_str(first.trim_end_matches(blank)),
        TextOp::Part => {
            let skip = from_zero(number(1)?)?;
            let keep = usize::try_from(number(2)?).ok()?;
            let rest = first.get(byte_of(first, skip)..)?;
            out.push_str(rest.get(..byte_of(rest, keep))?);
        }
        TextOp::Replace => replace(first, text(1)?, text(2)?, out)?,
    }
    Some(())
}

/// Every occurrence of a non-empty pattern; an empty pattern changes nothing.
fn replace(text: &str, pattern: &str, by: &str, out: &mut String) -> Option<()> {
    if pattern.is_empty() {
        out.push_str(text);
        return Some(());
    }
    let start = out.len();
    for (at, piece) in text.split(pattern).enumerate() {
        if at > 0 {
            out.push_str(by);
        }
        out.push_str(piece);
        if out.len() - start > TEXT_BYTES_MAX {
            return None;
        }
    }
    Some(())
}

pub(super) fn choose(
    machine: &Machine<'_>,
    condition: TruthView<'_>,
    a: Operand,
    b: Operand,
    rows: usize,
    out: &mut TextRegister,
) {
    pick(machine, condition.yes, a, b, rows, out);
    out.states.chosen(condition, machine.state_of(a), machine.state_of(b));
}

pub(super) fn nvl(machine: &Machine<'_>, a: Operand, b: Operand, rows: usize, out: &mut TextRegister) {
    pick(machine, machine.state_of(a).valid, a, b, rows, out);
    out.states.filled(machine.state_of(a), machine.state_of(b));
}

/// The first text where the bit is set, else the second.
fn pick(machine: &Machine<'_>, first: &Mask, a: Operand, b: Operand, rows: usize, out: &mut TextRegister) {
    out.clear();
    for row in 0..rows {
        out.text.push_str(machine.text_of(if bit(first, row) { a } else { b }, row));
        out.ends.push(out.text.len());
    }
}
