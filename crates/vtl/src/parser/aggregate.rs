//! Aggregates, grouping and windows.

use super::{Parsed, Parser, Reported};
use crate::ast::{
    Aggregate, Analytic, AnalyticFunction, ComponentRef, Conversion, DatasetOp, Expr, Given, Grouping, OrderItem,
    Partition, Window, WindowBound, WindowUnit,
};
use crate::error::Span;
use crate::lexer::Kind;
use crate::scalar::Scalar;

impl Parser<'_> {
    /// `sum(x group by … having …)`, `sum(x over (…))`, `lag(x, 1 over (…))`
    pub(super) fn aggregate(&mut self, word: &str, from: Span) -> Parsed<Expr> {
        let function = Aggregate::named(word);
        self.advance();
        self.advance();
        if function == Some(Aggregate::Count) && self.is_component && self.accept_sign(")") {
            return self.dataset_node(DatasetOp::Aggregate(Aggregate::Count, None, None, None), from);
        }
        let window = match (function, AnalyticFunction::named(word)) {
            (None, Some(function)) => function,
            (Some(function), _) => {
                let operand = self.expression(0)?;
                if !self.is_word("over") {
                    return self.grouped(function, operand, from);
                }
                return self.analytic(AnalyticFunction::Aggregate(function), Some(operand), from);
            }
            _ => return Err(self.wrong("这里应写表达式")),
        };
        if window == AnalyticFunction::Rank {
            if !self.is_component {
                self.errors.push(from, "rank 只能写在 calc 等子句里。");
                return Err(Reported);
            }
            return self.analytic(window, None, from);
        }
        let operand = self.expression(0)?;
        self.analytic(window, Some(operand), from)
    }

    fn grouped(&mut self, function: Aggregate, operand: Expr, from: Span) -> Parsed<Expr> {
        if self.is_component && self.is_word("group") {
            return Err(self.wrong("子句里的汇总函数不写 group,分组写在 aggr 子句的末尾;这里应写右括号 )"));
        }
        let (grouping, having) = if self.is_component { (None, None) } else { self.grouping()? };
        self.expect_sign(")", &format!("{} 到这里应写右括号 )", function.name()))?;
        self.dataset_node(DatasetOp::Aggregate(function, Some(operand), grouping, having), from)
    }

    /// `group by … having …`, if it stands here.
    pub(super) fn grouping(&mut self) -> Parsed<(Option<Grouping>, Option<Expr>)> {
        if !self.accept_word("group") {
            if self.is_word("having") {
                return Err(self.wrong("having 前应有 group by、group except 或 group all"));
            }
            return Ok((None, None));
        }
        let grouping = if self.accept_word("all") {
            Grouping::All(self.group_conversion()?)
        } else if self.accept_word("except") {
            Grouping::Except(self.list(Self::component)?, self.group_conversion()?)
        } else if self.accept_word("by") {
            Grouping::By(self.list(Self::component)?, self.group_conversion()?)
        } else {
            return Err(self.wrong("group 后应写 by、except 或 all"));
        };
        let having = if self.accept_word("having") { Some(self.component_expression()?) } else { None };
        Ok((Some(grouping), having))
    }

    fn group_conversion(&mut self) -> Parsed<Option<Conversion>> {
        if !self.is_word("time_agg") {
            return Ok(None);
        }
        let has_more = matches!(self.peek(3), Kind::Sign(","));
        let is_known =
            matches!(self.peek(4), Kind::Constant(Scalar::Text(_)) | Kind::Sign("_")) || self.is_end_of_period();
        if has_more && !is_known {
            let message = "分组里的 time_agg 在时长后写 first 或 last;要写转换的对象,请写 time_agg(\"A\", _, 对象)。";
            self.errors.push(self.here(), message);
            return Err(Reported);
        }
        self.conversion().map(Some)
    }

    fn is_end_of_period(&self) -> bool {
        matches!(self.peek(4), Kind::Word(word) if word == "first" || word == "last")
    }

    /// `time_agg("A", "M" or _, x or _, first or last)`
    pub(super) fn conversion(&mut self) -> Parsed<Conversion> {
        self.advance();
        self.expect_sign("(", "time_agg 后应写左括号 (")?;
        let to = match self.peek(0).clone() {
            Kind::Constant(Scalar::Text(text)) => Given::Value(text),
            Kind::Name(name) => Given::Parameter(name),
            _ => return Err(self.wrong("time_agg 的第 1 个参数应写时长,如 \"A\"、\"Q\"")),
        };
        self.advance();
        let mut conversion = Conversion { to, from: None, operand: None, takes_last: None };
        if self.is_sign(",") && matches!(self.peek(2), Kind::Sign("," | ")")) {
            if let Kind::Constant(Scalar::Text(text)) = self.peek(1).clone() {
                conversion.from = Some(text);
                self.at += 2;
            } else if matches!(self.peek(1), Kind::Sign("_")) {
                self.at += 2;
            }
        }
        let mut may_operand = true;
        while conversion.takes_last.is_none() && self.accept_sign(",") {
            if self.accept_word("first") {
                conversion.takes_last = Some(false);
            } else if self.accept_word("last") {
                conversion.takes_last = Some(true);
            } else if may_operand {
                may_operand = false;
                if !self.accept_sign("_") {
                    conversion.operand = Some(self.expression(0)?);
                }
            } else {
                return Err(self.wrong("time_agg 的最后一个参数应写 first 或 last"));
            }
        }
        self.expect_sign(")", "time_agg 的参数之间用逗号分隔,最后写右括号 )")?;
        Ok(conversion)
    }

    /// `over (partition by … order by … window)` and what `lag` and `lead` have before it.
    fn analytic(&mut self, function: AnalyticFunction, operand: Option<Expr>, from: Span) -> Parsed<Expr> {
        let shifts = matches!(function, AnalyticFunction::Lag | AnalyticFunction::Lead);
        let (mut offset, mut default) = (None, None);
        if shifts && self.accept_sign(",") {
            offset = Some(self.given_integer()?);
            if self.accept_sign(",") {
                default = Some(self.scalar_item()?);
            }
        }
        self.expect_word("over")?;
        self.expect_sign("(", "over 后应写左括号 (")?;
        let partition = self.partition()?;
        let needs_order = shifts || function == AnalyticFunction::Rank;
        let order = if function == AnalyticFunction::RatioToReport {
            if partition.is_none() {
                return Err(self.wrong("ratio_to_report 的 over 里应写 partition by"));
            }
            Vec::new()
        } else if self.accept_word("order") {
            self.expect_word("by")?;
            self.list(Self::order_item)?
        } else if needs_order {
            return Err(self.wrong(&format!("{} 的 over 里应写 order by", function.name())));
        } else {
            Vec::new()
        };
        let may_window = !needs_order && function != AnalyticFunction::RatioToReport;
        let window = if may_window { self.window()? } else { None };
        self.expect_sign(")", "over 到这里应写右括号 )")?;
        self.expect_sign(")", &format!("{} 到这里应写右括号 )", function.name()))?;
        let analytic = Analytic { function, operand, offset, default, partition, order, window };
        self.dataset_node(DatasetOp::Analytic(analytic), from)
    }

    fn partition(&mut self) -> Parsed<Option<Partition>> {
        if !self.accept_word("partition") {
            return Ok(None);
        }
        if self.accept_word("by") {
            return self.list(Self::component).map(Partition::By).map(Some);
        }
        if !self.accept_word("except") {
            return Err(self.wrong("partition 后应写 by 或 except"));
        }
        if self.accept_word("all") {
            return Ok(Some(Partition::ExceptAll));
        }
        self.list(Self::component).map(Partition::Except).map(Some)
    }

    fn order_item(&mut self) -> Parsed<OrderItem> {
        let component: ComponentRef = self.component()?;
        let is_descending = self.accept_word("desc");
        if !is_descending {
            self.accept_word("asc");
        }
        Ok(OrderItem { component, is_descending })
    }

    fn window(&mut self) -> Parsed<Option<Window>> {
        let unit = if self.accept_word("data") {
            self.expect_word("points")?;
            WindowUnit::Points
        } else if self.accept_word("range") {
            WindowUnit::Range
        } else {
            return Ok(None);
        };
        self.expect_word("between")?;
        let from = self.bound()?;
        self.expect_word("and")?;
        Ok(Some(Window { unit, from, to: self.bound()? }))
    }

    fn bound(&mut self) -> Parsed<WindowBound> {
        if self.accept_word("current") {
            self.expect_word("data")?;
            self.expect_word("point")?;
            return Ok(WindowBound::Current);
        }
        let count = if self.accept_word("unbounded") {
            None
        } else {
            let at = self.here();
            Some(match self.given_integer()? {
                Given::Parameter(name) => Given::Parameter(name),
                Given::Value(value) => Given::Value(self.positive(value, at)?),
            })
        };
        if self.accept_word("preceding") {
            return Ok(count.map_or(WindowBound::UnboundedPreceding, WindowBound::Preceding));
        }
        if self.accept_word("following") {
            return Ok(count.map_or(WindowBound::UnboundedFollowing, WindowBound::Following));
        }
        Err(self.wrong("窗口的边界应写 preceding(之前)或 following(之后)"))
    }

    /// A whole number with or without sign, or the name of a parameter.
    pub(super) fn given_integer(&mut self) -> Parsed<Given<i64>> {
        if let Kind::Name(name) = self.peek(0).clone() {
            self.advance();
            return Ok(Given::Parameter(name));
        }
        let at = self.at;
        if let Scalar::Integer(value) = self.constant()? {
            return Ok(Given::Value(value));
        }
        self.at = at;
        Err(self.wrong("这里应写整数"))
    }

    fn positive(&mut self, value: i64, at: Span) -> Parsed<u64> {
        u64::try_from(value).map_err(|_| {
            let span = at.to(self.before());
            self.errors.push(span, "窗口的行数不能为负,方向用 preceding 或 following 表示。");
            Reported
        })
    }
}
