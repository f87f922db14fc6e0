//! Register 名录库: units, looked at and enrolled.

use serde_json::json;
use youju_codes::{AreaCode, AreaLevel, Industry, IndustryLevel, Usci, area};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::UnitId;
use youju_domain::register::{AccountingStandard, Unit};
use youju_store::{StoreError, register};

use crate::context::Cx;
use crate::error::{Error, Result};

/// A unit to be enrolled.
#[derive(Debug, Clone)]
pub struct NewUnit {
    /// 统一社会信用代码.
    pub usci: Usci,
    /// 单位详细名称.
    pub name: String,
    /// 所在地区划.
    pub area: AreaCode,
    /// 行业小类.
    pub industry: Industry,
    /// 执行会计准则情况.
    pub standard: AccountingStandard,
}

/// Refuses codes that no list holds: an area whose township is unknown, an industry that is not a class (小类).
fn must_be_listed(new: &NewUnit) -> Result<()> {
    let township = new.area.ancestors().into_iter().chain([new.area]).find(|area| area.level() == AreaLevel::Township);
    let reason = match township {
        None => format!("区划代码 {} 没有写到乡镇(街道)。请填到乡镇或村(居)。", new.area),
        Some(township) if area::find(&township).is_none() => {
            format!("区划代码 {} 所在的乡镇(街道)不在区划代码表中。请核对第 7 至 9 位。", new.area)
        }
        Some(_) if new.industry.level() != IndustryLevel::Class => {
            format!("行业代码 {} 是{},应填到小类(4 位)。", new.industry.code(), new.industry.level().label())
        }
        Some(_) => return Ok(()),
    };
    Err(Problem::BadInput { reason }.into())
}

/// Enters a unit into the register. The county's officers do; so does the program itself, when a data base is set up.
pub async fn enrol(cx: &mut Cx<'_>, new: NewUnit) -> Result<UnitId> {
    must_be_listed(&new)?;
    let unit = Unit {
        id: cx.new_id(),
        usci: new.usci,
        name: new.name,
        area: new.area,
        industry: new.industry,
        standard: new.standard,
        may_explain: false,
        revision: 0,
    };
    if cx.actor().is_ok() {
        cx.allow(Action::Arrange, Object::Area(&unit.area))?;
    }
    match register::add(cx.tx(), &unit).await {
        Err(StoreError::Constraint(name)) if name == "unit_usci_key" => {
            return Err(Problem::UnitExists { usci: unit.usci.to_string() }.into());
        }
        other => other?,
    }
    let payload = json!({
        "usci": unit.usci.as_str(), "name": unit.name, "area": unit.area.as_str(),
        "industry": unit.industry.code(), "acct": unit.standard.code(),
    });
    cx.record("register.enrolled", ("unit", unit.id.to_string()), payload).await?;
    Ok(unit.id)
}

/// A unit that the actor may look at.
pub async fn get(cx: &mut Cx<'_>, id: UnitId) -> Result<Unit> {
    let unit = register::get(cx.tx(), id).await?.ok_or(Error::Problem(Problem::NotFound { what: "单位" }))?;
    cx.allow(Action::View, Object::Unit { id, area: &unit.area })?;
    Ok(unit)
}

/// One page of the units in the actor's scope whose name or code holds `search`, with the number of all of them.
pub async fn list(cx: &mut Cx<'_>, search: &str, page: register::PageRequest) -> Result<register::Page<Unit>> {
    let scope = cx.actor()?.scope();
    Ok(register::list(cx.tx(), &scope, search.trim(), page).await?)
}

/// Marks a unit as one that may explain failures of class B (说明企业), or takes the mark away.
pub async fn set_may_explain(cx: &mut Cx<'_>, id: UnitId, may_explain: bool) -> Result<()> {
    let mut unit = get(cx, id).await?;
    cx.allow(Action::Arrange, Object::Unit { id, area: &unit.area })?;
    unit.may_explain = may_explain;
    register::put(cx.tx(), &unit).await?;
    cx.record("register.may_explain", ("unit", id.to_string()), json!({ "may_explain": may_explain })).await
}
