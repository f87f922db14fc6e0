//! Roster 部门名单 — a list of units that another department keeps (market regulation, tax, civil affairs, staffing office), matched with
//! the register. What its columns mean and which rows can be used is judged in [`row`]; what follows from a matching and from what people
//! decide about pairs, in [`settle`]. Nothing here changes the register: a list says what to look into.

mod row;
mod settle;
mod standing;

use serde::{Deserialize, Serialize};
use youju_codes::AreaCode;

use crate::Instant;
use crate::id::{PersonId, RosterId, RosterRunId};

pub use row::{Column, NAME_CHARS_MAX, Taken, judge};
pub use settle::{Band, Choice, Pair, Sort, Verdict, answer, settle};
pub use standing::Standing;

/// Departments whose lists are matched with the register.
pub const DEPARTMENTS: [&str; 5] = ["市场监管", "税务", "民政", "编制", "其他部门"];
/// Characters of the words about where a list comes from.
pub const ORIGIN_CHARS_MAX: usize = 100;

/// Whether a list names every unit there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// 全量: a unit of the register that is not in it should be looked for.
    Whole,
    /// 部分: what is not in it says nothing.
    Part,
}

impl Coverage {
    /// Both.
    pub const ALL: [Coverage; 2] = [Coverage::Part, Coverage::Whole];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            Coverage::Whole => "whole",
            Coverage::Part => "part",
        }
    }

    /// Reads [`Coverage::key`].
    pub fn from_key(key: &str) -> Option<Coverage> {
        Coverage::ALL.into_iter().find(|coverage| coverage.key() == key)
    }

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Coverage::Whole => "全量名单(名录有而名单没有的,列为应退出的线索)",
            Coverage::Part => "部分名单(名单没有的不作推断)",
        }
    }
}

/// A list as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Its id.
    pub id: RosterId,
    /// Which department.
    pub department: String,
    /// Which area it is about.
    pub area: AreaCode,
    /// Whether it names every unit there.
    pub coverage: Coverage,
    /// Where it comes from, in the words of who brought it.
    pub origin: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file; empty until it has been read to its end.
    pub file_hash: String,
    /// Who brought it; none for the command line.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// Rows that are in.
    pub rows: u64,
    /// Rows that were left and are not mended yet.
    pub left: u64,
}

impl Roster {
    /// True once its file has been read to the end.
    pub fn is_whole(&self) -> bool {
        !self.file_hash.is_empty()
    }
}

/// A row that is in, as it is kept. Names of persons are not: who represents a unit is asked of the unit, not of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number within the list.
    pub number: i64,
    /// Row in the file that it came with.
    pub line: i64,
    /// Where it is, as far as address and name tell: a township, or the area of the list.
    pub area: AreaCode,
    /// What it says.
    pub taken: Taken,
}

/// A row that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Row in the file that it came with.
    pub line: i64,
    /// What it says, by column.
    pub values: Vec<(Column, String)>,
    /// Why it was left.
    pub reason: String,
    /// True once a mended row has come in its place.
    pub is_mended: bool,
}

/// What is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunSort {
    /// The register with a list.
    Match,
    /// The register with itself.
    Doubles,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// 等待.
    Waiting,
    /// 进行中.
    Running,
    /// 已完成.
    Done,
    /// 中断.
    Broken,
}

impl RunState {
    /// All.
    pub const ALL: [RunState; 4] = [RunState::Waiting, RunState::Running, RunState::Done, RunState::Broken];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            RunState::Waiting => "waiting",
            RunState::Running => "running",
            RunState::Done => "done",
            RunState::Broken => "broken",
        }
    }

    /// Reads [`RunState::key`].
    pub fn from_key(key: &str) -> Option<RunState> {
        RunState::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            RunState::Waiting => "等待比对",
            RunState::Running => "正在比对",
            RunState::Done => "已完成",
            RunState::Broken => "已中断",
        }
    }
}

/// What is kept of a run beside its pairs: how it was made and what it found, so that it can be told and repeated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// Settings, each with its word and value.
    pub settings: Vec<(String, String)>,
    /// Units of the register that were matched.
    pub units: u64,
    /// Rows of the list that were matched.
    pub rows: u64,
    /// Pairs that were compared.
    pub compared: u64,
    /// The lines and expected shares of errors, as sentences.
    pub bands: Vec<String>,
    /// What has to be known about the result.
    pub notices: Vec<String>,
}

/// Where list and register do not say the same about a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In what.
    pub what: String,
    /// What the register says, or the first unit.
    pub ours: String,
    /// What the list says, or the second unit.
    pub theirs: String,
}

/// What one field says about whether a pair is one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it weighs, in thousandths of a bit; 0 where a side has nothing.
    pub bits: i64,
    /// The same as a full sentence.
    pub says: String,
}

/// An entry of a run with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The entry.
    pub pair: Pair,
    /// Where it is worked on: the area of the unit, or of the row.
    pub area: AreaCode,
    /// What speaks for one unit, in thousandths of a bit; 0 where it is no pair.
    pub bits: i64,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Field by field, where somebody has to look.
    pub evidence: Vec<Line>,
}

/// Run 比对 of a list with the register, or of the register with itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RosterRunId,
    /// Which list; none for the register with itself.
    pub roster: Option<RosterId>,
    /// In which area.
    pub area: AreaCode,
    /// Where it stands.
    pub state: RunState,
    /// What it is doing, or why it broke off.
    pub says: String,
    /// What it found.
    pub report: Report,
    /// SHA-256 over all that it found: the same register and list give the same.
    pub fingerprint: String,
    /// Who asked for it; none for the command line.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// When it was done.
    pub ended_at: Option<Instant>,
}

impl Run {
    /// What is matched.
    pub fn sort(&self) -> RunSort {
        if self.roster.is_some() { RunSort::Match } else { RunSort::Doubles }
    }
}
