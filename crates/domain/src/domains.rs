//! Domains 分管专业 of officers: who may be given which, so that nothing is left without anybody.

use std::collections::BTreeSet;

use youju_codes::AreaCode;

use crate::access::{Domains, Role};
use crate::person::Person;
use crate::problem::Problem;

/// A domain as it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Domain {
    /// Its name in programmes.
    pub key: String,
    /// The word for it.
    pub label: String,
}

/// Domains that nobody of an office has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The office: its role.
    pub role: Role,
    /// The office: its area.
    pub area: AreaCode,
    /// What nobody there has.
    pub missing: Vec<Domain>,
}

/// Other domains for an officer. `others` are the officers whose accounts are in use; a domain that none of them has in this office
/// cannot be taken away from its last officer, because its reports would wait for nobody.
pub fn assign(
    officer: &Person,
    chosen: BTreeSet<String>,
    others: &[Person],
    all: &[Domain],
) -> Result<Domains, Problem> {
    if !officer.role.is_officer() {
        let reason = "只有各级统计人员分管专业。单位的人员填报本单位的全部报表,管理员不看数据。".into();
        return Err(Problem::BadInput { reason });
    }
    if let Some(unknown) = chosen.iter().find(|key| all.iter().all(|domain| domain.key != **key)) {
        let reason = format!("没有“{unknown}”这个专业。请刷新页面后重新选择。");
        return Err(Problem::BadInput { reason });
    }
    let given = Domains::of(chosen);
    let office = others.iter().filter(|other| other.id != officer.id && is_of(other, officer.role, &officer.area));
    let held: Vec<&Domains> = office.map(|other| &other.domains).chain([&given]).collect();
    let missing = without(&held, all);
    if missing.is_empty() {
        return Ok(given);
    }
    let names: Vec<&str> = missing.iter().map(|domain| domain.label.as_str()).collect();
    let reason = format!(
        "这样改以后,这里没有别的{}分管{},报表会没有人审核。请先把这些专业交给别的人。",
        officer.role.label(),
        names.join("、")
    );
    Err(Problem::BadInput { reason })
}

/// The offices in which a domain is left without anybody, because accounts ended after the work was divided.
pub fn gaps(officers: &[Person], all: &[Domain]) -> Vec<Gap> {
    let places: BTreeSet<(Role, AreaCode)> = officers.iter().map(|officer| (officer.role, officer.area)).collect();
    let gap = |(role, area): (Role, AreaCode)| {
        let held: Vec<&Domains> =
            officers.iter().filter(|officer| is_of(officer, role, &area)).map(|officer| &officer.domains).collect();
        let missing = without(&held, all);
        (!missing.is_empty()).then_some(Gap { role, area, missing })
    };
    places.into_iter().filter_map(gap).collect()
}

fn is_of(officer: &Person, role: Role, area: &AreaCode) -> bool {
    officer.role == role && officer.area == *area
}

fn without(held: &[&Domains], all: &[Domain]) -> Vec<Domain> {
    all.iter().filter(|domain| !held.iter().any(|domains| domains.cover(&domain.key))).cloned().collect()
}
