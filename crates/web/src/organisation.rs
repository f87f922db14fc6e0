//! Organisations 机构: the tree on a day, one with its history, the acts, setting up from a profile, and what an area code of one day is on
//! another.

mod act;
mod form;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::organisation::{self, Seen};
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::id::{OrganisationId, UnitId};

use crate::fields::day;
use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use act::{
    add, add_enterprises, add_form, end, end_form, merge, merge_form, rename, rename_form, split, split_form,
};

fn code(text: &str) -> Result<Option<AreaCode>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    AreaCode::parse(text).map(Some).map_err(|error| Problem::BadInput { reason: error.to_string() })
}

/// The way down to an organisation.
pub(crate) fn crumbs(above: &[(OrganisationId, String)]) -> Vec<(String, Option<String>)> {
    let mut crumbs = vec![("机构".to_owned(), Some(url::ORGANISATIONS.to_owned()))];
    crumbs.extend(above.iter().map(|(id, name)| (name.clone(), Some(url::organisation(*id)))));
    crumbs
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    on: String,
    #[serde(default)]
    page: i64,
}

/// The tree on a day.
pub(crate) async fn tree(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let on = day(&asked.on)?;
    let (tree, can_set_up) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let can_set_up = !organisation::profiles(cx)?.is_empty();
            Ok((organisation::tree(cx, on).await?, can_set_up))
        })
        .await?;
    let head = Head {
        about: Some("本辖区的机构:按日期查看,变动前的情况仍可查到。".into()),
        actions: Some(html! {
            @if can_set_up { a.button href=(url::ORGANISATIONS_SET_UP) { "按地方配置设置" } }
            a.button href=(url::STAFF) { "统计人员" }
            a.button href=(url::STAFFING) { "人员配备" }
            a.button href=(url::STANDARDS) { "规范化清单" }
            a.button href=(url::ORGANISATIONS_RECUT) { "区划对照" }
        }),
        ..Head::of("机构")
    };
    Ok(whole(&signed.frame, &head, &view::tree(&tree, can_set_up)))
}

/// One organisation as of a day, with its history.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let organisation: OrganisationId = id(path)?;
    let asked: Asked = query(raw)?;
    let (on, request) = (day(&asked.on)?, page_request(asked.page));
    let seen: Seen = web
        .app
        .read(Some(signed.actor.clone()), async |cx| organisation::get(cx, organisation, on, request).await)
        .await?;
    let last = seen.span.as_ref().or(seen.organisation.last()).ok_or(Problem::NotFound { what: "机构" })?;
    let title = last.name.clone();
    let mut crumbs = if signed.actor.role.is_officer() { crumbs(&seen.above) } else { Vec::new() };
    crumbs.push((title.clone(), None));
    let is_going_on = seen.organisation.ended_on().is_none();
    let head = Head {
        crumbs,
        badge: Some(view::badge(&seen)),
        about: Some(format!("{} · 截至 {} 的情况", last.kind.label(), seen.on)),
        actions: (seen.may_arrange && is_going_on).then(|| view::actions(&seen)),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::page(&seen)))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::organisation(id(path)?)))
}

/// From the register: the organisation that the unit is.
pub(crate) async fn of_unit(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Redirect> {
    let unit: UnitId = id(path)?;
    let found = web.app.read(Some(signed.actor), async |cx| organisation::of_unit(cx, unit).await).await?;
    Ok(Redirect::to(&url::organisation(found)))
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    profile: String,
    #[serde(default)]
    shown: String,
}

/// What setting up would do.
pub(crate) async fn dry_run(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let which: Which = query(raw)?;
    let (profiles, run) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let profiles: Vec<(String, String)> =
                organisation::profiles(cx)?.into_iter().map(|one| (one.id.clone(), one.name.clone())).collect();
            let first = profiles.first().map(|(id, _)| id.clone());
            let wanted = if which.profile.is_empty() { first } else { Some(which.profile.clone()) };
            let wanted = wanted.ok_or(Problem::NotFound { what: "地方配置" })?;
            Ok((profiles, organisation::dry_run(cx, &wanted).await?))
        })
        .await?;
    let mut crumbs = crumbs(&[]);
    crumbs.push(("按地方配置设置".into(), None));
    let head = Head {
        crumbs,
        about: Some("先看清单,再设置;整套设置或整套不设置。再次设置时,没有变化的不会改动。".into()),
        ..Head::of("按地方配置设置机构")
    };
    Ok(whole(&signed.frame, &head, &view::dry_run(&profiles, &run)))
}

/// Sets up what the dry run has shown.
pub(crate) async fn set_up(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let which: Which = read(&String::from_utf8_lossy(&body))?;
    let shown: usize = which.shown.parse().map_err(|_| damaged())?;
    web.app.write(Some(signed.actor), async |cx| organisation::set_up(cx, &which.profile, shown).await).await?;
    Ok(see(url::ORGANISATIONS, "organisations_set_up"))
}

#[derive(Deserialize, Default)]
struct Cut {
    #[serde(default)]
    code: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// What an area code of one day is on another.
pub(crate) async fn recut(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Cut = query(raw)?;
    let wanted = match (code(&asked.code)?, day(&asked.from)?, day(&asked.to)?) {
        (Some(code), Some(from), Some(to)) => Some((code, from, to)),
        _ => None,
    };
    let found = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            if let Some((code, from, to)) = wanted {
                return Ok(Some(organisation::recut(cx, code, from, to).await?));
            }
            // Nobody is asked a question whose answer they may not see.
            organisation::tree(cx, None).await.map(|_| None)
        })
        .await?;
    let mut crumbs = crumbs(&[]);
    crumbs.push(("区划对照".into(), None));
    let head = Head {
        crumbs,
        about: Some("一个区划代码在另一天是哪些代码,数据能不能按原口径换算过去再换算回来。".into()),
        ..Head::of("区划对照")
    };
    let typed = [asked.code.as_str(), &asked.from, &asked.to];
    Ok(whole(&signed.frame, &head, &view::recut(typed, wanted, found.as_ref())))
}
