//! Check lists 核实清单: days by counties, one list with what is noted about its entries, and the supporting material that is owed.

mod owed;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use maud::Markup;
use serde::Deserialize;
use youju_app::check_list::{self, At, Typed};
use youju_app::list::Page;
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::check_list::{DataQuality, PaperQuality, Span, Subject};
use youju_domain::id::WindowId;
use youju_domain::survey::Window;

use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, url};

pub(crate) use owed::{Waiting, add_by_hand, owed, provision, waiting};

/// Which part of a list, from 1.
#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    page: i64,
}

/// The head of a page about check lists.
fn head<'a>(web: &Web, window: &Window, title: &'a str, here: Option<String>) -> Head<'a> {
    let form = web.app.form(&window.form).map_or_else(|_| window.form.clone(), youju_programme::Form::title);
    let lists = here.is_some().then(|| url::check_lists(window.id));
    let mut crumbs = vec![
        ("报送进度".into(), Some(url::WINDOWS.into())),
        (form, Some(url::window(window.id))),
        ("核实清单".into(), lists),
    ];
    crumbs.extend(here.map(|here| (here, None)));
    Head { period: Some(window.period.cumulative_label()), crumbs, ..Head::of(title) }
}

/// Days by counties.
pub(crate) async fn overview(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let Part { page } = query(raw)?;
    let found = web.app.read(Some(signed.actor.clone()), async |cx| check_list::overview(cx, window).await).await?;
    let rows = Page::cut(found.rows.iter(), page_request(page));
    let head = Head {
        about: Some(view::about(&found.rule)),
        actions: Some(view::csv_link(window)),
        ..head(&web, &found.window, "核实清单", None)
    };
    Ok(whole(&signed.frame, &head, &view::overview(&found, &rows, web.app.world().now())))
}

/// Every entry as CSV.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let window: WindowId = id(path)?;
    let file = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let found = check_list::overview(cx, window).await?;
            check_list::csv(&found)
        })
        .await?;
    download::csv(&web, &signed.actor, file).await
}

/// The place that an address names; a damaged one is simply not found.
fn place((window, area, span): &(String, String, String)) -> Answer<At> {
    let not_found = || Problem::NotFound { what: "核实清单" };
    Ok(At {
        window: window.parse().map_err(|_| not_found())?,
        area: AreaCode::parse(area).map_err(|_| not_found())?,
        span: Span::from_key(span).ok_or_else(not_found)?,
    })
}

/// Which list of a day, which part of it, and what is to be added by hand.
#[derive(Deserialize)]
struct Asked {
    number: Option<u32>,
    #[serde(default)]
    page: i64,
    #[serde(default)]
    unit: String,
}

/// One list.
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
    raw: RawQuery,
) -> Answer<Markup> {
    let at = place(&path)?;
    let asked: Asked = query(raw)?;
    let look =
        web.app.read(Some(signed.actor.clone()), async |cx| check_list::look(cx, at, asked.number).await).await?;
    let rows = Page::cut(look.entries.iter(), page_request(asked.page));
    let county = youju_codes::area::name(&at.area).unwrap_or(at.area.as_str());
    let title = format!("核实清单:{county} {}", at.span.label());
    let head = Head {
        badge: Some(view::standing(look.standing)),
        about: Some(view::about(&look.place.rule)),
        ..head(&web, &look.place.window, &title, Some(format!("{county} {}", at.span.label())))
    };
    Ok(whole(&signed.frame, &head, &view::list(&look, &rows, &asked.unit)))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_: Signed, Path(path): Path<(String, String, String)>) -> Answer<Redirect> {
    let at = place(&path)?;
    Ok(Redirect::to(&url::check_list(at.window, &at.area, at.span)))
}

fn list_of(at: At) -> String {
    url::check_list(at.window, &at.area, at.span)
}

/// What was typed about the entries of a page: `subject.3`, `data.3`, `papers.3`, `measure.3`. Entries about which nothing was
/// chosen are left as they are.
fn read_typed(fields: &[(String, String)]) -> Option<Vec<Typed>> {
    let text = |name: String| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str());
    let one = |(number, subject): (&str, &str)| {
        let (data, papers) = (text(format!("data.{number}"))?, text(format!("papers.{number}"))?);
        let measure = text(format!("measure.{number}"))?.trim().to_owned();
        if data.is_empty() && papers.is_empty() && measure.is_empty() {
            return Some(None);
        }
        let (report, row) = subject.split_once(':').map_or((subject, None), |(report, row)| (report, Some(row)));
        Some(Some(Typed {
            subject: Subject { report: report.parse().ok()?, row: row.map(str::to_owned) },
            data: DataQuality::from_key(data)?,
            papers: PaperQuality::from_key(papers)?,
            measure,
        }))
    };
    let subjects = fields.iter().filter_map(|(field, value)| Some((field.strip_prefix("subject.")?, value.as_str())));
    let typed: Option<Vec<Option<Typed>>> = subjects.map(one).collect();
    typed.map(|typed| typed.into_iter().flatten().collect())
}

/// Notes what was typed on one page.
pub(crate) async fn note(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
    RawForm(body): RawForm,
) -> Answer {
    let at = place(&path)?;
    let fields: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let half = || Problem::BadInput {
        reason: "每一项的数据质量和资料质量都要选;只写处理措施不够。".into()
    };
    let typed = read_typed(&fields).ok_or_else(half)?;
    web.app.write(Some(signed.actor), async |cx| check_list::note(cx, at, &typed).await).await?;
    let part = fields.iter().find(|(field, _)| field == "page").map_or("", |(_, value)| value.as_str());
    Ok(see(&url::with_query(&list_of(at), &[("page", part)]), "check_noted"))
}

#[derive(Deserialize)]
struct Added {
    unit: String,
    #[serde(default)]
    row: String,
    reason: String,
}

/// Adds a report or project by hand.
pub(crate) async fn add(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
    RawForm(body): RawForm,
) -> Answer {
    let at = place(&path)?;
    let Added { unit, row, reason } = read(&String::from_utf8_lossy(&body))?;
    let work = async |cx: &mut youju_app::Cx<'_>| check_list::add(cx, at, &unit, &row, &reason).await;
    web.app.write(Some(signed.actor), work).await?;
    Ok(see(&list_of(at), "check_added"))
}

/// Takes over the words of the last list.
pub(crate) async fn carry(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
) -> Answer {
    let at = place(&path)?;
    let carried = web.app.write(Some(signed.actor), async |cx| check_list::carry(cx, at).await).await?;
    Ok(see(&list_of(at), if carried > 0 { "check_carried" } else { "check_nothing_carried" }))
}

#[derive(Deserialize)]
struct HandedIn {
    seal: String,
    #[serde(default)]
    left: String,
}

/// 上报.
pub(crate) async fn hand_in(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
    RawForm(body): RawForm,
) -> Answer {
    let at = place(&path)?;
    let HandedIn { seal, left } = read(&String::from_utf8_lossy(&body)).map_err(|_| damaged())?;
    web.app.write(Some(signed.actor), async |cx| check_list::hand_in(cx, at, &seal, &left).await).await?;
    Ok(see(&list_of(at), "check_handed_in"))
}

/// 补充上报.
pub(crate) async fn supplement(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
) -> Answer {
    let at = place(&path)?;
    web.app.write(Some(signed.actor), async |cx| check_list::supplement(cx, at).await).await?;
    Ok(see(&list_of(at), "check_supplemented"))
}
