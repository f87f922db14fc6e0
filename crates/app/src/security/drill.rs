//! Drills 应急演练: the plan in its versions, drills, and what is to be done about what they found.

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{DrillId, IssueId, PlanId};
use youju_domain::security::drill::{Drill, Issue, KeptFile, Plan, Source};
use youju_store::{StoreError, drill as store};

use super::{hand, may_look};
use crate::attachment::{Fetched, Looked};
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::organisation::today;
use crate::secrets;

/// Files of one form.
const FILES_MAX: usize = 1;

/// Everything about drills.
pub struct Drills {
    /// Versions of the plan, the latest first.
    pub plans: Vec<Plan>,
    /// Drills, the latest first.
    pub drills: Vec<Drill>,
    /// Issues of all sources, open ones first.
    pub issues: Vec<Issue>,
    /// Today.
    pub today: NaiveDate,
}

/// Everything about drills.
pub async fn list(cx: &mut Cx<'_>) -> Result<Drills> {
    may_look(cx)?;
    Ok(Drills {
        plans: store::plans(cx.tx()).await?,
        drills: store::drills(cx.tx()).await?,
        issues: store::issues(cx.tx()).await?,
        today: today(cx),
    })
}

fn not_found(what: &'static str) -> Error {
    Error::Problem(Problem::NotFound { what })
}

/// What stands in the form of a plan.
#[derive(Debug, Clone)]
pub struct TypedPlan {
    /// What it is called.
    pub title: String,
    /// Its words.
    pub body: String,
    /// From which day on it counts; today where nothing is typed.
    pub in_force: Option<NaiveDate>,
    /// What is new and why.
    pub change: String,
    /// The drill whose findings it answers.
    pub after: Option<DrillId>,
}

/// A further version of the plan.
pub async fn add_plan(cx: &mut Cx<'_>, typed: TypedPlan, looked: Looked) -> Result<PlanId> {
    cx.allow(Action::Secure, Object::System)?;
    let file = kept(cx, looked).await?;
    if let Some(after) = typed.after {
        store::drill(cx.tx(), after).await?.ok_or_else(|| not_found("演练"))?;
    }
    let number = store::plans(cx.tx()).await?.first().map_or(1, |plan| plan.number + 1);
    let plan = Plan {
        id: cx.new_id(),
        number,
        title: typed.title,
        body: typed.body,
        file,
        in_force: typed.in_force.unwrap_or_else(|| today(cx)),
        change: typed.change,
        after: typed.after,
        by: hand(cx)?,
    };
    let plan = plan.checked()?;
    match store::add_plan(cx.tx(), &plan).await {
        // Two at once: one of them has not seen the other's version.
        Err(StoreError::Constraint(name)) if name == "emergency_plan_number_key" => {
            return Err(Problem::Conflict.into());
        }
        other => other?,
    }
    let said = json!({
        "number": plan.number, "title": plan.title, "change": plan.change, "after": plan.after,
        "file_hash": plan.file.as_ref().map(|file| &file.hash),
    });
    cx.record("security.plan_added", ("plan", plan.id.to_string()), said).await?;
    Ok(plan.id)
}

/// What stands in the form of a drill.
#[derive(Debug, Clone)]
pub struct TypedDrill {
    /// When it was held.
    pub held_on: NaiveDate,
    /// What was played.
    pub scenario: String,
    /// Who took part.
    pub people: String,
    /// What was found.
    pub finding: String,
}

/// Enters a drill that was held, by the version of the plan that is the latest.
pub async fn add(cx: &mut Cx<'_>, typed: TypedDrill, looked: Looked) -> Result<DrillId> {
    cx.allow(Action::Secure, Object::System)?;
    let plan = store::plans(cx.tx()).await?.into_iter().next();
    let plan = plan.ok_or_else(|| {
        Error::Problem(Problem::BadInput {
            reason: "还没有应急预案。请先登记预案,再登记按它进行的演练。".into()
        })
    })?;
    let drill = Drill {
        id: cx.new_id(),
        held_on: typed.held_on,
        plan: plan.id,
        scenario: typed.scenario,
        people: typed.people,
        finding: typed.finding,
        file: kept(cx, looked).await?,
        unchanged: String::new(),
        by: hand(cx)?,
        revision: 0,
    };
    let drill = drill.checked(today(cx))?;
    keep(cx, "security.drill_added", &drill).await?;
    Ok(drill.id)
}

async fn keep(cx: &mut Cx<'_>, act: &str, drill: &Drill) -> Result<()> {
    store::put(cx.tx(), drill).await?;
    let said = json!({
        "held_on": drill.held_on, "scenario": drill.scenario, "unchanged": drill.unchanged,
        "file_hash": drill.file.as_ref().map(|file| &file.hash),
    });
    cx.record(act, ("drill", drill.id.to_string()), said).await
}

/// Says why the plan stays as it is after a drill.
pub async fn leave_plan(cx: &mut Cx<'_>, id: DrillId, reason: &str) -> Result<()> {
    cx.allow(Action::Secure, Object::System)?;
    let drill = store::drill(cx.tx(), id).await?.ok_or_else(|| not_found("演练"))?;
    if store::plans(cx.tx()).await?.iter().any(|plan| plan.after == Some(id)) {
        let reason = "预案已经根据这次演练修订过。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    keep(cx, "security.plan_left", &drill.leave_plan(reason)?).await
}

/// What stands in the form of an issue.
#[derive(Debug, Clone)]
pub struct TypedIssue {
    /// What has to be done.
    pub words: String,
    /// Who does it.
    pub owner: String,
    /// By which day.
    pub due_on: Option<NaiveDate>,
}

/// Enters what has to be done after a drill.
pub async fn add_issue(cx: &mut Cx<'_>, drill: DrillId, typed: TypedIssue) -> Result<IssueId> {
    cx.allow(Action::Secure, Object::System)?;
    store::drill(cx.tx(), drill).await?.ok_or_else(|| not_found("演练"))?;
    let issue = Issue {
        id: cx.new_id(),
        source: Source::Drill(drill),
        requirement: String::new(),
        words: typed.words,
        owner: typed.owner,
        due_on: typed.due_on,
        done: None,
        revision: 0,
    };
    let issue = issue.checked()?;
    keep_issue(cx, "security.issue_added", &issue).await?;
    Ok(issue.id)
}

pub(super) async fn keep_issue(cx: &mut Cx<'_>, act: &str, issue: &Issue) -> Result<()> {
    store::put_issue(cx.tx(), issue).await?;
    let said = json!({
        "requirement": issue.requirement, "words": issue.words, "owner": issue.owner, "due_on": issue.due_on,
        "done": issue.done.as_ref().map(|(words, _)| words),
    });
    cx.record(act, ("issue", issue.id.to_string()), said).await
}

/// Strikes an issue off, with what was done.
pub async fn strike_off(cx: &mut Cx<'_>, id: IssueId, done: &str) -> Result<Issue> {
    cx.allow(Action::Secure, Object::System)?;
    let issue = store::issue(cx.tx(), id).await?.ok_or_else(|| not_found("问题"))?;
    let issue = issue.strike_off(done, hand(cx)?)?;
    keep_issue(cx, "security.issue_struck_off", &issue).await?;
    Ok(issue)
}

/// Keeps the file of a form, if there is one.
async fn kept(cx: &mut Cx<'_>, looked: Looked) -> Result<Option<KeptFile>> {
    let reasons: Vec<String> = looked.refused.iter().map(|one| format!("“{}”:{}", one.name, one.reason)).collect();
    if !reasons.is_empty() {
        return Err(Problem::BadFile { reasons }.into());
    }
    if looked.good.len() > FILES_MAX {
        return Err(Problem::BadInput { reason: "这里只能上传一个文件,多个文件请先合并。".into() }.into());
    }
    let Some(evidence) = looked.good.into_iter().next() else { return Ok(None) };
    let (file, kind) = evidence.into_parts();
    let kept = KeptFile { name: file.name.clone(), hash: file.hash.clone() };
    secrets::keep_file(cx, &file.hash, kind, file.content).await?;
    Ok(Some(kept))
}

/// A file of a plan or a drill, by its fingerprint. The journal says who fetched it.
pub async fn fetch(cx: &mut Cx<'_>, hash: &str) -> Result<Fetched> {
    let all = list(cx).await?;
    let files = all.plans.iter().filter_map(|plan| plan.file.as_ref());
    let files = files.chain(all.drills.iter().filter_map(|drill| drill.file.as_ref()));
    let file = files.into_iter().find(|file| file.hash == hash).cloned().ok_or_else(|| not_found("文件"))?;
    let blob = secrets::file(cx, &file.hash).await?.ok_or_else(|| not_found("文件"))?;
    cx.record("security.file_viewed", ("file", file.hash.clone()), json!({ "name": file.name })).await?;
    Ok(Fetched { name: file.name, kind: blob.kind, content: blob.content })
}
