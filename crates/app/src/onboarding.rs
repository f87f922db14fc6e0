//! Onboarding 新入库单位辅导服务 (四个一): a unit that has become one that reports is owed what its jurisdiction orders; officers note what was
//! done, the unit itself confirms the service pack; how far an area has come is computed.

mod bulletin;
mod pack;

use chrono::NaiveDate;
use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::id::UnitId;
use youju_domain::message;
use youju_domain::onboarding::{Entry, First, Item, Kind, Onboarding, Order, Standing, Typed};
use youju_domain::register::{Change, Unit};
use youju_domain::report::Level;
use youju_profile::onboarding_for;
use youju_store::onboarding as store;
use youju_store::register::{Page, PageRequest};

use crate::attachment::{Fetched, Looked};
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_unit};
use crate::organisation::today;
use crate::{register, secrets};

pub use bulletin::{
    Bulletin, Followed, Line, Only, Sort, Which, bulletin, bulletin_csv, first_reports, first_reports_csv,
};
pub use pack::{Checked, Contact, FormLine, Pack, file as pack_file, pack};

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "新入库辅导" })
}

/// A unit has become one that reports: what is owed to it begins. Who reported before is owed nothing.
pub(crate) async fn begin(cx: &mut Cx<'_>, (before, unit): (&Unit, &Unit), changes: &[Change]) -> Result<()> {
    use youju_domain::register::Listing;
    if before.listing != Listing::Outside || unit.listing == Listing::Outside {
        return Ok(());
    }
    let today = today(cx);
    let listed_on = register::history::listed_since(changes, today).unwrap_or(today);
    let items = onboarding_for(cx.app().profiles(), &unit.area).items.clone();
    let one = Onboarding { id: cx.new_id(), unit: unit.id, listed_on, items, acts: Vec::new() };
    let now = cx.now();
    if !store::begin(cx.tx(), &one, now).await? {
        return Ok(());
    }
    let items: Vec<&str> = one.items.iter().map(|item| item.key.as_str()).collect();
    let payload = json!({ "listed_on": one.listed_on, "items": items });
    cx.record("onboarding.begun", ("unit", unit.id.to_string()), payload).await?;
    let draft = Draft {
        kind: message::Kind::Onboarding,
        title: "新入库辅导服务".into(),
        body: one.says(),
        about: ("onboarding", unit.id.to_string()),
    };
    tell_unit(cx, unit.id, &draft).await
}

/// New units for which officers of the actor's own level have something to do, the earliest entry first, and how many there are. Others
/// have none: items are for townships and counties.
pub async fn waiting(cx: &mut Cx<'_>, limit: i64) -> Result<(Vec<Entry>, u64)> {
    let actor = cx.actor()?;
    let (area, level) = (actor.area, actor.role.level());
    let Some(level) = level.filter(|level| matches!(level, Level::Township | Level::County)) else {
        return Ok((Vec::new(), 0));
    };
    let count = store::count_waiting(cx.tx(), &area, level).await?;
    let entries = if limit > 0 && count > 0 { store::waiting(cx.tx(), &area, level, limit).await? } else { Vec::new() };
    Ok((entries, count))
}

/// What is owed to a unit, as the actor may look at it.
pub struct Sheet {
    /// The unit.
    pub unit: Unit,
    /// What is owed; none for a unit that was there before.
    pub one: Option<Onboarding>,
    /// The order of its jurisdiction.
    pub order: Order,
    /// Its first reports.
    pub first: First,
    /// Today.
    pub today: NaiveDate,
    /// The actor is an officer who may note and strike.
    pub may_note: bool,
    /// The actor answers for the unit and may confirm that the pack is there.
    pub may_confirm: bool,
}

impl Sheet {
    /// The item that the unit confirms itself, while nobody has.
    pub fn to_confirm(&self) -> Option<&Item> {
        let one = self.one.as_ref()?;
        one.items.iter().find(|item| item.kind == Kind::Pack && one.proof(&item.key).is_none())
    }
}

/// What is owed to a unit, for its own people and the officers of its area.
pub async fn get(cx: &mut Cx<'_>, id: UnitId) -> Result<Sheet> {
    let unit = register::get(cx, id).await?;
    let one = store::of_unit(cx.tx(), id).await?;
    let order = onboarding_for(cx.app().profiles(), &unit.area).clone();
    let mut reports = Vec::new();
    if let Some(one) = &one {
        let all = store::reports(cx.tx(), &unit.area, (one.listed_on, one.listed_on)).await?;
        reports.extend(all.into_iter().filter(|report| report.unit == id));
    }
    let object = Object::Unit { id, area: &unit.area };
    let actor = cx.actor()?;
    let (may_note, may_confirm) = (decide(actor, Action::Review, object), decide(actor, Action::Submit, object));
    Ok(Sheet { one, order, first: First::of(reports), today: today(cx), may_note, may_confirm, unit })
}

/// What is owed to a unit, held, with its unit; whoever may `action` may go on.
async fn held(cx: &mut Cx<'_>, id: UnitId, action: Action) -> Result<(Unit, Onboarding)> {
    let unit = register::get(cx, id).await?;
    cx.allow(action, Object::Unit { id, area: &unit.area })?;
    let found = store::of_unit(cx.tx(), id).await?.ok_or_else(not_found)?;
    store::hold(cx.tx(), found.id).await?;
    let one = store::of_unit(cx.tx(), id).await?.ok_or_else(not_found)?;
    Ok((unit, one))
}

/// An officer notes that an item was done. A file that cannot be taken refuses the whole.
pub async fn note(cx: &mut Cx<'_>, id: UnitId, item: &str, typed: Typed, looked: Looked) -> Result<()> {
    let (unit, one) = held(cx, id, Action::Review).await?;
    let level = one.items.iter().find(|known| known.key == item).map(|known| known.level);
    let own = cx.actor()?.role.level();
    if let Some(level) = level.filter(|level| own < Some(*level)) {
        let reason = format!("这一项由{}以上统计机构办理。", level.label());
        return Err(Problem::BadInput { reason }.into());
    }
    if let Some(wrong) = looked.refused.first() {
        return Err(Problem::BadFile { reasons: vec![format!("“{}”:{}", wrong.name, wrong.reason)] }.into());
    }
    if looked.good.len() > 1 {
        return Err(Problem::BadInput { reason: "一项附一个证明材料,请合并成一个文件。".into() }.into());
    }
    let file = looked.good.into_iter().next().map(crate::attachment::Evidence::into_parts);
    let typed = Typed { file: file.as_ref().map(|(file, _)| (file.name.clone(), file.hash.clone())), ..typed };
    does(cx, (&unit, &one), item, typed, false).await?;
    if let Some((file, kind)) = file {
        secrets::keep_file(cx, &file.hash, kind, file.content).await?;
    }
    Ok(())
}

/// The unit confirms that the pack has come.
pub async fn confirm(cx: &mut Cx<'_>, id: UnitId) -> Result<()> {
    let (unit, one) = held(cx, id, Action::Submit).await?;
    let pack = one.items.iter().find(|item| item.kind == Kind::Pack).ok_or_else(not_found)?;
    let key = pack.key.clone();
    does(cx, (&unit, &one), &key, Typed::default(), true).await
}

async fn does(
    cx: &mut Cx<'_>,
    (unit, one): (&Unit, &Onboarding),
    item: &str,
    typed: Typed,
    is_by_unit: bool,
) -> Result<()> {
    let (by, today) = (cx.actor()?.clone(), today(cx));
    let act = one.does(item, typed, (cx.new_id(), by.person, &by.name, is_by_unit), (cx.now(), today))?;
    store::add(cx.tx(), one.id, &act).await?;
    let payload = json!({
        "item": act.item, "done_on": act.done_on, "file_hash": act.file_hash, "link": act.link, "by_unit": act.is_by_unit,
    });
    cx.record("onboarding.done", ("unit", unit.id.to_string()), payload).await
}

/// Takes back that an item was done. What was written down stays.
pub async fn strike(cx: &mut Cx<'_>, id: UnitId, item: &str, reason: &str) -> Result<()> {
    let (unit, one) = held(cx, id, Action::Review).await?;
    let (act, reason) = one.strike(item, reason)?;
    let (by, now) = (cx.actor()?.name.clone(), cx.now());
    store::strike(cx.tx(), act, &reason, (&by, now)).await?;
    let payload = json!({ "item": item, "reason": reason });
    cx.record("onboarding.struck", ("unit", unit.id.to_string()), payload).await
}

/// A file that proves an item, for those who may look at the unit; an officer is written down.
pub async fn fetch(cx: &mut Cx<'_>, id: UnitId, hash: &str) -> Result<Fetched> {
    let gone = || Error::Problem(Problem::NotFound { what: "材料" });
    register::get(cx, id).await?;
    let one = store::of_unit(cx.tx(), id).await?.ok_or_else(gone)?;
    let name = store::file_name(cx.tx(), one.id, hash).await?.filter(|name| !name.is_empty()).ok_or_else(gone)?;
    let blob = secrets::file(cx, hash).await?.ok_or_else(gone)?;
    if cx.actor()?.role.is_officer() {
        cx.record("onboarding.file_viewed", ("unit", id.to_string()), json!({ "file_hash": hash })).await?;
    }
    Ok(Fetched { name, kind: blob.kind, content: blob.content })
}

/// What a list of new units is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of name or code.
    pub search: String,
    /// Part of the actor's area; none for all of it.
    pub area: Option<AreaCode>,
    /// Entered from this day on.
    pub from: Option<NaiveDate>,
    /// Entered up to this day.
    pub to: Option<NaiveDate>,
    /// As it stood on this day; today without one.
    pub on: Option<NaiveDate>,
    /// Which of them.
    pub sort: Option<Sort>,
    /// Those of which this item, by its name, stands so.
    pub item: Option<(String, Which)>,
}

/// The part of the actor's area that is asked for; another's is not found.
fn part(cx: &Cx<'_>, area: Option<AreaCode>) -> Result<AreaCode> {
    let area = area.unwrap_or(cx.actor()?.area);
    cx.allow(Action::View, Object::Area(&area))?;
    Ok(area)
}

/// The new units of the actor's area, the latest entry first, with where they stand.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Entry>> {
    let area = part(cx, filter.area)?;
    let today = today(cx);
    let from = filter.from.unwrap_or_else(youju_domain::register::beginning);
    let on = filter.on.unwrap_or(today);
    let mut found = store::entries(cx.tx(), &area, (from, filter.to.unwrap_or(today))).await?;
    found.reverse();
    let search = filter.search.trim();
    let wanted = |entry: &Entry| {
        let has_words = search.is_empty() || entry.name.contains(search) || entry.usci.contains(search);
        let stands = filter.item.as_ref().is_none_or(|(name, which)| {
            entry.one.standings(on).any(|(item, standing)| item.name == *name && which.has(standing))
        });
        has_words && stands && filter.sort.is_none_or(|sort| sort.has(entry, on))
    };
    found.retain(wanted);
    Ok(Page::cut(found.into_iter(), page))
}

/// How many items of a unit are done, and how many there are.
pub fn progress(one: &Onboarding, on: NaiveDate) -> (usize, usize) {
    (one.standings(on).filter(|(_, standing)| standing.is_done()).count(), one.items.len())
}

/// True when something is overdue on a day.
pub fn is_overdue(one: &Onboarding, on: NaiveDate) -> bool {
    one.standings(on).any(|(_, standing)| standing == Standing::Overdue)
}
