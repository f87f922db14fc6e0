//! Clerical review 人工复核: one pair at a time, both records side by side with their evidence; who decided what and when stays, and what
//! follows is settled in the same transaction.

use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{RosterRunId, UnitId};
use youju_domain::register::Unit;
use youju_domain::roster::{
    Band, Choice, Coverage, Found, Pair, Roster, Row, Run, RunState, Sort, Verdict, answer, settle,
};
use youju_store::roster as store;
use youju_store::roster::pair::{self, Decision, Listed};

use super::{narrower, not_found, run};
use crate::context::Cx;
use crate::error::{Error, Result};

/// A pair with everything that somebody looks at to decide.
pub struct Pairing {
    /// Of which run.
    pub run: Run,
    /// Of which list; none for the register with itself.
    pub roster: Option<Roster>,
    /// The entry.
    pub listed: Listed,
    /// The unit of the register.
    pub unit: Option<Unit>,
    /// The other unit.
    pub other: Option<Unit>,
    /// The row of the list.
    pub row: Option<Row>,
    /// What was decided, the first one first.
    pub decisions: Vec<Decision>,
    /// How many pairs wait in the actor's area.
    pub waiting: u64,
    /// The next one behind this, if there is one.
    pub next: Option<i64>,
}

/// A run that is done.
async fn done(cx: &mut Cx<'_>, id: RosterRunId) -> Result<(Run, Option<Roster>)> {
    let (run, roster) = run(cx, id).await?;
    if run.state != RunState::Done {
        let reason = format!("比对{},还没有结果。", run.state.label());
        return Err(Problem::BadInput { reason }.into());
    }
    Ok((run, roster))
}

/// The most certain pair that waits in the actor's area, if one does.
pub async fn next(cx: &mut Cx<'_>, id: RosterRunId) -> Result<(Run, Option<i64>)> {
    let (run, _) = done(cx, id).await?;
    let area = narrower(&run.area, &cx.actor()?.area);
    let found = pair::next(cx.tx(), id, &area, None).await?;
    Ok((run, found))
}

async fn unit(cx: &mut Cx<'_>, id: Option<UnitId>) -> Result<Option<Unit>> {
    match id {
        Some(id) => Ok(youju_store::register::get(cx.tx(), id).await?),
        None => Ok(None),
    }
}

/// A pair for those in whose area it lies.
pub async fn get(cx: &mut Cx<'_>, id: RosterRunId, number: i64) -> Result<Pairing> {
    let (run, roster) = done(cx, id).await?;
    let listed = pair::get(cx.tx(), id, number).await?.ok_or_else(not_found)?;
    let (found, mine) = (&listed.found, narrower(&run.area, &cx.actor()?.area));
    cx.allow(Action::View, Object::Area(&found.area))?;
    let (one, two) = (unit(cx, found.pair.unit).await?, unit(cx, found.pair.other).await?);
    cx.looked_at(one.iter().map(|unit| unit.id));
    let row = match (&roster, found.pair.row) {
        (Some(roster), Some(row)) => store::rows(cx.tx(), roster.id, &[row]).await?.into_iter().next(),
        _ => None,
    };
    let decisions = pair::decisions(cx.tx(), id, number).await?;
    let counts = pair::counts(cx.tx(), id, &mine).await?;
    let waiting = counts.iter().find(|(verdict, _)| *verdict == Verdict::Review).map_or(0, |(_, count)| *count);
    let behind = pair::next(cx.tx(), id, &mine, Some((found.bits, number))).await?;
    let next = match behind {
        Some(next) => Some(next),
        // Those that were left are come back to at the end.
        None => pair::next(cx.tx(), id, &mine, None).await?.filter(|first| *first != number),
    };
    Ok(Pairing { run, roster, listed, unit: one, other: two, row, decisions, waiting, next })
}

/// Decides about a pair, or takes a decision back. Somebody who was overtaken is told.
pub async fn decide(
    cx: &mut Cx<'_>,
    id: RosterRunId,
    (number, revision): (i64, i64),
    choice: Choice,
) -> Result<Pairing> {
    let pairing = get(cx, id, number).await?;
    cx.allow(Action::Review, Object::Area(&pairing.listed.found.area))?;
    let by = (cx.actor()?.person, cx.now());
    let around = pair::around(cx.tx(), id, number).await?;
    answer(&around, number, choice).map_err(|reason| Error::Problem(Problem::BadInput { reason }))?;
    pair::decide(cx.tx(), (id, number, revision), choice, by).await?;
    stand_alone(cx, id, &pairing, &around).await?;
    let coverage = pairing.roster.as_ref().map_or(Coverage::Part, |roster| roster.coverage);
    let around = pair::around(cx.tx(), id, number).await?;
    for (number, verdict) in settle(&around, coverage) {
        if around.iter().any(|pair| pair.number == number && pair.verdict != verdict) {
            pair::follow(cx.tx(), id, number, verdict).await?;
        }
    }
    let payload = json!({ "number": number, "choice": choice.key() });
    cx.record("roster.decided", ("roster_run", id.to_string()), payload).await?;
    get(cx, id, number).await
}

/// Once a person decides about a pair, its row and its unit may stand alone: they get entries of their own, if they have none.
async fn stand_alone(cx: &mut Cx<'_>, id: RosterRunId, pairing: &Pairing, around: &[Pair]) -> Result<()> {
    let pair = &pairing.listed.found.pair;
    if pair.sort != Sort::Pair {
        return Ok(());
    }
    let is_whole = pairing.roster.as_ref().is_some_and(|roster| roster.coverage == Coverage::Whole);
    let has = |sort: Sort| around.iter().any(|other| other.sort == sort);
    let bare = Pair {
        number: pair::next_number(cx.tx(), id).await?,
        sort: Sort::Row,
        unit: None,
        other: None,
        row: None,
        band: Band::None,
        then: Verdict::Nothing,
        choice: None,
        verdict: Verdict::Waiting,
    };
    let mut found = Vec::new();
    let entry = |pair, area| Found { pair, area, bits: 0, differences: Vec::new(), evidence: Vec::new() };
    if let Some(row) = pairing.row.as_ref().filter(|_| !has(Sort::Row)) {
        let then = if row.taken.standing.is_gone() { Verdict::Nothing } else { Verdict::Enrol };
        found.push(entry(Pair { row: Some(row.number), then, ..bare.clone() }, row.area));
    }
    if let Some(unit) = pairing.unit.as_ref().filter(|_| is_whole && !has(Sort::Unit)) {
        let number = bare.number + i64::try_from(found.len()).unwrap_or_default();
        let alone = Pair { number, sort: Sort::Unit, unit: Some(unit.id), then: Verdict::Withdraw, ..bare };
        found.push(entry(alone, unit.area));
    }
    if !found.is_empty() {
        pair::add(cx.tx(), id, &found).await?;
    }
    Ok(())
}
