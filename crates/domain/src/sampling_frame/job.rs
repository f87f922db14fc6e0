//! Freezing beside the pages: what is asked for when a frame is too large to be read while somebody waits.

use super::Definition;
use crate::Instant;
use crate::id::{PersonId, SamplingFrameId};

/// Units of an area that are counted or frozen at once: without optimisation 400,000 take 28 s, and a request has 60.
pub const AT_ONCE_UNITS_MAX: u64 = 200_000;

/// Where a freezing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FreezingState {
    /// 等待冻结.
    Waiting,
    /// 正在冻结.
    Running,
    /// 已冻结: the frame has its id.
    Done,
    /// 没有冻结.
    Broken,
}

impl FreezingState {
    /// All.
    pub const ALL: [FreezingState; 4] =
        [FreezingState::Waiting, FreezingState::Running, FreezingState::Done, FreezingState::Broken];

    /// The name in storage.
    pub fn key(self) -> &'static str {
        match self {
            FreezingState::Waiting => "waiting",
            FreezingState::Running => "running",
            FreezingState::Done => "done",
            FreezingState::Broken => "broken",
        }
    }

    /// Reads [`FreezingState::key`].
    pub fn from_key(key: &str) -> Option<FreezingState> {
        FreezingState::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            FreezingState::Waiting => "等待冻结",
            FreezingState::Running => "正在冻结",
            FreezingState::Done => "已冻结",
            FreezingState::Broken => "没有冻结",
        }
    }
}

/// Freezing 冻结任务 of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freezing {
    /// Its id, and that of the frame that it becomes.
    pub id: SamplingFrameId,
    /// What is frozen.
    pub definition: Definition,
    /// Where it stands.
    pub state: FreezingState,
    /// What it is doing, or why it broke.
    pub says: String,
    /// Who asked for it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
}
