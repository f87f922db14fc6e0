//! Projects 投资项目: entered when a case is decided, looked at by unit, and let go.

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::{ProjectId, UnitId};
use youju_domain::project::Project;
use youju_domain::register::Unit;
use youju_domain::sponsorship::{Tier, What};
use youju_store::{StoreError, project as store, register};

use crate::case::effect::{Done, Pending};
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::{register as room, sponsorship};

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "投资项目" })
}

/// A project with the tier on which somebody has to answer for it, where the jurisdiction orders one.
#[derive(Debug, Clone)]
pub struct Entered {
    /// It.
    pub project: Project,
    /// The tier.
    pub tier: Option<Tier>,
}

/// The projects of a unit, for its own people and the officers of its area; whether the actor may let them go.
pub async fn of_unit(cx: &mut Cx<'_>, id: UnitId) -> Result<(Unit, Vec<Entered>, bool)> {
    let unit = room::get(cx, id).await?;
    let tiers = sponsorship::tiers(cx, &unit.area).to_vec();
    let tier_of = |project: &Project| {
        tiers.iter().find(|tier| tier.what == What::Project && tier.has_amount(project.planned)).cloned()
    };
    let found = store::of_unit(cx.tx(), id).await?;
    let entered = found.into_iter().map(|project| Entered { tier: tier_of(&project), project }).collect();
    let may_write = decide(cx.actor()?, Action::Arrange, Object::Unit { id, area: &unit.area });
    Ok((unit, entered, may_write))
}

/// `project.enter`: the project that the case says is in the register from its day on.
pub(crate) fn enter<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(async move {
        let unit = done.case.subject.unit.ok_or_else(not_found)?;
        let id: ProjectId = cx.new_id();
        let project = Project::of_case(id, (unit, done.case.id), &done.case.values())?;
        room::must_be_listed(&project.area, project.industry)?;
        match store::add(cx.tx(), &project).await {
            Err(StoreError::Constraint(name)) if name.starts_with("project_") => {
                let reason = format!("项目“{}”(代码 {})已经入库,不能再入一次。", project.name, project.code);
                return Err(Problem::BadInput { reason }.into());
            }
            other => other?,
        }
        let payload = json!({
            "unit": unit, "case": done.case.id, "code": project.code, "name": project.name, "kind": project.kind.key(),
            "planned": project.planned, "entered_on": project.entered_on,
        });
        cx.record("project.entered", ("project", id.to_string()), payload).await
    })
}

/// A project is in the register no more. What it reported stays.
pub async fn leave(cx: &mut Cx<'_>, id: ProjectId, on: NaiveDate, why: &str) -> Result<UnitId> {
    let project = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let unit = register::get(cx.tx(), project.unit).await?.ok_or_else(not_found)?;
    let object = Object::Unit { id: unit.id, area: &unit.area };
    cx.allow(Action::View, object).map_err(|_| not_found())?;
    cx.allow(Action::Arrange, object)?;
    let left = project.leave(on, why)?;
    store::leave(cx.tx(), &left).await?;
    let payload = json!({ "unit": unit.id, "name": left.name, "on": on, "why": why.trim() });
    cx.record("project.left", ("project", id.to_string()), payload).await?;
    Ok(unit.id)
}
