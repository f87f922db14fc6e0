//! Joins.

use super::{Parsed, Parser, Reported};
use crate::ast::{Clause, ComponentRef, DatasetOp, Expr, ExprKind, Join, JoinKind, JoinOperand};
use crate::error::Span;
use crate::lexer::Kind;
use crate::scalar::Scalar;

/// The clauses of a join in their order; of one group there is one.
const ORDER: [&[&str]; 4] = [&["filter"], &["calc", "apply", "aggr"], &["keep", "drop"], &["rename"]];

impl Parser<'_> {
    /// `inner_join(a as x, b using c filter … calc … keep … rename …)`
    pub(super) fn join(&mut self, kind: JoinKind, from: Span) -> Parsed<Expr> {
        self.advance();
        self.advance();
        let operands = self.list(Self::join_operand)?;
        let (mut using, mut nvl) = (Vec::new(), Vec::new());
        if self.is_word("using") && kind == JoinKind::Cross {
            return Err(self.wrong("cross_join 不写 using"));
        }
        if self.accept_word("using") {
            using.push(self.component()?);
            while self.accept_sign(",") {
                if self.is_word("nvl") && kind != JoinKind::Inner {
                    nvl.push(self.replacement()?);
                } else if nvl.is_empty() {
                    using.push(self.component()?);
                } else {
                    return Err(self.wrong("nvl 之后只能再写 nvl"));
                }
            }
        }
        let clauses = self.join_clauses()?;
        self.expect_sign(")", &format!("{} 到这里应写右括号 )", kind.name()))?;
        let join = Join { kind, operands, using, nvl, clauses };
        self.dataset_node(DatasetOp::Join(join), from)
    }

    fn join_operand(&mut self) -> Parsed<JoinOperand> {
        let expr = self.expression(0)?;
        let alias = if self.accept_word("as") { Some(self.name("别名")?) } else { None };
        Ok(JoinOperand { expr, alias })
    }

    /// `nvl(component, constant)`
    fn replacement(&mut self) -> Parsed<(ComponentRef, Scalar)> {
        self.advance();
        self.expect_sign("(", "nvl 后应写左括号 (")?;
        let component = self.component()?;
        self.expect_sign(",", "成分与常数之间用逗号分隔")?;
        let value = self.constant()?;
        self.expect_sign(")", "这里应写右括号 )")?;
        Ok((component, value))
    }

    fn join_clauses(&mut self) -> Parsed<Vec<Clause>> {
        let mut clauses = Vec::new();
        let mut reached = 0;
        while let Kind::Word(word) = self.peek(0) {
            let Some(at) = ORDER.iter().position(|group| group.contains(&word.as_str())) else { break };
            if at < reached {
                let message = "连接里的子句按 filter,calc、apply 或 aggr,keep 或 drop,rename 的顺序,每组最多写一个。";
                self.errors.push(self.here(), message);
                return Err(Reported);
            }
            reached = at + 1;
            clauses.push(if self.accept_word("apply") { Clause::Apply(self.expression(0)?) } else { self.clause()? });
        }
        Ok(clauses)
    }

    /// An operation on datasets from `from` to the token just passed.
    pub(super) fn dataset_node(&mut self, op: DatasetOp, from: Span) -> Parsed<Expr> {
        let span = from.to(self.before());
        self.node(ExprKind::Dataset(Box::new(op)), span)
    }
}
