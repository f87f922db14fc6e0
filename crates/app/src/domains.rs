//! Domains 分管专业: which officer's work covers what of the surveys. What follows from it is decided by `domain::access`.

use std::collections::BTreeSet;

use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Domains, Object};
use youju_domain::domains::{self, Domain, Gap};
use youju_domain::id::PersonId;
use youju_domain::message::Kind;
use youju_domain::survey::local;
use youju_store::person;

use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::message::{Draft, tell};

/// Every domain of the programmes in force.
pub fn all(app: &App) -> Vec<Domain> {
    let programmes = app.programmes().values();
    let domains: BTreeSet<Domain> = programmes
        .map(|programme| Domain { key: programme.domain.clone(), label: programme.domain_name.clone() })
        .collect();
    domains.into_iter().collect()
}

/// The words for somebody's domains.
pub fn label(app: &App, domains: &Domains) -> String {
    match domains {
        Domains::Every => "全部专业".to_owned(),
        Domains::Only(names) => {
            let known = all(app);
            let word = |name: &String| {
                known.iter().find(|domain| domain.key == *name).map_or(name.clone(), |d| d.label.clone())
            };
            names.iter().map(word).collect::<Vec<_>>().join("、")
        }
    }
}

/// Gives an officer other domains; none chosen is all of them. It counts from the officer's next request on.
pub async fn assign(cx: &mut Cx<'_>, officer: PersonId, chosen: BTreeSet<String>) -> Result<Domains> {
    cx.allow(Action::Administer, Object::System)?;
    person::hold_officers(cx.tx()).await?;
    let found = person::get(cx.tx(), officer).await?.ok_or(Error::Problem(Problem::NotFound { what: "账号" }))?;
    let today = local(cx.now()).date();
    let others = person::officers(cx.tx(), today).await?;
    let given = domains::assign(&found, chosen, &others, &all(cx.app()))?;
    if given == found.domains {
        return Ok(given);
    }
    person::set_domains(cx.tx(), officer, &given).await?;
    let (was, now) = (label(cx.app(), &found.domains), label(cx.app(), &given));
    cx.record("account.domains", ("person", officer.to_string()), json!({ "was": was, "now": now })).await?;
    let draft = Draft {
        kind: Kind::Account,
        title: "您分管的专业有变化".into(),
        body: format!("原来是{was},现在是{now}。其他专业的报表、台账、查询和汇总不再显示。"),
        about: ("person", officer.to_string()),
    };
    tell(cx, officer, &draft, false).await?;
    Ok(given)
}

/// Offices in which a domain has nobody any more, for those who keep the accounts.
pub async fn gaps(cx: &mut Cx<'_>) -> Result<Vec<Gap>> {
    cx.allow(Action::View, Object::System)?;
    let today = local(cx.now()).date();
    let officers = person::officers(cx.tx(), today).await?;
    Ok(domains::gaps(&officers, &all(cx.app())))
}
