//! Units of measure of statistical forms: what they measure and by which exact factor they convert.

use std::fmt;

use crate::error::{CodeError, CodeErrorKind, Subject};
use crate::text::{normalise, text_value};

/// Unit of measure 计量单位. Serialised as its Chinese label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// 无:代码、文本、指数.
    None,
    /// 元.
    Yuan,
    /// 千元.
    ThousandYuan,
    /// 万元.
    TenThousandYuan,
    /// 百万元.
    MillionYuan,
    /// 亿元.
    HundredMillionYuan,
    /// 万美元.
    TenThousandDollar,
    /// 人.
    Person,
    /// 万人.
    TenThousandPerson,
    /// 人月.
    PersonMonth,
    /// 户.
    Household,
    /// 家.
    Establishment,
    /// 个.
    Piece,
    /// 件.
    Item,
    /// 台.
    Machine,
    /// 辆.
    Vehicle,
    /// 套.
    Set,
    /// 间.
    Room,
    /// 位.
    Seat,
    /// 项.
    Project,
    /// 篇.
    Paper,
    /// 头.
    Head,
    /// 千克.
    Kilogram,
    /// 吨.
    Ton,
    /// 万吨.
    TenThousandTon,
    /// 吨标准煤.
    TonCoalEquivalent,
    /// 万吨标准煤.
    TenThousandTonCoalEquivalent,
    /// 千瓦时.
    Kwh,
    /// 万千瓦时.
    TenThousandKwh,
    /// 亿千瓦时.
    HundredMillionKwh,
    /// 千瓦.
    Kilowatt,
    /// 万千瓦.
    TenThousandKilowatt,
    /// 百万千焦.
    Gigajoule,
    /// 米.
    Metre,
    /// 公里.
    Kilometre,
    /// 平方米.
    SquareMetre,
    /// 万平方米.
    TenThousandSquareMetre,
    /// 亩.
    Mu,
    /// 公顷.
    Hectare,
    /// 立方米.
    CubicMetre,
    /// 万立方米.
    TenThousandCubicMetre,
    /// %.
    Percent,
    /// ‰.
    PerMille,
}

text_value!(Measure);

/// Dimension 量纲 — what a unit measures. Within one dimension units convert, except single things ([`Dimension::Count`]):
/// households are not machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// No unit: codes, texts, indices.
    None,
    /// 人民币.
    Money,
    /// 美元.
    Dollar,
    /// 人数.
    People,
    /// 工作时间.
    Work,
    /// 计数 of one kind of thing, convertible only to itself.
    Count,
    /// 质量.
    Mass,
    /// 标准煤.
    CoalEquivalent,
    /// 电量.
    Electricity,
    /// 功率.
    Power,
    /// 热量.
    Heat,
    /// 长度.
    Length,
    /// 面积.
    Area,
    /// 体积.
    Volume,
    /// 比率.
    Ratio,
}

/// One unit in terms of the base unit of its dimension: `numerator / denominator` of it.
struct Row(&'static str, Dimension, i64, i64);

/// Other ways of writing that leave no doubt.
const ALIASES: &[(&str, Measure)] = &[
    ("-", Measure::None),
    ("—", Measure::None),
    ("代码", Measure::None),
    ("文本", Measure::None),
    ("人民币元", Measure::Yuan),
    ("公斤", Measure::Kilogram),
    ("吨标煤", Measure::TonCoalEquivalent),
    ("万吨标煤", Measure::TenThousandTonCoalEquivalent),
    ("度", Measure::Kwh),
    ("KWH", Measure::Kwh),
    ("吉焦", Measure::Gigajoule),
    ("千米", Measure::Kilometre),
    ("㎡", Measure::SquareMetre),
    ("M²", Measure::SquareMetre),
    ("M³", Measure::CubicMetre),
    ("百分比", Measure::Percent),
];

impl Measure {
    /// All units, in the order of their declaration.
    pub const ALL: [Measure; 43] = [
        Measure::None,
        Measure::Yuan,
        Measure::ThousandYuan,
        Measure::TenThousandYuan,
        Measure::MillionYuan,
        Measure::HundredMillionYuan,
        Measure::TenThousandDollar,
        Measure::Person,
        Measure::TenThousandPerson,
        Measure::PersonMonth,
        Measure::Household,
        Measure::Establishment,
        Measure::Piece,
        Measure::Item,
        Measure::Machine,
        Measure::Vehicle,
        Measure::Set,
        Measure::Room,
        Measure::Seat,
        Measure::Project,
        Measure::Paper,
        Measure::Head,
        Measure::Kilogram,
        Measure::Ton,
        Measure::TenThousandTon,
        Measure::TonCoalEquivalent,
        Measure::TenThousandTonCoalEquivalent,
        Measure::Kwh,
        Measure::TenThousandKwh,
        Measure::HundredMillionKwh,
        Measure::Kilowatt,
        Measure::TenThousandKilowatt,
        Measure::Gigajoule,
        Measure::Metre,
        Measure::Kilometre,
        Measure::SquareMetre,
        Measure::TenThousandSquareMetre,
        Measure::Mu,
        Measure::Hectare,
        Measure::CubicMetre,
        Measure::TenThousandCubicMetre,
        Measure::Percent,
        Measure::PerMille,
    ];

    /// Reads a Chinese unit: `千元`, `万千瓦时`, `个`; `无` for no unit.
    pub fn parse(text: &str) -> Result<Measure, CodeError> {
        let text = normalise(text);
        if text.is_empty() {
            return Err(CodeError::empty(Subject::Measure, "请填写计量单位,例如千元;没有计量单位的填“无”"));
        }
        let by_label = Measure::ALL.into_iter().find(|measure| measure.label() == text);
        let by_alias = || ALIASES.iter().find(|(alias, _)| *alias == text).map(|(_, measure)| *measure);
        by_label.or_else(by_alias).ok_or_else(|| {
            let labels: Vec<&str> = Measure::ALL.into_iter().map(Measure::label).collect();
            let hint = format!("可用的计量单位有:{}", labels.join("、"));
            CodeError::new(Subject::Measure, CodeErrorKind::Unknown, &text, "没有这个计量单位".to_owned(), &hint)
        })
    }

    /// The Chinese label.
    pub fn label(self) -> &'static str {
        self.row().0
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        self.row().1
    }

    /// The exact factor from this unit to another, as numerator and denominator: 万元 → 千元 is `(10, 1)`.
    /// Nothing when the two do not measure the same.
    pub fn factor(self, to: Measure) -> Option<(i64, i64)> {
        if self == to {
            return Some((1, 1));
        }
        let (Row(_, dimension, up, down), Row(_, other, other_up, other_down)) = (self.row(), to.row());
        if dimension != other || dimension == Dimension::Count {
            return None;
        }
        let (numerator, denominator) = (up * other_down, down * other_up);
        let common = greatest_common_divisor(numerator, denominator);
        Some((numerator / common, denominator / common))
    }

    fn row(self) -> Row {
        match self {
            Measure::None => Row("无", Dimension::None, 1, 1),
            Measure::Yuan => Row("元", Dimension::Money, 1, 1),
            Measure::ThousandYuan => Row("千元", Dimension::Money, 1_000, 1),
            Measure::TenThousandYuan => Row("万元", Dimension::Money, 10_000, 1),
            Measure::MillionYuan => Row("百万元", Dimension::Money, 1_000_000, 1),
            Measure::HundredMillionYuan => Row("亿元", Dimension::Money, 100_000_000, 1),
            Measure::TenThousandDollar => Row("万美元", Dimension::Dollar, 1, 1),
            Measure::Person => Row("人", Dimension::People, 1, 1),
            Measure::TenThousandPerson => Row("万人", Dimension::People, 10_000, 1),
            Measure::PersonMonth => Row("人月", Dimension::Work, 1, 1),
            Measure::Household => Row("户", Dimension::Count, 1, 1),
            Measure::Establishment => Row("家", Dimension::Count, 1, 1),
            Measure::Piece => Row("个", Dimension::Count, 1, 1),
            Measure::Item => Row("件", Dimension::Count, 1, 1),
            Measure::Machine => Row("台", Dimension::Count, 1, 1),
            Measure::Vehicle => Row("辆", Dimension::Count, 1, 1),
            Measure::Set => Row("套", Dimension::Count, 1, 1),
            Measure::Room => Row("间", Dimension::Count, 1, 1),
            Measure::Seat => Row("位", Dimension::Count, 1, 1),
            Measure::Project => Row("项", Dimension::Count, 1, 1),
            Measure::Paper => Row("篇", Dimension::Count, 1, 1),
            Measure::Head => Row("头", Dimension::Count, 1, 1),
            Measure::Kilogram => Row("千克", Dimension::Mass, 1, 1),
            Measure::Ton => Row("吨", Dimension::Mass, 1_000, 1),
            Measure::TenThousandTon => Row("万吨", Dimension::Mass, 10_000_000, 1),
            Measure::TonCoalEquivalent => Row("吨标准煤", Dimension::CoalEquivalent, 1, 1),
            Measure::TenThousandTonCoalEquivalent => Row("万吨标准煤", Dimension::CoalEquivalent, 10_000, 1),
            Measure::Kwh => Row("千瓦时", Dimension::Electricity, 1, 1),
            Measure::TenThousandKwh => Row("万千瓦时", Dimension::Electricity, 10_000, 1),
            Measure::HundredMillionKwh => Row("亿千瓦时", Dimension::Electricity, 100_000_000, 1),
            Measure::Kilowatt => Row("千瓦", Dimension::Power, 1, 1),
            Measure::TenThousandKilowatt => Row("万千瓦", Dimension::Power, 10_000, 1),
            Measure::Gigajoule => Row("百万千焦", Dimension::Heat, 1, 1),
            Measure::Metre => Row("米", Dimension::Length, 1, 1),
            Measure::Kilometre => Row("公里", Dimension::Length, 1_000, 1),
            Measure::SquareMetre => Row("平方米", Dimension::Area, 1, 1),
            Measure::TenThousandSquareMetre => Row("万平方米", Dimension::Area, 10_000, 1),
            // One hectare is fifteen mu exactly.
            Measure::Mu => Row("亩", Dimension::Area, 2_000, 3),
            Measure::Hectare => Row("公顷", Dimension::Area, 10_000, 1),
            Measure::CubicMetre => Row("立方米", Dimension::Volume, 1, 1),
            Measure::TenThousandCubicMetre => Row("万立方米", Dimension::Volume, 10_000, 1),
            Measure::Percent => Row("%", Dimension::Ratio, 10, 1),
            Measure::PerMille => Row("‰", Dimension::Ratio, 1, 1),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
