//! Staff 统计人员: lists, the people of a place, one with everything known, entering and correcting; who is missing whom.

mod form;
mod staffing;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use chrono::NaiveDate;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::staff::{self, Entry, Filter};
use youju_domain::Problem;
use youju_domain::id::{OrganisationId, StaffId, TenureId, UnitId};
use youju_domain::staff::{
    About, Appointment, Certificate, Course, Duty, Education, Establishment, Field, Qualified, Time, Workplace,
};

use crate::fields::Fields;
use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use form::exception;
pub(crate) use staffing::{csv, json, staffing};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    duty: String,
    #[serde(default)]
    r#where: String,
    #[serde(default)]
    ended: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            search: self.search.trim().to_owned(),
            duty: Duty::from_key(&self.duty),
            has_ended: self.ended == "yes",
            in_units: match self.r#where.as_str() {
                "units" => Some(true),
                "organisations" => Some(false),
                _ => None,
            },
        }
    }
}

/// The posts of the actor's area, or of their unit.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (filter, page) = (asked.filter(), page_request(asked.page));
    let found = web.app.read(Some(signed.actor.clone()), async |cx| staff::list(cx, &filter, page).await).await?;
    let head = Head {
        about: Some("谁在哪里做统计工作、是什么岗位。离任前要办工作交接。".into()),
        actions: Some(html! {
            @if signed.actor.role.is_officer() {
                a.button href=(url::STAFFING) { "人员配备" }
                a.button href=(url::ENUMERATORS) { "辅助调查员" }
                a.button href=(url::SPONSORSHIPS) { "包保" }
                a.button href=(url::case_new("staff_change")) { "提出变动" }
            }
            @if let Some(unit) = signed.actor.unit { a.button.primary href=(url::unit_staff(unit)) { "本单位人员" } }
            a.button href=(url::HANDOVERS) { "工作交接" }
        }),
        ..Head::of("统计人员")
    };
    let typed = [asked.search.as_str(), &asked.duty, &asked.r#where, &asked.ended];
    Ok(whole(&signed.frame, &head, &view::list(&found, typed)))
}

/// The people of an organisation.
pub(crate) async fn of_organisation(state: State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let organisation: OrganisationId = id(path)?;
    of_place(&state, &signed, Workplace::Organisation(organisation)).await
}

/// The people of a unit.
pub(crate) async fn of_unit(state: State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    of_place(&state, &signed, Workplace::Unit(unit)).await
}

async fn of_place(web: &Web, signed: &Signed, at: Workplace) -> Answer<Markup> {
    let (place, people) = web.app.read(Some(signed.actor.clone()), async |cx| staff::in_place(cx, at).await).await?;
    let head = Head {
        crumbs: place_crumbs(at, &place.name, None),
        about: Some(place.name.clone()),
        actions: place
            .may_write(&signed.actor)
            .then(|| html! { a.button.primary href=(url::place_staff_new(at)) { "登记人员" } }),
        ..Head::of("统计人员")
    };
    Ok(whole(&signed.frame, &head, &view::of_place(&people)))
}

/// The way down to the people of a place.
fn place_crumbs(at: Workplace, name: &str, here: Option<&str>) -> Vec<(String, Option<String>)> {
    let address = match at {
        Workplace::Organisation(id) => url::organisation(id),
        Workplace::Unit(id) => url::unit(id),
    };
    let people = here.is_some().then(|| url::place_staff(at));
    let mut crumbs = vec![(name.to_owned(), Some(address)), ("统计人员".to_owned(), people)];
    crumbs.extend(here.map(|here| (here.to_owned(), None)));
    crumbs
}

#[derive(Deserialize)]
struct New {
    /// Somebody of the register who gets another post; none for somebody new.
    #[serde(default)]
    staff: String,
    /// Words by which somebody of the register is looked for.
    #[serde(default)]
    search: String,
}

/// The form of a new post in an organisation.
pub(crate) async fn new_in_organisation(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let organisation: OrganisationId = id(path)?;
    new(&state, &signed, Workplace::Organisation(organisation), query(raw)?).await
}

/// The form of a new post in a unit.
pub(crate) async fn new_in_unit(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    new(&state, &signed, Workplace::Unit(unit), query(raw)?).await
}

async fn new(web: &Web, signed: &Signed, at: Workplace, asked: New) -> Answer<Markup> {
    let chosen: Option<StaffId> = match asked.staff.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::NotFound { what: "统计人员" })?),
    };
    let (place, chosen, found) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let place = staff::place(cx, at).await?;
            if !place.may_write(cx.actor()?) {
                return Err(Problem::Forbidden.into());
            }
            let chosen = match chosen {
                Some(chosen) => Some(staff::get(cx, chosen).await?.staff),
                None => None,
            };
            let filter = Filter { search: asked.search.trim().to_owned(), ..Filter::default() };
            let found = match filter.search.as_str() {
                "" => None,
                _ => Some(staff::list(cx, &filter, page_request(1)).await?),
            };
            Ok((place, chosen, found))
        })
        .await?;
    let title = if chosen.is_some() { "登记任职" } else { "登记人员" };
    let head = Head {
        crumbs: place_crumbs(at, &place.name, Some(title)),
        about: Some(match at {
            Workplace::Unit(_) => format!("{}。登记以后自动报备县级统计机构。", place.name),
            Workplace::Organisation(_) => place.name.clone(),
        }),
        ..Head::of(title)
    };
    Ok(whole(&signed.frame, &head, &form::enrol(&place, chosen.as_ref(), found.as_ref(), &asked.search)))
}

fn about(fields: &Fields) -> Result<About, Problem> {
    Ok(About {
        name: fields.get("name").to_owned(),
        born: fields.number("born", "出生年份")?,
        education: Education::from_key(fields.get("education")),
        began: fields.number("began", "从事统计工作起始年份")?,
    })
}

fn appointment(fields: &Fields) -> Result<Appointment, Problem> {
    Ok(Appointment {
        duty: fields.choice("duty", "岗位", Duty::from_key)?,
        time: fields.choice("time", "专职或兼职", Time::from_key)?,
        establishment: fields.choice("establishment", "编制性质", Establishment::from_key)?,
        fields: fields.all("field").filter_map(Field::from_key).collect(),
        work: fields.get("work").to_owned(),
        document: fields.get("document").to_owned(),
        since: fields.must_day("since", "任职日期")?,
    })
}

/// Enters somebody into an organisation.
pub(crate) async fn enrol_in_organisation(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let organisation: OrganisationId = id(path)?;
    enrol(&state, signed, Workplace::Organisation(organisation), &body).await
}

/// Enters somebody into a unit.
pub(crate) async fn enrol_in_unit(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let unit: UnitId = id(path)?;
    enrol(&state, signed, Workplace::Unit(unit), &body).await
}

async fn enrol(web: &Web, signed: Signed, at: Workplace, body: &[u8]) -> Answer {
    let fields = Fields::read(body)?;
    let post = appointment(&fields)?;
    let entered = match fields.get("staff") {
        "" => {
            let about = about(&fields)?;
            let login = fields.get("login").to_owned();
            web.app.write(Some(signed.actor), async |cx| staff::enrol(cx, at, about, post, &login).await).await?
        }
        known => {
            let known: StaffId = known.parse().map_err(|_| damaged())?;
            web.app.write(Some(signed.actor), async |cx| staff::appoint(cx, known, at, post).await).await?;
            known
        }
    };
    Ok(see(&url::staff(entered), "staff_entered"))
}

/// Somebody with everything that is known.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let who: StaffId = id(path)?;
    let sheet = web.app.read(Some(signed.actor.clone()), async |cx| staff::get(cx, who).await).await?;
    let title = sheet.staff.name.clone();
    let now = sheet.tenures.iter().find(|(held, _)| held.tenure.holds_on(sheet.on));
    let head = Head {
        crumbs: vec![("统计人员".into(), Some(url::STAFF.into())), (title.clone(), None)],
        badge: Some(view::badge(&sheet)),
        about: now.map(|(held, _)| format!("{} {}", held.place, held.tenure.duty.label())),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::sheet(&sheet, signed.frame.cell_word.as_deref().unwrap_or("网格"))))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, Path((who, _)): Path<(String, String)>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::staff(id(Path(who))?)))
}

/// What is told of somebody, a qualification, a training, or what was entered wrongly.
pub(crate) async fn act(
    State(web): State<Web>,
    signed: Signed,
    Path((who, act)): Path<(String, String)>,
    RawForm(body): RawForm,
) -> Answer {
    let who: StaffId = id(Path(who))?;
    let fields = Fields::read(&body)?;
    match act.as_str() {
        "change" => {
            let (about, login) = (about(&fields)?, fields.get("login").to_owned());
            let revision = fields.get("revision").parse().map_err(|_| damaged())?;
            web.app.write(Some(signed.actor), async |cx| staff::change(cx, who, about, &login, revision).await).await?;
        }
        "qualify" => {
            let one = certificate(&fields)?;
            web.app.write(Some(signed.actor), async |cx| staff::qualify(cx, who, one).await).await?;
        }
        "train" => {
            let one = course(&fields)?;
            web.app.write(Some(signed.actor), async |cx| staff::train(cx, who, one).await).await?;
        }
        "strike" => {
            let entry = match (fields.get("kind"), fields.get("entry")) {
                ("qualification", entry) => Entry::Qualification(entry.parse().map_err(|_| damaged())?),
                (_, entry) => Entry::Training(entry.parse().map_err(|_| damaged())?),
            };
            let why = fields.get("reason").to_owned();
            web.app.write(Some(signed.actor), async |cx| staff::strike(cx, who, entry, &why).await).await?;
        }
        _ => return Err(Problem::NotFound { what: "页面" }.into()),
    }
    Ok(see(&url::staff(who), "staff_changed"))
}

fn certificate(fields: &Fields) -> Result<Certificate, Problem> {
    Ok(Certificate {
        kind: fields.choice("kind", "资格类型", Qualified::from_key)?,
        number: fields.get("number").to_owned(),
        issued_on: fields.must_day("issued", "发证日期")?,
        expires_on: fields.day("expires")?,
    })
}

fn course(fields: &Fields) -> Result<Course, Problem> {
    let missing = || Problem::BadInput { reason: "请填写学时。".into() };
    Ok(Course {
        held_on: fields.must_day("held", "培训日期")?,
        hours: fields.number("hours", "学时")?.ok_or_else(missing)?,
        subject: fields.get("subject").to_owned(),
        organiser: fields.get("organiser").to_owned(),
        passed: match fields.get("passed") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    })
}

/// The form by which somebody without anything to hand over leaves.
pub(crate) async fn release_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let tenure: TenureId = id(path)?;
    let choice =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::handover::choice(cx, tenure).await).await?;
    let title = format!("{}离任", choice.held.name);
    let head = Head {
        crumbs: vec![
            ("统计人员".into(), Some(url::STAFF.into())),
            (choice.held.name.clone(), Some(url::staff(choice.held.tenure.staff))),
            ("离任".into(), None),
        ],
        about: Some(format!("{} {}", choice.held.place, choice.held.tenure.duty.label())),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &form::release(&choice)))
}

/// Ends the post of somebody without anything to hand over.
pub(crate) async fn release(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let tenure: TenureId = id(path)?;
    let fields = Fields::read(&body)?;
    let on: NaiveDate = fields.must_day("on", "离任日期")?;
    let (document, exception) = (fields.get("document").to_owned(), fields.get("exception").to_owned());
    let who = web
        .app
        .write(Some(signed.actor), async |cx| staff::release(cx, tenure, on, &document, &exception).await)
        .await?;
    Ok(see(&url::staff(who), "staff_released"))
}
