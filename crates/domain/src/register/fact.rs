//! Facts 登记事项 of a unit: what may be known about it, how each is read, and what it is called.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, Industry, Usci, parse_number};

use super::{AccountingStandard, Kind, Listing, Status};
use crate::id::UnitId;
use crate::problem::Problem;

/// Characters of a fact in words at most: names of companies and addresses have below a hundred.
pub const FACT_CHARS_MAX: usize = 200;

/// How a fact is read.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Words.
    Text,
    /// 18 characters with a check character.
    Usci,
    /// An area of the list, township or village.
    Area,
    /// A class (小类) of GB/T 4754.
    Industry,
    /// A day, or the first day of a month.
    Day,
    /// A number that is not below nought.
    Number,
    /// One of the codes of a list.
    Choice(fn() -> Vec<(&'static str, &'static str)>),
    /// Another unit.
    Unit,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident $key:literal $label:literal $form:expr),* $(,)?) => {
        /// Fact 登记事项.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Fact { $($(#[$doc])* $name),* }

        impl Fact {
            /// All of them, in the order of a page.
            pub const ALL: &[Fact] = &[$(Fact::$name),*];

            /// The name in storage and files.
            pub fn key(self) -> &'static str {
                match self { $(Fact::$name => $key),* }
            }

            /// The word on the page.
            pub fn label(self) -> &'static str {
                match self { $(Fact::$name => $label),* }
            }

            /// How it is read.
            pub fn form(self) -> Form {
                match self { $(Fact::$name => $form),* }
            }
        }
    };
}

facts! {
    /// 101.
    Usci "usci" "统一社会信用代码" Form::Usci,
    /// 102.
    Name "name" "单位详细名称" Form::Text,
    /// 单位类型.
    Kind "kind" "单位类型" Form::Choice(Kind::choices),
    /// Whether it reports by itself.
    Listing "listing" "纳入情况" Form::Choice(Listing::choices),
    /// 208.
    Status "status" "运营状态" Form::Choice(Status::choices),
    /// 103.
    Industry "industry" "行业代码" Form::Industry,
    /// 103, in words.
    Activity "activity" "主要业务活动" Form::Text,
    /// 105, as a code.
    Area "area" "所在地区划" Form::Area,
    /// 105, in words.
    Address "address" "详细地址" Form::Text,
    /// 106, as a code.
    RegisteredArea "registered_area" "注册地区划" Form::Area,
    /// 106, in words.
    RegisteredAddress "registered_address" "注册地址" Form::Text,
    /// 202.
    Representative "representative" "法定代表人" Form::Text,
    /// 204.
    Phone "phone" "联系电话" Form::Text,
    /// 203.
    FoundedOn "founded_on" "成立时间" Form::Day,
    /// 203, of enterprises.
    OpenedOn "opened_on" "开业时间" Form::Day,
    /// 205.
    RegistrationType "registration_type" "登记注册统计类别" Form::Text,
    /// 206.
    Holding "holding" "控股情况" Form::Text,
    /// 210.
    Standard "standard" "执行会计准则" Form::Choice(AccountingStandard::choices),
    /// 192.
    Employees "employees" "从业人员期末人数(人)" Form::Number,
    /// 193.
    Revenue "revenue" "营业收入(千元)" Form::Number,
    /// 193.
    Assets "assets" "资产总计(千元)" Form::Number,
    /// C01, X01.
    Qualification "qualification" "资质等级" Form::Text,
    /// 组织机构代码, where it is not part of the 统一社会信用代码.
    OrgCode "org_code" "组织机构代码" Form::Text,
    /// 107.
    TaxNumber "tax_number" "纳税人识别号" Form::Text,
    /// The number of the licence before 2015.
    RegistrationNumber "registration_number" "原注册号" Form::Text,
    /// 底册顺序码.
    CensusCode "census_code" "底册顺序码" Form::Text,
    /// 17 digits.
    SampleCode "sample_code" "样本单位编码" Form::Text,
    /// 213.
    Parent "parent" "上一级法人" Form::Unit,
    /// What it was split off or merged from.
    Predecessor "predecessor" "由何单位分立、合并而来" Form::Unit,
    /// What it was merged into.
    Successor "successor" "并入的单位" Form::Unit,
}

impl Fact {
    /// Reads [`Fact::key`].
    pub fn from_key(key: &str) -> Option<Fact> {
        Fact::ALL.iter().copied().find(|fact| fact.key() == key)
    }

    /// What must be known of every unit.
    pub const OWED: [Fact; 4] = [Fact::Usci, Fact::Name, Fact::Area, Fact::Industry];

    fn bad(self, typed: &str, reason: &str) -> Problem {
        Problem::BadInput { reason: format!("“{}”{reason},现为“{typed}”。", self.label()) }
    }

    /// What was typed, as it is kept; empty for nothing.
    pub fn read(self, typed: &str) -> Result<String, Problem> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(String::new());
        }
        let code = |error: youju_codes::CodeError| Problem::BadInput { reason: error.to_string() };
        match self.form() {
            Form::Text if typed.chars().count() > FACT_CHARS_MAX => {
                Err(self.bad(typed, &format!("最多 {FACT_CHARS_MAX} 个字")))
            }
            Form::Text => Ok(typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()),
            Form::Usci => Usci::parse(typed).map(|usci| usci.as_str().to_owned()).map_err(code),
            Form::Area => AreaCode::parse(typed).map(|area| area.as_str().to_owned()).map_err(code),
            Form::Industry => Industry::parse(typed).map(|industry| industry.code().to_owned()).map_err(code),
            Form::Day => read_day(typed)
                .map(|day| day.to_string())
                .ok_or_else(|| self.bad(typed, "应写成 2026-04-01 或 2026-04 的样子")),
            Form::Number => match parse_number(typed) {
                Ok(number) if number >= Decimal::ZERO => Ok(number.normalize().to_string()),
                _ => Err(self.bad(typed, "应为不小于 0 的数字")),
            },
            Form::Choice(choices) => {
                let found = choices().into_iter().find(|(key, label)| *key == typed || *label == typed);
                found.map(|(key, _)| key.to_owned()).ok_or_else(|| {
                    let labels: Vec<&str> = choices().into_iter().map(|(_, label)| label).collect();
                    self.bad(typed, &format!("应从 {} 中选择", labels.join("、")))
                })
            }
            Form::Unit => {
                typed.parse::<UnitId>().map(|id| id.to_string()).map_err(|_| self.bad(typed, "应为名录库中的单位"))
            }
        }
    }

    /// A kept value as a page shows it.
    pub fn show(self, value: &str) -> String {
        let or_itself = |shown: Option<String>| shown.unwrap_or_else(|| value.to_owned());
        match self.form() {
            Form::Area => or_itself(AreaCode::parse(value).ok().map(|area| {
                let path = youju_codes::area::path(&area);
                if path == value { path } else { format!("{path}({value})") }
            })),
            Form::Industry => {
                or_itself(Industry::parse(value).ok().map(|one| format!("{} {}", one.code(), one.name())))
            }
            Form::Number => or_itself(parse_number(value).ok().map(|number| youju_codes::format_number(&number))),
            Form::Choice(choices) => {
                or_itself(choices().into_iter().find(|(key, _)| *key == value).map(|(_, label)| label.to_owned()))
            }
            Form::Text | Form::Usci | Form::Day | Form::Unit => value.to_owned(),
        }
    }
}

/// `2026-04-01`, `2026年4月1日`, `20260401`, `2026/4/1`; a month alone is its first day.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let text = youju_codes::normalise(text);
    let plain: String =
        text.trim_end_matches('日').trim_end_matches('月').replace(['年', '月', '/', '.'], "-").chars().collect();
    if plain.len() == 8 && plain.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(&plain, "%Y%m%d").ok();
    }
    if plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(&format!("{plain}01"), "%Y%m%d").ok();
    }
    match plain.matches('-').count() {
        1 => NaiveDate::parse_from_str(&format!("{plain}-1"), "%Y-%m-%d").ok(),
        _ => NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok(),
    }
}

/// Facts by what they are; an empty text takes one away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<Fact, String>);

impl Facts {
    /// Reads what was typed: every fact as it is kept.
    pub fn read<'t>(typed: impl IntoIterator<Item = (Fact, &'t str)>) -> Result<Facts, Problem> {
        typed.into_iter().map(|(fact, text)| Ok((fact, fact.read(text)?))).collect::<Result<_, _>>().map(Facts)
    }

    /// What is known of a fact; nothing where it was taken away.
    pub fn get(&self, fact: Fact) -> Option<&str> {
        self.0.get(&fact).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Says one more fact.
    #[must_use]
    pub fn with(mut self, fact: Fact, value: impl Into<String>) -> Facts {
        self.0.insert(fact, value.into());
        self
    }

    /// Without some.
    #[must_use]
    pub fn without(mut self, facts: &[Fact]) -> Facts {
        self.0.retain(|fact, _| !facts.contains(fact));
        self
    }

    /// A number.
    pub fn number(&self, fact: Fact) -> Option<Decimal> {
        self.get(fact).and_then(|value| value.parse().ok())
    }

    /// A day.
    pub fn day(&self, fact: Fact) -> Option<NaiveDate> {
        self.get(fact).and_then(|value| value.parse().ok())
    }

    /// Another unit.
    pub fn unit(&self, fact: Fact) -> Option<UnitId> {
        self.get(fact).and_then(|value| value.parse().ok())
    }

    /// True when nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when something is said about a fact, if only that it was taken away.
    pub fn says(&self, fact: Fact) -> bool {
        self.0.contains_key(&fact)
    }

    /// What is said, in the order of a page.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &str)> {
        self.0.iter().map(|(fact, value)| (*fact, value.as_str()))
    }

    /// Lets other facts count instead.
    pub fn overlay(&mut self, other: &Facts) {
        self.0.extend(other.0.iter().map(|(fact, value)| (*fact, value.clone())));
    }

    /// Without what was taken away.
    #[must_use]
    pub fn settled(mut self) -> Facts {
        self.0.retain(|_, value| !value.is_empty());
        self
    }

    /// What these say otherwise than others do.
    #[must_use]
    pub fn differing_from(&self, other: &Facts) -> Facts {
        let differs = |(fact, value): &(&Fact, &String)| other.get(**fact).unwrap_or_default() != value.as_str();
        Facts(self.0.iter().filter(differs).map(|(fact, value)| (*fact, value.clone())).collect())
    }
}
