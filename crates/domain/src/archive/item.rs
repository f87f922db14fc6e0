//! Items of a box, as programmes declare them.

use super::keep::Term;

/// What proves an item of a box 材料种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Every report that was owed, as it was handed in with both signatures.
    Reports,
    /// The ledger of every period in which a report was owed.
    Ledgers,
    /// The original files of such a period: those of imports, or attached ones.
    Originals,
    /// What was explained when a report was handed in.
    Explanations,
    /// Queries with their answers.
    Queries,
    /// Corrections with their decisions.
    Corrections,
    /// Attached papers of one kind, told by words in their names or notes.
    Attachments,
}

impl Evidence {
    /// All kinds.
    pub const ALL: [Evidence; 7] = [
        Evidence::Reports,
        Evidence::Ledgers,
        Evidence::Originals,
        Evidence::Explanations,
        Evidence::Queries,
        Evidence::Corrections,
        Evidence::Attachments,
    ];

    /// The name in the files of programmes and in manifests.
    pub fn key(self) -> &'static str {
        match self {
            Evidence::Reports => "reports",
            Evidence::Ledgers => "ledgers",
            Evidence::Originals => "originals",
            Evidence::Explanations => "explanations",
            Evidence::Queries => "queries",
            Evidence::Corrections => "corrections",
            Evidence::Attachments => "attachments",
        }
    }

    /// Reads [`Evidence::key`].
    pub fn from_key(key: &str) -> Option<Evidence> {
        Evidence::ALL.into_iter().find(|evidence| evidence.key() == key)
    }

    /// True where nobody owes any: they come up or they do not.
    pub fn only_happens(self) -> bool {
        matches!(self, Evidence::Explanations | Evidence::Queries | Evidence::Corrections)
    }
}

/// Whether an item is owed 归档要求.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// 应有.
    Always,
    /// 发生时归档.
    IfHappened,
}

/// How often papers of a kind are owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// With every report.
    Report,
    /// Once in the year.
    Year,
}

/// On what a term rests 依据.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Titles of the sources.
    pub sources: Vec<String>,
    /// The article: `第二十二条`; empty where it is inferred.
    pub article: String,
    /// True where no text says so 推定.
    pub is_inferred: bool,
}

/// Item 档案盒的一项, as a programme declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id within the programme.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What proves it.
    pub evidence: Evidence,
    /// The forms 表号 that it is about.
    pub forms: Vec<String>,
    /// The ledgers that must be kept; empty for whatever the forms are taken from.
    pub ledgers: Vec<String>,
    /// Words of which one stands in the name or the note of an attached paper.
    pub words: Vec<String>,
    /// Whether it is owed.
    pub duty: Duty,
    /// How often, for papers.
    pub each: Each,
    /// How long it must be kept.
    pub keep: Term,
    /// By what right.
    pub ground: Ground,
    /// What has to be known about it.
    pub note: String,
}

impl Item {
    /// Whether an attached paper is of this kind, by its name and note.
    pub fn names(&self, text: &str) -> bool {
        self.evidence == Evidence::Attachments && self.words.iter().any(|word| text.contains(word.as_str()))
    }

    pub(super) fn is_about(&self, form: &str) -> bool {
        self.forms.iter().any(|known| known == form)
    }
}
