//! Expressions by precedence climbing (Pratt), in the order of the alternatives of the VTL 2.2 grammar.

use super::{Parsed, Parser, Reported};
use crate::ast::{BRANCH_BINDING, BinaryOp, Expr, ExprKind, Function, IN_BINDING, UNARY_BINDING, UnaryOp};
use crate::error::Span;
use crate::keyword::is_reserved;
use crate::lexer::Kind;
use crate::limits::{DEPTH_MAX, NESTING_MAX};
use crate::scalar::Scalar;

impl Parser {
    /// An expression whose operators bind at least as tightly as `least`.
    pub(super) fn expression(&mut self, least: u8) -> Parsed<Expr> {
        if self.nesting >= NESTING_MAX {
            self.errors.push(self.here(), format!("表达式嵌套超过 {NESTING_MAX} 层,请拆成几条规则。"));
            return Err(Reported);
        }
        self.nesting += 1;
        let result = self.climb(least);
        self.nesting -= 1;
        result
    }

    fn climb(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.prefix()?;
        loop {
            if let Some(op) = self.binary().filter(|op| op.binding() >= least) {
                self.advance();
                let right = self.expression(op.binding() + 1)?;
                let span = left.span.to(right.span);
                left = self.node(ExprKind::Binary(op, Box::new(left), Box::new(right)), span)?;
            } else if (self.is_word("in") || self.is_word("not_in")) && IN_BINDING >= least {
                left = self.membership(left)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn node(&mut self, kind: ExprKind, span: Span) -> Parsed<Expr> {
        let expr = Expr::new(kind, span);
        if expr.depth() > DEPTH_MAX {
            self.errors.push(self.before(), format!("表达式超过 {DEPTH_MAX} 层,请拆成几条规则。"));
            return Err(Reported);
        }
        Ok(expr)
    }

    fn binary(&self) -> Option<BinaryOp> {
        let sign = match self.peek(0) {
            Kind::Sign(sign) => sign,
            Kind::Word(word) => word.as_str(),
            _ => return None,
        };
        BinaryOp::ALL.iter().find(|(known, _)| *known == sign).map(|(_, op)| *op)
    }

    fn membership(&mut self, operand: Expr) -> Parsed<Expr> {
        let negated = self.is_word("not_in");
        self.advance();
        self.expect_sign("{", "in 后应写花括号里的常数,如 {1, 2}")?;
        let mut set = Vec::new();
        loop {
            let from = self.here();
            let value = self.constant()?;
            set.push(Expr::new(ExprKind::Constant(value), from.to(self.before())));
            if !self.accept_sign(",") {
                break;
            }
        }
        self.expect_sign("}", "常数之间用逗号分隔,最后写右花括号 }")?;
        let span = operand.span.to(self.before());
        self.node(ExprKind::In { operand: Box::new(operand), negated, set }, span)
    }

    fn prefix(&mut self) -> Parsed<Expr> {
        let from = self.here();
        match self.peek(0).clone() {
            Kind::Constant(value) => self.leaf(ExprKind::Constant(value)),
            Kind::Name(name) => {
                if matches!(self.peek(1), Kind::Sign("(")) {
                    self.errors.push(from, format!("没有名为“{name}”的函数。"));
                    return Err(Reported);
                }
                self.leaf(ExprKind::Name(name))
            }
            Kind::Sign("(") => {
                self.advance();
                let mut inner = self.expression(0)?;
                self.expect_sign(")", "括号没有配对,这里应写右括号 )")?;
                inner.span = from.to(self.before()); // so that a mark covers the parentheses
                Ok(inner)
            }
            Kind::Sign("+") => self.unary(UnaryOp::Plus, from),
            Kind::Sign("-") => self.unary(UnaryOp::Minus, from),
            Kind::Word(word) => self.word(&word, from),
            _ => Err(self.wrong("这里应写表达式")),
        }
    }

    fn leaf(&mut self, kind: ExprKind) -> Parsed<Expr> {
        let span = self.here();
        self.advance();
        self.node(kind, span)
    }

    fn unary(&mut self, op: UnaryOp, from: Span) -> Parsed<Expr> {
        self.advance();
        let operand = self.expression(UNARY_BINDING)?;
        let span = from.to(operand.span);
        self.node(ExprKind::Unary(op, Box::new(operand)), span)
    }

    fn word(&mut self, word: &str, from: Span) -> Parsed<Expr> {
        match word {
            "true" => self.leaf(ExprKind::Constant(Scalar::Boolean(true))),
            "false" => self.leaf(ExprKind::Constant(Scalar::Boolean(false))),
            "null" => self.leaf(ExprKind::Constant(Scalar::Null)),
            "not" => self.unary(UnaryOp::Not, from),
            "if" => self.branch(from),
            "case" => self.case(from),
            _ => match (Function::named(word), self.peek(1)) {
                (Some(function), Kind::Sign("(")) => self.call(function, from),
                (None, Kind::Sign("(")) if is_reserved(word) => {
                    self.errors.push(from, format!("暂不支持“{word}”。"));
                    Err(Reported)
                }
                _ if matches!(
                    word,
                    "then" | "else" | "when" | "errorcode" | "errorlevel" | "end" | "and" | "or" | "xor"
                ) =>
                {
                    Err(self.wrong("这里应写表达式"))
                }
                _ => {
                    self.errors.push(from, format!("“{word}”是 VTL 的保留字,用作名称时要加单引号:'{word}'。"));
                    Err(Reported)
                }
            },
        }
    }

    fn branch(&mut self, from: Span) -> Parsed<Expr> {
        self.advance();
        let condition = self.expression(0)?;
        self.expect_word("then")?;
        let then = self.expression(0)?;
        self.expect_word("else")?;
        let otherwise = self.expression(BRANCH_BINDING)?;
        let span = from.to(self.before());
        self.node(ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), span)
    }

    fn case(&mut self, from: Span) -> Parsed<Expr> {
        self.advance();
        let mut branches = Vec::new();
        loop {
            self.expect_word("when")?;
            let when = self.expression(0)?;
            self.expect_word("then")?;
            branches.push((when, self.expression(0)?));
            if self.accept_word("else") {
                break;
            }
        }
        let otherwise = self.expression(BRANCH_BINDING)?;
        let span = from.to(self.before());
        self.node(ExprKind::Case(branches, Box::new(otherwise)), span)
    }

    fn call(&mut self, function: Function, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let mut arguments = Vec::new();
        loop {
            if self.is_sign("_") && function.may_omit(arguments.len()) {
                arguments.push(self.leaf(ExprKind::Omitted)?);
            } else {
                arguments.push(self.expression(0)?);
            }
            if !self.accept_sign(",") {
                break;
            }
        }
        let name = function.name();
        self.expect_sign(")", &format!("{name} 的参数之间用逗号分隔,最后写右括号 )"))?;
        let span = from.to(self.before());
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let wanted = if least == most { format!("{least}") } else { format!("{least} 至 {most}") };
            self.errors.push(span, format!("{name} 要有 {wanted} 个参数,这里有 {} 个。", arguments.len()));
            return Err(Reported);
        }
        self.node(ExprKind::Call(function, arguments), span)
    }
}
