//! Where a figure of the unit came from, where an import leads, and through whose hands a figure went: reading only.

mod wire;

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Deserialize;
use youju_app::intake;
use youju_domain::Problem;

use super::ApiProblem;
use super::given::Asked;
use crate::Web;
use crate::request::query;
use wire::{Hands, Impact, Lineage};

type Answer<T> = Result<Json<T>, ApiProblem>;

/// Where a cell came from.
#[utoipa::path(
    get, path = "/api/v1/reports/{unit}/{period}/{form}/cells/{cell}/lineage", operation_id = "readLineage", tag = "溯源",
    summary = "查看数据来源",
    description = "本单位报表中一格的数值、数据状态、取数公式和算式、每个输入在科目余额表中的行,以及取数的台账。没有填过的格,value 为空。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("period" = String, Path, description = "报表的报告期,如 2026-03(3 月)、2026-Q1(一季度)、2026(全年)",
            pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-01~02|-Q[1-4]|-S[12])?$", example = "2026-03"),
        ("form" = String, Path, description = "表号", example = "B203"),
        ("cell" = String, Path, description = "数据项编号;清单中的一格如 p.3.10", example = "c301"),
    ),
    responses(
        (status = 200, description = "来源", body = Lineage),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn of_cell(State(web): State<Web>, asked: Asked) -> Answer<Lineage> {
    let lineage = intake::lineage(&web.app, &asked.program, &asked.place()).await?;
    Ok(Json(Lineage::of(&web.app, &lineage)?))
}

/// Through whose hands a cell went.
#[utoipa::path(
    get, path = "/api/v1/reports/{unit}/{period}/{form}/cells/{cell}/hands", operation_id = "readHands", tag = "溯源",
    summary = "倒查经手人",
    description = "经手这个数的每一个人和每一次办理,按时间先后:导入、生成、填写和改动、说明、签字、上报、审核、验收、退回、查询、更正、批注;\
        以及各环节的责任人。统计机构的内部批注不在其中。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("period" = String, Path, description = "报表的报告期,如 2026-03(3 月)、2026-Q1(一季度)、2026(全年)",
            pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-01~02|-Q[1-4]|-S[12])?$", example = "2026-03"),
        ("form" = String, Path, description = "表号", example = "B203"),
        ("cell" = String, Path, description = "数据项编号;清单中的一格如 p.3.10", example = "c301"),
    ),
    responses(
        (status = 200, description = "经手人", body = Hands),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn hands(State(web): State<Web>, asked: Asked) -> Answer<Hands> {
    let hands = intake::hands(&web.app, &asked.program, &asked.place()).await?;
    Ok(Json(Hands::of(&hands)))
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    account: String,
}

/// Where an import leads.
#[utoipa::path(
    get, path = "/api/v1/ledgers/{unit}/{period}/imports/{import}/impact", operation_id = "readImpact", tag = "溯源",
    summary = "查看导入去向",
    description = "从一次导入取了哪些数、现在是否仍是生成的数、随哪几版上报、报表到了哪一步、是否已进入汇总。没有任何数取自它时,unused 写明原因。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("period" = String, Path, description = "导入的报告期,如 2026-03",
            pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-01~02|-Q[1-4]|-S[12])?$", example = "2026-03"),
        ("import" = String, Path, description = "报送台账时回答的编号", example = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11"),
        ("account" = Option<String>, Query, description = "科目编码;写了时只看科目余额表中的这一行", example = "6001"),
    ),
    responses(
        (status = 200, description = "去向", body = Impact),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn impact(State(web): State<Web>, asked: Asked, raw: RawQuery) -> Answer<Impact> {
    let Line { account } = query(raw).map_err(|_| Problem::BadInput {
        reason: "地址中的参数 account 不正确,应为 UTF-8 的百分号编码。".into(),
    })?;
    let account = Some(account.trim()).filter(|account| !account.is_empty());
    let impact = intake::impact(&web.app, &asked.program, asked.period, asked.named("import"), account).await?;
    Ok(Json(Impact::of(&impact)))
}
