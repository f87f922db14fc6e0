//! Register 基本单位名录库: the units that report, and which forms each of them owes.

use std::collections::BTreeMap;

use youju_codes::{AreaCode, Industry, Usci};

use crate::id::UnitId;

pub mod search;
mod spoken;
pub mod terms;

/// Which accounting standard a unit keeps its books by (执行会计准则情况, item 210 of form 101-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountingStandard {
    /// 1 企业会计准则.
    Enterprise,
    /// 2 小企业会计准则.
    SmallEnterprise,
    /// 3 企业会计制度.
    EnterpriseSystem,
    /// 9 其他.
    Other,
}

impl AccountingStandard {
    /// All of them.
    pub const ALL: [AccountingStandard; 4] = [
        AccountingStandard::Enterprise,
        AccountingStandard::SmallEnterprise,
        AccountingStandard::EnterpriseSystem,
        AccountingStandard::Other,
    ];

    /// The code on form 101-1.
    pub fn code(self) -> &'static str {
        match self {
            AccountingStandard::Enterprise => "1",
            AccountingStandard::SmallEnterprise => "2",
            AccountingStandard::EnterpriseSystem => "3",
            AccountingStandard::Other => "9",
        }
    }

    /// Reads the code.
    pub fn from_code(code: &str) -> Option<AccountingStandard> {
        AccountingStandard::ALL.into_iter().find(|standard| standard.code() == code)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            AccountingStandard::Enterprise => "企业会计准则",
            AccountingStandard::SmallEnterprise => "小企业会计准则",
            AccountingStandard::EnterpriseSystem => "企业会计制度",
            AccountingStandard::Other => "其他",
        }
    }
}

/// Unit 调查单位 — an entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// 统一社会信用代码.
    pub usci: Usci,
    /// 单位详细名称.
    pub name: String,
    /// 所在地区划 (12 digits).
    pub area: AreaCode,
    /// 行业小类 (GB/T 4754).
    pub industry: Industry,
    /// 执行会计准则情况.
    pub standard: AccountingStandard,
    /// 说明企业: the office lets the unit explain failures of class B.
    pub may_explain: bool,
    /// Changes at every write.
    pub revision: i64,
}

impl Unit {
    /// The register attributes that checks may name, as text.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("usci".to_owned(), self.usci.as_str().to_owned()),
            ("area".to_owned(), self.area.as_str().to_owned()),
            ("industry".to_owned(), self.industry.code().to_owned()),
            ("acct".to_owned(), self.standard.code().to_owned()),
        ])
    }

    /// True when the unit's industry is among those that a form surveys: sections (门类), or beginnings of codes.
    pub fn is_in(&self, industries: &[String]) -> bool {
        is_among(&self.industry, industries)
    }
}

/// True when an industry is among sections (门类), or beginnings of codes.
pub fn is_among(industry: &Industry, industries: &[String]) -> bool {
    let (section, code) = (industry.section(), industry.code());
    industries.iter().any(|wanted| wanted == section.code() || code.starts_with(wanted.as_str()))
}
