//! `cast`: which type becomes which, with and without a mask, as the table of VTL 2.2 says.

use super::{Checker, Value};
use crate::ast::{Comparison, Expr, TypeName};
use crate::error::Span;
use crate::graph::{Id, Node, Rounding, TextOp};
use crate::routine::{Cell, Figures, Rational, Routine, Whole, Written};
use crate::scalar::{Scalar, Type};
use crate::time::Mask;

impl Checker<'_> {
    pub(super) fn cast(&mut self, operand: &Expr, to: &TypeName, mask: Option<&str>, span: Span) -> Option<Value> {
        let Some(to) = to.kind() else {
            self.wrong(span, &format!("cast 不能转换为“{}”,请写基本类型,如 number、date。", to.name()));
            return None;
        };
        let Value::Of(id, from) = self.lower(operand)? else {
            return Some(Value::Of(self.null(to), to));
        };
        if let Some(mask) = mask {
            let routine = self.masked(from, to, mask, span)?;
            return self.converted(routine, id, to, span);
        }
        if let Some(value) = self.plainly(id, from, to) {
            return Some(value);
        }
        let Some(routine) = unmasked(from, to) else {
            self.wrong(span, &format!("{}不能转换为{}。", from.chinese(), to.chinese()));
            return None;
        };
        self.converted(routine, id, to, span)
    }

    /// Conversions that the operators of the language can say.
    fn plainly(&mut self, id: Id, from: Type, to: Type) -> Option<Value> {
        let id = match (from, to) {
            (Type::Number, Type::Integer) => self.graph.add(Node::Round(Rounding::Zero, 0, id), to),
            (Type::Integer | Type::Number, Type::Boolean) => {
                let zero = self.graph.add(Node::Constant(Scalar::Integer(0)), Type::Integer);
                self.graph.add(Node::Compare(Comparison::NotEqual, id, zero), to)
            }
            (Type::Boolean, Type::Integer | Type::Number) => {
                self.by_truth(id, Scalar::Integer(1), Scalar::Integer(0), to)
            }
            (Type::Boolean, Type::String) => self.truth_as_text(id),
            (Type::String, Type::Boolean) => {
                let trimmed = self.graph.add(Node::Text(TextOp::Trim, vec![id]), Type::String);
                let lower = self.graph.add(Node::Text(TextOp::Lower, vec![trimmed]), Type::String);
                let yes = self.graph.add(Node::Constant(Scalar::text("true")), Type::String);
                self.graph.add(Node::Compare(Comparison::Equal, lower, yes), to)
            }
            // The written form of a period or interval is its text.
            (Type::Integer, Type::Number) | (Type::TimePeriod | Type::Time, Type::String) => id,
            _ if from == to => id,
            _ => return None,
        };
        Some(Value::Of(id, to))
    }

    /// `true` and `false`; also where a text is expected and a truth value given.
    pub(super) fn truth_as_text(&mut self, id: Id) -> Id {
        self.by_truth(id, Scalar::text("true"), Scalar::text("false"), Type::String)
    }

    /// One constant for true, another for false, null for null.
    fn by_truth(&mut self, id: Id, yes: Scalar, no: Scalar, kind: Type) -> Id {
        let (yes, no) = (self.graph.add(Node::Constant(yes), kind), self.graph.add(Node::Constant(no), kind));
        let known = self.graph.add(Node::Choose(id, yes, no), kind);
        let (is_null, null) = (self.graph.add(Node::IsNull(id), Type::Boolean), self.null(kind));
        self.graph.add(Node::Choose(is_null, null, known), kind)
    }

    /// A constant is converted at once, so that a wrong one is a mistake in the script.
    fn converted(&mut self, routine: Routine, id: Id, to: Type, span: Span) -> Option<Value> {
        let constant = match self.graph.nodes().get(id) {
            Some((Node::Constant(value), _)) => Some(value.clone()),
            _ => None,
        };
        if let Some(value) = constant {
            match convert(&routine, &value, to) {
                Converted::Refused => {
                    let shown = if let Scalar::Text(text) = &value { text.clone() } else { value.to_string() };
                    let message = format!("“{shown}”不能转换为{}。{}", to.chinese(), form(to));
                    self.wrong(span, &message);
                    return None;
                }
                Converted::Constant(value) => {
                    return Some(Value::Of(self.graph.add(Node::Constant(value), to), to));
                }
                Converted::Later => {}
            }
        }
        Some(Value::Of(self.graph.add(Node::Routine(Box::new(routine), vec![id]), to), to))
    }

    fn masked(&mut self, from: Type, to: Type, mask: &str, span: Span) -> Option<Routine> {
        if (from, to) == (Type::TimePeriod, Type::Date) {
            return match mask {
                "START" => Some(Routine::Whole(Whole::FirstDay)),
                "END" => Some(Routine::Whole(Whole::LastDay)),
                _ => {
                    self.wrong(span, "时期转换为日期时,cast 的第 3 个参数要写 \"START\"(第一天)或 \"END\"(最后一天)。");
                    None
                }
            };
        }
        if (from == Type::String && to == Type::Number) || (from.is_numeric() && to == Type::String) {
            let Some(figures) = Figures::parse(mask) else {
                self.wrong(span, &format!("掩码“{mask}”不适用于数值,请写如 \"D+.DD\" 的形式,D 代表一位数字。"));
                return None;
            };
            return Some(if to == Type::Number {
                Routine::Rational(Rational::Read(Some(figures)))
            } else {
                Routine::Written(Written::Number(Some(figures)))
            });
        }
        let is_calendar = |kind: Type| kind.is_temporal() || kind == Type::Duration;
        if !(from == Type::String && is_calendar(to) || is_calendar(from) && to == Type::String) {
            let message = format!("{}转换为{}没有掩码,请去掉 cast 的第 3 个参数。", from.chinese(), to.chinese());
            self.wrong(span, &message);
            return None;
        }
        match Mask::parse(mask) {
            Ok(mask) => Some(by_mask(from, to, mask)),
            Err(piece) => {
                let message =
                    format!("掩码“{mask}”中的“{piece}”不能识别。可用 Y、S、Q、M、W、D、P、p、MONTH,其他字符照写。");
                self.wrong(span, &message);
                None
            }
        }
    }
}

fn by_mask(from: Type, to: Type, mask: Mask) -> Routine {
    match (from, to) {
        (Type::Date, _) => Routine::Written(Written::Date(Some(mask))),
        (Type::TimePeriod, _) => Routine::Written(Written::Period(mask)),
        (Type::Time, _) => Routine::Written(Written::Interval(mask)),
        (Type::Duration, _) => Routine::Written(Written::Duration(Some(mask))),
        (_, Type::Date) => Routine::Whole(Whole::ReadDate(Some(mask))),
        (_, to) => Routine::Written(Written::Read(to, Some(mask))),
    }
}

fn unmasked(from: Type, to: Type) -> Option<Routine> {
    Some(match (from, to) {
        (Type::String, Type::Integer) => Routine::Whole(Whole::Read),
        (Type::String, Type::Number) => Routine::Rational(Rational::Read(None)),
        (Type::String, Type::Date) => Routine::Whole(Whole::ReadDate(None)),
        (Type::String, to) if to.is_written() => Routine::Written(Written::Read(to, None)),
        (Type::Integer | Type::Number, Type::String) => Routine::Written(Written::Number(None)),
        (Type::Date, Type::String) => Routine::Written(Written::Date(None)),
        (Type::Duration, Type::String) => Routine::Written(Written::Duration(None)),
        (Type::Date, Type::TimePeriod) => Routine::Written(Written::PeriodOfDay),
        (Type::Date, Type::Time) => Routine::Written(Written::IntervalOfDay),
        (Type::TimePeriod, Type::Time) => Routine::Written(Written::IntervalOfPeriod),
        (Type::Time, Type::TimePeriod) => Routine::Written(Written::PeriodOfInterval),
        (Type::TimePeriod, Type::Date) => Routine::Whole(Whole::OnlyDay),
        (Type::Time, Type::Date) => Routine::Whole(Whole::OnlyDayOfInterval),
        _ => return None,
    })
}

enum Converted {
    Constant(Scalar),
    /// There is no such value.
    Refused,
    /// A fraction has no constant: it is computed with the rows.
    Later,
}

fn convert(routine: &Routine, value: &Scalar, to: Type) -> Converted {
    let whole;
    let cell = match (value, value.decimal()) {
        (Scalar::Text(text), _) => Cell::Text(text),
        (Scalar::Date(day), _) => Cell::Number((i128::from(*day), 1)),
        (_, Some((digits, scale))) => {
            whole = crate::exact::ten_to(scale).map(|under| (digits, under));
            match whole {
                Some(number) => Cell::Number(number),
                None => return Converted::Later,
            }
        }
        _ => return Converted::Later,
    };
    let cells = [cell; 3];
    let constant = match routine {
        Routine::Rational(op) => return op.run(cells).map_or(Converted::Refused, |_| Converted::Later),
        Routine::Written(op) => {
            let mut out = String::new();
            op.run(cells, &mut out).map(|()| Scalar::Text(out))
        }
        Routine::Whole(op) => op.run(cells).and_then(|value| match to {
            Type::Date => i32::try_from(value).ok().map(Scalar::Date),
            _ => i64::try_from(value).ok().map(Scalar::Integer),
        }),
    };
    constant.map_or(Converted::Refused, Converted::Constant)
}

/// How a value of a type is written.
fn form(kind: Type) -> &'static str {
    match kind {
        Type::Integer | Type::Number => "数字请写如 \"12\"、\"-3.5\"。",
        Type::Date => "日期请写如 \"2024-01-31\",其他写法要加掩码。",
        Type::TimePeriod => "时期请写如 \"2024\"、\"2024Q1\"、\"2024M01\"、\"2024-01\"。",
        Type::Time => "时间区间请写如 \"2024-01-01/2024-12-31\"。",
        Type::Duration => "时长请写 D、W、M、Q、S、A,或如 \"P1Y57D\"。",
        Type::Boolean | Type::String => "请核对掩码。",
    }
}
