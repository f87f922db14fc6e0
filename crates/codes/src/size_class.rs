//! Size class 单位规模: 大、中、小、微 by staff, revenue and assets (统计上大中小微型企业划分办法 2017; `codes/size_class.csv`).

use std::sync::OnceLock;

use rust_decimal::Decimal;

use crate::industry::Industry;
use crate::threshold::holds;

/// Size class 单位规模.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    /// 微型.
    Micro,
    /// 小型.
    Small,
    /// 中型.
    Medium,
    /// 大型.
    Large,
}

impl SizeClass {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            SizeClass::Micro => "微型",
            SizeClass::Small => "小型",
            SizeClass::Medium => "中型",
            SizeClass::Large => "大型",
        }
    }
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// 从业人员 (人).
    Staff,
    /// 营业收入 (万元).
    Revenue,
    /// 资产总额 (万元).
    Assets,
}

impl Figure {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Figure::Staff => "从业人员",
            Figure::Revenue => "营业收入",
            Figure::Assets => "资产总额",
        }
    }
}

/// The figures of a unit; what is not known is none, which is not nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// 从业人员 (人).
    pub staff: Option<Decimal>,
    /// 营业收入 (万元).
    pub revenue: Option<Decimal>,
    /// 资产总额 (万元).
    pub assets: Option<Decimal>,
}

impl Figures {
    fn get(&self, figure: Figure) -> Option<Decimal> {
        match figure {
            Figure::Staff => self.staff,
            Figure::Revenue => self.revenue,
            Figure::Assets => self.assets,
        }
    }
}

/// Why a unit has no size class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoClass {
    /// The rules have no line for its industry.
    NotClassified,
    /// Figures are missing.
    Missing(Vec<Figure>),
}

struct Line {
    industries: Vec<&'static str>,
    label: &'static str,
    figure: Figure,
    /// From which on it is large, medium, small.
    least: [Decimal; 3],
}

/// The size class of a unit, with the group of industries whose lines it was told by. Large, medium and small need all of their lines;
/// who falls short of one line drops a class.
pub fn of(industry: &Industry, figures: &Figures) -> Result<(SizeClass, &'static str), NoClass> {
    let lines: Vec<&Line> = table().iter().filter(|line| holds(&line.industries, *industry)).collect();
    let label = lines.first().ok_or(NoClass::NotClassified)?.label;
    let missing: Vec<Figure> =
        lines.iter().map(|line| line.figure).filter(|figure| figures.get(*figure).is_none()).collect();
    if !missing.is_empty() {
        return Err(NoClass::Missing(missing));
    }
    let class = |line: &&Line| {
        let figure = figures.get(line.figure).unwrap_or_default();
        let reached = |class: usize| line.least.get(class).is_some_and(|least| figure >= *least);
        match (reached(0), reached(1), reached(2)) {
            (true, ..) => SizeClass::Large,
            (_, true, _) => SizeClass::Medium,
            (.., true) => SizeClass::Small,
            _ => SizeClass::Micro,
        }
    };
    Ok((lines.iter().map(class).min().unwrap_or(SizeClass::Micro), label))
}

fn table() -> &'static [Line] {
    static TABLE: OnceLock<Vec<Line>> = OnceLock::new();
    TABLE.get_or_init(|| include_str!("../../../codes/size_class.csv").lines().skip(1).filter_map(read_line).collect())
}

fn read_line(text: &'static str) -> Option<Line> {
    let [industries, label, figure, large, medium, small] = text.split(',').collect::<Vec<_>>().try_into().ok()?;
    let figure = match figure {
        "staff" => Figure::Staff,
        "revenue" => Figure::Revenue,
        "assets" => Figure::Assets,
        _ => return None,
    };
    let least = [large.parse().ok()?, medium.parse().ok()?, small.parse().ok()?];
    Some(Line { industries: industries.split(' ').collect(), label, figure, least })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(staff: i64, revenue: i64, assets: i64) -> Figures {
        let number = |number: i64| (number >= 0).then(|| Decimal::from(number));
        Figures { staff: number(staff), revenue: number(revenue), assets: number(assets) }
    }

    fn class(code: &str, of_unit: &Figures) -> String {
        match of(&Industry::parse(code).unwrap(), of_unit) {
            Ok((class, label)) => format!("{label}{}", class.label()),
            Err(NoClass::NotClassified) => "—".into(),
            Err(NoClass::Missing(missing)) => missing.iter().map(|figure| figure.label()).collect(),
        }
    }

    #[test]
    fn all_lines_of_a_class_have_to_be_reached() {
        assert_eq!(table().len(), include_str!("../../../codes/size_class.csv").lines().count() - 1);
        for (code, unit, expected) in [
            ("1311", figures(1000, 40000, -1), "工业大型"),
            // One short of the staff of a large unit, and of the revenue of a medium one.
            ("1311", figures(999, 40000, -1), "工业中型"),
            ("1311", figures(1000, 1999, -1), "工业小型"),
            ("1311", figures(19, 90000, -1), "工业微型"),
            ("4710", figures(-1, 80000, 80000), "建筑业大型"),
            ("4710", figures(-1, 80000, 299), "建筑业微型"),
            ("0111", figures(-1, 50, -1), "农林牧渔业小型"),
            ("5211", figures(-1, -1, 5), "从业人员营业收入"),
            ("8051", figures(100, -1, -1), "其他未列明行业中型"),
            ("5311", figures(9000, 90000, 9), "—"),
            ("6621", figures(9000, 90000, 9), "—"),
        ] {
            assert_eq!(class(code, &unit), expected, "{code} {unit:?}");
        }
    }
}
