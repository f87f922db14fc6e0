//! Keeping of logs 日志留存: what lies where, and since when.

use chrono::NaiveDate;
use youju_domain::security::retention::{LOGS, Log};
use youju_store::security::{self as store, Extent};

use super::{LogKeeping, half_a_year_back, may_look};
use crate::context::Cx;
use crate::error::Result;
use crate::organisation::today;

/// What is kept.
pub struct Kept {
    /// Each log in the data base.
    pub logs: Vec<(Log, Extent)>,
    /// The server's own log, where it is kept.
    pub server: Option<LogKeeping>,
    /// What is younger than this must be there.
    pub since: NaiveDate,
}

/// What is kept, and since when.
pub async fn kept(cx: &mut Cx<'_>) -> Result<Kept> {
    may_look(cx)?;
    let mut logs = Vec::new();
    for log in LOGS {
        logs.push((*log, store::extent(cx.tx(), log).await?));
    }
    Ok(Kept { logs, server: cx.app().surroundings().log, since: half_a_year_back(today(cx)) })
}
