//! Joint review 联审联评 — an office calls officers and people of enterprises together over the reports of a window. They see a
//! redacted sheet and remark on its lines; the office settles every remark and writes the minutes. The statistics law forbids to
//! show one unit's figures to another: whose line it is, only the office can look up.

mod sheet;

use serde::{Deserialize, Serialize};
use youju_codes::{AreaCode, Period};

use crate::Instant;
use crate::access::{Action, Actor, Object, decide};
use crate::finding::meaningful;
use crate::id::{JointReviewId, PersonId, QueryId, UnitId, WindowId};
use crate::person::Person;
use crate::problem::Problem;
use crate::report::Level;

pub use sheet::{Band, CLASS_LINES_MIN, Change, Drawn, LINES_MAX, LINES_MIN, Line, Sheet, Size, Source, draw};

/// Days in which members can look back after a meeting has ended: time to read the minutes, not to keep a file on the others.
pub const MEMBER_DAYS: i64 = 30;
/// Most members of a meeting: a larger round does not review, it listens.
pub const MEMBERS_MAX: usize = 50;
/// Most remarks of a meeting: every one has to be settled by hand, one after the other.
pub const REMARKS_MAX: usize = 1_000;
/// Most characters of what a meeting is about.
pub const TOPIC_CHARS_MAX: usize = 200;
/// Fewest and most characters of the minutes.
pub const MINUTES_CHARS: (usize, usize) = (10, 5_000);

/// Where a meeting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// 已召集: members remark, the office settles.
    Called,
    /// 已结束: everything settled, minutes written.
    Closed,
    /// 已取消.
    Cancelled,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 3] = [Stage::Called, Stage::Closed, Stage::Cancelled];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Called => "已召集",
            Stage::Closed => "已结束",
            Stage::Cancelled => "已取消",
        }
    }

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Called => "called",
            Stage::Closed => "closed",
            Stage::Cancelled => "cancelled",
        }
    }

    /// Reads [`Stage::key`].
    pub fn from_key(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

/// Member 成员 of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// By what the others know them, drawn at random, from 1.
    pub number: u32,
    /// Who.
    pub person: PersonId,
    /// Their name when the meeting was called.
    pub name: String,
    /// Their enterprise, if they are of one.
    pub unit: Option<UnitId>,
}

/// How a remark was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Who of the office.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
    /// The query that the unit was asked; none for a remark that was dismissed.
    pub query: Option<QueryId>,
    /// Why it was dismissed.
    pub reason: String,
}

/// Remark 意见 of a member on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Its number, from 1.
    pub number: u32,
    /// On which line.
    pub line: u32,
    /// Whose.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// In words.
    pub text: String,
    /// What the office made of it.
    pub settled: Option<Settlement>,
}

/// How a meeting ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Who of the office.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
    /// The minutes, or why it was cancelled.
    pub text: String,
}

/// Proof that the actor reviews the units of an area. Only [`Office::of`] makes one.
#[derive(Debug, Clone)]
pub struct Office {
    by: PersonId,
    name: String,
    level: Level,
    area: AreaCode,
}

impl Office {
    /// The actor as the office that reviews forms of a domain in an area; others do not find it.
    pub fn of(actor: &Actor, area: &AreaCode, domain: &str) -> Result<Office, Problem> {
        actor.must(Action::Review, Object::Survey { area, domain })?;
        let level = actor.role.level().ok_or(Problem::Forbidden)?;
        Ok(Office { by: actor.person, name: actor.name.clone(), level, area: *area })
    }

    /// True when the office may have somebody in its meetings: officers and people of enterprises of its area.
    pub fn may_call(actor: &Actor, person: &Person) -> bool {
        let works = person.role.is_respondent() || person.role.is_officer();
        works && person.id != actor.person && actor.area.contains(&person.area)
    }
}

/// What a meeting is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The window.
    pub window: WindowId,
    /// Its form 表号.
    pub form: String,
    /// Its period.
    pub period: Period,
    /// The area, or the part of it, whose reports are on the sheet.
    pub area: AreaCode,
    /// In words.
    pub topic: String,
}

/// Joint review 联审会.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointReview {
    /// Its id.
    pub id: JointReviewId,
    /// What it is about.
    pub subject: Subject,
    /// Level of the office that called it.
    pub level: Level,
    /// Who called it.
    pub called_by: PersonId,
    /// Name at that time.
    pub called_by_name: String,
    /// When.
    pub called_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// The members, by number.
    pub members: Vec<Member>,
    /// What members remarked, oldest first.
    pub remarks: Vec<Remark>,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
    /// The sheet as it was when the meeting was called.
    pub sheet: Sheet,
}

/// As what somebody looks at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight<'a> {
    /// As the office; it may be a member too.
    Office(Option<&'a Member>),
    /// As a member.
    Member(&'a Member),
}

impl<'a> Sight<'a> {
    /// The member, if it is one.
    pub fn member(self) -> Option<&'a Member> {
        match self {
            Sight::Office(member) => member,
            Sight::Member(member) => Some(member),
        }
    }

    /// True for the office.
    pub fn is_office(self) -> bool {
        matches!(self, Sight::Office(_))
    }
}

impl JointReview {
    /// The office calls a meeting.
    pub fn call(
        id: JointReviewId,
        by: &Office,
        subject: Subject,
        (members, sheet): (Vec<Member>, Sheet),
        now: Instant,
    ) -> Result<JointReview, Problem> {
        if subject.area != by.area {
            return Err(Problem::NotFound { what: "联审会" });
        }
        if members.is_empty() || members.len() > MEMBERS_MAX {
            let reason = format!("请选择 1 到 {MEMBERS_MAX} 名成员,现选了 {} 名。", members.len());
            return Err(Problem::BadInput { reason });
        }
        let topic = subject.topic.trim().to_owned();
        let count = topic.chars().count();
        if count > TOPIC_CHARS_MAX {
            let reason = format!("议题最多 {TOPIC_CHARS_MAX} 个字,现为 {count} 个字。");
            return Err(Problem::BadInput { reason });
        }
        Ok(JointReview {
            id,
            subject: Subject { topic, ..subject },
            level: by.level,
            called_by: by.by,
            called_by_name: by.name.clone(),
            called_at: now,
            stage: Stage::Called,
            members,
            remarks: Vec::new(),
            ending: None,
            sheet,
        })
    }

    /// As what the actor sees the meeting; nobody else finds it. Members lose sight of it some time after it has ended.
    pub fn sight(&self, actor: &Actor, domain: &str, now: Instant) -> Option<Sight<'_>> {
        let member = self.members.iter().find(|member| member.person == actor.person);
        if decide(actor, Action::Review, Object::Survey { area: &self.subject.area, domain }) {
            return Some(Sight::Office(member));
        }
        let until = self.ending.as_ref().map(|ending| ending.at + chrono::TimeDelta::days(MEMBER_DAYS));
        member.filter(|_| until.is_none_or(|until| now <= until)).map(Sight::Member)
    }

    /// The sheet, for whom it is: a cancelled meeting shows it to the office only.
    pub fn sheet_for(&self, sight: Sight<'_>) -> Option<&Sheet> {
        (sight.is_office() || self.stage != Stage::Cancelled).then_some(&self.sheet)
    }

    /// A member remarks on a line; on that of their own enterprise (`own`) they have no say.
    pub fn remark(
        mut self,
        by: &Member,
        (line, own): (u32, Option<u32>),
        text: &str,
        now: Instant,
    ) -> Result<JointReview, Problem> {
        self.must_be_called()?;
        if !self.members.contains(by) {
            return Err(Problem::NotFound { what: "联审会" });
        }
        if !self.sheet.lines.iter().any(|known| known.number == line) {
            return Err(Problem::BadInput { reason: format!("联审表中没有第 {line} 行。") });
        }
        if own == Some(line) {
            return Err(bad("这是本单位的一行,不能自己评议。"));
        }
        if self.remarks.len() >= REMARKS_MAX {
            return Err(Problem::BadInput {
                reason: format!("一次联审最多 {REMARKS_MAX} 条意见,已经满了。")
            });
        }
        let number = u32::try_from(self.remarks.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.remarks.push(Remark { number, line, by: by.person, at: now, text: meaningful(text)?, settled: None });
        Ok(self)
    }

    /// The office has asked the unit: the remark is settled by a query.
    pub fn ask(self, by: &Office, number: u32, query: QueryId, now: Instant) -> Result<JointReview, Problem> {
        self.settle(by, number, (Some(query), String::new()), now)
    }

    /// The office dismisses a remark, and says why.
    pub fn dismiss(self, by: &Office, number: u32, reason: &str, now: Instant) -> Result<JointReview, Problem> {
        let reason = meaningful(reason)?;
        self.settle(by, number, (None, reason), now)
    }

    fn settle(
        mut self,
        by: &Office,
        number: u32,
        (query, reason): (Option<QueryId>, String),
        now: Instant,
    ) -> Result<JointReview, Problem> {
        self.must_be_of(by)?;
        self.must_be_called()?;
        let found = self.remarks.iter_mut().find(|remark| remark.number == number);
        let remark = found.ok_or(Problem::NotFound { what: "意见" })?;
        if remark.settled.is_some() {
            return Err(bad("这条意见已经处理过。"));
        }
        remark.settled = Some(Settlement { by: by.by, name: by.name.clone(), at: now, query, reason });
        Ok(self)
    }

    /// The office writes the minutes and closes. Every remark has been settled.
    pub fn close(mut self, by: &Office, minutes: &str, now: Instant) -> Result<JointReview, Problem> {
        self.must_be_of(by)?;
        self.must_be_called()?;
        let open = self.open_remarks();
        if open > 0 {
            return Err(Problem::BadInput {
                reason: format!("还有 {open} 条意见没有处理,处理完才能结束。")
            });
        }
        let (minutes, (least, most)) = (minutes.trim(), MINUTES_CHARS);
        let count = minutes.chars().count();
        if !(least..=most).contains(&count) {
            let reason = format!("纪要应在 {least} 到 {most} 个字之间,现为 {count} 个字。");
            return Err(Problem::BadInput { reason });
        }
        self.end(by, Stage::Closed, minutes.to_owned(), now);
        Ok(self)
    }

    /// The office cancels the meeting, and says why. Queries that were asked go on by themselves.
    pub fn cancel(mut self, by: &Office, reason: &str, now: Instant) -> Result<JointReview, Problem> {
        self.must_be_of(by)?;
        self.must_be_called()?;
        let reason = meaningful(reason)?;
        self.end(by, Stage::Cancelled, reason, now);
        Ok(self)
    }

    fn end(&mut self, by: &Office, stage: Stage, text: String, now: Instant) {
        self.stage = stage;
        self.ending = Some(Ending { by: by.by, name: by.name.clone(), at: now, text });
    }

    /// Remarks that the office has not settled.
    pub fn open_remarks(&self) -> usize {
        self.remarks.iter().filter(|remark| remark.settled.is_none()).count()
    }

    /// What the author of a remark is called: by name to the office, by number to the other members.
    pub fn author(&self, remark: &Remark, sight: Sight<'_>) -> String {
        let Some(author) = self.members.iter().find(|member| member.person == remark.by) else { return String::new() };
        match sight {
            Sight::Office(_) => author.name.clone(),
            Sight::Member(own) if own.person == author.person => format!("成员{}(本人)", author.number),
            Sight::Member(_) => format!("成员{}", author.number),
        }
    }

    fn must_be_called(&self) -> Result<(), Problem> {
        if self.stage == Stage::Called {
            return Ok(());
        }
        let reason = format!("这次联审现在是“{}”,这一步需要“{}”。", self.stage.label(), Stage::Called.label());
        Err(Problem::BadInput { reason })
    }

    fn must_be_of(&self, by: &Office) -> Result<(), Problem> {
        if by.area == self.subject.area { Ok(()) } else { Err(Problem::NotFound { what: "联审会" }) }
    }
}

fn bad(reason: &str) -> Problem {
    Problem::BadInput { reason: reason.to_owned() }
}
