//! Staffing norms 人员配备标准: how many statistical staff an organisation owes, by its kind and the number of units in its area. Norms
//! are data of a profile; here is what they mean.

use serde::{Deserialize, Serialize};

use crate::organisation::Kind;

/// Who is counted 岗位.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// 专职统计人员.
    FullTime,
    /// 专兼职统计人员: full or part time.
    Statistician,
    /// 正式编制统计员.
    Established,
    /// 正式编制统计员(农业).
    EstablishedAgriculture,
    /// 正式编制统计员(工业).
    EstablishedIndustry,
    /// 正式编制统计员(服务业).
    EstablishedServices,
    /// 首席统计员: established and full time.
    Chief,
    /// 统计工作负责人 of a village.
    Lead,
    /// 辅助调查员.
    Auxiliary,
    /// 具有执法资格人员.
    Enforcement,
}

impl Post {
    /// All posts.
    pub const ALL: [Post; 10] = [
        Post::FullTime,
        Post::Statistician,
        Post::Established,
        Post::EstablishedAgriculture,
        Post::EstablishedIndustry,
        Post::EstablishedServices,
        Post::Chief,
        Post::Lead,
        Post::Auxiliary,
        Post::Enforcement,
    ];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Post::FullTime => "专职统计人员",
            Post::Statistician => "专兼职统计人员",
            Post::Established => "正式编制统计员",
            Post::EstablishedAgriculture => "正式编制统计员(农业)",
            Post::EstablishedIndustry => "正式编制统计员(工业)",
            Post::EstablishedServices => "正式编制统计员(服务业)",
            Post::Chief => "首席统计员",
            Post::Lead => "统计工作负责人",
            Post::Auxiliary => "辅助调查员",
            Post::Enforcement => "具有执法资格人员",
        }
    }

    /// The name in profiles.
    pub fn key(self) -> &'static str {
        match self {
            Post::FullTime => "full_time",
            Post::Statistician => "statistician",
            Post::Established => "established",
            Post::EstablishedAgriculture => "established_agriculture",
            Post::EstablishedIndustry => "established_industry",
            Post::EstablishedServices => "established_services",
            Post::Chief => "chief",
            Post::Lead => "lead",
            Post::Auxiliary => "auxiliary",
            Post::Enforcement => "enforcement",
        }
    }

    /// Reads [`Post::key`].
    pub fn from_key(key: &str) -> Option<Post> {
        Post::ALL.into_iter().find(|post| post.key() == key)
    }
}

/// Norm 配备标准.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Norm {
    /// Its key within the profile.
    pub id: String,
    /// Kinds of organisations that it is for.
    pub kinds: Vec<Kind>,
    /// Organisations of the profile that it is for, by key; empty for all of the kinds.
    pub only: Vec<String>,
    /// The number of 基本单位 from which it holds.
    pub units_from: u64,
    /// The number from which it holds no more; none for no end.
    pub units_below: Option<u64>,
    /// How many of whom.
    pub minima: Vec<Minimum>,
    /// Title of the document.
    pub source: String,
    /// The paragraph.
    pub paragraph: String,
}

/// Minimum 最低人数.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimum {
    /// Of whom.
    pub post: Post,
    /// How many at least.
    pub least: u32,
    /// Years that a term lasts at least; none where the document says nothing.
    pub term_years: Option<u32>,
    /// The words of the document.
    pub words: String,
}

impl Norm {
    /// True when it is for an organisation of this kind, with this key, in whose area there are so many units.
    pub fn is_for(&self, kind: Kind, key: Option<&str>, units: u64) -> bool {
        self.kinds.contains(&kind)
            && (self.only.is_empty() || key.is_some_and(|key| self.only.iter().any(|only| only == key)))
            && self.units_from <= units
            && self.units_below.is_none_or(|below| units < below)
    }
}

/// What an organisation owes: every minimum of every norm that is for it.
pub fn owed<'n>(norms: &'n [Norm], kind: Kind, key: Option<&str>, units: u64) -> Vec<(&'n Norm, &'n Minimum)> {
    let norms = norms.iter().filter(|norm| norm.is_for(kind, key, units));
    norms.flat_map(|norm| norm.minima.iter().map(move |minimum| (norm, minimum))).collect()
}
