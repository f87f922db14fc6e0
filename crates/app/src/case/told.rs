//! What is told before a decision: contradictions, rounds of application, units of the register that look like the subject; and what the
//! register has to know before a step is taken.

use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::case::{self, Case, CaseType, FieldKind, InRound, Subject, SubjectKind, Values};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Unit};
use youju_store::case as store;
use youju_store::register;

use crate::context::Cx;
use crate::error::Result;
use crate::organisation::today;

/// A unit of the register that looks like the subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// It.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Its code.
    pub usci: String,
    /// How it is listed, in words.
    pub listing: &'static str,
    /// What is the same.
    pub same: Vec<&'static str>,
}

/// What is told before a decision.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// What contradicts, a sentence each.
    pub contradictions: Vec<String>,
    /// Rounds that the case belongs to or can still come to.
    pub rounds: Vec<InRound>,
    /// Units that look like the subject, as far as the actor may see them.
    pub alike: Vec<Alike>,
    /// How many others there are where the actor may not look.
    pub alike_elsewhere: usize,
    /// What the register says of the subject now.
    pub facts: Facts,
}

async fn unit(cx: &mut Cx<'_>, subject: &Subject) -> Result<Option<Unit>> {
    match subject.unit.filter(|_| subject.kind == SubjectKind::Unit) {
        Some(id) => Ok(register::get(cx.tx(), id).await?),
        None => Ok(None),
    }
}

/// What the register says of a subject.
pub(super) async fn facts(cx: &mut Cx<'_>, subject: &Subject) -> Result<Facts> {
    Ok(unit(cx, subject).await?.map(|unit| unit.facts()).unwrap_or_default())
}

/// What is told to whoever opens a case. What the register says is told as soon as the unit is known: chosen on the page before, or one's own.
pub(super) async fn before(cx: &mut Cx<'_>, kind: &CaseType, chosen: Option<&Subject>) -> Result<Told> {
    let rounds = case::rounds(kind, None, today(cx));
    let mut told = Told { rounds, ..Told::default() };
    if let Some(subject) = chosen.filter(|_| kind.looks_alike) {
        look_alike(cx, subject, &mut told).await?;
    }
    let own = match chosen {
        None if kind.subject == SubjectKind::Unit && cx.actor()?.unit.is_some() => {
            Some(super::subject::resolve(cx, kind.subject, "").await?)
        }
        _ => None,
    };
    if let Some(subject) = chosen.or(own.as_ref()) {
        told.facts = facts(cx, subject).await?;
    }
    Ok(told)
}

/// What is told about a case that runs.
pub(super) async fn about(cx: &mut Cx<'_>, kind: &CaseType, case: &Case) -> Result<Told> {
    if kind.state(case.state()).is_none_or(|state| state.is_end) {
        return Ok(Told::default());
    }
    let mut told = Told { rounds: case::rounds(kind, Some(case), today(cx)), ..Told::default() };
    told.facts = facts(cx, &case.subject).await?;
    told.contradictions = case::contradictions(kind, &case.values(), &told.facts);
    if kind.looks_alike {
        look_alike(cx, &case.subject, &mut told).await?;
    }
    Ok(told)
}

/// Units with the same name, body code, telephone or address. Units are not told of each other; offices are.
async fn look_alike(cx: &mut Cx<'_>, subject: &Subject, told: &mut Told) -> Result<()> {
    let actor = cx.actor()?.clone();
    let Some(unit) = unit(cx, subject).await?.filter(|_| actor.role.is_officer()) else { return Ok(()) };
    for other in register::alike(cx.tx(), &unit).await? {
        if !decide(&actor, Action::View, Object::Unit { id: other.id, area: &other.area }) {
            told.alike_elsewhere += 1;
            continue;
        }
        cx.looked_at([other.id]);
        let same_fact = |fact: Fact| unit.details.get(fact).is_some_and(|value| other.details.get(fact) == Some(value));
        let body = |unit: &Unit| unit.usci.as_str().get(8..17).map(str::to_owned);
        let same = [
            ("单位名称", unit.name == other.name),
            ("组织机构代码", body(&unit) == body(&other)),
            ("联系电话", same_fact(Fact::Phone)),
            ("详细地址", same_fact(Fact::Address)),
        ];
        told.alike.push(Alike {
            unit: other.id,
            usci: other.usci.to_string(),
            listing: other.listing.label(),
            same: same.into_iter().filter(|(_, is_same)| *is_same).map(|(word, _)| word).collect(),
            name: other.name,
        });
    }
    Ok(())
}

/// Refuses a second case of a type about a subject where one runs. Two offices that open one at once wait for each other at the unit.
pub(super) async fn must_be_single(cx: &mut Cx<'_>, kind: &CaseType, subject: &Subject) -> Result<()> {
    if !kind.is_single {
        return Ok(());
    }
    if let Some(unit) = subject.unit {
        register::hold(cx.tx(), unit).await?;
    }
    if store::running(cx.tx(), &kind.key, &subject.id).await?.is_none() {
        return Ok(());
    }
    let reason = format!("“{}”已有正在办理的“{}”,请在“事项”中找到它继续办理。", subject.name, kind.name);
    Err(Problem::BadInput { reason }.into())
}

/// Refuses units that the register does not know.
pub(super) async fn must_be_known(cx: &mut Cx<'_>, kind: &CaseType, typed: &Values) -> Result<()> {
    for field in kind.fields.iter().filter(|field| field.kind == FieldKind::Unit) {
        let Some(typed) = typed.get(&field.key).filter(|typed| !typed.trim().is_empty()) else { continue };
        let usci = youju_codes::Usci::parse(typed).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
        if register::by_usci(cx.tx(), usci).await?.is_none() {
            return Err(Problem::NotInRegister { usci: usci.to_string() }.into());
        }
    }
    Ok(())
}
