//! A tree with some of its pieces replaced.

use crate::ast::{
    Analytic, Assigned, Clause, ComponentRef, Conversion, DatasetOp, Expr, ExprKind, Given, Grouping, Join,
    JoinOperand, OrderItem, Partition, TimeOp, Window, WindowBound,
};
use crate::scalar::Scalar;

/// What to replace: expressions by expressions, names of components by names.
pub(super) struct Rewrite<'a> {
    /// The replacement of an expression, which is not looked into again.
    pub expr: &'a mut dyn FnMut(&Expr) -> Option<Expr>,
    /// The replacement of a name in a list of components.
    pub name: &'a dyn Fn(&str) -> Option<String>,
    /// The constant that a parameter stands for.
    pub given: &'a dyn Fn(&str) -> Option<Scalar>,
}

impl Rewrite<'_> {
    /// The expression with its pieces replaced.
    pub fn apply(&mut self, expr: &Expr) -> Expr {
        if let Some(replaced) = (self.expr)(expr) {
            return replaced;
        }
        let kind = match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Omitted => return expr.clone(),
            ExprKind::Unary(op, operand) => ExprKind::Unary(*op, self.boxed(operand)),
            ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, self.boxed(left), self.boxed(right)),
            ExprKind::In { operand, negated, set } => {
                ExprKind::In { operand: self.boxed(operand), negated: *negated, set: self.all(set) }
            }
            ExprKind::If(condition, then, otherwise) => {
                ExprKind::If(self.boxed(condition), self.boxed(then), self.boxed(otherwise))
            }
            ExprKind::Case(branches, otherwise) => {
                let branches = branches.iter().map(|(when, then)| (self.apply(when), self.apply(then))).collect();
                ExprKind::Case(branches, self.boxed(otherwise))
            }
            ExprKind::Call(function, arguments) => ExprKind::Call(*function, self.all(arguments)),
            ExprKind::Dataset(op) => ExprKind::Dataset(Box::new(self.op(op))),
        };
        Expr::new(kind, expr.span)
    }

    fn boxed(&mut self, expr: &Expr) -> Box<Expr> {
        Box::new(self.apply(expr))
    }

    fn all(&mut self, exprs: &[Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.apply(expr)).collect()
    }

    fn maybe(&mut self, expr: Option<&Expr>) -> Option<Expr> {
        expr.map(|expr| self.apply(expr))
    }

    fn text(&self, name: &str) -> String {
        (self.name)(name).unwrap_or_else(|| name.to_owned())
    }

    fn component(&self, component: &ComponentRef) -> ComponentRef {
        ComponentRef {
            dataset: component.dataset.as_ref().map(|dataset| self.text(dataset)),
            name: self.text(&component.name),
        }
    }

    fn components(&self, components: &[ComponentRef]) -> Vec<ComponentRef> {
        components.iter().map(|component| self.component(component)).collect()
    }

    fn op(&mut self, op: &DatasetOp) -> DatasetOp {
        let mut op = op.clone();
        match &mut op {
            DatasetOp::Member(operand, name) => {
                *operand = self.apply(operand);
                *name = self.text(name);
            }
            DatasetOp::Clause(operand, clause) => {
                *operand = self.apply(operand);
                *clause = self.clause(clause);
            }
            DatasetOp::Join(join) => *join = self.join(join),
            DatasetOp::Aggregate(_, operand, grouping, having) => {
                *operand = self.maybe(operand.as_ref());
                *grouping = grouping.as_ref().map(|grouping| self.grouping(grouping));
                *having = self.maybe(having.as_ref());
            }
            DatasetOp::Analytic(analytic) => *analytic = self.analytic(analytic),
            DatasetOp::Set(_, operands) | DatasetOp::UserCall(_, operands) => *operands = self.all(operands),
            DatasetOp::Time(time) => *time = self.time(time),
            DatasetOp::ExistsIn(left, right, _) => {
                *left = self.apply(left);
                *right = self.apply(right);
            }
            DatasetOp::CheckDatapoint { operand, ruleset, components, .. } => {
                *operand = self.apply(operand);
                *ruleset = self.text(ruleset);
                *components = self.components(components);
            }
            DatasetOp::CheckHierarchy { operand, ruleset, conditions, rule, .. }
            | DatasetOp::Hierarchy { operand, ruleset, conditions, rule, .. } => {
                *operand = self.apply(operand);
                *ruleset = self.text(ruleset);
                *conditions = self.components(conditions);
                *rule = rule.as_ref().map(|rule| self.component(rule));
            }
            DatasetOp::Check { operand, imbalance, .. } => {
                *operand = self.apply(operand);
                *imbalance = self.maybe(imbalance.as_ref());
            }
            DatasetOp::Cast(operand, ..) | DatasetOp::InDomain(operand, ..) => *operand = self.apply(operand),
            DatasetOp::Eval(_) => {}
        }
        op
    }

    fn join(&mut self, join: &Join) -> Join {
        let operand = |this: &mut Self, operand: &JoinOperand| JoinOperand {
            expr: this.apply(&operand.expr),
            alias: operand.alias.clone(),
        };
        Join {
            kind: join.kind,
            operands: join.operands.iter().map(|one| operand(self, one)).collect(),
            using: self.components(&join.using),
            nvl: join.nvl.iter().map(|(name, value)| (self.component(name), value.clone())).collect(),
            clauses: join.clauses.iter().map(|clause| self.clause(clause)).collect(),
        }
    }

    fn assigned(&mut self, items: &[Assigned]) -> Vec<Assigned> {
        let mut one = |item: &Assigned| Assigned {
            role: item.role,
            component: self.component(&item.component),
            expr: self.apply(&item.expr),
        };
        items.iter().map(&mut one).collect()
    }

    fn clause(&mut self, clause: &Clause) -> Clause {
        match clause {
            Clause::Filter(expr) => Clause::Filter(self.apply(expr)),
            Clause::Apply(expr) => Clause::Apply(self.apply(expr)),
            Clause::Calc(items) => Clause::Calc(self.assigned(items)),
            Clause::Aggr(items, grouping, having) => Clause::Aggr(
                self.assigned(items),
                grouping.as_ref().map(|grouping| self.grouping(grouping)),
                self.maybe(having.as_ref()),
            ),
            Clause::Keep(components) => Clause::Keep(self.components(components)),
            Clause::Drop(components) => Clause::Drop(self.components(components)),
            Clause::Rename(pairs) => {
                Clause::Rename(pairs.iter().map(|(from, to)| (self.component(from), self.component(to))).collect())
            }
            Clause::Pivot(a, b) => Clause::Pivot(self.component(a), self.component(b)),
            Clause::Unpivot(a, b) => Clause::Unpivot(self.component(a), self.component(b)),
            Clause::Sub(items) => {
                Clause::Sub(items.iter().map(|(name, expr)| (self.component(name), self.apply(expr))).collect())
            }
        }
    }

    fn conversion(&mut self, conversion: &Conversion) -> Conversion {
        let to = match &conversion.to {
            Given::Parameter(name) => match (self.given)(name) {
                Some(Scalar::Text(text)) => Given::Value(text),
                _ => conversion.to.clone(),
            },
            Given::Value(_) => conversion.to.clone(),
        };
        Conversion { to, operand: self.maybe(conversion.operand.as_ref()), ..conversion.clone() }
    }

    fn grouping(&mut self, grouping: &Grouping) -> Grouping {
        let maybe = |this: &mut Self, conversion: &Option<Conversion>| {
            conversion.as_ref().map(|conversion| this.conversion(conversion))
        };
        match grouping {
            Grouping::By(names, conversion) => Grouping::By(self.components(names), maybe(self, conversion)),
            Grouping::Except(names, conversion) => Grouping::Except(self.components(names), maybe(self, conversion)),
            Grouping::All(conversion) => Grouping::All(maybe(self, conversion)),
        }
    }

    fn analytic(&mut self, analytic: &Analytic) -> Analytic {
        let order = |item: &OrderItem| OrderItem { component: self.component(&item.component), ..item.clone() };
        let order = analytic.order.iter().map(order).collect();
        let partition = analytic.partition.as_ref().map(|partition| match partition {
            Partition::By(names) => Partition::By(self.components(names)),
            Partition::Except(names) => Partition::Except(self.components(names)),
            Partition::ExceptAll => Partition::ExceptAll,
        });
        Analytic {
            function: analytic.function,
            operand: self.maybe(analytic.operand.as_ref()),
            offset: analytic.offset.as_ref().map(|offset| self.whole(offset)),
            default: self.maybe(analytic.default.as_ref()),
            partition,
            order,
            window: analytic.window.as_ref().map(|window| Window {
                unit: window.unit,
                from: self.bound(&window.from),
                to: self.bound(&window.to),
            }),
        }
    }

    fn whole<T: Clone + TryFrom<i64>>(&self, given: &Given<T>) -> Given<T> {
        let Given::Parameter(name) = given else { return given.clone() };
        match (self.given)(name) {
            Some(Scalar::Integer(value)) => T::try_from(value).map_or_else(|_| given.clone(), Given::Value),
            _ => given.clone(),
        }
    }

    fn bound(&self, bound: &WindowBound) -> WindowBound {
        match bound {
            WindowBound::Preceding(rows) => WindowBound::Preceding(self.whole(rows)),
            WindowBound::Following(rows) => WindowBound::Following(self.whole(rows)),
            other => other.clone(),
        }
    }

    fn time(&mut self, op: &TimeOp) -> TimeOp {
        match op {
            TimeOp::Fill(operand, all) => TimeOp::Fill(self.apply(operand), *all),
            TimeOp::FlowToStock(operand) => TimeOp::FlowToStock(self.apply(operand)),
            TimeOp::StockToFlow(operand) => TimeOp::StockToFlow(self.apply(operand)),
            TimeOp::Shift(operand, by) => TimeOp::Shift(self.apply(operand), self.whole(by)),
            TimeOp::Agg(conversion) => TimeOp::Agg(self.conversion(conversion)),
            TimeOp::PeriodIndicator(operand) => TimeOp::PeriodIndicator(self.maybe(operand.as_ref())),
            TimeOp::CurrentDate => TimeOp::CurrentDate,
        }
    }
}
