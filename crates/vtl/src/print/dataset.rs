//! Operations on datasets.

use super::{POSTFIX_BINDING, expression, list};
use crate::ast::{
    Analytic, Assigned, Clause, ComponentRef, Conversion, DatasetOp, Expr, Given, Grouping, HierarchyOutput,
    IN_BINDING, Join, JoinOperand, Mode, OrderItem, Output, Partition, RuleInput, TimeOp, Window, WindowBound,
    WindowUnit,
};
use crate::keyword::quoted;
use crate::scalar::Scalar;
use std::fmt::{self, Display, Formatter};

pub(super) fn operation(f: &mut Formatter<'_>, op: &DatasetOp) -> fmt::Result {
    match op {
        DatasetOp::Member(operand, component) => {
            expression(f, operand, POSTFIX_BINDING)?;
            write!(f, "#{}", quoted(component))
        }
        DatasetOp::Clause(operand, clause) => {
            expression(f, operand, POSTFIX_BINDING)?;
            write!(f, "[{clause}]")
        }
        DatasetOp::Join(join) => write!(f, "{join}"),
        DatasetOp::Aggregate(function, operand, grouping, having) => {
            write!(f, "{}(", function.name())?;
            operand.iter().try_for_each(|operand| write!(f, "{operand}"))?;
            groups(f, grouping.as_ref(), having.as_ref())?;
            f.write_str(")")
        }
        DatasetOp::Analytic(analytic) => write!(f, "{analytic}"),
        DatasetOp::Set(op, operands) => {
            write!(f, "{}(", op.name())?;
            list(f, operands, ", ")?;
            f.write_str(")")
        }
        DatasetOp::Time(op) => write!(f, "{op}"),
        DatasetOp::ExistsIn(left, right, retain) => {
            write!(f, "exists_in({left}, {right}")?;
            retain.iter().try_for_each(|retain| write!(f, ", {}", retain.name()))?;
            f.write_str(")")
        }
        DatasetOp::Cast(operand, name, mask) => {
            write!(f, "cast({operand}, {name}")?;
            mask.iter().try_for_each(|mask| write!(f, ", {}", Scalar::text(mask)))?;
            f.write_str(")")
        }
        DatasetOp::InDomain(operand, negated, domain) => {
            expression(f, operand, IN_BINDING)?;
            write!(f, " {} {}", if *negated { "not_in" } else { "in" }, quoted(domain))
        }
        DatasetOp::UserCall(name, arguments) => {
            write!(f, "{}(", quoted(name))?;
            list(f, arguments, ", ")?;
            f.write_str(")")
        }
        DatasetOp::Eval(written) => write!(f, "eval({written})"),
        _ => validation(f, op),
    }
}

/// `check` and its kin: words in a fixed order, each only if it was written.
fn validation(f: &mut Formatter<'_>, op: &DatasetOp) -> fmt::Result {
    match op {
        DatasetOp::Check { operand, error_code, error_level, imbalance, output } => {
            write!(f, "check({operand}")?;
            error_code.iter().try_for_each(|code| write!(f, " errorcode {code}"))?;
            error_level.iter().try_for_each(|level| write!(f, " errorlevel {level}"))?;
            imbalance.iter().try_for_each(|imbalance| write!(f, " imbalance {imbalance}"))?;
            option(f, output.map(Output::name))?;
        }
        DatasetOp::CheckDatapoint { operand, ruleset, components, output } => {
            write!(f, "check_datapoint({operand}, {}", quoted(ruleset))?;
            listed(f, " components ", components)?;
            option(f, output.map(Output::name))?;
        }
        DatasetOp::CheckHierarchy { operand, ruleset, conditions, rule, mode, input, output } => {
            write!(f, "check_hierarchy({operand}, {}", quoted(ruleset))?;
            listed(f, " condition ", conditions)?;
            rule.iter().try_for_each(|rule| write!(f, " rule {rule}"))?;
            option(f, mode.map(Mode::name))?;
            option(f, input.map(RuleInput::name))?;
            option(f, output.map(Output::name))?;
        }
        DatasetOp::Hierarchy { operand, ruleset, conditions, rule, mode, input, output } => {
            write!(f, "hierarchy({operand}, {}", quoted(ruleset))?;
            listed(f, " condition ", conditions)?;
            rule.iter().try_for_each(|rule| write!(f, " rule {rule}"))?;
            option(f, mode.map(Mode::name))?;
            option(f, input.map(RuleInput::name))?;
            option(f, output.map(HierarchyOutput::name))?;
        }
        _ => return Ok(()),
    }
    f.write_str(")")
}

fn option(f: &mut Formatter<'_>, word: Option<&str>) -> fmt::Result {
    word.iter().try_for_each(|word| write!(f, " {word}"))
}

/// ` word a, b`, or nothing for an empty list.
fn listed<T: Display>(f: &mut Formatter<'_>, word: &str, items: &[T]) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    f.write_str(word)?;
    list(f, items, ", ")
}

fn groups(f: &mut Formatter<'_>, grouping: Option<&Grouping>, having: Option<&Expr>) -> fmt::Result {
    grouping.iter().try_for_each(|grouping| write!(f, " {grouping}"))?;
    having.iter().try_for_each(|having| write!(f, " having {having}"))
}

impl Display for ComponentRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.dataset.iter().try_for_each(|dataset| write!(f, "{}#", quoted(dataset)))?;
        f.write_str(&quoted(&self.name))
    }
}

impl<T: Display> Display for Given<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Given::Value(value) => write!(f, "{value}"),
            Given::Parameter(name) => f.write_str(&quoted(name)),
        }
    }
}

impl Display for Assigned {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.role.iter().try_for_each(|role| write!(f, "{} ", role.name()))?;
        write!(f, "{} := {}", self.component, self.expr)
    }
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Filter(condition) => write!(f, "filter {condition}"),
            Clause::Calc(items) => listed(f, "calc ", items),
            Clause::Apply(expr) => write!(f, "apply {expr}"),
            Clause::Aggr(items, grouping, having) => {
                listed(f, "aggr ", items)?;
                groups(f, grouping.as_ref(), having.as_ref())
            }
            Clause::Keep(components) => listed(f, "keep ", components),
            Clause::Drop(components) => listed(f, "drop ", components),
            Clause::Rename(pairs) => pairs
                .iter()
                .enumerate()
                .try_for_each(|(at, (from, to))| write!(f, "{}{from} to {to}", if at == 0 { "rename " } else { ", " })),
            Clause::Pivot(identifier, measure) => write!(f, "pivot {identifier}, {measure}"),
            Clause::Unpivot(identifier, measure) => write!(f, "unpivot {identifier}, {measure}"),
            Clause::Sub(pairs) => pairs.iter().enumerate().try_for_each(|(at, (component, value))| {
                write!(f, "{}{component} = {value}", if at == 0 { "sub " } else { ", " })
            }),
        }
    }
}

impl Display for Grouping {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let conversion = match self {
            Grouping::By(components, conversion) => {
                listed(f, "group by ", components)?;
                conversion
            }
            Grouping::Except(components, conversion) => {
                listed(f, "group except ", components)?;
                conversion
            }
            Grouping::All(conversion) => {
                f.write_str("group all")?;
                conversion
            }
        };
        conversion.iter().try_for_each(|conversion| write!(f, " {conversion}"))
    }
}

impl Display for Conversion {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("time_agg(")?;
        match &self.to {
            Given::Value(text) => write!(f, "{}", Scalar::text(text))?,
            Given::Parameter(name) => f.write_str(&quoted(name))?,
        }
        match (&self.from, &self.operand) {
            (Some(from), _) => write!(f, ", {}", Scalar::text(from))?,
            (None, Some(_)) => f.write_str(", _")?,
            (None, None) => {}
        }
        self.operand.iter().try_for_each(|operand| write!(f, ", {operand}"))?;
        option_of(f, self.takes_last)?;
        f.write_str(")")
    }
}

fn option_of(f: &mut Formatter<'_>, takes_last: Option<bool>) -> fmt::Result {
    takes_last.iter().try_for_each(|last| f.write_str(if *last { ", last" } else { ", first" }))
}

impl Display for TimeOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TimeOp::Fill(operand, true) => write!(f, "fill_time_series({operand}, all)"),
            TimeOp::Fill(operand, false) => write!(f, "fill_time_series({operand}, single)"),
            TimeOp::FlowToStock(operand) => write!(f, "flow_to_stock({operand})"),
            TimeOp::StockToFlow(operand) => write!(f, "stock_to_flow({operand})"),
            TimeOp::Shift(operand, count) => write!(f, "timeshift({operand}, {count})"),
            TimeOp::Agg(conversion) => write!(f, "{conversion}"),
            TimeOp::PeriodIndicator(Some(operand)) => write!(f, "period_indicator({operand})"),
            TimeOp::PeriodIndicator(None) => f.write_str("period_indicator()"),
            TimeOp::CurrentDate => f.write_str("current_date()"),
        }
    }
}

impl Display for Join {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.kind.name())?;
        list(f, &self.operands, ", ")?;
        listed(f, " using ", &self.using)?;
        self.nvl.iter().try_for_each(|(component, value)| write!(f, ", nvl({component}, {value})"))?;
        self.clauses.iter().try_for_each(|clause| write!(f, " {clause}"))?;
        f.write_str(")")
    }
}

impl Display for JoinOperand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.expr)?;
        self.alias.iter().try_for_each(|alias| write!(f, " as {}", quoted(alias)))
    }
}

impl Display for Analytic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name())?;
        self.operand.iter().try_for_each(|operand| write!(f, "{operand}"))?;
        self.offset.iter().try_for_each(|offset| write!(f, ", {offset}"))?;
        self.default.iter().try_for_each(|default| write!(f, ", {default}"))?;
        let mut parts: Vec<String> = self.partition.iter().map(ToString::to_string).collect();
        if !self.order.is_empty() {
            let order: Vec<String> = self.order.iter().map(ToString::to_string).collect();
            parts.push(format!("order by {}", order.join(", ")));
        }
        parts.extend(self.window.iter().map(ToString::to_string));
        let space = if self.operand.is_some() { " " } else { "" };
        write!(f, "{space}over({}))", parts.join(" "))
    }
}

impl Display for Partition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Partition::By(components) => listed(f, "partition by ", components),
            Partition::Except(components) => listed(f, "partition except ", components),
            Partition::ExceptAll => f.write_str("partition except all"),
        }
    }
}

impl Display for OrderItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.component, if self.is_descending { " desc" } else { "" })
    }
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            WindowUnit::Points => "data points",
            WindowUnit::Range => "range",
        };
        write!(f, "{unit} between {} and {}", self.from, self.to)
    }
}

impl Display for WindowBound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            WindowBound::UnboundedPreceding => f.write_str("unbounded preceding"),
            WindowBound::Preceding(count) => write!(f, "{count} preceding"),
            WindowBound::Current => f.write_str("current data point"),
            WindowBound::Following(count) => write!(f, "{count} following"),
            WindowBound::UnboundedFollowing => f.write_str("unbounded following"),
        }
    }
}
