//! Checks of a code's own make-up 代码校验: check digits and code lists, which VTL cannot compute.

use std::collections::BTreeMap;

use youju_codes::{AreaCode, AreaLevel, Industry, IndustryLevel, OrgCode, Usci, area, normalise};
use youju_domain::finding::{Finding, Outcome, Severity};
use youju_domain::report::{CellId, Value};

use crate::cell::Kind;
use crate::form::Provenance;

/// Intrinsic check 代码校验 of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intrinsic {
    /// Its id, e.g. `U1`.
    pub id: String,
    /// The list whose column it looks at; nothing for a fixed cell.
    pub list: Option<String>,
    /// The cell, or the column of the list.
    pub cell: CellId,
    /// How severe a failure is.
    pub severity: Severity,
    /// What should hold, in a few words.
    pub message: String,
    /// Where the rule was read.
    pub provenance: Provenance,
    /// Keys of the sources.
    pub sources: Vec<String>,
    /// What has to be known about it.
    pub note: String,
    pub(crate) kind: Kind,
}

impl Intrinsic {
    /// What it says about a value; nothing when the code is right or not filled in.
    pub(crate) fn finding(&self, value: &Value) -> Option<Finding> {
        let Value::Text(text) = value else { return None };
        let sentence = self.fault(text)?;
        Some(Finding {
            check: self.id.clone(),
            row: None,
            severity: self.severity,
            outcome: Outcome::Fail,
            message: self.message.clone(),
            sentence,
            cells: vec![self.cell.clone()],
            inputs: BTreeMap::from([(self.cell.to_string(), text.clone())]),
        })
    }

    /// What is wrong with a text, as a sentence with the way out; nothing when it is right.
    pub(crate) fn fault(&self, text: &str) -> Option<String> {
        match self.kind {
            Kind::Usci => usci_fault(text),
            Kind::Industry => industry_fault(text),
            Kind::Area => area_fault(text),
            _ => None,
        }
    }
}

/// True for kinds whose codes have a make-up of their own.
pub(crate) fn has_intrinsic(kind: &Kind) -> bool {
    matches!(kind, Kind::Usci | Kind::Industry | Kind::Area)
}

/// Units without a unified code may give their old organisation code.
fn usci_fault(text: &str) -> Option<String> {
    let bare = normalise(text).replace('-', "");
    if bare.chars().count() != 9 {
        return Usci::parse(text).err().map(|error| error.to_string());
    }
    OrgCode::parse(text).err().map(|error| error.to_string())
}

fn industry_fault(text: &str) -> Option<String> {
    match Industry::parse(text) {
        Err(error) => Some(error.to_string()),
        Ok(industry) if industry.level() == IndustryLevel::Class => None,
        Ok(industry) => Some(format!("行业代码“{text}”是{},应填 4 位小类代码。", industry.path())),
    }
}

fn area_fault(text: &str) -> Option<String> {
    let bare = normalise(text);
    if bare.len() != 12 {
        return Some(format!(
            "区划代码“{text}”应为 12 位数字,现为 {} 位。请填到村(居)委会一级。",
            bare.chars().count()
        ));
    }
    let code = match AreaCode::parse(&bare) {
        Err(error) => return Some(error.to_string()),
        Ok(code) => code,
    };
    if code.level() != AreaLevel::Village {
        return Some(format!("区划代码“{text}”只到{},请填到村(居)委会一级。", code.level().label()));
    }
    // Townships and villages change every year; the county is what the shipped list can vouch for.
    let county = code.ancestors().into_iter().rfind(|area| area.level() <= AreaLevel::County)?;
    if area::find(&county).is_some() {
        return None;
    }
    let prefix = county.prefix();
    Some(format!("区划代码“{text}”的前 {} 位 {prefix} 不在区划名单中。请核对所在县(市、区)。", prefix.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: Kind, text: &str) -> Option<String> {
        let intrinsic = Intrinsic {
            id: "U1".into(),
            list: None,
            cell: CellId::new("c101"),
            severity: Severity::Blocking,
            message: String::new(),
            provenance: Provenance::Real,
            sources: Vec::new(),
            note: String::new(),
            kind,
        };
        intrinsic.fault(text)
    }

    #[test]
    fn right_codes_pass() {
        let cases = [
            (Kind::Usci, "91330100799655058B"),
            (Kind::Usci, "79965505-8"),
            (Kind::Industry, "1311"),
            (Kind::Area, "330781001001"),
            (Kind::Text, "anything"),
        ];
        for (kind, text) in cases {
            assert_eq!(fault(kind, text), None, "{text}");
        }
    }

    #[test]
    fn wrong_codes_fail_with_the_place_and_the_way_out() {
        let cases = [
            (Kind::Usci, "91330100799655058C", "第 18 位有误:校验码应为 B"),
            (Kind::Usci, "9133010079", "统一社会信用代码"),
            (Kind::Industry, "13", "应填 4 位小类代码。"),
            (Kind::Industry, "9999", "行业代码"),
            (Kind::Area, "330781", "应为 12 位数字,现为 6 位。"),
            (Kind::Area, "330781001000", "只到乡级"),
            (Kind::Area, "330799001001", "前 6 位 330799 不在区划名单中"),
        ];
        for (kind, text, expected) in cases {
            let fault = fault(kind, text).expect(text);
            assert!(fault.contains(expected), "{fault}");
        }
    }
}
