//! Events of units 合并、分立: several become one, one becomes several. What is over keeps its row, its history and its reports; what comes
//! is entered like any other unit and has to be enrolled before it is asked for anything.

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Facts, Listing, NewChange, Origin, Source, Status, Unit};

use crate::context::Cx;
use crate::error::Result;

/// Characters of the document that an event rests on.
const DOCUMENT_CHARS_MAX: usize = 200;

/// What an event rests on.
#[derive(Debug, Clone)]
pub struct Ground {
    /// From which day on.
    pub since: NaiveDate,
    /// The document: a decision, a notice of the registration office.
    pub document: String,
}

impl Ground {
    fn source(&self) -> Result<Source> {
        let document = self.document.trim();
        let length = document.chars().count();
        if length == 0 || length > DOCUMENT_CHARS_MAX {
            let reason = format!("请写明依据的文件,不超过 {DOCUMENT_CHARS_MAX} 个字。");
            return Err(Problem::BadInput { reason }.into());
        }
        Ok(Source { origin: Origin::Event, about: document.to_owned() })
    }
}

async fn to_arrange(cx: &mut Cx<'_>, id: UnitId) -> Result<Unit> {
    let unit = super::get(cx, id).await?;
    cx.allow(Action::Arrange, Object::Unit { id, area: &unit.area })?;
    Ok(unit)
}

/// 合并: units are merged into one that is there already or was entered for it. They are asked for nothing any more.
pub async fn merge(cx: &mut Cx<'_>, merged: &[UnitId], into: UnitId, ground: &Ground) -> Result<()> {
    let source = ground.source()?;
    let remains = to_arrange(cx, into).await?;
    if merged.is_empty() || merged.contains(&into) {
        return Err(Problem::BadInput {
            reason: "请选择并入的单位;存续的单位不能并入自己。".into()
        }
        .into());
    }
    if remains.status().is_over() {
        let reason = format!("“{}”的运营状态为“{}”,不能并入。", remains.name, remains.status().label());
        return Err(Problem::BadInput { reason }.into());
    }
    for id in merged {
        to_arrange(cx, *id).await?;
        let facts = Facts::default()
            .with(Fact::Status, Status::Cancelled.key())
            .with(Fact::Listing, Listing::Outside.key())
            .with(Fact::Successor, into.to_string());
        super::write(cx, *id, NewChange { since: ground.since, facts }, source.clone()).await?;
    }
    let ids: Vec<String> = merged.iter().map(ToString::to_string).collect();
    let payload = json!({ "merged": ids, "since": ground.since, "document": source.about });
    cx.record("register.merged", ("unit", into.to_string()), payload).await
}

/// 分立: new units come out of one, which goes on or is over. Gives the ids of the new ones.
pub async fn split(
    cx: &mut Cx<'_>,
    from: UnitId,
    into: Vec<Facts>,
    goes_on: bool,
    ground: &Ground,
) -> Result<Vec<UnitId>> {
    let source = ground.source()?;
    let before = to_arrange(cx, from).await?;
    if into.is_empty() {
        return Err(Problem::BadInput { reason: "请填写分立出的单位。".into() }.into());
    }
    if before.status().is_over() {
        let reason = format!("“{}”的运营状态为“{}”,不能分立。", before.name, before.status().label());
        return Err(Problem::BadInput { reason }.into());
    }
    let mut ids = Vec::new();
    for facts in into {
        let facts = facts.with(Fact::Listing, Listing::Outside.key()).with(Fact::Predecessor, from.to_string());
        let new = NewChange { since: ground.since, facts };
        ids.push(super::add(cx, new, source.clone()).await?);
    }
    if !goes_on {
        let facts =
            Facts::default().with(Fact::Status, Status::Cancelled.key()).with(Fact::Listing, Listing::Outside.key());
        super::write(cx, from, NewChange { since: ground.since, facts }, source.clone()).await?;
    }
    let into: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let payload = json!({ "into": into, "goes_on": goes_on, "since": ground.since, "document": source.about });
    cx.record("register.split", ("unit", from.to_string()), payload).await?;
    Ok(ids)
}
