//! Books 台账登记: the ledger of a discipline as a table to fill in, to gather, to look at.

mod view;

use std::collections::BTreeMap;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::report::Typed;
use youju_app::{Error, Result as Done, book};
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::id::{BookId, UnitId};
use youju_domain::report::{CellId, Cells, value_of};
use youju_programme::{LIST_ROWS_MAX, Ledger};

use crate::register::area_crumbs;
use crate::request::{Answer, Refusal, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

/// Rows of one page; the next ones are a page away.
const ROWS_SHOWN: usize = 100;
/// So many blank rows follow the filled ones.
const SPARE_ROWS: u32 = 5;
/// So many more a button gives.
const MORE_ROWS: u32 = 20;

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    page: usize,
}

/// Which ledger of which unit and period.
struct At<'a> {
    unit: UnitId,
    ledger: &'a Ledger,
    period: Period,
    page: usize,
}

fn at(web: &Web, (unit, ledger): (String, String), raw: RawQuery) -> Answer<At<'_>> {
    let asked: Asked = query(raw)?;
    let unit = id(Path(unit))?;
    let period = Period::parse(asked.period.trim());
    let period = period.map_err(|error| Problem::BadInput { reason: error.to_string() })?;
    Ok(At { unit, ledger: web.app.ledger(&ledger)?, period, page: asked.page.max(1) })
}

impl At<'_> {
    /// The page that is shown.
    fn address(&self) -> String {
        let address = url::book(self.unit, &self.ledger.id, self.period);
        if self.page > 1 { format!("{address}&page={}", self.page) } else { address }
    }
}

/// What stands in the fields while nothing of it is saved.
#[derive(Default)]
struct Unsaved {
    values: BTreeMap<String, String>,
    spare_rows: u32,
    wrong: Option<Problem>,
    /// The book that the fields were filled from; the latest where nothing waits to be saved.
    was: Option<String>,
    /// Shows the page on which the last row stands.
    at_the_end: bool,
}

/// The ledger as it is now.
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    raw: RawQuery,
) -> Answer<Markup> {
    let at = at(&web, path, raw)?;
    show(&web, &signed, &at, Unsaved { spare_rows: SPARE_ROWS, ..Unsaved::default() }).await
}

async fn show(web: &Web, signed: &Signed, at: &At<'_>, unsaved: Unsaved) -> Answer<Markup> {
    let opened = web
        .app
        .read(Some(signed.actor.clone()), async |cx| book::open(cx, at.unit, at.ledger, at.period).await)
        .await?;
    let mut crumbs = area_crumbs(&opened.unit, false);
    crumbs.push(("台账".into(), Some(url::ledger(at.unit, Some(opened.period)))));
    crumbs.push((at.ledger.name.clone(), None));
    let gather = url::book_gather(at.unit, &at.ledger.id, opened.period);
    let was = opened.book.as_ref().map(|book| book.id.to_string()).unwrap_or_default();
    let can_gather = !opened.records.is_empty() || opened.previous.is_some();
    let actions = html! {
        @if opened.fills && can_gather {
            form method="post" action=(gather) data-waits-for-save {
                input type="hidden" name="was" value=(was);
                button.button type="submit" { "结转和归集" }
            }
        }
        a.button href=(url::ledger(at.unit, Some(opened.period))) { "返回台账" }
    };
    let head = Head {
        period: Some(opened.period.label()),
        crumbs,
        about: Some(format!("每行登记一个{}", at.ledger.row)),
        actions: Some(actions),
        ..Head::of(&at.ledger.name)
    };
    Ok(whole(&signed.frame, &head, &view::page(at, &opened, &unsaved)))
}

/// Saves the whole table; or shows it with more blank rows.
pub(crate) async fn save(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    raw: RawQuery,
    RawForm(body): RawForm,
) -> Answer {
    let at = at(&web, path, raw)?;
    let pairs: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let field = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let was = was(field("was"))?;
    let spare_rows: u32 = field("spare").and_then(|text| text.parse().ok()).unwrap_or(SPARE_ROWS).min(LIST_ROWS_MAX);
    let values: BTreeMap<String, String> = pairs.iter().filter(|(key, _)| key.starts_with("r.")).cloned().collect();
    if field("more").is_some() {
        let spare_rows = spare_rows + MORE_ROWS;
        let unsaved =
            Unsaved { values, spare_rows, wrong: None, was: field("was").map(str::to_owned), at_the_end: true };
        return Ok(show(&web, &signed, &at, unsaved).await?.into_response());
    }
    let values = changed(&web, &signed, was, values).await?;
    let kept = if field("none").is_some() {
        let actor = Some(signed.actor.clone());
        web.app.write(actor, async |cx| book::save_none(cx, at.unit, at.ledger, (at.period, was)).await).await
    } else {
        keep(&web, &signed, &at, was, &values).await
    };
    match kept {
        Ok(_) => Ok(see(&at.address(), "book_saved")),
        Err(error) => refused(&web, &signed, &at, Unsaved { values, spare_rows, ..Unsaved::default() }, error).await,
    }
}

/// What differs from the book that the fields were filled from. Only that is somebody's own: where another person has saved
/// meanwhile, the rest is shown as it stands now.
async fn changed(
    web: &Web,
    signed: &Signed,
    was: Option<BookId>,
    values: BTreeMap<String, String>,
) -> Answer<BTreeMap<String, String>> {
    let stands = match was {
        Some(was) => web.app.read(Some(signed.actor.clone()), async |cx| book::get(cx, was).await).await?.cells,
        None => Cells::default(),
    };
    let printed = |cell: &String| value_of(&stands, &CellId::new(cell.clone())).print();
    Ok(values.into_iter().filter(|(cell, value)| printed(cell) != value.trim()).collect())
}

/// The ledger with the reason above it, and with what was typed; but not to somebody who may not see it.
async fn refused(web: &Web, signed: &Signed, at: &At<'_>, unsaved: Unsaved, error: Error) -> Answer {
    match error {
        Error::Problem(problem) if problem.status() != 404 => {
            let status = StatusCode::from_u16(problem.status()).unwrap_or_default();
            let unsaved = Unsaved { wrong: Some(problem), ..unsaved };
            Ok((status, show(web, signed, at, unsaved).await?).into_response())
        }
        error => Err(error.into()),
    }
}

fn was(text: Option<&str>) -> Answer<Option<BookId>> {
    match text.unwrap_or_default() {
        "" => Ok(None),
        text => Ok(Some(text.parse().map_err(|_| Refusal::from(crate::request::damaged()))?)),
    }
}

async fn keep(
    web: &Web,
    signed: &Signed,
    at: &At<'_>,
    was: Option<BookId>,
    values: &BTreeMap<String, String>,
) -> Done<BookId> {
    web.app
        .write(Some(signed.actor.clone()), async |cx| {
            let typed = |(cell, value): (&String, &String)| Typed {
                cell: cell.clone(),
                was: String::new(),
                value: value.clone(),
                reason: None,
            };
            let changes: Vec<Typed> = values.iter().map(typed).collect();
            book::save(cx, at.unit, at.ledger, (at.period, was), &changes).await
        })
        .await
}

/// Carries over and gathers; what was left out is told before the person goes on.
pub(crate) async fn gather(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    raw: RawQuery,
    RawForm(body): RawForm,
) -> Answer {
    let at = at(&web, path, raw)?;
    let pairs: Vec<(String, String)> = read(&String::from_utf8_lossy(&body))?;
    let was = was(pairs.iter().find(|(key, _)| key == "was").map(|(_, value)| value.as_str()))?;
    let gathered = web
        .app
        .write(Some(signed.actor.clone()), async |cx| book::gather(cx, at.unit, at.ledger, (at.period, was)).await)
        .await;
    let back = url::book(at.unit, &at.ledger.id, at.period);
    match gathered {
        Ok(done) if done.left_out.is_empty() => Ok(see(&back, "book_saved")),
        Ok(done) => {
            let head = Head { period: Some(at.period.label()), ..Head::of("归集的结果") };
            Ok(whole(&signed.frame, &head, &view::left_out(&done, &back)).into_response())
        }
        Err(error) => {
            let unsaved = Unsaved { spare_rows: SPARE_ROWS, ..Unsaved::default() };
            refused(&web, &signed, &at, unsaved, error).await
        }
    }
}

/// The address of gathering, asked for as a page.
pub(crate) async fn back(
    State(web): State<Web>,
    Path(path): Path<(String, String)>,
    raw: RawQuery,
) -> Answer<Redirect> {
    let at = at(&web, path, raw)?;
    Ok(Redirect::to(&url::book(at.unit, &at.ledger.id, at.period)))
}

/// A ledger as it was saved at one time.
pub(crate) async fn saved(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let book: BookId = id(path)?;
    let (book, unit) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let book = book::get(cx, book).await?;
            let unit = youju_app::register::get(cx, book.unit).await?;
            Ok((book, unit))
        })
        .await?;
    let ledger = web.app.ledger(&book.ledger)?;
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push((ledger.name.clone(), Some(url::book(unit.id, &ledger.id, book.period))));
    crumbs.push(("保存时的内容".into(), None));
    let about = format!("保存时间 {}", youju_domain::survey::print_instant(book.at));
    let head = Head {
        period: Some(book.period.label()),
        crumbs,
        about: Some(about),
        actions: Some(html! { a.button href=(url::book_impact(book.id)) { "去向" } }),
        ..Head::of(&ledger.name)
    };
    Ok(whole(&signed.frame, &head, &view::saved(ledger, &book)))
}
