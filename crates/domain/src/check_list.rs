//! Check list 核实清单 — what an office looked at on a day (or in a week) while a window was open: which reports and projects, why
//! they stand on the list, how good data and papers are, and what is done about it. Handed in to the level above it stands for
//! ever; what comes later is a supplement. No figure is written here.

mod provision;
mod span;

use serde::{Deserialize, Serialize};
use youju_codes::AreaCode;

use crate::Instant;
use crate::finding::meaningful;
use crate::id::{CheckListId, PersonId, ReportId, WindowId};
use crate::problem::Problem;

pub use provision::{Paper, Provision};
pub use span::{Every, Span};

/// Most characters of what is done about an entry 处理措施.
pub const MEASURE_CHARS_MAX: usize = 300;
/// Most entries of one list: more than anybody looks at in a day.
pub const ENTRIES_MAX: usize = 2_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident = $key:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$one])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The word on the page.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// The name in storage and forms.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)* }
            }

            /// Reads the name.
            pub fn from_key(key: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.key() == key)
            }
        }
    };
}

words! {
    /// How good the data of an entry are 数据质量.
    DataQuality {
        /// 属实.
        Good = "good", "属实";
        /// 存疑.
        Doubt = "doubt", "存疑";
        /// 有误.
        Wrong = "wrong", "有误";
    }
}

words! {
    /// How good the papers of an entry are 资料质量.
    PaperQuality {
        /// 齐全.
        Complete = "complete", "齐全";
        /// 不齐全.
        Incomplete = "incomplete", "不齐全";
        /// 没有资料.
        None = "none", "没有资料";
    }
}

/// What an entry is about: a report, or one row of its list by the row's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The report.
    pub report: ReportId,
    /// The key of the row, e.g. 项目代码; none for the report as a whole.
    pub row: Option<String>,
}

/// A report or project that belongs on the list, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// What it is about.
    pub subject: Subject,
    /// Name of the unit.
    pub unit: String,
    /// Name of the project; empty for the report as a whole.
    pub name: String,
    /// The version that was looked at.
    pub version: u32,
    /// Why it stands on the list, in words; none for what an officer added.
    pub reasons: Vec<String>,
}

/// What an officer noted about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// 数据质量.
    pub data: DataQuality,
    /// 资料质量.
    pub papers: PaperQuality,
    /// 处理措施.
    pub measure: String,
    /// Who.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
    /// The version that was looked at.
    pub version: u32,
    /// The span whose words were taken over unchanged 沿用.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<Span>,
}

impl Word {
    /// A word as it may be kept. Where data and papers are in order, nothing has to be done about it.
    pub fn checked(self) -> Result<Word, Problem> {
        let is_in_order = self.data == DataQuality::Good && self.papers == PaperQuality::Complete;
        let measure = self.measure.trim().to_owned();
        let measure = if is_in_order && measure.is_empty() { measure } else { meaningful(&measure)? };
        let count = measure.chars().count();
        if count > MEASURE_CHARS_MAX {
            let reason = format!("处理措施最多 {MEASURE_CHARS_MAX} 个字,现为 {count} 个字。");
            return Err(Problem::BadInput { reason });
        }
        Ok(Word { measure, ..self })
    }
}

/// Entry 清单中的一项.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is about, and why.
    pub about: Proposed,
    /// Why an officer added it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<String>,
    /// What was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
    /// Why it was handed in without a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
}

impl Entry {
    /// True when the present version has been looked at. What was noted about an earlier one has to be looked at again.
    pub fn is_noted(&self) -> bool {
        self.word.as_ref().is_some_and(|word| word.version == self.about.version)
    }
}

/// That a list was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// By whom.
    pub by: PersonId,
    /// Name at that time.
    pub name: String,
    /// When.
    pub at: Instant,
}

/// Check list 核实清单: one per window, county and span; supplements have numbers of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckList {
    /// Its id.
    pub id: CheckListId,
    /// The window.
    pub window: WindowId,
    /// The county.
    pub area: AreaCode,
    /// The day or week.
    pub span: Span,
    /// From 1; higher ones are supplements.
    pub number: u32,
    /// What has been noted or added; everything, once it is handed in.
    pub entries: Vec<Entry>,
    /// That it was handed in; none while it is being written.
    pub handed: Option<Handed>,
    /// Changes at every write.
    pub revision: i64,
}

impl CheckList {
    /// A list on which nothing is noted yet.
    pub fn begin(id: CheckListId, window: WindowId, area: AreaCode, span: Span) -> CheckList {
        CheckList { id, window, area, span, number: 1, entries: Vec::new(), handed: None, revision: 0 }
    }

    /// The list with the versions that reports have by now: what was noted about an earlier one has to be looked at again.
    #[must_use]
    pub fn refreshed(mut self, version: impl Fn(ReportId) -> Option<u32>) -> CheckList {
        for entry in &mut self.entries {
            entry.about.version = version(entry.about.subject.report).unwrap_or(entry.about.version);
        }
        self
    }

    /// What a list shows while it is written: what belongs on it now with what was noted, then what was added or noted and no
    /// longer belongs on it by itself. Nothing that somebody has written disappears.
    pub fn merged(&self, proposed: &[Proposed]) -> Vec<Entry> {
        let known = |subject: &Subject| self.entries.iter().find(|entry| entry.about.subject == *subject);
        let now = proposed.iter().map(|about| {
            let known = known(&about.subject);
            let (added, word) = (known.and_then(|one| one.added.clone()), known.and_then(|one| one.word.clone()));
            Entry { about: about.clone(), added, word, left: None }
        });
        let is_proposed = |entry: &&Entry| proposed.iter().any(|about| about.subject == entry.about.subject);
        now.chain(self.entries.iter().filter(|entry| !is_proposed(entry)).cloned()).collect()
    }

    /// An officer notes something about an entry.
    pub fn note(mut self, about: &Proposed, word: Word) -> Result<CheckList, Problem> {
        self.must_be_open()?;
        let word = Some(word.checked()?);
        match self.entries.iter_mut().find(|entry| entry.about.subject == about.subject) {
            Some(entry) => (entry.about, entry.word) = (about.clone(), word),
            None => self.entries.push(Entry { about: about.clone(), added: None, word, left: None }),
        }
        Ok(self)
    }

    /// An officer adds a report or project, and says why.
    pub fn add(mut self, about: Proposed, reason: &str, proposed: &[Proposed]) -> Result<CheckList, Problem> {
        self.must_be_open()?;
        let reason = meaningful(reason)?;
        let merged = self.merged(proposed);
        if merged.iter().any(|entry| entry.about.subject == about.subject) {
            return Err(Problem::BadInput { reason: "清单中已经有这一项。".into() });
        }
        must_fit(merged.len() + 1)?;
        let about = Proposed { reasons: Vec::new(), ..about };
        self.entries.push(Entry { about, added: Some(reason), word: None, left: None });
        Ok(self)
    }

    /// Takes over what was noted before for everything that is unchanged since: the same version, for the same reasons. What was
    /// added by hand comes along. Gives how many there were.
    pub fn carry(
        mut self,
        proposed: &[Proposed],
        before: &CheckList,
        (by, name, at): (PersonId, &str, Instant),
    ) -> Result<(CheckList, usize), Problem> {
        self.must_be_open()?;
        let mut carried = 0;
        for entry in self.carryable(proposed, before) {
            let Some(word) = &entry.word else { continue };
            let from = word.carried_from.unwrap_or(before.span);
            let word = Word { by, name: name.to_owned(), at, carried_from: Some(from), ..word.clone() };
            self.entries.retain(|known| known.about.subject != entry.about.subject);
            self.entries.push(Entry { word: Some(word), left: None, ..entry });
            carried += 1;
        }
        Ok((self, carried))
    }

    /// What [`CheckList::carry`] would take over.
    pub fn carryable(&self, proposed: &[Proposed], before: &CheckList) -> Vec<Entry> {
        let noted =
            |subject: &Subject| self.entries.iter().any(|entry| entry.about.subject == *subject && entry.is_noted());
        let is_same = |entry: &&Entry| {
            let now = proposed.iter().find(|about| about.subject == entry.about.subject);
            now.map_or(entry.added.is_some(), |now| *now == entry.about)
        };
        let unchanged = before.entries.iter().filter(|entry| entry.is_noted() && !noted(&entry.about.subject));
        unchanged.filter(is_same).cloned().collect()
    }

    /// Hands the list in: what belongs on it now is written down for ever. What has no note is not left out, and needs a reason.
    pub fn hand_in(mut self, proposed: &[Proposed], left: &str, handed: Handed) -> Result<CheckList, Problem> {
        self.must_be_open()?;
        let mut entries = self.merged(proposed);
        must_fit(entries.len())?;
        let open = entries.iter().filter(|entry| !entry.is_noted()).count();
        if open > 0 && left.trim().is_empty() {
            let reason =
                format!("清单共 {} 项,还有 {open} 项没有记录。请逐项记录,或写明没有核实的原因。", entries.len());
            return Err(Problem::BadInput { reason });
        }
        if open > 0 {
            let reason = meaningful(left)?;
            for entry in entries.iter_mut().filter(|entry| !entry.is_noted()) {
                entry.left = Some(reason.clone());
            }
        }
        self.entries = entries;
        self.handed = Some(handed);
        Ok(self)
    }

    /// A supplement 补充: begins with everything that was handed in, which itself stays as it is.
    pub fn supplement(&self, id: CheckListId) -> Result<CheckList, Problem> {
        if self.handed.is_none() {
            return Err(Problem::BadInput { reason: "清单还没有上报,可以直接修改。".into() });
        }
        let entries = self.entries.iter().map(|entry| Entry { left: None, ..entry.clone() });
        // What stood there unnoted for a reason of the house comes back by that reason, or is done with.
        let entries = entries.filter(|entry| entry.word.is_some() || entry.added.is_some()).collect();
        Ok(CheckList { id, number: self.number + 1, entries, handed: None, revision: 0, ..self.clone() })
    }

    /// Refuses what was handed in.
    pub fn must_be_open(&self) -> Result<(), Problem> {
        if self.handed.is_none() {
            return Ok(());
        }
        Err(Problem::BadInput {
            reason: "这份清单已经上报,不能再改。有新情况请补充上报。".into()
        })
    }
}

fn must_fit(entries: usize) -> Result<(), Problem> {
    if entries <= ENTRIES_MAX {
        return Ok(());
    }
    Err(Problem::BadInput { reason: format!("一份清单最多 {ENTRIES_MAX} 项,现为 {entries} 项。") })
}

/// Where the list of a county and span stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// 未到: the span has not begun.
    Ahead,
    /// 待报: the span runs.
    Running,
    /// 已报, before the span was over.
    HandedIn,
    /// 迟报: after it was over.
    Late,
    /// 未报: it is over.
    Missing,
}

impl Standing {
    /// How a span stands whose first list was handed in at an instant, or not at all.
    pub fn of(span: Span, handed_in_at: Option<Instant>, now: Instant) -> Standing {
        match handed_in_at {
            Some(at) if at < span.ends_at() => Standing::HandedIn,
            Some(_) => Standing::Late,
            None if now < span.begins_at() => Standing::Ahead,
            None if now < span.ends_at() => Standing::Running,
            None => Standing::Missing,
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Ahead => "未到",
            Standing::Running => "待报",
            Standing::HandedIn => "已报",
            Standing::Late => "迟报",
            Standing::Missing => "未报",
        }
    }

    /// True when somebody still has to hand in a list that may be handed in already.
    pub fn is_owed(self) -> bool {
        matches!(self, Standing::Running | Standing::Missing)
    }
}
