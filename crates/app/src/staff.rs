//! Register of staff 统计人员: who does statistics where, as what, qualified and trained how. Whoever answers for a place writes its people:
//! a unit its own (and the county is told), an office those of the places that answer to it. A post with an account is left by a handover.

pub(crate) mod consent;
mod staffing;

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::dormancy::Standing;
use youju_domain::id::{PersonId, QualificationId, StaffId, TenureId, TrainingId};
use youju_domain::message::Kind;
use youju_domain::norm::Post;
use youju_domain::organisation;
use youju_domain::person::Person;
use youju_domain::report::Level;
use youju_domain::seat::Seat;
use youju_domain::staff::{
    About, Appointment, Certificate, Course, Duty, Qualification, Staff, Tenure, Training, Workplace,
};
use youju_profile::for_area;
use youju_store::register::{Page, PageRequest};
use youju_store::{StoreError, handover, organisation as organisations, person, register, seat, staff as store};

use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_area};
use crate::organisation::{object, today};

pub use staffing::{Asked, Owing, Staffing, csv, staffing};
pub use youju_store::staff::{Filter, Held};

pub(crate) fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "统计人员" })
}

/// A place as somebody may look at it and write its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which one.
    pub at: Workplace,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
    /// What kind of organisation it is; none for a unit.
    pub kind: Option<organisation::Kind>,
    /// The level that it answers to.
    pub answers_to: Level,
}

impl Place {
    fn object(&self) -> Object<'_> {
        match self.at {
            Workplace::Unit(id) => Object::Unit { id, area: &self.area },
            Workplace::Organisation(_) => {
                Object::Organisation { area: &self.area, unit: None, answers_to: self.answers_to }
            }
        }
    }

    /// True when the actor may look at its people.
    pub fn may_view(&self, actor: &Actor) -> bool {
        decide(actor, Action::View, self.object())
    }

    /// True when the actor may write its people: a unit its own, an office those of the places that answer to it.
    pub fn may_write(&self, actor: &Actor) -> bool {
        let own = matches!(self.at, Workplace::Unit(_)) && decide(actor, Action::Submit, self.object());
        own || decide(actor, Action::Review, self.object())
    }

    /// True when the actor may watch over a handover there: who is in charge of the unit, or the office that it answers to.
    pub fn may_witness(&self, actor: &Actor) -> bool {
        decide(actor, Action::Authorise, self.object()) || decide(actor, Action::Review, self.object())
    }
}

/// A place, for those who may look at its people.
pub async fn place(cx: &mut Cx<'_>, at: Workplace) -> Result<Place> {
    let gone = || Error::Problem(Problem::NotFound { what: "单位或机构" });
    let found = match at {
        Workplace::Unit(id) => {
            let unit = register::get(cx.tx(), id).await?.ok_or_else(gone)?;
            Place { at, name: unit.name, area: unit.area, kind: None, answers_to: Level::Township }
        }
        Workplace::Organisation(id) => {
            let found = organisations::get(cx.tx(), id).await?.ok_or_else(gone)?;
            let span = found.last().ok_or_else(gone)?;
            let Object::Organisation { answers_to, .. } = object(span, found.unit) else { return Err(gone()) };
            Place { at, name: span.name.clone(), area: span.area, kind: Some(span.kind), answers_to }
        }
    };
    if found.may_view(cx.actor()?) { Ok(found) } else { Err(gone()) }
}

/// The same, to write its people.
pub(crate) async fn written(cx: &mut Cx<'_>, at: Workplace) -> Result<Place> {
    let place = place(cx, at).await?;
    if place.may_write(cx.actor()?) { Ok(place) } else { Err(Problem::Forbidden.into()) }
}

/// One page of the posts that the actor may look at.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Held>> {
    let actor = cx.actor()?.clone();
    if !actor.role.is_officer() && !actor.role.is_respondent() {
        return Err(not_found());
    }
    let on = today(cx);
    Ok(store::list(cx.tx(), &actor.scope(), filter, on, page).await?)
}

/// The posts of a place today.
pub async fn in_place(cx: &mut Cx<'_>, at: Workplace) -> Result<(Place, Vec<Held>)> {
    let place = place(cx, at).await?;
    let on = today(cx);
    let held = store::in_place(cx.tx(), at, on).await?;
    Ok((place, held))
}

/// Somebody, as the actor may look at them.
pub struct Sheet {
    /// Who.
    pub staff: Staff,
    /// Their posts, the newest first, each with the open handover, if there is one.
    pub tenures: Vec<(Held, Option<youju_domain::id::HandoverId>)>,
    /// What they are qualified for.
    pub qualifications: Vec<Qualification>,
    /// What they were trained in.
    pub trainings: Vec<Training>,
    /// Their seats in grids, with the names of the places.
    pub seats: Vec<(Seat, String)>,
    /// What they answer and ever answered for, with the names of the tiers.
    pub sponsorships: Vec<(youju_store::sponsorship::Sponsored, String)>,
    /// What they sign in with, and how the account stands.
    pub account: Option<(String, Standing)>,
    /// Today.
    pub on: NaiveDate,
    /// The actor may write about them.
    pub may_write: bool,
    /// They are the actor.
    pub is_self: bool,
}

/// Somebody with everything that is known about them.
pub async fn get(cx: &mut Cx<'_>, id: StaffId) -> Result<Sheet> {
    let actor = cx.actor()?.clone();
    let staff = store::get(cx.tx(), id).await?.ok_or_else(not_found)?;
    let is_self = staff.person == Some(actor.person);
    let on = today(cx);
    let (mut tenures, mut may_write) = (Vec::new(), false);
    for held in store::of_staff(cx.tx(), id).await? {
        let seen = match place(cx, held.tenure.at).await {
            Ok(place) => Some(place),
            Err(Error::Problem(_)) => None,
            Err(fault) => return Err(fault),
        };
        may_write |= held.tenure.until.is_none_or(|until| until > on)
            && seen.as_ref().is_some_and(|seen| seen.may_write(&actor));
        if is_self || seen.is_some() {
            let open = handover::open_of(cx.tx(), held.tenure.id).await?;
            tenures.push((held, open));
        }
    }
    if tenures.is_empty() {
        return Err(not_found());
    }
    let account = match staff.person {
        Some(person) => {
            let (person, account) = crate::account::of(cx, person).await?;
            Some((person.login, account.life.standing(cx.now())))
        }
        None => None,
    };
    Ok(Sheet {
        tenures,
        qualifications: store::qualifications(cx.tx(), id).await?,
        trainings: store::trainings(cx.tx(), id).await?,
        seats: seat::of_staff(cx.tx(), id).await?,
        sponsorships: crate::sponsorship::of_staff(cx, id).await?,
        account,
        on,
        may_write,
        is_self,
        staff,
    })
}

/// Somebody about whom the actor may write.
async fn writable(cx: &mut Cx<'_>, id: StaffId) -> Result<Sheet> {
    let sheet = get(cx, id).await?;
    if sheet.may_write { Ok(sheet) } else { Err(Problem::Forbidden.into()) }
}

/// The account that somebody of a place signs in with; none where no login is named.
async fn account_for(cx: &mut Cx<'_>, login: &str, place: &Place) -> Result<Option<PersonId>> {
    let login = login.trim();
    if login.is_empty() {
        return Ok(None);
    }
    let fits = |person: &Person| match place.at {
        Workplace::Unit(unit) => person.role.is_respondent() && person.unit == Some(unit),
        Workplace::Organisation(_) => person.role.is_officer() && person.area == place.area,
    };
    let found = person::by_login(cx.tx(), login).await?.map(|(person, _)| person).filter(fits);
    let reason = format!("“{}”没有登录名为“{login}”的账号。账号由系统管理员开设,可以以后再填。", place.name);
    found.map(|person| Some(person.id)).ok_or(Problem::BadInput { reason }.into())
}

fn conflict(error: StoreError) -> Error {
    match error {
        StoreError::Constraint(name) if name.starts_with("staff_person_key") => Problem::BadInput {
            reason: "这个账号已登记在另一个人名下。账号实名,一人一号。".into(),
        }
        .into(),
        other => other.into(),
    }
}

/// Enters somebody with their first post.
pub async fn enrol(cx: &mut Cx<'_>, at: Workplace, about: About, post: Appointment, login: &str) -> Result<StaffId> {
    let place = written(cx, at).await?;
    let on = today(cx);
    let (about, post) = (about.read(on.year())?, post.read(on)?);
    let staff = Staff {
        id: cx.new_id(),
        person: account_for(cx, login, &place).await?,
        name: about.name,
        born: about.born,
        education: about.education,
        began: about.began,
        revision: 0,
    };
    store::add(cx.tx(), &staff).await.map_err(conflict)?;
    begin(cx, &staff, &place, post).await?;
    Ok(staff.id)
}

/// Gives somebody another post.
pub async fn appoint(cx: &mut Cx<'_>, id: StaffId, at: Workplace, post: Appointment) -> Result<TenureId> {
    let staff = get(cx, id).await?.staff;
    let place = written(cx, at).await?;
    let on = today(cx);
    begin(cx, &staff, &place, post.read(on)?).await
}

async fn begin(cx: &mut Cx<'_>, staff: &Staff, place: &Place, post: Appointment) -> Result<TenureId> {
    let on = today(cx);
    if matches!(place.at, Workplace::Unit(_)) && matches!(post.duty, Duty::Chief | Duty::Auxiliary) {
        let reason = format!("调查单位没有{}岗位,请选统计负责人或统计员。", post.duty.label());
        return Err(Problem::BadInput { reason }.into());
    }
    let here = store::in_place(cx.tx(), place.at, on).await?;
    if here.iter().any(|held| held.tenure.staff == staff.id && held.tenure.duty == post.duty) {
        let reason = format!("{}已是{}的{}。", staff.name, place.name, post.duty.label());
        return Err(Problem::BadInput { reason }.into());
    }
    if post.duty == Duty::Chief && here.iter().any(|held| held.tenure.duty == Duty::Chief) {
        let reason = format!("{}已有首席统计员。请先办理交接,再任命新的。", place.name);
        return Err(Problem::BadInput { reason }.into());
    }
    let tenure = post.begin(cx.new_id(), staff.id, place.at);
    store::add_tenure(cx.tx(), &tenure).await?;
    let payload = json!({
        "name": staff.name, "place": place.name, "duty": tenure.duty.key(), "since": tenure.since,
        "document": tenure.document,
    });
    cx.record("staff.appointed", ("staff", staff.id.to_string()), payload).await?;
    let what = format!("{}自 {} 起任{}", staff.name, tenure.since, tenure.duty.label());
    report(cx, place, staff.id, what).await?;
    Ok(tenure.id)
}

/// Staff of units are reported to the county when they change; the program does it with the change.
async fn report(cx: &mut Cx<'_>, place: &Place, staff: StaffId, what: String) -> Result<()> {
    let Workplace::Unit(_) = place.at else { return Ok(()) };
    let draft = Draft {
        kind: Kind::Staff,
        title: format!("{}统计人员变动", place.name),
        body: format!("{what}。变动已登记备案。"),
        about: ("staff", staff.to_string()),
    };
    tell_area(cx, Level::County, (&place.area, None), &draft, false).await
}

/// Corrects what is told of somebody, and which account is theirs.
pub async fn change(cx: &mut Cx<'_>, id: StaffId, about: About, login: &str, revision: i64) -> Result<()> {
    let sheet = writable(cx, id).await?;
    let on = today(cx);
    let about = about.read(on.year())?;
    let person = if sheet.account.as_ref().is_some_and(|(own, _)| own == login.trim()) {
        sheet.staff.person
    } else {
        let held = sheet.tenures.iter().find(|(held, _)| held.tenure.holds_on(on)).ok_or_else(not_found)?;
        let place = place(cx, held.0.tenure.at).await?;
        account_for(cx, login, &place).await?
    };
    if sheet.staff.revision != revision {
        return Err(Problem::Conflict.into());
    }
    let changed = Staff {
        person,
        name: about.name,
        born: about.born,
        education: about.education,
        began: about.began,
        ..sheet.staff
    };
    store::put(cx.tx(), &changed).await.map_err(conflict)?;
    let payload = json!({ "name": changed.name, "account": changed.person });
    cx.record("staff.changed", ("staff", id.to_string()), payload).await
}

/// Notes a qualification.
pub async fn qualify(cx: &mut Cx<'_>, id: StaffId, certificate: Certificate) -> Result<()> {
    writable(cx, id).await?;
    let on = today(cx);
    let one = Qualification { id: cx.new_id(), staff: id, certificate: certificate.read(on)? };
    store::add_qualification(cx.tx(), &one).await?;
    let payload = json!({
        "kind": one.certificate.kind.key(), "number": one.certificate.number, "until": one.certificate.expires_on,
    });
    cx.record("staff.qualified", ("staff", id.to_string()), payload).await
}

/// Notes a training.
pub async fn train(cx: &mut Cx<'_>, id: StaffId, course: Course) -> Result<()> {
    writable(cx, id).await?;
    let on = today(cx);
    let one = Training { id: cx.new_id(), staff: id, course: course.read(on)? };
    store::add_training(cx.tx(), &one).await?;
    let payload = json!({ "subject": one.course.subject, "on": one.course.held_on, "hours": one.course.hours });
    cx.record("staff.trained", ("staff", id.to_string()), payload).await
}

/// What was entered wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A qualification.
    Qualification(QualificationId),
    /// A training.
    Training(TrainingId),
}

/// Strikes out what was entered wrongly; it stays in the journal.
pub async fn strike(cx: &mut Cx<'_>, id: StaffId, entry: Entry, why: &str) -> Result<()> {
    writable(cx, id).await?;
    let why = youju_domain::grid::read_reason(why)?;
    let kind = match entry {
        Entry::Qualification(one) => {
            store::strike_qualification(cx.tx(), (id, one), &why).await.map(|()| "qualification")
        }
        Entry::Training(one) => store::strike_training(cx.tx(), (id, one), &why).await.map(|()| "training"),
    };
    let payload = json!({ "entry": kind?, "reason": why });
    cx.record("staff.struck", ("staff", id.to_string()), payload).await
}

/// The years of a term by the norms of an area, for a chief of a kind of place.
pub(crate) fn term(cx: &Cx<'_>, held: &Held) -> Option<u32> {
    let profile = for_area(cx.app().profiles(), &held.area)?;
    let norms = profile.norms.iter().filter(|norm| held.kind.is_some_and(|kind| norm.kinds.contains(&kind)));
    norms.flat_map(|norm| &norm.minima).filter(|one| one.post == Post::Chief).find_map(|one| one.term_years)
}

/// Ends the post of somebody who has nothing to hand over in the program: an auxiliary, or anybody without an account.
pub async fn release(cx: &mut Cx<'_>, id: TenureId, on: NaiveDate, document: &str, exception: &str) -> Result<StaffId> {
    let held = store::held(cx.tx(), id).await?.ok_or_else(not_found)?;
    let place = written(cx, held.tenure.at).await?;
    if held.person.is_some() && held.tenure.duty != Duty::Auxiliary {
        let reason = format!("{}有账号和未办完的事项,离任要先办理工作交接。", held.name);
        return Err(Problem::BadInput { reason }.into());
    }
    if on > today(cx) {
        return Err(Problem::BadInput { reason: "离任日期不能晚于今天。".into() }.into());
    }
    let ended = held.tenure.end(on, document, term(cx, &held), exception)?;
    finish(cx, &held, &place, &ended).await?;
    Ok(held.tenure.staff)
}

/// Writes the end of a post.
pub(crate) async fn finish(cx: &mut Cx<'_>, held: &Held, place: &Place, ended: &Tenure) -> Result<()> {
    store::put_tenure(cx.tx(), ended).await?;
    let payload = json!({
        "name": held.name, "place": held.place, "duty": ended.duty.key(), "until": ended.until, "by": ended.left_by,
    });
    cx.record("staff.released", ("staff", ended.staff.to_string()), payload).await?;
    let until = ended.until.map(|until| until.to_string()).unwrap_or_default();
    let what = format!("{}自 {until} 起不再任{}", held.name, ended.duty.label());
    report(cx, place, ended.staff, what).await
}
