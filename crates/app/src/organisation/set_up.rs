//! Setting up the organisations of a jurisdiction from its profile: a dry run that says what would be written, then one transaction.
//! Run again, it changes nothing; what was decided here by a document is never overwritten.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::OrganisationId;
use youju_domain::organisation::{
    self, Event, Ground, Happened, Kind, Organisation, Part, Planned, Planning, Renaming, Step, plan, planned_span,
};
use youju_profile::Profile;
use youju_store::organisation as store;

use super::{apply, record, today};
use crate::context::Cx;
use crate::error::{Error, Result};

/// What setting up would do.
pub struct DryRun {
    /// The profile's id.
    pub profile: Profile,
    /// From which day changes would hold.
    pub on: NaiveDate,
    /// Line by line.
    pub lines: Vec<Planning>,
}

impl DryRun {
    /// How many lines would be written.
    pub fn to_do(&self) -> usize {
        self.lines.iter().filter(|line| line.step.is_done()).count()
    }

    /// How many lines there are of a step.
    pub fn count(&self, step: Step) -> usize {
        self.lines.iter().filter(|line| line.step == step).count()
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUp {
    /// New organisations.
    pub begun: usize,
    /// Organisations that go on otherwise.
    pub changed: usize,
}

fn place(profile: &Profile) -> Object<'_> {
    let answers_to = Kind::Government.answers_to(&profile.area);
    Object::Organisation { area: &profile.area, unit: None, answers_to }
}

/// The profiles that the actor may set up: those of the own area and of areas within it.
pub fn profiles<'a>(cx: &Cx<'a>) -> Result<Vec<&'a Profile>> {
    let actor = cx.actor()?;
    let all = cx.app().profiles().iter();
    Ok(all.filter(|profile| decide(actor, Action::Arrange, place(profile))).collect())
}

fn profile<'a>(cx: &Cx<'a>, id: &str) -> Result<&'a Profile> {
    let found = cx.app().profiles().iter().find(|profile| profile.id == id);
    let profile = found.ok_or(Error::Problem(Problem::NotFound { what: "地方配置" }))?;
    cx.allow(Action::Arrange, place(profile))?;
    Ok(profile)
}

/// What setting up a profile would do now.
pub async fn dry_run(cx: &mut Cx<'_>, id: &str) -> Result<DryRun> {
    let profile = profile(cx, id)?;
    let here = store::of_profile(cx.tx(), &profile.id, &profile.area).await?;
    let on = today(cx);
    Ok(DryRun { profile: profile.clone(), on, lines: plan(&here, &profile.planned(), on) })
}

/// Sets up a profile, whole or not at all: as many lines as the dry run has shown.
pub async fn set_up(cx: &mut Cx<'_>, id: &str, shown: usize) -> Result<SetUp> {
    let run = dry_run(cx, id).await?;
    if run.to_do() != shown {
        // Somebody has changed organisations since the look.
        return Err(Problem::Conflict.into());
    }
    let here = store::of_profile(cx.tx(), &run.profile.id, &run.profile.area).await?;
    let mut ids: BTreeMap<String, OrganisationId> = BTreeMap::new();
    for one in &here {
        ids.extend(one.planned.as_ref().map(|planned| (planned.key.clone(), one.id)));
    }
    let document = run.profile.leading().map(|document| format!("{}{}", document.title, document.number));
    let document = document.unwrap_or_default();
    let mut done = SetUp { begun: 0, changed: 0 };
    let mut begun = Vec::new();
    for line in run.lines.iter().filter(|line| line.step.is_done()) {
        let Some(planned) = &line.planned else { continue };
        let parent = planned.parent.as_ref().and_then(|key| ids.get(key)).copied();
        let known = line.organisation.and_then(|id| here.iter().find(|one| one.id == id));
        match (line.step, known) {
            (Step::New, _) => {
                let part = begin(cx, planned, parent).await?;
                ids.insert(planned.key.clone(), part.organisation);
                begun.push(part);
                done.begun += 1;
            }
            (_, Some(known)) => {
                ids.insert(planned.key.clone(), known.id);
                if line.step == Step::Changed {
                    change(cx, (known, planned), parent, (&document, run.on)).await?;
                }
                remember(cx, known.id, planned).await?;
                done.changed += 1;
            }
            (_, None) => {}
        }
    }
    if !begun.is_empty() {
        tell(cx, begun, document, run.profile.since).await?;
    }
    let payload = json!({ "profile": run.profile.id, "begun": done.begun, "changed": done.changed });
    cx.record("organisation.profile_set_up", ("profile", run.profile.id), payload).await?;
    Ok(done)
}

async fn begin(cx: &mut Cx<'_>, planned: &Planned, parent: Option<OrganisationId>) -> Result<Part> {
    let organisation = Organisation {
        id: cx.new_id(),
        unit: None,
        planned: Some(planned.clone()),
        spans: vec![planned_span(planned, parent, planned.since)],
        revision: 0,
    };
    super::must_be_free(cx, planned.code, None).await?;
    store::add(cx.tx(), &organisation).await?;
    Ok(Part { organisation: organisation.id, name: planned.name.clone(), code: planned.code })
}

/// One event for everything that begins.
async fn tell(cx: &mut Cx<'_>, begun: Vec<Part>, document: String, on: NaiveDate) -> Result<()> {
    let actor = cx.actor()?.clone();
    let event = Event {
        id: cx.new_id(),
        happened: Happened::SetUp,
        on,
        document,
        reason: String::new(),
        from: Vec::new(),
        into: begun,
        by: Some(actor.person),
        by_name: actor.name,
        at: cx.now(),
    };
    store::add_event(cx.tx(), &event).await?;
    record(cx, &event, 0).await
}

/// What the profile has changed since the last time. A new parent alone is no new name: it is told as one with the same names.
async fn change(
    cx: &mut Cx<'_>,
    (known, planned): (&Organisation, &Planned),
    parent: Option<OrganisationId>,
    (document, on): (&str, NaiveDate),
) -> Result<()> {
    super::must_be_free(cx, planned.code, Some(known.id)).await?;
    let last = known.going_on()?.clone();
    let ground = Ground { on, document: document.to_owned(), reason: "按地方配置变更".to_owned() };
    if last.parent == parent {
        let area: Vec<_> = last.code.into_iter().collect();
        let followers = store::followers(cx.tx(), &[known.id], &area).await?;
        let to = Renaming { kind: planned.kind, name: planned.name.clone(), code: planned.code };
        apply(cx, organisation::rename(known, &to, None, &followers, (ground, on))?).await?;
        return Ok(());
    }
    let next = planned_span(planned, parent, on);
    let part = |span: &organisation::Span| Part { organisation: known.id, name: span.name.clone(), code: span.code };
    let act = organisation::Act {
        begun: Vec::new(),
        done: organisation::Done {
            happened: Happened::Renamed,
            ground,
            from: vec![part(&last)],
            into: vec![part(&next)],
        },
        changed: vec![known.goes_on(on, Some(next))?],
    };
    apply(cx, act).await.map(drop)
}

/// What the profile says now is what the next set-up compares with.
async fn remember(cx: &mut Cx<'_>, id: OrganisationId, planned: &Planned) -> Result<()> {
    let found = store::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "机构" }))?;
    Ok(store::put(cx.tx(), &Organisation { planned: Some(planned.clone()), ..found }).await?)
}
