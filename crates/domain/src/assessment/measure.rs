//! What is compared in an assessment: rules as a programme declares them, and their figures from sums over accepted data. Exact
//! throughout; what cannot be computed says why.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use youju_codes::format_number;

use crate::total::TotalCell;

/// Decimal places of a difference in per cent and of a change of a share.
const PLACES: u32 = 2;
/// Decimal places of a ratio.
const RATIO_PLACES: u32 = 4;

/// Aspect 评估方面: what a comparison is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// 一致性: two figures that should be the same.
    Consistency,
    /// 匹配性: a figure against another one that moves with it.
    Matching,
    /// 协调性: the area against the whole that it is a part of.
    Coordination,
    /// 连续性: this period against the one before.
    Continuity,
}

impl Aspect {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Aspect::Consistency => "一致性",
            Aspect::Matching => "匹配性",
            Aspect::Coordination => "协调性",
            Aspect::Continuity => "连续性",
        }
    }
}

/// Compare 比较方法: which figure is held against the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// How far the figure is from the other one, in per cent of the other.
    Agree,
    /// Growth of the figure less growth of the other one.
    Growth,
    /// The figure divided by the other one.
    Ratio,
    /// Growth in the area less growth in the whole.
    WithWhole,
    /// Share of the area in the whole less its share last year.
    Share,
    /// Growth of this period less growth of the period before.
    WithBefore,
}

impl Compare {
    /// All of them.
    pub const ALL: [Compare; 6] =
        [Compare::Agree, Compare::Growth, Compare::Ratio, Compare::WithWhole, Compare::Share, Compare::WithBefore];

    /// The name in files and storage.
    pub fn key(self) -> &'static str {
        match self {
            Compare::Agree => "agree",
            Compare::Growth => "growth",
            Compare::Ratio => "ratio",
            Compare::WithWhole => "with_whole",
            Compare::Share => "share",
            Compare::WithBefore => "with_before",
        }
    }

    /// Reads [`Compare::key`].
    pub fn from_key(key: &str) -> Option<Compare> {
        Compare::ALL.into_iter().find(|compare| compare.key() == key)
    }

    /// What the comparison is about.
    pub fn aspect(self) -> Aspect {
        match self {
            Compare::Agree => Aspect::Consistency,
            Compare::Growth | Compare::Ratio => Aspect::Matching,
            Compare::WithWhole | Compare::Share => Aspect::Coordination,
            Compare::WithBefore => Aspect::Continuity,
        }
    }

    /// What is computed, in words.
    pub fn label(self) -> &'static str {
        match self {
            Compare::Agree => "两数之差占比较数的比例",
            Compare::Growth => "两数增速之差",
            Compare::Ratio => "与比较数之比",
            Compare::WithWhole => "本地区增速与上级地区增速之差",
            Compare::Share => "占上级地区比重与上年同期之差",
            Compare::WithBefore => "本期增速与上期增速之差",
        }
    }

    /// The unit of what is computed.
    pub fn unit(self) -> &'static str {
        match self {
            Compare::Agree => "%",
            Compare::Ratio => "",
            _ => "个百分点",
        }
    }

    /// True when a second figure has to be declared.
    pub fn needs_other(self) -> bool {
        matches!(self, Compare::Agree | Compare::Growth | Compare::Ratio)
    }

    /// True when the figure of the whole that the area is a part of is looked at.
    pub fn needs_whole(self) -> bool {
        matches!(self, Compare::WithWhole | Compare::Share)
    }

    /// True when the figures must have last year's beside them.
    pub fn needs_last_year(self) -> bool {
        !matches!(self, Compare::Agree | Compare::Ratio)
    }
}

/// Bound 允许范围, both ends included; an end that is missing is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Not below.
    pub low: Option<Decimal>,
    /// Not above.
    pub high: Option<Decimal>,
}

impl Bound {
    /// True for a value inside.
    pub fn holds(&self, value: Decimal) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }

    /// The bound in words.
    pub fn label(&self, unit: &str) -> String {
        let label = match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{} 至 {} {unit}", format_number(&low), format_number(&high)),
            (Some(low), None) => format!("不低于 {} {unit}", format_number(&low)),
            (None, Some(high)) => format!("不高于 {} {unit}", format_number(&high)),
            (None, None) => "不限".to_owned(),
        };
        label.trim_end().to_owned()
    }
}

/// Rule 评估项目, as a programme declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id, once per form.
    pub id: String,
    /// What is assessed, in words.
    pub name: String,
    /// How.
    pub compare: Compare,
    /// Within which bound it is not asked about.
    pub bound: Bound,
}

/// A sum over accepted reports, with how many they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Units that are added up.
    pub units: u64,
    /// The sum and what growth needs.
    pub cell: TotalCell,
}

/// The sums that a comparison looks at; none where nothing is accepted, or the form is not reported then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// The figure in the area and period.
    pub figure: Option<Sum>,
    /// The other figure there.
    pub other: Option<Sum>,
    /// The figure in the whole that the area is a part of.
    pub whole: Option<Sum>,
    /// The figure in the area, one period before.
    pub before: Option<Sum>,
}

/// What a page shows of how a comparison came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What it is, e.g. `营业收入增速`.
    pub label: String,
    /// The figure; none where there is none.
    pub value: Option<Decimal>,
    /// Its unit.
    pub unit: String,
    /// Units behind it.
    pub units: u64,
}

/// Measured 评估结果 of one rule: the figures as they were when it was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Id of the rule.
    pub rule: String,
    /// What is assessed.
    pub name: String,
    /// How.
    pub compare: Compare,
    /// Within which bound.
    pub bound: Bound,
    /// What it was computed from.
    pub taken: Vec<Taken>,
    /// What was computed.
    pub value: Option<Decimal>,
    /// Why nothing could be computed.
    pub missing: Option<String>,
}

/// Where a measured rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fit {
    /// 在范围内.
    Within,
    /// 超出范围: the assessor has to judge it.
    Outside,
    /// 缺数据: it could not be computed, and that is told.
    Missing,
}

impl Fit {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Fit::Within => "在范围内",
            Fit::Outside => "超出范围",
            Fit::Missing => "缺数据",
        }
    }
}

impl Measured {
    /// Where it stands.
    pub fn fit(&self) -> Fit {
        match self.value {
            Some(value) if self.bound.holds(value) => Fit::Within,
            Some(_) => Fit::Outside,
            None => Fit::Missing,
        }
    }

    /// True when both say the same: the same value, held against the same bound. From how many units it came does not matter.
    pub fn reads_as(&self, other: &Measured) -> bool {
        let says = |one: &Measured| (one.compare, one.value, one.bound);
        says(self) == says(other)
    }
}

/// What the two figures are called, and their units of measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The figure.
    pub figure: (String, String),
    /// The other one.
    pub other: (String, String),
}

/// Computes a rule from sums.
pub fn measure(rule: &Rule, names: &Names, sums: &Sums) -> Measured {
    let mut taken = Vec::new();
    let computed = match rule.compare {
        Compare::Agree => agree(names, sums, &mut taken),
        Compare::Ratio => ratio(names, sums, &mut taken),
        Compare::Growth => {
            let (figure, other) = (&names.figure.0, &names.other.0);
            gap((figure, sums.figure), (other, sums.other), &mut taken)
        }
        Compare::WithWhole => {
            let (here, whole) = (format!("本地区{}", names.figure.0), format!("上级地区{}", names.figure.0));
            gap((&here, sums.figure), (&whole, sums.whole), &mut taken)
        }
        Compare::WithBefore => {
            let (now, before) = (format!("本期{}", names.figure.0), format!("上期{}", names.figure.0));
            gap((&now, sums.figure), (&before, sums.before), &mut taken)
        }
        Compare::Share => share(names, sums, &mut taken),
    };
    let (value, missing) = match computed {
        Ok(value) => (Some(value), None),
        Err(reason) => (None, Some(reason)),
    };
    Measured {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        compare: rule.compare,
        bound: rule.bound,
        taken,
        value,
        missing,
    }
}

type Computed = Result<Decimal, String>;

/// Both figures, or everything that is missing.
fn both(one: Computed, other: Computed) -> Result<(Decimal, Decimal), String> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) => Err(format!("{one};{other}")),
        (Err(missing), _) | (_, Err(missing)) => Err(missing),
    }
}

fn rounded(value: Option<Decimal>, places: u32) -> Computed {
    let value = value.ok_or_else(|| "数太大,算不出来".to_owned())?;
    let mut value = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    value.rescale(places);
    Ok(value)
}

/// The sum itself, written down on the way.
fn total((label, unit): &(String, String), sum: Option<Sum>, taken: &mut Vec<Taken>) -> Computed {
    let value = sum.and_then(|sum| sum.cell.this);
    let units = sum.unwrap_or_default().units;
    taken.push(Taken { label: label.clone(), value, unit: unit.clone(), units });
    value.ok_or_else(|| match units {
        0 => format!("{label}:没有已验收的报表"),
        _ => format!("{label}:已验收的报表没有这个数"),
    })
}

fn growth(label: &str, sum: Option<Sum>, taken: &mut Vec<Taken>) -> Computed {
    let value = sum.and_then(|sum| sum.cell.growth());
    let units = sum.unwrap_or_default().units;
    taken.push(Taken { label: format!("{label}增速"), value, unit: "%".into(), units });
    value.ok_or_else(|| match units {
        0 => format!("{label}:没有已验收的报表"),
        _ => format!("{label}:没有可比的上年同期数,或上年同期合计不为正"),
    })
}

fn agree(names: &Names, sums: &Sums, taken: &mut Vec<Taken>) -> Computed {
    let (figure, other) = (total(&names.figure, sums.figure, taken), total(&names.other, sums.other, taken));
    let (figure, other) = both(figure, other)?;
    if figure == other {
        return rounded(Some(Decimal::ZERO), PLACES);
    }
    if other.is_zero() {
        return Err(format!("{}为零,算不出比例", names.other.0));
    }
    let gap = figure.checked_sub(other).and_then(|gap| gap.checked_mul(Decimal::ONE_HUNDRED));
    rounded(gap.and_then(|gap| gap.checked_div(other.abs())), PLACES)
}

fn ratio(names: &Names, sums: &Sums, taken: &mut Vec<Taken>) -> Computed {
    let (figure, other) = (total(&names.figure, sums.figure, taken), total(&names.other, sums.other, taken));
    let (figure, other) = both(figure, other)?;
    if other <= Decimal::ZERO {
        return Err(format!("{}不为正,比值没有意义", names.other.0));
    }
    rounded(figure.checked_div(other), RATIO_PLACES)
}

/// Difference of two rates as they are published, so that everybody can subtract them again.
fn gap(one: (&str, Option<Sum>), other: (&str, Option<Sum>), taken: &mut Vec<Taken>) -> Computed {
    let (one, other) = (growth(one.0, one.1, taken), growth(other.0, other.1, taken));
    let (one, other) = both(one, other)?;
    one.checked_sub(other).ok_or_else(|| "数太大,算不出来".to_owned())
}

/// Shares are taken over units that gave both years, here as in the whole.
fn share(names: &Names, sums: &Sums, taken: &mut Vec<Taken>) -> Computed {
    let label = &names.figure.0;
    let units = sums.figure.unwrap_or_default().units;
    let part = |year: fn(&TotalCell) -> Option<Decimal>| -> Option<Decimal> {
        let (part, whole) = (year(&sums.figure?.cell)?, year(&sums.whole?.cell)?);
        let share =
            if whole > Decimal::ZERO { part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole) } else { None };
        rounded(share, PLACES).ok()
    };
    let (now, before) = (part(|cell| cell.comparable), part(|cell| cell.last_year));
    for (what, value) in [("本期", now), ("上年同期", before)] {
        let label = format!("{label}占上级地区比重({what},可比口径)");
        taken.push(Taken { label, value, unit: "%".into(), units });
    }
    let missing = || format!("{label}:没有可比的两年数据,或上级地区合计不为正");
    now.zip(before).and_then(|(now, before)| now.checked_sub(before)).ok_or_else(missing)
}
