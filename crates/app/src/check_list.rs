//! Check list 核实清单: what a county looks at every day (or week) while a window is open, and hands in to the city. Officers note and
//! hand in; no function here writes a cell (law 1).

mod evidence;
mod overview;
mod proposed;

use std::collections::BTreeMap;

use serde_json::json;
use youju_codes::AreaCode;
use youju_codes::area::AreaLevel;
use youju_domain::access::{Action, Object, decide};
use youju_domain::check_list::{
    CheckList, DataQuality, Entry, Handed, PaperQuality, Proposed, Provision, Span, Standing, Subject, Word,
};
use youju_domain::id::WindowId;
use youju_domain::survey::Window;
use youju_domain::{Instant, Problem};
use youju_programme::{CheckListRule, Form};
use youju_store::{StoreError, check_list as store};

use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Fault, Result};
use crate::survey;
use proposed::{Seen, about, see};

pub use evidence::{Owed, Owing, of_report, of_window, owing};
pub use overview::{Due, Lacking, Overview, Place as Cell, Row, csv, due, lacking, overview};

/// Where a list belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The window.
    pub window: WindowId,
    /// The county.
    pub area: AreaCode,
    /// The day or week.
    pub span: Span,
}

/// The place of a list, with what is declared for it.
pub struct Place {
    /// The window.
    pub window: Window,
    /// What is declared.
    pub rule: CheckListRule,
    /// The county.
    pub area: AreaCode,
    /// The day or week.
    pub span: Span,
}

/// A list as somebody looks at it.
pub struct Look {
    /// Where it belongs.
    pub place: Place,
    /// The list; one that nobody has begun yet has no entries of its own.
    pub list: CheckList,
    /// Everything on it.
    pub entries: Vec<Entry>,
    /// The lists that were handed in for the same span, the first one first.
    pub handed: Vec<CheckList>,
    /// Where the county stands.
    pub standing: Standing,
    /// The last span before, and how many of its notes could be taken over.
    pub before: Option<(Span, usize)>,
    /// How the material of reports and rows stands now.
    pub provisions: BTreeMap<Subject, Provision>,
    /// How many have come since the list was handed in.
    pub since: usize,
    /// What belongs on the list, as one fingerprint: what is handed in is what was looked at.
    pub seal: String,
    /// The actor may write.
    pub may_write: bool,
}

/// What is declared for the check list of a form.
pub fn rule_of<'a>(app: &'a App, form: &str) -> Option<&'a CheckListRule> {
    app.programmes().values().find_map(|programme| programme.check_list(form))
}

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "核实清单" })
}

/// The county that holds an area, or the area itself where it is larger.
pub fn county_of(area: AreaCode) -> AreaCode {
    area.ancestors().into_iter().find(|above| above.level() == AreaLevel::County).unwrap_or(area)
}

/// A place that exists, for who may do something there.
async fn place(cx: &mut Cx<'_>, at: At, action: Action) -> Result<Place> {
    let At { window, area, span } = at;
    let window = survey::get(cx, window).await?;
    let touches = window.area.contains(&area) || area.contains(&window.area);
    if area.level() != AreaLevel::County || !touches || window.opened_at.is_none() {
        return Err(not_found());
    }
    cx.allow(action, Object::Area(&area))?;
    let rule = rule_of(cx.app(), &window.form).cloned().ok_or_else(not_found)?;
    let is_of_window = Span::of_window(rule.every, &window.times).contains(&span);
    // A list that was handed in stays, also when the times of the window have been changed.
    if !is_of_window && store::of_span(cx.tx(), window.id, &area, span).await?.is_empty() {
        return Err(not_found());
    }
    Ok(Place { window, rule, area, span })
}

impl Place {
    fn begin(&self, cx: &Cx<'_>) -> CheckList {
        CheckList::begin(cx.new_id(), self.window.id, self.area, self.span)
    }

    fn proposed(&self, form: &Form, seen: &Seen, now: Instant) -> (Vec<Proposed>, BTreeMap<Subject, Provision>) {
        seen.proposed(&self.rule, form, self.span, now)
    }
}

/// A list: the one that is being written, or the last one that was handed in, or the one with the number that was asked for.
pub async fn look(cx: &mut Cx<'_>, at: At, number: Option<u32>) -> Result<Look> {
    let place = place(cx, at, Action::View).await?;
    let actor = cx.actor()?.clone();
    let now = cx.now();
    let seen = see(cx, &place.window, &place.area).await?;
    let (proposed, provisions) = place.proposed(cx.app().form(&place.window.form)?, &seen, now);
    let mut handed = store::of_span(cx.tx(), place.window.id, &place.area, place.span).await?;
    let writing = handed.iter().position(|list| list.handed.is_none()).map(|at| handed.remove(at));
    let asked = match number {
        Some(number) => Some(handed.iter().find(|list| list.number == number).cloned().ok_or_else(not_found)?),
        None => None,
    };
    let list = match asked.or(writing).or_else(|| handed.last().cloned()) {
        Some(list) => list,
        None => place.begin(cx),
    };
    let is_done = list.handed.is_some();
    let list = if is_done { list } else { list.refreshed(|report| seen.version(report)) };
    let entries = if is_done { list.entries.clone() } else { list.merged(&proposed) };
    let is_on = |about: &&Proposed| !list.entries.iter().any(|entry| entry.about.subject == about.subject);
    let since = if is_done { proposed.iter().filter(is_on).count() } else { 0 };
    let before = match store::before(cx.tx(), place.window.id, &place.area, place.span).await? {
        Some(before) if !is_done => {
            let before = before.refreshed(|report| seen.version(report));
            Some((before.span, list.carryable(&proposed, &before).len()))
        }
        _ => None,
    };
    let first = handed.first().and_then(|list| list.handed.as_ref()).map(|handed| handed.at);
    let standing = Standing::of(place.span, first, now);
    let may_write = decide(&actor, Action::Arrange, Object::Area(&place.area)) && now >= place.span.begins_at();
    let seal = seal(&entries)?;
    Ok(Look { place, list, entries, handed, standing, before, provisions, since, seal, may_write })
}

/// The fingerprint of what a list shows.
fn seal(entries: &[Entry]) -> Result<String> {
    let all: Vec<&Proposed> = entries.iter().map(|entry| &entry.about).collect();
    let text = serde_json::to_string(&all).map_err(|error| Fault::new("writing a check list", error))?;
    Ok(crypto::sha256(text.as_bytes()))
}

/// What an act works on.
struct Writing {
    place: Place,
    list: CheckList,
    is_new: bool,
    seen: Seen,
    proposed: Vec<Proposed>,
}

async fn writing(cx: &mut Cx<'_>, at: At) -> Result<Writing> {
    let place = place(cx, at, Action::Arrange).await?;
    let now = cx.now();
    if now < place.span.begins_at() {
        let reason = format!("{}还没有到,清单到时再写。", place.span.label());
        return Err(Problem::BadInput { reason }.into());
    }
    let mut lists = store::of_span(cx.tx(), place.window.id, &place.area, place.span).await?;
    let seen = see(cx, &place.window, &place.area).await?;
    let (proposed, _) = place.proposed(cx.app().form(&place.window.form)?, &seen, now);
    let open = lists.iter().position(|list| list.handed.is_none()).map(|at| lists.remove(at));
    // The last one that was handed in refuses the act by itself.
    let found = open.or_else(|| lists.pop());
    let is_new = found.is_none();
    let list = found.unwrap_or_else(|| place.begin(cx));
    let is_open = list.handed.is_none();
    let list = if is_open { list.refreshed(|report| seen.version(report)) } else { list };
    Ok(Writing { place, list, is_new, seen, proposed })
}

/// Keeps a list, with its journal leaf.
async fn keep(cx: &mut Cx<'_>, list: &CheckList, is_new: bool, action: &str, said: serde_json::Value) -> Result<()> {
    let kept = if is_new { store::add(cx.tx(), list).await } else { store::put(cx.tx(), list).await };
    match kept {
        // Two officers begin the same list at once.
        Err(StoreError::Constraint(name)) if name.starts_with("check_list_") => return Err(Problem::Conflict.into()),
        other => other?,
    }
    let payload = json!({
        "window": list.window, "area": list.area.as_str(), "span": list.span.key(), "number": list.number, "act": said,
    });
    cx.record(action, ("check_list", list.id.to_string()), payload).await
}

/// What was typed about an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// What it is about.
    pub subject: Subject,
    /// 数据质量.
    pub data: DataQuality,
    /// 资料质量.
    pub papers: PaperQuality,
    /// 处理措施.
    pub measure: String,
}

/// Notes something about entries. What says the same as before is not written again. Gives how many were noted.
pub async fn note(cx: &mut Cx<'_>, at: At, typed: &[Typed]) -> Result<usize> {
    let Writing { mut list, is_new, proposed, .. } = writing(cx, at).await?;
    list.must_be_open()?;
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let mut noted = Vec::new();
    for one in typed {
        let entry = list.merged(&proposed).into_iter().find(|entry| entry.about.subject == one.subject);
        let Some(entry) = entry else {
            let reason = "有一项已经不在清单上,没有保存。请看过最新清单再记录。".to_owned();
            return Err(Problem::BadInput { reason }.into());
        };
        let is_same =
            |word: &Word| (word.data, word.papers, word.measure.as_str()) == (one.data, one.papers, one.measure.trim());
        if entry.is_noted() && entry.word.as_ref().is_some_and(is_same) {
            continue;
        }
        let word = Word {
            data: one.data,
            papers: one.papers,
            measure: one.measure.clone(),
            by: actor.person,
            name: actor.name.clone(),
            at: now,
            version: entry.about.version,
            carried_from: None,
        };
        list = list.note(&entry.about, word)?;
        noted.push(json!({
            "report": one.subject.report, "row": one.subject.row, "version": entry.about.version,
            "data": one.data, "papers": one.papers, "measure": one.measure.trim(),
        }));
    }
    let count = noted.len();
    if count > 0 {
        keep(cx, &list, is_new, "check_list.noted", json!({ "entries": noted })).await?;
    }
    Ok(count)
}

fn handed(cx: &Cx<'_>) -> Result<Handed> {
    let actor = cx.actor()?;
    Ok(Handed { by: actor.person, name: actor.name.clone(), at: cx.now() })
}

/// Adds a report, or one of its rows by its key, to the list by hand. The unit is named by its code or its whole name.
pub async fn add(cx: &mut Cx<'_>, at: At, unit: &str, row: &str, reason: &str) -> Result<()> {
    let Writing { place, list, is_new, seen, proposed } = writing(cx, at).await?;
    let (unit, row) = (unit.trim(), row.trim());
    let held = seen.held.iter().find(|held| held.usci == unit || held.unit_name == unit).ok_or_else(|| {
        let reason = format!("本县没有已上报这张表的单位“{unit}”。请填统一社会信用代码或单位全称。");
        Problem::BadInput { reason }
    })?;
    let form = cx.app().form(&place.window.form)?;
    let name = match (row, evidence::rows(&place.rule, form, &held.report.cells)) {
        ("", _) => None,
        (key, Some((_, rows))) => rows.into_iter().find(|row| row.key == key).map(|row| row.name),
        _ => None,
    };
    if !row.is_empty() && name.is_none() {
        let reason = format!("{}上报的表中没有项目代码“{row}”。", held.unit_name);
        return Err(Problem::BadInput { reason }.into());
    }
    let subject = Subject { report: held.report.id, row: (!row.is_empty()).then(|| row.to_owned()) };
    let said = json!({ "report": subject.report, "row": subject.row, "reason": reason.trim() });
    let added = about(held, subject, name.as_deref().unwrap_or_default(), Vec::new());
    let list = list.add(added, reason, &proposed)?;
    keep(cx, &list, is_new, "check_list.added", said).await
}

/// Takes over the words of the last list before for everything that is unchanged. Gives how many there were.
pub async fn carry(cx: &mut Cx<'_>, at: At) -> Result<usize> {
    let Writing { place, list, is_new, seen, proposed } = writing(cx, at).await?;
    let found = store::before(cx.tx(), place.window.id, &place.area, place.span).await?;
    let before = found.ok_or_else(not_found)?.refreshed(|report| seen.version(report));
    let (actor, now) = (cx.actor()?.clone(), cx.now());
    let (list, carried) = list.carry(&proposed, &before, (actor.person, &actor.name, now))?;
    if carried > 0 {
        let said = json!({ "from": before.span.key(), "entries": carried });
        keep(cx, &list, is_new, "check_list.carried", said).await?;
    }
    Ok(carried)
}

/// Hands the list in to the level above. `seen_seal` is the fingerprint of what the officer looked at; `left` says why entries
/// have no note, where some have none.
pub async fn hand_in(cx: &mut Cx<'_>, at: At, seen_seal: &str, left: &str) -> Result<CheckList> {
    let Writing { list, is_new, proposed, .. } = writing(cx, at).await?;
    if list.handed.is_none() && seal(&list.merged(&proposed))? != seen_seal {
        let reason = "打开清单之后又有变化(新的上报、查询或材料),没有上报。请看过最新清单再上报。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    let list = list.hand_in(&proposed, left, handed(cx)?)?;
    let document = serde_json::to_string(&list.entries).map_err(|error| Fault::new("writing a check list", error))?;
    let unnoted = list.entries.iter().filter(|entry| entry.left.is_some()).count();
    let said = json!({
        "entries": list.entries.len(), "unnoted": unnoted, "left": left.trim(),
        "entries_hash": crypto::sha256(document.as_bytes()),
    });
    keep(cx, &list, is_new, "check_list.handed_in", said).await?;
    Ok(list)
}

/// Begins a supplement to a list that was handed in.
pub async fn supplement(cx: &mut Cx<'_>, at: At) -> Result<CheckList> {
    let Writing { list, .. } = writing(cx, at).await?;
    let next = list.supplement(cx.new_id())?;
    keep(cx, &next, true, "check_list.supplemented", json!({ "after": list.id })).await?;
    Ok(next)
}
