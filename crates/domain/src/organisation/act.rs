//! Acts on organisations: each gives the organisations as they go on and the event that tells it. Nothing is taken away: a span gets an
//! end, and another one begins.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use youju_codes::AreaCode;

use super::{Coded, Happened, Kind, Organisation, Part, Span};
use crate::id::{OrganisationId, UnitId};
use crate::problem::Problem;

/// Most characters of a name.
pub const NAME_CHARS_MAX: usize = 100;
/// Most characters of a document or a reason.
pub const DOCUMENT_CHARS_MAX: usize = 200;
/// Most organisations that are merged at once, or that one is split into.
pub const PARTS_MAX: usize = 30;
/// Days that an act may be entered ahead: later ones are typing errors in the year.
pub const DAYS_AHEAD_MAX: i64 = 366;

fn bad<T>(reason: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::BadInput { reason: reason.into() })
}

/// When, by which document and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The day from which it holds.
    pub on: NaiveDate,
    /// The document 文号.
    pub document: String,
    /// Why, in words; may be empty where the document says it.
    pub reason: String,
}

impl Ground {
    /// A ground as it may be kept. An end needs a reason in words, every other act of the office a document.
    fn checked(self, happened: Happened, today: NaiveDate) -> Result<Ground, Problem> {
        let Ground { on, document, reason } = self;
        let (document, reason) = (document.trim().to_owned(), reason.trim().to_owned());
        if on > today + TimeDelta::days(DAYS_AHEAD_MAX) {
            return bad(format!("生效日期 {on} 在一年以后。请核对年份。"));
        }
        if document.chars().count() > DOCUMENT_CHARS_MAX || reason.chars().count() > DOCUMENT_CHARS_MAX {
            return bad(format!("文号和原因各最多 {DOCUMENT_CHARS_MAX} 个字。"));
        }
        if happened == Happened::Ended && reason.chars().count() < 4 {
            return bad("终止应写明原因,不少于 4 个字。");
        }
        if happened != Happened::Added && document.is_empty() {
            return bad(format!("{}应填写批准文件的文号。", happened.label()));
        }
        Ok(Ground { on, document, reason })
    }
}

/// An organisation that is to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// Kind.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// Its code, where it is an area.
    pub code: Option<AreaCode>,
    /// The unit of the register that it is, and where that unit is.
    pub unit: Option<(UnitId, AreaCode)>,
}

/// What an organisation is called from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// Kind: a town becomes a street.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// Code.
    pub code: Option<AreaCode>,
}

/// Into what several organisations are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One of them goes on.
    GoesOn(OrganisationId),
    /// A new one begins.
    New(NewOrganisation),
}

/// What an act is about to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// New organisations.
    pub begun: Vec<Organisation>,
    /// Organisations that go on otherwise, or end.
    pub changed: Vec<Organisation>,
    /// What is told about it.
    pub done: Done,
}

/// The event of an act, before it has an id and a hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What happened.
    pub happened: Happened,
    /// When, by which document and why.
    pub ground: Ground,
    /// What was before.
    pub from: Vec<Part>,
    /// What was after.
    pub into: Vec<Part>,
}

fn part(organisation: OrganisationId, span: &Span) -> Part {
    Part { organisation, name: span.name.clone(), code: span.code }
}

fn name(text: &str) -> Result<String, Problem> {
    let text = text.trim().to_owned();
    let count = text.chars().count();
    if (2..=NAME_CHARS_MAX).contains(&count) {
        return Ok(text);
    }
    bad(format!("机构名称应在 2 到 {NAME_CHARS_MAX} 个字之间,现为 {count} 个字。"))
}

/// The first span of a new organisation below another.
fn first(
    new: &NewOrganisation,
    (parent, above): (OrganisationId, &Span),
    on: NaiveDate,
) -> Result<Organisation, Problem> {
    new.kind.must_fit(new.code.as_ref())?;
    if (new.kind == Kind::Enterprise) != new.unit.is_some() {
        return bad("企(事)业单位应从名录库中选,其他机构不从名录库中选。");
    }
    let area = new.code.or(new.unit.map(|(_, area)| area)).unwrap_or(above.area);
    if !above.area.contains(&area) {
        return bad(format!("区划 {area} 不在上级“{}”的辖区内。", above.name));
    }
    let span = Span {
        from: on,
        until: None,
        kind: new.kind,
        name: name(&new.name)?,
        parent: Some(parent),
        code: new.code,
        area,
    };
    Ok(Organisation { id: new.id, unit: new.unit.map(|(unit, _)| unit), planned: None, spans: vec![span], revision: 0 })
}

impl Organisation {
    /// The last span, to be ended on a day: it must have begun before, so that something of it remains to be read.
    fn before(&self, on: NaiveDate) -> Result<&Span, Problem> {
        let last = self.going_on()?;
        if last.from < on {
            return Ok(last);
        }
        bad(format!("“{}”现在的登记从 {} 起,变动的生效日期应晚于这一天。", last.name, last.from))
    }

    /// The organisation with its last span ended on a day, and another one after it.
    pub fn goes_on(&self, on: NaiveDate, next: Option<Span>) -> Result<Organisation, Problem> {
        self.before(on)?;
        let mut spans = self.spans.clone();
        if let Some(last) = spans.last_mut() {
            last.until = Some(on);
        }
        spans.extend(next.map(|next| Span { from: on, until: None, ..next }));
        Ok(Organisation { spans, ..self.clone() })
    }
}

/// A new organisation below another.
pub fn add(new: &NewOrganisation, above: &Organisation, ground: Ground, today: NaiveDate) -> Result<Act, Problem> {
    let ground = ground.checked(Happened::Added, today)?;
    let span = above.going_on()?;
    if span.from > ground.on {
        return bad(format!("上级“{}”从 {} 起才有,新增日期不应早于这一天。", span.name, span.from));
    }
    if span.kind == Kind::Enterprise {
        return bad("企(事)业单位下面不再设机构。");
    }
    let begun = first(new, (above.id, span), ground.on)?;
    let into = begun.spans.iter().map(|span| part(begun.id, span)).collect();
    let done = Done { happened: Happened::Added, ground, from: Vec::new(), into };
    Ok(Act { begun: vec![begun], changed: Vec::new(), done })
}

/// What follows an organisation whose code or place changes: what stands below it moves along, and what works in its area without a
/// code of its own gets the new one. Enterprises are where the register says.
fn follow(
    followers: &[Organisation],
    gone: &[(OrganisationId, AreaCode)],
    on: NaiveDate,
    to: impl Fn(OrganisationId, Option<OrganisationId>) -> (OrganisationId, AreaCode),
) -> Result<Vec<Organisation>, Problem> {
    let mut moved = Vec::new();
    for follower in followers {
        let Ok(last) = follower.going_on() else { continue };
        let was = gone.iter().find(|(id, _)| last.parent == Some(*id));
        let is_in = gone.iter().any(|(_, area)| last.area == *area);
        let (target, area) = to(follower.id, last.parent);
        let keeps_area = last.code.is_some() || last.kind == Kind::Enterprise || !is_in;
        let next = Span {
            parent: if was.is_some() { Some(target) } else { last.parent },
            area: if keeps_area { last.area } else { area },
            ..last.clone()
        };
        if (next.parent, next.area) != (last.parent, last.area) {
            moved.push(follower.goes_on(on, Some(next))?);
        }
    }
    Ok(moved)
}

/// A new name, kind or code from a day on. `followers` are the organisations that work in its area.
pub fn rename(
    organisation: &Organisation,
    to: &Renaming,
    above: Option<&Organisation>,
    followers: &[Organisation],
    (ground, today): (Ground, NaiveDate),
) -> Result<Act, Problem> {
    let ground = ground.checked(Happened::Renamed, today)?;
    let last = organisation.before(ground.on)?;
    to.kind.must_fit(to.code.as_ref())?;
    if (to.kind == Kind::Enterprise) != (last.kind == Kind::Enterprise) {
        return bad("企(事)业单位与其他机构不能互相变更类型。");
    }
    let area = to.code.unwrap_or(last.area);
    if let Some(above) = above.and_then(Organisation::last).filter(|above| !above.area.contains(&area)) {
        return bad(format!("区划 {area} 不在上级“{}”的辖区内。", above.name));
    }
    let next = Span { kind: to.kind, name: name(&to.name)?, code: to.code, area, ..last.clone() };
    if (next.kind, &next.name, next.code) == (last.kind, &last.name, last.code) {
        return bad("名称、类型和区划代码都没有变。");
    }
    let (id, on) = (organisation.id, ground.on);
    let mut changed = vec![organisation.goes_on(on, Some(next.clone()))?];
    if area != last.area && last.code.is_some() {
        let others: Vec<Organisation> = followers.iter().filter(|one| one.id != id).cloned().collect();
        changed.extend(follow(&others, &[(id, last.area)], on, |_, parent| (parent.unwrap_or(id), area))?);
    }
    let done = Done { happened: Happened::Renamed, ground, from: vec![part(id, last)], into: vec![part(id, &next)] };
    Ok(Act { begun: Vec::new(), changed, done })
}

/// Several organisations become one: one of them, or a new one beside the first. `followers` are those below them and those that
/// work in their areas.
pub fn merge(
    merged: &[Organisation],
    target: &Target,
    above: &Organisation,
    followers: &[Organisation],
    (ground, today): (Ground, NaiveDate),
) -> Result<Act, Problem> {
    let ground = ground.checked(Happened::Merged, today)?;
    let on = ground.on;
    let ids: BTreeSet<OrganisationId> = merged.iter().map(|one| one.id).collect();
    if ids.len() != merged.len() || !(2..=PARTS_MAX).contains(&ids.len()) {
        return bad(format!("合并应选 2 到 {PARTS_MAX} 个机构,现选了 {} 个。", ids.len()));
    }
    let mut from = Vec::new();
    for one in merged {
        let last = one.before(on)?;
        if matches!(last.kind, Kind::Government | Kind::Enterprise) {
            return bad(format!("“{}”是{},不在这里合并。", last.name, last.kind.label()));
        }
        from.push((one, last.clone()));
    }
    let begun = match target {
        Target::GoesOn(_) => Vec::new(),
        Target::New(new) => vec![first(new, (above.id, above.going_on()?), on)?],
    };
    let goes_on = |id: &OrganisationId| from.iter().find(|(one, _)| one.id == *id).map(|(_, last)| last.clone());
    let (target, span) = match (target, begun.first().and_then(Organisation::last)) {
        (Target::New(new), Some(span)) => (new.id, span.clone()),
        (Target::GoesOn(id), _) => (*id, goes_on(id).ok_or(Problem::NotFound { what: "合并后的机构" })?),
        (Target::New(_), None) => return Err(Problem::NotFound { what: "合并后的机构" }),
    };
    let gone: Vec<(OrganisationId, AreaCode)> =
        from.iter().filter(|(one, _)| one.id != target).map(|(one, last)| (one.id, last.area)).collect();
    let mut changed = Vec::new();
    for (one, _) in from.iter().filter(|(one, _)| one.id != target) {
        changed.push(one.goes_on(on, None)?);
    }
    let others: Vec<Organisation> = followers.iter().filter(|one| !ids.contains(&one.id)).cloned().collect();
    changed.extend(follow(&others, &gone, on, |_, _| (target, span.area))?);
    let parts = from.iter().map(|(one, last)| part(one.id, last)).collect();
    let done = Done { happened: Happened::Merged, ground, from: parts, into: vec![part(target, &span)] };
    Ok(Act { begun, changed, done })
}

/// One organisation becomes several: new ones beside it, and itself where `goes_on`. `below` says for each organisation that stands
/// below it to which of the new ones it goes; without a word it stays, or goes to the first.
pub fn split(
    organisation: &Organisation,
    (new, goes_on): (&[NewOrganisation], bool),
    above: &Organisation,
    (followers, below): (&[Organisation], &BTreeMap<OrganisationId, OrganisationId>),
    (ground, today): (Ground, NaiveDate),
) -> Result<Act, Problem> {
    let ground = ground.checked(Happened::Split, today)?;
    let on = ground.on;
    let last = organisation.before(on)?.clone();
    let count = new.len() + usize::from(goes_on);
    if new.is_empty() || !(2..=PARTS_MAX).contains(&count) {
        return bad(format!("分设后应有 2 到 {PARTS_MAX} 个机构,现为 {count} 个。"));
    }
    if matches!(last.kind, Kind::Government | Kind::Enterprise) {
        return bad(format!("“{}”是{},不在这里分设。", last.name, last.kind.label()));
    }
    let mut begun: Vec<Organisation> = Vec::new();
    for one in new {
        begun.push(first(one, (above.id, above.going_on()?), on)?);
    }
    let spans: Vec<(OrganisationId, Span)> =
        begun.iter().filter_map(|one| Some((one.id, one.last()?.clone()))).collect();
    if last.kind.has_code() == Coded::Always {
        let codes: BTreeSet<AreaCode> = spans.iter().filter_map(|(_, span)| span.code).collect();
        let is_double = codes.len() < spans.len() || (goes_on && last.code.is_some_and(|code| codes.contains(&code)));
        if is_double {
            return bad("分设后的各机构应有各自的区划代码。");
        }
    }
    let stays = (organisation.id, last.clone());
    let mut into: Vec<(OrganisationId, Span)> = Vec::new();
    into.extend(goes_on.then_some(stays));
    into.extend(spans);
    let mut changed = Vec::new();
    if !goes_on {
        changed.push(organisation.goes_on(on, None)?);
    }
    let others: Vec<Organisation> = followers.iter().filter(|one| one.id != organisation.id).cloned().collect();
    let home = into.first().map_or((organisation.id, last.area), |(id, span)| (*id, span.area));
    let place = |id: OrganisationId, parent: Option<OrganisationId>| {
        let to = below.get(&id).or_else(|| parent.and_then(|parent| below.get(&parent)));
        let chosen = to.and_then(|to| into.iter().find(|(one, _)| one == to));
        chosen.map_or(home, |(id, span)| (*id, span.area))
    };
    changed.extend(follow(&others, &[(organisation.id, last.area)], on, place)?);
    let parts = into.iter().map(|(id, span)| part(*id, span)).collect();
    let done = Done { happened: Happened::Split, ground, from: vec![part(organisation.id, &last)], into: parts };
    Ok(Act { begun, changed, done })
}

/// An organisation ends, and nothing follows it. Refused while something stands below it.
pub fn end(organisation: &Organisation, below: usize, ground: Ground, today: NaiveDate) -> Result<Act, Problem> {
    let ground = ground.checked(Happened::Ended, today)?;
    let last = organisation.before(ground.on)?;
    if below > 0 {
        return bad(format!("“{}”下面还有 {below} 个机构。请先把它们终止,或者改用合并。", last.name));
    }
    let from = vec![part(organisation.id, last)];
    let changed = vec![organisation.goes_on(ground.on, None)?];
    Ok(Act { begun: Vec::new(), changed, done: Done { happened: Happened::Ended, ground, from, into: Vec::new() } })
}
