//! Grid 网格: coverage by townships, the cells of one, a cut before it is adopted, and mending by hand.

mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::grid::{self, Move, To};
use youju_codes::{AreaCode, area};
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::grid::Rule;

use crate::request::{Answer, Signed, damaged, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Which of the areas with a rule; the first where empty.
    #[serde(default)]
    area: String,
    /// The day that is looked at; today where empty.
    #[serde(default)]
    on: String,
}

impl Asked {
    fn day(&self) -> Answer<Option<NaiveDate>> {
        match self.on.as_str() {
            "" => Ok(None),
            text => Ok(Some(text.parse().map_err(|_| Problem::BadInput { reason: "请选择一个日期。".into() })?)),
        }
    }
}

fn name_of(area: &AreaCode) -> String {
    area::name(area).unwrap_or(area.as_str()).to_owned()
}

fn place_of(Path(code): Path<String>) -> Answer<AreaCode> {
    AreaCode::parse(&code).map_err(|_| Problem::NotFound { what: "页面" }.into())
}

/// Coverage of the person's area, township by township.
pub(crate) async fn board(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let on = asked.day()?;
    let named = match asked.area.as_str() {
        "" => None,
        code => Some(place_of(Path(code.to_owned()))?),
    };
    let (areas, found) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            cx.allow(Action::View, Object::Area(&cx.actor()?.area))?;
            let areas = grid::jurisdictions(cx)?;
            let Some(own) = named.or(areas.first().copied()) else { return Ok((areas, None)) };
            let rule = grid::rule(cx, &own)?.clone();
            Ok((areas, Some((own, rule, grid::board(cx, own, on).await?))))
        })
        .await?;
    let Some((own, rule, places)) = found else {
        return Ok(whole(&signed.frame, &Head::of("网格"), &view::no_rule()));
    };
    let arranges = decide(&signed.actor, Action::Arrange, Object::Area(&own));
    let head = Head {
        about: Some(format!(
            "{}。同一产业 {}—{} 家划为一个{},单位少的可以跨产业。",
            name_of(&own),
            rule.size.min(),
            rule.size.max(),
            rule.word
        )),
        actions: Some(html! {
            @if !rule.tiers.is_empty() { a.button href=(url::seats_of(&own)) { (rule.word) "任职" } }
            @if arranges { a.button.primary href=(url::grid_cut(&own)) { (if places.iter().all(|place| place.cells.is_empty()) { "自动划分" } else { "重新划分" }) } }
        }),
        ..Head::of(&rule.word)
    };
    Ok(whole(&signed.frame, &head, &view::board(&rule, &places, (&areas, &own), &asked.on)))
}

/// The cells of one township.
pub(crate) async fn township(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let (area, asked): (AreaCode, Asked) = (place_of(path)?, query(raw)?);
    let on = asked.day()?;
    let (rule, places) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let places = grid::board(cx, area, on).await?;
            Ok((grid::rule(cx, &area)?.clone(), places))
        })
        .await?;
    let place = places.into_iter().find(|place| place.area == area).unwrap_or_else(|| grid::Place::empty(area));
    let arranges =
        on.is_none() && grid::can_be_mended(&area) && decide(&signed.actor, Action::Arrange, Object::Area(&area));
    let title = name_of(&area);
    let head = Head {
        crumbs: crumbs(&rule, vec![(title.clone(), None)]),
        about: Some(view::about(&rule, &place)),
        actions: Some(html! {
            @if arranges {
                a.button href=(url::grid_cut(&area)) { "重新划分" }
                a.button.primary href=(url::grid_recut(&area)) { "人工调整" }
            }
        }),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::township(&rule, &place)))
}

fn crumbs(rule: &Rule, rest: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
    [(rule.word.clone(), Some(url::GRIDS.to_owned()))].into_iter().chain(rest).collect()
}

/// What cutting an area anew would give.
pub(crate) async fn cut(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let area = place_of(path)?;
    let (rule, proposal) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            Ok((grid::rule(cx, &area)?.clone(), grid::propose(cx, area).await?))
        })
        .await?;
    let title = format!("{}的划分方案", name_of(&area));
    let head = Head {
        crumbs: crumbs(&rule, vec![(title.clone(), None)]),
        about: Some("这是系统按规则算出的方案,还没有生效。".into()),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::proposal(&rule, &proposal)))
}

#[derive(Deserialize)]
struct Adopted {
    fingerprint: String,
}

/// Adopts the cut that was looked at.
pub(crate) async fn adopt(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let area = place_of(path)?;
    let typed: Adopted = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| grid::adopt(cx, area, &typed.fingerprint).await).await?;
    Ok(see(url::GRIDS, "grids_adopted"))
}

/// The cells of a township with everything that can be moved.
pub(crate) async fn hand(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let area = place_of(path)?;
    signed.actor.must(Action::Arrange, Object::Area(&area))?;
    if !grid::can_be_mended(&area) {
        return Err(Problem::NotFound { what: "页面" }.into());
    }
    let (rule, places) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            Ok((grid::rule(cx, &area)?.clone(), grid::board(cx, area, None).await?))
        })
        .await?;
    let place = places.into_iter().find(|place| place.area == area).unwrap_or_else(|| grid::Place::empty(area));
    let name = name_of(&area);
    let title = format!("调整{name}的{}", rule.word);
    let head = Head {
        crumbs: crumbs(&rule, vec![(name, Some(url::grid_township(&area))), ("人工调整".into(), None)]),
        about: Some(format!("把单位拖到另一个{0},或者在单位后面选择{0}。保存以前不生效。", rule.word)),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::hand(&rule, &place)))
}

/// Takes what was moved by hand. A field `unit.UNIT.FROM` holds where the unit goes: a cell, or `new.0`.
pub(crate) async fn recut(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let area = place_of(path)?;
    let fields: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let wanted: Vec<Move> = fields.iter().map(moved).collect::<Answer<Vec<_>>>()?.into_iter().flatten().collect();
    // Names of new cells that nothing goes into are left alone.
    let mut made: Vec<String> = Vec::new();
    let mut places = Vec::new();
    for number in 0..view::NEW_CELLS {
        let is_used = wanted.iter().any(|moved| moved.to == To::New(number));
        places.push(made.len());
        if is_used {
            made.push(value(&format!("new.{number}")).unwrap_or_default().to_owned());
        }
    }
    let moves: Vec<Move> = wanted
        .into_iter()
        .map(|moved| match moved.to {
            To::New(number) => Move { to: To::New(places.get(number).copied().unwrap_or_default()), ..moved },
            To::Cell(_) => moved,
        })
        .collect();
    if moves.is_empty() {
        return Err(Problem::BadInput { reason: "没有单位要调整。".into() }.into());
    }
    let reason = value("reason").unwrap_or_default().to_owned();
    web.app.write(Some(signed.actor), async |cx| grid::recut(cx, area, &made, &moves, &reason).await).await?;
    Ok(see(&url::grid_township(&area), "grids_recut"))
}

/// A field of the form as a move; none where the unit stays.
fn moved((key, value): &(String, String)) -> Answer<Option<Move>> {
    let Some(rest) = key.strip_prefix("unit.") else { return Ok(None) };
    let (unit, from) = rest.split_once('.').ok_or_else(damaged)?;
    if value == from {
        return Ok(None);
    }
    let unit = unit.parse().map_err(|_| damaged())?;
    let from_cell = match from {
        "" => None,
        id => Some(id.parse().map_err(|_| damaged())?),
    };
    let to = match value.strip_prefix("new.") {
        Some(number) => To::New(number.parse().map_err(|_| damaged())?),
        None => To::Cell(value.parse().map_err(|_| damaged())?),
    };
    Ok(Some(Move { unit, from: from_cell, to }))
}

/// A number of units as a page tells it.
pub(crate) fn number(units: usize) -> String {
    part::count(u64::try_from(units).unwrap_or_default())
}
