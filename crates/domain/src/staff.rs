//! Staff 统计人员: the register of those who do statistics — in offices, townships, villages and units —, what posts they hold from day to
//! day, what they are qualified for and what they were trained in. Somebody of the register may have an account, and need not.

mod count;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, PersonId, QualificationId, StaffId, TenureId, TrainingId, UnitId};
use crate::problem::Problem;

pub use count::{Member, Shortfall, shortfalls};

/// Fewest and most characters of a name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=40;
/// Most characters of any other line: a post, a number, a document.
pub const LINE_CHARS_MAX: usize = 100;
/// Days before its first one on which a post may be given: consent comes before somebody does.
const DAYS_AHEAD_MAX: i64 = 60;
/// Hours of one training: nobody is trained longer than a month at a stretch.
const HOURS: std::ops::RangeInclusive<u32> = 1..=240;
/// Years in which somebody in the register may have been born, before the present one.
const AGES: std::ops::RangeInclusive<i32> = 16..=90;

/// Where somebody does statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Workplace {
    /// A government, an office, a township, a village or a platform.
    Organisation(OrganisationId),
    /// A unit of the register.
    Unit(UnitId),
}

/// An enumeration with a word for people and a name for storage.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word on the page.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)+ }
            }

            /// The name in storage.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)+ }
            }

            /// Reads the name in storage.
            pub fn from_key(key: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.key() == key)
            }
        }
    };
}

words! {
    /// Duty 岗位.
    Duty {
        /// Answers for the statistics of the place.
        Lead = "lead", "统计负责人";
        /// Does them.
        Statistician = "statistician", "统计员";
        /// Leads them in a township or park: established and full time, for a term.
        Chief = "chief", "首席统计员";
        /// Collects in the field, hired for it.
        Auxiliary = "auxiliary", "辅助调查员";
    }
}

words! {
    /// Time 专兼职.
    Time {
        /// Nothing else.
        Full = "full", "专职";
        /// Beside other work.
        Part = "part", "兼职";
    }
}

words! {
    /// Establishment 编制性质.
    Establishment {
        /// 在编: on the establishment of a government.
        Established = "established", "在编";
        /// Hired by the place itself.
        Hired = "hired", "聘用";
        /// Of a service provider.
        Bought = "bought", "购买服务";
    }
}

words! {
    /// Field 分管领域, as norms tell statisticians apart.
    Field {
        /// 农业.
        Agriculture = "agriculture", "农业";
        /// 工业.
        Industry = "industry", "工业";
        /// 服务业.
        Services = "services", "服务业";
    }
}

words! {
    /// Education 学历.
    Education {
        /// 高中及以下.
        School = "school", "高中及以下";
        /// 大专.
        College = "college", "大专";
        /// 本科.
        Bachelor = "bachelor", "本科";
        /// 研究生.
        Graduate = "graduate", "研究生";
    }
}

words! {
    /// Kind 资格类型 of a qualification.
    Qualified {
        /// 统计执法证: may inspect and enforce.
        Enforcement = "enforcement", "统计执法证";
        /// 统计专业技术资格(初级).
        Junior = "junior", "统计专业技术资格(初级)";
        /// 统计专业技术资格(中级).
        Middle = "middle", "统计专业技术资格(中级)";
        /// 统计专业技术资格(高级).
        Senior = "senior", "统计专业技术资格(高级)";
        /// 岗前培训合格: trained before the first day.
        Induction = "induction", "岗前培训合格";
    }
}

/// Staff 统计人员 — one human being of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// The account that they sign in with, where they have one.
    pub person: Option<PersonId>,
    /// Their name.
    pub name: String,
    /// Year of birth.
    pub born: Option<i32>,
    /// Education.
    pub education: Option<Education>,
    /// The year in which they began to do statistics.
    pub began: Option<i32>,
    /// Changes at every write.
    pub revision: i64,
}

/// What is told of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// Name.
    pub name: String,
    /// Year of birth.
    pub born: Option<i32>,
    /// Education.
    pub education: Option<Education>,
    /// The year in which they began to do statistics.
    pub began: Option<i32>,
}

impl About {
    /// Refuses what cannot be, and gives it back as it is kept.
    pub fn read(self, year: i32) -> Result<About, Problem> {
        let name = self.name.trim().to_owned();
        if !NAME_CHARS.contains(&name.chars().count()) {
            return Err(bad(format!("姓名应为 {} 至 {} 个字。", NAME_CHARS.start(), NAME_CHARS.end())));
        }
        if self.born.is_some_and(|born| !AGES.contains(&(year - born))) {
            return Err(bad("出生年份不对,请核对。".into()));
        }
        if self.began.is_some_and(|began| began > year || self.born.is_some_and(|born| began < born + AGES.start())) {
            return Err(bad("从事统计工作的起始年份与出生年份或今年对不上,请核对。".into()));
        }
        Ok(About { name, ..self })
    }
}

/// Tenure 任职 — a post that somebody holds from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    /// Its id.
    pub id: TenureId,
    /// Who.
    pub staff: StaffId,
    /// Where.
    pub at: Workplace,
    /// As what.
    pub duty: Duty,
    /// Full or part time.
    pub time: Time,
    /// On whose establishment.
    pub establishment: Establishment,
    /// Fields that they answer for.
    pub fields: Vec<Field>,
    /// The work in words: professions, villages, sample units.
    pub work: String,
    /// The document of the appointment, or of the filing.
    pub document: String,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it is no more.
    pub until: Option<NaiveDate>,
    /// The document, or the reason, by which it ended.
    pub left_by: Option<String>,
    /// Changes at every write.
    pub revision: i64,
}

/// A post before it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// As what.
    pub duty: Duty,
    /// Full or part time.
    pub time: Time,
    /// On whose establishment.
    pub establishment: Establishment,
    /// Fields that they answer for.
    pub fields: Vec<Field>,
    /// The work in words.
    pub work: String,
    /// The document.
    pub document: String,
    /// The first day.
    pub since: NaiveDate,
}

impl Appointment {
    /// Refuses what the rules do not allow, and gives it back as it is kept.
    pub fn read(mut self, today: NaiveDate) -> Result<Appointment, Problem> {
        self.work = line("分工", &self.work)?;
        self.document = line("文件或备案号", &self.document)?;
        self.fields.sort_unstable();
        self.fields.dedup();
        if (self.since - today).num_days() > DAYS_AHEAD_MAX {
            return Err(bad(format!("任职日期最多提前 {DAYS_AHEAD_MAX} 天登记,请核对。")));
        }
        if self.duty == Duty::Chief && (self.establishment, self.time) != (Establishment::Established, Time::Full) {
            return Err(bad("首席统计员应当在编在岗并且专职。".into()));
        }
        Ok(self)
    }

    /// The post as it begins.
    pub fn begin(self, id: TenureId, staff: StaffId, at: Workplace) -> Tenure {
        let Appointment { duty, time, establishment, fields, work, document, since } = self;
        Tenure {
            id,
            staff,
            at,
            duty,
            time,
            establishment,
            fields,
            work,
            document,
            since,
            until: None,
            left_by: None,
            revision: 0,
        }
    }
}

impl Tenure {
    /// True when it is held on a day.
    pub fn holds_on(&self, on: NaiveDate) -> bool {
        self.since <= on && self.until.is_none_or(|until| on < until)
    }

    /// The day before which a chief statistician is not moved on principle (聘期不满 2 年原则上不得调整), by the years of the norm.
    pub fn term_ends(&self, years: Option<u32>) -> Option<NaiveDate> {
        let years = years.filter(|_| self.duty == Duty::Chief)?;
        self.since.checked_add_months(Months::new(12 * years))
    }

    /// Ends it from a day on. `exception` is why a term is cut short; without one it is refused.
    pub fn end(&self, on: NaiveDate, by: &str, term: Option<u32>, exception: &str) -> Result<Tenure, Problem> {
        if self.until.is_some() {
            return Err(bad("这项任职已经结束。".into()));
        }
        if on < self.since {
            return Err(bad(format!("离任日期不能早于任职日期 {}。", self.since)));
        }
        let early = self.term_ends(term).filter(|ends| on < *ends);
        let mut by = line("文件或原因", by)?;
        if by.is_empty() {
            return Err(bad("请写明离任的文件或原因。".into()));
        }
        if let Some(ends) = early {
            let exception = line("例外理由", exception)?;
            if exception.chars().count() < 4 {
                return Err(bad(format!("首席统计员聘期不满,原则上 {ends} 以前不调整。确需调整的,请写明理由。")));
            }
            by = format!("{by};聘期未满,理由:{exception}");
        }
        Ok(Tenure { until: Some(on), left_by: Some(by), ..self.clone() })
    }
}

/// Certificate 证书: what somebody is qualified for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// What for.
    pub kind: Qualified,
    /// Its number.
    pub number: String,
    /// When it was given.
    pub issued_on: NaiveDate,
    /// The last day; none where it does not run out.
    pub expires_on: Option<NaiveDate>,
}

/// Qualification 资格 of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// Its id.
    pub id: QualificationId,
    /// Whose.
    pub staff: StaffId,
    /// What it is.
    pub certificate: Certificate,
}

/// Days before the end of a qualification from which it is told.
pub const EXPIRES_SOON_DAYS: i64 = 60;

/// How a qualification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// 有效.
    Valid,
    /// 即将到期.
    EndsSoon,
    /// 已过期.
    Expired,
}

impl Certificate {
    /// How it stands on a day.
    pub fn on(&self, day: NaiveDate) -> Validity {
        match self.expires_on {
            Some(last) if day > last => Validity::Expired,
            Some(last) if (last - day).num_days() <= EXPIRES_SOON_DAYS => Validity::EndsSoon,
            _ => Validity::Valid,
        }
    }

    /// Refuses what cannot be.
    pub fn read(mut self, today: NaiveDate) -> Result<Certificate, Problem> {
        self.number = line("证书编号", &self.number)?;
        if self.issued_on > today {
            return Err(bad("发证日期不能晚于今天。".into()));
        }
        if self.expires_on.is_some_and(|last| last < self.issued_on) {
            return Err(bad("有效期不能早于发证日期。".into()));
        }
        Ok(self)
    }
}

/// Course 培训班 that somebody took part in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// When.
    pub held_on: NaiveDate,
    /// How many hours (学时).
    pub hours: u32,
    /// What it was about.
    pub subject: String,
    /// Who held it.
    pub organiser: String,
    /// Whether it was passed; none where nobody was examined.
    pub passed: Option<bool>,
}

/// Training 培训 of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// Its id.
    pub id: TrainingId,
    /// Who.
    pub staff: StaffId,
    /// What it was.
    pub course: Course,
}

impl Course {
    /// Refuses what cannot be.
    pub fn read(mut self, today: NaiveDate) -> Result<Course, Problem> {
        self.subject = line("培训内容", &self.subject)?;
        self.organiser = line("举办单位", &self.organiser)?;
        if self.subject.is_empty() {
            return Err(bad("请写明培训内容。".into()));
        }
        if self.held_on > today {
            return Err(bad("培训日期不能晚于今天。".into()));
        }
        if !HOURS.contains(&self.hours) {
            return Err(bad(format!("学时应为 {} 至 {} 的整数。", HOURS.start(), HOURS.end())));
        }
        Ok(self)
    }
}

fn bad(reason: String) -> Problem {
    Problem::BadInput { reason }
}

/// A line as it is kept.
pub(crate) fn line(what: &str, text: &str) -> Result<String, Problem> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LINE_CHARS_MAX {
        return Err(bad(format!("{what}最多 {LINE_CHARS_MAX} 个字。")));
    }
    Ok(text)
}
