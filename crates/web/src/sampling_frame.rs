//! 抽样框: defining and counting, freezing, delivering, verifying, comparing.

mod view;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::Markup;
use rust_decimal::Decimal;
use serde::Deserialize;
use youju_app::sampling_frame as app;
use youju_codes::{AreaCode, parse_number};
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::SamplingFrameId;
use youju_domain::sampling_frame::{Bounds, Definition, Encoding};

use crate::fields::Fields;
use crate::limits::FRAME_BYTES_MAX;
use crate::parts::Parts;
use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, url};

/// The addresses of the room.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(url::SAMPLING_FRAMES, get(list).post(freeze))
        .route(url::SAMPLING_FRAMES_NEW, get(new))
        .route(
            url::SAMPLING_FRAMES_VERIFY,
            // A frame of a whole city comes back as one table.
            get(verify_form).post(verify).layer(DefaultBodyLimit::max(FRAME_BYTES_MAX)),
        )
        .route("/sampling-frames/{id}", get(page))
        .route("/sampling-frames/{id}/file", get(file))
        .route("/sampling-frames/{id}/compare", get(compare))
        .route("/sampling-frames/{id}/compare/csv", get(compare_csv))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: i64,
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    with: String,
}

fn crumbs(here: &str) -> Vec<(String, Option<String>)> {
    vec![
        ("名录".into(), Some(url::UNITS.into())),
        ("抽样框".into(), Some(url::SAMPLING_FRAMES.into())),
        (here.to_owned(), None),
    ]
}

/// The frozen frames of the actor's area.
async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let page = page_request(asked.page);
    let read = async |cx: &mut youju_app::Cx<'_>| Ok((app::list(cx, page).await?, app::unfinished(cx).await?));
    let (found, unfinished) = web.app.read(Some(signed.actor.clone()), read).await?;
    let head = Head {
        about: Some("“四下”抽样调查用的抽样框:按基准日冻结,交付时附指纹(SHA-256),以后不再改动。".into()),
        actions: Some(view::actions()),
        crumbs: vec![("名录".into(), Some(url::UNITS.into())), ("抽样框".into(), None)],
        ..Head::of("抽样框")
    };
    Ok(whole(&signed.frame, &head, &view::list(&found, &unfinished)))
}

/// What the form of a definition says. Nothing typed is nothing asked for.
fn definition(fields: &Fields, signed: &Signed) -> Answer<Definition> {
    let bad = |reason: String| Problem::BadInput { reason };
    let number = |name: &str| -> Result<Option<Decimal>, Problem> {
        match fields.get(name) {
            "" => Ok(None),
            text => parse_number(text).map(Some).map_err(|error| bad(error.to_string())),
        }
    };
    let bounds = |least: &str, below: &str| -> Result<Bounds, Problem> {
        Ok(Bounds { least: number(least)?, below: number(below)? })
    };
    let area = match fields.get("area") {
        "" => signed.actor.area,
        code => AreaCode::parse(code).map_err(|error| bad(error.to_string()))?,
    };
    let industries = fields.get("industries").split([' ', ',', '，', '、', '\n', '\r', '\u{3000}']);
    Ok(Definition {
        name: fields.get("name").to_owned(),
        purpose: fields.get("purpose").to_owned(),
        area,
        industries: industries.map(str::trim).filter(|one| !one.is_empty()).map(str::to_uppercase).collect(),
        listings: fields.all("listing").map(str::to_owned).collect(),
        kinds: fields.all("kind").map(str::to_owned).collect(),
        employees: bounds("staff_least", "staff_below")?,
        revenue: bounds("revenue_least", "revenue_below")?,
        with_unknown: fields.get("unknown") != "no",
        on: fields.must_day("on", "基准日")?,
    })
}

fn must_inspect(signed: &Signed) -> Answer<()> {
    Ok(signed.actor.must(Action::Inspect, Object::Area(&signed.actor.area))?)
}

/// The form of a definition, with what it would take once it is filled.
async fn new(State(web): State<Web>, signed: Signed, RawQuery(raw): RawQuery) -> Answer<Markup> {
    must_inspect(&signed)?;
    let fields = Fields::read(raw.as_deref().unwrap_or_default().as_bytes())?;
    let counted = if fields.get("name").is_empty() {
        None
    } else {
        let wanted = definition(&fields, &signed)?;
        let read = async |cx: &mut youju_app::Cx<'_>| app::preview(cx, wanted).await;
        Some(web.app.read(Some(signed.actor.clone()), read).await?)
    };
    let head = Head {
        about: Some(
            "先写定义、看各层有多少单位,再冻结。四上单位逐户调查,不在抽样框中;只取基准日正常运营的单位。".into(),
        ),
        crumbs: crumbs("新的抽样框"),
        ..Head::of("新的抽样框")
    };
    let today = youju_domain::survey::local(web.app.world().now()).date();
    Ok(whole(&signed.frame, &head, &view::new(&fields, counted.as_ref(), &signed.actor.area, today)))
}

/// Freezes a frame; of an area with too many units the server does it beside the pages.
async fn freeze(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    must_inspect(&signed)?;
    let fields = Fields::read(&body)?;
    let wanted = definition(&fields, &signed)?;
    let is_large = async |cx: &mut youju_app::Cx<'_>| app::is_for_the_server(cx, &wanted.area).await;
    if web.app.read(Some(signed.actor.clone()), is_large).await? {
        let asked = web.app.write(Some(signed.actor), async |cx| app::ask(cx, wanted).await).await?;
        return Ok(see(&url::sampling_frame(asked), "frame_asked"));
    }
    let frozen = app::freeze(&web.app, signed.actor, wanted).await?;
    Ok(see(&url::sampling_frame(frozen), "frame_frozen"))
}

/// A frozen frame, or how far it is.
async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let one: SamplingFrameId = id(path)?;
    let asked = async |cx: &mut youju_app::Cx<'_>| app::freezing(cx, one).await;
    if let Some(asked) = web.app.read(Some(signed.actor.clone()), asked).await? {
        let title = asked.definition.name.clone();
        let head = Head {
            about: Some(asked.definition.purpose.clone()),
            crumbs: crumbs(&title),
            badge: Some(view::badge(asked.state)),
            ..Head::of(&title)
        };
        return Ok(whole(&signed.frame, &head, &view::freezing(&asked)));
    }
    let read = async |cx: &mut youju_app::Cx<'_>| Ok((app::get(cx, one).await?, app::list(cx, page_request(1)).await?));
    let (one, others) = web.app.read(Some(signed.actor.clone()), read).await?;
    let title = one.definition.name.clone();
    let head = Head { about: Some(one.definition.purpose.clone()), crumbs: crumbs(&title), ..Head::of(&title) };
    Ok(whole(&signed.frame, &head, &view::snapshot(&one, &others.rows)))
}

/// What is delivered.
async fn file(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Response> {
    let (one, asked): (SamplingFrameId, Asked) = (id(path)?, query(raw)?);
    let encoding = Encoding::from_key(&asked.encoding).ok_or_else(damaged)?;
    let file = app::deliver(&web.app, signed.actor.clone(), one, encoding).await?;
    download::saved(&web, &signed.actor, "application/zip", file).await
}

/// Whether a file is the delivered one.
async fn verify_form(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let own = signed.actor.area;
    web.app.read(Some(signed.actor.clone()), async |cx| cx.allow(Action::View, Object::Area(&own))).await?;
    Ok(whole(&signed.frame, &verify_head(), &view::verify(None)))
}

fn verify_head() -> Head<'static> {
    Head {
        about: Some("上传收到的 CSV 原件,或者填写它的 SHA-256,看是不是这里交付的那一份。上传的文件不保存。".into()),
        crumbs: crumbs("核对抽样框"),
        ..Head::of("核对抽样框")
    }
}

async fn verify(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Response> {
    let mut parts = Parts::receive(multipart).await?;
    let hash = match parts.take_file()? {
        Some((_, bytes)) => app::fingerprint(&bytes),
        None => parts.fields.get("hash").to_owned(),
    };
    let (hash, found) = web.app.read(Some(signed.actor.clone()), async |cx| app::verify(cx, &hash).await).await?;
    let main = view::verify(Some((&hash, &found)));
    Ok(whole(&signed.frame, &verify_head(), &main).into_response())
}

/// A frame beside an earlier one.
async fn compare(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let (later, asked): (SamplingFrameId, Asked) = (id(path)?, query(raw)?);
    let earlier: SamplingFrameId = id(Path(asked.with))?;
    let (before, now, found) = app::compare(&web.app, signed.actor.clone(), later, earlier).await?;
    let head = Head {
        about: Some(format!(
            "{}({})与{}({})对照。",
            now.definition.name, now.definition.on, before.definition.name, before.definition.on
        )),
        crumbs: crumbs("前后对照"),
        ..Head::of("抽样框前后对照")
    };
    Ok(whole(&signed.frame, &head, &view::compared(&before, &now, &found)))
}

/// Every difference as CSV.
async fn compare_csv(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Response> {
    let (later, asked): (SamplingFrameId, Asked) = (id(path)?, query(raw)?);
    let earlier: SamplingFrameId = id(Path(asked.with))?;
    let file = app::compare_csv(&web.app, signed.actor.clone(), later, earlier).await?;
    download::csv(&web, &signed.actor, file).await
}
