//! Tokens → tree, for one place of the wildcards. Functions are in `formula::function`, cells and attributes in `formula::operand`.
//!
//! From weak to strong: IF; OR and XOR; AND; NOT; comparisons; `+ - &`; `* /`; the sign before a value.

use super::expand::{Place, Wrong};
use super::layout::{Layout, Shift};
use super::lexer::{Kind, Token};
use super::tolerance::tolerant;
use super::unit::same_unit;
use crate::ast::{BinaryOp, Comparison, Expr, ExprKind, Function, UnaryOp};
use crate::error::Span;
use crate::limits::{DEPTH_MAX, NESTING_MAX};
use crate::scalar::Scalar;

/// `NOT` binds weaker than a comparison here, as people mean it.
pub(super) const NOT_BINDING: u8 = 40;
/// The sign before a value binds strongest.
pub(super) const SIGN_BINDING: u8 = 80;

pub(super) type Parsed<T> = Result<T, Wrong>;

pub(super) struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    nesting: u32,
    pub layout: &'a Layout,
    pub place: &'a Place,
    /// The first tolerance of the formula.
    pub tolerance: Option<Scalar>,
}

/// A formula as a rule: under which condition what must hold.
pub(super) struct Core {
    pub when: Option<Expr>,
    pub then: Expr,
    pub tolerance: Option<Scalar>,
}

/// Reads the tokens of a formula at one place.
pub(super) fn core(tokens: &[Token], layout: &Layout, place: &Place) -> Parsed<Core> {
    let mut parser = Parser { tokens, at: 0, nesting: 0, layout, place, tolerance: None };
    let (when, then) = if parser.key() == "IF" {
        let from = parser.here();
        let (condition, then) = parser.condition()?;
        if parser.accept_key("ELSE") {
            let otherwise = parser.expression(0)?;
            let kind = ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise));
            (None, parser.node(kind, from)?)
        } else {
            (Some(condition), then)
        }
    } else {
        (None, parser.expression(0)?)
    };
    while matches!(parser.peek(0), Kind::Set(_)) {
        parser.at += 1;
    }
    parser.accept(";");
    if *parser.peek(0) != Kind::End {
        return Err(parser.wrong("公式到这里应当结束,一行只写一条公式"));
    }
    Ok(Core { when, then, tolerance: parser.tolerance })
}

impl<'a> Parser<'a> {
    pub fn peek(&self, ahead: usize) -> &'a Kind {
        self.tokens.get(self.at + ahead).map_or(&Kind::End, |token| &token.kind)
    }

    pub fn here(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map(|token| token.span).unwrap_or_default()
    }

    fn before(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| token.span).unwrap_or_default()
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    fn key(&self) -> &'static str {
        match self.peek(0) {
            Kind::Key(key) => key,
            _ => "",
        }
    }

    fn accept_key(&mut self, key: &str) -> bool {
        let found = self.key() == key;
        self.at += usize::from(found);
        found
    }

    pub fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(0), Kind::Sign(found) if *found == sign);
        self.at += usize::from(found);
        found
    }

    /// The mistake that the token here is. `what` says, without a full stop, what was expected.
    pub fn wrong(&self, what: &str) -> Wrong {
        let found = match self.peek(0) {
            Kind::Cell(_) => "却是单元格".to_owned(),
            Kind::Set(_) => "却是花括号".to_owned(),
            Kind::Exist(_) => "却是“EXIST”".to_owned(),
            Kind::Constant(value) | Kind::Percent(value) => format!("却是常数 {value}"),
            Kind::Word(word, _) => format!("却是“{word}”"),
            Kind::Key(key) => format!("却是“{key}”"),
            Kind::Sign(sign) => format!("却是“{sign}”"),
            Kind::Wrong => String::new(),
            Kind::End => "公式已经结束".to_owned(),
        };
        (self.here(), format!("{what},{found}。"))
    }

    pub fn node(&self, kind: ExprKind, from: Span) -> Parsed<Expr> {
        let expr = Expr::new(kind, from.to(self.before()));
        if expr.depth() > DEPTH_MAX {
            return Err((expr.span, format!("公式超过 {DEPTH_MAX} 层,请拆成几条。")));
        }
        Ok(expr)
    }

    /// An expression whose operators bind at least as tightly as `least`.
    pub fn expression(&mut self, least: u8) -> Parsed<Expr> {
        if self.nesting >= NESTING_MAX {
            return Err((self.here(), format!("公式嵌套超过 {NESTING_MAX} 层,请拆成几条。")));
        }
        self.nesting += 1;
        let result = self.climb(least);
        self.nesting -= 1;
        result
    }

    fn climb(&mut self, least: u8) -> Parsed<Expr> {
        let from = self.here();
        let mut left = self.prefix()?;
        while let Some(op) = self.binary().filter(|op| op.binding() >= least) {
            let sign = self.here();
            self.advance();
            let right = self.expression(op.binding() + 1)?;
            left = match op {
                BinaryOp::Compare(comparison) => self.compared(comparison, left, right, from)?,
                BinaryOp::Add | BinaryOp::Subtract => {
                    same_unit(self.layout, &left, &right, sign)?;
                    self.node(ExprKind::Binary(op, Box::new(left), Box::new(right)), from)?
                }
                _ => self.node(ExprKind::Binary(op, Box::new(left), Box::new(right)), from)?,
            };
            if matches!(op, BinaryOp::Compare(_)) && matches!(self.binary(), Some(BinaryOp::Compare(_))) {
                let advice = "比较不能连写。请写 BETWEEN(x,下限,上限),或用 AND 分成两个比较。";
                return Err((self.here(), advice.to_owned()));
            }
        }
        Ok(left)
    }

    fn binary(&self) -> Option<BinaryOp> {
        let sign = match self.peek(0) {
            Kind::Sign("&") => "||".to_owned(),
            Kind::Sign(sign) => (*sign).to_owned(),
            Kind::Key(key) => key.to_ascii_lowercase(),
            _ => return None,
        };
        BinaryOp::ALL.iter().find(|(known, _)| *known == sign).map(|(_, op)| *op)
    }

    /// `left op right`, and `±k` behind it if it stands there.
    fn compared(&mut self, op: Comparison, left: Expr, right: Expr, from: Span) -> Parsed<Expr> {
        let at = self.here();
        same_unit(self.layout, &left, &right, from.to(right.span))?;
        if !self.accept("±") {
            // However it is written: a tolerance is one.
            if let (None, Some((.., bound))) = (&self.tolerance, tolerant(op, &left, &right)) {
                self.tolerance = Some(bound.clone());
            }
            return self.node(ExprKind::Binary(BinaryOp::Compare(op), Box::new(left), Box::new(right)), from);
        }
        let bound = self.bound(&left, &right, at)?;
        if self.tolerance.is_none() {
            self.tolerance = Some(bound.clone());
        }
        let bound = Expr::new(ExprKind::Constant(bound), at.to(self.before()));
        let wide = |expr, op, bound| self.node(ExprKind::Binary(op, Box::new(expr), Box::new(bound)), from);
        let (left, op, right) = match op {
            Comparison::Equal | Comparison::NotEqual => {
                let difference = wide(left, BinaryOp::Subtract, right)?;
                let difference = self.node(ExprKind::Call(Function::Abs, vec![difference]), from)?;
                let op = if op == Comparison::Equal { Comparison::LessOrEqual } else { Comparison::Greater };
                (difference, op, bound)
            }
            Comparison::Less | Comparison::LessOrEqual => (left, op, wide(right, BinaryOp::Add, bound)?),
            Comparison::Greater | Comparison::GreaterOrEqual => (left, op, wide(right, BinaryOp::Subtract, bound)?),
        };
        self.node(ExprKind::Binary(BinaryOp::Compare(op), Box::new(left), Box::new(right)), from)
    }

    /// The number behind `±`; `尾差` is half a unit for every figure that was rounded.
    fn bound(&mut self, left: &Expr, right: &Expr, at: Span) -> Parsed<Scalar> {
        let bound = match self.peek(0) {
            Kind::Constant(value) if value.decimal().is_some() => value.clone(),
            Kind::Word(word, Shift::Now) if word == "尾差" => {
                let message = "“±尾差”只能用于各项相加减的公式,请写明允许的数。";
                let figures = figures(left).zip(figures(right)).map(|(a, b)| a + b);
                let half = figures.ok_or((at, message.to_owned()))?;
                match half % 2 {
                    0 => Scalar::Integer(half / 2),
                    _ => Scalar::Number { unscaled: i128::from(half) * 5, scale: 1 },
                }
            }
            Kind::Percent(_) => {
                let advice = "容差不能是百分数。请写允许的数,或写 BETWEEN([1]/[2],95%,105%)。";
                return Err((self.here(), advice.to_owned()));
            }
            _ => return Err(self.wrong("± 后应写允许的数,如 ±2 或 ±尾差")),
        };
        self.advance();
        Ok(bound)
    }

    fn prefix(&mut self) -> Parsed<Expr> {
        let from = self.here();
        match self.peek(0) {
            Kind::Cell(reference) => self.cell(reference),
            Kind::Exist(form) => {
                let form = self.layout.forms().get(*form);
                let name = form.and_then(|form| form.filled.clone()).unwrap_or_default();
                self.leaf(ExprKind::Name(name))
            }
            Kind::Constant(value) | Kind::Percent(value) => self.leaf(ExprKind::Constant(value.clone())),
            Kind::Word(word, shift) => match self.peek(1) {
                Kind::Sign("(") => self.call(word, from),
                _ => self.attribute(word, *shift),
            },
            Kind::Sign("(") => {
                self.advance();
                let mut inner = self.expression(0)?;
                if !self.accept(")") {
                    return Err(self.wrong("括号没有配对,这里应写右括号 )"));
                }
                inner.span = from.to(self.before());
                Ok(inner)
            }
            Kind::Sign("+") => self.unary(UnaryOp::Plus, SIGN_BINDING),
            Kind::Sign("-") => self.unary(UnaryOp::Minus, SIGN_BINDING),
            Kind::Key("NOT") => self.unary(UnaryOp::Not, NOT_BINDING),
            Kind::Key("TRUE") => self.leaf(ExprKind::Constant(Scalar::Boolean(true))),
            Kind::Key("FALSE") => self.leaf(ExprKind::Constant(Scalar::Boolean(false))),
            Kind::Key("NULL") => self.leaf(ExprKind::Constant(Scalar::Null)),
            Kind::Key("IF") => self.branch(),
            _ => Err(self.wrong("这里应写单元格、属性、数或函数")),
        }
    }

    pub fn leaf(&mut self, kind: ExprKind) -> Parsed<Expr> {
        let from = self.here();
        self.advance();
        self.node(kind, from)
    }

    fn unary(&mut self, op: UnaryOp, binding: u8) -> Parsed<Expr> {
        let from = self.here();
        self.advance();
        let operand = self.expression(binding)?;
        self.node(ExprKind::Unary(op, Box::new(operand)), from)
    }

    /// `IF … THEN …`, up to where `ELSE` may stand.
    fn condition(&mut self) -> Parsed<(Expr, Expr)> {
        self.advance();
        let condition = self.expression(0)?;
        if !self.accept_key("THEN") {
            return Err(self.wrong("IF 的条件之后应写 THEN"));
        }
        Ok((condition, self.expression(0)?))
    }

    /// Inside a formula every IF has its ELSE.
    fn branch(&mut self) -> Parsed<Expr> {
        let from = self.here();
        let (condition, then) = self.condition()?;
        if !self.accept_key("ELSE") {
            return Err(self.wrong("公式里面的 IF 要写全 ELSE;没有另一种情形时请用 AND 合并条件"));
        }
        let otherwise = self.expression(0)?;
        self.node(ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), from)
    }
}

/// How many names a sum of names has.
fn figures(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Name(_) => Some(1),
        ExprKind::Constant(value) if value.decimal().is_some() => Some(0),
        ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, operand) => figures(operand),
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) => Some(figures(left)? + figures(right)?),
        ExprKind::Call(Function::Nvl, arguments) => figures(arguments.first()?),
        _ => None,
    }
}
