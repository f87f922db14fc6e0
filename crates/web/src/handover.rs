//! Handover 工作交接: begun from a post, signed by three people, each over the list as it stands.

mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use maud::Markup;
use serde::Deserialize;
use youju_app::handover::{self, New};
use youju_domain::Problem;
use youju_domain::handover::Stage;
use youju_domain::id::{HandoverId, TenureId};

use crate::fields::Fields;
use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use view::rows as waiting;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    page: i64,
}

/// The handovers that the actor looks after or takes part in.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (stage, page) = (Stage::from_key(&asked.stage), page_request(asked.page));
    let found = web.app.read(Some(signed.actor.clone()), async |cx| handover::list(cx, stage, page).await).await?;
    let head = Head {
        crumbs: vec![("统计人员".into(), Some(url::STAFF.into())), ("工作交接".into(), None)],
        about: Some("离任前,没办完的事和保管的资料要列清、移交、接收、监交;三方签完,原来的账号当即停用。".into()),
        ..Head::of("工作交接")
    };
    Ok(whole(&signed.frame, &head, &view::list(&found, &asked.stage)))
}

/// The form that begins a handover.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let tenure: TenureId = id(path)?;
    let choice = web.app.read(Some(signed.actor.clone()), async |cx| handover::choice(cx, tenure).await).await?;
    let title = format!("{}的工作交接", choice.held.name);
    let head = Head {
        crumbs: vec![
            ("统计人员".into(), Some(url::STAFF.into())),
            (choice.held.name.clone(), Some(url::staff(choice.held.tenure.staff))),
            ("工作交接".into(), None),
        ],
        about: Some(format!("{} {}", choice.held.place, choice.held.tenure.duty.label())),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::form(&choice)))
}

/// Begins a handover.
pub(crate) async fn begin(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let tenure: TenureId = id(path)?;
    let fields = Fields::read(&body)?;
    let nobody = || Problem::BadInput { reason: "请选择接收人。".into() };
    let new = New {
        tenure,
        taker: fields.get("taker").parse().map_err(|_| nobody())?,
        document: fields.get("document").to_owned(),
        exception: fields.get("exception").to_owned(),
        papers: fields.get("papers").to_owned(),
    };
    let begun = web.app.write(Some(signed.actor), async |cx| handover::begin(cx, new).await).await?;
    Ok(see(&url::handover(begun), "handover_begun"))
}

/// A handover with its list and signatures.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let handover: HandoverId = id(path)?;
    let seen = web.app.read(Some(signed.actor.clone()), async |cx| handover::get(cx, handover).await).await?;
    let title = format!("{}的工作交接", seen.listed.held.name);
    let head = Head {
        crumbs: vec![
            ("统计人员".into(), Some(url::STAFF.into())),
            ("工作交接".into(), Some(url::HANDOVERS.into())),
            (title.clone(), None),
        ],
        badge: Some(view::stage(seen.listed.handover.stage)),
        about: Some(format!("{} {}", seen.listed.held.place, seen.listed.held.tenure.duty.label())),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::page(&seen)))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::handover(id(path)?)))
}

/// Signs.
pub(crate) async fn sign(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let handover: HandoverId = id(path)?;
    let fields = Fields::read(&body)?;
    let (seal, instead) = (fields.get("seal").to_owned(), fields.get("instead").to_owned());
    if seal.is_empty() {
        return Err(damaged().into());
    }
    let stage =
        web.app.write(Some(signed.actor), async |cx| handover::sign(cx, handover, &seal, &instead).await).await?;
    Ok(see(&url::handover(handover), if stage == Stage::Done { "handover_done" } else { "handover_signed" }))
}

/// Takes a handover back.
pub(crate) async fn withdraw(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let handover: HandoverId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| handover::withdraw(cx, handover).await).await?;
    Ok(see(&url::handover(handover), "handover_withdrawn"))
}
