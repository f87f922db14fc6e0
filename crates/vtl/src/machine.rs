//! Runs a plan over rows, block by block. All scratch space is in [`Registers`], which are used again and again.
//!
//! The kernels are in `machine::{fast, number, fraction, truth, text, routine}`; each reads views and writes one register.
//! Numbers run in `fast` where the bounds of the block allow it, otherwise in 128 bits; which of the two is decided anew for each
//! step of each block.

mod fast;
mod fraction;
mod number;
mod routine;
mod text;
mod truth;

use crate::column::{Block, Column, Misfit, Values};
use crate::exact::ten_to;
use crate::limits::BLOCK_ROWS;
use crate::plan::{Kind, Op, Operand, Plan, Source, Step};
use crate::register::{
    ALL, FractionRegister, FractionView, Lanes, NONE, NumberRegister, NumberView, State, TextRegister, TruthRegister,
    TruthView,
};
use std::ops::Range;
use std::sync::Arc;

/// Scratch space: blocks of columns, registers, and room for numbers on their way from fast to wide lanes.
#[derive(Debug, Default)]
pub(crate) struct Registers {
    blocks: Vec<Block>,
    numbers: Vec<NumberRegister>,
    fractions: Vec<FractionRegister>,
    truths: Vec<TruthRegister>,
    texts: Vec<TextRegister>,
    spare: [Vec<i128>; 2],
}

impl Registers {
    /// Room for a plan and its columns; what is there already stays.
    fn ready(&mut self, plan: &Plan, columns: usize) {
        fn at_least<T: Clone + Default>(list: &mut Vec<T>, length: usize) {
            list.resize(list.len().max(length), T::default());
        }
        let [numbers, fractions, truths, texts] = plan.registers;
        at_least(&mut self.blocks, columns);
        at_least(&mut self.numbers, numbers);
        at_least(&mut self.fractions, fractions);
        at_least(&mut self.truths, truths);
        at_least(&mut self.texts, texts);
    }
}

/// Columns and registers of the block at hand.
pub(crate) struct Machine<'a> {
    plan: Arc<Plan>,
    columns: Vec<Column<'a>>,
    registers: Registers,
    start: usize,
    rows: usize,
    /// The rows, rounded up to whole words.
    lanes: usize,
}

const UNKNOWN: State<'static> = State { valid: &NONE, broken: &NONE };
const KNOWN: State<'static> = State { valid: &ALL, broken: &NONE };

/// How a run ended.
pub(crate) enum End {
    /// With the last row.
    Done,
    /// At the block that starts at this row: the columns need more decimal places, and now have them, but need a new plan.
    Replan(usize),
    /// A floating-point value in this column and row cannot be taken.
    Refused(usize, usize),
}

impl<'a> Machine<'a> {
    /// A machine for these columns.
    pub fn new(plan: Arc<Plan>, columns: Vec<Column<'a>>, mut registers: Registers) -> Machine<'a> {
        registers.ready(&plan, columns.len());
        Machine { plan, columns, registers, start: 0, rows: 0, lanes: 0 }
    }

    /// Columns and registers, to be used again.
    pub fn parts(self) -> (Vec<Column<'a>>, Registers) {
        (self.columns, self.registers)
    }

    /// Computes every block and hands the machine to `each` after it, with the row where it starts and the number of rows.
    pub fn run(&mut self, rows: Range<usize>, mut each: impl FnMut(&Machine<'a>, usize, usize)) -> End {
        let plan = Arc::clone(&self.plan);
        for start in rows.clone().step_by(BLOCK_ROWS) {
            self.start = start;
            self.rows = BLOCK_ROWS.min(rows.end - start);
            self.lanes = self.rows.next_multiple_of(64);
            if let Some(end) = self.load() {
                return end;
            }
            for step in &plan.steps {
                self.step(step);
            }
            each(self, start, self.rows);
        }
        End::Done
    }

    /// Loads every column of the block; an end if one cannot be loaded.
    fn load(&mut self) -> Option<End> {
        let mut end = None;
        for (at, (block, column)) in self.registers.blocks.iter_mut().zip(&mut self.columns).enumerate() {
            match block.load(column, self.start, self.rows) {
                Ok(()) => {}
                Err(Misfit::Row(row)) => return Some(End::Refused(at, row)),
                Err(Misfit::Places(places)) => {
                    if let Values::Float(_, scale) = &mut column.values {
                        *scale = places;
                    }
                    end = Some(End::Replan(self.start));
                }
            }
        }
        end
    }

    /// Takes the result's register out, so that the operands can be read beside it.
    fn step(&mut self, step: &Step) {
        match step.kind {
            Kind::Number(_) => {
                let mut out = take(&mut self.registers.numbers, step.out);
                out.ready(self.lanes);
                if !self.fast_number(&step.op, &mut out) {
                    out.widen(self.lanes);
                    let mut spare = std::mem::take(&mut self.registers.spare);
                    self.number(&step.op, &mut spare, &mut out);
                    self.registers.spare = spare;
                    if step.op.makes_small() {
                        out.narrow();
                    }
                }
                put(&mut self.registers.numbers, step.out, out);
            }
            Kind::Fraction => {
                let mut out = take(&mut self.registers.fractions, step.out);
                out.ready(self.lanes);
                self.fraction(&step.op, &mut out);
                put(&mut self.registers.fractions, step.out, out);
            }
            Kind::Truth => {
                let mut out = take(&mut self.registers.truths, step.out);
                if !self.fast_truth(&step.op, &mut out) {
                    let mut spare = std::mem::take(&mut self.registers.spare);
                    self.truth(&step.op, &mut spare, &mut out);
                    self.registers.spare = spare;
                }
                put(&mut self.registers.truths, step.out, out);
            }
            Kind::Text => {
                let mut out = take(&mut self.registers.texts, step.out);
                self.text(&step.op, &mut out);
                put(&mut self.registers.texts, step.out, out);
            }
        }
    }

    /// The digits of a number operand.
    pub fn numbers_of(&self, operand: Operand) -> NumberView<'_> {
        let unknown = NumberView { lanes: Lanes::One(0), state: UNKNOWN };
        match operand.source {
            Source::Null => unknown,
            Source::Constant(digits) => NumberView { lanes: Lanes::One(digits), state: KNOWN },
            Source::Column(at) => self.column_numbers(at).unwrap_or(unknown),
            Source::Register(at) => self.registers.numbers.get(at).map_or(unknown, NumberRegister::view),
        }
    }

    fn column_numbers(&self, at: usize) -> Option<NumberView<'_>> {
        let (block, column) = (self.registers.blocks.get(at)?, self.columns.get(at)?);
        Some(block.numbers(column, self.start, self.rows))
    }

    /// A number or fraction operand as a fraction.
    pub fn fractions_of(&self, operand: Operand) -> FractionView<'_> {
        let (scale, register) = match (operand.kind, operand.source) {
            (Kind::Fraction, Source::Register(at)) => (0, self.registers.fractions.get(at)),
            (Kind::Number(scale), _) => (scale, None),
            _ => (0, None),
        };
        if let Some(register) = register {
            return register.view();
        }
        let NumberView { lanes, state } = self.numbers_of(operand);
        FractionView { over: lanes, under: Lanes::One(ten_to(scale).unwrap_or(1)), state }
    }

    /// A truth operand.
    pub fn truths_of(&self, operand: Operand) -> TruthView<'_> {
        let unknown = TruthView { yes: &NONE, no: &NONE, broken: &NONE };
        match operand.source {
            Source::Null => unknown,
            Source::Constant(0) => TruthView { yes: &NONE, no: &ALL, broken: &NONE },
            Source::Constant(_) => TruthView { yes: &ALL, no: &NONE, broken: &NONE },
            Source::Column(at) => self.registers.blocks.get(at).map_or(unknown, |block| block.truth.view()),
            Source::Register(at) => self.registers.truths.get(at).map_or(unknown, TruthRegister::view),
        }
    }

    /// The text of a text operand in one row.
    pub fn text_of(&self, operand: Operand, row: usize) -> &str {
        match operand.source {
            Source::Null => "",
            Source::Constant(at) => {
                usize::try_from(at).ok().and_then(|at| self.plan.texts.get(at)).map_or("", String::as_str)
            }
            Source::Column(at) => self.columns.get(at).map_or("", |column| column.text(self.start + row)),
            Source::Register(at) => self.registers.texts.get(at).map_or("", |register| register.get(row)),
        }
    }

    /// Which rows of an operand hold values. (Truth values keep their state in their own masks.)
    pub fn state_of(&self, operand: Operand) -> State<'_> {
        match (operand.source, operand.kind) {
            (Source::Null, _) | (Source::Register(_), Kind::Truth) => UNKNOWN,
            (Source::Constant(_), _) => KNOWN,
            (Source::Column(at), _) => self.registers.blocks.get(at).map_or(UNKNOWN, Block::state),
            (Source::Register(at), Kind::Number(_)) => {
                self.registers.numbers.get(at).map_or(UNKNOWN, |r| r.states.view())
            }
            (Source::Register(at), Kind::Fraction) => {
                self.registers.fractions.get(at).map_or(UNKNOWN, |r| r.states.view())
            }
            (Source::Register(at), Kind::Text) => self.registers.texts.get(at).map_or(UNKNOWN, |r| r.states.view()),
        }
    }

    /// Numbers in fast lanes; false if that step is not known there or would not be exact.
    fn fast_number(&self, op: &Op, out: &mut NumberRegister) -> bool {
        let numbers = |operand: &Operand| self.numbers_of(*operand);
        match op {
            Op::Scale(a, factor) => fast::scale(numbers(a), *factor, out),
            Op::Arithmetic(op, a, b) => fast::arithmetic(*op, numbers(a), numbers(b), out),
            Op::Negate(a) => fast::negate(numbers(a), out),
            Op::Absolute(a) => fast::absolute(numbers(a), out),
            Op::RoundNumber(a, mode, down, up) => fast::round(numbers(a), *mode, *down, *up, out),
            Op::Choose(c, a, b) => fast::choose(self.truths_of(*c), numbers(a), numbers(b), out),
            Op::Nvl(a, b) => fast::nvl(numbers(a), numbers(b), out),
            _ => false,
        }
    }

    fn number(&self, op: &Op, [one, two]: &mut [Vec<i128>; 2], out: &mut NumberRegister) {
        match op {
            Op::Scale(a, factor) => number::scale(self.numbers_of(*a).wide(one), *factor, out),
            Op::Arithmetic(op, a, b) => {
                number::arithmetic(*op, self.numbers_of(*a).wide(one), self.numbers_of(*b).wide(two), out);
            }
            Op::Negate(a) => number::negate(self.numbers_of(*a).wide(one), out),
            Op::Absolute(a) => number::absolute(self.numbers_of(*a).wide(one), out),
            Op::RoundNumber(a, mode, down, up) => number::round(self.numbers_of(*a).wide(one), *mode, *down, *up, out),
            Op::RoundFraction(a, mode, digits) => {
                fraction::round(self.fractions_of(*a), *mode, *digits, self.rows, out);
            }
            Op::Choose(c, a, b) => {
                let (a, b) = (self.numbers_of(*a).wide(one), self.numbers_of(*b).wide(two));
                number::choose(self.truths_of(*c), a, b, out);
            }
            Op::Nvl(a, b) => number::nvl(self.numbers_of(*a).wide(one), self.numbers_of(*b).wide(two), out),
            Op::Length(a) => text::length(self, *a, self.rows, out),
            Op::Position(text, pattern, start, nth) => {
                text::position(self, [*text, *pattern, *start, *nth], self.rows, out);
            }
            Op::Routine(op, operands) => routine::whole(self, op, operands, self.rows, out),
            _ => out.states.strict(&[UNKNOWN], &NONE),
        }
    }

    fn fraction(&self, op: &Op, out: &mut FractionRegister) {
        match op {
            Op::FractionArithmetic(op, a, b) => {
                fraction::arithmetic(*op, self.fractions_of(*a), self.fractions_of(*b), self.rows, out);
            }
            Op::Negate(a) => fraction::negate(self.fractions_of(*a), self.rows, out),
            Op::Absolute(a) => fraction::absolute(self.fractions_of(*a), self.rows, out),
            Op::Choose(c, a, b) => {
                fraction::choose(self.truths_of(*c), self.fractions_of(*a), self.fractions_of(*b), self.rows, out);
            }
            Op::Nvl(a, b) => fraction::nvl(self.fractions_of(*a), self.fractions_of(*b), self.rows, out),
            Op::Routine(op, operands) => routine::rational(self, op, operands, self.rows, out),
            _ => out.states.strict(&[UNKNOWN], &NONE),
        }
    }

    /// Comparisons of numbers in fast lanes; false if that step is not one or would not be exact.
    fn fast_truth(&self, op: &Op, out: &mut TruthRegister) -> bool {
        let words = self.lanes / 64;
        let numbers = |operand: &Operand| self.numbers_of(*operand);
        match op {
            Op::CompareNumbers(op, a, b) => fast::compare(*op, (numbers(a), 1.0), (numbers(b), 1.0), words, out),
            Op::CompareFractions(op, a, b) => match (a.kind, b.kind) {
                (Kind::Number(one), Kind::Number(other)) => {
                    fast::compare_scaled(*op, (numbers(a), one), (numbers(b), other), words, out)
                }
                _ => false,
            },
            Op::Within(a, low, high) => fast::within(numbers(a), *low, *high, words, out),
            Op::CompareQuotient(op, over, under, other) => {
                let quotient = fast::Quotient { over: self.scaled(*over), under: self.scaled(*under) };
                fast::compare_quotient(*op, quotient, self.scaled(*other), words, out)
            }
            Op::WithinQuotient(over, under, low, high, scale) => {
                let quotient = fast::Quotient { over: self.scaled(*over), under: self.scaled(*under) };
                fast::within_quotient(quotient, (*low, *high, *scale), words, out)
            }
            Op::MemberNumber(a, set) => fast::member(numbers(a), set, words, out),
            _ => false,
        }
    }

    /// A number with its scale.
    fn scaled(&self, operand: Operand) -> (NumberView<'_>, u8) {
        let scale = if let Kind::Number(scale) = operand.kind { scale } else { 0 };
        (self.numbers_of(operand), scale)
    }

    fn truth(&self, op: &Op, [one, two]: &mut [Vec<i128>; 2], out: &mut TruthRegister) {
        match op {
            Op::CompareNumbers(op, a, b) => {
                number::compare(*op, self.numbers_of(*a).wide(one), self.numbers_of(*b).wide(two), out);
            }
            Op::Within(a, low, high) => number::within(self.numbers_of(*a).wide(one), *low, *high, out),
            Op::CompareQuotient(op, over, under, other) => {
                let quotient = (self.fractions_of(*over), self.fractions_of(*under));
                fraction::compare_quotient(*op, quotient, self.fractions_of(*other), self.rows, out);
            }
            Op::WithinQuotient(over, under, low, high, scale) => {
                let quotient = (self.fractions_of(*over), self.fractions_of(*under));
                fraction::within_quotient(quotient, (*low, *high, *scale), self.rows, out);
            }
            Op::CompareFractions(op, a, b) => {
                fraction::compare(*op, self.fractions_of(*a), self.fractions_of(*b), self.rows, out);
            }
            Op::CompareTexts(op, a, b) => text::compare(self, *op, *a, *b, self.rows, out),
            Op::CompareTruths(op, a, b) => truth::compare(*op, self.truths_of(*a), self.truths_of(*b), out),
            Op::MemberNumber(a, set) => number::member(self.numbers_of(*a).wide(one), set, out),
            Op::MemberFraction(a, set) => fraction::member(self.fractions_of(*a), set, self.rows, out),
            Op::MemberText(a, set) => text::test(self, *a, self.rows, out, |text| {
                set.binary_search_by(|item| item.as_str().cmp(text)).is_ok()
            }),
            Op::Matches(a, regex) => text::test(self, *a, self.rows, out, |text| regex.is_match(text)),
            Op::IsNull(a) if a.kind == Kind::Truth => truth::is_null(self.truths_of(*a), out),
            Op::IsNull(a) => truth::is_missing(self.state_of(*a), out),
            Op::Not(a) => truth::not(self.truths_of(*a), out),
            Op::And(a, b) => truth::and(self.truths_of(*a), self.truths_of(*b), out),
            Op::Or(a, b) => truth::or(self.truths_of(*a), self.truths_of(*b), out),
            Op::Xor(a, b) => truth::xor(self.truths_of(*a), self.truths_of(*b), out),
            Op::Choose(c, a, b) => truth::choose(self.truths_of(*c), self.truths_of(*a), self.truths_of(*b), out),
            Op::Nvl(a, b) => truth::nvl(self.truths_of(*a), self.truths_of(*b), out),
            _ => *out = TruthRegister::default(),
        }
    }

    fn text(&self, op: &Op, out: &mut TextRegister) {
        match op {
            Op::Text(op, operands) => text::operate(self, *op, operands, self.rows, out),
            Op::Choose(c, a, b) => text::choose(self, self.truths_of(*c), *a, *b, self.rows, out),
            Op::Nvl(a, b) => text::nvl(self, *a, *b, self.rows, out),
            Op::Routine(op, operands) => routine::written(self, op, operands, self.rows, out),
            _ => {
                out.clear();
                out.states.strict(&[UNKNOWN], &NONE);
            }
        }
    }
}

fn take<T: Default>(registers: &mut [T], at: usize) -> T {
    registers.get_mut(at).map(std::mem::take).unwrap_or_default()
}

fn put<T>(registers: &mut [T], at: usize, register: T) {
    if let Some(place) = registers.get_mut(at) {
        *place = register;
    }
}
