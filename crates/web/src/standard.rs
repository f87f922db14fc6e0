//! Standards 规范化清单: an item with its claim, acceptance and story; who lacks what, as a page and as a file.

mod view;

use axum::extract::{Multipart, Path, RawForm, RawQuery, State};
use axum::response::{Redirect, Response};
use maud::Markup;
use serde::Deserialize;
use youju_app::attachment;
use youju_app::standard::{self, Asked, At, Item};
use youju_domain::standard::{Claim, Standing};

use crate::attachment::answer;
use crate::ledger::unhurried;
use crate::organisation::crumbs;
use crate::parts::Parts;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, url};

pub(crate) use view::progress;

fn at((organisation, standard, requirement): (String, String, String)) -> Answer<At> {
    Ok(At { organisation: id(Path(organisation))?, standard, requirement })
}

fn address(at: &At) -> String {
    url::requirement(at.organisation, &at.standard, &at.requirement)
}

type Three = Path<(String, String, String)>;

/// One item of an organisation.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, Path(path): Three) -> Answer<Markup> {
    let at = at(path)?;
    let item: Item = web.app.read(Some(signed.actor.clone()), async |cx| standard::get(cx, &at).await).await?;
    let name = item.organisation.last().map(|span| span.name.clone()).unwrap_or_default();
    let mut crumbs = if signed.actor.role.is_officer() { crumbs(&[]) } else { Vec::new() };
    crumbs.push((name.clone(), Some(url::organisation(at.organisation))));
    crumbs.push((item.requirement.words.clone(), None));
    let title = item.requirement.words.clone();
    let head = Head {
        crumbs,
        badge: Some(view::badge(item.standing)),
        about: Some(format!("{name} · {}", item.standard.name)),
        ..Head::of(&title)
    };
    Ok(whole(&signed.frame, &head, &view::item(&at, &item)))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(_signed: Signed, Path(path): Three) -> Answer<Redirect> {
    Ok(Redirect::to(&address(&at(path)?)))
}

/// What the form of a claim sends.
#[derive(Default)]
struct Sent {
    claim: Claim,
    files: Vec<(String, Vec<u8>)>,
}

async fn receive(multipart: Multipart) -> Answer<Sent> {
    let mut parts = Parts::receive(multipart).await?;
    let files = parts.take_files("file");
    let fields = &parts.fields;
    let text = |name: &str| fields.get(name).to_owned();
    let claim = Claim {
        note: text("note"),
        document: text("document"),
        signed_by: text("signed_by"),
        dated: fields.day("dated")?,
        in_force_until: fields.day("in_force_until")?,
        ..Claim::default()
    };
    Ok(Sent { claim, files })
}

/// Claims an item.
pub(crate) async fn claim(State(web): State<Web>, signed: Signed, Path(path): Three, multipart: Multipart) -> Answer {
    let at = at(path)?;
    let sent = receive(multipart).await?;
    let (app, files) = (web.app.clone(), sent.files);
    let looked = unhurried(move || attachment::look_at(&app, files)).await?;
    let claim = sent.claim;
    web.app.write(Some(signed.actor), async |cx| standard::claim(cx, &at, claim, looked).await).await?;
    Ok(see(&address(&at), "standard_claimed"))
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    text: String,
}

/// The level above accepts.
pub(crate) async fn accept(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Three,
    RawForm(body): RawForm,
) -> Answer {
    let at = at(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| standard::accept(cx, &at, &text).await).await?;
    Ok(see(&address(&at), "standard_accepted"))
}

/// The level above sends back.
pub(crate) async fn return_(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Three,
    RawForm(body): RawForm,
) -> Answer {
    let at = at(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| standard::return_(cx, &at, &text).await).await?;
    Ok(see(&address(&at), "standard_returned"))
}

/// A file of an item.
pub(crate) async fn file(
    State(web): State<Web>,
    signed: Signed,
    Path((organisation, standard, requirement, hash)): Path<(String, String, String, String)>,
) -> Answer {
    let at = at((organisation, standard, requirement))?;
    // It may be written down who fetches it.
    let fetched = web.app.write(Some(signed.actor), async |cx| standard::fetch(cx, &at, &hash).await).await?;
    Ok(answer(fetched, false))
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    standard: String,
    #[serde(default)]
    standing: String,
    #[serde(default)]
    only: String,
    #[serde(default)]
    page: i64,
}

impl Listed {
    fn asked(&self) -> Asked {
        Asked {
            standard: self.standard.clone(),
            standing: Standing::from_key(&self.standing),
            is_lacking: self.only == "lacking",
        }
    }
}

/// Who lacks what.
pub(crate) async fn lacking(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let listed: Listed = query(raw)?;
    let asked = listed.asked();
    let found = web.app.read(Some(signed.actor.clone()), async |cx| standard::lacking(cx, &asked).await).await?;
    let mut crumbs = crumbs(&[]);
    crumbs.push(("规范化清单".into(), None));
    let head = Head {
        crumbs,
        about: Some("五有、四大体系、各项制度:谁已达到,谁还缺什么。到期的制度不算达到。".into()),
        ..Head::of("规范化清单")
    };
    Ok(whole(&signed.frame, &head, &view::lacking(&found, &asked, page_request(listed.page))))
}

/// The same as CSV: exactly what is filtered.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let listed: Listed = query(raw)?;
    let asked = listed.asked();
    let found = web.app.read(Some(signed.actor.clone()), async |cx| standard::lacking(cx, &asked).await).await?;
    let file = standard::csv(&found)?;
    download::csv(&web, &signed.actor, file).await
}
