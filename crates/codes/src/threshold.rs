//! Threshold 纳统标准: from which size on a unit of an industry reports by itself (`codes/threshold.csv`, provenance in `codes/README.md`).

use std::sync::OnceLock;

use rust_decimal::Decimal;

use crate::industry::Industry;

/// What decides in an industry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Revenue of a year from so many 万元 on.
    Revenue(Decimal),
    /// A qualification (资质), whatever the size.
    Qualification,
    /// Every unit that is active in it.
    All,
}

/// Threshold 纳统标准 of an industry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// What decides.
    pub line: Line,
    /// What units above it are called: 规模以上工业.
    pub label: &'static str,
    /// The figure or fact that is looked at: 年主营业务收入.
    pub basis: &'static str,
    /// Where that stands.
    pub source: &'static str,
    industries: Vec<&'static str>,
}

impl Threshold {
    /// True when a revenue (万元) reaches it; none where revenue does not decide.
    pub fn is_reached(&self, ten_thousand_yuan: Decimal) -> Option<bool> {
        match self.line {
            Line::Revenue(least) => Some(ten_thousand_yuan >= least),
            Line::Qualification | Line::All => None,
        }
    }

    /// The rule in a sentence without its stop.
    pub fn say(&self) -> String {
        match self.line {
            Line::Revenue(least) => format!("{}:{}不低于 {least} 万元", self.label, self.basis),
            Line::Qualification | Line::All => format!("{}:有{}", self.label, self.basis.trim_start_matches('有')),
        }
    }
}

/// The threshold of an industry; none where no unit reports by its size (agriculture, finance, public offices).
pub fn of(industry: &Industry) -> Option<&'static Threshold> {
    table().iter().find(|threshold| holds(&threshold.industries, *industry))
}

/// The widest industries that have a line of revenue, each with what units above it are called: for whoever does not know the class.
pub fn by_revenue() -> impl Iterator<Item = (Industry, &'static str)> {
    let by_revenue = table().iter().filter(|threshold| matches!(threshold.line, Line::Revenue(_)));
    by_revenue.flat_map(|threshold| {
        threshold.industries.iter().filter_map(|code| Some((Industry::parse(code).ok()?, threshold.label)))
    })
}

/// True when an industry is among sections (门类), or beginnings of codes.
pub(crate) fn holds(industries: &[&str], industry: Industry) -> bool {
    let (section, code) = (industry.section(), industry.code());
    industries.iter().any(|wanted| *wanted == section.code() || code.starts_with(wanted))
}

fn table() -> &'static [Threshold] {
    static TABLE: OnceLock<Vec<Threshold>> = OnceLock::new();
    TABLE.get_or_init(|| include_str!("../../../codes/threshold.csv").lines().skip(1).filter_map(read_line).collect())
}

fn read_line(text: &'static str) -> Option<Threshold> {
    let [industries, kind, amount, label, basis, source] = text.split(',').collect::<Vec<_>>().try_into().ok()?;
    let line = match kind {
        "revenue" => Line::Revenue(amount.parse().ok()?),
        "qualification" => Line::Qualification,
        "all" => Line::All,
        _ => return None,
    };
    Some(Threshold { line, label, basis, source, industries: industries.split(' ').collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str) -> String {
        of(&Industry::parse(code).unwrap()).map_or_else(|| "—".into(), Threshold::say)
    }

    #[test]
    fn every_line_is_read_and_each_industry_has_its_own() {
        assert_eq!(table().len(), include_str!("../../../codes/threshold.csv").lines().count() - 1);
        for (code, expected) in [
            ("1311", "规模以上工业:年主营业务收入不低于 2000 万元"),
            ("4420", "规模以上工业:年主营业务收入不低于 2000 万元"),
            ("4710", "有资质的建筑业:有总承包或专业承包资质"),
            ("5123", "限额以上批发业:年主营业务收入不低于 2000 万元"),
            ("5211", "限额以上零售业:年主营业务收入不低于 500 万元"),
            ("6210", "限额以上住宿和餐饮业:年主营业务收入不低于 200 万元"),
            ("6513", "规模以上服务业:年营业收入不低于 2000 万元"),
            ("7010", "房地产开发经营业:有开发经营活动"),
            ("7020", "规模以上服务业:年营业收入不低于 1000 万元"),
            ("8051", "规模以上服务业:年营业收入不低于 500 万元"),
            ("8421", "规模以上服务业:年营业收入不低于 2000 万元"),
            ("0111", "—"),
            ("6621", "—"),
        ] {
            assert_eq!(said(code), expected, "{code}");
        }
    }

    #[test]
    fn whoever_does_not_know_the_class_chooses_among_industries_of_the_same_line() {
        let known = table().iter().filter(|one| matches!(one.line, Line::Revenue(_))).map(|one| one.industries.len());
        assert_eq!(by_revenue().count(), known.sum::<usize>(), "every code of the table is one");
        assert!(by_revenue().all(|(industry, label)| of(&industry).is_some_and(|threshold| threshold.label == label)));
    }

    #[test]
    fn the_line_itself_is_above() {
        let shop = of(&Industry::parse("5211").unwrap()).unwrap();
        let reached = |amount: &str| shop.is_reached(amount.parse().unwrap());
        assert_eq!([reached("499.99"), reached("500")], [Some(false), Some(true)]);
        assert_eq!(of(&Industry::parse("7010").unwrap()).unwrap().is_reached(Decimal::ZERO), None);
    }
}
