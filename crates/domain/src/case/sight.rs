//! How much of a case somebody sees: all of it, or what its type tells them 告知. A unit learns what came of a visit, and not what officers wrote
//! to each other about it.

use serde::{Deserialize, Serialize};

use super::check::{Flaw, Spot, people, tell};
use super::kind::{Act, CaseType};
use super::party::{Height, Who};
use super::value::Values;
use super::{Case, Step};
use crate::access::Actor;

/// Telling 告知: people who see a few fields of a case while it is in some states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Who is told.
    pub who: Vec<Who>,
    /// The states in which they may look.
    pub states: Vec<String>,
    /// The fields that they see.
    pub shows: Vec<String>,
}

impl Case {
    /// What is told in its present state.
    pub(super) fn tellings<'t>(&self, kind: &'t CaseType) -> impl Iterator<Item = &'t Telling> + use<'t, '_> {
        kind.told.iter().filter(|one| one.states.iter().any(|state| state == self.state()))
    }

    /// The case as an actor who may look at it sees it, with what stands in its fields. Whoever is only told sees the fields of the telling, what
    /// they did themselves, and of the steps of others when somebody was on the spot and when it came into a state that is told: no words,
    /// no materials.
    pub fn shown_to(&self, kind: &CaseType, actor: &Actor) -> (Case, Values) {
        if self.reach(kind).is_whole_to(actor) {
            return (self.clone(), self.values());
        }
        let place = self.place();
        let is_for = |one: &&Telling| {
            let mut parties = one.who.iter().flat_map(|who| who.parties(&place));
            parties.any(|party| party.includes(actor, &self.subject.area))
        };
        let told: Vec<&Telling> = self.tellings(kind).filter(is_for).collect();
        let is_shown = |key: &String| told.iter().any(|one| one.shows.contains(key));
        let is_state_told = |state: &String| told.iter().any(|one| one.states.contains(state));
        let (mut steps, mut before) = (Vec::new(), "");
        for step in &self.steps {
            let is_onsite = kind.act(&step.act).is_some_and(|act| act.is_onsite);
            let is_arrival = step.to != before && is_state_told(&step.to);
            before = &step.to;
            if step.by == actor.person {
                steps.push(step.clone());
            } else if is_onsite || is_arrival {
                let values = step.values.clone().into_iter().filter(|(key, _)| is_shown(key)).collect();
                steps.push(Step { values, ..bare(step) });
            }
        }
        let values = self.values().into_iter().filter(|(key, _)| is_shown(key)).collect();
        (Case { steps, ..self.clone() }, values)
    }
}

/// What was done, by whom and when, without a word of it.
fn bare(step: &Step) -> Step {
    Step {
        reason: String::new(),
        values: Values::new(),
        materials: Vec::new(),
        sending: None,
        device: None,
        ..step.clone()
    }
}

/// What is told must be there to be told, say more than nothing, and hold whatever those who are told have to fill in.
pub(super) fn flaws(kind: &CaseType, found: &mut Vec<Flaw>) {
    let at = Spot::Type;
    for one in &kind.told {
        people(kind, &one.who, &at, found);
        if one.who.is_empty() || one.states.is_empty() || one.shows.is_empty() {
            tell(found, &at, "告知([[told]])应写明告知谁(who)、在哪些状态(in)、看到哪些栏目(shows)。请补上。");
        }
        for who in one.who.iter().filter(|who| **who == Who::Applicant || kind.readers.contains(who)) {
            tell(found, &at, format!("“{who}”能查看整个事项,不用告知([[told]])。请删去其中一处。"));
        }
        for state in one.states.iter().filter(|state| kind.state(state).is_none()) {
            tell(found, &at, format!("没有状态“{state}”(告知的 in)。请核对写法。"));
        }
        for field in one.shows.iter().filter(|field| kind.field(field).is_none()) {
            tell(found, &at, format!("没有栏目“{field}”(告知的 shows)。请核对写法。"));
        }
        if let Some(title) = kind.title.as_ref().filter(|title| !one.shows.contains(title)) {
            tell(found, &at, format!("标题栏目“{title}”在列表中总能看到,应写入告知的 shows。"));
        }
        for act in one.states.iter().flat_map(|state| kind.acts_from(state)) {
            own_form(act, one, found);
        }
    }
}

/// True when somebody may belong to both.
fn meet(one: Who, other: Who) -> bool {
    match (one, other) {
        (Who::Unit(one), Who::Unit(other)) => one.is_none() || other.is_none() || one == other,
        (Who::Officer(Height::Of(one)), Who::Officer(Height::Of(other))) => one == other,
        (Who::Officer(_), Who::Officer(_)) => true,
        _ => one == other,
    }
}

/// Whoever fills in a form sees its fields.
fn own_form(act: &Act, one: &Telling, found: &mut Vec<Flaw>) {
    if !act.hands().any(|hand| one.who.iter().any(|who| meet(hand, *who))) {
        return;
    }
    let demand = &act.demand;
    let mut fields = demand.owes.iter().chain(&demand.asks).chain(&demand.one_of);
    if let Some(field) = fields.find(|field| !one.shows.contains(field)) {
        let says = format!("被告知的人办理“{}”时填写“{field}”,应写入告知的 shows。", act.key);
        tell(found, &Spot::Type, says);
    }
}
