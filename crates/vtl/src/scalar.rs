//! Types and single values.

use crate::time::{Duration, Interval, Period, date_text, parse_date};
use std::collections::BTreeMap;
use std::fmt;

/// Type 类型 — the scalar types of the language that this crate evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// 整数
    Integer,
    /// 数值, exact; every integer is also a number.
    Number,
    /// 布尔
    Boolean,
    /// 字符串
    String,
    /// 日期
    Date,
    /// 时期: a year, quarter, month …
    TimePeriod,
    /// 时间区间: from one day to another.
    Time,
    /// 时长
    Duration,
}

impl Type {
    /// The Chinese word used in messages.
    pub fn chinese(self) -> &'static str {
        match self {
            Type::Integer => "整数",
            Type::Number => "数值",
            Type::Boolean => "布尔值",
            Type::String => "字符串",
            Type::Date => "日期",
            Type::TimePeriod => "时期",
            Type::Time => "时间区间",
            Type::Duration => "时长",
        }
    }

    /// Integer or number.
    pub fn is_numeric(self) -> bool {
        matches!(self, Type::Integer | Type::Number)
    }

    /// Date, period or interval: what lies somewhere in time.
    pub fn is_temporal(self) -> bool {
        matches!(self, Type::Date | Type::TimePeriod | Type::Time)
    }

    /// Period, interval or duration: what columns hold as text, but what is not just any text.
    pub fn is_written(self) -> bool {
        matches!(self, Type::TimePeriod | Type::Time | Type::Duration)
    }

    /// What columns hold as text.
    pub fn is_text(self) -> bool {
        self == Type::String || self.is_written()
    }
}

/// Scalar 标量 — one value, also the constants of the language. Null is not zero and not the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Scalar {
    /// Nothing known 空.
    #[default]
    Null,
    /// A whole number.
    Integer(i64),
    /// `unscaled` divided by ten to the power of `scale`, exactly.
    Number {
        /// All digits without the point.
        unscaled: i128,
        /// How many of them stand after the point.
        scale: u8,
    },
    /// Text, possibly empty.
    Text(String),
    /// Truth.
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// A year, quarter, month …
    TimePeriod(Period),
    /// From one day to another.
    Time(Interval),
    /// A length of time.
    Duration(Duration),
}

impl Scalar {
    /// A text value.
    pub fn text(value: &str) -> Scalar {
        Scalar::Text(value.to_owned())
    }

    /// The type; null has none.
    pub fn kind(&self) -> Option<Type> {
        match self {
            Scalar::Null => None,
            Scalar::Integer(_) => Some(Type::Integer),
            Scalar::Number { .. } => Some(Type::Number),
            Scalar::Text(_) => Some(Type::String),
            Scalar::Boolean(_) => Some(Type::Boolean),
            Scalar::Date(_) => Some(Type::Date),
            Scalar::TimePeriod(_) => Some(Type::TimePeriod),
            Scalar::Time(_) => Some(Type::Time),
            Scalar::Duration(_) => Some(Type::Duration),
        }
    }

    /// A decimal such as `-12.50`, with the scale as written. `None` if it is not one, or too long for 38 digits.
    pub fn parse_number(text: &str) -> Option<Scalar> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > usize::from(crate::limits::SCALE_MAX) {
            return None;
        }
        let unscaled: i128 = format!("{whole}{part}").parse().ok()?;
        Some(Scalar::Number { unscaled: sign * unscaled, scale: u8::try_from(part.len()).ok()? })
    }

    /// A value of this type from its written form: texts as they are, `true` and `false`, `2024-01-31`, `2024Q1`,
    /// `2024-01-01/2024-12-31`, `M`. `None` if it is not one.
    pub fn parse(text: &str, kind: Type) -> Option<Scalar> {
        match kind {
            Type::Integer => Some(Scalar::Integer(text.parse().ok()?)),
            Type::Number => Scalar::parse_number(text),
            Type::Boolean => Some(Scalar::Boolean(text.parse().ok()?)),
            Type::String => Some(Scalar::text(text)),
            Type::Date => parse_date(text).map(Scalar::Date),
            Type::TimePeriod => Period::parse(text).map(Scalar::TimePeriod),
            Type::Time => Interval::parse(text).map(Scalar::Time),
            Type::Duration => Duration::parse(text).map(Scalar::Duration),
        }
    }

    /// Digits and scale of an integer or a number.
    pub fn decimal(&self) -> Option<(i128, u8)> {
        match self {
            Scalar::Integer(value) => Some((i128::from(*value), 0)),
            Scalar::Number { unscaled, scale } => Some((*unscaled, *scale)),
            _ => None,
        }
    }
}

/// As a constant is written in a script; what has no written form there as in `cast`: `2024-01-31`, `2024Q1`.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Null => f.write_str("null"),
            Scalar::Integer(value) => write!(f, "{value}"),
            Scalar::Number { unscaled, scale } => f.write_str(&decimal_text(*unscaled, *scale)),
            Scalar::Text(value) => write!(f, "\"{value}\""),
            Scalar::Boolean(value) => write!(f, "{value}"),
            Scalar::Date(days) => f.write_str(&date_text(*days)),
            Scalar::TimePeriod(period) => write!(f, "{period}"),
            Scalar::Time(interval) => write!(f, "{interval}"),
            Scalar::Duration(duration) => write!(f, "{duration}"),
        }
    }
}

/// `-1250` with scale 2 becomes `-12.50`.
pub(crate) fn decimal_text(unscaled: i128, scale: u8) -> String {
    let digits = unscaled.unsigned_abs().to_string();
    let scale = usize::from(scale);
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Record 记录 — one row: values by component name. A missing name is null.
pub type Record = BTreeMap<String, Scalar>;

/// Schema 结构 — the components that a script may name, in order, with their types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    components: Vec<(String, Type)>,
    today: Option<i32>,
}

impl Schema {
    /// A schema from names and types. Of a repeated name the first counts.
    pub fn new<N: Into<String>>(components: impl IntoIterator<Item = (N, Type)>) -> Schema {
        let components = components.into_iter().map(|(name, kind)| (name.into(), kind)).collect();
        Schema { components, today: None }
    }

    /// With the day (since 1970-01-01) that `current_date` means; without one it is refused, because time is an argument.
    #[must_use]
    pub fn on(self, today: i32) -> Schema {
        Schema { today: Some(today), ..self }
    }

    /// The day that `current_date` means.
    pub fn today(&self) -> Option<i32> {
        self.today
    }

    /// Names and types in order.
    pub fn components(&self) -> &[(String, Type)] {
        &self.components
    }

    /// The type of a component.
    pub fn kind(&self, name: &str) -> Option<Type> {
        self.components.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        for text in ["0", "12", "-12.50", "0.0001", "-0.05"] {
            assert_eq!(Scalar::parse_number(text).unwrap().to_string(), text);
        }
        for text in ["", "-", ".5", "1e3", "1,000", "十"] {
            assert_eq!(Scalar::parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_written_as_people_write_them() {
        for (days, text) in [(0, "1970-01-01"), (19_782, "2024-02-29"), (-1, "1969-12-31"), (20_088, "2024-12-31")] {
            assert_eq!(Scalar::Date(days).to_string(), text);
        }
    }
}
