//! Archive 档案盒: of an area as a list, of one unit or project with what is missing, as a file, and whose terms have passed.

mod view;

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use maud::Markup;
use serde::Deserialize;
use youju_app::archive::{self, Part};
use youju_app::compliance::Order;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::id::UnitId;
use youju_domain::survey::local;

use crate::register::{area_crumbs, page_request};
use crate::request::{Answer, Signed, damaged, id, query};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// Years for which a box can be asked.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;
/// Years after which the first files have been kept as long as they must be.
const FIRST_TERM_YEARS: i32 = 3;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    year: String,
    #[serde(default)]
    township: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    fn township(&self) -> Result<Option<AreaCode>, Problem> {
        let parse = |text: &str| AreaCode::parse(text).map_err(|error| Problem::BadInput { reason: error.to_string() });
        if self.township.is_empty() { Ok(None) } else { parse(&self.township).map(Some) }
    }

    fn year(&self, otherwise: i32) -> Result<i32, Problem> {
        if self.year.is_empty() { Ok(otherwise) } else { year(&self.year) }
    }
}

fn year(text: &str) -> Result<i32, Problem> {
    let bad = || Problem::BadInput { reason: format!("年度应写成四位数字,例如 2026,现为“{text}”。") };
    text.parse().ok().filter(|year| YEARS.contains(year)).ok_or_else(bad)
}

fn this_year(web: &Web) -> i32 {
    local(web.app.world().now()).date().year()
}

/// What can be counted of the boxes of an area; a unit's people are led to their own.
pub(crate) async fn area(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer {
    if let Some(unit) = signed.actor.unit {
        return Ok(Redirect::to(&url::archive(unit, this_year(&web), None)).into_response());
    }
    let asked: Asked = query(raw)?;
    let (year, township) = (asked.year(this_year(&web))?, asked.township()?);
    let order = if asked.order == view::BY_NAME { Order::Name } else { Order::WorstFirst };
    let request = page_request(asked.page);
    let actor = Some(signed.actor.clone());
    let read = web.app.read(actor, async |cx| archive::of_area(cx, year, township, order, request).await);
    let overview = read.await?;
    let head = Head {
        period: Some(format!("{year}年")),
        about: Some("各单位的档案盒齐不齐,缺得多的在前。".into()),
        actions: Some(view::to_expired()),
        ..Head::of("档案盒")
    };
    Ok(whole(&signed.frame, &head, &view::area(&overview, year, township, order)).into_response())
}

/// Whose files have been kept as long as they must be.
pub(crate) async fn expired(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (year, township) = (asked.year(this_year(&web) - FIRST_TERM_YEARS)?, asked.township()?);
    let request = page_request(asked.page);
    let actor = Some(signed.actor.clone());
    let expired = web.app.read(actor, async |cx| archive::expired(cx, year, township, request).await).await?;
    let head = Head {
        crumbs: vec![("档案盒".into(), Some(url::ARCHIVE.into())), ("到期可鉴定".into(), None)],
        period: Some(format!("{year}年")),
        about: Some("保存期限已满的原文件和附件,供鉴定用;列在这里不等于销毁。".into()),
        ..Head::of("到期可鉴定")
    };
    Ok(whole(&signed.frame, &head, &view::expired(&expired, year, township)))
}

/// From the register: the box of the year in work.
pub(crate) async fn of_unit(State(web): State<Web>, _signed: Signed, path: Path<String>) -> Answer {
    Ok(Redirect::to(&url::archive(id(path)?, this_year(&web), None)).into_response())
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    project: String,
    #[serde(default)]
    part: String,
}

impl Which {
    fn project(&self) -> Option<&str> {
        (!self.project.is_empty()).then_some(self.project.as_str())
    }
}

fn box_of(unit: String, of: &str) -> Answer<(UnitId, i32)> {
    Ok((id(Path(unit))?, year(of)?))
}

/// The box of a unit and year, or of one of its projects.
pub(crate) async fn unit(
    State(web): State<Web>,
    signed: Signed,
    Path((unit, of)): Path<(String, String)>,
    raw: RawQuery,
) -> Answer<Markup> {
    let (unit, year) = box_of(unit, &of)?;
    let which: Which = query(raw)?;
    let actor = Some(signed.actor.clone());
    let read = web.app.read(actor, async |cx| archive::of_unit(cx, unit, year, which.project()).await);
    let archive = read.await?;
    let mut crumbs = area_crumbs(&archive.unit, false);
    let own = archive.project.as_ref().map(|_| url::archive(unit, year, None));
    crumbs.push(("档案盒".into(), own));
    crumbs.extend(archive.project.as_ref().map(|project| (project.name.clone(), None)));
    let head = Head {
        crumbs,
        period: Some(format!("{year}年")),
        badge: Some(view::verdict(archive.counts())),
        about: Some("应归档的材料、已有的和还缺的,随时按现有材料算出。".into()),
        ..Head::of("档案盒")
    };
    Ok(whole(&signed.frame, &head, &view::unit(&archive)))
}

/// The box, or a part of it, to be saved.
pub(crate) async fn export(
    State(web): State<Web>,
    signed: Signed,
    Path((unit, of)): Path<(String, String)>,
    raw: RawQuery,
) -> Answer<Response> {
    let at = box_of(unit, &of)?;
    let which: Which = query(raw)?;
    let part = Part::parse(&which.part).ok_or_else(damaged)?;
    let exported = archive::export(&web.app, signed.actor, at, which.project(), part).await?;
    let head = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", url::encode(&exported.name))),
        // It holds strangers' files, and is boxed in as each of them is by itself.
        (header::CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((head, exported.content).into_response())
}
