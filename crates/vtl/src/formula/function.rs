//! Functions: those of VTL under their own names in any case, and the few that formulas add.

use super::layout::{Meaning, Shift, Unit};
use super::lexer::Kind;
use super::parser::{Parsed, Parser};
use super::reference::{Index, Reference};
use super::unit::converted;
use crate::ast::{BinaryOp, Expr, ExprKind, Function};
use crate::error::Span;
use crate::scalar::Scalar;

impl Parser<'_> {
    /// `word(…)`, with the word still ahead.
    pub(super) fn call(&mut self, word: &str, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        if let Some(unit) = Unit::named(word) {
            return self.convert(unit);
        }
        let upper = word.to_ascii_uppercase();
        match upper.as_str() {
            "SUM" | "合计" => self.sum(from),
            "INLIST" => self.list(false, from),
            "NOTINLIST" => self.list(true, from),
            "LEN" => self.function(Function::Length, from),
            "MID" => self.function(Function::Substr, from),
            "LEFT" => self.left(from),
            _ => {
                let known = "可用的有 SUM、INLIST、EXIST、ROUND、ABS、NVL、ISNULL、BETWEEN、MOD、LEFT、LEN 等";
                let function = Function::named(&upper.to_ascii_lowercase());
                let function = function.ok_or((from, format!("没有名为“{word}”的函数。{known}。")))?;
                self.function(function, from)
            }
        }
    }

    fn function(&mut self, function: Function, from: Span) -> Parsed<Expr> {
        let arguments = self.arguments()?;
        let call = self.node(ExprKind::Call(function, arguments.clone()), from)?;
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let wanted = if least == most { format!("{least}") } else { format!("{least} 至 {most}") };
            let name = function.name().to_ascii_uppercase();
            return Err((call.span, format!("{name} 要有 {wanted} 个参数,这里有 {} 个。", arguments.len())));
        }
        Ok(call)
    }

    /// Arguments up to and with the closing parenthesis.
    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        let mut arguments = vec![self.expression(0)?];
        while self.accept(",") {
            arguments.push(self.expression(0)?);
        }
        self.close()?;
        Ok(arguments)
    }

    fn close(&mut self) -> Parsed<()> {
        if self.accept(")") { Ok(()) } else { Err(self.wrong("参数之间用逗号分隔,最后写右括号 )")) }
    }

    /// `LEFT(s, n)`: the first characters.
    fn left(&mut self, from: Span) -> Parsed<Expr> {
        let mut arguments = self.arguments()?;
        if arguments.len() != 2 {
            let span = self.node(ExprKind::Omitted, from)?.span;
            return Err((span, format!("LEFT 要有 2 个参数,这里有 {} 个。", arguments.len())));
        }
        arguments.insert(1, Expr::new(ExprKind::Constant(Scalar::Integer(1)), from));
        self.node(ExprKind::Call(Function::Substr, arguments), from)
    }

    /// `INLIST(x, "0", "9")`.
    fn list(&mut self, negated: bool, from: Span) -> Parsed<Expr> {
        let operand = Box::new(self.expression(0)?);
        let mut set = Vec::new();
        while self.accept(",") {
            set.push(self.constant()?);
        }
        if set.is_empty() {
            return Err(self.wrong("INLIST 里先写要判断的项,再写可取的常数,如 INLIST(BBLX,\"0\",\"9\")"));
        }
        self.close()?;
        self.node(ExprKind::In { operand, negated, set }, from)
    }

    fn constant(&mut self) -> Parsed<Expr> {
        let negative = self.accept("-");
        let value = match self.peek(0) {
            Kind::Constant(value) | Kind::Percent(value) => value.clone(),
            _ => return Err(self.wrong("INLIST 里这里应写常数")),
        };
        let value = match value {
            Scalar::Integer(digits) if negative => Scalar::Integer(-digits),
            Scalar::Number { unscaled, scale } if negative => Scalar::Number { unscaled: -unscaled, scale },
            _ if negative => return Err(self.wrong("负号后应写数")),
            other => other,
        };
        self.leaf(ExprKind::Constant(value))
    }

    /// `SUM([2~5,1],[8,1])`: ranges and list rows add up, term by term.
    fn sum(&mut self, from: Span) -> Parsed<Expr> {
        let mut terms = Vec::new();
        loop {
            match (self.peek(0), self.peek(1)) {
                (Kind::Cell(reference), Kind::Sign("," | ")")) => self.added(reference, &mut terms)?,
                _ => terms.push(self.expression(0)?),
            }
            if !self.accept(",") {
                break;
            }
        }
        self.close()?;
        let mut terms = terms.into_iter();
        let Some(first) = terms.next() else {
            return Err((from, "SUM 里没有可以相加的单元格。".to_owned()));
        };
        terms.try_fold(first, |sum, term| {
            super::unit::same_unit(self.layout, &sum, &term, from)?;
            self.node(ExprKind::Binary(BinaryOp::Add, Box::new(sum), Box::new(term)), from)
        })
    }

    fn added(&mut self, reference: &Reference, terms: &mut Vec<Expr>) -> Parsed<()> {
        let span = self.here();
        let cells = self.cells(reference)?;
        let ranges = [&reference.row, &reference.column].into_iter().any(|index| matches!(index, Index::Many(_)));
        let open = [&reference.row, &reference.column].contains(&&Index::Any);
        if cells.is_empty() {
            return Err((span, "表里没有这些单元格,请核对行号和栏号。".to_owned()));
        }
        if open && !ranges && cells.iter().all(|cell| !cell.is_list) {
            return Err((
                span,
                "SUM 里要写明加总的行或栏,如 SUM([2~5,1]);通配符 * 只表示逐行(栏)各成一条公式。".to_owned(),
            ));
        }
        terms.extend(cells.iter().map(|cell| Expr::new(ExprKind::Name(cell.component(reference.shift)), span)));
        self.advance();
        Ok(())
    }

    /// `千元(B206-1[105,1])`: a cell in another unit of money.
    fn convert(&mut self, unit: Unit) -> Parsed<Expr> {
        let inner = self.expression(0)?;
        self.close()?;
        let ExprKind::Name(name) = &inner.kind else {
            return Err((inner.span, format!("{}(…) 里只能写一个单元格。", unit.chinese())));
        };
        match self.layout.meaning(name) {
            Some(Meaning::Cell(_, cell, _)) if cell.unit.is_some() => {
                Ok(converted(inner.clone(), cell.unit.unwrap_or(unit), unit))
            }
            _ => Err((inner.span, "这一项没有声明货币单位,不能换算。".to_owned())),
        }
    }
}

/// Marks the cells inside `SUM(…)`, where ranges add up.
pub(super) fn mark_sums(tokens: &mut [super::lexer::Token]) {
    let mut depth = 0_usize;
    let mut sums: Vec<usize> = Vec::new();
    let mut after_sum = false;
    for token in tokens {
        match &mut token.kind {
            Kind::Sign("(") => {
                depth += 1;
                if after_sum {
                    sums.push(depth);
                }
            }
            Kind::Sign(")") => {
                if sums.last() == Some(&depth) {
                    sums.pop();
                }
                depth = depth.saturating_sub(1);
            }
            Kind::Cell(reference) => reference.is_added = sums.last() == Some(&depth),
            _ => {}
        }
        after_sum =
            matches!(&token.kind, Kind::Word(word, Shift::Now) if word.eq_ignore_ascii_case("SUM") || word == "合计");
    }
}
