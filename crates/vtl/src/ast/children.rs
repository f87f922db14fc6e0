//! The expressions directly below an operation on datasets.

use super::{Analytic, Clause, DatasetOp, Expr, Grouping, TimeOp};

impl DatasetOp {
    /// The expressions directly below.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            DatasetOp::Member(operand, _)
            | DatasetOp::CheckDatapoint { operand, .. }
            | DatasetOp::CheckHierarchy { operand, .. }
            | DatasetOp::Hierarchy { operand, .. }
            | DatasetOp::Cast(operand, ..)
            | DatasetOp::InDomain(operand, ..) => vec![operand],
            DatasetOp::Clause(operand, clause) => {
                let mut children = clause.children();
                children.push(operand);
                children
            }
            DatasetOp::Join(join) => {
                let operands = join.operands.iter().map(|operand| &operand.expr);
                operands.chain(join.clauses.iter().flat_map(Clause::children)).collect()
            }
            DatasetOp::Aggregate(_, operand, grouping, having) => {
                operand.iter().chain(grouping.iter().flat_map(Grouping::children)).chain(having).collect()
            }
            DatasetOp::Analytic(Analytic { operand, default, .. }) => operand.iter().chain(default).collect(),
            DatasetOp::Set(_, operands) | DatasetOp::UserCall(_, operands) => operands.iter().collect(),
            DatasetOp::Time(op) => op.children(),
            DatasetOp::ExistsIn(left, right, _) => vec![left, right],
            DatasetOp::Check { operand, imbalance, .. } => std::iter::once(operand).chain(imbalance).collect(),
            DatasetOp::Eval(_) => Vec::new(),
        }
    }
}

impl Clause {
    /// The expressions directly below.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Clause::Filter(expr) | Clause::Apply(expr) => vec![expr],
            Clause::Calc(items) => items.iter().map(|item| &item.expr).collect(),
            Clause::Aggr(items, grouping, having) => {
                let items = items.iter().map(|item| &item.expr);
                items.chain(grouping.iter().flat_map(Grouping::children)).chain(having).collect()
            }
            Clause::Sub(items) => items.iter().map(|(_, expr)| expr).collect(),
            Clause::Keep(_) | Clause::Drop(_) | Clause::Rename(_) | Clause::Pivot(..) | Clause::Unpivot(..) => {
                Vec::new()
            }
        }
    }
}

impl Grouping {
    fn children(&self) -> Vec<&Expr> {
        let (Grouping::By(_, conversion) | Grouping::Except(_, conversion) | Grouping::All(conversion)) = self;
        conversion.iter().filter_map(|conversion| conversion.operand.as_ref()).collect()
    }
}

impl TimeOp {
    fn children(&self) -> Vec<&Expr> {
        match self {
            TimeOp::Fill(operand, _)
            | TimeOp::FlowToStock(operand)
            | TimeOp::StockToFlow(operand)
            | TimeOp::Shift(operand, _) => vec![operand],
            TimeOp::Agg(conversion) => conversion.operand.iter().collect(),
            TimeOp::PeriodIndicator(operand) => operand.iter().collect(),
            TimeOp::CurrentDate => Vec::new(),
        }
    }
}
