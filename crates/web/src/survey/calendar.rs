//! The year's calendar 报送日历: what the programmes foresee, prepared in one act; a window opened, changed, locked.

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use chrono::Datelike;
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::survey::{PlannedWindow, REASON_CHARS_MIN};
use youju_domain::access::{Action, Object};
use youju_domain::id::WindowId;
use youju_domain::survey::{Chain, local};

use super::form::{TypedTimes, fields};
use crate::request::{Answer, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

#[derive(Deserialize)]
struct Year {
    year: Option<i32>,
}

/// What the calendars foresee for a year, and which of it is prepared.
pub(crate) async fn calendar(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let year = query::<Year>(raw)?.year.unwrap_or_else(|| local(web.app.world().now()).year());
    let area = signed.actor.area;
    let planned =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::survey::plan_year(cx, area, year).await).await?;
    let title = format!("{year} 年报送日历");
    let head = Head {
        about: Some("按各报表制度的日历推算,节假日不自动顺延;布置以后可以逐期调整并写明原因。".into()),
        crumbs: vec![("报送进度".into(), Some(url::WINDOWS.into())), (title.clone(), None)],
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view(year, &planned)))
}

fn view(year: i32, planned: &[PlannedWindow]) -> Markup {
    let missing = planned.iter().filter(|plan| plan.exists.is_none() && plan.units > 0).count();
    html! {
        form.filters action=(url::CALENDAR) {
            div.field { label for="year" { "年份" } input #year name="year" type="number" min="2000" max="2099" value=(year); }
            button.button type="submit" { "查看" }
        }
        @if missing > 0 {
            form.bulk method="post" action=(url::CALENDAR) {
                input type="hidden" name="year" value=(year);
                span { "还有 " (missing) " 期有应报单位而没有布置。" }
                button.button.primary type="submit" { "全部列入日历" }
            }
        }
        div.table-head { span.table-count { "共 " (planned.len()) " 期" } }
        div.table-box tabindex="0" role="region" aria-label="报送日历" { table.table {
            thead { tr {
                th { "报表" } th { "报告期" } th.num { "应报单位" } th { "开网" } th { "截止" } th { "关网" } th { "验收" } th { "布置" }
            } }
            tbody { @for plan in planned { tr {
                th scope="row" { (plan.title) }
                td { (plan.period.label()) }
                td.num { (plan.units) }
                @let times = &plan.planned.times;
                td { (part::instant(times.opens_at)) } td { (part::instant(times.due_at)) } td { (part::instant(times.closes_at)) }
                td { (chain(&plan.planned.chain)) }
                td { @if let Some(window) = plan.exists { a href=(url::window(window)) { "已布置" } } @else { span.muted { "未布置" } } }
            } } }
        } }
    }
}

/// The levels in words: `乡级 → 县级 → 市级`.
pub(super) fn chain(chain: &Chain) -> String {
    chain.links().iter().map(|link| link.level.label()).collect::<Vec<_>>().join(" → ")
}

#[derive(Deserialize)]
struct Chosen {
    year: i32,
}

/// Prepares what is missing.
pub(crate) async fn prepare_year(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let Chosen { year } = read(&String::from_utf8_lossy(&body))?;
    let area = signed.actor.area;
    web.app.write(Some(signed.actor), async |cx| youju_app::survey::prepare_year(cx, area, year, true).await).await?;
    Ok(see(&url::with_query(url::CALENDAR, &[("year", &year.to_string())]), "prepared"))
}

/// The county opens a prepared window.
pub(crate) async fn open_prepared(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let window: WindowId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| youju_app::survey::open_prepared(cx, window).await).await?;
    Ok(see(&url::window(window), "window_opened"))
}

/// The last level locks a period.
pub(crate) async fn lock(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let window: WindowId = id(path)?;
    web.app.write(Some(signed.actor), async |cx| youju_app::survey::lock(cx, window).await).await?;
    Ok(see(&url::window(window), "window_locked"))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::window(id(path)?)))
}

/// The form that changes the times of a window.
pub(crate) async fn change_form(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let window = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let window = youju_app::survey::get(cx, window).await?;
            cx.allow(Action::Arrange, Object::Area(&window.area))?;
            Ok(window)
        })
        .await?;
    let head = Head {
        period: Some(window.period.cumulative_label()),
        about: Some("截止时间变动后,已上报的报表按新的截止时间判定是否迟报。调整和原因都记入日志。".into()),
        crumbs: vec![
            ("报送进度".into(), Some(url::WINDOWS.into())),
            (window.form.clone(), Some(url::window(window.id))),
            ("调整时间".into(), None),
        ],
        ..Head::of("调整时间")
    };
    let main = html! {
        form.card.narrow method="post" action=(url::window_act(window.id, "change")) {
            (fields(Some((&window.times, &window.chain))))
            div.field { label for="reason" { "调整原因" } textarea #reason name="reason" required minlength=(REASON_CHARS_MIN) maxlength="500" {} }
            div.form-actions {
                button.button.primary type="submit" { "调整" }
                a.button href=(url::window(window.id)) { "取消" }
            }
        }
    };
    Ok(whole(&signed.frame, &head, &main))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

/// Changes the times of a window.
pub(crate) async fn change(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let window: WindowId = id(path)?;
    let body = String::from_utf8_lossy(&body);
    let (typed, Reason { reason }) = (read::<TypedTimes>(&body)?, read(&body)?);
    let (times, chain) = (typed.times()?, typed.chain()?);
    web.app
        .write(Some(signed.actor), async |cx| youju_app::survey::change(cx, window, times, chain, &reason).await)
        .await?;
    Ok(see(&url::window(window), "window_changed"))
}
