//! The two decisions of a case: it is opened, and somebody does something in it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::kind::{Act, CaseType, Demand, Least, OPEN, Reason, Signatory, Sort, SubjectKind};
use super::onsite::{self, Device, Shot};
use super::party::{Opener, Place};
use super::value::{Values, written};
use super::weigh::contradictions;
use super::{Case, Material, Step, Subject};
use crate::Instant;
use crate::access::Actor;
use crate::attachment::FILES_MAX;
use crate::id::CaseId;
use crate::problem::Problem;
use crate::register::{Facts, Listing};

/// Fewest and most characters of a reason.
pub const REASON_CHARS: (usize, usize) = (4, 1_000);
/// Steps that may be done in one state one after the other without leaving it: whoever has more to say writes a document.
pub const STEPS_AT_REST_MAX: usize = 200;

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Command {
    /// Key of the act; not looked at when a case is opened.
    pub act: String,
    /// In words.
    pub reason: String,
    /// What was typed, by field.
    pub values: Values,
    /// What was added.
    pub materials: Vec<Material>,
    /// What the device said of photographs, by kind and in the order of the files; whoever reads the files puts it to them.
    pub shots: BTreeMap<String, Vec<Shot>>,
    /// The key of the sending, made by the device.
    pub sending: Option<String>,
    /// The clock of the device.
    pub device: Option<Device>,
    /// What the register says of the subject; whoever reads the register puts it here.
    pub facts: Facts,
    /// The revision that the page showed.
    pub revision: i64,
}

/// What a new case is given from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct New<'a> {
    /// Id of the case.
    pub id: CaseId,
    /// Fingerprint of the type.
    pub type_hash: &'a str,
}

/// When something is done: the instant, and the day that it is where the office is.
pub type Moment = (Instant, NaiveDate);

/// A case after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The case; the step is its last.
    pub case: Case,
    /// Names of what else has to happen now; none while signatures are missing.
    pub effects: Vec<String>,
}

/// An act that the actor's party may do in the present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'t> {
    /// The act.
    pub act: &'t Act,
    /// As which signatory.
    pub signatory: Option<&'t Signatory>,
    /// Why this person may not.
    pub bar: Option<String>,
}

fn bad<T>(reason: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::BadInput { reason: reason.into() })
}

/// Opens a case. Refused where somebody would have to act whom the area does not have: no case begins that cannot end.
pub fn open(
    kind: &CaseType,
    new: New<'_>,
    subject: Subject,
    actor: &Actor,
    command: Command,
    (now, today): Moment,
) -> Result<Case, Problem> {
    if subject.kind != kind.subject {
        return bad(format!("“{}”的办理对象应为{}。", kind.name, kind.subject.label()));
    }
    if !kind.only.is_empty() && !kind.only.contains(&subject.sort) {
        return bad(match Listing::from_key(&subject.sort).filter(|_| subject.kind == SubjectKind::Unit) {
            Some(listing) => format!("“{}”的纳入情况是“{}”,不能办理“{}”。", subject.name, listing.label(), kind.name),
            None => format!("“{}”不是“{}”的办理对象。", subject.name, kind.name),
        });
    }
    let opener = Opener::from(actor);
    let place = Place { area: &subject.area, unit: subject.unit, opener: &opener };
    let may = kind.open.who.iter().flat_map(|who| who.parties(&place)).any(|party| party.includes(actor, place.area));
    if !may {
        return Err(Problem::Forbidden);
    }
    let lonely =
        kind.states.iter().find(|state| !state.is_end && state.owner.iter().all(|who| who.parties(&place).is_empty()));
    if let Some(state) = lonely {
        let owners: Vec<String> = state.owner.iter().map(|who| who.label()).collect();
        return bad(format!("“{}”应由{}办理,这里没有,不能在本平台办理。", state.label, owners.join("、")));
    }
    let mut case =
        Case { id: new.id, type_hash: new.type_hash.to_owned(), subject, opener, steps: Vec::new(), revision: 0 };
    let command = Command { act: OPEN.to_owned(), ..command };
    let step = step(kind, &case, (&kind.open.demand, false), actor, command, (now, today))?;
    case.steps.push(Step { to: kind.open.state.clone(), ..step });
    Ok(case)
}

/// Does something in a case, or says why not. A refusal changes nothing.
pub fn take(
    kind: &CaseType,
    case: &Case,
    actor: &Actor,
    command: Command,
    (now, today): Moment,
) -> Result<Taken, Problem> {
    let state = case.state();
    let label = kind.state(state).map_or(state, |state| state.label.as_str());
    let Some(act) = kind.act(&command.act) else { return bad("没有这个办理动作。") };
    if command.revision != case.revision {
        return Err(Problem::Conflict);
    }
    if !act.from.iter().any(|from| from == state) {
        return bad(format!("这个事项现在是“{label}”,不能办理“{}”。", act.label));
    }
    let Some(offer) = offers(kind, case, actor).into_iter().find(|offer| offer.act.key == act.key) else {
        return Err(Problem::Forbidden);
    };
    if let Some(reason) = offer.bar {
        return bad(reason);
    }
    let to = act.leads_to(state).to_owned();
    let resting = case.steps.iter().rev().take_while(|step| step.to == state).count();
    if to == state && act.signatories.is_empty() && resting > STEPS_AT_REST_MAX {
        return bad(format!("在“{label}”中最多办理 {STEPS_AT_REST_MAX} 次。请办理下一步。"));
    }
    let step = step(kind, case, (&act.demand, act.is_onsite), actor, command, (now, today))?;
    let is_complete = act.signatories.is_empty() || case.unsigned(act).len() == 1;
    let step = Step {
        to: if is_complete { to } else { state.to_owned() },
        signed_as: offer.signatory.map(|one| one.key.clone()),
        ..step
    };
    let mut after = case.clone();
    after.steps.push(step);
    Ok(Taken { case: after, effects: if is_complete { act.effects.clone() } else { Vec::new() } })
}

/// What the actor's parties may do now, in the order of the type; what this person is barred from says why.
pub fn offers<'t>(kind: &'t CaseType, case: &Case, actor: &Actor) -> Vec<Offer<'t>> {
    let place = case.place();
    let is_among = |who: &[super::Who]| {
        who.iter().flat_map(|who| who.parties(&place)).any(|party| party.includes(actor, place.area))
    };
    let offer = |act: &'t Act| {
        let signatory = case.unsigned(act).into_iter().find(|one| is_among(&one.who));
        let signed = !act.signatories.is_empty() && act.signatories.iter().any(|one| is_among(&one.who));
        let bar = case.bar(kind, act, actor.person);
        // Whoever has signed already is told so, instead of finding no button.
        let is_offered = is_among(&act.who) || signatory.is_some() || (signed && bar.is_some());
        is_offered.then_some(Offer { act, signatory, bar })
    };
    kind.acts_from(case.state()).filter_map(offer).collect()
}

fn step(
    kind: &CaseType,
    case: &Case,
    (demand, is_onsite): (&Demand, bool),
    actor: &Actor,
    command: Command,
    (now, today): Moment,
) -> Result<Step, Problem> {
    let reason = reason(demand.reason, &command.reason)?;
    let values = written(kind, demand, &command.values, &case.values())?;
    let mut after = case.values();
    after.extend(values.clone());
    materials(kind, case, (demand, is_onsite), (&command.materials, &after))?;
    answered(kind, demand, (&after, &command.facts), &reason)?;
    onsite::placed(kind, &command.materials)?;
    Ok(Step {
        act: command.act,
        signed_as: None,
        to: String::new(),
        by: actor.person,
        name: actor.name.clone(),
        role: actor.role,
        at: now,
        on: today,
        reason,
        values,
        materials: command.materials,
        sending: onsite::sending(command.sending)?,
        device: command.device,
    })
}

fn reason(wanted: Reason, said: &str) -> Result<String, Problem> {
    let said = said.trim().replace("\r\n", "\n");
    let (least, most) = REASON_CHARS;
    let count = said.chars().count();
    match wanted {
        Reason::No => Ok(String::new()),
        Reason::May if count <= most => Ok(said),
        Reason::Must if (least..=most).contains(&count) => Ok(said),
        Reason::May => bad(format!("意见最多 {most} 个字,现为 {count} 个字。")),
        Reason::Must => bad(format!("请写明意见或原因,{least} 到 {most} 个字,现为 {count} 个字。")),
    }
}

/// Refuses to go on past contradictions without a word about them.
fn answered(kind: &CaseType, demand: &Demand, (values, facts): (&Values, &Facts), reason: &str) -> Result<(), Problem> {
    let told = if demand.weighs { contradictions(kind, values, facts) } else { Vec::new() };
    if told.is_empty() || reason.chars().count() >= REASON_CHARS.0 {
        return Ok(());
    }
    bad(format!("有 {} 处矛盾或提示,请在意见中说明理由再办理:{}", told.len(), told.concat()))
}

/// Refuses materials that the act does not ask for, and too few or too many of them. What shows how it is on the spot is owed anew each
/// time: a photograph of the last visit proves nothing about this one.
fn materials(
    kind: &CaseType,
    case: &Case,
    (demand, is_onsite): (&Demand, bool),
    (added, values): (&[Material], &Values),
) -> Result<(), Problem> {
    if added.len() > FILES_MAX {
        return bad(format!("一次最多 {FILES_MAX} 个文件,现为 {} 个。", added.len()));
    }
    let label = |key: &str| kind.material(key).map_or_else(|| key.to_owned(), |kind| kind.label.clone());
    if let Some(stranger) = added.iter().find(|one| demand.evidence.iter().all(|asked| asked.kind != one.kind)) {
        return bad(format!("这一步不交“{}”。", label(&stranger.kind)));
    }
    let is_asked = |asked: &&Least| kind.material(&asked.kind).is_none_or(|material| material.is_for(values));
    for asked in demand.evidence.iter().filter(is_asked) {
        let is_fresh = is_onsite && kind.material(&asked.kind).is_some_and(|material| material.sort != Sort::File);
        let earlier = case.materials().filter(|_| !is_fresh);
        let there = earlier.chain(added).filter(|one| one.kind == asked.kind).count();
        let least = usize::try_from(asked.least).unwrap_or(usize::MAX);
        if there < least {
            return bad(format!("“{}”至少 {least} 份,现为 {there} 份。请上传。", label(&asked.kind)));
        }
    }
    Ok(())
}
