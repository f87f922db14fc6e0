//! Types of the functions over dates, periods, intervals and durations.

use super::{Checker, Value};
use crate::ast::{Comparison, Conversion, Expr, ExprKind, Function, Given};
use crate::error::Span;
use crate::graph::{Arithmetic, Id, Node};
use crate::routine::{Routine, Whole, Written};
use crate::scalar::{Scalar, Type};
use crate::time::Unit;

impl Checker<'_> {
    fn whole(&mut self, op: Whole, operands: Vec<Id>, kind: Type) -> Id {
        self.graph.add(Node::Routine(Box::new(Routine::Whole(op)), operands), kind)
    }

    fn written(&mut self, op: Written, operands: Vec<Id>, kind: Type) -> Id {
        self.graph.add(Node::Routine(Box::new(Routine::Written(op)), operands), kind)
    }

    /// Every spelling in a column of periods, intervals or durations becomes the one written form.
    pub(super) fn input(&mut self, place: usize, kind: Type) -> Id {
        let id = self.graph.add(Node::Input(place), kind);
        if kind.is_written() {
            self.graph.add(Node::Routine(Box::new(Routine::read(kind)), vec![id]), kind)
        } else {
            id
        }
    }

    /// A date, period or interval as an interval: the implicit casts of the manual.
    pub(super) fn interval(&mut self, id: Id, kind: Type) -> Id {
        match kind {
            Type::Date => self.written(Written::IntervalOfDay, vec![id], Type::Time),
            Type::TimePeriod => self.written(Written::IntervalOfPeriod, vec![id], Type::Time),
            _ => id,
        }
    }

    /// A comparison of two values of one type. Periods are in order only within one unit, durations only within one form.
    pub(super) fn ordered(&mut self, op: Comparison, a: Id, b: Id, kind: Type, span: Span) -> Option<Id> {
        let is_order = !matches!(op, Comparison::Equal | Comparison::NotEqual);
        let a = match kind {
            Type::Boolean if is_order => {
                self.wrong(span, "布尔值只能用 = 或 <> 比较。");
                return None;
            }
            Type::Time if is_order => {
                self.wrong(span, "时间区间可能互相重叠,没有先后,只能用 = 或 <> 比较。请比较两个日期或同一种时期。");
                return None;
            }
            Type::TimePeriod if is_order => self.written(Written::OfOneUnit, vec![a, b], kind),
            Type::Duration => {
                let a = self.written(Written::OfOneForm, vec![a, b], kind);
                if is_order {
                    let rank = |checker: &mut Self, id| checker.whole(Whole::Rank, vec![id], Type::Integer);
                    let (a, b) = (rank(self, a), rank(self, b));
                    return Some(self.graph.add(Node::Compare(op, a, b), Type::Boolean));
                }
                a
            }
            _ => a,
        };
        Some(self.graph.add(Node::Compare(op, a, b), Type::Boolean))
    }

    /// A date or period, with its type.
    fn moment(&mut self, expr: &Expr, what: &str) -> Option<(Id, Type)> {
        match self.lower(expr)? {
            Value::Null => Some((self.null(Type::Date), Type::Date)),
            Value::Of(id, kind @ (Type::Date | Type::TimePeriod)) => Some((id, kind)),
            Value::Of(_, kind) => {
                let advice = if kind == Type::String { "字符串请先用 cast(…, date) 转换。" } else { "" };
                self.wrong(expr.span, &format!("{what}应为日期或时期,现为{}。{advice}", kind.chinese()));
                None
            }
        }
    }

    /// The day of a date, or a day of a period.
    fn day(&mut self, (id, kind): (Id, Type), of_period: Whole) -> Id {
        if kind == Type::TimePeriod { self.whole(of_period, vec![id], Type::Date) } else { id }
    }

    pub(super) fn moment_call(&mut self, function: Function, arguments: &[Expr], what: &str) -> Option<Value> {
        let first = arguments.first()?;
        let (op, operand) = match function {
            Function::DateAdd => return self.date_add(arguments, what),
            Function::DateDiff => {
                let (from, to) = (self.moment(first, what), self.moment(arguments.get(1)?, "datediff 的第 2 个参数"));
                let (from, to) = (self.day(from?, Whole::LastDay), self.day(to?, Whole::LastDay));
                let days = self.graph.add(Node::Arithmetic(Arithmetic::Subtract, to, from), Type::Integer);
                // As many days as lie between them, whichever comes first.
                return Some(Value::Of(self.graph.add(Node::Absolute(days), Type::Integer), Type::Integer));
            }
            Function::DayToYear | Function::DayToMonth => {
                let days = self.operand(first, what, Type::Integer)?;
                let op = if function == Function::DayToYear { Written::YearsOfDays } else { Written::MonthsOfDays };
                return Some(Value::Of(self.written(op, vec![days], Type::Duration), Type::Duration));
            }
            Function::YearToDay | Function::MonthToDay => {
                let duration = self.duration(first, what)?;
                let op = if function == Function::YearToDay { Whole::YearToDay } else { Whole::MonthToDay };
                return Some(Value::Of(self.whole(op, vec![duration], Type::Integer), Type::Integer));
            }
            Function::Year => {
                let (id, kind) = self.moment(first, what)?;
                (if kind == Type::Date { Whole::Year } else { Whole::YearOfPeriod }, id)
            }
            Function::Month => {
                let moment = self.moment(first, what)?;
                (Whole::Month, self.day(moment, Whole::DayInMonth))
            }
            _ => {
                let moment = self.moment(first, what)?;
                let op = if function == Function::DayOfMonth { Whole::DayOfMonth } else { Whole::DayOfYear };
                (op, self.day(moment, Whole::LastDay))
            }
        };
        Some(Value::Of(self.whole(op, vec![operand], Type::Integer), Type::Integer))
    }

    /// A duration, or a text that is read as one.
    fn duration(&mut self, expr: &Expr, what: &str) -> Option<Id> {
        match self.lower(expr)? {
            Value::Null => Some(self.null(Type::Duration)),
            Value::Of(id, Type::Duration | Type::String) => Some(id),
            Value::Of(_, kind) => {
                self.wrong(expr.span, &format!("{what}应为时长,现为{}。", kind.chinese()));
                None
            }
        }
    }

    fn date_add(&mut self, arguments: &[Expr], what: &str) -> Option<Value> {
        let [moment, count, unit] = arguments else { return None };
        let moment = self.moment(moment, what);
        let count = self.operand(count, "dateadd 的第 2 个参数", Type::Integer);
        if let ExprKind::Constant(Scalar::Text(letter)) = &unit.kind {
            self.unit(letter, unit.span)?;
        }
        let unit = self.duration(unit, "dateadd 的第 3 个参数");
        let day = self.day(moment?, Whole::LastDay);
        Some(Value::Of(self.whole(Whole::Shift, vec![day, count?, unit?], Type::Date), Type::Date))
    }

    fn unit(&mut self, letter: &str, span: Span) -> Option<Unit> {
        let unit = Unit::parse(letter);
        if unit.is_none() {
            self.wrong(span, &format!("“{letter}”不是时间单位,请写 D(日)、W(周)、M(月)、Q(季)、S(半年)或 A(年)。"));
        }
        unit
    }

    pub(super) fn indicator(&mut self, operand: Option<&Expr>, span: Span) -> Option<Value> {
        let Some(operand) = operand else {
            self.wrong(span, "这里逐行计算,period_indicator 要写出时期,如 period_indicator(期别)。");
            return None;
        };
        let period = self.operand(operand, "period_indicator 的参数", Type::TimePeriod)?;
        Some(Value::Of(self.written(Written::Indicator, vec![period], Type::Duration), Type::Duration))
    }

    /// `time_agg("A", _, x, last)` of one value.
    pub(super) fn coarser(&mut self, conversion: &Conversion, span: Span) -> Option<Value> {
        let (Given::Value(to), Some(operand)) = (&conversion.to, &conversion.operand) else {
            self.wrong(span, "这里逐行计算,time_agg 要写出时间单位和值,如 time_agg(\"A\", _, 期别)。");
            return None;
        };
        let unit = self.unit(to, span)?;
        if let Some(from) = &conversion.from {
            let from = self.unit(from, span)?;
            if from > unit {
                self.wrong(span, "time_agg 只能换算到更长的时间单位。");
                return None;
            }
        }
        let Value::Of(id, kind) = self.lower(operand)? else { return Some(Value::Null) };
        let id = match (kind, conversion.takes_last) {
            (Type::Date, Some(takes_last)) => self.whole(Whole::Coarser(unit, takes_last), vec![id], kind),
            (Type::Date, None) => {
                self.wrong(span, "对日期使用 time_agg 时,最后要写 first(期初日)或 last(期末日)。");
                return None;
            }
            (Type::TimePeriod, _) => self.written(Written::Coarser(unit), vec![id], kind),
            (Type::Time, _) => self.written(Written::CoarserInterval(unit), vec![id], kind),
            _ => {
                self.wrong(operand.span, &format!("time_agg 的值应为日期、时期或时间区间,现为{}。", kind.chinese()));
                return None;
            }
        };
        Some(Value::Of(id, kind))
    }

    /// The day of the schema; a rule by itself knows none.
    pub(super) fn current_date(&mut self, span: Span) -> Option<Value> {
        let Some(today) = self.today else {
            self.wrong(
                span,
                "current_date 每天不同,审核结果无法重现。请改用 cast(\"2024-01-31\", date) 或数据中的日期。",
            );
            return None;
        };
        Some(Value::Of(self.graph.add(Node::Constant(Scalar::Date(today)), Type::Date), Type::Date))
    }
}
