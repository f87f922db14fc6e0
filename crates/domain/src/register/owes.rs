//! Which forms a unit owes in a period 应报报表, and why: the one answer for opening windows, planning a year and the unit's own page.

use chrono::NaiveDate;
use youju_codes::Period;

use super::{Fact, Kind, Listing, Unit, is_among};

/// Audience 填报范围 of a form: what its programme declares.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'f> {
    /// Sections (门类), or beginnings of codes.
    pub industries: &'f [String],
    /// Which units of them.
    pub listings: &'f [Listing],
}

/// Whether a unit owes a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owes {
    /// 应报.
    Owed,
    /// It was not in the register then.
    NotKnown,
    /// It is not among those who report.
    NotListed,
    /// Its industry is another.
    OtherIndustry,
}

/// Whether a unit owes a form: the unit as it is on the last day of the period, nothing if it was not known then.
pub fn owes(unit: Option<&Unit>, audience: Audience<'_>) -> Owes {
    match unit {
        None => Owes::NotKnown,
        Some(unit) if !audience.listings.contains(&unit.listing) => Owes::NotListed,
        Some(unit) if !is_among(&unit.industry, audience.industries) => Owes::OtherIndustry,
        Some(_) => Owes::Owed,
    }
}

/// Why a unit owes a form for a period, or does not; `listed_since` is the day since which it is listed as it is.
pub fn why(
    unit: Option<&Unit>,
    listed_since: Option<NaiveDate>,
    audience: Audience<'_>,
    period: Period,
) -> (Owes, String) {
    let day = period.last_day();
    let owes = owes(unit, audience);
    let Some(unit) = unit else {
        return (owes, format!("{day} 还不在名录库中。先进库、后有数。"));
    };
    let (code, name, listing) = (unit.industry.code(), unit.industry.name(), unit.listing.label());
    let since = match listed_since {
        Some(since) if since > super::beginning() => format!("自 {since} 起"),
        _ => String::new(),
    };
    let kind = match unit.kind() {
        Kind::Legal => String::new(),
        other => format!("({})", other.label()),
    };
    let said = match owes {
        Owes::NotKnown => String::new(),
        Owes::Owed => {
            format!("{day} 是{listing}{kind}({since}),行业 {code} {name}属于本表填报范围。").replace("()", "")
        }
        Owes::NotListed => {
            let wanted: Vec<&str> = audience.listings.iter().map(|listing| listing.label()).collect();
            let since = if since.is_empty() { String::new() } else { format!("({since})") };
            format!("{day} 的纳入情况为“{listing}”{since},本表由{}填报。", wanted.join("、"))
        }
        Owes::OtherIndustry => {
            format!("行业 {code} {name}不在本表填报范围({})。", audience.industries.join("、"))
        }
    };
    (owes, said)
}

/// What keeps a unit from being listed: an office does not ask somebody who is gone.
pub fn why_not_listable(unit: &Unit) -> Option<String> {
    match unit.status() {
        status if status.is_over() => Some(format!("运营状态为“{}”的单位不能纳入。", status.label())),
        _ if unit.details.get(Fact::Successor).is_some() => Some("已并入其他单位的不能纳入。".to_owned()),
        _ => None,
    }
}
