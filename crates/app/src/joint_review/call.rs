//! Calling a meeting: over which reports, and with whom.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, Scope};
use youju_domain::id::{PersonId, ReportId, UnitId, WindowId};
use youju_domain::joint_review::{Drawn, JointReview, MEMBERS_MAX, Member, Office, Source, Subject, draw};
use youju_domain::person::Person;
use youju_domain::survey::Window;
use youju_store::joint_review::{self, Candidate, Seed};
use youju_store::register::{Page, PageRequest};
use youju_store::report::HEADLINES_MAX;
use youju_store::{person, register, report};

use super::{draft, must_name_nobody, tell_members, tell_office};
use crate::context::Cx;
use crate::crypto::sha256;
use crate::error::{Error, Result};
use crate::survey;

/// A meeting that is to be called.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// Over the reports of which window.
    pub window: WindowId,
    /// Of which part of its area; none for all that the office reviews.
    pub area: Option<AreaCode>,
    /// In words.
    pub topic: String,
    /// With whom.
    pub members: Vec<PersonId>,
}

/// What an office chooses members from.
pub struct Choice {
    /// The window.
    pub window: Window,
    /// All that the office reviews of it.
    pub area: AreaCode,
    /// Who was chosen so far.
    pub chosen: Vec<Candidate>,
    /// Who was found.
    pub found: Page<Candidate>,
}

/// People of the office's area who could be called, and those that were chosen so far.
pub async fn choose(
    cx: &mut Cx<'_>,
    window: WindowId,
    chosen: &[PersonId],
    search: &str,
    page: PageRequest,
) -> Result<Choice> {
    let (window, area) = reviewed(cx, window).await?;
    let actor = cx.actor()?.clone();
    let mut known = Vec::new();
    for person in people(cx, chosen).await? {
        let unit = match person.unit {
            Some(unit) => register::get(cx.tx(), unit).await?,
            None => None,
        };
        let unit_name = unit.map(|unit| unit.name);
        let Person { id, name, role, area, .. } = person;
        known.push(Candidate { person: id, name, role, area, unit_name });
    }
    let found = joint_review::candidates(cx.tx(), (&actor.area, actor.person), search.trim(), page).await?;
    Ok(Choice { window, area, chosen: known, found })
}

/// A window and the part of it that the actor reviews.
async fn reviewed(cx: &mut Cx<'_>, window: WindowId) -> Result<(Window, AreaCode)> {
    let window = survey::get(cx, window).await?;
    let area = survey::narrower(&window.area, &cx.actor()?.area);
    cx.allow(Action::Review, Object::Area(&area))?;
    Ok((window, area))
}

/// Those who may be called, each once; somebody who may not is not found.
async fn people(cx: &mut Cx<'_>, chosen: &[PersonId]) -> Result<Vec<Person>> {
    let chosen: BTreeSet<PersonId> = chosen.iter().copied().collect();
    if chosen.len() > MEMBERS_MAX {
        let reason = format!("请选择 1 到 {MEMBERS_MAX} 名成员,现选了 {} 名。", chosen.len());
        return Err(Problem::BadInput { reason }.into());
    }
    let actor = cx.actor()?.clone();
    let mut people = Vec::new();
    for id in chosen {
        let found = person::get(cx.tx(), id).await?.filter(|person| Office::may_call(&actor, person));
        people.push(found.ok_or(Error::Problem(Problem::NotFound { what: "人员" }))?);
    }
    Ok(people)
}

/// The office calls a meeting: the sheet is drawn and frozen, the members are told.
pub async fn call(cx: &mut Cx<'_>, new: NewMeeting) -> Result<JointReview> {
    let (window, whole) = reviewed(cx, new.window).await?;
    let area = new.area.unwrap_or(whole);
    if !whole.contains(&area) {
        return Err(Problem::NotFound { what: "地区" }.into());
    }
    let office = Office::of(cx.actor()?, &area, cx.app().domain_of(&window.form))?;
    must_name_nobody(cx, &area, &new.topic).await?;
    let secret = secret(cx);
    let members = numbered(people(cx, &new.members).await?, &secret);
    let (drawn, key) = drawn(cx, &window, &area, &secret).await?;
    let subject =
        Subject { window: window.id, form: window.form.clone(), period: window.period, area, topic: new.topic };
    let called = JointReview::call(cx.new_id(), &office, subject, (members, drawn.sheet), cx.now())?;
    let sheet_hash = joint_review::add(cx.tx(), &called, &key).await?;
    let body = if called.subject.topic.is_empty() {
        "请看联审表,写下意见。".to_owned()
    } else {
        called.subject.topic.clone()
    };
    let told = draft(&called, "请参加联审联评", &body);
    tell_members(cx, &called, &told, true).await?;
    tell_office(cx, &called, &draft(&called, "联审联评已召集", &body)).await?;
    let payload = json!({
        "window": called.subject.window, "form": called.subject.form, "period": called.subject.period,
        "area": called.subject.area.as_str(), "text": called.subject.topic, "level": called.level,
        "members": called.members.iter().map(|member| member.person).collect::<Vec<_>>(),
        "lines": called.sheet.lines.len(), "sheet_hash": sheet_hash,
    });
    cx.record("joint_review.called", ("joint_review", called.id.to_string()), payload).await?;
    Ok(called)
}

/// What the lots are drawn with: nobody can guess it, and it is not kept. Identifiers are ordered by time, so that only a hash over
/// several of them, in which there is chance enough, says nothing about the order of the units.
fn secret(cx: &Cx<'_>) -> String {
    let drawn: Vec<u8> = (0..4).flat_map(|_| cx.new_id::<()>().uuid().into_bytes()).collect();
    sha256(&drawn)
}

fn lot(secret: &str, of: impl std::fmt::Display) -> String {
    sha256(format!("{secret} {of}").as_bytes())
}

fn numbered(mut people: Vec<Person>, secret: &str) -> Vec<Member> {
    people.sort_by_cached_key(|person| lot(secret, person.id));
    let member = |(number, person): (u32, Person)| Member {
        number,
        person: person.id,
        name: person.name,
        unit: person.unit.filter(|_| person.role.is_respondent()),
    };
    (1..).zip(people).map(member).collect()
}

/// The sheet of what is handed in, and whose its lines are.
async fn drawn(
    cx: &mut Cx<'_>,
    window: &Window,
    area: &AreaCode,
    secret: &str,
) -> Result<(Drawn, Vec<(ReportId, UnitId)>)> {
    let form = cx.app().form(&window.form)?;
    let headline = form.headline.get(..HEADLINES_MAX).unwrap_or(&form.headline);
    let periods = (window.period.previous_in(form.period_kind()), window.period.same_last_year());
    let scope = Scope::Area(*area);
    let weighed = report::weighed(cx.tx(), (window.id, &scope), headline, periods).await?;
    let mut figures: BTreeMap<ReportId, _> = weighed.into_iter().map(|one| (one.id, one.figures)).collect();
    let seeds = joint_review::seeds(cx.tx(), window.id, area).await?;
    let mut source = |seed: &Seed| Source {
        lot: lot(secret, seed.report),
        figures: figures.remove(&seed.report).unwrap_or_default(),
        explained: seed.explained,
        open: seed.open,
        has_open_query: seed.queries > 0,
        is_late: seed.is_late,
    };
    let sources: Vec<Source> = seeds.iter().map(&mut source).collect();
    let label = |id| form.cell(id).map_or_else(|| "主要指标".to_owned(), |cell| cell.label.clone());
    let drawn = draw(headline.iter().map(label).collect(), &sources)?;
    let of = |place: &usize| seeds.get(*place).map(|seed| (seed.report, seed.unit));
    let key = drawn.places.iter().filter_map(of).collect();
    Ok((drawn, key))
}
