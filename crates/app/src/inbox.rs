//! Inbox 待办: what waits for this person, most urgent first. Computed from the state of the reports, so that it can
//! never disagree with them.

use youju_domain::Instant;
use youju_domain::access::Role;
use youju_domain::report::{Level, State};
use youju_store::register::PageRequest;
use youju_store::report::{self, Filter, Listed};

use crate::context::Cx;
use crate::error::Result;

/// A group of reports that wait for the same act.
pub struct Group {
    /// What is to be done, e.g. `退回待改`.
    pub title: String,
    /// What the reports in it have in common.
    pub wait: Wait,
    /// How many there are.
    pub total: u64,
    /// The first of them, by deadline.
    pub first: Vec<Listed>,
}

/// What reports wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The next act in a state.
    In(State),
    /// A level whose turn it is.
    For(Level),
    /// The office, because the term of a formal reminder has run out.
    RunOut,
}

/// Reports of a group that the inbox itself shows; the rest is a link away.
const FIRST_MAX: i64 = 10;

/// Groups of waiting reports; groups without any are left out.
pub async fn groups(cx: &mut Cx<'_>) -> Result<Vec<Group>> {
    let (actor, scope) = (cx.actor()?.clone(), cx.form_scope()?);
    let now = cx.now();
    let mut groups = Vec::new();
    for (title, wait) in waiting_for(actor.role) {
        let page = PageRequest { offset: 0, limit: FIRST_MAX };
        let found = report::list(cx.tx(), &scope, &wait.filter(now), page).await?;
        if found.total > 0 {
            groups.push(Group { title, wait, total: found.total, first: found.rows });
        }
    }
    Ok(groups)
}

impl Wait {
    fn filter(self, now: Instant) -> Filter {
        match self {
            Wait::RunOut => Filter { run_out_at: Some(now), unreported: Some(true), ..Filter::default() },
            Wait::For(level) => Filter { awaits: Some(level), ..Filter::default() },
            // Unfinished reports count only while they may be worked on; what has been returned waits for ever.
            Wait::In(state) => {
                let is_unfinished = state.is_editable() && state != State::Returned;
                Filter { state: Some(state), open_at: is_unfinished.then_some(now), ..Filter::default() }
            }
        }
    }
}

fn waiting_for(role: Role) -> Vec<(String, Wait)> {
    let own: &[(&str, State)] = match role {
        Role::Statistician => &[
            ("退回待改", State::Returned),
            ("已签字,待上报", State::Authorised),
            ("审核通过,待签字", State::Checked),
            ("填报中,待签字", State::Draft),
            ("待填报", State::Empty),
        ],
        Role::UnitHead => &[
            ("待负责人签字", State::Signed),
            ("已签字,待上报", State::Authorised),
            ("退回待改,由统计人员修改", State::Returned),
        ],
        Role::TownshipOfficer => &[("退回未报", State::Returned), ("未填报", State::Empty), ("填报中", State::Draft)],
        Role::CountyOfficer => &[("退回未报", State::Returned)],
        Role::CityOfficer
        | Role::ProvinceOfficer
        | Role::Administrator
        | Role::SecurityAdministrator
        | Role::AuditAdministrator => &[],
    };
    let turn = role.level().map(|level| (format!("待{}验收", level.label()), Wait::For(level)));
    let run_out =
        matches!(role, Role::CountyOfficer | Role::CityOfficer).then(|| ("催报期满,仍未报送".to_owned(), Wait::RunOut));
    let own = own.iter().map(|(title, state)| ((*title).to_owned(), Wait::In(*state)));
    turn.into_iter().chain(run_out).chain(own).collect()
}

/// Something of one kind that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What is to be done.
    pub title: String,
    /// How many there are.
    pub number: u64,
}

/// Everything that waits by kind; kinds without anything are left out. Messages are news and not counted.
pub async fn tally(cx: &mut Cx<'_>) -> Result<Vec<Tally>> {
    let (actor, scope, now) = (cx.actor()?.clone(), cx.form_scope()?, cx.now());
    let number = |count: usize| u64::try_from(count).unwrap_or_default();
    let mut found = Vec::new();
    for (title, wait) in waiting_for(actor.role) {
        let number = report::count(cx.tx(), &scope, &wait.filter(now)).await?;
        found.push(Tally { title: format!("报表:{title}"), number });
    }
    for group in crate::query::waiting(cx, 0).await? {
        found.push(Tally { title: format!("查询:{}", group.title), number: group.total });
    }
    let counted = [
        ("更正申请", number(crate::correction::waiting(cx).await?.len())),
        ("数据质量评估", crate::assessment::waiting(cx, 0).await?.total),
        ("待交佐证材料", number(crate::check_list::owing(cx).await?.len())),
        ("核实清单", number(crate::check_list::due(cx).await?.len())),
        ("联审会", number(crate::joint_review::waiting(cx).await?.len())),
        ("待开网", number(crate::survey::waiting(cx).await?.len())),
        ("事项", youju_store::case::count_waiting(cx.tx(), &actor).await?),
        ("新入库辅导", crate::onboarding::waiting(cx, 0).await?.1),
        ("工作交接待签字", number(crate::handover::waiting(cx).await?.len())),
    ];
    found.extend(counted.map(|(title, number)| Tally { title: title.to_owned(), number }));
    found.retain(|one| one.number > 0);
    Ok(found)
}

/// How much waits, with the messages that were not read, for the badge on every page.
pub async fn count(cx: &mut Cx<'_>) -> Result<u64> {
    let waiting: u64 = tally(cx).await?.iter().map(|one| one.number).sum();
    Ok(waiting + crate::message::count_unread(cx).await?)
}
