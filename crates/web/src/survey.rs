//! Windows 报表布置 and their progress.

mod calendar;
mod form;
mod select;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use maud::Markup;
use serde::Deserialize;
use youju_app::survey::{NewWindow, open as open_window};
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::check_list::Provision;
use youju_domain::id::{ReportId, WindowId};
use youju_domain::survey::Window;

use crate::request::{Answer, Refusal, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};
use form::TypedTimes;

pub(crate) use calendar::{back, calendar, change, change_form, lock, open_prepared, prepare_year};

/// All windows that touch the person's area.
pub(crate) async fn list(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let windows = web.app.read(Some(signed.actor.clone()), async |cx| youju_app::survey::list(cx).await).await?;
    let may_arrange = decide(&signed.actor, Action::Arrange, Object::Area(&signed.actor.area));
    let forms: Vec<(String, String)> = web
        .app
        .programmes()
        .values()
        .flat_map(youju_programme::Programme::forms)
        .map(|form| (form.code.clone(), form.title()))
        .collect();
    let head = Head {
        about: Some("每张表、每个报告期的开网、截止和关网时间。".into()), ..Head::of("报送进度")
    };
    Ok(whole(
        &signed.frame,
        &head,
        &view::windows(&windows, may_arrange.then_some(forms.as_slice()), web.app.world().now()),
    ))
}

#[derive(Deserialize)]
struct Typed {
    form: String,
    period: String,
}

/// Opens a window for the officer's area.
pub(crate) async fn open(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let body = String::from_utf8_lossy(&body);
    let (typed, instants) = (read::<Typed>(&body)?, read::<TypedTimes>(&body)?);
    let period = Period::parse(&typed.period).map_err(|error| bad(error.to_string()))?;
    let new = NewWindow {
        area: signed.actor.area,
        form: typed.form,
        period,
        times: instants.times()?,
        chain: instants.chain()?,
    };
    let opened = web.app.write(Some(signed.actor), async |cx| open_window(cx, new).await).await?;
    Ok(see(&url::window(opened.window), "opened"))
}

fn bad(reason: String) -> Refusal {
    Problem::BadInput { reason }.into()
}

/// Progress of one window by township.
pub(crate) async fn board(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let (window, rows, acceptable) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let (window, rows) = youju_app::survey::board(cx, window).await?;
            let acceptable = match signed.actor.role.level() {
                Some(_) => youju_app::review::acceptable(cx, window.id).await?.len(),
                None => 0,
            };
            Ok((window, rows, acceptable))
        })
        .await?;
    let title = web.app.form(&window.form).map_or_else(|_| window.form.clone(), youju_programme::Form::title);
    // Townships neither write check lists nor see them.
    let inspects = decide(&signed.actor, Action::Inspect, Object::Area(&signed.actor.area));
    let is_declared = youju_app::check_list::rule_of(&web.app, &window.form).is_some() && window.opened_at.is_some();
    let head = Head {
        period: Some(window.period.cumulative_label()),
        crumbs: vec![("报送进度".into(), Some(url::WINDOWS.into())), (title.clone(), None)],
        actions: Some(view::actions(&signed.actor, &window, acceptable, inspects && is_declared)),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::board(&window, &rows, signed.actor.role.level(), web.app.world().now())))
}

/// The head of a page below that of a window.
fn below<'a>(window: &Window, title: &'a str, about: &str) -> Head<'a> {
    Head {
        period: Some(window.period.cumulative_label()),
        crumbs: vec![
            ("报送进度".into(), Some(url::WINDOWS.into())),
            (window.form.clone(), Some(url::window(window.id))),
            (title.into(), None),
        ],
        about: Some(about.into()),
        ..Head::of(title)
    }
}

/// What accepting everything that can be accepted would do.
pub(crate) async fn accept_dry_run(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let Which { only } = query(raw)?;
    let (window, listed) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let window = youju_app::survey::get(cx, window).await?;
            let listed = match only.as_str() {
                SMALL => youju_app::review::acceptable_small(cx, window.id).await?,
                _ => youju_app::review::acceptable_listed(cx, window.id).await?,
            };
            // A restriction that nobody knows must not become a list of everything; who may not see the list is told that first.
            match only.as_str() {
                "" | SMALL => Ok((window, listed)),
                _ => Err(Problem::BadInput { reason: "筛选条件不正确。".into() }.into()),
            }
        })
        .await?;
    let head = below(&window, "批量验收", "先看清单,再验收。清单之后又有变动的报表不会被验收。");
    Ok(whole(&signed.frame, &head, &view::dry_run(&window, &listed)))
}

/// Which reports the dry run is about.
#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    only: String,
}

/// Which part of a list, from 1, how the material of the reports in it shall stand, and whether only those far from a department's figure.
#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    page: i64,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    only: String,
}

/// Only those that move no total.
const SMALL: &str = "small";

/// The reports of a window in the order of selective review.
pub(crate) async fn selected(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let Part { page, evidence, only } = query(raw)?;
    let not_known = || bad("筛选条件不正确。".to_owned());
    if !["", select::OUTSIDE].contains(&only.as_str()) {
        return Err(not_known());
    }
    if !only.is_empty() {
        // Whoever gets no marks must not take their absence for an answer.
        signed.actor.must(Action::Inspect, Object::Area(&signed.actor.area))?;
    }
    let (window, found, provisions, beyond) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let (asked, found) = youju_app::review::selected(cx, window).await?;
            let provisions = youju_app::check_list::of_window(cx, window).await?;
            Ok((asked, found, provisions, youju_app::outside::beyond(cx, window).await?))
        })
        .await?;
    let provisions = provisions.map(|all| select::Provisions { all, only: Provision::from_key(&evidence) });
    let is_known = evidence.is_empty() || provisions.as_ref().is_some_and(|provisions| provisions.only.is_some());
    if !is_known {
        return Err(not_known());
    }
    let form = web.app.form(&window.form)?;
    let head =
        below(&window, "审核次序", "对合计影响大的在前。预计数按本单位上期(没有的按上年同期)和各单位的共同变动推算。");
    let wanted = select::Wanted { provisions, beyond, is_far: !only.is_empty(), page };
    Ok(whole(&signed.frame, &head, &select::view(&window, form, found, &wanted)))
}

/// The reports of a window that were handed in more than once.
pub(crate) async fn edited(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let (window, found) =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::review::edited(cx, window).await).await?;
    let head = below(&window, "修改痕迹", "上报过不止一次的报表,改动多的在前。改动明显的,是现场核查的线索。");
    Ok(whole(&signed.frame, &head, &view::edited(&found)))
}

#[derive(Deserialize)]
struct Chosen {
    /// What the dry run showed: `id:versions`, separated by commas.
    reports: String,
}

/// Reads [`Chosen::reports`]; a list of which a part is damaged is no list.
fn read_shown(text: &str) -> Option<Vec<(ReportId, i64)>> {
    let one = |pair: &str| {
        let (id, versions) = pair.split_once(':')?;
        Some((id.parse().ok()?, versions.parse().ok()?))
    };
    text.split(',').filter(|pair| !pair.is_empty()).map(one).collect()
}

/// Accepts the reports that the dry run listed.
pub(crate) async fn accept_all(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let chosen: Chosen = read(&String::from_utf8_lossy(&body))?;
    let shown = read_shown(&chosen.reports).ok_or_else(|| bad("清单不完整,没有验收任何报表。".to_owned()))?;
    let done = web
        .app
        .write(Some(signed.actor.clone()), async |cx| {
            youju_app::survey::get(cx, window).await?;
            youju_app::review::accept_all(cx, &shown).await
        })
        .await?;
    let head = Head {
        crumbs: vec![
            ("报送进度".into(), Some(url::WINDOWS.into())),
            ("批量验收".into(), Some(url::window(window))),
            ("结果".into(), None),
        ],
        ..Head::of("批量验收结果")
    };
    Ok(whole(&signed.frame, &head, &view::accepted_all(window, &done)))
}
