//! The published figures, by company; where they come from is told in `README.md` beside them.

use std::collections::BTreeMap;

use youju_codes::{AreaCode, Industry, OrgCode, Usci, area, industry};

use super::COUNTY;
use super::books::Figures;
use crate::open::Failure;

const ACCOUNTS: &str = include_str!("accounts.csv");

/// A unit of the demonstration with its figures by period.
pub(crate) struct Company {
    /// Its number, from 1.
    pub number: usize,
    /// A plainly fictitious name.
    pub name: String,
    /// A plainly fictitious code, with right check characters.
    pub usci: Usci,
    /// A real township of Lanxi.
    pub area: AreaCode,
    /// First class of its division.
    pub industry: Industry,
    /// Figures by period, in 千元.
    pub figures: BTreeMap<String, Figures>,
}

/// Reads the embedded figures.
pub(crate) fn companies() -> Result<Vec<Company>, Failure> {
    let mut lines = ACCOUNTS.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let townships = area::children(&AreaCode::parse(COUNTY)?);
    let mut companies: Vec<Company> = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [number, period, division, ..] = cells.as_slice() else { return Err("accounts.csv is cut off".into()) };
        let number: usize = number.parse()?;
        if companies.last().is_none_or(|company| company.number != number) {
            let township = townships.get(number % townships.len().max(1)).ok_or("no townships")?;
            companies.push(company(number, township.code, division)?);
        }
        let mut figures = Figures::new();
        for (name, cell) in head.iter().zip(&cells).skip(3).filter(|(_, cell)| !cell.is_empty()) {
            figures.insert((*name).to_owned(), cell.parse()?);
        }
        if let Some(company) = companies.last_mut() {
            company.figures.insert((*period).to_owned(), figures);
        }
    }
    Ok(companies)
}

fn company(number: usize, area: AreaCode, division: &str) -> Result<Company, Failure> {
    let industry = first_class(Industry::parse(division)?);
    let organisation = with_check(&format!("FAKE{number:04}"))?;
    Ok(Company {
        number,
        name: format!("虚构第{number:03}号{}厂", short(industry.division().map_or("", |division| division.name()))),
        usci: Usci::with_check(&format!("91{COUNTY}{}", organisation.as_str()))?,
        area,
        industry,
        figures: BTreeMap::new(),
    })
}

/// The first class below an industry.
fn first_class(industry: Industry) -> Industry {
    match industry::children(&industry).first() {
        Some(child) => first_class(*child),
        None => industry,
    }
}

/// The organisation code whose check character fits: there are eleven to try.
pub(super) fn with_check(first8: &str) -> Result<OrgCode, Failure> {
    let found = "0123456789X".chars().find_map(|check| OrgCode::parse(&format!("{first8}{check}")).ok());
    found.ok_or_else(|| format!("no check character fits {first8}").into())
}

/// `通用设备制造业` → `通用设备`.
fn short(division: &str) -> &str {
    let division = division.split(['、', '和', '及']).next().unwrap_or(division);
    division.trim_end_matches("制造业").trim_end_matches("加工业").trim_end_matches('业')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_at_least_two_hundred_units_with_three_periods_and_fictitious_codes() {
        let companies = companies().unwrap();
        assert!(companies.len() >= 200);
        for company in &companies {
            assert_eq!(company.figures.len(), 3, "{}", company.name);
            assert!(company.usci.as_str().contains("FAKE") && company.name.starts_with("虚构"), "{}", company.name);
        }
    }
}
