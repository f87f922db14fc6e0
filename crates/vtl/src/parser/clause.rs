//! What stands in square brackets behind a dataset.

use super::{Parsed, Parser};
use crate::ast::{Assigned, Clause, ComponentRef, Expr, ExprKind};
use crate::lexer::Kind;

impl Parser<'_> {
    /// One clause, behind `[` or inside a join.
    pub(super) fn clause(&mut self) -> Parsed<Clause> {
        let Kind::Word(word) = self.peek(0).clone() else {
            return Err(self.wrong("这里应写子句:filter、calc、aggr、keep、drop、rename、pivot、unpivot 或 sub"));
        };
        let from = self.at;
        self.advance();
        match word.as_str() {
            "filter" => self.component_expression().map(Clause::Filter),
            "calc" => self.list(Self::calculated).map(Clause::Calc),
            "aggr" => {
                let items = self.list(Self::aggregated)?;
                let (grouping, having) = self.grouping()?;
                Ok(Clause::Aggr(items, grouping, having))
            }
            "keep" => self.list(Self::component).map(Clause::Keep),
            "drop" => self.list(Self::component).map(Clause::Drop),
            "rename" => self.list(Self::renamed).map(Clause::Rename),
            "pivot" => self.pair().map(|(identifier, measure)| Clause::Pivot(identifier, measure)),
            "unpivot" => self.pair().map(|(identifier, measure)| Clause::Unpivot(identifier, measure)),
            "sub" => self.list(Self::fixed).map(Clause::Sub),
            _ => {
                self.at = from;
                Err(self.wrong("这里应写子句:filter、calc、aggr、keep、drop、rename、pivot、unpivot 或 sub"))
            }
        }
    }

    /// `name` or `dataset#name`.
    pub(super) fn component(&mut self) -> Parsed<ComponentRef> {
        let name = self.name("成分(变量)的名称")?;
        if !self.accept_sign("#") {
            return Ok(ComponentRef { dataset: None, name });
        }
        let component = self.name("成分(变量)的名称")?;
        Ok(ComponentRef { dataset: Some(name), name: component })
    }

    fn calculated(&mut self) -> Parsed<Assigned> {
        self.assigned(Self::component_expression)
    }

    /// In `aggr` nothing but an aggregate function stands behind `:=`.
    fn aggregated(&mut self) -> Parsed<Assigned> {
        self.assigned(|parser| {
            let from = parser.here();
            match parser.peek(0).clone() {
                Kind::Word(word)
                    if matches!(parser.peek(1), Kind::Sign("(")) && crate::ast::Aggregate::named(&word).is_some() =>
                {
                    let outer = std::mem::replace(&mut parser.is_component, true);
                    let read = parser.aggregate(&word, from);
                    parser.is_component = outer;
                    read
                }
                _ => Err(parser.wrong("aggr 的 := 后应写汇总函数,如 sum(…)、count()")),
            }
        })
    }

    fn assigned(&mut self, value: impl Fn(&mut Self) -> Parsed<Expr>) -> Parsed<Assigned> {
        let role = self.role()?.and_then(|role| role.named());
        let component = self.component()?;
        self.expect_sign(":=", "成分名称后应写 :=")?;
        let expr = value(self)?;
        Ok(Assigned { role, component, expr })
    }

    fn renamed(&mut self) -> Parsed<(ComponentRef, ComponentRef)> {
        let from = self.component()?;
        self.expect_word("to")?;
        Ok((from, self.component()?))
    }

    fn pair(&mut self) -> Parsed<(ComponentRef, ComponentRef)> {
        let identifier = self.component()?;
        self.expect_sign(",", "标识与度量之间用逗号分隔")?;
        Ok((identifier, self.component()?))
    }

    /// `component = constant`, or the name of a scalar.
    fn fixed(&mut self) -> Parsed<(ComponentRef, Expr)> {
        let component = self.component()?;
        self.expect_sign("=", "sub 里写成 成分 = 常数")?;
        if let Kind::Name(name) = self.peek(0).clone() {
            let span = self.here();
            self.advance();
            return Ok((component, Expr::new(ExprKind::Name(name), span)));
        }
        Ok((component, self.scalar_item()?))
    }
}
