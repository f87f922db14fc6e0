//! The flat program for one kind of batch: typed registers with static scales, in the order of computation.
//!
//! Planned for the shapes of the columns, because only they know their scales; the engine keeps the plans that it made.

mod build;

use crate::ast::Comparison;
use crate::exact::Fraction;
use crate::graph::{Arithmetic, Rounding, TextOp};
use crate::routine::Routine;
use regex::Regex;
use std::sync::Arc;

pub(crate) use build::{plan, shortest};

/// The family of a value; each has its own registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Digits with this many decimal places; dates are days with none.
    Number(u8),
    Fraction,
    Truth,
    Text,
}

/// Where an operand comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    Null,
    /// A constant: digits; 0 or 1; the number of a text.
    Constant(i128),
    /// The number of a bound column.
    Column(usize),
    /// The number of a register of the family.
    Register(usize),
}

/// An operand with its family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Operand {
    pub source: Source,
    pub kind: Kind,
}

/// One operation on whole blocks.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// Digits times a power of ten.
    Scale(Operand, i128),
    /// Two numbers; of one scale except for products.
    Arithmetic(Arithmetic, Operand, Operand),
    FractionArithmetic(Arithmetic, Operand, Operand),
    Negate(Operand),
    Absolute(Operand),
    /// A number that loses its last digits: divided by the first power of ten, then multiplied by the second.
    RoundNumber(Operand, Rounding, i128, i128),
    RoundFraction(Operand, Rounding, i8),
    /// Numbers of one scale.
    CompareNumbers(Comparison, Operand, Operand),
    CompareFractions(Comparison, Operand, Operand),
    CompareTexts(Comparison, Operand, Operand),
    CompareTruths(Comparison, Operand, Operand),
    /// Between two constants of the number's scale, both included.
    Within(Operand, i128, i128),
    /// The first divided by the second, compared with the third. The quotient itself is not computed.
    CompareQuotient(Comparison, Operand, Operand, Operand),
    /// The first divided by the second, between two constants of this scale, both included.
    WithinQuotient(Operand, Operand, i128, i128, u8),
    MemberNumber(Operand, Vec<i128>),
    MemberFraction(Operand, Vec<Fraction>),
    MemberText(Operand, Vec<String>),
    Matches(Operand, Arc<Regex>),
    IsNull(Operand),
    Not(Operand),
    And(Operand, Operand),
    Or(Operand, Operand),
    Xor(Operand, Operand),
    Choose(Operand, Operand, Operand),
    Nvl(Operand, Operand),
    Length(Operand),
    Position(Operand, Operand, Operand, Operand),
    Text(TextOp, Vec<Operand>),
    Routine(Box<Routine>, Vec<Operand>),
}

/// An operation and the register that takes the result.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub op: Op,
    pub out: usize,
    pub kind: Kind,
}

/// Everything the machine needs.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub steps: Vec<Step>,
    pub texts: Vec<String>,
    /// Where the results of the asked nodes stand, in the order of asking.
    pub results: Vec<Operand>,
    /// Registers of numbers, fractions, truth values and texts.
    pub registers: [usize; 4],
}

impl Kind {
    /// Which of the four groups of registers.
    pub fn family(self) -> usize {
        match self {
            Kind::Number(_) => 0,
            Kind::Fraction => 1,
            Kind::Truth => 2,
            Kind::Text => 3,
        }
    }
}

impl Op {
    /// Numbers that are often small although they were computed in 128 bits.
    pub fn makes_small(&self) -> bool {
        matches!(
            self,
            Op::RoundNumber(..)
                | Op::RoundFraction(..)
                | Op::Arithmetic(Arithmetic::Modulo, ..)
                | Op::Length(..)
                | Op::Position(..)
        )
    }

    /// All operands, to be renumbered.
    pub fn operands_mut(&mut self) -> Vec<&mut Operand> {
        match self {
            Op::Scale(a, _)
            | Op::Negate(a)
            | Op::Absolute(a)
            | Op::RoundNumber(a, ..)
            | Op::RoundFraction(a, ..)
            | Op::Within(a, ..)
            | Op::MemberNumber(a, _)
            | Op::MemberFraction(a, _)
            | Op::MemberText(a, _)
            | Op::Matches(a, _)
            | Op::IsNull(a)
            | Op::Not(a)
            | Op::Length(a) => vec![a],
            Op::Arithmetic(_, a, b)
            | Op::FractionArithmetic(_, a, b)
            | Op::CompareNumbers(_, a, b)
            | Op::CompareFractions(_, a, b)
            | Op::CompareTexts(_, a, b)
            | Op::CompareTruths(_, a, b)
            | Op::And(a, b)
            | Op::Or(a, b)
            | Op::Xor(a, b)
            | Op::WithinQuotient(a, b, ..)
            | Op::Nvl(a, b) => vec![a, b],
            Op::Choose(a, b, c) | Op::CompareQuotient(_, a, b, c) => vec![a, b, c],
            Op::Position(a, b, c, d) => vec![a, b, c, d],
            Op::Text(_, operands) | Op::Routine(_, operands) => operands.iter_mut().collect(),
        }
    }
}
