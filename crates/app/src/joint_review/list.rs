//! Lists of meetings: those of an office's area, and those that somebody is a member of.

use chrono::TimeDelta;
use youju_domain::joint_review::{MEMBER_DAYS, Stage};
use youju_store::joint_review::{self, Brief, Whose};
use youju_store::register::{Page, PageRequest};

use crate::context::Cx;
use crate::error::Result;

/// One page of the meetings that the actor finds, newest first; in one stage, or in any.
pub async fn list(cx: &mut Cx<'_>, stage: Option<Stage>, page: PageRequest) -> Result<Page<Brief>> {
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let scope = cx.form_scope()?;
    let ended_since = now - TimeDelta::days(MEMBER_DAYS);
    let whose = Whose { scope: &scope, person: actor.person, ended_since };
    Ok(joint_review::list(cx.tx(), &whose, stage, page).await?)
}

/// Meetings that wait for the actor: for a member to remark; for the office that called them to settle and to close.
pub async fn waiting(cx: &mut Cx<'_>) -> Result<Vec<Brief>> {
    let level = cx.actor()?.role.level();
    let all = PageRequest { offset: 0, limit: i64::MAX };
    let mut called = list(cx, Some(Stage::Called), all).await?.rows;
    called.retain(|brief| brief.is_member || Some(brief.level) == level);
    Ok(called)
}
