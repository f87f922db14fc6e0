//! Assessments 数据质量评估: the list, one assessment with its figures, and the line above totals that says whether they may be used.

mod list;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::Redirect;
use maud::Markup;
use serde::Deserialize;
use youju_app::assessment::{Filter, Subject, Where};
use youju_app::list::PageRequest;
use youju_codes::{AreaCode, Period};
use youju_domain::Problem;
use youju_domain::assessment::{Overall, Said, Stage, Verdict, level_of};
use youju_domain::id::AssessmentId;
use youju_domain::report::Level;
use youju_programme::{Form, Item};

use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use list::waiting;
pub(crate) use view::{Banner, area_name, banner, stage};

/// The word for what nobody has begun, in addresses.
const UNASSESSED: &str = "unassessed";
/// Areas below one's own that the line above totals names; a list has the rest.
const BELOW_MAX: i64 = 30;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    form: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    page: i64,
}

fn bad(error: impl std::fmt::Display) -> Problem {
    Problem::BadInput { reason: error.to_string() }
}

fn some(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then(|| text.trim())
}

fn stands(word: &str) -> Result<Where, Problem> {
    if word == UNASSESSED {
        return Ok(Where::Unassessed);
    }
    Stage::from_key(word).map(Where::In).ok_or_else(|| bad(format!("没有“{word}”这种评估状态。")))
}

/// What is assessed in the person's area, and what is not yet.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let standing = some(&asked.stage).map(stands).transpose()?;
    let filter = Filter {
        form: some(&asked.form).map(str::to_owned),
        period: some(&asked.period).map(Period::parse).transpose().map_err(bad)?,
        area: some(&asked.area).map(AreaCode::parse).transpose().map_err(bad)?,
        below: None,
        standing,
    };
    let request = page_request(asked.page);
    let found = web
        .app
        .read(Some(signed.actor.clone()), async |cx| youju_app::assessment::list(cx, &filter, request).await)
        .await?;
    let pairs =
        [("form", asked.form.as_str()), ("period", &asked.period), ("area", &asked.area), ("stage", &asked.stage)];
    let head = Head {
        about: Some(
            "按“下管一级”,由上一级统计机构评估各地区已验收的汇总数据并反馈;未经上级评估反馈的数据不得对外使用。".into(),
        ),
        crumbs: vec![("汇总".into(), Some(url::TOTALS.into())), ("数据质量评估".into(), None)],
        ..Head::of("数据质量评估")
    };
    let forms: Vec<&Form> = web.app.programmes().values().flat_map(youju_programme::Programme::forms).collect();
    let (declared, undeclared): (Vec<&Form>, Vec<&Form>) =
        forms.into_iter().partition(|form| items(&web, &form.code).next().is_some());
    Ok(whole(&signed.frame, &head, &list::view(&found, &pairs, &declared, &undeclared)))
}

fn items<'a>(web: &'a Web, form: &'a str) -> impl Iterator<Item = &'a Item> {
    web.app.programme_of(form).into_iter().flat_map(move |programme| programme.assessment(form))
}

#[derive(Deserialize)]
struct Opened {
    form: String,
    period: String,
    area: String,
}

/// The level above begins.
pub(crate) async fn open(State(web): State<Web>, signed: Signed, RawForm(body): RawForm) -> Answer {
    let Opened { form, period, area } = read(&String::from_utf8_lossy(&body))?;
    let subject =
        Subject { form, period: Period::parse(&period).map_err(bad)?, area: AreaCode::parse(&area).map_err(bad)? };
    let opened = web.app.write(Some(signed.actor), async |cx| youju_app::assessment::open(cx, &subject).await).await?;
    Ok(see(&url::assessment(opened.id), "assessment_opened"))
}

/// One assessment.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let about = youju_app::assessment::look(&web.app, &signed.actor, id(path)?).await?;
    let assessment = &about.assessment;
    let form = web.app.form(&assessment.form)?;
    let title = format!("数据质量评估:{}", area_name(&assessment.area));
    let head = Head {
        period: Some(assessment.period.cumulative_label()),
        badge: Some(stage(Some(assessment.stage))),
        about: Some(form.title()),
        crumbs: vec![
            ("汇总".into(), Some(url::TOTALS.into())),
            ("数据质量评估".into(), Some(url::ASSESSMENTS.into())),
            (title.clone(), None),
        ],
        ..Head::of(&title)
    };
    let declared: Vec<&Item> = items(&web, &assessment.form).collect();
    Ok(whole(&signed.frame, &head, &view::page(&about, &declared)))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::assessment(id(path)?)))
}

#[derive(Deserialize)]
struct Judged {
    rule: String,
    verdict: String,
    reason: String,
    method: String,
}

/// The assessor judges one item.
pub(crate) async fn judge(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let assessment: AssessmentId = id(path)?;
    let judged: Judged = read(&String::from_utf8_lossy(&body))?;
    let verdict = Verdict::from_key(&judged.verdict).ok_or_else(damaged)?;
    let said = Said { verdict, reason: judged.reason, method: judged.method };
    youju_app::assessment::judge(&web.app, &signed.actor, assessment, &judged.rule, &said).await?;
    Ok(see(&url::assessment(assessment), "judged"))
}

#[derive(Deserialize)]
struct FedBack {
    overall: String,
    #[serde(default)]
    text: String,
}

/// The assessor feeds back.
pub(crate) async fn feed_back(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let assessment: AssessmentId = id(path)?;
    let FedBack { overall, text } = read(&String::from_utf8_lossy(&body))?;
    let overall = Overall::from_key(&overall).ok_or_else(damaged)?;
    youju_app::assessment::feed_back(&web.app, &signed.actor, assessment, (overall, &text)).await?;
    Ok(see(&url::assessment(assessment), "assessment_fed_back"))
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    text: String,
}

/// The area answers.
pub(crate) async fn answer(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let assessment: AssessmentId = id(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| youju_app::assessment::answer(cx, assessment, &text).await).await?;
    Ok(see(&url::assessment(assessment), "assessment_answered"))
}

/// The assessor closes.
pub(crate) async fn close(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let assessment: AssessmentId = id(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| youju_app::assessment::close(cx, assessment, &text).await).await?;
    Ok(see(&url::assessment(assessment), "judged"))
}

/// The assessor begins anew.
pub(crate) async fn reassess(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let assessment: AssessmentId = id(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| youju_app::assessment::reassess(cx, assessment, &text).await).await?;
    Ok(see(&url::assessment(assessment), "assessment_opened"))
}

/// What stands above totals of a form and period in an area: whether they may be used outside, and how it is with the areas
/// directly below. `level` is the one whose acceptance the totals rest on.
pub(crate) async fn told(web: &Web, signed: &Signed, subject: &Subject, level: Level) -> Answer<Banner> {
    let filter = Filter {
        form: Some(subject.form.clone()),
        period: Some(subject.period),
        below: Some(subject.area),
        ..Filter::default()
    };
    let first = PageRequest { offset: 0, limit: BELOW_MAX };
    let is_whole = matches!(level_of(&subject.area), Some(Level::City | Level::Province));
    let lists = level_of(&signed.actor.area).is_some();
    let banner = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            let told = youju_app::assessment::standing(cx, subject).await?;
            if !is_whole {
                return Ok(Banner { told, level, lists, below: Vec::new(), more: 0 });
            }
            let found = youju_app::assessment::list(cx, &filter, first).await?;
            let more = found.total.saturating_sub(found.rows.len().try_into().unwrap_or(u64::MAX));
            Ok(Banner { told, level, lists, below: found.rows, more })
        })
        .await?;
    Ok(banner)
}
