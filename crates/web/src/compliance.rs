//! Compliance 台账达标: of one unit with everything compared, and of an area as a list.

mod view;

use axum::extract::{Path, RawQuery, State};
use maud::Markup;
use serde::Deserialize;
use youju_app::compliance::{Order, of_area, of_unit};
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::id::UnitId;

use crate::Web;
use crate::register::{area_crumbs, page_request};
use crate::request::{Answer, Signed, id, query};
use crate::ui::frame::{Head, page as whole};

/// The ledgers of a unit over the last three years.
pub(crate) async fn unit(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let (unit, compliance) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let compliance = of_unit(cx, unit).await?;
            Ok((youju_app::register::get(cx, unit).await?, compliance))
        })
        .await?;
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("台账达标".into(), None));
    let head = Head {
        crumbs,
        badge: Some(view::verdict(compliance.is_met())),
        about: Some("近三年每个应报的报告期:有没有台账,凭证、台账、报表是否一致。".into()),
        ..Head::of("台账达标")
    };
    Ok(whole(&signed.frame, &head, &view::unit(unit.id, &compliance)))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    township: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    page: i64,
}

/// Whether the ledgers of the units of an area are there.
pub(crate) async fn area(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let parse = |text: &str| AreaCode::parse(text).map_err(|error| Problem::BadInput { reason: error.to_string() });
    let township = if asked.township.is_empty() { None } else { Some(parse(&asked.township)?) };
    let order = if asked.order == view::BY_NAME { Order::Name } else { Order::WorstFirst };
    let request = page_request(asked.page);
    let overview =
        web.app.read(Some(signed.actor.clone()), async |cx| of_area(cx, township, order, request).await).await?;
    let head = Head {
        about: Some("近三年各单位的台账齐不齐,缺得多的在前。".into()), ..Head::of("台账达标")
    };
    Ok(whole(&signed.frame, &head, &view::area(&overview, township, order)))
}
