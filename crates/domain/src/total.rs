//! Totals 汇总: sums of accepted figures by area or industry. Only the shapes live here; the columns live in `frames`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_codes::{AreaCode, Industry, Period};

use crate::id::{ReportId, UnitId};
use crate::report::{CellId, Level};

/// An accepted report, reduced to what totals need (law 6: nothing else enters).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The report.
    pub report: ReportId,
    /// The unit.
    pub unit: UnitId,
    /// Where it is.
    pub area: AreaCode,
    /// What it does.
    pub industry: Industry,
    /// Which level has accepted it last.
    pub level: Level,
    /// Numbers by cell.
    pub cells: BTreeMap<CellId, Decimal>,
}

/// Names one column file: a form and a period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameKey {
    /// Form code.
    pub form: String,
    /// Period.
    pub period: Period,
}

/// By what totals are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// 按乡镇(街道).
    Township,
    /// 按县(市、区).
    County,
    /// 按行业大类.
    Division,
    /// 按行业门类.
    Section,
}

impl Grouping {
    /// All groupings.
    pub const ALL: [Grouping; 4] = [Grouping::Township, Grouping::County, Grouping::Division, Grouping::Section];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Grouping::Township => "按乡镇(街道)",
            Grouping::County => "按县(市、区)",
            Grouping::Division => "按行业大类",
            Grouping::Section => "按行业门类",
        }
    }

    /// The name in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Grouping::Township => "township",
            Grouping::County => "county",
            Grouping::Division => "division",
            Grouping::Section => "section",
        }
    }

    /// Reads [`Grouping::key`].
    pub fn from_key(key: &str) -> Option<Grouping> {
        Grouping::ALL.into_iter().find(|g| g.key() == key)
    }

    /// The group of a unit: area or industry code.
    pub fn group_of(self, area: &AreaCode, industry: &Industry) -> String {
        match self {
            Grouping::Township => area.as_str().chars().take(9).collect(),
            Grouping::County => area.as_str().chars().take(6).collect(),
            Grouping::Division => industry.division().map_or_else(String::new, |d| d.code().to_owned()),
            Grouping::Section => industry.section().code().to_owned(),
        }
    }
}

/// What is asked of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalsRequest {
    /// Which columns.
    pub key: FrameKey,
    /// Units within this area only.
    pub area: AreaCode,
    /// Only figures accepted by this level or a higher one.
    pub level: Level,
    /// What to add up.
    pub cells: Vec<Summed>,
    /// By what.
    pub by: Grouping,
}

/// One figure to be added up, and the cell of the same report that holds it for last year (上年同期), if the form has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summed {
    /// This period's cell.
    pub cell: CellId,
    /// Last year's cell.
    pub last_year: Option<CellId>,
}

/// Sums of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalRow {
    /// Area or industry code of the group; empty for the total of everything.
    pub group: String,
    /// Units with an accepted report.
    pub units: u64,
    /// Sums by cell, in the order asked; none where no unit reported a number.
    pub sums: Vec<TotalCell>,
}

/// One sum with its comparison. Growth compares like with like: only units that give both years (可比口径).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TotalCell {
    /// Sum of all units that gave this period.
    pub this: Option<Decimal>,
    /// Sum of this period over the units that gave both years.
    pub comparable: Option<Decimal>,
    /// Sum of last year over the same units.
    pub last_year: Option<Decimal>,
}

impl TotalCell {
    /// Growth 增速 in per cent with one decimal, 四舍五入; none when last year is missing or not positive,
    /// because a rate over a loss means nothing.
    pub fn growth(&self) -> Option<Decimal> {
        let (this, last) = (self.comparable?, self.last_year?);
        if last <= Decimal::ZERO {
            return None;
        }
        let rate = this.checked_sub(last)?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(last)?;
        let mut rate = rate.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        rate.rescale(1);
        Some(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_rounded_to_a_tenth_and_left_out_over_a_loss() {
        let cell = |this: i64, last: i64| TotalCell {
            this: Some(Decimal::from(this) * Decimal::TWO),
            comparable: Some(this.into()),
            last_year: Some(last.into()),
        };
        assert_eq!(cell(1_125, 1_000).growth().unwrap().to_string(), "12.5");
        assert_eq!(cell(20_001, 20_000).growth().unwrap().to_string(), "0.0");
        assert_eq!(cell(10, -5).growth(), None);
        assert_eq!(cell(10, 0).growth(), None);
    }
}
