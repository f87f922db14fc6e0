//! 辅助调查员: who is engaged where, what each lacks, appraisals, work and pay of a month, and the rates.

mod view;

use axum::Router;
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use rust_decimal::Decimal;
use serde::Deserialize;
use youju_app::enumerator as app;
use youju_codes::{Period, parse_number};
use youju_domain::Problem;
use youju_domain::enumerator::{NewRate, NewWork, Terms, read_area, read_month};
use youju_domain::id::{EngagementId, OrganisationId, RateId, StaffId, TenureId, WorkId};

use crate::fields::Fields;
use crate::request::{Answer, Signed, damaged, id, query, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, download, sponsorship, url};

/// Those who collect in the field, and who answers by name for what.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(url::ENUMERATORS, get(list))
        .route(url::ENUMERATORS_CSV, get(csv))
        .route(url::ENUMERATOR_RATES, get(rates).post(set_rate))
        .route("/enumerators/rates/{id}/end", post(end_rate).get(back_to_rates))
        .route("/enumerators/{id}", get(page))
        .route("/enumerators/{id}/{act}", post(act).get(back))
        .route(url::SPONSORSHIPS, get(sponsorship::list))
        .route(url::SPONSORSHIPS_NEW, get(sponsorship::new).post(sponsorship::name))
        .route(url::SPONSORSHIPS_MISSING, get(sponsorship::missing))
        .route("/sponsorships/{id}", get(sponsorship::page))
        .route("/sponsorships/{id}/visit", post(sponsorship::visit).get(sponsorship::back))
        .route("/sponsorships/{id}/end", post(sponsorship::end).get(sponsorship::back))
        .route("/units/{id}/sponsors", get(sponsorship::of_unit))
        .route("/organisations/{id}/enumerators", get(of_organisation))
        .route("/organisations/{id}/enumerators/new", get(new).post(engage))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    ended: String,
    #[serde(default)]
    month: String,
}

impl Asked {
    fn month(&self) -> Result<Option<Period>, Problem> {
        if self.month.is_empty() { Ok(None) } else { read_month(&self.month).map(Some) }
    }
}

const ABOUT: &str = "在村、社区和样本单位采集数据的人:选聘、培训、保密承诺、考核和报酬。缺什么随时列出。";

fn crumbs(here: &str) -> Vec<(String, Option<String>)> {
    vec![
        ("统计人员".into(), Some(url::STAFF.into())),
        ("辅助调查员".into(), Some(url::ENUMERATORS.into())),
        (here.to_owned(), None),
    ]
}

/// The enumerators of the actor's area.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let has_ended = asked.ended == "yes";
    let found = web.app.read(Some(signed.actor.clone()), async |cx| app::list(cx, None, has_ended).await).await?;
    let actions = html! {
        a.button.primary href=(url::case_new("enumerator_selection")) { "提出选聘" }
        a.button href=(url::ENUMERATOR_RATES) { "报酬标准" }
    };
    let crumbs = vec![("统计人员".into(), Some(url::STAFF.into())), ("辅助调查员".into(), None)];
    let head = Head { about: Some(ABOUT.into()), actions: Some(actions), crumbs, ..Head::of("辅助调查员") };
    Ok(whole(&signed.frame, &head, &view::list(&found, has_ended, true)))
}

/// Those of an organisation.
pub(crate) async fn of_organisation(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let at: OrganisationId = id(path)?;
    let read = web.app.read(Some(signed.actor.clone()), async |cx| {
        let (place, free) = app::free(cx, at).await?;
        Ok((place, free.len(), app::list(cx, Some(at), false).await?))
    });
    let (place, free, found) = read.await?;
    let actions =
        html! { a.button.primary href=(url::organisation_enumerators_new(at)) { "聘用登记(" (free) " 人待聘)" } };
    let head =
        Head {
            about: Some(place.clone()), actions: Some(actions), crumbs: crumbs(&place), ..Head::of("辅助调查员")
        };
    Ok(whole(&signed.frame, &head, &view::list(&found, false, false)))
}

/// The form that engages an auxiliary of an organisation.
pub(crate) async fn new(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let at: OrganisationId = id(path)?;
    let read = web.app.read(Some(signed.actor.clone()), async |cx| app::free(cx, at).await);
    let (place, free) = read.await?;
    let head = Head { about: Some(place.clone()), crumbs: crumbs("聘用登记"), ..Head::of("聘用登记") };
    Ok(whole(&signed.frame, &head, &view::new(at, &free)))
}

fn terms(fields: &Fields) -> Result<Terms, Problem> {
    let supervisor = match fields.get("supervisor") {
        "" => None,
        text => Some(text.parse::<StaffId>().map_err(|_| damaged())?),
    };
    Ok(Terms {
        area: read_area(fields.get("area")),
        surveys: fields.get("surveys").to_owned(),
        supervisor,
        agreement: fields.get("agreement").to_owned(),
        secrecy_on: fields.day("secrecy")?,
    })
}

/// Engages an auxiliary.
pub(crate) async fn engage(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let _: OrganisationId = id(path)?;
    let fields = Fields::read(&body)?;
    let tenure: TenureId =
        fields.get("tenure").parse().map_err(|_| Problem::BadInput { reason: "请选择辅助调查员。".into() })?;
    let (terms, since) = (terms(&fields)?, fields.must_day("since", "聘用日期")?);
    let engaged = web.app.write(Some(signed.actor), async |cx| app::engage(cx, tenure, terms, since).await).await?;
    Ok(see(&url::enumerator(engaged), "enumerator_engaged"))
}

/// Somebody's engagement with a month.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let engagement: EngagementId = id(path)?;
    let asked: Asked = query(raw)?;
    let month = asked.month()?;
    let sheet = web.app.read(Some(signed.actor.clone()), async |cx| app::get(cx, engagement, month).await).await?;
    let name = sheet.engaged.name.clone();
    let head = Head { about: Some(sheet.engaged.place.clone()), crumbs: crumbs(&name), ..Head::of(&name) };
    Ok(whole(&signed.frame, &head, &view::sheet(&sheet)))
}

fn number(fields: &Fields, name: &str, word: &str) -> Result<Decimal, Problem> {
    let bad = || Problem::BadInput { reason: format!("{word}应为数字,现为“{}”。", fields.get(name)) };
    parse_number(fields.get(name)).ok().ok_or_else(bad)
}

/// An act on an engagement.
pub(crate) async fn act(
    State(web): State<Web>,
    signed: Signed,
    Path((engagement, act)): Path<(String, String)>,
    RawForm(body): RawForm,
) -> Answer {
    let engagement: EngagementId = id(Path(engagement))?;
    let fields = Fields::read(&body)?;
    let month = fields.get("month").to_owned();
    let back = url::with_query(&url::enumerator(engagement), &[("month", &month)]);
    let done = web.app.write(Some(signed.actor), async |cx| do_it(cx, engagement, &act, &fields).await);
    done.await?;
    Ok(see(&back, "saved"))
}

async fn do_it(cx: &mut youju_app::Cx<'_>, of: EngagementId, act: &str, fields: &Fields) -> youju_app::Result<()> {
    match act {
        "change" => {
            let revision = fields.number("revision", "版次")?.unwrap_or_default();
            app::change(cx, of, terms(fields)?, revision).await
        }
        "end" => app::end(cx, of, fields.must_day("on", "结束日期")?, fields.get("why")).await,
        "appraise" => {
            let missing = || Problem::BadInput { reason: "请填写分数。".into() };
            let score = fields.number("score", "分数")?.ok_or_else(missing)?;
            app::appraise(cx, of, fields.get("period"), score, fields.get("grounds")).await
        }
        "work" => {
            let rate: RateId = fields
                .get("rate")
                .parse()
                .map_err(|_| Problem::BadInput { reason: "请选择工作内容。".into() })?;
            let done_on = fields.must_day("done_on", "日期")?;
            let quantity = number(fields, "quantity", "数量")?;
            let new = NewWork { done_on, quantity, note: fields.get("note").to_owned() };
            app::enter_work(cx, of, rate, new).await
        }
        "strike" => {
            let work: WorkId = fields.get("work").parse().map_err(|_| damaged())?;
            app::strike_work(cx, of, work, fields.must_day("done_on", "日期")?, fields.get("why")).await
        }
        "confirm" => app::confirm(cx, of, read_month(fields.get("month"))?).await,
        "pay" => app::pay(cx, of, read_month(fields.get("month"))?, fields.get("document")).await,
        _ => Err(Problem::NotFound { what: "页面" }.into()),
    }
}

/// The address of an act, asked for as a page.
pub(crate) async fn back(_: Signed, Path((engagement, _)): Path<(String, String)>) -> Answer<Redirect> {
    let engagement: EngagementId = id(Path(engagement))?;
    Ok(Redirect::to(&url::enumerator(engagement)))
}

/// The pay of everybody for a month.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Response> {
    let asked: Asked = query(raw)?;
    let missing = || Problem::BadInput { reason: "请写一个月份,如 2026-03。".into() };
    let month = asked.month()?.ok_or_else(missing)?;
    let file = web.app.read(Some(signed.actor.clone()), async |cx| app::csv(cx, month).await).await?;
    download::csv(&web, &signed.actor, file).await
}

/// What work is paid.
pub(crate) async fn rates(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let found = web.app.read(Some(signed.actor.clone()), async |cx| app::rates(cx).await).await?;
    let about = "每项工作按什么计量、每个多少元,依据哪个文件。停用以后,停用前做的工作仍按它计算。";
    let head = Head { about: Some(about.into()), crumbs: crumbs("报酬标准"), ..Head::of("报酬标准") };
    Ok(whole(&signed.frame, &head, &view::rates(&found, app::may_set_rates(&signed.actor))))
}

/// Sets a rate.
pub(crate) async fn set_rate(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let fields = Fields::read(&body)?;
    let amount = number(&fields, "amount", "标准")?;
    let [task, per, document] = ["task", "per", "document"].map(|name| fields.get(name).to_owned());
    let since = fields.must_day("since", "启用日期")?;
    let new = NewRate { task, per, amount, document };
    web.app.write(Some(signed.actor), async |cx| app::set_rate(cx, new, since).await).await?;
    Ok(see(url::ENUMERATOR_RATES, "saved"))
}

/// Ends a rate.
pub(crate) async fn end_rate(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let (rate, fields): (RateId, Fields) = (id(path)?, Fields::read(&body)?);
    let on = fields.must_day("on", "停用日期")?;
    web.app.write(Some(signed.actor), async |cx| app::end_rate(cx, rate, on).await).await?;
    Ok(see(url::ENUMERATOR_RATES, "saved"))
}

/// The address of that, asked for as a page.
pub(crate) async fn back_to_rates(_: Signed) -> Redirect {
    Redirect::to(url::ENUMERATOR_RATES)
}
