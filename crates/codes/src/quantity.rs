//! Exact quantities: a decimal number and its unit of measure. Every operation is exact or refuses; only
//! [`Quantity::round`] rounds, by a named rule. Missing values are not quantities.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::measure::Measure;
use crate::number::format_number;

/// Quantity 数量 — an exact number with its unit of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    #[serde(deserialize_with = "read_exact")]
    value: Decimal,
    measure: Measure,
}

/// Rounding rule 舍入规则.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// 四舍五入: a half goes away from zero.
    HalfUp,
    /// 四舍六入五成双: a half goes to the even neighbour.
    HalfEven,
}

impl Quantity {
    /// A number in a unit of measure.
    pub fn new(value: Decimal, measure: Measure) -> Quantity {
        Quantity { value, measure }
    }

    /// The number.
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The unit of measure.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// The same quantity in another unit. Refused when the units measure different things, and when the result has no
    /// exact decimal form (1 平方米 in 亩).
    pub fn to(&self, measure: Measure) -> Result<Quantity, CodeError> {
        let Some((numerator, denominator)) = self.measure.factor(measure) else {
            let reason = format!("“{}”不能换算成“{}”", self.measure, measure);
            return Err(self.refuse(CodeErrorKind::Measure, reason, "请使用同一类计量单位"));
        };
        let value = multiply(self.value, numerator).and_then(|product| divide(product, denominator));
        value.map(|value| Quantity { value, measure }).ok_or_else(|| {
            let reason = format!("换算成“{measure}”得不到精确的小数");
            self.refuse(CodeErrorKind::Inexact, reason, "请保留原来的计量单位,或先按规定舍入")
        })
    }

    /// Rounded to so many decimal places, and written with all of them.
    #[must_use]
    pub fn round(&self, scale: u32, rounding: Rounding) -> Quantity {
        let strategy = match rounding {
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
        };
        let mut value = self.value.round_dp_with_strategy(scale, strategy);
        value.rescale(scale);
        Quantity { value, measure: self.measure }
    }

    /// The sum, in the unit that both share.
    pub fn checked_add(&self, other: &Quantity) -> Result<Quantity, CodeError> {
        self.combine(other, add)
    }

    /// The difference, in the unit that both share.
    pub fn checked_sub(&self, other: &Quantity) -> Result<Quantity, CodeError> {
        self.combine(other, |a, b| add(a, -b))
    }

    /// The number and the unit, as a sentence needs them: `1,200 千元`.
    pub fn with_label(&self) -> String {
        if self.measure == Measure::None { self.to_string() } else { format!("{self} {}", self.measure) }
    }

    /// Units are never converted silently: 千元 and 万元 mixed up is the commonest error in the books.
    fn combine(
        &self,
        other: &Quantity,
        operate: fn(Decimal, Decimal) -> Option<Decimal>,
    ) -> Result<Quantity, CodeError> {
        if self.measure != other.measure {
            let reason = format!("计量单位不同,一个是“{}”,另一个是“{}”", self.measure, other.measure);
            return Err(self.refuse(CodeErrorKind::Measure, reason, "请先换算成同一个计量单位"));
        }
        let value = operate(self.value, other.value);
        value.map(|value| Quantity { value, measure: self.measure }).ok_or_else(|| {
            let reason = format!("与 {other} 计算的结果超过 28 位,无法精确保存");
            self.refuse(CodeErrorKind::TooManyDigits, reason, "请核对数值和计量单位")
        })
    }

    fn refuse(&self, kind: CodeErrorKind, reason: String, hint: &str) -> CodeError {
        CodeError::new(Subject::Quantity, kind, &self.with_label(), reason, hint)
    }
}

/// With thousands separators and a real minus sign, without the unit: `1,200`, `−1,200.50`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_number(&self.value))
    }
}

/// Only text is taken: a JSON number has usually been through a floating point already.
fn read_exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(deserializer)?;
    Decimal::from_str_exact(&text).map_err(de::Error::custom)
}

/// `Decimal` drops places that do not fit; a smaller scale than the operands need betrays it. Trailing zeros may go.
fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let exact = |a: Decimal, b: Decimal| a.checked_add(b).filter(|sum| sum.scale() >= a.scale().max(b.scale()));
    exact(a, b).or_else(|| exact(a.normalize(), b.normalize()))
}

fn multiply(a: Decimal, factor: i64) -> Option<Decimal> {
    let a = a.normalize();
    a.checked_mul(Decimal::from(factor)).filter(|product| product.scale() == a.scale() || product.is_zero())
}

fn divide(a: Decimal, divisor: i64) -> Option<Decimal> {
    let quotient = a.checked_div(Decimal::from(divisor))?.normalize();
    (multiply(quotient, divisor)? == a).then_some(quotient)
}
