//! Organisation 机构 — a government, an office of it, a township, a park, a platform, a village or an enterprise, as it was and is:
//! every name, parent and code holds from one day to another, and nothing is ever deleted. What an area code of one day is on another
//! follows from what happened to the organisations that have codes ([`recut`]).

mod act;
mod plan;
mod recut;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, AreaLevel};

use crate::Instant;
use crate::id::{OrganisationEventId, OrganisationId, PersonId, UnitId};
use crate::problem::Problem;
use crate::report::Level;

pub use act::{
    Act, DAYS_AHEAD_MAX, DOCUMENT_CHARS_MAX, Done, Ground, NAME_CHARS_MAX, NewOrganisation, PARTS_MAX, Renaming,
    Target, add, end, merge, rename, split,
};
pub use plan::{Planned, Planning, Step, plan, planned_span};
pub use recut::{Cut, Recut, is_reversible, recut};

/// Kind 机构类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 人民政府 of a province, city or county.
    Government,
    /// 政府办公室.
    Office,
    /// 统计机构 of a government.
    Bureau,
    /// 部门.
    Department,
    /// 街道.
    Street,
    /// 乡镇.
    Township,
    /// 开发区、园区.
    Zone,
    /// 平台、国有企业集团.
    Platform,
    /// 村(社区).
    Village,
    /// 企(事)业单位 of the register.
    Enterprise,
}

impl Kind {
    /// All kinds, in the order of a tree.
    pub const ALL: [Kind; 10] = [
        Kind::Government,
        Kind::Office,
        Kind::Bureau,
        Kind::Department,
        Kind::Street,
        Kind::Township,
        Kind::Zone,
        Kind::Platform,
        Kind::Village,
        Kind::Enterprise,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Government => "政府",
            Kind::Office => "政府办公室",
            Kind::Bureau => "统计机构",
            Kind::Department => "部门",
            Kind::Street => "街道",
            Kind::Township => "乡镇",
            Kind::Zone => "开发区、园区",
            Kind::Platform => "平台国企",
            Kind::Village => "村(社区)",
            Kind::Enterprise => "企(事)业单位",
        }
    }

    /// The name in storage and profiles.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Government => "government",
            Kind::Office => "office",
            Kind::Bureau => "bureau",
            Kind::Department => "department",
            Kind::Street => "street",
            Kind::Township => "township",
            Kind::Zone => "zone",
            Kind::Platform => "platform",
            Kind::Village => "village",
            Kind::Enterprise => "enterprise",
        }
    }

    /// Reads [`Kind::key`].
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Whether organisations of this kind are an area, and so have a 统计用区划代码: always, never, or some of them.
    pub fn has_code(self) -> Coded {
        match self {
            Kind::Government | Kind::Street | Kind::Township | Kind::Village => Coded::Always,
            Kind::Zone => Coded::Sometimes,
            _ => Coded::Never,
        }
    }

    /// Refuses a code that organisations of this kind do not have: its level, and for the township level the digits 7 to 9
    /// (001–099 街道, 100–399 镇、乡, 400–599 类乡级).
    pub fn must_fit(self, code: Option<&AreaCode>) -> Result<(), Problem> {
        let reason = match (self.has_code(), code) {
            (Coded::Never, Some(_)) => format!("{}不是区划,不填区划代码。", self.label()),
            (Coded::Always, None) => format!("{}应有统计用区划代码。", self.label()),
            (_, Some(code)) if !self.fits(code) => format!(
                "区划代码 {code} 不是{}的代码。街道第 7 至 9 位是 001—099,乡镇是 100—399,开发区是 400—599。",
                self.label()
            ),
            _ => return Ok(()),
        };
        Err(Problem::BadInput { reason })
    }

    fn fits(self, code: &AreaCode) -> bool {
        let township: Option<u16> = code.as_str().get(6..9).and_then(|digits| digits.parse().ok());
        let is_township = |digits: std::ops::RangeInclusive<u16>| {
            code.level() == AreaLevel::Township && township.is_some_and(|number| digits.contains(&number))
        };
        match self {
            Kind::Government => code.level() <= AreaLevel::County,
            Kind::Street => is_township(1..=99),
            Kind::Township => is_township(100..=399),
            Kind::Zone => is_township(400..=599) || code.level() == AreaLevel::County,
            Kind::Village => code.level() == AreaLevel::Village,
            Kind::Office | Kind::Bureau | Kind::Department | Kind::Platform | Kind::Enterprise => false,
        }
    }

    /// The level that accepts what an organisation of this kind in this area must have 验收: the township for villages and
    /// enterprises, the statistics office of the area for what belongs to it, the level above for that office and its government.
    pub fn answers_to(self, area: &AreaCode) -> Level {
        let own = match area.level() {
            AreaLevel::Province => Level::Province,
            AreaLevel::City => Level::City,
            AreaLevel::County | AreaLevel::Township | AreaLevel::Village => Level::County,
        };
        match self {
            Kind::Village | Kind::Enterprise => Level::Township,
            Kind::Government | Kind::Bureau => crate::assessment::assessed_by(area).unwrap_or(Level::Province),
            _ => own,
        }
    }
}

/// Whether a kind of organisation has area codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coded {
    /// Every one.
    Always,
    /// Some: a park has one where the list of areas gives it one.
    Sometimes,
    /// None.
    Never,
}

/// Span 时段 — what an organisation was called, belonged to and was numbered from one day until another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The first day on which it holds no more; none while it holds.
    pub until: Option<NaiveDate>,
    /// Kind.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// What it belongs to; none for the top.
    pub parent: Option<OrganisationId>,
    /// Its 统计用区划代码, where it is an area.
    pub code: Option<AreaCode>,
    /// The area that it works in: its own, or that of what it belongs to, or that of the unit in the register.
    pub area: AreaCode,
}

impl Span {
    /// True when it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// Organisation 机构 with everything it has been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// The unit of the register that it is.
    pub unit: Option<UnitId>,
    /// What the profile said about it when it was last set up.
    pub planned: Option<Planned>,
    /// What it has been, oldest first; days do not overlap.
    pub spans: Vec<Span>,
    /// Changes at every write.
    pub revision: i64,
}

impl Organisation {
    /// What it was on a day; none before it began and after it ended.
    pub fn as_of(&self, day: NaiveDate) -> Option<&Span> {
        self.spans.iter().find(|span| span.holds_on(day))
    }

    /// What was entered last: it may begin in the future, and it may have ended.
    pub fn last(&self) -> Option<&Span> {
        self.spans.last()
    }

    /// What may still be changed: the last span, unless the organisation has ended.
    pub fn going_on(&self) -> Result<&Span, Problem> {
        let last = self.last().ok_or(Problem::NotFound { what: "机构" })?;
        match last.until {
            None => Ok(last),
            Some(until) => {
                let reason = format!("“{}”已于 {until} 终止,不能再变动。", last.name);
                Err(Problem::BadInput { reason })
            }
        }
    }

    /// The day on which it ended or will end.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        self.last().and_then(|span| span.until)
    }
}

/// What happened 机构变动.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// 设置: set up from the profile.
    SetUp,
    /// 新增.
    Added,
    /// 更名: a new name, kind or code.
    Renamed,
    /// 合并.
    Merged,
    /// 分设.
    Split,
    /// 终止.
    Ended,
}

impl Happened {
    /// All of them.
    pub const ALL: [Happened; 6] =
        [Happened::SetUp, Happened::Added, Happened::Renamed, Happened::Merged, Happened::Split, Happened::Ended];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Happened::SetUp => "设置",
            Happened::Added => "新增",
            Happened::Renamed => "更名",
            Happened::Merged => "合并",
            Happened::Split => "分设",
            Happened::Ended => "终止",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Happened::SetUp => "set_up",
            Happened::Added => "added",
            Happened::Renamed => "renamed",
            Happened::Merged => "merged",
            Happened::Split => "split",
            Happened::Ended => "ended",
        }
    }

    /// Reads [`Happened::key`].
    pub fn from_key(key: &str) -> Option<Happened> {
        Happened::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// An organisation that an event was about, as it was before or after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<AreaCode>,
}

/// Event 机构变动 with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: OrganisationEventId,
    /// What happened.
    pub happened: Happened,
    /// The day from which it holds.
    pub on: NaiveDate,
    /// The document 文号 that ordered it.
    pub document: String,
    /// Why, in words.
    pub reason: String,
    /// What was before.
    pub from: Vec<Part>,
    /// What was after.
    pub into: Vec<Part>,
    /// Who entered it; none for the program itself.
    pub by: Option<PersonId>,
    /// Name at that time.
    pub by_name: String,
    /// When it was entered.
    pub at: Instant,
}

impl Event {
    /// What it did to area codes; none where it touched none, and where a record only begins.
    pub fn cut(&self) -> Option<Cut> {
        let codes = |parts: &[Part]| parts.iter().filter_map(|part| part.code).collect::<Vec<_>>();
        let (from, into) = (codes(&self.from), codes(&self.into));
        let is_cut = !matches!(self.happened, Happened::SetUp | Happened::Added) && !from.is_empty();
        (is_cut && from != into).then_some(Cut { on: self.on, from, into })
    }
}
