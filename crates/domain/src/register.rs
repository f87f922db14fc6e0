//! Register 基本单位名录库: every unit that is known, what is known of it since when, and which forms each of them owes.

mod fact;
mod history;
pub mod import;
mod listing;
mod owes;
pub mod search;
mod spoken;
pub mod terms;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::size_class::{self, Figures, NoClass};
use youju_codes::{AreaCode, Industry, SizeClass, Usci};

use crate::id::UnitId;
use crate::problem::Problem;

pub use fact::{FACT_CHARS_MAX, Fact, Facts, Form, read_day};
pub use history::{AHEAD_DAYS_MAX, Change, NewChange, Origin, Source, beginning, decide, held_since, settle, state};
pub use listing::{Kind, Listing, Status};
pub use owes::{Audience, Owes, owes, why, why_not_listable};

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

    /// Codes and words to choose from.
    pub fn choices() -> Vec<(&'static str, &'static str)> {
        AccountingStandard::ALL.iter().map(|one| (one.code(), one.label())).collect()
    }
}

/// Unit 单位 — an entry of the register, as it is today.
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
    /// 执行会计准则情况, of enterprises.
    pub standard: Option<AccountingStandard>,
    /// 纳入情况: whether it reports by itself.
    pub listing: Listing,
    /// 说明企业: the office lets the unit explain failures of class B.
    pub may_explain: bool,
    /// Everything else that is known.
    pub details: Facts,
    /// The latest day from which something of it counts; what it was before that day tells its history alone.
    pub changed_on: NaiveDate,
    /// Changes at every write.
    pub revision: i64,
}

impl Unit {
    /// The facts that have a place of their own.
    const OWN: [Fact; 6] = [Fact::Usci, Fact::Name, Fact::Area, Fact::Industry, Fact::Standard, Fact::Listing];

    /// A unit of facts.
    pub fn of(id: UnitId, facts: Facts, changed_on: NaiveDate) -> Result<Unit, Problem> {
        let bad = |reason: String| Problem::BadInput { reason };
        let owed =
            |fact: Fact| facts.get(fact).map(str::to_owned).ok_or_else(|| bad(format!("“{}”不能为空。", fact.label())));
        Ok(Unit {
            id,
            usci: Usci::parse(&owed(Fact::Usci)?).map_err(|error| bad(error.to_string()))?,
            name: owed(Fact::Name)?,
            area: AreaCode::parse(&owed(Fact::Area)?).map_err(|error| bad(error.to_string()))?,
            industry: Industry::parse(&owed(Fact::Industry)?).map_err(|error| bad(error.to_string()))?,
            standard: facts.get(Fact::Standard).and_then(AccountingStandard::from_code),
            listing: facts.get(Fact::Listing).and_then(Listing::from_key).unwrap_or(Listing::Outside),
            may_explain: false,
            details: facts.without(&Unit::OWN).settled(),
            changed_on,
            revision: 0,
        })
    }

    /// The same unit with other facts.
    pub fn with(&self, facts: Facts, changed_on: NaiveDate) -> Result<Unit, Problem> {
        let other = Unit::of(self.id, facts, changed_on)?;
        Ok(Unit { may_explain: self.may_explain, revision: self.revision, ..other })
    }

    /// Everything that is known of it.
    pub fn facts(&self) -> Facts {
        let own = self
            .details
            .clone()
            .with(Fact::Usci, self.usci.as_str())
            .with(Fact::Name, self.name.as_str())
            .with(Fact::Area, self.area.as_str())
            .with(Fact::Industry, self.industry.code())
            .with(Fact::Listing, self.listing.key());
        match self.standard {
            Some(standard) => own.with(Fact::Standard, standard.code()),
            None => own,
        }
    }

    /// 单位类型; a legal person unless something else is known.
    pub fn kind(&self) -> Kind {
        self.details.get(Fact::Kind).and_then(Kind::from_key).unwrap_or(Kind::Legal)
    }

    /// 运营状态; at work unless something else is known.
    pub fn status(&self) -> Status {
        self.details.get(Fact::Status).and_then(Status::from_key).unwrap_or(Status::Open)
    }

    /// The code of its accounting standard; empty where it has none.
    pub fn standard_code(&self) -> &'static str {
        self.standard.map_or("", AccountingStandard::code)
    }

    /// 单位规模, computed from what is known, with the group of industries whose lines were used.
    pub fn size_class(&self) -> Result<(SizeClass, &'static str), NoClass> {
        // Forms count money in 千元, the rules in 万元.
        let money = |fact: Fact| self.details.number(fact).map(|thousand| thousand / rust_decimal::Decimal::TEN);
        let figures = Figures {
            staff: self.details.number(Fact::Employees),
            revenue: money(Fact::Revenue),
            assets: money(Fact::Assets),
        };
        size_class::of(&self.industry, &figures)
    }

    /// The register attributes that checks may name, as text.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("usci".to_owned(), self.usci.as_str().to_owned()),
            ("area".to_owned(), self.area.as_str().to_owned()),
            ("industry".to_owned(), self.industry.code().to_owned()),
            ("acct".to_owned(), self.standard_code().to_owned()),
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
