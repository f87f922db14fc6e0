//! Runs a plan over a batch, block by block. All scratch space is allocated once for each batch.
//!
//! The kernels are in `machine::{number, fraction, truth, text, routine}`; each reads views and writes one register.

mod fraction;
mod number;
mod routine;
mod text;
mod truth;

use crate::column::{Column, ColumnBlock};
use crate::exact::ten_to;
use crate::limits::BLOCK_ROWS;
use crate::plan::{Kind, Op, Operand, Plan, Source, Step};
use crate::register::{
    ALL, FractionRegister, FractionView, Lanes, NONE, NumberRegister, NumberView, State, TextRegister, TruthRegister,
    TruthView,
};
use crate::routine::Routine;

/// Columns and registers of the block at hand.
pub(crate) struct Machine<'a> {
    plan: &'a Plan<'a>,
    columns: Vec<ColumnBlock<'a>>,
    numbers: Vec<NumberRegister>,
    fractions: Vec<FractionRegister>,
    truths: Vec<TruthRegister>,
    texts: Vec<TextRegister>,
    rows: usize,
    total: usize,
}

const UNKNOWN: State<'static> = State { valid: &NONE, broken: &NONE };
const KNOWN: State<'static> = State { valid: &ALL, broken: &NONE };

impl<'a> Machine<'a> {
    /// A machine for `total` rows.
    pub fn new(plan: &'a Plan<'a>, columns: Vec<Column<'a>>, total: usize) -> Machine<'a> {
        let [numbers, fractions, truths, texts] = plan.registers;
        let mut machine = Machine {
            plan,
            columns: columns.into_iter().map(ColumnBlock::new).collect(),
            numbers: vec![NumberRegister::default(); numbers],
            fractions: vec![FractionRegister::default(); fractions],
            truths: vec![TruthRegister::default(); truths],
            texts: vec![TextRegister::default(); texts],
            rows: 0,
            total,
        };
        let lanes = BLOCK_ROWS.min(total); // one record needs no full block
        machine.numbers.iter_mut().for_each(|register| register.ready(lanes));
        machine.fractions.iter_mut().for_each(|register| register.ready(lanes));
        machine
    }

    /// Computes every block and hands the machine to `each` after it, with the number of rows.
    pub fn run(&mut self, mut each: impl FnMut(&Machine<'a>, usize)) {
        for start in (0..self.total).step_by(BLOCK_ROWS) {
            self.rows = BLOCK_ROWS.min(self.total - start);
            for column in &mut self.columns {
                column.load(start, self.rows);
            }
            let plan = self.plan;
            for step in &plan.steps {
                self.step(step);
            }
            each(self, self.rows);
        }
    }

    /// Takes the result's register out, so that the operands can be read beside it.
    fn step(&mut self, step: &Step<'a>) {
        match step.kind {
            Kind::Number(_) => {
                let mut out = self.numbers.get_mut(step.out).map(std::mem::take).unwrap_or_default();
                self.number(&step.op, &mut out);
                put(&mut self.numbers, step.out, out);
            }
            Kind::Fraction => {
                let mut out = self.fractions.get_mut(step.out).map(std::mem::take).unwrap_or_default();
                self.fraction(&step.op, &mut out);
                put(&mut self.fractions, step.out, out);
            }
            Kind::Truth => {
                let mut out = self.truths.get_mut(step.out).map(std::mem::take).unwrap_or_default();
                self.truth(&step.op, &mut out);
                put(&mut self.truths, step.out, out);
            }
            Kind::Text => {
                let mut out = self.texts.get_mut(step.out).map(std::mem::take).unwrap_or_default();
                self.text(&step.op, &mut out);
                put(&mut self.texts, step.out, out);
            }
        }
    }

    /// The digits of a number operand.
    pub fn numbers_of(&self, operand: Operand) -> NumberView<'_> {
        let unknown = NumberView { lanes: Lanes::One(0), state: UNKNOWN };
        match operand.source {
            Source::Null => unknown,
            Source::Constant(digits) => NumberView { lanes: Lanes::One(digits), state: KNOWN },
            Source::Column(at) => self.columns.get(at).map_or(unknown, ColumnBlock::numbers),
            Source::Register(at) => self.numbers.get(at).map_or(unknown, NumberRegister::view),
        }
    }

    /// A number or fraction operand as a fraction.
    pub fn fractions_of(&self, operand: Operand) -> FractionView<'_> {
        let (scale, register) = match (operand.kind, operand.source) {
            (Kind::Fraction, Source::Register(at)) => (0, self.fractions.get(at)),
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
            Source::Column(at) => self.columns.get(at).map_or(unknown, |block| block.truth.view()),
            Source::Register(at) => self.truths.get(at).map_or(unknown, TruthRegister::view),
        }
    }

    /// The text of a text operand in one row.
    pub fn text_of(&self, operand: Operand, row: usize) -> &str {
        match operand.source {
            Source::Null => "",
            Source::Constant(at) => {
                usize::try_from(at).ok().and_then(|at| self.plan.texts.get(at)).copied().unwrap_or("")
            }
            Source::Column(at) => self.columns.get(at).map_or("", |block| block.text(row)),
            Source::Register(at) => self.texts.get(at).map_or("", |register| register.get(row)),
        }
    }

    /// Which rows of an operand hold values. (Truth values keep their state in their own masks.)
    pub fn state_of(&self, operand: Operand) -> State<'_> {
        match (operand.source, operand.kind) {
            (Source::Null, _) | (Source::Register(_), Kind::Truth) => UNKNOWN,
            (Source::Constant(_), _) => KNOWN,
            (Source::Column(at), _) => self.columns.get(at).map_or(UNKNOWN, ColumnBlock::state),
            (Source::Register(at), Kind::Number(_)) => self.numbers.get(at).map_or(UNKNOWN, |r| r.states.view()),
            (Source::Register(at), Kind::Fraction) => self.fractions.get(at).map_or(UNKNOWN, |r| r.states.view()),
            (Source::Register(at), Kind::Text) => self.texts.get(at).map_or(UNKNOWN, |r| r.states.view()),
        }
    }

    fn number(&self, op: &Op<'_>, out: &mut NumberRegister) {
        match op {
            Op::Scale(a, factor) => number::scale(self.numbers_of(*a), *factor, out),
            Op::Arithmetic(op, a, b) => number::arithmetic(*op, self.numbers_of(*a), self.numbers_of(*b), out),
            Op::Negate(a) => number::negate(self.numbers_of(*a), out),
            Op::Absolute(a) => number::absolute(self.numbers_of(*a), out),
            Op::RoundNumber(a, mode, down, up) => number::round(self.numbers_of(*a), *mode, *down, *up, out),
            Op::RoundFraction(a, mode, digits) => {
                fraction::round(self.fractions_of(*a), *mode, *digits, self.rows, out);
            }
            Op::Choose(c, a, b) => number::choose(self.truths_of(*c), self.numbers_of(*a), self.numbers_of(*b), out),
            Op::Nvl(a, b) => number::nvl(self.numbers_of(*a), self.numbers_of(*b), out),
            Op::Length(a) => text::length(self, *a, self.rows, out),
            Op::Position(a, b, c, d) => text::position(self, [*a, *b, *c, *d], self.rows, out),
            Op::Routine(Routine::Whole(op), operands) => routine::whole(self, op, operands, self.rows, out),
            _ => out.states.strict(&[UNKNOWN], &NONE),
        }
    }

    fn fraction(&self, op: &Op<'_>, out: &mut FractionRegister) {
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
            Op::Routine(Routine::Rational(op), operands) => routine::rational(self, op, operands, self.rows, out),
            _ => out.states.strict(&[UNKNOWN], &NONE),
        }
    }

    fn truth(&self, op: &Op<'_>, out: &mut TruthRegister) {
        match op {
            Op::CompareNumbers(op, a, b) => number::compare(*op, self.numbers_of(*a), self.numbers_of(*b), out),
            Op::CompareFractions(op, a, b) => {
                fraction::compare(*op, self.fractions_of(*a), self.fractions_of(*b), self.rows, out);
            }
            Op::CompareTexts(op, a, b) => text::compare(self, *op, *a, *b, self.rows, out),
            Op::CompareTruths(op, a, b) => truth::compare(*op, self.truths_of(*a), self.truths_of(*b), out),
            Op::MemberNumber(a, set) => number::member(self.numbers_of(*a), set, out),
            Op::MemberFraction(a, set) => fraction::member(self.fractions_of(*a), set, self.rows, out),
            Op::MemberText(a, set) => text::test(self, *a, self.rows, out, |text| set.binary_search(&text).is_ok()),
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

    fn text(&self, op: &Op<'_>, out: &mut TextRegister) {
        match op {
            Op::Text(op, operands) => text::operate(self, *op, operands, self.rows, out),
            Op::Choose(c, a, b) => text::choose(self, self.truths_of(*c), *a, *b, self.rows, out),
            Op::Nvl(a, b) => text::nvl(self, *a, *b, self.rows, out),
            Op::Routine(Routine::Written(op), operands) => routine::written(self, op, operands, self.rows, out),
            _ => {
                out.clear();
                out.states.strict(&[UNKNOWN], &NONE);
            }
        }
    }
}

fn put<T>(registers: &mut [T], at: usize, register: T) {
    if let Some(place) = registers.get_mut(at) {
        *place = register;
    }
}
