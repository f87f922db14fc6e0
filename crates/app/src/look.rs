//! Looks 查看记录 and audit: an officer who looks at a unit's data is written down before they see it, and whoever takes a file out is named
//! in it. The unit sees who looked; the audit administrator sees all of it, and what everybody did, without a figure.

use std::collections::BTreeSet;

use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::id::UnitId;
use youju_domain::look::{Look, Purpose, mark, watermark};
use youju_domain::register::Unit;
use youju_sheet::csv_line;
use youju_store::look as store;
use youju_store::register::{self, Page, PageRequest};

use crate::context::{App, Cx};
use crate::error::{Error, Result};

pub use youju_store::look::{Act, ActFilter, Filter, Listed};

/// Writes down at whose data an officer is about to look.
pub(crate) async fn write(app: &App, actor: &Actor, units: &[UnitId]) -> Result<()> {
    let Some(purpose) = actor.origin.as_ref().and_then(|origin| origin.purpose) else { return Ok(()) };
    let now = app.world().now();
    let known: BTreeSet<UnitId> = app
        .glance(async |cx| Ok(store::known(cx.tx(), actor.person, purpose, now).await?))
        .await?
        .into_iter()
        .collect();
    let fresh: Vec<UnitId> = units.iter().filter(|unit| !known.contains(unit)).copied().collect();
    if fresh.is_empty() {
        return Ok(());
    }
    app.write(None, async |cx| {
        for unit in &fresh {
            let look = look(cx, actor, Some(*unit), purpose);
            store::add(cx.tx(), &look).await?;
        }
        Ok(())
    })
    .await
}

fn look(cx: &Cx<'_>, actor: &Actor, unit: Option<UnitId>, purpose: Purpose) -> Look {
    Look {
        id: cx.new_id(),
        unit,
        person: actor.person,
        name: actor.name.clone(),
        role: actor.role,
        purpose,
        what: String::new(),
        mark: String::new(),
        at: cx.now(),
    }
}

/// A copy that somebody takes out, written down before it is made, so that its mark can stand inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked(Look);

impl Marked {
    /// The mark that leads back to whoever took the copy.
    pub fn mark(&self) -> &str {
        &self.0.mark
    }

    /// The sentence that says who took it, and when.
    pub fn words(&self) -> String {
        watermark(&self.0)
    }

    /// The name of a file with the mark before its end.
    pub fn named(&self, name: &str) -> String {
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        format!("{stem}_{}.{end}", self.0.mark)
    }
}

/// Writes down that somebody takes a copy out: of one unit's data, or of many units'.
pub async fn take_copy(app: &App, actor: &Actor, unit: Option<UnitId>, name: &str) -> Result<Marked> {
    app.write(None, async |cx| {
        let mut look = look(cx, actor, unit, Purpose::Export);
        look.what = name.to_owned();
        look.mark = mark(look.id);
        store::add(cx.tx(), &look).await?;
        Ok(Marked(look))
    })
    .await
}

/// A file that leaves the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its name, with the mark.
    pub name: String,
    /// Its content; of a CSV with the watermark as its last line.
    pub content: Vec<u8>,
}

/// Writes down who takes a file out, and marks it.
pub async fn take_out(app: &App, actor: &Actor, name: &str, mut content: Vec<u8>) -> Result<Taken> {
    let taken = take_copy(app, actor, actor.unit, name).await?;
    if name.rsplit_once('.').is_some_and(|(_, end)| end == "csv") {
        content.extend(csv_line(&taken.words()));
    }
    Ok(Taken { name: taken.named(name), content })
}

/// Who looked at a unit, for its own people, for officers who may inspect it, and for the audit administrator.
pub async fn of_unit(cx: &mut Cx<'_>, id: UnitId, page: PageRequest) -> Result<(Unit, Page<Look>)> {
    let not_found = || Error::Problem(Problem::NotFound { what: "单位" });
    let unit = register::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let actor = cx.actor()?;
    let object = Object::Unit { id, area: &unit.area };
    let may = decide(actor, Action::Submit, object)
        || decide(actor, Action::Inspect, object)
        || decide(actor, Action::Audit, Object::System);
    if !may {
        return Err(not_found());
    }
    let found = store::of_unit(cx.tx(), id, page).await?;
    Ok((unit, found))
}

/// One page of all looks and exports.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    cx.allow(Action::Audit, Object::System)?;
    Ok(store::list(cx.tx(), filter, page).await?)
}

/// One page of what everybody did.
pub async fn acts(cx: &mut Cx<'_>, filter: &ActFilter, page: PageRequest) -> Result<Page<Act>> {
    cx.allow(Action::Audit, Object::System)?;
    Ok(store::acts(cx.tx(), filter, page).await?)
}
