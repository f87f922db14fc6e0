//! Seats 网格任职: the tiers with who is missing, naming and relieving, and a cell as those see it who follow it.

mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::seat;
use youju_codes::{AreaCode, area};
use youju_domain::Problem;
use youju_domain::id::{GridId, OrganisationId, SeatId, StaffId};
use youju_domain::seat::{Place, Role};

use crate::fields::Fields;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use view::own;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    area: String,
    #[serde(default)]
    only: String,
}

/// The grids of an area by tier, with who sits there.
pub(crate) async fn board(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let named = match asked.area.as_str() {
        "" => None,
        code => Some(AreaCode::parse(code).map_err(|_| Problem::NotFound { what: "页面" })?),
    };
    let (area, word, found) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let not_found = Problem::NotFound { what: "网格" };
            let areas = youju_app::grid::jurisdictions(cx)?;
            let own = named.or(areas.first().copied()).ok_or(not_found)?;
            let found = seat::board(cx, own).await?;
            Ok((own, youju_app::grid::rule(cx, &own)?.word.clone(), found))
        })
        .await?;
    let title = format!("{word}任职");
    let name = area::name(&area).unwrap_or(area.as_str());
    let head = Head {
        crumbs: vec![(word.clone(), Some(url::GRIDS.into())), (title.clone(), None)],
        about: Some(format!("{name}。各层级由谁负责,哪里还没有人。")),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::board(&found, &word, &area, &asked.only)))
}

#[derive(Deserialize)]
struct Searched {
    #[serde(default)]
    search: String,
}

/// Who sits in a cell.
pub(crate) async fn of_cell(state: State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let cell: GridId = id(path)?;
    of_place(&state, &signed, Place::Grid(cell), query(raw)?).await
}

/// Who sits in an organisation as a grid of its tier.
pub(crate) async fn of_organisation(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let organisation: OrganisationId = id(path)?;
    of_place(&state, &signed, Place::Organisation(organisation), query(raw)?).await
}

async fn of_place(web: &Web, signed: &Signed, place: Place, asked: Searched) -> Answer<Markup> {
    let (sheet, candidates) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let sheet = seat::get(cx, place).await?;
            let is_asked = sheet.may_arrange && !asked.search.trim().is_empty();
            let area = sheet.seated.area;
            let candidates = if is_asked { Some(seat::candidates(cx, &area, &asked.search).await?) } else { None };
            Ok((sheet, candidates))
        })
        .await?;
    let title = format!("{}:{}任职", sheet.seated.name, sheet.word);
    let head = Head {
        crumbs: vec![
            (sheet.word.clone(), Some(url::GRIDS.into())),
            (format!("{}任职", sheet.word), Some(url::seats_of(&sheet.seated.area))),
            (sheet.seated.name.clone(), None),
        ],
        about: Some(sheet.seated.tier.name.clone()),
        actions: match place {
            Place::Grid(cell) => Some(html! { a.button href=(url::grid_cell(cell)) { "报送状态" } }),
            Place::Organisation(_) => None,
        },
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::sheet(&sheet, candidates.as_deref(), &asked.search)))
}

/// Names somebody in a cell.
pub(crate) async fn name_in_cell(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let cell: GridId = id(path)?;
    name(&state, signed, Place::Grid(cell), &body).await
}

/// Names somebody in an organisation.
pub(crate) async fn name_in_organisation(
    state: State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let organisation: OrganisationId = id(path)?;
    name(&state, signed, Place::Organisation(organisation), &body).await
}

async fn name(web: &Web, signed: Signed, place: Place, body: &[u8]) -> Answer {
    let fields = Fields::read(body)?;
    let nobody = || Problem::BadInput { reason: "请先查找并选择一个人。".into() };
    let who: StaffId = fields.get("staff").parse().map_err(|_| nobody())?;
    let role = fields.choice("role", "职务", Role::from_key)?;
    let since = fields.must_day("since", "任职日期")?;
    let document = fields.get("document").to_owned();
    web.app.write(Some(signed.actor), async |cx| seat::name(cx, (place, role), who, (since, &document)).await).await?;
    Ok(see(&url::seats(place), "seat_named"))
}

/// Relieves somebody.
pub(crate) async fn relieve(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let one: SeatId = id(path)?;
    let place = web.app.write(Some(signed.actor), async |cx| seat::relieve(cx, one).await).await?;
    Ok(see(&url::seats(place), "seat_relieved"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed) -> Redirect {
    Redirect::to(url::SEATS)
}

/// A cell with its lights.
pub(crate) async fn cell(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let cell: GridId = id(path)?;
    let lights = web.app.read(Some(signed.actor.clone()), async |cx| seat::lights(cx, cell).await).await?;
    let is_officer = signed.actor.role.is_officer();
    let title = lights.grid.name.clone();
    let township = area::name(&lights.grid.area).unwrap_or(lights.grid.area.as_str());
    let mut crumbs = Vec::new();
    if is_officer {
        crumbs.push((lights.word.clone(), Some(url::GRIDS.into())));
        crumbs.push((township.to_owned(), Some(url::grid_township(&lights.grid.area))));
    }
    crumbs.push((title.clone(), None));
    let head = Head {
        crumbs,
        about: Some(match lights.role {
            Some(role) if !is_officer => format!(
                "{township}。您是这里的{},可以看到各单位报到哪一步,看不到其他单位的数据。",
                role.label(&lights.word)
            ),
            _ => township.to_owned(),
        }),
        actions: is_officer.then(|| html! { a.button href=(url::seats(Place::Grid(cell))) { (lights.word) "任职" } }),
        ..Head::of(&title)
    };
    let now = web.app.world().now();
    Ok(whole(&signed.frame, &head, &view::lights(&lights, signed.actor.unit, is_officer, now)))
}
