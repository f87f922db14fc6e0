//! Project 投资项目 of a unit, as it entered the register of projects by a case, and left it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use youju_codes::{AreaCode, Industry, parse_number};

use crate::case::Values;
use crate::id::{CaseId, ProjectId, UnitId};
use crate::problem::Problem;

/// Planned investment (万元) from which on the unit reports the project itself (206-1).
const DIRECT_LEAST: i64 = 5_000;
/// Fewest and most characters of why a project leaves.
const WHY_CHARS: (usize, usize) = (4, 200);

/// Kind 项目类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 新建(含改扩建).
    New,
    /// 单纯购置.
    Purchase,
    /// 房地产开发.
    RealEstate,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::New, Kind::Purchase, Kind::RealEstate];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Kind::New => "new",
            Kind::Purchase => "purchase",
            Kind::RealEstate => "real_estate",
        }
    }

    /// Reads the name.
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The word on the page, and in case types.
    pub fn label(self) -> &'static str {
        match self {
            Kind::New => "新建(含改扩建)",
            Kind::Purchase => "单纯购置",
            Kind::RealEstate => "房地产开发",
        }
    }
}

/// Project 投资项目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Whose.
    pub unit: UnitId,
    /// The case by which it entered.
    pub case: CaseId,
    /// 项目代码; empty where it has none.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is built.
    pub area: AreaCode,
    /// Its industry.
    pub industry: Industry,
    /// 计划总投资, 万元.
    pub planned: Decimal,
    /// When building began.
    pub started_on: NaiveDate,
    /// From when it is in the register.
    pub entered_on: NaiveDate,
    /// From when it is not any more, and why.
    pub left: Option<(NaiveDate, String)>,
    /// Changes at every write.
    pub revision: i64,
}

impl Project {
    /// The project that a case says.
    pub fn of_case(id: ProjectId, (unit, case): (UnitId, CaseId), values: &Values) -> Result<Project, Problem> {
        let value = |key: &str| values.get(key).map(String::as_str).unwrap_or_default();
        let unread = |what: &str| Problem::BadInput { reason: format!("“{what}”没有填对,请退回补正。") };
        let code = |error: youju_codes::CodeError| Problem::BadInput { reason: error.to_string() };
        let project = Project {
            id,
            unit,
            case,
            code: youju_codes::normalise(value("code")),
            name: value("name").to_owned(),
            kind: Kind::ALL.into_iter().find(|kind| kind.label() == value("kind")).ok_or_else(|| unread("项目类型"))?,
            area: AreaCode::parse(value("area")).map_err(code)?,
            industry: Industry::parse(value("industry")).map_err(code)?,
            planned: parse_number(value("planned")).map_err(|_| unread("计划总投资"))?,
            started_on: value("started_on").parse().map_err(|_| unread("开工日期"))?,
            entered_on: value("entered_on").parse().map_err(|_| unread("入库日期"))?,
            left: None,
            revision: 0,
        };
        if project.name.is_empty() || project.planned <= Decimal::ZERO {
            return Err(unread("项目名称或计划总投资"));
        }
        if project.entered_on < project.started_on {
            return Err(Problem::BadInput {
                reason: "没有开工的项目不能入库:入库日期早于开工日期。".into()
            });
        }
        Ok(project)
    }

    /// True when the unit reports it itself, and no office for it.
    pub fn is_direct(&self) -> bool {
        self.planned >= Decimal::from(DIRECT_LEAST)
    }

    /// The project as it leaves the register.
    pub fn leave(mut self, on: NaiveDate, why: &str) -> Result<Project, Problem> {
        let bad = |reason: String| Err(Problem::BadInput { reason });
        let (why, (least, most)) = (why.trim(), WHY_CHARS);
        if let Some((left, _)) = self.left {
            return bad(format!("这个项目自 {left} 已退库。"));
        }
        if on < self.entered_on {
            return bad(format!("退库日期 {on} 早于入库日期 {}。", self.entered_on));
        }
        if !(least..=most).contains(&why.chars().count()) {
            return bad(format!("请写明退库原因,{least} 到 {most} 个字。"));
        }
        self.left = Some((on, why.to_owned()));
        Ok(self)
    }
}
