//! Operators over time series, and the conversion of time while grouping.

use super::plan::{Column, Node, Plan, SeriesStep, Value};
use super::structure::{Component, Structure, default_name};
use super::typer::{Typed, Typer, map, name_expr, take, wrong};
use crate::ast::{Conversion, DatasetOp, Expr, ExprKind, Given, Role, TimeOp};
use crate::error::Span;
use crate::expression::Expression;
use crate::scalar::Type;

impl Typer<'_> {
    pub(super) fn time(&mut self, op: &TimeOp, span: Span) -> Typed<Value> {
        let (operand, step) = match op {
            TimeOp::Fill(operand, is_all) => (operand, SeriesStep::Fill(*is_all)),
            TimeOp::FlowToStock(operand) => (operand, SeriesStep::FlowToStock),
            TimeOp::StockToFlow(operand) => (operand, SeriesStep::StockToFlow),
            TimeOp::Shift(operand, Given::Value(by)) => (operand, SeriesStep::Shift(*by)),
            TimeOp::Shift(_, Given::Parameter(name)) => return wrong(span, format!("“{name}”不是常数。")),
            TimeOp::PeriodIndicator(Some(operand)) => return self.indicator(operand, span),
            TimeOp::PeriodIndicator(None) => return wrong(span, "period_indicator() 只能写在方括号里。"),
            TimeOp::Agg(conversion) => return self.coarser(conversion, span),
            TimeOp::CurrentDate => {
                return wrong(span, "current_date 的结果随运行的日子而变,不能使用。请把日期写成常数。");
            }
        };
        let plan = self.dataset(operand, "时间运算的对象")?;
        let time = time_identifier(&plan.structure, span)?;
        if matches!(step, SeriesStep::FlowToStock | SeriesStep::StockToFlow) {
            let odd = plan.structure.measures().into_iter().find(|measure| !measure.kind.is_numeric());
            if let Some(odd) = odd {
                return wrong(span, format!("度量“{}”不是数值,不能累计或差分。", odd.name));
            }
        }
        // Attributes stay as they are: the rows are the same ones at other times.
        let structure = plan.structure.clone();
        Ok(Value::Dataset(Box::new(Plan { node: Node::Series { input: Box::new(plan), time, step }, structure })))
    }

    /// Of a dataset: the duration of its time identifier. Of a scalar: of itself.
    fn indicator(&mut self, operand: &Expr, span: Span) -> Typed<Value> {
        let op = |operand: Expr| {
            Expr::new(ExprKind::Dataset(Box::new(DatasetOp::Time(TimeOp::PeriodIndicator(Some(operand))))), span)
        };
        let plan = match self.value(operand)? {
            Value::Dataset(plan) => *plan,
            Value::Scalar(scalar, _) => {
                return Self::fold(&op(Expr::new(ExprKind::Constant(scalar), operand.span)));
            }
        };
        let time = time_identifier(&plan.structure, span)?;
        let compiled = Expression::compile(&op(name_expr(&time, span)), &plan.structure.schema())?;
        let kind = compiled.kind().unwrap_or(Type::String);
        let mut columns: Vec<(Component, Column)> = plan.structure.with_role(Role::Identifier).map(take).collect();
        let result = Component::new(default_name(kind), kind, Role::Measure);
        columns.push((result, Column::Compute(Box::new(compiled))));
        columns.extend(plan.structure.with_role(Role::ViralAttribute).map(take));
        Ok(Value::Dataset(Box::new(map(plan, columns))))
    }

    /// `time_agg` on its own: of a scalar, or of the only measure of a dataset.
    fn coarser(&mut self, conversion: &Conversion, span: Span) -> Typed<Value> {
        let Some(operand) = &conversion.operand else {
            return wrong(span, "time_agg 在这里要写操作数;要按较粗的时期汇总请写 group all time_agg(…)。");
        };
        let op = |operand: Expr| {
            let conversion = Conversion { operand: Some(operand), ..conversion.clone() };
            Expr::new(ExprKind::Dataset(Box::new(DatasetOp::Time(TimeOp::Agg(conversion)))), span)
        };
        let plan = match self.value(operand)? {
            Value::Dataset(plan) => *plan,
            Value::Scalar(scalar, _) => {
                return Self::fold(&op(Expr::new(ExprKind::Constant(scalar), operand.span)));
            }
        };
        let measure = match plan.structure.measures().as_slice() {
            [measure] if measure.kind.is_temporal() => (*measure).clone(),
            _ => return wrong(span, "time_agg 只用于有一个时间度量的数据集;要汇总请写 group all time_agg(…)。"),
        };
        let compiled = Expression::compile(&op(name_expr(&measure.name, span)), &plan.structure.schema())?;
        let mut columns: Vec<(Component, Column)> = plan.structure.with_role(Role::Identifier).map(take).collect();
        columns.push((measure, Column::Compute(Box::new(compiled))));
        columns.extend(plan.structure.with_role(Role::ViralAttribute).map(take));
        Ok(Value::Dataset(Box::new(map(plan, columns))))
    }

    /// `group … time_agg(…)`: the time identifier made coarser before the rows are grouped.
    pub(super) fn time_converted(plan: Plan, conversion: &Conversion, span: Span) -> Typed<Plan> {
        let time = match &conversion.operand {
            Some(Expr { kind: ExprKind::Name(name), .. }) if plan.structure.find(name).is_some() => name.clone(),
            Some(operand) => return wrong(operand.span, "time_agg 在分组里只能写数据集的时间标识。"),
            None => time_identifier(&plan.structure, span)?,
        };
        let conversion = Conversion { operand: Some(name_expr(&time, span)), ..conversion.clone() };
        let expr = Expr::new(ExprKind::Dataset(Box::new(DatasetOp::Time(TimeOp::Agg(conversion)))), span);
        let compiled = Expression::compile(&expr, &plan.structure.schema())?;
        let mut columns: Vec<(Component, Column)> = plan.structure.components.iter().map(take).collect();
        if let Some((component, column)) = columns.iter_mut().find(|(component, _)| component.name == time) {
            component.kind = compiled.kind().unwrap_or(component.kind);
            *column = Column::Compute(Box::new(compiled));
        }
        Ok(map(plan, columns))
    }
}

/// The only identifier that lies in time.
pub(super) fn time_identifier(structure: &Structure, span: Span) -> Typed<String> {
    let mut times = structure.with_role(Role::Identifier).filter(|identifier| identifier.kind.is_temporal());
    match (times.next(), times.next()) {
        (Some(time), None) => Ok(time.name.clone()),
        (None, _) => wrong(span, "数据集没有时间标识(日期、时期或时间区间)。"),
        _ => wrong(span, "数据集有几个时间标识,只能有一个。"),
    }
}
