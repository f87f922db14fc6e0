//! 新入库辅导: what is owed to units that have become ones that report, the service pack, first reports, the bulletin of a month.

mod bulletin;
mod pack;
mod view;

use axum::Router;
use axum::extract::{Multipart, Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::Markup;
use serde::Deserialize;
use youju_app::attachment;
use youju_app::onboarding::{self as app, Filter, Sort, Which};
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::id::UnitId;
use youju_domain::onboarding::Typed;

use crate::attachment::answer;
use crate::fields::{Fields, day};
use crate::ledger::unhurried;
use crate::parts::Parts;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use view::waiting;

/// The addresses of the room.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(url::ONBOARDING, get(list))
        .route(url::ONBOARDING_BULLETIN, get(bulletin::page))
        .route(url::ONBOARDING_BULLETIN_CSV, get(bulletin::csv))
        .route(url::FIRST_REPORTS, get(bulletin::first_reports))
        .route(url::FIRST_REPORTS_CSV, get(bulletin::first_reports_csv))
        .route("/units/{id}/onboarding", get(of_unit))
        .route("/units/{id}/onboarding/confirm", post(confirm).get(back))
        .route("/units/{id}/onboarding/items/{item}/note", post(note).get(back_from_item))
        .route("/units/{id}/onboarding/items/{item}/strike", post(strike).get(back_from_item))
        .route("/units/{id}/onboarding/files/{hash}", get(file))
        .route("/units/{id}/service-pack", get(pack::page))
        .route("/units/{id}/service-pack/zip", get(pack::zip))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    stands: String,
    #[serde(default)]
    page: i64,
}

/// An area as an address names it; none for the whole of one's own.
fn area(text: &str) -> Result<Option<AreaCode>, Problem> {
    match text.trim() {
        "" => Ok(None),
        code => AreaCode::parse(code).map(Some).map_err(|error| Problem::BadInput { reason: error.to_string() }),
    }
}

fn filter(asked: &Asked) -> Result<Filter, Problem> {
    Ok(Filter {
        search: asked.search.clone(),
        area: area(&asked.area)?,
        from: day(&asked.from)?,
        to: day(&asked.to)?,
        on: day(&asked.on)?,
        sort: Sort::from_key(&asked.sort),
        item: Which::from_key(&asked.stands)
            .filter(|_| !asked.item.is_empty())
            .map(|which| (asked.item.clone(), which)),
    })
}

/// The new units of the actor's area.
async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (filter, page) = (filter(&asked)?, page_request(asked.page));
    let found = web.app.read(Some(signed.actor.clone()), async |cx| app::list(cx, &filter, page).await).await?;
    let head = Head {
        about: Some("新纳入的调查单位,从纳入之日起按本地规定办理“四个一”辅导服务。逾期由系统按工作日计算。".into()),
        actions: Some(view::actions()),
        crumbs: vec![("名录".into(), Some(url::UNITS.into())), ("新入库辅导".into(), None)],
        ..Head::of("新入库辅导")
    };
    let today = youju_domain::survey::local(web.app.world().now()).date();
    Ok(whole(&signed.frame, &head, &view::list(&found, &filter, filter.on.unwrap_or(today))))
}

/// What is owed to a unit.
async fn of_unit(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let sheet = web.app.read(Some(signed.actor.clone()), async |cx| app::get(cx, unit).await).await?;
    let mut crumbs = crate::register::area_crumbs(&sheet.unit, false);
    crumbs.push(("新入库辅导".into(), None));
    let head = Head {
        about: Some(sheet.unit.name.clone()),
        actions: Some(view::pack_button(unit)),
        crumbs,
        ..Head::of("新入库辅导")
    };
    Ok(whole(&signed.frame, &head, &view::sheet(&sheet, web.app.world().now())))
}

/// The unit confirms that it has the pack.
async fn confirm(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let unit: UnitId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| app::confirm(cx, unit).await).await?;
    Ok(see(&url::unit_onboarding(unit), "onboarding_done"))
}

type Two = Path<(String, String)>;

/// An officer notes that an item was done.
async fn note(State(web): State<Web>, signed: Signed, Path((unit, item)): Two, multipart: Multipart) -> Answer {
    let unit: UnitId = id(Path(unit))?;
    let mut parts = Parts::receive(multipart).await?;
    let files = parts.take_files("file");
    let fields = &parts.fields;
    let text = |name: &str| fields.exact(name).to_owned();
    let typed = Typed { note: text("note"), link: text("link"), done_on: fields.day("done_on")?, file: None };
    let scanner = web.app.clone();
    let looked = unhurried(move || attachment::look_at(&scanner, files)).await?;
    web.app.write(Some(signed.actor), async |cx| app::note(cx, unit, &item, typed, looked).await).await?;
    Ok(see(&url::unit_onboarding(unit), "onboarding_done"))
}

/// Takes back that an item was done.
async fn strike(State(web): State<Web>, signed: Signed, Path((unit, item)): Two, RawForm(body): RawForm) -> Answer {
    let (unit, fields): (UnitId, Fields) = (id(Path(unit))?, Fields::read(&body)?);
    let reason = fields.get("reason");
    web.app.write(Some(signed.actor), async |cx| app::strike(cx, unit, &item, reason).await).await?;
    Ok(see(&url::unit_onboarding(unit), "onboarding_struck"))
}

/// A file that proves an item. It may be written down who fetches it.
async fn file(State(web): State<Web>, signed: Signed, Path((unit, hash)): Two) -> Answer {
    let unit: UnitId = id(Path(unit))?;
    let fetched = web.app.write(Some(signed.actor), async |cx| app::fetch(cx, unit, &hash).await).await?;
    Ok(answer(fetched, false))
}

/// The address of a command, asked for as a page.
async fn back(_: Signed, path: Path<String>) -> Answer<Redirect> {
    let unit: UnitId = id(path)?;
    Ok(Redirect::to(&url::unit_onboarding(unit)))
}

/// The address of a command on an item, asked for as a page.
async fn back_from_item(_: Signed, Path((unit, _)): Two) -> Answer<Redirect> {
    let unit: UnitId = id(Path(unit))?;
    Ok(Redirect::to(&url::unit_onboarding(unit)))
}
