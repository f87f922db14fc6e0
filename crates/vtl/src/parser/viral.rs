//! `define viral propagation` (2.2).

use super::{Parsed, Parser};
use crate::ast::{Aggregate, ViralBody, ViralClause, ViralPropagation};
use crate::error::Span;

impl Parser<'_> {
    /// `propagation NAME (variable A) is … end viral propagation;`
    pub(super) fn viral_propagation(&mut self, start: Span) -> Parsed<ViralPropagation> {
        self.expect_word("propagation")?;
        let name = self.name("属性传播规则的名称")?;
        self.expect_sign("(", "名称后应写左括号 (")?;
        let signature = self.signature()?;
        let target = self.name("属性或值域的名称")?;
        self.expect_sign(")", "属性或值域后应写右括号 )")?;
        self.expect_word("is")?;
        let body = if self.accept_word("aggregate") {
            match self.choice(simple_aggregate) {
                Some(function) => ViralBody::Aggregate(function),
                None => return Err(self.wrong("aggregate 后应写 min、max、sum 或 avg")),
            }
        } else {
            self.viral_clauses()?
        };
        self.end_of_definition(&["viral", "propagation"])?;
        Ok(ViralPropagation { name, signature, target, body, span: start.to(self.before()) })
    }

    /// `when … then …` with semicolons between them, then `else …`.
    fn viral_clauses(&mut self) -> Parsed<ViralBody> {
        let mut clauses = vec![self.viral_clause()?];
        while self.accept_sign(";") {
            if self.accept_word("else") {
                return Ok(ViralBody::Listed(clauses, Some(self.constant()?)));
            }
            clauses.push(self.viral_clause()?);
        }
        Ok(ViralBody::Listed(clauses, None))
    }

    fn viral_clause(&mut self) -> Parsed<ViralClause> {
        let name = self.rule_name()?;
        self.expect_word("when")?;
        let when = self.constant()?;
        let and = if self.accept_word("and") { Some(self.constant()?) } else { None };
        self.expect_word("then")?;
        Ok(ViralClause { name, when, and, then: self.constant()? })
    }
}

/// The functions that the standard allows here.
fn simple_aggregate(word: &str) -> Option<Aggregate> {
    let allowed = [Aggregate::Min, Aggregate::Max, Aggregate::Sum, Aggregate::Avg];
    Aggregate::named(word).filter(|function| allowed.contains(function))
}
