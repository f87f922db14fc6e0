//! Cases 事项: the list, a new one, and one with its story and what may be done. One layout serves every type: what stands on a page is
//! what the type declares.

mod act;
mod field;
mod list;
pub(crate) mod onsite;
mod sent;
mod told;
mod view;

use std::collections::BTreeMap;

use axum::extract::{Multipart, Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::attachment::{self, Looked};
use youju_app::case::{self, Filter, Turn};
use youju_domain::case::Command;
use youju_domain::id::CaseId;
use youju_domain::survey::local;

use crate::attachment::answer;
use crate::ledger::unhurried;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use list::waiting;
use sent::receive;

fn crumbs(last: &str) -> Vec<(String, Option<String>)> {
    vec![("事项".to_owned(), Some(url::CASES.to_owned())), (last.to_owned(), None)]
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    turn: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    overdue: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    fn turn(&self) -> Turn {
        match self.turn.as_str() {
            "mine" => Turn::Mine,
            "open" => Turn::Open,
            "ended" => Turn::Ended,
            _ => Turn::All,
        }
    }
}

/// The list with its filter, and what may be opened.
pub(crate) async fn page_list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let today = local(web.app.world().now()).date();
    let filter = Filter {
        kind: Some(asked.kind.clone()).filter(|kind| !kind.is_empty()),
        turn: asked.turn(),
        overdue_on: (!asked.overdue.is_empty()).then_some(today),
        search: asked.search.clone(),
        unit: None,
    };
    let request = page_request(asked.page);
    let (found, names, openable) = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let openable: Vec<(String, String)> =
                case::openable(cx)?.into_iter().map(|kind| (kind.key.clone(), kind.name.clone())).collect();
            Ok((case::list(cx, &filter, request).await?, case::type_names(cx).await?, openable))
        })
        .await?;
    let head = Head {
        about: Some("申请、核查、签字的事项:轮到您办理的在前,到期早的在前。".into()),
        actions: Some(
            html! { @for (key, name) in &openable { a.button href=(url::case_new(key)) { "提出:" (name) } } },
        ),
        ..Head::of("事项")
    };
    let chosen = list::Chosen {
        kind: &asked.kind,
        turn: &asked.turn,
        search: &asked.search,
        is_overdue: !asked.overdue.is_empty(),
    };
    Ok(whole(&signed.frame, &head, &list::view(&found, &names, &chosen, today)))
}

#[derive(Deserialize)]
struct About {
    #[serde(default)]
    subject: String,
}

/// The form of a new case.
pub(crate) async fn form(
    State(web): State<Web>,
    signed: Signed,
    Path(key): Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let about: About = query(raw)?;
    let found = web.app.read(Some(signed.actor.clone()), async |cx| case::form(cx, &key, &about.subject).await).await?;
    let title = format!("提出:{}", found.kind.name);
    let head = Head { crumbs: crumbs(&title), about: Some(found.kind.about.clone()), ..Head::of(&title) };
    Ok(whole(&signed.frame, &head, &act::new(&found, signed.actor.role)))
}

/// Looks at the files of a form, kind by kind.
async fn looked(web: &Web, files: BTreeMap<String, Vec<(String, Vec<u8>)>>) -> Answer<BTreeMap<String, Looked>> {
    let app = web.app.clone();
    let looked = unhurried(move || {
        let look = |(kind, files)| Ok((kind, attachment::look_at(&app, files)?));
        files.into_iter().map(look).collect()
    });
    Ok(looked.await?)
}

/// Opens a case.
pub(crate) async fn open(
    State(web): State<Web>,
    signed: Signed,
    Path(key): Path<String>,
    multipart: Multipart,
) -> Answer {
    let sent = receive(multipart).await?;
    let looked = looked(&web, sent.files).await?;
    let (subject, command) = (sent.subject, sent.command);
    let opened =
        web.app.write(Some(signed.actor), async |cx| case::open(cx, &key, &subject, command, looked).await).await?;
    Ok(see(&url::case(opened), "case_opened"))
}

/// One case.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let case: CaseId = id(path)?;
    let seen = web.app.read(Some(signed.actor.clone()), async |cx| case::get(cx, case).await).await?;
    let title = seen.case.title(&seen.kind);
    let head = Head {
        crumbs: crumbs(&title),
        badge: Some(view::badge(&seen)),
        about: Some(view::about(&seen)),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::page(&seen)))
}

/// Does something in a case.
pub(crate) async fn take(
    State(web): State<Web>,
    signed: Signed,
    Path((case, act)): Path<(String, String)>,
    multipart: Multipart,
) -> Answer {
    let case: CaseId = id(Path(case))?;
    let sent = receive(multipart).await?;
    let looked = looked(&web, sent.files).await?;
    let command = Command { act, ..sent.command };
    web.app.write(Some(signed.actor), async |cx| case::take(cx, case, command, looked).await).await?;
    Ok(see(&url::case(case), "case_stepped"))
}

/// The paper of what was done on the spot.
pub(crate) async fn sheet(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let (name, sheet) = case::sheet::take(&web.app, &signed.actor, id(path)?).await?;
    let bytes = youju_app::paper::site(&web.app, sheet).await?;
    let shown = format!("inline; filename*=UTF-8''{}", url::encode(&name));
    let head = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, shown)];
    Ok((head, bytes).into_response())
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, Path((case, _)): Path<(String, String)>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::case(id(Path(case))?)))
}

/// A file of a case; it is written down who fetches it.
pub(crate) async fn file(State(web): State<Web>, signed: Signed, Path((case, hash)): Path<(String, String)>) -> Answer {
    let case: CaseId = id(Path(case))?;
    let fetched = web.app.write(Some(signed.actor), async |cx| case::fetch(cx, case, &hash).await).await?;
    Ok(answer(fetched, false))
}
