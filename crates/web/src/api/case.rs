//! Cases of the unit: what may be opened, those that there are, one with its story, opening one and doing something in one.

mod form;
mod sent;
mod wire;

use axum::Json;
use axum::extract::{FromRequestParts, RawQuery, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use youju_app::case::{Filter, Turn};
use youju_app::intake::case as cases;
use youju_domain::Problem;
use youju_domain::api_key::Use;

use super::ApiProblem;
use super::given::{Named, bad, of_unit};
use crate::api::Key;
use crate::register::page_request;
use crate::request::query;
use crate::{Web, url};
use form::CaseType;
use sent::{NewCase, NewStep, Sent, looked};
use wire::{Case, Cases, Done};

type Answer<T = Response> = Result<T, ApiProblem>;

/// A program that asks about cases of its own unit.
pub(super) struct Asked {
    program: Key,
    named: Named,
}

impl Asked {
    fn named(&self, name: &str) -> &str {
        self.named.get(name).map(String::as_str).unwrap_or_default()
    }
}

impl FromRequestParts<Web> for Asked {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Asked, ApiProblem> {
        let (program, named) = of_unit(parts, web, Use::Cases).await?;
        Ok(Asked { program: Key(program), named })
    }
}

/// What may be opened.
#[utoipa::path(
    get, path = "/api/v1/case-types/{unit}", operation_id = "readCaseTypes", tag = "事项",
    summary = "查看可以提出的事项类型",
    description = "本单位可以提出的每一种事项:依据、要填写的栏目和可选的值、要交的材料、各种状态和申报批次。\
        要本人在现场办理、拍照、签字的,refused 写明原因,不能由软件办理。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
    ),
    responses(
        (status = 200, description = "事项类型", body = Vec<CaseType>),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn types(State(web): State<Web>, asked: Asked) -> Answer<Json<Vec<CaseType>>> {
    let types = cases::types(&web.app, &asked.program.0).await?;
    Ok(Json(types.iter().map(CaseType::of).collect()))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: String,
}

/// The words by which a list is narrowed.
fn turn(state: &str) -> Result<Turn, Problem> {
    match state {
        "" => Ok(Turn::All),
        "open" => Ok(Turn::Open),
        "mine" => Ok(Turn::Mine),
        "ended" => Ok(Turn::Ended),
        _ => Err(bad(
            "参数 state 应为 open(没有办结的)、mine(轮到本单位办理的)或 ended(已办结的),不写为全部。".to_owned()
        )),
    }
}

fn page(number: &str) -> Result<i64, Problem> {
    let wrong = || bad("参数 page 应为从 1 开始的整数。".to_owned());
    if number.is_empty() { Ok(1) } else { number.parse().ok().filter(|page| *page >= 1).ok_or_else(wrong) }
}

/// The cases of the unit.
#[utoipa::path(
    get, path = "/api/v1/cases/{unit}", operation_id = "readCases", tag = "事项",
    summary = "查看事项清单",
    description = "关于本单位的事项,每页 50 件:轮到密钥的经办人办理的在前,期限早的在前,办结的在后。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("type" = Option<String>, Query, description = "事项类型的代码;不写为全部", example = "amendment"),
        ("state" = Option<String>, Query, description = "open 没有办结的、mine 轮到本单位办理的、ended 已办结的;不写为全部",
            pattern = "^(open|mine|ended)$", example = "open"),
        ("page" = Option<u32>, Query, description = "第几页,从 1 开始;不写为第 1 页", minimum = 1, example = 1),
    ),
    responses(
        (status = 200, description = "一页事项", body = Cases),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(State(web): State<Web>, asked: Asked, raw: RawQuery) -> Answer<Json<Cases>> {
    let wanted: Wanted =
        query(raw).map_err(|_| bad("地址中的参数 type、state 或 page 不正确,应为 UTF-8 的百分号编码。".into()))?;
    let (turn, page) = (turn(&wanted.state)?, page(&wanted.page)?);
    let filter = Filter { kind: Some(wanted.r#type).filter(|key| !key.is_empty()), turn, ..Filter::default() };
    let found = cases::list(&web.app, &asked.program.0, filter, page_request(page)).await?;
    Ok(Json(Cases::of(&found, page)))
}

/// One case.
#[utoipa::path(
    get, path = "/api/v1/cases/{unit}/{case}", operation_id = "readCase", tag = "事项",
    summary = "查看事项",
    description = "事项的内容、状态、轮到谁、期限、材料和办理经过,以及密钥的经办人现在可以办理的动作。材料的内容在页面上查看。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("case" = String, Path, description = "事项的编号", example = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11"),
    ),
    responses(
        (status = 200, description = "事项", body = Case),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn one(State(web): State<Web>, asked: Asked) -> Answer<Json<Case>> {
    let seen = cases::get(&web.app, &asked.program.0, asked.named("case")).await?;
    Ok(Json(Case::of(&seen)))
}

/// Opens a case.
#[utoipa::path(
    post, path = "/api/v1/cases/{unit}", operation_id = "openCase", tag = "事项",
    summary = "提出事项",
    description = "与页面上提出经过同样的检查,记在密钥经办人的名下,并写明由哪个密钥办理。栏目的值一律写成字符串;材料写成 base64。\
        同一个发送编号再次发送的,不论内容,都是第一次提出的那一件。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
    ),
    request_body(description = "填写的内容和材料", content((NewCase = "application/json"))),
    responses(
        (status = 201, description = "已提出", body = Case, headers(("Location" = String, description = "查看这件事项的地址"))),
        (status = 200, description = "这个发送编号已经提出过,没有再提出", body = Case),
        (status = "4XX", description = "没有提出", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn open(State(web): State<Web>, sent: Sent<NewCase>) -> Answer {
    let Sent { asked, body } = sent;
    let program = asked.program.0;
    let (key, subject) = (body.r#type, body.subject.unwrap_or_default());
    let looked = looked(&web, body.materials).await?;
    let command = sent::command((body.values, body.reason), body.sending, 0);
    let opened = cases::open(&web.app, &program, (&key, &subject), command, looked).await?;
    let case = Json(Case::of(&opened.seen));
    if !opened.is_new {
        return Ok((StatusCode::OK, case).into_response());
    }
    let location = url::api_case(program.unit().usci.as_str(), opened.seen.case.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], case).into_response())
}

/// Does something in a case.
#[utoipa::path(
    post, path = "/api/v1/cases/{unit}/{case}/acts/{act}", operation_id = "actInCase", tag = "事项",
    summary = "办理事项",
    description = "办理 offers 中的一个动作。revision 写查看时看到的:有人先办理了的,回答 409,请重新查看。同一个发送编号再次发送的,只算一次。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("case" = String, Path, description = "事项的编号", example = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11"),
        ("act" = String, Path, description = "动作的代码", example = "mend"),
    ),
    request_body(description = "填写的内容和材料", content((NewStep = "application/json"))),
    responses(
        (status = 200, description = "已办理", body = Done),
        (status = "4XX", description = "没有办理", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn take(State(web): State<Web>, sent: Sent<NewStep>) -> Answer<Json<Done>> {
    let Sent { asked, body } = sent;
    let looked = looked(&web, body.materials).await?;
    let act = asked.named("act").to_owned();
    let command =
        youju_domain::case::Command { act, ..sent::command((body.values, body.reason), body.sending, body.revision) };
    let seen = cases::take(&web.app, &asked.program.0, asked.named("case"), command, looked).await?;
    Ok(Json(Done::of(seen.as_ref())))
}
