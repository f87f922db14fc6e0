//! Nodes → steps: scales are chosen and constants brought to them. Registers are shared out afterwards (`assign`).

mod assign;
mod shortcut;

use super::{Kind, Op, Operand, Plan, Source, Step};
use crate::ast::Comparison;
use crate::column::Shape;
use crate::exact::ten_to;
use crate::graph::{Arithmetic, Graph, Id, Node, Rounding};
use crate::limits::PRODUCT_SCALE_MAX;
use crate::routine::Routine;
use crate::scalar::{Scalar, Type};
use regex::Regex;
use std::collections::HashMap;
use std::sync::Arc;

/// For each place of the schema that is read, in order of the columns: what that column looks like.
pub(crate) type Bound = [(usize, Shape)];

/// Plans the computation of `asked` nodes.
pub(crate) fn plan(graph: &Graph, patterns: &HashMap<String, Arc<Regex>>, bound: &Bound, asked: &[Id]) -> Plan {
    let needed = graph.reachable(asked);
    let mut build = Build::new(patterns, bound);
    for ((node, kind), needed) in graph.nodes().iter().zip(needed) {
        let operand =
            if needed { build.node(node, *kind) } else { Operand { source: Source::Null, kind: Kind::Truth } };
        build.done.push(operand);
    }
    let results = asked.iter().map(|id| build.get(*id)).collect();
    let mut plan = Plan { steps: build.steps, texts: build.texts, results, registers: [0; 4] };
    assign::assign(&mut plan);
    plan
}

struct Build<'b> {
    patterns: &'b HashMap<String, Arc<Regex>>,
    /// For each place of the schema the column and its shape.
    bound: HashMap<usize, (usize, Shape)>,
    done: Vec<Operand>,
    steps: Vec<Step>,
    texts: Vec<String>,
    scaled: HashMap<(Operand, u8), Operand>,
    /// Numerator and denominator of the fractions that are quotients of numbers.
    ratios: HashMap<Operand, (Operand, Operand)>,
}

impl<'b> Build<'b> {
    fn new(patterns: &'b HashMap<String, Arc<Regex>>, bound: &Bound) -> Self {
        let bound = bound.iter().enumerate().map(|(column, (place, shape))| (*place, (column, *shape))).collect();
        Build {
            patterns,
            bound,
            done: Vec::new(),
            steps: Vec::new(),
            texts: Vec::new(),
            scaled: HashMap::new(),
            ratios: HashMap::new(),
        }
    }

    fn get(&self, id: Id) -> Operand {
        self.done.get(id).copied().unwrap_or(Operand { source: Source::Null, kind: Kind::Truth })
    }

    fn push(&mut self, op: Op, kind: Kind) -> Operand {
        let out = self.steps.len(); // for now every step has its own register; `assign` shares them
        self.steps.push(Step { op, out, kind });
        Operand { source: Source::Register(out), kind }
    }

    fn truth(&mut self, op: Op) -> Operand {
        self.push(op, Kind::Truth)
    }

    fn node(&mut self, node: &Node, kind: Type) -> Operand {
        match node {
            Node::Input(place) => self.input(*place, kind),
            Node::Constant(value) => self.constant(value),
            Node::Null(kind) => Operand { source: Source::Null, kind: plain(*kind) },
            Node::Negate(a) => self.negate(self.get(*a)),
            Node::Absolute(a) => self.absolute(self.get(*a)),
            Node::Arithmetic(op, a, b) => self.arithmetic(*op, self.get(*a), self.get(*b)),
            Node::Round(mode, digits, a) => self.round(*mode, *digits, self.get(*a)),
            Node::Compare(op, a, b) => self.compare(*op, self.get(*a), self.get(*b)),
            Node::Member(a, set) => self.member(self.get(*a), set),
            Node::Matches(a, pattern) => match self.patterns.get(pattern) {
                Some(regex) => self.truth(Op::Matches(self.get(*a), Arc::clone(regex))),
                None => Operand { source: Source::Null, kind: Kind::Truth },
            },
            Node::IsNull(a) => self.truth(Op::IsNull(self.get(*a))),
            Node::Not(a) => self.truth(Op::Not(self.get(*a))),
            Node::And(a, b) => self.and(self.get(*a), self.get(*b)),
            Node::Or(a, b) => self.truth(Op::Or(self.get(*a), self.get(*b))),
            Node::Xor(a, b) => self.truth(Op::Xor(self.get(*a), self.get(*b))),
            Node::Choose(c, a, b) => {
                let (a, b) = self.alike(self.get(*a), self.get(*b));
                self.push(Op::Choose(self.get(*c), a, b), a.kind)
            }
            Node::Nvl(a, b) => {
                let (a, b) = self.alike(self.get(*a), self.get(*b));
                self.push(Op::Nvl(a, b), a.kind)
            }
            Node::Length(a) => self.push(Op::Length(self.get(*a)), Kind::Number(0)),
            Node::Position(a, b, c, d) => {
                let op = Op::Position(self.get(*a), self.get(*b), self.get(*c), self.get(*d));
                self.push(op, Kind::Number(0))
            }
            Node::Text(op, operands) => {
                let operands = operands.iter().map(|id| self.get(*id)).collect();
                self.push(Op::Text(*op, operands), Kind::Text)
            }
            Node::Routine(routine, operands) => {
                let operands = operands.iter().map(|id| self.get(*id)).collect();
                let kind = match **routine {
                    Routine::Whole(_) => Kind::Number(0),
                    Routine::Rational(_) => Kind::Fraction,
                    Routine::Written(_) => Kind::Text,
                };
                self.push(Op::Routine(routine.clone(), operands), kind)
            }
        }
    }

    fn input(&self, place: usize, kind: Type) -> Operand {
        match self.bound.get(&place) {
            None | Some((_, Shape::Missing)) => Operand { source: Source::Null, kind: plain(kind) },
            Some((column, Shape::Scaled(scale))) if kind.is_numeric() => {
                Operand { source: Source::Column(*column), kind: Kind::Number(*scale) }
            }
            Some((column, _)) => Operand { source: Source::Column(*column), kind: plain(kind) },
        }
    }

    fn constant(&mut self, value: &Scalar) -> Operand {
        let (digits, kind) = match value {
            Scalar::Null => return Operand { source: Source::Null, kind: Kind::Truth },
            Scalar::Text(text) => {
                self.texts.push(text.clone());
                (i128::try_from(self.texts.len() - 1).unwrap_or(0), Kind::Text)
            }
            Scalar::Boolean(value) => (i128::from(*value), Kind::Truth),
            Scalar::Date(days) => (i128::from(*days), Kind::Number(0)),
            // The checker has written them out; as values of their own they are null.
            Scalar::TimePeriod(_) | Scalar::Time(_) | Scalar::Duration(_) => {
                return Operand { source: Source::Null, kind: Kind::Text };
            }
            Scalar::Integer(_) | Scalar::Number { .. } => {
                let (digits, scale) = shortest(value.decimal().unwrap_or((0, 0)));
                (digits, Kind::Number(scale))
            }
        };
        Operand { source: Source::Constant(digits), kind }
    }

    fn negate(&mut self, a: Operand) -> Operand {
        if let Source::Constant(digits) = a.source {
            return Operand { source: Source::Constant(-digits), ..a };
        }
        let negated = self.push(Op::Negate(a), a.kind);
        if let Some((over, under)) = self.ratios.get(&a).copied() {
            let over = self.negate(over);
            self.ratios.insert(negated, (over, under));
        }
        negated
    }

    /// The number with `scale` decimal places; `None` for a constant that would not fit.
    fn scaled(&mut self, a: Operand, scale: u8) -> Option<Operand> {
        let Kind::Number(from) = a.kind else { return None };
        let factor = ten_to(scale.checked_sub(from)?)?;
        let kind = Kind::Number(scale);
        Some(match a.source {
            _ if from == scale => a,
            Source::Null => Operand { kind, ..a },
            Source::Constant(digits) => Operand { source: Source::Constant(digits.checked_mul(factor)?), kind },
            _ => {
                if let Some(known) = self.scaled.get(&(a, scale)) {
                    return Some(*known);
                }
                let operand = self.push(Op::Scale(a, factor), kind);
                self.scaled.insert((a, scale), operand);
                operand
            }
        })
    }

    /// Two values of one family and, for numbers, of one scale. Numbers that do not fit become fractions.
    fn alike(&mut self, a: Operand, b: Operand) -> (Operand, Operand) {
        if let (Kind::Number(one), Kind::Number(other)) = (a.kind, b.kind) {
            let scale = one.max(other);
            if let (Some(a), Some(b)) = (self.scaled(a, scale), self.scaled(b, scale)) {
                return (a, b);
            }
        }
        if a.kind == b.kind && !matches!(a.kind, Kind::Number(_)) {
            return (a, b);
        }
        (self.fraction(a), self.fraction(b))
    }

    /// A value whose register holds a fraction.
    fn fraction(&mut self, a: Operand) -> Operand {
        if a.kind == Kind::Fraction {
            return a;
        }
        let one = Operand { source: Source::Constant(1), kind: Kind::Number(0) };
        self.push(Op::FractionArithmetic(Arithmetic::Multiply, a, one), Kind::Fraction)
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Operand, b: Operand) -> Operand {
        if let Some(number) = self.number(op, a, b) {
            return number;
        }
        let fraction = self.push(Op::FractionArithmetic(op, a, b), Kind::Fraction);
        self.remember(op, a, b, fraction);
        fraction
    }

    /// The result as a number, if it is one and has a fitting scale.
    fn number(&mut self, op: Arithmetic, a: Operand, b: Operand) -> Option<Operand> {
        if let (Kind::Number(one), Kind::Number(other)) = (a.kind, b.kind) {
            match op {
                Arithmetic::Divide => {}
                Arithmetic::Multiply => {
                    let scale = one.saturating_add(other);
                    if scale <= PRODUCT_SCALE_MAX {
                        return Some(self.push(Op::Arithmetic(op, a, b), Kind::Number(scale)));
                    }
                }
                Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Modulo => {
                    let scale = one.max(other);
                    if let (Some(a), Some(b)) = (self.scaled(a, scale), self.scaled(b, scale)) {
                        return Some(self.push(Op::Arithmetic(op, a, b), Kind::Number(scale)));
                    }
                }
            }
        }
        None
    }

    fn round(&mut self, mode: Rounding, digits: i8, a: Operand) -> Operand {
        let kept = Kind::Number(u8::try_from(digits).unwrap_or(0));
        let Kind::Number(scale) = a.kind else {
            return self.push(Op::RoundFraction(a, mode, digits), kept);
        };
        let drop = i16::from(scale) - i16::from(digits);
        if drop <= 0 {
            return a;
        }
        let powers = (u8::try_from(drop).ok().and_then(ten_to), ten_to(u8::try_from(-digits).unwrap_or(0)));
        match powers {
            (Some(down), Some(up)) => self.push(Op::RoundNumber(a, mode, down, up), kept),
            _ => self.push(Op::RoundFraction(a, mode, digits), kept),
        }
    }

    fn compare(&mut self, op: Comparison, a: Operand, b: Operand) -> Operand {
        match (a.kind, b.kind) {
            (Kind::Text, _) => self.truth(Op::CompareTexts(op, a, b)),
            (Kind::Truth, _) => self.truth(Op::CompareTruths(op, a, b)),
            (Kind::Number(one), Kind::Number(other)) if one == other => self.compare_numbers(op, a, b),
            (Kind::Number(one), Kind::Number(other)) => {
                // Constants are brought to the scale of the other side. Two columns are compared as fractions, which
                // cannot overflow.
                let fixed = |operand: Operand| !matches!(operand.source, Source::Column(_) | Source::Register(_));
                let (x, y) = if fixed(a) {
                    (self.scaled(a, other), Some(b))
                } else {
                    (Some(a), self.scaled_if(b, one, fixed(b)))
                };
                match (x, y) {
                    (Some(x), Some(y)) if x.kind == y.kind => self.compare_numbers(op, x, y),
                    _ => self.truth(Op::CompareFractions(op, a, b)),
                }
            }
            _ => self.compare_fractions(op, a, b),
        }
    }

    fn scaled_if(&mut self, a: Operand, scale: u8, wanted: bool) -> Option<Operand> {
        if wanted { self.scaled(a, scale) } else { None }
    }

    fn member(&mut self, a: Operand, set: &[Scalar]) -> Operand {
        let decimals = set.iter().filter_map(digits).map(shortest);
        match a.kind {
            Kind::Number(scale) => {
                // A constant with more places than the value can never be equal to it.
                let same = |(digits, from): (i128, u8)| digits.checked_mul(ten_to(scale.checked_sub(from)?)?);
                let mut items: Vec<i128> = decimals.filter_map(same).collect();
                items.sort_unstable();
                self.truth(Op::MemberNumber(a, items))
            }
            Kind::Fraction => {
                let items = decimals.filter_map(|(digits, scale)| Some((digits, ten_to(scale)?))).collect();
                self.truth(Op::MemberFraction(a, items))
            }
            Kind::Text => {
                let texts =
                    set.iter().filter_map(|item| if let Scalar::Text(text) = item { Some(text.clone()) } else { None });
                let mut items: Vec<String> = texts.collect();
                items.sort_unstable();
                self.truth(Op::MemberText(a, items))
            }
            Kind::Truth => {
                let constant = |value: bool| Operand { source: Source::Constant(i128::from(value)), kind: Kind::Truth };
                let mut result = constant(false);
                for value in [true, false] {
                    if set.contains(&Scalar::Boolean(value)) {
                        let equal = self.truth(Op::CompareTruths(Comparison::Equal, a, constant(value)));
                        result = self.truth(Op::Or(result, equal));
                    }
                }
                result
            }
        }
    }
}

/// Family and scale of a value that no column determines.
fn plain(kind: Type) -> Kind {
    match kind {
        Type::Integer | Type::Number | Type::Date => Kind::Number(0),
        Type::Boolean => Kind::Truth,
        Type::String | Type::TimePeriod | Type::Time | Type::Duration => Kind::Text,
    }
}

/// Digits and scale of a number, or of a date as its day.
fn digits(value: &Scalar) -> Option<(i128, u8)> {
    if let Scalar::Date(day) = value { Some((i128::from(*day), 0)) } else { value.decimal() }
}

/// The same decimal without zeros at its end.
pub(crate) fn shortest((mut digits, mut scale): (i128, u8)) -> (i128, u8) {
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    (digits, scale)
}
