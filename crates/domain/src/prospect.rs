//! Prospect 准四上单位 — a unit near or above the line from which on it reports by itself: found in a list, verified on the spot, due, applied
//! for, listed; or not, with the reason. It is a row with acts and no case: nobody applies for anything yet, many are found at once, and the
//! application itself is a case of its own (`enrolment`).

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use youju_codes::threshold::{self, Line, Threshold};
use youju_codes::{AreaCode, AreaLevel, Industry, Usci, area};

use crate::Instant;
use crate::id::{PersonId, ProspectId, UnitId};
use crate::problem::Problem;

/// Characters of a reason.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 4..=200;
/// Days after which an open prospect that nobody has moved is stale: the pipeline is gone through every quarter.
pub const STALE_DAYS: i64 = 92;

/// Where a prospect stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// 线索: a figure speaks for it, nobody has looked.
    Lead,
    /// 已核实: somebody has been there.
    Verified,
    /// 应入: it reaches the line.
    Due,
    /// 已申报: the application is on its way.
    Applied,
    /// 已入库.
    Listed,
    /// 不予纳入, with the reason.
    Declined,
    /// 企业拒绝, with the reason.
    Refused,
}

impl State {
    /// All, in the order of the work.
    pub const ALL: [State; 7] =
        [State::Lead, State::Verified, State::Due, State::Applied, State::Listed, State::Declined, State::Refused];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            State::Lead => "lead",
            State::Verified => "verified",
            State::Due => "due",
            State::Applied => "applied",
            State::Listed => "listed",
            State::Declined => "declined",
            State::Refused => "refused",
        }
    }

    /// Reads [`State::key`].
    pub fn from_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            State::Lead => "线索",
            State::Verified => "已核实",
            State::Due => "应入",
            State::Applied => "已申报",
            State::Listed => "已入库",
            State::Declined => "不予纳入",
            State::Refused => "企业拒绝",
        }
    }

    /// True while something is to be done.
    pub fn is_open(self) -> bool {
        matches!(self, State::Lead | State::Verified | State::Due | State::Applied)
    }
}

/// What is done with a prospect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 核实: somebody was there and it is as the figure says.
    Verify,
    /// 列为应入.
    Call,
    /// 登记已申报.
    Apply,
    /// 登记已入库.
    List,
    /// 不予纳入.
    Decline,
    /// 企业拒绝.
    Refuse,
    /// 重新列为线索.
    Reopen,
}

impl Act {
    /// All.
    pub const ALL: [Act; 7] = [Act::Verify, Act::Call, Act::Apply, Act::List, Act::Decline, Act::Refuse, Act::Reopen];

    /// The name in forms and storage.
    pub fn key(self) -> &'static str {
        match self {
            Act::Verify => "verify",
            Act::Call => "call",
            Act::Apply => "apply",
            Act::List => "list",
            Act::Decline => "decline",
            Act::Refuse => "refuse",
            Act::Reopen => "reopen",
        }
    }

    /// Reads [`Act::key`].
    pub fn from_key(key: &str) -> Option<Act> {
        Act::ALL.into_iter().find(|act| act.key() == key)
    }

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Act::Verify => "核实属实",
            Act::Call => "列为应入",
            Act::Apply => "登记已申报",
            Act::List => "登记已入库",
            Act::Decline => "不予纳入",
            Act::Refuse => "企业拒绝",
            Act::Reopen => "重新列为线索",
        }
    }

    /// The states that it is done in, and the one that it leads to.
    pub fn way(self) -> (&'static [State], State) {
        match self {
            Act::Verify => (&[State::Lead], State::Verified),
            Act::Call => (&[State::Verified], State::Due),
            Act::Apply => (&[State::Due], State::Applied),
            Act::List => (&[State::Applied], State::Listed),
            Act::Decline => (&[State::Lead, State::Verified, State::Due, State::Applied], State::Declined),
            Act::Refuse => (&[State::Lead, State::Verified, State::Due], State::Refused),
            Act::Reopen => (&[State::Declined, State::Refused], State::Lead),
        }
    }

    /// True when it has to be said why.
    pub fn owes_reason(self) -> bool {
        matches!(self, Act::Decline | Act::Refuse | Act::Reopen)
    }

    /// True for what a township does on the spot; the others are the county's.
    pub fn is_on_the_spot(self) -> bool {
        matches!(self, Act::Verify | Act::Refuse)
    }

    /// What can be done in a state.
    pub fn from(state: State) -> impl Iterator<Item = Act> {
        Act::ALL.into_iter().filter(move |act| act.way().0.contains(&state))
    }
}

/// A prospect as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// Its id.
    pub id: ProspectId,
    /// Where it is.
    pub area: AreaCode,
    /// The unit of the register, where it is in it.
    pub unit: Option<UnitId>,
    /// Its code as it is known.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its telephone.
    pub phone: String,
    /// Its industry.
    pub industry: Industry,
    /// What units above its line are called.
    pub kind: String,
    /// The quarter in which it was found: `2026Q2`.
    pub quarter: String,
    /// The figure that speaks for it, in 万元.
    pub revenue: Decimal,
    /// The line of its industry, in 万元.
    pub threshold: Decimal,
    /// Where the figure comes from.
    pub source: String,
    /// Where it stands.
    pub state: State,
    /// Why it was declined, refused or opened again; empty elsewhere.
    pub reason: String,
    /// Until when the next step is to be done.
    pub due_on: Option<NaiveDate>,
    /// Who entered it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Who verified it.
    pub verified_by: Option<PersonId>,
    /// When.
    pub verified_at: Option<Instant>,
    /// When it was moved last.
    pub changed_at: Instant,
    /// Changes at every act.
    pub revision: i64,
}

impl Prospect {
    /// True when its figure reaches the line.
    pub fn is_reached(&self) -> bool {
        self.revenue >= self.threshold
    }

    /// True when nobody has moved it for a quarter.
    pub fn is_stale(&self, now: Instant) -> bool {
        self.state.is_open() && now - self.changed_at > TimeDelta::days(STALE_DAYS)
    }

    /// True when the next step is overdue.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.is_open() && self.due_on.is_some_and(|due| due < today)
    }

    /// Does something with it. Somebody who saw it elsewhere is told.
    pub fn take(
        &self,
        (act, reason): (Act, &str),
        due_on: Option<NaiveDate>,
        (by, at): (PersonId, Instant),
    ) -> Result<Prospect, Problem> {
        let (from, to) = act.way();
        let bad = |reason: String| Problem::BadInput { reason };
        if !from.contains(&self.state) {
            return Err(bad(format!("现在是“{}”,不能办理“{}”。", self.state.label(), act.label())));
        }
        let count = reason.trim().chars().count();
        if act.owes_reason() && !REASON_CHARS.contains(&count) {
            let (least, most) = (REASON_CHARS.start(), REASON_CHARS.end());
            return Err(bad(format!("“{}”要写明原因,{least} 到 {most} 个字,现为 {count} 个字。", act.label())));
        }
        if count > *REASON_CHARS.end() {
            return Err(bad(format!("说明有 {count} 个字,最多 {} 个字。", REASON_CHARS.end())));
        }
        let verified = act == Act::Verify;
        Ok(Prospect {
            state: to,
            reason: reason.trim().to_owned(),
            due_on: if to.is_open() { due_on } else { None },
            verified_by: if verified { Some(by) } else { self.verified_by },
            verified_at: if verified { Some(at) } else { self.verified_at },
            changed_at: at,
            ..self.clone()
        })
    }
}

/// The line that a figure is held against: 万元, and what units above it are called. None where revenue does not decide.
pub fn line(industry: &Industry) -> Option<(Decimal, &'static str)> {
    let found: &Threshold = threshold::of(industry)?;
    match found.line {
        Line::Revenue(least) => Some((least, found.label)),
        Line::Qualification | Line::All => None,
    }
}

/// True when a revenue in 万元 is so many percent of the line of an industry, or more.
pub fn is_near(industry: &Industry, revenue: Decimal, percent: u32) -> bool {
    let least = line(industry).and_then(|(least, _)| least.checked_mul(Decimal::from(percent)));
    least.zip(revenue.checked_mul(Decimal::ONE_HUNDRED)).is_some_and(|(least, revenue)| revenue >= least)
}

/// Characters of a name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=100;
/// Characters of an address or a telephone at most.
const LINE_CHARS_MAX: usize = 200;

/// From where a tip 线索 came that somebody writes down by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// 村级线索: a village's statistician or cadre told.
    Village,
    /// 部门通报: a department told, without a list.
    Department,
    /// 企业自荐: the enterprise came by itself.
    Enterprise,
    /// 走访发现: an officer saw it.
    Visit,
    /// 其他.
    Other,
}

impl Channel {
    /// All.
    pub const ALL: [Channel; 5] =
        [Channel::Village, Channel::Department, Channel::Enterprise, Channel::Visit, Channel::Other];

    /// The name in forms.
    pub fn key(self) -> &'static str {
        match self {
            Channel::Village => "village",
            Channel::Department => "department",
            Channel::Enterprise => "enterprise",
            Channel::Visit => "visit",
            Channel::Other => "other",
        }
    }

    /// Reads [`Channel::key`].
    pub fn from_key(key: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.key() == key)
    }

    /// The word on the page, and what stands as the source.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Village => "村级线索",
            Channel::Department => "部门通报",
            Channel::Enterprise => "企业自荐",
            Channel::Visit => "走访发现",
            Channel::Other => "其他线索",
        }
    }
}

/// A tip as somebody writes it down: little is known, and nothing is made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// The name that it goes by.
    pub name: String,
    /// Its code, where it is known.
    pub code: String,
    /// Where it is: a township or a village.
    pub area: AreaCode,
    /// Its industry, as closely as it is known.
    pub industry: Industry,
    /// Its address.
    pub address: String,
    /// Its telephone.
    pub phone: String,
    /// Its revenue of a year in 万元, where somebody has an idea of it.
    pub revenue: Option<Decimal>,
    /// From where it came.
    pub channel: Channel,
    /// What was told, in words.
    pub words: String,
}

impl Tip {
    /// The tip as it can be kept, with its code. Whatever is typed is held to the same rules as a row of a list.
    pub fn checked(self) -> Result<(Tip, Option<Usci>), Problem> {
        let bad = |reason: String| Err(Problem::BadInput { reason });
        let plain = |text: &str| text.trim().chars().filter(|c| !c.is_control()).collect::<String>();
        let tip = Tip {
            name: plain(&self.name),
            address: plain(&self.address),
            phone: plain(&self.phone),
            words: self.words.trim().to_owned(),
            ..self
        };
        let count = |text: &str| text.chars().count();
        if !NAME_CHARS.contains(&count(&tip.name)) {
            let (least, most) = (NAME_CHARS.start(), NAME_CHARS.end());
            return bad(format!("单位名称应为 {least} 到 {most} 个字,现为 {} 个字。", count(&tip.name)));
        }
        for (word, text) in [("地址", &tip.address), ("电话", &tip.phone), ("线索内容", &tip.words)] {
            if count(text) > LINE_CHARS_MAX {
                return bad(format!("{word}最多 {LINE_CHARS_MAX} 个字,现为 {} 个字。", count(text)));
            }
        }
        let township = tip.area.ancestors().into_iter().chain([tip.area]).find(|at| at.level() == AreaLevel::Township);
        if township.is_none_or(|township| area::find(&township).is_none()) {
            return bad(format!("所在地要写到乡镇(街道),现为“{}”。", area::path(&tip.area)));
        }
        if line(&tip.industry).is_none() {
            let industry = format!("{} {}", tip.industry.code(), tip.industry.name());
            return bad(format!("行业“{industry}”不按营业收入纳统,不列为准四上线索。请直接登记单位,再提出纳入。"));
        }
        if tip.revenue.is_some_and(|revenue| revenue.is_sign_negative()) {
            return bad("营业收入应为不小于 0 的数,单位是万元。".to_owned());
        }
        let code = match tip.code.trim() {
            "" => None,
            code => Some(Usci::parse(code).map_err(|error| Problem::BadInput { reason: error.to_string() })?),
        };
        Ok((Tip { code: code.map(|code| code.as_str().to_owned()).unwrap_or_default(), ..tip }, code))
    }
}
