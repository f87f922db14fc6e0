//! Rosters 部门名单: a list is chosen, looked at, taken; matched with the register; its pairs are reviewed one by one, and what follows is
//! listed. Between the look and the confirmation the file travels inside the page.

mod pair;
mod result;
mod view;

use axum::Router;
use axum::extract::{Multipart, Path, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;
use serde::Deserialize;
use youju_app::list::Page;
use youju_app::roster::{self, Mapping, Opened, Wanted};
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::id::{RosterId, RosterRunId};
use youju_domain::roster::{Choice, Column, Coverage, Roster, Verdict};

use crate::fields::Fields;
use crate::handed::Handed;
use crate::ledger::unhurried;
use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, url};

const MISSING: &str = "请选择部门提供的名单文件。";
const ABOUT: &str =
    "一个文件是一个部门的一份名单,一行一个单位,列名和顺序不限。先看清单,再导入;不能收的行逐行列出,可以导出改正后再送。";

/// Lists of departments.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(url::ROSTERS, get(list))
        .route(url::ROSTER_TABLE, get(form).post(look))
        .route(url::ROSTER_TAKE, post(take).get(back))
        .route(url::ROSTER_DOUBLES, post(ask_doubles).get(back))
        .route("/rosters/{id}", get(one))
        .route("/rosters/{id}/left/csv", get(left_csv))
        .route("/rosters/{id}/runs", post(ask).get(back))
        .route("/rosters/runs/{id}", get(run))
        .route("/rosters/runs/{id}/csv", get(run_csv))
        .route("/rosters/runs/{id}/review", get(review))
        .route("/rosters/runs/{id}/pairs/{number}", get(pair).post(decide))
}

/// Who may not see what departments say may not hand it in either, and is told so before anything is read.
fn must_bring(signed: &Signed) -> Answer<()> {
    Ok(signed.actor.must(Action::Inspect, Object::Area(&signed.actor.area))?)
}

fn head<'a>(title: &'a str, about: Option<&str>) -> Head<'a> {
    Head { about: about.map(str::to_owned), crumbs: crumbs(Vec::new(), title), ..Head::of(title) }
}

/// The way to a page of the room.
fn crumbs(between: Vec<(String, String)>, here: &str) -> Vec<(String, Option<String>)> {
    let room = [("名录", url::UNITS), ("部门名单", url::ROSTERS)];
    let room = room.map(|(word, address)| (word.to_owned(), Some(address.to_owned())));
    let between = between.into_iter().map(|(word, address)| (word, Some(address)));
    room.into_iter().chain(between).chain([(here.to_owned(), None)]).collect()
}

/// The list that a run or a pair belongs to, on the way there.
fn of_list(roster: Option<&Roster>) -> Vec<(String, String)> {
    roster.map(|roster| (format!("{}名单", roster.department), url::roster(roster.id))).into_iter().collect()
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    into: String,
    #[serde(default)]
    list: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    page: i64,
    #[serde(default)]
    told: i64,
    #[serde(default)]
    last: i64,
}

/// The lists that touch the officer's area.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let request = page_request(asked.page);
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        Ok((roster::list(cx, request).await?, roster::doubles(cx).await?))
    });
    let (found, doubles) = read.await?;
    let may_bring = must_bring(&signed).is_ok();
    let head = Head {
        about: Some("市场监管、税务、民政、编制等部门的单位名单,与名录库比对,找出应纳入、应变更、应退出和重复的单位。比对结果只是线索,不改动名录库。".into()),
        actions: may_bring.then(view::actions),
        crumbs: vec![("名录".into(), Some(url::UNITS.into())), ("部门名单".into(), None)],
        ..Head::of("部门名单")
    };
    Ok(whole(&signed.frame, &head, &view::list(&found, &doubles, may_bring)))
}

/// The page that asks for a list.
pub(crate) async fn form(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    must_bring(&signed)?;
    let asked: Asked = query(raw)?;
    let into = match asked.into.parse::<RosterId>() {
        Ok(id) => Some(web.app.read(Some(signed.actor.clone()), async |cx| roster::with_runs(cx, id).await).await?.0),
        Err(_) => None,
    };
    let title = if into.is_some() { "补送名单" } else { "导入名单" };
    Ok(whole(&signed.frame, &head(title, Some(ABOUT)), &view::form(into.as_ref(), &signed.actor.area)))
}

/// What somebody says about the list; one that completes another says nothing of its own.
fn wanted(sent: &Handed, area: &AreaCode) -> Answer<Wanted> {
    let fields = &sent.fields;
    let area = match fields.get("area") {
        "" => *area,
        text => AreaCode::parse(text).map_err(|error| Problem::BadInput { reason: error.to_string() })?,
    };
    Ok(Wanted {
        department: fields.get("department").to_owned(),
        area,
        coverage: Coverage::from_key(fields.get("coverage")).unwrap_or(Coverage::Part),
        origin: fields.get("origin").to_owned(),
        into: fields.get("into").parse().ok(),
    })
}

/// What the columns were said to be: `c0`, `c1` …; none before anybody has said.
fn said(fields: &Fields) -> Option<Mapping> {
    let place = |name: &str| name.strip_prefix('c').and_then(|place| place.parse::<usize>().ok());
    let said: Vec<(usize, &str)> =
        fields.pairs().iter().filter_map(|(name, value)| Some((place(name)?, value.trim()))).collect();
    let read = |(place, key): (usize, &str)| Column::from_key(key).map(|column| (place, column));
    (!said.is_empty()).then(|| said.into_iter().filter_map(read).collect())
}

async fn opened(sent: &Handed) -> Answer<Opened> {
    let (name, bytes, said) = (sent.name.clone(), sent.bytes.clone(), said(&sent.fields));
    let open = move || {
        let mut opened = roster::open(&name, Box::new(std::io::Cursor::new(bytes)))?;
        if let Some(said) = said {
            opened.map(said)?;
        }
        Ok(opened)
    };
    Ok(unhurried(open).await?)
}

/// What taking the list would do.
pub(crate) async fn look(State(_): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    must_bring(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let wanted = wanted(&sent, &signed.actor.area)?;
    let mut file = opened(&sent).await?;
    let (file, looked) = unhurried(move || {
        let looked = roster::look(&mut file)?;
        Ok((file, looked))
    })
    .await?;
    let main = view::looked(&wanted, &sent.kept(), &file, &looked);
    Ok(whole(&signed.frame, &head("核对名单", Some(ABOUT)), &main))
}

/// Takes the list.
pub(crate) async fn take(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer {
    must_bring(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let wanted = wanted(&sent, &signed.actor.area)?;
    let mut file = opened(&sent).await?;
    let (roster, _) = roster::take(&web.app, Some(signed.actor), &mut file, &wanted, |_, _| {}).await?;
    Ok(see(&url::roster(roster), "roster_taken"))
}

/// A list: what came in, what was left, and its runs.
pub(crate) async fn one(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let roster: RosterId = id(path)?;
    let asked: Asked = query(raw)?;
    let (request, told) = (page_request(asked.page), page_request(asked.told));
    let may_bring = must_bring(&signed).is_ok();
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let (found, runs) = roster::with_runs(cx, roster).await?;
        let may_bring = may_bring && signed.actor.area.contains(&found.area);
        let rows = if may_bring {
            Some((roster::left(cx, roster, request).await?.1, roster::remarked(cx, roster, told).await?.1))
        } else {
            None
        };
        Ok((found, runs, rows))
    });
    let (found, runs, rows) = read.await?;
    let title = format!("{}名单", found.department);
    let head = Head { actions: rows.as_ref().map(|_| view::one_actions(&found)), ..head(&title, None) };
    Ok(whole(&signed.frame, &head, &view::one(&found, &runs, rows.as_ref(), (asked.page, asked.told))))
}

/// The rows that were left, to be mended and handed in again.
pub(crate) async fn left_csv(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Response> {
    let roster: RosterId = id(path)?;
    let file = web.app.read(Some(signed.actor.clone()), async |cx| roster::left_csv(cx, roster).await).await?;
    download::csv(&web, &signed.actor, file).await
}

/// Asks for a run of a list.
pub(crate) async fn ask(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let roster: RosterId = id(path)?;
    let run = web.app.write(Some(signed.actor), async |cx| roster::ask(cx, Some(roster)).await).await?;
    Ok(see(&url::roster_run(run, ""), "roster_asked"))
}

/// Asks for a look for duplicates in the register.
pub(crate) async fn ask_doubles(State(web): State<Web>, signed: Signed) -> Answer {
    let run = web.app.write(Some(signed.actor), async |cx| roster::ask(cx, None).await).await?;
    Ok(see(&url::roster_run(run, ""), "roster_asked"))
}

/// Where pages go that only take something.
pub(crate) async fn back(State(_): State<Web>, _: Signed) -> Redirect {
    Redirect::to(url::ROSTERS)
}

fn verdict(asked: &Asked) -> Answer<Verdict> {
    match asked.list.as_str() {
        "" => Ok(Verdict::Review),
        key => Verdict::from_key(key).ok_or_else(|| damaged().into()),
    }
}

/// A run with one of its lists.
pub(crate) async fn run(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let run: RosterRunId = id(path)?;
    let asked: Asked = query(raw)?;
    let (verdict, request) = (verdict(&asked)?, page_request(asked.page));
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let results = roster::results(cx, run, (verdict, &asked.search), request).await?;
        let types = youju_app::case::openable(cx)?.into_iter().map(|kind| kind.key.clone()).collect::<Vec<String>>();
        Ok((results, types))
    });
    let (results, types) = read.await?;
    let title =
        results.roster.as_ref().map_or("名录库查重".to_owned(), |roster| format!("{}名单比对", roster.department));
    let crumbs = crumbs(of_list(results.roster.as_ref()), "比对");
    let head = Head { badge: Some(result::badge(results.run.state)), crumbs, ..Head::of(&title) };
    Ok(whole(&signed.frame, &head, &result::run(&results, (verdict, &asked.search), &types)))
}

/// A list of a run as CSV.
pub(crate) async fn run_csv(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Response> {
    let run: RosterRunId = id(path)?;
    let asked: Asked = query(raw)?;
    let wanted = (verdict(&asked)?, asked.search.as_str());
    let file = web.app.read(Some(signed.actor.clone()), async |cx| roster::csv(cx, run, wanted).await).await?;
    download::csv(&web, &signed.actor, file).await
}

/// Goes to the pair that is to be looked at next, or says that none waits.
pub(crate) async fn review(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let run: RosterRunId = id(path)?;
    let (_, next) = web.app.read(Some(signed.actor.clone()), async |cx| roster::next(cx, run).await).await?;
    Ok(match next {
        Some(number) => Redirect::to(&url::roster_pair(run, number)).into_response(),
        None => see(&url::roster_run(run, ""), "roster_reviewed"),
    })
}

fn place((run, number): (String, String)) -> Answer<(RosterRunId, i64)> {
    let bad = || Problem::NotFound { what: "页面" };
    Ok((run.parse().map_err(|_| bad())?, number.parse().map_err(|_| bad())?))
}

/// A pair, both records side by side.
pub(crate) async fn pair(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    raw: RawQuery,
) -> Answer<Markup> {
    let ((run, number), asked): (_, Asked) = (place(path)?, query(raw)?);
    let found = web.app.read(Some(signed.actor.clone()), async |cx| roster::get(cx, run, number).await).await?;
    let mut between = of_list(found.roster.as_ref());
    between.push(("比对".into(), url::roster_run(run, "")));
    let head = Head {
        crumbs: crumbs(between, &format!("第 {number} 对")),
        badge: Some(pair::badge(&found)),
        ..Head::of("是不是同一单位")
    };
    let last = Some(asked.last).filter(|last| *last > 0 && *last != number);
    Ok(whole(&signed.frame, &head, &pair::page(&found, last)))
}

/// Decides about a pair and goes on to the next.
pub(crate) async fn decide(
    State(web): State<Web>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    RawForm(body): RawForm,
) -> Answer {
    let (run, number) = place(path)?;
    let fields = Fields::read(&body)?;
    let choice = fields.choice("choice", "判断", Choice::from_key)?;
    let revision = fields.number::<i64>("revision", "版本")?.unwrap_or_default();
    let decided =
        web.app.write(Some(signed.actor), async |cx| roster::decide(cx, run, (number, revision), choice).await).await?;
    let next = match decided.next {
        Some(next) if choice != Choice::Undone => url::roster_pair_after(run, next, number),
        _ => url::roster_pair(run, number),
    };
    Ok(see(&next, "roster_decided"))
}

/// A part of what was told, as pages show parts.
fn first<T>(rows: Vec<T>, total: u64) -> Page<T> {
    Page { rows, total, offset: 0 }
}
