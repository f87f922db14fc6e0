//! Inbox 待办: what waits for this person, most urgent first. Computed from the state of the reports, so that it can
//! never disagree with them.

use youju_domain::access::Role;
use youju_domain::report::{Level, State};
use youju_store::register::PageRequest;
use youju_store::report::{self, Filter, Listed};

use crate::context::Cx;
use crate::error::Result;
use crate::review::awaits;

/// A group of reports that wait for the same act.
pub struct Group {
    /// What is to be done, e.g. `退回待改`.
    pub title: &'static str,
    /// The state of the reports in it.
    pub state: State,
    /// How many there are.
    pub total: u64,
    /// The first of them, by deadline.
    pub first: Vec<Listed>,
}

/// Reports of a group that the inbox itself shows; the rest is a link away.
const FIRST_MAX: i64 = 10;

/// Groups of waiting reports; groups without any are left out.
pub async fn groups(cx: &mut Cx<'_>) -> Result<Vec<Group>> {
    let actor = cx.actor()?.clone();
    let mut groups = Vec::new();
    for (title, state) in waiting_for(actor.role) {
        let filter = Filter { state: Some(*state), open_at: cx_now_if_unfinished(cx, *state), ..Filter::default() };
        let page = PageRequest { offset: 0, limit: FIRST_MAX };
        let found = report::list(cx.tx(), &actor.scope(), &filter, page).await?;
        if found.total > 0 {
            groups.push(Group { title, state: *state, total: found.total, first: found.rows });
        }
    }
    Ok(groups)
}

/// Unfinished reports count only while their window is open; what has been returned or handed in waits for ever.
fn cx_now_if_unfinished(cx: &Cx<'_>, state: State) -> Option<youju_domain::Instant> {
    matches!(state, State::Empty | State::Draft | State::Signed | State::Authorised).then(|| cx.now())
}

fn waiting_for(role: Role) -> &'static [(&'static str, State)] {
    match role {
        Role::Statistician => &[
            ("退回待改", State::Returned),
            ("已签字,待上报", State::Authorised),
            ("填报中,待签字", State::Draft),
            ("待填报", State::Empty),
        ],
        Role::UnitHead => &[("待负责人签字", State::Signed), ("已签字,待上报", State::Authorised)],
        Role::CountyOfficer => &[("待县级验收", State::Submitted), ("退回未报", State::Returned)],
        Role::CityOfficer => &[("待市级验收", State::AcceptedByCounty)],
        Role::TownshipOfficer => &[("退回未报", State::Returned), ("未填报", State::Empty), ("填报中", State::Draft)],
        Role::Administrator => &[],
    }
}

/// How many reports wait, for the badge on every page.
pub async fn count(cx: &mut Cx<'_>) -> Result<u64> {
    Ok(groups(cx).await?.iter().map(|group| group.total).sum())
}

/// The state that a level's work list shows first.
pub fn first_state(level: Level) -> State {
    awaits(level)
}
