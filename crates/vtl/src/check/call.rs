//! Types of the functions.

use super::{Checker, Value};
use crate::ast::{Comparison, Expr, ExprKind, Function, UnaryOp};
use crate::error::Span;
use crate::graph::{Arithmetic, Id, Node, Rounding, TextOp};
use crate::limits::{EXPONENT_MAX, PATTERN_BYTES_MAX, ROUND_DIGITS_MAX};
use crate::routine::{Rational, Routine, Whole};
use crate::scalar::{Scalar, Type};
use regex::RegexBuilder;

impl Checker<'_> {
    pub(super) fn call(&mut self, function: Function, arguments: &[Expr], span: Span) -> Option<Value> {
        let first = arguments.first()?;
        let second = arguments.get(1).filter(|second| second.kind != ExprKind::Omitted);
        let what = format!("{} 的第 1 个参数", function.name());
        match function {
            Function::IsNull => {
                let id = match self.lower(first)? {
                    Value::Null => self.null(Type::Integer),
                    Value::Of(id, _) => id,
                };
                Some(self.truth(Node::IsNull(id)))
            }
            Function::Nvl => self.nvl(first, second?, span),
            Function::Abs => {
                let (id, kind) = self.number(first, &what)?;
                Some(Value::Of(self.graph.add(Node::Absolute(id), kind), kind))
            }
            Function::Ceil => self.rounded(Rounding::Up, first, None, &what),
            Function::Floor => self.rounded(Rounding::Down, first, None, &what),
            Function::Round => self.rounded(Rounding::Half, first, second, &what),
            Function::Trunc => self.rounded(Rounding::Zero, first, second, &what),
            Function::Mod => {
                let (left, right) = (self.number(first, &what), self.number(second?, "mod 的第 2 个参数"));
                Some(self.arithmetic(Arithmetic::Modulo, left?, right?))
            }
            Function::Power => {
                let base = self.number(first, &what);
                let exponent = self.number(second?, "power 的指数");
                let ((base, kind), (exponent, _)) = (base?, exponent?);
                // Multiplications where they surely fit; the routine gives way to 15 digits where they do not.
                let most = if kind == Type::Integer { EXPONENT_MAX } else { EXPONENT_MAX / 8 };
                match whole_of(second?).filter(|exponent| exponent.unsigned_abs() <= most) {
                    Some(exponent) => Some(self.power(base, exponent)),
                    None => Some(self.rational(Rational::Power, vec![base, exponent])),
                }
            }
            Function::Between => self.between(arguments, span),
            Function::MatchCharacters => self.matches(first, second?),
            Function::Length => {
                let id = self.text(first, &what)?;
                Some(Value::Of(self.graph.add(Node::Length(id), Type::Integer), Type::Integer))
            }
            Function::Upper => self.text_call(TextOp::Upper, first, &what),
            Function::Lower => self.text_call(TextOp::Lower, first, &what),
            Function::Trim => self.text_call(TextOp::Trim, first, &what),
            Function::Ltrim => self.text_call(TextOp::TrimLeft, first, &what),
            Function::Rtrim => self.text_call(TextOp::TrimRight, first, &what),
            Function::Substr | Function::Instr | Function::Replace => self.part(function, arguments, &what),
            Function::Exp | Function::Ln | Function::Log | Function::Sqrt | Function::Random => {
                self.real(function, arguments, &what)
            }
            Function::Levenshtein | Function::DamerauLevenshtein | Function::Hamming | Function::JaroWinkler => {
                self.distance(function, arguments)
            }
            Function::DateAdd
            | Function::DateDiff
            | Function::Year
            | Function::Month
            | Function::DayOfMonth
            | Function::DayOfYear
            | Function::DayToYear
            | Function::DayToMonth
            | Function::YearToDay
            | Function::MonthToDay => self.moment_call(function, arguments, &what),
        }
    }

    fn truth(&mut self, node: Node) -> Value {
        Value::Of(self.graph.add(node, Type::Boolean), Type::Boolean)
    }

    fn nvl(&mut self, first: &Expr, second: &Expr, span: Span) -> Option<Value> {
        let (a, b) = (self.lower(first), self.lower(second));
        let (a, b, kind) = self.unify(a?, b?, span, "nvl 的两个参数")?;
        Some(Value::Of(self.graph.add(Node::Nvl(a, b), kind), kind))
    }

    /// Without a number of digits the result is whole.
    fn rounded(&mut self, mode: Rounding, first: &Expr, digits: Option<&Expr>, what: &str) -> Option<Value> {
        let number = self.number(first, what);
        let kind = if digits.is_some() { Type::Number } else { Type::Integer };
        let digits = match digits {
            Some(digits) => self.whole_constant(digits, "保留的位数", ROUND_DIGITS_MAX)?,
            None => 0,
        };
        let node = Node::Round(mode, i8::try_from(digits).ok()?, number?.0);
        Some(Value::Of(self.graph.add(node, kind), kind))
    }

    /// A whole number that stands in the script, with or without a sign.
    fn whole_constant(&mut self, expr: &Expr, what: &str, most: i64) -> Option<i64> {
        let value = whole_of(expr).filter(|value| (-most..=most).contains(value));
        if value.is_none() {
            self.wrong(expr.span, &format!("{what}要写成 -{most} 至 {most} 的整数常数。"));
        }
        value
    }

    fn rational(&mut self, op: Rational, operands: Vec<Id>) -> Value {
        let node = Node::Routine(Box::new(Routine::Rational(op)), operands);
        Value::Of(self.graph.add(node, Type::Number), Type::Number)
    }

    /// Exponentials, logarithms, roots and chance, to 15 significant digits.
    fn real(&mut self, function: Function, arguments: &[Expr], what: &str) -> Option<Value> {
        let first = self.number(arguments.first()?, what);
        let op = match function {
            Function::Exp => Rational::Exp,
            Function::Ln => Rational::Ln,
            Function::Sqrt => Rational::Sqrt,
            Function::Random => {
                let index = self.operand(arguments.get(1)?, "random 的第 2 个参数", Type::Integer);
                return Some(self.rational(Rational::Random, vec![first?.0, index?]));
            }
            _ => {
                let base = self.number(arguments.get(1)?, "log 的第 2 个参数");
                return Some(self.rational(Rational::Log, vec![first?.0, base?.0]));
            }
        };
        Some(self.rational(op, vec![first?.0]))
    }

    /// `string_distance(method, s, t)`
    fn distance(&mut self, function: Function, arguments: &[Expr]) -> Option<Value> {
        let [a, b] = arguments else { return None };
        let (a, b) = (self.text(a, "string_distance 的第 2 个参数"), self.text(b, "string_distance 的第 3 个参数"));
        let operands = vec![a?, b?];
        let op = match function {
            Function::Levenshtein => Whole::Levenshtein,
            Function::DamerauLevenshtein => Whole::DamerauLevenshtein,
            Function::Hamming => Whole::Hamming,
            _ => return Some(self.rational(Rational::JaroWinkler, operands)),
        };
        let node = Node::Routine(Box::new(Routine::Whole(op)), operands);
        Some(Value::Of(self.graph.add(node, Type::Number), Type::Number))
    }

    /// By repeated squaring, in exact arithmetic; a negative exponent divides.
    fn power(&mut self, base: Id, exponent: i64) -> Value {
        let one = self.graph.add(Node::Constant(Scalar::Integer(1)), Type::Integer);
        let zero = self.graph.add(Node::Constant(Scalar::Integer(0)), Type::Integer);
        let multiply = Arithmetic::Multiply;
        let mut result = None;
        let mut square = base;
        let mut left = exponent.unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                result = Some(match result {
                    None => square,
                    Some(so_far) => self.graph.add(Node::Arithmetic(multiply, so_far, square), Type::Number),
                });
            }
            left >>= 1;
            if left > 0 {
                square = self.graph.add(Node::Arithmetic(multiply, square, square), Type::Number);
            }
        }
        let result = result.unwrap_or_else(|| {
            // x to the power of 0 is 1, but null for a null x: 0 · x + 1.
            let nothing = self.graph.add(Node::Arithmetic(multiply, zero, base), Type::Number);
            self.graph.add(Node::Arithmetic(Arithmetic::Add, nothing, one), Type::Number)
        });
        if exponent < 0 {
            return Value::Of(
                self.graph.add(Node::Arithmetic(Arithmetic::Divide, one, result), Type::Number),
                Type::Number,
            );
        }
        Value::Of(result, Type::Number)
    }

    /// A short form of `x >= from and x <= to`.
    fn between(&mut self, arguments: &[Expr], span: Span) -> Option<Value> {
        let [value, from, to] = arguments else { return None };
        let (value, from, to) = (self.lower(value), self.lower(from), self.lower(to));
        let (value, from, to) = (value?, from?, to?);
        let (a, low, kind) = self.unify(value, from, span, "between 的值与下限")?;
        let (b, high, other) = self.unify(value, to, span, "between 的值与上限")?;
        if kind == Type::Boolean || other == Type::Boolean {
            self.wrong(span, "between 不能用于布尔值。");
            return None;
        }
        let low = self.ordered(Comparison::LessOrEqual, low, a, kind, span)?;
        let high = self.ordered(Comparison::LessOrEqual, b, high, other, span)?;
        Some(self.truth(Node::And(low, high)))
    }

    fn matches(&mut self, first: &Expr, second: &Expr) -> Option<Value> {
        let text = self.text(first, "match_characters 的第 1 个参数");
        let ExprKind::Constant(Scalar::Text(pattern)) = &second.kind else {
            self.wrong(second.span, "match_characters 的模式要写成字符串常数,如 \"[0-9]{9}\"。");
            return None;
        };
        if let Err(reason) = whole_pattern(pattern) {
            self.wrong(second.span, &format!("模式“{pattern}”不是有效的正则表达式:{reason}"));
            return None;
        }
        Some(self.truth(Node::Matches(text?, pattern.clone())))
    }

    fn text_call(&mut self, op: TextOp, first: &Expr, what: &str) -> Option<Value> {
        let id = self.text(first, what)?;
        Some(Value::Of(self.graph.add(Node::Text(op, vec![id]), Type::String), Type::String))
    }

    /// `substr`, `instr` and `replace`: texts and whole numbers, some of them optional.
    fn part(&mut self, function: Function, arguments: &[Expr], what: &str) -> Option<Value> {
        let text = self.text(arguments.first()?, what);
        let mut operands = Vec::new();
        let most = function.arity().1;
        for at in 1..most {
            let name = format!("{} 的第 {} 个参数", function.name(), at + 1);
            let given = arguments.get(at).filter(|argument| argument.kind != ExprKind::Omitted);
            let is_text = function == Function::Replace || (function == Function::Instr && at == 1);
            operands.push(match given {
                Some(argument) if is_text => self.text(argument, &name),
                Some(argument) => self.operand(argument, &name, Type::Integer),
                None => {
                    let default = match function {
                        Function::Replace => Scalar::Text(String::new()),
                        Function::Substr if at == 2 => Scalar::Integer(i64::MAX),
                        _ => Scalar::Integer(1),
                    };
                    let kind = if is_text { Type::String } else { Type::Integer };
                    Some(self.graph.add(Node::Constant(default), kind))
                }
            });
        }
        let operands: Option<Vec<Id>> = std::iter::once(text).chain(operands).collect();
        let operands = operands?;
        let (node, kind) = match (function, operands.as_slice()) {
            (Function::Instr, [a, b, c, d]) => (Node::Position(*a, *b, *c, *d), Type::Integer),
            (Function::Substr, _) => (Node::Text(TextOp::Part, operands), Type::String),
            _ => (Node::Text(TextOp::Replace, operands), Type::String),
        };
        Some(Value::Of(self.graph.add(node, kind), kind))
    }
}

/// A whole number that stands in the script, with or without a sign.
fn whole_of(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Constant(Scalar::Integer(value)) => Some(*value),
        ExprKind::Unary(UnaryOp::Minus, inner) => match &inner.kind {
            ExprKind::Constant(Scalar::Integer(value)) => Some(-value),
            _ => None,
        },
        _ => None,
    }
}

/// A pattern that must match a whole text. Its size is bounded, so that no script can exhaust memory.
pub(crate) fn whole_pattern(pattern: &str) -> Result<regex::Regex, String> {
    // Checked alone first: `a)(b` is wrong, although it is right inside the group below.
    let build = |text: &str| RegexBuilder::new(text).size_limit(PATTERN_BYTES_MAX).build();
    let reason = |error: regex::Error| match error {
        regex::Error::CompiledTooBig(_) => format!("编译后超过 {PATTERN_BYTES_MAX} 字节。"),
        _ => "请检查括号、方括号和重复次数是否配对。".to_owned(),
    };
    build(pattern).map_err(reason)?;
    build(&format!(r"\A(?:{pattern})\z")).map_err(reason)
}
