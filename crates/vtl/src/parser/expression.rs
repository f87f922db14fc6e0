//! Expressions by precedence climbing (Pratt), in the order of the alternatives of the VTL 2.2 grammar.

use super::{Parsed, Parser, Reported};
use crate::ast::{
    Aggregate, AnalyticFunction, BRANCH_BINDING, BinaryOp, DatasetOp, Expr, ExprKind, Function, IN_BINDING, JoinKind,
    SetOp, UNARY_BINDING, UnaryOp,
};
use crate::error::Span;
use crate::lexer::Kind;
use crate::limits::{DEPTH_MAX, NESTING_MAX};
use crate::scalar::Scalar;

impl Parser<'_> {
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

    /// An expression over the components of one row, as in rules and clauses.
    pub(super) fn component_expression(&mut self) -> Parsed<Expr> {
        let outer = std::mem::replace(&mut self.is_component, true);
        let read = self.expression(0);
        self.is_component = outer;
        read
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
            } else if self.is_sign("[") || self.is_sign("#") {
                left = self.postfix(left)?;
            } else {
                return Ok(left);
            }
        }
    }

    /// `[clause]` or `#component` behind a dataset. Nothing binds tighter, so whatever stands here is complete.
    fn postfix(&mut self, left: Expr) -> Parsed<Expr> {
        let from = left.span;
        if self.is_component {
            let what = if self.is_sign("[") {
                "子句 […] 只能写在数据集后,不能写在逐行的表达式里;这里应写运算符"
            } else {
                "# 只能写在名称后"
            };
            return Err(self.wrong(what));
        }
        if self.accept_sign("#") {
            let component = self.name("成分(变量)的名称")?;
            return self.dataset_node(DatasetOp::Member(left, component), from);
        }
        self.advance();
        let clause = self.clause()?;
        self.expect_sign("]", "子句到这里应写右方括号 ]")?;
        self.dataset_node(DatasetOp::Clause(left, clause), from)
    }

    pub(super) fn node(&mut self, kind: ExprKind, span: Span) -> Parsed<Expr> {
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
        if let Kind::Name(domain) = self.peek(0).clone() {
            self.advance();
            let from = operand.span;
            return self.dataset_node(DatasetOp::InDomain(operand, negated, domain), from);
        }
        self.expect_sign("{", "in 后应写花括号里的常数,如 {1, 2},或值域名称")?;
        let set = self.list(Self::scalar_item)?;
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
                    return self.user_call(name, from);
                }
                let leaf = self.leaf(ExprKind::Name(name))?;
                if self.is_component && self.accept_sign("#") {
                    let component = self.name("成分(变量)的名称")?;
                    return self.dataset_node(DatasetOp::Member(leaf, component), from);
                }
                Ok(leaf)
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

    pub(super) fn leaf(&mut self, kind: ExprKind) -> Parsed<Expr> {
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
            _ if matches!(self.peek(1), Kind::Sign("(")) => self.function(word, from),
            "then" | "else" | "when" | "errorcode" | "errorlevel" | "end" | "and" | "or" | "xor" => {
                Err(self.wrong("这里应写表达式"))
            }
            _ => {
                self.errors.push(from, format!("“{word}”是 VTL 的保留字,用作名称时要加单引号:'{word}'。"));
                Err(Reported)
            }
        }
    }

    /// A reserved word before `(`.
    fn function(&mut self, word: &str, from: Span) -> Parsed<Expr> {
        if let Some(function) = Function::named(word).filter(|function| !function.is_distance()) {
            return self.call(function, from);
        }
        if Aggregate::named(word).is_some() || AnalyticFunction::named(word).is_some() {
            return self.aggregate(word, from);
        }
        match word {
            "string_distance" => return self.string_distance(from),
            "cast" => return self.cast(from),
            "eval" => return self.eval(from),
            _ => {}
        }
        if let Some(read) = self.time_operation(word, from)? {
            return Ok(read);
        }
        let join = JoinKind::named(word);
        let set = SetOp::named(word);
        let checks = matches!(word, "check" | "check_datapoint" | "check_hierarchy" | "hierarchy");
        if self.is_component && (join.is_some() || set.is_some() || checks || word == "exists_in") {
            self.errors.push(from, format!("“{word}”是数据集的运算,不能写在逐行的表达式里。"));
            return Err(Reported);
        }
        if let Some(kind) = join {
            return self.join(kind, from);
        }
        if let Some(op) = set {
            return self.set_operation(op, from);
        }
        match word {
            "exists_in" => self.exists_in(from),
            _ if checks => self.validation(word, from),
            _ => {
                self.errors.push(from, format!("“{word}”不是函数,不能写在括号前。"));
                Err(Reported)
            }
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
}
