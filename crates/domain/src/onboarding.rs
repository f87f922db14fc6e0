//! Onboarding 新入库单位辅导服务 (四个一): what an office owes a unit that has become one that reports, what of it was done, and how far an
//! area has come. What the four are is data of a jurisdiction; they are kept with the unit as they were ordered on its day of entry, so that
//! a later order does not make anybody late. Nothing here is done by itself: somebody says that it was, and on which day.

mod first;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use youju_codes::workday::working_days_after;
use youju_codes::{AreaCode, AreaLevel};

use crate::Instant;
use crate::grid::read_reason;
use crate::id::{OnboardingActId, OnboardingId, PersonId, UnitId};
use crate::problem::Problem;
use crate::report::Level;

pub use first::{First, FirstCount, Handed, Verdict};

/// Characters of what was done at most.
pub const NOTE_CHARS_MAX: usize = 500;
/// Characters of a link at most.
const LINK_CHARS_MAX: usize = 200;
/// Items of an order at most: it is called the four ones, and nobody is helped by twenty.
pub const ITEMS_MAX: usize = 12;

fn bad(reason: impl Into<String>) -> Problem {
    Problem::BadInput { reason: reason.into() }
}

/// What an item is about, where the program knows more of it than its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something that an officer does: a visit, a training, naming somebody.
    Act,
    /// 统计服务包: handed over, and confirmed by the unit or with a signed receipt.
    Pack,
    /// 首报跟踪: the first report is looked at together.
    FirstReport,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Act, Kind::Pack, Kind::FirstReport];

    /// The name in data.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Act => "act",
            Kind::Pack => "pack",
            Kind::FirstReport => "first_report",
        }
    }

    /// Reads [`Kind::key`].
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// One of the four 辅导事项.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What has to be shown.
    pub shows: String,
    /// Working days from the day of entry.
    pub days: u32,
    /// From which level on somebody may do it.
    pub level: Level,
    /// What it is about.
    pub kind: Kind,
    /// True when a file has to prove it.
    pub needs_file: bool,
}

/// What a jurisdiction orders for new units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The four.
    pub items: Vec<Item>,
    /// True where no document says which they are, and a customary set is taken.
    pub is_inferred: bool,
    /// Title of the document that asks for them.
    pub document: String,
    /// Paragraph in it.
    pub paragraph: String,
    /// 致企业的一封信: paragraphs. `{unit}` and `{place}` stand for the unit and the county.
    pub letter: Vec<String>,
    /// 统计法律事务告知书: what a unit owes and what it may ask for, point by point.
    pub notice: Vec<String>,
    /// How to sign in, step by step.
    pub sign_in: Vec<String>,
    /// What else goes into the pack: manuals, courses, videos.
    pub more: Vec<String>,
}

/// Proof that something was done 办理记录.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its id.
    pub id: OnboardingActId,
    /// Which item, by its key.
    pub item: String,
    /// On which day it was done.
    pub done_on: NaiveDate,
    /// What was done.
    pub note: String,
    /// A page of the program that proves it; empty for none.
    pub link: String,
    /// Name of the file that proves it; empty for none.
    pub file_name: String,
    /// Its SHA-256; empty for none.
    pub file_hash: String,
    /// Who said so.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// True when the unit itself has confirmed it.
    pub is_by_unit: bool,
    /// When it was written down.
    pub at: Instant,
    /// Why it does not count, who said so, and when.
    pub struck: Option<(String, String, Instant)>,
}

/// What is owed to one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onboarding {
    /// Its id.
    pub id: OnboardingId,
    /// The unit.
    pub unit: UnitId,
    /// Since which day it reports.
    pub listed_on: NaiveDate,
    /// The four, as they were ordered then.
    pub items: Vec<Item>,
    /// What was done, in the order in which it was written down.
    pub acts: Vec<Act>,
}

/// Where an item stands on a day. Computed, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 已完成, within its term.
    Done,
    /// 逾期完成.
    DoneLate,
    /// 待办: its term still runs.
    Due,
    /// 逾期未办.
    Overdue,
}

impl Standing {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Done => "已完成",
            Standing::DoneLate => "逾期完成",
            Standing::Due => "待办",
            Standing::Overdue => "逾期未办",
        }
    }

    /// True when it was done at all.
    pub fn is_done(self) -> bool {
        matches!(self, Standing::Done | Standing::DoneLate)
    }
}

/// What somebody types to say that an item was done.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The day; none for today.
    pub done_on: Option<NaiveDate>,
    /// What was done.
    pub note: String,
    /// A page of the program that proves it.
    pub link: String,
    /// Name and SHA-256 of the file.
    pub file: Option<(String, String)>,
}

impl Onboarding {
    /// What proves an item, if it counts: what was known and not struck.
    pub fn proof(&self, item: &str) -> Option<&Act> {
        self.acts.iter().rev().find(|act| act.item == item && act.struck.is_none())
    }

    /// The last day of an item's term.
    pub fn due_on(&self, item: &Item) -> NaiveDate {
        working_days_after(self.listed_on, item.days)
    }

    /// Where an item stands on a day: what was done later does not count yet.
    pub fn standing(&self, item: &Item, on: NaiveDate) -> Standing {
        let due = self.due_on(item);
        match self.proof(&item.key).filter(|act| act.done_on <= on) {
            Some(act) if act.done_on <= due => Standing::Done,
            Some(_) => Standing::DoneLate,
            None if on > due => Standing::Overdue,
            None => Standing::Due,
        }
    }

    /// The items with where they stand.
    pub fn standings(&self, on: NaiveDate) -> impl Iterator<Item = (&Item, Standing)> {
        self.items.iter().map(move |item| (item, self.standing(item, on)))
    }

    /// True when everything was done by a day.
    pub fn is_complete(&self, on: NaiveDate) -> bool {
        self.standings(on).all(|(_, standing)| standing.is_done())
    }

    /// What the people of the unit get, and by when: what they are told on the day of entry.
    pub fn says(&self) -> String {
        let items: Vec<String> =
            self.items.iter().map(|item| format!("{}({} 前)", item.name, self.due_on(item))).collect();
        format!(
            "贵单位自 {} 起为统计调查单位。统计机构为贵单位办理:{}。到期没有办的,可以向乡镇或县级统计机构询问。",
            self.listed_on,
            items.join("、")
        )
    }

    /// The items that officers of a level have not done yet, each with the end of its term.
    pub fn waits_for(&self, level: Level) -> Vec<(&Item, NaiveDate)> {
        let waits = |item: &&Item| item.level == level && self.proof(&item.key).is_none();
        self.items.iter().filter(waits).map(|item| (item, self.due_on(item))).collect()
    }

    fn item(&self, key: &str) -> Result<&Item, Problem> {
        self.items.iter().find(|item| item.key == key).ok_or(Problem::NotFound { what: "辅导事项" })
    }

    /// Somebody says that an item was done.
    pub fn does(
        &self,
        key: &str,
        typed: Typed,
        (id, by, by_name, is_by_unit): (OnboardingActId, PersonId, &str, bool),
        (now, today): (Instant, NaiveDate),
    ) -> Result<Act, Problem> {
        let item = self.item(key)?;
        if self.proof(key).is_some() {
            return Err(bad(format!("“{}”已经登记完成。要改的,请先撤销并写明原因。", item.name)));
        }
        let done_on = typed.done_on.unwrap_or(today);
        if done_on < self.listed_on || done_on > today {
            return Err(bad(format!("完成日期应在纳入之日 {} 至今天之间。", self.listed_on)));
        }
        let note = read_note(&typed.note, item, is_by_unit)?;
        let link = read_link(&typed.link)?;
        let (file_name, file_hash) = typed.file.unwrap_or_default();
        if is_by_unit && item.kind != Kind::Pack {
            return Err(Problem::Forbidden);
        }
        // Without the unit's own word, a signed receipt has to prove that the pack was handed over.
        if file_hash.is_empty() && !is_by_unit && (item.needs_file || item.kind == Kind::Pack) {
            let what = if item.kind == Kind::Pack { "单位签字的回执" } else { "证明材料" };
            return Err(bad(format!("“{}”要附上{what}。", item.name)));
        }
        let item = item.key.clone();
        let by_name = by_name.to_owned();
        Ok(Act { id, item, done_on, note, link, file_name, file_hash, by, by_name, is_by_unit, at: now, struck: None })
    }

    /// Takes back that an item was done; what was written down stays to be read.
    pub fn strike(&self, key: &str, reason: &str) -> Result<(OnboardingActId, String), Problem> {
        let item = self.item(key)?;
        let act = self.proof(key).ok_or_else(|| bad(format!("“{}”没有登记完成,不用撤销。", item.name)))?;
        Ok((act.id, read_reason(reason)?))
    }
}

fn read_note(note: &str, item: &Item, is_by_unit: bool) -> Result<String, Problem> {
    let note = note.trim();
    let length = note.chars().count();
    if is_by_unit && length == 0 {
        return Ok(format!("单位确认收到{}", item.name));
    }
    if !(2..=NOTE_CHARS_MAX).contains(&length) {
        return Err(bad(format!("请用 2 至 {NOTE_CHARS_MAX} 个字写明办理情况。")));
    }
    Ok(note.to_owned())
}

/// A page of this program: what stands elsewhere may be gone or changed tomorrow and proves nothing.
fn read_link(link: &str) -> Result<String, Problem> {
    let link = link.trim();
    let is_own = link.starts_with('/') && !link.starts_with("//") && !link.contains(['\\', '\n', '\r', ' ']);
    if !link.is_empty() && (!is_own || link.chars().count() > LINK_CHARS_MAX) {
        return Err(bad("佐证页面请填本系统的地址,以 / 开头,例如 /sponsorships/…。"));
    }
    Ok(link.to_owned())
}

/// A unit with what is owed to it, as a list of an area has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is owed.
    pub one: Onboarding,
    /// The unit's code.
    pub usci: String,
    /// Its name.
    pub name: String,
    /// Where it is today.
    pub area: AreaCode,
    /// True while it reports: who has left is owed nothing more.
    pub is_listed: bool,
}

/// Coverage 覆盖情况 of units: each number opens to its units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// 应辅导: units that entered and still report.
    pub owed: u64,
    /// 四项全部完成.
    pub complete: u64,
    /// Units with an item that is overdue.
    pub overdue: u64,
    /// Units that lack something whose term still runs, and nothing that is overdue.
    pub running: u64,
    /// Units that have left in between; they are not owed any more.
    pub left: u64,
    /// Items by name.
    pub items: BTreeMap<String, ItemCount>,
}

/// How far an item has come: of how many units it was done, is overdue, or has a term that still runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ItemCount {
    /// 已办.
    pub done: u64,
    /// 逾期未办.
    pub overdue: u64,
    /// 期限未到.
    pub due: u64,
}

impl ItemCount {
    /// Of how many units it is owed.
    pub fn owed(&self) -> u64 {
        self.done + self.overdue + self.due
    }
}

impl Coverage {
    fn add(&mut self, entry: &Entry, on: NaiveDate) {
        if !entry.is_listed {
            self.left += 1;
            return;
        }
        self.owed += 1;
        let (mut is_complete, mut is_overdue) = (true, false);
        for (item, standing) in entry.one.standings(on) {
            let counted = self.items.entry(item.name.clone()).or_default();
            *match standing {
                Standing::Done | Standing::DoneLate => &mut counted.done,
                Standing::Overdue => &mut counted.overdue,
                Standing::Due => &mut counted.due,
            } += 1;
            is_complete &= standing.is_done();
            is_overdue |= standing == Standing::Overdue;
        }
        match (is_complete, is_overdue) {
            (true, _) => self.complete += 1,
            (false, true) => self.overdue += 1,
            (false, false) => self.running += 1,
        }
    }
}

/// A month of a bulletin 通报月份.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Month {
        Month { year: day.year(), month: day.month() }
    }

    /// Reads `2026-04`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let is_plain = year.len() == 4 && month.len() == 2;
        let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
        is_plain.then(|| Month::of(first))
    }

    /// `2026-04`.
    pub fn key(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// `2026年4月`.
    pub fn label(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        let next = self.first_day().checked_add_months(chrono::Months::new(1));
        next.and_then(|next| next.pred_opt()).unwrap_or_default()
    }

    /// The first day of its year.
    pub fn year_begins(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, 1, 1).unwrap_or_default()
    }

    /// The day on which a bulletin of the month counts: its last, or today while it still runs.
    pub fn counts_on(self, today: NaiveDate) -> NaiveDate {
        self.last_day().min(today)
    }
}

/// By what a bulletin is divided: the city by counties, everybody else by townships.
pub fn part_of(of: &AreaCode, area: &AreaCode) -> String {
    let digits = match of.level() {
        AreaLevel::Province => 4,
        AreaLevel::City => 6,
        AreaLevel::County | AreaLevel::Township | AreaLevel::Village => 9,
    };
    area.as_str().chars().take(digits).collect()
}

/// Coverage of the units that entered between two days, for each part of an area; the whole stands under the empty text.
pub fn coverage(
    of: &AreaCode,
    entries: &[Entry],
    (from, to): (NaiveDate, NaiveDate),
    on: NaiveDate,
) -> BTreeMap<String, Coverage> {
    let mut all = BTreeMap::from([(String::new(), Coverage::default())]);
    for entry in entries.iter().filter(|entry| (from..=to).contains(&entry.one.listed_on)) {
        all.entry(String::new()).or_insert_with(Coverage::default).add(entry, on);
        all.entry(part_of(of, &entry.area)).or_insert_with(Coverage::default).add(entry, on);
    }
    all
}
